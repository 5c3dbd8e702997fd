"""How the handles of a schedule look, and what is written beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from optiviz.gui.views.schedule.grips import GRIP, LR, Grip

if TYPE_CHECKING:
    from optiviz.gui.drawing.halo_text import HaloText
    from optiviz.gui.theme import Look

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


def paint_label(painter: QPainter, grip: Grip, look: Look, text: HaloText, room: QRectF) -> None:
    """Say what a handle is and where, beside it and inside a room."""
    width, height = text.width(grip.says), text.height
    gap, edge = look.px(GRIP), look.px(4)
    left = grip.at.x() + gap
    if left + width > room.right() - edge:
        left = max(grip.at.x() - gap - width, edge)
    middle = grip.at.y() - gap
    if middle - height < room.top():
        middle = grip.at.y() + gap + height / 2
    text.draw(painter, grip.says, left, middle, look.theme.text)
