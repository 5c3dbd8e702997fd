"""A wall at which the gradient explodes."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt
from typing import TYPE_CHECKING, Any, ClassVar

from optiviz.engine.part import knob
from optiviz.engine.surfaces.base import Surface, from_knobs
from optiviz.engine.surfaces.roots import flats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import SecondKernel, SurfaceKernel
    from optiviz.engine.part import KnobValue
    from optiviz.engine.surfaces.base import Group, Point, Points, Window


def _cliff(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    h = knobs[0]
    s = 1.0 / (1.0 + exp(10.0 - 10.0 * x))
    root = sqrt(1.0 + 16.0 * x * x)
    g[0] = 4.0 * x / root + 10.0 * h * s * (1.0 - s)
    g[1] = 0.3 * y
    return 0.25 * (root - 1.0) + 0.15 * y * y + h * s


def _cliff_second(x: Any, y: Any, knobs: Any) -> tuple[Any, Any, Any]:
    s = 1.0 / (1.0 + exp(10.0 - 10.0 * x))
    root = sqrt(1.0 + 16.0 * x * x)
    xx = 4.0 / root / root / root + 100.0 * knobs[0] * s * (1.0 - s) * (1.0 - 2.0 * s)
    return xx, 0.0 * (x + y), 0.3 + 0.0 * y


def _cliff_minima(surface: Cliff) -> Points:
    # The wall's foot moves the minimum a little to the left of 0.
    (low, _), _ = surface.window
    dips = flats(surface.gradient_along_x, low, 0.5).dips
    return tuple((x, 0.0) for x in dips)


@dataclass(frozen=True)
class Cliff(Surface):
    r"""A valley beside a wall of height h.

    $f = \frac{1}{4} (\sqrt{1 + 16x^2} - 1) + \frac{3}{20} y^2 + h\,\sigma(10x - 10)$, made for
    OptiViz.

    σ is the logistic function. Such walls stand in the loss of recurrent networks: Pascanu,
    Mikolov and Bengio (2013), whose figure 6 this imitates in one smooth formula. On the wall the
    gradient reaches 2.5h, many times that of the valley, and one plain step along it ends far away.
    """

    h: float = knob(
        8.0,
        symbol="h",
        label="height of the cliff h",
        help="How high the wall is; its gradient is 2.5 times as large.",
        low=0.0,
        high=1000.0,
        travel=(0.0, 20.0),
    )

    key: ClassVar[str] = "cliff"
    title: ClassVar[str] = "Cliff"
    about: ClassVar[str] = (
        "At the wall the gradient explodes, and a plain step throws far: what clipping is for."
    )
    formula: ClassVar[str] = (
        r"f(x, y) = \frac{\sqrt{1 + 16x^2} - 1}{4} + \frac{3y^2}{20} "
        r"+ \frac{h}{1 + e^{-10(x - 1)}}"
    )
    group: ClassVar[Group] = "teaching"
    kernel: ClassVar[SurfaceKernel] = staticmethod(_cliff)
    second: ClassVar[SecondKernel] = staticmethod(_cliff_second)
    window: ClassVar[Window] = ((-5.0, 4.0), (-2.0, 4.5))
    start: ClassVar[Point] = (3.5, 2.7)
    minima: ClassVar[Points] = from_knobs(_cliff_minima)
    decades: ClassVar[float] = 4.5
    steps: ClassVar[int] = 100
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.2},
        "momentum": {"lr": 0.1},
        "rmsprop": {"lr": 0.1},
        "adam": {"lr": 1.0},
    }

    def kernel_knobs(self) -> tuple[float, ...]:
        """List h."""
        return (self.h,)
