"""Every surface in the table: value, gradient, Hessian, minima and saddles."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
from scipy import optimize

from optiviz.engine import SURFACES, Curvature, Knob, Surface, curvature
from optiviz.engine.surfaces import NO_EXAMPLES
from tests.reference.formulas import FORMULAS

Array = np.ndarray
CLOSE = 1e-8
STEP = 1e-30  # of the complex step: no difference is taken, so nothing is cancelled


def draw_knob(rng: np.random.Generator, spec: Knob) -> Any:
    if spec.kind == "number":
        low, high = spec.travel
        value = np.exp(rng.uniform(*np.log([low, high]))) if spec.scale == "log" else None
        value = float(rng.uniform(low, high)) if value is None else float(value)
        return round(value) if spec.integer else value
    return rng.choice(spec.choices).item() if spec.choices else bool(rng.integers(2))


def variants(surface: type[Surface], count: int = 3) -> list[Surface]:
    """The surface as it comes, and with knobs drawn from their sliders' travel."""
    rng = np.random.default_rng(5)
    if not surface.knobs():
        return [surface()]
    drawn = [
        surface(**{spec.name: draw_knob(rng, spec) for spec in surface.knobs()})
        for _ in range(count)
    ]
    return [surface(), *drawn]


def name(surface: Surface) -> str:
    return " ".join([surface.key, *(f"{value:.3g}" for value in surface.settings().values())])


ALL = [variant for part in SURFACES.values() for variant in variants(part)]
every_surface = pytest.mark.parametrize("surface", ALL, ids=name)


def points(surface: Surface, count: int = 30, stretch: float = 1.5) -> Array:
    """Random points in the window and around it, (count, 2)."""
    (x0, x1), (y0, y1) = surface.window
    half = 0.5 * stretch * np.array([x1 - x0, y1 - y0])
    rng = np.random.default_rng(11)
    return np.array(surface.center) + rng.uniform(-1.0, 1.0, (count, 2)) * half


def kernel(surface: Surface, x: Any, y: Any) -> tuple[Any, list[Any]]:
    g: list[Any] = [0.0, 0.0]
    return type(surface).kernel(x, y, surface.kernel_knobs(), NO_EXAMPLES, g), g


def assert_close(ours: Any, exact: Any) -> None:
    ours, exact = np.asarray(ours, dtype=float), np.asarray(exact, dtype=float)
    assert np.abs(ours - exact).max() <= CLOSE * np.abs(exact).max()


@every_surface
def test_gradient_is_the_complex_step_of_the_value(surface: Surface) -> None:
    for x, y in points(surface).tolist():
        fx = kernel(surface, complex(x, STEP), y)[0].imag / STEP
        fy = kernel(surface, x, complex(y, STEP))[0].imag / STEP
        assert_close(surface.gradient(x, y), [fx, fy])


@every_surface
def test_hessian_is_the_complex_step_of_the_gradient(surface: Surface) -> None:
    for x, y in points(surface).tolist():
        _, along_x = kernel(surface, complex(x, STEP), y)
        _, along_y = kernel(surface, x, complex(y, STEP))
        columns = [[complex(part).imag / STEP for part in g] for g in (along_x, along_y)]
        assert_close(surface.hessian(x, y), np.transpose(columns))


@pytest.mark.parametrize("surface", [s for s in ALL if s.key in FORMULAS], ids=name)
def test_it_is_the_printed_formula_in_high_precision(surface: Surface) -> None:
    def formula(x: Any, y: Any) -> Any:
        return FORMULAS[surface.key](x, y, surface.settings())

    with mpmath.workdps(60):
        for x, y in points(surface, 8).tolist():
            at = (mpmath.mpf(x), mpmath.mpf(y))
            assert_close(surface.value(x, y), formula(*at))
            assert_close(
                surface.gradient(x, y), [mpmath.diff(formula, at, n) for n in ((1, 0), (0, 1))]
            )
            xx, xy, yy = (mpmath.diff(formula, at, n) for n in ((2, 0), (1, 1), (0, 2)))
            assert_close(surface.hessian(x, y), [[xx, xy], [xy, yy]])


def test_every_surface_so_far_has_a_formula_of_its_own() -> None:
    assert set(FORMULAS) >= {"beale", "rosenbrock", "quadratic", "himmelblau"}


@every_surface
def test_numbers_and_arrays_give_the_same(surface: Surface) -> None:
    at = points(surface, 12)
    x, y = at.T.reshape(2, 3, 4)
    assert isinstance(surface.value(1.0, 0.5), float)
    assert surface.value(x, y).shape == (3, 4)
    assert surface.gradient(0.5, 0.5).shape == (2,)
    assert surface.gradient(x, y).shape == (2, 3, 4)
    assert surface.hessian(0.5, 0.5).shape == (2, 2)
    assert surface.hessian(x, y).shape == (2, 2, 3, 4)
    for row in range(3):
        for column in range(4):
            one = float(x[row, column]), float(y[row, column])
            assert surface.value(x, y)[row, column] == surface.value(*one)
            assert (surface.gradient(x, y)[:, row, column] == surface.gradient(*one)).all()
            assert (surface.hessian(x, y)[:, :, row, column] == surface.hessian(*one)).all()


