"""One unit behind a line: a logistic one that tells two kinds apart, and a tanh neuron."""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import copysign, exp, fabs, log
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from optiviz.engine import datasets
from optiviz.engine.surfaces.data.base import (
    DataSurface,
    data_knob,
    feature_knob,
    output_knob,
)
from optiviz.engine.surfaces.data.examples import Scaling, standard
from optiviz.engine.surfaces.data.places import Places, placed
from optiviz.engine.surfaces.search import Critical, descend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import SecondKernel, SurfaceKernel
    from optiviz.engine.part import KnobValue
    from optiviz.engine.surfaces.base import Point
    from optiviz.engine.surfaces.data.mean import MeanLoss

Array = np.ndarray

#: Where a neuron's minimum is looked for before its window is known.
_COARSE = np.linspace(-6.0, 6.0, 49)
#: A product of so many numbers from 1 to 2 is far below the largest float.
_STRIDE = 512


def _logistic(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    total = 0.0
    along_x = 0.0
    along_y = 0.0
    count = len(examples)
    for first in range(0, count, _STRIDE):
        # Σ log(1 + e) = log Π (1 + e): one logarithm for many examples.
        product = 1.0
        for i in range(first, min(first + _STRIDE, count)):
            row = examples[i]
            z = x * row[0] + y
            size = fabs(z)
            e = exp(-size)  # in 0 … 1, so nothing overflows
            p = 0.5 + copysign(0.5 * (1.0 - e) / (1.0 + e), z)
            product = product * (1.0 + e)
            total = total + (0.5 * (z + size) - row[1] * z)
            along_x = along_x + (p - row[1]) * row[0]
            along_y = along_y + (p - row[1])
        total = total + log(product)
    g[0] = along_x / count
    g[1] = along_y / count
    return total / count


def _logistic_second(x: Any, y: Any, row: Any) -> tuple[Any, Any, Any]:
    e = exp(-fabs(x * row[0] + y))
    bend = e / ((1.0 + e) * (1.0 + e))  # p (1 − p)
    return bend * row[0] * row[0], bend * row[0], bend


@dataclass(frozen=True)
class Logistic(DataSurface):
    r"""Logistic regression: $f(w, b) = -\frac{1}{N} \sum_i \log P(y_i)$.

    Mean cross-entropy, with $P(1) = \sigma(w x_i + b)$; Cox (1958). It is convex. Where one number
    parts the two kinds without a mistake it has no minimum: the loss falls for ever as w grows.
    The input is standardized.

    The loss of an example is computed as $\max(z, 0) - y z + \log(1 + e^{-|z|})$, so that no z is
    too large.
    """

    data: str = data_knob(datasets.PENGUINS)
    feature: str = feature_knob("body mass")
    output: str = output_knob(
        "species", "The column with the two kinds to tell apart; the second is 1."
    )

    key: ClassVar[str] = "logistic"
    title: ClassVar[str] = "Logistic regression"
    about: ClassVar[str] = (
        "Two kinds told apart by one number: steep where it is wrong, and flatter the surer it is."
    )
    formula: ClassVar[str] = (
        r"f(w, b) = -\frac{1}{N} \sum_i \left(y_i \log p_i + (1 - y_i) \log(1 - p_i)\right), "
        r"\quad p_i = \frac{1}{1 + e^{-(w x_i + b)}}"
    )
    is_classifier: ClassVar[bool] = True
    kernel: ClassVar[SurfaceKernel] = staticmethod(_logistic)
    second: ClassVar[SecondKernel] = staticmethod(_logistic_second)
    decades: ClassVar[float] = 3.5
    steps: ClassVar[int] = 80
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 10.0},
        "momentum": {"lr": 0.1},
        "rmsprop": {"lr": 0.5},
        "adam": {"lr": 1.0},
    }

    def scalings(self, train: Array) -> tuple[Scaling, ...]:
        """Standardize the input; the kinds are 0 and 1."""
        return standard(train[:, 0]), Scaling(words="0 or 1")

    def predict(self, x: float, y: float, inputs: Array) -> Array:
        """Give the probability of the second kind."""
        return 0.5 + 0.5 * np.tanh(0.5 * (x * inputs + y))

    def places(self) -> Places:
        """Look at the half of the way from 0 to the minimum; start beyond 0."""
        w, b = _convex(self.train_loss) or (8.0, 0.0)
        size = max(math.hypot(w, b), 3.0)
        start = _from(w, b, 1.7 * size, -0.19 * size)
        return placed((0.5 * w, 0.5 * b), (1.6 * size, 1.25 * size), start)

    def critical(self) -> Critical:
        """Give the one minimum, if there is one."""
        found = _convex(self.train_loss)
        return Critical((found,) if found else (), ())

    def least_of_test(self) -> Point | None:
        """Give the one minimum of the test loss, if there is one."""
        return _convex(self.test_loss)


