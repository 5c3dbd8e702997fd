"""Numbers as they stand in a sentence: compact, and everywhere alike."""

from __future__ import annotations

import math

_MOST = 12  # digits; more would tell of rounding
_PLAIN = 99_999.5  # from here on a number has a power of ten
_ALL = 17  # digits that tell any two numbers apart


def rounded(value: float, digits: int = 3) -> str:
    """Write a number with so many digits: ``0.0123``, ``41.2``, ``2.04e7``.

    A whole number of up to five digits is written plainly: ``2041``, not ``2.04e3``. Zeros at the
    end are left out, as they are in what people type.
    """
    if math.isnan(value):
        return "–"  # stands where there is no number to show
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    text = tidy(f"{value:.{digits}g}")
    return f"{value:.0f}" if "e" in text and 1.0 <= abs(value) < _PLAIN else text


def near(value: float, apart: float) -> str:
    """Write a number so finely that what is a tenth of ``apart`` away is told apart."""
    if not math.isfinite(value) or apart <= 0.0 or value == 0.0:
        return rounded(value, _MOST)
    digits = math.floor(math.log10(abs(value))) - math.floor(math.log10(apart)) + 2
    return rounded(value, min(max(digits, 1), _ALL))


def tidy(text: str) -> str:
    """Take the padding out of an exponent and the sign off a zero: ``1e-08`` to ``1e-8``."""
    mantissa, mark, exponent = text.partition("e")
    if mark:
        return f"{mantissa}e{int(exponent)}"
    return "0" if mantissa == "-0" else mantissa
