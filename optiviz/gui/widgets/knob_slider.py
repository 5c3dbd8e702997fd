"""A slider for a knob, spaced by the knob's own scale and coloured as its racer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from optiviz.gui.qt.timers import Debounce
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.focus import came_by_mouse
from optiviz.gui.widgets.knob_scale import place_of, step_value, value_at
from optiviz.gui.widgets.slider_shape import SliderShape, least_size, usual_size
from optiviz.gui.widgets.wheel import WheelSteps
from optiviz.gui.words.numbers import format_knob

if TYPE_CHECKING:
    from optiviz.engine.part import Knob

_POSITIONS = 10_000
_PAGE = 3  # steps: a decade of a logarithmic knob
_WHEEL_RESTS_MS = 400  # after that a turn of the wheel is over


class KnobSlider(QSlider):
    """Slides a knob's value; a click on the groove jumps there and drags on.

    Arrow keys step (with Shift finer), Page Up and Down take three steps, Home and End go to the
    ends; Delete, Backspace or a double-click wish for the default. After a press of the mouse, Home
    and End are the window's: whoever came with the hand means the race.

    Where a value lies on the slider is said by ``position_of`` and ``value_of`` alone, and how far
    keys go by ``step`` and ``page``; a slider over something else overrides these.

    Signals:
        value_slid(float): a hand, key or wheel moved to another value.
        slide_finished(): that movement is over.
        reset_wished(): the default is wanted back.
    """

    value_slid = Signal(float)
    slide_finished = Signal()
    reset_wished = Signal()

    def __init__(
        self, knob: Knob, object_name: str, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._knob = knob
        self._value = float(knob.default)
        self._look = Look()
        self._color = QColor(self._look.theme.accent)
        self._grip: float | None = None  # from the handle's middle to the hand
        self._unfinished = False
        self._held = False  # a key is down
        self._by_mouse = False  # is how the focus came
        self._wheel = WheelSteps()
        self._wheel_rest = Debounce(self, _WHEEL_RESTS_MS, self._finish)
        self.setObjectName(object_name)
        self.setAccessibleName(accessible_name)
        self.setRange(0, _POSITIONS)
        self.setSingleStep(_POSITIONS // 100)
        self.setPageStep(_POSITIONS // 10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_value(self._value)
        self.valueChanged.connect(self.on_position_changed)

    @property
    def knob_value(self) -> float:
        """The knob's value, exact even where the handle can only stand near it."""
        return self._value

    def show_value(self, value: float) -> None:
        """Show a value; what lies outside the travel is pinned to its end."""
        self._value = float(value)
        blocked = self.blockSignals(True)
        self.setValue(self.whole_position())
        self.blockSignals(blocked)
        description = self.described()
        if description != self.accessibleDescription():
            self.setAccessibleDescription(description)
        self.update()  # the handle may have moved by less than a whole position

    def show_travel(self, low: float, high: float) -> None:
        """Go from one value to another; the value stays."""
        if (low, high) != self._knob.travel:
            self._knob = replace(self._knob, travel=(low, high))
            self.show_value(self._value)

    def show_look(self, look: Look, color: QColor) -> None:
        """Show the slider in this scale and theme, filled in this colour."""
        self._look = look
        self._color = QColor(color)
        self.updateGeometry()
        self.update()

    def on_position_changed(self, position: int) -> None:
        """Follow a position set by an assistive tool or a script as if a hand had set it."""
        self._slide_to(self.value_of(position))
        self._finish_unless_held()

    def position_of(self, value: float) -> float:
        """Say where a value lies, from the slider's minimum to its maximum."""
        return place_of(self._knob, value) * self.maximum()

    def value_of(self, position: float) -> float:
        """Give the value at a position, which may lie beyond the ends."""
        return value_at(self._knob, position / self.maximum())

    def whole_position(self) -> int:
        """Give the position that Qt and assistive tools are told."""
        return round(self.position_of(self._value))

    def described(self) -> str:
        """Say the value to assistive tools."""
        return format_knob(self._value)

    def step(self, steps: int, *, fine: bool = False) -> None:
        """Go some steps up or down, as an arrow key or a notch of the wheel does."""
        low, high = self._knob.travel
        stepped = step_value(self._knob, self._value, steps, fine=fine)
        # A value typed from beyond the travel may come back, but no step leads out of it.
        self._slide_to(min(max(stepped, min(low, self._value)), max(high, self._value)))

    def page(self, pages: int, *, fine: bool = False) -> None:
        """Go further, as Page Up and Page Down do."""
        self.step(_PAGE * pages, fine=fine)

    def _slide_to(self, value: float) -> None:
        if value == self._value:
            return
        self.show_value(value)
        self._unfinished = True
        self.value_slid.emit(self._value)

    def _finish_unless_held(self) -> None:
        if self._grip is None and not self._held and not self._wheel_rest.waits:
            self._finish()

    def _finish(self) -> None:
        self._wheel_rest.stop()
        if self._unfinished:
            self._unfinished = False
            self.slide_finished.emit()

    def _shape(self) -> SliderShape:
        return SliderShape(self._look, self.width(), self.height())

    def _share(self) -> float:
        return self.position_of(self._value) / max(1, self.maximum())

    def _handle_x(self) -> float:
        return self._shape().handle_x(self._share())

    def _drag_to(self, x: float) -> None:
        share = self._shape().share_at(x - (self._grip or 0.0))
        self._slide_to(self.value_of(share * self.maximum()))

    def event(self, event: QEvent) -> bool:
        # The window has shortcuts for some of these keys; a focused slider comes first.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and not event.modifiers() & ~_FINE_OR_KEYPAD
            and event.key() in _OWN_KEYS
            and not (self._by_mouse and event.key() in _ENDS)
        ):
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._by_mouse = True
        x = event.position().x()
        off = x - self._handle_x()
        on_handle = self._shape().is_on_handle(off)
        self._grip = off if on_handle else 0.0
        self.setSliderDown(True)
        if not on_handle:
            self._drag_to(x)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._drag_to(event.position().x())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._grip is not None:
            self._grip = None
            self.setSliderDown(False)
            self._finish()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset_wished.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        key = Qt.Key(event.key())
        if key in _STEPS or key in _PAGES:
            self._held = True
            if key in _STEPS:
                self.step(_STEPS[key], fine=fine)
            else:
                self.page(_PAGES[key], fine=fine)
        elif key in _ENDS and not self._by_mouse:
            self._held = True
            self._slide_to(self.value_of(0 if key == Qt.Key.Key_Home else self.maximum()))
        elif key in _RESETS:
            self.reset_wished.emit()
        else:
            event.ignore()
            return
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(event)
        if self._held and not event.isAutoRepeat():
            self._held = False
            self._finish()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()  # the panel scrolls
            return
        steps = self._wheel.take(event)
        if steps:
            self._wheel_rest.soon()
            self.step(steps, fine=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_mouse = came_by_mouse(event, self._by_mouse)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._held = False
        self._wheel.forget()
        if self._grip is None:
            self._finish()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._shape().paint(
            painter,
            self._share(),
            self._color,
            enabled=self.isEnabled(),
            focused=self.hasFocus(),
            touched=self.underMouse() or self.isSliderDown(),
        )
        painter.end()

    def minimumSizeHint(self) -> QSize:
        return least_size(self._look)

    def sizeHint(self) -> QSize:
        return usual_size(self._look)


_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1}
_PAGES = {Qt.Key.Key_PageUp: 1, Qt.Key.Key_PageDown: -1}
_ENDS = {Qt.Key.Key_Home, Qt.Key.Key_End}
_RESETS = {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}
_OWN_KEYS = {*_STEPS, *_PAGES, *_ENDS, *_RESETS}
_FINE_OR_KEYPAD = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
