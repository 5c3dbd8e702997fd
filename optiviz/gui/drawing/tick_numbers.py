"""Round numbers for an axis, and how to write them."""

from __future__ import annotations

import math

from optiviz.engine.field import power_of_ten

_MINUS = "\N{MINUS SIGN}"


def round_step(span: float, pixels: float, spacing: float) -> float:
    """The least of 1, 2, 5 times a power of ten that lies ``spacing`` pixels apart or more."""
    rough = span * spacing / max(pixels, 1.0)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(
        factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * (1 - 1e-9)
    )


def tick_values(low: float, high: float, step: float) -> list[float]:
    """The multiples of a step from ``low`` to ``high``."""
    first, last = math.ceil(low / step), math.floor(high / step)
    # Rounding hides what a product of a whole number and a step like 0.1 leaves behind.
    decimals = max(0, 2 - math.floor(math.log10(step)))
    return [round(count * step, decimals) for count in range(first, min(last, first + 200) + 1)]


def tick_label(value: float, step: float) -> str:
    """Write a tick's number with the digits that its step needs: ``−1``, ``0.25``, ``2×10⁶``."""
    if value == 0.0:
        return "0"
    sign, size = (_MINUS if value < 0 else ""), abs(value)
    exponent = math.floor(math.log10(size) + 1e-12)
    step_exponent = math.floor(math.log10(step) + 1e-9)
    if exponent >= 6 or exponent < -5:
        digits = max(0, exponent - step_exponent)
        mantissa = f"{size / 10.0**exponent:.{digits}f}"
        return f"{sign}{mantissa}×{power_of_ten(exponent)}"
    return f"{sign}{size:.{max(0, -step_exponent)}f}"
