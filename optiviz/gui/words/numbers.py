"""Numbers as text: read what people type, write what fits a field, a card, a readout."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING

from optiviz.engine.digits import rounded, tidy

if TYPE_CHECKING:
    from optiviz.engine.part import Knob

_ROUNDING = 1e-12
_PLAIN = (-3, 5)  # powers of ten between which a loss is written plainly
NOTHING = "–"  # stands where there is no number to show
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
# What else a keyboard writes for the marks of a number: the true minus, the wide marks of
# Japanese and Chinese, the decimal separator of Arabic, and its separator of thousands.
_MARKS = str.maketrans("−－＋．，٫٬", "--+.,.\u2009")
# Groups of three digits, parted by a space of any width.
_GROUPS = re.compile(r"[+-]?\d{1,3}([ \u00a0\u2009\u202f]\d{3})+", re.ASCII)
# In some countries 1,000 or 1.000 is a thousand, in others one: where a whole number is wanted,
# nobody can tell which is meant.
_THOUSANDS = re.compile(r"[+-]?\d+[.,]\d{3}", re.ASCII)


def parse_number(text: str, *, whole: bool = False) -> float:
    """Read a finite number; a comma is taken as the decimal point, ``−`` as a minus.

    The digits may be those of any script: ``۰٫۰۲`` is 0.02.

    Where a ``whole`` number is wanted, ``1 000`` is a thousand, and ``1,000`` is refused.

    Raises:
        ValueError: with a sentence for the user.
    """
    plain = _in_plain_letters(text)
    if not plain:
        raise ValueError("A number is missing.")
    if whole and _GROUPS.fullmatch(plain):
        plain = "".join(plain.split())
    if whole and groups_digits(plain):
        raise ValueError(f"“{shortened(text.strip())}” must be written without “,” and “.”.")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"“{shortened(text.strip())}” is not a number.")
    number = float(plain)
    if not math.isfinite(number):
        raise ValueError(f"“{shortened(text.strip())}” is too large a number.")
    return number


def groups_digits(text: str) -> bool:
    """Say whether a text may be thousands written with a comma or point: ``100,000``."""
    return _THOUSANDS.fullmatch(_in_plain_letters(text)) is not None


def _in_plain_letters(text: str) -> str:
    """Write a number's digits as 0 to 9, and its marks as everybody does."""
    marks = text.strip().translate(_MARKS)
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in marks)


def shortened(text: str, most: int = 20) -> str:
    """Cut a text that somebody typed to a length that fits into a sentence."""
    return text if len(text) <= most else text[: most - 1] + "…"


def format_knob(value: float) -> str:
    """Write a setting exactly and compactly: ``0.02``, ``0.999``, ``1e-8``; 12 digits at most."""
    if not math.isfinite(value):
        return NOTHING
    if isinstance(value, int):
        return str(value)
    return rounded(value, 12)


def format_loss(value: float, digits: int = 3) -> str:
    """Write a loss with a fixed count of digits, so that losses compare: ``41.2``, ``2.51e-5``."""
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == 0.0:
        return "0"
    text = f"{value:.{max(0, digits - 1)}e}"
    exponent = int(text.partition("e")[2])
    if _PLAIN[0] <= exponent < _PLAIN[1]:
        return f"{value:.{max(0, digits - 1 - exponent)}f}"
    return tidy(text)


def format_coordinate(value: float, digits: int = 3) -> str:
    """Write a coordinate with so many decimals while that is readable: ``-1.200``, ``3.10e5``."""
    if not math.isfinite(value):
        return NOTHING
    if abs(value) >= 10.0 ** _PLAIN[1]:
        return tidy(f"{value:.2e}")
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0.0 else text


def is_zero(loss: float) -> bool:
    """Say whether a least loss is zero but for rounding."""
    return abs(loss) <= _ROUNDING


def allowed_numbers(knob: Knob) -> str:
    """Say which numbers a knob allows, as the end of a sentence: ``a number from 0 to 0.999``."""
    noun = "a whole number" if knob.integer else "a number"
    low, high = math.isfinite(knob.low), math.isfinite(knob.high)
    if low and high:
        return f"{noun} from {format_knob(knob.low)} to {format_knob(knob.high)}"
    if low:
        return f"{noun} of at least {format_knob(knob.low)}"
    if high:
        return f"{noun} of at most {format_knob(knob.high)}"
    return noun
