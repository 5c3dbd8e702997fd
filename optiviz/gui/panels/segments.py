"""Words side by side, of which one is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from optiviz.gui.theme.palette import Look

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class _Segment(QToolButton):
    """One of the words. Signal: ``stepped(by)``, an arrow key asks for the one beside it."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()  # a button takes them to the next widget
        else:
            super().keyPressEvent(event)


class Segments(QWidget):
    """A choice that is always in sight. The Tab key stops at it once, the arrow keys choose.

    It shows what is, not what is wished: the owner answers a wish by :meth:`show_chosen`.

    Signal: ``wished(key)``.
    """

    wished = Signal(str)

    def __init__(self, object_name: str, accessible_name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setAccessibleName(accessible_name)
        self._chosen = ""
        self._buttons: dict[str, _Segment] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def chosen(self) -> str:
        """The key of the word that is chosen."""
        return self._chosen

    def add(self, key: str, object_name: str, text: str, tip: str) -> None:
        """Put another word at the right end."""
        button = _Segment(self)
        button.setObjectName(object_name)
        button.setAccessibleName(f"{self.accessibleName()}: {text}")
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self._wish(key))
        button.stepped.connect(lambda by: self._step(by))
        self._buttons[key] = button
        self._row.addWidget(button, 1)
        buttons = list(self._buttons.values())
        for each in buttons:
            first, last = each is buttons[0], each is buttons[-1]
            each.setProperty("segment", "first" if first else "last" if last else "middle")

    def show_chosen(self, key: str) -> None:
        """Show which one is chosen."""
        self._chosen = key
        for name, button in self._buttons.items():
            here = name == key
            button.setChecked(here)
            # One stop for all: a row of words is one control.
            policy = Qt.FocusPolicy.TabFocus if here else Qt.FocusPolicy.NoFocus
            button.setFocusPolicy(policy)

    def show_look(self, look: Look) -> None:
        """Show the words in this theme and scale."""
        for button in self._buttons.values():
            button.setFont(look.font(0.95))

    def focus_chosen(self) -> None:
        """Take the keyboard to the word that is chosen."""
        if self._chosen in self._buttons:
            self._buttons[self._chosen].setFocus(Qt.FocusReason.OtherFocusReason)

    def _wish(self, key: str) -> None:
        self.show_chosen(self._chosen)
        if key != self._chosen:
            self.wished.emit(key)

    def _step(self, by: int) -> None:
        keys = list(self._buttons)
        place = keys.index(self._chosen) + by
        if 0 <= place < len(keys):
            self._wish(keys[place])
            self.focus_chosen()
