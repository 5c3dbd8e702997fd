"""A long path's outline: the few thousand of its lines that could show at a scale.

A path of 100,000 steps is looked through once for each scale, in data coordinates; what is drawn,
panned, turned on and off, or shown as a ghost is taken from its outline. Nothing here paints.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optiviz.gui.drawing.identity_cache import IdentityCache

if TYPE_CHECKING:
    from optiviz.gui.drawing.projection import Projection, Window

Array = np.ndarray

#: A path of so many points is its own outline.
FEW = 4000
#: Points of an outline; lines, where a path is too crowded to be told point by point.
MOST_POINTS = 8000
MOST_LINES = 4000
_COARSE = 2  # a crowded path is looked at in cells that are 2 ** 2 times as wide
_PASSES = 3
_SAMPLE = 16_000
_STRAIGHT = 0.3  # cells; a point this near to its neighbours' chord does not show
_STRAIGHTENINGS = 4
_LOOKED_AT = 400  # points, to see whether a path is smooth
_DIFFERENT = 0.7
_KEPT = 3  # outlines of one path, for as many scales
_MIDDLE = 2.0**30  # cells are counted from the window's corner; farther out they are not told apart
_BLOCK = 16_384  # points; as many as stay in the processor's cache
_SLOT_BITS = 17
_MIX = tuple(  # odd numbers without a pattern, to spread cells over slots
    np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F)
)


@dataclass(frozen=True, eq=False)
class Outline:
    """Which lines of a path matter, by the steps that they lead from and to.

    Attributes:
        first, last: (k,) steps, rising.
        crowded: these are some of the lines, on different pixels; else each goes on from the one
            before, and no point in between lies elsewhere.
        cell: how wide and high the cells are in which moves do not show, in data units.
        part: the window for which the outline is good; ``None``: any.
    """

    first: Array
    last: Array
    crowded: bool
    cell: tuple[float, float]
    part: Window | None = None

    @property
    def steps(self) -> Array:
        """The steps of all points, where the path is not crowded."""
        return np.append(self.first, self.last[-1:]).astype(np.intp)

    def fits(self, cell: tuple[float, float], window: Window) -> bool:
        """Say whether this is the outline for a scale, or one that is fine enough for it."""
        if self.crowded and self.cell != cell:
            return False
        if any(own > wanted for own, wanted in zip(self.cell, cell, strict=True)):
            return False
        return self.part is None or all(
            low <= seen_low and seen_high <= high
            for (low, high), (seen_low, seen_high) in zip(self.part, window, strict=True)
        )


_outlines: IdentityCache[list[Outline]] = IdentityCache()


def outline_of(path: Array, projection: Projection, sharpness: float = 1.0) -> Outline:
    """The outline of a path (n, 2) for what is visible; it is kept as long as the path is."""
    cell = cell_of(projection, sharpness)
    kept = _outlines.get(path, list)
    for outline in tuple(kept):
        if outline.fits(cell, projection.window):
            return outline
    outline = outlined(path, cell, projection.window)
    kept.insert(0, outline)
    del kept[_KEPT:]
    return outline


def cell_of(projection: Projection, sharpness: float = 1.0) -> tuple[float, float]:
    """A quarter to half a device pixel, as a power of two, so that it stays while one zooms."""
    scales = projection.x_scale, projection.y_scale
    x, y = (2.0 ** (math.floor(-math.log2(scale * sharpness)) - 1) for scale in scales)
    return x, y


def outlined(path: Array, cell: tuple[float, float], window: Window) -> Outline:
    """Find the outline of a path (n, 2) anew."""
    count = len(path)
    if count <= FEW:
        steps = np.arange(count)
        return Outline(steps[:-1], steps[1:], False, (0.0, 0.0))
    cells = _cells(path, cell, window)
    steps = moving(pairs(cells))
    if len(steps) <= MOST_POINTS:
        return Outline(steps[:-1], steps[1:], False, cell)
    points = _in_cells(path[steps], cell, window)
    if _is_smooth(points, steps):
        smooth = steps[straightened(points, steps, _STRAIGHT)]
        if len(smooth) <= MOST_POINTS:
            return Outline(smooth[:-1], smooth[1:], False, cell)
    cells >>= _COARSE
    at = pairs(cells)
    steps = moving(at)
    lines = once_to_and_fro(at[steps])
    part, outside = _beyond(cells, cell, window)
    if outside is not None:
        lines = lines[(outside[steps[lines]] & outside[steps[lines + 1]]) == 0]
    if len(lines) > 2 * _SAMPLE:
        # If already among some of them too many are different, no need to look at the others.
        some = lines[sampled(len(lines), _SAMPLE)]
        if len(_first_ones(at[steps[some]], at[steps[some + 1]])) > MOST_LINES:
            lines = some
    first, last = steps[lines], steps[lines + 1]
    lines = distinct(at[first], at[last], MOST_LINES, MOST_LINES)
    return Outline(first[lines], last[lines], True, cell, part)


def _cells(path: Array, cell: tuple[float, float], window: Window) -> Array:
    """The cell of each point (n, 2), counted from the window's corner; far out, the last one."""
    cells = np.empty(path.shape, dtype=np.int32)
    room = np.empty(min(_BLOCK, len(path)))
    with np.errstate(over="ignore"):
        for axis in (0, 1):  # column by column: numpy is slow on rows of two
            side, scale = _MIDDLE * cell[axis] - window[axis][0], 1.0 / cell[axis]
            for start in range(0, len(path), _BLOCK):
                some = path[start : start + _BLOCK, axis]
                # First a sum: a path that has settled at 0 holds numbers like 1e-310, and
                # products with them are slow.
                at = np.add(some, side, out=room[: len(some)])
                at *= scale
                np.clip(at, 0.0, 2 * _MIDDLE - 1, out=at)
                cells[start : start + _BLOCK, axis] = at
    return cells


