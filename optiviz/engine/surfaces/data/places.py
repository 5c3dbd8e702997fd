"""Where a surface is looked at, and where its race starts, from what the data say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from optiviz.engine.surfaces.base import Point, Window

#: How far from its middle the start of a window may lie, in half windows.
_INSIDE = 0.92


class Places(NamedTuple):
    """Where a surface is looked at, and where its race starts."""

    window: Window
    start: Point


def placed(center: Point, half: Point, start: Point) -> Places:
    """Make a window of its center and half its sides, in round numbers."""
    digits = 1 - math.floor(math.log10(min(half)))
    (x, y), (across, up) = center, half
    edges = [round(edge, digits) for edge in (x - across, x + across, y - up, y + up)]
    # Whatever the data are, the start lies inside.
    within = (
        min(max(at, mid - _INSIDE * size), mid + _INSIDE * size)
        for at, mid, size in zip(start, center, half, strict=True)
    )
    at_x, at_y = (round(at, digits) for at in within)
    return Places(((edges[0], edges[1]), (edges[2], edges[3])), (at_x, at_y))
