"""The window: hands, knobs, racers, surfaces and playing, by object name."""

import re
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from optiviz.engine import OPTIMIZERS
from optiviz.gui import app as application_module
from optiviz.gui.widgets.knob_scale import value_at
from optiviz.scene import first_scene
from optiviz.scene.file import write

FIRST = first_scene("beale")


def knob_names(kind, minor=None):
    """The object names of the first racers' knobs."""
    return [
        f"racer_{i}.{spec.name}"
        for i, racer in enumerate(FIRST.racers)
        for spec in racer.optimizer.knobs()
        if spec.kind == kind and minor in (None, spec.minor)
    ]


def spec_of(ui, name):
    owner, knob = name.split(".")
    if owner == "surface":
        return ui.scene.surface.knob(knob)
    return ui.scene.racers[int(owner[-1])].optimizer.knob(knob)


def unfold(ui, name):
    if spec_of(ui, name).minor:
        ui.click(f"{name.split('.')[0]}.more")
    ui.wait(lambda: ui(name).isVisible())


# Launch


@pytest.fixture
def launched(qapp, monkeypatch, kernels):
    """Run the app as the command does, and close it once ``ready(parts)`` is true."""

    def launch(path, ready):
        seen = {"ready": False}

        def build(*arguments):
            seen["parts"] = original(*arguments)
            look.start()
            return seen["parts"]

        def look_at_it():
            parts = seen["parts"]
            seen["ready"] = bool(ready(parts))
            seen["looks"] = seen.get("looks", 0) + 1
            if seen["ready"] or seen["looks"] > 1000:
                look.stop()
                seen["visible"] = parts.window.isVisible()
                seen["playing"] = parts.playback.playing
                seen["focus"] = parts.window.contour.hasFocus()
                parts.window.close()

        original = application_module.build
        monkeypatch.setattr(application_module, "build", build)
        look = QTimer()
        look.setInterval(10)
        look.timeout.connect(look_at_it)
        assert application_module.run(path) == 0
        assert seen["ready"]
        assert seen["visible"]
        assert not seen["parts"].window.isVisible()
        seen["parts"].window.deleteLater()
        return seen

    return launch


def shows_its_race(parts):
    race = parts.window.race
    shown = race is not None and race.spec == parts.store.scene.race_spec()
    return shown and not parts.compute.busy()


def test_at_launch_a_race_is_shown_and_playing(launched):
    seen = launched(None, lambda parts: shows_its_race(parts) and parts.playback.position > 2.0)
    assert seen["playing"]
    assert seen["focus"]


