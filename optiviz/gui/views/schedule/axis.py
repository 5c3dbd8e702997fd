"""The axis of learning rates: what it shows, its ticks, and the way from a height to a rate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.field import power_of_ten
from optiviz.gui.drawing.tick_numbers import round_step, tick_label, tick_values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optiviz.engine.zone import Zone

Array = np.ndarray

_NICE = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_ROOM = 1.12  # above the greatest rate
#: A logarithmic axis reaches from two decades to so many below its greatest rate.
_LEAST_DECADES, _MOST_DECADES = 2, 4
#: A bound so many times above the greatest rate is beyond the axis.
_MOST_ABOVE = 4.0
_SMALLEST, _LARGEST = 1e-290, 1e290


@dataclass(frozen=True)
class RateAxis:
    """What the axis shows, from bottom to top; ``low`` is 0 where it is linear."""

    low: float
    high: float
    log: bool

    def share(self, rates: Array) -> Array:
        """Map rates to heights, 0 at the bottom and 1 at the top; finite whatever they are."""
        rates = np.nan_to_num(np.asarray(rates, dtype=float), nan=0.0, posinf=_LARGEST)
        if not self.log:
            return np.clip(rates / self.high, -10.0, 10.0)
        low, high = math.log10(self.low), math.log10(self.high)
        logs = np.log10(np.clip(rates, self.low, _LARGEST))
        return np.clip((logs - low) / (high - low), 0.0, 10.0)

    def rate(self, share: float) -> float:
        """Give the rate at a height, which may lie beyond the top; 0 at the bottom and below."""
        if share <= 0.0:
            return 0.0
        share = min(share, 10.0)
        if not self.log:
            return share * self.high
        low, high = math.log10(self.low), math.log10(self.high)
        return float(10.0 ** min(low + share * (high - low), 300.0))

    def ticks(self, pixels: float, spacing: float) -> list[tuple[float, str]]:
        """List the ticks that fit, as (share of the height, text)."""
        if not self.log:
            step = round_step(self.high, pixels, spacing)
            values = tick_values(0.0, self.high, step)
            return [(value / self.high, tick_label(value, step)) for value in values]
        bottom, top = round(math.log10(self.low)), math.log10(self.high)
        most = max(1, math.floor(pixels / max(spacing, 1.0)))
        stride = max(1, math.ceil((math.floor(top) - bottom) / most))
        return [
            ((exponent - bottom) / (top - bottom), power_of_ten(exponent))
            for exponent in range(bottom, math.floor(top + 1e-9) + 1, stride)
        ]


def wanted_axis(rates: Iterable[Array], *, log: bool) -> RateAxis:
    """Choose an axis on which these rates, (n,) each, can be seen."""
    known = [np.asarray(each, dtype=float) for each in rates]
    finite = np.concatenate([np.empty(0), *known])
    finite = finite[np.isfinite(finite) & (finite > 0.0)]
    peak = min(max(float(finite.max(initial=0.0)), _SMALLEST), _LARGEST) if finite.size else 1.0
    high = _nice_above(peak * _ROOM)
    if not log:
        return RateAxis(0.0, high, log=False)
    least = max(float(finite.min(initial=peak)), peak * 10.0**-_MOST_DECADES)
    top = math.ceil(math.log10(peak) - 1e-9)
    bottom = min(math.floor(math.log10(least) + 1e-9), top - _LEAST_DECADES)
    return RateAxis(10.0**bottom, max(high, 1.3 * peak), log=True)


def rates_beside(rates: Array, zone: Zone | None) -> Array:
    """Give the zone's bounds that are to be seen beside rates, (n,): the medians of the epochs.

    So a spike in few epochs does not press the curve onto the axis; nor does a bound that is
    far above all rates: it is not among them.
    """
    if zone is None:
        return np.empty(0)
    finite = np.asarray(rates, dtype=float)
    peak = float(finite[np.isfinite(finite)].max(initial=0.0))
    ends = (each[np.isfinite(each)] for each in (zone.high, zone.low))
    middles = np.array([np.median(each) for each in ends if len(each)])
    return middles[(middles > 0.0) & (middles <= _MOST_ABOVE * peak)]


def _nice_above(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(n * power for n in _NICE if n * power >= value * (1 - 1e-9))
