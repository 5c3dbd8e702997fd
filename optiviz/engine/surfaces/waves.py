"""Bowls with waves on them."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, e, exp, pi, sin, sqrt
from typing import TYPE_CHECKING, Any, ClassVar

from optiviz.engine.part import knob
from optiviz.engine.surfaces.base import Surface, from_knobs
from optiviz.engine.surfaces.roots import Flats, flats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import SecondKernel, SurfaceKernel
    from optiviz.engine.part import KnobValue
    from optiviz.engine.surfaces.base import Point, Points, Window


def _rastrigin(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    a = knobs[0]
    u = 2.0 * pi * x
    w = 2.0 * pi * y
    g[0] = 2.0 * x + 2.0 * pi * a * sin(u)
    g[1] = 2.0 * y + 2.0 * pi * a * sin(w)
    return x * x + y * y + a * (2.0 - cos(u) - cos(w))


def _rastrigin_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    a = 4.0 * pi * pi * knobs[0]
    return 2.0 + a * cos(2.0 * pi * x), 0.0 * (x + y), 2.0 + a * cos(2.0 * pi * y)


def _flats(surface: Rastrigin) -> Flats:
    """Find dips and tops along one axis; the other axis has the same."""
    (low, high), _ = surface.window
    return flats(surface.gradient_along_x, low, high)


def _rastrigin_minima(surface: Rastrigin) -> Points:
    dips = _flats(surface).dips
    return tuple((x, y) for x in dips for y in dips)


def _rastrigin_saddles(surface: Rastrigin) -> Points:
    dips, tops = _flats(surface)
    along_x = tuple((x, y) for x in tops for y in dips)
    return along_x + tuple((y, x) for x, y in along_x)


@dataclass(frozen=True)
class Rastrigin(Surface):
    r"""A bowl of waves: $f = x^2 + y^2 + A\,(2 - \cos 2\pi x - \cos 2\pi y)$.

    Rastrigin (1974), with n = 2 and, as usual, A = 10. Every wave holds a minimum, close to the
    whole numbers; the window shows nine. Below A = 0.23 no wave holds a minimum any
    more, and below 0.05 the bowl is convex.
    """

    a: float = knob(
        10.0,
        symbol="A",
        label="height of the waves A",
        help="How high the waves stand on the bowl.",
        low=0.0,
        high=50.0,
        travel=(0.0, 20.0),
    )

    key: ClassVar[str] = "rastrigin"
    title: ClassVar[str] = "Rastrigin"
    about: ClassVar[str] = (
        "A minimum in every wave: the gradient knows the nearest one, and nothing of the best."
    )
    formula: ClassVar[str] = r"f(x, y) = x^2 + y^2 + A \left(2 - \cos 2\pi x - \cos 2\pi y\right)"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_rastrigin)
    second: ClassVar[SecondKernel] = staticmethod(_rastrigin_second)
    window: ClassVar[Window] = ((-1.45, 1.45), (-1.45, 1.45))
    start: ClassVar[Point] = (-1.0, -0.4)
    minima: ClassVar[Points] = from_knobs(_rastrigin_minima)
    saddles: ClassVar[Points] = from_knobs(_rastrigin_saddles)
    decades: ClassVar[float] = 3.5
    steps: ClassVar[int] = 100
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.002},
        "momentum": {"lr": 0.002},
        "rmsprop": {"lr": 0.05},
        "adam": {"lr": 0.5},
    }

    def kernel_knobs(self) -> tuple[float, ...]:
        """List A."""
        return (self.a,)


def _ackley(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    u = 2.0 * pi * x
    w = 2.0 * pi * y
    # The root mean square; the hair makes 0/0 at the cusp a 0 and is lost everywhere else.
    r = sqrt(0.5 * (x * x + y * y)) + 1e-300
    bowl = 20.0 * exp(-0.2 * r)
    waves = exp(0.5 * (cos(u) + cos(w)))
    g[0] = 0.1 * bowl * (x / r) + pi * waves * sin(u)
    g[1] = 0.1 * bowl * (y / r) + pi * waves * sin(w)
    return (20.0 - bowl) + (e - waves)


def _ackley_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    r = sqrt(0.5 * (x * x + y * y)) + 1e-300
    bowl = 0.1 * 20.0 * exp(-0.2 * r)
    cu, su = cos(2.0 * pi * x), sin(2.0 * pi * x)
    cw, sw = cos(2.0 * pi * y), sin(2.0 * pi * y)
    waves = pi * pi * exp(0.5 * (cu + cw))
    p, q = x / r, y / r  # p² + q² = 2
    xx = bowl * (0.5 * q * q / r - 0.1 * p * p) + waves * (2.0 * cu - su * su)
    xy = -bowl * p * q * (0.5 / r + 0.1) - waves * su * sw
    yy = bowl * (0.5 * p * p / r - 0.1 * q * q) + waves * (2.0 * cw - sw * sw)
    return xx, xy, yy


def _around(*points: Point) -> Points:
    """List points of one eighth of the plane in all eighths."""
    return tuple(
        dict.fromkeys(
            (a, b)
            for x, y in points
            for s in (1.0, -1.0)
            for t in (1.0, -1.0)
            for a, b in ((s * x, t * y), (t * y, s * x))
        )
    )


@dataclass(frozen=True)
class Ackley(Surface):
    r"""A funnel with waves, whose lowest point is a cusp.

    $f = 20 (1 - e^{-r / 5}) + e - e^{(\cos 2\pi x + \cos 2\pi y) / 2}$ with
    $r = \sqrt{(x^2 + y^2) / 2}$. Ackley (1987), with n = 2.

    In the middle r has a kink, and so has f: the gradient there is 2√2 in every direction away
    from it, however near, and there is no gradient and no Hessian. So under a constant ε steps do
    not shrink: SGD ends up hopping over it, by 3.85 ε at ε = 0.01.
    """

    key: ClassVar[str] = "ackley"
    title: ClassVar[str] = "Ackley"
    about: ClassVar[str] = (
        "The best minimum is a cusp: the gradient does not fade on the way in, so nobody brakes."
    )
    formula: ClassVar[str] = (
        r"f(x, y) = 20 \left(1 - e^{-r / 5}\right) + e - e^{(\cos 2\pi x + \cos 2\pi y) / 2}, "
        r"\quad r = \sqrt{\frac{x^2 + y^2}{2}}"
    )
    kernel: ClassVar[SurfaceKernel] = staticmethod(_ackley)
    second: ClassVar[SecondKernel] = staticmethod(_ackley_second)
    window: ClassVar[Window] = ((-1.5, 1.5), (-1.5, 1.5))
    start: ClassVar[Point] = (-0.65, 0.4)
    minima: ClassVar[Points] = (
        (0.0, 0.0),
        *_around((0.9521665459501717, 0.0), (0.9684776587077244, 0.9684776587077244)),
    )
    saddles: ClassVar[Points] = _around(
        (0.6257806168564638, 0.0), (0.8747620388753442, 0.5774125352782147)
    )
    cusps: ClassVar[Points] = ((0.0, 0.0),)
    decades: ClassVar[float] = 2.5
    steps: ClassVar[int] = 40
    target: ClassVar[float] = 0.2
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.01},
        "momentum": {"lr": 0.005},
        "rmsprop": {"lr": 0.02},
        "adam": {"lr": 0.5},
    }


def _griewank(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    w = sqrt(0.5) * y
    cx, cw = cos(x), cos(w)
    g[0] = 0.0005 * x + sin(x) * cw
    g[1] = 0.0005 * y + sqrt(0.5) * cx * sin(w)
    return 0.00025 * (x * x + y * y) + (1.0 - cx * cw)


def _griewank_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    w = sqrt(0.5) * y
    waves = cos(x) * cos(w)
    return 0.0005 + waves, -sqrt(0.5) * sin(x) * sin(w), 0.0005 + 0.5 * waves


def _mirrored(*points: Point) -> Points:
    """List points of one quarter of the plane in all quarters."""
    return tuple(dict.fromkeys((s * x, t * y) for x, y in points for s in (1, -1) for t in (1, -1)))


@dataclass(frozen=True)
class Griewank(Surface):
    r"""A wide bowl under waves: $f = 1 + (x^2 + y^2) / 4000 - \cos x \cos(y / \sqrt 2)$.

    Griewank (1981), with n = 2. From afar it is a bowl, from near it is all waves: the best
    minimum is only 0.0074 lower than the four around it, and every pass between them is 1 high.
    """

    key: ClassVar[str] = "griewank"
    title: ClassVar[str] = "Griewank"
    about: ClassVar[str] = (
        "Waves on a bowl so wide that it hardly shows: all minima look alike, and one is the best."
    )
    formula: ClassVar[str] = (
        r"f(x, y) = 1 + \frac{x^2 + y^2}{4000} - \cos x \cos \frac{y}{\sqrt{2}}"
    )
    kernel: ClassVar[SurfaceKernel] = staticmethod(_griewank)
    second: ClassVar[SecondKernel] = staticmethod(_griewank_second)
    window: ClassVar[Window] = ((-10.0, 10.0), (-10.0, 10.0))
    start: ClassVar[Point] = (-4.8, 2.3)
    minima: ClassVar[Points] = _mirrored(
        (0.0, 0.0),
        (3.1400226338955397, 4.438444480920714),
        (6.280045279379904, 0.0),
        (0.0, 8.876888929095657),
        (6.280045217550294, 8.876888885374552),
        (9.420067886213593, 4.438444437201061),
    )
    saddles: ClassVar[Points] = _mirrored(
        (1.5723679104393218, 2.2225533025787545),
        (1.5660847019886008, 6.6632170057198845),
        (4.710820534479318, 2.2181104087569534),
        (4.7171037585267745, 6.667659943458243),
        (7.855556370892423, 2.2269962074289897),
        (7.849273116023248, 6.658774057215233),
    )
    decades: ClassVar[float] = 2.5
    steps: ClassVar[int] = 100
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 1.0},
        "momentum": {"lr": 0.5},
        "rmsprop": {"lr": 0.2},
        "adam": {"lr": 2.0},
    }
