"""Dates in cells: read as days, so that they can be an axis."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIME = (
    r"(?:(?:T|,? +)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:\.\d+)?))?"
    r"(?: ?(?:Z|UTC|[+-]00:?00))?)?"
)
_PIVOT = 1970
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_FORMS = tuple(
    re.compile(form + _TIME, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        r"(?P<year>\d{4})-(?P<month>\d{2})",
        rf"{_MONTH} +(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[ -]{_MONTH}[ -](?P<year>\d{{4}})",
        rf"{_MONTH}[ -](?P<year>\d{{4}})",
    )
)
_TWO = re.compile(
    r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})" + _TIME
)


class Days(NamedTuple):
    """Dates as numbers.

    Attributes:
        days: since the 1st of January of year 1, one for each text; ``None`` for what is no date.
        doubt: why they could be other dates, as a clause; or nothing.
    """

    days: list[float | None]
    doubt: str


def is_date(text: str) -> bool:
    """Whether a text is a date, in whatever form."""
    return any(form.fullmatch(text) for form in (*_FORMS, _TWO))


def days_of(texts: Sequence[str]) -> Days:
    """Read dates; those of a column are written in one order of day and month."""
    twos = [found for text in texts if (found := _TWO.fullmatch(text))]
    ones = [int(found["one"]) for found in twos]
    others = [int(found["two"]) for found in twos]
    # With points the day is first everywhere; with slashes it depends on the country.
    day_first = max(ones, default=0) > 12 or any(found["mark"] == "." for found in twos)
    doubt = ""
    if twos and not day_first and max(others) <= 12 and ones != others:
        doubt = "the month was taken to stand first, and could be the day"
    if any(len(found["year"]) == 2 for found in twos):
        years = f"years of two digits were read as {_PIVOT} to {_PIVOT + 99}"
        doubt = f"{doubt}; {years}" if doubt else years
    return Days([_days(text, day_first=day_first) for text in texts], doubt)


def day_text(days: float) -> str:
    """Write a day as ISO 8601 does: ``2021-05-02``."""
    return datetime.fromordinal(int(days)).date().isoformat()


def _days(text: str, *, day_first: bool) -> float | None:
    if found := _TWO.fullmatch(text):
        day, month = (found["one"], found["two"]) if day_first else (found["two"], found["one"])
        return _number(found, int(month), int(day))
    for form in _FORMS:
        if found := form.fullmatch(text):
            told = found["month"].lower()
            month = int(told) if told.isdecimal() else _MONTHS.index(told) + 1
            return _number(found, month, int(found.groupdict().get("day") or 1))
    return None


def _year(text: str) -> int:
    """Read a year; one of two digits lies in the hundred years from ``_PIVOT`` on."""
    year = int(text)
    return year if len(text) == 4 else _PIVOT + (year - _PIVOT) % 100


def _number(found: re.Match[str], month: int, day: int) -> float | None:
    try:
        at = datetime(_year(found["year"]), month, day, int(found["hour"] or 0))
    except ValueError:  # a 30th of February
        return None
    minutes, seconds = int(found["minute"] or 0), float(found["second"] or 0.0)
    if minutes >= 60 or seconds >= 61.0:
        return None
    return at.toordinal() + (at.hour * 3600 + minutes * 60 + seconds) / 86400.0
