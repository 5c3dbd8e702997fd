"""Where many seeds end: a cloud of small markers on the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPixmap

from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.drawing.layer import Layer, blank
from optiviz.gui.theme.markers import marker_pixmap
from optiviz.gui.theme.palette import RACER_STYLES

if TYPE_CHECKING:
    import numpy as np

_SIZE = 9.0
_OPACITY = 0.75


class StageEndpoints(Layer):
    """Draws points in a racer's colour and shape, kept as a picture until something changes."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._points: np.ndarray | None = None
        self._shown = 0  # how often others were shown
        self._racer_style = 0
        self._picture: KeptPicture[QPixmap] = KeptPicture()
        self.setVisible(False)

    @property
    def points(self) -> np.ndarray | None:
        """What is shown, (n, 2)."""
        return self._points

    def show_endpoints(self, points: np.ndarray | None, racer_style: int) -> None:
        """Show points, (n, 2), or none."""
        self._points, self._racer_style = points, racer_style
        self._shown += 1
        self.setVisible(points is not None)
        if points is None:
            self._picture.forget()
        self.changed()

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Paste the picture."""
        if self._points is None:
            return
        points = self._points
        shows = (*self.seen(sharpness), self._shown, self._racer_style)
        painter.setOpacity(_OPACITY)
        painter.drawPixmap(0, 0, self._picture.get(shows, lambda: self._drawn(points, sharpness)))
        painter.setOpacity(1.0)

    def _drawn(self, points: np.ndarray, sharpness: float) -> QPixmap:
        look, seen = self.look, self.projection
        size = look.px(_SIZE)
        stamp = marker_pixmap(
            RACER_STYLES[self._racer_style].marker,
            look.color(self._racer_style),
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
