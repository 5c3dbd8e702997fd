"""What the marks of the data panel stand for, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from optiviz.gui.theme.palette import Look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPixmap

_GAP = 12.0  # between two entries
_MARK_GAP = 4.0  # between a mark and its word


class DataLegend(QWidget):
    """Paints marks, each with its word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_view.legend")
        self.setAccessibleName("What the marks are")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._entries: tuple[tuple[QPixmap, str], ...] = ()
        self._look = Look()

    def show_entries(self, entries: Sequence[tuple[QPixmap, str]]) -> None:
        """Show these marks with their words."""
        words = [word for _, word in entries]
        if words != [word for _, word in self._entries]:
            self.setAccessibleDescription(", ".join(words))
            self.setToolTip(", ".join(words))
        self._entries = tuple(entries)
        self.updateGeometry()
        self.update()

    def show_look(self, look: Look) -> None:
        """Show the line in this theme and scale."""
        self._look = look
        self.updateGeometry()
        self.update()

    @property
    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._look.font(0.88))

    def sizeHint(self) -> QSize:
        metrics, px = self._metrics, self._look.px
        width = sum(
            mark.deviceIndependentSize().width()
            + px(_MARK_GAP)
            + metrics.horizontalAdvance(word)
            + px(_GAP)
            for mark, word in self._entries
        )
        return QSize(round(width), round(metrics.height() + px(4)))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics, px, middle = self._metrics, self._look.px, self.height() / 2.0
        painter = QPainter(self)
        painter.setFont(self._look.font(0.88))
        painter.setPen(QColor(self._look.theme.muted))
        left = 0.0
        for mark, word in self._entries:
            size = mark.deviceIndependentSize()
            painter.drawPixmap(QPointF(left, middle - size.height() / 2.0), mark)
            left += size.width() + px(_MARK_GAP)
            painter.drawText(QPointF(left, middle + metrics.capHeight() / 2.0), word)
            left += metrics.horizontalAdvance(word) + px(_GAP)
        painter.end()
