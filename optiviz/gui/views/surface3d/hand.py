"""What a hand does on the 3D stage, as wishes: drag the start, orbit, pan, zoom, press keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent

from optiviz.gui.views.surface3d.camera import focus_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from optiviz.gui.views.surface3d.camera import Camera3D
    from optiviz.gui.views.surface3d.stage import Stage3D

_NOTCH = 0.87
_SLACK = 3.0  # pixels that a hand may tremble before a press becomes a drag
_DEGREES = 0.35  # for a pixel
_KEY_DEGREES, _KEY_PIXELS = 5.0, 40.0
_HEAD_REACH = 14.0
_SETTLE_MS = 250
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_ZOOMS = {
    Qt.Key.Key_PageUp: _NOTCH,
    Qt.Key.Key_PageDown: 1.0 / _NOTCH,
}
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton

TIP = (
    "The start of all racers: drag it over the surface, or move it with the arrow keys (Shift: "
    "finely). A double-click puts it there. Drag beside it to turn the surface (Ctrl+arrows), "
    "Shift+drag to move it (Ctrl+Shift+arrows), wheel to zoom (Page up, Page down)."
)


class SurfaceHand(QObject):
    """Turns the 3D stage's mouse and keys into wishes.

    Signals:
        start_dragged(x, y): the start should go there; start_drag_finished(): it was let go.
        camera_asked(camera): the surface should be looked at from there.
        camera_settled(): the hand that moved the camera stopped.
        pointer_moved(x, y), pointer_left(): which point of the surface is under the pointer.
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

    def __init__(self, view: QWidget, stage: Stage3D, camera: Callable[[], Camera3D]) -> None:
        """``camera()`` gives the camera as it is wished now, be it not drawn yet."""
        super().__init__(view)
        self._view, self._stage, self._camera = view, stage, camera
        self._locked = False
        self._grab: QPointF | None = None  # from the pointer to the handle, while it is held
        self._moved_start = False
        self._press: QPointF | None = None  # where a press began that may turn the surface
        self._last = QPointF()
        self._turning = self._panning = False
        self._over = False  # the pointer is over the surface
        self._keys: set[int] = set()
        self._hovered = -1
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.camera_settled)
        view.installEventFilter(self)

    @property
    def moves_camera(self) -> bool:
        """Whether a hand turns, moves or zooms the surface now."""
        return self._turning or self._settle.isActive()

    def show_locked(self, locked: bool) -> None:
        """Take no wishes for the scene while locked; one may still look around."""
        self._locked = locked
        if locked:
            self._grab = None
            self._stage.start_handle.show_held(False)
        self._show_cursor(None)

    def _focus(self) -> float:
        return focus_of(self._view.width(), self._view.height())

    def _on_press(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._grab is not None or self._press is not None:
            return
        handle = self._stage.start_handle
        left = event.button() == _LEFT
        if left and not event.modifiers() and not self._locked and handle.holds(at):
            self._grab = handle.pixel - at if handle.in_sight else QPointF()
            self._moved_start = False
        elif left or event.button() == _MIDDLE:
            self._press = self._last = at
            self._turning = False
            self._panning = not left or bool(event.modifiers() & _SHIFT)
        self._show_cursor(at)

    def _on_move(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._grab is not None:
            self._moved_start = True
            self._wish_start(at + self._grab)
        elif self._press is not None:
            self._drag_to(at)
        else:
            self._tell_pointer(at)
        self._show_cursor(at)

    def _drag_to(self, at: QPointF) -> None:
        way = at - self._last
        if not self._turning and way.manhattanLength() < _SLACK:
            return
        self._turning, self._last = True, at
        if way.isNull():
            return
        self._settle.stop()
        if self._panning:
            self.camera_asked.emit(self._camera().panned(way.x(), way.y(), self._focus()))
        else:
            self.camera_asked.emit(self._camera().orbited(_DEGREES * way.x(), -_DEGREES * way.y()))

    def _on_release(self, event: QMouseEvent) -> None:
        if event.button() not in (_LEFT, _MIDDLE) or event.buttons() & (_LEFT | _MIDDLE):
            return
        turned, dragged = self._turning, self._moved_start
        self._grab = self._press = None
        self._turning = self._panning = self._moved_start = False
        if turned:
            self.camera_settled.emit()
        if dragged:
            self.start_drag_finished.emit()
        self._show_cursor(event.position())

    def _on_double_click(self, event: QMouseEvent) -> None:
        if self._locked or event.button() != _LEFT or event.modifiers():
            return
        self._wish_start(event.position())
        self.start_drag_finished.emit()

    def _wish_start(self, at: QPointF) -> None:
        seen = self._stage.projection
        if seen is not None:
            self.start_dragged.emit(*seen.data(at.x(), at.y()))

    def _on_wheel(self, event: QWheelEvent) -> bool:
        if event.angleDelta().y() == 0:
            return False
        self._zoom(_NOTCH ** (event.angleDelta().y() / 120.0), event.position())
        return True

    def _on_pinch(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._zoom(1.0 / max(0.1, 1.0 + event.value()), event.position())
        return True

    def _zoom(self, factor: float, at: QPointF | None) -> None:
        seen, about = self._stage.projection, None
        if seen is not None and at is not None:
            found = seen.data_at(at.x(), at.y())
            if found is not None:
                about = seen.mesh.lifted(np.array([found]))[0] * seen.stretch
        self._settle.start()
        self.camera_asked.emit(self._camera().zoomed(factor, about))

    def _on_key_press(self, event: QKeyEvent) -> bool:
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not self._is_own(event):
            return False
        if key in _ZOOMS:
            self._zoom(_ZOOMS[key], None)
            return True
        right, up = _ARROWS[key]
        if held & _CONTROL:
            self._settle.start()
            if held & _SHIFT:
                way = -right * _KEY_PIXELS, up * _KEY_PIXELS
                self.camera_asked.emit(self._camera().panned(*way, self._focus()))
            else:
                way = right * _KEY_DEGREES, up * _KEY_DEGREES
                self.camera_asked.emit(self._camera().orbited(-way[0], -way[1]))
            return True
        self._keys.add(event.key())
        self._step_start(right, up, fine=bool(held & _SHIFT))
        return True

    def _step_start(self, right: int, up: int, *, fine: bool) -> None:
        """Move the start along x or y, whichever looks most like the arrow from here."""
        seen, start = self._stage.projection, self._stage.start_handle.pos()
        if seen is None:
            return
        quarter = round((self._camera().azimuth + 90.0) / 90.0) % 4
        for _ in range(quarter):
            right, up = -up, right
        step = (seen.x1 - seen.x0) / (500.0 if fine else 50.0)
        rise = step * seen.x_scale / seen.y_scale
        x = min(max(start.x() + right * step, seen.x0), seen.x1)
        y = min(max(start.y() + up * rise, seen.y0), seen.y1)
        self.start_dragged.emit(x, y)

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

    def _is_own(self, event: QKeyEvent) -> bool:
        """Say whether a key belongs to the stage while it has the focus."""
        if self._stage.projection is None:
            return False
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _ZOOMS:
            return not held
        if event.key() not in _ARROWS or held & ~(_CONTROL | _SHIFT):
            return False
        return bool(held & _CONTROL) or not self._locked

    def _tell_pointer(self, at: QPointF) -> None:
        self.pointed.emit(at)
        seen = self._stage.projection
        found = None if seen is None else seen.data_at(at.x(), at.y())
        if found is not None:
            self.pointer_moved.emit(*found)
        elif self._over:
            self.pointer_left.emit()
        self._over = found is not None
        reach = self._stage.racers.heads.look.px(_HEAD_REACH)
        self._tell_head(self._stage.racers.nearest(at, reach))

    def _tell_head(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.head_hovered.emit(index)

    def _on_leave(self) -> None:
        self._tell_head(-1)
        self.pointed.emit(None)
        self._over = False
        self.pointer_left.emit()
        self._show_cursor(None)

    def _show_cursor(self, at: QPointF | None) -> None:
        handle = self._stage.start_handle
        known = self._stage.projection is not None
        over = self._grab is not None or (known and at is not None and handle.holds(at))
        handle.show_held(over and not self._locked)
        if self._grab is not None or self._turning:
            shape = Qt.CursorShape.ClosedHandCursor
        elif over:
            forbidden, hand = Qt.CursorShape.ForbiddenCursor, Qt.CursorShape.OpenHandCursor
            shape = forbidden if self._locked else hand
        else:
            shape = Qt.CursorShape.ArrowCursor
        if self._view.cursor().shape() != shape:
            self._view.setCursor(shape)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent) and self._stage.projection is not None:
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
            return self._stage.projection is not None and self._on_wheel(event)
        if isinstance(event, QNativeGestureEvent):
            return self._stage.projection is not None and self._on_pinch(event)
        if isinstance(event, QKeyEvent):
            if kind == QEvent.Type.KeyPress:
                return self._on_key_press(event)
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
