"""From the cells of a table to its columns: numbers, dates or texts, and what is missing.

A column is numbers, or dates, where most of its cells are; a text among them counts as missing. Of
any other column the texts are counted through. Nothing is left out in silence, and what could be
read in another way is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from optiviz.engine.datasets import MAX_COLUMNS, MAX_TEXT, MAX_VALUE, name_and_unit, one_line
from optiviz.engine.digits import rounded
from optiviz.tables import dates
from optiviz.tables.choices import DECIMALS, THOUSANDS
from optiviz.tables.numbers import (
    NOTATIONS,
    PLAIN,
    Notation,
    Reading,
    common_unit,
    plain,
    reading,
    split_unit,
)
from optiviz.tables.row import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optiviz.tables.cells import Marks
    from optiviz.tables.choices import Choices
    from optiviz.tables.row import Row
    from optiviz.tables.shape import Look

Array = np.ndarray
Kind = Literal["numbers", "dates", "texts"]

_LONGEST_NAME = 100
_LONGEST_CELL = 24  # as many letters as any number has that a program writes
#: Numbers that programs write for a missing value, by their digits.
_SENTINELS = frozenset({"99", "999", "9999", "99999", "999999", "888", "8888", "777", "7777"})
_FAR = 3.0  # from all other values, in widths of their range


@dataclass(frozen=True, eq=False)
class TableColumn:
    """One column of a table.

    Attributes:
        name: its own, 1 to 100 letters.
        unit: what its numbers count, or nothing.
        kind: what its cells are.
        values: (rows,) float64, nan where one is missing; of texts, their places in ``labels``.
        labels: the texts, in the order of the alphabet; empty for numbers and dates.
        is_empty: whether none of its cells holds anything.
    """

    name: str
    unit: str
    kind: Kind
    values: Array
    labels: tuple[str, ...] = ()
    is_empty: bool = False


@dataclass(frozen=True)
class Question:
    """A number that may stand for a missing value: its column, and how it is written."""

    column: str
    mark: str


@dataclass
class Told:
    """What the user is told of, gathered over all columns: names by reason, then sentences."""

    lists: dict[str, list[str]] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def put(self, what: str, name: str) -> None:
        """Put a column's name to a list."""
        self.lists.setdefault(what, []).append(name)

    def remarks(self) -> list[str]:
        """Say it all."""
        lists = [f"{what}: {listed(names)}." for what, names in self.lists.items()]
        return lists + self.sentences


def names_of(look: Look) -> tuple[list[tuple[str, str]], list[str]]:
    """Give every column a name of its own and a unit where the header has one; and remarks."""
    width = min(look.width, MAX_COLUMNS)
    remarks = []
    if look.heads is None:
        several = f"'column 1' to 'column {width}'" if width > 1 else "'column 1'"
        remarks.append(f"There is no header, so the names are {several}.")
    heads, units = look.heads or (), look.units or ()
    names: list[tuple[str, str]] = []
    unnamed, twice = [], []
    taken: set[str] = set()
    for place in range(width):
        name, unit = name_and_unit(one_line(heads[place]) if place < len(heads) else "")
        if place < len(units) and units[place]:
            unit = one_line(units[place]).strip("[]()")
        if not name and look.heads is not None:
            unnamed.append(f"'column {place + 1}'")
        wanted = name = name[:_LONGEST_NAME].strip() or f"column {place + 1}"
        number = 2
        while name in taken:
            name = f"{wanted} {number}"
            number += 1
        if name != wanted:
            twice.append(f"{name!r}")
        taken.add(name)
        names.append((name, unit))
    if unnamed:
        remarks.append(f"Columns without a name are called {listed(unnamed)}.")
    if twice:
        remarks.append(f"Names that were there already became {listed(twice)}.")
    return names, remarks


