"""From the cells of a table to its columns: which are numbers, and what is missing.

A column is numbers where most of its cells are; a text among them counts as missing. Texts of
exactly two values become 0 and 1. All else is left out, and nothing is left out in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.datasets import (
    MAX_COLUMNS,
    MAX_TEXT,
    MAX_VALUE,
    Column,
    name_and_unit,
    one_line,
)
from optiviz.engine.digits import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What stands for a missing value, in any case.
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "?", "-", "."})

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)
_WITH_COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)(e[+-]?\d+)?", re.IGNORECASE)
_PLACE = re.compile(r" in line \d+, column \d+\.$")
_LONGEST_NAME = 100
_LONGEST_CELL = 24  # as many letters as any number has that a program writes
_MOST_LISTED = 5


@dataclass(frozen=True)
class Row:
    """The cells of one row, those that are looked at.

    Attributes:
        line: the line of the file on which it begins.
        cells: no more than a data set has columns, none much longer than a label may be.
        count: how many cells it has in the file.
    """

    line: int
    cells: tuple[str, ...]
    count: int

    @classmethod
    def of(cls, line: int, cells: Sequence[str]) -> Row:
        """Take of a row what is looked at, so that no file can fill the memory."""
        short = tuple(cell.strip()[: MAX_TEXT + 1] for cell in cells[:MAX_COLUMNS])
        return cls(line, short, len(cells))


@dataclass
class _Told:
    """What the user is told of, gathered over all columns: names by reason, then sentences."""

    texts: list[str] = field(default_factory=list)
    constant: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)
    commas: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    def notes(self) -> list[str]:
        """Say it all, what was left out first."""
        lists = [
            (self.texts, "Left out, as they hold more than two different texts"),
            (self.constant, "Left out, as their values are all the same"),
            (self.empty, "Left out, as they hold no value"),
            (self.unusable, "Left out, as they hold no value that can be used"),
            (self.commas, "A comma was read as the decimal point in"),
            (self.missing, "Missing values"),
        ]
        return [f"{what}: {listed(names)}." for names, what in lists if names] + self.sentences


def is_missing(cell: str) -> bool:
    """Whether a cell stands for a value that is not there."""
    return cell.lower() in MISSING


def is_number(cell: str) -> bool:
    """Whether a cell holds one number, with a point or a comma."""
    cell = cell.replace("\N{MINUS SIGN}", "-")
    return bool(_NUMBER.fullmatch(cell) or _WITH_COMMA.fullmatch(cell))


def listed(names: Sequence[str]) -> str:
    """List the first few of some names, and say how many more there are."""
    more = len(names) - _MOST_LISTED
    told = ", ".join(names[:_MOST_LISTED])
    return f"{told} and {more:,} more" if more > 0 else told


def first_place(notes: Sequence[str]) -> str:
    """Give the first of some sentences that names the place of a cell; nothing if none does."""
    return next((note for note in notes if _PLACE.search(note)), "")


def columns(
    heads: Sequence[str] | None, rows: Sequence[Row], width: int, *, decimal_comma: bool
) -> tuple[list[Column], list[str]]:
    """Make columns of a table's cells.

    Args:
        heads: the cells of the header, or ``None`` where there is none.
        rows: the rows, shorter ones or longer ones among them.
        width: how many columns the table has.
        decimal_comma: whether ``1,5`` may be a number.

    Returns:
        the columns that can be used, and sentences on all that was not as it should be.
    """
    names, notes = _names(heads, width)
    notes += _ragged(rows, width)
    told = _Told()
    found = []
    for place, (name, unit) in enumerate(names):
        texts = [row.cells[place] if place < len(row.cells) else "" for row in rows]
        column = _column(name, unit, place, texts, rows, told, decimal_comma=decimal_comma)
        if column is not None:
            found.append(column)
    return found, notes + told.notes()


def _names(heads: Sequence[str] | None, width: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Give every column a name of its own, and a unit where the header has one."""
    if heads is None:
        last = min(width, MAX_COLUMNS)
        several = f"'column 1' to 'column {last}'" if last > 1 else "'column 1'"
        notes = [f"There is no header, so the names are {several}."]
    else:
        notes = []
    names: list[tuple[str, str]] = []
    unnamed, twice = [], []
    taken: set[str] = set()
    for place in range(min(width, MAX_COLUMNS)):
        head = one_line(heads[place]) if heads is not None and place < len(heads) else ""
        name, unit = name_and_unit(head)
        if not name and heads is not None:
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
        notes.append(f"Columns without a name are called {listed(unnamed)}.")
    if twice:
        notes.append(f"Names that were there already became {listed(twice)}.")
    return names, notes


