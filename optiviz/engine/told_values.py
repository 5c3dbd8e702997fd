"""Values in sentences that refuse them: what a value is, and what is wrong with it."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

_MOST = 60  # letters of a value that are shown


def shown(value: object) -> str:
    """Write a value as Python does; of a long one its beginning."""
    try:
        text = repr(value)
    except ValueError:  # an int of more digits than Python writes
        text = "a number of thousands of digits"
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def kind(value: object) -> str:
    """Say what kind of thing a value is: ``a text``, ``a list``."""
    if value is None:
        return "no value"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, Real):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return f"of the type {type(value).__name__}"


def as_text(value: object) -> str:
    """Give the text that a number or a list of numbers was perhaps meant to be; else nothing."""
    many = value if isinstance(value, (list, tuple)) else [value]
    if many and all(isinstance(each, Real) and not isinstance(each, bool) for each in many):
        text = ", ".join(map(shown, many))
        return text if len(text) <= _MOST else ""
    return ""


def wrong_text(value: object, most: int) -> str:
    """Say why a value is no line of 1 to ``most`` letters."""
    if not isinstance(value, str):
        meant = as_text(value)
        return f"{shown(value)} is {kind(value)}" + (f"; write {meant!r}" if meant else "")
    if not value:
        return f"{value!r} is empty"
    if len(value) > most:
        return f"{shown(value)} has {len(value):,} letters"
    letter = next((each for each in value if not each.isprintable()), "")
    return f"{shown(value)} has {letter!r} in it"


def wrong_choice(value: object) -> str:
    """Say why a value is none of some texts."""
    return f"{shown(value)} is {'none of them' if isinstance(value, str) else kind(value)}"


def wrong_switch(value: object) -> str:
    """Say why a value is neither true nor false."""
    return f"{shown(value)} is {kind(value)}, and not true or false"


def wrong_number(value: object, low: float, high: float) -> str:
    """Say why a value is no number from ``low`` to ``high``, or no whole one."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return f"{shown(value)} is {kind(value)}"
    number: Any = value  # one of any size and kind
    if number != number:
        return "nan is no number"
    if number in (math.inf, -math.inf):
        return f"{shown(value)} is infinite"
    if number < low:
        return f"{shown(value)} is too small"
    return f"{shown(value)} is {'too large' if number > high else 'no whole number'}"