class Columns:
    """Reads columns one after the other, once it is known how numbers are written in each."""

    def __init__(
        self, names: Sequence[tuple[str, str]], rows: Sequence[Row], choices: Choices, marks: Marks
    ) -> None:
        """``choices`` has a separator; what else it leaves open is guessed."""
        self._rows, self._marks, self._told = rows, marks, Told()
        self._names = names
        self._texts = [[row.cell(place) for row in rows] for place in range(len(names))]
        # What is missing as it stands is None here, all else is written in one way.
        self._cells: list[list[str | None]] = [
            [None if marks.among_values(text) else plain(text) for text in texts]
            for texts in self._texts
        ]
        self._signs: list[str] = []  # the decimal signs and those of thousands that were read
        self._groups: list[str] = []
        allowed = [
            each
            for each in NOTATIONS
            if (choices.decimal in (None, each.decimal))
            and (choices.thousands in (None, each.thousands))
        ]
        # In a file of commas a comma is no decimal sign, unless its numbers are quoted.
        guess = "." if choices.separator == "," else None
        prepared = [self._prepare(cells) for cells in self._cells]
        first = [reading(cells, allowed, choices.decimal, guess) for _, cells in prepared]
        told = [each.notation.decimal for each in first if each.says]
        usual = max(".,", key=told.count) if told and choices.decimal is None else choices.decimal
        if len(set(told)) > 1 and choices.decimal is None:
            usual = None  # columns differ, so that one does not speak for another
        self._units = [unit for unit, _ in prepared]
        self._readings: list[Reading] = [
            each if each.says else reading(cells, allowed, usual, guess)
            for each, (_, cells) in zip(first, prepared, strict=True)
        ]

    def _prepare(self, cells: Sequence[str | None]) -> tuple[str, list[str]]:
        """Give the unit in a column's cells, and those that are not missing, without it."""
        there = [cell for cell in cells if cell is not None]
        unit = common_unit(there)
        return unit, [_without(unit, cell) for cell in there] if unit else there

    def read(self, turn: Callable[[], object]) -> list[TableColumn]:
        """Read all columns; ``turn`` is called before each."""
        found = []
        for place in range(len(self._names)):
            turn()
            found.append(self._column(place))
        return found

    @property
    def told(self) -> Told:
        """What is to be told of them."""
        return self._told

    def notation(self) -> Notation:
        """Say how most columns that were read write their numbers, of those with signs in them."""
        signs, groups = self._signs, self._groups
        if len(set(signs)) > 1:
            self._told.sentences.append(
                "Some columns have a decimal point and some a decimal comma; a choice of one holds "
                "for all."
            )
        decimal = max(".,", key=signs.count) if signs else PLAIN.decimal
        return Notation(decimal, max(groups, key=groups.count) if groups else "")

    def _column(self, place: int) -> TableColumn:
        name, unit = self._names[place]
        texts = self._texts[place]
        if not any(cell is not None for cell in self._cells[place]):
            return TableColumn(name, unit, "numbers", np.full(len(texts), np.nan), is_empty=True)
        return (
            self._numbers(place, name, unit, texts)
            or self._dates(place, name, unit, texts)
            or self._labelled(name, unit, texts)
        )

    def _numbers(self, place: int, name: str, unit: str, texts: list[str]) -> TableColumn | None:
        """Read a column of numbers; ``None`` if it is none."""
        notation, own = self._readings[place].notation, self._units[place]
        values = np.full(len(texts), np.nan)
        strange, huge, missing, bare, grouped, signed = [], [], 0, 0, False, False
        for i, cell in enumerate(self._cells[place]):
            if cell is None:
                missing += 1
                continue
            number = _without(own, cell) if own else cell
            value = notation.read(number) if len(cell) <= MAX_TEXT else None
            if value is None:
                strange.append(i)
            elif self._marks.is_number_of(value):
                missing += 1
            elif abs(value) <= MAX_VALUE:
                values[i] = value
                bare += number == cell
                grouped = grouped or (bool(notation.thousands) and notation.thousands in number)
                signed = signed or notation.decimal in number
            else:
                huge.append(i)
        if len(strange) >= len(texts) - missing - len(strange):
            return None
        self._tell_places(name, place, texts, strange, "holds a text", "hold a text")
        beyond = f"beyond {rounded(MAX_VALUE)}"
        self._tell_places(name, place, texts, huge, f"is {beyond}", f"are {beyond}")
        if missing:
            self._told.put("Missing values", f"{missing:,} in {name!r}")
        self._signs += [notation.decimal] * signed
        self._groups += [notation.thousands] * grouped
        if signed and notation.decimal == ",":
            self._told.put("A comma was read as the decimal point in", f"{name!r}")
        if grouped:
            word = THOUSANDS[notation.thousands]
            self._told.put(f"A {word} was read as grouping thousands in", f"{name!r}")
        if own:
            beside = f"; {bare:,} have none" if bare else ""
            self._told.put("A unit was read from the cells of", f"{name!r} ({own}{beside})")
        self._tell_doubt(name, self._readings[place])
        self._ask(name, values)
        return TableColumn(name, unit or own, "numbers", values)

    def _tell_doubt(self, name: str, found: Reading) -> None:
        """Say that numbers could be read in another way."""
        other = found.other
        if other is None:
            return
        sign = found.notation.thousands or found.notation.decimal
        could = "be the decimal sign" if found.notation.thousands else "group thousands"
        self._told.put(f"The {DECIMALS[sign]} could as well {could} in", f"{name!r}")

    def _dates(self, place: int, name: str, unit: str, texts: list[str]) -> TableColumn | None:
        """Read a column of dates as days since the first; ``None`` if it is none."""
        there = [i for i, cell in enumerate(self._cells[place]) if cell is not None]
        found = dates.days_of([plain(texts[i]) for i in there])
        strange = [i for i, day in zip(there, found.days, strict=True) if day is None]
        if 2 * len(strange) >= len(there):
            return None
        days = np.full(len(texts), np.nan)
        days[there] = [np.nan if day is None else day for day in found.days]
        first = np.floor(np.nanmin(days))
        since = f"days since {dates.day_text(first)}"
        self._told.sentences.append(f"In {name!r} dates were read as {since}.")
        if found.doubt:
            self._told.sentences.append(f"In the dates of {name!r} {found.doubt}.")
        self._tell_places(name, place, texts, strange, "holds no date", "hold no date")
        if len(there) < len(texts):
            self._told.put("Missing values", f"{len(texts) - len(there):,} in {name!r}")
        return TableColumn(name, since, "dates", days - first)

    def _labelled(self, name: str, unit: str, texts: list[str]) -> TableColumn:
        """Count texts through in the order of the alphabet, whatever their capitals."""
        spelling: dict[str, str] = {}
        for text in texts:
            if not self._marks.in_texts(text):
                spelling.setdefault(one_line(text).casefold(), one_line(text))
        order = {key: float(place) for place, key in enumerate(sorted(spelling))}
        values = np.array(
            [
                np.nan if self._marks.in_texts(text) else order[one_line(text).casefold()]
                for text in texts
            ]
        )
        labels = tuple(spelling[key] for key in order)
        if len(labels) == 2:
            if missing := int(np.isnan(values).sum()):
                self._told.put("Missing values", f"{missing:,} in {name!r}")
            self._told.sentences.append(
                f"In {name!r} 0 stands for {labels[0]!r} and 1 for {labels[1]!r}."
            )
        return TableColumn(name, unit, "texts", values, labels, is_empty=not labels)

    def _tell_places(
        self, name: str, place: int, texts: list[str], some: list[int], one: str, several: str
    ) -> None:
        """Say which cells count as missing although something stands in them."""
        if some:
            first = _shortened(texts[some[0]])
            at = f"{first!r} in line {self._rows[some[0]].line}, column {place + 1}"
            self._told.sentences.append(
                f"In {name!r} one cell {one} and counts as missing: {at}."
                if len(some) == 1
                else f"In {name!r} {len(some):,} cells {several} and count as missing; "
                f"the first is {at}."
            )

    def _ask(self, name: str, values: Array) -> None:
        """Ask about a number that programs write for a missing value, far from all others."""
        present = values[~np.isnan(values)]
        kinds = np.unique(present)
        for value in (kinds[0], kinds[-1]) if len(kinds) > 2 else ():
            mark = rounded(float(value), 15)
            others = kinds[kinds != value]
            room = _FAR * max(float(np.ptp(others)), float(np.abs(others).max()))
            if mark.lstrip("-") in _SENTINELS and np.abs(others - value).min() > room:
                count = int((present == value).sum())
                times = "once" if count == 1 else f"{count:,} times"
                self._told.questions.append(Question(name, mark))
                self._told.sentences.append(
                    f"In {name!r} {mark} stands {times}, far from all other values; does it mean "
                    "that one is missing? It was read as a number."
                )


def _without(unit: str, cell: str) -> str:
    found, number = split_unit(cell)
    return number if found == unit else cell


def _shortened(text: str) -> str:
    """Show a cell as far as there is room; a number that is cut must not look like another one."""
    line = one_line(text)
    return line if len(line) <= _LONGEST_CELL else f"{line[:_LONGEST_CELL].strip()}…"
