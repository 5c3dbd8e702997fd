"""Every surface in the table: value, gradient, Hessian, minima, saddles and the least loss."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy import optimize

from optiviz.engine import SURFACES, Surface, curvature
from optiviz.engine.kernels import kernel_of
from optiviz.engine.rebound import plain
from optiviz.scene.model import FIRST_RACERS
from tests.engine.surface_cases import (
    ALL,
    complex_kernel,
    every_default,
    every_surface,
    points,
    smooth,
)

Array = np.ndarray
CLOSE = 1e-8
GROUPS = ("classic", "teaching", "data")
STEP = 1e-30  # of the complex step: no difference is taken, so nothing is cancelled


def assert_close(ours: Any, exact: Any) -> None:
    ours, exact = np.asarray(ours, dtype=float), np.asarray(exact, dtype=float)
    assert np.abs(ours - exact).max() <= CLOSE * np.abs(exact).max()


@every_surface
def test_gradient_is_the_complex_step_of_the_value(surface: Surface) -> None:
    for x, y in points(surface).tolist():
        fx = complex_kernel(surface, complex(x, STEP), y)[0].imag / STEP
        fy = complex_kernel(surface, x, complex(y, STEP))[0].imag / STEP
        assert_close(surface.gradient(x, y), [fx, fy])
        assert surface.gradient_along_x(x, y) == surface.gradient(x, y)[0]


@every_surface
def test_hessian_is_the_complex_step_of_the_gradient(surface: Surface) -> None:
    for x, y in points(surface).tolist():
        _, along_x = complex_kernel(surface, complex(x, STEP), y)
        _, along_y = complex_kernel(surface, x, complex(y, STEP))
        columns = [[complex(part).imag / STEP for part in g] for g in (along_x, along_y)]
        assert_close(surface.hessian(x, y), np.transpose(columns))


@every_surface
def test_numbers_and_arrays_give_the_same(surface: Surface) -> None:
    x, y = points(surface, 12).T.reshape(2, 3, 4)
    assert isinstance(surface.value(1.0, 0.5), float)
    assert surface.value(x, y).shape == (3, 4)
    assert surface.gradient(0.5, 0.5).shape == (2,)
    assert surface.gradient(x, y).shape == (2, 3, 4)
    assert surface.hessian(0.5, 0.5).shape == (2, 2)
    assert surface.hessian(x, y).shape == (2, 2, 3, 4)
    # The last bit of numpy's exp, sin and cos may be another one than that of math's.
    is_polynomial = plain(kernel_of(surface)) is kernel_of(surface)
    slack = 0.0 if is_polynomial else 1e-13
    for give in (surface.value, surface.gradient, surface.hessian):
        many = give(x, y)
        for row, column in np.ndindex(3, 4):
            one = give(float(x[row, column]), float(y[row, column]))
            apart = np.abs(many[..., row, column] - one)
            assert (apart <= slack * np.abs(many).max()).all()


@every_surface
def test_any_kind_of_number_is_taken(surface: Surface) -> None:
    for give in (surface.value, surface.gradient, surface.hessian):
        expected = give(1.0, -1.0)
        for x, y in ((1, -1), (np.float64(1.0), np.int64(-1)), (np.float32(1.0), -1.0)):
            assert (np.asarray(give(x, y)) == expected).all()


@every_surface
def test_a_row_and_a_column_make_a_grid(surface: Surface) -> None:
    x, y = np.linspace(-1.0, 1.0, 5), np.linspace(0.1, 1.0, 3)[:, None]
    full = np.meshgrid(x, y.ravel())
    for give in (surface.value, surface.gradient, surface.hessian):
        assert give(x, y).shape == give(*full).shape
        assert np.allclose(give(x, y), give(*full), rtol=1e-12, atol=1e-12)
    assert surface.gradient(0.3, y).shape == (2, 3, 1)


def sharpest(surface: Surface) -> float:
    places = smooth(surface, surface.minima + surface.saddles)
    return max(1.0, *(float(np.abs(surface.hessian(x, y)).max()) for x, y in places))


def roundoff(surface: Surface) -> float:
    """How large a gradient may be at a point that is listed to the last digit."""
    return 1e-15 * surface.width * sharpest(surface)


@every_surface
def test_minima_are_minima(surface: Surface) -> None:
    assert surface.minima
    assert len(set(surface.minima)) == len(surface.minima)
    for x, y in smooth(surface, surface.minima):
        assert np.hypot(*surface.gradient(x, y)) <= roundoff(surface)
        assert (np.linalg.eigvalsh(surface.hessian(x, y)) > 0.0).all()
        assert curvature(surface, x, y).kind == "minimum"


@every_surface
def test_saddles_are_saddles(surface: Surface) -> None:
    assert len(set(surface.saddles)) == len(surface.saddles)
    for x, y in surface.saddles:
        assert np.hypot(*surface.gradient(x, y)) <= roundoff(surface)
        low, high = np.linalg.eigvalsh(surface.hessian(x, y))
        if (x, y) in surface.degenerate:
            assert 0.0 in (low, high)
        else:
            assert low < 0.0 < high
            assert curvature(surface, x, y).kind == "saddle"


@every_surface
def test_round_a_saddle_it_goes_up_and_down(surface: Surface) -> None:
    around = np.linspace(0.0, 2.0 * np.pi, 721)
    for x, y in surface.saddles:
        radius = 1e-3 * surface.width
        ring = surface.value(x + radius * np.cos(around), y + radius * np.sin(around))
        higher = ring > surface.value(x, y)
        assert higher.any()
        assert not higher.all()
        changes = int((higher[1:] != higher[:-1]).sum())
        assert changes == (6 if (x, y) in surface.degenerate else 4)


@every_surface
def test_a_cusp_is_lowest_and_the_gradient_does_not_fade_toward_it(surface: Surface) -> None:
    for x, y in surface.cusps:
        assert (x, y) in surface.minima
        assert (surface.gradient(x, y) == 0.0).all()
        assert np.isnan(surface.hessian(x, y)).all()
        assert np.isnan(surface.hessian(np.array([x, x + 1.0]), np.array([y, y]))[..., 0]).all()
        for angle in np.linspace(0.0, 6.0, 13):
            away = np.array([np.cos(angle), np.sin(angle)])
            gradients = [
                away @ surface.gradient(*(np.array([x, y]) + 10.0**-n * away)) for n in (5, 9)
            ]
            assert gradients[0] == pytest.approx(gradients[1], rel=1e-3)
            assert gradients[1] > 1.0


def critical_points(surface: Surface) -> Array:
    """Search the window for points without gradient by Newton's steps from a grid, (n, 2)."""
    (x0, x1), (y0, y1) = surface.window
    count = 45 if len(surface.examples) > 100 else 81  # a mean over many takes its time
    axes = np.linspace(x0, x1, count), np.linspace(y0, y1, count)
    x, y = (part.ravel() for part in np.meshgrid(*axes))
    farthest = 0.03 * surface.width
    with np.errstate(all="ignore"):
        for _ in range(80):
            gx, gy = surface.gradient(x, y)
            (a, b), (_, c) = surface.hessian(x, y)
            det = a * c - b * b
            dx, dy = (b * gy - c * gx) / det, (b * gx - a * gy) / det
            far = np.fmax(np.hypot(dx, dy) / farthest, 1.0)
            x, y = x + dx / far, y + dy / far
    inside = (x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)
    flat = np.hypot(*surface.gradient(x, y)) <= 1e-9 * sharpest(surface)
    found: list[Array] = []
    for at in np.column_stack([x, y])[inside & flat]:
        if not any(np.hypot(*(at - other)) < 1e-5 * surface.width for other in found):
            found.append(at)
    return np.array(found).reshape(-1, 2)