def test_a_table_on_the_command_line_is_opened_as_data(launched, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("a,b\n" + "".join(f"{i},{2 * i + i % 3}\n" for i in range(30)))

    def shows_it(parts):
        data = getattr(parts.store.scene.surface, "data", "")
        return data.startswith("mine-") and shows_its_race(parts)

    seen = launched(path, shows_it)
    assert seen["parts"].window.message_bar.problem.sentence.startswith("Opened mine.csv")


def test_an_opened_file_waits_at_the_start(launched, tmp_path):
    path = tmp_path / "mine.optiviz"
    write(path, replace(FIRST, start=(0.5, 0.5)))
    seen = launched(
        path, lambda parts: shows_its_race(parts) and parts.window.scene.start == (0.5, 0.5)
    )
    assert not seen["playing"]
    assert seen["parts"].playback.position == 0.0


def test_a_file_that_is_not_there_leaves_the_first_race_playing(launched, tmp_path):
    seen = launched(
        tmp_path / "gone.optiviz",
        lambda parts: shows_its_race(parts) and parts.playback.position > 2.0,
    )
    assert seen["playing"]
    assert "gone.optiviz" in seen["parts"].window.message_bar.problem.sentence
    assert seen["parts"].store.scene == first_scene()


# The start


def test_a_drag_bends_the_paths_while_the_button_is_down(ui):
    before, paths = ui.scene, ui.paths()
    at = ui.drag_start(60, -40)
    ui.settle()
    middle = ui.race
    assert ui.scene.start != before.start
    assert middle.spec.start == ui.scene.start
    assert not np.array_equal(ui.paths(), paths)
    ui.move(ui.contour, at + QPointF(-30, 50))
    ui.settle()
    assert ui.race is not middle
    assert ui.race.spec.start == ui.scene.start
    ui.release(ui.contour, at + QPointF(-30, 50))
    # The whole drag is one step of the history.
    moved = ui.scene
    QTest.mouseClick(ui("undo"), Qt.MouseButton.LeftButton)
    assert ui.scene == before
    ui.settle()
    np.testing.assert_array_equal(ui.paths(), paths)
    assert not ui.store.can_undo()
    ui.click("redo")
    assert ui.scene == moved
    ui.settle()


def test_a_drag_shows_the_old_paths_as_a_ghost_until_it_ends(ui, monkeypatch):
    shown = []
    for view in ui.window.views:
        monkeypatch.setattr(
            view, "show_ghost", lambda race, old=view.show_ghost: (shown.append(race), old(race))
        )
    old = ui.race
    at = ui.drag_start(40, 30)
    ui.settle()
    everybody = len(ui.window.views)
    assert shown == [old] * everybody
    ui.release(ui.contour, at)
    assert shown == [old] * everybody + [None] * everybody
    ui.settle()


def test_two_drags_are_two_steps_of_the_history(ui):
    before = ui.scene
    ui.release(ui.contour, ui.drag_start(40, 30))
    between = ui.scene
    ui.release(ui.contour, ui.drag_start(-20, 60))
    ui.click("undo")
    assert ui.scene == between
    ui.click("undo")
    assert ui.scene == before
    ui.settle()


def test_a_double_click_puts_the_start_there(ui):
    at = QPointF(ui.contour.width() * 0.7, ui.contour.height() * 0.4)
    ui.mouse(ui.contour, QEvent.Type.MouseButtonDblClick, at)
    ui.settle()
    # To a small part of a pixel: the start has no more digits than the hand has.
    assert ui.contour.pixel_of(*ui.scene.start).toTuple() == pytest.approx(at.toTuple(), abs=0.1)
    ui.click("undo")
    assert ui.scene == FIRST
    ui.settle()


def test_arrow_keys_move_the_start_as_one_step_per_press(ui):
    ui.focus(ui.contour)
    for key, axis, sign in (
        (Qt.Key.Key_Right, 0, 1),
        (Qt.Key.Key_Left, 0, -1),
        (Qt.Key.Key_Up, 1, 1),
        (Qt.Key.Key_Down, 1, -1),
    ):
        before = ui.scene.start
        ui.key(key)
        coarse = (ui.scene.start[axis] - before[axis]) * sign
        assert coarse > 0
        assert ui.scene.start[1 - axis] == before[1 - axis]
        ui.click("undo")
        assert ui.scene.start == before
        ui.key(key, Qt.KeyboardModifier.ShiftModifier)
        assert 0 < (ui.scene.start[axis] - before[axis]) * sign < coarse / 5
    ui.settle()


def test_a_typed_start_moves_the_handle_and_the_race(ui):
    ui.type("start_x", "2.5")
    ui.type("start_y", "-0,25")
    assert ui.scene.start == (2.5, -0.25)
    assert tuple(ui.contour.start_handle.pos()) == (2.5, -0.25)
    ui.settle()
    assert ui.paths()[:, 0].tolist() == [[2.5, -0.25]] * 4
    ui.click("undo")
    assert ui.scene.start == (2.5, FIRST.start[1])
    assert ui("start_y").text() == "1.5"
    ui.settle()


def test_a_start_outside_the_window_leaves_the_axes_where_they_were(ui):
    seen = ui.contour.projection
    ui.type("start_x", "50")
    ui.type("start_y", "-1000")
    ui.settle()
    assert ui.scene.start == (50.0, -1000.0)
    assert ui.contour.projection == seen
    assert np.isfinite(ui.paths()).all()
    assert not ui.window.grab().isNull()
    # Its arrow at the edge can be taken hold of, and brings the start back into sight.
    arrow = ui.contour.start_handle.pixel
    ui.press(ui.contour, arrow)
    ui.move(ui.contour, QPointF(300, 300))
    ui.release(ui.contour, QPointF(300, 300))
    x, y = ui.contour.pixel_of(*ui.scene.start).toTuple()
    assert (x, y) == pytest.approx((300, 300), abs=0.1)
    ui.settle()


# Knobs


@pytest.mark.parametrize("name", knob_names("number"))
def test_each_number_of_a_racer_typed_and_slid(ui, name):
    unfold(ui, name)
    knob = spec_of(ui, name)
    first = ui.scene
    typed = float(f"{value_at(knob, 0.62):.3g}")
    ui.type(name, f"{typed:.12g}")
    assert ui.knob(name) == typed
    ui.settle()
    assert ui(f"{name}.slider").knob_value == typed
    after_typing = ui.scene
    # Slid: it counts while the button is still down.
    slider = ui(f"{name}.slider")
    at = QPointF(slider.width() * 0.3, slider.height() / 2)
    ui.press(slider, at)
    assert ui.knob(name) != typed
    ui.move(slider, at + QPointF(12, 0))
    ui.settle()
    held = ui.knob(name)
    index = int(name[6])
    assert getattr(ui.race.spec.entrants[index].optimizer, knob.name) == held
    ui.release(slider, at + QPointF(12, 0))
    assert ui(name).value == held
    ui.click("undo")
    assert ui.scene == after_typing
    ui.click("undo")
    assert ui.scene == first
    assert ui(name).value == ui.knob(name)
    ui.settle()


@pytest.mark.parametrize("name", [*knob_names("switch"), *knob_names("choice")])
def test_switches_and_lists_of_a_racer(ui, name):
    unfold(ui, name)
    before, old = ui.scene, ui.knob(name)
    ui.focus(ui(name))
    ui.key(Qt.Key.Key_Space if isinstance(old, bool) else Qt.Key.Key_Down)
    assert ui.knob(name) != old
    ui.settle()
    ui.click("undo")
    assert ui.scene == before
    ui.settle()


@pytest.mark.parametrize(
    ("surface", "name", "text"),
    [
        ("quadratic", "surface.kappa", "150"),
        ("quadratic", "surface.angle", "-12.5"),
        ("rosenbrock", "surface.b", "3"),
    ],
)
def test_each_knob_of_a_surface_typed_and_slid(opened, surface, name, text):
    ui = opened(first_scene(surface))
    before = ui.scene
    ui.type(name, text)
    assert ui.knob(name) == float(text)
    ui.settle()
    assert ui.contour.stage.surface is not None
    ui.slide(f"{name}.slider", 0.8)
    assert ui.knob(name) != float(text)
    ui.settle()
    assert ui.race.spec.surface == ui.scene.surface
    ui.click("undo")
    assert ui.knob(name) == float(text)
    ui.click("undo")
    assert ui.scene == before
    ui.settle()


def test_delete_and_double_click_bring_the_tuned_value_back(ui):
    tuned = ui.knob("racer_3.lr")
    ui.type("racer_3.lr", "0.001")
    ui.focus(ui("racer_3.lr.slider"))
    ui.key(Qt.Key.Key_Delete)
    assert ui.knob("racer_3.lr") == tuned
    ui.type("racer_3.lr", "0.001")
    ui.mouse(ui("racer_3.lr.slider"), QEvent.Type.MouseButtonDblClick, QPointF(20, 10))
    assert ui.knob("racer_3.lr") == tuned
    ui.settle()


def test_one_epsilon_for_all(ui):
    ui.click("link_lr")
    assert ui.scene.link_lr
    assert {racer.optimizer.lr for racer in ui.scene.racers} == {FIRST.racers[0].optimizer.lr}
    ui.type("racer_2.lr", "0.003")
    assert {racer.optimizer.lr for racer in ui.scene.racers} == {0.003}
    assert {ui(f"racer_{i}.lr").text() for i in range(4)} == {"0.003"}
    ui.click("link_lr")
    ui.type("racer_2.lr", "0.004")
    assert [racer.optimizer.lr for racer in ui.scene.racers] == [0.003, 0.003, 0.004, 0.003]
    ui.settle()
    for _ in range(4):
        ui.click("undo")
    assert ui.scene == FIRST
    ui.settle()


# Racers


def test_a_racer_is_toggled_by_its_button_and_its_key(ui):
    for index in range(4):
        ui.click(f"racer_{index}.enabled")
        assert not ui.scene.racers[index].enabled
        ui.focus(ui.contour)
        ui.key(Qt.Key.Key_1 + index)
        assert ui.scene.racers[index].enabled
        assert ui(f"racer_{index}.enabled").isChecked()
    ui.key(Qt.Key.Key_8)
    assert not ui.store.dirty
    assert ui.race.spec == ui.scene.race_spec()


def test_a_racer_off_has_no_place_and_no_trail(ui):
    ui.playback.seek(300)
    assert ui("racer_3.place").text == "1st"
    ui.click("racer_3.enabled")
    assert ui("racer_3.place").text == ""
    assert ui("racer_2.place").text == "1st"
    ui.click("racer_3.enabled")
    assert ui("racer_3.place").text == "1st"


def test_solo_shows_one_alone(ui):
    ui.click("racer_1.solo")
    assert ui.scene.solo == 1
    assert ui.scene.shown_racers() == (1,)
    ui.click("racer_2.solo")
    assert ui.scene.solo == 2
    assert not ui("racer_1.solo").isChecked()
    ui.click("racer_2.solo")
    assert ui.scene.solo is None
    for _ in range(3):
        ui.click("undo")
    assert ui.scene == FIRST


def test_racers_are_added_up_to_eight(ui):
    for count, key in enumerate([*OPTIMIZERS][:4], start=5):
        action = ui("add_racer").menu().findChild(QAction, f"add_racer.{key}")
        assert ui("add_racer").isEnabled()
        action.trigger()
        assert len(ui.scene.racers) == count
        assert ui.scene.racers[-1].optimizer.key == key
        ui.wait(ui(f"racer_{count - 1}").isVisible)
    assert not ui("add_racer").isEnabled()
    assert "eight" in ui("add_racer").toolTip() or "8" in ui("add_racer").toolTip()
    assert sorted(racer.style for racer in ui.scene.racers) == list(range(8))
    assert len({racer.name for racer in ui.scene.racers}) == 8
    ui.settle()
    assert len(ui.race.runs) == 8
    assert not ui.window.grab().isNull()
    # One more is refused in one sentence, and nothing changes.
    before = ui.scene
    ui.click("racer_0.duplicate")
    ui.told_one("8", "remove one first", kind="warning")
    assert ui.scene == before
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_8)
    assert not ui.scene.racers[7].enabled
    for _ in range(5):
        ui.click("undo")
    assert ui.scene == FIRST
    assert not ui.has("racer_4")
    ui.settle()


