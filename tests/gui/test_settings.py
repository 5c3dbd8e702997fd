"""Settings: what was remembered comes back, and what is broken never stands in the way."""

from __future__ import annotations

import base64
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from optiviz.gui.state.settings import MOST_RECENT, Settings, system_reduces_motion

ROOT = Path(__file__).resolve().parents[2]
DEFAULTS = {
    "theme": "system",
    "scale": 1.0,
    "speed": 1.0,
    "log_loss": True,
    "test_loss": True,
    "batch_contour": False,
    "gradient_cloud": "off",
    "stretch": False,
    "reduced_motion": None,
    "geometry": b"",
    "folded": frozenset({"seeds", "basins"}),
    "recent_files": (),
}
CHANGED = {
    "theme": "light",
    "scale": 1.6,
    "speed": 0.5,
    "log_loss": False,
    "test_loss": False,
    "batch_contour": True,
    "gradient_cloud": "pointer",
    "stretch": True,
    "reduced_motion": True,
    "geometry": bytes(range(256)),
    "folded": frozenset({"curves_view", "racers, all"}),
}


def values(settings):
    return {name: getattr(settings, name) for name in DEFAULTS}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "OptiViz.ini"


@pytest.fixture(autouse=True)
def silent(capfd):
    yield
    printed = capfd.readouterr()
    assert printed.out == printed.err == ""


def test_a_first_start_has_the_defaults(path):
    settings = Settings(path)
    assert values(settings) == DEFAULTS
    assert settings.problem is None


@pytest.mark.parametrize("name", CHANGED)
def test_what_is_set_comes_back_at_the_next_start(path, name):
    settings = Settings(path)
    setattr(settings, name, CHANGED[name])
    assert getattr(settings, name) == CHANGED[name]
    assert settings.save()
    assert values(Settings(path)) == DEFAULTS | {name: CHANGED[name]}


def test_reduced_motion_can_be_left_to_the_system_again(path):
    settings = Settings(path)
    settings.reduced_motion = False
    assert settings.reduced_motion is False
    settings.reduced_motion = None
    assert settings.reduced_motion is None


def test_the_system_is_asked_for_its_animations(qapp):
    assert system_reduces_motion() in (True, False)


def test_the_file_is_in_the_users_configuration(own_settings):
    settings = Settings()
    settings.theme = "dark"
    assert settings.save()
    assert settings.path == own_settings / "OptiViz" / "OptiViz.ini"
    assert settings.path.is_file()


@pytest.mark.parametrize(
    "line",
    [
        "theme=purple", "theme=", "theme=a, b", "theme=@Invalid()", "theme=@ByteArray(dark)",
        "scale=abc", "scale=nan", "scale=inf", "scale=0", "scale=99", "scale=-1", "scale=1, 2",
        "speed=1e999", "speed=0.1", "log_loss=maybe", "stretch=1", "reduced_motion=no",
        "recent_files=x", 'recent_files="[1, null, {}]"', "recent_files={}",
        'recent_files="[\\"\\"]"', 'recent_files="[\\"a\\\\u0000b\\"]"',
        "recent_files=" + "[" * 9999,
        "[window]\ngeometry=%%%", "[window]\ngeometry=@Rect(0 0 1 1)",
        '[window]\nfolded="[1, []]"', "[window]\nfolded=curves",
    ],
)  # fmt: skip
def test_a_value_that_makes_no_sense_is_its_default(path, line):
    path.write_text(f"[General]\n{line}\n", encoding="utf-8")
    assert values(Settings(path)) == DEFAULTS


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\xff\xfe\x01garbage\n\n[[[]\n=",
        b"[General]\ntheme=light\nsca",
        b"[General]\nthis is no line of settings\n",
        b"[General]\nscale=@Variant(\\0\\0\\0\\x7f\\0\\0)\n",
        b'[General]\nscale = "@Variant(xx)"\n',
    ],
)
def test_a_damaged_file_is_told_of_and_mended(path, data):
    path.write_bytes(data)
    settings = Settings(path)
    assert settings.problem == "The settings were damaged; defaults are used where they were."
    assert settings.scale == 1.0
    settings.scale = 2.0
    assert settings.save()
    again = Settings(path)
    assert again.scale == 2.0
    assert again.problem is None


def test_what_is_whole_in_a_damaged_file_is_kept(path):
    path.write_bytes(b"[General]\ntheme=light\nsca")
    assert Settings(path).theme == "light"


def test_text_that_only_looks_dangerous_is_kept(path, tmp_path):
    scene = tmp_path / "x=@Variant(1).optiviz"
    scene.touch()
    settings = Settings(path)
    settings.add_recent_file(scene)
    settings.save()
    again = Settings(path)
    assert again.problem is None
    assert again.recent_files == (scene,)


def test_a_folder_in_the_place_of_the_file_is_told_of(path):
    path.mkdir()
    settings = Settings(path)
    assert "cannot be read" in settings.problem
    assert values(settings) == DEFAULTS
    settings.scale = 2.0
    assert settings.scale == 2.0, "it counts until the end"
    assert not settings.save()
    assert settings.problem == f"Settings cannot be saved in {path.parent}."


def test_a_place_that_cannot_be_made_is_told_of(tmp_path):
    (tmp_path / "file").touch()
    settings = Settings(tmp_path / "file" / "OptiViz.ini")
    assert values(settings) == DEFAULTS
    settings.theme = "dark"
    assert not settings.save()
    assert "cannot be saved" in settings.problem


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do anything")
def test_a_file_that_may_not_be_read_is_told_of(path):
    path.write_text("[General]\ntheme=dark\n", encoding="utf-8")
    path.chmod(0)
    settings = Settings(path)
    assert settings.theme == "system"
    assert "cannot be read" in settings.problem


