"""The racers' trails on the surface: those that show, and faintly those that a hill hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optiviz.gui.drawing.dashes import dashed, uncrowded
from optiviz.gui.drawing.strokes import NOTHING
from optiviz.gui.stage.trails import WIDTH, Trails
from optiviz.gui.theme.palette import RACER_STYLES
from optiviz.gui.views.surface3d.projection import SurfaceProjection
from optiviz.gui.views.surface3d.strokes import Draped, draped

if TYPE_CHECKING:
    import numpy as np
    from PySide6.QtGui import QPainter

_LINES_HIDDEN, _SIGNS_HIDDEN = 0.34, 0.55  # opacity of what a hill hides


def behind(opacity: float, *, lines: bool = False) -> float:
    """How much is seen of lines or signs behind a surface that is as thick as this."""
    least = _LINES_HIDDEN if lines else _SIGNS_HIDDEN
    return least + (1.0 - least) * (1.0 - opacity)


class DrapedPaths:
    """What was found out about paths from one point of view; two layers ask for each."""

    def __init__(self) -> None:
        self._seen: SurfaceProjection | None = None
        self._found: dict[tuple[int, float], tuple[np.ndarray, Draped]] = {}

    def get(self, path: np.ndarray, seen: SurfaceProjection, sharpness: float) -> Draped:
        """The lines of a path (n, 2)."""
        if seen is not self._seen:
            self._seen = seen
            self._found.clear()
        key = (id(path), sharpness)
        found = self._found.get(key)
        if found is None or found[0] is not path:
            if len(self._found) > 64:  # many races, seen from one place
                self._found.clear()
            found = self._found[key] = (path, draped(path, seen, sharpness))
        return found[1]


class SurfaceTrails(Trails):
    """Trails of which only those lines are drawn that a hill hides, or only the others."""

    def __init__(self, depth: float, paths: DrapedPaths, *, behind: bool) -> None:
        super().__init__(depth)
        self._paths = paths
        self._behind = behind

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the pictures kept; where nothing is hidden there is no picture of it."""
        if not isinstance(self.projection, SurfaceProjection):
            return
        if self._behind and sharpness == self._sharpness:
            if self._solid is None:
                self._measure()
            if not self._ghosts and not any(map(len, self._solid or ())):
                return
        super().draw(painter, sharpness)

    def _draped(self, path: np.ndarray) -> Draped:
        assert isinstance(self.projection, SurfaceProjection)
        return self._paths.get(path, self.projection, self._sharpness)

    def _measure(self) -> None:
        width = self.look.px(WIDTH)
        self._solid, self._dashed = [], []
        for trail in self._trails:
            if not trail.shown:
                self._solid.append(NOTHING)
                self._dashed.append(NOTHING)
                continue
            whole = self._draped(trail.path)
            pattern = [part * width for part in RACER_STYLES[trail.style].dash]
            cut = dashed(uncrowded(whole.strokes, pattern), pattern)
            self._solid.append(whole.part(whole.strokes, behind=self._behind))
            self._dashed.append(whole.part(cut, behind=self._behind))

    def _ghost_lines(self, path: np.ndarray) -> np.ndarray:
        whole = self._draped(path)
        return whole.part(whole.strokes, behind=self._behind).lines