def test_every_racer_can_be_removed_and_brought_back(ui):
    for left in range(3, -1, -1):
        ui.click("racer_0.remove")
        assert len(ui.scene.racers) == left
        ui.settle()
        assert not ui.window.grab().isNull()
    assert not ui.has("racer_0")
    for name in ("rewind", "step_forward", "to_end", "play", "play"):
        ui.click(name)
    ui.click("link_lr")
    ui.key(Qt.Key.Key_1)
    assert not ui.window.grab().isNull()
    for _ in range(5):
        ui.click("undo")
    assert ui.scene == FIRST
    ui.settle()
    assert len(ui.race.runs) == 4


def test_a_racer_keeps_its_look_when_another_is_removed(ui):
    looks = [racer.style for racer in ui.scene.racers]
    ui.click("racer_1.remove")
    assert [racer.style for racer in ui.scene.racers] == [looks[0], *looks[2:]]
    assert ui("racer_1.name").text() == "RMSProp"
    assert ui.has("racer_1.rho")
    assert not ui.has("racer_1.beta")
    ui.settle()


def test_a_copy_has_the_same_knobs_and_another_name(ui):
    ui.type("racer_3.beta1", "0.5")
    ui.click("racer_3.duplicate")
    assert ui.scene.racers[4].optimizer == ui.scene.racers[3].optimizer
    assert ui.scene.racers[4].name == "Adam 2"
    ui.settle()
    np.testing.assert_array_equal(ui.race.runs[3].path, ui.race.runs[4].path)
    assert ui("racer_4.beta1").text() == "0.5"


