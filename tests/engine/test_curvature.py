"""Curvature at a point: eigenvalues, eigenvectors, condition number and kind."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize

from optiviz.engine import SURFACES, Curvature, Surface, curvature
from optiviz.engine.eigen import eigenvalues
from tests.engine.surface_cases import every_default, every_surface, points


@every_surface
def test_curvature_is_that_of_the_hessian(surface: Surface) -> None:
    for x, y in points(surface, 10).tolist():
        here: Curvature = curvature(surface, x, y)
        hessian = surface.hessian(x, y)
        low, high = np.linalg.eigvalsh(hessian)
        size = max(abs(low), abs(high))
        assert here.low == pytest.approx(low, abs=1e-12 * size)
        assert here.high == pytest.approx(high, abs=1e-12 * size)
        assert here.gradient_norm == pytest.approx(np.hypot(*surface.gradient(x, y)))
        for value, vector in ((high, here.direction), (low, here.low_direction)):
            direction = np.array(vector)
            assert np.hypot(*direction) == pytest.approx(1.0)
            apart = hessian @ direction - value * direction
            assert np.abs(apart).max() <= 1e-9 * size
        assert here.condition == (None if here.low <= 0.0 else here.high / here.low)


def test_a_quadratic_has_the_condition_number_it_says() -> None:
    surface = SURFACES["quadratic"](kappa=37.0, angle=-50.0)
    here = curvature(surface, 1.0, 2.0)
    assert here.condition == pytest.approx(37.0)
    assert here.kind == "regular"
    # The steepest direction lies across a valley that is turned by the angle.
    turn = np.radians(-50.0)
    assert abs(np.dot(here.direction, (np.cos(turn), np.sin(turn)))) <= 1e-12


@pytest.mark.parametrize(("key", "condition"), [("booth", 9.0), ("matyas", 25.0)])
def test_quadratics_have_their_condition_number_everywhere(key: str, condition: float) -> None:
    for x, y in points(SURFACES[key](), 5).tolist():
        assert curvature(SURFACES[key](), x, y).condition == pytest.approx(condition)


@pytest.mark.parametrize(
    ("key", "near"),
    [("himmelblau", (-0.27, -0.92)), ("six_hump_camel", (1.23, 0.16)), ("ackley", (0.67, 0.67))],
)
def test_a_hilltop_is_a_maximum(key: str, near: tuple[float, float]) -> None:
    surface = SURFACES[key]()
    top = optimize.root(
        lambda at: surface.gradient(*map(float, at)), near, options={"xtol": 1e-14}
    ).x
    assert curvature(surface, *map(float, top)).kind == "maximum"


@every_default
def test_what_is_listed_is_of_its_kind(surface: Surface) -> None:
    for place in surface.minima:
        assert curvature(surface, *place).kind == "minimum"
    for place in surface.saddles:
        expected = "degenerate" if place in surface.degenerate else "saddle"
        assert curvature(surface, *place).kind == expected
    assert curvature(surface, *surface.start).kind == "regular"


def test_a_degenerate_point_is_told_as_such_and_not_beside_it() -> None:
    surface = SURFACES["monkey_saddle"]()
    here = curvature(surface, 0.0, 0.0)
    assert (here.kind, here.low, here.high, here.condition) == ("degenerate", 0.0, 0.0, None)
    assert curvature(surface, 1e-5, 0.0).kind == "degenerate"
    assert curvature(surface, 0.02, 0.0).kind == "regular"


def test_a_cusp_is_a_minimum_beyond_all_curvature() -> None:
    surface = SURFACES["ackley"]()
    for x, y in ((0.0, 0.0), (1e-9, 0.0), (-1e-7, 1e-7)):
        here = curvature(surface, x, y)
        assert here.kind == "minimum"
        assert here.low == here.high == math.inf
        assert here.condition is None
    # Beside it the gradient does not vanish, however large the curvature around the cusp is.
    for radius in (1e-5, 1e-4, 1e-3, 1e-2):
        here = curvature(surface, radius, radius)
        assert here.kind == "regular"
        assert here.high > 0.5 / radius


def test_what_counts_as_flat_is_measured_by_the_greatest_curvature() -> None:
    # A hundred-millionth beside a sharp minimum is at it, though the gradient there is 1e-4 and
    # more.
    sharp = SURFACES["quadratic"](kappa=1e4, angle=0.0)
    assert curvature(sharp, 0.0, 1e-7).kind == "minimum"
    assert curvature(sharp, 0.0, 1e-5).kind == "regular"
    # A thousandth of the greatest curvature is not flat.
    assert curvature(SURFACES["saddle"](c=0.001), 0.0, 0.0).kind == "saddle"


def test_on_a_plain_nothing_is_a_minimum() -> None:
    assert curvature(SURFACES["plateau"](w=0.3), 1e4, 1e4).kind == "degenerate"


@pytest.mark.parametrize("size", [1e-300, 1.0, 1e150, 1e308])
def test_eigenvalues_of_any_size(size: float) -> None:
    low, high = eigenvalues(size, 0.5 * size, size)
    assert low == pytest.approx(0.5 * size)
    assert high == pytest.approx(1.5 * size)
    assert eigenvalues(0.0, 0.0, 0.0) == (0.0, 0.0)
