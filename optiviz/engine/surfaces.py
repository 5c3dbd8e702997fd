"""Loss surfaces of two parameters: value, gradient and Hessian, all analytic.

A surface's kernel is written once and serves floats (in the race), whole arrays (in the picture)
and complex numbers (in the tests). Each surface also brings a start and knobs for the first four
racers that make a race worth watching: ``tuned``, found by the rule in ``docs/tuning.md``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from optiviz.engine.part import KnobValue, Part, knob, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import SurfaceKernel

Point = tuple[float, float]
Window = tuple[tuple[float, float], tuple[float, float]]  # x from, to; y from, to

#: What a surface that is a formula hands to its kernel as examples.
NO_EXAMPLES = np.zeros((0, 0))
NO_EXAMPLES.flags.writeable = False


@dataclass(frozen=True)
class Surface(Part):
    """A loss surface with its knobs.

    Class attributes, or properties where a knob moves them:
        kernel: writes the gradient and returns the loss (see ``kernels.py``).
        window: what is shown at first, ((x from, to), (y from, to)).
        start: where the first race starts.
        minima, saddles: every one that lies in the window.
        steps, target: how long the first race is, and the loss above the least that ends it.
        tuned: knobs for the first four racers, by the optimizer's key.
    """

    kernel: ClassVar[SurfaceKernel]
    window: ClassVar[Window]
    start: ClassVar[Point]
    minima: ClassVar[tuple[Point, ...]]
    saddles: ClassVar[tuple[Point, ...]] = ()
    steps: ClassVar[int] = 300
    target: ClassVar[float] = 1e-3
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]]

    def kernel_knobs(self) -> tuple[float, ...]:
        """List the numbers that the kernel reads, in its own order."""
        return ()

    def value(self, x: Any, y: Any) -> Any:
        """Give the loss at a point, or at many: floats, or arrays of one shape."""
        return type(self).kernel(x, y, self.kernel_knobs(), NO_EXAMPLES, [0.0, 0.0])

    def gradient(self, x: Any, y: Any) -> Any:
        """Give the gradient, stacked along the first axis: (2,) or (2, …)."""
        g: list[Any] = [0.0, 0.0]
        type(self).kernel(x, y, self.kernel_knobs(), NO_EXAMPLES, g)
        return np.array(np.broadcast_arrays(*g))

    def hessian(self, x: Any, y: Any) -> Any:
        """Give the Hessian, stacked along the first two axes: (2, 2) or (2, 2, …)."""
        a, b, c = np.broadcast_arrays(*self.second_derivatives(x, y))
        return np.array([[a, b], [b, c]])

    def second_derivatives(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        """Give ∂²f/∂x², ∂²f/∂x∂y and ∂²f/∂y²."""
        raise NotImplementedError

    @property
    def least(self) -> float:
        """The least loss in the window."""
        return min(float(self.value(x, y)) for x, y in self.minima)

    @property
    def width(self) -> float:
        """The window's greater side, the yardstick for far and short."""
        (x0, x1), (y0, y1) = self.window
        return max(x1 - x0, y1 - y0)

    @property
    def center(self) -> Point:
        """The window's middle."""
        (x0, x1), (y0, y1) = self.window
        return (0.5 * (x0 + x1), 0.5 * (y0 + y1))


