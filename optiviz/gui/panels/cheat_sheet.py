"""All keys on one sheet over the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from optiviz.gui.actions import COMMANDS, Command, shown_key
from optiviz.gui.panels.buttons import IconButton

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from optiviz.gui.theme import Look

#: What belongs to a widget and not to a command: what to do, where.
_BY_HAND = (
    ("Drag", "the start, on the stage"),
    ("Double-click", "puts the start there"),
    ("← ↑ ↓ →", "move the start while the stage has the focus"),
    ("Shift + arrow", "moves it finely"),
    ("Wheel", "zooms the stage; drag pans it"),
    ("Delete", "resets the slider that has the focus"),
    ("F2", "renames the racer whose name has the focus"),
)


class CheatSheet(QFrame):
    """A card with every key. Signal: ``close_wished()``."""

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
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._close)
        self._grid = QGridLayout()
        rows = [(shown_key(each.id), each.title) for each in _listed()]
        rows.insert(0, ("1 … 8", "A racer on or off"))
        half = (len(rows) + len(_BY_HAND) + 1) // 2
        for number, (key, text) in enumerate((*rows, *_BY_HAND)):
            line, side = number % half, 2 * (number // half)
            self._grid.addWidget(self._key(key), line, side)
            self._grid.addWidget(QLabel(text, self), line, side + 1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addLayout(self._grid)
        self.hide()

    def _key(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("badge", "plain")
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label

    def show_look(self, look: Look) -> None:
        """Show the sheet in this theme and scale."""
        edge = round(look.px(18))
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(round(look.px(12)))
        self._grid.setHorizontalSpacing(round(look.px(14)))
        self._grid.setVerticalSpacing(round(look.px(6)))
        for label in self.findChildren(QLabel):
            label.setFont(look.font())
        self._heading.setFont(look.font(1.2, bold=True))
        self._close.show_look(look)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_wished.emit()
        else:
            event.ignore()


def _listed() -> list[Command]:
    return [each for each in COMMANDS if each.menu != "racers"]
