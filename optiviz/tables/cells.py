"""What a single cell can be: a value, a mark of a missing one, or a text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from optiviz.tables.dates import is_date
from optiviz.tables.numbers import NOTATIONS, is_number, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What stands for a missing value in every column, in any case.
_MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "?", "-", "."})
#: What stands for one among values; in a column of texts it may be a text like another.
_AMONG_VALUES = _MISSING | frozenset(
    "n.a. n.a n/a. #na <na> <null> (null) none nil missing unknown na. -- --- – — .. … * ** \\n "
    "-nan nan(ind) -nan(ind) +nan nan(snan) 1.#qnan -1.#qnan 1.#ind -1.#ind 1.#snan #nv k.a. "
    "#div/0! #value! #ref! #num! #name? #null! #error!".split()
)


def is_missing(cell: str) -> bool:
    """Whether a cell stands for a value that is not there, in any column."""
    return cell.lower() in _MISSING


@lru_cache(maxsize=8192)
def is_value(cell: str) -> bool:
    """Whether a cell holds a number or a date."""
    return is_number(cell) or is_date(cell)


class Marks:
    """What stands for a missing value: the usual marks, and those that a user adds."""

    def __init__(self, added: Iterable[str] = ()) -> None:
        self._texts = {mark.casefold() for mark in added}
        self._numbers = {number for mark in added if (number := _any_number(mark)) is not None}

    def in_texts(self, cell: str) -> bool:
        """Whether a cell of a column of texts is missing."""
        return is_missing(cell) or cell.casefold() in self._texts

    def among_values(self, cell: str) -> bool:
        """Whether a cell of a column of values is missing, as it stands."""
        return cell.lower() in _AMONG_VALUES or cell.casefold() in self._texts

    def is_number_of(self, value: float) -> bool:
        """Whether a number is one that stands for a missing value."""
        return value in self._numbers


def _any_number(mark: str) -> float | None:
    text = plain(mark)
    found = (notation.read(text) for notation in NOTATIONS)
    return next((number for number in found if number is not None), None)
