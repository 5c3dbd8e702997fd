"""Schedules for tests: made from recorded settings, and drawn from all that their knobs allow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from optiviz.engine import SCHEDULES, Schedule
from optiviz.engine.schedules import Drawn, Milestones

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS = tuple(SCHEDULES)

with np.load(Path(__file__).parents[1] / "reference" / "schedules.npz") as stored:
    GOLDEN = dict(stored)
ABOUT = json.loads(str(GOLDEN["about"]))
CASES = ABOUT["cases"]


def made(case: Mapping[str, Any], scale: float = 1.0) -> Schedule:
    """Make the schedule of a case whose epochs are counted in ``scale`` parts of ours."""
    key, knobs, warmup = case["key"], dict(case["knobs"]), case["warmup"] / scale
    if key == "drawn":
        return Drawn.of([(epoch / scale, factor) for epoch, factor in knobs["knots"]], warmup)
    if key == "milestones":
        return Milestones.of([m / scale for m in knobs["milestones"]], knobs["gamma"], warmup)
    if key == "exponential":
        knobs["gamma"] = knobs["gamma"] ** scale
    for name in {"step_size", "period", "timescale"} & set(knobs):
        knobs[name] /= scale
    return SCHEDULES[key](warmup=warmup, **knobs)


def _number(low: float, high: float) -> st.SearchStrategy[float]:
    ordinary = st.floats(max(low, 1e-3), min(high, 200.0))
    return st.one_of(ordinary, st.floats(low, high), st.sampled_from([low, high]))


_EPOCH = st.one_of(st.floats(1e-3, 150.0), st.floats(1e-9, 1e5))
_EPOCHS = st.lists(_EPOCH, min_size=1, max_size=6, unique=True).map(sorted)


@st.composite
def any_schedule(draw: Any, key: str | None = None) -> Schedule:
    """Draw a schedule, anything that its knobs allow."""
    key = key or draw(st.sampled_from(KEYS))
    knobs: dict[str, Any] = {}
    for spec in SCHEDULES[key].knobs():
        if spec.kind == "choice":
            knobs[spec.name] = draw(st.sampled_from(spec.choices))
        elif spec.integer:
            knobs[spec.name] = draw(st.integers(int(spec.low), int(spec.high)))
        elif spec.kind == "number":
            knobs[spec.name] = draw(_number(spec.low, spec.high))
    if draw(st.booleans()):
        knobs["warmup"] = 0.0
    if key == "milestones":
        return Milestones.of(draw(_EPOCHS), knobs["gamma"], knobs["warmup"])
    if key == "drawn":
        points = [(epoch, draw(st.floats(0.0, 10.0))) for epoch in draw(_EPOCHS)]
        return Drawn.of(points, knobs["warmup"])
    return SCHEDULES[key](**knobs)


#: How long a race may be: up to 100,000 steps, in epochs of 1 to 100,000 steps.
race_epochs = st.one_of(st.floats(1.0, 200.0), st.floats(1e-5, 1e5), st.just(100.0))
