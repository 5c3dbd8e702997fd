"""Tables of the user's own: any CSV file, read row by row, checked cell by cell.

Nothing about the file is asked: its encoding, its separator and whether it has a header are found
by looking. What is odd is handled and said in the data set's notes; what cannot be handled is one
sentence. A file may have any length: no more than a seeded sample of its rows is held.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
import random
import re
import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from optiviz.engine.cancel import Cancelled, never
from optiviz.engine.datasets import MAX_COLUMNS, MAX_EXAMPLES, DataSet, make
from optiviz.engine.words import Refusal
from optiviz.regular import open_file
from optiviz.tables.columns import Row, columns, first_place, is_missing, is_number, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO, TextIO

#: The seed of the sample, so that a file gives the same examples each time.
SEED = 0
#: How a table's file name ends.
SUFFIXES = (".csv", ".tsv", ".txt")
#: The longest line that is still a row of a table, in letters.
MAX_LINE = 1_000_000

_CHUNK = 1 << 18  # bytes
_LOOK = 200  # rows, by which separator, header and width are found
_TURN = 1000  # rows between two rests, about a millisecond
_REST = 0.0005  # seconds in which the window's thread gets Python's lock without asking for it
_SEPARATORS = "\t;,"  # a text with tabs or semicolons may have commas in its numbers
_MARKS = (  # the longer ones first: UTF-32's begins as UTF-16's does
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1a\x1b")
_SAID = re.compile(r"sep=([,;|:\t ])\s*", re.IGNORECASE)  # Excel's own first line


class TableFileError(Refusal):
    """A table could not be read; the message is one sentence for the user."""


class _Look(NamedTuple):
    """What the first rows tell about a table, and those of them that are its own."""

    width: int
    above: list[Row]  # what stands above the table
    header: Row | None
    rows: list[Row]


class _Sample(NamedTuple):
    """Rows drawn from a table, in its order, and how many there were."""

    rows: list[Row]
    seen: int


def is_table(path: Path) -> bool:
    """Say whether a file's name is a table's."""
    return path.suffix.lower() in SUFFIXES


def read(path: Path, cancelled: Callable[[], bool] = never) -> DataSet:
    """Read a table; above 2,000 rows, a seeded sample of them.

    Args:
        path: a file of values with commas, semicolons or tabs between them.
        cancelled: asked now and then whether the table is not wanted any more.

    Returns:
        a data set named by its content; it is not kept yet.

    Raises:
        TableFileError: in one sentence that names the file, and the line where there is one.
        Cancelled: ``cancelled`` said so.
    """
    try:
        with open_file(path) as file:
            encoding, notes = _encoding(file, cancelled)
            file.seek(0)
            with io.TextIOWrapper(file, encoding=encoding, newline="") as text:
                return _table(text, path.stem, notes, cancelled)
    except TableFileError as error:
        what = error.clause
    except UnicodeError:
        what = "it changed while it was read"
    except OSError as error:
        what = (error.strerror or str(error)).lower()
    except ValueError as error:  # a path with a zero byte, from the command line
        what = str(error).rstrip(".")
    raise TableFileError(f"could not open {path.name}: {what}") from None


def _encoding(file: BinaryIO, cancelled: Callable[[], bool]) -> tuple[str, list[str]]:
    """Find how the file's letters are written, by reading all of it once."""
    head = file.read(_CHUNK)
    if not head:
        raise TableFileError("it is empty")
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if encoding is None:
        encoding = _unmarked(head)
    file.seek(0)
    try:
        _decode(file, encoding, cancelled)
    except UnicodeError:
        if encoding != "utf-8":
            raise TableFileError("it is not text, or it is damaged") from None
    else:
        return encoding, []
    file.seek(0)
    try:
        _decode(file, "cp1252", cancelled)
    except UnicodeError:
        raise TableFileError("it is not text in UTF-8, UTF-16 or Windows-1252") from None
    return "cp1252", ["It is not in UTF-8, so its letters were read as Windows-1252."]


