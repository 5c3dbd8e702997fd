"""A ring where the pointer is in another view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from optiviz.gui.drawing.layer import Layer

_RING = 6.0


class Pointer(Layer):
    """A ring at a point of the surface, or nothing."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._point: tuple[float, float] | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """Where the ring is, in data coordinates."""
        return self._point

    def show_point(self, point: tuple[float, float] | None) -> None:
        """Show a point in data coordinates, or none."""
        if point != self._point:
            self._point = point
            self.changed()

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the ring."""
        if self._point is None:
            return
        at, look = QPointF(*self.projection.pixel(*self._point)), self.look
        if not self.projection.shows(at.x(), at.y()):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in ((look.theme.halo, 4.0), (look.theme.ink, 1.6)):
            painter.setPen(QPen(QColor(ink), look.px(width)))
            painter.drawEllipse(at, look.px(_RING), look.px(_RING))
