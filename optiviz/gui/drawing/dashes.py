"""Dashes, cut with numpy along a path's lines: Qt is fast only with plain ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optiviz.gui.drawing.strokes import NOTHING, Strokes

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Dash pieces of one racer; where a line would need more, its dashes are longer (``dashed``), or
#: a path's lines are fewer (``uncrowded``).
MOST_DASHES = 1500


_CELL = 24.0  # pixels; lines whose middles lie in one such square crowd each other


def uncrowded(solid: Strokes, pattern: Sequence[float]) -> Strokes:
    """Leave out lines of a long path, so that its dashes need not be longer than the pattern.

    A racer that circles for thousands of steps draws over itself again and again. Each place keeps
    the lines that came there first, up to a length that is the same for all places and as large as
    ``MOST_DASHES`` allow. So nothing is left out where there is little, and what is left out lies
    among lines that stay.

    Args:
        pattern: drawn, gap, drawn, gap … in pixels.
    """
    room = MOST_DASHES / max(len(pattern) // 2, 1) * sum(pattern)
    along = np.hypot(*(solid.lines[:, 2:] - solid.lines[:, :2]).T)
    if not pattern or along.sum() <= room:
        return solid
    middles = np.floor((solid.lines[:, :2] + solid.lines[:, 2:]) / (2.0 * _CELL)).astype(np.int64)
    place = middles[:, 0] * 2**32 + middles[:, 1]
    by_place = np.argsort(place, kind="stable")
    drawn = np.cumsum(along[by_place]) - along[by_place]
    first = np.r_[True, np.diff(place[by_place]) != 0]
    # How much was drawn at each line's place before it.
    before = np.empty(len(along))
    before[by_place] = drawn - np.maximum.accumulate(np.where(first, drawn, 0.0))
    least = np.argsort(before, kind="stable")
    kept = np.sort(least[: np.searchsorted(np.cumsum(along[least]), room, "right")])
    return Strokes(solid.lines[kept], solid.reach[kept])


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
