"""Handles: what can be dragged on a schedule's curve, where to, and what that changes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optiviz.engine import SCHEDULES
from optiviz.engine.schedules import Constant, Drawn, Milestones, Schedule
from tests.engine.schedule_cases import KEYS, any_schedule, race_epochs

NAMES = {
    "constant": [],
    "linear": ["end"],
    "step": ["drop"],
    "milestones": ["milestone 0", "milestone 1"],
    "exponential": ["end"],
    "polynomial": ["power", "end"],
    "inverse_sqrt": ["end"],
    "cosine": ["end"],
    "sigmoid": ["steepness", "end"],
    "cosine_restarts": ["end", "period", "multiplier"],
    "cyclical": ["period"],
    "one_cycle": ["peak", "end"],
    "wsd": ["decay", "end"],
    "drawn": ["knot 0", "knot 1", "knot 2"],
}
every_key = pytest.mark.parametrize("key", KEYS)


def handle(schedule: Schedule, name: str, epochs: float = 100.0) -> Any:
    return {each.name: each for each in schedule.handles(epochs)}[name]


@every_key
def test_every_schedule_has_its_handles(key: str) -> None:
    assert [each.name for each in SCHEDULES[key]().handles(100.0)] == ["warmup", *NAMES[key]]


@every_key
@pytest.mark.parametrize("warmup", [0.0, 7.0])
def test_handles_lie_on_the_curve_and_explain_themselves(key: str, warmup: float) -> None:
    schedule = SCHEDULES[key](warmup=warmup)
    names = {spec.name for spec in schedule.knobs()}
    for each in schedule.handles(100.0):
        assert each.label
        assert set(each.knobs) <= names
        if each.epoch < warmup:
            continue  # a knot or milestone that the warmup covers
        sides = [schedule.factor(each.epoch + d, 100.0) for d in (0.0, -1e-4, 1e-4)]
        assert min(abs(side - each.factor) for side in sides) <= 1e-3


#: A handle, where it is dragged to, and the knobs that this must give.
DRAGS: list[tuple[Schedule, str, tuple[float, float], dict[str, Any]]] = [
    (Constant(), "warmup", (12.3456, 0.5), {"warmup": 12.35}),
    (Constant(warmup=5.0), "warmup", (-3.0, 0.5), {"warmup": 0.0}),
    (Constant(warmup=5.0), "warmup", (130.0, 0.5), {"warmup": 100.0}),
    (SCHEDULES["linear"](), "end", (3.0, 0.25), {"end": 0.25}),
    (SCHEDULES["cosine"](), "end", (3.0, 1.7), {"end": 1.0}),
    (SCHEDULES["cosine"](end=0.5), "end", (3.0, -0.2), {"end": 0.0}),
    (SCHEDULES["step"](), "drop", (20.0, 0.5), {"step_size": 20.0, "gamma": 0.5}),
    (SCHEDULES["step"](warmup=5.0), "drop", (20.0, 0.5), {"step_size": 15.0, "gamma": 0.5}),
    (SCHEDULES["step"](), "drop", (-5.0, 2.0), {"step_size": 0.01, "gamma": 1.0}),
    (SCHEDULES["step"](), "drop", (500.0, 0.5), {"step_size": 100.0, "gamma": 0.5}),
    (SCHEDULES["step"](step_size=250.0), "drop", (100.0, 0.5), {"gamma": 0.5}),
    (Milestones(), "milestone 0", (40.0, 0.2), {"milestones": "40, 60", "gamma": 0.2}),
    (Milestones(), "milestone 1", (70.0, 0.25), {"milestones": "30, 70", "gamma": 0.5}),
    (Milestones(), "milestone 0", (75.0, 0.1), {"milestones": "59.9, 60"}),
    (Milestones(), "milestone 1", (5.0, 0.01), {"milestones": "30, 30.1"}),
    (Milestones(), "milestone 1", (500.0, 0.01), {"milestones": "30, 100"}),
    (Milestones("30, 300"), "milestone 1", (100.0, 0.25), {"gamma": 0.5}),
    (SCHEDULES["exponential"](), "end", (3.0, 0.9**100), {"gamma": 0.9}),
    (SCHEDULES["exponential"](), "end", (3.0, 2.0), {"gamma": 1.0}),
    (SCHEDULES["polynomial"](end=0.2), "power", (3.0, 0.3), {"power": 3.0}),
    (SCHEDULES["polynomial"](end=0.2), "power", (3.0, 0.1), {"power": 10.0}),
    (SCHEDULES["polynomial"](end=0.2), "power", (3.0, 1.1), {"power": 0.1}),
    (SCHEDULES["polynomial"](end=1.0), "power", (3.0, 0.4), {}),
    (SCHEDULES["polynomial"](), "end", (3.0, 0.1), {"end": 0.1}),
    (SCHEDULES["inverse_sqrt"](), "end", (3.0, 0.5), {"timescale": 33.33}),
    (SCHEDULES["inverse_sqrt"](), "end", (3.0, 1.0), {"timescale": 1e5}),
    (SCHEDULES["inverse_sqrt"](), "end", (3.0, 0.0), {"timescale": 0.01}),
    (SCHEDULES["sigmoid"](end=0.2), "steepness", (3.0, 0.3), {"steepness": 3.525}),
    (SCHEDULES["sigmoid"](), "steepness", (3.0, 0.3), {"steepness": 0.1}),
    (SCHEDULES["sigmoid"](), "steepness", (3.0, 0.0), {"steepness": 25.0}),
    (SCHEDULES["sigmoid"](end=1.0), "steepness", (3.0, 0.4), {}),
    (SCHEDULES["sigmoid"](), "end", (3.0, 0.1), {"end": 0.1}),
    (SCHEDULES["cosine_restarts"](), "period", (40.0, 0.0), {"period": 40.0}),
    (SCHEDULES["cosine_restarts"](), "period", (140.0, 0.0), {"period": 100.0}),
    (SCHEDULES["cosine_restarts"](period=150.0), "period", (60.0, 0.0), {"period": 60.0}),
    (SCHEDULES["cosine_restarts"](), "end", (40.0, 0.3), {"end": 0.3}),
    (SCHEDULES["cosine_restarts"](), "multiplier", (80.0, 0.3), {"multiplier": 2}),
    (SCHEDULES["cosine_restarts"](), "multiplier", (1e9, 0.3), {"multiplier": 3}),
    (SCHEDULES["cosine_restarts"](), "multiplier", (0.0, 0.3), {}),
    (SCHEDULES["cyclical"](), "period", (50.0, 0.5), {"period": 50.0}),
    (SCHEDULES["cyclical"](), "warmup", (6.0, 0.5), {"warmup": 6.0, "base": 0.5}),
    (SCHEDULES["one_cycle"](), "peak", (45.0, 0.5), {"pct_start": 0.45}),
    (SCHEDULES["one_cycle"](warmup=20.0), "peak", (60.0, 0.5), {"pct_start": 0.5}),
    (SCHEDULES["one_cycle"](), "peak", (-45.0, 0.5), {"pct_start": 0.0}),
    (SCHEDULES["one_cycle"](), "end", (3.0, 0.01), {"final_div_factor": 4.0}),
    (SCHEDULES["one_cycle"](), "end", (3.0, 0.5), {"final_div_factor": 1.0}),
    (SCHEDULES["one_cycle"](), "end", (3.0, 0.0), {"final_div_factor": 1e8}),
    (
        SCHEDULES["one_cycle"](),
        "warmup",
        (0.0, 0.1),
        {"div_factor": 10.0, "final_div_factor": 25000.0},
    ),
    (SCHEDULES["wsd"](), "decay", (70.0, 0.5), {"decay_share": 0.3}),
    (SCHEDULES["wsd"](warmup=20.0), "decay", (60.0, 0.5), {"decay_share": 0.5}),
    (SCHEDULES["wsd"](), "end", (70.0, 0.5), {"end": 0.5}),
    (Drawn(), "knot 1", (40.0, 0.6), {"knots": "0:1, 40:0.6, 100:0"}),
    (Drawn(), "knot 1", (140.0, 0.6), {"knots": "0:1, 99.9:0.6, 100:0"}),
    (Drawn(), "knot 1", (-40.0, -0.6), {"knots": "0:1, 0.1:0, 100:0"}),
    (Drawn(), "knot 0", (-40.0, 60.0), {"knots": "0:10, 50:0.3, 100:0"}),
    (Drawn(), "knot 2", (140.0, 0.5), {"knots": "0:1, 50:0.3, 100:0.5"}),
    (Drawn("0:1, 50:0.3, 50.05:0"), "knot 1", (20.0, 0.5), {"knots": "0:1, 20:0.5, 50.05:0"}),
    (Drawn("50:1, 50.05:0.3, 50.1:0"), "knot 1", (20.0, 0.5), {"knots": "50:1, 50.05:0.5, 50.1:0"}),
]


@pytest.mark.parametrize(("schedule", "name", "to", "knobs"), DRAGS)
def test_a_drag_sets_the_knobs(
    schedule: Schedule, name: str, to: tuple[float, float], knobs: dict[str, Any]
) -> None:
    dragged = schedule.dragged(name, *to, 100.0)
    assert type(dragged) is type(schedule)
    expected = {**schedule.settings(), **knobs}
    assert (
        dragged.settings() == pytest.approx(expected, rel=1e-4)
        if _numbers(expected)
        else dragged.settings() == expected
    )


def _numbers(knobs: dict[str, Any]) -> bool:
    return not any(isinstance(value, str) for value in knobs.values())


@pytest.mark.parametrize("key", sorted(set(KEYS) - {"constant"}))
@pytest.mark.parametrize("warmup", [0.0, 5.0])
def test_a_handle_follows_the_hand(key: str, warmup: float) -> None:
    """Dragged a little, it stands under the hand, and the curve goes through it."""
    schedule, epochs = SCHEDULES[key](warmup=warmup), 120.0
    for each in schedule.handles(epochs):
        if each.name == "multiplier":
            continue  # it jumps from whole number to whole number
        x = each.epoch + (1.5 if each.epoch + 1.5 <= epochs else -1.5)
        y = each.factor * 0.8 if each.factor > 1e-5 else 0.2
        if key == "one_cycle":  # ends no higher than it begins
            y = min(y, 0.03)
        moved = handle(schedule.dragged(each.name, x, y, epochs), each.name, epochs)
        assert moved.epoch == pytest.approx(each.epoch if each.moves == "y" else x, rel=1e-3)
        if each.moves != "x":
            assert moved.factor == pytest.approx(y, rel=2e-3)


@settings(max_examples=500, deadline=None)
@given(
    any_schedule(),
    race_epochs,
    st.data(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
)
def test_a_drag_to_anywhere_gives_a_schedule(
    schedule: Schedule, epochs: float, data: Any, x: float, y: float, near: bool
) -> None:
    handles = schedule.handles(epochs)
    held = data.draw(st.sampled_from(handles))
    if near and math.isfinite(x) and math.isfinite(y):
        x, y = epochs * math.fmod(abs(x), 1.2), math.fmod(abs(y), 1.2)
    for each in handles:
        assert 0.0 <= each.epoch <= epochs * (1.0 + 1e-12)
        assert math.isfinite(each.factor)
        assert each.factor >= 0.0
    dragged = schedule.dragged(held.name, x, y, epochs)
    before, after = schedule.settings(), dragged.settings()
    assert {name for name in before if before[name] != after[name]} <= set(held.knobs)
    assert np.isfinite(dragged.factor(np.linspace(0.0, epochs, 20), epochs)).all()
    # The handle is still there, so the drag can go on.
    assert held.name in [each.name for each in dragged.handles(epochs)]


@every_key
def test_a_coordinate_that_is_no_number_counts_for_nothing(key: str) -> None:
    schedule = SCHEDULES[key](warmup=5.0)
    for each in schedule.handles(100.0):
        for nothing in (math.nan, math.inf, -math.inf):
            dragged = schedule.dragged(each.name, nothing, nothing, 100.0)
            for name, value in schedule.settings().items():
                now = getattr(dragged, name)
                assert now == (value if isinstance(value, str) else pytest.approx(value, rel=1e-3))


def test_a_handle_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(KeyError, match="warmup, end"):
        SCHEDULES["cosine"]().dragged("ending", 1.0, 1.0, 100.0)
    with pytest.raises(KeyError, match="warmup"):
        SCHEDULES["cosine"](warmup=100.0).dragged("end", 1.0, 1.0, 100.0)


@every_key
def test_a_warmup_that_takes_the_whole_race_can_be_pulled_back(key: str) -> None:
    schedule = SCHEDULES[key](warmup=300.0)
    (only,) = schedule.handles(100.0)
    assert (only.name, only.epoch, only.moves) == ("warmup", 100.0, "x")
    assert schedule.dragged("warmup", 40.0, 0.5, 100.0).warmup == 40.0