@every_surface
def test_none_in_the_window_is_missing(surface: Surface) -> None:
    found = critical_points(surface)
    low, high = np.array([np.linalg.eigvalsh(surface.hessian(x, y)) for x, y in found]).T
    at_degenerate = np.zeros(len(found), dtype=bool)
    for place in surface.degenerate:
        at_degenerate |= np.hypot(*(found - place).T) < 1e-4 * surface.width
    kinds = {
        "minima": found[(low > 0.0) & ~at_degenerate],
        "saddles": found[(low < 0.0) & (high > 0.0) & ~at_degenerate],
    }
    for kind, places in kinds.items():
        listed = smooth(surface, getattr(surface, kind))
        listed = [at for at in listed if at not in surface.degenerate]
        assert len(places) == len(listed), (kind, places)
        for at in listed:
            assert np.hypot(*(places - at).T).min() <= 1e-6 * surface.width
    assert at_degenerate.any() == bool(surface.degenerate)


@every_surface
def test_the_least_loss_is_the_least_in_the_window(surface: Surface) -> None:
    (x0, x1), (y0, y1) = surface.window
    grid = np.meshgrid(np.linspace(x0, x1, 601), np.linspace(y0, y1, 601))
    heights = surface.value(*grid)
    assert surface.least <= heights.min() + 1e-12 * np.ptp(heights)
    assert surface.least == min(surface.value(x, y) for x, y in surface.minima)


