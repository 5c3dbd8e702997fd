"""Bad input: fields, divergence, extremes, errors in jobs, closing in the middle of work."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from optiviz.engine import MAX_STEPS
from optiviz.gui.compute.latest_wins import Cancelled
from optiviz.gui.controllers import jobs, upkeep
from optiviz.gui.widgets.number_field import NumberField
from optiviz.scene import Camera, edits, first_scene
from optiviz.scene.file import dumps, loads

FIRST = first_scene("beale")
WRONG = ("abc", "", "inf", "nan", "-inf", "1e999", "1,2,3", "--1", "0x10", "1e", "+")


def number_fields(ui):
    fields = ui.window.findChildren(NumberField)
    # A clip's limit is closed until there is a clip; it has a test of its own, as have those of
    # instruments that are folded away.
    shown = (field for field in fields if field.isEnabled() and field.isVisible())
    return [field for field in shown if field.objectName()]


def bubbles(ui):
    labels = ui.window.findChildren(QLabel)
    return [label.text() for label in labels if label.property("bubble") and label.isVisible()]


@pytest.mark.parametrize("surface", ["beale", "rosenbrock", "quadratic"])
def test_every_field_refuses_what_is_no_number_and_says_what_is_allowed(opened, surface):
    ui = opened(first_scene(surface))
    for i in range(4):
        ui.click(f"racer_{i}.more")
    before = ui.scene
    fields = number_fields(ui)
    assert len(fields) >= 15
    for field in fields:
        name, old = field.objectName(), field.text()
        allowed = field._knob
        for text in (
            *WRONG,
            f"{allowed.high * 2 + 1:.6g}",
            f"{allowed.low - abs(allowed.low) - 1:.6g}",
        ):
            ui.type(name, text)
            assert field.invalid, (name, text)
            assert field.accessibleDescription().split(" must be ")[1].startswith("a ")
            assert any("must be" in told for told in bubbles(ui)), (name, text)
            assert ui.scene == before, (name, text)
            ui.key(Qt.Key.Key_Escape)
            assert field.text() == old
            assert not field.invalid
        # Left without Enter, the old value is back too.
        ui.type(name, "abc", enter=False)
        ui.focus(ui.contour)
        assert field.text() == old
    assert ui.scene == before
    assert ui.told == []


def test_a_comma_is_a_decimal_point(ui):
    ui.type("racer_0.lr", "0,05")
    assert ui.knob("racer_0.lr") == 0.05
    ui.type("start_x", "1,5")
    assert ui.scene.start[0] == 1.5
    ui.settle()


@pytest.mark.parametrize("text", ["0", "-5", "1.5", "100001", "1e9", "99999999999999999999"])
def test_steps_that_no_race_has(ui, text):
    ui.type("steps", text)
    assert ui("steps").invalid
    assert ui.scene.steps == 300
    ui.key(Qt.Key.Key_Escape)
    assert ui("steps").text() == "300"


def test_a_long_paste_is_cut(ui):
    ui.type("racer_0.lr", "", enter=False)
    ui("racer_0.lr").insert("9" * 100_000)
    ui.key(Qt.Key.Key_Return)
    assert ui("racer_0.lr").invalid
    assert ui.scene == FIRST
    ui.key(Qt.Key.Key_Escape)


# Divergence


def drawn(ui):
    """Draw the window at the start, in the middle and at the end; warnings fail the test."""
    for position in (0, 1, 150.5, ui.scene.steps):
        ui.playback.seek(position)
        assert not ui.window.grab().isNull()


def assert_finite(ui):
    assert np.isfinite(ui.paths()).all()
    low_high = ui("curves_view").value_range
    assert np.isfinite([low_high.low, low_high.high]).all()


@pytest.mark.parametrize("index", range(3))
def test_a_racer_that_diverges_leaves_the_axes_where_they_were(ui, index):
    seen = ui.contour.projection
    ui.type(f"racer_{index}.lr", "1000")
    ui.settle()
    assert ui.contour.projection == seen
    assert ui.scene.camera is None
    run = ui.race.runs[index]
    assert run.diverged_step is not None
    assert ui(f"racer_{index}.outcome").text() == "At the start.", "it is still ahead"
    assert_finite(ui)
    drawn(ui)
    card = ui(f"racer_{index}.outcome").text()
    assert card.startswith(f"Diverged at step {run.diverged_step}.")
    assert "bound" in card
    assert ui(f"racer_{index}.place").text == "", "who is gone has no place"
    assert "nan" not in ui(f"racer_{index}.loss").text.lower()
    assert ui.told == []


def test_the_curves_keep_their_axes_when_a_racer_diverges(ui):
    before = ui("curves_view").value_range
    ui.type("racer_0.lr", "1000")
    ui.settle()
    after = ui("curves_view").value_range
    assert (after.low, after.high) == pytest.approx((before.low, before.high), rel=0.5)


@pytest.mark.parametrize("surface", ["beale", "rosenbrock", "quadratic", "himmelblau"])
@pytest.mark.parametrize("lr", ["1e-9", "1000"])
def test_every_racer_at_both_ends_of_epsilon(opened, surface, lr):
    ui = opened(first_scene(surface))
    seen = ui.contour.projection
    ui.click("link_lr")
    ui.type("racer_0.lr", lr)
    ui.settle()
    assert {racer.optimizer.lr for racer in ui.scene.racers} == {float(lr)}
    assert ui.contour.projection == seen
    assert_finite(ui)
    drawn(ui)
    for i, run in enumerate(ui.race.runs):
        assert ui(f"racer_{i}.outcome").text() == run.outcome.sentence
        if lr == "1e-9":
            assert run.diverged_step is None
    assert ui.told == []


def test_the_slider_reaches_only_sensible_values(ui):
    ui.slide("racer_0.lr.slider", 1.0)
    assert ui.knob("racer_0.lr") == 10.0
    ui.settle()
    drawn(ui)
    ui.slide("racer_0.lr.slider", 0.0)
    assert ui.knob("racer_0.lr") == 1e-5
    ui.settle()


def test_all_racers_diverged_with_every_extra_on(ui):
    menu = ui.window.view_menu
    menu.findChild(QAction, "menu.caption").trigger()
    menu.findChild(QAction, "menu.stretch").trigger()
    ui.click("link_lr")
    ui.type("racer_0.lr", "1000")
    ui.settle()
    drawn(ui)
    for name in ("racer_0", "racer_1", "racer_2", "racer_3"):
        ui.click(f"{name}.solo")
        drawn(ui)
    ui.hover(ui.contour, QPointF(200, 200))
    assert ui.told == []


@pytest.mark.parametrize(
    "start", [(1e6, -1e6), (1e300, 1e300), (-1.7e308, 1.7e308), (0.0, 0.0), (5e-324, -5e-324)]
)
def test_a_start_from_anywhere(opened, start):
    ui = opened(edits.move_start(FIRST, *start))
    assert_finite(ui)
    drawn(ui)
    assert ui.told == []
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_Left)
    ui.settle()


@pytest.mark.parametrize(
    "camera",
    [
        (-1e9, 1e9, -1e9, 1e9),
        (-1e100, 1e100, -1e100, 1e100),
        (9e99, 1e100, 0.0, 5e-324),
        (1.0, 1.0 + 1e-9, 1.0, 1.0 + 1e-9),
        (1e6, 1e6 + 1, -1, 1),
        (-1, 1, -1e-9, 1e-9),
        (-0.001, 4000, -1, 2),
    ],
)
def test_a_camera_from_anywhere(opened, camera):
    ui = opened(edits.set_camera(FIRST, Camera(*camera)))
    drawn(ui)
    assert loads(dumps(ui.scene)) == ui.scene
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_Left)
    ui.key(Qt.Key.Key_F)
    ui.settle()
    assert ui.scene.camera is None
    assert ui.told == []


def test_zooming_as_far_as_it_goes(ui):
    for notches in (-120, 120):
        for _ in range(150):
            ui.contour._hand._zoom(0.85 ** (notches / 60), QPointF(300, 300))
        ui.wait(lambda: ui.store.gesture is None)
        ui.settle()
        drawn(ui)
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_F)
    ui.settle()
    assert ui.told == []


def test_eight_racers_over_the_longest_race(ui):
    scene = FIRST
    for key in ("sgd", "momentum", "rmsprop", "adam"):
        scene = edits.add_racer(scene, key)
    ui.store.open(edits.set_steps(scene, MAX_STEPS))
    ui.settle()
    assert ui.paths().shape == (8, MAX_STEPS + 1, 2)
    drawn(ui)
    # It still answers to a hand.
    ui.release(ui.contour, ui.drag_start(20, 20))
    ui.settle()
    assert ui.race.spec.start == ui.scene.start


# Errors in jobs


def test_an_error_in_a_race_is_told_and_the_app_goes_on(ui, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("the wheels came off")

    before = ui.race
    monkeypatch.setattr(jobs, "run_race", broken)
    ui.type("racer_0.lr", "0.01")
    problem = ui.told_one("the wheels came off")
    assert "ZeroDivisionError" in problem.details
    assert ui.race is before
    assert ui.scene.racers[0].optimizer.lr == 0.01
    ui.click("message_bar.details")
    assert "Traceback" in ui("message_bar.text").toPlainText()
    ui.click("message_bar.dismiss")
    assert not ui("message_bar").isVisible()
    monkeypatch.undo()
    ui.type("racer_0.lr", "0.011")
    ui.settle()
    assert ui.race is not before
    ui.click("play")
    ui.wait(lambda: ui.playback.position > 1)
    ui.click("play")


def test_an_error_while_the_surface_is_drawn_is_told(ui, monkeypatch):
    def broken(*_, **__):
        raise MemoryError

    monkeypatch.setattr(jobs, "sample_field", broken)
    ui.type("racer_0.lr", "0.01")
    ui.window.resize(1300, 800)
    ui.told_one("MemoryError")
    monkeypatch.undo()
    ui.window.resize(1440, 900)
    ui.settle()
    assert ui.told == []


def test_an_error_in_the_warm_up_is_only_a_warning(opened, monkeypatch):
    def broken(_):
        raise OSError("no compiler")

    monkeypatch.setattr(upkeep, "warm_up", broken)
    ui = opened()
    ui.told_one("no compiler", kind="warning")
    ui.type("racer_0.lr", "0.01")
    ui.settle()


def test_the_same_error_again_is_counted_and_not_repeated(ui, monkeypatch):
    def broken(*_, **__):
        raise ValueError("again")

    monkeypatch.setattr(jobs, "run_race", broken)
    for text in ("0.01", "0.011", "0.012"):
        count = len(ui.told)
        ui.type("racer_0.lr", text)
        ui.wait(lambda count=count: len(ui.told) > count)
    assert [problem.count for problem in ui.told] == [1, 2, 3]
    assert ui.window.findChild(QLabel, "message_bar.count").text() == "3 times"
    ui.told.clear()


def test_the_message_bar_moves_nothing(ui):
    places = {
        name: ui(name).geometry()
        for name in ("contour_view", "racers_panel", "instruments", "play", "step_slider")
    }
    ui.parts.problems.tell("Something " + "very " * 60 + "long went wrong.", details="a\n" * 30)
    ui.told_one("very")
    bar = ui("message_bar")
    ui.click("message_bar.details")
    QApplication.processEvents()
    assert {name: ui(name).geometry() for name in places} == places
    assert ui.contour.geometry().contains(bar.geometry().center())
    assert ui.window.rect().contains(bar.geometry())
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert {name: ui(name).geometry() for name in places} == places


# Closing


def test_closing_in_the_middle_of_work_ends_it(ui, monkeypatch):
    began, ended, pause = threading.Event(), threading.Event(), threading.Event()

    def endless(spec, cancelled, **_):
        began.set()
        while not cancelled():
            pause.wait(0.001)
        ended.set()
        raise Cancelled

    monkeypatch.setattr(jobs, "run_race", endless)
    ui.type("racer_0.lr", "0.01")
    ui.wait(began.is_set)
    ui.click("play")
    assert ui.window.close()
    assert ended.is_set()
    assert not ui.parts.compute.busy()
    assert not ui.playback.playing
    # What comes afterwards is nobody's any more.
    ui.parts.compute.submit("race", None, lambda *_: None)
    assert not ui.parts.compute.busy()


def test_closing_while_the_longest_race_of_eight_is_run(ui):
    scene = FIRST
    for key in ("sgd", "momentum", "rmsprop", "adam"):
        scene = edits.add_racer(scene, key)
    ui.store.open(edits.set_steps(scene, MAX_STEPS))
    assert ui.parts.compute.busy()
    assert ui.window.close()
    assert not ui.parts.compute.busy()
    QApplication.processEvents()
    assert ui.told == []


def test_closing_in_the_middle_of_a_drag(ui):
    ui.click("play")
    ui.drag_start(50, 50)
    assert ui.window.close()
    assert not ui.playback.playing


def test_closing_with_a_text_half_typed(ui):
    ui.type("racer_0.lr", "0.0", enter=False)
    assert ui.window.close()
    assert isinstance(ui("racer_0.lr"), QLineEdit)
