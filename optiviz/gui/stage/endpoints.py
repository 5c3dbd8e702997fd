"""Where many seeds end: a cloud of small markers on the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPixmap

from optiviz.gui.drawing.layer import Layer, blank
from optiviz.gui.markers import marker_pixmap
from optiviz.gui.theme import RACER_LOOKS

if TYPE_CHECKING:
    import numpy as np

_SIZE = 9.0
_OPACITY = 0.75


class StageEndpoints(Layer):
    """Draws points in a racer's colour and shape, kept as a picture until something changes."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._points: np.ndarray | None = None
        self._racer_look = 0
        self._picture: QPixmap | None = None
        self.setVisible(False)

    @property
    def points(self) -> np.ndarray | None:
        """What is shown, (n, 2)."""
        return self._points

    def show_endpoints(self, points: np.ndarray | None, racer_look: int) -> None:
        """Show points, (n, 2), or none."""
        self._points, self._racer_look = points, racer_look
        self.setVisible(points is not None)
        self.changed()

    def changed(self) -> None:
        """Draw anew."""
        self._picture = None
        super().changed()

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Paste the picture."""
        if self._points is None:
            return
        if self._picture is None or self._picture.devicePixelRatio() != sharpness:
            self._picture = self._drawn(self._points, sharpness)
        painter.setOpacity(_OPACITY)
        painter.drawPixmap(0, 0, self._picture)
        painter.setOpacity(1.0)

    def _drawn(self, points: np.ndarray, sharpness: float) -> QPixmap:
        look, seen = self.look, self.projection
        size = look.px(_SIZE)
        stamp = marker_pixmap(
            RACER_LOOKS[self._racer_look].marker,
            look.color(self._racer_look),
            QColor(look.theme.halo),
            size,
            sharpness,
        )
        picture = blank(seen, sharpness)
        painter = QPainter(picture)
        for x, y in seen.pixels(points).tolist():
            if seen.shows(x, y, size):
                painter.drawPixmap(QPointF(x - size / 2, y - size / 2), stamp)
        painter.end()
        return picture