def test_a_racer_is_renamed_by_the_mouse_and_by_a_key(ui):
    field = ui("racer_0.name")
    QTest.mouseDClick(field, Qt.MouseButton.LeftButton)
    ui.wait(field.hasFocus)
    QTest.keyClicks(field, "Plain 1")
    ui.key(Qt.Key.Key_Return)
    assert ui.scene.racers[0].name == "Plain 1"
    assert field.text() == "Plain 1"
    assert ui("racer_0").accessibleName() == "Racer Plain 1"
    ui.key(Qt.Key.Key_F2)
    QTest.keyClicks(field, "Gone")
    ui.key(Qt.Key.Key_Escape)
    assert field.text() == "Plain 1"
    # Nothing is left of it: the old name stays.
    ui.key(Qt.Key.Key_F2)
    QTest.keyClicks(field, "  ")
    ui.key(Qt.Key.Key_Return)
    assert ui.scene.racers[0].name == "Plain 1"
    assert field.text() == "Plain 1"
    assert ui.scene.racers[0].enabled, "the digit of the name toggled a racer"
    ui.click("undo")
    assert ui.scene == FIRST
    assert field.text() == "SGD"


def test_the_finish_line_and_the_places(ui):
    ui.playback.seek(300)
    places = [ui(f"racer_{i}.place").text for i in range(4)]
    assert places == ["4th", "3rd", "2nd", "1st"]
    assert [ui(f"racer_{i}.outcome").text() for i in range(4)] == [
        run.outcome.sentence for run in ui.race.runs
    ]
    told = "First below 0.001 at step 75; stays below from step 98."
    assert ui("racer_3.outcome").text() == told
    ui.type("race_target", "1e-6")
    ui.settle()
    assert ui.race.runs[3].finish_step != 75
    assert ui.race.spec.target == 1e-6
    ui.type("race_target", "0")
    ui.settle()
    assert all(run.finish_step is None for run in ui.race.runs)
    ui.click("undo")
    ui.click("undo")
    assert ui.scene == FIRST
    ui.settle()


