"""Curvature at a point: the Hessian's eigenvalues and eigenvectors, and what they say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from optiviz.engine.eigen import eigenvalues

if TYPE_CHECKING:
    from optiviz.engine.surfaces import Surface

PointKind = Literal["minimum", "saddle", "maximum", "degenerate", "slope"]

#: A slope shorter than this counts as none, an eigenvalue closer to 0 than this as flat; both are
#: relative to the greatest curvature there (or 1).
FLAT = 1e-6


@dataclass(frozen=True)
class Curvature:
    """What the surface is like at one point.

    Attributes:
        slope: ‖∇f‖.
        low, high: the Hessian's eigenvalues, low ≤ high.
        direction: the unit eigenvector of ``high``, the steepest curvature.
        condition: κ = high / low where both are positive, else ``None``.
        kind: minimum, saddle, maximum or degenerate where the slope vanishes, else slope.
    """

    slope: float
    low: float
    high: float
    direction: tuple[float, float]
    condition: float | None
    kind: PointKind


def curvature(surface: Surface, x: float, y: float) -> Curvature:
    """Measure the curvature of a surface at a point, from its analytic Hessian."""
    gx, gy = surface.gradient(x, y)
    (a, b), (_, c) = surface.hessian(x, y)
    low, high = eigenvalues(a, b, c)
    angle = 0.5 * math.atan2(2.0 * b, a - c)
    slope = math.hypot(gx, gy)
    condition = high / low if low > 0.0 else None
    size = max(abs(low), abs(high), 1.0)
    kind = "slope" if not slope <= FLAT * size else _critical(low / size, high / size)
    return Curvature(slope, low, high, (math.cos(angle), math.sin(angle)), condition, kind)


def _critical(low: float, high: float) -> PointKind:
    if min(abs(low), abs(high)) <= FLAT:
        return "degenerate"
    if low > 0.0:
        return "minimum"
    return "maximum" if high < 0.0 else "saddle"
