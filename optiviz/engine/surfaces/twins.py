"""Two minima: equally deep and unequally sharp, or unequally deep."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from optiviz.engine.part import knob
from optiviz.engine.surfaces.base import Surface, from_knobs
from optiviz.engine.surfaces.roots import Flats, flats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import SecondKernel, SurfaceKernel
    from optiviz.engine.part import KnobValue
    from optiviz.engine.surfaces.base import Group, Point, Points, Window


#: Where the flat minimum lies; the sharp one lies on the other side of the origin.
_FLAT: Point = (-1.8, -0.6)


def _flat_and_sharp(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    ratio = knobs[0]
    ax = x - knobs[1]
    ay = y - knobs[2]
    bx = x + knobs[1]
    by = y + knobs[2]
    p = 0.1 * ax * ax + 0.5 * ay * ay
    q = ratio * (0.1 * bx * bx + 0.5 * by * by)
    s = p / (p + q)
    t = q / (p + q)
    g[0] = 0.2 * (t * t * ax + s * s * ratio * bx)
    g[1] = t * t * ay + s * s * ratio * by
    return p * t


def _flat_and_sharp_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    ratio = knobs[0]
    ax, ay, bx, by = x - knobs[1], y - knobs[2], x + knobs[1], y + knobs[2]
    p = 0.1 * ax * ax + 0.5 * ay * ay
    q = ratio * (0.1 * bx * bx + 0.5 * by * by)
    s, t = p / (p + q), q / (p + q)
    u, v = 0.2 * (t * ax - s * ratio * bx), t * ay - s * ratio * by
    both = t * t + s * s * ratio
    pull = 2.0 / (p + q)
    return 0.2 * both - pull * u * u, -pull * u * v, both - pull * v * v


def _pass(surface: FlatAndSharp) -> Points:
    # On the segment between them 1/f is least where the distances are as the cube roots.
    root = math.cbrt(surface.ratio)
    share = (1.0 - root) / (1.0 + root)
    return ((share * _FLAT[0], share * _FLAT[1]),)


@dataclass(frozen=True)
class FlatAndSharp(Surface):
    r"""Two minima, both of loss 0, one sharper by a ratio: $f = \frac{pq}{p + q}$.

    p is a bowl with the curvatures 1/5 and 1 and its minimum at (−1.8, −0.6), q the same ρ times
    as steep with its minimum at (1.8, 0.6); near its own minimum each is alone. Made for OptiViz.

    That flat minima generalise better is an observation (Hochreiter and Schmidhuber, 1997; Keskar
    and others, 2017), and not undisputed. That an ε above 2 / sharpness cannot rest in a sharp one
    is arithmetic, and is what this surface shows.
    """

    ratio: float = knob(
        10.0,
        symbol="ρ",
        label="sharpness ratio ρ",
        help="How many times as sharp the sharp minimum is; the flat one has curvatures 0.2 and 1.",
        low=1.0,
        high=1000.0,
        scale="log",
        travel=(1.0, 100.0),
    )

    key: ClassVar[str] = "flat_and_sharp"
    title: ClassVar[str] = "Flat and sharp"
    about: ClassVar[str] = (
        "Two minima of equal depth: large steps cannot rest in the sharp one and find the flat one."
    )
    formula: ClassVar[str] = (
        r"f = \frac{p\,q}{p + q}, \quad p = \frac{(x + 1.8)^2}{10} + \frac{(y + 0.6)^2}{2}, "
        r"\quad q = \rho \left(\frac{(x - 1.8)^2}{10} + \frac{(y - 0.6)^2}{2}\right)"
    )
    group: ClassVar[Group] = "teaching"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_flat_and_sharp)
    second: ClassVar[SecondKernel] = staticmethod(_flat_and_sharp_second)
    window: ClassVar[Window] = ((-4.0, 4.0), (-3.0, 3.0))
    start: ClassVar[Point] = (1.9, 2.5)
    minima: ClassVar[Points] = (_FLAT, (-_FLAT[0], -_FLAT[1]))
    saddles: ClassVar[Points] = from_knobs(_pass)
    decades: ClassVar[float] = 4.0
    steps: ClassVar[int] = 60
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.1},
        "momentum": {"lr": 0.2},
        "rmsprop": {"lr": 0.2},
        "adam": {"lr": 1.0},
    }

    def kernel_knobs(self) -> tuple[float, ...]:
        """List the ratio, and where the flat minimum lies."""
        return (self.ratio, *_FLAT)


def _two_basins(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    tilt = knobs[0]
    w = x * x - 4.0
    v = y - 0.25 * x * x
    g[0] = 0.25 * x * w - tilt - x * v
    g[1] = 2.0 * v
    return 0.0625 * w * w - tilt * x + v * v


def _two_basins_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    return 1.5 * x * x - 1.0 - y, -x, 2.0 + 0.0 * (x + y)


def _two_basins_flats(surface: TwoBasins) -> Flats:
    # Along the floor y = x²/4 the loss is a quartic of x.
    (low, high), _ = surface.window
    return flats(lambda x: 0.25 * x * (x * x - 4.0) - surface.tilt, low, high)


@dataclass(frozen=True)
class TwoBasins(Surface):
    r"""A shallow basin and a deep one, and a pass between them.

    $f = \frac{1}{16} (x^2 - 4)^2 - \tau x + (y - \frac{x^2}{4})^2$, made for OptiViz. The floor
    is bent and has two dips near x = ±2, whose losses differ by about 4τ. The pass between them
    stands about 1 above their mean.
    """

    tilt: float = knob(
        0.2,
        symbol="τ",
        label="tilt τ",
        help="How much deeper the right basin is; at 0 both are equal.",
        low=0.0,
        high=0.7,
    )

    key: ClassVar[str] = "two_basins"
    title: ClassVar[str] = "Two basins"
    about: ClassVar[str] = (
        "The nearer basin is the shallower one: speed carries over the pass, the gradient does not."
    )
    formula: ClassVar[str] = (
        r"f(x, y) = \frac{1}{16} (x^2 - 4)^2 - \tau x + \left(y - \frac{x^2}{4}\right)^2"
    )
    group: ClassVar[Group] = "teaching"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_two_basins)
    second: ClassVar[SecondKernel] = staticmethod(_two_basins_second)
    window: ClassVar[Window] = ((-3.8, 3.8), (-2.0, 4.0))
    start: ClassVar[Point] = (-3.4, 3.5)
    minima: ClassVar[Points] = from_knobs(
        lambda surface: tuple((x, 0.25 * x * x) for x in _two_basins_flats(surface).dips)
    )
    saddles: ClassVar[Points] = from_knobs(
        lambda surface: tuple((x, 0.25 * x * x) for x in _two_basins_flats(surface).tops)
    )
    decades: ClassVar[float] = 4.0
    steps: ClassVar[int] = 80
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.2},
        "momentum": {"lr": 0.1},
        "rmsprop": {"lr": 0.5},
        "adam": {"lr": 2.0},
    }

    def kernel_knobs(self) -> tuple[float, ...]:
        """List the tilt."""
        return (self.tilt,)
