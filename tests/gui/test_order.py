"""What comes when: what is asked for first, what is shown meanwhile, and answers that come late."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from optiviz import gui
from optiviz.engine import run_race, sample_field
from optiviz.engine.chance import batch_field, batch_gradients
from optiviz.gui.controllers.overlays import BatchSpec, CloudSpec
from optiviz.gui.views.schedule import ScheduleView
from optiviz.gui.views.step_plot import StepPlot
from optiviz.scene import Camera, edits, first_scene


class Held:
    """Keeps what is asked of the worker from it, so that a test can answer when it likes."""

    def __init__(self, ui, monkeypatch):
        self.asked = []
        monkeypatch.setattr(ui.parts.compute, "submit", self.submit)

    def submit(self, lane, request, job, *, key=None, done=None, partial=None):
        self.asked.append((lane, request, done, partial))

    def of(self, lane):
        return [each[1:] for each in self.asked if each[0] == lane]


@pytest.fixture
def held(ui, monkeypatch):
    return Held(ui, monkeypatch)


def by_batches(scene):
    return edits.set_gradient_knob(edits.choose_gradient(scene, "mini_batch"), "batch_size", 4)


def test_the_race_is_asked_for_before_anything_is_shown(ui, held, monkeypatch):
    order = []
    monkeypatch.setattr(ui.window, "show_scene", lambda scene: order.append("shown"))
    submit = held.submit
    monkeypatch.setattr(
        ui.parts.compute,
        "submit",
        lambda lane, *rest, **named: order.append(lane) or submit(lane, *rest, **named),
    )
    ui.parts.editor.edit(edits.move_start, 0.25, 0.5)
    assert order[:2] == ["race", "shown"]


def test_where_the_plane_changes_the_views_come_first(ui, held, monkeypatch):
    """What they prepare of a race is for what they show."""
    order = []
    show_scene = ui.window.show_scene
    monkeypatch.setattr(
        ui.window, "show_scene", lambda scene: order.append("shown") or show_scene(scene)
    )
    ui.parts.editor.edit(edits.choose_surface, "rosenbrock")
    assert order == ["shown"]
    (asked,) = held.of("race")
    assert asked[0] == ui.scene.race_spec()


def test_on_another_surface_no_old_race_is_shown_while_its_own_is_run(ui, held):
    assert len(ui.race.runs) == 4
    ui.parts.editor.edit(edits.choose_surface, "rosenbrock")
    assert ui.race.runs == ()
    assert ui.race.spec.surface == ui.scene.surface
    assert ui.contour.stage.heads._heads == ()


def test_every_companion_sees_the_window_show_the_new_scene(ui, held, monkeypatch):
    shown = []
    for companion in ui.parts.controller.companions:
        monkeypatch.setattr(
            companion,
            "show_scene",
            lambda old, new: shown.append((ui.window.scene is new, ui.window.racers._scene is new)),
        )
    ui.parts.editor.edit(edits.choose_surface, "rosenbrock")
    assert shown == [(True, True)] * len(ui.parts.controller.companions)


@pytest.mark.parametrize("what", ["show_scene", "show_race", "show_step", "show_visible"])
def test_companions_follow_in_the_order_of_their_list(ui, monkeypatch, what):
    """The order in which they are listed is what the documentation tells."""
    companions = ui.parts.controller.companions
    names = [type(companion).__name__ for companion in companions]
    assert names[0] == "InstrumentsController"  # what is not seen need not be asked for
    assert names[-2:] == [
        "BasinsController",
        "LockedTries",
    ]  # what costs the worker most, or nothing
    order = []
    for companion, name in zip(companions, names, strict=True):
        monkeypatch.setattr(companion, what, lambda *_, name=name: order.append(name))
    ui.parts.editor.edit(edits.move_start, 0.25, 0.5)
    ui.settle()
    ui.parts.playback.scrub(7.0)
    ui.parts.editor.edit(edits.set_camera, Camera(0.0, 2.0, 0.0, 1.0))
    ui.settle()
    assert order[: len(names)] == names
    assert len(order) % len(names) == 0
    assert order == names * (len(order) // len(names))


def test_only_the_controller_hears_that_the_scene_has_changed():
    """Whoever connects by itself would see the new scene while the window shows the old one."""
    root = Path(gui.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"store\.changed\.connect", path.read_text(encoding="utf-8"))
    }
    # What is on the stage is written to the disk whatever the window shows.
    assert found == {"controllers/controller.py", "controllers/autosave.py"}


@pytest.mark.parametrize("change", ["another", "there and back"])
def test_a_late_field_of_another_surface_is_not_shown(ui, held, monkeypatch, change):
    ui.parts.editor.edit(edits.choose_surface, "himmelblau")
    old = held.of("field")[-1]
    ui.parts.editor.edit(edits.choose_surface, "rosenbrock")
    if change == "there and back":
        ui.parts.editor.edit(edits.choose_surface, "himmelblau")
        ui.parts.editor.edit(edits.choose_surface, "rosenbrock")
    shown = []
    monkeypatch.setattr(ui.contour, "show_field", shown.append)
    for each in (old, *held.of("field")):
        if each[0].surface.key != "rosenbrock":
            each[1](each[0], sample_field(each[0]))
            each[2](each[0], sample_field(each[0]))
    assert shown == []
    wanted = held.of("field")[-1]
    wanted[1](wanted[0], sample_field(wanted[0]))
    assert [field.spec.surface.key for field in shown] == ["rosenbrock"]


def test_every_plot_by_step_moves_the_playhead(ui):
    plots = [plot for view in ui.window.views for plot in (view, *view.findChildren(StepPlot))]
    plots = [plot for plot in plots if isinstance(plot, StepPlot)]
    scrubbing = [plot for plot in plots if plot.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert len(scrubbing) >= 2
    for number, plot in enumerate(scrubbing, start=1):
        plot.scrub_wished.emit(10.0 * number)
        assert ui.parts.playback.position == 10.0 * number


@pytest.mark.parametrize("late_first", [True, False])
def test_a_late_race_of_other_racers_is_not_shown(ui, held, late_first):
    ui.parts.editor.edit(edits.move_start, 0.25, 0.5)
    ui.parts.editor.edit(edits.remove_racer, 0)
    old, new = held.of("race")
    answers = [(old[1], run_race(old[0])), (new[1], run_race(new[0]))]
    for done, race in answers if late_first else reversed(answers):
        done(race.spec, race)
    assert ui.race.spec == new[0]


def test_under_a_hand_the_race_of_a_moment_ago_is_shown(ui, held):
    ui.parts.editor.edit(edits.move_start, 0.25, 0.5)
    ui.parts.editor.edit(edits.move_start, 0.5, 0.5)
    first, _ = held.of("race")
    race = run_race(first[0])
    first[1](race.spec, race)
    assert ui.race is race


def answer(spec):
    if isinstance(spec, BatchSpec):
        return batch_field(
            spec.surface, spec.gradient, spec.seed, spec.step, spec.window, spec.columns, spec.rows
        )
    return batch_gradients(spec.surface, spec.gradient, spec.point, spec.seed)


@pytest.mark.parametrize(("lane", "kind"), [("batch", BatchSpec), ("cloud", CloudSpec)])
@pytest.mark.parametrize("change", ["racer", "gradient", "surface", "off"])
def test_a_late_overlay_of_another_racer_gradient_or_surface_is_not_shown(
    opened, monkeypatch, lane, kind, change
):
    ui = opened(by_batches(first_scene("line")))
    held, overlays = Held(ui, monkeypatch), ui.parts.controller.overlays
    overlays.show_batch(True)
    overlays.show_cloud("racer")
    spec, done, _ = held.of(lane)[-1]
    assert isinstance(spec, kind)
    shown = []
    for name in ("show_batch", "show_cloud"):
        monkeypatch.setattr(ui.contour, name, lambda what, *_, **__: shown.append(what))
    if change == "racer":
        overlays.on_head_hovered(2)
    elif change == "gradient":
        race = edits.set_gradient_knob(ui.scene, "batch_size", 16).race_spec()
        ui.window.show_race(run_race(race))
        overlays.refresh()
    elif change == "surface":
        ui.parts.editor.edit(edits.choose_surface, "beale")
    else:
        overlays.show_batch(False)
        overlays.show_cloud("off")
    shown.clear()
    done(spec, answer(spec))
    assert shown == []


def test_an_overlay_of_a_moment_ago_is_shown_while_the_playhead_moves(opened, monkeypatch):
    ui = opened(by_batches(first_scene("line")))
    held = Held(ui, monkeypatch)
    ui.parts.controller.overlays.show_batch(True)
    spec, done, _ = held.of("batch")[-1]
    ui.playback.seek(3.0)
    assert held.of("batch")[-1][0] != spec
    shown = []
    monkeypatch.setattr(ui.contour, "show_batch", lambda what, *_, **__: shown.append(what))
    done(spec, answer(spec))
    assert len(shown) == 1


def test_a_late_mesh_of_another_surface_is_not_shown(ui, held):
    """Its lane is asked for by hand: there need be no OpenGL for it."""
    from optiviz.engine.mesh import sample_mesh
    from optiviz.gui.controllers.jobs import mesh_spec
    from optiviz.gui.state.relief import Relief

    surface3d = ui.parts.controller.surface3d
    shown = []

    class View:
        mesh = None

        def show_mesh(self, mesh):
            shown.append(mesh.spec.field.surface.key)

    surface3d._view = View()
    specs = [mesh_spec(first_scene(key), Relief(), 20) for key in ("beale", "rosenbrock")]
    for spec in specs:
        surface3d._ask.want(spec)
    for order in (specs, specs[::-1]):
        for spec in order:
            surface3d._ask.on_done(spec, sample_mesh(spec))
            surface3d._ask.on_partial(spec, sample_mesh(spec))
    surface3d._view = None
    assert set(shown) == {"rosenbrock"}


def test_while_a_hand_drags_the_zone_waits_for_it_to_rest(opened, monkeypatch):
    ui = opened()
    schedule = ui.window.view(ScheduleView)
    ui.window.instruments.reveal("schedule")
    ui.settle()
    ui.click("schedule_chart")  # of a constant ε it is folded at first
    assert schedule.plot.isVisible()
    ui.settle()
    held = Held(ui, monkeypatch)
    scene = ui.scene
    for k in range(3):
        ui.parts.editor.edit(edits.move_start, 0.25 + 0.1 * k, 0.5, gesture="start")
        spec, done, _ = held.of("race")[-1]
        done(spec, run_race(spec))
    assert len(held.of("zone")) <= 1, "at once at most, then not before the hand rests"
    ui.wait(lambda: any(set(spec.runs) <= set(ui.race.runs) for spec, *_ in held.of("zone")))
    assert ui.scene != scene
    ui.parts.editor.finish_gesture()


def test_what_was_let_go_of_while_the_contour_was_hidden_is_asked_for_anew(opened):
    """The places of a data surface come with its field, and another surface takes them away."""
    ui = opened(first_scene("line"))
    places = ui.contour.stage.places
    assert len(places._minima) == 1
    ui.parts.commands.show_view_mode("3d")
    ui.parts.editor.edit(edits.choose_surface, "beale")
    ui.parts.editor.undo()
    ui.settle()
    ui.parts.commands.show_view_mode("contour")
    ui.wait(lambda: len(places._minima) == 1)


def test_a_spec_is_made_once_for_a_scene():
    scene = first_scene("beale")
    assert scene.race_spec() is scene.race_spec()
    assert replace(scene, seed=1).race_spec() is not scene.race_spec()
