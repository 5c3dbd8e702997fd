"""The axes of a plot by step: where steps and values are in pixels, and the numbers beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from optiviz.gui.drawing.layer import blank_picture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optiviz.gui.theme.palette import Look

Array = np.ndarray

_LINES = 1.7  # between two numbers of the axis of values, in heights of a line
_GAP = 18.0  # between two numbers of the axis of steps


class ValueAxis(Protocol):
    """What the axis of values shows, from bottom to top; two that show the same are equal."""

    def share(self, values: Array) -> Array:
        """Map values to heights: 0 at the bottom and 1 at the top."""
        ...

    def ticks(self, pixels: float, spacing: float) -> list[tuple[float, str]]:
        """List the numbers that fit, as (share of the height, text)."""
        ...


@dataclass(frozen=True)
class Margins:
    """What is left free around a plot, in unscaled pixels.

    Attributes:
        widest: the widest number beside the axis of values, which has room at the left.
        left, top, right, below: beyond the numbers.
        gap: between the numbers of the axis of values and the plot.
        drop: between the plot and the numbers of the axis of steps.
        edge: between the last of those and the edge of the picture.
    """

    widest: str
    left: float
    top: float
    right: float
    below: float
    gap: float
    drop: float
    edge: float


class StepAxes:
    """A plot's room for one size and look, and what its places stand for.

    Attributes:
        plot: where curves are, in pixels.
        steps: how many the plot shows, from 0 on.
        values: what it shows upward.
    """

    values: ValueAxis

    def __init__(
        self, look: Look, size: tuple[float, float], top: float, sharpness: float, margins: Margins
    ) -> None:
        """Lay the plot out below ``top``; ``sharpness`` is device pixels in a pixel."""
        self.look = look
        self.sharpness = sharpness
        self.width, self.height = size
        self.font = look.font(0.85)
        self.metrics = QFontMetricsF(self.font)
        self.margins = margins
        left = self.metrics.horizontalAdvance(margins.widest) + look.px(margins.left)
        right = self.width - look.px(margins.right)
        bottom = self.height - self.metrics.height() - look.px(margins.below)
        top += look.px(margins.top)
        self.plot = QRectF(left, top, max(right - left, 10.0), max(bottom - top, 10.0))
        self.steps = 1

    @property
    def scale(self) -> tuple[object, ...]:
        """What places in the plot stand for: every picture on these axes depends on it."""
        return (self.values, self.steps)

    @property
    def columns(self) -> int:
        """How many columns of device pixels the curves have."""
        return round(self.plot.width() * self.sharpness)

    def x(self, step: float) -> float:
        """Where a step is, in pixels."""
        return self.plot.left() + self.plot.width() * step / self.steps

    def step(self, x: float) -> float:
        """Which step a pixel is, within the race."""
        return self.share_across(x) * self.steps

    def share_across(self, x: float) -> float:
        """How far across the plot a pixel is, from 0 to 1."""
        return min(max((x - self.plot.left()) / self.plot.width(), 0.0), 1.0)

    def height_of(self, share):
        """How high a share of the axis of values is, in pixels; so for arrays of shares."""
        return self.plot.bottom() - share * self.plot.height()

    def canvas(self) -> tuple[QPixmap, QPainter]:
        """A transparent picture of the whole plot and its numbers, and a painter on it."""
        pixmap = blank_picture(QSizeF(self.width, self.height), self.sharpness)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return pixmap, painter

    def draw_values(self, painter: QPainter) -> None:
        """Draw the numbers of the axis of values, each with its line across the plot."""
        theme, metrics, plot = self.look.theme, self.metrics, self.plot
        painter.setFont(self.font)
        for share, text in self.values.ticks(plot.height(), metrics.height() * _LINES):
            y = self._crisp(self.height_of(share))
            painter.setPen(QPen(QColor(theme.border), 1.0))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            left = plot.left() - self.look.px(self.margins.gap) - metrics.horizontalAdvance(text)
            painter.setPen(QColor(theme.muted))
            painter.drawText(QPointF(left, y + metrics.capHeight() / 2), text)

    def spacing(self, longest: str) -> float:
        """How far apart numbers below the plot are, of which this is the longest, in pixels."""
        return self.metrics.horizontalAdvance(longest) + self.look.px(_GAP)

    def draw_below(self, painter: QPainter, numbers: Iterable[tuple[float, str]]) -> None:
        """Write numbers below the plot, each with its middle at a pixel."""
        look, metrics = self.look, self.metrics
        painter.setFont(self.font)
        painter.setPen(QColor(look.theme.muted))
        baseline = self.plot.bottom() + look.px(self.margins.drop) + metrics.ascent()
        for x, text in numbers:
            width = metrics.horizontalAdvance(text)
            left = min(x - width / 2, self.width - width - look.px(self.margins.edge))
            painter.drawText(QPointF(left, baseline), text)

    def _crisp(self, y: float) -> float:
        return (round(y * self.sharpness - 0.5) + 0.5) / self.sharpness
