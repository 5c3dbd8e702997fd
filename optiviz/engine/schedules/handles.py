"""What a hand takes hold of on a schedule's curve, and how far it may pull."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

#: Two neighbours on the curve stay this share of the race apart.
GAP = 1e-3


@dataclass(frozen=True)
class Handle:
    """A point of the curve that can be dragged.

    Attributes:
        name: by which :meth:`Schedule.dragged` knows it, such as ``warmup`` or ``knot 2``.
        epoch: where it stands, 0 … the race's epochs.
        factor: how high, as a factor on ε, at least 0.
        knobs: the names of the knobs that it changes.
        moves: the ways in which it can be dragged: along the epochs, up and down, or both.
        label: what it is, in words.
    """

    name: str
    epoch: float
    factor: float
    knobs: tuple[str, ...]
    moves: Literal["x", "y", "both"]
    label: str


def tidy(value: float, digits: int = 4) -> float:
    """Round to so many digits that count: a hand is no finer."""
    return float(f"{value:.{digits - 1}e}")


def within(value: float, low: float, high: float) -> float:
    """Give the tidy number nearest to a value in a range; the low end wins if the range is none."""
    return max(min(tidy(max(min(value, high), low)), high), low)


def between(value: float, before: float, after: float, epochs: float) -> float | None:
    """Give the epoch nearest to a value that is past neither neighbour.

    ``None`` where the neighbours leave no room between them.
    """
    gap = GAP * epochs
    low, high = before + gap, after - gap
    if low > high or not math.isfinite(low):
        return None
    decimals = max(0, 4 - math.floor(math.log10(epochs))) if epochs > 0.0 else 0
    return max(min(round(max(min(value, high), low), decimals), high), low)
