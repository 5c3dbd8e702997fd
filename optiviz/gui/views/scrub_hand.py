"""What a hand does on the loss curves, as one wish: to move the playhead."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_GRIP = 6.0  # pixels on either side of the cursor that take hold of it
_FAR = 10  # steps with Shift
_WAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class StepAxis(Protocol):
    """What the hand needs to know about the picture."""

    steps: int
    plot: QRectF

    def x(self, step: float) -> float:
        """Where a step is, in pixels."""
        ...

    def step(self, x: float) -> float:
        """Which step a pixel is, within the race."""
        ...


class Scrubbed(Protocol):
    """What the hand needs to know about the view."""

    @property
    def axis(self) -> StepAxis | None:
        """The picture's axis; ``None`` while there is no race."""
        ...

    @property
    def position(self) -> float:
        """Where the cursor is."""
        ...

    def px(self, length: float) -> float:
        """Scale a length, in device-independent pixels."""
        ...


class Hand(QObject):
    """Hears mouse and keys of a widget before it does; what is taken says so by ``True``."""

    def _on_press(self, event: QMouseEvent) -> bool:
        return False

    def _on_move(self, event: QMouseEvent) -> bool:
        return False

    def _on_release(self, event: QMouseEvent) -> bool:
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseButtonPress:
                return self._on_press(event)
            if kind == QEvent.Type.MouseMove:
                return self._on_move(event)
            if kind == QEvent.Type.MouseButtonRelease:
                return self._on_release(event)
        if isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress:
            return self._on_key(event)
        return False


class ScrubHand(Hand):
    """Turns mouse and arrow keys into ``scrub_wished(position)``."""

    scrub_wished = Signal(float)

    def __init__(self, widget: QWidget, seen: Scrubbed) -> None:
        super().__init__(widget)
        self._widget, self._seen = widget, seen
        self._dragging = False
        widget.installEventFilter(self)

    def _on_press(self, event: QMouseEvent) -> bool:
        axis, reach = self._seen.axis, self._seen.px(_GRIP)
        if axis is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        # Down to the numbers of the axis, and a little beyond both ends.
        room = axis.plot.adjusted(-reach, -reach, reach, self._widget.height())
        if not room.contains(event.position()):
            return False
        self._dragging = True
        self.scrub_wished.emit(axis.step(event.position().x()))
        return True

    def _on_move(self, event: QMouseEvent) -> bool:
        axis = self._seen.axis
        if axis is None:
            return False
        x = event.position().x()
        if self._dragging:
            self.scrub_wished.emit(axis.step(x))
            return True
        holds = abs(x - axis.x(self._seen.position)) <= self._seen.px(_GRIP)
        shape = Qt.CursorShape.SizeHorCursor if holds else Qt.CursorShape.ArrowCursor
        if self._widget.cursor().shape() != shape:
            self._widget.setCursor(shape)
        return False

    def _on_release(self, event: QMouseEvent) -> bool:
        if not self._dragging or event.button() != Qt.MouseButton.LeftButton:
            return False
        self._dragging = False
        return True

    def _on_key(self, event: QKeyEvent) -> bool:
        axis, way = self._seen.axis, _WAYS.get(Qt.Key(event.key()), 0)
        shift = Qt.KeyboardModifier.ShiftModifier
        others = event.modifiers() & ~(shift | Qt.KeyboardModifier.KeypadModifier)
        if axis is None or not way or others:
            return False
        far = _FAR if event.modifiers() & shift else 1
        position = self._seen.position
        start = math.floor(position) if way > 0 else math.ceil(position)
        self.scrub_wished.emit(float(min(max(start + way * far, 0), axis.steps)))
        return True
