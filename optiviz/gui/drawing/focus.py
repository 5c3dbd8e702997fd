"""The edge of a picture that has the keyboard's focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

    from optiviz.gui.theme.palette import Look


def paint_focus(painter: QPainter, room: QRect, look: Look) -> None:
    """Paint it all around a room."""
    width = look.px(2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(look.theme.accent), width))
    edge = QRectF(room).adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.drawRoundedRect(edge, look.px(4), look.px(4))