def pairs(cells: Array) -> Array:
    """Both numbers of each cell (n, 2) as one (n,)."""
    return cells.view(np.int64)[:, 0]


def moving(cells: Array) -> Array:
    """Where a path (n,) of cells enters a cell or leaves it, and both ends."""
    moved = cells[1:] != cells[:-1]
    keep = np.ones(len(cells), dtype=bool)
    np.logical_or(moved[:-1], moved[1:], out=keep[1:-1])
    return np.flatnonzero(keep)


def _in_cells(points: Array, cell: tuple[float, float], window: Window) -> Array:
    """Points (n, 2) in cells from the window's corner."""
    scaled = np.empty(points.shape)
    with np.errstate(over="ignore"):
        for axis in (0, 1):
            at = points[:, axis] - window[axis][0]
            at *= 1.0 / cell[axis]
            np.clip(at, -_MIDDLE, _MIDDLE, out=scaled[:, axis])
    return scaled


def _is_smooth(points: Array, steps: Array) -> bool:
    """Say whether most points of a path lie on their neighbours' chord, from some of them."""
    middle = np.linspace(1, len(points) - 2, _LOOKED_AT).astype(np.intp)
    return bool(_straight(points, steps, middle - 1, middle, middle + 1, _STRAIGHT).mean() > 0.5)


def straightened(points: Array, steps: Array, tolerance: float) -> Array:
    """Leave out points (n, 2) that lie on their neighbours' chord; gives the others' indices.

    A point is left out only if a racer that moved evenly between those neighbours would be
    within the tolerance of it *at that step*; so a trail still ends at its marker.
    """
    kept = np.arange(len(points))
    for _ in range(_STRAIGHTENINGS):
        if len(kept) < 8:
            break
        middle = np.arange(1, len(kept) - 1, 2)
        straight = _straight(
            points, steps, kept[middle - 1], kept[middle], kept[middle + 1], tolerance
        )
        if not straight.any():
            break
        kept = np.delete(kept, middle[straight])
    return kept


def _straight(
    points: Array, steps: Array, before: Array, at: Array, after: Array, tolerance: float
) -> Array:
    share = ((steps[at] - steps[before]) / (steps[after] - steps[before]))[:, None]
    chord = points[before] + share * (points[after] - points[before])
    return (np.abs(chord - points[at]) < tolerance).all(axis=1)


def _beyond(
    cells: Array, cell: tuple[float, float], window: Window
) -> tuple[Window | None, Array | None]:
    """The part of the plane that panning by a window's size may show, and who is beyond it.

    A bit for each side that a point is beyond of; a line with both ends beyond one is never seen.
    """
    part: list[tuple[float, float]] = []
    sides: list[Array] = []
    for axis, (low, high) in enumerate(window):
        at, span = cells[:, axis], high - low
        first, last = (int(_MIDDLE + share * span / cell[axis]) >> _COARSE for share in (-1.0, 2.0))
        if at.min() < first or at.max() > last:
            sides += [at < first, at > last]
        part.append((low - span, high + span))
    if not sides:
        return None, None
    beyond = np.zeros(len(cells), dtype=np.uint8)
    for bit, side in enumerate(sides):
        beyond |= side.view(np.uint8) << np.uint8(bit)
    return (part[0], part[1]), beyond


def once_to_and_fro(cells: Array) -> Array:
    """Which lines along a path (n,) of cells to draw: of those to and fro between two, the first.

    So goes a racer in a valley too steep for it, for tens of thousands of steps.
    """
    back = np.zeros(len(cells) - 1, dtype=bool)
    np.equal(cells[2:], cells[:-2], out=back[1:])
    return np.flatnonzero(~back)


def distinct(a: Array, b: Array, wanted: int, most: int) -> Array:
    """Of lines from cell to cell, the first ones between the same two.

    Cells grow until no more than ``wanted`` lines remain, or so far that it would show; then
    ``most`` at most are taken. Returns indices.
    """
    kept = np.arange(len(a))
    for _ in range(_PASSES):
        if len(kept) <= wanted:
            break
        new = _first_ones(a, b)
        different = len(new) > _DIFFERENT * len(kept)
        kept, a, b = kept[new], a[new], b[new]
        if different:
            break  # and they would be so in larger cells
        a, b = (pairs(each.view(np.int32).reshape(-1, 2) >> 1) for each in (a, b))
    return kept[sampled(len(kept), most)]


def _first_ones(a: Array, b: Array) -> Array:
    """Indices of the first line between each two cells, in whatever direction."""
    a, b = a.view(np.uint64) * _MIX[0], b.view(np.uint64) * _MIX[0]
    # Two lines that come to the same slot by chance cost one of the two.
    slot = ((a + b) * _MIX[1] ^ a * b * _MIX[2]) >> np.uint64(64 - _SLOT_BITS)
    slot = slot.astype(np.int32)
    order = np.arange(len(slot), dtype=np.int32)
    owner = np.empty(1 << _SLOT_BITS, dtype=np.int32)
    owner[slot[::-1]] = order[::-1]  # the last one written is the first line
    return np.flatnonzero(owner[slot] == order)


def sampled(count: int, most: int) -> Array:
    """Indices of some of so many lines: the way down, which the first ones tell, then evenly."""
    if count <= most:
        return np.arange(count)
    whole = most // 3
    rest = np.linspace(whole, count - 1, most - whole)
    return np.concatenate([np.arange(whole), rest.astype(np.intp)])
