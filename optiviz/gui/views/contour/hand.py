"""What a hand does on the contour, as wishes: drag the start, zoom, pan, press arrow keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, Qt

from optiviz.gui.drawing.projection import Projection, Window, pan, zoom
from optiviz.gui.stage.hand import ARROWS, HEAD_REACH, StageHand

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from optiviz.gui.stage.heads import Heads
    from optiviz.gui.stage.start_handle import StartHandle


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


class ContourHand(StageHand):
    """A camera that it asks for is a window, ((x0, x1), (y0, y1)); none while locked."""

    def __init__(self, widget: QWidget, seen: Seen, handle: StartHandle, heads: Heads) -> None:
        super().__init__(widget, handle)
        self._seen, self._heads = seen, heads
        self._show_cursor(None)

    def show_locked(self, locked: bool) -> None:
        if locked:
            self._press, self._moving = None, False
        super().show_locked(locked)

    def _may_look(self) -> bool:
        return not self._locked

    def _wish_start(self, at: QPointF) -> None:
        # A start that is dragged off the stage would be lost from sight.
        seen = self._seen.projection
        x, y = min(max(at.x(), 0.0), seen.width), min(max(at.y(), 0.0), seen.height)
        self.start_dragged.emit(*seen.data(x, y))

    def _look_along(self, way: QPointF) -> None:
        self.camera_asked.emit(pan(self._seen.projection, self._seen.home, way.x(), way.y()))

    def _zoom(self, factor: float, at: QPointF) -> None:
        seen = self._seen.projection
        self.camera_asked.emit(zoom(seen, self._seen.home, factor, (at.x(), at.y())))
        self._settle.soon()

    def _on_key_press(self, event: QKeyEvent) -> bool:
        right, up = ARROWS[Qt.Key(event.key())]
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        seen, start = self._seen.projection, self._handle.pos()
        step = (seen.x1 - seen.x0) / (500.0 if fine else 50.0)
        # On stretched axes a step up is as long on the screen as a step to the right.
        rise = step * seen.x_scale / seen.y_scale
        self._keys.add(event.key())
        self.start_dragged.emit(start.x() + right * step, start.y() + up * rise)
        return True

    def _is_own(self, event: QKeyEvent) -> bool:
        others = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        return not self._locked and event.key() in ARROWS and not others

    def _tell_pointer(self, at: QPointF) -> None:
        self.pointed.emit(at)
        self.pointer_moved.emit(*self._seen.projection.data(at.x(), at.y()))
        self._tell_head(self._heads.nearest(at, self._heads.look.px(HEAD_REACH)))

    def _resting_cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.ForbiddenCursor if self._locked else Qt.CursorShape.ArrowCursor
