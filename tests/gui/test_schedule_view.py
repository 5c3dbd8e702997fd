"""The schedule's panel by itself: its axis, its handles, its keys, its list of snapshots."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from optiviz.engine import SCHEDULES, run_race
from optiviz.engine.bounds import Bounds, NoBound
from optiviz.engine.part import MAX_TEXT
from optiviz.engine.schedules import Constant, Drawn, Milestones
from optiviz.engine.snapshots import Snapshot, Snapshots
from optiviz.engine.zone import band, share
from optiviz.gui.theme.palette import DARK, LIGHT, Look
from optiviz.gui.views.schedule import ScheduleView
from optiviz.gui.views.schedule.axis import RateAxis, wanted_axis
from optiviz.gui.views.schedule.course import Course, courses_of
from optiviz.gui.views.schedule.header import EACH_ITS_OWN
from optiviz.gui.views.schedule.marks import label_room
from optiviz.gui.views.schedule.shade import zone_area
from optiviz.gui.views.schedule.stroke import MOST_KNOTS, simplified
from optiviz.gui.views.schedule.view import DIFFER, EVERYBODY
from optiviz.scene import edits, first_scene

FIRST = first_scene("beale")  # 300 steps, 3 an epoch: 100 epochs
EPOCHS = 100.0
ADAM = 3  # the racer with the greatest ε
LR = FIRST.racers[ADAM].optimizer.lr
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(qtbot):
    view = ScheduleView()
    qtbot.addWidget(view)
    view.show_look(Look())
    view.resize(420, 700)
    view.show_suggested(FIRST.racers[ADAM].style)
    view.show_scene(FIRST)
    view.on_chart_wished(True)
    view.show()
    qtbot.waitExposed(view)
    return view


def with_schedule(schedule, index=None, scene=FIRST):
    return edits.set_schedule(scene, schedule, index)


def grip(view, name):
    return {each.name: each for each in view.plot.grips}[name]


def mouse(view, kind, at, held=True):
    button = LEFT if kind != QEvent.Type.MouseMove else Qt.MouseButton.NoButton
    buttons = LEFT if held and kind != QEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
    place = QPointF(view.plot.mapToGlobal(at))
    QApplication.sendEvent(view.plot, QMouseEvent(kind, at, place, button, buttons, NONE))


def drag(view, name, dx, dy):
    """Take a handle, go by pixels, and let go; gives what was told on the way."""
    told = []
    view.schedule_dragged.connect(lambda index, schedule: told.append((index, schedule)))
    view.schedule_dragged.connect(
        lambda index, schedule: view.show_scene(
            with_schedule(schedule, None if index < 0 else index, view._scene)
        )
    )
    at = grip(view, name).at
    mouse(view, QEvent.Type.MouseButtonPress, at)
    for part in (0.5, 1.0):
        mouse(view, QEvent.Type.MouseMove, at + QPointF(dx, dy) * part)
    mouse(view, QEvent.Type.MouseButtonRelease, at + QPointF(dx, dy))
    return told


# The axis


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("peak", [1e-280, 1e-9, 0.02, 0.5, 1.0, 7.0, 1e6, 1e280])
def test_a_rates_height_is_that_rate(peak, log):
    axis = wanted_axis([np.array([peak, 0.3 * peak, 0.0, math.nan])], log=log)
    assert math.isfinite(axis.high)
    assert axis.rate(float(axis.share(np.array([peak]))[0])) == pytest.approx(peak, rel=1e-9)
    assert 0.4 < float(axis.share(np.array([peak]))[0]) <= 1.0
    assert axis.rate(0.0) == axis.rate(-3.0) == 0.0
    ticks = axis.ticks(150.0, 22.0)
    assert 2 <= len(ticks) <= 10
    assert all(-1e-9 <= height <= 1.0 + 1e-9 for height, _ in ticks)


@pytest.mark.parametrize("rates", [[], [np.zeros(3)], [np.array([math.nan, math.inf])]])
@pytest.mark.parametrize("log", [False, True])
def test_there_is_an_axis_whatever_the_rates(rates, log):
    axis = wanted_axis(rates, log=log)
    assert 0.0 <= axis.low < axis.high < math.inf
    assert np.isfinite(axis.share(np.array([0.0, math.nan, math.inf, 1e300]))).all()


def test_a_logarithmic_axis_ends_four_decades_below_its_top():
    axis = wanted_axis([np.array([0.5, 0.0, 1e-30])], log=True)
    assert axis.low == pytest.approx(1e-5)
    assert [text for _, text in axis.ticks(300.0, 20.0)] == ["10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹"]
    assert RateAxis(0.0, 0.6, log=False).ticks(180.0, 30.0)[1] == (pytest.approx(1 / 6), "0.1")


# What is drawn


def test_equal_curves_are_drawn_once_and_the_chosen_one_on_top(view):
    assert [course.racer_style for course in view.plot.courses] == [2, 1, 0, ADAM]
    linked = edits.link_lr(FIRST, True)
    view.show_scene(linked)
    assert len(view.plot.courses) == 1
    view.show_scene(with_schedule(SCHEDULES["cosine"](), 1, linked))
    assert len(view.plot.courses) == 2
    view.show_racer(linked.racers[1].style)
    assert view.plot.course.schedule == SCHEDULES["cosine"]()
    view.show_scene(edits.set_solo(linked, 2, True))
    assert {course.racer_style for course in courses_of(view._scene, 2)} == {2}


@pytest.mark.parametrize("key", SCHEDULES)
@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_curve_is_painted_where_the_schedule_says(view, key, log, theme):
    view.show_look(Look(theme=theme))
    view.show_log(log)
    alone = edits.set_solo(FIRST, 0, True)
    view.show_scene(with_schedule(SCHEDULES[key](warmup=12.5), scene=alone))
    image = view.plot.grab().toImage()
    picture, course = view.plot.axes, view.plot.course
    color = Look(theme=theme).color(0).rgb()
    seen = 0
    for epoch in (5.0, 37.5, 42.3, 77.7, 92.1):
        rate = course.lr * course.schedule.factor(epoch, EPOCHS)
        x, y = round(picture.x_of_epoch(epoch)), round(picture.y(rate))
        near = [image.pixel(x + i, y + j) for i in (-1, 0, 1) for j in (-2, -1, 0, 1, 2)]
        seen += color in near
    assert seen >= 4, "a corner may be less than a whole pixel"


def test_the_cursor_moves_with_the_playhead(view):
    picture = view.plot.axes
    for step in (0.0, 33.0, 299.0):
        view.show_step(step)
        image = view.plot.grab().toImage()
        x = round(picture.x(step))
        y = round(picture.plot.top()) + 3
        near = [image.pixelColor(x + i, y).lightness() for i in (-1, 0, 1)]
        assert max(near) > 200, step


def test_a_race_without_racers_says_so(view):
    view.show_scene(replace(FIRST, racers=()))
    assert view.plot.grips == []
    assert view.plot.course is None
    view.plot.grab()
    mouse(view, QEvent.Type.MouseButtonPress, QPointF(100, 60))
    assert "no racer" in view.plot.accessibleDescription()


def test_racers_that_differ_have_no_handles_but_their_height(view):
    view.show_scene(with_schedule(SCHEDULES["linear"](), 1))
    assert view.header.chooser.shown_text() == EACH_ITS_OWN
    assert [each.name for each in view.plot.grips] == ["lr"]
    assert view.findChild(QLabel, "schedule_remark").text() == DIFFER
    assert not view.form.form.isVisible()
    view.show_racer(1)
    assert view.header.chooser.currentText() == "Linear"
    assert view.target == 1
    assert [each.name for each in view.plot.grips] == ["lr", "warmup", "end"]
    view.show_scene(edits.remove_racer(view._scene, 1))
    assert view.target == EVERYBODY


@pytest.mark.parametrize(
    ("schedule", "word"),
    [
        (Constant(warmup=120.0), "longer than the race"),
        (SCHEDULES["cosine_restarts"](period=200.0), "no cycle ends"),
        (Milestones.of((30.0, 150.0)), "not within"),
        (Drawn.of(((0.0, 1.0), (150.0, 0.0))), "beyond"),
    ],
)
def test_what_does_not_fit_is_told_and_drawn_all_the_same(view, schedule, word):
    view.show_scene(with_schedule(schedule))
    note = view.findChild(QLabel, "schedule_remark")
    assert word in note.text()
    assert note.property("muted") is False
    assert all(math.isfinite(each.at.x() + each.at.y()) for each in view.plot.grips)
    view.plot.grab()
    high = note.height()
    view.show_scene(FIRST)
    assert note.property("muted") is True
    assert note.height() == high


@pytest.mark.parametrize("key", SCHEDULES)
@pytest.mark.parametrize(("steps", "epoch"), [(1, 1), (2, 300), (300, 100_000), (100_000, 1)])
def test_races_of_any_length_can_be_drawn(view, key, steps, epoch):
    scene = edits.set_steps_per_epoch(edits.set_steps(FIRST, steps), epoch)
    view.show_scene(with_schedule(SCHEDULES[key](), scene=scene))
    view.plot.grab()
    for each in view.plot.grips:
        assert view.plot.rect().adjusted(-1, -1, 1, 1).contains(each.at.toPoint())


# Handles by mouse

HANDLES = [
    (key, handle) for key, kind in SCHEDULES.items() for handle in kind(warmup=10.0).handles(EPOCHS)
]


@pytest.mark.parametrize(
    ("key", "handle"), HANDLES, ids=[f"{key}-{handle.name}" for key, handle in HANDLES]
)
@pytest.mark.parametrize("log", [False, True])
def test_each_handle_goes_where_it_is_dragged(view, key, handle, log):
    """Against the engine: it is asked for the point below the hand, and nothing else is."""
    schedule = SCHEDULES[key](warmup=10.0)
    view.show_log(log)
    view.show_scene(with_schedule(schedule))
    picture, at = view.plot.axes, grip(view, handle.name).at
    dx = 24.0 if handle.epoch < 50.0 else -24.0
    dx = 90.0 if handle.name == "multiplier" else dx  # it goes by whole cycles, and not below 1
    dy = -30.0 if at.y() > picture.plot.center().y() else 30.0
    told = drag(view, handle.name, dx, dy)
    assert told
    epoch = picture.epoch(at.x() + dx)
    factor = picture.rate(at.y() + dy) / LR
    wanted = schedule.dragged(handle.name, epoch, factor, EPOCHS)
    assert wanted != schedule
    assert told[-1] == (EVERYBODY, wanted)
    before, after = schedule.settings(), wanted.settings()
    assert {name for name in before if before[name] != after[name]} <= set(handle.knobs)
    assert grip(view, handle.name).at != at


@pytest.mark.parametrize("key", SCHEDULES)
def test_every_handle_can_be_taken_without_a_warmup_too(view, key):
    view.show_scene(with_schedule(SCHEDULES[key]()))
    grips = view.plot.grips
    for one in grips:
        mouse(view, QEvent.Type.MouseButtonPress, one.at)
        assert view.plot._hand.held == one.name
        mouse(view, QEvent.Type.MouseButtonRelease, one.at)


def test_a_handle_that_another_hides_stands_on_the_axis(view):
    view.show_scene(with_schedule(Drawn(warmup=50.0)))
    bottom = view.plot.axes.plot.bottom()
    assert grip(view, "warmup").at.y() == bottom
    assert grip(view, "knot 1").at.y() < bottom
    told = drag(view, "warmup", -40.0, 0.0)
    assert told[-1][1].warmup < 45.0
    view.show_scene(with_schedule(Drawn()))
    assert [each.name for each in view.plot.grips] == ["lr", "knot 0", "knot 1", "knot 2"]


def test_a_tremble_changes_nothing_along_the_other_axis(view):
    view.show_scene(with_schedule(SCHEDULES["step"]()))
    told = drag(view, "drop", 30.0, 2.0)
    assert {schedule.gamma for _, schedule in told} == {0.1}
    assert told[-1][1].step_size > 31.0


def test_a_knot_never_passes_its_neighbour(view):
    view.show_scene(with_schedule(Drawn()))
    told = drag(view, "knot 1", 4000.0, 0.0)
    epochs = [epoch for epoch, _ in told[-1][1].points]
    assert epochs == sorted(epochs)
    assert epochs[1] == pytest.approx(99.9)


def test_the_height_is_the_racers_rate(view):
    told = []
    view.lr_dragged.connect(lambda index, value: told.append((index, value)))
    at, picture = grip(view, "lr").at, view.plot.axes
    mouse(view, QEvent.Type.MouseButtonPress, at)
    mouse(view, QEvent.Type.MouseMove, at + QPointF(0, 40))
    mouse(view, QEvent.Type.MouseButtonRelease, at + QPointF(0, 40))
    (index, value), *_ = reversed(told)
    assert index == ADAM
    assert value == float(f"{picture.rate(at.y() + 40):.2e}")


@pytest.mark.parametrize("dy", [-4000.0, 4000.0])
def test_the_height_stays_within_what_the_rule_allows(view, dy):
    told = []
    view.lr_dragged.connect(lambda _, value: told.append(value))
    at = grip(view, "lr").at
    mouse(view, QEvent.Type.MouseButtonPress, at)
    mouse(view, QEvent.Type.MouseMove, at + QPointF(0, dy))
    mouse(view, QEvent.Type.MouseButtonRelease, at + QPointF(0, dy))
    knob = FIRST.racers[ADAM].optimizer.knob("lr")
    assert told
    assert all(knob.low <= value <= knob.high for value in told)


def test_the_axis_holds_still_while_a_hand_drags(view):
    view.lr_dragged.connect(
        lambda index, value: view.show_scene(edits.set_racer_knob(view._scene, index, "lr", value))
    )
    before, at = view.plot.rate_axis, grip(view, "lr").at
    mouse(view, QEvent.Type.MouseButtonPress, at)
    mouse(view, QEvent.Type.MouseMove, at + QPointF(0, 110))
    assert view.plot.rate_axis == before
    assert view.chosen == ADAM, "though another has the greatest ε by now"
    mouse(view, QEvent.Type.MouseButtonRelease, at + QPointF(0, 110))
    assert view.plot.rate_axis != before


def test_a_handle_is_large_enough_and_tells_what_it_is(view):
    view.show_scene(with_schedule(SCHEDULES["cosine"](warmup=5.0, end=0.002)))
    calm = view.plot.grab().toImage()
    mouse(view, QEvent.Type.MouseMove, grip(view, "warmup").at, held=False)
    assert view.plot._hand.hovered == "warmup"
    assert view.plot.cursor().shape() == Qt.CursorShape.SizeHorCursor
    assert view.plot.grab().toImage() != calm
    assert [each.says for each in view.plot.grips] == ["ε 0.5", "warmup 5 epochs", "ε end 0.001"]
    color, at = Look().color(ADAM).rgb(), grip(view, "end").at
    # Its middle may lie between two rows of pixels, its edges between two columns.
    near = range(math.floor(at.y()) - 1, math.ceil(at.y()) + 2)
    rows = [[x for x in range(calm.width()) if calm.pixel(x, y) == color] for y in near]
    assert max(max(row) - min(x for x in row if x > at.x() - 9) for row in rows if row) >= 9


def test_a_drag_beside_the_handles_scrubs(view):
    told = []
    view.scrub_wished.connect(told.append)
    picture = view.plot.axes
    for step in (60.0, 200.0):
        at = QPointF(picture.x(step), picture.plot.center().y())
        kind = QEvent.Type.MouseButtonPress if step == 60.0 else QEvent.Type.MouseMove
        mouse(view, kind, at)
    mouse(view, QEvent.Type.MouseButtonRelease, at)
    assert told == pytest.approx([60.0, 200.0], abs=1e-6)


def draw(view, points, release=True):
    """Draw through (epoch, rate) points on the chart; gives what was told on the way."""
    told = []
    view.schedule_dragged.connect(lambda _, schedule: told.append(schedule))
    view.schedule_dragged.connect(lambda _, schedule: view.show_scene(with_schedule(schedule)))
    places = view.plot.axes
    pixels = [QPointF(places.x_of_epoch(epoch), places.y(rate)) for epoch, rate in points]
    mouse(view, QEvent.Type.MouseButtonPress, pixels[0])
    for before, after in pairwise(pixels):
        for part in np.linspace(0.0, 1.0, 21)[1:]:
            mouse(view, QEvent.Type.MouseMove, before + (after - before) * float(part))
    if release:
        mouse(view, QEvent.Type.MouseButtonRelease, pixels[-1])
    return told


@pytest.mark.parametrize("log", [False, True])
def test_a_stroke_across_the_chart_is_the_schedule(view, log):
    """The curve is held against the hand's own way, as far as a few pixels."""
    view.show_log(log)
    view.show_scene(with_schedule(Drawn(warmup=3.0)))
    places = view.plot.axes
    way = [(0.0, 0.05), (20.0, 0.5), (50.0, 0.5), (100.0, 0.02)]
    ended = []
    view.drag_finished.connect(lambda: ended.append(1))
    told = draw(view, way)
    schedule = told[-1]
    assert ended == [1]
    assert schedule.warmup == 3.0
    assert 4 <= len(schedule.points) <= (7 if not log else 12)
    for epoch in np.linspace(5.0, 99.0, 60).tolist():
        at = np.interp(epoch, *zip(*[(e, places.y(r)) for e, r in way], strict=True))
        drawn = places.y(LR * schedule.factor(epoch, EPOCHS))
        assert abs(drawn - at) <= 10.0, epoch


