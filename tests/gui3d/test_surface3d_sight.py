"""Cameras, projection and lines on the surface: numbers alone, no OpenGL."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QMatrix4x4, QVector3D

from optiviz.engine import SURFACES, FieldSpec
from optiviz.engine.field import Field
from optiviz.engine.mesh import MeshSpec, mesh_of, sample_mesh
from optiviz.gui.drawing.projection import fit
from optiviz.gui.views.surface3d.camera import (
    Camera3D,
    along_the_valley,
    at_home,
    between,
    focus_of,
    from_above,
    from_the_start,
    matrix_of,
    stretch_of,
)
from optiviz.gui.views.surface3d.motion import CameraMotion
from optiviz.gui.views.surface3d.projection import projection_of
from optiviz.gui.views.surface3d.strokes import draped

RNG = np.random.default_rng(8)
SIZE = (900, 620)


@pytest.fixture(scope="module")
def mesh():
    surface = SURFACES["rosenbrock"]()
    return sample_mesh(MeshSpec.over(surface, surface.window, points=120))


@pytest.fixture(scope="module")
def ridge():
    """A wall along y in the middle of a plain; its crest is at x = 0."""
    x = np.linspace(-2.0, 2.0, 161)
    shade = np.tile(np.exp(-((x / 0.3) ** 2)), (81, 1)).astype(np.float32)
    nothing = np.empty(0)
    spec = FieldSpec(SURFACES["quadratic"](), (-2.0, 2.0), (-1.0, 1.0), 161, 81)
    field = Field(spec, shade.astype(float), shade, nothing, nothing, nothing, ())
    return mesh_of(field, "compressed")


def seen_of(mesh, camera=None, size=SIZE):
    return projection_of(mesh, camera or Camera3D(), stretch_of(mesh, 1.0, equal_axes=True), *size)


def cameras():
    return [
        Camera3D(),
        from_above(),
        Camera3D(azimuth=100.0, elevation=20.0, distance=1.4, x=0.2, y=-0.1),
        Camera3D(azimuth=-179.0, elevation=60.0, distance=4.0),
    ]


@pytest.mark.parametrize("camera", cameras())
def test_the_matrix_is_that_of_qt(camera):
    """Qt's own look-at and frustum give the same picture, but for the direction of y."""
    width, height = SIZE
    right, up, back = camera.axes()
    ours = matrix_of(camera, width, height)
    theirs = QMatrix4x4()
    near, far = 0.01 * camera.distance, camera.distance + 4.0
    focus = focus_of(width, height)
    wide, high = near * width / 2 / focus, near * height / 2 / focus
    theirs.frustum(-wide, wide, -high, high, near, far)
    theirs.lookAt(QVector3D(*camera.eye), QVector3D(*camera.centre), QVector3D(*up))
    for point in RNG.uniform(-0.5, 0.5, (20, 3)):
        clip = ours @ [*point, 1.0]
        wanted = theirs.map(QVector3D(*point))
        found = clip[:3] / clip[3]
        assert found == pytest.approx((wanted.x(), -wanted.y(), wanted.z()), abs=1e-3)
    assert abs(right @ up) < 1e-12
    assert np.cross(right, up) == pytest.approx(back)


@pytest.mark.parametrize("camera", cameras())
def test_what_is_seen_at_a_pixel_is_seen_there(mesh, camera):
    seen = seen_of(mesh, camera)
    found = 0
    for px, py in RNG.uniform((0, 0), SIZE, (200, 2)):
        point = seen.data_at(px, py)
        if point is not None:
            found += 1
            assert seen.pixel(*point) == pytest.approx((px, py), abs=0.01)
    assert found > 10


def test_from_above_it_is_the_contour(mesh):
    """On the level of the floor, the plane looks as on the contour, but for its scale."""
    seen = seen_of(mesh, replace(from_above(), z=0.0))
    plan = fit(mesh.window, *SIZE, stretch=False)
    corners = np.array([[-0.5, -0.5, 0.0], [0.5, -0.5, 0.0], [-0.5, 0.5, 0.0]])
    pixels, _ = seen.seen(corners)
    (x0, x1), (y0, y1) = mesh.window
    flat = np.array([plan.pixel(x, y) for x, y in ((x0, y0), (x1, y0), (x0, y1))])
    middle = np.array(SIZE) / 2
    scale = (pixels[1, 0] - pixels[0, 0]) / (flat[1, 0] - flat[0, 0])
    assert scale > 0.3
    assert pixels - middle == pytest.approx((flat - middle) * scale, abs=0.01)


