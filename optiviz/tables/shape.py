"""The shape of a table: what separates its values, where its names are, how wide it is."""

from __future__ import annotations

import contextlib
import csv
import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from optiviz.tables.cells import is_missing, is_value
from optiviz.tables.row import Row, TableFileError, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: In this order, where two do as well: a text with tabs or semicolons may have commas in its
#: numbers, and every text has spaces.
_LIKELY = "\t;,| "
_COMMENTS = ("#", "//")
_LONGEST_UNIT = 16
_MOST_OF = 0.7  # of the rows of a table are alike
_YEARS = range(1500, 2200)


class Look(NamedTuple):
    """What the first rows tell about a table, and those of them that are its own.

    Attributes:
        width: how many columns it has.
        above: the rows above it.
        heads, units: the cells of its header, and of the row of units below that; or ``None``.
        rows: its own rows.
        remarks: sentences on what could be otherwise.
    """

    width: int
    above: list[Row]
    heads: tuple[str, ...] | None
    units: tuple[str, ...] | None
    rows: list[Row]
    remarks: list[str]


def split(lines: Iterable[str], separator: str, *, strict: bool = True) -> Any:
    """Split lines into cells; of a run of blanks and tabs that separates, one counts.

    The reader of ``csv`` comes back, which knows the line it is on.
    """
    if separator == " ":
        lines = (line.replace("\t", " ").strip(" \r\n") + "\n" for line in lines)
    return csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=strict)


def separator_of(lines: list[str]) -> str:
    """Find what stands between the values.

    It is what gives most rows the same number of cells, and makes most cells values. Blank cells
    at the end of a row do not count.
    """
    best, most = ",", 0.0
    for separator in _LIKELY:
        with contextlib.suppress(csv.Error):  # told where the rows are read
            rows = [Row.of(0, cells) for cells in split(lines, separator, strict=False)]
            rows = [row for row in rows if row.filled]
            counts = Counter(row.filled for row in rows)
            (width, often), *_ = counts.most_common(1) or [(0, 0)]
            cells = [cell for row in rows for cell in row.cells[: row.filled]]
            values = sum(map(is_value, cells)) / max(len(cells), 1)
            score = often / max(len(rows), 1) * (0.5 + values)
            if separator == " " and (often < _MOST_OF * len(rows) or not values):
                continue  # sentences have spaces too
            if width > 1 and score > most:
                best, most = separator, score
    return best


def look(rows: list[Row], header: int | None) -> Look:
    """Find a table's width, its header, what stands above both, and a row of units.

    Args:
        rows: the first rows of the file.
        header: how many rows name the columns, or ``None``: find out.
    """
    if not rows:
        raise TableFileError("it holds no values")
    remarks: list[str] = []
    width = _width(rows, remarks)
    start = 0
    while start < len(rows) - 1 and _is_above(rows[start], width):
        start += 1
    above, rows = rows[:start], rows[start:]
    heads: tuple[str, ...] | None = None
    doubt = _header_doubt(rows[0], rows[1:], width)
    if (header is None and doubt is None) or header == 0:
        if header is None and above and _names_in(above[-1], width):
            first = above.pop()
            heads = _names_in(first, width)
            _tell_of_widths(first, width, remarks)
        elif header is None and _years(rows[0]):
            remarks.append("The first row looks like years; it was read as values, not as names.")
    elif header and above and doubt is None and _names_in(above[-1], width):
        first = above.pop()
        heads = _names_in(first, width)
    else:
        first, *rows = rows
        heads = first.cells
        if header is None and doubt:
            remarks.append(doubt)
        _tell_of_widths(first, width, remarks)
    units = None
    if (
        heads is not None
        and rows
        and (header == 2 or (header is None and _is_units(rows[0], rows[1:], width)))
    ):
        units, rows = rows[0].cells, rows[1:]
        if header is None:
            remarks.append(f"The row below the names was read as units: {_quoted(units)}.")
    return Look(width, above, heads, units, rows, remarks)


def _width(rows: Sequence[Row], remarks: list[str]) -> int:
    counts = Counter(row.count for row in rows)
    width = common = max(counts, key=lambda count: (counts[count], count))
    while width > 1 and all(row.filled < width or row.filled > common for row in rows):
        width -= 1
    if width < common:
        remarks.append("Nothing stands behind the last separator of the rows; it is no column.")
    return width


