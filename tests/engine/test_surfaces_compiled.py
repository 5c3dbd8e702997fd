"""Kernels compiled, interpreted and on arrays: the same numbers, and never an exception."""

from __future__ import annotations

import math
from math import copysign, cos, exp, fabs, log, sin, sqrt
from typing import Any

import numpy as np
import pytest

from optiviz.engine import Surface, compiler
from optiviz.engine.kernels import kernel_of, second_of
from optiviz.engine.rebound import plain, vectorised
from tests.engine.surface_cases import every_surface, points

HUGE = [0.0, -0.0, 1e-320, -1e-160, 1e3, -1e5, 1e77, -1e155, 1e300, -1.7e308, math.inf, math.nan]


def same_bits(ours: Any, others: Any) -> bool:
    # All nan are alike: no program can tell what their bits mean.
    ours, others = np.asarray(ours, dtype=float), np.asarray(others, dtype=float)
    both = np.isnan(ours) & np.isnan(others)
    return bool((both | (ours.view(np.int64) == others.view(np.int64))).all())


@every_surface
def test_compiled_and_interpreted_give_the_same_bits(surface: Surface) -> None:
    kernel = kernel_of(surface)
    fast = compiler.compiled(kernel, "surface")
    knobs = surface.kernel_knobs()
    places = points(surface, 400, stretch=2.0).tolist()
    places += [(x, y) for x in HUGE for y in (*HUGE, 0.7)]
    places += [*surface.minima, *surface.saddles]
    for x, y in places:
        g, h = [0.0, 0.0], np.zeros(2)
        slow_value = plain(kernel)(x, y, knobs, surface.example_rows, g)
        fast_value = fast(x, y, np.array(knobs or [0.0]), surface.examples, h)
        assert same_bits([slow_value, *g], [fast_value, *h]), (x, y)
        if math.isfinite(x) and math.isfinite(y):
            assert same_bits(surface.value(x, y), slow_value)


@every_surface
def test_a_kernel_has_no_power_in_it(surface: Surface) -> None:
    import dis

    for kernel in (kernel_of(surface), second_of(surface)):
        assert not [it for it in dis.get_instructions(kernel) if "**" in it.argrepr]


def _wave(x: Any, y: Any = 2.0) -> Any:
    return exp(x) + sin(y)


def _size(x: Any) -> Any:
    return fabs(x)


def _side(size: Any, sign: Any) -> Any:
    return copysign(size, sign)


def _root(x: Any) -> Any:
    return sqrt(x) + log(x) + cos(x)


@pytest.mark.parametrize(
    ("function", "value", "expected"),
    [
        *((exp, 1e3, math.inf), (exp, -1e3, 0.0), (exp, math.inf, math.inf)),
        *((exp, -math.inf, 0.0), (exp, math.nan, math.nan), (exp, 1.5, math.exp(1.5))),
        *((sin, math.inf, math.nan), (sin, math.nan, math.nan), (sin, 2.0, math.sin(2.0))),
        *((cos, -math.inf, math.nan), (cos, math.nan, math.nan), (cos, 2.0, math.cos(2.0))),
        *((sqrt, -1.0, math.nan), (sqrt, -0.0, -0.0), (sqrt, math.inf, math.inf)),
        *((sqrt, -math.inf, math.nan), (sqrt, math.nan, math.nan), (sqrt, 2.0, math.sqrt(2.0))),
        *((log, 0.0, -math.inf), (log, -0.0, -math.inf), (log, -1.0, math.nan)),
        *((log, math.inf, math.inf), (log, math.nan, math.nan), (log, 2.0, math.log(2.0))),
    ],
)
def test_plain_functions_answer_as_compiled_code_does(
    function: Any, value: float, expected: float
) -> None:
    from numba import njit

    namespace = {"f": function}
    exec("def kernel(x):\n    return f(x)", namespace)
    kernel: Any = namespace["kernel"]
    assert same_bits(plain(kernel)(value), expected)
    assert same_bits(njit(kernel)(value), expected)
    with np.errstate(all="ignore"):
        assert same_bits(vectorised(kernel)(np.array([value])), [expected])


def test_complex_numbers_keep_their_side() -> None:
    # The complex step needs |z| and the sign to go by the real part and let the rest through.
    many_fabs, many_copysign = vectorised(_size), vectorised(_side)
    assert (many_fabs(np.array([3.0, -2.0 + 1j])) == [3.0, 2.0 - 1j]).all()
    assert (many_copysign(np.array([1.0 + 1j]), np.array([-2.0 + 1j])) == [-1.0 - 1j]).all()
    assert plain(_size)(-2.0) == 2.0
    assert plain(_side)(1.0, -0.5) == -1.0


def test_rebinding_keeps_everything_else() -> None:
    assert plain(_wave)(1e4) == math.inf
    assert plain(_wave)(0.0) == 1.0 + math.sin(2.0)
    assert plain(_wave) is plain(_wave)
    assert vectorised(_wave) is vectorised(_wave)
    assert vectorised(_wave)(1j) == np.exp(1j) + np.sin(2.0)
    assert plain(_wave).__code__ is _wave.__code__
    assert math.isnan(plain(_root)(-1.0))
    with pytest.raises(OverflowError):
        _wave(1e4)


def test_a_kernel_without_such_functions_is_itself() -> None:
    def kernel(x: Any) -> Any:
        return x * len([x])

    assert plain(kernel) is kernel
    assert vectorised(kernel) is kernel
