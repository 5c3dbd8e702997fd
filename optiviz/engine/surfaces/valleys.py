"""Bent and crossing valleys."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any, ClassVar

from optiviz.engine.part import knob
from optiviz.engine.surfaces.base import Surface

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import SecondKernel, SurfaceKernel
    from optiviz.engine.part import KnobValue
    from optiviz.engine.surfaces.base import Point, Points, Window


def _beale(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    y2 = y * y
    y3 = y2 * y
    t1 = 1.5 - x + x * y
    t2 = 2.25 - x + x * y2
    t3 = 2.625 - x + x * y3
    g[0] = 2.0 * (t1 * (y - 1.0) + t2 * (y2 - 1.0) + t3 * (y3 - 1.0))
    g[1] = 2.0 * x * (t1 + 2.0 * t2 * y + 3.0 * t3 * y2)
    return t1 * t1 + t2 * t2 + t3 * t3


def _beale_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    # Three squares, differentiated twice: 2 Σ (∂tᵢ ∂tᵢ + tᵢ ∂²tᵢ).
    y2, y3 = y * y, y * y * y
    t1, t2, t3 = 1.5 - x + x * y, 2.25 - x + x * y2, 2.625 - x + x * y3
    d1, d2, d3 = y - 1.0, y2 - 1.0, y3 - 1.0  # ∂tᵢ/∂x
    e1, e2, e3 = x, 2.0 * x * y, 3.0 * x * y2  # ∂tᵢ/∂y
    xx = 2.0 * (d1 * d1 + d2 * d2 + d3 * d3)
    xy = 2.0 * (d1 * e1 + t1 + d2 * e2 + 2.0 * t2 * y + d3 * e3 + 3.0 * t3 * y2)
    yy = 2.0 * (e1 * e1 + e2 * e2 + 2.0 * t2 * x + e3 * e3 + 6.0 * t3 * x * y)
    return xx, xy, yy


@dataclass(frozen=True)
class Beale(Surface):
    r"""A narrow valley between steep corners: three squared residuals of $x (1 - y^i)$.

    Beale (1958), in the collection of Moré, Garbow and Hillstrom (1981), problem 5.
    """

    key: ClassVar[str] = "beale"
    title: ClassVar[str] = "Beale"
    about: ClassVar[str] = "A narrow, bent valley with a saddle before it and steep corners around."
    formula: ClassVar[str] = (
        r"f(x, y) = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2"
    )
    kernel: ClassVar[SurfaceKernel] = staticmethod(_beale)
    second: ClassVar[SecondKernel] = staticmethod(_beale_second)
    window: ClassVar[Window] = ((-0.6, 4.1), (-2.1, 2.4))
    start: ClassVar[Point] = (1.0, 1.5)
    minima: ClassVar[Points] = ((3.0, 0.5),)
    saddles: ClassVar[Points] = ((0.0, 1.0),)
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.02},
        "momentum": {"lr": 0.005},
        "rmsprop": {"lr": 0.2},
        "adam": {"lr": 0.5},
    }


def _rosenbrock(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    b = knobs[0]
    u = 1.0 - x
    w = y - x * x
    g[0] = -2.0 * u - 4.0 * b * x * w
    g[1] = 2.0 * b * w
    return u * u + b * w * w


def _rosenbrock_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    b = knobs[0]
    return 2.0 - 4.0 * b * (y - 3.0 * x * x), -4.0 * b * x, 2.0 * b + 0.0 * y


@dataclass(frozen=True)
class Rosenbrock(Surface):
    r"""A curved valley: $f = (1 - x)^2 + b\,(y - x^2)^2$. Rosenbrock (1960)."""

    b: float = knob(
        100.0,
        symbol="b",
        label="steepness b",
        help="How steep the walls of the curved valley are.",
        low=0.1,
        high=1e4,
        scale="log",
        travel=(1.0, 1000.0),
    )

    key: ClassVar[str] = "rosenbrock"
    title: ClassVar[str] = "Rosenbrock"
    about: ClassVar[str] = (
        "A curved valley that is easy to find and hard to follow: its direction keeps turning."
    )
    formula: ClassVar[str] = r"f(x, y) = (1 - x)^2 + b\,(y - x^2)^2"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_rosenbrock)
    second: ClassVar[SecondKernel] = staticmethod(_rosenbrock_second)
    window: ClassVar[Window] = ((-2.0, 2.0), (-1.0, 3.0))
    start: ClassVar[Point] = (-1.2, 1.0)
    minima: ClassVar[Points] = ((1.0, 1.0),)
    steps: ClassVar[int] = 500
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.002},
        "momentum": {"lr": 0.002},
        "rmsprop": {"lr": 0.002},
        "adam": {"lr": 1.0},
    }

    def kernel_knobs(self) -> tuple[float, ...]:
        """List b."""
        return (self.b,)


def _log_goldstein_price(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    s = x + y
    t = 2.0 * x - 3.0 * y
    a = 1.0 + (s + 1.0) * (s + 1.0) * (19.0 - 14.0 * s + 3.0 * s * s)
    b = 30.0 + t * t * (18.0 - 16.0 * t + 3.0 * t * t)
    p = 12.0 * (s + 1.0) * (s - 1.0) * (s - 2.0) / a
    q = 12.0 * t * (t - 1.0) * (t - 3.0) / b
    g[0] = p + 2.0 * q
    g[1] = p - 3.0 * q
    return log(a) + log(b)


def _log_goldstein_price_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    s, t = x + y, 2.0 * x - 3.0 * y
    a = 1.0 + (s + 1.0) * (s + 1.0) * (19.0 - 14.0 * s + 3.0 * s * s)
    b = 30.0 + t * t * (18.0 - 16.0 * t + 3.0 * t * t)
    p = 12.0 * (s + 1.0) * (s - 1.0) * (s - 2.0) / a
    q = 12.0 * t * (t - 1.0) * (t - 3.0) / b
    pp = 12.0 * (3.0 * s * s - 4.0 * s - 1.0) / a - p * p
    qq = 12.0 * (3.0 * t * t - 8.0 * t + 3.0) / b - q * q
    return pp + 4.0 * qq, pp - 6.0 * qq, pp + 9.0 * qq


@dataclass(frozen=True)
class LogGoldsteinPrice(Surface):
    r"""The logarithm of a product of two quartics: $f = \ln A(x + y) + \ln B(2x - 3y)$.

    Goldstein and Price (1971); the logarithm, which tames heights of 10⁶, is that of Picheny,
    Wagner and Ginsbourger (2013), here without their shift and scale. A has its minima at
    s = −1 and 2 and its top at 1, B at t = 0 and 3, and 1: so four minima and four saddles.
    The deepest, (0, −1), has the loss ln 3.
    """

    key: ClassVar[str] = "log_goldstein_price"
    title: ClassVar[str] = "log Goldstein–Price"
    about: ClassVar[str] = (
        "Crossing valleys with four minima of unequal depth: most ways down end too early."
    )
    formula: ClassVar[str] = (
        r"f = \ln\left(1 + (s + 1)^2 (19 - 14s + 3s^2)\right) "
        r"+ \ln\left(30 + t^2 (18 - 16t + 3t^2)\right), "
        r"\quad s = x + y, \; t = 2x - 3y"
    )
    kernel: ClassVar[SurfaceKernel] = staticmethod(_log_goldstein_price)
    second: ClassVar[SecondKernel] = staticmethod(_log_goldstein_price_second)
    window: ClassVar[Window] = ((-2.0, 2.4), (-2.0, 1.8))
    start: ClassVar[Point] = (-0.6, 1.5)
    minima: ClassVar[Points] = ((0.0, -1.0), (-0.6, -0.4), (1.8, 0.2), (1.2, 0.8))
    saddles: ClassVar[Points] = ((-0.4, -0.6), (0.6, 0.4), (1.2, -0.2), (1.4, 0.6))
    decades: ClassVar[float] = 2.5
    steps: ClassVar[int] = 150
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.01},
        "momentum": {"lr": 0.005},
        "rmsprop": {"lr": 0.005},
        "adam": {"lr": 0.5},
    }
