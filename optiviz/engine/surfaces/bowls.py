"""Bowls: quadratics, whose curvature is the same everywhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from optiviz.engine.part import knob
from optiviz.engine.surfaces.base import Surface

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import SecondKernel, SurfaceKernel
    from optiviz.engine.part import KnobValue
    from optiviz.engine.surfaces.base import Point, Points, Window


def _quadratic(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    a = knobs[0]
    b = knobs[1]
    c = knobs[2]
    g[0] = a * x + b * y
    g[1] = b * x + c * y
    return 0.5 * (x * g[0] + y * g[1])


def _quadratic_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    flat = 0.0 * (x + y)
    return flat + knobs[0], flat + knobs[1], flat + knobs[2]


@dataclass(frozen=True)
class Quadratic(Surface):
    r"""An elongated bowl: $f = \frac{1}{2} (u^2 + \kappa v^2)$, (u, v) turned by an angle.

    Its Hessian has the eigenvalues 1 and κ everywhere, so κ is its condition number.
    """

    kappa: float = knob(
        95.0,
        symbol="κ",
        label="condition number κ",
        help="How much steeper the walls are than the valley floor.",
        low=1.0,
        high=1e4,
        scale="log",
        travel=(1.0, 1000.0),
    )
    angle: float = knob(
        15.0,
        symbol="angle",
        label="angle",
        help="How far the valley is turned out of the x axis.",
        low=-180.0,
        high=180.0,
        travel=(-90.0, 90.0),
        unit="°",
    )

    key: ClassVar[str] = "quadratic"
    title: ClassVar[str] = "Quadratic valley"
    about: ClassVar[str] = (
        "The gradient points across the valley, not along it: ill-conditioning at its purest."
    )
    formula: ClassVar[str] = (
        r"f(x, y) = \frac{1}{2} (u^2 + \kappa v^2), \quad "
        r"(u, v) = (x, y) \text{ turned by the angle}"
    )
    kernel: ClassVar[SurfaceKernel] = staticmethod(_quadratic)
    second: ClassVar[SecondKernel] = staticmethod(_quadratic_second)
    quadratic: ClassVar[bool] = True
    window: ClassVar[Window] = ((-5.0, 3.0), (-4.0, 3.0))
    start: ClassVar[Point] = (-4.5, 2.0)
    minima: ClassVar[Points] = ((0.0, 0.0),)
    steps: ClassVar[int] = 250
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.02},
        "momentum": {"lr": 0.01},
        "rmsprop": {"lr": 0.5},
        "adam": {"lr": 1.0},
    }

    def kernel_knobs(self) -> tuple[float, ...]:
        """List the entries of the constant Hessian: ∂²x, ∂x∂y, ∂²y."""
        turn = math.radians(self.angle)
        cos, sin = math.cos(turn), math.sin(turn)
        k = self.kappa
        return (cos * cos + k * sin * sin, (1.0 - k) * cos * sin, sin * sin + k * cos * cos)


def _booth(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    u = x + 2.0 * y - 7.0
    w = 2.0 * x + y - 5.0
    g[0] = 2.0 * u + 4.0 * w
    g[1] = 4.0 * u + 2.0 * w
    return u * u + w * w


def _booth_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    flat = 0.0 * (x + y)
    return flat + 10.0, flat + 8.0, flat + 10.0


@dataclass(frozen=True)
class Booth(Surface):
    r"""A quadratic with κ = 9: $f = (x + 2y - 7)^2 + (2x + y - 5)^2$.

    From the collection of Jamil and Yang (2013), function 17. Its valley lies along y = −x, so
    that no parameter has a steep or a flat direction of its own.
    """

    key: ClassVar[str] = "booth"
    title: ClassVar[str] = "Booth"
    about: ClassVar[str] = (
        "A valley along a diagonal: a step size for each parameter is of no help here."
    )
    formula: ClassVar[str] = r"f(x, y) = (x + 2y - 7)^2 + (2x + y - 5)^2"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_booth)
    second: ClassVar[SecondKernel] = staticmethod(_booth_second)
    quadratic: ClassVar[bool] = True
    window: ClassVar[Window] = ((-6.0, 7.0), (-4.0, 8.0))
    start: ClassVar[Point] = (5.7, -3.0)
    minima: ClassVar[Points] = ((1.0, 3.0),)
    steps: ClassVar[int] = 100
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.1},
        "momentum": {"lr": 0.02},
        "rmsprop": {"lr": 0.5},
        "adam": {"lr": 0.2},
    }


def _matyas(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    g[0] = 0.52 * x - 0.48 * y
    g[1] = 0.52 * y - 0.48 * x
    return 0.26 * (x * x + y * y) - 0.48 * x * y


def _matyas_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    flat = 0.0 * (x + y)
    return flat + 0.52, flat - 0.48, flat + 0.52


@dataclass(frozen=True)
class Matyas(Surface):
    r"""A quadratic with κ = 25 that hardly slopes: $f = 0.26 (x^2 + y^2) - 0.48 x y$.

    From the collection of Jamil and Yang (2013), function 71. Its curvatures are 0.04 and 1.
    """

    key: ClassVar[str] = "matyas"
    title: ClassVar[str] = "Matyas"
    about: ClassVar[str] = (
        "A floor so flat that nothing but a large ε, or momentum, gets along on it."
    )
    formula: ClassVar[str] = r"f(x, y) = 0.26 (x^2 + y^2) - 0.48 x y"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_matyas)
    second: ClassVar[SecondKernel] = staticmethod(_matyas_second)
    quadratic: ClassVar[bool] = True
    window: ClassVar[Window] = ((-10.0, 10.0), (-10.0, 10.0))
    start: ClassVar[Point] = (-9.0, -4.0)
    minima: ClassVar[Points] = ((0.0, 0.0),)
    steps: ClassVar[int] = 120
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 1.0},
        "momentum": {"lr": 0.5},
        "rmsprop": {"lr": 0.5},
        "adam": {"lr": 1.0},
    }
