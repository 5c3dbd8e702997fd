"""Knobs for comparisons, drawn from all that each allows, its ends with real probability."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from optiviz.engine import Knob, Part

#: How often a knob stands at one of its two ends.
AT_AN_END = 0.3
#: A knob from 0 on, on a logarithmic scale, is drawn from here on when it is not at its end.
_LEAST = 1e-9


def draw(rng: np.random.Generator, knob: Knob) -> Any:
    """Draw what a knob allows, evenly on its own scale."""
    if knob.kind == "choice":
        return str(rng.choice(knob.choices))
    if knob.kind == "switch":
        return bool(rng.integers(2))
    low, high = float(knob.low), float(knob.high)
    if rng.uniform() < AT_AN_END:
        value = (low, high)[rng.integers(2)]
    elif knob.scale == "log":
        value = log_uniform(rng, max(low, _LEAST), high)
    elif knob.scale == "toward_one":
        value = 1.0 - log_uniform(rng, 1.0 - high, 1.0 - low)
    else:
        value = float(rng.uniform(low, high))
    value = min(max(value, low), high)
    return round(value) if knob.integer else value


def draw_all(rng: np.random.Generator, part: type[Part], *without: str) -> dict[str, Any]:
    """Draw all of a part's knobs but some."""
    return {spec.name: draw(rng, spec) for spec in part.knobs() if spec.name not in without}


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number evenly by its logarithm."""
    return math.exp(rng.uniform(math.log(low), math.log(high)))
