"""Where epochs, steps and rates are on a schedule's plot, in pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from optiviz.gui.drawing.strokes import clipped
from optiviz.gui.views.schedule.axis import RateAxis

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look

Array = np.ndarray

_WIDEST = "0.0005"
GUTTER = 21.0  # for ε's pointer, between the numbers and the plot


class SchedulePlaces:
    """The plot's room for one size and look, and what its places stand for."""

    def __init__(self, look: Look, size: tuple[float, float], sharpness: float) -> None:
        self.look = look
        self.sharpness = sharpness
        self._width, self._height = size
        self._font = look.font(0.85)
        self._metrics = QFontMetricsF(self._font)
        left = self._metrics.horizontalAdvance(_WIDEST) + look.px(GUTTER)
        right = self._width - look.px(12)
        top, bottom = look.px(10), self._height - self._metrics.height() - look.px(9)
        self.plot = QRectF(left, top, max(right - left, 10.0), max(bottom - top, 10.0))
        #: The bounds' lines that were found last, and of what: they are asked for by several.
        self.bounds: tuple[tuple[object, ...], list[Array]] = ((), [])
        self.steps = 1
        self.epochs = 1.0
        self.axis = RateAxis(0.0, 1.0, log=False)

    @property
    def scale(self) -> tuple[RateAxis, int, float]:
        """What places in the plot stand for: the rates, the steps and the epochs."""
        return self.axis, self.steps, self.epochs

    def x(self, step: float) -> float:
        """Where a step is, in pixels."""
        return self.plot.left() + self.plot.width() * step / self.steps

    def step(self, x: float) -> float:
        """Which step a pixel is, within the race."""
        return self._share(x) * self.steps

    def x_of_epoch(self, epoch: float) -> float:
        """Where an epoch is, in pixels."""
        return self.plot.left() + self.plot.width() * epoch / self.epochs

    def epoch(self, x: float) -> float:
        """Which epoch a pixel is, within the race."""
        return self._share(x) * self.epochs

    def y(self, rate: float) -> float:
        """How high a rate is, in pixels."""
        return float(self._ys(np.array([rate]))[0])

    def rate(self, y: float) -> float:
        """Which rate a pixel is; 0 at the bottom and below."""
        return self.axis.rate((self.plot.bottom() - y) / self.plot.height())

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
        known = np.where(np.isfinite(rates), self.axis.share(rates), np.nan)
        ys: Array = self.plot.bottom() - known * self.plot.height()
        return ys

    def _share(self, x: float) -> float:
        return min(max((x - self.plot.left()) / self.plot.width(), 0.0), 1.0)
