"""From where the surface is looked at: cameras, and how a hand moves them. Nothing here paints."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optiviz.engine.mesh import Mesh
    from optiviz.engine.surfaces import Surface
    from optiviz.engine.surfaces.base import Point

Array = np.ndarray
Stretch = tuple[float, float, float]

#: The box is so high, for one unit of its longer side, without exaggeration.
RELIEF = 0.36
LOWEST, HIGHEST = 3.0, 90.0  # degrees of elevation
_NEAREST, _FARTHEST = 0.15, 14.0
_REACH = 0.8  # how far from the box's middle a camera may look
_TALLEST = 2.0  # how high: the top of a box that is exaggerated as much as may be
#: How much larger than the smaller side of the picture a unit looks from a distance of one.
_FOCUS = 1.9
_WIDE = 0.72  # of a picture's width, as good as its height
#: Of a picture's width and height, from its middle: what a whole box may fill; the rest is for
#: numbers beside it, the formula above it and the scale at the side.
_ROOM, _ROOM_ABOVE, _ROOM_BELOW = 0.41, 0.4, 0.43


@dataclass(frozen=True)
class Camera3D:
    """A camera that looks at a point from a distance.

    Attributes:
        azimuth: degrees; −90 looks along y, with x to the right.
        elevation: degrees above the horizon; 90 looks straight down.
        distance: in units of the box's longer side.
        x, y, z: what it looks at, in the stretched box.
    """

    azimuth: float = -64.0
    elevation: float = 46.0
    distance: float = 2.55
    x: float = 0.0
    y: float = 0.0
    z: float = 0.12

    @property
    def centre(self) -> Array:
        """What the camera looks at: (3,)."""
        return np.array([self.x, self.y, self.z])

    def axes(self) -> tuple[Array, Array, Array]:
        """Give the directions right, up, and back to the viewer, of length 1 each."""
        azimuth, elevation = math.radians(self.azimuth), math.radians(self.elevation)
        cos, sin = math.cos(azimuth), math.sin(azimuth)
        low, high = math.cos(elevation), math.sin(elevation)
        right = np.array([-sin, cos, 0.0])
        up = np.array([-high * cos, -high * sin, low])
        return right, up, np.array([low * cos, low * sin, high])

    @property
    def eye(self) -> Array:
        """Where the camera stands: (3,)."""
        return self.centre + self.distance * self.axes()[2]

    def orbited(self, right: float, up: float) -> Camera3D:
        """Go around by degrees."""
        azimuth = (self.azimuth - right + 180.0) % 360.0 - 180.0
        elevation = min(max(self.elevation - up, LOWEST), HIGHEST)
        return replace(self, azimuth=azimuth, elevation=elevation)

    def panned(self, dx: float, dy: float, focus: float) -> Camera3D:
        """Move the picture by pixels, of which ``focus`` make a unit at a distance of one."""
        right, up, _ = self.axes()
        unit = self.distance / focus
        return self.looking_at(self.centre - dx * unit * right + dy * unit * up)

    def zoomed(self, factor: float, about: Array | None = None) -> Camera3D:
        """Go nearer or farther; a point (3,) that it is about stays where it is seen."""
        distance = min(max(self.distance * factor, _NEAREST), _FARTHEST)
        moved = replace(self, distance=distance)
        if about is None:
            return moved
        return moved.looking_at(about + (self.centre - about) * (distance / self.distance))

    def looking_at(self, point: Array) -> Camera3D:
        """Look at a point (3,), or the nearest one that is not too far from the box."""
        tops = _REACH, _REACH, _TALLEST
        x, y, z = (min(max(float(at), -_REACH), top) for at, top in zip(point, tops, strict=True))
        return replace(self, x=x, y=y, z=z)


def focus_of(width: float, height: float) -> float:
    """How many pixels a unit has at a distance of one."""
    return _FOCUS * max(1.0, min(_WIDE * width, height))


def matrix_of(camera: Camera3D, width: float, height: float) -> Array:
    """From the stretched box to clip coordinates with y pointing down: (4, 4)."""
    right, up, back = camera.axes()
    look = np.eye(4)
    look[:3, :3] = right, up, back
    look[:3, 3] = -look[:3, :3] @ camera.eye
    near, far = 0.01 * camera.distance, camera.distance + 4.0
    focus = focus_of(width, height)
    lens = np.zeros((4, 4))
    lens[0, 0], lens[1, 1] = 2.0 * focus / width, -2.0 * focus / height
    lens[2, 2:] = -(far + near) / (far - near), -2.0 * far * near / (far - near)
    lens[3, 2] = -1.0
    return lens @ look


def between(a: Camera3D, b: Camera3D, share: float) -> Camera3D:
    """A camera on the way from one to another, the shorter way around."""
    turn = (b.azimuth - a.azimuth + 180.0) % 360.0 - 180.0

    def mixed(one: float, other: float) -> float:
        return one + share * (other - one)

    return Camera3D(
        (a.azimuth + share * turn + 180.0) % 360.0 - 180.0,
        mixed(a.elevation, b.elevation),
        a.distance * (b.distance / a.distance) ** share,
        mixed(a.x, b.x),
        mixed(a.y, b.y),
        mixed(a.z, b.z),
    )


def stretch_of(mesh: Mesh, exaggeration: float, *, equal_axes: bool) -> Stretch:
    """The sizes that the box is stretched to: 1 for the longer side."""
    sizes = [high - low for low, high in mesh.window]
    longest = max(sizes)
    wide, deep = (size / longest if equal_axes else 1.0 for size in sizes)
    return wide, deep, RELIEF * exaggeration


@lru_cache(maxsize=8)
def at_home(
    stretch: Stretch, width: float, height: float, elevation: float = Camera3D.elevation
) -> Camera3D:
    """Look at all of the box, however it is stretched and whatever the picture's shape."""
    wide, deep, top = stretch
    corners = np.array(
        [
            (x, y, z)
            for x in (-wide / 2, wide / 2)
            for y in (-deep / 2, deep / 2)
            for z in (0.0, top)
        ]
    )
    # It goes around the box's middle, so only how high it looks is free to be chosen.
    heights = np.linspace(-0.1, 0.75 * top, 41).tolist()
    first = Camera3D(elevation=elevation)
    framed = [_framed(replace(first, z=z), corners, width, height) for z in heights]
    return min(framed, key=lambda each: each[1])[0]


