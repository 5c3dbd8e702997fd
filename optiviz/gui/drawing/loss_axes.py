"""The numbers behind the loss curves: which range an axis shows, its ticks, and thinned curves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.field import power_of_ten
from optiviz.gui.drawing.tick_numbers import round_step, tick_label, tick_values

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = np.ndarray

#: Below this a loss is rounding error; it is drawn at the floor.
FLOOR = 1e-12
_BELOW_TARGET = 1e-3  # how far below the finish a logarithmic axis reaches at most
_ABOVE_START = 1e4  # a loss this much greater than every start has left the picture
_GROUPED = "\N{NARROW NO-BREAK SPACE}"
_NICE = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)


@dataclass(frozen=True, eq=False)
class StepCurve:
    """One racer's loss, step by step until it diverged; what is asked for twice is found once.

    Attributes:
        losses: (steps taken + 1,).
        least: the loss above which all are shown.
    """

    losses: Array
    diverged: bool
    least: float = 0.0

    @property
    def values(self) -> Array:
        """The losses above the least, (steps taken + 1,)."""
        return self.losses - self.least

    @property
    def start(self) -> float:
        """The first value."""
        return float(self.losses[0]) - self.least

    @property
    def end(self) -> float:
        """The last value."""
        return float(self.losses[-1]) - self.least

    @cached_property
    def peak(self) -> float:
        """The greatest value."""
        return float(self.losses.max()) - self.least

    @cached_property
    def bottom(self) -> float:
        """The least value above zero; infinite if there is none."""
        lowest = float(self.losses.min())
        if lowest <= self.least:
            lowest = float(self.losses[self.losses > self.least].min(initial=math.inf))
        return lowest - self.least

    def thinned(self, columns: int) -> tuple[Array, Array]:
        """The steps (k,) that so many pixel columns can show, and their values (k,)."""
        found = self._thinned.get(columns)
        if found is None:
            steps = thin_columns(self.losses, columns)
            self._thinned.clear()
            found = self._thinned[columns] = steps, self.losses[steps] - self.least
        return found

    @cached_property
    def _thinned(self) -> dict[int, tuple[Array, Array]]:
        return {}


@dataclass(frozen=True)
class ValueRange:
    """What the loss axis shows, from bottom to top."""

    low: float
    high: float
    log: bool

    def share(self, values: Array) -> Array:
        """Map losses to heights, 0 at the bottom and 1 at the top; finite whatever they are."""
        values = np.nan_to_num(values, nan=math.inf, posinf=1e300)
        if self.log:
            # A loss of zero, or rounded below it, stands on the floor.
            values = np.log10(np.clip(values, self.low, 1e300))
            low, high = math.log10(self.low), math.log10(self.high)
        else:
            values = np.clip(values, self.low, 10.0 * self.high)
            low, high = self.low, self.high
        return np.clip((values - low) / (high - low), 0.0, 10.0)

    def ticks(self, pixels: float, spacing: float) -> list[tuple[float, str]]:
        """List the numbers that fit, as (share of the height, text)."""
        if not self.log:
            step = round_step(self.high, pixels, spacing)
            values = tick_values(0.0, self.high, step)
            return [(value / self.high, tick_label(value, step)) for value in values]
        bottom, top = round(math.log10(self.low)), round(math.log10(self.high))
        decades = top - bottom
        most = max(1, math.floor(pixels / max(spacing, 1.0)))
        stride = next(s for s in (1, 2, 3, 5, 10, 20, 50, 100, 1000) if decades / s <= most)
        first = math.ceil(bottom / stride) * stride
        return [((e - bottom) / decades, power_of_ten(e)) for e in range(first, top + 1, stride)]


def wanted_range(curves: Sequence[StepCurve], target: float, *, log: bool) -> ValueRange:
    """Choose a range for the races' losses; a racer that diverged counts with its start alone."""
    whole = [curve for curve in curves if not curve.diverged]
    start = max([*(curve.start for curve in curves), target, FLOOR])
    # Starts may be as large as 1e300 themselves; keep room for the powers of ten around them.
    start = min(start, 1e290)
    peak = max([start, *(curve.peak for curve in whole)])
    if not log:
        return ValueRange(0.0, _nice_above(min(peak, 2.0 * start)), log=False)
    peak = min(peak, start * _ABOVE_START)
    least = min([peak, *(curve.bottom for curve in whole)])
    low = max(least, target * _BELOW_TARGET, FLOOR)
    if target > 0.0:
        low = min(low, target / 10.0)
    top = math.ceil(math.log10(peak) - 1e-9)
    bottom = min(math.floor(math.log10(low) + 1e-9), top - 2)
    return ValueRange(10.0**bottom, 10.0**top, log=True)


def held_range(shown: ValueRange, wanted: ValueRange) -> ValueRange:
    """Keep the range that is shown while a hand moves, unless the data leave it by much."""
    if shown.log != wanted.log:
        return wanted
    if shown.log:
        low = wanted.low if wanted.low < shown.low / 100.0 else shown.low
        high = wanted.high if wanted.high > shown.high * 10.0 else shown.high
        return ValueRange(low, high, log=True)
    return wanted if wanted.high > 1.5 * shown.high else shown


def step_ticks(steps: int, pixels: float, spacing: float) -> list[tuple[int, str]]:
    """List the ticks of the step axis that fit."""
    step = max(1.0, round_step(max(steps, 1), pixels, spacing))
    values = map(round, tick_values(0.0, steps, step))
    # Not with a comma: where numbers are typed, that is the decimal point.
    return [(value, f"{value:,}".replace(",", _GROUPED)) for value in values]


def thin_columns(values: Array, columns: int) -> Array:
    """Indices of the points that pixel columns can show: of each column the least and greatest."""
    count = len(values)
    columns = max(columns, 1)
    if count <= 4 * columns:
        return np.arange(count)
    block = -(-count // columns)
    whole = count // block * block
    blocks, rest = values[:whole].reshape(-1, block), values[whole:]
    base = np.arange(0, whole, block)
    kept = [[0, count - 1], base + blocks.argmin(axis=1), base + blocks.argmax(axis=1)]
    if len(rest):
        kept.append([whole + int(rest.argmin()), whole + int(rest.argmax())])
    return np.unique(np.concatenate(kept))


def _nice_above(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(n * power for n in _NICE if n * power >= value * (1 - 1e-9))
