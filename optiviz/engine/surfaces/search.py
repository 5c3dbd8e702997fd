"""Where a gradient vanishes: all places in a window, by Newton's steps from a grid.

Nothing random is in it, so the same surface gives the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from optiviz.engine.eigen import eigenvalues

if TYPE_CHECKING:
    from optiviz.engine.surfaces.base import Point, Points, Window

Array = np.ndarray
#: (x (n,), y (n,)) to the gradients along both axes, (n,) each.
Gradients = Callable[[Any, Any], tuple[Any, Any]]
#: (x (n,), y (n,)) to ∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y², (n,) each.
Bends = Callable[[Any, Any], tuple[Any, Any, Any]]

#: Grid points along each side of the window; features finer than two of their gaps are missed.
_LOOKS = 61
#: A search goes on from where Newton's step is shorter than this many gaps of the grid.
_NEAR = 2.0
#: … and, where it is not the shortest around, than this many.
_BESIDE = 1.0
_STEPS = 40
#: Those that have met are gone on with as one after so many steps, each time.
_MERGED_AFTER = (5, 3)
#: Window widths: two places closer than this are one; a step is no longer than that; and the
#: search has arrived where it is shorter than that.
_SAME, _LONGEST, _ARRIVED = 1e-6, 0.02, 1e-9


class Critical(NamedTuple):
    """The places without gradient, the lowest first."""

    minima: Points
    saddles: Points


def critical_points(
    losses: Callable[[Any, Any], Any], gradients: Gradients, bends: Bends, window: Window
) -> Critical:
    """Find every minimum and saddle in a window, to the last bits that the gradients have.

    Newton's step is looked at from every point of a grid. Near a place where the gradient vanishes
    it is short, so the search goes on from there alone: with steps of limited length, until it
    rests.
    """
    (x0, x1), (y0, y1) = window
    width = max(x1 - x0, y1 - y0)
    with np.errstate(all="ignore"):
        x, y = _candidates(gradients, bends, window)
        for steps in (*_MERGED_AFTER, _STEPS):
            if not x.size:
                return Critical((), ())
            x, y, step = _followed(gradients, bends, x, y, width, steps)
            x, y = x[step < np.inf], y[step < np.inf]
            # Many that began side by side have met by now.
            x, y, step = _one_of_each(x, y, step[step < np.inf], _SAME * width)
        x, y = x[step <= _ARRIVED * width], y[step <= _ARRIVED * width]
    inside = (x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)
    x, y = x[inside], y[inside]
    if not x.size:
        return Critical((), ())
    kinds: tuple[list[Point], list[Point]] = ([], [])
    order = np.argsort(losses(x, y), kind="stable")
    a, b, c = (part[order] for part in np.broadcast_arrays(*bends(x, y)))
    for i, place in enumerate(zip(x[order].tolist(), y[order].tolist(), strict=True)):
        low, high = eigenvalues(float(a[i]), float(b[i]), float(c[i]))
        if high > 0.0:
            kinds[low < 0.0].append(place)
    return Critical(tuple(kinds[0]), tuple(kinds[1]))


def _candidates(gradients: Gradients, bends: Bends, window: Window) -> tuple[Array, Array]:
    """Give the grid's points from which Newton's step is short, and shorter than from around."""
    (x0, x1), (y0, y1) = window
    x, y = np.meshgrid(np.linspace(x0, x1, _LOOKS), np.linspace(y0, y1, _LOOKS))
    dx, dy = _newton(gradients, bends, x, y)
    step = (_LOOKS - 1) * np.fmax(abs(dx) / (x1 - x0), abs(dy) / (y1 - y0))  # in gaps
    step[~np.isfinite(step)] = np.inf
    around = np.pad(step, 1, constant_values=np.inf)
    least = np.min(
        [around[i : i + _LOOKS, j : j + _LOOKS] for i in range(3) for j in range(3)], axis=0
    )
    near = (step <= _NEAR) & ((step <= least) | (step <= _BESIDE))
    return x[near], y[near]


def _newton(gradients: Gradients, bends: Bends, x: Array, y: Array) -> tuple[Array, Array]:
    gx, gy = gradients(x, y)
    a, b, c = bends(x, y)
    det = a * c - b * b
    return (b * gy - c * gx) / det, (b * gx - a * gy) / det


def _followed(
    gradients: Gradients, bends: Bends, x: Array, y: Array, width: float, steps: int
) -> tuple[Array, Array, Array]:
    """Take Newton's steps until they are as short as they get; give the best and its step."""
    step = np.full(x.shape, np.inf)
    best_x, best_y, best = x, y, step
    for _ in range(steps):
        dx, dy = _newton(gradients, bends, x, y)
        step = np.hypot(dx, dy)
        better = step < best
        best_x, best_y = np.where(better, x, best_x), np.where(better, y, best_y)
        best = np.where(better, step, best)
        if not (better & (step > 0.0)).any():
            break
        far = np.fmax(step / (_LONGEST * width), 1.0)
        x, y = x + dx / far, y + dy / far
    return best_x, best_y, best


def _one_of_each(x: Array, y: Array, step: Array, apart: float) -> tuple[Array, Array, Array]:
    """Keep of those that are one place the one with the shortest step."""
    kept: list[int] = []
    for i in np.argsort(step, kind="stable").tolist():
        if not kept or np.hypot(x[kept] - x[i], y[kept] - y[i]).min() > apart:
            kept.append(i)
    return x[kept], y[kept], step[kept]


def descend(
    losses: Callable[[Any, Any], Any],
    gradients: Gradients,
    bends: Bends,
    start: Point,
    reach: float,
) -> Point | None:
    """Find the one minimum of a convex loss, by Newton's steps that are halved until they go down.

    Returns:
        The place, or ``None`` where there is none within ``reach`` of the start along an axis:
        a loss may fall without end.
    """
    x, y = np.array([start[0]]), np.array([start[1]])
    best = (np.inf, start)
    loss = losses(x, y)[0]
    for _ in range(_STEPS):
        with np.errstate(all="ignore"):
            dx, dy = _newton(gradients, bends, x, y)
        length = float(np.hypot(dx, dy)[0])
        if not np.isfinite(length):
            return None
        if length < best[0]:
            best = (length, (float(x[0]), float(y[0])))
        elif length <= 1e-9 * reach:
            return best[1]
        share = 1.0
        while share > 1e-3 and not losses(x + share * dx, y + share * dy)[0] <= loss:
            share *= 0.5
        x, y = x + share * dx, y + share * dy
        loss = losses(x, y)[0]
        if max(abs(float(x[0]) - start[0]), abs(float(y[0]) - start[1])) > reach:
            return None
    return best[1] if best[0] <= 1e-9 * reach else None