#: Weights beyond this mean that the two kinds are parted without a mistake, or nearly.
_STEEPEST = 60.0


def _convex(mean: MeanLoss) -> Point | None:
    return descend(mean.losses, mean.gradient, mean.bends, (0.0, 0.0), _STEEPEST)


def _from(w: float, b: float, across: float, up: float) -> Point:
    """Go from a place against the sign that each of its numbers has."""
    return w - math.copysign(1.0, w) * across, b - math.copysign(1.0, b) * up


def _neuron(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    total = 0.0
    along_x = 0.0
    along_y = 0.0
    for i in range(len(examples)):
        row = examples[i]
        t = 1.0 - 2.0 / (1.0 + exp(2.0 * (x * row[0] + y)))  # tanh
        r = t - row[1]
        s = r * (1.0 - t * t)
        total = total + r * r
        along_x = along_x + s * row[0]
        along_y = along_y + s
    count = len(examples)
    g[0] = along_x / count
    g[1] = along_y / count
    return 0.5 * total / count


def _neuron_second(x: Any, y: Any, row: Any) -> tuple[Any, Any, Any]:
    t = 1.0 - 2.0 / (1.0 + exp(2.0 * (x * row[0] + y)))
    s = 1.0 - t * t
    bend = s * (s - 2.0 * t * (t - row[1]))
    return bend * row[0] * row[0], bend * row[0], bend


@dataclass(frozen=True)
class Neuron(DataSurface):
    r"""One tanh neuron: $f(w, b) = \frac{1}{2N} \sum_i (\tanh(w x_i + b) - y_i)^2$.

    Made for OptiViz. Where the neuron is saturated its gradient is nearly 0, so there are wide
    flats around a narrow way down. The input is standardized; the target's least and greatest
    number become −0.9 and 0.9, which a tanh can reach.
    """

    data: str = data_knob(datasets.PENGUINS)
    feature: str = feature_knob("body mass")
    output: str = output_knob("species")

    key: ClassVar[str] = "neuron"
    title: ClassVar[str] = "One tanh neuron"
    about: ClassVar[str] = (
        "A neuron that is sure of itself learns nothing: flats where it is saturated, a gully "
        "where it is not."
    )
    formula: ClassVar[str] = (
        r"f(w, b) = \frac{1}{2N} \sum_i (\hat{y}_i - y_i)^2, \quad \hat{y}_i = \tanh(w x_i + b)"
    )
    kernel: ClassVar[SurfaceKernel] = staticmethod(_neuron)
    second: ClassVar[SecondKernel] = staticmethod(_neuron_second)
    decades: ClassVar[float] = 3.0
    steps: ClassVar[int] = 160
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 2.0},
        "momentum": {"lr": 0.05},
        "rmsprop": {"lr": 0.1},
        "adam": {"lr": 0.05},
    }

    def scalings(self, train: Array) -> tuple[Scaling, ...]:
        """Standardize the input; scale the target into what a tanh can reach."""
        low, high = float(train[:, 1].min()), float(train[:, 1].max())
        within = Scaling(0.5 * (low + high), 0.5 * (high - low) / 0.9, "scaled to −0.9 … 0.9")
        return standard(train[:, 0]), within

    def predict(self, x: float, y: float, inputs: Array) -> Array:
        """Give tanh(w x + b)."""
        return np.tanh(x * inputs + y)

    def places(self) -> Places:
        """Look at the half of the way from 0 to the minimum; start where the neuron is wrong."""
        w, b = self._near()
        size = max(math.hypot(w, b), 1.5)
        start = _from(w, b, 1.85 * size, 1.3 * size)
        return placed((0.5 * w, 0.5 * b), (2.2 * size, 1.8 * size), start)

    def _near(self) -> Point:
        """Give the lowest place of a coarse grid."""
        w, b = (part.ravel() for part in np.meshgrid(_COARSE, _COARSE))
        lowest = int(np.argmin(self.coarse_loss.losses(w, b)))
        return float(w[lowest]), float(b[lowest])