@dataclass(frozen=True)
class Hillside(SURFACES["rosenbrock"]):  # type: ignore[misc]
    """A window without a minimum: the least loss lies on its edge."""

    window = ((-2.0, 0.5), (1.0, 3.0))
    minima = ()


def test_without_a_minimum_the_least_loss_is_that_of_the_edge() -> None:
    surface = Hillside()
    (x0, x1), (y0, y1) = surface.window
    grid = np.meshgrid(np.linspace(x0, x1, 801), np.linspace(y0, y1, 801))
    lowest = surface.value(*grid).min()
    assert surface.least == pytest.approx(lowest, abs=1e-3)
    assert surface.least > 1.0
    assert SURFACES["rosenbrock"]().least == 0.0


@every_surface
def test_what_a_surface_brings_fits_its_window(surface: Surface) -> None:
    (x0, x1), (y0, y1) = surface.window
    assert x0 < x1
    assert y0 < y1
    for x, y in (surface.start, *surface.minima, *surface.saddles):
        assert x0 <= x <= x1
        assert y0 <= y <= y1
    assert set(surface.degenerate) <= set(surface.minima + surface.saddles)
    assert set(surface.cusps) <= set(surface.minima + surface.saddles)
    assert np.isfinite(surface.value(*surface.start))
    assert surface.value(*surface.start) > surface.least + surface.target
    assert set(surface.tuned) == set(FIRST_RACERS)


@every_default
def test_a_surface_tells_of_itself(surface: Surface) -> None:
    assert surface.group in GROUPS
    assert surface.about.endswith(".")
    assert "\n" not in surface.about
    text = type(surface).__doc__ or ""
    is_sourced = re.search(r"\(\d{4}\)", text) or "made for OptiViz" in text.replace("Made", "made")
    assert is_sourced or surface.key == "quadratic"


def test_the_first_are_the_first() -> None:
    assert list(SURFACES)[:4] == ["beale", "rosenbrock", "quadratic", "himmelblau"]
    groups = [GROUPS.index(part.group) for part in SURFACES.values()]
    assert groups == sorted(groups), "the groups are told one after the other"


FAR = [1e8, 1e20, 1e77, 1e155, 1e300, 1.7e308]


@every_surface
@pytest.mark.parametrize("size", FAR)
def test_far_out_nothing_raises_and_nothing_warns(surface: Surface, size: float) -> None:
    places = [(s * size, t * size) for s in (1, 0, -1) for t in (1, 0, -1)]
    places += [(0.3, size), (-size, 0.7), (size, -1e-300)]
    for x, y in places:
        for form in (float, np.float64, lambda number: np.array([number, 0.5])):
            value = surface.value(form(x), form(y))
            assert np.shape(value) == np.shape(form(x))
            surface.gradient(form(x), form(y))
            surface.hessian(form(x), form(y))
        here = curvature(surface, x, y)
        assert here.gradient_norm >= 0.0 or math.isnan(here.gradient_norm)