@every_surface
def test_a_row_and_a_column_make_a_grid(surface: Surface) -> None:
    x, y = np.linspace(-1.0, 1.0, 5), np.linspace(0.0, 1.0, 3)[:, None]
    full = np.meshgrid(x, y.ravel())
    assert (surface.value(x, y) == surface.value(*full)).all()
    assert (surface.gradient(x, y) == surface.gradient(*full)).all()
    assert (surface.hessian(x, y) == surface.hessian(*full)).all()
    assert surface.gradient(0.3, y).shape == (2, 3, 1)


def roundoff(surface: Surface) -> float:
    """How large a slope may be at a point that is listed to the last digit."""
    curves = [np.abs(surface.hessian(x, y)).max() for x, y in surface.minima + surface.saddles]
    return 1e-15 * surface.width * max(curves)


@every_surface
def test_minima_are_minima(surface: Surface) -> None:
    assert surface.minima
    for x, y in surface.minima:
        assert np.hypot(*surface.gradient(x, y)) <= roundoff(surface)
        assert (np.linalg.eigvalsh(surface.hessian(x, y)) > 0.0).all()
        assert curvature(surface, x, y).kind == "minimum"
    deepest = min(float(surface.value(x, y)) for x, y in surface.minima)
    assert surface.least == deepest


@every_surface
def test_saddles_are_saddles(surface: Surface) -> None:
    for x, y in surface.saddles:
        assert np.hypot(*surface.gradient(x, y)) <= roundoff(surface)
        low, high = np.linalg.eigvalsh(surface.hessian(x, y))
        assert low < 0.0 < high
        assert curvature(surface, x, y).kind == "saddle"


def critical_points(surface: Surface) -> Array:
    """Search the window for points without slope, from a dense grid of starts, (n, 2)."""
    (x0, x1), (y0, y1) = surface.window
    starts = np.stack(np.meshgrid(np.linspace(x0, x1, 25), np.linspace(y0, y1, 25)), -1)
    found: list[Array] = []
    scale = max(1.0, *(np.abs(surface.hessian(x, y)).max() for x, y in surface.minima))
    for start in starts.reshape(-1, 2):
        answer = optimize.root(
            lambda at: surface.gradient(*map(float, at)),
            start,
            jac=lambda at: surface.hessian(*map(float, at)),
            options={"xtol": 1e-13},
        )
        at = answer.x
        inside = x0 <= at[0] <= x1 and y0 <= at[1] <= y1
        flat = np.hypot(*surface.gradient(*map(float, at))) <= 1e-8 * scale
        if inside and flat and not any(np.hypot(*(at - other)) < 1e-4 for other in found):
            found.append(at)
    return np.array(found).reshape(-1, 2)


@pytest.mark.parametrize("key", SURFACES)
def test_none_in_the_window_is_missing(key: str) -> None:
    surface = SURFACES[key]()
    found = critical_points(surface)
    eigenvalues = np.array([np.linalg.eigvalsh(surface.hessian(x, y)) for x, y in found])
    kinds = {
        "minima": found[eigenvalues[:, 0] > 0.0],
        "saddles": found[(eigenvalues[:, 0] < 0.0) & (eigenvalues[:, 1] > 0.0)],
    }
    for kind, points_found in kinds.items():
        listed = np.array(getattr(surface, kind)).reshape(-1, 2)
        assert len(points_found) == len(listed), (kind, points_found)
        for at in listed:
            assert np.hypot(*(points_found - at).T).min() <= 1e-6


@every_surface
def test_what_a_surface_brings_fits_its_window(surface: Surface) -> None:
    (x0, x1), (y0, y1) = surface.window
    assert x0 < x1
    assert y0 < y1
    for x, y in (surface.start, *surface.minima, *surface.saddles):
        assert x0 <= x <= x1
        assert y0 <= y <= y1
    assert np.isfinite(surface.value(*surface.start))
    assert surface.value(*surface.start) > surface.least + surface.target
    assert set(surface.tuned) == {"sgd", "momentum", "rmsprop", "adam"}


@every_surface
def test_curvature_is_that_of_the_hessian(surface: Surface) -> None:
    for x, y in points(surface, 10).tolist():
        here: Curvature = curvature(surface, x, y)
        low, high = np.linalg.eigvalsh(surface.hessian(x, y))
        size = max(abs(low), abs(high))
        assert here.low == pytest.approx(low, abs=1e-12 * size)
        assert here.high == pytest.approx(high, abs=1e-12 * size)
        assert here.slope == pytest.approx(np.hypot(*surface.gradient(x, y)))
        direction = np.array(here.direction)
        assert np.hypot(*direction) == pytest.approx(1.0)
        assert np.allclose(
            surface.hessian(x, y) @ direction, high * direction, rtol=0, atol=1e-9 * size
        )
        assert here.condition == (None if here.low <= 0.0 else here.high / here.low)


def test_a_quadratic_has_the_condition_number_it_says() -> None:
    surface = SURFACES["quadratic"](kappa=37.0, angle=-50.0)
    here = curvature(surface, 1.0, 2.0)
    assert here.condition == pytest.approx(37.0)
    assert here.kind == "slope"
    # The steepest direction lies across a valley that is turned by the angle.
    turn = np.radians(-50.0)
    assert abs(np.dot(here.direction, (np.cos(turn), np.sin(turn)))) <= 1e-12


def test_a_hilltop_is_a_maximum() -> None:
    surface = SURFACES["himmelblau"]()
    top = optimize.root(
        lambda at: surface.gradient(*map(float, at)), (-0.27, -0.92), options={"xtol": 1e-14}
    ).x
    assert curvature(surface, *map(float, top)).kind == "maximum"
