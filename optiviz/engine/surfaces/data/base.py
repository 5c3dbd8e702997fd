"""What surfaces made of data share: their knobs, their two tables, their places."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from optiviz.engine.kernels import kernel_of, second_of
from optiviz.engine.part import PartError, knob
from optiviz.engine.rebound import plain
from optiviz.engine.surfaces.base import Surface, from_knobs
from optiviz.engine.surfaces.data import examples
from optiviz.engine.surfaces.data.mean import MeanLoss, by_rows
from optiviz.engine.surfaces.search import Critical, critical_points

if TYPE_CHECKING:
    from optiviz.engine.datasets import Column, DataSet
    from optiviz.engine.surfaces.base import Group, Point, Points, Rows, Window
    from optiviz.engine.surfaces.data.examples import Examples, Scaling
    from optiviz.engine.surfaces.data.places import Places

Array = np.ndarray

#: The window of the test loss's minimum, in windows of the surface.
_NEAR = 1.5
#: Losses this close, relative to their size, are the same but for rounding.
_TIE = 1e-9
#: Examples that are enough to choose a window by.
_SOME = 256


def data_knob(default: str) -> Any:
    """Declare the knob that names the data set."""
    return knob(
        default,
        symbol="data",
        label="data set",
        help="The data set whose rows are the examples.",
    )


def column_knob(default: str, symbol: str, says: str) -> Any:
    """Declare a knob that names a column."""
    return knob(default, symbol=symbol, label=symbol, help=says)


def feature_knob(default: str) -> Any:
    """Declare the knob that names the input."""
    return column_knob(default, "feature", "The column that the model is given, x.")


def output_knob(default: str, says: str = "The column that the model is to predict, y.") -> Any:
    """Declare the knob that names the target."""
    return column_knob(default, "target", says)


def standardize_knob(default: bool, says: str) -> Any:
    """Declare the switch between numbers as they are and numbers of one scale."""
    return knob(default, symbol="standardize", label="standardize", help=says)


@dataclass(frozen=True)
class DataSurface(Surface):
    r"""A loss that is a mean over examples, $f(\theta) = \frac{1}{N} \sum_i f_i(\theta)$.

    An example is a row of a data set that has a value in every column chosen. The rows are split
    by a seed into a train part, which the loss is made of, and a test part. Where numbers are
    scaled, the train part alone decides how.

    Class attributes beside those of :class:`Surface`:
        kernel: the mean over the rows of ``examples``, each the inputs and then the target.
        second: the second derivatives of one example's loss, (x, y, row) -> (∂²x, ∂x∂y, ∂²y).
        columns: the knobs that name columns, the inputs' first, the target's last.
        is_classifier: whether the target has two values.

    Raises:
        PartError: there is no such data set or column; a column's values are all the same; fewer
            than 4 rows have a value in every column; a classifier's target has not two values.
    """

    data: str = data_knob("")
    feature: str = feature_knob("")
    output: str = output_knob("")
    split: int = knob(
        0,
        symbol="split",
        label="split",
        help="The seed that decides which rows are for training and which are for the test.",
        low=0,
        high=9999,
        travel=(0, 99),
        integer=True,
        minor=True,
    )
    test_share: float = knob(
        0.3,
        symbol="test share",
        label="share of the test part",
        help="The share of the rows that the loss is not made of, kept for the test.",
        low=0.0,
        high=0.5,
        minor=True,
    )

    group: ClassVar[Group] = "data"
    columns: ClassVar[tuple[str, ...]] = ("feature", "output")
    is_classifier: ClassVar[bool] = False
    axis_names: ClassVar[tuple[str, str]] = ("w", "b")
    window: ClassVar[Window] = from_knobs(lambda surface: surface.placed.window)
    start: ClassVar[Point] = from_knobs(lambda surface: surface.placed.start)
    minima: ClassVar[Points] = from_knobs(lambda surface: surface.flat.minima)
    saddles: ClassVar[Points] = from_knobs(lambda surface: surface.flat.saddles)
    # What is asked for more than once is kept.
    placed: ClassVar[Places] = from_knobs(lambda surface: surface.places())
    flat: ClassVar[Critical] = from_knobs(lambda surface: surface.critical())
    lowest_of_test: ClassVar[Point | None] = from_knobs(
        lambda surface: surface.least_of_test() if len(surface.test_examples) else None
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        _examples(self)  # tells what is wrong with the knobs

    # What a kind of surface says of itself

    def scalings(self, train: Array) -> tuple[Scaling, ...]:
        """Say how the columns are scaled, from the train part's numbers, (N, c)."""
        raise NotImplementedError

    def places(self) -> Places:
        """Give the window and the start that the data ask for."""
        raise NotImplementedError

    def predict(self, x: float, y: float, inputs: Array) -> Array:
        """Give the model's outputs for many inputs, in the model's units."""
        raise NotImplementedError

    def critical(self) -> Critical:
        """Find the minima and saddles in the window."""
        mean = self.train_loss
        return critical_points(mean.losses, mean.gradient, mean.bends, self.window)

    def least_of_test(self) -> Point | None:
        """Find the lowest minimum of the test loss in the window and a quarter of it around.

        Of mirrored ones, which are equally low, it is the one nearest to the start.
        """
        mean, (cx, cy) = self.test_loss, self.center
        half = 0.5 * _NEAR * np.diff(self.window)[:, 0]
        window = (
            (float(cx - half[0]), float(cx + half[0])),
            (float(cy - half[1]), float(cy + half[1])),
        )
        found = critical_points(mean.losses, mean.gradient, mean.bends, window).minima
        if not found:
            return None
        losses = mean.losses(*np.transpose(found))
        low = losses <= losses.min() + _TIE * abs(losses.min())
        alike = (point for point, is_low in zip(found, low, strict=True) if is_low)
        return min(alike, key=lambda point: math.dist(point, self.start))

    # The examples

    @property
    def examples(self) -> Array:
        """The train table, (N, c): the inputs, then the target, in the model's units."""
        return _examples(self).train

    @property
    def example_rows(self) -> Rows:
        """The train table as tuples, on which a plain kernel is faster than on an array."""
        return _examples(self).rows

    @property
    def test_examples(self) -> Array:
        """The test table, (M, c), scaled as the train table is; M may be 0."""
        return _examples(self).test

    @property
    def input_label(self) -> str:
        """What the axis of the first input says: its name, and its unit or how it was scaled."""
        return _examples(self).labels[0]

    @property
    def target_label(self) -> str:
        """What the axis of the target says: its name, and its unit or how it was scaled."""
        return _examples(self).labels[-1]

    @property
    def column_scalings(self) -> tuple[Scaling, ...]:
        """How the numbers of each column became the model's."""
        return _examples(self).scalings

    @property
    def train_loss(self) -> MeanLoss:
        """The loss as matrices of points × examples."""
        return MeanLoss(kernel_of(self), second_of(self), self.examples)

    @property
    def coarse_loss(self) -> MeanLoss:
        """The loss of some 250 of the examples, to choose a window by."""
        step = -(-len(self.examples) // _SOME)
        return MeanLoss(kernel_of(self), second_of(self), self.examples[::step])

    @property
    def test_loss(self) -> MeanLoss:
        """The test loss as matrices of points × examples; ``ValueError`` without a test part."""
        if not len(self.test_examples):
            raise ValueError(f"{self.title} has no test examples.")
        return MeanLoss(kernel_of(self), second_of(self), self.test_examples)

    def test_value(self, x: Any, y: Any) -> Any:
        """Give the mean loss of the test examples; ``ValueError`` where there are none."""
        loss = self.test_loss.losses(x, y)
        return float(loss) if loss.ndim == 0 else loss

    @property
    def test_minimum(self) -> Point | None:
        """Where the test loss has its least minimum in or near the window; else ``None``."""
        return self.lowest_of_test

    def example_gradients(self, x: float, y: float) -> Array:
        """Give the gradient of each train example's own loss, (N, 2)."""
        return self.train_loss.gradients(float(x), float(y))

    def _run(self, x: Any, y: Any, g: list[Any]) -> Any:
        kernel = kernel_of(self)
        if isinstance(x, Real) and isinstance(y, Real):
            return plain(kernel)(float(x), float(y), (), self.example_rows, g)
        return by_rows(kernel, x, y, self.example_rows, g)

    def second_derivatives(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        """Give ∂²f/∂x², ∂²f/∂x∂y and ∂²f/∂y², the means over the train examples."""
        xx, xy, yy = self.train_loss.bends(x, y)
        return xx, xy, yy

    # Another data set

    @classmethod
    def fitting(cls, data: DataSet) -> Self:
        """Make the surface for a data set, with columns that it can be made of.

        As a person would choose: numbers of many values before those of two, which tell of classes,
        and numbers that only count the rows last. Of those alike the target is the last, the inputs
        are the first others; a classifier's target is one of two texts before one of two numbers.
        Where only one column is left, it is both.

        Raises:
            PartError: it has no such columns.
        """
        targets = cls.columns_for("output", data)
        if not targets:
            kind = "two different values" if cls.is_classifier else "numbers that vary"
            raise PartError("output", f"{data.title} has no column of {kind}")
        target = examples.likely(data, targets[::-1], is_label=cls.is_classifier)
        settings: dict[str, Any] = {"data": data.name, "output": target}
        for name in cls.columns[:-1]:
            left = [each for each in cls.columns_for(name, data) if each not in settings.values()]
            is_rare = name == "rare"
            settings[name] = examples.likely(data, left, is_label=is_rare) if left else target
        settings.update(cls.settings_for(data, settings))
        try:
            return cls(**settings)
        except PartError as error:
            if error.knob != "split":
                raise
            return cls(**settings, test_share=0.0)  # so few vary that each is needed

    @classmethod
    def settings_for(cls, data: DataSet, columns: dict[str, Any]) -> dict[str, Any]:
        """Choose the other knobs for a user's data set."""
        return {}

    @classmethod
    def columns_for(cls, name: str, data: DataSet) -> tuple[str, ...]:
        """List the columns of a data set that one of the knobs in ``columns`` can name."""
        return tuple(column.name for column in data.columns if cls._suits(name, column))

    @classmethod
    def _suits(cls, name: str, column: Column) -> bool:
        is_label = name == "output" and cls.is_classifier
        return examples.has_two_values(column) if is_label else examples.is_varied(column)


@lru_cache(maxsize=128)
def _examples(surface: DataSurface) -> Examples:
    data = examples.found(surface.data)
    columns = [examples.chosen(data, name, getattr(surface, name)) for name in surface.columns]
    values = examples.usable(columns)
    if surface.is_classifier:
        values[:, -1] = _zero_and_one(columns[-1].name, values[:, -1])
    train, test = examples.split(len(values), surface.split, surface.test_share)
    for i, column in enumerate(columns):
        if np.ptp(values[train, i]) == 0.0:
            raise PartError(
                "split",
                f"in the train part every value of the column {column.name!r} is the same; "
                "another split or a smaller test part may help",
            )
    scalings = surface.scalings(values[train])
    labels = [scaling.label(column) for scaling, column in zip(scalings, columns, strict=True)]
    return examples.build(values[train], values[test], scalings, labels)


def _zero_and_one(name: str, target: Array) -> Array:
    kinds = np.unique(target)
    if kinds.size != 2:
        raise PartError(
            "output",
            f"the target must have two different values; {name!r} has {kinds.size} in these rows",
        )
    return np.asarray(target == kinds[1], dtype=float)
