"""Whether a stretch of a race leads anywhere, told apart from its own swings and scatter."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from typing import Literal

import numpy as np

from optiviz.engine.recurrence import fades

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
#: Or the slope of a straight line through them is so many times its own error.
_ERRORS = 5.0
#: A change by less than this share of the mean is none.
_LEAST_CHANGE = 0.02
#: Who goes round goes this many times as far as the ball's radius: seven times across and back.
_ROUND = 28.0
#: A shorter way than this, across and back twice a block: there a block's mean tells little.
_FEW = 2 * BLOCKS * 4.0
#: The ball's middle moves by less than this share of its radius, or not one way.
_DRIFT = 0.1
#: From one half of the stretch to the other, size and loss change by no more than this.
_HALVES = 0.25
#: The stretch before has a loss that is higher by no more than this factor, above the lowest.
_FALL, _FALL_BY_CHANCE = 1.1, 1.5
#: An ε that changes by no more than this share is the same.
_SAME = 1e-9
#: What rounding makes of a loss, as a share of it.
_ROUNDING = 1e-14


def stretch(steps: int) -> int:
    """Give how many points the last fifth of a race has, parted evenly; 0: too few to tell."""
    if steps + 1 < SHORTEST:
        return 0
    return max(1, steps // 5 // SHORTEST) * SHORTEST


def trend(blocks: Array, least_change: float) -> Trend:
    """Say whether the numbers of eight blocks rise or fall.

    They do if Kendall's count of pairs says so, which knows straight lines and exponentials alike,
    or the slope of a straight line through them does, which sees a small change among little
    scatter.

    Args:
        blocks: (8,).
        least_change: what they must differ by, from the first quarter to the last.
    """
    told: list[float] = blocks.tolist()
    change = 0.5 * (told[-1] + told[-2] - told[0] - told[1])
    if not abs(change) > least_change:
        return "level"
    score = sum((b > a) - (b < a) for a, b in combinations(told, 2))
    if abs(score) < _CERTAIN and not _has_slope(told):
        return "level"
    return "rises" if change > 0.0 else "falls"


def _has_slope(told: list[float]) -> bool:
    mean = sum(told) / BLOCKS
    places = [k - 0.5 * (BLOCKS - 1) for k in range(BLOCKS)]
    square = sum(place * place for place in places)
    slope = sum(place * (y - mean) for place, y in zip(places, told, strict=True)) / square
    rest = sum((y - mean - slope * place) ** 2 for place, y in zip(places, told, strict=True))
    return abs(slope) > _ERRORS * math.sqrt(rest / (BLOCKS - 2) / square)


def has_risen(heights: Array) -> bool:
    """Say whether the mean of heights above the least loss rises from block to block."""
    blocks = _parted(heights).mean(axis=1)
    return trend(blocks, 1e-3 * float(np.abs(blocks).mean())) == "rises"


def circle(
    path: Array, loss: Array, lr: Array, before: Array, middle: float, *, by_chance: bool
) -> float | None:
    """Give the radius of the ball in which a stretch goes round; ``None``: it does not.

    It does not where ε changes, or its mean place leads anywhere, or where its size or its loss
    changes more than its scatter does, or by more than a quarter; nor where its swings fade by a
    law that it obeys, however well two swings at once hide that, or the stretch before it had a
    higher loss.

    Args:
        path, loss: (n, 2) and (n,), the points of the stretch.
        lr: (n - 1,) the learning rates between them.
        before: (n,) the losses of the stretch before it.
        middle: the loss at the stretch's mean place. The losses are held against that, or against
            the lowest of them, so that at a local minimum they count as they do at the best one.
        by_chance: whether chance plays a part in them.
    """
    if np.ptp(lr) > _SAME * lr.max():
        return None
    away = np.hypot(*(path - path.mean(axis=0)).T)
    radius = float(away.max())
    length = float(np.hypot(*(path[1:] - path[:-1]).T).sum())
    if not length >= _ROUND * radius:
        return None
    if length < _FEW * radius and _fades(away):
        return None
    places = _parted(path).mean(axis=1)
    if any(trend(places[:, i], _DRIFT * radius) != "level" for i in range(2)):
        return None
    lowest = min(float(loss.min()), middle)
    excess = loss - lowest
    noise = _ROUNDING * float(np.abs(loss).max())
    parts, above = _parted(away), _parted(excess)
    for blocks, rounding in (
        (parts.max(axis=1), 0.0),
        (parts.mean(axis=1), 0.0),
        (above.mean(axis=1), noise),
    ):
        change = _LEAST_CHANGE * float(blocks.mean()) + rounding
        if trend(blocks, change) != "level":
            return None
    sizes = _even(away[: len(away) // 2].max(), away[len(away) // 2 :].max(), 0.0)
    losses = _even(excess[: len(away) // 2].mean(), excess[len(away) // 2 :].mean(), noise)
    if not (sizes and losses):
        return None
    most = (_FALL_BY_CHANCE if by_chance else _FALL) * float(excess.mean()) + noise
    if float((before - lowest).mean()) > most:
        return None
    return None if fades(path, _LEAST_CHANGE) else radius


def _fades(away: Array) -> bool:
    """Say whether the farthest point of each quarter is nearer, or farther, than that before."""
    far = [float(quarter.max()) for quarter in np.split(away, 4)]
    if abs(far[-1] - far[0]) <= _LEAST_CHANGE * far[0]:
        return False
    return len({later > earlier for earlier, later in pairwise(far)}) == 1


def _even(first: float, second: float, rounding: float) -> bool:
    return bool(abs(second - first) <= _HALVES * max(first, second) + rounding)


def _parted(values: Array) -> Array:
    return values.reshape(BLOCKS, -1, *values.shape[1:])
