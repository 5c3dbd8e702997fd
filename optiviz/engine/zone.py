"""The productive zone: in which epochs ε was neither timid nor above what the ground bears.

An epoch counts as productive where a tenth of the racer's own local bound ≤ ε ≤ the bound, the
bound being that of the rule on the local quadratic (:meth:`Run.lr_bound`) at the epoch's middle
step, along the racer's own path. A fixed band may stand in for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.cancel import Cancelled, never
from optiviz.engine.part import PartError, finite
from optiviz.engine.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optiviz.engine.race import Run

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
        is_band: whether these were set by hand.
    """

    productive: Array
    low: Array
    high: Array
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
        return int(np.isnan(self.high).sum())

    @property
    def sentence(self) -> str:
        """Say it in words, such as ``productive: 66 of 100 epochs``."""
        epochs = "epoch" if self.of == 1 else "epochs"
        if self.unbounded == self.of:
            return f"no bound on ε here, in {self.of} {epochs}" if self.of else "no epochs yet"
        told = f"productive: {self.count} of {self.of} {epochs}"
        return f"{told}; no bound in {self.unbounded}" if self.unbounded else told

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


def bounds(run: Run, steps: Sequence[int] | Array, cancelled: Callable[[], bool] = never) -> Array:
    """Give the bound on ε at each of the steps, (n,), in one pass along the path.

    Each is what :meth:`Run.lr_bound` tells, but for rounding, at the cost of one race. ``inf``
    where nothing curves upward. ``nan`` where none is told: for a rule without a bound, under a
    clip, where the curvature is not finite, from the step on at which the racer was gone, and for
    an adaptive rule before its first slope, when it has no measure of slopes yet.

    Args:
        run: whose path.
        steps: 0 … the race's steps, in any order.
        cancelled: asked between two of the steps.

    Raises:
        Cancelled: as asked for.
    """
    wanted = np.asarray(steps, dtype=np.int64)
    found = np.full(len(wanted), np.nan)
    optimizer = run.entrant.optimizer
    if run.entrant.clip is not None:
        return found
    gone = len(run.lr) + 1 if run.diverged_step is None else run.diverged_step
    told = np.flatnonzero(wanted < gone)
    states = np.array([optimizer.first_memory()])
    if optimizer.scale(optimizer.named(states)) is not None:
        told = told[wanted[told] > 0]
        states = _memories(run, wanted[told], cancelled)
    if not len(told):
        return found
    with np.errstate(all="ignore"):
        hessians = run.surface.hessian(*run.path[wanted[told]].T)
        # The quadratic that the rule sees has the L2 term in it.
        hessians = hessians + optimizer.l2 * np.eye(2)[:, :, np.newaxis]
        bounds = optimizer.lr_bounds(hessians, optimizer.named(states))
    found[told] = np.where(np.isfinite(hessians).all(axis=(0, 1)), bounds, np.nan)
    return found


def _memories(run: Run, steps: Array, cancelled: Callable[[], bool]) -> Array:
    """Give the rule's memory at steps in any order, (n, m), in one pass along the path."""
    start = (float(run.path[0, 0]), float(run.path[0, 1]))
    runner = Runner(run.entrant, run.surface, start, run.lr, run.seed)
    states = np.empty((len(steps), len(runner.memory)))
    slopes = run.gradients.tolist()
    at = 0
    for i in np.argsort(steps, kind="stable"):
        if cancelled():
            raise Cancelled
        step = int(steps[i])
        # A long stretch is worth a call of the compiled loop; a short one is told its slopes.
        if step - at > _WORTH_A_CALL:
            runner.advance(at, step, compiled=True)
        else:
            for between in range(at, step):
                runner.replay(between, slopes[between])
        at = step
        states[i] = runner.memory
    return states


def share(lr: Sequence[float] | Array, bounds: Sequence[float | None] | Array) -> Zone:
    """Judge epochs by their bounds: a tenth of the bound ≤ ε ≤ the bound.

    Args:
        lr: (n,) the rate of each epoch.
        bounds: (n,) the bound of each; ``inf``, ``nan`` or ``None`` where there is none.
    """
    high = np.array(bounds, dtype=float)
    high[~np.isfinite(high)] = np.nan
    return _zone(np.asarray(lr, dtype=float), TIMID * high, high)


def band(lr: Sequence[float] | Array, low: float, high: float) -> Zone:
    """Judge epochs by a fixed band: low ≤ ε ≤ high.

    Raises:
        PartError: an end is no number of at least 0, or they stand the wrong way round.
    """
    for name, value in (("low", low), ("high", high)):
        number = finite(value)
        if number is None or number < 0.0:
            sentence = f"The band's {name} end must be a number of at least 0; {value!r} is not."
            raise PartError(name, sentence)
    if low > high:
        sentence = f"The band's low end must not be above its high end; {low:g} is above {high:g}."
        raise PartError("low", sentence)
    rates = np.asarray(lr, dtype=float)
    ends = (np.full(rates.shape, float(end)) for end in (low, high))
    return replace(_zone(rates, *ends), is_band=True)


def _zone(lr: Array, low: Array, high: Array) -> Zone:
    productive = (low <= lr) & (lr <= high)  # nan is neither
    for array in (productive, low, high):
        array.flags.writeable = False
    return Zone(productive, low, high)