def _quadratic(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    a = knobs[0]
    b = knobs[1]
    c = knobs[2]
    g[0] = a * x + b * y
    g[1] = b * x + c * y
    return 0.5 * (x * g[0] + y * g[1])


@dataclass(frozen=True)
class Quadratic(Surface):
    r"""An elongated bowl: $f = \frac{1}{2} (u^2 + \kappa v^2)$, (u, v) turned by an angle.

    Its Hessian has the eigenvalues 1 and κ everywhere, so κ is its condition number.
    """

    kappa: float = knob(
        30.0,
        symbol="κ",
        label="condition number κ",
        help="How much steeper the walls are than the valley floor.",
        low=1.0,
        high=1e4,
        scale="log",
        travel=(1.0, 1000.0),
    )
    angle: float = knob(
        20.0,
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
        "The slope points across the valley, not along it: ill-conditioning at its purest."
    )
    formula: ClassVar[str] = (
        r"f(x, y) = \frac{1}{2} (u^2 + \kappa v^2), \quad "
        r"(u, v) = (x, y) \text{ turned by the angle}"
    )
    kernel: ClassVar[SurfaceKernel] = staticmethod(_quadratic)
    window: ClassVar[Window] = ((-5.0, 3.0), (-3.4, 3.0))
    start: ClassVar[Point] = (-4.5, -0.5)
    minima: ClassVar[tuple[Point, ...]] = ((0.0, 0.0),)
    steps: ClassVar[int] = 120
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.05},
        "momentum": {"lr": 0.01},
        "rmsprop": {"lr": 0.2},
        "adam": {"lr": 1.0},
    }

    def kernel_knobs(self) -> tuple[float, ...]:
        """List the entries of the constant Hessian: ∂²x, ∂x∂y, ∂²y."""
        turn = math.radians(self.angle)
        cos, sin = math.cos(turn), math.sin(turn)
        k = self.kappa
        return (cos * cos + k * sin * sin, (1.0 - k) * cos * sin, sin * sin + k * cos * cos)

    def second_derivatives(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        """Give the entries of the constant Hessian."""
        a, b, c = self.kernel_knobs()
        flat = 0.0 * (x + y)
        return flat + a, flat + b, flat + c


def _rosenbrock(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    b = knobs[0]
    u = 1.0 - x
    w = y - x * x
    g[0] = -2.0 * u - 4.0 * b * x * w
    g[1] = 2.0 * b * w
    return u * u + b * w * w


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
    window: ClassVar[Window] = ((-2.0, 2.0), (-1.0, 3.0))
    start: ClassVar[Point] = (-1.2, 1.0)
    minima: ClassVar[tuple[Point, ...]] = ((1.0, 1.0),)
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

    def second_derivatives(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        """Give 2 − 4b(y − 3x²), −4bx and 2b."""
        b = self.b
        return 2.0 - 4.0 * b * (y - 3.0 * x * x), -4.0 * b * x, 2.0 * b + 0.0 * y


def _beale(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    y2 = y * y
    y3 = y2 * y
    t1 = 1.5 - x + x * y
    t2 = 2.25 - x + x * y2
    t3 = 2.625 - x + x * y3
    g[0] = 2.0 * (t1 * (y - 1.0) + t2 * (y2 - 1.0) + t3 * (y3 - 1.0))
    g[1] = 2.0 * x * (t1 + 2.0 * t2 * y + 3.0 * t3 * y2)
    return t1 * t1 + t2 * t2 + t3 * t3


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
    window: ClassVar[Window] = ((-0.6, 4.1), (-2.1, 2.4))
    start: ClassVar[Point] = (1.0, 1.5)
    minima: ClassVar[tuple[Point, ...]] = ((3.0, 0.5),)
    saddles: ClassVar[tuple[Point, ...]] = ((0.0, 1.0),)
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.02},
        "momentum": {"lr": 0.005},
        "rmsprop": {"lr": 0.2},
        "adam": {"lr": 0.5},
    }

    def second_derivatives(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        """Differentiate the three squares twice: 2 Σ (∂tᵢ ∂tᵢ + tᵢ ∂²tᵢ)."""
        y2, y3 = y * y, y * y * y
        t1, t2, t3 = 1.5 - x + x * y, 2.25 - x + x * y2, 2.625 - x + x * y3
        d1, d2, d3 = y - 1.0, y2 - 1.0, y3 - 1.0  # ∂tᵢ/∂x
        e1, e2, e3 = x, 2.0 * x * y, 3.0 * x * y2  # ∂tᵢ/∂y
        xx = 2.0 * (d1 * d1 + d2 * d2 + d3 * d3)
        xy = 2.0 * (d1 * e1 + t1 + d2 * e2 + 2.0 * t2 * y + d3 * e3 + 3.0 * t3 * y2)
        yy = 2.0 * (e1 * e1 + e2 * e2 + 2.0 * t2 * x + e3 * e3 + 6.0 * t3 * x * y)
        return xx, xy, yy


def _himmelblau(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    u = x * x + y - 11.0
    w = x + y * y - 7.0
    g[0] = 4.0 * x * u + 2.0 * w
    g[1] = 2.0 * u + 4.0 * y * w
    return u * u + w * w


@dataclass(frozen=True)
class Himmelblau(Surface):
    r"""Four minima of equal depth: $f = (x^2 + y - 11)^2 + (x + y^2 - 7)^2$.

    Himmelblau (1972). Between the four minima lie four saddles, and a maximum in the middle.
    """

    key: ClassVar[str] = "himmelblau"
    title: ClassVar[str] = "Himmelblau"
    about: ClassVar[str] = "Four equal minima: a small change of the start decides which is found."
    formula: ClassVar[str] = r"f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_himmelblau)
    window: ClassVar[Window] = ((-5.5, 5.5), (-5.0, 5.0))
    start: ClassVar[Point] = (1.5, -4.5)
    minima: ClassVar[tuple[Point, ...]] = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.2831859912861696),
        (3.5844283403304917, -1.8481265269644036),
    )
    saddles: ClassVar[tuple[Point, ...]] = (
        (-3.0730257507643897, -0.08135304428796751),
        (-0.12796134673068008, -1.9537149802445763),
        (0.08667750455539636, 2.884254701174776),
        (3.385154183607021, 0.07385187983774928),
    )
    steps: ClassVar[int] = 120
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.02},
        "momentum": {"lr": 0.005},
        "rmsprop": {"lr": 0.2},
        "adam": {"lr": 1.0},
    }

    def second_derivatives(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        """Give 12x² + 4y − 42, 4x + 4y and 12y² + 4x − 26."""
        xx = 12.0 * x * x + 4.0 * y - 42.0
        return xx, 4.0 * (x + y), 12.0 * y * y + 4.0 * x - 26.0


SURFACES: dict[str, type[Surface]] = table(Beale, Rosenbrock, Quadratic, Himmelblau)
