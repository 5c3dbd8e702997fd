"""SceneStore: edits, and the history of them. Any value may stand for a scene here."""

from __future__ import annotations

import pytest

from optiviz.gui.state.store import HISTORY, SceneStore


def put(_scene, value):
    return value


def add(scene, by):
    return scene + by


@pytest.fixture
def store(qapp):
    return SceneStore(0)


@pytest.fixture
def changes(store):
    said = []
    store.changed.connect(lambda old, new: said.append((old, new)))
    return said


@pytest.fixture
def history(store):
    said = []
    store.history_changed.connect(
        lambda: said.append((store.can_undo(), store.can_redo(), store.dirty))
    )
    return said


def test_an_edit_replaces_the_scene_and_tells_both(store, changes):
    store.apply(add, 2)
    store.apply(add, 3)
    assert store.scene == 5
    assert changes == [(0, 2), (2, 5)]


def test_an_edit_that_changes_nothing_leaves_no_trace(store, changes, history):
    store.apply(put, 0)
    assert not changes
    assert not history
    assert not store.can_undo()


def test_undo_and_redo_walk_the_history(store, changes):
    for value in (1, 2, 3):
        store.apply(put, value)
    store.undo()
    store.undo()
    assert store.scene == 1
    store.redo()
    assert store.scene == 2
    assert changes[3:] == [(3, 2), (2, 1), (1, 2)]
    store.apply(put, 9)
    assert not store.can_redo()
    store.undo()
    assert store.scene == 2


def test_undo_and_redo_at_the_ends_do_nothing(store, changes, history):
    store.undo()
    store.redo()
    assert not changes
    assert not history


def test_a_drag_is_undone_as_one(store):
    store.apply(put, 1)
    for value in (2, 3, 4):
        store.apply(put, value, gesture="start")
    assert store.gesture == "start"
    assert store.scene_before_gesture == 1
    store.end_gesture()
    assert store.gesture is None
    assert store.scene_before_gesture is None
    store.undo()
    assert store.scene == 1
    store.redo()
    assert store.scene == 4


def test_two_drags_are_two_entries(store):
    store.apply(put, 1, gesture="start")
    store.end_gesture()
    store.apply(put, 2, gesture="start")
    store.end_gesture()
    store.undo()
    assert store.scene == 1


@pytest.mark.parametrize("next_gesture", ["lr", None])
def test_another_edit_ends_a_drag(store, next_gesture):
    store.apply(put, 1, gesture="start")
    store.apply(put, 2, gesture="start")
    store.apply(put, 3, gesture=next_gesture)
    store.undo()
    assert store.scene == 2
    store.undo()
    assert store.scene == 0


def test_undo_in_the_middle_of_a_drag_undoes_the_drag(store):
    store.apply(put, 1, gesture="start")
    store.apply(put, 2, gesture="start")
    store.undo()
    assert store.scene == 0
    store.apply(put, 5, gesture="start")
    store.undo()
    assert store.scene == 0


def test_a_drag_that_came_back_leaves_no_entry(store, history):
    store.apply(put, 1, gesture="start")
    store.apply(put, 0, gesture="start")
    store.end_gesture()
    assert not store.can_undo()
    assert history[-1] == (False, False, False)


def test_an_edit_that_raises_changes_nothing(store, changes, history):
    def refuse(_scene):
        raise ValueError("no")

    store.apply(put, 1, gesture="start")
    del changes[:], history[:]
    with pytest.raises(ValueError, match="no"):
        store.apply(refuse)
    assert store.scene == 1
    assert store.gesture == "start"
    assert not changes
    assert not history


def test_opening_begins_a_new_history(store, changes):
    opened = []
    store.opened.connect(opened.append)
    store.apply(put, 1)
    store.undo()
    store.open(7)
    assert store.scene == 7
    assert changes[-1] == (0, 7)
    assert opened == [7]
    assert not store.can_undo()
    assert not store.can_redo()
    assert not store.dirty


def test_opening_an_equal_scene_is_told_as_opened_alone(store, changes):
    opened = []
    store.opened.connect(opened.append)
    store.open(0)
    assert opened == [0]
    assert not changes


def test_reset_restores_the_scene_as_opened_and_can_be_undone(store):
    store.open(7)
    store.apply(put, 8)
    store.reset()
    assert store.scene == 7
    store.undo()
    assert store.scene == 8


def test_dirty_compares_with_what_was_saved(store, history):
    assert not store.dirty
    store.apply(put, 1)
    assert store.dirty
    store.saved()
    assert not store.dirty
    store.undo()
    assert store.dirty
    store.redo()
    assert not store.dirty
    assert history == [
        (True, False, True),
        (True, False, False),
        (False, True, True),
        (True, False, False),
    ]


def test_the_history_is_bounded(store):
    for _ in range(HISTORY + 50):
        store.apply(add, 1)
    while store.can_undo():
        store.undo()
    assert store.scene == 50


def test_a_drag_tells_of_its_history_only_once(store, history):
    for value in range(1, 20):
        store.apply(put, value, gesture="start")
    assert history == [(True, False, True)]
