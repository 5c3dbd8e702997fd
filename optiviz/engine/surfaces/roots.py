"""Where a gradient of one variable vanishes: all places in an interval, to the last bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

#: How many points are looked at; two places closer than their distance are missed.
_LOOKS = 4001


class Flats(NamedTuple):
    """The places without gradient, from left to right: dips and tops."""

    dips: tuple[float, ...]
    tops: tuple[float, ...]


def flats(gradient: Callable[[Any], Any], low: float, high: float) -> Flats:
    """Find where a gradient changes its sign between two ends.

    The signs at 4001 points say where; halving an interval until it cannot be halved gives the
    double at which the gradient, as computed, vanishes or is next to it. No start is guessed and
    nothing random is in it, so the same gradient gives the same bits.
    """
    dips: list[float] = []
    tops: list[float] = []
    at = np.linspace(low, high, _LOOKS)
    down = gradient(at) < 0.0
    for i in np.flatnonzero(down[1:] != down[:-1]).tolist():
        place = _halved(gradient, float(at[i]), float(at[i + 1]))
        (dips if down[i] else tops).append(place)
    return Flats(tuple(dips), tuple(tops))


def _halved(gradient: Callable[[Any], Any], a: float, b: float) -> float:
    """Give the end with the smaller gradient of the smallest interval in which it changes sign."""
    sa, sb = gradient(a), gradient(b)
    while True:
        middle = 0.5 * (a + b)
        if middle in (a, b):
            return a if abs(sa) < abs(sb) else b
        s = gradient(middle)
        if s == 0.0:
            return middle
        if (s < 0.0) == (sa < 0.0):
            a, sa = middle, s
        else:
            b, sb = middle, s
