"""Saddles, bounded far out, so that whoever escapes arrives somewhere."""

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
    from optiviz.engine.surfaces.base import Group, Point, Points, Window


def _plain_saddle(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    a = knobs[0]
    c = knobs[1]
    w = y * y - 4.0
    g[0] = a * x
    g[1] = 0.25 * c * y * w
    return 0.5 * a * x * x + 0.0625 * c * w * w


def _plain_saddle_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    return knobs[0] + 0.0 * (x + y), 0.0 * (x + y), 0.25 * knobs[1] * (3.0 * y * y - 4.0)


@dataclass(frozen=True)
class PlainSaddle(Surface):
    r"""Upward along x, downward along y, bounded far out.

    $f = \frac{x^2}{2} + \frac{c}{16} (y^2 - 4)^2$, made for OptiViz.

    At the saddle (0, 0) the curvatures are 1 and −c; at the two minima (0, ±2) they are 1 and 2c,
    and the loss is 0 for any c. Who starts near the line y = 0 is led to the saddle first, and
    leaves it the later the smaller the gradient is that it listens to: Dauphin and others (2014).
    """

    c: float = knob(
        0.1,
        symbol="c",
        label="downward curvature c",
        help="How fast the way down opens beside the saddle.",
        low=0.001,
        high=100.0,
        scale="log",
        travel=(0.01, 10.0),
    )

    key: ClassVar[str] = "saddle"
    title: ClassVar[str] = "Saddle"
    about: ClassVar[str] = (
        "Near a saddle the gradient is tiny and so are the steps, unless a rule scales them up."
    )
    formula: ClassVar[str] = r"f(x, y) = \frac{x^2}{2} + \frac{c}{16} (y^2 - 4)^2"
    group: ClassVar[Group] = "teaching"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_plain_saddle)
    second: ClassVar[SecondKernel] = staticmethod(_plain_saddle_second)
    window: ClassVar[Window] = ((-4.0, 3.0), (-3.0, 3.0))
    start: ClassVar[Point] = (-3.5, 0.1)
    minima: ClassVar[Points] = ((0.0, 2.0), (0.0, -2.0))
    saddles: ClassVar[Points] = ((0.0, 0.0),)
    decades: ClassVar[float] = 4.5
    steps: ClassVar[int] = 80
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 1.0},
        "momentum": {"lr": 0.2},
        "rmsprop": {"lr": 0.2},
        "adam": {"lr": 0.5},
    }

    def kernel_knobs(self) -> tuple[float, ...]:
        """List the two curvatures at the saddle."""
        return (1.0, self.c)


def _monkey_saddle(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    r2 = x * x + y * y
    g[0] = x * x - y * y + 0.5 * r2 * x
    g[1] = 0.5 * r2 * y - 2.0 * x * y
    return x * (x * x / 3.0 - y * y) + 0.125 * r2 * r2 + 2.0 / 3.0


def _monkey_saddle_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    half = 0.5 * (x * x + y * y)
    return 2.0 * x + half + x * x, x * y - 2.0 * y, half + y * y - 2.0 * x


@dataclass(frozen=True)
class MonkeySaddle(Surface):
    r"""Three ways down and three up: $f = \frac{x^3}{3} - xy^2 + \frac{1}{8} (x^2 + y^2)^2 + c$.

    The monkey saddle $x^3 - 3xy^2$ of Hilbert and Cohn-Vossen (1932), a third of it, bounded by
    a quartic, c = 2/3. In the middle the whole Hessian is 0: the point is degenerate, curvature
    says nothing there, and the gradient fades with the square of the distance. The three minima lie
    at a distance of 2 and are equally deep.
    """

    key: ClassVar[str] = "monkey_saddle"
    title: ClassVar[str] = "Monkey saddle"
    about: ClassVar[str] = (
        "Flat to second order in the middle: the gradient fades so fast that plain steps hardly go."
    )
    formula: ClassVar[str] = (
        r"f(x, y) = \frac{x^3}{3} - xy^2 + \frac{1}{8} \left(x^2 + y^2\right)^2 + \frac{2}{3}"
    )
    group: ClassVar[Group] = "teaching"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_monkey_saddle)
    second: ClassVar[SecondKernel] = staticmethod(_monkey_saddle_second)
    window: ClassVar[Window] = ((-3.0, 3.0), (-2.6, 2.6))
    start: ClassVar[Point] = (2.4, 0.1)
    minima: ClassVar[Points] = ((-2.0, 0.0), (1.0, math.sqrt(3.0)), (1.0, -math.sqrt(3.0)))
    saddles: ClassVar[Points] = ((0.0, 0.0),)
    degenerate: ClassVar[Points] = ((0.0, 0.0),)
    decades: ClassVar[float] = 4.5
    steps: ClassVar[int] = 80
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.1},
        "momentum": {"lr": 0.01},
        "rmsprop": {"lr": 0.1},
        "adam": {"lr": 0.5},
    }
