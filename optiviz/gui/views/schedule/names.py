"""Names of lines on a schedule's picture: beside their own line, off the others, off each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QColor

    from optiviz.gui.drawing.halo_text import HaloText

Array = np.ndarray

#: How far along its line a name may stand, the end first.
_SHARES = np.linspace(1.0, 0.0, 21)
#: How far above or below its line, in heights of a name.
_AWAY = (0.5, 1.4)
_CELL = 2.0  # pixels; a line is known as finely as this


@dataclass(frozen=True, eq=False)
class Name:
    """A text, its colour, and its line in pixels, (n, 4); without one it stands at the top."""

    text: str
    color: QColor
    line: Array


class Ink:
    """How much is drawn where: lines as a table of sums, so that any room is asked at once."""

    def __init__(self, lines: Sequence[Array], plot: QRectF) -> None:
        """Take lines in pixels, (n, 4) each, as far as they lie in the plot."""
        self._left, self._top = plot.left(), plot.top()
        wide, high = (math.ceil(side / _CELL) + 1 for side in (plot.width(), plot.height()))
        counts = np.zeros((high + 1, wide + 1))
        points = self._points(np.concatenate([np.empty((0, 4)), *lines]))
        columns, rows = (np.floor(part).astype(int) for part in points.T)
        inside = (columns >= 0) & (columns < wide) & (rows >= 0) & (rows < high)
        np.add.at(counts, (rows[inside] + 1, columns[inside] + 1), 1.0)
        self._sums = counts.cumsum(axis=0).cumsum(axis=1)

    def within(self, room: QRectF) -> float:
        """Say how much of the lines lies in a room; 0 for none."""
        rows, columns = (size - 1 for size in self._sums.shape)
        left, right = (
            min(max(math.floor((x - self._left) / _CELL), 0), columns)
            for x in (room.left(), room.right() + _CELL)
        )
        top, bottom = (
            min(max(math.floor((y - self._top) / _CELL), 0), rows)
            for y in (room.top(), room.bottom() + _CELL)
        )
        sums = self._sums
        return float(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left])

    def _points(self, lines: Array) -> Array:
        """Give points along lines, (k, 2), in cells: none is farther than a cell from the next."""
        cells = (lines - np.array([self._left, self._top] * 2)) / _CELL
        counts = np.ceil(np.abs(cells[:, 2:] - cells[:, :2]).max(axis=1, initial=0.0)) + 1
        counts = counts.astype(int)
        which = np.repeat(np.arange(len(cells)), counts)
        place = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        share = (place / counts[which])[:, None]
        points: Array = (1.0 - share) * cells[which, :2] + share * cells[which, 2:]
        return points


def placed(
    names: Sequence[Name], lines: Sequence[Array], plot: QRectF, text: HaloText, gap: float
) -> list[tuple[Name, QRectF]]:
    """Give each name its room; one that has none is left out.

    Args:
        names: the most important one first.
        lines: all that is drawn, (n, 4) each; names stand off them where that is possible.
        plot: where names may stand.
        text: how they are written.
        gap: pixels between a name and what it stands beside.
    """
    found: list[tuple[Name, QRectF]] = []
    ink = Ink(lines, plot) if names else None
    for name in names:
        best, least = QRectF(), math.inf
        for room in _rooms(name, plot, text, gap):
            # Two names side by side must not read as one.
            wide = room.adjusted(-gap, 0.0, gap, 0.0)
            if not plot.contains(room) or any(wide.intersects(other) for _, other in found):
                continue
            crossed = ink.within(room) if ink is not None else 0.0
            if crossed < least:
                best, least = room, crossed
            if crossed == 0.0:
                break
        if best.isValid():
            found.append((name, best))
    return found


def _rooms(name: Name, plot: QRectF, text: HaloText, gap: float) -> Iterator[QRectF]:
    """List where a name may stand, the best place first."""
    width, high = text.width(name.text), text.height + gap
    if not len(name.line):
        for share in _SHARES.tolist():
            left = plot.left() + gap + share * (plot.width() - width - 2 * gap)
            yield QRectF(left, plot.top() + gap / 2, width, high)
        return
    places = _along(name.line)
    for away in _AWAY:
        for x, y in places:
            left = min(max(x - width - gap, plot.left() + gap), plot.right() - width - gap)
            for side in (-1.0, 1.0):
                middle = y + side * (away * high + gap / 2)
                yield QRectF(left, middle - high / 2, width, high)


def _along(line: Array) -> list[tuple[float, float]]:
    """Give points along a line, the end first."""
    lengths = np.hypot(line[:, 2] - line[:, 0], line[:, 3] - line[:, 1])
    ends = np.concatenate([[0.0], np.cumsum(lengths)])
    corners = np.vstack([line[:1, :2], line[:, 2:]])
    at = _SHARES * ends[-1]
    xs, ys = (np.interp(at, ends, corners[:, axis]) for axis in (0, 1))
    return list(zip(xs.tolist(), ys.tolist(), strict=True))