def test_nobody_is_first_while_all_are_level(ui):
    ui.click("rewind")
    for i in range(4):
        badge = ui(f"racer_{i}.place")
        assert badge.text == "tied"
        assert badge.accessibleDescription() == "1st, tied, still on its way"
        assert ui(f"racer_{i}.outcome").text() == "At the start."


def test_a_place_says_whether_it_is_won_and_whether_it_is_shared(ui):
    ui.playback.seek(80)  # Adam was below at 75, and is above it again; the others never were
    losses = [float(run.loss[80]) for run in ui.race.runs]
    assert losses[3] > 1e-3
    badge = ui("racer_3.place")
    assert (badge.text, badge.accessibleDescription()) == ("1st", "1st")
    assert ui("racer_3.outcome").text() == "First below 0.001 at step 75; above it now."
    second = min(range(3), key=lambda i: losses[i])
    said = ui(f"racer_{second}.place").accessibleDescription()
    assert said == "2nd, still on its way"
    ui.click(f"racer_{second}.duplicate")
    ui.settle()
    shared = [
        i for i, loss in enumerate(run.loss[80] for run in ui.race.runs) if loss == losses[second]
    ]
    assert len(shared) == 2
    for i in shared:
        badge = ui(f"racer_{i}.place")
        assert badge.text == "=2nd"
        assert badge.accessibleDescription() == "2nd, tied, still on its way"
    ui.click("undo")
    ui.settle()


# The surface


def test_another_surface_brings_its_start_steps_and_knobs(ui):
    before = ui.scene
    chooser = ui("surface_chooser")
    ui.focus(chooser)
    for _ in range(chooser.findData("rosenbrock") - chooser.currentIndex()):
        ui.key(Qt.Key.Key_Down)
    wanted = first_scene("rosenbrock")
    assert ui.scene == wanted
    assert ui("steps").value == wanted.steps
    assert ui("step_slider")._knob.high == wanted.steps
    assert ui.contour.home == wanted.surface.window
    assert ui("surface.b").isVisible()
    ui.settle()
    assert ui.race.spec.surface.key == "rosenbrock"
    ui.click("undo")
    assert ui.scene == before
    assert chooser.currentData() == "beale"
    assert not ui.has("surface.b")
    assert ui.contour.home == before.surface.window
    ui.settle()