def test_a_stroke_over_a_part_leaves_the_other_knots(view):
    knots = Drawn.of([(0.0, 1.0), (10.0, 0.9), (40.0, 0.5), (60.0, 0.4), (100.0, 0.1)])
    view.show_scene(with_schedule(knots))
    told = draw(view, [(70.0, 0.4), (30.0, 0.1), (50.0, 0.1)])
    after = told[-1].points
    assert [knot for knot in after if not 29.0 < knot[0] < 71.0] == [
        knot for knot in knots.points if knot[0] not in (40.0, 60.0)
    ]
    # Where the hand came again it drew anew.
    assert told[-1].factor(45.0, EPOCHS) == pytest.approx(0.1 / LR, abs=0.03)


def test_a_wild_stroke_has_few_knots_and_few_letters(view):
    rng = np.random.default_rng(4)
    way = [(epoch, rate) for epoch, rate in zip(range(100), rng.uniform(0, 0.5, 100), strict=True)]
    view.show_scene(with_schedule(Drawn()))
    for schedule in draw(view, way):
        assert len(schedule.points) <= MOST_KNOTS + 2
        assert len(schedule.knots) <= MAX_TEXT


def test_escape_takes_a_stroke_back(view):
    view.show_scene(with_schedule(Drawn()))
    told = draw(view, [(10.0, 0.1), (60.0, 0.4)], release=False)
    assert view.plot.is_held
    axis = view.plot.rate_axis
    assert told[-1] != Drawn()
    QTest.keyClick(view.plot, Qt.Key.Key_Escape)
    assert told[-1] == Drawn()
    assert not view.plot.is_held
    count = len(told)
    mouse(view, QEvent.Type.MouseMove, QPointF(200, 60))
    mouse(view, QEvent.Type.MouseButtonRelease, QPointF(200, 60))
    assert len(told) == count
    assert view.plot.rate_axis == axis


