"""The counts by batch size and ε as a grid: in each cell a stacked bar and its numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from optiviz.gui.theme.palette import Look
from optiviz.gui.theme.stylesheet import mixed
from optiviz.gui.views.empty_note import paint_note
from optiviz.gui.words.numbers import format_knob

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent

    from optiviz.gui.views.basins.table import BasinsTable, Share

_BAR = 9.0
_GAP = 4.0
_ROUNDED = 5e-3  # what three digits leave of a number
_LINES = 2  # of numbers in a cell; the rest is told below
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class BasinsGrid(QWidget):
    """Draws a table; the arrow keys and the pointer choose a cell. Signal: ``cell_chosen()``."""

    cell_chosen = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("basins_grid")
        self.setAccessibleName("Which minimum, by batch size and ε")
        self.setToolTip(
            "In each cell, how many seeds found which minimum. The pointer or the arrow keys "
            "choose a cell, which is told below."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._look = Look()
        self._table: BasinsTable | None = None
        self._sentence = ""
        self._cell = (0, 0)
        self._is_chosen = False

    @property
    def cell(self) -> tuple[int, int] | None:
        """The cell that is chosen, by row and column."""
        return self._cell if self._is_chosen and self._table is not None else None

    def show_table(self, table: BasinsTable | None) -> None:
        """Show a table, or none."""
        self._table = table
        if table is not None:
            rows, columns = table.size
            self._cell = (min(self._cell[0], rows - 1), min(self._cell[1], columns - 1))
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Say something while there is no table."""
        if sentence != self._sentence:
            self._sentence = sentence
            self.update()

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._look = look
        self.update()

    def color(self, rank: int | None, kinds: int) -> QColor:
        """Give the colour of a minimum by its rank: from cool, flat, to warm, sharp."""
        theme = self._look.theme
        if rank is None:
            return QColor(theme.muted)
        return QColor(mixed(theme.accent, theme.warning, rank / max(kinds - 1, 1)))

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell is, in pixels."""
        assert self._table is not None
        rows, columns = self._table.size
        left, top = self._margins()
        wide, high = (self.width() - left) / columns, (self.height() - top) / rows
        half = self._look.px(_GAP) / 2
        return QRectF(left + column * wide, top + row * high, wide, high).adjusted(
            half, half, -half, -half
        )

    def _margins(self) -> tuple[float, float]:
        metrics = QFontMetricsF(self._look.font(0.88))
        return metrics.horizontalAdvance("m 2000") + self._look.px(4), metrics.height() * 1.25

    def _choose(self, row: int, column: int) -> None:
        if (row, column) != self._cell or not self._is_chosen:
            self._cell, self._is_chosen = (row, column), True
            self.update()
            self.cell_chosen.emit()

    def _cell_at(self, at: QPointF) -> tuple[int, int] | None:
        if self._table is None:
            return None
        (rows, columns), (left, top) = self._table.size, self._margins()
        row = int((at.y() - top) // max((self.height() - top) / rows, 1.0))
        column = int((at.x() - left) // max((self.width() - left) / columns, 1.0))
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None

    def _paint_table(self, painter: QPainter, table: BasinsTable) -> None:
        look, spec = self._look, table.basins.spec
        font = look.font(0.88)
        metrics, (left, top) = QFontMetricsF(font), self._margins()
        painter.setFont(font)
        painter.setPen(QColor(look.theme.muted))
        middle = Qt.AlignmentFlag.AlignCenter
        rows, columns = table.size
        own = spec.race.entrants[0].optimizer.lr
        for column in range(columns):
            room = self.cell_rect(0, column)
            told = format_knob(spec.rates[column])
            text = f"ε {told}" if column == 0 else told
            text = text if metrics.horizontalAdvance(text) <= room.width() + 4 else told
            # The racer's own ε stands out.
            is_own = math.isclose(spec.rates[column], own, rel_tol=_ROUNDED)
            painter.setFont(look.font(0.88, bold=is_own))
            painter.setPen(QColor(look.theme.text if is_own else look.theme.muted))
            painter.drawText(QRectF(room.left() - 4, 0.0, room.width() + 8, top), middle, text)
        painter.setFont(font)
        painter.setPen(QColor(look.theme.muted))
        beside = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for row in range(rows):
            room = self.cell_rect(row, 0)
            text = f"m {spec.batch_sizes[row]}"
            painter.drawText(QRectF(0.0, room.top(), left, room.height()), beside, text)
        for row in range(rows):
            for column in range(columns):
                self._paint_cell(painter, table, row, column)

    def _paint_cell(self, painter: QPainter, table: BasinsTable, row: int, column: int) -> None:
        look, room = self._look, self.cell_rect(row, column)
        theme, px = look.theme, look.px
        chosen = self._is_chosen and (row, column) == self._cell
        edge = QPen(QColor(theme.border), 1.0)
        if chosen:
            edge = QPen(QColor(theme.accent if self.hasFocus() else theme.muted), px(1.6))
        painter.setPen(edge)
        painter.setBrush(QColor(theme.card))
        painter.drawRoundedRect(room, px(4), px(4))
        if not table.is_done(row, column):
            return
        shares = table.shares(row, column)
        inner = room.adjusted(px(4), px(3), -px(4), -px(4))
        bar = QRectF(inner.left(), inner.bottom() - px(_BAR), inner.width(), px(_BAR))
        self._paint_bar(painter, bar, shares, table)
        painter.setPen(QColor(theme.text))
        ranked = sorted(shares, key=lambda share: -share.count)[:_LINES]
        texts = [share.short for share in shares if share in ranked]
        above = QRectF(inner.left(), inner.top(), inner.width(), bar.top() - inner.top())
        height = QFontMetricsF(painter.font()).height()
        if len(texts) > 1 and above.height() < 1.7 * height:
            texts = [ranked[0].short]
        each = above.height() / len(texts)
        for line, text in enumerate(texts):
            at = QRectF(above.left() - 3, above.top() + line * each, above.width() + 6, each)
            painter.drawText(at, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_bar(
        self, painter: QPainter, bar: QRectF, shares: list[Share], table: BasinsTable
    ) -> None:
        total = sum(share.count for share in shares)
        left = bar.left()
        painter.setPen(Qt.PenStyle.NoPen)
        for share in shares:
            width = bar.width() * share.count / total
            part = QRectF(left, bar.top(), width, bar.height())
            color = self.color(share.rank, table.kinds)
            # No minimum is hatched, the others full.
            style = Qt.BrushStyle.SolidPattern if share.rank is not None else _HATCH
            painter.setBrush(QBrush(color, style))
            painter.drawRect(part.adjusted(0, 0, -1 if width > 3 else 0, 0))
            left += width

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._table is None:
            paint_note(painter, QRectF(self.rect()), self._sentence, self._look)
            if self.hasFocus():
                painter.setPen(QPen(QColor(self._look.theme.accent), self._look.px(2)))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        else:
            self._paint_table(painter, self._table)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = _MOVES.get(Qt.Key(event.key()))
        if self._table is None or move is None or event.modifiers():
            super().keyPressEvent(event)
            return
        rows, columns = self._table.size
        row, column = self._cell
        if self._is_chosen:
            row, column = row + move[0], column + move[1]
        self._choose(min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if cell is not None:
            self._choose(*cell)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus() and self._is_chosen:
            self._is_chosen = False
            self.update()
            self.cell_chosen.emit()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._is_chosen = True
        self.cell_chosen.emit()
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._is_chosen = False
        self.cell_chosen.emit()
        self.update()
        super().focusOutEvent(event)


_HATCH = Qt.BrushStyle.BDiagPattern
