"""The stages: the contour, the 3D view once it is wanted, and what both of them show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optiviz.gui.widgets.rows import put_into

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QBoxLayout

    from optiviz.gui.stage.floor_rings import FloorRing
    from optiviz.gui.stage.letters import Letter
    from optiviz.gui.stage.snapshots import SnapshotMark
    from optiviz.gui.state.view_mode import ViewMode
    from optiviz.gui.views.stage_view import StageView


class Stages(QObject):
    """Lays the stage's views out, and shows them all the same; who comes late catches up.

    Signal: ``added(view)``: there is another view, whose wishes are to be heard.

    Attributes:
        layout: where the views are, one beside the other, below the 3D view's bar.
        views: the views that there are, seen or not; the contour first.
    """

    added = Signal(object)

    def __init__(self, contour: StageView, parent: QObject) -> None:
        super().__init__(parent)
        self.views: tuple[StageView, ...] = (contour,)
        self._bar: QWidget | None = None
        self._view_mode: ViewMode = "contour"
        self._draws_surface = True
        self._formula: QPixmap | None = None
        self._told: dict[str, tuple[object, ...]] = {}
        self.layout = QVBoxLayout()
        self.layout.setSpacing(0)
        self._row = QHBoxLayout()
        self._row.setSpacing(2)

    def lay_into(self, row: QBoxLayout) -> None:
        """Take the room in a row of the window that its other widgets leave."""
        put_into(row, self.layout, 1)
        put_into(self.layout, self._row, 1)
        self._row.addWidget(self.views[0], 1)

    @property
    def view_mode(self) -> ViewMode:
        """Which views are seen."""
        return self._view_mode

    @property
    def shows_contour(self) -> bool:
        """Whether the contour is among them."""
        return self._view_mode != "3d"

    @property
    def shows_surface(self) -> bool:
        """Whether the 3D view is among them."""
        return self._view_mode != "contour"

    @property
    def front(self) -> StageView:
        """The view that the keyboard goes to."""
        return self.views[-1] if self._view_mode == "3d" else self.views[0]

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """The bar, where there is one, and the views, as they are read."""
        return self.views if self._bar is None else (self._bar, *self.views)

    @property
    def place(self) -> QRect:
        """Where the views are that are seen, all together."""
        return self._row.geometry()

    def add(self, view: StageView, bar: QWidget) -> None:
        """Take in the 3D view and the bar above it, not seen yet, and show it what all show."""
        for widget in (view, bar):
            widget.hide()
        self._bar = bar
        self.layout.insertWidget(0, bar)
        self._row.addWidget(view, 1)
        self.views = (*self.views, view)
        for name, arguments in self._told.items():
            getattr(view, name)(*arguments)
        self.added.emit(view)

    def show_view_mode(self, view_mode: ViewMode) -> None:
        """Show the contour, the 3D view, or both; the keyboard goes to one that is seen."""
        held = any(view.hasFocus() for view in self.views)
        self._view_mode = view_mode
        seen = (self.shows_contour, self.shows_surface)
        # What goes away goes first, so that there is never more than there is room for.
        for view, shown in sorted(zip(self.views, seen, strict=False), key=lambda each: each[1]):
            view.setVisible(shown)
        if self._bar is not None:
            self._bar.setVisible(self.shows_surface)
        self.layout.activate()
        self.show_formula(self._formula)
        if held and not any(view.hasFocus() for view in self.views):
            self.front.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_missing(self) -> None:
        """Show what one view tells for both on the contour: the 3D view has no OpenGL."""
        self._draws_surface = False
        self.show_formula(self._formula)

    def show_stretch(self, on: bool) -> None:
        """Let the axes have scales of their own; or keep them equal."""
        self._show("show_stretch", on)

    def show_formula(self, pixmap: QPixmap | None) -> None:
        """Show the surface's typeset formula, or none.

        Once, where both views are seen: on the 3D view, where no lines cross it.
        """
        self._formula = pixmap
        there = self.shows_surface and self._draws_surface
        shown = self.views[-1] if there else self.views[0]
        for view in self.views:
            view.show_formula(pixmap if view is shown else None)

    def show_caption(self, lines: tuple[str, ...]) -> None:
        """Print settings onto the picture, or take them off."""
        self._show("show_caption", lines)

    def show_endpoints(self, points: np.ndarray | None, racer_style: int = 0) -> None:
        """Show where many seeds of a racer end, (n, 2), or nothing."""
        self._show("show_endpoints", points, racer_style)

    def show_floors(self, rings: Sequence[FloorRing]) -> None:
        """Show how far from the minimum theory expects racers in the long run."""
        self._show("show_floors", rings)

    def show_letters(self, letters: Sequence[Letter]) -> None:
        """Write letters beside minima, or none."""
        self._show("show_letters", letters)

    def show_snapshots(self, marks: Sequence[SnapshotMark]) -> None:
        """Mark where cycles ended."""
        self._show("show_snapshots", marks)

    def _show(self, name: str, *arguments: object) -> None:
        self._told[name] = arguments
        for view in self.views:
            getattr(view, name)(*arguments)
