"""Each surface once more, as its source prints it: nothing here is taken from the engine.

Plain arithmetic only, so that the same lines serve floats, torch tensors and mpmath numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

Formula = Callable[[Any, Any, Mapping[str, Any]], Any]


def quadratic(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    turn = math.radians(knobs["angle"])
    along = x * math.cos(turn) + y * math.sin(turn)
    across = -x * math.sin(turn) + y * math.cos(turn)
    return (along**2 + knobs["kappa"] * across**2) / 2


def rosenbrock(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    return (1 - x) ** 2 + knobs["b"] * (y - x**2) ** 2


def beale(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    # Moré, Garbow and Hillstrom (1981), problem 5.
    return sum((c - x * (1 - y**i)) ** 2 for i, c in ((1, 1.5), (2, 2.25), (3, 2.625)))


def himmelblau(x: Any, y: Any, knobs: Mapping[str, Any]) -> Any:
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


FORMULAS: dict[str, Formula] = {
    "quadratic": quadratic,
    "rosenbrock": rosenbrock,
    "beale": beale,
    "himmelblau": himmelblau,
}