def test_recent_files_are_those_that_exist_the_newest_first(path, tmp_path):
    scenes = [tmp_path / f"{number}.optiviz" for number in range(MOST_RECENT + 3)]
    settings = Settings(path)
    for scene in scenes:
        scene.touch()
        settings.add_recent_file(scene)
    newest_first = scenes[::-1][:MOST_RECENT]
    assert settings.recent_files == tuple(newest_first)
    settings.add_recent_file(scenes[5])
    assert settings.recent_files[0] == scenes[5]
    assert len(settings.recent_files) == MOST_RECENT
    scenes[5].unlink()
    assert scenes[5] not in settings.recent_files


def test_a_recent_file_is_remembered_by_its_whole_path(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("beale ä, 2.optiviz").touch()
    settings = Settings(path)
    settings.add_recent_file("beale ä, 2.optiviz")
    settings.save()
    assert Settings(path).recent_files == (tmp_path / "beale ä, 2.optiviz",)


def test_the_file_can_be_read_by_a_person(path):
    settings = Settings(path)
    settings.theme = "light"
    settings.geometry = b"\x00\x01"
    settings.save()
    text = path.read_text(encoding="utf-8")
    assert "theme=light" in text
    assert f"geometry={base64.b64encode(bytes([0, 1])).decode()}" in text.replace('"', "")


SET_THE_THEME = """
import sys
from optiviz.gui.state.settings import Settings
settings = Settings(sys.argv[1])
settings.theme = "light"
assert settings.save()
"""


def test_nobody_waits_for_the_lock_of_another_program(path):
    lock = path.with_name("OptiViz.ini.lock")
    lock.write_text("1\nx\nhost\n", encoding="utf-8")
    # In a process of its own: were it to wait, nothing within this one could wake it up.
    run = [sys.executable, "-c", SET_THE_THEME, str(path)]
    subprocess.run(run, check=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert Settings(path).theme == "light"
    assert lock.exists(), "it is not ours to remove"


def _hold(folder, told):
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    told.send("held")
    told.recv()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a folder cannot be locked")
def test_nobody_waits_long_for_whoever_holds_the_folder(path):
    here, there = multiprocessing.get_context("spawn").Pipe()
    other = multiprocessing.get_context("spawn").Process(target=_hold, args=(path.parent, there))
    other.start()
    try:
        assert here.recv() == "held"
        settings = Settings(path)
        settings.theme = "light"
        assert settings.save()
        assert Settings(path).theme == "light"
    finally:
        here.send("enough")
        other.join()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names")
def test_what_is_no_file_is_told_of_and_neither_read_nor_written(path):
    os.mkfifo(path)
    settings = Settings(path)
    assert settings.problem == f"The settings in {path} cannot be read; defaults are used."
    assert values(settings) == DEFAULTS
    settings.scale = 2.0
    assert not settings.save()
    assert settings.problem == f"Settings cannot be saved in {path.parent}."
    assert not path.is_file()


def test_a_file_of_a_gigabyte_is_not_read(path):
    with path.open("wb") as file:
        file.truncate(1 << 30)
    assert "cannot be read" in Settings(path).problem


def test_two_windows_take_nothing_from_each_other(path, tmp_path):
    scenes = [tmp_path / name for name in ("one.optiviz", "two.optiviz", "three.optiviz")]
    for scene in scenes:
        scene.touch()
    one, two = Settings(path), Settings(path)
    one.theme = "light"
    two.scale = 1.5
    one.reduced_motion = True
    for window, scene in zip((one, two, one), scenes, strict=True):
        window.add_recent_file(scene)
    assert one.save()
    assert two.save()
    last = Settings(path)
    assert (last.theme, last.scale, last.recent_files) == ("light", 1.5, tuple(scenes[::-1]))
    assert last.reduced_motion is True
    last.reduced_motion = None
    last.save()
    assert Settings(path).reduced_motion is None


def test_what_is_set_is_saved_a_moment_later(path, qtbot):
    settings = Settings(path)
    settings.theme = "light"
    qtbot.waitUntil(path.is_file)
    assert Settings(path).theme == "light"
    settings.theme = "light"
    assert not settings._saving.waits, "nothing has changed"


def test_what_qt_has_written_is_read(path, tmp_path):
    scene = tmp_path / 'a "b", c;d=e\\f ä.optiviz'
    scene.touch()
    qt = QSettings(str(path), QSettings.Format.IniFormat)
    plain = Settings(tmp_path / "other.ini")
    plain.add_recent_file(scene)
    for name, value in CHANGED.items():
        setattr(plain, name, value)
    for key, text in plain._values.items():
        qt.setValue(key, text)
    qt.setValue("from_later", "@odd, ä")
    qt.sync()
    settings = Settings(path)
    assert settings.problem is None
    assert settings._values == plain._values | {"from_later": "@odd, ä"}
    assert values(settings) == DEFAULTS | CHANGED | {"recent_files": (scene,)}


def test_qt_reads_what_is_written(path):
    texts = {
        "a": "plain", "b": "a, b; c=d", "c": '"quoted" \\ back', "d": "@odd", "e": " ends ",
        "f": "two\nlines\r", "g": "ä θ 漢", "h": "", "i": "[1, \"x\"]",
        "group/j": "1", "group/k": "#",
    }  # fmt: skip
    settings = Settings(path)
    for key, text in texts.items():
        settings._put(key, text)
    assert settings.save()
    assert Settings(path)._values == texts
    qt = QSettings(str(path), QSettings.Format.IniFormat)
    assert {key: qt.value(key) for key in qt.allKeys()} == texts