def test_a_click_on_a_drawn_chart_moves_the_playhead_and_draws_nothing(view):
    view.show_scene(with_schedule(Drawn()))
    scrubbed, drawn = [], []
    view.scrub_wished.connect(scrubbed.append)
    view.schedule_dragged.connect(lambda *_: drawn.append(1))
    places = view.plot.axes
    at = QPointF(places.x(120.0), places.plot.top() + 30)
    mouse(view, QEvent.Type.MouseButtonPress, at)
    mouse(view, QEvent.Type.MouseMove, at + QPointF(1, 1))
    mouse(view, QEvent.Type.MouseButtonRelease, at)
    assert scrubbed == [pytest.approx(120.0)]
    assert drawn == []


def test_nothing_is_drawn_where_it_is_locked_or_where_racers_differ(view):
    view.show_scene(with_schedule(Drawn()))
    view.show_locked(True)
    assert draw(view, [(10.0, 0.1), (60.0, 0.4)]) == []
    view.show_locked(False)
    view.show_scene(with_schedule(Drawn(), ADAM))
    assert draw(view, [(10.0, 0.1), (60.0, 0.4)]) == []


def test_simplified_keeps_what_is_straight_to_its_ends():
    xs = np.arange(101.0)
    assert simplified(xs, 3.0 * xs, lambda rates: rates, 1.0) == [0, 100]
    roof = np.minimum(xs, 100.0 - xs)
    assert simplified(xs, roof, lambda rates: rates, 1.0) == [0, 50, 100]
    assert simplified(xs, roof, lambda rates: rates, 60.0) == [0, 100]


