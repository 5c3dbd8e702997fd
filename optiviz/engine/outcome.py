"""What came of a race, as facts; the sentences about it are made in ``words.py``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from optiviz.engine import words
from optiviz.engine.digits import near

if TYPE_CHECKING:
    from optiviz.engine.bounds import Bound

OutcomeKind = Literal["diverged", "finished", "settled", "circling", "running"]
#: What a racer has come to rest at; ``held``: weight decay cancels the gradient there.
Where = Literal["minimum", "saddle", "maximum", "plateau", "held"]
#: What can be said of a racer that is still running.
Way = Literal["start", "growing", "short", "above", "risen", "on"]


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


@dataclass(frozen=True)
class Limit:
    """The local bound on ε at a step, or why there is none, beside the ε that was used."""

    step: int
    lr: float
    bound: Bound


@dataclass(frozen=True)
class Pull:
    """What pulls at a racer, so that only a small ε can keep it where it is.

    Attributes:
        gradient: ‖∇f‖; with L2 ‖clip(∇f) + λθ‖, of which the steps are made.
        decay: ‖λθ‖ of decoupled weight decay, which counts beside the gradient; else ``None``.
        with_l2: whether the gradient has L2 in it.
    """

    gradient: float
    decay: float | None = None
    with_l2: bool = False

    @property
    def told(self) -> str:
        """As part of a clause."""
        return words.pull(self.gradient, self.decay, with_l2=self.with_l2)


@dataclass(frozen=True)
class Outcome:
    """One word, the step it belongs to, and the numbers that it is told with.

    ``diverged``: not finite, or farther than 1,000 window widths away; ``step`` says when,
    ``before`` when it was first below the finish until then, and ``limit`` what the bound was.
    ``finished``: at ``step`` for the first time below the finish, under chance in the mean of an
    epoch; ``since`` says since when without a break, ``None`` if it is above it now.
    ``settled``: it rests at a place that holds it, and ``where`` says what that is; since ``step``
    it has hardly moved.
    ``circling``: since ``step`` it goes round in a ball, whose ``radius`` is given; that hardly
    changes, and nor does its loss.
    ``running``: none of these; ``way`` says how it goes, over the last ``steps`` of them, and
    ``pull`` why short steps are no rest.

    ``now`` and ``is_end`` belong to ``finished``: the step up to which it is told, and whether the
    race ends there.
    """

    kind: OutcomeKind
    step: int | None = None
    radius: float | None = None
    where: Where | None = None
    since: int | None = None
    before: int | None = None
    limit: Limit | None = None
    finish: Finish | None = None
    way: Way = "on"
    steps: int = 0
    pull: Pull | None = None
    now: int = 0
    is_end: bool = True

    @property
    def clauses(self) -> tuple[str, ...]:
        """All that is to be said, as parts that sentences or a list can be made of."""
        step = self.step or 0
        if self.kind == "diverged":
            first = words.diverged(step, self.before, self._goal)
            if self.limit is None:
                return (first,)
            return (first, words.limit(self.limit.step, self.limit.lr, self.limit.bound))
        if self.kind == "finished":
            return (words.finished(self._goal, step, self.since, self.now, is_end=self.is_end),)
        if self.kind == "settled":
            return (words.settled(self.where or "minimum"),)
        if self.kind == "circling":
            return (words.circling(self.radius or 0.0),)
        told = "" if self.pull is None else self.pull.told
        return (words.running(self.way, self.steps, told),)

    @property
    def _goal(self) -> str:
        return "" if self.finish is None else words.goal(self.finish.told, self.finish.epoch)

    @property
    def sentence(self) -> str:
        """What a student can read."""
        return words.sentences(self.clauses)
