from dataclasses import replace

import numpy as np
import pytest

from optiviz.engine import SURFACES, Cancelled, FieldSpec, PartError, sample_field
from optiviz.engine.field import Field
from optiviz.engine.mesh import Mesh, MeshSpec, mesh_of, sample_mesh

RNG = np.random.default_rng(5)


def flat_field(rise, x_range=(-1.0, 3.0), y_range=(0.0, 2.0)):
    """A field of which the shade is given, as a formula of columns and rows in the box."""
    rows, columns = 41, 81
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, columns), np.linspace(-0.5, 0.5, rows))
    shade = rise(x, y).astype(np.float32)
    nothing = np.empty(0)
    spec = FieldSpec(SURFACES["quadratic"](), x_range, y_range, columns, rows)
    return Field(spec, shade.astype(float), shade, nothing, nothing, nothing, ())


@pytest.fixture(scope="module")
def plane():
    return mesh_of(flat_field(lambda x, y: 0.5 + 0.3 * x - 0.2 * y), "compressed")


@pytest.fixture(scope="module")
def bowl():
    return mesh_of(flat_field(lambda x, y: x * x + y * y), "compressed")


def test_the_box_and_the_grid(bowl):
    assert bowl.vertices.min(axis=0) == pytest.approx((-0.5, -0.5, 0.0))
    assert bowl.vertices.max(axis=0) == pytest.approx((0.5, 0.5, 0.5))
    assert bowl.vertices.dtype == bowl.normals.dtype == np.float32
    rows, columns = bowl.shape
    assert len(bowl.vertices) == rows * columns
    assert len(bowl.faces) == 2 * (rows - 1) * (columns - 1)
    for array in (bowl.vertices, bowl.normals, bowl.shade, bowl.faces):
        with pytest.raises(ValueError, match="read-only"):
            array[:1] = 0