def test_a_double_click_adds_a_knot_where_it_is(view):
    told = []
    view.show_scene(with_schedule(Drawn()))
    view.schedule_dragged.connect(lambda _, schedule: told.append(schedule))
    picture = view.plot.axes
    at = QPointF(picture.x_of_epoch(70.0), picture.y(0.8 * LR))
    mouse(view, QEvent.Type.MouseButtonDblClick, at)
    ((epoch, factor),) = set(told[-1].points) - set(Drawn().points)
    assert (epoch, factor) == (pytest.approx(70.0, abs=0.1), pytest.approx(0.8, abs=0.01))
    view.show_scene(with_schedule(Constant()))
    mouse(view, QEvent.Type.MouseButtonDblClick, at)
    assert len(told) == 1


def test_locked_handles_stay(view):
    view.show_scene(with_schedule(SCHEDULES["cosine"]()))
    view.show_locked(True)
    scrubbed = []
    view.scrub_wished.connect(scrubbed.append)
    assert drag(view, "end", 0.0, -40.0) == []
    assert scrubbed
    view.plot.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view.plot, Qt.Key.Key_Insert)
    for name in ("schedule_chooser", "steps_per_epoch"):
        assert not view.findChild(QWidget, name).isEnabled()
    assert view.findChild(QWidget, "zone_mode").isEnabled()


