"""The surface as a relief: vertices, faces and normals to draw; heights and picks to lay things on.

The box of a mesh is x and y in −½ … ½ and z in 0 … 1, whatever the surface's units. Whoever draws
it stretches the box: equal axes, vertical exaggeration and the camera are no part of a mesh, so
none of them asks for another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from optiviz.engine.cancel import never
from optiviz.engine.field import Field, FieldSpec, sample_field
from optiviz.engine.part import PartError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optiviz.engine.surfaces import Surface
    from optiviz.engine.surfaces.base import Point, Points, Window

Array = np.ndarray
Heights = Literal["compressed", "linear"]

#: Points along the longer side of a mesh, unless asked for otherwise.
POINTS = 200
#: On the linear scale walls are cut off at the height that this share of the grid stays below…
_CUT_SHARE = 0.8
#: … and from this share of it on they bend over, since a sharp edge would follow the grid's cells.
_KNEE = 0.8


@dataclass(frozen=True)
class MeshSpec:
    """Which part of a surface to raise, how finely, and on which scale of height.

    Attributes:
        field: what is sampled; a vertex for each of its grid points.
        heights: ``compressed``: z is the field's shade, log₁₀(h + floor) rescaled to 0 … 1, so
            that a valley's floor shows. ``linear``: z is h in proportion, and steep walls end in a
            plateau, so that the valley between them is what one sees.
    """

    field: FieldSpec
    heights: Heights = "linear"

    def __post_init__(self) -> None:
        if self.heights not in ("compressed", "linear"):
            raise PartError("heights", "heights must be compressed or linear")

    @classmethod
    def over(
        cls,
        surface: Surface,
        window: Window,
        heights: Heights = "linear",
        points: int = POINTS,
    ) -> MeshSpec:
        """Cover a window, ((x from, to), (y from, to)), with square cells."""
        x_range, y_range = window
        wide, high = (high - low for low, high in window)
        longest = max(wide, high)
        columns, rows = (max(2, round((points - 1) * size / longest) + 1) for size in (wide, high))
        return cls(FieldSpec(surface, x_range, y_range, columns, rows), heights)


@dataclass(frozen=True, eq=False)
class Mesh:
    """A relief. Arrays are read-only; n = rows · columns, row 0 at the lower end of ``y_range``.

    Attributes:
        spec: what was raised.
        vertices: (n, 3) float32 in the box.
        normals: (n, 3) float32 of length 1, pointing up, in the box's proportions.
        shade: (n,) float32 in 0 … 1: the field's, by which the surface is coloured and its
            contour lines lie.
        faces: (m, 3) uint32, two triangles for each cell, counterclockwise seen from above.
        bottom, top: the losses at z = 0 and, on the linear scale, from which on z is 1.
        ticks: (shade, label) pairs, from low to high.
        minima, saddles, test_minimum: as the field has them.
    """

    spec: MeshSpec
    vertices: Array
    normals: Array
    shade: Array
    faces: Array
    bottom: float
    top: float
    ticks: tuple[tuple[float, str], ...]
    minima: Points = ()
    saddles: Points = ()
    test_minimum: Point | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.spec.field.rows, self.spec.field.columns

    @property
    def window(self) -> Window:
        """What the mesh covers, ((x from, to), (y from, to))."""
        return self.spec.field.x_range, self.spec.field.y_range

    def cells(self, step: int = 1) -> Array:
        """Give the corners of the faces, cell by cell: (rows, columns, 6), uint32.

        Args:
            step: how many cells of the grid are one, in each direction; 1 gives ``faces``.
        """
        rows, columns = self.shape
        if step == 1:
            return self.faces.reshape(rows - 1, columns - 1, 6)
        lines = [np.append(np.arange(0, count - 1, step), count - 1) for count in (rows, columns)]
        corner = lines[0][:, None] * columns + lines[1]
        here, right, up, across = (
            corner[row, column]
            for row in (slice(None, -1), slice(1, None))
            for column in (slice(None, -1), slice(1, None))
        )
        return np.stack([here, right, up, across, up, right], axis=2).astype(np.uint32)

    def height_at(self, x: Array | float, y: Array | float) -> Array:
        """Give z in the box at points in data coordinates: on the triangles as they are drawn.

        Beyond the mesh it is the height of the nearest edge.
        """
        u, v = self._cells(x, y)
        return self._height(u, v)

    def lifted(self, points: Array) -> Array:
        """Lay points (n, 2) in data coordinates onto the surface: (n, 3) in the box."""
        u, v = self._cells(points[:, 0], points[:, 1])
        rows, columns = self.shape
        x, y = u / (columns - 1) - 0.5, v / (rows - 1) - 0.5
        return np.stack([x, y, self._height(u, v)], axis=1)

    def rise_of(self, loss: Array | float) -> Any:
        """Give z of a loss on the linear scale."""
        unit = (self.top - self.bottom) / (2.0 - _KNEE)
        return _cut((np.asarray(loss, dtype=float) - self.bottom) / unit)

    def pick(self, origin: Sequence[float], direction: Sequence[float]) -> Point | None:
        """Say where a ray meets the surface from above, in data coordinates.

        Between two crossings of the triangles' edges ray and surface are straight, so the heights
        at all crossings tell the place exactly.

        Args:
            origin, direction: (3,) in the box; the ray goes one way only.

        Returns:
            (x, y), or ``None`` if the ray passes by.
        """
        rows, columns = self.shape
        size = np.array([columns - 1, rows - 1], dtype=float)
        start = np.asarray(origin, dtype=float)
        way = np.asarray(direction, dtype=float)
        at, along = (start[:2] + 0.5) * size, way[:2] * size
        span = _inside(at, along, size)
        if span is None:
            return None
        turns = _crossings(at, along, span, way[2])
        path = at + turns[:, None] * along
        above = start[2] + turns * way[2] - self._height(path[:, 0], path[:, 1])
        falls = np.flatnonzero((above[:-1] >= 0.0) & (above[1:] < 0.0))
        if not falls.size:
            return None
        first = int(falls[0])
        share = above[first] / (above[first] - above[first + 1])
        met = path[first] + share * (path[first + 1] - path[first])
        x, y = (
            low + float(part) * (high - low)
            for part, (low, high) in zip(met / size, self.window, strict=True)
        )
        return x, y

    def _cells(self, x: Array | float, y: Array | float) -> tuple[Array, Array]:
        """Turn data coordinates into columns and rows, with fractions."""
        rows, columns = self.shape
        at = []
        for values, (low, high), count in zip((x, y), self.window, (columns, rows), strict=True):
            near = np.clip(np.asarray(values, dtype=float), low, high)
            at.append((near - low) * ((count - 1) / (high - low)))
        return at[0], at[1]

    def _height(self, u: Array, v: Array) -> Array:
        """Give z at columns ``u`` and rows ``v``, which have fractions."""
        rows, columns = self.shape
        z = self.vertices[:, 2]
        left = np.clip(np.floor(u), 0, columns - 2).astype(np.intp)
        low = np.clip(np.floor(v), 0, rows - 2).astype(np.intp)
        right, up = np.clip(u - left, 0.0, 1.0), np.clip(v - low, 0.0, 1.0)
        corner = low * columns + left
        z10, z01 = z[corner + 1].astype(float), z[corner + columns].astype(float)
        near = z[corner] + right * (z10 - z[corner]) + up * (z01 - z[corner])
        opposite = z[corner + columns + 1]
        far = opposite + (1.0 - right) * (z01 - opposite) + (1.0 - up) * (z10 - opposite)
        return np.asarray(np.where(right + up <= 1.0, near, far))


def sample_mesh(
    spec: MeshSpec,
    cancelled: Callable[[], bool] = never,
    report: Callable[[Mesh], object] | None = None,
) -> Mesh:
    """Sample a surface and raise it.

    Args:
        spec: what to raise.
        cancelled: asked now and then; once it says yes, :class:`Cancelled` is raised.
        report: handed a coarse mesh first, where the fine one takes long.

    Raises:
        Cancelled: as asked for.
    """

    def coarse(field: Field) -> None:
        if report is not None:
            report(mesh_of(field, spec.heights))

    return mesh_of(sample_field(spec.field, cancelled, coarse if report else None), spec.heights)


def mesh_of(field: Field, heights: Heights = "linear") -> Mesh:
    """Raise a field that is sampled already."""
    spec = field.spec
    bottom = float(spec.surface.least)
    if heights == "linear":
        rise, top = _linear(field.heights, bottom)
    else:
        rise, top = field.shade, bottom
    x = np.linspace(-0.5, 0.5, spec.columns)
    y = np.linspace(-0.5, 0.5, spec.rows)
    # Of float32 heights, as they are drawn.
    grid = np.empty((spec.rows, spec.columns, 3), dtype=np.float32)
    grid[..., 0], grid[..., 1], grid[..., 2] = x, y[:, None], rise
    vertices = grid.reshape(-1, 3)
    normals = _normals(np.asarray(rise, dtype=float), x, y)
    shade = field.shade.reshape(-1)
    for array in (vertices, normals, shade):
        array.flags.writeable = False
    return Mesh(
        MeshSpec(spec, heights),
        vertices,
        normals,
        shade,
        _faces(spec.rows, spec.columns),
        bottom,
        top,
        field.ticks,
        field.minima,
        field.saddles,
        field.test_minimum,
    )


def _linear(heights: Array, least: float) -> tuple[Array, float]:
    """Give z of losses on the linear scale, and the loss from which on it is 1."""
    with np.errstate(all="ignore"):  # far out, heights overflow
        above = np.nan_to_num(heights - least, nan=1e300, posinf=1e300).clip(0.0, 1e300)
    rank = int(_CUT_SHARE * (above.size - 1))
    cut = max(float(np.partition(above.ravel(), rank)[rank]), 1e-300)
    return _cut(above / cut), least + cut * (2.0 - _KNEE)


def _cut(share: Array) -> Array:
    """Give s below the knee k and 1 above 2 − k; between, a parabola that meets both smoothly."""
    near = np.clip(share, 0.0, 2.0 - _KNEE)
    return np.asarray(near - np.maximum(near - _KNEE, 0.0) ** 2 / (4.0 * (1.0 - _KNEE)))


def _normals(rise: Array, x: Array, y: Array) -> Array:
    """Give (−∂z/∂x, −∂z/∂y, 1), of length 1, by central differences: (n, 3)."""
    order: Literal[1, 2] = 2 if min(rise.shape) > 2 else 1
    along_y, along_x = np.gradient(rise, y, x, edge_order=order)
    length = np.sqrt(along_x**2 + along_y**2 + 1.0)
    normals = np.empty((*rise.shape, 3), dtype=np.float32)
    normals[..., 0] = -along_x / length
    normals[..., 1] = -along_y / length
    normals[..., 2] = 1.0 / length
    return normals.reshape(-1, 3)


@lru_cache(maxsize=8)
def _faces(rows: int, columns: int) -> Array:
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    near = [corner, corner + 1, corner + columns]
    far = [corner + columns + 1, corner + columns, corner + 1]
    faces = np.stack([*near, *far], axis=1).astype(np.uint32).reshape(-1, 3)
    faces.flags.writeable = False
    return faces


def _inside(at: Array, along: Array, size: Array) -> tuple[float, float] | None:
    """From where to where a ray runs above the grid, as multiples of its direction."""
    first, last = 0.0, np.inf
    for start, way, end in zip(at, along, size, strict=True):
        if way == 0.0:
            if not 0.0 <= start <= end:
                return None
            continue
        enter, leave = sorted((-start / way, (end - start) / way))
        first, last = max(first, enter), min(last, leave)
    return (first, last) if first <= last else None


def _crossings(at: Array, along: Array, span: tuple[float, float], fall: float) -> Array:
    """Where a ray crosses the edges of triangles, and its ends: multiples of its direction."""
    first, last = span
    if not np.isfinite(last):  # straight up or down: the surface lies between 0 and 1
        last = first + 1e6 / max(abs(fall), 1e-300)
        return np.array([first, last])
    turns = [np.array([first, last])]
    # Edges are where the column, the row, or the sum of both is a whole number.
    for start, way in ((at[0], along[0]), (at[1], along[1]), (at.sum(), along.sum())):
        if way != 0.0:
            ends = sorted((start + first * way, start + last * way))
            whole = np.arange(np.ceil(ends[0]), np.floor(ends[1]) + 1.0)
            turns.append((whole - start) / way)
    crossings = np.concatenate(turns)
    crossings.sort()
    return np.asarray(crossings[(crossings >= first) & (crossings <= last)])
