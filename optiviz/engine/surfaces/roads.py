"""Long ways: a bent ravine, a plateau, a gradient with ripples."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING, Any, ClassVar

from optiviz.engine.part import knob
from optiviz.engine.surfaces.base import Surface, from_knobs
from optiviz.engine.surfaces.roots import Flats, flats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import SecondKernel, SurfaceKernel
    from optiviz.engine.part import KnobValue
    from optiviz.engine.surfaces.base import Group, Point, Points, Window


def _ravine(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    kappa = knobs[0]
    w = y - sin(x)
    g[0] = 0.1 * x - kappa * w * cos(x)
    g[1] = kappa * w
    return 0.05 * x * x + 0.5 * kappa * w * w


def _ravine_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    kappa = knobs[0]
    sx, cx = sin(x), cos(x)
    return 0.1 + kappa * (cx * cx + (y - sx) * sx), -kappa * cx, kappa + 0.0 * y


@dataclass(frozen=True)
class Ravine(Surface):
    r"""A narrow ravine that winds like a sine: $f = \frac{x^2}{20} + \frac{k}{2} (y - \sin x)^2$.

    Made for OptiViz. The floor is the curve y = sin x and falls gently to the one minimum; the
    walls are k times as steep as a unit bowl. The gradient points across, and the way along it
    turns.
    """

    k: float = knob(
        20.0,
        symbol="k",
        label="steepness of the walls k",
        help="How steep the walls of the ravine are, and so how narrow it is.",
        low=0.1,
        high=1e4,
        scale="log",
        travel=(1.0, 1000.0),
    )

    key: ClassVar[str] = "ravine"
    title: ClassVar[str] = "Winding ravine"
    about: ClassVar[str] = (
        "A narrow floor that turns: speed gathered in one stretch runs up the wall in the next."
    )
    formula: ClassVar[str] = r"f(x, y) = \frac{x^2}{20} + \frac{k}{2} (y - \sin x)^2"
    group: ClassVar[Group] = "teaching"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_ravine)
    second: ClassVar[SecondKernel] = staticmethod(_ravine_second)
    window: ClassVar[Window] = ((-8.0, 2.0), (-3.5, 3.5))
    start: ClassVar[Point] = (-5.9, 1.9)
    minima: ClassVar[Points] = ((0.0, 0.0),)
    steps: ClassVar[int] = 120
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.05},
        "momentum": {"lr": 0.05},
        "rmsprop": {"lr": 0.005},
        "adam": {"lr": 1.0},
    }

    def kernel_knobs(self) -> tuple[float, ...]:
        """List k."""
        return (self.k,)


def _plateau(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    a = 1.0 / (knobs[0] * knobs[0])
    b = 4.0 * a
    i = 1.0 / (1.0 + a * x * x + b * y * y)
    g[0] = 2.0 * a * x * i * i
    g[1] = 2.0 * b * y * i * i
    return 1.0 - i


def _plateau_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    a = 1.0 / (knobs[0] * knobs[0])
    b = 4.0 * a
    i = 1.0 / (1.0 + a * x * x + b * y * y)
    p, q = 2.0 * a * x * i, 2.0 * b * y * i
    return 2.0 * i * (a * i - p * p), -2.0 * i * p * q, 2.0 * i * (b * i - q * q)


@dataclass(frozen=True)
class Plateau(Surface):
    r"""A plain with a basin in it: $f = \frac{q}{1 + q}$, $q = \frac{x^2 + 4y^2}{w^2}$.

    Made for OptiViz. Far from the basin the loss nears 1 and the gradient fades with the cube of
    the distance, as that of a saturated unit does. The curvatures at the minimum are 2/w² and 8/w²,
    so an ε that would cross the plain in time does not come to rest in the basin.
    """

    w: float = knob(
        1.0,
        symbol="w",
        label="width of the basin w",
        help="How far the basin reaches into the plain.",
        low=0.1,
        high=10.0,
        scale="log",
        travel=(0.3, 5.0),
    )

    key: ClassVar[str] = "plateau"
    title: ClassVar[str] = "Plateau"
    about: ClassVar[str] = (
        "Hardly any gradient for a long way: rules that scale it walk on, the others wait."
    )
    formula: ClassVar[str] = r"f(x, y) = \frac{q}{1 + q}, \quad q = \frac{x^2 + 4y^2}{w^2}"
    group: ClassVar[Group] = "teaching"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_plateau)
    second: ClassVar[SecondKernel] = staticmethod(_plateau_second)
    window: ClassVar[Window] = ((-6.0, 2.5), (-2.0, 4.0))
    start: ClassVar[Point] = (-5.6, 3.5)
    minima: ClassVar[Points] = ((0.0, 0.0),)
    decades: ClassVar[float] = 3.0
    steps: ClassVar[int] = 150
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 1.0},
        "momentum": {"lr": 0.5},
        "rmsprop": {"lr": 0.05},
        "adam": {"lr": 0.5},
    }

    def kernel_knobs(self) -> tuple[float, ...]:
        """List w."""
        return (self.w,)


def _ripples(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    a = knobs[0]
    u = 2.0 * pi * x
    root = sqrt(1.0 + x * x)
    g[0] = x / root + a * sin(u)
    g[1] = 4.0 * y
    return (root - 1.0) + a * (1.0 - cos(u)) / (2.0 * pi) + 2.0 * y * y


def _ripples_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    root = sqrt(1.0 + x * x)
    xx = 1.0 / root / root / root + 2.0 * pi * knobs[0] * cos(2.0 * pi * x)
    return xx, 0.0 * (x + y), 4.0 + 0.0 * y


def _ripples_flats(surface: Ripples) -> Flats:
    (low, high), _ = surface.window
    return flats(surface.gradient_along_x, low, high)


@dataclass(frozen=True)
class Ripples(Surface):
    r"""A long gradient of 1 with ripples on it.

    $f = \sqrt{1 + x^2} - 1 + \frac{a}{2\pi} (1 - \cos 2\pi x) + 2y^2$.

    Made for OptiViz. a is how steep the ripples are, measured by the gradient they lie on far out,
    which is less steep near the minimum: below 0.594 the way is downhill everywhere, from there on
    the ripples beside the minimum hold minima of their own, and from 1 on all of them do.
    """

    a: float = knob(
        1.2,
        symbol="a",
        label="size of the ripples a",
        help="The ripples' steepness by the road's: from 0.594 on some are traps, from 1 on all.",
        low=0.0,
        high=10.0,
        travel=(0.0, 3.0),
    )

    key: ClassVar[str] = "ripples"
    title: ClassVar[str] = "Ripples"
    about: ClassVar[str] = (
        "Small ripples on a long gradient: who has no speed stays in the first trap."
    )
    formula: ClassVar[str] = (
        r"f(x, y) = \sqrt{1 + x^2} - 1 + \frac{a}{2\pi} \left(1 - \cos 2\pi x\right) "
        r"+ 2y^2"
    )
    group: ClassVar[Group] = "teaching"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_ripples)
    second: ClassVar[SecondKernel] = staticmethod(_ripples_second)
    window: ClassVar[Window] = ((-8.0, 2.0), (-3.0, 3.0))
    start: ClassVar[Point] = (-7.5, 1.9)
    minima: ClassVar[Points] = from_knobs(
        lambda surface: tuple((x, 0.0) for x in _ripples_flats(surface).dips)
    )
    saddles: ClassVar[Points] = from_knobs(
        lambda surface: tuple((x, 0.0) for x in _ripples_flats(surface).tops)
    )
    decades: ClassVar[float] = 4.0
    steps: ClassVar[int] = 100
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.2},
        "momentum": {"lr": 0.02},
        "rmsprop": {"lr": 0.2},
        "adam": {"lr": 0.5},
    }

    def kernel_knobs(self) -> tuple[float, ...]:
        """List a."""
        return (self.a,)
