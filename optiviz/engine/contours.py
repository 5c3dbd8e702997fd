"""Heights as a picture: their scale, their shade on it, and contour lines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

Array = np.ndarray

#: Heights above this share of the grid's points do not stretch the scale.
_TOP_SHARE = 0.995


class Scale(NamedTuple):
    """Which powers of ten of height a picture spans: log₁₀ of the lowest and of the highest."""

    low: float
    high: float

    def shade(self, above: Array) -> Array:
        """Give log₁₀(h + 10^low), rescaled to 0 … 1, of heights h above the valley floor."""
        shade: Array = (np.log10(above + 10.0**self.low) - self.low) / (self.high - self.low)
        return shade.clip(0.0, 1.0)


def heights_above(heights: Array, least: float) -> Array:
    """Give heights above the least one; what is not finite counts as the top."""
    with np.errstate(all="ignore"):  # far out, heights overflow; they are drawn as the top
        above = heights - least
    return np.nan_to_num(above, nan=1e300, posinf=1e300, neginf=0.0).clip(0.0, 1e300)


def scale_of(above: Array, decades: float) -> Scale:
    """Give the scale that suits heights: its top a power of ten or half of one, above most."""
    top = float(np.partition(above.ravel(), k := int(_TOP_SHARE * (above.size - 1)))[k])
    high = math.ceil(2.0 * math.log10(max(top, 1e-12))) / 2.0
    return Scale(high - decades, high)


def trace(x: Array, y: Array, shade: Array, levels: Iterable[float]) -> tuple[Array, Array, Array]:
    """Trace contour lines over a grid.

    Args:
        x: (columns,).
        y: (rows,).
        shade: (rows, columns).

    Returns:
        All points of all lines, x and y, (n,) each, and whether a point is joined to the next, 0
        at the end of each line.
    """
    # The threaded generator lets go of the GIL, so that the window never waits for it.
    from contourpy import LineType, contour_generator

    tracer = contour_generator(
        x, y, shade, name="threaded", line_type=LineType.ChunkCombinedOffset, thread_count=1
    )
    points: list[Array] = []
    ends: list[Array] = []
    for level in levels:
        for chunk, offsets in zip(*tracer.lines(level), strict=True):
            if chunk is not None:
                points.append(chunk)
                join = np.ones(len(chunk), dtype=np.int32)
                join[offsets[1:].astype(np.intp) - 1] = 0
                ends.append(join)
    if not points:
        return np.empty(0), np.empty(0), np.empty(0, dtype=np.int32)
    all_points = np.concatenate(points)
    return all_points[:, 0].copy(), all_points[:, 1].copy(), np.concatenate(ends)