def _framed(camera: Camera3D, points: Array, width: float, height: float) -> tuple[Camera3D, float]:
    """Go so near that points (n, 3) fill their room; and say how far they are from its middle."""
    right, up, back = camera.axes()
    seen = points - camera.centre
    across, above, nearer = seen @ right, seen @ up, seen @ back
    above /= np.where(above > 0.0, _ROOM_ABOVE, _ROOM_BELOW) * height
    across /= _ROOM * width
    focus = focus_of(width, height)
    least = float((nearer + focus * np.maximum(np.abs(across), np.abs(above))).max())
    distance = min(least, _FARTHEST)
    shares = above * focus / (distance - nearer)
    return replace(camera, distance=distance), abs(float(shares.max() + shares.min()))


def from_above(stretch: Stretch = (1.0, 1.0, RELIEF)) -> Camera3D:
    """Look straight down, x to the right and y up, as on the contour.

    Walls that are exaggerated are not to come nearer than others, so the camera goes up with them.
    """
    top = stretch[2]
    return Camera3D(azimuth=-90.0, elevation=90.0, distance=2.34 + 0.44 * top, z=0.56 * top)


def along_the_valley(
    surface: Surface, mesh: Mesh, start: Point, stretch: Stretch
) -> Camera3D | None:
    """Look along the flattest direction at the minimum nearest to the start, coming from there.

    ``None`` where no minimum is known, or it is a cusp and has no such direction.
    """
    minimum = _nearest_minimum(mesh, start)
    hessian = np.full((2, 2), np.nan) if minimum is None else surface.hessian(*minimum)
    if minimum is None or not np.isfinite(hessian).all():
        return None
    flattest = np.linalg.eigh(hessian)[1][:, 0]
    scale = _scale(mesh, stretch)
    way = flattest * scale
    toward = (np.array(start) - minimum) * scale
    if way @ toward < 0.0:
        way = -way
    azimuth = math.degrees(math.atan2(way[1], way[0]))
    centre = _at(mesh, minimum, stretch)
    camera = Camera3D(azimuth=azimuth, elevation=26.0, distance=2.35)
    return camera.looking_at(0.6 * centre)


def from_the_start(mesh: Mesh, start: Point, stretch: Stretch) -> Camera3D:
    """Look from behind the start towards the minimum nearest to it."""
    begin = _at(mesh, start, stretch)
    minimum = _nearest_minimum(mesh, start)
    goal = np.zeros(3) if minimum is None else _at(mesh, minimum, stretch)
    way = begin - goal
    length = math.hypot(way[0], way[1])
    azimuth = math.degrees(math.atan2(way[1], way[0])) if length > 1e-9 else Camera3D().azimuth
    camera = Camera3D(azimuth=azimuth, elevation=32.0, distance=1.2 + 0.9 * length)
    return camera.looking_at(goal + 0.55 * way)


def _nearest_minimum(mesh: Mesh, start: Point) -> Point | None:
    known = mesh.minima
    if not known:
        return None
    return min(known, key=lambda each: math.hypot(each[0] - start[0], each[1] - start[1]))


def _scale(mesh: Mesh, stretch: Stretch) -> Array:
    sizes = [high - low for low, high in mesh.window]
    return np.array(stretch[:2]) / sizes


def _at(mesh: Mesh, point: Point, stretch: Stretch) -> Array:
    """A point of the surface in the stretched box."""
    return mesh.lifted(np.array([point]))[0] * stretch