def test_faces_cover_the_floor_once_and_look_up(bowl):
    a, b, c = (bowl.vertices[bowl.faces[:, corner]].astype(float) for corner in range(3))
    across = np.cross(b - a, c - a)
    assert (across[:, 2] > 0).all()
    assert across[:, 2].sum() / 2 == pytest.approx(1.0, rel=1e-5)


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_coarser_cells_cover_the_floor_once_too(bowl, step):
    rows, columns = bowl.shape
    cells = bowl.cells(step)
    assert cells.dtype == np.uint32
    assert cells.shape == (-(-(rows - 1) // step), -(-(columns - 1) // step), 6)
    a, b, c = (bowl.vertices[cells.reshape(-1, 3)[:, at]].astype(float) for at in range(3))
    across = np.cross(b - a, c - a)
    assert (across[:, 2] > 0).all()
    assert across[:, 2].sum() / 2 == pytest.approx(1.0, rel=1e-5)
    if step == 1:
        assert np.array_equal(cells.reshape(-1, 3), bowl.faces)


@pytest.mark.parametrize("key", ["rosenbrock", "himmelblau", "rastrigin"])
@pytest.mark.parametrize("heights", ["compressed", "linear"])
def test_normals_are_those_of_the_analytic_gradient(key, heights):
    surface = SURFACES[key]()
    mesh = sample_mesh(MeshSpec.over(surface, surface.window, heights, points=700))
    spec = mesh.spec.field
    x, y = np.meshgrid(
        np.linspace(*spec.x_range, spec.columns), np.linspace(*spec.y_range, spec.rows)
    )
    gradient = surface.gradient(x, y)
    above = surface.value(x, y) - surface.least
    z = mesh.vertices[:, 2].reshape(mesh.shape).astype(float)
    if heights == "linear":
        rate = np.full_like(above, 1.2 / (mesh.top - mesh.bottom))
    else:
        # z = (log₁₀(h + 10^low) − low) / decades, so dz/dh = 1 / ((h + 10^low) ln 10 decades)
        whole = np.argmax((z > 0.3) & (z < 0.9))
        level, decades = z.ravel()[whole], surface.decades
        floor = above.ravel()[whole] / (10.0 ** (level * decades) - 1.0)
        rate = 1.0 / ((above + floor) * np.log(10.0) * decades)
    (x0, x1), (y0, y1) = mesh.window
    gradients = gradient[0] * rate * (x1 - x0), gradient[1] * rate * (y1 - y0)
    wanted = np.stack([-gradients[0], -gradients[1], np.ones_like(z)], axis=-1)
    wanted /= np.linalg.norm(wanted, axis=-1, keepdims=True)
    # Not at the cut and in the pits, where central differences look across a bend.
    bends = [abs(np.gradient(each, axis=axis)) for each in gradients for axis in (0, 1)]
    ridge = np.maximum.reduce(bends)
    smooth = (z > 0.05) & (z < 0.79) & (ridge < 0.15)
    assert smooth.mean() > 0.15
    found = mesh.normals.reshape(*mesh.shape, 3)
    assert np.linalg.norm(mesh.normals, axis=1) == pytest.approx(1.0, abs=1e-5)
    cosine = (wanted * found).sum(axis=-1)[smooth]
    assert np.degrees(np.arccos(cosine.clip(-1, 1))).max() < 1.5


def test_linear_heights_are_losses_and_end_in_a_plateau():
    surface = SURFACES["rosenbrock"]()
    mesh = sample_mesh(MeshSpec.over(surface, surface.window, "linear"))
    losses = sample_field(mesh.spec.field).heights.ravel()
    z = mesh.vertices[:, 2].astype(float)
    order = np.argsort(losses)
    assert (np.diff(z[order]) >= 0.0).all()
    straight = z < 0.8
    assert 0.6 < straight.mean() < 0.9
    # Below the knee one number turns losses into heights.
    unit = z[straight] @ losses[straight] / (losses[straight] @ losses[straight])
    assert z[straight] == pytest.approx(unit * losses[straight], abs=1e-6)
    assert (z[losses > mesh.top] == 1.0).all()
    assert (z[losses < mesh.top] < 1.0 + 1e-7).all()
    assert mesh.rise_of(losses) == pytest.approx(z, abs=1e-6)
    # The bend over the edge is smooth.
    around = np.linspace(mesh.bottom, 1.1 * mesh.top, 4001)
    assert abs(np.diff(mesh.rise_of(around), 2)).max() < 1e-5


def test_compressed_heights_are_the_field_s_shade():
    surface = SURFACES["beale"]()
    mesh = sample_mesh(MeshSpec.over(surface, surface.window, "compressed"))
    field = sample_field(mesh.spec.field)
    assert (mesh.vertices[:, 2] == field.shade.ravel()).all()
    assert (mesh.shade == field.shade.ravel()).all()
    assert mesh.ticks == field.ticks
    assert mesh.minima == tuple(surface.minima)


def test_heights_on_a_plane_are_the_plane(plane):
    x, y = RNG.uniform(-1, 3, 200), RNG.uniform(0, 2, 200)
    wanted = 0.5 + 0.3 * ((x + 1) / 4 - 0.5) - 0.2 * (y / 2 - 0.5)
    assert plane.height_at(x, y) == pytest.approx(wanted, abs=1e-6)


def test_heights_at_grid_points_are_the_vertices(bowl):
    (x0, x1), (y0, y1) = bowl.window
    x = x0 + (bowl.vertices[:, 0] + 0.5) * (x1 - x0)
    y = y0 + (bowl.vertices[:, 1] + 0.5) * (y1 - y0)
    assert bowl.height_at(x, y) == pytest.approx(bowl.vertices[:, 2], abs=1e-4)


def test_points_are_laid_into_the_triangle_that_is_drawn(bowl):
    """Barycentric coordinates of a triangle, which know nothing of cells."""
    faces = bowl.faces[RNG.integers(0, len(bowl.faces), 300)]
    shares = RNG.dirichlet((1.0, 1.0, 1.0), 300)
    on_face = (bowl.vertices[faces].astype(float) * shares[..., None]).sum(axis=1)
    (x0, x1), (y0, y1) = bowl.window
    points = (on_face[:, :2] + 0.5) * (x1 - x0, y1 - y0) + (x0, y0)
    assert bowl.lifted(points) == pytest.approx(on_face, abs=1e-6)


def test_beyond_the_mesh_the_edge_goes_on(plane):
    assert plane.height_at(99.0, 1.0) == pytest.approx(plane.height_at(3.0, 1.0))
    assert np.isfinite(plane.lifted(np.array([[1e300, -1e300]]))).all()


def ray_to(mesh, target, eye):
    (x0, x1), (y0, y1) = mesh.window
    at = np.array([(target[0] - x0) / (x1 - x0) - 0.5, (target[1] - y0) / (y1 - y0) - 0.5, 0.0])
    at[2] = mesh.height_at(*target)
    return np.asarray(eye, float), at - np.asarray(eye, float)


def test_a_ray_meets_a_plane_where_algebra_says(plane):
    for _ in range(100):
        eye = np.array([*RNG.uniform(-0.4, 0.4, 2), 2.0])
        way = np.array([*RNG.uniform(-0.2, 0.2, 2), -1.0])
        # 2 − t = 0.5 + 0.3 (x + t·wx) − 0.2 (y + t·wy)
        turn = (eye[2] - 0.5 - 0.3 * eye[0] + 0.2 * eye[1]) / (0.3 * way[0] - 0.2 * way[1] + 1.0)
        met = eye + turn * way
        found = plane.pick(eye, way)
        if abs(met[:2]).max() > 0.5:
            assert found is None
        else:
            assert found == pytest.approx((-1 + (met[0] + 0.5) * 4, (met[1] + 0.5) * 2), abs=1e-5)


def test_a_ray_meets_a_bowl_where_algebra_says(bowl):
    """From the side, through the box; the grid's triangles lie 4e-4 above the bowl at most."""
    for _ in range(100):
        eye = np.array([-1.5, RNG.uniform(-0.2, 0.2), RNG.uniform(0.8, 1.4)])
        goal = np.array([RNG.uniform(-0.3, 0.3), RNG.uniform(-0.3, 0.3), 0.0])
        goal[2] = goal[0] ** 2 + goal[1] ** 2
        way = goal - eye
        a = way[0] ** 2 + way[1] ** 2
        b = 2 * (eye[0] * way[0] + eye[1] * way[1]) - way[2]
        c = eye[0] ** 2 + eye[1] ** 2 - eye[2]
        turns = np.roots([a, b, c])
        # The nearer root is the near wall's outside, or the place itself: seen from above.
        down = [t for t in turns if 2 * (eye[:2] + t * way[:2]) @ way[:2] - way[2] > 0]
        met = eye + min(down) * way
        x, y = bowl.pick(eye, way)
        assert ((x + 1) / 4 - 0.5, y / 2 - 0.5) == pytest.approx(met[:2], abs=2e-3)


def test_what_is_laid_on_the_surface_is_picked_there_again(bowl):
    for _ in range(200):
        target = RNG.uniform(-1, 3), RNG.uniform(0, 2)
        assert bowl.pick(*ray_to(bowl, target, (0.1, -0.2, 2.5))) == pytest.approx(target, abs=1e-5)


def test_straight_down_and_straight_past(bowl):
    assert bowl.pick((0.25, 0.0, 5.0), (0.0, 0.0, -1.0)) == pytest.approx((2.0, 1.0))
    assert bowl.pick((0.25, 0.0, 5.0), (0.0, 0.0, 1.0)) is None
    assert bowl.pick((0.7, 0.0, 5.0), (0.0, 0.0, -1.0)) is None
    assert bowl.pick((2.0, 0.0, 1.0), (1.0, 0.0, -0.5)) is None


def test_a_wall_seen_from_below_is_looked_through(bowl):
    """From outside, below the rim: the ray leaves the near wall's underside and meets the far."""
    x, y = bowl.pick((-1.5, 0.0, 0.1), (1.0, 0.0, 0.02))
    assert (x + 1) / 4 - 0.5 > 0
    assert y == pytest.approx(1.0)


def test_cells_are_square_whatever_the_window():
    surface = SURFACES["ravine"]()
    spec = MeshSpec.over(surface, ((0.0, 4.0), (0.0, 1.0)), points=201).field
    assert (spec.columns, spec.rows) == (201, 51)
    assert MeshSpec.over(surface, ((0.0, 1e6), (0.0, 1.0))).field.rows == 2


def test_heights_must_be_known():
    surface = SURFACES["ravine"]()
    with pytest.raises(PartError, match="compressed or linear"):
        MeshSpec(FieldSpec(surface, *surface.window), "cubic")


def test_where_losses_overflow_there_is_the_top():
    surface = SURFACES["rosenbrock"]()
    for heights in ("compressed", "linear"):
        mesh = sample_mesh(MeshSpec.over(surface, ((-1e200, 1e200), (-1.0, 1.0)), heights, 20))
        assert np.isfinite(mesh.vertices).all()
        assert np.isfinite(mesh.normals).all()


def test_a_level_surface_is_level():
    field = flat_field(lambda x, y: 0.0 * x)
    for heights in ("compressed", "linear"):
        mesh = mesh_of(replace(field, heights=np.full(mesh_shape(field), 2.0)), heights)
        assert isinstance(mesh, Mesh)
        assert np.isfinite(mesh.vertices).all()
        assert mesh.normals[:, 2] == pytest.approx(1.0)


def mesh_shape(field):
    return field.spec.rows, field.spec.columns


def test_a_dear_surface_is_reported_coarsely_first_and_can_be_stopped():
    surface = SURFACES["logistic"]()
    spec = MeshSpec.over(surface, surface.window, points=2 + int(3e6**0.5))
    coarse = []

    def stop(mesh):
        coarse.append(mesh)

    with pytest.raises(Cancelled):
        sample_mesh(spec, lambda: bool(coarse), stop)
    assert coarse[0].spec.field.columns <= 80
    assert coarse[0].window == surface.window