# Handles by keyboard


def test_tab_goes_from_handle_to_handle_and_on(view, qtbot):
    view.show_scene(with_schedule(SCHEDULES["cosine"]()))
    view.activateWindow()
    view.plot.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(view.plot.hasFocus)
    seen = [view.plot._hand.focused]
    while view.plot.hasFocus():
        QTest.keyClick(view.plot, Qt.Key.Key_Tab)
        if view.plot.hasFocus():
            seen.append(view.plot._hand.focused)
            assert grip(view, seen[-1]).says in view.plot.accessibleDescription()
    assert seen == [None, "lr", "warmup", "end"]
    view.plot.setFocus(Qt.FocusReason.BacktabFocusReason)
    assert view.plot._hand.focused == "end"
    QTest.keyClick(view.plot, Qt.Key.Key_Backtab)
    assert view.plot._hand.focused == "warmup"


def choose(view, name):
    view.plot.setFocus(Qt.FocusReason.TabFocusReason)
    while view.plot._hand.focused != name:
        assert view.plot._hand.step_focus(1)


def follow(view):
    told, ended = [], []
    view.schedule_dragged.connect(lambda _, schedule: told.append(schedule))
    view.schedule_dragged.connect(lambda _, schedule: view.show_scene(with_schedule(schedule)))
    view.drag_finished.connect(lambda: ended.append(len(told)))
    return told, ended


