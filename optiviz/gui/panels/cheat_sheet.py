"""All keys on one sheet over the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from optiviz.gui.commands.actions import COMMANDS, Command, shown_key
from optiviz.gui.panels.buttons import IconButton
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.shows import Shows

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from optiviz.gui.theme.palette import Look

#: What belongs to a widget and not to a command: what to do, where.
_BY_HAND = (
    ("Drag", "Move the start, on the stage"),
    ("Double-click", "Put the start there"),
    ("← ↑ ↓ →", "Move the start, while the stage has the focus"),
    ("Shift + arrow", "Move it finely"),
    ("Wheel", "Zoom the stage; drag to pan it, or to turn it in 3D"),
    ("Shift + drag", "3D: move the surface"),
    ("Ctrl + arrow", "3D: turn the surface; with Shift, move it"),
    ("Page Up, Down", "3D: zoom"),
    ("Delete", "Reset the slider that has the focus"),
    ("Tab, then arrows", "Choose a handle of the schedule, and move it"),
    ("Insert", "Add a knot or a milestone to the schedule"),
    ("Delete", "Remove the chosen knot or milestone"),
    ("Esc", "Take a drag of the schedule back; close a sheet"),
    ("F2", "Rename the racer whose name has the focus"),
)


class CheatSheet(QFrame, Shows):
    """A card with every key: in two columns, or in one that scrolls where there is no room.

    Signal: ``close_wished()``.
    """

    close_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cheat_sheet_card")
        self.setAccessibleName("Keys")
        self.setProperty("card", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._heading = QLabel("Keys", self)
        self._close = IconButton(
            "cheat_sheet_close", "Close", "Closes the sheet (Esc)", "close", parent=self
        )
        self._close.clicked.connect(lambda: self.close_wished.emit())
        self._inside = QWidget(self)
        self._inside.setProperty("scrolled", True)
        self._grid = QGridLayout(self._inside)
        rows = [(shown_key(each.id), each.title) for each in _listed()]
        rows.insert(0, ("1 … 8", "A racer on or off"))
        self._rows = [
            (self._key(key), QLabel(text, self._inside)) for key, text in (*rows, *_BY_HAND)
        ]
        self._columns = 0
        self._place(2)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("cheat_sheet_scroll")
        self._scroll.setWidget(self._inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._column = QVBoxLayout(self)
        self._head = put_into(self._column, QHBoxLayout())
        self._head.addWidget(self._heading, 1)
        self._head.addWidget(self._close)
        self._column.addWidget(self._scroll, 1)
        self.hide()

    def _key(self, text: str) -> QLabel:
        label = QLabel(text, self._inside)
        label.setProperty("badge", "plain")
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label

    def _place(self, columns: int) -> None:
        """Put the rows into so many columns."""
        if columns == self._columns:
            return
        self._columns = columns
        high = -(-len(self._rows) // columns)
        for number, (key, text) in enumerate(self._rows):
            side = 2 * (number // high)
            self._grid.addWidget(key, number % high, side)
            self._grid.addWidget(text, number % high, side + 1)

    def show_look(self, look: Look) -> None:
        """Show the sheet in this theme and scale."""
        edge = round(look.px(18))
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(round(look.px(12)))
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(round(look.px(14)))
        self._grid.setVerticalSpacing(round(look.px(6)))
        for label in self.findChildren(QLabel):
            label.setFont(look.font())
        self._heading.setFont(look.font(1.2, bold=True))
        self._close.show_look(look)
        self.updateGeometry()

    def fit_into(self, room: QSize) -> QSize:
        """Choose the columns that fit into this room, and say how large the sheet is then."""
        self._place(2 if self._width(2) <= room.width() else 1)
        wanted = self._wanted()
        if wanted.height() > room.height():
            wanted += QSize(self._scroll.verticalScrollBar().sizeHint().width(), 0)
        return wanted.boundedTo(room)

    def _width(self, columns: int) -> int:
        """How wide the sheet is with so many columns; nothing is moved to find out."""
        high = -(-len(self._rows) // columns)
        widths = [
            max(row[side].sizeHint().width() for row in self._rows[first : first + high])
            for first in range(0, len(self._rows), high)
            for side in (0, 1)
        ]
        between = (len(widths) - 1) * self._grid.horizontalSpacing()
        return sum(widths) + between + self._around().width()

    def _around(self) -> QSize:
        """The room that is not the rows'."""
        margins, edges = self._column.contentsMargins(), 2 * self.frameWidth() + 2
        head = self._head.sizeHint().height() + self._column.spacing()
        return QSize(
            margins.left() + margins.right() + edges,
            margins.top() + margins.bottom() + head + edges,
        )

    def _wanted(self) -> QSize:
        self._grid.activate()
        return self._grid.sizeHint() + self._around()

    def sizeHint(self) -> QSize:
        parent = self.parentWidget()
        return self.fit_into(parent.size()) if parent is not None else self._wanted()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self._scroll.verticalScrollBar()
        ways = {
            Qt.Key.Key_Up: -bar.singleStep(),
            Qt.Key.Key_Down: bar.singleStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
        }
        if event.key() == Qt.Key.Key_Escape:
            self.close_wished.emit()
        elif event.key() in ways and bar.maximum() > 0:
            bar.setValue(bar.value() + ways[Qt.Key(event.key())])
        else:
            event.ignore()


def _listed() -> list[Command]:
    return [each for each in COMMANDS if each.menu != "racers"]
