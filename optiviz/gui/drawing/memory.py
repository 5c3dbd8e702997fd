"""Many lines or stamps for one call of QPainter, which takes the address of the first of them."""

from __future__ import annotations

from mmap import mmap
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import numpy as np
from shiboken6 import wrapInstance

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How many go to the painter at once. Qt strokes lines by 32, so it must be a multiple of that.
_MOST = 4096
_BYTES = np.dtype(np.float64).itemsize

Small = TypeVar("Small")


class Memory(Generic[Small]):
    """Room for small values of Qt's, one behind the other, for the GUI thread.

    Pages of its own, asked for once and kept for good: PySide knows what is there by its address.
    An array made for each stroke might lie where PySide still believes in something else, and
    would be handed on as that (decision 0015).
    """

    def __init__(self, kind: type[Small], numbers: int) -> None:
        """Each value of the ``kind`` is so many ``numbers`` in a row."""
        pages = mmap(-1, _MOST * numbers * _BYTES)
        self._rows = np.frombuffer(pages, dtype=np.float64).reshape(_MOST, numbers)
        self._first = cast("Small", wrapInstance(self._rows.ctypes.data, kind))

    def filled(self, rows: np.ndarray) -> Iterator[tuple[Small, int]]:
        """Give the first value and how many there are, until all rows (n, numbers) have been."""
        for begin in range(0, len(rows), _MOST):
            part = rows[begin : begin + _MOST]
            self._rows[: len(part)] = part
            yield self._first, len(part)