def test_arrows_move_the_chosen_handle(view):
    view.show_scene(with_schedule(SCHEDULES["step"]()))
    told, ended = follow(view)
    choose(view, "drop")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up):
        QTest.keyClick(view.plot, key)
    assert (told[-1].step_size, told[-1].gamma) == (31.0, pytest.approx(0.12))
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down):
        QTest.keyClick(view.plot, key, SHIFT)
    assert (told[-1].step_size, told[-1].gamma) == (30.9, pytest.approx(0.118))
    assert ended == [1, 2, 3, 4]


def test_arrows_go_by_tenths_of_decades_on_a_logarithmic_axis(view):
    view.show_log(True)
    view.show_scene(with_schedule(SCHEDULES["cosine"](end=0.1)))
    told, _ = follow(view)
    choose(view, "end")
    QTest.keyClick(view.plot, Qt.Key.Key_Up)
    assert told[-1].end == pytest.approx(0.1 * 10**0.1, rel=1e-3)
    for _ in range(60):
        QTest.keyClick(view.plot, Qt.Key.Key_Down)
    assert told[-1].end == 0.0
    QTest.keyClick(view.plot, Qt.Key.Key_Up)
    assert told[-1].end == pytest.approx(view.plot.rate_axis.low / LR, rel=1e-3)


def test_arrows_change_the_rate_as_its_slider_does(view):
    told = []
    view.lr_dragged.connect(lambda index, value: told.append((index, value)))
    choose(view, "lr")
    QTest.keyClick(view.plot, Qt.Key.Key_Up)
    QTest.keyClick(view.plot, Qt.Key.Key_Down)
    assert [index for index, _ in told] == [ADAM, ADAM]
    assert told[0][1] > LR > told[1][1]


def test_without_a_chosen_handle_arrows_scrub(view):
    told = []
    view.scrub_wished.connect(told.append)
    view.plot.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view.plot, Qt.Key.Key_Right)
    assert told == [1.0]


@pytest.mark.parametrize(
    ("schedule", "name", "count"),
    [
        (Drawn(), "knot 1", lambda drawn: len(drawn.points)),
        (Milestones(), "milestone 0", lambda drops: len(drops.drops)),
    ],
)
def test_insert_adds_and_delete_removes_until_the_last_one(view, qtbot, schedule, name, count):
    view.show_scene(with_schedule(schedule))
    told, ended = follow(view)
    choose(view, name)
    QTest.keyClick(view.plot, Qt.Key.Key_Insert)
    assert count(told[-1]) == count(schedule) + 1
    assert ended == [1]
    for _ in range(count(schedule) + 1):
        name = view.plot.grips[-1].name
        choose(view, name)
        QTest.keyClick(view.plot, Qt.Key.Key_Delete)
    assert count(told[-1]) == 1
    bubble = view.findChild(QLabel, "schedule_plot.bubble")
    assert bubble.text().endswith("the last one stays.")
    bubble.dismiss()


def test_a_knot_added_on_the_line_leaves_the_line_as_it_was(view):
    view.show_scene(with_schedule(Drawn()))
    told, _ = follow(view)
    choose(view, "knot 1")
    QTest.keyClick(view.plot, Qt.Key.Key_Insert)
    epochs = np.linspace(0.0, 100.0, 53)
    assert told[-1].factor(epochs, EPOCHS) == pytest.approx(Drawn().factor(epochs, EPOCHS))
    assert told[-1].points[2][0] == 75.0


# Comparing, zone, snapshots


def test_others_are_drawn_beside_it_at_the_same_rate(view):
    view.show_scene(with_schedule(SCHEDULES["cosine"](warmup=5.0)))
    before = view.plot.grab().toImage()
    told = []
    view.schedule_dragged.connect(lambda *_: told.append(1))
    for key in ("linear", "wsd"):
        view.findChild(QAction, f"schedule_compare.{key}").trigger()
    assert [title for title, _ in view.plot.compared] == ["Linear", "Warmup, stable, decay"]
    assert [course for _, course in view.plot.compared] == [
        Course(SCHEDULES[key](warmup=5.0), LR, EPOCHS) for key in ("linear", "wsd")
    ]
    assert view.plot.grab().toImage() != before
    for key in ("linear", "wsd"):
        view.findChild(QAction, f"schedule_compare.{key}").trigger()
    assert view.plot.grab().toImage() == before
    assert told == []


