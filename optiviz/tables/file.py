"""Tables of the user's own: any text of rows, read one by one, checked cell by cell.

Nothing about the file has to be told: how its letters are written, what separates its values and
whether it has a header are found by looking, and can be chosen instead. What is odd is handled and
said; what cannot be handled is one sentence. A file may have any length: no more than a seeded
sample of its rows is held.
"""

from __future__ import annotations

import csv
import io
import itertools
import random
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from optiviz.engine.cancel import Cancelled, never
from optiviz.engine.datasets import MAX_COLUMNS, MAX_EXAMPLES
from optiviz.regular import open_file, why_not
from optiviz.tables import encodings, shape
from optiviz.tables.cells import Marks, is_value
from optiviz.tables.choices import Choices
from optiviz.tables.columns import Columns, names_of
from optiviz.tables.row import MAX_LINE, Row, TableFileError, counted, listed, too_long
from optiviz.tables.table import Table

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator
    from typing import TextIO

#: The seed of the sample, so that a file gives the same examples each time.
SEED = 0
#: How a table's file name ends.
SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data", ".asc", ".prn")

_LOOK = 200  # rows, by which separator, header and width are found
_SHOWN = 8  # rows that are given as they stand in the file
_TURN = 1000  # rows between two rests, about a millisecond
_REST = 0.0005  # seconds in which the window's thread gets Python's lock without asking for it
_SAID = re.compile(r"sep=([,;|:\t ])\s*", re.IGNORECASE)  # Excel's own first line


class _Sample(NamedTuple):
    """Rows drawn from a table, in its order, and how many there were."""

    rows: list[Row]
    seen: int


def is_table(path: Path) -> bool:
    """Say whether a file is a table: by its name, or else by what is in it."""
    return path.suffix.lower() in SUFFIXES or _holds_table(path)


def _holds_table(path: Path) -> bool:
    """Whether the first lines of a file are rows, most of whose cells are values."""
    try:
        with open_file(path) as file:
            head = file.read(MAX_LINE)
    except (OSError, ValueError):
        return False  # whoever opens it tells why
    text = head.decode("utf-8-sig", "replace")
    if text.lstrip().startswith(("{", "[")) or "\0" in text:
        return False
    lines = text.splitlines(keepends=True)[:_LOOK]
    try:
        separator = shape.separator_of(lines)
        rows = [Row.of(0, cells) for cells in shape.split(lines, separator, strict=False)]
    except csv.Error:
        return False
    cells = [cell for row in rows for cell in row.cells if cell]
    return len(rows) > 2 and 2 * sum(map(is_value, cells)) > len(cells)


def read(
    path: str | os.PathLike[str], *, cancelled: Callable[[], bool] = never, **choices: Any
) -> Table:
    """Read a table; above 2,000 rows, a seeded sample of them; of its columns the first 64.

    Args:
        path: a file of values with commas, semicolons, tabs, bars or spaces between them.
        cancelled: asked now and then whether the table is not wanted any more.
        choices: how it is read, as :class:`Choices` has it: ``separator``, ``decimal``,
            ``thousands``, ``header``, ``encoding``, ``missing``. What is not chosen is guessed.

    Returns:
        its ``names``; its ``columns``, float64 and nan where a value is missing; the ``labels`` of
        texts; ``remarks`` in sentences; and the ``choices`` it was read by.

    Raises:
        ChoiceError: there is no such choice, or it cannot be; in one sentence.
        TableFileError: in one sentence that names the file, and the line where there is one.
        Cancelled: ``cancelled`` said so.
    """
    chosen, path = Choices.of(**choices), Path(path)
    try:
        with open_file(path) as file:
            notes: list[str] = []
            encoding = chosen.encoding
            if encoding is None:
                encoding, notes = encodings.find(file, cancelled)
            else:
                encoding = encodings.chosen(file, encoding, cancelled)
            file.seek(0)
            with io.TextIOWrapper(file, encoding=encoding, newline="") as text:
                known = replace(chosen, encoding=_listed_name(encoding))
                return _table(text, path, known, notes, cancelled)
    except TableFileError as error:
        what = error.clause
    except UnicodeError:
        what = "it changed while it was read"
    except OSError as error:
        what = why_not(error)
    except ValueError as error:  # a path with a zero byte, from the command line
        what = str(error)
    raise TableFileError(f"could not open {path.name}: {what}") from None


def _listed_name(encoding: str) -> str:
    """Give the name by which an encoding is chosen: byte orders and marks are the file's own."""
    return next((each for each in ("utf-8", "utf-16") if encoding.startswith(each)), encoding)


