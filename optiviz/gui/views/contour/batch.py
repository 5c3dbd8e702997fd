"""The loss that the batch of the step has, as dotted lines over those of the full loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPixmap

from optiviz.gui.drawing.dashes import dashed
from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.drawing.layer import Layer, blank
from optiviz.gui.drawing.line_painter import line_pen, paint_lines
from optiviz.gui.drawing.strokes import Strokes, clipped
from optiviz.gui.theme.markers import paint_marker

if TYPE_CHECKING:
    from optiviz.engine.chance import BatchField

WIDTH = 1.6
DOTS = (2.0, 5.0)  # drawn, gap; pixels
_HALO = 0.8  # on each side
_OPACITY = 0.9
LOWEST = 11.0


class BatchLayer(Layer):
    """A batch's contour lines, in the colour of the racer that is told its gradient."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._batch: BatchField | None = None
        self._racer = 0
        self._picture: KeptPicture[QPixmap] = KeptPicture()

    @property
    def batch(self) -> BatchField | None:
        """The batch whose loss is shown."""
        return self._batch

    def show_batch(self, batch: BatchField | None, racer_style: int) -> None:
        """Show the lines of a batch instead of the last, or none."""
        if (batch, racer_style) != (self._batch, self._racer):
            self._batch, self._racer = batch, racer_style
            self.changed()

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the picture kept, or make it."""
        if self._batch is None:
            self._picture.forget()
            return
        batch, racer_style = self._batch, self._racer
        shows = (*self.seen(sharpness), batch, racer_style)
        painter.setOpacity(_OPACITY)
        painter.drawPixmap(0, 0, self._picture.get(shows, lambda: self._drawn(batch, sharpness)))
        painter.setOpacity(1.0)

    def _drawn(self, batch: BatchField, sharpness: float) -> QPixmap:
        picture = blank(self.projection, sharpness)
        painter = QPainter(picture)
        self._draw_lines(painter, batch)
        painter.end()
        return picture

    def _draw_lines(self, painter: QPainter, batch: BatchField) -> None:
        look, seen = self.look, self.projection
        color, halo = look.color(self._racer), QColor(look.theme.halo)
        points = seen.pixels(np.stack([batch.lines_x, batch.lines_y], axis=1))
        joined = np.flatnonzero(batch.lines_connect[:-1])
        lines = np.hstack([points[joined], points[joined + 1]])
        box = (-2.0, -2.0, seen.width + 2.0, seen.height + 2.0)
        lines, reach = clipped(lines, np.zeros((len(lines), 2)), box)
        dots = dashed(Strokes(lines, reach), [look.px(part) for part in DOTS]).lines
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = look.px(WIDTH)
        paint_lines(painter, dots, line_pen(halo, width + 2 * look.px(_HALO)))
        paint_lines(painter, dots, line_pen(color, width))
        if batch.lowest is not None:
            at = QPointF(*seen.pixel(*batch.lowest))
            paint_marker(painter, "cross", at, look.px(LOWEST), color, halo)
