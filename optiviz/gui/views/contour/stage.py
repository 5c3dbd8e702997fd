"""The stage's canvas: one pyqtgraph view, and the layers that make up the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QGraphicsView, QWidget

from optiviz.gui.stage.cards import Card, FocusRing, Formula, Note
from optiviz.gui.stage.endpoints import StageEndpoints
from optiviz.gui.stage.heads import Heads
from optiviz.gui.stage.labels import arrange_labels
from optiviz.gui.stage.letters import StageLetters
from optiviz.gui.stage.marks import Places, Ticks
from optiviz.gui.stage.pointer import Pointer
from optiviz.gui.stage.scale_bar import ScaleBar
from optiviz.gui.stage.snapshots import StageSnapshots
from optiviz.gui.stage.start_handle import StartHandle
from optiviz.gui.stage.surface_layer import SurfaceLayer
from optiviz.gui.stage.trails import Trails
from optiviz.gui.theme import Look
from optiviz.gui.views.contour.chance import StageChance

if TYPE_CHECKING:
    from optiviz.gui.drawing.projection import Projection


_WHOLE = QGraphicsView.ViewportUpdateMode.FullViewportUpdate
_LATER = QGraphicsView.ViewportUpdateMode.NoViewportUpdate


class Stage(pg.GraphicsView):
    """All layers, from the surface up to the texts, and the room that each leaves to others.

    The layers lie in pixels, since they keep pictures of themselves.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, background=None)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # The layers cover the stage: which parts of it changed is not worth finding out.
        self.setViewportUpdateMode(_WHOLE)
        self._look = Look()
        self.surface = SurfaceLayer(-10.0)
        self.trails = Trails(10.0)
        self.places = Places(20.0)
        self.ticks = Ticks(30.0)
        self.scale_bar = ScaleBar(30.0)
        self.formula = Formula(30.0)
        self.start_handle = StartHandle(40.0)
        self.pointer = Pointer(45.0)
        self.heads = Heads(50.0)
        self.readout = Card(60.0, side="right")
        self.caption = Card(60.0, side="left", size=0.9)
        self.note = Note(60.0, "axes stretched")
        self.focus_ring = FocusRing(70.0)
        self.chance = StageChance(self.arrange)
        self.endpoints = StageEndpoints(15.0)
        self.letters = StageLetters(22.0)
        self.snapshots = StageSnapshots(24.0)
        self._layers = (
            self.surface,
            self.trails,
            self.places,
            self.ticks,
            self.scale_bar,
            self.formula,
            self.start_handle,
            self.pointer,
            self.heads,
            self.readout,
            self.caption,
            self.note,
            self.focus_ring,
            *self.chance.layers,
            self.endpoints,
            self.letters,
            self.snapshots,
        )
        self.note.setVisible(False)
        self.focus_ring.setVisible(False)
        for layer in self._layers:
            self.scene().addItem(layer)

    def hold(self) -> None:
        """Do not paint what changes, until it is released."""
        self.setViewportUpdateMode(_LATER)

    def release(self) -> None:
        """Paint what has changed since."""
        if self.viewportUpdateMode() == _LATER:
            self.setViewportUpdateMode(_WHOLE)
            self.viewport().update()

    def show_projection(self, seen: Projection) -> None:
        """Show what is visible now, on all layers."""
        for layer in self._layers:
            layer.show_projection(seen)
        self.chance.show_legend()
        self.arrange()

    def show_look(self, look: Look) -> None:
        """Show all layers in this theme and scale."""
        self._look = look
        for layer in self._layers:
            layer.show_look(look)
        self.chance.show_legend()
        self.arrange()

    def arrange(self) -> None:
        """Let the layers make room for each other."""
        px, formula = self._look.px, self.formula.room
        self.ticks.show_avoid(formula)
        below = formula.bottom() + px(10.0) if formula.isValid() else px(14.0)
        self.note.show_top(below)
        bottom = self.ticks.bottom_room + px(10.0)
        for card in (self.readout, self.caption):
            card.show_margins(self.ticks.left_room + px(8.0), bottom)
        left, top = self.ticks.left_room + px(12.0), max(formula.bottom(), 0.0) + px(18.0)
        edge = self.surface.boundingRect().adjusted(left, top, -px(16.0), -bottom - px(4.0))
        self.start_handle.show_edge(edge)
        self.heads.show_edge(edge)
        self._place_legend(below, bottom)
        rooms = (formula, self.scale_bar.room, self.start_handle.word_room, self.chance.room)
        taken = [room for room in rooms if room.isValid()]
        labels = arrange_labels(self.places, self.letters, self.snapshots, taken)
        self.heads.show_avoid(*labels)

    def _place_legend(self, top: float, bottom: float) -> None:
        """Put the legend where it covers neither the start nor the settings."""
        px, legend, lines = self._look.px, self.chance.legend, self.caption.room
        if lines.isValid():
            bottom = self.surface.projection.height - lines.top() + px(8.0)
        legend.show_margins(top, bottom)
        at, reach = self.start_handle.pixel, px(26.0)
        start = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        legend.show_clear(start.united(self.start_handle.word_room))
