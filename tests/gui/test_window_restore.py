"""R: the scene as it was opened, and what was shown beside it then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from optiviz.engine import SCHEDULES
from optiviz.gui.state.relief import Relief
from optiviz.gui.views.schedule import ScheduleView
from optiviz.scene import edits, first_scene

COMPARED = frozenset({"cosine", "linear"})


def restore(ui):
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_R)


def view_states(ui):
    return [companion.view_state() for companion in ui.parts.controller.companions]


def change_everything(ui):
    """Change what is shown beside the scene, by the wishes that hands have."""
    controller, view = ui.parts.controller, ui.window.view(ScheduleView)
    view.show_compared(COMPARED)
    view.racer_wished.emit(ui.scene.racers[1].style)
    view.zone_wished.emit("band", 0.01, 0.1)
    controller.surface3d.on_knob_changed("heights", "compressed")
    controller.surface3d.follow(ui.scene.racers[2].style)
    controller.seeds.toggle()
    ui.parts.commands.show_batch(True)
    ui.parts.commands.show_cloud("racer")


def test_what_is_shown_beside_the_scene_is_restored_with_it(ui):
    before = view_states(ui)
    change_everything(ui)
    ui.parts.editor.edit(edits.move_start, 2.0, 1.0)
    changed = view_states(ui)
    assert sum(a != b for a, b in zip(before, changed, strict=True)) == 4
    restore(ui)
    assert ui.scene == first_scene("beale")
    assert view_states(ui) == before
    assert ui.window.view(ScheduleView).plot.keys == frozenset()
    # The menus and the settings say the same.
    assert not ui.settings.batch_contour
    assert ui.settings.gradient_cloud == "off"
    assert ui.settings.relief == Relief()


def test_it_is_restored_as_it_was_and_not_as_it_is_at_first(ui):
    change_everything(ui)
    before = view_states(ui)
    ui.store.open(edits.set_schedule(first_scene("beale"), SCHEDULES["cosine"]()))
    assert view_states(ui) == before
    ui.window.view(ScheduleView).show_compared(frozenset())
    ui.parts.controller.surface3d.follow(-1)
    restore(ui)
    assert view_states(ui) == before


def test_a_locked_scene_keeps_what_is_shown_too(ui):
    change_everything(ui)
    before = view_states(ui)
    ui.parts.editor.set_locked(True)
    restore(ui)
    assert view_states(ui) == before


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "trees.csv"
    path.write_text("age,height\n" + "".join(f"{i},{2 * i + i % 3}\n" for i in range(1, 30)))
    return path


def test_data_that_were_opened_stay(ui, table):
    ui.parts.controller.data.open(table)
    ui.wait(lambda: getattr(ui.scene.surface, "data", "").startswith("trees-"))
    with_data = ui.scene
    ui.parts.editor.edit(edits.move_start, 0.5, 0.5)
    restore(ui)
    assert ui.scene == with_data
    # What was opened and taken back is not opened.
    while ui.store.can_undo() and ui.scene != first_scene("beale"):
        ui.parts.editor.undo()
    ui.parts.editor.edit(lambda scene: replace(scene, steps=77))
    restore(ui)
    assert ui.scene == first_scene("beale")