def test_points_beyond_the_mesh_are_out_of_sight_on_their_side(mesh):
    seen = seen_of(mesh, from_above())
    for point, right, down in (
        ((50.0, 1.0), 1, 0),
        ((-50.0, 1.0), -1, 0),
        ((0.0, 50.0), 0, -1),
        ((0.0, -50.0), 0, 1),
        ((1e300, -1e300), 1, 1),
    ):
        px, py = seen.pixel(*point)
        assert not seen.shows(px, py)
        way = np.array([px, py]) - np.array(SIZE) / 2
        assert np.sign(np.where(abs(way) > 2e4, way, 0.0)).tolist() == [right, down]
    assert np.isfinite(seen.pixels(np.array([[1e300, 0.0], [0.0, -1e308]]))).all()


def test_beside_the_surface_the_nearest_edge_is_meant(mesh):
    seen = seen_of(mesh, from_above())
    (x0, x1), (y0, y1) = mesh.window
    for px, py in ((2, 2), (898, 2), (898, 618), (450, 1)):
        x, y = seen.data(px, py)
        assert x0 <= x <= x1
        assert y0 <= y <= y1
    assert seen.data(2, 310)[0] == pytest.approx(x0)
    assert seen.data(898, 310)[0] == pytest.approx(x1)


def test_a_camera_goes_around_and_stays_above_the_ground():
    camera = Camera3D(azimuth=170.0, elevation=80.0)
    assert camera.orbited(-20.0, 0.0).azimuth == pytest.approx(-170.0)
    assert camera.orbited(0.0, -50.0).elevation == 90.0
    assert camera.orbited(0.0, 500.0).elevation == 3.0
    assert camera.orbited(7.0, 7.0).distance == camera.distance


def test_panning_takes_the_picture_along():
    camera, focus = Camera3D(), focus_of(*SIZE)
    moved = camera.panned(30.0, -12.0, focus)
    matrix = matrix_of(moved, *SIZE)
    x, y, _, w = matrix @ [*camera.centre, 1.0]
    assert ((x / w) * SIZE[0] / 2, (y / w) * SIZE[1] / 2) == pytest.approx((30.0, -12.0), abs=1e-6)


def test_zooming_keeps_the_point_under_the_pointer(mesh):
    camera = Camera3D()
    seen = seen_of(mesh, camera)
    about = mesh.lifted(np.array([[0.3, 0.4]]))[0] * seen.stretch
    before = seen.pixel(0.3, 0.4)
    nearer = camera.zoomed(0.7, about)
    assert nearer.distance == pytest.approx(0.7 * camera.distance)
    assert seen_of(mesh, nearer).pixel(0.3, 0.4) == pytest.approx(before, abs=1e-6)
    assert camera.zoomed(1e-9).distance > 0.0
    assert camera.zoomed(1e9).distance < 100.0


def test_a_camera_between_two_goes_the_shorter_way():
    a, b = Camera3D(azimuth=170.0, distance=1.0), Camera3D(azimuth=-170.0, distance=4.0)
    middle = between(a, b, 0.5)
    assert abs(middle.azimuth) == pytest.approx(180.0)
    assert middle.distance == pytest.approx(2.0)
    assert between(a, b, 0.0) == a
    assert between(a, b, 1.0) == b


def corners_seen(camera, stretch, size):
    """Where the corners of a stretched box are seen: (8, 2) pixels. Qt does the sums."""
    width, height = size
    seen = QMatrix4x4(*matrix_of(camera, width, height).ravel().tolist())
    wide, deep, top = stretch
    found = []
    for x in (-wide / 2, wide / 2):
        for y in (-deep / 2, deep / 2):
            for z in (0.0, top):
                at = seen.map(QVector3D(x, y, z))
                found.append(((at.x() + 1) * width / 2, (at.y() + 1) * height / 2))
    return np.array(found)


