"""What came of a race, told by definitions that ``docs/outcomes.md`` gives, so nothing is guessed.

Whatever is said of a step follows from the path up to it: nothing is told of what is still ahead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.finish import below_since
from optiviz.engine.gradients import FullGradient
from optiviz.engine.outcome import Finish, Limit, Outcome, Way
from optiviz.engine.rest import hardly_moves, is_seen_to_grow, leaves, pull_at, resting_place
from optiviz.engine.trend import circle, has_risen, stretch

if TYPE_CHECKING:
    from optiviz.engine.spec import Entrant
    from optiviz.engine.surfaces import Surface

Array = np.ndarray

#: So many steps, or the last tenth if that is more, are looked at for rest.
_TAIL = 10


def judge(
    surface: Surface,
    entrant: Entrant,
    path: Array,
    loss: Array,
    measure: Array,
    lr: Array,
    finish: Finish,
    *,
    is_end: bool = True,
) -> Outcome:
    """Say what has come of a racer that has not diverged, from all there is up to a step.

    Args:
        surface, entrant: what it runs on, and who it is.
        path: (steps + 1, 2) up to that step.
        loss: (steps + 1,) along it.
        measure: (steps + 1,) what is held against the finish; see :func:`finish.measured`.
        lr: (steps,) the rates used.
        finish: what counts as finished.
        is_end: whether the race ends there.
    """
    below = measure <= finish.goal
    if below.any():
        first = int(np.argmax(below))
        since = below_since(measure, finish.goal)
        now = len(path) - 1
        return Outcome("finished", first, since=since, finish=finish, now=now, is_end=is_end)
    steps = len(path) - 1
    if steps == 0:
        return Outcome("running", way="start")
    begin = max(0, steps - max(_TAIL, steps // 10))
    by_chance = not isinstance(entrant.gradient, FullGradient)
    if hardly_moves(surface, path[begin:]):
        tail, rates = path[begin:], lr[begin:steps]
        return _resting(surface, entrant, tail, rates, begin, by_chance=by_chance)
    return _moving(surface, path, loss, lr, by_chance=by_chance)


def judge_diverged(step: int, first: int | None, finish: Finish, limit: Limit | None) -> Outcome:
    """Say that a racer diverged at a step, and when it was first below the finish before."""
    return Outcome("diverged", step, before=first, finish=finish, limit=limit)


def _resting(
    surface: Surface, entrant: Entrant, tail: Array, lr: Array, begin: int, *, by_chance: bool
) -> Outcome:
    with np.errstate(all="ignore"):
        where = resting_place(surface, entrant, tail, lr, by_chance=by_chance)
        if where is not None:
            return Outcome("settled", begin, where=where)
        pull = pull_at(surface, entrant, tail[-1])
        leaving = leaves(surface, tail, by_chance=by_chance)
    # By chance, moves are longer and shorter without growing.
    growing = leaving or (not by_chance and is_seen_to_grow(tail))
    way: Way = "growing" if growing else "short"
    return Outcome("running", way=way, steps=len(tail) - 1, pull=pull)


def _moving(surface: Surface, path: Array, loss: Array, lr: Array, *, by_chance: bool) -> Outcome:
    points = stretch(len(path) - 1)
    if points == 0:
        if loss[-1] > loss[0]:
            return Outcome("running", way="above")
        return Outcome("running")
    last, before, loss = path[-points:], loss[-2 * points : -points], loss[-points:]
    with np.errstate(all="ignore"):
        middle = float(surface.value(*last.mean(axis=0)))
        radius = circle(last, loss, lr[1 - points :], before, middle, by_chance=by_chance)
        if radius is not None:
            return Outcome("circling", len(path) - points, radius=radius)
        if loss[-1] > loss[0] and has_risen(loss - surface.least):
            return Outcome("running", way="risen", steps=points - 1)
    return Outcome("running")
