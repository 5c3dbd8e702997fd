"""The schedule that is drawn by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from optiviz.engine.digits import rounded
from optiviz.engine.part import PartError, knob
from optiviz.engine.schedules.base import Array, Schedule
from optiviz.engine.schedules.handles import GAP, Handle, between, within
from optiviz.engine.schedules.lists import (
    HIGHEST,
    LAST_EPOCH,
    Pair,
    canonical,
    read_pairs,
    short,
    written_pairs,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Drawn(Schedule):
    r"""Lines from knot to knot: $\epsilon_t = \epsilon\, \mathrm{line}(e)$.

    Before the first knot and after the last one it is flat. Knots are epochs of the race, warmup or
    not: the warmup climbs to the line and goes over into it. Torch has it as a ``LambdaLR``.
    """

    knots: str = knob(
        "0:1, 50:0.3, 100:0",
        symbol="knots",
        label="knots",
        help="The corners of the line, as epoch:factor on ε, as in 0:1, 50:0.3, 100:0.",
    )

    key: ClassVar[str] = "drawn"
    title: ClassVar[str] = "Drawn by hand"
    family: ClassVar[str] = "By hand"
    about: ClassVar[str] = "A line that is drawn across the chart, through knots that are dragged."
    formula: ClassVar[str] = (
        r"\epsilon_t = \epsilon \left(f_i + (f_{i+1} - f_i)"
        r" \frac{e - e_i}{e_{i+1} - e_i}\right), \quad e_i \leq e < e_{i+1}"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "knots", canonical(self.knots, written_pairs(self.points)))

    @property
    def points(self) -> tuple[Pair, ...]:
        """The knots as pairs of an epoch and a factor on ε; the epochs rise."""
        return read_pairs("knots", "knots", self.knots)

    @classmethod
    def of(cls, points: Iterable[Pair], warmup: float = 0.0) -> Self:
        """Make it from pairs of an epoch and a factor, which are kept to the last bit."""
        return cls(warmup=warmup, knots=written_pairs(points))

    def with_knot(self, epoch: float, factor: float) -> Self:
        """Copy it with one more knot, at its place among the others.

        Raises:
            PartError: there is one at that epoch, the text would be too long, or the point is not
                a finite one.
        """
        if not (math.isfinite(epoch) and math.isfinite(factor)):
            raise PartError("knots", f"knots: {epoch}:{factor} is no point")
        new = (within(epoch, 0.0, LAST_EPOCH), within(factor, 0.0, HIGHEST))
        return self._changed(knots=written_pairs(sorted((*self.points, new))))

    def without_knot(self, index: int) -> Self:
        """Copy it with one knot less.

        Raises:
            PartError: it is the last one there is.
        """
        points = self.points
        if len(points) == 1:
            raise PartError("knots", "knots: the last one stays")
        return self._changed(knots=written_pairs((*points[:index], *points[index + 1 :])))

    def _after(self, t: Array, span: float) -> Array:
        epochs, factors = np.array(self.points).T
        return np.asarray(np.interp(self.warmup + t, epochs, factors))

    def _corners(self, span: float) -> tuple[float, ...]:
        return tuple(epoch - self.warmup for epoch, _ in self.points if epoch > self.warmup)

    def _handles(self, span: float) -> tuple[Handle, ...]:
        last = self.warmup + span
        return tuple(
            Handle(f"knot {i}", epoch, factor, ("knots",), "both", f"knot {i + 1}")
            for i, (epoch, factor) in enumerate(self.points)
            if epoch <= last
        )

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        i, points, last = int(name.split()[-1]), list(self.points), self.warmup + span
        gap = GAP * last
        before = points[i - 1][0] if i else -gap
        after = points[i + 1][0] if i + 1 < len(points) else math.inf
        moved = between(epoch, before, min(after, last + gap), last)
        points[i] = (points[i][0] if moved is None else moved, within(factor, 0.0, HIGHEST))
        return self._changed(knots=written_pairs(points))

    def _remark(self, span: float) -> str | None:
        last = self.warmup + span
        beyond = [epoch for epoch, _ in self.points if epoch > last]
        if not beyond:
            return None
        listed = ", ".join(map(short, beyond))
        noun = "Knot at epoch" if len(beyond) == 1 else "Knots at epochs"
        verb = "is" if len(beyond) == 1 else "are"
        return f"{noun} {listed} {verb} beyond the race's {rounded(last, 6)} epochs."
