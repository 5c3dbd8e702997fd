"""A loss that is a mean over a table of examples, for many points at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from optiviz.engine.rebound import vectorised

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine.kernels import SecondKernel, SurfaceKernel

Array = np.ndarray

#: Pairs of a point and an example that are worked on at a time: they fit into a processor's cache.
_PAIRS = 1 << 16
#: Points that are worked on at a time where the examples come one by one.
_POINTS = 1 << 13


class MeanLoss:
    """The mean over a table's examples, as whole matrices of points × examples.

    A kernel that is given one row, whose numbers are whole columns, gives the loss and the
    gradient of each example; so no formula is written twice. Sums are numpy's, whose last bit may
    be another than that of a kernel that goes from row to row.
    """

    def __init__(self, kernel: SurfaceKernel, second: SecondKernel, table: Array) -> None:
        self._kernel, self._second = vectorised(kernel), vectorised(second)
        self._columns = [(tuple(np.ascontiguousarray(column) for column in table.T))]

    def losses(self, x: Any, y: Any) -> Any:
        """Give the loss at points of any one shape."""
        return self._means(lambda x, y: (self._kernel(x, y, (), self._columns, [0, 0]),), x, y)[0]

    def gradient(self, x: Any, y: Any) -> tuple[Any, ...]:
        """Give ∂f/∂x and ∂f/∂y at points of any one shape."""

        def both(x: Any, y: Any) -> list[Any]:
            g: list[Any] = [0.0, 0.0]
            self._kernel(x, y, (), self._columns, g)
            return g

        return self._means(both, x, y)

    def bends(self, x: Any, y: Any) -> tuple[Any, ...]:
        """Give ∂²f/∂x², ∂²f/∂x∂y and ∂²f/∂y² at points of any one shape."""
        return self._means(lambda x, y: self._second(x, y, self._columns[0]), x, y)

    def gradients(self, x: float, y: float) -> Array:
        """Give the gradient of each example's own loss at one point, (N, 2)."""
        g: list[Any] = [0.0, 0.0]
        with np.errstate(all="ignore"):
            self._kernel(x, y, (), self._columns, g)
        shape = self._columns[0][0].shape
        return np.column_stack([np.broadcast_to(gradient, shape) for gradient in g])

    def _means(self, give: Callable[[Any, Any], Any], x: Any, y: Any) -> tuple[Any, ...]:
        x, y = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
        shape, x, y = x.shape, x.reshape(-1, 1), y.reshape(-1, 1)
        size = max(1, _PAIRS // len(self._columns[0][0]))
        parts = []
        with np.errstate(all="ignore"):
            for first in range(0, len(x), size):
                some = slice(first, first + size)
                count = len(x[some])
                means = [_mean(part, count) for part in give(x[some], y[some])]
                parts.append(np.array(means))
        joined = np.concatenate(parts, axis=1) if parts else np.empty((3, 0))
        return tuple(part.reshape(shape) for part in joined)


def _mean(part: Any, points: int) -> Array:
    """Take the mean over the examples, which lie along the last axis."""
    part = np.asarray(part)
    return np.broadcast_to(part.mean(axis=-1) if part.ndim else part, (points,))


def by_rows(kernel: Any, x: Any, y: Any, rows: Any, g: list[Any]) -> Any:
    """Run a kernel from row to row on arrays of points, as it runs on numbers.

    Some thousand points at a time, so that what is in the making stays in the cache; there is
    never more than one row's worth of it.
    """
    kernel = vectorised(kernel)
    x, y = np.broadcast_arrays(x, y)
    shape, x, y = x.shape, x.ravel(), y.ravel()
    out = np.empty((3, x.size))
    with np.errstate(all="ignore"):
        for first in range(0, x.size, _POINTS):
            some = slice(first, first + _POINTS)
            gradients: list[Any] = [0.0, 0.0]
            out[0, some] = kernel(x[some], y[some], (), rows, gradients)
            out[1, some], out[2, some] = gradients
    g[0], g[1] = out[1].reshape(shape), out[2].reshape(shape)
    return out[0].reshape(shape)
