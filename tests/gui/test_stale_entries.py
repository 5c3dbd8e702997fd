"""No item that Qt has deleted stays with PySide: it would be taken for what comes there next."""

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from optiviz.engine import GRADIENTS, SCHEDULES, SURFACES, Clip
from optiviz.gui.panels.surface_bar import SurfaceBar
from optiviz.gui.views.schedule import ScheduleView
from optiviz.gui.widgets.rows import put_into
from optiviz.scene import edits, first_scene

TIMES = 100


def finish_deletions():
    for _ in range(3):  # one deletion may lead to another
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def stale_entries():
    """The items that PySide believes in, and that no layout holds any more."""
    finish_deletions()
    found = [each for each in shiboken6.getAllValidWrappers() if isinstance(each, QLayoutItem)]
    layouts = [each for each in found if isinstance(each, QLayout)]
    # Only addresses are compared: what is there now may be anything.
    return [
        item
        for item in found
        if not isinstance(item, QLayout)
        and not shiboken6.ownedByPython(item)
        and all(layout.indexOf(item) < 0 for layout in layouts)
    ]


def test_the_count_sees_a_row_that_was_filled_too_early(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    column, row = QVBoxLayout(window), QHBoxLayout()
    widgets = [QLabel(window) for _ in range(5)]
    before = len(stale_entries())
    for widget in widgets:
        row.addWidget(widget)
    column.addLayout(row)
    assert len(stale_entries()) == before
    for widget in widgets:
        widget.deleteLater()
    assert len(stale_entries()) - before == 5
    del widgets, widget
    window.deleteLater()


def test_a_layout_is_not_put_into_another_one_when_it_is_filled(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    column, row = QVBoxLayout(window), QHBoxLayout()
    assert put_into(column, row, 1) is row
    assert column.stretch(0) == 1
    row.addWidget(QLabel(window))
    with pytest.raises(ValueError, match="filled"):
        put_into(QVBoxLayout(), row)


def test_racers_that_come_and_go_leave_no_entries(ui):
    editor = ui.parts.editor
    editor.edit(edits.add_racer, "nesterov")
    for _ in range(TIMES):
        editor.undo()
        finish_deletions()
        editor.redo()
    editor.edit(edits.duplicate_racer, 0)
    editor.edit(edits.remove_racer, 0)
    assert stale_entries() == []
    assert (
        len(ui.window.racers.cards) == len(ui.scene.racers) == len(first_scene("beale").racers) + 1
    )


def test_parts_that_are_changed_for_others_leave_no_entries(ui):
    editor = ui.parts.editor
    for key in SURFACES:
        editor.edit(edits.choose_surface, key)
    for key in GRADIENTS:
        editor.edit(edits.choose_gradient, key)
        editor.edit(edits.choose_gradient, key, 1)
    for index, key in enumerate(SCHEDULES):
        editor.edit(edits.choose_schedule, key, index % 2)
        ui.window.view(ScheduleView).racer_wished.emit(ui.scene.racers[index % 2].style)
    for clip in (Clip("norm", 1.0), None, Clip("value", 2.0)):
        editor.edit(edits.set_clip, 0, clip)
    finish_deletions()
    while ui.store.can_undo():
        editor.undo()
    assert stale_entries() == []


def test_ways_to_lay_the_window_out_leave_no_entries(ui):
    window = ui.window
    for width, height in ((800, 600), (1900, 1040), (1024, 768), (1440, 900)):
        window.resize(width, height)
        finish_deletions()
    for notches in (1, 1, 1, -1, -1, -1):
        ui.parts.appearance.scale_by(notches)
        finish_deletions()
    for button in window.findChildren(QToolButton):
        if button.objectName().endswith((".more", ".fold", ".enlarge")):
            for _ in range(2):
                button.click()
                finish_deletions()
    window.toggle_cheat_sheet()
    window.toggle_cheat_sheet()
    ui.parts.problems.tell("A sentence.", kind="info")
    finish_deletions()
    assert stale_entries() == []


def test_no_window_puts_a_filled_layout_into_another_one(opened, qtbot, monkeypatch):
    filled = []
    for kind, name in (
        (QBoxLayout, "addLayout"),
        (QBoxLayout, "insertLayout"),
        (QGridLayout, "addLayout"),
    ):
        add = getattr(kind, name)

        def watched(outer, *arguments, add=add):
            filled.extend(each for each in arguments if isinstance(each, QLayout) and each.count())
            return add(outer, *arguments)

        monkeypatch.setattr(kind, name, watched)
    ui = opened()
    ui.parts.editor.edit(edits.add_racer, "adamw")
    ui.parts.editor.edit(edits.choose_surface, "line")
    qtbot.addWidget(SurfaceBar())  # it comes with the 3D view
    ui.settle()
    assert filled == []
