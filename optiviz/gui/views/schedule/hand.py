"""What a hand does on a schedule's curve, as wishes: another schedule, or another ε."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent

from optiviz.engine import PartError
from optiviz.engine.schedules.handles import tidy
from optiviz.gui.views.schedule.grips import (
    LR,
    Grip,
    added,
    added_after,
    can_add,
    moved,
    removed,
    stepped,
)
from optiviz.gui.widgets.knob_scale import step_value

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from optiviz.engine import Knob
    from optiviz.gui.views.schedule.course import Course
    from optiviz.gui.views.schedule.places import SchedulePlaces

_REACH = 13.0  # pixels around a handle's middle that take hold of it
_SLOP = (
    3.0  # pixels; a shorter move along an axis is the hand's trembling, and changes nothing there
)
_WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_SHAPES = {
    "x": Qt.CursorShape.SizeHorCursor,
    "y": Qt.CursorShape.SizeVerCursor,
    "both": Qt.CursorShape.SizeAllCursor,
}


class Handled(Protocol):
    """What the hand needs to know about the plot."""

    @property
    def course(self) -> Course | None:
        """The curve whose handles these are; ``None``: there are none to be had."""
        ...

    @property
    def axes(self) -> SchedulePlaces:
        """Where epochs and rates are."""
        ...

    @property
    def grips(self) -> list[Grip]:
        """The handles."""
        ...

    @property
    def lr_knob(self) -> Knob | None:
        """What ε may be."""
        ...

    def px(self, length: float) -> float:
        """Scale a length, in device-independent pixels."""
        ...


class ScheduleHand(QObject):
    """Takes hold of handles by mouse and keyboard; what it leaves alone scrubs.

    Signals: ``dragged(schedule)``, ``lr_dragged(value)``, ``finished()``, ``refused(sentence)``;
    ``changed()`` when another handle is under the pointer, in the hand or chosen by keyboard.
    """

    dragged = Signal(object)
    lr_dragged = Signal(float)
    finished = Signal()
    refused = Signal(str)
    changed = Signal()

    def __init__(self, widget: QWidget, seen: Handled) -> None:
        super().__init__(widget)
        self._widget, self._seen = widget, seen
        self._locked = False
        self._offset = QPointF()
        self._pressed_at = QPointF()
        self._base: Course | None = None  # as it was when a hand took hold
        self._key_held = False
        #: The handles that the pointer is over, that a hand holds, and that the keys move.
        self.hovered: str | None = None
        self.held: str | None = None
        self.focused: str | None = None
        #: The handle in the hand that stands on the axis of epochs.
        self.aside: str | None = None
        widget.installEventFilter(self)

    def show_locked(self, locked: bool) -> None:
        """Leave all handles alone, or not."""
        self._locked = locked
        self._set(held=None, hovered=None)

    def step_focus(self, way: int) -> bool:
        """Go on to the next handle, or back; false: it is the turn of another widget.

        First comes the cursor, which is no handle, then one handle after the other.
        """
        names: list[str | None] = [None, *(grip.name for grip in self._grips())]
        at = names.index(self.focused) if self.focused in names else 0
        if not 0 <= at + way < len(names):
            return False
        self._set(focused=names[at + way])
        return True

    def forget_missing(self) -> None:
        """Let go of handles that are there no more."""
        names = {grip.name for grip in self._seen.grips}
        self._set(
            hovered=self.hovered if self.hovered in names else None,
            focused=self.focused if self.focused in names else None,
        )

    # The mouse

    def _on_press(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        grip = self._grip_at(event.position())
        if grip is None:
            self._set(focused=None)
            return False
        self._base = self._seen.course
        self._pressed_at = event.position()
        self._offset = grip.at - event.position()
        bottom = self._seen.axes.plot.bottom()
        self.aside = grip.name if grip.moves == "x" and grip.at.y() == bottom else None
        self._set(held=grip.name, focused=grip.name, hovered=grip.name)
        return True

    def _on_move(self, event: QMouseEvent) -> bool:
        if self.held is not None:
            self._drag_to(event.position())
            return True
        grip = self._grip_at(event.position())
        self._set(hovered=grip.name if grip is not None else None)
        if grip is None:
            return False
        self._widget.setCursor(_SHAPES[grip.moves])
        return True

    def _drag_to(self, at: QPointF) -> None:
        base, axes = self._base, self._seen.axes
        if base is None or self.held is None:
            return
        to = at + self._offset
        rate = axes.rate(to.y())
        if self.held == LR:
            self._wish_lr(rate)
            return
        # A drag along one axis must not change the other value by the rounding of a pixel.
        slop = self._seen.px(_SLOP)
        way = at - self._pressed_at
        epoch = axes.epoch(to.x()) if abs(way.x()) >= slop else math.nan
        self._wish(base, self.held, epoch, rate if abs(way.y()) >= slop else math.nan)

    def _on_release(self, event: QMouseEvent) -> bool:
        if self.held is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        self._base = self.aside = None
        self._set(held=None)
        self.finished.emit()
        return True

    def _cancel(self) -> None:
        """Take back what the hand has done since it took hold, and let go."""
        base, now, held = self._base, self._seen.course, self.held
        if base is not None and now is not None:
            if held == LR and base.lr != now.lr:
                self.lr_dragged.emit(base.lr)
            elif held != LR and base.schedule != now.schedule:
                self.dragged.emit(base.schedule)
        self._base = self.aside = None
        self._set(held=None, hovered=None)
        self.finished.emit()

    def _on_double_click(self, event: QMouseEvent) -> bool:
        course, axes = self._seen.course, self._seen.axes
        at = event.position()
        if course is None or self._locked or not can_add(course.schedule):
            return False
        if not axes.plot.contains(at) or self._grip_at(at) is not None:
            return False
        epoch = tidy(axes.epoch(at.x()), 3)
        self._change(lambda: added(course, epoch, axes.rate(at.y())))
        return True

    # The keyboard

    def _on_key(self, event: QKeyEvent) -> bool:
        course, key = self._seen.course, Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self.held is not None:
            self._cancel()
            return True
        others = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if course is None or self._locked or others:
            return False
        if key == Qt.Key.Key_Insert and can_add(course.schedule):
            self._change(lambda: added_after(course, self.focused))
            return True
        if self.focused is None:
            return False
        name = self.focused
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._change(lambda: removed(course, name))
            return True
        if key not in _WAYS:
            return False
        self._key_held = True
        self._step(course, name, *_WAYS[key], fine=bool(event.modifiers() & _SHIFT))
        return True

    def _step(self, course: Course, name: str, right: int, up: int, *, fine: bool) -> None:
        """Move a handle by a key."""
        if name == LR:
            knob = self._seen.lr_knob
            if knob is not None and up:
                self.lr_dragged.emit(step_value(knob, course.lr, up, fine=fine))
            return
        axis = self._seen.axes.values
        self._wish(course, name, *stepped(course, name, axis, right, up, fine=fine))

    def _on_key_release(self, event: QKeyEvent) -> bool:
        if self._key_held and not event.isAutoRepeat():
            self._end_keys()
        return False

    def _end_keys(self) -> None:
        if self._key_held:
            self._key_held = False
            self.finished.emit()

    # Both

    def _wish(self, course: Course, name: str, epoch: float, rate: float) -> None:
        schedule = moved(course, name, epoch, rate)
        now = self._seen.course
        if now is not None and schedule != now.schedule:
            self.dragged.emit(schedule)

    def _wish_lr(self, rate: float) -> None:
        knob, course = self._seen.lr_knob, self._seen.course
        if knob is None or course is None:
            return
        value = min(max(tidy(rate, 3), knob.low), knob.high)
        if value != course.lr:
            self.lr_dragged.emit(value)

    def _change(self, make) -> None:
        """Change how many handles there are, or say why not."""
        try:
            schedule = make()
        except PartError as error:
            self.refused.emit(str(error))
            return
        if schedule is not None:
            self.dragged.emit(schedule)
            self.finished.emit()

    def _grips(self) -> list[Grip]:
        return [] if self._locked or self._seen.course is None else self._seen.grips

    def _grip_at(self, at: QPointF) -> Grip | None:
        """Find the nearest handle within reach."""
        best, least = None, self._seen.px(_REACH)
        for grip in self._grips():
            distance = math.hypot(grip.at.x() - at.x(), grip.at.y() - at.y())
            if distance <= least:
                best, least = grip, distance
        return best

    def _set(self, **names: str | None) -> None:
        before = (self.hovered, self.held, self.focused)
        for which, name in names.items():
            setattr(self, which, name)
        if (self.hovered, self.held, self.focused) != before:
            self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent):
            act = {
                QEvent.Type.MouseButtonPress: self._on_press,
                QEvent.Type.MouseMove: self._on_move,
                QEvent.Type.MouseButtonRelease: self._on_release,
                QEvent.Type.MouseButtonDblClick: self._on_double_click,
            }.get(kind)
            return act is not None and act(event)
        if isinstance(event, QKeyEvent):
            if kind == QEvent.Type.KeyPress:
                return self._on_key(event)
            if kind == QEvent.Type.KeyRelease:
                return self._on_key_release(event)
        if kind == QEvent.Type.Leave and self.held is None:
            self._set(hovered=None)
        if isinstance(event, QFocusEvent) and kind == QEvent.Type.FocusIn:
            self._on_focus(event.reason())
        if kind == QEvent.Type.FocusOut:
            self._end_keys()
        return False

    def _on_focus(self, reason: Qt.FocusReason) -> None:
        grips = self._grips()
        if reason == Qt.FocusReason.TabFocusReason:
            self._set(focused=None)
        elif reason == Qt.FocusReason.BacktabFocusReason:
            self._set(focused=grips[-1].name if grips else None)


_SHIFT = Qt.KeyboardModifier.ShiftModifier
