"""A racer's path as the lines that pixels can show: thinned, clipped, cut into dashes.

Everything here is numpy on whole paths; nothing paints. A path may bounce 100,000 pixels far,
hold 100,000 steps, or reach 1e300: what comes out is a bounded number of short, finite lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.gui.views.projection import Projection

Array = np.ndarray

#: Dash pieces of one racer; a longer pattern is taken where a path would need more.
MOST_DASHES = 1500
_CELL = 0.5  # pixels; moves that stay inside one cell do not show
_STRAIGHT = 0.15  # pixels; a point this near to its neighbours' chord does not show
_PASSES = 4
_LONGEST = 60.0  # pixels; where a crowded path's lines are longer on average, fewer are drawn
_FAR = 1e6  # pixels; farther out, cells are not told apart
_SLOT_BITS = 18
_MIX = tuple(  # odd numbers without a pattern, to spread cells over slots
    np.uint64(number)
    for number in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F)
)


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


def strokes(
    path: Array, projection: Projection, *, margin: float, sharpness: float = 1.0, most: int = 4000
) -> Strokes:
    """The lines of a path (n, 2) in data coordinates that show on the stage.

    Args:
        margin: how far outside the stage lines go on, in pixels.
        sharpness: device pixels in a pixel.
        most: a bound on the number of lines.
    """
    pixels = projection.pixels(path)
    kept = moving(pixels, sharpness)
    crowded = len(kept) > 2 * most
    if crowded:
        pixels = pixels[kept]
        first = distinct(pixels, most)
    else:
        kept = straightened(pixels, kept, sharpness)
        pixels = pixels[kept]
        first = np.arange(len(kept) - 1)
    reach = np.stack([kept[first], kept[first + 1]], axis=1).astype(float)
    lines = np.hstack([pixels[first], pixels[first + 1]])
    box = (-margin, -margin, projection.width + margin, projection.height + margin)
    lines, reach = clipped(lines, reach, box)
    if crowded and len(lines):
        mean = float(np.hypot(*(lines[:, 2:] - lines[:, :2]).T).mean())
        most = int(most * min(1.0, _LONGEST / max(mean, 1.0)))
    if len(lines) > most:
        lines, reach = _evenly(lines, most), _evenly(reach, most)
    return Strokes(lines, reach)


def moving(pixels: Array, sharpness: float = 1.0) -> Array:
    """Indices of the points of a path (n, 2) between which a move shows; the ends are kept.

    Of a stay in one cell, a fraction of a pixel wide, the first and the last point remain: the
    last is where the racer leaves.
    """
    count = len(pixels)
    if count < 3:
        return np.arange(count)
    cells = _cells(pixels, _CELL / sharpness)
    moved = (cells[1:, 0] != cells[:-1, 0]) | (cells[1:, 1] != cells[:-1, 1])
    keep = np.ones(count, dtype=bool)
    keep[1:-1] = moved[:-1] | moved[1:]
    return np.flatnonzero(keep)


def straightened(pixels: Array, kept: Array, sharpness: float = 1.0) -> Array:
    """Leave out of ``kept`` the points of a path (n, 2) that lie on their neighbours' chord.

    A point is left out only if a racer that moved evenly between those neighbours would be
    within a fraction of a pixel of it *at that step*; so a trail still ends at its marker.
    """
    tolerance = _STRAIGHT / sharpness
    for _ in range(_PASSES):
        if len(kept) < 8:
            break
        points = pixels[kept]
        middle = np.arange(1, len(kept) - 1, 2)
        before, after = kept[middle - 1], kept[middle + 1]
        share = ((kept[middle] - before) / (after - before))[:, None]
        chord = points[middle - 1] + share * (points[middle + 1] - points[middle - 1])
        straight = (np.abs(chord - points[middle]) < tolerance).all(axis=1)
        if not straight.any():
            break
        kept = np.delete(kept, middle[straight])
    return kept


def distinct(points: Array, most: int) -> Array:
    """Of the lines from each point (n, 2) to the next, the first ones on other pixels.

    Cells grow until ``most`` lines remain, or so far that it would show; of what are still many
    more, some are taken evenly. Returns the indices of the lines' first points.
    """
    kept = np.arange(len(points) - 1)
    for cell in (2.0, 4.0, 6.0):
        if len(kept) <= most:
            break
        cells = _cells(points, cell).astype(np.uint64)
        mixed = cells[:, 0] * _MIX[0] ^ cells[:, 1] * _MIX[1]
        a, b = mixed[kept], mixed[kept + 1]
        # The same for both directions. Two lines in one slot by chance cost one of the two.
        slot = ((a + b) * _MIX[2] ^ a * b * _MIX[3]) >> np.uint64(64 - _SLOT_BITS)
        slot = slot.astype(np.intp)
        owner = np.empty(1 << _SLOT_BITS, dtype=np.intp)
        order = np.arange(len(kept))
        owner[slot[::-1]] = order[::-1]  # the last one written is the first line
        before, kept = len(kept), kept[owner[slot] == order]
        if len(kept) > 0.7 * before:
            break  # they are different lines indeed, and would be so in larger cells
    if len(kept) > 8 * most:
        kept = _evenly(kept, 8 * most)
    return kept


def _evenly(items: Array, count: int) -> Array:
    return items[np.linspace(0, len(items) - 1, count).astype(np.intp)]


def _cells(pixels: Array, size: float) -> Array:
    return np.rint(np.clip(pixels, -_FAR, _FAR) * (1.0 / size)).astype(np.int32)


def clipped(
    lines: Array, reach: Array, box: tuple[float, float, float, float]
) -> tuple[Array, Array]:
    """Cut lines (n, 4) to a box (Liang and Barsky, 1984), and their reach (n, 2) alike."""
    left, top, right, bottom = box
    xs, ys = lines[:, 0::2], lines[:, 1::2]
    outside = (
        (xs < left).all(axis=1)
        | (xs > right).all(axis=1)
        | (ys < top).all(axis=1)
        | (ys > bottom).all(axis=1)
    )
    if outside.any():
        lines, reach = lines[~outside], reach[~outside]
        xs, ys = lines[:, 0::2], lines[:, 1::2]
    crossing = np.flatnonzero(((xs < left) | (xs > right) | (ys < top) | (ys > bottom)).any(axis=1))
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


def dashed(solid: Strokes, pattern: Sequence[float], cap: float = 0.0) -> Strokes:
    """Cut strokes into dashes along their length.

    The pattern's phase follows the whole path, so that short lines keep it, and lines drawn
    later continue it.

    Args:
        pattern: drawn, gap, drawn, gap … in pixels.
        cap: how far a pen's caps reach beyond each end, in pixels; dashes are shorter by it.
    """
    if not pattern or not len(solid):
        return solid
    along = np.hypot(*(solid.lines[:, 2:] - solid.lines[:, :2]).T)
    ends = np.concatenate([[0.0], np.cumsum(along)])
    total = float(ends[-1])
    if total <= 0.0:
        return solid
    stops = np.cumsum(pattern)
    period = float(stops[-1])
    rounds = total / period
    stretch = max(1.0, rounds * (len(pattern) // 2) / MOST_DASHES)
    period, stops = period * stretch, stops * stretch
    bases = np.arange(int(total / period) + 1)[:, None] * period
    begins = (bases + np.concatenate([[0.0], stops[1:-1:2]])).ravel()
    finishes = np.maximum((bases + stops[0::2]).ravel() - 2 * cap, begins + 0.1)
    marks = np.concatenate([begins, finishes, ends])
    marks.sort()
    marks = marks[: np.searchsorted(marks, total, "right")]
    if len(marks) < 2:
        return NOTHING
    middle = (marks[:-1] + marks[1:]) / 2
    dash = np.searchsorted(begins, middle, "right") - 1
    drawn = (dash >= 0) & (middle < finishes[dash]) & (np.diff(marks) > 1e-9)
    line = np.searchsorted(ends, middle[drawn], "right") - 1
    line = np.clip(line, 0, len(along) - 1)
    first = ((marks[:-1][drawn] - ends[line]) / along[line])[:, None]
    last = ((marks[1:][drawn] - ends[line]) / along[line])[:, None]
    start, way = solid.lines[line, :2], solid.lines[line, 2:] - solid.lines[line, :2]
    begin, steps = solid.reach[line, :1], solid.reach[line, 1:] - solid.reach[line, :1]
    return Strokes(
        np.hstack([start + first * way, start + last * way]),
        np.hstack([begin + first * steps, begin + last * steps]),
    )
