"""From data coordinates on the surface to the picture's pixels and back, and what a hill hides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from optiviz.gui.drawing.projection import Projection
from optiviz.gui.views.surface3d.camera import Camera3D, Stretch, focus_of, matrix_of

if TYPE_CHECKING:
    from optiviz.engine.mesh import Mesh

Array = np.ndarray

_AWAY = 1e5  # pixels: where points beyond the mesh are said to be
_SLACK = 3  # steps of depth, of 254, that are no difference
_HALVINGS, _TRIED = 8, 24
_NOWHERE = 255  # the depth of pixels that show no surface


@dataclass(frozen=True, eq=False)
class SurfaceProjection(Projection):
    """A projection as the stage's layers know it, by which points lie on a surface.

    ``x0`` … ``y1`` are what the mesh covers. Points beyond it lie far outside the picture, in the
    direction in which they leave the mesh.
    """

    mesh: Mesh = field(kw_only=True)
    camera: Camera3D = field(kw_only=True)
    stretch: Stretch = field(kw_only=True)
    matrix: Array = field(kw_only=True)  # (4, 4) from the stretched box to clip coordinates
    depths: tuple[float, float] = field(kw_only=True)
    depth: Array | None = field(kw_only=True)  # (height, width) of some of the pixels, uint8

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    @property
    def x_scale(self) -> float:
        """Pixels for one unit of x, about the middle of the picture."""
        return self._unit * self.stretch[0] / (self.x1 - self.x0)

    @property
    def y_scale(self) -> float:
        """Pixels for one unit of y, about the middle of the picture."""
        return self._unit * self.stretch[1] / (self.y1 - self.y0)

    @property
    def _unit(self) -> float:
        return focus_of(self.width, self.height) / self.camera.distance

    @property
    def plan(self) -> Projection:
        """A plain projection, straight down, that shows the mesh at about this scale."""
        wide, high = self.x1 - self.x0, self.y1 - self.y0
        sizes = wide * self.x_scale, high * self.y_scale
        return Projection(self.x0, self.x1, self.y0, self.y1, *sizes)

    def seen(self, boxed: Array) -> tuple[Array, Array]:
        """Where points (n, 3) of the box are seen: pixels (n, 2), and depths (n,), 0 … 254."""
        points = boxed * self.stretch
        clip = points @ self.matrix[:, :3].T + self.matrix[:, 3]
        # What is behind the viewer is seen nowhere; far outside will do.
        w = np.maximum(clip[:, 3], 1e-6)
        pixels = np.empty((len(points), 2))
        pixels[:, 0] = (clip[:, 0] / w + 1.0) * (0.5 * self.width)
        pixels[:, 1] = (clip[:, 1] / w + 1.0) * (0.5 * self.height)
        np.clip(pixels, -_AWAY, _AWAY, out=pixels)
        near, far = self.depths
        return pixels, (clip[:, 3] - near) * (254.0 / (far - near))

    def hidden(self, pixels: Array, depths: Array) -> Array:
        """Say which of some points, (n, 2) and (n,) as ``seen`` gives them, a hill hides."""
        if self.depth is None:
            return np.zeros(len(pixels), dtype=bool)
        rows, columns = self.depth.shape
        scale = columns / self.width, rows / self.height
        x, y = (np.floor(pixels[:, axis] * scale[axis]).astype(np.intp) for axis in (0, 1))
        inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
        x, y = np.clip(x, 1, columns - 2), np.clip(y, 1, rows - 2)
        # A point is on the surface itself: one that is seen beside it may be the same place.
        farthest = self.depth[y, x]
        for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            farthest = np.maximum(farthest, self.depth[y + down, x + right])
        return inside & (depths > farthest.astype(float) + _SLACK)

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the surface is seen."""
        px, py = self.pixels(np.array([[x, y]]))[0]
        return float(px), float(py)

    def pixels(self, points: Array) -> Array:
        """Where points of the surface are seen: (n, 2) to (n, 2)."""
        pixels, _ = self.seen(self.mesh.lifted(points))
        low, high = (self.x0, self.y0), (self.x1, self.y1)
        beyond = ~((points >= low) & (points <= high)).all(axis=1)
        if beyond.any():
            pixels[beyond] = self._away(points[beyond], pixels[beyond])
        return pixels

    def hides(self, x: float, y: float) -> bool:
        """Say whether a point of the surface lies behind a hill."""
        pixels, depths = self.seen(self.mesh.lifted(np.array([[x, y]])))
        return bool(self.hidden(pixels, depths)[0])

    def shows(self, px: float, py: float, margin: float = 0.0) -> bool:
        """Say whether a pixel lies in the picture, or at most ``margin`` outside it."""
        return -margin <= px <= self.width + margin and -margin <= py <= self.height + margin

    def data(self, px: float, py: float) -> tuple[float, float]:
        """Which point of the surface is seen at a pixel; beside the surface, one near there."""
        found = self.data_at(px, py)
        return self._beside(px, py) if found is None else found

    def data_at(self, px: float, py: float) -> tuple[float, float] | None:
        """Which point of the surface is seen at a pixel; ``None`` beside the surface."""
        eye, way = self.ray(px, py)
        return self.mesh.pick((eye / self.stretch).tolist(), (way / self.stretch).tolist())

    def ray(self, px: float, py: float) -> tuple[Array, Array]:
        """From where and in which direction one looks at a pixel, in the stretched box."""
        right, up, back = self.camera.axes()
        focus = focus_of(self.width, self.height)
        across = (px - self.width / 2) / focus, (self.height / 2 - py) / focus
        return self.camera.eye, across[0] * right + across[1] * up - back

    def _beside(self, px: float, py: float) -> tuple[float, float]:
        """The point of the surface that is seen nearest to a pixel beside it."""
        # A pixel that is drawn in part is told as drawn, though a ray through its middle may miss.
        drawn = ((at, self.data_at(*at)) for at in self._nearest_drawn(px, py))
        at, found = next((each for each in drawn if each[1] is not None), ((px, py), None))
        if found is None:
            return self._nearest_border(px, py)
        # Depth is known for every second pixel alone; what is seen ends between there and here.
        near, far = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = (near + far) / 2
            there = self.data_at(px + middle * (at[0] - px), py + middle * (at[1] - py))
            if there is None:
                near = middle
            else:
                far, found = middle, there
        return found

    def _nearest_drawn(self, px: float, py: float) -> list[tuple[float, float]]:
        """The middles of the nearest pixels that show the surface, the nearest first."""
        if self.depth is None:
            return []
        y, x = np.nonzero(self.depth < _NOWHERE)
        rows, columns = self.depth.shape
        x, y = (x + 0.25) * (self.width / columns), (y + 0.25) * (self.height / rows)
        away = (x - px) ** 2 + (y - py) ** 2
        nearest = _least(away, min(_TRIED, away.size))
        return [(float(x[each]), float(y[each])) for each in nearest]

    def _nearest_border(self, px: float, py: float) -> tuple[float, float]:
        share = np.linspace(0.0, 1.0, 257)
        zero, one = np.zeros_like(share), np.ones_like(share)
        edges = [(share, zero), (share, one), (zero, share), (one, share)]
        around = np.concatenate([np.stack(edge, axis=1) for edge in edges])
        points = around * (self.x1 - self.x0, self.y1 - self.y0) + (self.x0, self.y0)
        away = self.pixels(points) - (px, py)
        x, y = points[int(np.argmin((away**2).sum(axis=1)))]
        return float(x), float(y)

    def _away(self, points: Array, edge: Array) -> Array:
        """Where points beyond the mesh are said to be, whose nearest ones on its edge are seen."""
        with np.errstate(over="ignore", invalid="ignore"):
            middle = np.array([self.x0 + self.x1, self.y0 + self.y1]) / 2
            way = np.clip(points, -1e150, 1e150) - middle
            way /= np.array([self.x1 - self.x0, self.y1 - self.y0])
            way /= np.abs(way).max(axis=1, keepdims=True)
        right, up, _ = self.camera.axes()
        flat = way * self.stretch[:2]
        ahead = np.stack([flat @ right[:2], -(flat @ up[:2])], axis=1)
        ahead /= np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-9)[:, None]
        return edge + _AWAY * ahead


def _least(values: Array, count: int) -> Array:
    """Where the least of some values are, the least first."""
    if not count:
        return np.zeros(0, dtype=np.intp)
    found = np.argpartition(values, count - 1)[:count]
    return np.asarray(found[np.argsort(values[found])])


def projection_of(
    mesh: Mesh, camera: Camera3D, stretch: Stretch, width: float, height: float
) -> SurfaceProjection:
    """Look at a mesh from a camera; what hides what is not known yet."""
    (x0, x1), (y0, y1) = mesh.window
    matrix = matrix_of(camera, width, height)
    signs = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0.0, 1.0)])
    deep = (signs * stretch) @ matrix[3, :3] + matrix[3, 3]
    near = max(float(deep.min()), 0.01 * camera.distance)
    depths = near, max(float(deep.max()), near + 1e-3)
    return SurfaceProjection(
        x0,
        x1,
        y0,
        y1,
        width,
        height,
        mesh=mesh,
        camera=camera,
        stretch=stretch,
        matrix=matrix,
        depths=depths,
        depth=None,
    )
