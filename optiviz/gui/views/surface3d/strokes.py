"""A racer's path as lines that lie on the surface, as they are seen. Nothing here paints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optiviz.gui.drawing.outline import moving, outline_of, pairs, straightened
from optiviz.gui.drawing.strokes import NOTHING, Strokes, clipped

if TYPE_CHECKING:
    from optiviz.gui.drawing.projection import Projection
    from optiviz.gui.views.surface3d.projection import SurfaceProjection

Array = np.ndarray

_PIECE = 3.0  # pixels; shorter pieces of a line on a slope look no rounder
_MOST_PIECES = 100  # of one line
_MOST_LINES = 4000
_STRAIGHT = 0.15  # pixels
_CELL = 0.5  # pixels; moves that stay inside one cell do not show
_FAR = 1e6
#: What is hidden and what is seen lie as far apart as this, so that no straight line joins them.
_APART = 1e4


@dataclass(frozen=True, eq=False)
class Draped:
    """A path's lines on the surface, and which of them a hill hides, (n,) bool."""

    strokes: Strokes
    behind: Array

    def part(self, strokes: Strokes, *, behind: bool) -> Strokes:
        """Of these strokes, or dashes cut from them, those that are hidden or those that show."""
        if not len(strokes):
            return strokes
        middle = strokes.reach.mean(axis=1)
        line = np.searchsorted(self.strokes.reach[:, 0], middle, "right") - 1
        kept = self.behind[np.maximum(line, 0)] == behind
        return strokes if kept.all() else Strokes(strokes.lines[kept], strokes.reach[kept])


def look_through(path: Array, plan: Projection, sharpness: float) -> None:
    """Find and keep the outline of a long path (n, 2), for whoever lays it on the surface."""
    outline_of(path, plan, sharpness)


def draped(path: Array, seen: SurfaceProjection, sharpness: float = 1.0) -> Draped:
    """Lay a path (n, 2) in data coordinates on the surface.

    Lines are cut at the edge of the mesh and bent where the surface bends.
    """
    outline = outline_of(path, seen.plan, sharpness)
    lines = np.hstack([path[outline.first], path[outline.last]])
    reach = np.stack([outline.first, outline.last], axis=1).astype(float)
    lines, reach = _within(lines, reach, seen)
    if not len(lines):
        return Draped(NOTHING, np.zeros(0, dtype=bool))
    lines, reach = _bent(lines, reach, seen)
    if not outline.crowded and _is_one_way(lines, reach):
        points = np.vstack([lines[:, :2], lines[-1:, 2:]])
        pixels, hidden = _seen(points, seen)
        steps = np.append(reach[:, 0], reach[-1, 1])
        return _straightened(pixels, steps, hidden, sharpness)
    (begin, hidden), (end, hidden_too) = _seen(lines[:, :2], seen), _seen(lines[:, 2:], seen)
    return Draped(Strokes(np.hstack([begin, end]), reach), hidden & hidden_too)


def _is_one_way(lines: Array, reach: Array) -> bool:
    """Say whether each line (n, 4) goes on from the one before."""
    if not (reach[1:, 0] == reach[:-1, 1]).all():
        return False
    return bool((lines[1:, :2] == lines[:-1, 2:]).all())


def _seen(points: Array, seen: SurfaceProjection) -> tuple[Array, Array]:
    """Where points (n, 2) of the surface are seen, and which of them a hill hides."""
    pixels, depths = seen.seen(seen.mesh.lifted(points))
    return pixels, seen.hidden(pixels, depths)


def _within(lines: Array, reach: Array, seen: SurfaceProjection) -> tuple[Array, Array]:
    """Cut lines (n, 4) to what the mesh covers."""
    box = (seen.x0, seen.y0, seen.x1, seen.y1)
    with np.errstate(over="ignore", invalid="ignore"):
        return clipped(np.clip(lines, -1e150, 1e150), reach, box)


def _bent(lines: Array, reach: Array, seen: SurfaceProjection) -> tuple[Array, Array]:
    """Cut lines (n, 4) into pieces no longer than a cell of the mesh, as far as that shows."""
    rows, columns = seen.mesh.shape
    way = np.abs(lines[:, 2:] - lines[:, :2])
    cells = way * ((columns - 1) / (seen.x1 - seen.x0), (rows - 1) / (seen.y1 - seen.y0))
    length = np.hypot(way[:, 0] * seen.x_scale, way[:, 1] * seen.y_scale) / _PIECE
    wanted = np.minimum(cells.max(axis=1), length)
    most = max(1, min(_MOST_PIECES, 4 * _MOST_LINES // len(lines)))
    pieces = np.clip(np.ceil(wanted), 1, most).astype(np.intp)
    if (pieces == 1).all():
        return lines, reach
    line = np.repeat(np.arange(len(lines)), pieces)
    first = np.concatenate([[0], np.cumsum(pieces)[:-1]])
    count = pieces[line]
    at = np.arange(len(line)) - first[line]
    ends = []
    for turn in (at, at + 1):
        share = (turn / count)[:, None]
        point = lines[line, :2] + share * (lines[line, 2:] - lines[line, :2])
        whole = turn == count  # exactly where the next line begins
        point[whole] = lines[line[whole], 2:]
        step = reach[line, 0] + share[:, 0] * (reach[line, 1] - reach[line, 0])
        step[whole] = reach[line[whole], 1]
        ends.append((point, step))
    (a, begin), (b, end) = ends
    return np.hstack([a, b]), np.stack([begin, end], axis=1)


def _straightened(points: Array, steps: Array, hidden: Array, sharpness: float) -> Draped:
    """Leave out points (n, 2) of a path that do not show."""
    cells = np.rint(np.clip(points, -_FAR, _FAR) * (sharpness / _CELL)).astype(np.int32)
    cells[:, 0] += np.where(hidden, np.int32(_APART), np.int32(0))
    kept = moving(pairs(cells))
    marked = np.column_stack([points, _APART * hidden])
    kept = kept[straightened(marked[kept], steps[kept], _STRAIGHT / sharpness)]
    points, steps, hidden = points[kept], steps[kept], hidden[kept]
    lines = np.hstack([points[:-1], points[1:]])
    reach = np.stack([steps[:-1], steps[1:]], axis=1)
    # A line that comes out from behind a hill shows.
    return Draped(Strokes(lines, reach), hidden[:-1] & hidden[1:])
