"""A run: one racer's way down, and what can be told of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.bounds import Bound, NoBound
from optiviz.engine.finish import first_below, measured
from optiviz.engine.limits import bound_at, limit_of, unbounded
from optiviz.engine.outcome import Finish, Outcome
from optiviz.engine.outcomes import judge, judge_diverged
from optiviz.engine.runner import Runner
from optiviz.engine.sweep import losses

if TYPE_CHECKING:
    from optiviz.engine.spec import Entrant, RaceSpec
    from optiviz.engine.surfaces import Surface

Array = np.ndarray
#: A finish that nobody comes to.
_NEVER = Finish(-math.inf, 0.0)


@dataclass(frozen=True, eq=False)
class Run:
    """One racer's way down. Arrays are read-only.

    Attributes:
        entrant: whose it is.
        path: (steps + 1, 2) float64; path[0] is the start. After a divergence it stays at the
            last finite point.
        loss: (steps + 1,) the true (full) loss along the path.
        gradients: (steps, 2) the gradient as the surface told it, before clip and weight decay;
            0 for steps that were not taken.
        lr: (steps,) the learning rate used at each step.
        clipped: (steps,) bool, where the clip shortened the gradient.
        lookahead: (steps, 2) the point at which each gradient was taken, for a rule that looks
            elsewhere than where it stands (torch's parameter under Nesterov); else ``None``.
        finish_step: the first step below the finish, under chance in the mean of an epoch, or
            ``None``.
        diverged_step: the step at which the racer was gone, or ``None``.
        outcome: what came of it, in one word, one step and one sentence.
        surface, seed: the race's.
        finish: what counts as finished.
    """

    entrant: Entrant
    path: Array
    loss: Array
    gradients: Array
    lr: Array
    clipped: Array
    lookahead: Array | None
    finish_step: int | None
    diverged_step: int | None
    outcome: Outcome
    surface: Surface = field(repr=False)
    seed: int = 0
    finish: Finish = _NEVER

    def outcome_at(self, step: int) -> Outcome:
        """Say what has come of it by a step; nothing is told of what is still ahead."""
        gone = self.diverged_step is not None and step >= self.diverged_step
        # Of a sketch the losses are not known yet.
        if gone or step >= len(self.lr) or math.isnan(self.loss[step]):
            return self.outcome
        told = self._judged
        if step not in told:
            told.clear()  # the playhead does not often go back to where it was
            told[step] = judge(
                self.surface,
                self.entrant,
                self.path[: step + 1],
                self.loss[: step + 1],
                self._measure[: step + 1],
                self.lr[:step],
                self.finish,
                is_end=False,
            )
        return told[step]

    @cached_property
    def _judged(self) -> dict[int, Outcome]:
        return {}

    @cached_property
    def _measure(self) -> Array:
        return measured(self.loss, self.finish.epoch)

    def memory(self) -> dict[str, Array]:
        """Recompute the optimizer's memory at every step, by name, (steps + 1, 2) each.

        After a divergence it stays as it was, with 0 for what had overflowed.
        """
        states = self._states()
        states[~np.isfinite(states)] = 0.0
        states.flags.writeable = False
        named = self.entrant.optimizer.named(states)
        return {name: named[name] for name in self.entrant.optimizer.memory}

    def effective_rate(self) -> Array | None:
        """Recompute the rate that each parameter had for itself at every step, (steps, 2).

        It is ε / P, in which P is what the rule divides by: √r + δ for AdaGrad and RMSProp,
        √r̂ + δ for Adam, AdamW, AMSGrad and NAdam, √(r + δ) / √(u + δ) for Adadelta, u for Adamax;
        RAdam's is ε until it rectifies, then εl√(1 − β₂ᵗ) / (√r + δ). It multiplies g, and ŝ in
        Adam and its kin. 0 for steps that were not taken and where P has overflowed.

        ``None`` for a rule with one ε for all: SGD, momentum, Nesterov, QHM, Lion.
        """
        optimizer, states = self.entrant.optimizer, self._states()
        before, after = optimizer.named(states[:-1]), optimizer.named(states[1:])
        with np.errstate(all="ignore"):
            rate = optimizer.effective_rate(self.lr[:, np.newaxis], before, after)
        if rate is None:
            return None
        rate[~np.isfinite(rate)] = 0.0
        rate[self._taken :] = 0.0
        rate.flags.writeable = False
        return rate

    def lr_bound(self, step: int) -> float | None:
        """Say how large ε may be on the local quadratic at a step; ``inf`` where nothing bounds it.

        ``None`` where no bound is told; :meth:`bound` says why.
        """
        lr = self.bound(step).lr
        return None if math.isnan(lr) else lr

    def bound(self, step: int) -> Bound:
        """Give the bound on ε at a step, and where there is none, why."""
        if step > self.last_step:
            return Bound(math.nan, unbounded(self.entrant) or NoBound.GONE)
        return bound_at(self.entrant, self.surface, self.path, self.lr, self.seed, step)

    @property
    def last_step(self) -> int:
        """The last step at which the racer was there: the race's, or the one before it was gone."""
        return len(self.lr) if self.diverged_step is None else self.diverged_step - 1

    @cached_property
    def test_loss(self) -> Array | None:
        """The loss of the test examples along the path, (steps + 1,); ``None``: there are none.

        Computed when it is asked for, and kept.
        """
        examples = self.surface.test_examples
        if not len(examples):
            return None
        end = len(self.path) if self.diverged_step is None else self.diverged_step + 1
        found = np.empty(len(self.path))
        found[:end] = losses(self.surface, self.path[:end], examples)
        found[end:] = found[end - 1]
        found.flags.writeable = False
        return found

    def batch(self, step: int) -> Array | None:
        """Give the rows of a step's batch; ``None``: the gradient is no batch's."""
        return self.entrant.gradient.batch(len(self.surface.examples), self.seed, step)

    def epochs_of_data(self, step: int) -> float | None:
        """Count how many times over the examples have been looked at before a step.

        ``None`` where there are no examples.
        """
        count, gradient = len(self.surface.examples), self.entrant.gradient
        seen = gradient.seen(count, min(step, self._taken))
        return None if seen is None else seen / gradient.examples_of(count)

    def _states(self) -> Array:
        """Replay the memory's numbers, (steps + 1, m), from the gradients recorded."""
        steps = len(self.lr)
        taken = self._taken
        start = (float(self.path[0, 0]), float(self.path[0, 1]))
        runner = Runner(self.entrant, self.surface, start, self.lr, self.seed)
        states = np.empty((steps + 1, len(runner.memory)))
        states[0] = runner.memory
        for step, gradient in enumerate(self.gradients[:taken].tolist()):
            runner.replay(step, gradient)
            states[step + 1] = runner.memory
        states[taken + 1 :] = states[taken]
        return states

    @property
    def _taken(self) -> int:
        steps = len(self.lr)
        return steps if self.diverged_step is None else min(steps, self.diverged_step)


def sketch_of(spec: RaceSpec, entrant: Entrant, runner: Runner, diverged: int | None) -> Run:
    """Give a run of which the loss is not known yet."""
    path, gradients, lookaheads = (
        array.view() for array in (runner.path, runner.gradients, runner.lookaheads)
    )
    unknown = np.full(len(path), np.nan)
    for array in (path, gradients, lookaheads, unknown, runner.lr):
        array.flags.writeable = False
    return Run(
        entrant=entrant,
        path=path,
        loss=unknown,
        gradients=gradients,
        lr=runner.lr,
        clipped=np.zeros(len(gradients), bool),
        lookahead=lookaheads if entrant.optimizer.looks_ahead else None,
        finish_step=None,
        diverged_step=diverged,
        outcome=Outcome("running"),
        surface=spec.surface,
        seed=spec.seed,
    )


def run_of(spec: RaceSpec, entrant: Entrant, runner: Runner, gone: int | None, least: float) -> Run:
    """Give a run that is whole, and say what came of it."""
    lr = runner.lr
    clip = entrant.clip
    clipped = clip.acts(runner.gradients) if clip else np.zeros(spec.steps, bool)
    for array in (runner.path, runner.loss, runner.gradients, runner.lookaheads, lr, clipped):
        array.flags.writeable = False
    finish = finish_of(spec, entrant, least)
    measure = measured(runner.loss, finish.epoch)
    first = first_below(measure, finish.goal, gone)
    if gone is not None:
        limit = limit_of(entrant, spec.surface, runner.path, lr, spec.seed, gone)
        outcome = judge_diverged(gone, first, finish, limit)
    else:
        outcome = judge(spec.surface, entrant, runner.path, runner.loss, measure, lr, finish)
    return Run(
        entrant=entrant,
        path=runner.path,
        loss=runner.loss,
        gradients=runner.gradients,
        lr=lr,
        clipped=clipped,
        lookahead=runner.lookaheads if entrant.optimizer.looks_ahead else None,
        finish_step=first,
        diverged_step=gone,
        outcome=outcome,
        surface=spec.surface,
        seed=spec.seed,
        finish=finish,
    )


def finish_of(spec: RaceSpec, entrant: Entrant, least: float) -> Finish:
    """Say what counts as finished for an entrant of a race."""
    epoch = entrant.gradient.chance_epoch(len(spec.surface.examples), spec.steps_per_epoch)
    return Finish(least + spec.target, spec.target, epoch)