def test_the_menu_stays_open_while_one_ticks(view, qtbot):
    view.show_scene(with_schedule(SCHEDULES["cosine"]()))
    told = []
    view.race_wished.connect(lambda index, keys: told.append((index, keys)))
    race = view.findChild(QAction, "schedule_race")
    assert not race.isEnabled()
    button = view.findChild(QWidget, "schedule_compare")
    menu = button.menu()
    button.click()
    qtbot.waitUntil(menu.isVisible)
    for key in ("linear", "wsd"):
        action = view.findChild(QAction, f"schedule_compare.{key}")
        QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(action).center())
        assert action.isChecked()
        assert menu.isVisible()
    menu.setActiveAction(view.findChild(QAction, "schedule_compare.step"))
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Space):
        QTest.keyClick(menu, key)
        assert menu.isVisible()
    assert len(view.plot.compared) == 3
    assert race.text() == "Race these 3 as copies of Adam"
    QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(race).center())
    assert not menu.isVisible()
    assert told == [(ADAM, frozenset({"linear", "wsd", "step"}))]
    view.show_locked(True)
    assert not race.isEnabled()


def test_what_races_is_not_drawn_a_second_time(view):
    view.show_scene(with_schedule(SCHEDULES["cosine"]()))
    view.findChild(QAction, "schedule_compare.linear").trigger()
    assert len(view.plot.compared) == 1
    view.show_scene(edits.race_schedules(view._scene, ADAM, ["linear"]))
    assert view.plot.compared == []
    assert len(view.plot.courses) == 5


@pytest.mark.parametrize("count", [1, 5, len(SCHEDULES)])
@pytest.mark.parametrize("size", [(300, 560), (640, 700)])
def test_names_stand_off_each_other_and_off_the_curves(view, qtbot, size, count):
    view.resize(*size)
    view.show_scene(with_schedule(SCHEDULES["cosine"]()))
    rates = np.linspace(0.5, 0.05, 100)
    view.show_zone(share(rates, Bounds(1.4 * rates, np.full(len(rates), None))), "")
    view.plot.show_compared(frozenset([*SCHEDULES][:count]))
    view.grab()
    picture = view.plot.axes
    rooms = [room for _, room in picture.names]
    assert [name.text for name, _ in picture.names][:2] == ["bound", "a tenth of it"]
    assert count + 2 >= len(rooms) >= min(count + 2, 6)
    for index, room in enumerate(rooms):
        assert picture.plot.contains(room)
        assert not any(room.intersects(other) for other in rooms[:index])
    if count == 1:
        # The chosen curve does not run through the names, by its own formula.
        xs = np.linspace(picture.plot.left(), picture.plot.right(), 2000)
        course = view.plot.course
        for x in xs:
            factor = course.schedule.factor(picture.epoch(x), course.epochs)
            point = QPointF(x, picture.y(course.lr * factor))
            assert not any(room.contains(point) for room in rooms)
    # Nor does what is said of a handle stand on a name.
    for each in view.plot.grips:
        room, covers = label_room(each, picture.look, view.plot._text, picture.plot, rooms)
        assert covers or not any(room.intersects(other) for other in rooms)
        assert not covers or count > 5


def test_the_zone_is_told_by_more_than_colour(view):
    plain = view.plot.grab().toImage()
    rates = np.full(100, 0.5)
    rates[40:] = 0.01
    zone = band(rates, 0.1, 1.0)
    view.show_zone(zone, zone.clause)
    assert view.findChild(QWidget, "schedule_zone").text == "productive: 40 of 100 epochs"
    picture, image = view.plot.axes, view.plot.grab().toImage()
    bar = round(picture.plot.bottom()) + 2
    accent = Look().theme.accent
    for epoch, on in ((10.5, True), (39.5, True), (40.5, False), (90.5, False)):
        x = round(picture.x_of_epoch(epoch))
        assert (image.pixelColor(x, bar).name() == accent) is on
    ground = Look().theme.window
    for rate, epoch, tinted in ((0.33, 15.5, 1), (0.33, 70.5, 1), (0.05, 15.5, 0), (0.05, 70.5, 0)):
        at = (round(picture.x_of_epoch(epoch)), round(picture.y(rate)))
        assert (image.pixelColor(*at).name() != ground) is bool(tinted), (rate, epoch)
    view.show_zone(None, "")
    assert view.plot.grab().toImage() == plain


