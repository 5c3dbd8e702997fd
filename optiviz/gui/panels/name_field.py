"""A racer's name on its card: a label that can be written on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from optiviz.scene import MAX_NAME

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent


class NameField(QLineEdit):
    """A racer's name: reads as a label until a double-click, Enter or F2 makes it a field.

    Signal: ``named(text)``.
    """

    named = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.setFrame(False)
        self.setMaxLength(MAX_NAME)
        self.setProperty("inline", True)
        self.setReadOnly(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.editingFinished.connect(self.on_editing_finished)

    def show_name(self, name: str) -> None:
        """Show a name; one that is being typed stays."""
        self._name = name
        if self.isReadOnly():
            self.setText(name)
            self.setCursorPosition(0)

    def edit(self) -> None:
        """Let the name be typed."""
        self.setReadOnly(False)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def on_editing_finished(self) -> None:
        """Take the name, or go back to the old one if nothing is left of it."""
        if self.isReadOnly():
            return
        text = self.text().strip()
        self._close()
        if text and text != self._name:
            self.named.emit(text)

    def _close(self) -> None:
        self.setReadOnly(True)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.deselect()
        self.setText(self._name)
        self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.isReadOnly():
            if key in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.edit()
            else:
                event.ignore()
        elif key == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.isReadOnly() and self.isEnabled():
            self.edit()
        else:
            super().mouseDoubleClickEvent(event)
