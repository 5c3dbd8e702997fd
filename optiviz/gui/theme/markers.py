"""The shapes of racers, minima and saddles: one path each, for stage, cards and curves."""

from __future__ import annotations

import math
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

# Every shape is centred on the origin and made to look equally large: a triangle needs a longer
# side than a square to seem of one size with it. All stay within 0.5 of the origin's axes.
_STAR_INNER = 0.42
_PLUS_ARM = 0.17  # half of an arm's width


@cache
def marker_path(marker: str) -> QPainterPath:
    """Give a marker's outline of unit size, centred on the origin, y pointing down.

    Markers are those of :data:`optiviz.gui.theme.palette.Marker`, ``star`` (a minimum) and
    ``cross`` (a saddle). The path is shared: copy it before changing it.
    """
    path = QPainterPath()
    if marker == "circle":
        path.addEllipse(QPointF(0.0, 0.0), 0.45, 0.45)
    elif marker == "square":
        path.addRect(QRectF(-0.4, -0.4, 0.8, 0.8))
    elif marker in ("plus", "cross"):
        _add_polygon(path, _plus(math.pi / 4 if marker == "cross" else 0.0))
    elif marker == "star":
        _add_polygon(path, _star())
    else:
        _add_polygon(path, _ring(*_RINGS[marker]))
    return path


def _ring(corners: int, radius: float, turn: float, drop: float) -> list[tuple[float, float]]:
    """List the corners of a regular polygon; ``turn`` 0 points up, ``drop`` lowers its centre."""
    return [
        (
            radius * math.sin(turn + math.tau * corner / corners),
            drop - radius * math.cos(turn + math.tau * corner / corners),
        )
        for corner in range(corners)
    ]


# corners, radius, turn, drop of the centre (a triangle's middle is not half of its height)
_RINGS: dict[str, tuple[int, float, float, float]] = {
    "triangle": (3, 0.56, 0.0, 0.11),
    "triangle_down": (3, 0.56, math.pi, -0.11),
    "diamond": (4, 0.5, 0.0, 0.0),
    "pentagon": (5, 0.49, 0.0, 0.03),
    "hexagon": (6, 0.48, math.pi / 6, 0.0),
}


def _star() -> list[tuple[float, float]]:
    points = []
    for corner in range(10):
        radius = 0.5 if corner % 2 == 0 else 0.5 * _STAR_INNER
        angle = math.pi * corner / 5
        points.append((radius * math.sin(angle), 0.03 - radius * math.cos(angle)))
    return points


def _plus(turn: float) -> list[tuple[float, float]]:
    arm, reach = _PLUS_ARM, 0.48
    corners = [(-arm, -reach), (arm, -reach), (arm, -arm)]
    points = []
    for quarter in range(4):
        angle = turn + quarter * math.pi / 2
        cos, sin = math.cos(angle), math.sin(angle)
        points += [(cos * x - sin * y, sin * x + cos * y) for x, y in corners]
    return points


def _add_polygon(path: QPainterPath, points: list[tuple[float, float]]) -> None:
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()


def paint_marker(
    painter: QPainter, marker: str, center: QPointF, size: float, color: QColor, halo: QColor
) -> None:
    """Paint a marker of ``size`` pixels with a halo around it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(center)
    painter.scale(size, size)
    pen = QPen(halo, 3.0 / max(size, 1.0))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    path = marker_path(marker)
    if halo.alpha() > 0:
        painter.strokePath(path, pen)
    painter.fillPath(path, color)
    painter.restore()


def marker_pixmap(
    marker: str, color: QColor | str, halo: QColor | str, size: float, dpr: float = 1.0
) -> QPixmap:
    """Draw a marker on a transparent square of ``size`` device-independent pixels.

    The marker fills the square but for the room that its halo takes.
    """
    side = max(1, math.ceil(size * dpr))
    pixmap = QPixmap(side, side)
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    middle = side / dpr / 2
    paint_marker(painter, marker, QPointF(middle, middle), size - 3.0, QColor(color), QColor(halo))
    painter.end()
    return pixmap
