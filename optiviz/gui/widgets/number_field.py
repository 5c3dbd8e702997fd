"""A field in which a knob's number is shown, typed and stepped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from optiviz.engine.part import Knob, PartError
from optiviz.gui.numbers import allowed_numbers, format_knob, groups_digits, parse_number
from optiviz.gui.widgets.bubble import Bubble
from optiviz.gui.widgets.knob_scale import step_value

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QHideEvent, QWheelEvent

_WIDEST = "0.00005"  # seven characters
_LEAST_FRAME = 12
_NOTCH = 120  # what a wheel's notch counts, in eighths of a degree


def _is_history(event: QKeyEvent) -> bool:
    keys = QKeySequence.StandardKey
    return event.matches(keys.Undo) or event.matches(keys.Redo)


class NumberField(QLineEdit):
    """Shows a knob's number; Enter or leaving takes what was typed, Escape brings it back.

    The arrow keys, and the wheel while the field has the focus, go by sensible steps; with Shift
    by finer ones. What is not allowed stays to be seen with a sentence below it until the field is
    left; the old value stays in force.

    Signals:
        value_typed(float): a new and allowed value was typed or stepped to.
        refused(str): what was typed is not allowed, and why.
    """

    value_typed = Signal(float)
    refused = Signal(str)

    def __init__(
        self, knob: Knob, object_name: str, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._knob = knob
        self._value = float(knob.default)
        self._bubble: Bubble | None = None
        self._notches = 0
        self._by_mouse = False
        self.setObjectName(object_name)
        self.setAccessibleName(accessible_name)
        self.setProperty("number", True)
        self.setProperty("invalid", False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # A number pasted from elsewhere may be long; a book pasted by mistake is cut.
        self.setMaxLength(64)
        self.setSizePolicy(self.sizePolicy().Policy.Fixed, self.sizePolicy().Policy.Fixed)
        self.textEdited.connect(self.on_edited)
        self.returnPressed.connect(self.on_return_pressed)
        self._write()

    @property
    def value(self) -> float:
        """The value in force."""
        return self._value

    @property
    def invalid(self) -> bool:
        """Whether the text was refused."""
        return bool(self.property("invalid"))

    def show_value(self, value: float) -> None:
        """Show a value; a text that is being typed stays if it is the value in force."""
        if value == self._value:
            return
        self._value = float(value)
        self._accept()
        self._write()

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

    def _commit(self) -> bool:
        """Take the text if it is allowed; say what is, if not."""
        if not self._is_being_typed():
            return True
        try:
            number = self._read()
        except (ValueError, PartError):
            self._refuse()
            return False
        self._take(number)
        return True

    def _read(self) -> float:
        whole = self._knob.integer
        return float(self._knob.check(parse_number(self.text(), whole=whole)))

    def _is_being_typed(self) -> bool:
        return self.text() != format_knob(self._value)

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

    def _refuse(self) -> None:
        sentence = f"{self._knob.symbol} must be {allowed_numbers(self._knob)}"
        if self._knob.integer and groups_digits(self.text()):
            sentence = f"{sentence}, without “,” or “.”"
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
        text = format_knob(self._value)
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)  # a long number shows its beginning

    def _restore(self) -> None:
        self._accept()
        self._write()

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
            its_own = self._is_being_typed() or not _is_history(event)
            if event.key() == Qt.Key.Key_Space or not its_own:
                event.ignore()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape and self._is_being_typed():
            self._restore()
            self.selectAll()
        elif event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.isReadOnly():
            self._step(1 if event.key() == Qt.Key.Key_Up else -1, fine)
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()  # no number has one, and it plays the race
        elif _is_history(event) and not self._is_being_typed():
            event.ignore()  # nothing is being typed: it is the scene that is meant
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus() or self.isReadOnly():
            event.ignore()  # the panel scrolls
            return
        # With Shift some systems turn the wheel sideways.
        self._notches += event.angleDelta().y() or event.angleDelta().x()
        steps = int(self._notches / _NOTCH)
        self._notches -= steps * _NOTCH
        if steps:
            self._step(steps, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._notches = 0
        self._by_mouse = event.reason() == Qt.FocusReason.MouseFocusReason

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return  # its own menu opened; nobody left
        if self.invalid:
            self._restore()
        elif not self._commit():
            # The sentence stays for a while, so that it is known why the old value is back.
            self._write()
            self._show_invalid(False)
        else:
            self._write()

    def hideEvent(self, event: QHideEvent) -> None:
        self._drop_bubble()
        super().hideEvent(event)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        # Qt's own hint is for 17 letters x; what is left of it is frame and padding.
        letters = self.fontMetrics()
        frame = max(hint.width() - 17 * letters.horizontalAdvance("x"), _LEAST_FRAME)
        return QSize(letters.horizontalAdvance(_WIDEST) + frame, hint.height())
