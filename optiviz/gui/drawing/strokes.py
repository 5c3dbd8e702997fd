"""A racer's path as the lines that pixels can show: thinned and clipped.

Everything here is numpy; nothing paints. A path may bounce 100,000 pixels far, hold 100,000
steps, or reach 1e300: what comes out is a bounded number of short, finite lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optiviz.gui.drawing.identity_cache import IdentityCache
from optiviz.gui.drawing.outline import (
    distinct,
    moving,
    outline_of,
    pairs,
    sampled,
    straightened,
)

if TYPE_CHECKING:
    from optiviz.gui.drawing.projection import Projection

Array = np.ndarray

_CELL = 0.5  # pixels; moves that stay inside one cell do not show
_CROWDED_CELL = 2.0  # pixels; of a crowded path's lines between the same two cells, one is drawn
_STRAIGHT = 0.15  # pixels; a point this near to its neighbours' chord does not show
_LONGEST = 60.0  # pixels; where a crowded path's lines are longer on average, fewer are drawn
_FAR = 1e6  # pixels; farther out, cells are not told apart


@dataclass(frozen=True)
class Strokes:
    """Lines in pixels, and the playhead's position at both ends of each.

    Attributes:
        lines: (n, 4) x, y, x, y.
        reach: (n, 2) the steps at which the racer was at either end; rises along the path.
    """

    lines: Array
    reach: Array

    def __len__(self) -> int:
        return len(self.lines)

    def between(self, start: float, end: float) -> Array:
        """The lines that are drawn while the playhead moves from ``start`` to ``end``: (k, 4)."""
        first = int(np.searchsorted(self.reach[:, 1], start, "right"))
        last = int(np.searchsorted(self.reach[:, 0], end, "left"))
        cut = self.lines[first:last].copy()
        if len(cut):
            self._cut_end(cut[0], first, start, head=True)
            self._cut_end(cut[-1], last - 1, end, head=False)
        return cut

    def _cut_end(self, line: Array, index: int, position: float, *, head: bool) -> None:
        begin, stop = self.reach[index]
        if begin < position < stop:
            share = (position - begin) / (stop - begin)
            whole = self.lines[index]
            point = whole[:2] + share * (whole[2:] - whole[:2])
            if head:
                line[:2] = point
            else:
                line[2:] = point


NOTHING = Strokes(np.empty((0, 4)), np.empty((0, 2)))


@dataclass(frozen=True)
class Viewport:
    """How paths are looked at.

    Attributes:
        margin: how far outside the stage lines go on, in pixels.
        sharpness: device pixels in a pixel.
        most: a bound on the number of lines of a crowded path; a smooth one has twice as many at
            most, or it would have holes.
    """

    projection: Projection
    margin: float
    sharpness: float = 1.0
    most: int = 4000


_strokes: IdentityCache[dict[Viewport, Strokes]] = IdentityCache()


def strokes(path: Array, viewport: Viewport) -> Strokes:
    """The lines of a path (n, 2) in data coordinates that show on the stage.

    They are kept, for two viewports, as long as the path: a ghost was the race a moment ago.
    """
    kept = _strokes.get(path, dict)
    found = kept.get(viewport)
    if found is None:
        found = drawn_strokes(path, viewport)
        for other in tuple(kept)[:-1]:
            kept.pop(other, None)
        kept[viewport] = found
    return found


def drawn_strokes(path: Array, viewport: Viewport) -> Strokes:
    """Find the lines of a path (n, 2) anew."""
    projection, margin, sharpness = viewport.projection, viewport.margin, viewport.sharpness
    most = viewport.most
    outline = outline_of(path, projection, sharpness)
    first, last, crowded = outline.first, outline.last, outline.crowded
    if not crowded:
        steps = outline.steps
        pixels = projection.pixels(path if len(steps) == len(path) else path[steps])
        kept = moving(pairs(_cells(pixels, _CELL / sharpness)))
        kept = kept[straightened(pixels[kept], steps[kept], _STRAIGHT / sharpness)]
        pixels, steps = pixels[kept], steps[kept]
        first, last, crowded = steps[:-1], steps[1:], len(kept) > 2 * most
        lines = np.hstack([pixels[:-1], pixels[1:]])
    else:
        lines = np.hstack([projection.pixels(path[first]), projection.pixels(path[last])])
    reach = np.stack([first, last], axis=1).astype(float)
    box = (-margin, -margin, projection.width + margin, projection.height + margin)
    if crowded:
        lines, reach = _thinned(lines, reach, box, most)
    else:
        lines, reach = clipped(lines, reach, box)
    return Strokes(lines, reach)


def _thinned(
    lines: Array, reach: Array, box: tuple[float, float, float, float], most: int
) -> tuple[Array, Array]:
    """Leave out lines (n, 4) of a crowded path that lie on others, and cut the rest to a box."""
    if len(lines) > most:
        a, b = (pairs(_cells(lines[:, at : at + 2], _CROWDED_CELL)) for at in (0, 2))
        kept = distinct(a, b, most, 8 * most)
        lines, reach = lines[kept], reach[kept]
    lines, reach = clipped(lines, reach, box)
    if len(lines):
        mean = float(np.hypot(*(lines[:, 2:] - lines[:, :2]).T).mean())
        few = sampled(len(lines), int(most * min(1.0, _LONGEST / max(mean, 1.0))))
        lines, reach = lines[few], reach[few]
    return lines, reach


def _cells(pixels: Array, size: float) -> Array:
    return np.rint(np.clip(pixels, -_FAR, _FAR) * (1.0 / size)).astype(np.int32)


def clipped(
    lines: Array, reach: Array, box: tuple[float, float, float, float]
) -> tuple[Array, Array]:
    """Cut lines (n, 4) to a box (Liang and Barsky, 1984), and their reach (n, 2) alike."""
    left, top, right, bottom = box
    x0, y0, x1, y1 = lines.T
    low_x, high_x = np.minimum(x0, x1), np.maximum(x0, x1)
    low_y, high_y = np.minimum(y0, y1), np.maximum(y0, y1)
    outside = (high_x < left) | (low_x > right) | (high_y < top) | (low_y > bottom)
    beyond = (low_x < left) | (high_x > right) | (low_y < top) | (high_y > bottom)
    if outside.any():
        lines, reach, beyond = lines[~outside], reach[~outside], beyond[~outside]
    crossing = np.flatnonzero(beyond)
    if not len(crossing):
        return lines, reach
    start, along = lines[crossing, :2], lines[crossing, 2:] - lines[crossing, :2]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        low = (np.array([left, top]) - start) / along
        high = (np.array([right, bottom]) - start) / along
    # A line along an axis never crosses the two sides that it is parallel to.
    flat = along == 0.0
    enter = np.where(flat, -np.inf, np.minimum(low, high)).max(axis=1).clip(0.0, 1.0)
    leave = np.where(flat, np.inf, np.maximum(low, high)).min(axis=1).clip(0.0, 1.0)
    cut = np.hstack([start + enter[:, None] * along, start + leave[:, None] * along])
    # Two ends very far apart leave no digits for the point between them; the box still holds.
    cut = np.clip(cut, [left, top, left, top], [right, bottom, right, bottom])
    begin, step = reach[crossing, 0], reach[crossing, 1] - reach[crossing, 0]
    lines, reach = lines.copy(), reach.copy()
    lines[crossing] = cut
    reach[crossing] = np.stack([begin + enter * step, begin + leave * step], axis=1)
    keep = np.ones(len(lines), dtype=bool)
    keep[crossing] = enter < leave
    return lines[keep], reach[keep]
