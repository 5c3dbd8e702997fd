"""A text of fixed width that changes often without moving anything."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from optiviz.gui.theme.palette import Look

Tone = Literal["text", "muted", "warning", "badge", "first", "open"]
_PILLS = ("badge", "first", "open")


class Readout(QWidget):
    """Paints a text in the room that its longest text needs; a new text is a repaint, no layout.

    ``badge`` and ``first`` draw a pill behind it, ``open`` the outline of one.
    """

    def __init__(
        self,
        longest: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignRight,
        *,
        tone: Tone = "text",
        size: float = 1.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._longest = longest
        self._align = align
        self._tone: Tone = tone
        self._size = size
        self._text = self._said = ""
        self._look = Look()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self._text

    def show_text(self, text: str, tone: Tone | None = None, said: str | None = None) -> None:
        """Show a text, and in which tone; assistive tools hear what is ``said``, or the text."""
        tone, said = tone or self._tone, text if said is None else said
        if (text, tone) != (self._text, self._tone):
            self._text, self._tone = text, tone
            self.update()
        if said != self._said:
            before, self._said = self._said, said
            if self.accessibleName() == before:
                # Nobody has named the readout, so its words are its name, which is always read.
                super().setAccessibleName(said)
            else:
                self.setAccessibleDescription(said)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        if not self.accessibleDescription():
            self.setAccessibleDescription(self._said)

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._look = look
        self.setFont(look.font(self._size))
        self.updateGeometry()
        self.update()

    def _is_pill(self) -> bool:
        return self._tone in _PILLS

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        color = {
            "text": theme.text,
            "muted": theme.muted,
            "warning": theme.warning,
            "badge": theme.text,
            "first": theme.accent_text,
            "open": theme.text,
        }[self._tone]
        if self._is_pill():
            self._draw_pill(painter, area)
        painter.setPen(QColor(color))
        font = self._look.font(self._size, bold=self._tone == "first")
        painter.setFont(font)
        room = QFontMetricsF(font)
        text = room.elidedText(self._text, Qt.TextElideMode.ElideRight, area.width() + 1)
        painter.drawText(area, self._align | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _draw_pill(self, painter: QPainter, area: QRectF) -> None:
        theme, line = self._look.theme, self._look.px(1.5)
        if self._tone == "open":
            painter.setPen(QPen(QColor(theme.muted), line))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            area = area.adjusted(line / 2, line / 2, -line / 2, -line / 2)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent if self._tone == "first" else theme.border))
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        room = QFontMetricsF(self._look.font(self._size, bold=True))
        padding = self._look.px(14.0) if self._is_pill() else 2.0
        height = room.height() + (self._look.px(4.0) if self._is_pill() else 0.0)
        return QSize(round(room.horizontalAdvance(self._longest) + padding), round(height))
