"""The stage's canvas: one pyqtgraph view, and the layers that make up the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from optiviz.gui.stage.arrange import arrange_labels
from optiviz.gui.stage.canvas import Canvas
from optiviz.gui.stage.cards import Note
from optiviz.gui.stage.heads import Heads
from optiviz.gui.stage.marks import Ticks
from optiviz.gui.stage.surface_layer import SurfaceLayer
from optiviz.gui.stage.trails import Trails
from optiviz.gui.views.contour.chance import StageChance

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from optiviz.gui.drawing.projection import Projection
    from optiviz.gui.theme.palette import Look


class ContourCanvas(Canvas):
    """All layers, from the surface up to the texts, and the room that each leaves to others."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.surface = SurfaceLayer(-10.0)
        self.trails = Trails(10.0)
        self.ticks = Ticks(30.0)
        self.heads = Heads(50.0)
        self.note = Note(60.0, "axes stretched")
        self.note.setVisible(False)
        self.chance = StageChance(self.arrange)
        self._add(self.surface, self.trails, self.ticks, self.heads, self.note, *self.chance.layers)

    def show_projection(self, seen: Projection) -> None:
        """Show what is visible now, on all layers."""
        for layer in self._layers:
            layer.show_projection(seen)
        self.chance.show_legend()
        self.arrange()

    def show_look(self, look: Look) -> None:
        """Show all layers in this theme and scale, and the legend in its room."""
        super().show_look(look)
        self.chance.show_legend()
        self.arrange()

    def show_caption(self, lines: tuple[str, ...]) -> None:
        """Print settings onto the picture, or take them off; the legend makes room."""
        if lines != self.caption.lines:
            super().show_caption(lines)
            self.arrange()

    def arrange(self) -> None:
        """Let the layers make room for each other, and say what is written on them."""
        px, formula = self._look.px, self.formula.room
        self.ticks.show_obstacles(formula)
        self.scale_bar.show_obstacles(formula)
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
        self.heads.show_obstacles(*labels)
        self.describe()

    def words(self) -> list[str]:
        """List what is written on the stage, the legend of chance first."""
        return [
            *(entry.words for row in self.chance.legend.rows for entry in row),
            *super().words(),
        ]

    def _place_legend(self, top: float, bottom: float) -> None:
        """Put the legend where it covers neither the start nor the settings."""
        px, legend, lines = self._look.px, self.chance.legend, self.caption.room
        if lines.isValid():
            bottom = self.surface.projection.height - lines.top() + px(8.0)
        legend.show_margins(top, bottom)
        at, reach = self.start_handle.pixel, px(26.0)
        start = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        legend.show_clear(start.united(self.start_handle.word_room))
