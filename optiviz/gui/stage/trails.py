"""The racers' trails, kept as pictures to which playing only adds what is new."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPainter, QPixmap

from optiviz.gui.drawing.dashes import dashed, uncrowded
from optiviz.gui.drawing.layer import Layer, blank
from optiviz.gui.drawing.line_painter import line_pen, paint_lines, paint_trail
from optiviz.gui.drawing.strokes import NOTHING, Strokes, Viewport, strokes
from optiviz.gui.theme.palette import RACER_STYLES
from optiviz.gui.theme.stylesheet import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

WIDTH = 3.0  # pixels at scale 1
HALO = 1.6  # on each side
_AHEAD_WIDTH = 1.5
_GHOST_WIDTH = 1.4
# How much of their colour is left; the past must not outshine what lies ahead.
_AHEAD_SHARE, _GHOST_SHARE = 0.52, 0.27
_MOST_LINES = 6000  # for all racers together
_MOST_FOR_ONE = 4000
_OVERLAP = 1e-3  # steps
_DENSE = 1000  # lines of all racers
_MOST_ADDED = 60  # lines; putting more below what is there takes longer than drawing anew


@dataclass(frozen=True, eq=False)
class Trail:
    """One racer's path (n, 2), its racer's style (an index), and whether it shows."""

    path: np.ndarray
    style: int
    shown: bool = True


class Trails(Layer):
    """Haloed trails up to the playhead, and faintly what lies ahead of it.

    All halos lie below all colours. Where trails cross, the later racer of the list lies on top;
    but while the race plays only new steps are drawn, over all older ones. Drawn whole at rest
    (:meth:`show_settled`), the racers lie in their order again.
    """

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._trails: tuple[Trail, ...] = ()
        self._ghosts: tuple[Trail, ...] = ()
        self._position = 0.0
        self._drawn = 0.0  # the playhead up to which the picture below is drawn
        self._picture: QPixmap | None = None
        self._faint: QPixmap | None = None  # the paths ahead
        self._faint_from = math.inf  # the playhead from which they are drawn there
        self._ghosted: QPixmap | None = None  # the ghosts: they stay during a drag
        self._solid: list[Strokes] | None = None
        self._dashed: list[Strokes] = []
        self._sharpness = 1.0
        self._fresh = True  # these trails have not been drawn yet
        self._passing = False  # the camera moves
        self._rough = False  # the last picture was drawn with rough halos
        self._pieced = False  # drawn in pieces: later steps lie over earlier ones of other racers

    def show_trails(self, trails: Sequence[Trail]) -> None:
        """Show these trails instead of the last."""
        self._trails = tuple(trails)
        self._forget_trails()
        self.update()

    def show_shown(self, shown: Sequence[bool]) -> None:
        """Show some of the trails and not the others."""
        now = tuple(replace(trail, shown=on) for trail, on in zip(self._trails, shown, strict=True))
        if any(a.shown != b.shown for a, b in zip(now, self._trails, strict=True)):
            self.show_trails(now)

    def show_passing(self, on: bool) -> None:
        """Say whether the camera moves: then each picture is shown once, and none is kept."""
        self._passing = on

    def show_ghosts(self, ghosts: Sequence[Trail]) -> None:
        """Show paths as they were before a change, pale and below the trails."""
        self._ghosts = tuple(ghosts)
        self._ghosted = None
        self.update()

    def show_position(self, position: float) -> None:
        """Show the trails up to the playhead."""
        if position != self._position:
            self._position = position
            self.update()

    def changed(self) -> None:
        """Forget the pictures kept."""
        self._forget()
        super().changed()

    def _forget(self) -> None:
        self._ghosted = None
        self._forget_trails()

    def _forget_trails(self) -> None:
        self._solid = self._picture = self._faint = None
        self._faint_from = math.inf
        self._fresh = True

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the pictures kept, after adding what is new."""
        if sharpness != self._sharpness:
            self._sharpness = sharpness
            self._forget()
        if self._solid is None:
            self._measure()
        if self._ghosted is None and self._ghosts:
            self._ghosted = self._drawn_ghosts()
        if self._fresh and (self._ghosts or self._passing):
            # During a drag each race is shown once: a picture of it would not be used again.
            self._fresh = False
            self._draw_at_once(painter)
            return
        self._rough = False
        if self._position < self._faint_from:
            self._faint = self._drawn_faint()
            self._faint_from = self._position
        if self._picture is None:
            self._picture = blank(self.projection, sharpness)
            self._drawn = 0.0
        elif self._position < self._drawn:
            self._picture.fill(QColor(0, 0, 0, 0))
            self._drawn = 0.0
        if self._position > self._drawn:
            new = [solid.between(self._drawn, self._position) for solid in self._solid or ()]
            if self._drawn > 0.0 and sum(map(len, new)) > _MOST_ADDED:
                self._picture.fill(QColor(0, 0, 0, 0))
                self._drawn = 0.0
            self._pieced = self._drawn > 0.0
            self._draw_trails(self._picture, self._drawn, self._position)
            self._drawn = self._position
        for picture in (self._ghosted, self._faint, self._picture):
            if picture is not None:
                painter.drawPixmap(0, 0, picture)

    def _draw_at_once(self, painter: QPainter) -> None:
        """Draw what the pictures would show, without them."""
        if self._ghosted is not None:
            painter.drawPixmap(0, 0, self._ghosted)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ahead(painter)
        lines = sum(map(len, self._solid or ()))
        # Antialiased halos take most of the time where trails are dense. While something moves
        # the difference does not show, so they are drawn without, and smoothed at rest.
        self._rough = lines > _DENSE
        self._paint_trails(painter, 0.0, self._position, rough=self._rough)
        painter.restore()

    def show_settled(self) -> None:
        """Draw whole and smooth what was drawn in pieces, or roughly, while something moved.

        So a scene gives the same picture whichever way one came to it.
        """
        if self._pieced:
            self._pieced, self._picture = False, None
            self.update()
        elif self._rough:
            self.update()

    def _measure(self) -> None:
        width, viewport = self.look.px(WIDTH), self.viewport()
        self._solid = [
            strokes(trail.path, viewport) if trail.shown else NOTHING for trail in self._trails
        ]
        self._dashed = []
        for trail, solid in zip(self._trails, self._solid, strict=True):
            pattern = [part * width for part in RACER_STYLES[trail.style].dash]
            self._dashed.append(dashed(uncrowded(solid, pattern), pattern))

    def viewport(self) -> Viewport:
        """How the paths are looked at now."""
        margin = 2 * self.look.px(WIDTH)
        return Viewport(self.projection, margin, self._sharpness, self._most_lines())

    def _most_lines(self) -> int:
        """Share the lines among the racers; a power of two, so that one more changes little."""
        visible = sum(trail.shown for trail in self._trails)
        return min(_MOST_LINES >> max(visible - 1, 0).bit_length(), _MOST_FOR_ONE)

    def _drawn_faint(self) -> QPixmap | None:
        """Draw what lies ahead of the playhead; what lies behind is covered by the trails."""
        if all(len(solid.between(self._position, math.inf)) == 0 for solid in self._solid or ()):
            return None
        picture = blank(self.projection, self._sharpness)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ahead(painter)
        painter.end()
        return picture

    def _paint_ahead(self, painter: QPainter) -> None:
        theme, look = self.look.theme, self.look
        for trail, solid in zip(self._trails, self._solid or (), strict=True):
            color = QColor(mixed(theme.surface[2], look.color(trail.style), _AHEAD_SHARE))
            ahead = solid.between(self._position, math.inf)
            paint_lines(painter, ahead, line_pen(color, look.px(_AHEAD_WIDTH)))

    def _drawn_ghosts(self) -> QPixmap:
        theme, look = self.look.theme, self.look
        picture = blank(self.projection, self._sharpness)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        muted = line_pen(
            QColor(mixed(theme.surface[2], theme.ink, _GHOST_SHARE)), look.px(_GHOST_WIDTH)
        )
        for ghost in self._ghosts:
            if ghost.shown:
                paint_lines(painter, self._ghost_lines(ghost.path), muted)
        painter.end()
        return picture

    def _ghost_lines(self, path: np.ndarray) -> np.ndarray:
        return strokes(path, self.viewport()).lines

    def _draw_trails(self, picture: QPixmap, start: float, end: float) -> None:
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_trails(painter, start, end)
        painter.end()

    def _paint_trails(
        self, painter: QPainter, start: float, end: float, *, rough: bool = False
    ) -> None:
        look = self.look
        if start > 0.0:
            # New halos go below the colours that are there already.
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
        # A little of what is drawn already, so that a bend at the playhead gets its joint.
        start = max(0.0, start - _OVERLAP)
        halo, width = QColor(look.theme.halo), look.px(WIDTH)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not rough)
        for solid in self._solid or ():
            paint_trail(painter, solid.between(start, end), halo, width + 2 * look.px(HALO))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        for trail, pieces in zip(self._trails, self._dashed, strict=True):
            paint_trail(painter, pieces.between(start, end), look.color(trail.style), width)