def test_a_change_keeps_the_playhead_where_it_is(ui):
    ui.playback.seek(120)
    ui.type("racer_0.lr", "0.01")
    ui.settle()
    assert ui.playback.position == 120
    assert ui("step_slider").knob_value == 120


# Playing


def test_play_pause_and_from_the_start_at_the_end(ui):
    ui.click("play")
    assert ui.playback.playing
    assert ui("play").accessibleName() == "Pause"
    ui.wait(lambda: ui.playback.position > 1)
    ui.click("play")
    assert not ui.playback.playing
    assert ui("play").accessibleName() == "Play"
    stopped = ui.playback.position
    ui.click("to_end")
    assert ui.playback.position == 300
    ui.click("play")
    assert ui.playback.position < stopped + 300
    ui.wait(lambda: 0 < ui.playback.position < 300)
    ui.click("play")


def test_steps_rewind_and_end(ui):
    ui.click("step_forward")
    ui.click("step_forward")
    assert ui.playback.position == 2
    assert ui("step").text == "step 2"
    ui.click("step_back")
    assert ui.playback.position == 1
    ui.click("to_end")
    ui.click("step_forward")
    assert ui.playback.position == 300
    assert ui("step").text == "step 300"
    ui.click("rewind")
    ui.click("step_back")
    assert ui.playback.position == 0


def test_scrubbing_by_the_slider_stops_the_playing(ui):
    ui.click("play")
    ui.slide("step_slider", 0.5)
    assert not ui.playback.playing
    assert ui.playback.position == pytest.approx(150, abs=3)
    assert ui("step_slider").knob_value == ui.playback.position
    ui.focus(ui("step_slider"))
    ui.key(Qt.Key.Key_Home)
    assert ui.playback.position == 0
    ui.key(Qt.Key.Key_End)
    assert ui.playback.position == 300


def test_scrubbing_by_the_curves(ui):
    curves = ui("curves_view")
    room = curves.axes.plot
    middle = QPointF(room.center().x(), room.center().y())
    ui.press(curves, middle)
    assert ui.playback.position == pytest.approx(150, abs=3)
    ui.move(curves, QPointF(room.right(), room.center().y()))
    assert ui.playback.position == pytest.approx(300, abs=2)
    ui.move(curves, QPointF(room.left() - 500, 0))
    assert ui.playback.position == 0
    ui.release(curves, middle)
    assert ui("step_slider").knob_value == 0
    ui.focus(curves)
    ui.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert ui.playback.position == 10


def test_loop_begins_again(ui):
    ui.click("loop")
    assert ui.playback.loop
    assert ui("loop").isChecked()
    ui.playback.seek(299.9)
    ui.click("play")
    ui.wait(lambda: ui.playback.position < 100)
    assert ui.playback.playing
    ui.click("loop")
    assert not ui.playback.loop
    ui.playback.seek(299.9)
    ui.wait(lambda: not ui.playback.playing)
    assert ui.playback.position == 300


def test_the_speed_is_remembered(ui, opened):
    ui.focus(ui("speed"))
    ui.key(Qt.Key.Key_Down)
    assert ui.playback.speed == 2.0
    assert not ui.store.can_undo()
    ui.window.close()
    again = opened()
    assert again.playback.speed == 2.0
    assert again("speed").currentData() == 2.0


@pytest.mark.parametrize(("text", "steps"), [("1", 1), ("100000", 100_000)])
def test_the_shortest_and_the_longest_race(ui, text, steps):
    ui.playback.seek(200)
    ui.type("steps", text)
    ui.settle()
    assert ui.scene.steps == steps
    assert ui.paths().shape == (4, steps + 1, 2)
    assert np.isfinite(ui.paths()).all()
    assert ui.playback.position == min(200, steps)
    ui.click("to_end")
    assert ui.playback.position == steps
    assert ui("step").text == f"step {steps}"
    assert not ui.window.grab().isNull()
    ui.click("rewind")
    ui.click("step_forward")
    assert ui.playback.position == 1
    ui.click("undo")
    assert ui.scene == FIRST
    ui.settle()


# History


