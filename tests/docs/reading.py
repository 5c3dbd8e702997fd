"""How figures are read out of the documents: sentences with gaps, and the numbers in them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parents[2]

#: Numbers in words, as far as the documents use them.
WORDS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
SHARES = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10}
SHARES |= {"fiftieth": 1 / 50, "hundredth": 1 / 100, "thousandth": 1 / 1000}
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")

_POWER = r"10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+"
_PLAIN = r"\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?"
#: 10⁻⁶; 1.2 · 10⁻¹¹; 2√2; 2/3; −78.3323; 1,000; 1e-10; nine; tenth
NUMBER = re.compile(
    rf"(?P<sign>[−-]?)(?:(?:(?P<times>{_PLAIN}) · )?(?P<power>{_POWER})"
    rf"|(?P<of>\d*)√(?P<root>\d+)|(?P<over>\d+)/(?P<under>\d+)|(?P<plain>{_PLAIN}))"
    rf"|\b(?P<word>{'|'.join((*WORDS, *SHARES))})\b",
    re.IGNORECASE,
)
#: A number in digits, as a reader sees it; not the 2 of x₂, x², v2 or 2D.
DIGITS = re.compile(r"(?<![\w.])(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)")


class Printed(NamedTuple):
    """A number as it is printed, and how far the true one may be away from it."""

    value: float
    rounding: float


def printed(text: str) -> Printed:
    """Read a number; one with digits after the point is rounded to its last one."""
    found = NUMBER.fullmatch(text)
    assert found, f"{text!r} is no number that a document prints"
    if word := found["word"]:
        known = {**{name: float(n) for n, name in enumerate(WORDS)}, **SHARES}
        return Printed(known[word.lower()], 1e-9)
    sign = -1.0 if found["sign"] else 1.0
    if found["root"]:
        return Printed(sign * float(found["of"] or 1) * float(found["root"]) ** 0.5, 1e-9)
    if found["over"]:
        return Printed(sign * float(found["over"]) / float(found["under"]), 1e-9)
    power = 10.0 ** int(found["power"][2:].translate(SUPERSCRIPTS)) if found["power"] else 1.0
    digits = (found["plain"] or found["times"] or "1").replace(",", "")
    mantissa, _, exponent = digits.partition("e")
    scale = power * 10.0 ** int(exponent or 0)
    decimals = len(mantissa.partition(".")[2])
    rounding = 0.5 * 10.0**-decimals if decimals or found["times"] else 1e-9
    return Printed(sign * float(mantissa) * scale, rounding * scale)


Compute: TypeAlias = "Callable[[], float | Sequence[float]]"


class Figure(NamedTuple):
    """A sentence with a gap ``{}`` for each figure in it, and what is found when it is computed.

    A figure agrees if what was computed rounds to what is printed; one that the sentence calls
    rough may be off by the share ``about``.
    """

    document: str
    sentence: str
    compute: Compute
    about: float = 0.0


class Beside(NamedTuple):
    """A piece of text whose numbers no program can check here, and why; ``{}`` is any number."""

    document: str
    text: str
    why: str


@cache
def text_of(document: str) -> str:
    """The document with every stretch of white space made one space."""
    return " ".join((ROOT / document).read_text(encoding="utf-8").split())


def pattern(sentence: str) -> re.Pattern[str]:
    """The sentence as an expression with a group for each gap."""
    number = re.sub(r"\?P<\w+>", "?:", NUMBER.pattern)
    return re.compile(f"({number})".join(map(re.escape, sentence.split("{}"))), re.IGNORECASE)


def gaps(document: str, sentence: str) -> list[re.Match[str]]:
    """Where the sentence stands in the document, whatever numbers are in its gaps."""
    return list(pattern(sentence).finditer(text_of(document)))
