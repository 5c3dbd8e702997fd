"""A field that takes what is typed only if it is allowed, and says what is if it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from optiviz.gui.widgets.bubble import Bubble
from optiviz.gui.widgets.focus import came_by_mouse

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QHideEvent


def is_history(event: QKeyEvent) -> bool:
    """Say whether a key undoes or redoes."""
    keys = QKeySequence.StandardKey
    return event.matches(keys.Undo) or event.matches(keys.Redo)


class TypedField(QLineEdit):
    """Enter or leaving takes what was typed, Escape brings back the value in force.

    What is not allowed stays to be seen, with a sentence below it, until the field is left.
    Subclasses know the value: they override ``_in_force`` and ``_commit``.

    Signal: ``refused(str)``, what was typed is not allowed, and why.
    """

    refused = Signal(str)

    def __init__(
        self, object_name: str, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bubble: Bubble | None = None
        self._by_mouse = False
        self.setObjectName(object_name)
        self.setAccessibleName(accessible_name)
        self.setProperty("invalid", False)
        # Whoever types on is putting it right.
        self.textEdited.connect(self.on_edited)
        self.returnPressed.connect(self.on_return_pressed)

    @property
    def invalid(self) -> bool:
        """Whether the text was refused."""
        return bool(self.property("invalid"))

    def on_edited(self) -> None:
        """Take the complaint back: somebody is putting it right."""
        self._accept()

    def on_return_pressed(self) -> None:
        """Take what was typed, and select it so that it can be typed over.

        Whoever came with the mouse is done: the field lets go, so that the next key is the
        window's. Whoever came with the Tab key goes on from here.
        """
        if self._commit():
            if self._by_mouse:
                self.clearFocus()
            else:
                self.selectAll()

    def _in_force(self) -> str:
        """Write the value in force as it is shown."""
        raise NotImplementedError

    def _commit(self) -> bool:
        """Take the text if it is allowed; say what is, if not."""
        raise NotImplementedError

    def _is_being_typed(self) -> bool:
        return self.text() != self._in_force()

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
        text = self._in_force()
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)  # of a long one, the beginning is shown

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
            if is_history(event) and not self._is_being_typed():
                event.ignore()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self._is_being_typed():
                self._accept()
                self._write()
                self.selectAll()
            else:
                self.clearFocus()
        elif is_history(event) and not self._is_being_typed():
            event.ignore()  # nothing is being typed: it is the scene that is meant
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and event.text().isdigit():
            event.ignore()  # no digit to be typed: it is a tab that is meant
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_mouse = came_by_mouse(event, self._by_mouse)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return  # its own menu opened; nobody left
        if self.invalid:
            self._accept()
        elif not self._commit():
            # The sentence stays for a while, so that it is known why the old value is back.
            self._show_invalid(False)
        self._write()

    def hideEvent(self, event: QHideEvent) -> None:
        self._drop_bubble()
        super().hideEvent(event)
