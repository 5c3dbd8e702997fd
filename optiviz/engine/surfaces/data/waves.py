"""A sine through points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import cos, sin
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from optiviz.engine import datasets
from optiviz.engine.part import PartError
from optiviz.engine.surfaces.data.base import (
    DataSurface,
    data_knob,
    feature_knob,
    output_knob,
    standardize_knob,
)
from optiviz.engine.surfaces.data.examples import Scaling, deviation, standard
from optiviz.engine.surfaces.data.places import Places, placed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.datasets import DataSet
    from optiviz.engine.kernels import SecondKernel, SurfaceKernel
    from optiviz.engine.part import KnobValue

Array = np.ndarray


def _sine(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    total = 0.0
    along_x = 0.0
    along_y = 0.0
    for i in range(len(examples)):
        row = examples[i]
        z = x * row[0] + y
        r = sin(z) - row[1]
        s = r * cos(z)
        total = total + r * r
        along_x = along_x + s * row[0]
        along_y = along_y + s
    count = len(examples)
    g[0] = along_x / count
    g[1] = along_y / count
    return 0.5 * total / count


def _sine_second(x: Any, y: Any, row: Any) -> tuple[Any, Any, Any]:
    z = x * row[0] + y
    wave = sin(z)
    gradient = cos(z)
    bend = gradient * gradient - (wave - row[1]) * wave
    return bend * row[0] * row[0], bend * row[0], bend


def _wave(inputs: Array) -> float:
    """Give the frequency of one wave over all the points."""
    return 2.0 * math.pi / float(np.ptp(inputs))


@dataclass(frozen=True)
class Sine(DataSurface):
    r"""A sine through points: $f(w_1, w_2) = \frac{1}{2N} \sum_i (\sin(w_1 x_i + w_2) - y_i)^2$.

    Made for OptiViz. Each frequency that fits some of the points has a minimum of its own, and
    with it every frequency between is a ridge: many minima of different depth and sharpness.
    """

    data: str = data_knob(datasets.SEA)
    feature: str = feature_knob("time")
    output: str = output_knob("swing")
    standardize: bool = standardize_knob(
        False, "Shift and scale the input to mean 0 and deviation 1, the target to amplitude 1."
    )

    key: ClassVar[str] = "sine"
    title: ClassVar[str] = "Sine fit"
    about: ClassVar[str] = (
        "A frequency and a phase to find: one deep and sharp minimum among many shallow ones."
    )
    formula: ClassVar[str] = (
        r"f(w_1, w_2) = \frac{1}{2N} \sum_i (\hat{y}_i - y_i)^2, \quad "
        r"\hat{y}_i = \sin(w_1 x_i + w_2)"
    )
    axis_names: ClassVar[tuple[str, str]] = ("w₁", "w₂")
    kernel: ClassVar[SurfaceKernel] = staticmethod(_sine)
    second: ClassVar[SecondKernel] = staticmethod(_sine_second)
    decades: ClassVar[float] = 2.0
    steps: ClassVar[int] = 70
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 2.0},
        "momentum": {"lr": 0.1},
        "rmsprop": {"lr": 0.1},
        "adam": {"lr": 1.0},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        inputs, target = self.examples.T
        if not (0.05 <= _wave(inputs) <= 20.0 and 0.01 <= deviation(target) <= 100.0):
            raise PartError(
                "standardize",
                f"as they are, {self.feature!r} and {self.output!r} are too far from the size of "
                "a sine and its input; switch standardize on",
            )

    def scalings(self, train: Array) -> tuple[Scaling, ...]:
        """Take the numbers as they are, or of the size that a sine has."""
        if not self.standardize:
            return Scaling(), Scaling()
        _, target = train.T
        swing = Scaling(float(target.mean()), math.sqrt(2.0) * deviation(target), "amplitude 1")
        return standard(train[:, 0]), swing

    def predict(self, x: float, y: float, inputs: Array) -> Array:
        """Give sin(w₁ x + w₂)."""
        return np.sin(x * inputs + y)

    def places(self) -> Places:
        """Show the best frequency with the minimum on both sides of its ridge, and lower ones.

        The race starts by the ridge, where the sine is upside down.
        """
        inputs = self.examples[:, 0]
        wave = _wave(inputs)
        most = min(8.0, 0.25 * len(inputs))
        first = np.linspace(0.5 * wave, most * wave, 97)
        second = np.linspace(-math.pi, math.pi, 49)
        x, y = (part.ravel() for part in np.meshgrid(first, second))
        lowest = int(np.argmin(self.coarse_loss.losses(x, y)))
        best, phase = float(x[lowest]), float(y[lowest])
        ridge = phase + math.pi if phase < 0.0 else phase - math.pi
        start = (best + 0.12 * wave, ridge - 0.4)
        return placed((best - 1.5 * wave, ridge), (4.0 * wave, 4.0), start)

    @classmethod
    def settings_for(cls, data: DataSet, columns: dict[str, Any]) -> dict[str, Any]:
        """Standardize: the window is made for inputs near 0."""
        return {"standardize": True}