def _unmarked(head: bytes) -> str:
    """Guess without a byte order mark: zeros stand in every other byte of UTF-16."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) / 4 and even < odd / 10:
        return "utf-16-le"
    if even > len(head) / 4 and odd < even / 10:
        return "utf-16-be"
    return "utf-8"


def _decode(file: BinaryIO, encoding: str, cancelled: Callable[[], bool]) -> None:
    """Try an encoding on the whole file; text has no control characters."""
    decoder = codecs.getincrementaldecoder(encoding)()
    plain = encoding in {"utf-8", "utf-8-sig", "cp1252"}
    line, letters = 1, 0
    while chunk := file.read(_CHUNK):
        if cancelled():
            raise Cancelled
        text = decoder.decode(chunk)
        control = len(chunk.translate(None, _CONTROLS)) < len(chunk) if plain else "\0" in text
        if control:
            place = min(text.find(chr(code)) % (len(text) + 1) for code in _CONTROLS)
            line += text.count("\n", 0, place)
            raise TableFileError(f"it is not text: line {line} has a control character")
        line += text.count("\n")
        ends = max(text.rfind("\n"), text.rfind("\r")) + 1
        letters = len(text) - ends if ends else letters + len(text)
        if letters > MAX_LINE:  # told before all of it is read
            raise _too_long(line)
    decoder.decode(b"", final=True)


def _table(text: TextIO, stem: str, notes: list[str], cancelled: Callable[[], bool]) -> DataSet:
    """Read a table from its text."""
    lines = _lines(text)
    first = _first_lines(lines)
    said = _SAID.fullmatch(first[0]) if first else None
    separator = said[1] if said else _separator(first)
    stream = _rows(itertools.chain(first, lines), separator, said=said is not None)
    look = _look([Row.of(line, cells) for line, cells in itertools.islice(stream, _LOOK)])
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
    heads = look.header.cells if look.header else None
    found, told = columns(heads, sample.rows, look.width, decimal_comma=separator != ",")
    if not found:
        why = "it has no column of numbers that differ, and none of two texts"
        place = first_place(told).rstrip(".")
        raise TableFileError(f"{why}. {place}" if place else why)
    return make(stem, stem, found, notes + told)


def _lines(text: TextIO) -> Iterator[str]:
    """Give the lines one by one; no line may fill the memory."""
    for number in itertools.count(1):
        line = text.readline(MAX_LINE)
        if not line:
            return
        if len(line) == MAX_LINE:
            raise _too_long(number)
        yield line


def _too_long(line: int) -> TableFileError:
    return TableFileError(f"line {line} has more than {MAX_LINE:,} letters")


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


def _separator(lines: list[str]) -> str:
    """Find what stands between the values.

    It is what gives most rows the same number of cells, and makes most cells numbers.
    """
    best, most = ",", 0.0
    for separator in _SEPARATORS:
        with contextlib.suppress(csv.Error):  # told where the rows are read
            reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
            rows = [Row.of(0, cells) for cells in reader if cells]
            counts = Counter(row.count for row in rows)
            (width, often), *_ = counts.most_common(1) or [(0, 0)]
            cells = [cell for row in rows for cell in row.cells]
            numbers = sum(map(is_number, cells)) / max(len(cells), 1)
            score = often / max(len(rows), 1) * (0.5 + numbers)
            if width > 1 and score > most:
                best, most = separator, score
    return best


def _rows(lines: Iterator[str], separator: str, *, said: bool) -> Iterator[tuple[int, list[str]]]:
    """Split lines into cells; gives each row with the line on which it begins."""
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
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


def _look(rows: list[Row]) -> _Look:
    """Find a table's width, its header, and what stands above both."""
    if not rows:
        raise TableFileError("it holds no values")
    counts = Counter(row.count for row in rows)
    width = max(counts, key=lambda count: (counts[count], count))
    start = 0
    while rows[start].count < width and not any(map(is_number, rows[start].cells)):
        start += 1
    above, rows = rows[:start], rows[start:]
    header = rows[0] if _is_header(rows[0], rows[1:]) else None
    return _Look(width, above, header, rows[1:] if header else rows)


def _is_header(first: Row, rest: list[Row]) -> bool:
    """Whether the first row names the columns: no number is in it, or few, and texts on numbers."""
    if not any(not is_missing(cell) for cell in first.cells):
        return False
    numbers = sum(map(is_number, first.cells))
    if numbers == 0:
        return True
    return 2 * numbers < len(first.cells) and any(
        not is_number(cell)
        and not is_missing(cell)
        and 2 * sum(place < len(row.cells) and is_number(row.cells[place]) for row in rest)
        > len(rest)
        for place, cell in enumerate(first.cells)
    )


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
            if cancelled():
                raise Cancelled
            time.sleep(_REST)
    return _Sample(sorted(drawn, key=lambda row: row.line), seen)
