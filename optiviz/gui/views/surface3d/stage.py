"""The canvas of the 3D view: the surface's picture, and over it the layers that the contour has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from optiviz.gui.stage.arrange import arrange_labels
from optiviz.gui.stage.canvas import Canvas
from optiviz.gui.stage.marks import CriticalPoints
from optiviz.gui.views.surface3d.axes import SurfaceAxes
from optiviz.gui.views.surface3d.picture import SurfacePicture
from optiviz.gui.views.surface3d.projection import SurfaceProjection
from optiviz.gui.views.surface3d.racers import SurfaceRacers
from optiviz.gui.views.surface3d.trails import behind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from optiviz.engine.mesh import Mesh


class SurfaceCanvas(Canvas):
    """All layers, from the surface up to the texts. What a hill hides is on layers of its own."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.picture = SurfacePicture(-10.0)
        self.axes = SurfaceAxes(-5.0)
        self.racers = SurfaceRacers()
        self.hidden_places = CriticalPoints(19.0)
        self._add(self.picture, self.axes, *self.racers.layers, self.hidden_places)
        self.show_opacity(1.0)
        for layer in self._layers:
            layer.setVisible(layer is self.picture)

    @property
    def projection(self) -> SurfaceProjection | None:
        """How the surface is seen; ``None`` before the first picture."""
        seen = self.axes.projection
        return seen if isinstance(seen, SurfaceProjection) else None

    def show_opacity(self, opacity: float) -> None:
        """Show the surface as thick as this, and what it hides as faintly as that."""
        self.picture.show_opacity(opacity)
        self.racers.show_opacity(self.picture.thickness)
        self.hidden_places.setOpacity(behind(self.picture.thickness))

    def show_surface(
        self, mesh: Mesh, seen: SurfaceProjection, sharpness: float, *, moving: bool
    ) -> None:
        """Draw the surface anew, and show everything as it is seen from there.

        Raises:
            NoOpenGL: the surface cannot be drawn.
        """
        self.picture.show_projection(seen)
        depth = self.picture.render(mesh, seen, sharpness, moving=moving)
        seen = replace(seen, depth=depth)
        first = self.projection is None
        if first or self.projection.mesh is not mesh:  # type: ignore[union-attr]
            self.scale_bar.show_ticks(tuple(mesh.ticks))
        self.racers.show_passing(moving)
        for layer in self._layers:
            layer.show_projection(seen)
        if first:
            self._show_layers()
        self._part_places(mesh, seen)
        self.racers.show_seen(seen)
        self.show_start_hidden()
        self.arrange()

    def _show_layers(self) -> None:
        """Show what there was no place for as long as there was no surface."""
        for layer in self._layers:
            if layer not in (self.focus_ring, self.endpoints, self.snapshots):
                layer.setVisible(True)

    def show_position(self, position: float) -> None:
        """Show the playhead."""
        self.racers.show_position(position)
        self.snapshots.show_position(position)

    def show_start_hidden(self) -> None:
        """Show the start faintly where a hill hides it."""
        seen = self.projection
        if seen is not None:
            x, y = self.start_handle.pos()
            hidden = behind(self.picture.thickness)
            self.start_handle.setOpacity(hidden if seen.hides(x, y) else 1.0)

    def arrange(self) -> None:
        """Let the layers make room for each other, and say what is written on them."""
        px, formula = self._look.px, self.formula.room
        self.scale_bar.show_obstacles(formula)
        for card in (self.readout, self.caption):
            card.show_margins(px(14.0), px(14.0))
        top = max(formula.bottom(), 0.0) + px(18.0)
        edge = self.picture.boundingRect().adjusted(px(16.0), top, -px(16.0), -px(18.0))
        rooms = [one for one in (formula, self.scale_bar.room) if one.isValid()]
        self.axes.show_obstacles([QRectF(one) for one in rooms])
        self.start_handle.show_edge(edge)
        if self.projection is not None:
            rooms.append(self.start_handle.word_room)
        labels = arrange_labels(self.places, self.letters, self.snapshots, rooms)
        for heads in (self.racers.heads, self.racers.hidden_heads):
            heads.show_edge(edge)
            heads.show_obstacles(*labels)
        self.describe()

    def _part_places(self, mesh: Mesh, seen: SurfaceProjection) -> None:
        """Show minima and saddles, faintly where a hill hides them."""

        def parted(
            points: Sequence[tuple[float, float]], *, hidden: bool
        ) -> tuple[tuple[float, float], ...]:
            return tuple(point for point in points if seen.hides(*point) == hidden)

        test = () if mesh.test_minimum is None else (mesh.test_minimum,)
        for layer, hidden in ((self.places, False), (self.hidden_places, True)):
            tests = parted(test, hidden=hidden)
            layer.show_places(
                parted(mesh.minima, hidden=hidden),
                parted(mesh.saddles, hidden=hidden),
                tests[0] if tests else None,
            )
