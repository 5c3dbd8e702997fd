"""A field in which a knob's number is shown, typed and stepped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent

from optiviz.engine.part import Knob, PartError
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

    def _allowed(self) -> str:
        sentence = f"{self._knob.symbol} must be {allowed_numbers(self._knob)}"
        if self._knob.integer and groups_digits(self.text()):
            sentence = f"{sentence}, without “,” or “.”"
        return sentence

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Space:
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
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()  # no number has one, and it plays the race
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

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        # Qt's own hint is for 17 letters x; what is left of it is frame and padding.
        letters = self.fontMetrics()
        frame = max(hint.width() - 17 * letters.horizontalAdvance("x"), _LEAST_FRAME)
        return QSize(letters.horizontalAdvance(_WIDEST) + frame, hint.height())
