"""The loss at many points: compiled and without the GIL as soon as that is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine import compiler
from optiviz.engine.cancel import Cancelled, never
from optiviz.engine.kernels import kernel_of, sweep
from optiviz.engine.rebound import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine.surfaces import Surface

Array = np.ndarray

#: Examples that are looked at between two questions whether anybody still wants the losses.
_CHUNK_COMPILED, _CHUNK_INTERPRETED = 4_000_000, 40_000


def losses(
    surface: Surface,
    points: Array,
    examples: Array | None = None,
    *,
    cancelled: Callable[[], bool] = never,
    compiled: bool = True,
) -> Array:
    """Take the loss at many points.

    Args:
        points: (n, 2).
        examples: (N, c), which the loss is the mean of; ``None``: the surface's own.
        cancelled: asked now and then.
        compiled: whether compiled kernels are used if they are ready. The bits are the same.

    Returns:
        (n,) float64.

    Raises:
        Cancelled: as asked for.
    """
    table = surface.examples if examples is None else np.ascontiguousarray(examples)
    points = np.ascontiguousarray(points, dtype=float)
    found = np.empty(len(points))
    kernel = kernel_of(surface)
    fast = (compiler.ready(sweep), compiler.ready(kernel)) if compiled else (None, None)
    knobs = surface.kernel_knobs() or (0.0,)
    per_point = max(len(table), 1)
    is_fast = None not in fast
    chunk = max(1, (_CHUNK_COMPILED if is_fast else _CHUNK_INTERPRETED) // per_point)
    rows = table.tolist()
    for first in range(0, len(points), chunk):
        if cancelled():
            raise Cancelled
        part = slice(first, first + chunk)
        if fast[0] is not None and fast[1] is not None:
            fast[0](fast[1], points[part], np.array(knobs), table, np.zeros(2), found[part])
        else:
            sweep(plain(kernel), points[part].tolist(), knobs, rows, [0.0, 0.0], found[part])
    return found
