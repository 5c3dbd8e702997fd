"""What came of a race, told by definitions that ``docs/outcomes.md`` gives, so nothing is guessed.

Whatever is said of a step follows from the path up to it: nothing is told of what is still ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from optiviz.engine.digits import near, rounded
from optiviz.engine.finish import below_since
from optiviz.engine.rest import Where, grows, hardly_moves, resting_place
from optiviz.engine.trend import circle, has_risen, stretch

if TYPE_CHECKING:
    from optiviz.engine.bounds import Bound
    from optiviz.engine.spec import Entrant
    from optiviz.engine.surfaces import Surface

Array = np.ndarray
OutcomeKind = Literal["diverged", "finished", "settled", "circling", "running"]

#: So many steps, or the last tenth if that is more, are looked at for rest.
_TAIL = 10

_SETTLED: dict[Where, str] = {
    "minimum": "Settled at a minimum.",
    "saddle": "Settled at a saddle, not at a minimum.",
    "maximum": "Settled at a maximum, not at a minimum.",
    "plateau": "Settled on a plateau, not at a minimum.",
    "held": "Settled where weight decay cancels the gradient, not at a minimum.",
}


@dataclass(frozen=True)
class Outcome:
    """One word, the step it belongs to, and one sentence that a student can read.

    ``diverged``: not finite, or farther than 1,000 window widths away; ``step`` says when.
    ``finished``: at ``step`` for the first time below the finish, under chance in the mean of an
    epoch; ``since`` says since when without a break, ``None`` if it is above it now.
    ``settled``: it rests at a place that holds it, and ``where`` says what that is; since ``step``
    it has hardly moved.
    ``circling``: since ``step`` it goes round in a ball, whose ``radius`` is given; that hardly
    changes, and nor does its loss.
    ``running``: none of these.
    """

    kind: OutcomeKind
    step: int | None
    sentence: str
    radius: float | None = None
    where: Where | None = None
    since: int | None = None


@dataclass(frozen=True)
class Limit:
    """The local bound on ε at a step, or why there is none, beside the ε that was used."""

    step: int
    lr: float
    bound: Bound


@dataclass(frozen=True)
class Finish:
    """What counts as finished.

    Attributes:
        goal: the loss to be at or below.
        target: how far that is above the least; it says how finely the goal is told.
        epoch: of how many steps the mean is taken; 1 where chance plays no part.
    """

    goal: float
    target: float
    epoch: int = 1

    @property
    def told(self) -> str:
        """The goal in figures, as finely as the target asks for."""
        return near(self.goal, self.target)

    @property
    def what(self) -> str:
        """What it is that is below, in words: ``0.001``, or ``0.001 in the mean of an epoch``."""
        return self.told if self.epoch == 1 else f"{self.told} in the mean of an epoch"


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
        sentence = _finished(finish, first, since, len(path) - 1, is_end=is_end)
        return Outcome("finished", first, sentence, since=since)
    steps = len(path) - 1
    if steps == 0:
        return Outcome("running", None, "At the start.")
    begin = max(0, steps - max(_TAIL, steps // 10))
    if hardly_moves(surface, path[begin:]):
        return _resting(surface, entrant, path[begin:], lr[begin:steps], begin)
    return _moving(surface, path, loss)


def judge_diverged(step: int, first: int | None, finish: Finish, limit: Limit | None) -> Outcome:
    """Say that a racer diverged at a step, and when it was first below the finish before."""
    before = f", after it was below {finish.what} at step {first}" if first is not None else ""
    return Outcome("diverged", step, f"Diverged at step {step}{before}.{_told(limit)}")


def _finished(finish: Finish, first: int, since: int | None, now: int, *, is_end: bool) -> str:
    what = finish.what
    if since is None:
        return f"First below {what} at step {first}; above it now."
    if first == now:
        return f"First below {what} at step {first}."
    if since == first:
        stays = f"Stays below {what} from" if is_end else f"Below {what} since"
        return f"{stays} step {since}."
    stays = "stays below from" if is_end else "below since"
    return f"First below {what} at step {first}; {stays} step {since}."


def _told(limit: Limit | None) -> str:
    """Tell of the bound; passing it is not the same as diverging because of it."""
    if limit is None:
        return ""
    bound = limit.bound
    if bound.why is not None:
        return f" No bound on ε at step {limit.step}: {bound.why.value}."
    relation = "above" if limit.lr > bound.lr else "within"
    return f" ε was {relation} the local bound {rounded(bound.lr, 2)} at step {limit.step}."


def _resting(surface: Surface, entrant: Entrant, tail: Array, lr: Array, begin: int) -> Outcome:
    with np.errstate(all="ignore"):
        where = resting_place(surface, entrant, tail, lr)
        if where is not None:
            return Outcome("settled", begin, _SETTLED[where], where=where)
        gradient = float(np.hypot(*surface.gradient(*map(float, tail[-1]))))
    told = f"Has hardly moved for {_counted(len(tail) - 1)}"
    if grows(tail):
        return Outcome("running", None, f"{told}; its steps are growing.")
    told = f"{told}, though the gradient is {rounded(gradient, 2)}: its steps are too short."
    return Outcome("running", None, told)


def _moving(surface: Surface, path: Array, loss: Array) -> Outcome:
    points = stretch(len(path) - 1)
    if points == 0:
        if loss[-1] > loss[0]:
            return Outcome("running", None, "Its loss is above that of its start.")
        return Outcome("running", None, "Still on its way.")
    loss = loss[-points:]
    with np.errstate(all="ignore"):
        radius = circle(path[-points:], loss)
        if radius is not None:
            ball = f"Circling in a ball of radius {rounded(radius, 2)}"
            told = f"{ball}; its loss hardly falls any more."
            return Outcome("circling", len(path) - points, told, radius=radius)
        if loss[-1] > loss[0] and has_risen(loss - surface.least):
            told = f"Its loss has risen over the last {points - 1} steps."
            return Outcome("running", None, told)
    return Outcome("running", None, "Still on its way.")


def _counted(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps} steps"
