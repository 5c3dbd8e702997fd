"""What the contour and the 3D view have in common: both are stages on which the race is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from optiviz.gui.views.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from PySide6.QtGui import QPixmap

    from optiviz.gui.stage.letters import Letter
    from optiviz.gui.stage.snapshots import SnapshotMark


class StageView(View):
    """A stage: the surface with the racers on it.

    Signals:
        start_dragged(x, y): the start should go there; start_drag_finished(): it was let go.
        pointer_moved(x, y), pointer_left(): where the pointer is, in data coordinates.
        head_hovered(index): the pointer came over a racer's marker, or left it (-1).
    """

    start_dragged = Signal(float, float)
    start_drag_finished = Signal()
    pointer_moved = Signal(float, float)
    pointer_left = Signal()
    head_hovered = Signal(int)

    def units(self) -> tuple[float, float]:
        """How much of x and of y one pixel is: so finely a hand can put the start."""
        return 0.0, 0.0

    def show_locked(self, on: bool) -> None:
        """Keep the scene from accidents."""

    def show_stretch(self, on: bool) -> None:
        """Let the axes have scales of their own; or keep them equal."""

    def show_formula(self, pixmap: QPixmap | None) -> None:
        """Show the surface's typeset formula, or none."""

    def show_readout(self, lines: tuple[str, ...]) -> None:
        """Show what is told about the point under the pointer; nothing hides it."""

    def show_caption(self, lines: tuple[str, ...]) -> None:
        """Print settings onto the picture, or take them off."""

    def show_pointer(self, point: tuple[float, float] | None) -> None:
        """Show where the pointer is in another view, or nothing."""

    def show_endpoints(self, points: np.ndarray | None, racer_style: int = 0) -> None:
        """Show where many seeds of a racer end, (n, 2), or nothing."""

    def show_letters(self, letters: Sequence[Letter]) -> None:
        """Write letters beside minima, or none."""

    def show_snapshots(self, marks: Sequence[SnapshotMark]) -> None:
        """SnapshotMark where cycles ended."""
