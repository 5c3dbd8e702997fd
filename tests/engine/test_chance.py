"""Honest chance: batches, their gradients at a point, and the loss of one batch."""

from __future__ import annotations

import math
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from optiviz.engine import GRADIENTS, OPTIMIZERS, SURFACES, Entrant, RaceSpec, run_race
from optiviz.engine.chance import REACH, batch_field, batch_gradients
from optiviz.engine.draws import batch, batches, normals, offsets
from optiviz.engine.kernels import kernel_of

if TYPE_CHECKING:
    from optiviz.engine.surfaces import Surface

#: The share of a normal cloud within the ellipse.
SHARE = 1.0 - math.exp(-0.5 * REACH * REACH)
Array = np.ndarray
DATA = tuple(key for key, surface in SURFACES.items() if surface.group == "data")
every_data_surface = pytest.mark.parametrize("key", DATA)


def off_center(surface: Surface) -> tuple[float, float]:
    """A point in the window that nothing singles out."""
    (x0, x1), (y0, y1) = surface.window
    return (x0 + 0.37 * (x1 - x0), y0 + 0.58 * (y1 - y0))


def few_gradients(key: str, count: int) -> tuple[Surface, Array, Array]:
    """A surface, a point, and the gradients there of the first few examples, (count, 2)."""
    surface = SURFACES[key]()
    point = np.array(off_center(surface))
    return surface, point, surface.example_gradients(*point)[:count]


# ---- the examples' gradients


@every_data_surface
def test_the_full_gradient_is_the_mean_of_the_examples(key: str) -> None:
    surface = SURFACES[key]()
    x, y = off_center(surface)
    mean = surface.example_gradients(x, y).mean(axis=0)
    assert mean == pytest.approx(surface.gradient(x, y), rel=1e-12, abs=1e-14)


