"""Eigenvalues of a symmetric 2x2 matrix, in closed form."""

from __future__ import annotations

import math


def eigenvalues(a: float, b: float, c: float) -> tuple[float, float]:
    """Give the eigenvalues of [[a, b], [b, c]], the lower first."""
    mean = 0.5 * a + 0.5 * c
    spread = math.hypot(0.5 * a - 0.5 * c, b)
    return mean - spread, mean + spread
