"""Autosave: what is on the disk while the program runs, and whose it is when it does not."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton

from optiviz.gui.controllers import autosave
from optiviz.gui.controllers.autosave import Autosave, OwnFile, take_in_left_behind
from optiviz.gui.state.kept_aside import KeptAside
from optiviz.gui.state.store import SceneStore
from optiviz.scene import first_scene
from optiviz.scene.file import read

FIRST = first_scene("beale")


def moved(scene, x):
    return replace(scene, start=(x, 0.5))


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(autosave, "DELAY", 10)


@pytest.fixture
def running(tmp_path):
    return tmp_path / "running"


@pytest.fixture
def store(qapp):
    return SceneStore(FIRST)


@pytest.fixture
def saving(store, running, soon):
    made = Autosave(store, running)
    yield made
    made.end(keep=False)


def on_disk(running):
    return [read(path) for path in running.glob("*.optiviz")]


def test_the_delay_leaves_room_for_a_slow_disk_within_five_seconds():
    assert autosave.DELAY <= 2500


def test_what_changes_is_written_even_in_the_middle_of_a_gesture(store, saving, running, qtbot):
    for x in (0.1, 0.2, 0.3):
        store.apply(moved, x, gesture="start")
    qtbot.waitUntil(lambda: on_disk(running) == [moved(FIRST, 0.3)])
    store.apply(moved, 0.4, gesture="start")
    qtbot.waitUntil(lambda: on_disk(running) == [moved(FIRST, 0.4)])


@pytest.mark.parametrize("how", ["undo", "saved", "open"])
def test_what_is_no_change_any_more_is_not_kept(store, saving, running, qtbot, how):
    store.apply(moved, 0.1)
    qtbot.waitUntil(lambda: len(on_disk(running)) == 1)
    {"undo": store.undo, "saved": store.saved, "open": lambda: store.open(FIRST)}[how]()
    qtbot.waitUntil(lambda: on_disk(running) == [])


def test_a_clean_end_leaves_nothing(store, saving, running, qtbot):
    store.apply(moved, 0.1)
    qtbot.waitUntil(lambda: len(on_disk(running)) == 1)
    saving.end(keep=False)
    assert list(running.iterdir()) == []


def test_an_end_that_nobody_asked_for_leaves_the_last_state(store, saving, running, tmp_path):
    store.apply(moved, 0.1)
    saving.end(keep=True)  # at once: no timer has run
    kept = KeptAside(tmp_path / "left")
    (taken,) = take_in_left_behind(running, kept)
    assert read(taken) == moved(FIRST, 0.1)
    assert list(running.iterdir()) == []
    assert take_in_left_behind(running, kept) == ()


def test_what_belongs_to_a_living_window_is_not_taken(running, tmp_path):
    kept = KeptAside(tmp_path / "left")
    own = OwnFile(running)
    own.write(FIRST)
    assert take_in_left_behind(running, kept) == ()
    assert on_disk(running) == [FIRST]
    own.let_go()
    assert len(take_in_left_behind(running, kept)) == 1


def test_a_lock_with_a_strange_content_hinders_nobody(running, tmp_path):
    # Only who holds it open counts, not what is written in it.
    running.mkdir()
    (running / "abc.lock").write_text("1\nx\nhost\n", encoding="utf-8")
    (running / "abc.optiviz").write_text("{", encoding="utf-8")
    (taken,) = take_in_left_behind(running, KeptAside(tmp_path / "left"))
    assert taken.read_text(encoding="utf-8") == "{"


def test_a_full_disk_is_told_once_and_tried_again(store, saving, running, qtbot, monkeypatch):
    said = []
    saving.failed.connect(said.append)
    tries = []

    def full(_):
        tries.append(1)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        store.apply(moved, 0.1)
        qtbot.waitUntil(lambda: len(tries) > 2)
    qtbot.waitUntil(lambda: on_disk(running) == [moved(FIRST, 0.1)])
    assert said == ["no space left on device"]


# In the window


def left_behind(ui, x):
    """A file as a window that was killed leaves it."""
    own = OwnFile(ui.settings.path.parent / "running")
    own.write(moved(FIRST, x))
    own.let_go()


def test_the_next_window_offers_what_was_left_behind(ui, opened):
    left_behind(ui, 0.25)
    again = opened()
    again.told_one("kept", kind="warning")
    assert again.scene == FIRST, "nothing is opened unasked"
    again.click("message_bar.offer")
    assert again.scene == moved(FIRST, 0.25)
    assert again.parts.files.path is None
    again.settle()
    assert not again("message_bar").isVisible()
    third = opened()
    assert not third.has("message_bar.offer") or not third("message_bar").isVisible()
    assert len(third.parts.files.left) == 1


def test_what_an_older_program_left_behind_is_offered_and_opens(ui, opened):
    old = Path(__file__).parents[1] / "scenes_v1" / "Every field.optiviz"
    running = ui.settings.path.parent / "running"
    running.mkdir(parents=True, exist_ok=True)
    (running / "abc.lock").touch()
    (running / "abc.optiviz").write_bytes(old.read_bytes())
    again = opened()
    again.told_one("kept", kind="warning")
    again.click("message_bar.offer")
    assert again.scene == read(old)
    again.settle()


def test_several_are_offered_in_one_sentence(ui, opened):
    for x in (0.1, 0.2, 0.3):
        left_behind(ui, x)
    again = opened()
    problem = again.told_one("3 windows", kind="warning")
    assert problem.offer.title == "Open the last"
    assert len(again.parts.files.left) == 3
    again.window.scene_menu.aboutToShow.emit()
    listed = again.window.findChild(QAction, "menu.left").menu().actions()
    assert len(listed) == 3


def test_an_offer_can_be_left_alone(ui, opened):
    left_behind(ui, 0.1)
    again = opened()
    again.told_one("kept", kind="warning")
    again.click("message_bar.dismiss")
    assert not again("message_bar").isVisible()
    again.parts.problems.tell("Something else.", kind="info")
    again.wait(lambda: again.message == "Something else.")
    offer = again.window.findChild(QToolButton, "message_bar.offer")
    assert not offer.isVisible()


def test_a_window_is_not_offered_what_another_one_is_doing(ui, opened, soon):
    ui.parts.autosave._timer.setInterval(10)
    ui.drag_start(40, 30)
    folder = ui.settings.path.parent / "running"
    ui.wait(lambda: on_disk(folder) == [ui.scene])
    other = opened()
    assert other.told == []
    assert on_disk(folder) == [ui.scene]
    ui.release(ui.contour, QPointF(10, 10))
    ui.settle()
    ui.window.close()
    assert on_disk(folder) == []