@every_data_surface
def test_a_batch_gradient_is_the_mean_over_its_rows_alone(key: str) -> None:
    """By the kernel that a race runs, which is given the rows of the batch and nothing else."""
    surface = SURFACES[key]()
    x, y = off_center(surface)
    each = surface.example_gradients(x, y)
    for step in range(6):
        rows = batch(5, len(each), 7, False, step)
        g = [0.0, 0.0]
        kernel_of(surface)(x, y, surface.kernel_knobs(), surface.examples[rows].tolist(), g)
        assert g == pytest.approx(each[rows].mean(axis=0), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("count", [4, 7, 200, 2000])
def test_tilts_have_the_mean_0_and_the_covariance_1(count: int) -> None:
    tilts = offsets(count)
    assert tilts.sum(axis=0) == pytest.approx([0.0, 0.0], abs=1e-10)
    assert tilts.T @ tilts / count == pytest.approx(np.eye(2), abs=1e-12)


# ---- all batches of a small set


@every_data_surface
@pytest.mark.parametrize("size", [1, 3, 7])
def test_the_batch_gradient_is_unbiased_over_all_batches(key: str, size: int) -> None:
    _, _, gradients = few_gradients(key, 7)
    means = np.array([gradients[list(rows)].mean(axis=0) for rows in combinations(range(7), size)])
    full = gradients.mean(axis=0)
    assert means.mean(axis=0) == pytest.approx(full, rel=1e-12, abs=1e-14)


@every_data_surface
@pytest.mark.parametrize("size", [1, 3, 6])
def test_the_covariance_without_replacement_is_that_of_all_batches(key: str, size: int) -> None:
    _, _, gradients = few_gradients(key, 7)
    means = np.array([gradients[list(rows)].mean(axis=0) for rows in combinations(range(7), size)])
    population = np.cov(gradients.T, bias=True)
    closed = population / size * (7 - size) / (7 - 1)
    assert np.cov(means.T, bias=True) == pytest.approx(closed, rel=1e-10, abs=1e-14)


@every_data_surface
def test_the_covariance_with_replacement_is_that_of_all_tuples(key: str) -> None:
    _, _, gradients = few_gradients(key, 5)
    means = np.array([gradients[list(rows)].mean(axis=0) for rows in product(range(5), repeat=3)])
    assert means.mean(axis=0) == pytest.approx(gradients.mean(axis=0), rel=1e-12, abs=1e-14)
    closed = np.cov(gradients.T, bias=True) / 3
    assert np.cov(means.T, bias=True) == pytest.approx(closed, rel=1e-10, abs=1e-14)


@pytest.mark.parametrize("replacement", [False, True])
@pytest.mark.parametrize("key", ["beale", *DATA])
def test_a_cloud_gives_the_covariance_of_the_closed_form(key: str, replacement: bool) -> None:
    surface = SURFACES[key]()
    gradient = GRADIENTS["mini_batch"](
        batch_size=6, replacement=replacement, examples=50, spread=0.7
    )
    point = off_center(surface)
    if surface.has_examples:
        gradients = surface.example_gradients(*point)
    else:
        gradients = surface.gradient(*point) + 0.7 * offsets(50)
    count = len(gradients)
    population = np.cov(gradients.T, bias=True)
    closed = population / 6 * (1.0 if replacement else (count - 6) / (count - 1))
    cloud = batch_gradients(surface, gradient, point, 3)
    assert cloud.covariance == pytest.approx(closed, rel=1e-9, abs=1e-14)
    assert cloud.population == pytest.approx(population, rel=1e-9, abs=1e-14)
    assert cloud.true_gradient == pytest.approx(surface.gradient(*point))
    assert cloud.batch_size == 6


# ---- what was drawn


@pytest.mark.parametrize("replacement", [False, True])
@pytest.mark.parametrize("size", [1, 4, 16])
@pytest.mark.parametrize("key", ["himmelblau", *DATA])
def test_a_cloud_scatters_as_it_should(key: str, size: int, replacement: bool) -> None:
    surface = SURFACES[key]()
    gradient = GRADIENTS["mini_batch"](batch_size=size, replacement=replacement)
    drawn = 2000
    cloud = batch_gradients(surface, gradient, off_center(surface), 11, draws=drawn)
    assert cloud.gradients.shape == (drawn, 2)
    assert cloud.mean == pytest.approx(cloud.gradients.mean(axis=0))
    # In the directions of the ellipse: five standard errors of the mean, and of the variance with
    # the fourth moment that was drawn.
    for axis in cloud.axes:
        sigma = float(np.hypot(*axis)) / REACH
        if sigma < 1e-9:
            continue
        along = (cloud.gradients - cloud.true_gradient) @ (axis / np.hypot(*axis))
        assert abs(along.mean()) <= 5.0 * sigma / np.sqrt(drawn)
        error = np.sqrt((np.mean(along**4) - sigma**4) / drawn)
        assert abs(np.mean(along**2) - sigma**2) <= 5.0 * error + 1e-15


def test_painted_noise_scatters_by_its_sigma() -> None:
    surface = SURFACES["beale"]()
    cloud = batch_gradients(surface, GRADIENTS["gaussian"](sigma=0.3), (1.0, 1.0), 5, draws=4000)
    assert cloud.covariance == pytest.approx(0.09 * np.eye(2))
    assert np.cov(cloud.gradients.T) == pytest.approx(cloud.covariance, abs=0.09 * 5 * 0.025)
    assert cloud.gradients == pytest.approx(surface.gradient(1.0, 1.0) + 0.3 * normals(5, 0, 4000))
    assert cloud.batch_size is None


def test_an_ellipse_of_two_deviations_holds_86_percent_of_a_normal_cloud() -> None:
    cloud = batch_gradients(SURFACES["beale"](), GRADIENTS["gaussian"](), (1.0, 1.0), 5, draws=4000)
    inside = within(cloud.gradients - cloud.true_gradient, cloud.axes)
    assert SHARE == pytest.approx(0.8647, abs=1e-4)
    assert inside.mean() == pytest.approx(SHARE, abs=5 * np.sqrt(0.865 * 0.135 / 4000))


def within(apart: Array, axes: Array) -> Array:
    squares = (axes**2).sum(axis=1)
    return (((apart @ axes.T) / squares) ** 2).sum(axis=1) <= 1.0


@pytest.mark.parametrize("key", DATA)
def test_the_half_axes_are_the_covariances_eigenvectors(key: str) -> None:
    surface = SURFACES[key]()
    cloud = batch_gradients(surface, GRADIENTS["mini_batch"](), off_center(surface), 0)
    long, short = np.hypot(*cloud.axes.T)
    assert long >= short
    assert cloud.axes[0] @ cloud.axes[1] == pytest.approx(0.0, abs=1e-9 * long * long)
    back = cloud.axes.T @ cloud.axes / REACH**2
    assert back == pytest.approx(cloud.covariance, rel=1e-6, abs=1e-12 * long * long)


@pytest.mark.parametrize(
    "gradient", [GRADIENTS["full"](), GRADIENTS["mini_batch"](batch_size=2000)]
)
@pytest.mark.parametrize("key", ["beale", "line"])
def test_where_there_is_no_chance_every_gradient_is_the_true_one(key: str, gradient: Any) -> None:
    surface = SURFACES[key]()
    cloud = batch_gradients(surface, gradient, off_center(surface), 0)
    assert (cloud.covariance == 0.0).all()
    assert (cloud.axes == 0.0).all()
    assert cloud.gradients == pytest.approx(np.tile(cloud.true_gradient, (200, 1)), rel=1e-12)


def test_a_cloud_shrinks_as_the_batch_grows() -> None:
    surface = SURFACES["logistic"]()
    sizes = [1, 2, 8, 32, 128, len(surface.examples)]
    traces = []
    for size in sizes:
        gradient = GRADIENTS["mini_batch"](batch_size=size)
        cloud = batch_gradients(surface, gradient, off_center(surface), 0)
        traces.append(np.trace(cloud.covariance))
    assert (np.diff(traces) < 0.0).all()
    assert traces[-1] == 0.0


def test_the_same_seed_gives_the_same_cloud_and_another_one_another() -> None:
    surface = SURFACES["line"]()
    gradient, point = GRADIENTS["mini_batch"](), off_center(surface)
    one, same, other = (batch_gradients(surface, gradient, point, seed) for seed in (4, 4, 5))
    assert one.gradients.tobytes() == same.gradients.tobytes()
    assert (one.gradients != other.gradients).any()
    for array in (one.gradients, one.true_gradient, one.mean, one.covariance, one.axes):
        with pytest.raises(ValueError, match="read-only"):
            array[:1] = 0.0


def test_a_cloud_far_out_is_not_finite_and_does_not_raise() -> None:
    with np.errstate(all="ignore"):
        cloud = batch_gradients(SURFACES["beale"](), GRADIENTS["mini_batch"](), (1e200, 1e200), 0)
    assert not np.isfinite(cloud.true_gradient).all()


# ---- the batches of a race


@pytest.mark.parametrize("size", [1, 4, 7, 30, 42, 100])
def test_one_epoch_looks_at_each_example_once(size: int) -> None:
    steps = -(-42 // size)
    for epoch in range(3):
        rows, cuts = batches(9, 42, size, False, epoch * steps, (epoch + 1) * steps)
        assert sorted(rows) == list(range(42))
        assert len(cuts) == steps + 1
        assert np.diff(cuts).max() <= size


def test_equal_sizes_see_equal_batches_and_smaller_ones_their_beginnings() -> None:
    surface = SURFACES["line"]()
    gradients = [GRADIENTS["mini_batch"](batch_size=size) for size in (8, 8, 3)]
    entrants = tuple(
        Entrant(OPTIMIZERS[key](lr=0.01), gradient=gradient)
        for key, gradient in zip(("sgd", "adam", "momentum"), gradients, strict=True)
    )
    race = run_race(RaceSpec(surface, surface.start, 40, entrants, seed=3))
    per_epoch = [-(-race.runs[0].entrant.gradient.examples_of(105) // size) for size in (8, 3)]
    for step in range(40):
        assert (race.runs[0].batch(step) == race.runs[1].batch(step)).all()
    for epoch in range(2):
        large = race.runs[0].batch(epoch * per_epoch[0])
        small = race.runs[2].batch(epoch * per_epoch[1])
        assert (small == large[:3]).all()


@pytest.mark.parametrize("size", [2, 5])
def test_with_replacement_smaller_batches_are_the_beginnings_of_larger_ones(size: int) -> None:
    for step in range(150):
        large = batch(1, 42, 9, True, step)
        assert (batch(1, 42, size, True, step) == large[:size]).all()


def test_another_seed_draws_other_batches() -> None:
    one, other = (batches(seed, 42, 5, False, 0, 9)[0] for seed in (0, 1))
    assert (one != other).any()
    assert (batches(0, 42, 5, False, 0, 9)[0] == one).all()


# ---- the loss of one batch


def test_on_a_formula_the_batches_of_an_epoch_have_the_loss_as_their_mean() -> None:
    surface = SURFACES["beale"]()
    gradient = GRADIENTS["mini_batch"](batch_size=20, examples=100, spread=2.0)
    fields = [batch_field(surface, gradient, 0, step, surface.window, 31, 23) for step in range(5)]
    heights = np.mean([field.heights for field in fields if field is not None], axis=0)
    x, y = (np.linspace(*side, count) for side, count in zip(surface.window, (31, 23), strict=True))
    exact = surface.value(*np.meshgrid(x, y))
    assert heights == pytest.approx(exact, rel=1e-12, abs=1e-9)
    assert all(len(field.rows) == 20 for field in fields if field is not None)


@every_data_surface
@pytest.mark.parametrize("replacement", [False, True])
def test_on_data_it_is_the_mean_over_the_rows_of_the_batch(key: str, replacement: bool) -> None:
    surface = SURFACES[key]()
    gradient = GRADIENTS["mini_batch"](batch_size=5, replacement=replacement)
    field = batch_field(surface, gradient, 2, 3, surface.window, 9, 7)
    assert field is not None
    assert (field.rows == gradient.batch(len(surface.examples), 2, 3)).all()
    rows = surface.examples[field.rows].tolist()
    (x0, x1), (y0, y1) = surface.window
    for row, column in ((0, 0), (3, 4), (6, 8)):
        x, y = x0 + (x1 - x0) * column / 8, y0 + (y1 - y0) * row / 6
        value = kernel_of(surface)(x, y, surface.kernel_knobs(), rows, [0.0, 0.0])
        assert field.heights[row, column] == pytest.approx(value, rel=1e-12)


def test_the_lowest_point_of_a_batch_on_a_quadratic_is_where_its_gradient_vanishes() -> None:
    surface = SURFACES["quadratic"]()
    gradient = GRADIENTS["mini_batch"](batch_size=10, examples=100, spread=0.5)
    field = batch_field(surface, gradient, 0, 4, surface.window, 401, 401)
    assert field is not None
    tilt = 0.5 * offsets(100)[field.rows].mean(axis=0)
    place = -np.linalg.solve(surface.hessian(0.0, 0.0), tilt)
    (x0, x1), (y0, y1) = surface.window
    assert field.lowest is not None
    # As near as the grid allows; along the valley the loss hardly rises.
    assert surface.value(*(np.array(field.lowest) - place)) <= surface.value(
        (x1 - x0) / 400, (y1 - y0) / 400
    )


def test_its_lines_lie_on_few_levels_and_are_joined_by_ones() -> None:
    surface = SURFACES["two_weights"]()
    field = batch_field(surface, GRADIENTS["mini_batch"](), 0, 0, surface.window)
    assert field is not None
    assert len(field.lines_x) == len(field.lines_y) == len(field.lines_connect) > 50
    assert set(np.unique(field.lines_connect)) == {0, 1}
    assert field.lines_connect[-1] == 0


@pytest.mark.parametrize("gradient", [GRADIENTS["full"](), GRADIENTS["gaussian"]()])
@pytest.mark.parametrize("key", ["beale", "line"])
def test_without_batches_there_is_no_such_loss(key: str, gradient: Any) -> None:
    surface = SURFACES[key]()
    assert batch_field(surface, gradient, 0, 0, surface.window) is None
