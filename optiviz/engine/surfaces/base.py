"""What all loss surfaces share: the class, the least loss, what knobs move."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from optiviz.engine.kernels import kernel_of, second_of
from optiviz.engine.part import KnobValue, Part
from optiviz.engine.rebound import plain, vectorised

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from optiviz.engine.kernels import SecondKernel, SurfaceKernel

Point = tuple[float, float]
Points = tuple[Point, ...]
Window = tuple[tuple[float, float], tuple[float, float]]  # x from, to; y from, to
Group = Literal["classic", "teaching", "data"]
#: Examples as the plain kernel wants them: one tuple of floats each.
Rows = tuple[tuple[float, ...], ...]

Array = np.ndarray

#: What a surface that is a formula hands to its kernel as examples.
NO_EXAMPLES = np.zeros((0, 0))
NO_EXAMPLES.flags.writeable = False

#: How many points of each edge are looked at for the least loss.
_EDGE = 401


class _FromKnobs:
    """An attribute that is computed from the knobs, once for each setting of them."""

    def __init__(self, rule: Callable[[Any], Any]) -> None:
        self._rule = lru_cache(maxsize=256)(rule)

    def __get__(self, surface: Surface | None, owner: type[Surface]) -> Any:
        return self if surface is None else self._rule(surface)


def from_knobs(rule: Callable[[Any], Any]) -> Any:
    """Make an attribute of a rule, surface -> value; it is read from a surface, not its class."""
    return _FromKnobs(rule)


@dataclass(frozen=True)
class Surface(Part):
    """A loss surface with its knobs.

    Class attributes; where a knob moves them, they are made by :func:`from_knobs`:
        kernel: writes the gradient and returns the loss (see ``kernels.py``); a surface may have
            one of its own, as an attribute or a property (so may an optimizer).
        second: the second derivatives, (x, y, knobs) -> (∂²x, ∂x∂y, ∂²y).
        group: classic, from the literature; teaching, made to show one thing; data, a mean over
            real examples.
        quadratic: whether the Hessian is the same everywhere.
        axis_names: what the two parameters are called.
        window: what is shown at first, ((x from, to), (y from, to)).
        start: where the first race starts.
        minima, saddles: every one that lies in the window.
        degenerate: those of them where the Hessian has an eigenvalue 0.
        cusps: those of them where there is no derivative. The gradient there is given as 0, the
            middle of the gradients around, and the Hessian as nan.
        steps, target: how long the first race is, and the loss above the least that ends it.
        decades: how many powers of ten of loss its picture spans, from the valley floor up.
        tuned: knobs for the first four racers, by the optimizer's key.
    """

    kernel: ClassVar[SurfaceKernel]
    second: ClassVar[SecondKernel]
    group: ClassVar[Group] = "classic"
    quadratic: ClassVar[bool] = False
    axis_names: ClassVar[tuple[str, str]] = ("x", "y")
    window: ClassVar[Window]
    start: ClassVar[Point]
    minima: ClassVar[Points]
    saddles: ClassVar[Points] = ()
    degenerate: ClassVar[Points] = ()
    cusps: ClassVar[Points] = ()
    steps: ClassVar[int] = 300
    target: ClassVar[float] = 1e-3
    decades: ClassVar[float] = 6.0
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]]

    def kernel_knobs(self) -> tuple[float, ...]:
        """List the numbers that the kernel reads, in its own order."""
        return ()

    @property
    def examples(self) -> Array:
        """The examples that the loss is the mean of: (N, c), read-only; none for a formula."""
        return NO_EXAMPLES

    @property
    def example_rows(self) -> Rows:
        """The examples as tuples, on which a plain kernel is faster than on an array."""
        return ()

    @property
    def test_examples(self) -> Array:
        """Examples that the loss is not made of, (M, c), read-only; there may be none."""
        return NO_EXAMPLES

    @property
    def has_examples(self) -> bool:
        """Whether the loss is a mean over examples of its own."""
        return len(self.examples) > 0

    @property
    def test_minimum(self) -> Point | None:
        """Where the mean loss of the test examples is least; ``None`` where there is no such."""
        return None

    def test_value(self, x: Any, y: Any) -> Any:
        """Give the mean loss of the test examples; ``ValueError`` where there are none."""
        raise ValueError(f"{self.title} has no test examples.")

    def example_gradients(self, x: float, y: float) -> Array:
        """Give the gradient of each example's own loss, (N, 2); ``ValueError`` for a formula."""
        raise ValueError(f"{self.title} has no examples.")

    def value(self, x: Any, y: Any) -> Any:
        """Give the loss at a point, or at many: floats, or arrays of one shape."""
        return self._run(x, y, [0.0, 0.0])

    def gradient(self, x: Any, y: Any) -> Any:
        """Give the gradient, stacked along the first axis: (2,) or (2, …)."""
        g: list[Any] = [0.0, 0.0]
        self._run(x, y, g)
        return np.array(np.broadcast_arrays(*g))

    def gradient_along_x(self, x: Any, y: Any = 0.0) -> Any:
        """Give ∂f/∂x alone, for the search of places where it vanishes."""
        g: list[Any] = [0.0, 0.0]
        self._run(x, y, g)
        return g[0]

    def _run(self, x: Any, y: Any, g: list[Any]) -> Any:
        kernel = kernel_of(self)
        if isinstance(x, Real) and isinstance(y, Real):
            return plain(kernel)(float(x), float(y), self.kernel_knobs(), NO_EXAMPLES, g)
        with np.errstate(all="ignore"):  # far out, heights overflow
            return vectorised(kernel)(x, y, self.kernel_knobs(), NO_EXAMPLES, g)

    def hessian(self, x: Any, y: Any) -> Any:
        """Give the Hessian, stacked along the first two axes: (2, 2) or (2, 2, …)."""
        a, b, c = np.broadcast_arrays(*self.second_derivatives(x, y))
        hessian = np.array([[a, b], [b, c]])
        for cusp_x, cusp_y in self.cusps:
            hessian[..., (np.asarray(x) == cusp_x) & (np.asarray(y) == cusp_y)] = np.nan
        return hessian

    def second_derivatives(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        """Give ∂²f/∂x², ∂²f/∂x∂y and ∂²f/∂y²."""
        second: SecondKernel = second_of(self)
        if isinstance(x, Real) and isinstance(y, Real):
            second, x, y = plain(second), float(x), float(y)
        else:
            second = vectorised(second)
        with np.errstate(all="ignore"):
            return second(x, y, self.kernel_knobs())

    @property
    def least(self) -> float:
        """The least loss in the window.

        A surface that lists minima has it at one of them, exactly. One that falls out of its
        window has it on an edge; there it is the lowest of some hundred points on each, so good
        to the square of their distance where the edge has a dip.
        """
        return _least(self)

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


@lru_cache(maxsize=256)
def _least(surface: Surface) -> float:
    if surface.minima:
        return min(float(surface.value(x, y)) for x, y in surface.minima)
    (x0, x1), (y0, y1) = surface.window
    across, up = np.linspace(x0, x1, _EDGE), np.linspace(y0, y1, _EDGE)
    edges = [surface.value(across, np.full(_EDGE, y)) for y in (y0, y1)]
    edges += [surface.value(np.full(_EDGE, x), up) for x in (x0, x1)]
    return float(np.fmin.reduce(np.concatenate(edges)))  # an edge may overflow upward
