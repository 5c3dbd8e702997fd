"""Kernels with exp, sin, cos, sqrt, log, fabs: written once, for numbers and for arrays.

A kernel takes these functions from ``math`` by their bare names, as the compiler wants them. Here
the same code object is given other functions under the same names:

``plain``: on floats, as compiled code has them (IEEE 754 and C). ``math`` raises where C returns:
exp beyond the largest number is inf, sin and cos of inf are nan, sqrt and log below 0 are nan,
log of 0 is -inf. Elsewhere they are ``math``'s own, so interpreted and compiled runs give the
same bits and neither raises.

``vectorised``: numpy's, for whole arrays and for complex numbers. Their last bit may differ. Of
complex numbers fabs and copysign see the real part's sign, so that a complex step goes through.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from optiviz.engine.compiler import with_names

if TYPE_CHECKING:
    from collections.abc import Callable

Kernel = TypeVar("Kernel", bound="Callable[..., Any]")

#: Kernels that are kept: all that there are some five times over. What a user makes comes and goes.
_MOST = 256


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _sin(x: float) -> float:
    return math.sin(x) if x - x == 0.0 else math.nan


def _cos(x: float) -> float:
    return math.cos(x) if x - x == 0.0 else math.nan


def _sqrt(x: float) -> float:
    return math.nan if x < 0.0 else math.sqrt(x)


def _log(x: float) -> float:
    if x > 0.0:
        return math.log(x)
    return -math.inf if x == 0.0 else math.nan


def _many_fabs(x: Any) -> Any:
    return np.where(np.real(x) < 0.0, -x, x)


def _many_copysign(size: Any, sign: Any) -> Any:
    """Give a size, not negative, the sign of another number."""
    return np.where(np.real(sign) < 0.0, -size, size)


_PLAIN: dict[Any, Any] = {
    math.exp: _exp,
    math.sin: _sin,
    math.cos: _cos,
    math.sqrt: _sqrt,
    math.log: _log,
}
_VECTORISED: dict[Any, Any] = {
    math.exp: np.exp,
    math.sin: np.sin,
    math.cos: np.cos,
    math.sqrt: np.sqrt,
    math.log: np.log,
    math.fabs: _many_fabs,
    math.copysign: _many_copysign,
}


@lru_cache(maxsize=_MOST)
def plain(kernel: Kernel) -> Kernel:
    """Give the kernel for floats: it never raises, and gives the bits that compiled code gives."""
    return cast("Kernel", _rebound(kernel, _PLAIN))


@lru_cache(maxsize=_MOST)
def vectorised(kernel: Kernel) -> Kernel:
    """Give the kernel for arrays and complex numbers."""
    return cast("Kernel", _rebound(kernel, _VECTORISED))


def _rebound(kernel: Any, functions: dict[Any, Any]) -> Any:
    names = {name: kernel.__globals__.get(name) for name in kernel.__code__.co_names}
    # What a name stands for need not be hashable; only functions are looked up.
    other = {name: functions[it] for name, it in names.items() if callable(it) and it in functions}
    return with_names(kernel, other) if other else kernel
