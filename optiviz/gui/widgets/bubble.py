"""A sentence that points at a widget for a while, without taking the keyboard from anybody."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

from optiviz.gui.qt.timers import once

_GAP = 4
_MARGIN = 6


class Bubble(QLabel):
    """Stands below a widget, in front of its window, until it is dismissed or its time is over."""

    def __init__(self, below: QWidget, text: str, stays_ms: int = 6000) -> None:
        super().__init__(text, below.window())
        self.setObjectName(f"{below.objectName()}.bubble")
        self.setProperty("bubble", True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(below.font())
        self._timer = once(self, stays_ms, self.dismiss)
        self._place(below)
        self.show()
        self.raise_()
        self._timer.start()

    def dismiss(self) -> None:
        """Go away for good."""
        self._timer.stop()
        self.hide()
        self.deleteLater()

    def _place(self, below: QWidget) -> None:
        window = below.window()
        self.ensurePolished()
        metrics = self.fontMetrics()
        widest = min(metrics.averageCharWidth() * 40, max(80, window.width() - 2 * _MARGIN))
        self.setMaximumWidth(widest)
        # Twice the height of a line leaves room for the style sheet's edge and padding.
        width = min(metrics.horizontalAdvance(self.text()) + 2 * metrics.height(), widest)
        self.setFixedSize(width, self.heightForWidth(width))
        x = below.mapTo(window, QPoint(below.width() - width, 0)).x()
        y = below.mapTo(window, QPoint(0, below.height() + _GAP)).y()
        if y + self.height() > window.height():
            y = max(0, below.mapTo(window, QPoint(0, 0)).y() - self.height() - _GAP)
        self.move(min(max(x, _MARGIN), max(_MARGIN, window.width() - width - _MARGIN)), y)
