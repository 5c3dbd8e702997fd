"""What a hand does on a stage, whichever way it shows the surface, as wishes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent

from optiviz.gui.qt.timers import Debounce

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from optiviz.gui.stage.start_handle import StartHandle

#: How far a racer's marker reaches, in unscaled pixels.
HEAD_REACH = 14.0
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
_SLACK = 3.0  # pixels that a hand may tremble before a press becomes a drag
_SETTLE_MS = 250


class StageHand(QObject):
    """Turns a stage's mouse and keys into wishes; subclasses know how it is looked at.

    Signals:
        start_dragged(x, y): the start should go there.
        start_drag_finished(): the start was let go.
        camera_asked(camera): the stage should be looked at in this way.
        camera_settled(): the hand that moved the camera stopped.
        pointer_moved(x, y), pointer_left(): where the pointer is, in data coordinates.
        head_hovered(index): the pointer came over a racer, or left it (-1).
        locked_start_tried(): a hand took the start, or put it elsewhere, while it is locked.
        pointed(position): where the pointer is in pixels; ``None`` when it left.
    """

    start_dragged = Signal(float, float)
    start_drag_finished = Signal()
    camera_asked = Signal(object)
    camera_settled = Signal()
    pointer_moved = Signal(float, float)
    pointer_left = Signal()
    head_hovered = Signal(int)
    locked_start_tried = Signal()
    pointed = Signal(object)

    #: One notch of a wheel shows this much of what was visible.
    notch: ClassVar[float] = 0.85

    def __init__(self, widget: QWidget, handle: StartHandle) -> None:
        super().__init__(widget)
        self._widget, self._handle = widget, handle
        self._locked = False
        self._grab: QPointF | None = None  # from the pointer to the handle, while it is held
        self._moved_start = False
        self._press: QPointF | None = None  # where a press began that may move the camera
        self._last = QPointF()
        self._moving = False  # the camera
        self._keys: set[int] = set()
        self._hovered = -1
        self._settle = Debounce(self, _SETTLE_MS, self.camera_settled.emit)
        widget.installEventFilter(self)

    @property
    def moves_camera(self) -> bool:
        """Whether a hand moves the camera now."""
        return self._moving or self._settle.waits

    def is_over_start(self, at: QPointF) -> bool:
        """Say whether the start can be taken at a pixel; nowhere before there is a surface."""
        return self._is_ready() and self._handle.holds(at)

    def show_locked(self, locked: bool) -> None:
        """Take no wishes for the scene while locked; the cursor says so."""
        self._locked = locked
        if locked:
            self._grab = None
            self._handle.show_held(False)
        self._show_cursor(None)

    # What subclasses know

    def _is_ready(self) -> bool:
        """Whether there is a surface to point at."""
        return True

    def _may_look(self) -> bool:
        """Whether the camera may be moved now."""
        return True

    def _wish_start(self, at: QPointF) -> None:
        """Wish the start to where a pixel is."""
        raise NotImplementedError

    def _look_along(self, way: QPointF) -> None:
        """Move the camera as the pointer went."""
        raise NotImplementedError

    def _zoom(self, factor: float, at: QPointF) -> None:
        """Show ``factor`` of what was visible, around a pixel."""
        raise NotImplementedError

    def _tell_pointer(self, at: QPointF) -> None:
        """Tell where the pointer is."""
        raise NotImplementedError

    def _is_own(self, event: QKeyEvent) -> bool:
        """Whether a key belongs to the stage while it has the focus."""
        raise NotImplementedError

    def _on_key_press(self, event: QKeyEvent) -> bool:
        raise NotImplementedError

    def _resting_cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.ArrowCursor

    # What every hand does

    def _takes_start(self, event: QMouseEvent) -> bool:
        return event.button() == LEFT and not self._locked and self._handle.holds(event.position())

    def _on_press(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._grab is not None or self._press is not None:
            return
        if self._locked and event.button() == LEFT and self._handle.holds(at):
            self.locked_start_tried.emit()
        if self._takes_start(event):
            # The arrow at the edge stands for a start out of sight, which jumps to the pointer.
            offset = self._handle.pixel - at
            self._grab = offset if self._handle.in_sight else QPointF()
            self._moved_start = False
        elif event.button() in (LEFT, MIDDLE) and self._may_look():
            self._press, self._last, self._moving = at, at, False
        self._show_cursor(at)

    def _on_move(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._grab is not None:
            self._moved_start = True
            self._wish_start(at + self._grab)
        elif self._press is not None:
            self._drag_camera(at)
        self._tell_pointer(at)
        self._show_cursor(at)

    def _drag_camera(self, at: QPointF) -> None:
        way = at - self._last
        if not self._moving and way.manhattanLength() < _SLACK:
            return
        self._moving, self._last = True, at
        if not way.isNull():
            self._settle.stop()
            self._look_along(way)

    def _on_release(self, event: QMouseEvent) -> None:
        if event.button() not in (LEFT, MIDDLE) or event.buttons() & (LEFT | MIDDLE):
            return
        moved, dragged = self._moving, self._moved_start
        self._grab = self._press = None
        self._moving = self._moved_start = False
        if moved:
            self.camera_settled.emit()
        if dragged:
            self.start_drag_finished.emit()
        self._show_cursor(event.position())

    def _on_double_click(self, event: QMouseEvent) -> None:
        if event.button() != LEFT or event.modifiers():
            return
        if self._locked:
            self.locked_start_tried.emit()
            return
        self._wish_start(event.position())
        self.start_drag_finished.emit()

    def _on_wheel(self, event: QWheelEvent) -> bool:
        if not self._may_look() or event.angleDelta().y() == 0:
            return False
        self._zoom(self.notch ** (event.angleDelta().y() / 120.0), event.position())
        return True

    def _on_pinch(self, event: QNativeGestureEvent) -> bool:
        if not self._may_look() or event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._zoom(1.0 / max(0.1, 1.0 + event.value()), event.position())
        return True

    def _on_key_release(self, event: QKeyEvent) -> bool:
        if event.key() not in self._keys or event.isAutoRepeat():
            return False
        self._keys.discard(event.key())
        if not self._keys:
            self.start_drag_finished.emit()
        return True

    def _on_focus_out(self) -> None:
        # Another widget will be sent the release of a held key, so what it began ends here.
        if self._keys:
            self._keys.clear()
            self.start_drag_finished.emit()

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
        pointed = at is not None and self.is_over_start(at)
        over = self._grab is not None or pointed
        self._handle.show_held(over and not self._locked)
        shapes = Qt.CursorShape
        if self._grab is not None or self._moving:
            shape = shapes.ClosedHandCursor
        elif over:
            shape = shapes.ForbiddenCursor if self._locked else shapes.OpenHandCursor
        else:
            shape = self._resting_cursor()
        if self._widget.cursor().shape() != shape:
            self._widget.setCursor(shape)

    # Qt's own

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent) and self._is_ready():
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
            return self._is_ready() and self._on_wheel(event)
        if isinstance(event, QNativeGestureEvent):
            return self._is_ready() and self._on_pinch(event)
        if isinstance(event, QKeyEvent):
            if kind == QEvent.Type.KeyPress:
                return self._is_own(event) and self._on_key_press(event)
            if kind == QEvent.Type.KeyRelease:
                return self._on_key_release(event)
            if kind == QEvent.Type.ShortcutOverride and self._is_own(event):
                event.accept()  # these keys belong to the stage while it has the focus
            return False
        if kind == QEvent.Type.Leave:
            self._on_leave()
        elif kind == QEvent.Type.FocusOut:
            self._on_focus_out()
        return False
