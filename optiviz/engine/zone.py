"""The productive zone: in which epochs ε was neither timid nor above what the ground bears.

An epoch counts as productive where a tenth of the racer's own local bound ≤ ε ≤ the bound, the
bound being that of the rule on the local quadratic (:meth:`Run.lr_bound`) at the epoch's middle
step, along the racer's own path. A fixed band may stand in for it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine import words
from optiviz.engine.bounds import Bounds, NoBound
from optiviz.engine.cancel import Cancelled, never
from optiviz.engine.digits import rounded
from optiviz.engine.limits import local_bounds, unbounded
from optiviz.engine.part import PartError, finite
from optiviz.engine.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optiviz.engine.run import Run

Array = np.ndarray

#: Below this share of its bound, ε is timid.
TIMID = 0.1
#: A stretch of more steps than this is worth a call of the compiled loop.
_WORTH_A_CALL = 10


@dataclass(frozen=True, eq=False)
class Zone:
    """Which epochs are productive, and between which rates. Arrays are read-only.

    Attributes:
        productive: (n,) bool, an epoch each.
        low, high: (n,) float64, the least and greatest productive ε; nan where there is no bound.
        why: why there is none, with the number of such epochs, the most frequent reason first.
        is_band: whether the ends were set by hand.
    """

    productive: Array
    low: Array
    high: Array
    why: tuple[tuple[NoBound, int], ...] = ()
    is_band: bool = False

    @property
    def count(self) -> int:
        """How many epochs are productive."""
        return int(self.productive.sum())

    @property
    def of(self) -> int:
        """How many epochs there are."""
        return len(self.productive)

    @property
    def unbounded(self) -> int:
        """In how many epochs there is no bound, and so no zone."""
        return sum(count for _, count in self.why)

    @property
    def clause(self) -> str:
        """Say it in words, such as ``productive: 66 of 100 epochs``."""
        return words.productive(self.count, self.of, self.unbounded, self.why)

    @property
    def brief(self) -> str:
        """Say it where there is little room: why some epochs have no bound is left out."""
        return words.productive(self.count, self.of, self.unbounded, self.why, brief=True)

    def spans(self) -> tuple[tuple[int, int], ...]:
        """List the stretches to shade: from an epoch up to, not with, another."""
        padded = np.concatenate([[False], self.productive, [False]])
        edges = np.flatnonzero(padded[1:] != padded[:-1])
        return tuple((int(a), int(b)) for a, b in edges.reshape(-1, 2))


def epoch_steps(steps: int, steps_per_epoch: int) -> Array:
    """Give the step at which each epoch is judged, its middle one, (n,); the last may be short."""
    begins = np.arange(0, steps, steps_per_epoch)
    ends = np.minimum(begins + steps_per_epoch, steps)
    middles: Array = begins + (ends - begins) // 2
    return middles


def bounds(run: Run, steps: Sequence[int] | Array, cancelled: Callable[[], bool] = never) -> Bounds:
    """Give the bound on ε at each of the steps, in one pass along the path.

    Each is what :meth:`Run.bound` tells, at the cost of one race.

    Args:
        run: whose path.
        steps: 0 … the race's steps, in any order.
        cancelled: asked between two of the steps.

    Raises:
        Cancelled: as asked for.
    """
    wanted = np.asarray(steps, dtype=np.int64)
    why = unbounded(run.entrant)
    if why is not None:
        return Bounds.without(len(wanted), why)
    found = Bounds.without(len(wanted), NoBound.GONE)
    told = np.flatnonzero(wanted <= run.last_step)
    states = _memories(run, wanted[told], cancelled)
    local = local_bounds(run.entrant.optimizer, run.surface, run.path[wanted[told]], states)
    found.lr[told], found.why[told] = local.lr, local.why
    return found


def _memories(run: Run, steps: Array, cancelled: Callable[[], bool]) -> Array:
    """Give the rule's memory at steps in any order, (n, m), in one pass along the path."""
    start = (float(run.path[0, 0]), float(run.path[0, 1]))
    runner = Runner(run.entrant, run.surface, start, run.lr, run.seed)
    states = np.empty((len(steps), len(runner.memory)))
    gradients = run.gradients.tolist()
    at = 0
    for i in np.argsort(steps, kind="stable"):
        if cancelled():
            raise Cancelled
        step = int(steps[i])
        # A long stretch is worth a call of the compiled loop; a short one is told its gradients.
        if step - at > _WORTH_A_CALL:
            runner.advance(at, step, compiled=True)
        else:
            for between in range(at, step):
                runner.replay(between, gradients[between])
        at = step
        states[i] = runner.memory
    return states


def share(lr: Sequence[float] | Array, bounds: Bounds) -> Zone:
    """Judge epochs by their bounds, (n,): a tenth of the bound ≤ ε ≤ the bound.

    Args:
        lr: (n,) the rate of each epoch.
        bounds: the bound of each.
    """
    reasons = Counter(why for why in bounds.why if why is not None)
    high = np.where(np.isfinite(bounds.lr), bounds.lr, np.nan)
    zone = _zone(np.asarray(lr, dtype=float), TIMID * high, high)
    return replace(zone, why=tuple(reasons.most_common()))


def band(lr: Sequence[float] | Array, low: float, high: float) -> Zone:
    """Judge epochs by a fixed band: low ≤ ε ≤ high.

    Raises:
        PartError: an end is no number of at least 0, or they stand the wrong way round.
    """
    for name, value in (("low", low), ("high", high)):
        number = finite(value)
        if number is None or number < 0.0:
            clause = f"the band's {name} end must be a number of at least 0; {value!r} is not"
            raise PartError(name, clause)
    if low > high:
        clause = "the band's low end must not be above its high end; "
        clause += f"{rounded(low, 6)} is above {rounded(high, 6)}"
        raise PartError("low", clause)
    rates = np.asarray(lr, dtype=float)
    ends = (np.full(rates.shape, float(end)) for end in (low, high))
    return replace(_zone(rates, *ends), is_band=True)


def _zone(lr: Array, low: Array, high: Array) -> Zone:
    productive = (low <= lr) & (lr <= high)  # nan is neither
    for array in (productive, low, high):
        array.flags.writeable = False
    return Zone(productive, low, high)
