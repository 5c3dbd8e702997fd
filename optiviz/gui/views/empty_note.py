"""A sentence in the middle of a picture that has nothing to show yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look

_EDGE = 18.0


def paint_note(painter: QPainter, room: QRectF, sentence: str, look: Look) -> None:
    """Paint a sentence, muted, on as many lines as it takes."""
    edge = look.px(_EDGE)
    painter.setFont(look.font())
    painter.setPen(QColor(look.theme.muted))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(room.adjusted(edge, edge / 2, -edge, -edge / 2), int(flags), sentence)
