"""The surface as a picture: heights on a grid, their shade on a log scale, contour lines."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine import compiler
from optiviz.engine.cancel import Cancelled, never
from optiviz.engine.contours import heights_above, scale_of, trace
from optiviz.engine.kernels import kernel_of, sweep
from optiviz.engine.part import PartError
from optiviz.engine.sweep import losses

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine.surfaces import Surface
    from optiviz.engine.surfaces.base import Point, Points

Array = np.ndarray

#: How many bands the heights are cut into; a contour line runs between two of them.
BANDS = 20
#: Where points times examples are more than this, a coarse picture comes first, of so many points
#: along its longer side.
_DEAR, _COARSE = 3_000_000, 80
#: Pairs of a point and an example between two questions whether anybody still wants the picture.
_PAIRS = 4_000_000

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
                raise PartError(name, f"{name} must rise from one finite number to another")
        for name in ("columns", "rows"):
            count = getattr(self, name)
            if isinstance(count, bool) or not isinstance(count, int) or not 2 <= count <= 4000:
                raise PartError(name, f"{name} must be a whole number from 2 to 4000")


@dataclass(frozen=True, eq=False)
class Field:
    """A sampled surface. Arrays are read-only.

    Attributes:
        spec: what was sampled, and how finely.
        heights: (rows, columns) float64; row 0 lies at the lower end of ``y_range``.
        shade: (rows, columns) float32 in 0 … 1, the height on a log scale: 0 is the valley floor.
        lines_x, lines_y: all contour lines, one after the other.
        lines_connect: whether a point is joined to the next; 0 at the end of each line.
        ticks: (shade, label) pairs for the scale, from low to high.
        minima, saddles: those of the surface, which take a while to find where it is made of data.
        test_minimum: where the loss of the test examples is least; ``None``: there is no such.
    """

    spec: FieldSpec
    heights: Array
    shade: Array
    lines_x: Array
    lines_y: Array
    lines_connect: Array
    ticks: tuple[tuple[float, str], ...]
    minima: Points = ()
    saddles: Points = ()
    test_minimum: Point | None = None


def sample_field(
    spec: FieldSpec,
    cancelled: Callable[[], bool] = never,
    report: Callable[[Field], object] | None = None,
) -> Field:
    """Sample a surface: heights, shade and contour lines.

    The shade is log₁₀(h + floor), rescaled to 0 … 1, with h the height above the least loss in the
    surface's window. The floor lies as many decades below the top as the surface asks for: six,
    so that a valley's bottom shows, or fewer where the heights differ little.

    Args:
        spec: what to sample.
        cancelled: asked now and then; once it says yes, :class:`Cancelled` is raised.
        report: handed a coarse field first, where the fine one takes long: its ``spec`` is the
            same but for the columns and rows.

    Raises:
        Cancelled: as asked for.
    """
    if report is not None and _is_dear(spec):
        report(_sampled(_coarser(spec), cancelled))
    return _sampled(spec, cancelled)


def _is_dear(spec: FieldSpec) -> bool:
    return spec.columns * spec.rows * len(spec.surface.examples) > _DEAR


def _coarser(spec: FieldSpec) -> FieldSpec:
    share = min(1.0, _COARSE / max(spec.columns, spec.rows))
    columns, rows = (max(2, round(count * share)) for count in (spec.columns, spec.rows))
    return replace(spec, columns=columns, rows=rows)


def _sampled(spec: FieldSpec, cancelled: Callable[[], bool]) -> Field:
    surface = spec.surface
    x = np.linspace(*spec.x_range, spec.columns)
    y = np.linspace(*spec.y_range, spec.rows)
    heights = _heights(surface, x, y, cancelled)
    if cancelled():
        raise Cancelled
    above = heights_above(heights, surface.least)
    scale = scale_of(above, surface.decades)
    shade = scale.shade(above)
    levels = np.arange(1, BANDS) / BANDS
    lines_x, lines_y, connect = trace(x, y, shade, levels)
    shade = shade.astype(np.float32)
    for array in (heights, shade, lines_x, lines_y, connect):
        array.flags.writeable = False
    return Field(
        spec,
        heights,
        shade,
        lines_x,
        lines_y,
        connect,
        _ticks(*scale),
        tuple(surface.minima),
        tuple(surface.saddles),
        surface.test_minimum,
    )


def _heights(surface: Surface, x: Array, y: Array, cancelled: Callable[[], bool]) -> Array:
    """Give the heights on a grid, (rows, columns)."""
    with np.errstate(all="ignore"):  # far out, heights overflow; they are drawn as the top
        if not surface.has_examples:
            return np.array(surface.value(*np.meshgrid(x, y)), dtype=float)
        if compiler.ready(sweep) is not None and compiler.ready(kernel_of(surface)) is not None:
            points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
            return losses(surface, points, cancelled=cancelled).reshape(len(y), len(x))
        # Until the kernels are compiled numpy does it, some rows of the picture at a time.
        heights = np.empty((len(y), len(x)))
        stretch = max(1, _PAIRS // (len(x) * len(surface.examples)))
        for first in range(0, len(y), stretch):
            if cancelled():
                raise Cancelled
            some = slice(first, first + stretch)
            heights[some] = surface.value(*np.meshgrid(x, y[some]))
        return heights


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