def test_what_knobs_move_is_computed_once_and_for_each_setting() -> None:
    one, same = SURFACES["ripples"](a=2.0), SURFACES["ripples"](a=2.0)
    assert one.minima is same.minima
    assert len(one.minima) > 5
    assert SURFACES["ripples"](a=0.5).minima == ((0.0, 0.0),)
    assert SURFACES["ripples"](a=0.5).saddles == ()


@pytest.mark.parametrize("tilt", [0.0, 0.2, 0.5, 0.7])
def test_two_basins_lie_where_the_cubic_says(tilt: float) -> None:
    surface = SURFACES["two_basins"](tilt=tilt)
    roots = np.sort(np.roots([1.0, 0.0, -4.0, -4.0 * tilt]).real)
    found = sorted(x for x, _ in surface.minima + surface.saddles)
    assert found == pytest.approx(roots, abs=1e-12)
    assert surface.saddles[0][0] == pytest.approx(roots[1], abs=1e-12)


def test_a_tilt_makes_the_right_basin_the_deeper_one() -> None:
    surface = SURFACES["two_basins"](tilt=0.2)
    shallow, deep = (surface.value(*at) for at in sorted(surface.minima))
    assert shallow - deep == pytest.approx(4.0 * 0.2, rel=0.02)
    assert surface.least == deep


@pytest.mark.parametrize("ratio", [1.0, 10.0, 100.0])
def test_the_sharp_minimum_is_as_deep_and_as_sharp_as_it_says(ratio: float) -> None:
    surface = SURFACES["flat_and_sharp"](ratio=ratio)
    flat, sharp = (curvature(surface, *at) for at in surface.minima)
    assert [surface.value(*at) for at in surface.minima] == [0.0, 0.0]
    assert (flat.low, flat.high) == pytest.approx((0.2, 1.0))
    assert (sharp.low, sharp.high) == pytest.approx((0.2 * ratio, ratio))


def test_the_plain_saddle_curves_as_it_says() -> None:
    here = curvature(SURFACES["saddle"](c=0.3), 0.0, 0.0)
    assert (here.low, here.high) == pytest.approx((-0.3, 1.0))


def test_the_wall_is_as_steep_as_it_says() -> None:
    surface = SURFACES["cliff"](h=40.0)
    x = np.linspace(*surface.window[0], 5001)
    assert surface.gradient(x, 0.0 * x)[0].max() == pytest.approx(2.5 * 40.0, rel=0.02)
    assert SURFACES["cliff"](h=0.0).minima == ((0.0, 0.0),)


def test_griewank_s_minima_are_where_scipy_s_minimizer_ends() -> None:
    def loss(p: Array) -> float:
        return float(p @ p / 4000.0 - np.prod(np.cos(p / np.sqrt([1.0, 2.0]))) + 1.0)

    surface = SURFACES["griewank"]()
    # Both cosines are 1, or both −1; the bowl moves the minimum a little from there.
    waves = [(m, n) for m in range(-3, 4) for n in range(-2, 3) if (m + n) % 2 == 0]
    starts = np.pi * np.array(waves) * np.sqrt([1.0, 2.0]) + 0.3
    ends = [optimize.minimize(loss, start, tol=1e-9) for start in starts]
    assert len(ends) == len(surface.minima)
    for end in ends:
        nearest = min(surface.minima, key=lambda at, end=end: math.dist(at, end.x))
        assert end.x == pytest.approx(nearest, abs=1e-5)
        assert end.fun == pytest.approx(surface.value(*nearest), abs=1e-12)
    assert len({tuple(end.x.round(2)) for end in ends}) == len(ends)


def test_every_variant_has_knobs_of_its_own() -> None:
    assert len(set(ALL)) == len(ALL)
