"""How numbers are written: decimal signs, groups of thousands, units that stand in the cells."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CURRENCIES = "$¢£¤¥" + "".join(map(chr, range(0x20A0, 0x20C1)))
_CODES = "EUR|USD|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RUB|TRY|BRL|MXN|ZAR|KRW"
_UNIT = re.compile(
    rf"(?P<sign>[+-]?) ?(?P<before>[{_CURRENCIES}]|(?:{_CODES})(?= ?[\d.,]))? ?"
    r"(?P<number>[+-]?[\d.,](?:[\d.,' ]*\d)?[.,]?(?:e[+-]?\d+)?)"
    rf" ?(?P<after>%|‰|[{_CURRENCIES}]|°[CF]?|{_CODES}"
    r"|(?<= )[^\W\d_][^\W_]{0,5}(?:/[^\W\d_]+)?)?",
    re.IGNORECASE,
)
_INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
_MARKS = frozenset(".,' ")
_SAME = str.maketrans(
    {"\N{MINUS SIGN}": "-", "’": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
)


class Notation(NamedTuple):
    """How a number is written: its decimal sign, and what groups its thousands or nothing."""

    decimal: str = "."
    thousands: str = ""

    def read(self, text: str) -> float | None:
        """Read a number; ``None`` for what is none in this notation. Huge ones are infinite."""
        if not _pattern(self).fullmatch(text):
            return float(text) if _INFINITE.fullmatch(text) else None
        if self.thousands:
            text = text.replace(self.thousands, "")
        return float(text.replace(self.decimal, "."))


PLAIN = Notation()
#: Every notation, the plainer ones first: of two that read a column alike, the first is taken.
NOTATIONS = tuple(Notation(sign, group) for group in ("", ",", ".", " ", "'") for sign in ".,"
                  if sign != group)  # fmt: skip


@lru_cache(maxsize=16)
def _pattern(notation: Notation) -> re.Pattern[str]:
    sign, group = map(re.escape, notation)
    whole = rf"\d+|[1-9]\d{{0,2}}(?:{group}\d{{3}})+" if group else r"\d+"
    return re.compile(rf"[+-]?(?:(?:{whole})(?:{sign}\d*)?|{sign}\d+)(?:[eE][+-]?\d+)?")


def plain(text: str) -> str:
    """Write minus, apostrophe and every kind of space in one way."""
    return text.translate(_SAME).strip()


def is_number(text: str) -> bool:
    """Whether a text is a number in any notation, with or without a unit."""
    text = plain(text)
    if _INFINITE.fullmatch(text):
        return True
    unit, number = split_unit(text)
    known = not unit or not unit[-1].isalpha() or unit.upper() in _CODES.split("|")
    return known and any(_pattern(notation).fullmatch(number) for notation in NOTATIONS)


def split_unit(text: str) -> tuple[str, str]:
    """Split a cell into the unit that stands before or behind its number, and the number."""
    found = _UNIT.fullmatch(text)
    if not found or (bool(found["before"]) and bool(found["after"])):
        return "", text
    unit = found["before"] or found["after"] or ""
    return (unit, found["sign"] + found["number"]) if unit else ("", text)


def common_unit(texts: Sequence[str]) -> str:
    """Give the unit that stands in the cells: in most, or in all where it is a word."""
    units = Counter(split_unit(text)[0] if _may_have_unit(text) else "" for text in texts)
    (unit, often), *_ = units.most_common(1) or [("", 0)]
    is_word = unit[-1:].isalpha() and "°" not in unit and unit.upper() not in _CODES.split("|")
    return unit if unit and (often == len(texts) > 1 if is_word else 2 * often > len(texts)) else ""


def _may_have_unit(text: str) -> bool:
    """Whether something else than a number begins or ends a text; quicker than to look closely."""
    return not (text[-1:].isdecimal() and (text[:1].isdecimal() or text[:1] in "+-.,"))


class Reading(NamedTuple):
    """How a column's numbers are written.

    Attributes:
        notation: the most likely one.
        other: another one that reads as many of its cells, as other numbers; else ``None``.
        says: whether its cells tell which sign is decimal.
    """

    notation: Notation
    other: Notation | None
    says: bool


def reading(
    texts: Sequence[str], allowed: Sequence[Notation], decimal: str | None, guess: str | None
) -> Reading:
    """Find how a column's numbers are written.

    Args:
        texts: its cells that are not missing, without units.
        allowed: the notations to choose from, the plainer ones first.
        decimal: the decimal sign of the other columns, if they tell one.
        guess: the sign that is likely where nothing tells.
    """
    there = _MARKS & set().union(*texts) if texts else frozenset()
    known = [each for each in allowed if each.thousands in there or not each.thousands]
    known = known or list(allowed)
    scores = [sum(map(bool, map(_pattern(each).fullmatch, texts))) for each in known]
    best = [each for each, score in zip(known, scores, strict=True) if score == max(scores)]
    marked = [text for text in texts if not _MARKS.isdisjoint(text)]
    first, *others = best
    rivals = [each for each in others if _differ(first, each, marked)]
    if not rivals:
        return Reading(first, None, bool(marked) and len({each.decimal for each in best}) == 1)
    if PLAIN in best and guess == PLAIN.decimal:
        return Reading(PLAIN, None, False)
    rival = rivals[0]
    # A whole number of three digits stands beside grouped ones, but hardly beside decimals.
    hundreds = any(len(text) == 3 and text.isdecimal() for text in texts)
    grouped = [each for each in (first, rival) if each.thousands]
    wanted = decimal or (grouped[0].decimal if hundreds and len(grouped) == 1 else guess)
    chosen = next((each for each in (first, rival) if each.decimal == wanted), first)
    other = rival if chosen is first else first
    return Reading(chosen, None if decimal is not None else other, False)


def _differ(one: Notation, two: Notation, texts: Iterable[str]) -> bool:
    return any(one.read(text) != two.read(text) for text in texts)