def _ragged(rows: Sequence[Row], width: int) -> list[str]:
    notes = []
    for some, what in (
        ([row for row in rows if row.count < width], "with too few cells, which count as missing"),
        ([row for row in rows if row.count > width], "with too many cells, which are left out"),
    ):
        if some:
            first = some[0]
            notes.append(
                f"{_counted(len(some), 'row')} {what}; the first is line {first.line}, with "
                f"{first.count} instead of {width}."
            )
    return notes


def _column(
    name: str,
    unit: str,
    place: int,
    texts: Sequence[str],
    rows: Sequence[Row],
    told: _Told,
    *,
    decimal_comma: bool,
) -> Column | None:
    """Make one column, or tell why it is left out."""
    numbers = [text.replace("\N{MINUS SIGN}", "-") for text in texts]
    with_comma = decimal_comma and _has_commas(numbers)
    pattern = _WITH_COMMA if with_comma else _NUMBER
    values = np.full(len(texts), np.nan)
    strange, huge, missing = [], [], 0
    for i, text in enumerate(numbers):
        if text.lower() in MISSING:
            missing += 1
        elif len(text) > MAX_TEXT or not pattern.fullmatch(text):
            strange.append(i)
        else:
            value = float(text.replace(",", "."))
            if abs(value) <= MAX_VALUE:
                values[i] = value
            else:
                huge.append(i)
    if missing == len(texts):
        told.empty.append(f"{name!r}")
        return None
    if len(strange) >= len(texts) - missing - len(strange):
        return _labelled(name, unit, texts, told)
    present = values[~np.isnan(values)]
    for some, one, several in (
        (strange, "holds a text", "hold a text"),
        (huge, f"is beyond {rounded(MAX_VALUE)}", f"are beyond {rounded(MAX_VALUE)}"),
    ):
        if some:
            first = _shortened(texts[some[0]])
            at = f"{first!r} in line {rows[some[0]].line}, column {place + 1}"
            told.sentences.append(
                f"In {name!r} one cell {one} and counts as missing: {at}."
                if len(some) == 1
                else f"In {name!r} {len(some):,} cells {several} and count as missing; "
                f"the first is {at}."
            )
    if len(present) == 0:
        told.unusable.append(f"{name!r}")
        return None
    if np.all(present == present[0]):
        told.constant.append(f"{name!r}")
        return None
    if missing:
        told.missing.append(f"{missing:,} in {name!r}")
    if with_comma:
        told.commas.append(f"{name!r}")
    return Column(name, values, unit)


def _shortened(text: str) -> str:
    """Show a cell as far as there is room; a number that is cut must not look like another one."""
    line = one_line(text)
    return line if len(line) <= _LONGEST_CELL else f"{line[:_LONGEST_CELL].strip()}…"


def _has_commas(texts: Sequence[str]) -> bool:
    """Whether a column writes its numbers with commas: more of them than with points."""
    commas = sum(1 for text in texts if "," in text and _WITH_COMMA.fullmatch(text))
    return commas > sum(1 for text in texts if "." in text and _NUMBER.fullmatch(text))


def _labelled(name: str, unit: str, texts: Sequence[str], told: _Told) -> Column | None:
    """Make 0 and 1 of two texts, in the order of the alphabet, whatever their capitals."""
    spelling: dict[str, str] = {}
    for text in texts:
        if not is_missing(text):
            spelling.setdefault(one_line(text).casefold(), one_line(text))
    if len(spelling) == 1:
        told.constant.append(f"{name!r}")
        return None
    if len(spelling) > 2 or any(not 0 < len(label) <= MAX_TEXT for label in spelling.values()):
        told.texts.append(f"{name!r}")
        return None
    first, second = sorted(spelling)
    of = {first: 0.0, second: 1.0}
    values = np.array([of.get(one_line(text).casefold(), np.nan) for text in texts])
    missing = int(np.isnan(values).sum())
    if missing:
        told.missing.append(f"{missing:,} in {name!r}")
    labels = (spelling[first], spelling[second])
    told.sentences.append(f"In {name!r} 0 stands for {labels[0]!r} and 1 for {labels[1]!r}.")
    return Column(name, values, unit, labels)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")
