"""A field for a knob that is a line of text, such as a list of epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from optiviz.engine.part import MAX_TEXT, PartError
from optiviz.gui.widgets.bubble import Bubble

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QHideEvent


def _is_history(event: QKeyEvent) -> bool:
    keys = QKeySequence.StandardKey
    return event.matches(keys.Undo) or event.matches(keys.Redo)


class TextField(QLineEdit):
    """Shows a knob's text; Enter or leaving takes what was typed, Escape brings it back.

    What is not allowed stays to be seen, with the part's own sentence below it, until the field is
    left; the old text stays in force.

    Signals:
        text_typed(str): a new and allowed text was typed.
        refused(str): what was typed is not allowed, and why.
    """

    text_typed = Signal(str)
    refused = Signal(str)

    def __init__(
        self, object_name: str, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._value = ""
        self._check: Callable[[str], object] = str
        self._bubble: Bubble | None = None
        self._by_mouse = False
        self.setObjectName(object_name)
        self.setAccessibleName(accessible_name)
        self.setProperty("invalid", False)
        self.setMaxLength(MAX_TEXT)
        self.textEdited.connect(self._accept)
        self.returnPressed.connect(self.on_return_pressed)

    @property
    def value(self) -> str:
        """The text in force."""
        return self._value

    @property
    def invalid(self) -> bool:
        """Whether the text was refused."""
        return bool(self.property("invalid"))

    def show_value(self, value: str, check: Callable[[str], object]) -> None:
        """Show a text; ``check`` raises :class:`PartError` for one that cannot be."""
        self._check = check
        if value == self._value:
            return
        self._value = value
        self._accept()
        self._write()

    def on_return_pressed(self) -> None:
        """Take what was typed; whoever came with the mouse is done then."""
        if self._commit():
            if self._by_mouse:
                self.clearFocus()
            else:
                self.selectAll()

    def _commit(self) -> bool:
        text = self.text().strip()
        if text == self._value:
            self._accept()
            return True
        try:
            self._check(text)
        except PartError as error:
            self._refuse(str(error))
            return False
        self._accept()
        self._value = text  # until it comes back as the part writes it
        self.text_typed.emit(text)
        return True

    def _refuse(self, sentence: str) -> None:
        self._drop_bubble()
        self._show_invalid(True)
        self.setAccessibleDescription(sentence)
        if self.isVisible():
            self._bubble = Bubble(self, sentence)
            self._bubble.destroyed.connect(self._forget_bubble)
        self.refused.emit(sentence)

    def _accept(self) -> None:
        self._drop_bubble()
        self._show_invalid(False)
        self.setAccessibleDescription("")

    def _write(self) -> None:
        if self._value != self.text():
            self.setText(self._value)
            self.setCursorPosition(0)

    def _show_invalid(self, invalid: bool) -> None:
        if invalid == self.invalid:
            return
        self.setProperty("invalid", invalid)
        # A style sheet looks at a dynamic property only when the widget is polished.
        self.style().unpolish(self)
        self.style().polish(self)

    def _drop_bubble(self) -> None:
        bubble, self._bubble = self._bubble, None
        if bubble is not None:
            bubble.destroyed.disconnect(self._forget_bubble)
            bubble.dismiss()

    def _forget_bubble(self, _: QObject) -> None:
        self._bubble = None

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # Undo is the window's unless there is something typed to take back.
            if _is_history(event) and self.text() == self._value:
                event.ignore()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text() == self._value:
                self.clearFocus()
            else:
                self._accept()
                self._write()
                self.selectAll()
        elif _is_history(event) and self.text() == self._value:
            event.ignore()  # nothing is being typed: it is the scene that is meant
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_mouse = event.reason() == Qt.FocusReason.MouseFocusReason

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return  # its own menu opened; nobody left
        if self.invalid:
            self._accept()
        elif not self._commit():
            # The sentence stays for a while, so that it is known why the old text is back.
            self._show_invalid(False)
        self._write()

    def hideEvent(self, event: QHideEvent) -> None:
        self._drop_bubble()
        super().hideEvent(event)