def test_reset_restores_the_scene_as_it_was_opened_and_can_be_undone(ui):
    ui.type("racer_0.lr", "0.1")
    ui.click("racer_1.remove")
    changed = ui.scene
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_R)
    assert ui.scene == FIRST
    ui.click("undo")
    assert ui.scene == changed
    ui.settle()


def test_undo_and_redo_are_off_when_there_is_nothing(ui):
    assert not ui("undo").isEnabled()
    assert not ui("redo").isEnabled()
    ui.type("racer_0.lr", "0.1")
    assert ui("undo").isEnabled()
    ui.click("undo")
    assert not ui("undo").isEnabled()
    assert ui("redo").isEnabled()
    ui.type("racer_0.lr", "0.2")
    assert not ui("redo").isEnabled()
    ui.settle()


def test_the_camera_is_part_of_the_history_and_f_fits(ui):
    home = ui.contour.projection
    middle = QPointF(ui.contour.width() / 2, ui.contour.height() / 2 + 120)
    ui.press(ui.contour, middle)
    for step in range(1, 6):
        ui.move(ui.contour, middle + QPointF(20 * step, 0))
    ui.release(ui.contour, middle + QPointF(100, 0))
    moved = ui.contour.projection
    assert moved != home
    assert ui.scene.camera is not None
    ui.click("undo")
    assert ui.contour.projection == home
    ui.click("redo")
    assert ui.contour.projection == moved
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_F)
    assert ui.contour.projection == home
    assert ui.scene.camera is None
    ui.settle()


# The pointer, and what is read-only


def test_the_readout_follows_the_pointer(ui):
    told = []
    original = ui.contour.show_readout
    ui.contour.show_readout = lambda lines: (told.append(lines), original(lines))
    at = QPointF(ui.contour.width() * 0.8, ui.contour.height() * 0.3)
    ui.hover(ui.contour, at)
    x, y = ui.contour.projection.data(at.x(), at.y())
    place, gradients = told[-1]
    told_x, told_y, loss = map(
        float, re.findall(r"[-+.\de]+", place.replace("\N{MINUS SIGN}", "-"))
    )
    assert (told_x, told_y) == pytest.approx((x, y), abs=0.002)
    assert loss == pytest.approx(ui.scene.surface.value(x, y), rel=0.01)
    assert gradients.startswith("gradient ")
    assert "curvatures" in gradients
    QApplication.sendEvent(ui.contour, QEvent(QEvent.Type.Leave))
    assert told[-1] == ()


def test_the_readout_tells_of_the_racer_under_the_pointer(ui):
    told = []
    original = ui.contour.show_readout
    ui.contour.show_readout = lambda lines: (told.append(lines), original(lines))
    ui.playback.seek(300)
    ui.click("racer_3.solo")
    x, y = ui.race.runs[3].path[300]
    ui.hover(ui.contour, ui.contour.pixel_of(x, y))
    assert told[-1][0].startswith("Adam at (")
    ui.playback.seek(10)
    assert "Adam at (" in told[-1][0]


def test_scene_and_race_are_read_only_properties(ui):
    assert ui.window.scene == ui.scene
    assert ui.window.race.spec == ui.scene.race_spec()
    for name in ("scene", "race"):
        with pytest.raises(AttributeError):
            setattr(ui.window, name, None)
    assert ui.window.objectName() == "main_window"


def test_the_settings_can_be_printed_on_the_stage(ui):
    told = []
    original = ui.contour.show_caption
    ui.contour.show_caption = lambda lines: (told.append(lines), original(lines))
    ui.parts.window.view_menu.findChild(QAction, "menu.caption").trigger()
    lines = "\n".join(told[-1])
    assert "start (1, 1.5)" in lines
    for racer in ui.scene.racers:
        assert racer.name in lines
    assert "β₁ 0.9" in lines
    ui.playback.seek(42)
    assert "step 42 of 300" in told[-1][0]
    assert "places by the first step below it, then by loss" in told[-1][0]
    ui.click("racer_0.remove")
    ui.settle()
    assert "SGD" not in "\n".join(told[-1])
    ui.parts.window.view_menu.findChild(QAction, "menu.caption").trigger()
    assert told[-1] == ()
