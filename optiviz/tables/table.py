"""A table that was read: its columns by name, what was guessed, and what is to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from optiviz.engine.datasets import MAX_TEXT, Column, DataSet, make
from optiviz.tables.row import TableFileError, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from optiviz.tables.choices import Choices
    from optiviz.tables.columns import Question, TableColumn

Array = np.ndarray

#: A sentence with the place of a cell ends like this.
_PLACE = ", column "


class ByName(tuple[Array, ...]):
    """Arrays in the order of the columns, which can also be had by a column's name."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, columns: Iterable[TableColumn]) -> ByName:
        """Take the values of columns."""
        kept = tuple(columns)
        made = cls(column.values for column in kept)
        made.names = tuple(column.name for column in kept)
        return made

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            if key not in self.names:
                known = ", ".join(self.names)
                raise KeyError(f"there is no column {key!r}; the columns are: {known}")
            key = self.names.index(key)
        return super().__getitem__(key)


@dataclass(frozen=True, eq=False)
class Table:
    """A table as it was read, all columns of it.

    Attributes:
        file: the file's name.
        stem: that without its ending.
        parts: the columns with all that is known of them.
        remarks: sentences on what was left out, guessed, or could be read in another way.
        questions: numbers that may stand for missing values.
        choices: how it was read, whether chosen or guessed.
        head: the first rows as they stand in the file, the header first if there is one.
        rows_seen: how many rows there are in the file; above 2,000 a sample of them was read.
    """

    file: str
    stem: str
    parts: tuple[TableColumn, ...]
    remarks: tuple[str, ...]
    questions: tuple[Question, ...]
    choices: Choices
    head: tuple[tuple[str, ...], ...]
    rows_seen: int

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(part.name for part in self.parts)

    @property
    def columns(self) -> ByName:
        """The columns' values, (rows,) float64 each, by place or name; nan where one is missing.

        Dates are days since the first of them. Texts are their places in ``labels``.
        """
        return ByName.of(self.parts)

    @property
    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """For each column of texts, by its name, the texts that 0, 1, 2 … stand for."""
        return {part.name: part.labels for part in self.parts if part.kind == "texts"}

    @property
    def units(self) -> Mapping[str, str]:
        """What the numbers of each column count, by its name, where that is known."""
        return {part.name: part.unit for part in self.parts if part.unit}

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what no loss can be made of, and then the remarks."""
        left: dict[str, list[str]] = {}
        for part in self.parts:
            if why := _trouble(part):
                left.setdefault(why, []).append(f"{part.name!r}")
        notes = (f"Left out, as {why}: {listed(names)}." for why, names in left.items())
        return (*notes, *self.remarks)

    def data_set(self) -> DataSet:
        """Make a data set of the columns that a loss can be made of; the others are told.

        Raises:
            TableFileError: there is none.
        """
        kept = [
            Column(
                part.name,
                part.values,
                part.unit,
                (part.labels[0], part.labels[1]) if part.labels else None,
            )
            for part in self.parts
            if not _trouble(part)
        ]
        if not kept:
            why = "it has no column of numbers that differ, and none of two texts"
            place = first_place(self.remarks)
            raise TableFileError(f"could not open {self.file}: {why}", *([place] if place else []))
        return make(self.stem, self.file, kept, self.notes)


def first_place(notes: Iterable[str]) -> str:
    """Give the first of some sentences that names the place of a cell; nothing if none does."""
    return next((note for note in notes if _PLACE in note), "")


def _trouble(part: TableColumn) -> str:
    """Say why no loss can be made of a column."""
    if part.is_empty:
        return "they hold no value"
    if part.kind == "texts":
        if len(part.labels) == 1:
            return "their values are all the same"
        long = any(not 0 < len(label) <= MAX_TEXT for label in part.labels)
        return "they hold more than two different texts" if len(part.labels) > 2 or long else ""
    present = part.values[~np.isnan(part.values)]
    if not len(present):
        return "they hold no value that can be used"
    return "their values are all the same" if np.ptp(present) == 0.0 else ""
