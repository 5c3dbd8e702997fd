"""A network of two weights, one behind the other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import exp
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
from optiviz.engine.surfaces.search import Critical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import SecondKernel, SurfaceKernel
    from optiviz.engine.part import KnobValue

Array = np.ndarray


#: Where the minimum is looked for before the window is known.
_FIRST, _SECOND = np.linspace(0.0, 4.0, 33), np.linspace(-3.0, 3.0, 49)


def _two_weights(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    total = 0.0
    along_x = 0.0
    along_y = 0.0
    for i in range(len(examples)):
        row = examples[i]
        t = 1.0 - 2.0 / (1.0 + exp(2.0 * x * row[0]))  # tanh
        r = y * t - row[1]
        total = total + r * r
        along_x = along_x + r * y * (1.0 - t * t) * row[0]
        along_y = along_y + r * t
    count = len(examples)
    g[0] = along_x / count
    g[1] = along_y / count
    return 0.5 * total / count


def _two_weights_second(x: Any, y: Any, row: Any) -> tuple[Any, Any, Any]:
    t = 1.0 - 2.0 / (1.0 + exp(2.0 * x * row[0]))
    s = (1.0 - t * t) * row[0]
    r = y * t - row[1]
    xx = y * s * (y * s - 2.0 * r * t * row[0])
    xy = s * (y * t + r)
    return xx, xy, t * t


@dataclass(frozen=True)
class TwoWeights(DataSurface):
    r"""Two weights in a row: $f(w_1, w_2) = \frac{1}{2N} \sum_i (w_2 \tanh(w_1 x_i) - y_i)^2$.

    Made for OptiViz, after the smallest network that has a hidden unit. Turning the signs of both
    weights changes nothing, so every minimum has a mirror image, with a saddle at 0 between them:
    there both gradients vanish, since each weight is multiplied by the other. Saxe, McClelland and
    Ganguli (2014) study the same saddle in deep linear networks. Input and target are standardized.
    """

    data: str = data_knob(datasets.PENGUINS)
    feature: str = feature_knob("flipper length")
    output: str = output_knob("species")

    key: ClassVar[str] = "two_weights"
    title: ClassVar[str] = "Network of two weights"
    about: ClassVar[str] = (
        "The smallest network: two mirrored minima, and between them the saddle at 0 from which "
        "every one must learn to leave."
    )
    formula: ClassVar[str] = (
        r"f(w_1, w_2) = \frac{1}{2N} \sum_i (\hat{y}_i - y_i)^2, \quad "
        r"\hat{y}_i = w_2 \tanh(w_1 x_i)"
    )
    axis_names: ClassVar[tuple[str, str]] = ("w₁", "w₂")
    kernel: ClassVar[SurfaceKernel] = staticmethod(_two_weights)
    second: ClassVar[SecondKernel] = staticmethod(_two_weights_second)
    decades: ClassVar[float] = 3.0
    steps: ClassVar[int] = 50
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 2.0},
        "momentum": {"lr": 0.02},
        "rmsprop": {"lr": 0.2},
        "adam": {"lr": 0.2},
    }

    def scalings(self, train: Array) -> tuple[Scaling, ...]:
        """Standardize both."""
        return standard(train[:, 0]), standard(train[:, 1])

    def predict(self, x: float, y: float, inputs: Array) -> Array:
        """Give w₂ tanh(w₁ x)."""
        return y * np.tanh(x * inputs)

    def critical(self) -> Critical:
        """Find the minima and saddles; the one at 0 is there exactly."""
        found = super().critical()
        saddles = tuple((0.0, 0.0) if math.hypot(*at) < 1e-9 else at for at in found.saddles)
        return Critical(found.minima, saddles)

    def places(self) -> Places:
        """Put the saddle in the middle; start where the two signs are wrong."""
        first, second = (part.ravel() for part in np.meshgrid(_FIRST, _SECOND))
        lowest = int(np.argmin(self.coarse_loss.losses(first, second)))
        x, y = float(first[lowest]), float(second[lowest])
        half = (max(1.75 * x, 2.0), max(2.2 * abs(y), 2.0))
        start = (-0.36 * half[0], math.copysign(0.72 * half[1], y))
        return placed((0.0, 0.0), half, start)
