"""What a hand does on the stage, as wishes: drag the start, zoom, pan, press arrow keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent

from optiviz.gui.drawing.projection import Projection, Window, pan, zoom

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from optiviz.gui.stage.heads import Heads
    from optiviz.gui.stage.start_handle import StartHandle

_NOTCH = 0.85  # one notch of a wheel shows this much of what was visible
_SLACK = 3.0  # pixels that a hand may tremble before a press becomes a drag
_HEAD_REACH = 14.0
_SETTLE_MS = 250
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class Seen(Protocol):
    """What the hand needs to know about the stage."""

    @property
    def projection(self) -> Projection:
        """What is visible."""
        ...

    @property
    def home(self) -> Window:
        """The surface's window, which bounds zooming and panning."""
        ...


class StageHand(QObject):
    """Turns a stage's mouse and keys into wishes.

    Signals:
        start_dragged(x, y): the start should go there.
        start_drag_finished(): the start was let go.
        camera_asked(window): the stage should show this window, ((x0, x1), (y0, y1)).
        camera_settled(): the hand that moved the camera stopped.
        pointer_moved(x, y), pointer_left(): where the pointer is, in data coordinates.
        head_hovered(index): the pointer came over a racer, or left it (-1).
        pointed(position): where the pointer is in pixels; ``None`` when it left.
    """

    start_dragged = Signal(float, float)
    start_drag_finished = Signal()
    camera_asked = Signal(object)
    camera_settled = Signal()
    pointer_moved = Signal(float, float)
    pointer_left = Signal()
    head_hovered = Signal(int)
    pointed = Signal(object)

    def __init__(self, stage: QWidget, seen: Seen, handle: StartHandle, heads: Heads) -> None:
        super().__init__(stage)
        self._stage, self._seen, self._handle, self._heads = stage, seen, handle, heads
        self._locked = False
        self._grab: QPointF | None = None  # from the pointer to the handle, while it is held
        self._moved_start = False
        self._press: QPointF | None = None  # where a press began that may become a pan
        self._last = QPointF()
        self._panning = False
        self._keys: set[int] = set()
        self._hovered = -1
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.camera_settled)
        stage.installEventFilter(self)
        self._show_cursor(None)

    def show_locked(self, locked: bool) -> None:
        """Take no wishes while locked; the cursor says so."""
        self._locked = locked
        if locked:
            self._grab = self._press = None
            self._panning = False
            self._handle.show_held(False)
        self._show_cursor(None)

    def _on_press(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._locked or self._grab is not None or self._press is not None:
            return
        if event.button() == Qt.MouseButton.LeftButton and self._handle.holds(at):
            # An arrow at the edge stands for a start that is elsewhere: that one jumps.
            offset = self._handle.pixel - at
            self._grab = offset if self._handle.in_sight else QPointF()
            self._moved_start = False
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._press, self._last, self._panning = at, at, False
        self._show_cursor(at)

    def _on_move(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._grab is not None:
            self._moved_start = True
            self._wish_start(at + self._grab)
        elif self._press is not None:
            self._pan_to(at)
        self._tell_pointer(at)
        self._show_cursor(at)

    def _pan_to(self, at: QPointF) -> None:
        if not self._panning and (at - self._last).manhattanLength() < _SLACK:
            return
        self._panning = True
        way = at - self._last
        self._last = at
        if not way.isNull():
            self._settle.stop()
            self.camera_asked.emit(pan(self._seen.projection, self._seen.home, way.x(), way.y()))

    def _on_release(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        if event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.MiddleButton):
            return
        if self._panning:
            self.camera_settled.emit()
        dragged = self._moved_start
        self._grab = self._press = None
        self._panning = self._moved_start = False
        if dragged:
            self.start_drag_finished.emit()
        self._show_cursor(event.position())

    def _on_double_click(self, event: QMouseEvent) -> None:
        if self._locked or event.button() != Qt.MouseButton.LeftButton:
            return
        self._wish_start(event.position())
        self.start_drag_finished.emit()

    def _wish_start(self, at: QPointF) -> None:
        # A start that is dragged off the stage would be lost from sight.
        seen = self._seen.projection
        x, y = min(max(at.x(), 0.0), seen.width), min(max(at.y(), 0.0), seen.height)
        self.start_dragged.emit(*seen.data(x, y))

    def _on_wheel(self, event: QWheelEvent) -> bool:
        if self._locked or event.angleDelta().y() == 0:
            return False
        self._zoom(_NOTCH ** (event.angleDelta().y() / 120.0), event.position())
        return True

    def _on_pinch(self, event: QNativeGestureEvent) -> bool:
        if self._locked or event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._zoom(1.0 / max(0.1, 1.0 + event.value()), event.position())
        return True

    def _zoom(self, factor: float, at: QPointF) -> None:
        seen = self._seen.projection
        self.camera_asked.emit(zoom(seen, self._seen.home, factor, (at.x(), at.y())))
        self._settle.start()

    def _on_key_press(self, event: QKeyEvent) -> bool:
        if not self._is_arrow(event):
            return False
        right, up = _ARROWS[Qt.Key(event.key())]
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        seen, start = self._seen.projection, self._handle.pos()
        step = (seen.x1 - seen.x0) / (500.0 if fine else 50.0)
        # On stretched axes a step up is as long on the screen as a step to the right.
        rise = step * seen.x_scale / seen.y_scale
        self._keys.add(event.key())
        self.start_dragged.emit(start.x() + right * step, start.y() + up * rise)
        return True

    def _on_key_release(self, event: QKeyEvent) -> bool:
        if event.key() not in self._keys or event.isAutoRepeat():
            return False
        self._keys.discard(event.key())
        if not self._keys:
            self.start_drag_finished.emit()
        return True

    def _on_focus_out(self) -> None:
        # The release of a key that is held now will go elsewhere.
        if self._keys:
            self._keys.clear()
            self.start_drag_finished.emit()

    def _is_arrow(self, event: QKeyEvent) -> bool:
        others = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        return not self._locked and event.key() in _ARROWS and not others

    def _tell_pointer(self, at: QPointF) -> None:
        self.pointed.emit(at)
        self.pointer_moved.emit(*self._seen.projection.data(at.x(), at.y()))
        self._tell_head(self._heads.nearest(at, self._heads.look.px(_HEAD_REACH)))

    def _tell_head(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.head_hovered.emit(index)

    def _on_leave(self) -> None:
        self._tell_head(-1)
        self.pointed.emit(None)
        self.pointer_left.emit()
        self._show_cursor(None)

    def _show_cursor(self, at: QPointF | None) -> None:
        over = self._grab is not None or (at is not None and self._handle.holds(at))
        self._handle.show_held(over and not self._locked)
        if self._locked:
            shape = Qt.CursorShape.ForbiddenCursor
        elif self._grab is not None or self._panning:
            shape = Qt.CursorShape.ClosedHandCursor
        elif over:
            shape = Qt.CursorShape.OpenHandCursor
        else:
            shape = Qt.CursorShape.ArrowCursor
        if self._stage.cursor().shape() != shape:
            self._stage.setCursor(shape)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseButtonPress:
                self._on_press(event)
            elif kind == QEvent.Type.MouseMove:
                self._on_move(event)
            elif kind == QEvent.Type.MouseButtonRelease:
                self._on_release(event)
            elif kind == QEvent.Type.MouseButtonDblClick:
                self._on_double_click(event)
            else:
                return False
            event.accept()
            return True
        if isinstance(event, QWheelEvent):
            return self._on_wheel(event)
        if isinstance(event, QNativeGestureEvent):
            return self._on_pinch(event)
        if isinstance(event, QKeyEvent):
            if kind == QEvent.Type.KeyPress:
                return self._on_key_press(event)
            if kind == QEvent.Type.KeyRelease:
                return self._on_key_release(event)
            if kind == QEvent.Type.ShortcutOverride and self._is_arrow(event):
                event.accept()  # arrows belong to the stage while it has the focus
            return False
        if kind == QEvent.Type.Leave:
            self._on_leave()
        elif kind == QEvent.Type.FocusOut:
            self._on_focus_out()
        return False
