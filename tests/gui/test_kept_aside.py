"""Scenes that are kept aside: which, in what order, and how many."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from optiviz.gui.state import kept_aside
from optiviz.gui.state.kept_aside import MOST_KEPT, KeptAside
from optiviz.scene import first_scene
from optiviz.scene.file import read, write

OLD = Path(__file__).parents[1] / "scenes_v1"


def scene(number):
    return replace(first_scene("beale"), start=(float(number), 0.5))


@pytest.fixture
def kept(tmp_path):
    return KeptAside(tmp_path / "left")


def starts(kept):
    return [read(path).start[0] for path in kept.scenes]


def test_the_newest_survives_a_clock_that_was_ahead(kept, monkeypatch):
    class Ahead(datetime):
        @classmethod
        def now(cls):
            return datetime.now() + timedelta(days=400)

    with monkeypatch.context() as patch:
        patch.setattr(kept_aside, "datetime", Ahead)
        for number in range(MOST_KEPT):
            path = kept.keep(scene(number))
            ahead = (datetime.now() + timedelta(days=400)).timestamp() + number
            os.utime(path, (ahead, ahead))
    for number in (100, 101, 102):
        newest = kept.keep(scene(number))
        assert kept.scenes[0] == newest
        assert read(newest) == scene(number)
    assert starts(kept) == [102, 101, 100, *range(9, 2, -1)]


def test_two_windows_that_keep_in_the_same_moment_keep_two(kept, monkeypatch):
    class Still(datetime):
        @classmethod
        def now(cls):
            return cls(2026, 3, 1, 12)

    monkeypatch.setattr(kept_aside, "datetime", Still)
    other = KeptAside(kept.folder)
    assert kept.keep(scene(1)) != other.keep(scene(2))
    assert starts(kept) == [2, 1]


def test_an_old_one_that_cannot_be_taken_away_is_no_failure(kept, monkeypatch):
    for number in range(MOST_KEPT):
        kept.keep(scene(number))

    def refuse(self, **_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(type(kept.folder), "unlink", refuse)
    newest = kept.keep(scene(99))
    assert kept.scenes[0] == newest


def test_nothing_is_left_of_one_that_found_no_room(kept, monkeypatch):
    kept.keep(scene(1))

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        kept.keep(scene(2))
    assert starts(kept) == [1]
    assert len(list(kept.folder.iterdir())) == 1


def test_one_that_is_taken_in_is_the_newest(kept, tmp_path):
    kept.keep(scene(1))
    path = tmp_path / "away.optiviz"
    write(path, scene(2))
    os.utime(path, (1e9, 1e9))
    taken = kept.take_in(path)
    assert taken.name.startswith("2001-09-0")
    assert starts(kept) == [2, 1]
    assert not path.exists()


def test_one_of_an_older_version_is_taken_in_by_its_name_and_opens(kept, tmp_path):
    path = tmp_path / "away.optiviz"
    path.write_bytes((OLD / "Every field.optiviz").read_bytes())
    taken = kept.take_in(path)
    assert taken.stem.endswith(" Rosenbrock"), "it could not be read"
    (kept.folder / "kept then.optiviz").write_bytes((OLD / "Own data.optiviz").read_bytes())
    opened = [read(path) for path in kept.scenes]
    assert {scene.surface.key for scene in opened} == {"rosenbrock", "logistic"}


@pytest.mark.parametrize("when", [1e15, -1e13, 9e9])
def test_a_time_that_no_calendar_has_is_no_hindrance(kept, tmp_path, monkeypatch, when):
    path = tmp_path / "away.optiviz"
    write(path, scene(2))
    told = path.stat()

    class Odd(datetime):
        @classmethod
        def fromtimestamp(cls, _):
            return datetime.fromtimestamp(when * 1e6)

    monkeypatch.setattr(kept_aside, "datetime", Odd)
    assert read(kept.take_in(path)) == scene(2)
    assert kept.scenes[0].stat().st_mtime_ns == told.st_mtime_ns


def elsewhere(monkeypatch):
    """Let the folder be on another disk than whatever is moved there."""
    replace_path = type(Path()).replace

    def refuse(self, target):
        if self.parent != Path(target).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace_path(self, target)

    monkeypatch.setattr(type(Path()), "replace", refuse)


def test_one_on_another_disk_is_taken_in(kept, tmp_path, monkeypatch):
    path = tmp_path / "away.optiviz"
    write(path, scene(2))
    os.utime(path, (1e9, 1e9))
    elsewhere(monkeypatch)
    taken = kept.take_in(path)
    assert read(taken) == scene(2)
    assert taken.stat().st_mtime == 1e9
    assert not path.exists()


def test_nothing_is_left_of_one_that_could_not_be_moved(kept, tmp_path, monkeypatch):
    path = tmp_path / "away.optiviz"
    write(path, scene(2))

    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(type(path), "replace", refuse)
    with pytest.raises(PermissionError):
        kept.take_in(path)
    assert list(kept.folder.iterdir()) == []
    assert read(path) == scene(2)


def test_a_folder_with_the_name_of_a_scene_is_none(kept):
    kept.keep(scene(1))
    (kept.folder / "z.optiviz").mkdir()
    assert starts(kept) == [1]
