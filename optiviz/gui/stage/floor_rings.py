"""The noise floor on the stage: a ring around the minimum, as wide as theory says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from optiviz.gui.drawing.layer import Layer

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _HALO = 1.8, 3.2
_DASH = (4.0, 3.0)  # in widths of the line
_CORNERS = 96
_LEAST = 1.5  # pixels; a smaller ring would be a dot


@dataclass(frozen=True)
class FloorRing:
    """A ring in data coordinates: its middle, its radius, and its racer's style."""

    x: float
    y: float
    radius: float
    racer_style: int

    def points(self) -> np.ndarray:
        """Give points on it, (n, 2), the first one again at the end."""
        turn = np.linspace(0.0, 2.0 * np.pi, _CORNERS + 1)
        away = self.radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)
        points: np.ndarray = np.array([self.x, self.y]) + away
        return points


class FloorRings(Layer):
    """Draws each ring dashed, in its racer's colour with a halo."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._rings: tuple[FloorRing, ...] = ()

    @property
    def rings(self) -> tuple[FloorRing, ...]:
        """What is shown."""
        return self._rings

    def show_rings(self, rings: Sequence[FloorRing]) -> None:
        """Show these rings."""
        if tuple(rings) != self._rings:
            self._rings = tuple(rings)
            self.changed()

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw what is visible."""
        look, seen = self.look, self.projection
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        stage = max(seen.width, seen.height)
        for ring in self._rings:
            pixels = seen.pixels(ring.points())
            across = float(np.ptp(pixels, axis=0).max())
            # One that is far larger than the stage has no part in sight that would say anything.
            if not look.px(2.0 * _LEAST) <= across <= 20.0 * stage:
                continue
            line = QPolygonF([QPointF(x, y) for x, y in pixels.tolist()])
            painter.setPen(QPen(QColor(look.theme.halo), look.px(_HALO)))
            painter.drawPolyline(line)
            pen = QPen(look.color(ring.racer_style), look.px(_WIDTH))
            pen.setDashPattern(list(_DASH))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawPolyline(line)
