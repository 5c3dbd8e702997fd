"""Where epochs, steps and rates are on a schedule's plot, in pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optiviz.gui.drawing.step_axes import Margins, StepAxes
from optiviz.gui.drawing.strokes import clipped
from optiviz.gui.views.schedule.axis import RateAxis

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look

Array = np.ndarray

GUTTER = 21.0  # for ε's pointer, between the numbers and the plot
_MARGINS = Margins("0.0005", left=GUTTER, top=10, right=12, below=9, gap=GUTTER, drop=8, edge=2)


class SchedulePlaces(StepAxes):
    """The plot's room for one size and look, and what its places stand for."""

    values: RateAxis

    def __init__(self, look: Look, size: tuple[float, float], top: float, sharpness: float) -> None:
        super().__init__(look, size, top, sharpness, _MARGINS)
        self.values = RateAxis(0.0, 1.0, log=False)
        #: The bounds' lines that were found last, and of what: they are asked for by several.
        self.bounds: tuple[tuple[object, ...], list[Array]] = ((), [])
        self.epochs = 1.0

    @property
    def scale(self) -> tuple[object, ...]:
        """What places in the plot stand for: the rates, the steps and the epochs."""
        return (*super().scale, self.epochs)

    def x_of_epoch(self, epoch: float) -> float:
        """Where an epoch is, in pixels."""
        return self.plot.left() + self.plot.width() * epoch / self.epochs

    def epoch(self, x: float) -> float:
        """Which epoch a pixel is, within the race."""
        return self.share_across(x) * self.epochs

    def y(self, rate: float) -> float:
        """How high a rate is, in pixels."""
        return float(self._ys(np.array([rate]))[0])

    def rate(self, y: float) -> float:
        """Which rate a pixel is; 0 at the bottom and below."""
        return self.values.rate((self.plot.bottom() - y) / self.plot.height())

    def line(self, epochs: Array, rates: Array) -> Array:
        """Turn points of a curve into lines in pixels, (n, 4), cut off far outside the plot."""
        points = np.stack(
            [self.plot.left() + self.plot.width() * epochs / self.epochs, self._ys(rates)], axis=1
        )
        lines = np.hstack([points[:-1], points[1:]])
        lines = lines[np.isfinite(lines).all(axis=1)]
        plot, far = self.plot, 40.0
        box = (plot.left() - far, plot.top() - far, plot.right() + far, plot.bottom() + far)
        return clipped(lines, np.zeros((len(lines), 2)), box)[0]

    def _ys(self, rates: Array) -> Array:
        known = np.where(np.isfinite(rates), self.values.share(rates), np.nan)
        ys: Array = self.height_of(known)
        return ys
