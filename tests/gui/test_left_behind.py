"""What windows left behind that ended unasked: all of it is found, and nothing else."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import pytest

from optiviz.gui.controllers.autosave import OwnFile, take_in_left_behind
from optiviz.gui.state import kept_aside
from optiviz.gui.state.kept_aside import MOST_KEPT, KeptAside
from optiviz.scene import first_scene
from optiviz.scene.file import read, write


def scene(number):
    return replace(first_scene("beale"), start=(float(number), 0.5))


@pytest.fixture
def running(tmp_path):
    folder = tmp_path / "running"
    folder.mkdir()
    return folder


@pytest.fixture
def kept(tmp_path):
    return KeptAside(tmp_path / "left")


def left_behind(running, name, number, when):
    """A file as a window that was killed leaves it."""
    path = running / f"{name}.optiviz"
    write(path, scene(number))
    os.utime(path, (when, when))
    path.with_suffix(".lock").touch()
    return path


def test_the_last_is_the_one_that_was_written_last(running, kept):
    for number, name in enumerate("ebdac"):
        left_behind(running, name, number, 1e9 + number)
    taken = take_in_left_behind(running, kept)
    assert [read(path).start[0] for path in taken] == [0, 1, 2, 3, 4]
    assert kept.scenes == taken[::-1]


def test_of_many_none_is_lost(running, kept):
    kept.keep(scene(99))
    for number in range(MOST_KEPT + 3):
        left_behind(running, f"{number:02}", number, 1e9 + number)
    taken = take_in_left_behind(running, kept)
    assert [read(path).start[0] for path in taken] == list(range(MOST_KEPT + 3))


def test_more_than_stay_are_told_of(ui, opened):
    running = ui.settings.path.parent / "running"
    running.mkdir(parents=True, exist_ok=True)
    for number in range(MOST_KEPT + 2):
        left_behind(running, f"{number:02}", number / 100, 1e9 + number)
    again = opened()
    again.told_one("12 windows", "the last 10 stay", kind="warning")
    assert len(again.parts.files.left) == MOST_KEPT + 2


def test_a_scene_without_its_lock_is_taken_in(running, kept):
    left_behind(running, "a", 1, 1e9).with_suffix(".lock").unlink()
    (taken,) = take_in_left_behind(running, kept)
    assert read(taken) == scene(1)
    assert list(running.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="what is open cannot be taken away there")
@pytest.mark.parametrize("gone", ["lock", "folder"])
def test_a_lock_that_was_taken_away_is_taken_again(running, kept, gone):
    own = OwnFile(running)
    own.write(scene(1))
    if gone == "folder":
        shutil.rmtree(running)
    else:
        next(running.glob("*.lock")).unlink()
    own.write(scene(2))
    assert take_in_left_behind(running, kept) == (), "it lives"
    own.let_go()
    (taken,) = take_in_left_behind(running, kept)
    assert read(taken) == scene(2)
    assert list(running.iterdir()) == []


def test_what_stands_in_its_place_is_evaded(running, kept):
    own = OwnFile(running)
    own.write(scene(1))
    path = next(running.glob("*.optiviz"))
    path.unlink()
    path.mkdir()
    own.write(scene(2))
    own.let_go()
    (taken,) = take_in_left_behind(running, kept)
    assert read(taken) == scene(2)


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes with a name there")
def test_what_holds_no_scene_is_not_taken_in(running, kept):
    os.mkfifo(running / "a.optiviz")
    (running / "b.optiviz").touch()
    (running / "c.optiviz").mkdir()
    for name in "abc":
        (running / f"{name}.lock").touch()
    left_behind(running, "d", 1, 1e9)
    (taken,) = take_in_left_behind(running, kept)
    assert read(taken) == scene(1)
    assert kept.scenes == (taken,)


def test_what_is_wrong_with_one_hinders_no_other(running, kept, monkeypatch):
    left_behind(running, "a", 1, 1e9)
    left_behind(running, "b", 2, 1e9 + 1)
    known = kept_aside.read

    def broken(path):
        if path.stem == "a":
            raise RecursionError
        return known(path)

    monkeypatch.setattr(kept_aside, "read", broken)
    (taken,) = take_in_left_behind(running, kept)
    assert read(taken) == scene(2)
    assert read(running / "a.optiviz") == scene(1), "it is there at the next start"
