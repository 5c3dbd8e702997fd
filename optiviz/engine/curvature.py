"""Curvature at a point: the Hessian's eigenvalues and eigenvectors, and what they say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from optiviz.engine.eigen import eigenvalues

if TYPE_CHECKING:
    from optiviz.engine.surfaces import Point, Surface

PointKind = Literal["minimum", "saddle", "maximum", "degenerate", "regular"]

#: As near as this many window widths counts as at a listed cusp, or at a degenerate point.
AT_CUSP, AT_DEGENERATE = 1e-6, 1e-3
#: As near as this many window widths counts as at a point where the gradient vanishes.
AT_CRITICAL = 1e-7
#: An eigenvalue closer to 0 than this counts as flat, relative to the greatest there (or 1); so
#: does a gradient where all eigenvalues do, and at a listed degenerate point.
FLAT = 1e-6
#: So many units in the last place of what its terms may be: a gradient that is rounding.
_ROUNDING = 64.0 * 2.0**-52


@dataclass(frozen=True)
class Curvature:
    """What the surface is like at one point.

    Attributes:
        gradient_norm: ‖∇f‖.
        low, high: the Hessian's eigenvalues, low ≤ high; both inf at a cusp.
        direction: the unit eigenvector of ``high``, the steepest curvature.
        condition: κ = high / low where both are positive and finite, else ``None``.
        kind: where the gradient vanishes minimum, saddle or maximum, or degenerate where an
            eigenvalue vanishes too, so that curvature does not tell which; at a cusp what the
            surface lists it as; elsewhere regular. The gradient vanishes where ``away``, the
            length of Newton's step |H⁻¹∇f|, is within 10⁻⁷ window widths: on the floor of a narrow
            valley the gradient is small beside the greatest curvature, and the minimum far.
        away: how far it is to where the gradient vanishes, by Newton's step; inf where the
            quadratic there has no such point.
    """

    gradient_norm: float
    low: float
    high: float
    direction: tuple[float, float]
    condition: float | None
    kind: PointKind
    away: float

    @property
    def low_direction(self) -> tuple[float, float]:
        """The unit eigenvector of ``low``, a quarter turn from ``direction``."""
        return (-self.direction[1], self.direction[0])


def curvature(surface: Surface, x: float, y: float) -> Curvature:
    """Measure the curvature of a surface at a point, from its analytic Hessian."""
    gx, gy = map(float, surface.gradient(x, y))
    gradient = math.hypot(gx, gy)
    if _is_near(surface.cusps, x, y, AT_CUSP * surface.width):
        # There is no Hessian: the gradients on both sides differ, so the curvature is beyond bound.
        cusp: PointKind = (
            "minimum" if _is_near(surface.minima, x, y, surface.width * AT_CUSP) else "degenerate"
        )
        return Curvature(gradient, math.inf, math.inf, (1.0, 0.0), None, cusp, 0.0)
    (a, b), (_, c) = surface.hessian(x, y).tolist()
    low, high = eigenvalues(a, b, c)
    angle = 0.5 * math.atan2(b, 0.5 * a - 0.5 * c)
    across, along = math.cos(angle), math.sin(angle)
    condition = high / low if low > 0.0 and math.isfinite(high / low) else None
    largest = max(abs(low), abs(high))
    rounding = _ROUNDING * largest * (abs(x) + abs(y) + surface.width)
    away = math.hypot(
        _newton(gx * across + gy * along, high, rounding),
        _newton(gy * across - gx * along, low, rounding),
    )
    size = max(largest, 1.0)
    kind: PointKind = "regular"
    is_plain = largest <= FLAT or _is_near(surface.degenerate, x, y, AT_DEGENERATE * surface.width)
    if is_plain and gradient <= FLAT * size:
        kind = "degenerate"
    elif away <= AT_CRITICAL * surface.width:
        kind = _critical(low / size, high / size)
    return Curvature(gradient, low, high, (across, along), condition, kind, away)


def _newton(gradient: float, bend: float, rounding: float) -> float:
    """Say how far off the gradient vanishes along one eigenvector."""
    if abs(gradient) <= rounding:
        return 0.0
    return abs(gradient / bend) if bend else math.inf


def _is_near(points: tuple[Point, ...], x: float, y: float, distance: float) -> bool:
    return any(math.hypot(x - px, y - py) <= distance for px, py in points)


def critical_kind(here: Curvature) -> Literal["minimum", "saddle", "maximum", "degenerate"]:
    """Say what a point is, by the signs of its curvatures, if the gradient vanishes there."""
    size = max(abs(here.low), abs(here.high), 1.0)
    return _critical(here.low / size, here.high / size)


def _critical(low: float, high: float) -> Literal["minimum", "saddle", "maximum", "degenerate"]:
    if min(abs(low), abs(high)) <= FLAT:
        return "degenerate"
    if low > 0.0:
        return "minimum"
    return "maximum" if high < 0.0 else "saddle"