@pytest.mark.parametrize("size", [(800, 700), (370, 620), (1300, 860), (420, 280)])
@pytest.mark.parametrize("deep", [1.0, 0.35])
@pytest.mark.parametrize("exaggeration", [0.1, 1.0, 5.0])
def test_home_shows_all_and_wastes_no_room(size, deep, exaggeration):
    stretch = (1.0, deep, 0.36 * exaggeration)
    found = corners_seen(at_home(stretch, *size), stretch, size)
    left, top = found.min(axis=0) / size
    right, bottom = found.max(axis=0) / size
    assert left > 0.08
    assert right < 0.92
    assert top > 0.09  # the formula stands above it
    assert bottom < 0.95
    assert max(right - left, (bottom - top)) > 0.62
    # As much is left free above as below, in its proportion.
    assert 0.4 * (bottom - 0.5) == pytest.approx(0.43 * (0.5 - top), abs=0.01)


@pytest.mark.parametrize("exaggeration", [0.1, 1.0, 5.0])
def test_from_above_all_is_seen_however_high_walls_stand(exaggeration):
    stretch = (1.0, 1.0, 0.36 * exaggeration)
    found = corners_seen(from_above(stretch), stretch, (800, 700))
    assert (found > 0.0).all()
    assert (found < (800, 700)).all()


def test_along_the_valley_looks_along_the_flattest_direction():
    """Of ½(u² + κv²) turned by an angle, that is u."""
    surface = SURFACES["quadratic"](kappa=30.0, angle=35.0)
    mesh = sample_mesh(MeshSpec.over(surface, surface.window, points=60))
    stretch = stretch_of(mesh, 1.0, equal_axes=True)
    for start in ((-4.0, -2.0), (2.5, 2.5)):
        camera = along_the_valley(surface, mesh, start, stretch)
        u = np.array([math.cos(math.radians(35.0)), math.sin(math.radians(35.0))])
        back = camera.axes()[2][:2]
        back /= np.hypot(*back)
        assert abs(back @ u) == pytest.approx(1.0, abs=1e-6)
        assert back @ start > 0.0  # the start is on this side


def test_from_the_start_one_looks_at_the_minimum_behind_it(mesh):
    start = (-1.2, 1.0)
    camera = from_the_start(mesh, start, stretch_of(mesh, 1.0, equal_axes=True))
    seen = seen_of(mesh, camera)
    begin, goal = seen.pixel(*start), seen.pixel(1.0, 1.0)
    assert seen.shows(*begin)
    assert seen.shows(*goal)
    assert begin[1] > goal[1]
    assert begin[0] == pytest.approx(goal[0], abs=2.0)


# ---- lines on the surface


def test_lines_lie_on_the_surface_where_it_bends(ridge):
    seen = seen_of(ridge)
    path = np.array([[-1.5, 0.2], [1.5, -0.3]])
    strokes = draped(path, seen).strokes
    assert len(strokes) > 20
    assert strokes.reach[0, 0] == 0.0
    assert strokes.reach[-1, 1] == 1.0
    for line, (begin, end) in zip(strokes.lines, strokes.reach, strict=True):
        for pixel, share in ((line[:2], begin), (line[2:], end)):
            x, y = path[0] + share * (path[1] - path[0])
            assert pixel == pytest.approx(seen.pixel(x, y), abs=0.01)
        x, y = path[0] + (begin + end) / 2 * (path[1] - path[0])
        assert (line[:2] + line[2:]) / 2 == pytest.approx(seen.pixel(x, y), abs=0.7)


def test_lines_follow_each_other_and_end_at_the_edge_of_the_mesh(ridge):
    seen = seen_of(ridge)
    path = np.array([[0.0, 0.0], [1.0, 0.5], [9.0, 0.5], [1e300, 0.0]])
    strokes = draped(path, seen).strokes
    assert (strokes.lines[1:, :2] == strokes.lines[:-1, 2:]).all()
    assert strokes.reach[-1, 1] == pytest.approx(1.0 + 1.0 / 8.0)
    assert strokes.lines[-1, 2:] == pytest.approx(seen.pixel(2.0, 0.5), abs=1e-6)
    assert len(draped(np.full((5, 2), 77.0), seen).strokes) == 0


