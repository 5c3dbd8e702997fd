"""Whether a stretch of numbers rises, falls or does neither, told apart from its own scatter."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import numpy as np

Array = np.ndarray
Trend = Literal["rises", "falls", "level"]

#: A stretch is parted into so many blocks of equal, even length: a swing between two places has
#: the same mean in each, wherever the stretch begins.
BLOCKS = 8
#: Shorter than this, a stretch has no trend that could be told.
SHORTEST = 2 * BLOCKS
#: Of the 28 pairs of blocks, so many more must go one way than the other. Among independent
#: blocks without a trend that happens once in 580 times (Kendall, 1938).
_CERTAIN = 24
#: A change by less than this share of the mean is none.
_LEAST_CHANGE = 1e-3


def stretch(steps: int) -> int:
    """Give how many points the last fifth of a race has, parted evenly; 0: too few to tell."""
    if steps + 1 < SHORTEST:
        return 0
    return max(1, steps // 5 // SHORTEST) * SHORTEST


def means(values: Array) -> Array:
    """Give the means of a stretch's blocks, (8,) or (8, …)."""
    parted = values.reshape(BLOCKS, -1, *values.shape[1:])
    found: Array = parted.mean(axis=1)
    return found


def trend(blocks: Array, least_change: float) -> Trend:
    """Say whether block means rise or fall, by Kendall's count of pairs.

    Whatever the course between, from a straight line to an exponential, the count is the same.

    Args:
        blocks: (8,).
        least_change: what the means must differ by, from the first quarter to the last.
    """
    told: list[float] = blocks.tolist()
    change = 0.5 * (told[-1] + told[-2] - told[0] - told[1])
    if not abs(change) > least_change:
        return "level"
    score = sum((b > a) - (b < a) for a, b in combinations(told, 2))
    if score >= _CERTAIN and change > 0.0:
        return "rises"
    return "falls" if score <= -_CERTAIN and change < 0.0 else "level"


def loss_trend(heights: Array) -> Trend:
    """Say whether heights above the least loss rise or fall over a stretch."""
    blocks = means(heights)
    return trend(blocks, _LEAST_CHANGE * float(np.abs(blocks).mean()))
