"""Linear models: a line through points, and a sum of a common and a rare feature."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from optiviz.engine import datasets
from optiviz.engine.eigen import eigenvalues
from optiviz.engine.part import PartError
from optiviz.engine.surfaces.data.base import (
    DataSurface,
    column_knob,
    data_knob,
    feature_knob,
    output_knob,
    standardize_knob,
)
from optiviz.engine.surfaces.data.examples import Scaling, deviation, standard
from optiviz.engine.surfaces.data.places import Places, placed
from optiviz.engine.surfaces.search import Critical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.datasets import DataSet
    from optiviz.engine.kernels import SecondKernel, SurfaceKernel
    from optiviz.engine.part import KnobValue
    from optiviz.engine.surfaces.base import Point
    from optiviz.engine.surfaces.data.mean import MeanLoss

Array = np.ndarray

#: Beyond this condition number a picture is one straight line and digits are lost.
MOST_CONDITION = 1e6
#: Half windows that can be drawn and typed.
_SMALLEST, _LARGEST = 1e-6, 1e6
#: A valley reaches so far, in half windows.
_REACH = 0.8
#: A window is wider than high, as the stage is.
_WIDE = 1.2


class _LeastSquares(DataSurface):
    """A quadratic: its one minimum is known in closed form, and its valley gives the window."""

    quadratic: ClassVar[bool] = True
    #: Where the race starts: so far along the valley and so far across it, in half windows.
    away: ClassVar[tuple[float, float]] = (0.8, 0.25)

    def _bends(self) -> tuple[float, float, float]:
        xx, xy, yy = map(float, self.train_loss.bends(0.0, 0.0))
        return xx, xy, yy

    def _half(self) -> float:
        """Give half of the window's height, from how far the valley reaches.

        At its end the loss is above the least by half the target's variance: the loss of the best
        constant.
        """
        low, _ = eigenvalues(*self._bends())
        return deviation(self.examples[:, -1]) / math.sqrt(low) / _REACH

    def is_drawable(self) -> bool:
        """Say whether valley and window are such that a picture shows them."""
        low, high = eigenvalues(*self._bends())
        if not 0.0 < low <= high <= MOST_CONDITION * low:
            return False
        return _SMALLEST <= self._half() <= _LARGEST

    def places(self) -> Places:
        """Center the window on the minimum, make it as long as the valley; start in the valley."""
        x, y = _bottom(self.train_loss)
        a, b, c = self._bends()
        low, high = eigenvalues(a, b, c)
        # A round bowl has no direction but what rounding gives it.
        is_round = high - low <= 1e-9 * high
        turn = 0.0 if is_round else 0.5 * math.atan2(b, 0.5 * a - 0.5 * c)
        along = (-math.sin(turn), math.cos(turn))  # the way of the least curvature, upward
        half, (far, aside) = self._half(), self.away
        start = (
            x + half * (far * along[0] + aside * along[1]),
            y + half * (far * along[1] - aside * along[0]),
        )
        return placed((x, y), (_WIDE * half, half), start)

    def critical(self) -> Critical:
        """Give the one minimum."""
        return Critical((_bottom(self.train_loss),), ())

    def least_of_test(self) -> Point | None:
        """Give the one minimum of the test loss, wherever it is, if there is but one."""
        low, high = eigenvalues(*map(float, self.test_loss.bends(0.0, 0.0)))
        return _bottom(self.test_loss) if low > high / MOST_CONDITION else None


def _bottom(mean: MeanLoss) -> Point:
    """Find the minimum of a quadratic, by Newton's step from 0 and two more for the last digits."""
    at = np.zeros(2)
    a, b, c = map(float, mean.bends(0.0, 0.0))
    hessian = np.array([[a, b], [b, c]])
    for _ in range(3):
        at = at - np.linalg.solve(hessian, np.array(mean.gradient(*at)))
    return float(at[0]), float(at[1])


