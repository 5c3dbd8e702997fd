"""A field in which a knob's number is shown, typed and stepped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from optiviz.engine.part import Knob, PartError
from optiviz.gui.widgets.focus import only_came_back
from optiviz.gui.widgets.knob_scale import step_value
from optiviz.gui.widgets.typed_field import TypedField
from optiviz.gui.widgets.wheel import WheelSteps
from optiviz.gui.words.numbers import allowed_numbers, format_knob, groups_digits, parse_number

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

_WIDEST = "0.00005"  # seven characters
_LEAST_FRAME = 12


class NumberField(TypedField):
    """Shows a knob's number, and takes one that is typed.

    Whoever comes types over it: a click selects all of it, and so does a double-click; the next
    click places the cursor. Space is the window's until something has been typed or the cursor was
    placed; from then on it is a letter of the number.

    The arrow keys, and the wheel while the field has the focus, go by sensible steps; with Shift
    by finer ones.

    Signal: ``value_typed(float)``, a new and allowed value was typed or stepped to.
    """

    value_typed = Signal(float)

    def __init__(
        self, knob: Knob, object_name: str, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(object_name, accessible_name, parent)
        self._knob = knob
        self._value = float(knob.default)
        self._wheel = WheelSteps()
        self._away = False  # for a while: another window has the focus, or a menu
        self._came = False  # the press of the mouse that comes next brought the focus
        self._selects = False  # all, when the mouse is let go
        self.setProperty("number", True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # A number pasted from elsewhere may be long; a book pasted by mistake is cut.
        self.setMaxLength(64)
        self.setSizePolicy(self.sizePolicy().Policy.Fixed, self.sizePolicy().Policy.Fixed)
        self._write()

    @property
    def value(self) -> float:
        """The value in force."""
        return self._value

    def show_value(self, value: float) -> None:
        """Show a value; a text that is being typed stays if it is the value in force."""
        if value == self._value:
            return
        self._value = float(value)
        self._accept()
        self._write()

    def _commit(self) -> bool:
        if not self._is_being_typed():
            self.setModified(False)
            return True
        try:
            number = self._read()
        except (ValueError, PartError):
            self._refuse(self._allowed())
            return False
        self._take(number)
        return True

    def _read(self) -> float:
        whole = self._knob.integer
        return float(self._knob.check(parse_number(self.text(), whole=whole)))

    def _in_force(self) -> str:
        return format_knob(self._value)

    def _take(self, number: float) -> None:
        changed = number != self._value
        self._value = number
        self._accept()
        self._write()
        if changed:
            self.value_typed.emit(number)

    def _step(self, steps: int, fine: bool) -> None:
        try:
            start = self._read()
        except (ValueError, PartError):
            start = self._value
        self._take(step_value(self._knob, start, steps, fine=fine))
        self.selectAll()

    def selectAll(self) -> None:
        # Backwards: of a long number, the beginning is shown.
        self.end(False)
        self.home(True)

    def _is_as_it_came(self) -> bool:
        """Whether nothing has been typed yet, so that all of it would be typed over."""
        return self.isReadOnly() or (
            not self.isModified() and self.selectedText() == self.text() == self._in_force()
        )

    def _write(self) -> None:
        whole = self.hasFocus() and not self.isModified() and self.selectedText() == self.text()
        super()._write()
        self.setModified(False)
        if whole:
            self.selectAll()

    def _allowed(self) -> str:
        sentence = f"{self._knob.symbol} must be {allowed_numbers(self._knob)}"
        if self._knob.integer and groups_digits(self.text()):
            sentence = f"{sentence}, without “,” or “.”"
        return sentence

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Space and self._is_as_it_came():
                event.ignore()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.isReadOnly():
            self._step(1 if event.key() == Qt.Key.Key_Up else -1, fine)
        elif event.key() == Qt.Key.Key_Space and self._is_as_it_came():
            event.ignore()  # no number begins with one, and it plays the race
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus() or self.isReadOnly():
            event.ignore()  # the panel scrolls
            return
        steps = self._wheel.take(event)
        if steps:
            self._step(steps, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._wheel.forget()
        if not (self._away and only_came_back(event)):
            self.selectAll()
            self._came = event.reason() == Qt.FocusReason.MouseFocusReason

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._away = only_came_back(event)  # and will be back as it was

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Selected when the button is let go, so that a part can still be dragged over.
        came, self._came = self._came, False
        self._selects = came and event.button() == Qt.MouseButton.LeftButton
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._selects and not self.hasSelectedText():
            self.selectAll()
        self._selects = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Qt would take a word: of 0.02 the part before the point or the one behind it.
        if event.button() == Qt.MouseButton.LeftButton:
            self.selectAll()
        event.accept()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        # Qt's own hint is for 17 letters x; what is left of it is frame and padding.
        letters = self.fontMetrics()
        frame = max(hint.width() - 17 * letters.horizontalAdvance("x"), _LEAST_FRAME)
        return QSize(letters.horizontalAdvance(_WIDEST) + frame, hint.height())
