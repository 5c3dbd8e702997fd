"""Opening, saving, recent files, dropping; what is kept and what is remembered."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from optiviz.gui.controllers import files as files_module
from optiviz.gui.state.settings import Settings
from optiviz.scene import first_scene
from optiviz.scene.file import MAX_BYTES, dumps, read, write

ROOT = Path(__file__).resolve().parents[2]
FIRST = first_scene("beale")
OTHER = replace(first_scene("himmelblau"), start=(0.5, 0.25), link_lr=True)
TEXT = dumps(FIRST)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "lecture.optiviz"
    write(path, OTHER)
    return path


def answer(monkeypatch, name, path):
    monkeypatch.setattr(QFileDialog, name, lambda *_, **__: (str(path), ""))


def choose(ui, name):
    action = ui.window.findChild(QAction, name)
    assert action.isEnabled(), name
    action.trigger()


def drop(ui, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(
        QPointF(300, 300).toPoint(), Qt.DropAction.CopyAction, data, left, none
    )
    QApplication.sendEvent(ui.window, entered)
    dropped = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(ui.window, dropped)
    return entered.isAccepted(), dropped.isAccepted()


def test_save_and_open_bring_the_scene_back(ui, tmp_path, monkeypatch):
    ui.type("racer_3.beta2", "0.95")
    ui.click("racer_1.solo")
    ui.type("start_x", "2")
    saved = ui.scene
    assert ui.window.isWindowModified()
    path = tmp_path / "mine.optiviz"
    answer(monkeypatch, "getSaveFileName", path)
    choose(ui, "menu.save")
    assert read(path) == saved
    assert not ui.window.isWindowModified()
    assert ui.window.windowTitle().startswith("mine.optiviz")
    ui.wait(lambda: ui.message == "Saved mine.optiviz.")
    ui.type("start_x", "0")
    assert ui.window.isWindowModified()
    answer(monkeypatch, "getOpenFileName", path)
    choose(ui, "menu.open")
    assert ui.scene == saved
    assert not ui.store.can_undo()
    assert not ui.playback.playing
    assert ui.playback.position == 0
    ui.settle()


def test_saving_again_asks_for_no_name(ui, file, monkeypatch):
    ui.parts.files.open(file)
    ui.type("start_x", "1")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", None)
    choose(ui, "menu.save")
    assert read(file).start == (1.0, 0.25)
    ui.settle()


def test_a_name_without_an_ending_gets_one(ui, tmp_path, monkeypatch):
    answer(monkeypatch, "getSaveFileName", tmp_path / "mine")
    choose(ui, "menu.save_as")
    assert read(tmp_path / "mine.optiviz") == FIRST


def test_an_ending_that_is_added_replaces_no_other_file(ui, file, monkeypatch):
    # The dialog has asked about "lecture", which is not there; nobody agreed to lose the other.
    answer(monkeypatch, "getSaveFileName", file.with_suffix(""))
    choose(ui, "menu.save_as")
    ui.told_one("lecture.optiviz", kind="warning")
    assert read(file) == OTHER


def test_nothing_happens_when_the_dialog_is_left(ui, monkeypatch):
    answer(monkeypatch, "getSaveFileName", "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    for name in ("menu.open", "menu.save", "menu.save_as"):
        choose(ui, name)
    assert ui.scene == FIRST
    assert ui.told == []


def test_an_opened_file_is_paused_and_reset_goes_back_to_it(ui, file):
    ui.click("play")
    ui.wait(lambda: ui.playback.position > 0)
    ui.parts.files.open(file)
    assert not ui.playback.playing
    assert ui.playback.position == 0
    ui.type("start_x", "-3")
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_R)
    assert ui.scene == OTHER
    ui.settle()
    assert ui.race.spec == OTHER.race_spec()


def test_recent_files(ui, opened, file, tmp_path):
    second = tmp_path / "second.optiviz"
    write(second, FIRST)
    ui.parts.files.open(file)
    ui.parts.files.open(second)
    ui.window.scene_menu.aboutToShow.emit()
    recent = ui.window.findChild(QAction, "menu.recent").menu()
    assert [action.text() for action in recent.actions()] == ["second.optiviz", "lecture.optiviz"]
    recent.actions()[1].trigger()
    assert ui.scene == OTHER
    ui.settle()
    ui.window.close()
    # Remembered, as far as they still exist.
    second.unlink()
    again = opened()
    recent = again.window.findChild(QAction, "menu.recent").menu()
    assert [action.text() for action in recent.actions()] == ["lecture.optiviz"]


def test_a_dropped_file_is_opened(ui, file, tmp_path):
    other = tmp_path / "picture.png"
    other.write_bytes(b"\x89PNG")
    assert drop(ui, other, file) == (True, True)
    assert ui.scene == OTHER
    ui.settle()
    assert drop(ui, other) == (True, True)
    ui.told_one("Could not open picture.png")
    assert ui.scene == OTHER


def test_what_is_no_file_is_not_taken(ui):
    data = QMimeData()
    data.setText("words")
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPointF(9, 9).toPoint(), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(ui.window, event)
    assert not event.isAccepted()


BROKEN = {
    "empty": "",
    "truncated": TEXT[: len(TEXT) // 2],
    "not a scene": '{"hello": 1}',
    "wrong type": TEXT.replace('"steps": 300', '"steps": "many"'),
    "unknown key": TEXT.replace('"steps": 300', '"steps": 300, "code": "import os"'),
    "unknown knob": TEXT.replace('"lr": 0.02', '"lr": 0.02, "evil": 1'),
    "unknown surface": TEXT.replace('"key": "beale"', '"key": "os.system"'),
    "not a number": TEXT.replace('"lr": 0.02', '"lr": NaN'),
    "infinite": TEXT.replace('"lr": 0.02', '"lr": 1e999'),
    "newer": TEXT.replace('"optiviz": 2', '"optiviz": 3'),
    "older": TEXT.replace('"optiviz": 2', '"optiviz": 0'),
    "nested": "[" * 100_000,
    "nested inside": TEXT.replace('"lr": 0.02', '"lr": ' + "[" * 100_000 + "]" * 100_000),
    "latin": TEXT.replace("SGD", "\N{LATIN SMALL LETTER E WITH ACUTE}"),
    "huge": TEXT + " " * MAX_BYTES,
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_leaves_the_scene_and_tells_one_sentence(ui, tmp_path, what):
    path = tmp_path / "broken.optiviz"
    path.write_bytes(BROKEN[what].encode("latin-1"))
    ui.type("start_x", "2")
    before = ui.scene
    assert not ui.parts.files.open(path)
    problem = ui.told_one("Could not open broken.optiviz")
    assert len(problem.sentence) < 400
    assert ui.scene == before
    assert ui.store.can_undo()
    assert ui.parts.files.path is None
    assert ui.settings.recent_files == ()
    ui.settle()


def test_a_missing_file_a_folder_and_a_file_of_somebody_else(ui, tmp_path, monkeypatch):
    ui.parts.files.open(tmp_path / "gone.optiviz")
    ui.told_one("Could not open gone.optiviz: no such file or directory.")
    ui.parts.files.open(tmp_path)
    ui.told_one(f"Could not open {tmp_path.name}: it is a folder, not a file.")

    def refuse(self, *_, **__):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("optiviz.scene.file.open_file", refuse)
    ui.parts.files.open(tmp_path / "secret.optiviz")
    ui.told_one("Could not open secret.optiviz: permission denied.")
    assert ui.scene == FIRST


def test_a_save_that_fails_is_told_and_leaves_the_file(ui, file, monkeypatch):
    ui.parts.files.open(file)
    ui.type("start_x", "1")
    before = file.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    choose(ui, "menu.save")
    ui.told_one("Could not save lecture.optiviz: no space left on device.")
    assert file.read_bytes() == before
    assert ui.window.isWindowModified()
    monkeypatch.undo()
    choose(ui, "menu.save")
    assert read(file).start[0] == 1.0
    ui.settle()


# What is left with changes in it


def left_in_menu(ui):
    ui.window.scene_menu.aboutToShow.emit()
    return ui.window.findChild(QAction, "menu.left").menu().actions()


def test_scenes_with_changes_are_kept_when_others_are_opened(ui, file):
    ui.type("start_x", "2")
    first = ui.scene
    ui.parts.files.open(file)
    ui.type("start_x", "3")
    second = ui.scene
    ui.parts.files.open(file)
    ui.settle()
    newest, oldest = ui.parts.files.left
    assert (read(newest), read(oldest)) == (second, first)


def test_a_scene_with_changes_is_kept_when_the_window_closes(ui, opened):
    ui.type("start_x", "2")
    changed = ui.scene
    ui.window.close()
    again = opened()
    assert again.scene == FIRST
    left_in_menu(again)[0].trigger()
    assert again.scene == changed
    again.settle()


def test_a_scene_that_was_left_is_not_lost_by_looking_at_it(ui, file):
    ui.type("start_x", "2")
    first = ui.scene
    ui.parts.files.open(file)
    ui.type("start_x", "3")
    second = ui.scene
    left_in_menu(ui)[0].trigger()
    assert ui.scene == first
    ui.window.close()
    assert {first, second} <= {read(path) for path in ui.parts.files.left}


def test_only_the_last_ten_scenes_are_kept(ui, file):
    for turn in range(13):
        ui.parts.files.open(file)
        ui.type("start_x", str(turn))
    ui.window.close()
    assert [read(path).start[0] for path in ui.parts.files.left] == [*range(12, 2, -1)]


def test_a_locked_scene_is_not_replaced(ui, file):
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_L)
    assert drop(ui, file) == (True, True)
    ui.told_one("locked", kind="info")
    assert ui.scene == FIRST
    ui.key(Qt.Key.Key_L)


def test_nothing_is_kept_of_a_scene_without_changes(ui, file):
    ui.parts.files.open(file)
    ui.settle()
    ui.window.close()
    assert ui.parts.files.left == ()


@pytest.fixture
def nowhere(opened, tmp_path):
    """A window that has no place to keep anything in."""
    no_folder = tmp_path / "a file"
    no_folder.write_text("in the way of a folder", encoding="utf-8")
    return opened(settings=Settings(no_folder / "optiviz.ini"))


def test_changes_that_can_be_kept_nowhere_refuse_a_close_once(nowhere):
    ui = nowhere
    ui.type("start_x", "2")
    assert not ui.window.close()
    assert ui.window.isVisible()
    ui.told_one("not saved", "not a directory", "close again")
    ui.type("start_x", "3")
    assert not ui.window.close(), "these are other changes"
    ui.told_one("close again")
    assert ui.window.close()
    assert not ui.window.isVisible()


@pytest.mark.parametrize("way", ["close", "open"])
def test_what_can_be_kept_at_last_is_kept(nowhere, file, way):
    ui = nowhere
    ui.type("start_x", "2")
    leave = {"close": ui.window.close, "open": lambda: ui.parts.files.open(file)}[way]
    changed = ui.scene
    assert not leave()
    ui.told_one("could not be kept aside")
    ui.settings.path.parent.unlink()  # there is room now
    assert leave()
    (kept,) = ui.parts.files.left
    assert read(kept) == changed
    if way == "open":  # a window that is closed computes nothing any more
        ui.settle()


@pytest.mark.parametrize("part", ["recent", "store"])
def test_what_fails_on_the_way_leads_no_scene_into_the_file_of_another(ui, file, monkeypatch, part):
    class Broken(Exception):
        pass

    def fail(*_):
        raise Broken

    owner, name = {
        "recent": (ui.settings, "add_recent_file"),
        "store": (ui.parts.store, "open"),
    }[part]
    monkeypatch.setattr(owner, name, fail)
    with pytest.raises(Broken):
        ui.parts.files.open(file)
    assert (ui.parts.files.path, ui.scene) in [(file, OTHER), (None, FIRST)]


def test_recent_files_that_cannot_be_known_hinder_nothing(ui, file, tmp_path, monkeypatch):
    def fail(*_):
        raise FileNotFoundError(2, "No such file or directory")  # as abspath, in no folder

    monkeypatch.setattr(ui.settings, "add_recent_file", fail)
    assert ui.parts.files.open(file)
    ui.type("start_x", "2")
    assert ui.parts.files.save_to(tmp_path / "other.optiviz")
    assert not ui.window.isWindowModified()
    assert ui.window.windowTitle().startswith("other.optiviz")


@pytest.mark.parametrize(
    ("kind", "make"),
    [("folder", Path.mkdir), pytest.param("pipe", lambda path: os.mkfifo(path), id="pipe")],
)
@pytest.mark.skipif(os.name == "nt", reason="there are no pipes with a name there")
def test_what_became_no_file_is_told_as_that(ui, file, kind, make):
    assert ui.parts.files.open(file)
    ui.type("start_x", "2")
    file.unlink()
    make(file)
    assert not ui.parts.files.save()
    ui.told_one(f"it is a {kind}, not a file")
    assert not file.is_file()


def test_what_cannot_be_read_any_more_is_not_told_as_gone(ui, file, monkeypatch):
    assert ui.parts.files.open(file)
    ui.type("start_x", "2")

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(files_module, "open_file", refuse)
        assert not ui.parts.files.save()
        ui.told_one("cannot be read any more", "replace it", kind="warning")
        assert ui.parts.files.save()
    assert read(file) == ui.scene


def test_changes_that_can_be_kept_nowhere_are_not_replaced_unasked(nowhere, file):
    ui = nowhere
    ui.type("start_x", "2")
    changed = ui.scene
    assert not ui.parts.files.open(file)
    assert ui.scene == changed
    ui.told_one("open again")
    assert ui.parts.files.open(file)
    assert ui.scene == OTHER
    ui.settle()


def test_a_full_disk_lets_nothing_go_silently(ui, tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    ui.type("start_x", "2")
    changed = ui.scene
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert not ui.window.close()
        ui.told_one("no space left on device")
    # There is room again: saved, it may go.
    answer(monkeypatch, "getSaveFileName", tmp_path / "rescued.optiviz")
    choose(ui, "menu.save")
    assert read(tmp_path / "rescued.optiviz") == changed
    assert ui.window.close()


def test_a_window_without_changes_closes_wherever_it_is(nowhere):
    assert nowhere.window.close()


# Files that others use too


def test_a_file_that_another_program_changed_is_not_overwritten_at_once(ui, file):
    ui.parts.files.open(file)
    ui.type("start_x", "1")
    write(file, FIRST)
    choose(ui, "menu.save")
    ui.told_one("lecture.optiviz was changed by another program", "save again", kind="warning")
    assert read(file) == FIRST
    assert ui.window.isWindowModified()
    # It changed once more: what would be replaced now is not what was told.
    write(file, replace(FIRST, steps=7))
    choose(ui, "menu.save")
    ui.told_one("was changed", kind="warning")
    assert read(file).steps == 7
    choose(ui, "menu.save")
    assert read(file) == ui.scene
    ui.type("start_x", "2")
    choose(ui, "menu.save")
    assert read(file) == ui.scene, "what it wrote itself is no other program's"
    ui.settle()


def test_a_file_that_was_only_touched_is_saved(ui, file):
    ui.parts.files.open(file)
    ui.type("start_x", "1")
    os.utime(file, (2e9, 2e9))
    file.write_bytes(file.read_bytes())
    choose(ui, "menu.save")
    assert read(file) == ui.scene
    ui.settle()


def test_a_file_that_is_gone_is_not_written_anew_at_once(ui, file):
    ui.parts.files.open(file)
    ui.type("start_x", "1")
    file.unlink()
    choose(ui, "menu.save")
    ui.told_one("lecture.optiviz is gone", kind="warning")
    assert not file.exists()
    choose(ui, "menu.save")
    assert read(file) == ui.scene
    ui.settle()


def test_a_changed_file_is_left_alone_by_saving_under_another_name(ui, file, tmp_path, monkeypatch):
    ui.parts.files.open(file)
    ui.type("start_x", "1")
    write(file, FIRST)
    answer(monkeypatch, "getSaveFileName", tmp_path / "mine.optiviz")
    choose(ui, "menu.save_as")
    assert read(tmp_path / "mine.optiviz") == ui.scene
    assert read(file) == FIRST
    ui.settle()


def test_a_read_only_file_is_refused_with_what_is_allowed(ui, file, monkeypatch):
    ui.parts.files.open(file)
    ui.type("start_x", "1")
    file.chmod(0o444)
    for name in ("menu.save", "menu.save_as"):
        answer(monkeypatch, "getSaveFileName", file)
        choose(ui, name)
        ui.told_one("Could not save lecture.optiviz: it is read-only", "another name")
        assert read(file) == OTHER
        ui.click("message_bar.dismiss")
    assert ui.window.isWindowModified()
    ui.settle()


ANOTHER = """
import sys
from optiviz.gui.state.settings import Settings
settings = Settings(sys.argv[1])
settings.add_recent_file(sys.argv[2])
settings.theme = "light"
assert settings.save()
"""


def test_two_programs_share_what_is_remembered(tmp_path):
    path = tmp_path / "both.ini"
    files = [tmp_path / f"{name}.optiviz" for name in "abc"]
    for file in files:
        write(file, FIRST)
    ours = Settings(path)
    ours.add_recent_file(files[0])
    ours.scale = 1.5
    # In one process Qt lets both see the same; another window is another process.
    command = [sys.executable, "-c", ANOTHER, str(path), str(files[1])]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    ours.add_recent_file(files[2])
    ours.save()
    both = Settings(path)
    assert both.recent_files == (files[2], files[1], files[0])
    assert (both.scale, both.theme) == (1.5, "light")


# Settings


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe not an ini at all \x80" * 50,
        b"[General]\nscale=abc\ntheme=7\nspeed=nan\nlog_loss=perhaps\nstretch=2\n"
        b"reduced_motion=\nrecent_files=[1, null, {}]\n[window]\ngeometry=###\nfolded=3\n",
        b"[General]\nscale=1e308\nspeed=-1\n[window]\ngeometry=QUJD\nfolded=[[]]\n",
        b"[General]\ntheme=@Variant(\\0\\0\\0\\x7f)\n",
        b'[General]\nrecent_files="' + b"[" * 50_000 + b'"\n',
    ],
    ids=["empty", "noise", "wrong values", "out of range", "binary", "nested"],
)
def test_the_app_starts_with_broken_settings(opened, tmp_path, content):
    path = tmp_path / "broken.ini"
    path.write_bytes(content)
    ui = opened(settings=Settings(path))
    assert ui.window.look.scale == 1.0
    assert ui.playback.speed == 1.0
    assert ui.race is not None
    assert not ui.window.grab().isNull()
    ui.window.close()
    again = opened(settings=Settings(path))
    assert again.race is not None


def test_the_app_starts_without_a_place_for_settings(opened, tmp_path):
    folder = tmp_path / "optiviz.ini"
    folder.mkdir()
    ui = opened(settings=Settings(folder))
    assert ui.race is not None
    ui.window.close()


def test_the_app_starts_with_settings_that_are_read_only(opened, tmp_path):
    path = tmp_path / "fixed.ini"
    path.write_bytes(b"[General]\nscale=1.25\n")
    path.chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        ui = opened(settings=Settings(path))
        assert ui.window.look.scale == 1.25
        ui.window.close()
    finally:
        tmp_path.chmod(0o700)


def test_size_theme_folds_and_axes_are_remembered(ui, opened):
    ui.window.resize(1300, 820)
    choose(ui, "menu.theme.light")
    assert ui.window.look.theme.name == "light"
    choose(ui, "menu.stretch")
    ui.click("curves.fold")
    assert not ui("curves_view").isVisible()
    assert not ui.store.can_undo()
    ui.window.close()
    assert "theme=light" in ui.settings.path.read_text(encoding="utf-8")
    again = opened(size=(1440, 900))
    assert again.window.look.theme.name == "light"
    assert not again("curves_view").isVisible()
    assert again.window.findChild(QAction, "menu.stretch").isChecked()
    assert again.settings.geometry


def test_a_prepared_scene_opens_from_the_menu_and_is_no_file_of_ones_own(ui):
    def actions():  # the menu is made anew each time a file is opened
        return ui.window.findChild(QAction, "menu.prepared").menu().actions()

    assert "SGD against full batch" in [action.text() for action in actions()]
    prepared = ui.parts.files.prepared
    for index, path in enumerate(prepared):
        actions()[index].trigger()
        assert ui.scene == read(path)
        assert ui.parts.files.path is None
        assert ui.window.windowTitle() == f"{path.stem}[*] – OptiViz"
        ui.settle()
    assert not ui.window.isWindowModified()
    assert not set(prepared) & set(ui.parts.settings.recent_files)


def test_a_prepared_scene_is_saved_under_a_name_that_is_asked_for(ui, tmp_path, monkeypatch):
    path = ui.parts.files.prepared[0]
    before = path.read_bytes()
    monkeypatch.chdir(path.parent)
    ui.parts.files.open(Path(path.name))  # as from the command line
    ui.settle()
    offered = []
    mine = tmp_path / "mine.optiviz"
    monkeypatch.setattr(
        QFileDialog,
        "getSaveFileName",
        lambda _parent, _title, suggested, *_: (offered.append(Path(suggested)), (str(mine), ""))[
            1
        ],
    )
    ui.type("start_x", "0.5")
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert [each.name for each in offered] == [path.name]
    assert offered[0].parent != path.parent
    assert path.read_bytes() == before
    assert read(mine) == ui.scene
    assert ui.window.windowTitle().startswith("mine.optiviz")
    ui.told_one("Saved mine.optiviz", kind="info")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names")
@pytest.mark.parametrize("name", ["pipe.optiviz", "pipe.csv"])
def test_a_pipe_that_is_dropped_or_opened_is_told_of(ui, tmp_path, name):
    path = tmp_path / name
    os.mkfifo(path)
    before = ui.scene
    for way in (lambda: drop(ui, path), lambda: ui.parts.commands.on_file_wished(path)):
        way()
        ui.told_one(f"Could not open {name}: it is a pipe, not a file.", kind=told_as(name))
    assert ui.scene == before
    ui.settings.add_recent_file(path)
    assert path not in ui.settings.recent_files
    ui.settle()


def told_as(name):
    """Tables are read in the background, where a failure stops nothing."""
    return "warning" if name.endswith(".csv") else "error"
