"""The bound on ε along a path, and the one that a divergence is told about."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.bounds import Bound, Bounds, NoBound
from optiviz.engine.cancel import never
from optiviz.engine.outcome import Limit
from optiviz.engine.runner import Runner

if TYPE_CHECKING:
    from optiviz.engine.optimizers import Optimizer
    from optiviz.engine.spec import Entrant
    from optiviz.engine.surfaces import Surface

Array = np.ndarray


def bound_at(
    entrant: Entrant, surface: Surface, path: Array, lr: Array, seed: int, step: int
) -> Bound:
    """Give the bound at one step of a path, earlier than that at which the racer was gone."""
    why = unbounded(entrant)
    if why is not None:
        return Bound(math.nan, why)
    start = (float(path[0, 0]), float(path[0, 1]))
    runner = Runner(entrant, surface, start, lr[:step], seed)
    runner.run_to(step, never, compiled=True)
    states = np.array([runner.memory])
    return local_bounds(entrant.optimizer, surface, path[step : step + 1], states)[0]


def unbounded(entrant: Entrant) -> NoBound | None:
    """Say why a racer has no bound wherever it is; ``None``: it has one on some ground."""
    if not entrant.optimizer.bounded:
        return NoBound.RULE
    return NoBound.CLIP if entrant.clip is not None else None


def local_bounds(optimizer: Optimizer, surface: Surface, points: Array, states: Array) -> Bounds:
    """Give the bounds at points, (n, 2), where the rule's memory is ``states``, (n, m)."""
    with np.errstate(all="ignore"):
        # The quadratic that the rule sees has the L2 term in it.
        hessians = surface.hessian(*points.T) + optimizer.l2 * np.eye(2)[:, :, np.newaxis]
        found = optimizer.lr_bounds(hessians, optimizer.named(states))
    for cusp in surface.cusps:
        found.why[(points == cusp).all(axis=1)] = NoBound.CUSP
    return found


def limit_of(
    entrant: Entrant, surface: Surface, path: Array, lr: Array, seed: int, diverged: int
) -> Limit | None:
    """Give the bound at the last step at which a racer that diverged was nearest to the window.

    Mostly that is its last one in the window, from which it left for good. One that began outside
    and never came in is told about where it turned away, and one that was lost inside, where a
    loss was not finite, about its last step. ``None``: its start was no place to be.
    """
    if diverged == 0:
        return None
    low, high = np.array(surface.window).T
    points = 0.5 * path[:diverged]  # halves, so that no distance overflows
    outside = np.hypot(*(points - np.clip(points, 0.5 * low, 0.5 * high)).T)
    step = diverged - 1 - int(np.argmin(outside[::-1]))
    return Limit(step, float(lr[step]), bound_at(entrant, surface, path, lr, seed, step))
