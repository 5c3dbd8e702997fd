"""How a knob's values lie along a slider, and what one step of a key or wheel is.

A place is a number from 0 to 1, the share of the slider's travel. Values found from a place are
neat (0.02, not 0.0199986), so that what a hand finds can be read out and typed again.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optiviz.engine.part import Knob

# 0.9 … 0.999 takes half of a travel that ends at 0.999: a quarter for each further nine.
_PER_NINE = 0.25
_MOST_FOR_NINES = 0.8
_MOST_NINES = 6.0
_KNEE = 0.9
# A logarithmic travel that begins at 0 has no lowest decade: it gets six, and a notch for 0.
_DECADES_ABOVE_ZERO = 6.0
_NOTCH = 0.02


def place_of(knob: Knob, value: float) -> float:
    """Say where a value lies on the travel; what is outside is pinned to the end."""
    low, high = knob.travel
    if high <= low or value <= low:
        return 0.0
    if value >= high:
        return 1.0
    if knob.scale == "log":
        bottom, notch = _log_bottom(low, high), _zero_notch(low)
        share = math.log(max(value, bottom) / bottom) / math.log(high / bottom)
        return notch + (1.0 - notch) * share
    if knob.scale == "toward_one":
        knee, share = _knee(low, high)
        if value <= knee:
            return share * (value - low) / (knee - low)
        return share + (1.0 - share) * (_nines(value) - _nines(knee)) / (
            _nines(high) - _nines(knee)
        )
    return (value - low) / (high - low)


def value_at(knob: Knob, place: float) -> float:
    """Give the neat value at a place on the travel; a whole number for such a knob."""
    low, high = knob.travel
    if place <= 0.0:
        return _typed(knob, low)
    if place >= 1.0:
        return _typed(knob, high)
    if knob.scale == "log":
        bottom, notch = _log_bottom(low, high), _zero_notch(low)
        share = max(0.0, place - notch) / (1.0 - notch)
        value = low if place < notch / 2 else round_digits(bottom * (high / bottom) ** share, 2)
    elif knob.scale == "toward_one":
        knee, share = _knee(low, high)
        if place <= share:
            value = round(low + (knee - low) * place / share, 2)
        else:
            nines = _nines(knee) + (_nines(high) - _nines(knee)) * (place - share) / (1.0 - share)
            value = _neat_below_one(10.0**-nines)
    else:
        grain = _grain((high - low) / 500.0)
        value = _clean(round((low + (high - low) * place) / grain) * grain, grain)
    return _typed(knob, min(max(value, low), high))


def step_value(knob: Knob, value: float, steps: int, *, fine: bool = False) -> float:
    """Go some steps up or down from a value, inside what the knob allows.

    A logarithmic knob goes by 1-2-5, one toward 1 by 0.9, 0.91 … 0.99, 0.991 …, a linear one by a
    hundredth of its travel; ``fine`` steps are about a tenth of that.
    """
    up = steps > 0
    for _ in range(abs(steps)):
        if knob.scale == "log":
            value = _log_step(knob, value, up, fine)
        elif knob.scale == "toward_one":
            value = _toward_one_step(value, up, fine)
        else:
            value = _linear_step(knob, value, up, fine)
        value = _typed(knob, min(max(value, knob.low), knob.high))
    return value


def round_digits(value: float, digits: int) -> float:
    """Round to so many significant digits."""
    return float(f"{value:.{digits - 1}e}")


def _log_step(knob: Knob, value: float, up: bool, fine: bool) -> float:
    bottom = _log_bottom(*knob.travel)
    if value <= 0.0:
        return bottom if up else value
    if fine:
        digit = math.floor(math.log10(value) + 1e-9)
        grain = 10.0 ** (digit - 1)
        if not up and value <= 10.0**digit * (1 + 1e-9):
            grain /= 10.0
        stepped = _clean(_next_multiple(value, grain, up), grain)
    else:
        stepped = _one_two_five(value, up)
    if knob.integer:
        return max(stepped, value + 1) if up else min(stepped, value - 1)
    if not up and knob.low <= 0.0 and stepped < bottom * (1 - 1e-9):
        return 0.0
    return stepped


def _one_two_five(value: float, up: bool) -> float:
    decade = math.floor(math.log10(value))
    series = [
        float(f"{lead}e{power}") for power in range(decade - 1, decade + 3) for lead in (1, 2, 5)
    ]
    if up:
        return min(item for item in series if item > value * (1 + 1e-9))
    return max(item for item in series if item < value * (1 - 1e-9))


def _toward_one_step(value: float, up: bool, fine: bool) -> float:
    gap = 1.0 - value
    if gap <= 1e-12:
        return value if up else 1.0 - 1e-6
    exponent = math.log10(gap)
    power = math.ceil(exponent - 1e-6) - 1 if up else math.floor(exponent + 1e-6)
    grain = 10.0 ** (min(power, -1) - (1 if fine else 0))
    if up and grain < 1e-12:
        return value
    return _clean(_next_multiple(value, grain, up), grain)


def _linear_step(knob: Knob, value: float, up: bool, fine: bool) -> float:
    low, high = knob.travel
    grain = _grain((high - low) / 100.0) / (10.0 if fine else 1.0)
    if knob.integer:
        grain = max(1.0, grain)
    return _clean(_next_multiple(value, grain, up), grain)


def _next_multiple(value: float, grain: float, up: bool) -> float:
    ratio = value / grain
    return (math.floor(ratio + 1e-6) + 1 if up else math.ceil(ratio - 1e-6) - 1) * grain


def _grain(length: float) -> float:
    """Find the greatest of …, 0.1, 0.2, 0.5, 1, … that is at most ``length``."""
    if length <= 0.0 or not math.isfinite(length):
        return 1.0
    decade = math.floor(math.log10(length) + 1e-9)
    return max(
        float(f"{lead}e{decade}") for lead in (1, 2, 5) if lead * 10.0**decade <= length * 1.000001
    )


def _clean(value: float, grain: float) -> float:
    """Take away what floating point left behind the grain's last decimal."""
    decimals = max(0, -math.floor(math.log10(grain) + 1e-9))
    return round(value, decimals) + 0.0


def _neat_below_one(gap: float) -> float:
    """Give 1 − gap with the gap rounded to two digits: 0.995, 0.9987."""
    decimals = 1 - math.floor(math.log10(gap) + 1e-9)
    return round(1.0 - gap, decimals)


def _nines(value: float) -> float:
    """Count the nines: 0.9 has one, 0.999 three; 1 itself counts as six."""
    gap = 1.0 - value
    return -math.log10(gap) if gap > 10.0**-_MOST_NINES else _MOST_NINES


def _knee(low: float, high: float) -> tuple[float, float]:
    """Say up to which value the travel is even, and which share of it that is."""
    if low >= _KNEE:
        return low, 0.0
    if high <= _KNEE:
        return high, 1.0
    nines = _PER_NINE * (_nines(high) - 1.0)
    return _KNEE, 1.0 - min(max(nines, 0.5), _MOST_FOR_NINES)


def _log_bottom(low: float, high: float) -> float:
    return low if low > 0.0 else high * 10.0**-_DECADES_ABOVE_ZERO


def _zero_notch(low: float) -> float:
    return _NOTCH if low <= 0.0 else 0.0


def _typed(knob: Knob, value: float) -> float:
    return round(value) if knob.integer else value
