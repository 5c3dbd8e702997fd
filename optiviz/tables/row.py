"""A table's rows, and the error that tells why there is no table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optiviz.engine.datasets import MAX_COLUMNS, MAX_TEXT
from optiviz.engine.words import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The longest line that is still a row of a table, in letters.
MAX_LINE = 1_000_000
_MOST_LISTED = 5


class TableFileError(Refusal):
    """A table could not be read; the message is one sentence for the user."""


@dataclass(frozen=True)
class Row:
    """The cells of one row, those that are looked at.

    Attributes:
        line: the line of the file on which it begins.
        cells: no more than a data set has columns, none much longer than a label may be.
        count: how many cells it has in the file.
        filled: how many of these there are up to the last that holds something.
    """

    line: int
    cells: tuple[str, ...]
    count: int
    filled: int

    @classmethod
    def of(cls, line: int, cells: Sequence[str]) -> Row:
        """Take of a row what is looked at, so that no file can fill the memory."""
        short = tuple(cell.strip()[: MAX_TEXT + 1] for cell in cells[:MAX_COLUMNS])
        filled = len(cells)
        while filled and not cells[filled - 1].strip():
            filled -= 1
        return cls(line, short, len(cells), filled)

    def cell(self, place: int) -> str:
        """Give one cell; nothing where the row is too short."""
        return self.cells[place] if place < len(self.cells) else ""


def too_long(line: int) -> TableFileError:
    """Say that a line is no row."""
    return TableFileError(f"line {line} has more than {MAX_LINE:,} letters")


def listed(names: Sequence[str]) -> str:
    """List the first few of some names, and say how many more there are."""
    more = len(names) - _MOST_LISTED
    told = ", ".join(names[:_MOST_LISTED])
    return f"{told} and {more:,} more" if more > 0 else told


def counted(count: int, what: str) -> str:
    """Count things: ``1 row``, ``2 rows``."""
    return f"{count:,} {what}" + ("" if count == 1 else "s")
