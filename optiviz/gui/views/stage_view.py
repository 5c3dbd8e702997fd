"""What the contour and the 3D view have in common: both are stages on which the race is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QResizeEvent

from optiviz.gui.qt.timers import once
from optiviz.gui.views.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget

    from optiviz.gui.stage.canvas import Canvas
    from optiviz.gui.stage.floor_rings import FloorRing
    from optiviz.gui.stage.hand import StageHand
    from optiviz.gui.stage.letters import Letter
    from optiviz.gui.stage.snapshots import SnapshotMark
    from optiviz.gui.stage.start_handle import StartHandle

#: A new race takes a millisecond or two; a start that is dragged waits no longer than this for it.
_PATIENCE_MS = 8

_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class StageView(View):
    """A stage: the surface with the racers on it.

    A subclass says how the surface is looked at: it makes the canvas and the start's handle, and
    gives its hand to ``_follow_hand``, before it is shown anything.

    Attributes:
        stage: the canvas, which fills the view.
        start_handle: the start on it.

    Signals:
        start_dragged(x, y): the start should go there; start_drag_finished(): it was let go.
        pointer_moved(x, y), pointer_left(): where the pointer is, in data coordinates.
        head_hovered(index): the pointer came over a racer's marker, or left it (-1).
        locked_start_tried(): a hand would have moved the start, but the scene is locked.
    """

    start_dragged = Signal(float, float)
    start_drag_finished = Signal()
    pointer_moved = Signal(float, float)
    pointer_left = Signal()
    head_hovered = Signal(int)
    locked_start_tried = Signal()

    stage: Canvas
    start_handle: StartHandle
    _hand: StageHand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 160)
        self._held = once(self, _PATIENCE_MS, self._release)

    def _follow_hand(self, hand: StageHand) -> None:
        """Tell what a hand wishes, and keep the readout out of the pointer's way."""
        self._hand = hand
        hand.start_dragged.connect(self.start_dragged)
        hand.start_drag_finished.connect(self.start_drag_finished)
        hand.pointer_moved.connect(self.pointer_moved)
        hand.pointer_left.connect(self.pointer_left)
        hand.head_hovered.connect(self.head_hovered)
        hand.locked_start_tried.connect(self.locked_start_tried)
        hand.pointed.connect(self.stage.readout.show_pointer)

    def units(self) -> tuple[float, float]:
        """How much of x and of y one pixel is: so finely a hand can put the start."""
        return 0.0, 0.0

    def show_locked(self, on: bool) -> None:
        """Keep the scene from accidents: a hand changes nothing of it."""
        self._hand.show_locked(on)

    def show_stretch(self, on: bool) -> None:
        """Let the axes have scales of their own; or keep them equal."""

    def show_formula(self, pixmap: QPixmap | None) -> None:
        """Show the surface's typeset formula, or none."""
        self.stage.formula.show_formula(pixmap)
        self.stage.arrange()

    def show_readout(self, lines: tuple[str, ...]) -> None:
        """Show what is told about the point under the pointer; nothing hides it."""
        self.stage.show_readout(tuple(lines))

    def show_caption(self, lines: tuple[str, ...]) -> None:
        """Print settings onto the picture, or take them off."""
        self.stage.show_caption(tuple(lines))

    def show_pointer(self, point: tuple[float, float] | None) -> None:
        """Show where the pointer is in another view, or nothing."""
        self.stage.pointer.show_point(point)

    def show_endpoints(self, points: np.ndarray | None, racer_style: int = 0) -> None:
        """Show where many seeds of a racer end, (n, 2), or nothing."""
        self.stage.endpoints.show_endpoints(points, racer_style)

    def show_floors(self, rings: Sequence[FloorRing]) -> None:
        """Show how far from the minimum theory expects racers in the long run."""
        self.stage.floors.show_rings(rings)

    def show_letters(self, letters: Sequence[Letter]) -> None:
        """Write letters beside minima, or none."""
        self.stage.show_letters(letters)

    def show_snapshots(self, marks: Sequence[SnapshotMark]) -> None:
        """Mark where cycles ended."""
        self.stage.show_snapshots(marks)

    def _hold(self) -> None:
        """Paint nothing until the race that belongs to the new scene is there, or a moment passed.

        So the start is painted together with the paths that follow it.
        """
        if not self._held.isActive():
            self.stage.hold()
            self._held.start()

    def _release(self) -> None:
        """Paint again."""
        self._held.stop()
        self.stage.release()

    def event(self, event: QEvent) -> bool:
        # A tooltip over the whole stage would cover what people came to see.
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            if not self._hand.is_over_start(QPointF(event.pos())):
                event.ignore()
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.stage.setGeometry(self.rect())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # A ring for whoever came by the keyboard; a click on the stage needs none.
        self.stage.focus_ring.setVisible(event.reason() in _BY_KEYBOARD)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.stage.focus_ring.setVisible(False)
