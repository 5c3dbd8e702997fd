"""A label whose words may change at every move of a hand without a new layout."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

_ANY = 16_777_215


class FixedLayoutLabel(QWidget):
    """A label with plain text, in as many lines as it needs.

    A ``QLabel`` asks for a new layout of its surroundings at each new text, which is too slow
    during a drag. Here the label stands in a widget without a layout, which asks for one only where
    the text needs another height.

    Attributes:
        label: the label itself, which paints its text and tells it to assistive tools.
    """

    def __init__(self, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel(self)
        self.label.setObjectName(object_name)
        self.label.setProperty("muted", True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)

    def show_text(self, words: str) -> None:
        """Show these words, and ask for another height where they need one."""
        before = self.label.text()
        if words == before:
            return
        width = self.width()
        moves = self._height_of(words, width) != self._height_of(before, width)
        self.label.setText(words)
        if moves:
            self.updateGeometry()

    def text(self) -> str:
        """The words that are shown."""
        return self.label.text()

    def _height_of(self, words: str, width: int) -> int:
        margins = self.contentsMargins()
        room = QRect(0, 0, max(width - margins.left() - margins.right(), 1), _ANY)
        flags = int(Qt.TextFlag.TextWordWrap)
        needed = self.label.fontMetrics().boundingRect(room, flags, words or " ").height()
        return needed + margins.top() + margins.bottom()

    def heightForWidth(self, width: int) -> int:
        return self._height_of(self.text(), width)

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.label.fontMetrics().height())

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ContentsRectChange):
            self.label.setGeometry(self.contentsRect())
        return done
