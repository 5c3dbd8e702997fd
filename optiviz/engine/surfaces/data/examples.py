"""From a data set to two tables of examples: which rows, in which part, on which scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from optiviz.engine import datasets
from optiviz.engine.part import PartError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.engine.datasets import Column, DataSet
    from optiviz.engine.surfaces.base import Rows

Array = np.ndarray

#: Usable rows that a data set must have, and examples that each part has at least.
FEWEST_ROWS, FEWEST_EXAMPLES = 4, 2
#: Columns of these names count or name rows.
_ROW_NAMES = frozenset({"", "id", "index", "idx", "nr", "no", "number", "row", "unnamed: 0", "key"})
#: Tells this stream of random numbers from those of ``draws.py``.
_SPLIT = 8


class Scaling(NamedTuple):
    """How a column's numbers become the model's: (number − shift) / size."""

    shift: float = 0.0
    size: float = 1.0
    words: str = ""  # what axes say of it; nothing: the column's unit holds

    def __call__(self, values: Array) -> Array:
        """Scale."""
        return (values - self.shift) / self.size

    def label(self, column: Column) -> str:
        """Write the column's name with what its numbers count now."""
        if self.words:
            return f"{column.name}, {self.words}"
        return f"{column.name} ({column.unit})" if column.unit else column.name


@dataclass(frozen=True, eq=False)
class Examples:
    """The two parts of a data set as a surface's kernel reads them.

    Attributes:
        train, test: (N, c) and (M, c) float64, C-contiguous, read-only; the inputs, then the
            target. M may be 0.
        rows: the train table once more, as tuples.
        labels: what the axis of each column says.
        scalings: how each column's numbers became the model's.
    """

    train: Array
    test: Array
    rows: Rows
    labels: tuple[str, ...]
    scalings: tuple[Scaling, ...]


def found(name: str) -> DataSet:
    """Find the data set; :class:`PartError` tells that there is none of this name."""
    try:
        return datasets.find(name)
    except datasets.UnknownData as unknown:
        raise PartError("data", unknown.clause) from None


def chosen(data: DataSet, knob: str, name: str) -> Column:
    """Find the column that a knob names, and see that it has at least two values.

    Raises:
        PartError: there is none of this name, or its values are all the same.
    """
    try:
        column = data.column(name)
    except KeyError as unknown:
        raise PartError(knob, unknown.args[0]) from None
    if not is_varied(column):
        raise PartError(
            knob, f"every value of the column {name!r} is the same; choose one that varies"
        )
    return column


def is_varied(column: Column) -> bool:
    """Say whether a column has two different values at least."""
    values = column.values[~np.isnan(column.values)]
    return values.size > 1 and float(values.min()) < float(values.max())


def has_two_values(column: Column) -> bool:
    """Say whether a column can be the target of a classifier."""
    return np.unique(column.values[~np.isnan(column.values)]).size == 2


def is_measured(column: Column) -> bool:
    """Say whether a column is of numbers that tell something: no class, and no number of a row."""
    return _unlikely(column) == 0


def likely(data: DataSet, names: Sequence[str], *, is_label: bool) -> str:
    """Give the column that a person would choose, of those alike the first.

    Args:
        data: where they are.
        names: at least one column.
        is_label: whether it is to tell two classes apart, and not to be measured.
    """
    columns = [data.column(name) for name in names]
    if is_label:
        # Two texts are classes; two numbers may be; what is mostly 0 is the next best.
        ranked = [3 - _unlikely(column) if has_two_values(column) else 4 for column in columns]
    else:
        ranked = [_unlikely(column) for column in columns]
    return names[ranked.index(min(ranked))]


def _unlikely(column: Column) -> int:
    """Say how unlikely a person would take a column for something that was measured, 0 to 3."""
    if column.labels is not None:
        return 3
    if column.name.casefold().strip(" #.:_") in _ROW_NAMES:
        return 2
    return 1 if has_two_values(column) else 0


def usable(columns: Sequence[Column]) -> Array:
    """Give the rows that have a value in every column, (N, c).

    Raises:
        PartError: they are fewer than 4.
    """
    values: Array = np.column_stack([column.values for column in columns])
    values = values[~np.isnan(values).any(axis=1)]
    if len(values) < FEWEST_ROWS:
        raise PartError(
            "data",
            f"at least {FEWEST_ROWS} rows must have a value in every column chosen; "
            f"{len(values)} of {len(columns[0].values)} {'has' if len(values) == 1 else 'have'}",
        )
    return values


def split(count: int, seed: int, test_share: float) -> tuple[Array, Array]:
    """Give the rows of the train part and of the test part, each in the order of the table.

    The test part is the beginning of a permutation that the seed decides: so a smaller test part
    lies in a larger one. Each part has at least 2 rows; with a share of 0 there is no test part.
    The permutation is made of a generator's raw bits, which numpy promises never to change.
    """
    if test_share == 0.0:
        return np.arange(count), np.arange(0)
    bits = np.random.Philox(counter=[0, 0, 0, _SPLIT], key=[seed, 0]).random_raw(count)
    order = np.argsort(bits, kind="stable")
    tests = min(max(round(test_share * count), FEWEST_EXAMPLES), count - FEWEST_EXAMPLES)
    return np.sort(order[tests:]), np.sort(order[:tests])


def standard(values: Array, words: str = "standardized") -> Scaling:
    """Scale to the mean 0 and the deviation 1."""
    return Scaling(float(values.mean()), deviation(values), words)


def deviation(values: Array) -> float:
    """Give the deviation (of a whole population) of numbers that vary; it is above 0."""
    away = values - values.mean()
    size = float(abs(away).max())  # squares of tiny numbers vanish
    return size * float((away / size).std()) or size


def build(
    train: Array, test: Array, scalings: Sequence[Scaling], labels: Sequence[str]
) -> Examples:
    """Scale both parts and close them."""
    scaled, scaled_test = (_scaled(part, scalings) for part in (train, test))
    rows = tuple(map(tuple, scaled.tolist()))
    return Examples(scaled, scaled_test, rows, tuple(labels), tuple(scalings))


def _scaled(part: Array, scalings: Sequence[Scaling]) -> Array:
    columns = [scaling(part[:, i]) for i, scaling in enumerate(scalings)]
    table = np.ascontiguousarray(np.column_stack(columns))
    table.flags.writeable = False
    return table
