"""The first rows of a table as they stand in its file, and as which numbers they were read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem, QWidget

from optiviz.engine.digits import rounded

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look
    from optiviz.tables import Table
    from optiviz.tables.columns import TableColumn

_MOST = 16  # columns that are shown; nobody reads more to see how a table was read
_WIDEST = 150.0


class Preview(QTableWidget):
    """Rows to look at: numbers stand at the right, and beside what was written otherwise."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import.preview")
        self.setAccessibleName("The first rows, as they are read")
        self.setToolTip("The first rows, as they stand in the file and as they are read")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.horizontalHeader().setHighlightSections(False)
        self._table: Table | None = None
        self._look: Look | None = None

    def show_table(self, table: Table) -> None:
        """Show the first rows of a table."""
        self._table = table
        self._fill()

    def show_look(self, look: Look) -> None:
        """Show them in this theme and scale."""
        self._look = look
        self.setFont(look.font(0.9))
        self.horizontalHeader().setFont(look.font(0.9, bold=True))
        self.verticalHeader().setDefaultSectionSize(round(look.px(24)))
        self._fill()

    def _fill(self) -> None:
        table, look = self._table, self._look
        if table is None or look is None:
            return
        parts = table.parts[:_MOST]
        rows = table.head[table.choices.header or 0 :]
        self.clear()
        self.setColumnCount(len(parts))
        self.setRowCount(len(rows))
        muted = QColor(look.theme.muted)
        for place, part in enumerate(parts):
            is_text = part.kind == "texts"
            side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
            named = f"{part.name} [{part.unit}]" if part.unit else part.name
            head = QTableWidgetItem(named)
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            head.setToolTip(f"{named}: {part.kind}")
            self.setHorizontalHeaderItem(place, head)
            for line, cells in enumerate(rows):
                text = cells[place] if place < len(cells) else ""
                item = QTableWidgetItem(_shown(text, part, line))
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(_tip(text, part, line))
                if is_text or math.isnan(part.values[line]):
                    item.setForeground(muted)
                self.setItem(line, place, item)
        self.resizeColumnsToContents()
        for place in range(len(parts)):
            self.setColumnWidth(place, min(self.columnWidth(place), round(look.px(_WIDEST))))


def _shown(text: str, part: TableColumn, line: int) -> str:
    """Show a cell, and what was read where that is written otherwise."""
    value = float(part.values[line])
    if part.kind == "texts":
        return text
    if math.isnan(value):
        return f"{text} → missing" if text else "missing"
    read = rounded(value, 10)
    try:
        same = float(text) == value
    except ValueError:
        same = False
    return text if same else f"{text} → {read}"


def _tip(text: str, part: TableColumn, line: int) -> str:
    value = float(part.values[line])
    if part.kind == "texts":
        return f"“{text}” is a text" if text else "Nothing stands here"
    if math.isnan(value):
        return f"“{text}” counts as a missing value" if text else "Missing"
    return f"“{text}” is read as {rounded(value, 12)} {part.unit}".rstrip()
