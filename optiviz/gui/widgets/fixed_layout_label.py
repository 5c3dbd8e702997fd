"""A label whose words may change at every move of a hand without a new layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_ANY = 16_777_215


class FixedLayoutLabel(QLabel):
    """Plain text in as many lines as it needs.

    Qt's own label asks for a layout of all that is around it at each new text; this one does so
    only where the text needs another height.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setWordWrap(True)

    def _height_of(self, words: str, width: int) -> int:
        margins = self.contentsMargins()
        room = QRect(0, 0, max(width - margins.left() - margins.right(), 1), _ANY)
        flags = int(Qt.TextFlag.TextWordWrap)
        needed = self.fontMetrics().boundingRect(room, flags, words or " ").height()
        return needed + margins.top() + margins.bottom()

    def text(self) -> str:
        return self._words

    def setText(self, words: str) -> None:
        if words == self._words:
            return
        width = self.width()
        moves = self._height_of(words, width) != self._height_of(self._words, width)
        self._words = words
        if moves:
            self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        return self._height_of(self._words, width)

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        flags = int(self.alignment()) | int(Qt.TextFlag.TextWordWrap)
        room, role = self.contentsRect(), self.foregroundRole()
        enabled = self.isEnabled()
        self.style().drawItemText(painter, room, flags, self.palette(), enabled, self._words, role)
        painter.end()
