"""Several basins: polynomials of degree four and six."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from optiviz.engine.surfaces.base import Surface

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import SecondKernel, SurfaceKernel
    from optiviz.engine.part import KnobValue
    from optiviz.engine.surfaces.base import Point, Points, Window

# Where 2u³ − 16u + 2.5 vanishes.
_DIPS, _TOP = (-2.903534027771177, 2.746802770990837), 0.1567312567803401


def _mirrored(*points: Point) -> Points:
    """List points, and each again on the other side of the origin."""
    return tuple(point for x, y in points for point in ((x, y), (-x, -y)))


def _himmelblau(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    u = x * x + y - 11.0
    w = x + y * y - 7.0
    g[0] = 4.0 * x * u + 2.0 * w
    g[1] = 2.0 * u + 4.0 * y * w
    return u * u + w * w


def _himmelblau_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    xx = 12.0 * x * x + 4.0 * y - 42.0
    return xx, 4.0 * (x + y), 12.0 * y * y + 4.0 * x - 26.0


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
    second: ClassVar[SecondKernel] = staticmethod(_himmelblau_second)
    window: ClassVar[Window] = ((-5.5, 5.5), (-5.0, 5.0))
    start: ClassVar[Point] = (1.5, -4.5)
    minima: ClassVar[Points] = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.2831859912861696),
        (3.5844283403304917, -1.8481265269644036),
    )
    saddles: ClassVar[Points] = (
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


def _styblinski_tang(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    x2 = x * x
    y2 = y * y
    g[0] = 2.0 * x * x2 - 16.0 * x + 2.5
    g[1] = 2.0 * y * y2 - 16.0 * y + 2.5
    return 0.5 * (x2 * x2 - 16.0 * x2 + 5.0 * x + (y2 * y2 - 16.0 * y2 + 5.0 * y))


def _styblinski_tang_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    return 6.0 * x * x - 16.0, 0.0 * (x + y), 6.0 * y * y - 16.0


@dataclass(frozen=True)
class StyblinskiTang(Surface):
    r"""One deep minimum and three shallower: $f = \frac{1}{2} \sum (u^4 - 16u^2 + 5u)$.

    Styblinski and Tang (1990). x and y do not meet in it: each has a deep and a shallow dip.
    """

    key: ClassVar[str] = "styblinski_tang"
    title: ClassVar[str] = "Styblinski–Tang"
    about: ClassVar[str] = (
        "Four minima, one of them deepest: where a racer rests need not be the best place."
    )
    formula: ClassVar[str] = (
        r"f(x, y) = \frac{1}{2} \left(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y\right)"
    )
    kernel: ClassVar[SurfaceKernel] = staticmethod(_styblinski_tang)
    second: ClassVar[SecondKernel] = staticmethod(_styblinski_tang_second)
    window: ClassVar[Window] = ((-4.6, 4.6), (-4.2, 4.2))
    start: ClassVar[Point] = (4.1, -3.1)
    minima: ClassVar[Points] = tuple((x, y) for x in _DIPS for y in _DIPS)
    saddles: ClassVar[Points] = (
        *((x, _TOP) for x in _DIPS),
        *((_TOP, y) for y in _DIPS),
    )
    decades: ClassVar[float] = 4.0
    steps: ClassVar[int] = 120
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.02},
        "momentum": {"lr": 0.02},
        "rmsprop": {"lr": 1.0},
        "adam": {"lr": 2.0},
    }


def _six_hump_camel(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    x2 = x * x
    y2 = y * y
    g[0] = x * (8.0 - 8.4 * x2 + 2.0 * x2 * x2) + y
    g[1] = x - 8.0 * y + 16.0 * y * y2
    return x2 * (4.0 - 2.1 * x2 + x2 * x2 / 3.0) + x * y + y2 * (4.0 * y2 - 4.0)


def _six_hump_camel_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    x2 = x * x
    return 8.0 - 25.2 * x2 + 10.0 * x2 * x2, 1.0 + 0.0 * (x + y), 48.0 * y * y - 8.0


@dataclass(frozen=True)
class SixHumpCamel(Surface):
    r"""Six minima, two of them deepest, under $f(-x, -y) = f(x, y)$.

    Dixon and Szegő (1978). Between the minima lie seven saddles, one in the middle, and two
    maxima.
    """

    key: ClassVar[str] = "six_hump_camel"
    title: ClassVar[str] = "Six-hump camel"
    about: ClassVar[str] = (
        "Six minima in three pairs: the best are a step away, and many paths miss them."
    )
    formula: ClassVar[str] = (
        r"f(x, y) = \left(4 - 2.1x^2 + \frac{x^4}{3}\right) x^2 + xy + (4y^2 - 4) y^2"
    )
    kernel: ClassVar[SurfaceKernel] = staticmethod(_six_hump_camel)
    second: ClassVar[SecondKernel] = staticmethod(_six_hump_camel_second)
    window: ClassVar[Window] = ((-2.1, 2.1), (-1.2, 1.2))
    start: ClassVar[Point] = (-1.7, -0.8)
    minima: ClassVar[Points] = _mirrored(
        (0.08984201310031806, -0.7126564030207396),
        (1.703606714969981, -0.7960835686726251),
        (1.6071047529201972, 0.5686514548841314),
    )
    saddles: ClassVar[Points] = (
        (0.0, 0.0),
        *_mirrored(
            (1.1092053368047865, -0.7682680925095399),
            (1.2960702671671092, 0.6050843880386585),
            (1.6380679841897785, 0.22867406904439408),
        ),
    )
    decades: ClassVar[float] = 4.0
    steps: ClassVar[int] = 60
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.05},
        "momentum": {"lr": 0.05},
        "rmsprop": {"lr": 0.1},
        "adam": {"lr": 1.0},
    }