def test_a_long_path_becomes_few_lines(mesh):
    turn = np.linspace(0.0, 300.0, 50_001)
    path = np.stack([np.cos(turn), 1.0 + np.sin(turn)], axis=1) * (1.0 - turn / 400.0)[:, None]
    whole = draped(path, seen_of(mesh))
    assert 100 < len(whole.strokes) < 30_000
    assert (np.diff(whole.strokes.reach.ravel()) >= 0.0).all()


def test_what_a_wall_hides_is_told_apart(ridge):
    """From the right and low, what lies to the left of the wall is hidden by its height."""
    camera = Camera3D(azimuth=0.0, elevation=12.0, distance=3.0)
    seen = seen_of(ridge, camera)
    seen = replace(seen, depth=traced(seen))
    assert not seen.hides(1.0, 0.0)
    assert not seen.hides(0.05, 0.0)
    assert seen.hides(-0.5, 0.0)
    whole = draped(np.array([[1.5, 0.0], [-1.5, 0.0]]), seen)
    x = 1.5 - 3.0 * whole.strokes.reach.mean(axis=1)
    assert not whole.behind[x > 0.05].any()
    shaded = (x < -0.4) & (x > -0.9)
    assert whole.behind[shaded].all()
    front = whole.part(whole.strokes, behind=False)
    back = whole.part(whole.strokes, behind=True)
    assert len(front) + len(back) == len(whole.strokes)


def traced(seen):
    """The depths that are seen, ray by ray: nothing of OpenGL."""
    columns, rows = 90, 62
    depth = np.full((rows, columns), 255, dtype=np.uint8)
    for row in range(rows):
        for column in range(columns):
            px = (column + 0.5) * seen.width / columns
            py = (row + 0.5) * seen.height / rows
            found = seen.data_at(px, py)
            if found is not None:
                _, deep = seen.seen(seen.mesh.lifted(np.array([found])))
                depth[row, column] = round(float(deep[0]))
    return depth


# ---- cameras that move by themselves


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def moving(qapp):
    owner, clock, shown = QObject(), Clock(), [Camera3D()]
    motion = CameraMotion(owner, lambda: shown[-1], clock)
    motion.moved.connect(shown.append)

    def frames(seconds):
        for _ in range(round(seconds * 50)):
            clock.now += 0.02
            if motion.busy:
                motion.on_frame()

    yield motion, shown, frames
    motion.pause()


def test_a_flight_begins_and_ends_gently(moving):
    motion, shown, frames = moving
    arrived = []
    motion.arrived.connect(lambda: arrived.append(shown[-1]))
    motion.fly(from_above())
    frames(2.0)
    assert arrived == [from_above()]
    assert not motion.busy
    rises = np.diff([camera.elevation for camera in shown])
    assert (rises >= 0.0).all()
    assert rises[1] < rises.max() / 3
    assert rises[-1] < rises.max() / 3


def test_where_motion_is_reduced_a_flight_is_a_jump_and_nothing_turns(moving):
    motion, shown, _ = moving
    motion.show_reduced(True)
    motion.fly(from_above())
    assert shown[-1] == from_above()
    motion.show_turning(True)
    assert not motion.turning
    assert not motion.busy


def test_the_turntable_turns_until_a_hand_takes_the_camera(moving):
    motion, shown, frames = moving
    motion.show_turning(True)
    frames(3.0)
    turn = (shown[-1].azimuth - shown[0].azimuth) % 360.0
    assert 10.0 < turn < 30.0
    motion.stop()
    assert not motion.busy
    assert not motion.turning


def test_a_racer_that_is_followed_comes_to_the_middle(moving):
    motion, shown, frames = moving
    motion.follow(np.array([0.3, -0.2, 0.1]))
    frames(3.0)
    assert shown[-1].centre == pytest.approx((0.3, -0.2, 0.1), abs=2e-3)
    assert not motion.busy


def test_a_view_that_nobody_sees_rests(moving):
    motion, shown, _ = moving
    motion.show_turning(True)
    motion.fly(from_above())
    motion.pause()
    assert shown[-1] == from_above()
    assert not motion.busy
    motion.show_turning(False)
