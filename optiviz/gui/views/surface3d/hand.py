"""What a hand does on the 3D stage, as wishes: drag the start, orbit, pan, zoom, press keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt

from optiviz.gui.stage.hand import ARROWS, HEAD_REACH, LEFT, StageHand
from optiviz.gui.views.surface3d.camera import focus_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from PySide6.QtWidgets import QWidget

    from optiviz.gui.views.surface3d.camera import Camera3D
    from optiviz.gui.views.surface3d.stage import SurfaceCanvas

_DEGREES = 0.35  # for a pixel
_KEY_DEGREES, _KEY_PIXELS = 5.0, 40.0
_NOTCH = 0.87
_ZOOMS = {
    Qt.Key.Key_PageUp: _NOTCH,
    Qt.Key.Key_PageDown: 1.0 / _NOTCH,
}
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

TIP = (
    "The start of all racers: drag it over the surface, or move it with the arrow keys (Shift: "
    "finely). A double-click puts it there. Drag beside it to turn the surface (Ctrl+arrows), "
    "Shift+drag to move it (Ctrl+Shift+arrows), wheel to zoom (Page up, Page down)."
)


class SurfaceHand(StageHand):
    """The point it tells is that of the surface; one may look around while the scene is locked."""

    notch = _NOTCH

    def __init__(self, view: QWidget, stage: SurfaceCanvas, camera: Callable[[], Camera3D]) -> None:
        """``camera()`` gives the camera as it is wished now, be it not drawn yet."""
        super().__init__(view, stage.start_handle)
        self._stage, self._camera = stage, camera
        self._panning = False  # a press moves the surface, and does not turn it
        self._over = False  # the pointer is over the surface

    def _focus(self) -> float:
        return focus_of(self._widget.width(), self._widget.height())

    def _is_ready(self) -> bool:
        return self._stage.projection is not None

    def _takes_start(self, event: QMouseEvent) -> bool:
        return not event.modifiers() and super()._takes_start(event)

    def _on_press(self, event: QMouseEvent) -> None:
        if self._press is None:
            self._panning = event.button() != LEFT or bool(event.modifiers() & _SHIFT)
        super()._on_press(event)

    def _look_along(self, way: QPointF) -> None:
        if self._panning:
            self.camera_asked.emit(self._camera().panned(way.x(), way.y(), self._focus()))
        else:
            self.camera_asked.emit(self._camera().orbited(_DEGREES * way.x(), -_DEGREES * way.y()))

    def _wish_start(self, at: QPointF) -> None:
        seen = self._stage.projection
        if seen is not None:
            self.start_dragged.emit(*seen.data(at.x(), at.y()))

    def _zoom(self, factor: float, at: QPointF | None) -> None:
        seen, about = self._stage.projection, None
        if seen is not None and at is not None:
            found = seen.data_at(at.x(), at.y())
            if found is not None:
                about = seen.mesh.lifted(np.array([found]))[0] * seen.stretch
        self._settle.soon()
        self.camera_asked.emit(self._camera().zoomed(factor, about))

    def _on_key_press(self, event: QKeyEvent) -> bool:
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _ZOOMS:
            self._zoom(_ZOOMS[key], None)
            return True
        right, up = ARROWS[key]
        if held & _CONTROL:
            self._settle.soon()
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

    def _is_own(self, event: QKeyEvent) -> bool:
        if not self._is_ready():
            return False
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _ZOOMS:
            return not held
        if event.key() not in ARROWS or held & ~(_CONTROL | _SHIFT):
            return False
        return bool(held & _CONTROL) or not self._locked

    def _tell_pointer(self, at: QPointF) -> None:
        if self._grab is not None or self._press is not None:
            return
        self.pointed.emit(at)
        seen = self._stage.projection
        found = None if seen is None else seen.data_at(at.x(), at.y())
        if found is not None:
            self.pointer_moved.emit(*found)
        elif self._over:
            self.pointer_left.emit()
        self._over = found is not None
        reach = self._stage.racers.heads.look.px(HEAD_REACH)
        self._tell_head(self._stage.racers.nearest(at, reach))

    def _on_leave(self) -> None:
        self._over = False
        super()._on_leave()
