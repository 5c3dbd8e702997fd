"""Many equal small marks: each is drawn once, then stamped wherever it stands."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from optiviz.gui.drawing.memory import Memory

Shape = Literal["dot", "triangle"]
SHAPES: tuple[Shape, ...] = ("dot", "triangle")

#: A triangle needs a longer side than a dot to seem of one size with it.
_TRIANGLE = 1.35
_MEMORY = Memory(QPainter.PixmapFragment, 10)


@lru_cache(maxsize=64)
def stamp(
    shape: Shape, radius: float, fill: str, edge: str, edge_width: float, sharpness: float
) -> QPixmap:
    """Draw a mark on a transparent square; colours as ``#rrggbb``, or empty for none."""
    # Even, so that its middle is a corner of pixels.
    side = 2 * math.ceil((_TRIANGLE * radius + edge_width + 1.0) * sharpness)
    pixmap = QPixmap(side, side)
    pixmap.setDevicePixelRatio(sharpness)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(side / sharpness / 2.0, side / sharpness / 2.0)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(edge), edge_width) if edge else QPen(Qt.PenStyle.NoPen))
    if shape == "dot":
        painter.drawEllipse(QRectF(-radius, -radius, 2.0 * radius, 2.0 * radius))
    else:
        reach = _TRIANGLE * radius
        turns = [math.tau * corner / 3.0 for corner in range(3)]
        corners = [QPointF(reach * math.sin(turn), -reach * math.cos(turn)) for turn in turns]
        painter.drawPolygon(QPolygonF(corners))
    painter.end()
    return pixmap


def paint_stamps(painter: QPainter, pixmap: QPixmap, places: np.ndarray) -> None:
    """Stamp a mark with its middle at each of many places (n, 2), in pixels."""
    side, sharpness = float(pixmap.width()), pixmap.devicePixelRatio()
    rows = np.empty((len(places), 10))
    rows[:, :2] = places
    rows[:, 2:] = (0.0, 0.0, side, side, 1.0 / sharpness, 1.0 / sharpness, 0.0, 1.0)
    for first, count in _MEMORY.filled(rows):
        painter.drawPixmapFragments(first, count, pixmap)
