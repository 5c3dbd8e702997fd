"""What the C library keeps of freed memory, given back to the system."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any


@cache
def _trim() -> Any:
    """Give the C library's own function, where it has one: glibc does."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # TypeError: there is no such library on Windows
        return None


def give_back(*_: object) -> None:
    """Give back what is free, and wait for it: some milliseconds, so not under a hand."""
    trim = _trim()
    if trim is not None:
        trim(0)
