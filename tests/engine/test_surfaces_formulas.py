"""Every surface once more, as its source prints it, in 60 digits: nothing here is the engine's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mpmath as mp
import numpy as np
import pytest

from optiviz.engine import SURFACES, Surface
from tests.engine.surface_cases import ALL, name, points
from tests.engine.surface_cases import FORMULAS as PARTS
from tests.reference.formulas import FORMULAS as SHARED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CLOSE = 1e-8


def booth(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2


def matyas(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    return mp.mpf("0.26") * (x**2 + y**2) - mp.mpf("0.48") * x * y


def log_goldstein_price(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    # Goldstein and Price (1971), as printed, in x and y.
    one = 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    two = 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    return mp.log((1 + (x + y + 1) ** 2 * one) * (30 + (2 * x - 3 * y) ** 2 * two))


def styblinski_tang(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    return sum(u**4 - 16 * u**2 + 5 * u for u in (x, y)) / 2


def six_hump_camel(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    return (4 - mp.mpf("2.1") * x**2 + x**4 / 3) * x**2 + x * y + (-4 + 4 * y**2) * y**2


def rastrigin(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    a = knobs["a"]
    return 2 * a + sum(u**2 - a * mp.cos(2 * mp.pi * u) for u in (x, y))


def ackley(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    far = mp.exp(-mp.mpf("0.2") * mp.sqrt((x**2 + y**2) / 2))
    near = mp.exp((mp.cos(2 * mp.pi * x) + mp.cos(2 * mp.pi * y)) / 2)
    return -20 * far - near + mp.e + 20


def griewank(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    # Griewank (1981): a sum of squares, and a product in which the i-th wave is √i as long.
    waves = [mp.cos(u / mp.sqrt(i)) for i, u in enumerate((x, y), 1)]
    return sum(u**2 / mp.mpf(4000) for u in (x, y)) - mp.fprod(waves) + 1


def saddle(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    return x**2 / 2 + knobs["c"] * (y**2 - 4) ** 2 / 16


def monkey_saddle(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    # Three ways up and three down, in polar coordinates.
    r, turn = mp.sqrt(x**2 + y**2), mp.atan2(y, x)
    return r**3 * mp.cos(3 * turn) / 3 + r**4 / 8 + mp.mpf(2) / 3


def ravine(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    return x**2 / 20 + knobs["k"] * (y - mp.sin(x)) ** 2 / 2


def plateau(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    q = (x**2 + 4 * y**2) / mp.mpf(knobs["w"]) ** 2
    return q / (1 + q)


def ripples(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    waves = knobs["a"] / (2 * mp.pi) * (1 - mp.cos(2 * mp.pi * x))
    return mp.sqrt(1 + x**2) - 1 + waves + 2 * y**2


def cliff(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    wall = knobs["h"] / (1 + mp.exp(-10 * (x - 1)))
    return (mp.sqrt(1 + 16 * x**2) - 1) / 4 + 3 * y**2 / 20 + wall


def flat_and_sharp(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    a, b = mp.mpf(-1.8), mp.mpf(-0.6)
    p = (x - a) ** 2 / 10 + (y - b) ** 2 / 2
    q = knobs["ratio"] * ((x + a) ** 2 / 10 + (y + b) ** 2 / 2)
    return p * q / (p + q)


def two_basins(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    return (x**2 - 4) ** 2 / 16 - knobs["tilt"] * x + (y - x**2 / 4) ** 2


FORMULAS: dict[str, Callable[[Any, Any, Mapping[str, Any]], Any]] = {
    **SHARED,
    "booth": booth,
    "matyas": matyas,
    "log_goldstein_price": log_goldstein_price,
    "styblinski_tang": styblinski_tang,
    "six_hump_camel": six_hump_camel,
    "rastrigin": rastrigin,
    "ackley": ackley,
    "griewank": griewank,
    "saddle": saddle,
    "monkey_saddle": monkey_saddle,
    "ravine": ravine,
    "plateau": plateau,
    "ripples": ripples,
    "cliff": cliff,
    "flat_and_sharp": flat_and_sharp,
    "two_basins": two_basins,
}


def test_every_surface_has_a_formula_of_its_own() -> None:
    # Those made of data are checked against torch, in test_data_surfaces.py.
    assert set(FORMULAS) == {key for key, part in SURFACES.items() if part.group != "data"}


def assert_close(ours: Any, exact: Any) -> None:
    ours, exact = np.asarray(ours, dtype=float), np.asarray(exact, dtype=float)
    assert np.abs(ours - exact).max() <= CLOSE * np.abs(exact).max()


@pytest.mark.parametrize("surface", [it for it in ALL if it.group != "data"], ids=name)
def test_it_is_the_printed_formula_in_high_precision(surface: Surface) -> None:
    def formula(x: Any, y: Any) -> Any:
        return FORMULAS[surface.key](x, y, surface.settings())

    with mp.workdps(60):
        for x, y in points(surface, 6).tolist():
            at = (mp.mpf(x), mp.mpf(y))
            assert_close(surface.value(x, y), formula(*at))
            gradient = [mp.diff(formula, at, n) for n in ((1, 0), (0, 1))]
            assert_close(surface.gradient(x, y), gradient)
            xx, xy, yy = (mp.diff(formula, at, n) for n in ((2, 0), (1, 1), (0, 2)))
            assert_close(surface.hessian(x, y), [[xx, xy], [xy, yy]])


@pytest.mark.parametrize("surface", [part() for part in PARTS], ids=name)
def test_minima_and_saddles_are_listed_to_the_last_digit(surface: Surface) -> None:
    def gradient(x: Any, y: Any) -> list[Any]:
        def formula(x: Any, y: Any) -> Any:
            return FORMULAS[surface.key](x, y, surface.settings())

        return [mp.diff(formula, (x, y), n) for n in ((1, 0), (0, 1))]

    with mp.workdps(50):
        for place in surface.minima + surface.saddles:
            if place in surface.cusps or place in surface.degenerate:
                continue  # Newton's steps need a Hessian that can be divided by
            exact = mp.findroot(gradient, place, tol=1e-40, verify=False)
            for ours, theirs in zip(place, exact, strict=True):
                assert abs(ours - theirs) <= 3e-16 * max(1.0, abs(ours))


@pytest.mark.parametrize(
    ("key", "least"),
    [
        *(
            ("log_goldstein_price", "1.0986122886681098"),
            ("styblinski_tang", "-78.332331407542831"),
        ),
        *(("six_hump_camel", "-1.0316284534898774"), ("rastrigin", "0"), ("ackley", "0")),
        ("griewank", "0"),
        *(("booth", "0"), ("matyas", "0"), ("monkey_saddle", "0"), ("saddle", "0")),
    ],
)
def test_the_least_losses_are_those_of_the_literature(key: str, least: str) -> None:
    assert SURFACES[key]().least == pytest.approx(float(least), rel=1e-14, abs=1e-14)
