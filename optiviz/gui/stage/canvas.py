"""What every stage's canvas is: one pyqtgraph view, and the layers that both of them have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsView, QWidget

from optiviz.gui.stage.cards import Card, FocusRing, Formula
from optiviz.gui.stage.endpoints import StageEndpoints
from optiviz.gui.stage.floor_rings import FloorRings
from optiviz.gui.stage.letters import StageLetters
from optiviz.gui.stage.marks import CriticalPoints
from optiviz.gui.stage.pointer import Pointer
from optiviz.gui.stage.scale_bar import ScaleBar
from optiviz.gui.stage.snapshots import StageSnapshots
from optiviz.gui.stage.start_handle import StartHandle
from optiviz.gui.theme.palette import Look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.gui.drawing.layer import Layer
    from optiviz.gui.stage.letters import Letter
    from optiviz.gui.stage.snapshots import SnapshotMark

_WHOLE = QGraphicsView.ViewportUpdateMode.FullViewportUpdate
_LATER = QGraphicsView.ViewportUpdateMode.NoViewportUpdate


class Canvas(pg.GraphicsView):
    """Layers that lie in pixels, since they keep pictures of themselves.

    Subclasses add their own below, between and above these, by depth, and see to it in
    ``arrange`` that layers make room for each other.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, background=None)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("What is written on the stage")
        # The layers cover the stage: which parts of it changed is not worth finding out.
        self.setViewportUpdateMode(_WHOLE)
        self._look = Look()
        self.endpoints = StageEndpoints(15.0)
        self.floors = FloorRings(18.0)
        self.places = CriticalPoints(20.0)
        self.letters = StageLetters(22.0)
        self.snapshots = StageSnapshots(24.0)
        self.scale_bar = ScaleBar(30.0)
        self.formula = Formula(30.0)
        self.start_handle = StartHandle(40.0)
        self.pointer = Pointer(45.0)
        self.readout = Card(60.0, side="right")
        self.caption = Card(60.0, side="left", size=0.9)
        self.focus_ring = FocusRing(70.0)
        self.focus_ring.setVisible(False)
        self._layers: tuple[Layer, ...] = ()
        self._add(
            self.endpoints,
            self.floors,
            self.places,
            self.letters,
            self.snapshots,
            self.scale_bar,
            self.formula,
            self.start_handle,
            self.pointer,
            self.readout,
            self.caption,
            self.focus_ring,
        )

    def _add(self, *layers: Layer) -> None:
        """Put layers onto the canvas; of equal depth, the later one lies above."""
        self._layers += layers
        for layer in layers:
            self.scene().addItem(layer)

    def hold(self) -> None:
        """Do not paint what changes, until it is released."""
        self.setViewportUpdateMode(_LATER)

    def release(self) -> None:
        """Paint what has changed since."""
        if self.viewportUpdateMode() == _LATER:
            self.setViewportUpdateMode(_WHOLE)
            self.viewport().update()

    def show_look(self, look: Look) -> None:
        """Show all layers in this theme and scale."""
        self._look = look
        for layer in self._layers:
            layer.show_look(look)
        self.arrange()

    def show_readout(self, lines: tuple[str, ...]) -> None:
        """Show what is told about the point under the pointer; nothing hides it."""
        self.readout.show_lines(lines)
        self.describe()

    def show_caption(self, lines: tuple[str, ...]) -> None:
        """Print settings onto the picture, or take them off."""
        self.caption.show_lines(lines)
        self.describe()

    def show_letters(self, letters: Sequence[Letter]) -> None:
        """Write letters beside minima, or none; the other texts make room."""
        self.letters.show_letters(letters)
        self.arrange()

    def show_snapshots(self, marks: Sequence[SnapshotMark]) -> None:
        """Mark where cycles ended; the other texts make room."""
        if tuple(marks) != self.snapshots.marks:
            self.snapshots.show_marks(marks)
            self.arrange()

    def words(self) -> list[str]:
        """List what is written on the stage besides numbers at the axes and names of racers."""
        letters = [letter.text for letter in self.letters.letters]
        return [*self.caption.lines, *letters, *self.readout.lines]

    def describe(self) -> None:
        """Tell assistive tools what is written on the stage, which they cannot see."""
        self.setAccessibleDescription("; ".join(self.words()))

    def arrange(self) -> None:
        """Let the layers make room for each other, and say what is written on them."""
        raise NotImplementedError
