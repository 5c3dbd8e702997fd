"""How the handles of a schedule look, and what is written beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from optiviz.gui.views.schedule.grips import GRIP, LR, Grip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.gui.drawing.halo_text import HaloText
    from optiviz.gui.theme.palette import Look

_LINE = 2.2
_RING = 3.0  # between a handle and its focus ring
#: ε's pointer, in halves of its size: a tag whose tip looks at the plot.
_POINTER = ((-0.9, -0.8), (0.1, -0.8), (0.9, 0.0), (0.1, 0.8), (-0.9, 0.8))


def paint_grip(
    painter: QPainter, grip: Grip, look: Look, color: QColor, *, lively: bool, ringed: bool
) -> None:
    """Paint a handle.

    Args:
        painter: with antialiasing.
        grip: which.
        look: the theme and scale.
        color: its racer's.
        lively: a pointer is over it, or a hand holds it.
        ringed: the keys move it.
    """
    size, line = look.px(GRIP + (2.0 if lively else 0.0)), look.px(_LINE)
    painter.setBrush(QColor(color if lively else look.theme.window))
    painter.setPen(QPen(color, line))
    radius = (size - line) / 2
    if grip.name == LR:
        corners = [grip.at + QPointF(radius * x, radius * y) for x, y in _POINTER]
        painter.drawPolygon(QPolygonF(corners))
    else:
        painter.drawEllipse(grip.at, radius, radius)
    if ringed:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(look.theme.accent), 2.0))
        ring = size / 2 + look.px(_RING)
        painter.drawEllipse(grip.at, ring, ring)


def paint_label(
    painter: QPainter,
    grip: Grip,
    look: Look,
    text: HaloText,
    room: QRectF,
    taken: Sequence[QRectF] = (),
) -> None:
    """Say what a handle is and where, beside it and inside a room.

    It stands off what is ``taken`` by names; where it cannot, a plate covers them.
    """
    place, covers = label_room(grip, look, text, room, taken)
    if covers:
        pad = look.px(3)
        plate = QColor(look.theme.window)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate)
        painter.drawRoundedRect(place.adjusted(-pad, -pad, pad, pad), pad, pad)
    text.draw(painter, grip.says, place.left(), place.center().y(), look.theme.text)


def label_room(
    grip: Grip, look: Look, text: HaloText, room: QRectF, taken: Sequence[QRectF] = ()
) -> tuple[QRectF, bool]:
    """Give the room of a handle's label, and whether names are in it all the same."""
    width, height = text.width(grip.says), text.height
    gap, edge = look.px(GRIP), look.px(4)
    x, y = grip.at.x(), grip.at.y()
    rooms = []
    for middle in (y - gap, y + gap + height / 2, y - gap - 1.8 * height, y + gap + 2.3 * height):
        for left in (x + gap, x - gap - width, x - width / 2):
            left = min(max(left, room.left() + edge), room.right() - edge - width)
            rooms.append(QRectF(left, middle - height / 2, width, height))
    inside = [each for each in rooms if each.top() - height / 2 >= room.top()]
    inside = [each for each in inside if each.bottom() <= room.bottom()] or rooms
    pad = look.px(2)
    for each in inside:
        wide = each.adjusted(-pad, -pad, pad, pad)
        if not any(wide.intersects(other) for other in taken):
            return each, False
    return inside[0], True
