"""Signs at the stage's edge for what lies outside: where they stand, and their shape."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

if TYPE_CHECKING:
    from collections.abc import Sequence

_FAR = 1e150  # a direction only; the square of a greater distance would overflow


def edge_point(target: QPointF, room: QRectF) -> QPointF:
    """Where the way from a room's middle to a target leaves the room."""
    middle = room.center()
    x, y = _bounded(target.x() - middle.x()), _bounded(target.y() - middle.y())
    share = min(
        room.width() / 2 / abs(x) if x else math.inf,
        room.height() / 2 / abs(y) if y else math.inf,
    )
    return middle if math.isinf(share) else middle + QPointF(x * share, y * share)


def apart(
    at: QPointF, room: QRectF, spacing: float, others: Sequence[QPointF], taken: Sequence[QRectF]
) -> QPointF:
    """Move a sign along the room's edge until it stands clear of other signs and rooms."""
    upright = min(abs(at.x() - room.left()), abs(at.x() - room.right())) <= min(
        abs(at.y() - room.top()), abs(at.y() - room.bottom())
    )
    step = QPointF(0.0, spacing / 2) if upright else QPointF(spacing / 2, 0.0)
    for count in range(24):
        for sign in (1, -1):
            place = at + step * (sign * count)
            clear = all(
                math.hypot(place.x() - other.x(), place.y() - other.y()) >= spacing
                for other in others
            )
            inside = room.adjusted(-1.0, -1.0, 1.0, 1.0).contains(place)
            if clear and inside and not any(one.contains(place) for one in taken):
                return place
    return at


def arrow(at: QPointF, target: QPointF, size: float) -> QPainterPath:
    """A chevron at a point, looking toward a target."""
    turn = math.atan2(_bounded(target.y() - at.y()), _bounded(target.x() - at.x()))
    cos, sin = math.cos(turn) * size, math.sin(turn) * size
    path = QPainterPath()
    corners = ((0.9, 0.0), (-0.7, -0.8), (-0.3, 0.0), (-0.7, 0.8))
    path.addPolygon(
        QPolygonF([at + QPointF(cos * x - sin * y, sin * x + cos * y) for x, y in corners])
    )
    path.closeSubpath()
    return path


def _bounded(way: float) -> float:
    return min(max(way, -_FAR), _FAR)