def _table(
    text: TextIO, path: Path, chosen: Choices, notes: list[str], cancelled: Callable[[], bool]
) -> Table:
    """Read a table from its text."""
    lines = _lines(text)
    first = _first_lines(lines)
    said = _SAID.fullmatch(first[0]) if first else None
    separator = chosen.separator or (said[1] if said else shape.separator_of(first))
    stream = _rows(itertools.chain(first, lines), separator, said=said is not None)
    start = [Row.of(line, cells) for line, cells in itertools.islice(stream, _LOOK)]
    look = shape.look(start, chosen.header)
    sample = _sample(look.rows, stream, cancelled)
    if not sample.rows:
        raise TableFileError("it has a header and no rows")
    if sample.seen == 1:
        raise TableFileError(f"it has only one row of values, in line {sample.rows[0].line}")
    if look.above:
        above = listed([str(row.line) for row in look.above])
        notes.append(f"Left out, as they stand above the table: lines {above}.")
    if sample.seen > MAX_EXAMPLES:
        notes.append(
            f"Of {sample.seen:,} rows a random sample of {MAX_EXAMPLES:,} is used (seed {SEED})."
        )
    if look.width > MAX_COLUMNS:
        notes.append(f"Of {look.width:,} columns the first {MAX_COLUMNS} are read.")
    names, told = names_of(look)
    chosen = replace(chosen, separator=separator)
    columns = Columns(names, sample.rows, chosen, Marks(chosen.missing))
    parts = columns.read(lambda: _rest(cancelled))
    notation = columns.notation()
    choices = replace(
        chosen,
        decimal=chosen.decimal or notation.decimal,
        thousands=notation.thousands if chosen.thousands is None else chosen.thousands,
        header=(look.heads is not None) + (look.units is not None),
    )
    head = [cells for cells in (look.heads, look.units) if cells is not None]
    head += [row.cells for row in sample.rows[:_SHOWN]]
    remarks = (*notes, *look.remarks, *told, *_ragged(sample.rows, look.width))
    return Table(
        path.name,
        path.stem,
        tuple(parts),
        (*remarks, *columns.told.remarks()),
        tuple(columns.told.questions),
        choices,
        tuple(cells[: len(names)] for cells in head),
        sample.seen,
    )


def _ragged(rows: list[Row], width: int) -> list[str]:
    notes = []
    for some, what in (
        ([row for row in rows if row.count < width], "with too few cells, which count as missing"),
        ([row for row in rows if row.filled > width], "with too many cells, which are left out"),
    ):
        if some:
            first = some[0]
            notes.append(
                f"{counted(len(some), 'row')} {what}; the first is line {first.line}, with "
                f"{first.count} instead of {width}."
            )
    return notes


def _lines(text: TextIO) -> Iterator[str]:
    """Give the lines one by one; no line may fill the memory."""
    for number in itertools.count(1):
        line = text.readline(MAX_LINE)
        if not line:
            return
        if len(line) == MAX_LINE:
            raise too_long(number)
        yield line


def _first_lines(lines: Iterator[str]) -> list[str]:
    """Take some lines to look at: enough to know the table, and not more than one long line."""
    first: list[str] = []
    letters = 0
    for line in lines:
        first.append(line)
        letters += len(line)
        if len(first) == _LOOK or letters > MAX_LINE:
            break
    return first


def _rows(lines: Iterator[str], separator: str, *, said: bool) -> Iterator[tuple[int, list[str]]]:
    """Split lines into cells; gives each row with the line on which it begins."""
    reader = shape.split(lines, separator)
    line = 1
    try:
        if said:
            next(reader)
        line = reader.line_num + 1
        for cells in reader:
            if any(map(str.strip, cells)):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            told = f"has a cell of more than {csv.field_size_limit():,} letters"
        else:
            told = "has a quotation mark without its pair"
        raise TableFileError(f"line {line} {told}") from None


def _sample(
    rows: list[Row], stream: Iterator[tuple[int, list[str]]], cancelled: Callable[[], bool]
) -> _Sample:
    """Draw rows from those that were looked at and the rest: each has the same chance.

    Vitter (1985), algorithm R: the nth row takes the place of a random one, if a number drawn
    from 0 … n − 1 is a place. Rows come back in the file's order.
    """
    drawn = list(rows)
    chance = random.Random(SEED)
    seen = len(drawn)
    for line, cells in stream:
        seen += 1
        if len(drawn) < MAX_EXAMPLES:
            drawn.append(Row.of(line, cells))
        elif (place := int(chance.random() * seen)) < MAX_EXAMPLES:
            drawn[place] = Row.of(line, cells)
        if seen % _TURN == 0:
            _rest(cancelled)
    return _Sample(sorted(drawn, key=lambda row: row.line), seen)


def _rest(cancelled: Callable[[], bool]) -> None:
    """Let the window's thread go on, and stop where nobody waits any more."""
    if cancelled():
        raise Cancelled
    time.sleep(_REST)