def test_the_axis_is_scaled_to_the_chosen_racer_and_its_bound(view):
    sgd = FIRST.racers[0]
    view.show_racer(sgd.style)
    lr = sgd.optimizer.lr
    assert lr < view.plot.rate_axis.high < 2.0 * lr, "whatever the others' ε is"
    for times, seen in ((1.5, True), (3.5, True), (40.0, False)):
        high = np.full(100, times * lr)
        view.show_zone(share(np.full(100, lr), Bounds(high, np.full(100, None))), "")
        axis = view.plot.rate_axis
        assert (axis.high > times * lr) is seen, times
        assert axis.high < 6.0 * lr, "its own curve is not pressed onto the axis"
        view.grab()
        told = [name.text for name, _ in view.plot.axes.names]
        assert ("bound" in told) is seen
        assert (f"bound {times * lr:g}, above the axis" in told) is not seen


def test_a_spike_of_the_bound_does_not_press_the_curve_onto_the_axis(view):
    high = np.full(100, 1.2 * LR)
    high[:10] = 3.5 * LR
    view.show_zone(share(np.full(100, LR), Bounds(high, np.full(100, None))), "")
    assert 1.2 * LR < view.plot.rate_axis.high < 2.0 * LR


def test_the_tint_ends_where_there_is_no_bound(view):
    high = np.full(100, 0.6)
    high[30:60] = np.nan
    view.show_zone(share(np.full(100, 0.5), Bounds(high, np.full(100, None))), "")
    places = view.plot.axes
    area = zone_area(view.plot.zone, places)
    for epoch, rate, within in (
        (0.1, 0.3, True), (29.9, 0.3, True), (30.1, 0.3, False), (59.9, 0.3, False),
        (60.1, 0.3, True), (99.9, 0.59, True), (99.9, 0.61, False), (70.0, 0.05, False),
    ):  # fmt: skip
        point = QPointF(places.x_of_epoch(epoch), places.y(rate))
        assert area.contains(point) is within, (epoch, rate)


def test_without_a_choice_the_suggested_racer_is_shown_and_else_the_first_one(view):
    assert view.chosen == ADAM
    view.show_suggested(None)
    assert view.chosen == 0
    view.show_suggested(2)
    view.show_scene(edits.set_enabled(FIRST, 2, False))
    assert view.chosen == 0, "the suggested one is not on the stage"
    view.show_scene(edits.set_enabled(FIRST, 0, False))
    assert view.chosen == 2
    view.show_racer(FIRST.racers[1].style)
    assert view.chosen == 1


def test_a_zone_without_bounds_is_drawn_as_none(view):
    plain = view.plot.grab().toImage()
    zone = share(np.full(100, 0.5), Bounds(np.full(100, np.inf), np.full(100, NoBound.FLAT)))
    view.show_zone(zone, zone.clause)
    assert view.plot.grab().toImage() == plain
    assert view.findChild(QWidget, "schedule_zone").text == "no bound on ε: nothing curves upward"


def test_snapshots_are_listed_with_the_ensemble_beside_the_best(view):
    assert not view.snapshots.isVisible()
    shots = (Snapshot(75, 25.0, (1.0, 2.0), 0.25, 0.5), Snapshot(150, 50.0, (1.0, 2.0), 0.125, 0.4))
    view.show_snapshots(Snapshots(shots, 0.375))
    rows = view.findChild(QLabel, "schedule_snapshots.rows").text()
    for told in ("75", "150", "0.250", "0.125", "0.500", "test loss"):
        assert told in rows
    told = view.findChild(QLabel, "schedule_ensemble").text()
    assert told == "Ensemble of 2 snapshots: test loss 0.375; best single one 0.4."
    high = view.snapshots.height()
    view.show_snapshots(Snapshots(shots[:1], 0.5))
    assert view.snapshots.height() == high
    view.show_snapshots(Snapshots())
    assert "No cycle" in view.findChild(QLabel, "schedule_snapshots.rows").text()
    view.show_snapshots(None)
    assert not view.snapshots.isVisible()


def test_a_ghost_is_drawn_of_what_is_another_now(view):
    view.show_scene(FIRST)
    race = run_race(FIRST.race_spec())
    plain = view.plot.grab().toImage()
    view.show_ghost(race)
    assert view.plot.grab().toImage() == plain
    view.show_scene(with_schedule(SCHEDULES["linear"]()))
    ghosted = view.plot.grab().toImage()
    view.show_ghost(None)
    assert view.plot.grab().toImage() != ghosted


@pytest.mark.parametrize("key", SCHEDULES)
def test_the_panel_says_how_torchs_of_that_name_differs(view, key):
    view.show_scene(with_schedule(SCHEDULES[key]()))
    told = view.findChild(QLabel, "schedule_remark").text()
    differs = key in ("one_cycle", "cyclical")
    assert ("cycles the momentum" in told) is differs
    assert ("PyTorch" in told) is differs
