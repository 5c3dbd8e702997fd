"""Dashes, cut with numpy along a path's lines: Qt is fast only with plain ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optiviz.gui.drawing.strokes import NOTHING, Strokes

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Dash pieces of one racer; a longer pattern is taken where a path would need more.
MOST_DASHES = 1500


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
