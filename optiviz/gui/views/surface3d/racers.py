"""The racers on the surface: trails, markers and names; faint what a hill hides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from optiviz.gui.stage.heads import Head, Heads
from optiviz.gui.stage.racers import ghosts_of, heads_of, shown_runs, trails_of
from optiviz.gui.views.surface3d.trails import DrapedPaths, SurfaceTrails, behind

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from optiviz.engine import Race
    from optiviz.gui.drawing.layer import Layer
    from optiviz.gui.views.surface3d.projection import SurfaceProjection
    from optiviz.scene import Scene


class SurfaceRacers:
    """Two layers of trails and two of heads: what shows, and what a hill hides.

    Attributes:
        trails, heads: what shows.
        hidden_trails, hidden_heads: what a hill hides.
    """

    def __init__(self) -> None:
        paths = DrapedPaths()
        self.hidden_trails = SurfaceTrails(5.0, paths, behind=True)
        self.trails = SurfaceTrails(10.0, paths, behind=False)
        self.hidden_heads = Heads(49.0)
        self.heads = Heads(50.0, below=self.hidden_heads)
        self.show_opacity(1.0)
        self._all: tuple[Head, ...] = ()
        self._hidden: tuple[bool, ...] = ()
        self._styles: tuple[int, ...] = ()
        self._position = 0.0
        self._seen: SurfaceProjection | None = None

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All four."""
        return (self.hidden_trails, self.trails, self.hidden_heads, self.heads)

    def show_opacity(self, opacity: float) -> None:
        """Show what lies behind a surface that is as thick as this."""
        self.hidden_trails.setOpacity(behind(opacity, lines=True))
        self.hidden_heads.setOpacity(behind(opacity))

    def show_passing(self, on: bool) -> None:
        """Say whether the camera moves: then the pictures of what shows are not kept."""
        self.trails.show_passing(on)

    def show_race(self, race: Race, scene: Scene, *, fresh: bool) -> None:
        """Give each run the style and name of its racer; compute again only what changed."""
        styles = tuple(racer.style for racer in scene.racers[: len(race.runs)])
        for trails in (self.trails, self.hidden_trails):
            if fresh or styles != self._styles:
                trails.show_trails(trails_of(race, scene))
            else:
                trails.show_shown(shown_runs(race, scene))
        self._styles = styles
        self._all = tuple(heads_of(race, scene))
        self._part(anew=True)

    def show_ghost(self, race: Race | None, scene: Scene | None) -> None:
        """Show the paths as they were before the change under way, or take them away."""
        ghosts = ghosts_of(race, scene)
        self.trails.show_ghosts(ghosts)
        self.hidden_trails.show_ghosts(ghosts)

    def show_position(self, position: float) -> None:
        """Show the playhead."""
        self._position = position
        self._part(anew=False)
        for layer in (self.trails, self.hidden_trails, self.heads, self.hidden_heads):
            layer.show_position(position)

    def show_seen(self, seen: SurfaceProjection) -> None:
        """Find out what a hill hides as the surface is seen now."""
        self._seen = seen
        self._part(anew=True)

    def show_settled(self) -> None:
        """Place names anew, wherever they stood while something moved."""
        for layer in (self.heads, self.hidden_heads, self.trails, self.hidden_trails):
            layer.show_settled()

    def nearest(self, at: QPointF, within: float) -> int:
        """Which racer's marker is nearest to a pixel; -1 if none is within that many pixels."""
        if self._seen is None:
            return -1
        found = self.heads.nearest(at, within)
        return found if found >= 0 else self.hidden_heads.nearest(at, within)

    def _part(self, *, anew: bool) -> None:
        seen = self._seen
        hidden = tuple(
            seen is not None and head.shown and seen.hides(*head.at(self._position))
            for head in self._all
        )
        if not anew and hidden == self._hidden:
            return
        self._hidden = hidden
        pairs = list(zip(self._all, hidden, strict=True))
        for layer, wanted in ((self.heads, False), (self.hidden_heads, True)):
            layer.show_heads(
                [replace(head, shown=head.shown and away == wanted) for head, away in pairs]
            )
