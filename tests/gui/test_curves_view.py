"""The loss curves: what they draw, that they hold still, and how they scrub."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton

from optiviz.engine import run_race
from optiviz.gui.drawing.loss_axes import (
    FLOOR,
    StepCurve,
    ValueRange,
    held_range,
    step_ticks,
    thin_columns,
    wanted_range,
)
from optiviz.gui.drawing.loss_curves import StyledCurve
from optiviz.gui.drawing.loss_picture import StepPicture
from optiviz.gui.theme import palette as theme
from optiviz.gui.theme.palette import Look
from optiviz.gui.views.curves import CurvesView
from optiviz.scene import first_scene
from optiviz.scene.edits import move_start, set_racer_knob, set_solo, set_steps, set_target

# The numbers behind it


def curve(*values, diverged=False):
    return StepCurve(np.array(values, dtype=float), diverged)


def test_a_log_axis_reaches_from_the_start_to_three_decades_below_the_finish():
    shown = wanted_range([curve(41.0, 1.0, 1e-9)], 1e-3, log=True)
    assert (shown.low, shown.high) == (1e-6, 1e2)


def test_the_finish_is_always_on_a_log_axis():
    shown = wanted_range([curve(41.0, 20.0)], 1e-3, log=True)
    assert shown.low == 1e-4


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize("last", [1e30, 1e300])
def test_a_diverged_racer_never_decides_the_range(log, last):
    calm = curve(40.0, 1.0)
    alone = wanted_range([calm], 1e-3, log=log)
    assert wanted_range([calm, curve(40.0, last, diverged=True)], 1e-3, log=log) == alone


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize(
    "curves",
    [
        [],
        [curve(0.0, 0.0)],
        [curve(-1e-17, 0.0)],
        [curve(1e300, 1e300)],
        [curve(1e-300, 1e-308)],
        [curve(1.0, 1e280, 1.0)],
        [curve(5.0, diverged=True)],
        [curve(3.0)],
    ],
)
@pytest.mark.parametrize("target", [0.0, 1e-12, 1e-3, 1e6])
def test_every_range_is_one_that_can_be_drawn(curves, target, log):
    shown = wanted_range(curves, target, log=log)
    assert math.isfinite(shown.high)
    assert 0.0 <= shown.low < shown.high
    for each in [*curves, curve(math.nan, math.inf, -math.inf, 1e308)]:
        assert np.isfinite(shown.share(each.values)).all()
    ticks = shown.ticks(180.0, 25.0)
    assert 2 <= len(ticks) <= 12
    assert all(0.0 <= share <= 1.0 for share, _ in ticks)


def test_losses_below_the_floor_stand_on_it():
    shown = ValueRange(FLOOR, 1.0, log=True)
    assert shown.share(np.array([0.0, -1e-17, 1e-300, FLOOR, 1.0])).tolist() == [0, 0, 0, 0, 1]


def test_a_range_that_is_held_does_not_jump():
    shown = ValueRange(1e-6, 1e2, log=True)
    assert held_range(shown, ValueRange(1e-7, 1e3, log=True)) == shown
    assert held_range(shown, ValueRange(1e-2, 1e1, log=True)) == shown
    assert held_range(shown, ValueRange(1e-6, 1e5, log=True)).high == 1e5
    assert held_range(shown, ValueRange(1e-9, 1e2, log=True)).low == 1e-9
    linear = ValueRange(0.0, 50.0, log=False)
    assert held_range(linear, ValueRange(0.0, 70.0, log=False)) == linear
    assert held_range(linear, ValueRange(0.0, 100.0, log=False)).high == 100.0
    assert held_range(shown, linear) == linear


def test_ticks_are_powers_of_ten():
    ticks = ValueRange(1e-6, 1e2, log=True).ticks(100.0, 25.0)
    assert [text for _, text in ticks] == ["10⁻⁶", "10⁻⁴", "10⁻²", "1", "10²"]
    ticks = ValueRange(1e-1, 1e2, log=True).ticks(100.0, 25.0)
    assert [text for _, text in ticks] == ["10⁻¹", "1", "10", "10²"]


def test_steps_are_whole_numbers():
    assert step_ticks(1, 250.0, 60.0) == [(0, "0"), (1, "1")]
    assert step_ticks(300, 250.0, 60.0) == [(0, "0"), (100, "100"), (200, "200"), (300, "300")]
    assert step_ticks(100_000, 250.0, 80.0)[-1] == (100_000, "100\u202f000")


def test_a_thinned_curve_keeps_the_extremes_of_every_column():
    values = np.random.default_rng(1).normal(size=100_000)
    values[77_777] = 50.0
    kept = thin_columns(values, 250)
    assert len(kept) <= 2 * 250 + 2
    assert kept[0] == 0
    assert kept[-1] == 99_999
    assert 77_777 in kept
    assert values[kept].min() == values.min()
    assert (np.diff(kept) > 0).all()


@pytest.mark.parametrize("count", [1, 2, 5, 999, 1000, 1001, 1003])
def test_thinning_works_at_every_length(count):
    kept = thin_columns(np.arange(count, dtype=float), 250)
    assert kept[0] == 0
    assert kept[-1] == count - 1


# The view


@pytest.fixture(scope="module")
def scene():
    return first_scene("beale")


@pytest.fixture(scope="module")
def race(scene):
    return run_race(scene.race_spec())


@pytest.fixture
def view(qtbot, scene, race):
    made = CurvesView()
    qtbot.addWidget(made)
    made.resize(310, 230)
    made.show_scene(scene)
    made.show_race(race)
    made.show()
    return made


@pytest.fixture
def wishes(view):
    said = []
    view.scrub_wished.connect(lambda position: said.append(position))
    return said


def picture_of(view) -> QImage:
    return view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def pixels(image: QImage) -> np.ndarray:
    data = np.frombuffer(image.constBits(), np.uint8)
    rows = data.reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 2::-1].copy()


def shows(view, color: str, within=(0.0, 1.0)) -> int:
    """How many pixels of the plot, between two shares of its width, are of a colour."""
    plot = view.axes.plot
    left, right = (round(plot.left() + share * plot.width()) for share in within)
    part = pixels(picture_of(view))[round(plot.top()) : round(plot.bottom()) + 2, left:right]
    wanted = np.array(QColor(color).getRgb()[:3])
    return int((np.abs(part.astype(int) - wanted).max(axis=2) < 12).sum())


def place(view, step) -> QPoint:
    plot = view.axes.plot
    x = plot.left() + plot.width() * step / 300
    return QPointF(x, plot.center().y()).toPoint()


def test_it_says_what_it_is(view):
    assert view.objectName() == "curves_view"
    assert view.accessibleName() == "Loss by step"
    assert "Left" in view.toolTip()
    assert view.accessibleDescription().startswith("Step 0 of 300: SGD ")


def test_every_racer_is_drawn_in_its_colour_up_to_the_playhead(view):
    view.show_step(300.0)
    for color in theme.DARK.racers[:4]:
        assert shows(view, color) > 20


def test_what_lies_ahead_is_paler(view):
    sgd = theme.DARK.racers[0]
    view.show_step(150.0)
    assert shows(view, sgd, (0.0, 0.48)) > 20
    assert shows(view, sgd, (0.52, 1.0)) == 0


def test_a_racer_that_is_not_shown_is_not_drawn(view, scene):
    view.show_step(300.0)
    view.show_scene(set_solo(scene, 0, True))
    assert shows(view, theme.DARK.racers[0]) > 20
    assert shows(view, theme.DARK.racers[3]) == 0


def test_the_axis_stays_when_a_racer_is_hidden(view, scene):
    before = view.value_range
    view.show_scene(set_solo(scene, 0, True))
    assert view.value_range == before


def test_colours_stay_right_until_the_race_of_a_new_scene_arrives(view, scene):
    view.show_step(300.0)
    without_sgd = replace(scene, racers=scene.racers[1:])
    view.show_scene(without_sgd)
    assert shows(view, theme.DARK.racers[0]) > 20, "the old race is still shown"
    view.show_race(run_race(without_sgd.race_spec()))
    assert shows(view, theme.DARK.racers[0]) == 0
    assert shows(view, theme.DARK.racers[3]) > 20


def test_a_diverged_racer_leaves_the_axes_alone_and_ends_in_a_cross(view, scene, race):
    before = view.value_range
    wild = set_racer_knob(scene, 0, "lr", 0.5)
    gone = run_race(wild.race_spec())
    assert gone.runs[0].diverged_step is not None
    view.show_scene(wild)
    view.show_race(gone)
    view.show_step(300.0)
    assert view.value_range == before
    assert shows(view, theme.DARK.racers[0], (0.0, 0.1)) > 15
    assert shows(view, theme.DARK.racers[0], (0.1, 1.0)) == 0
    assert f"SGD diverged at step {gone.runs[0].diverged_step}" in _described(view)


def _described(view):
    view.show_race(view._race)
    return view.accessibleDescription()


def test_the_axis_holds_still_while_a_hand_moves_and_settles_after(view, scene, race):
    before = view.value_range
    view.show_ghost(race)
    near = run_race(move_start(scene, 2.9, 0.5).race_spec())
    view.show_race(near)
    assert view.value_range == before
    view.show_ghost(None)
    assert view.value_range != before


def test_a_ghost_is_drawn_of_those_racers_alone_that_changed(view, scene, race):
    view.show_step(300.0)
    slow = set_racer_knob(scene, 0, "lr", 0.001)
    view.show_scene(slow)
    view.show_race(run_race(slow.race_spec()))
    before = pixels(picture_of(view)).astype(int)
    view.show_ghost(race)
    with_ghost = pixels(picture_of(view)).astype(int)
    changed = np.argwhere(np.abs(with_ghost - before).max(axis=2) > 30)
    assert len(changed) > 50
    view.show_ghost(None)
    assert (pixels(picture_of(view)) == before).all()


def test_the_loss_above_a_least_that_is_not_zero_is_called_so(view, scene, race, monkeypatch):
    assert view.findChild(QLabel, "curves_view.title").text() == "Loss"
    surface = type(race.spec.surface)
    monkeypatch.setattr(surface, "least", property(lambda _: -19.2))
    view.show_race(race)
    title = view.findChild(QLabel, "curves_view.title")
    assert title.text() == "Loss above its least"
    assert "-19.2" in title.toolTip()


@pytest.mark.parametrize("target", [0.0, 1e-3, 1e3])
def test_the_finish_line_is_on_the_axis_or_not_there(view, scene, target):
    moved = set_target(scene, target)
    view.show_scene(moved)
    view.show_race(run_race(moved.race_spec()))
    view.grab()
    finish = view.axes.finish_y(target)
    assert (finish is None) == (target == 0.0)


def test_the_word_finish_stands_where_no_curve_runs(qapp):
    drawn = StepPicture(Look(), (310.0, 230.0), 30.0, 1.0)
    drawn.steps = 100
    drawn.values = ValueRange(1e-6, 1e2, log=True)
    free = drawn.finish_label(1e-3, (40.0, 10.0))
    assert free.x() > drawn.plot.center().x()
    assert free.y() < drawn.finish_y(1e-3)
    # A curve that runs just above the line on the right.
    values = np.full(101, 2e-3)
    drawn.draw_curves([StyledCurve(StepCurve(values, False), 0)])
    below = drawn.finish_label(1e-3, (40.0, 10.0))
    assert below.y() > drawn.finish_y(1e-3)
    # Under a hand it stays there although the first place is free again; at rest it returns.
    drawn.draw_curves([])
    assert drawn.finish_label(1e-3, (40.0, 10.0), hold=True) == below
    assert drawn.finish_label(1e-3, (40.0, 10.0)) == free


def test_moving_the_playhead_draws_no_curve_again(view, monkeypatch):
    view.grab()
    monkeypatch.setattr(StepPicture, "draw_curves", None)
    monkeypatch.setattr(StepPicture, "draw_ground", None)
    for step in range(0, 300, 7):
        view.show_step(float(step))
        view.grab()


def test_showing_never_emits(view, scene, race, wishes):
    view.log_wished.connect(lambda log: wishes.append(log))
    view.show_scene(scene)
    view.show_race(race)
    view.show_ghost(race)
    view.show_ghost(None)
    view.show_step(12.5)
    view.show_log(False)
    view.show_log(True)
    view.show_look(Look(theme.LIGHT, 1.6))
    assert not wishes


def test_a_click_and_a_drag_scrub(view, wishes, qtbot):
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(view, left, pos=place(view, 100))
    qtbot.mouseMove(view, place(view, 150))
    qtbot.mouseRelease(view, left, pos=place(view, 150))
    assert wishes[0] == pytest.approx(100, abs=1)
    assert wishes[1] == pytest.approx(150, abs=1)
    assert len(wishes) == 2
    qtbot.mouseMove(view, place(view, 200))
    assert len(wishes) == 2, "the button is up"


def test_a_drag_beyond_the_ends_stays_in_the_race(view, wishes, qtbot):
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(view, left, pos=place(view, 100))
    qtbot.mouseMove(view, QPoint(-50, 100))
    qtbot.mouseMove(view, QPoint(900, 100))
    qtbot.mouseRelease(view, left, pos=QPoint(900, 100))
    assert wishes[1:] == [0.0, 300.0]


def test_other_buttons_do_not_scrub(view, wishes, qtbot):
    qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=place(view, 100))
    assert not wishes


@pytest.mark.parametrize(
    ("key", "modifier", "start", "wished"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 64.4, 65.0),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 64.4, 64.0),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 64.0, 74.0),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 4.0, 0.0),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 300.0, 300.0),
    ],
)
def test_arrows_scrub(view, wishes, qtbot, key, modifier, start, wished):
    view.show_step(start)
    qtbot.keyClick(view, key, modifier)
    assert wishes == [wished]


def test_other_keys_are_left_to_the_window(view, wishes, qtbot):
    qtbot.keyClick(view, Qt.Key.Key_Space)
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert not wishes


def test_the_axis_is_wished_for_and_changes_when_it_is_shown(view, qtbot):
    wished = []
    view.log_wished.connect(wished.append)
    button = view.findChild(QToolButton, "curves_view.scale")
    menu = view.findChild(QMenu, "curves_view.scale.menu")
    linear = next(action for action in view.findChildren(QAction) if action.text() == "Linear")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert menu.isVisible()
    linear.trigger()
    menu.close()
    assert wished == [False]
    assert view.value_range.log
    assert not linear.isChecked()
    view.show_log(False)
    assert linear.isChecked()
    assert button.text() == "linear ▾"
    assert view.value_range == ValueRange(0.0, 50.0, log=False)


def test_the_focus_can_be_seen(view, qtbot):
    view.grab()
    accent = QColor(theme.DARK.accent)
    assert QColor(picture_of(view).pixel(155, 1)) != accent
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    assert QColor(picture_of(view).pixel(155, 1)) == accent


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize("steps", [1, 2, 100_000])
def test_races_of_every_length_are_drawn(view, scene, steps, log):
    other = set_steps(scene, steps)
    view.show_scene(other)
    view.show_log(log)
    view.show_race(run_race(other.race_spec()))
    view.show_step(float(steps))
    assert shows(view, theme.DARK.racers[0], (-0.01, 1.0)) > 3


@pytest.mark.parametrize("size", [(40, 30), (180, 140), (520, 400), (1900, 1000)])
@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_size_and_look_is_drawn(view, size, name):
    view.resize(*size)
    view.show_look(Look(theme.THEMES[name], 1.6))
    assert not view.grab().isNull()


def test_without_a_race_it_is_empty(qtbot):
    empty = CurvesView()
    qtbot.addWidget(empty)
    empty.resize(310, 230)
    empty.show_log(False)
    empty.show_step(3.0)
    qtbot.keyClick(empty, Qt.Key.Key_Right)
    colors = {QColor(picture_of(empty).pixel(x, 200)).name() for x in range(0, 310, 10)}
    assert colors == {theme.DARK.window}


def test_a_screen_of_another_sharpness_gets_sharp_curves(view, qtbot, monkeypatch):
    view.grab()
    assert view._kept["curves"].drawn.devicePixelRatio() == 1.0
    monkeypatch.setattr(view, "devicePixelRatioF", lambda: 2.0)
    QApplication.sendEvent(view, QEvent(QEvent.Type.DevicePixelRatioChange))
    qtbot.waitUntil(lambda: view._kept["curves"].drawn.devicePixelRatio() == 2.0)
    assert view._kept["ground"].drawn.devicePixelRatio() == 2.0
    assert view.axes.sharpness == 2.0


def test_a_long_curve_is_looked_through_once(view, scene, monkeypatch):
    long = set_steps(scene, 20_000)
    race = run_race(long.race_spec())
    view.show_scene(long)
    view.show_race(race)
    view.grab()
    monkeypatch.setattr("optiviz.gui.drawing.loss_axes.thin_columns", None)
    view.show_scene(set_solo(long, 0, True))
    view.grab()
    view.show_ghost(race)
    view.show_race(race)
    view.grab()
    view.show_ghost(None)
    view.show_scene(long)
    view.show_step(20_000.0)
    assert shows(view, theme.DARK.racers[3]) > 20


def test_what_is_asked_of_a_curve_is_its_extremes():
    some = curve(3.0, -1.0, 2e-3, 0.0, 7.0, 4.0)
    assert (some.start, some.end, some.peak, some.bottom) == (3.0, 4.0, 7.0, 2e-3)
    assert curve(0.0, -1.0).bottom == math.inf
    above = StepCurve(np.array([5.0, 1.5, 2.0]), False, least=1.5)
    assert (above.start, above.end, above.peak, above.bottom) == (3.5, 0.5, 3.5, 0.5)
    steps, values = above.thinned(100)
    assert steps.tolist() == [0, 1, 2]
    assert values.tolist() == [3.5, 0.0, 0.5]


def test_a_race_that_was_prepared_is_looked_through_no_more(view, scene, monkeypatch):
    long = set_steps(scene, 20_000)
    race = run_race(long.race_spec())
    view.preparation()(race)
    monkeypatch.setattr("optiviz.gui.drawing.loss_axes.thin_columns", None)
    view.show_scene(long)
    view.show_race(race)
    view.show_step(20_000.0)
    assert shows(view, theme.DARK.racers[3]) > 20


def test_the_floor_of_theory_is_a_line_over_the_curves_at_its_height(view, scene):
    plain = pixels(picture_of(view))
    loss, axes = 1e-2, view.axes
    view.show_floors(((scene.racers[0].style, loss),))
    drawn = pixels(picture_of(view))
    rows = np.flatnonzero((drawn != plain).reshape(len(plain), -1).any(axis=1))
    y = axes.finish_y(loss)
    assert rows.min() > y - 25.0, "the word theory stands right above it"
    assert rows.max() <= y + 3.0
    across = np.flatnonzero((drawn != plain)[round(y)].reshape(drawn.shape[1], -1).any(axis=1))
    assert np.ptp(across) > 0.9 * axes.plot.width()
    view.show_floors(((scene.racers[0].style, 1e-40),))
    assert np.array_equal(pixels(picture_of(view)), plain), "one that is off the axis is not drawn"
    view.show_floors(())
    assert np.array_equal(pixels(picture_of(view)), plain)
