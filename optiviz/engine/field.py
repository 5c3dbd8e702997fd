"""The surface as a picture: heights on a grid, their shade on a log scale, contour lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.cancel import Cancelled, never
from optiviz.engine.part import PartError

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine.surfaces import Surface

Array = np.ndarray

#: How many bands the heights are cut into; a contour line runs between two of them.
BANDS = 20
#: Heights above this share of the grid's points do not stretch the scale.
TOP_SHARE = 0.995

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class FieldSpec:
    """Which part of a surface to sample, and how finely.

    Attributes:
        surface: what is sampled.
        x_range, y_range: from … to; both ends belong to the grid.
        columns, rows: how many grid points, at least 2 each.
    """

    surface: Surface
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    columns: int = 400
    rows: int = 400

    def __post_init__(self) -> None:
        for name in ("x_range", "y_range"):
            low, high = getattr(self, name)
            if not (low < high and math.isfinite(high - low)):  # the width must not overflow
                raise PartError(name, f"{name} must rise from one finite number to another.")
        for name in ("columns", "rows"):
            count = getattr(self, name)
            if isinstance(count, bool) or not isinstance(count, int) or not 2 <= count <= 4000:
                raise PartError(name, f"{name} must be a whole number from 2 to 4000.")


@dataclass(frozen=True, eq=False)
class Field:
    """A sampled surface. Arrays are read-only.

    Attributes:
        heights: (rows, columns) float64; row 0 lies at the lower end of ``y_range``.
        shade: (rows, columns) float32 in 0 … 1, the height on a log scale: 0 is the valley floor.
        lines_x, lines_y: all contour lines, one after the other.
        lines_connect: whether a point is joined to the next; 0 at the end of each line.
        ticks: (shade, label) pairs for the scale, from low to high.
    """

    spec: FieldSpec
    heights: Array
    shade: Array
    lines_x: Array
    lines_y: Array
    lines_connect: Array
    ticks: tuple[tuple[float, str], ...]


def sample_field(spec: FieldSpec, cancelled: Callable[[], bool] = never) -> Field:
    """Sample a surface: heights, shade and contour lines.

    The shade is log₁₀(h + floor), rescaled to 0 … 1, with h the height above the least loss in the
    surface's window. The floor lies as many decades below the top as the surface asks for: six,
    so that a valley's bottom shows, or fewer where the heights differ little.
    """
    x = np.linspace(*spec.x_range, spec.columns)
    y = np.linspace(*spec.y_range, spec.rows)
    with np.errstate(all="ignore"):  # far out, heights overflow; they are drawn as the top
        heights = np.array(spec.surface.value(*np.meshgrid(x, y)), dtype=float)
        above = heights - spec.surface.least
    if cancelled():
        raise Cancelled
    above = np.nan_to_num(above, nan=1e300, posinf=1e300, neginf=0.0).clip(0.0, 1e300)
    top = float(np.partition(above.ravel(), k := int(TOP_SHARE * (above.size - 1)))[k])
    high = math.ceil(2.0 * math.log10(max(top, 1e-12))) / 2.0
    decades = spec.surface.decades
    low = high - decades
    floor = 10.0**low
    shade = ((np.log10(above + floor) - low) / decades).clip(0.0, 1.0)
    lines_x, lines_y, connect = _contour_lines(x, y, shade)
    shade = shade.astype(np.float32)
    for array in (heights, shade, lines_x, lines_y, connect):
        array.flags.writeable = False
    return Field(spec, heights, shade, lines_x, lines_y, connect, _ticks(low, high))


def _contour_lines(x: Array, y: Array, shade: Array) -> tuple[Array, Array, Array]:
    # The threaded generator lets go of the GIL, so that the window never waits for it.
    from contourpy import LineType, contour_generator

    tracer = contour_generator(
        x, y, shade, name="threaded", line_type=LineType.ChunkCombinedOffset, thread_count=1
    )
    points: list[Array] = []
    ends: list[Array] = []
    for level in np.arange(1, BANDS) / BANDS:
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


def _ticks(low: float, high: float) -> tuple[tuple[float, str], ...]:
    floor = 10.0**low
    decades = range(math.ceil(low) + 1, math.floor(high) + 1)
    step = 2 if len(decades) > 4 else 1
    shown = [decade for decade in decades if decade % step == 0]
    # The floor lifts the highest tick by a hair above the top.
    lifted = (math.log10(10.0**decade + floor) for decade in shown)
    at = (min((height - low) / (high - low), 1.0) for height in lifted)
    return tuple(zip(at, map(power_of_ten, shown), strict=True))


def power_of_ten(exponent: int) -> str:
    """Write a power of ten as a label: ``10⁻²``, and ``1`` and ``10`` in full."""
    if exponent in (0, 1):
        return str(10**exponent)
    return "10" + str(exponent).translate(_SUPERSCRIPTS)
