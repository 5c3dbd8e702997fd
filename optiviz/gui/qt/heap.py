"""What the C library keeps of freed memory: little, and that is given back to the system.

Left to itself, glibc takes blocks of up to 32 MB from heaps that can only shrink at their ends,
and makes eight such heaps for each core; threads that compute what is large and short-lived leave
them full of holes. So large blocks are taken from the system one by one, and heaps are few.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

#: Of ``malloc.h``: parameters of ``mallopt``, and what they are set to.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
#: Bytes from which on a block is one of its own; those of each frame are smaller.
_LARGE = 1 << 20
#: Bytes that may be free at the end of a heap before it shrinks.
_SPARE = 8 << 20
#: One heap for the window's thread, and one for all that compute.
_HEAPS = 2


@cache
def _function(name: str) -> Any:
    """Give a function of the C library's own, where it has it: glibc does."""
    try:
        return getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):  # TypeError: there is no such library on Windows
        return None


def keep_little() -> None:
    """Have large blocks given back when they are freed; before threads begin."""
    set_option = _function("mallopt")
    if set_option is not None:
        set_option(_ARENA_MAX, _HEAPS)
        set_option(_MMAP_THRESHOLD, _LARGE)
        set_option(_TRIM_THRESHOLD, _SPARE)


def give_back(*_: object) -> None:
    """Give back what is free, and wait for it: some milliseconds, so not under a hand."""
    trim = _function("malloc_trim")
    if trim is not None:
        trim(0)