def _is_above(row: Row, width: int) -> bool:
    """Whether a row may stand above the table: a comment, or a short one without a value."""
    if row.cells[0].startswith(_COMMENTS) and len(row.cells[0].strip("#/ ")) > 0:
        return True
    if row.cells[0] in _COMMENTS and row.count == width + 1:
        return True
    return row.count < width and not any(map(is_value, row.cells))


def _names_in(row: Row, width: int) -> tuple[str, ...] | None:
    """Give the names in a row above the values that is no whole row; ``None``: it has none."""
    cells = list(row.cells)
    if cells[0].startswith(_COMMENTS):
        cells[0] = cells[0].lstrip("#/ ")
        cells = cells if cells[0] else cells[1:]
        # A comment is a header only if it looks like nothing else.
        is_header = len(cells) == width > 1 and not any(" " in cell for cell in cells)
        return tuple(cells) if is_header else None
    return tuple(cells) if row.filled > 1 else None


def _tell_of_widths(row: Row, width: int, remarks: list[str]) -> None:
    if row.filled and row.count < width:
        remarks.append(
            f"The header has {row.count} names for {width} columns; they were given to the first "
            f"{row.count}."
        )
    elif row.filled > width:
        remarks.append(
            f"The header has {row.filled} names for {width} columns; those left over are left out."
        )


def _header_doubt(first: Row, rest: Sequence[Row], width: int) -> str | None:
    """Say whether the first row names the columns: ``None``, it does not; else why it may not.

    It does if it has no value, or texts over columns of values, or years over other numbers.
    """
    cells = first.cells[:width]
    if not any(not is_missing(cell) for cell in cells):
        return None
    values = [place for place, cell in enumerate(cells) if is_value(cell)]
    if not values:
        return ""
    texts = [
        place for place, cell in enumerate(cells) if not is_value(cell) and not is_missing(cell)
    ]
    over = [place for place in texts if _holds_values(place, rest)]
    years = _years(first) and not _is_among(first, values, rest)
    if years and (texts or len(values) == width):
        # Names of their own leave no doubt; a row of nothing but years does.
        return (
            ""
            if texts
            else (
                f"The first row could be values, but looks like years, so it was read as names: "
                f"{_quoted(cells)}."
            )
        )
    if over and len(texts) >= len(values):
        told = [cells[place] for place in values]
        return f"Names were read from the first row, though it has numbers in it: {_quoted(told)}."
    return None


def _years(row: Row) -> bool:
    """Whether all numbers of a row are years, each later than the one before, at least two."""
    numbers = [cell for cell in row.cells if is_value(cell)]
    if len(numbers) < 2 or not all(len(cell) == 4 and cell.isdecimal() for cell in numbers):
        return False
    years = [int(cell) for cell in numbers]
    rises = all(one < two for one, two in itertools.pairwise(years))
    return rises and all(year in _YEARS for year in years)


def _is_among(first: Row, places: Sequence[int], rest: Sequence[Row]) -> bool:
    """Whether the columns below years hold years themselves."""
    below = [row.cell(place) for row in rest for place in places]
    alike = sum(len(cell) == 4 and cell.isdecimal() and int(cell) in _YEARS for cell in below)
    return 2 * alike > len(below)


def _holds_values(place: int, rows: Sequence[Row], test: Callable[[str], bool] = is_value) -> bool:
    cells = [cell for row in rows if not is_missing(cell := row.cell(place))]
    return bool(cells) and 2 * sum(map(test, cells)) > len(cells)


def _is_units(row: Row, rest: Sequence[Row], width: int) -> bool:
    """Whether a row below the names holds units: short texts over values, and no value."""
    over = [row.cell(place) for place in range(width) if _holds_values(place, rest)]
    return (
        any(over)
        and not any(map(is_value, row.cells))
        and all(len(cell) <= _LONGEST_UNIT and not is_missing(cell or "m") for cell in over)
    )


def _quoted(cells: Sequence[str]) -> str:
    return listed([repr(cell) for cell in cells if cell])