def _line(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    total = 0.0
    along_x = 0.0
    along_y = 0.0
    for i in range(len(examples)):
        row = examples[i]
        r = x * row[0] + y - row[1]
        total = total + r * r
        along_x = along_x + r * row[0]
        along_y = along_y + r
    count = len(examples)
    g[0] = along_x / count
    g[1] = along_y / count
    return 0.5 * total / count


def _line_second(x: Any, y: Any, row: Any) -> tuple[Any, Any, Any]:
    return row[0] * row[0], row[0], 1.0


@dataclass(frozen=True)
class Line(_LeastSquares):
    r"""A line through points: $f(w, b) = \frac{1}{2N} \sum_i (w x_i + b - y_i)^2$.

    Least squares: Legendre (1805). The Hessian is the mean of $x^2$, $x$ and 1, so its condition
    number says where the inputs lie: numbers far from 0 make a narrow valley, along which w and b
    make good for each other. Standardized ones make a round bowl, whose minimum is (r, 0) with
    the correlation r. Half of the mean squared error, so that the gradient has no factor 2.
    """

    data: str = data_knob(datasets.IRIS)
    feature: str = feature_knob("petal length")
    output: str = output_knob("petal width")
    standardize: bool = standardize_knob(
        False, "Shift and scale input and target to mean 0 and deviation 1."
    )

    key: ClassVar[str] = "line"
    title: ClassVar[str] = "Line through points"
    about: ClassVar[str] = (
        "A straight line by least squares: raw inputs make a narrow valley, standardized ones "
        "a round bowl."
    )
    formula: ClassVar[str] = (
        r"f(w, b) = \frac{1}{2N} \sum_i (\hat{y}_i - y_i)^2, \quad \hat{y}_i = w x_i + b"
    )
    kernel: ClassVar[SurfaceKernel] = staticmethod(_line)
    second: ClassVar[SecondKernel] = staticmethod(_line_second)
    decades: ClassVar[float] = 5.0
    steps: ClassVar[int] = 200
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 0.1},
        "momentum": {"lr": 0.05},
        "rmsprop": {"lr": 0.1},
        "adam": {"lr": 0.5},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.is_drawable():
            raise PartError(
                "standardize",
                f"as they are, {self.feature!r} and {self.output!r} make a valley that no picture "
                "shows; switch standardize on",
            )

    def scalings(self, train: Array) -> tuple[Scaling, ...]:
        """Take the numbers as they are, or standardized."""
        if self.standardize:
            return standard(train[:, 0]), standard(train[:, 1])
        return Scaling(), Scaling()

    def predict(self, x: float, y: float, inputs: Array) -> Array:
        """Give w x + b."""
        return x * inputs + y

    def in_own_units(self, x: float, y: float) -> tuple[float, float]:
        r"""Give slope and intercept of the line w x + b in the units of the data themselves.

        With $x' = (x - m_x) / s_x$ and $y' = (y - m_y) / s_y$ the line $y' = w x' + b$ is
        $y = m_y + s_y b + (s_y w / s_x)(x - m_x)$.
        """
        of_x, of_y = self.column_scalings
        slope = x * of_y.size / of_x.size
        return slope, of_y.shift + y * of_y.size - slope * of_x.shift

    @classmethod
    def settings_for(cls, data: DataSet, columns: dict[str, Any]) -> dict[str, Any]:
        """Standardize: a table's numbers may be of any size, and no ε suits all of them."""
        return {"standardize": True}


def _rare(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    total = 0.0
    along_x = 0.0
    along_y = 0.0
    for i in range(len(examples)):
        row = examples[i]
        r = x * row[0] + y * row[1] - row[2]
        total = total + r * r
        along_x = along_x + r * row[0]
        along_y = along_y + r * row[1]
    count = len(examples)
    g[0] = along_x / count
    g[1] = along_y / count
    return 0.5 * total / count


def _rare_second(x: Any, y: Any, row: Any) -> tuple[Any, Any, Any]:
    return row[0] * row[0], row[0] * row[1], row[1] * row[1]


@dataclass(frozen=True)
class RareFeature(_LeastSquares):
    r"""A common and a rare feature.

    $f(w_1, w_2) = \frac{1}{2N} \sum_i (w_1 x_{i1} + w_2 x_{i2} - y_i)^2$.

    The rare feature is 0 in most rows, so the loss hardly bends along its weight, and most
    batches say nothing of it. A step size for each weight makes good for that: Duchi, Hazan and
    Singer (2011) made AdaGrad for such features.

    The common feature is standardized. The rare one is divided by its greatest size, so that its
    zeros stay. The target is shifted to mean 0 where the rare feature is 0, as there is no b, and
    divided by its deviation.
    """

    data: str = data_knob(datasets.FLIGHTS)
    feature: str = feature_knob("hour")
    output: str = output_knob("delay")
    rare: str = column_knob("rain", "rare", "The column that is 0 in most rows, x₂.")

    key: ClassVar[str] = "rare_feature"
    title: ClassVar[str] = "Rare feature"
    about: ClassVar[str] = (
        "One input is nearly always 0, so its weight is seldom told anything: what AdaGrad is for."
    )
    formula: ClassVar[str] = (
        r"f(w_1, w_2) = \frac{1}{2N} \sum_i (\hat{y}_i - y_i)^2, \quad "
        r"\hat{y}_i = w_1 x_{i1} + w_2 x_{i2}"
    )
    columns: ClassVar[tuple[str, ...]] = ("feature", "rare", "output")
    axis_names: ClassVar[tuple[str, str]] = ("w₁", "w₂")
    away: ClassVar[tuple[float, float]] = (-0.47, 1.03)
    kernel: ClassVar[SurfaceKernel] = staticmethod(_rare)
    second: ClassVar[SecondKernel] = staticmethod(_rare_second)
    decades: ClassVar[float] = 4.5
    steps: ClassVar[int] = 70
    tuned: ClassVar[Mapping[str, Mapping[str, KnobValue]]] = {
        "sgd": {"lr": 1.0},
        "momentum": {"lr": 1.0},
        "rmsprop": {"lr": 0.5},
        "adam": {"lr": 2.0},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.is_drawable():
            raise PartError(
                "rare",
                f"{self.rare!r} rises and falls with {self.feature!r}, so that its weight cannot "
                "be told from the other; choose another column",
            )

    def scalings(self, train: Array) -> tuple[Scaling, ...]:
        """Standardize the common feature and the target; keep the rare one's zeros."""
        common, rare, target = train.T
        usual = target[rare == 0.0]
        shift = float((usual if usual.size else target).mean())
        return (
            standard(common),
            Scaling(0.0, float(abs(rare).max()), "" if abs(rare).max() == 1.0 else "at most 1"),
            Scaling(shift, deviation(target), "standardized"),
        )

    def predict(self, x: float, y: float, inputs: Array) -> Array:
        """Give w₁ x₁ + w₂ x₂ for inputs (…, 2)."""
        return x * inputs[..., 0] + y * inputs[..., 1]
