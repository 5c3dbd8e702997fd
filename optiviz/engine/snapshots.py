r"""Snapshots: what a racer was at each cycle's end, and what all of them together are worth.

A schedule with cycles cools down again and again, and at each cycle's end the parameters are a
model of their own (Huang and others 2017, "Snapshot ensembles: train 1, get M for free"). There the
last of them vote together by the mean of their outputs; here all M of them do.

**Which step.** In epochs of k steps, a cycle that ends at the epoch e ends with step ⌈ek⌉, and the
parameters after that step are the snapshot. A racer that has diverged by then leaves none.

**The ensemble**, on the N test examples of a data surface. Let ŷ_m(x) be the output of snapshot m,
which for a classifier is the probability of the second kind. The ensemble's output is the mean,
ȳ(x) = (1/M) Σ_m ŷ_m(x), and its test loss is the surface's own loss of that output: half of the
mean square, (1/2N) Σ_i (ȳ(x_i) − y_i)², or the mean cross-entropy, −(1/N) Σ_i log P̄(y_i), in which
P̄ is the mean of the probabilities. With one snapshot it is that snapshot's test loss.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine import words
from optiviz.engine.kernels import kernel_of, second_of
from optiviz.engine.surfaces.data.base import DataSurface
from optiviz.engine.surfaces.data.mean import MeanLoss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.engine.run import Run
    from optiviz.engine.surfaces import Point

Array = np.ndarray

#: A cycle that ends this little after a step, in steps, ends with it.
_SLACK = 1e-6


@dataclass(frozen=True)
class Snapshot:
    """A racer at a cycle's end.

    Attributes:
        step: after so many steps.
        epoch: that step, in epochs.
        place: the parameters.
        loss: the full loss there.
        test_loss: that of the test examples; ``None`` where there are none.
    """

    step: int
    epoch: float
    place: Point
    loss: float
    test_loss: float | None = None


@dataclass(frozen=True)
class Snapshots:
    """All snapshots of one racer, and their ensemble.

    Attributes:
        shots: in the order of their steps.
        ensemble: the test loss of the mean of their outputs; ``None`` without test examples.
    """

    shots: tuple[Snapshot, ...] = ()
    ensemble: float | None = None

    @property
    def best(self) -> float | None:
        """The least test loss of a single snapshot; ``None`` without test examples."""
        losses = [shot.test_loss for shot in self.shots if shot.test_loss is not None]
        return min(losses, default=None)

    @property
    def sentence(self) -> str:
        """Say what the ensemble is worth; empty where nothing can be said of it."""
        if self.ensemble is None or self.best is None:
            return ""
        return words.sentences([words.ensemble(len(self.shots), self.ensemble, self.best)])


def snapshot_steps(cycle_ends: Sequence[float], steps_per_epoch: int, steps: int) -> list[int]:
    """Give the step after which each cycle has ended, as far as the race goes; each step once."""
    found = (math.ceil(epoch * steps_per_epoch - _SLACK) for epoch in cycle_ends)
    return list(dict.fromkeys(step for step in found if 0 < step <= steps))


def take_snapshots(run: Run, steps_per_epoch: int) -> Snapshots:
    """Take a run's snapshots, at the ends of its schedule's cycles; none without cycles."""
    steps = len(run.lr)
    ends = run.entrant.schedule.cycle_ends(steps / steps_per_epoch)
    gone = steps + 1 if run.diverged_step is None else run.diverged_step
    taken = [step for step in snapshot_steps(ends, steps_per_epoch, steps) if step < gone]
    if not taken:
        return Snapshots()
    places = run.path[taken]
    tests = run.test_loss
    shots = tuple(
        Snapshot(
            step,
            step / steps_per_epoch,
            (float(x), float(y)),
            float(run.loss[step]),
            None if tests is None else float(tests[step]),
        )
        for step, (x, y) in zip(taken, places, strict=True)
    )
    surface = run.surface
    if tests is None or not isinstance(surface, DataSurface):
        return Snapshots(shots)
    return Snapshots(shots, ensemble_loss(surface, places))


def ensemble_loss(surface: DataSurface, places: Array) -> float:
    """Give the test loss of the mean of the outputs of models, (m, 2); as the module says.

    Raises:
        ValueError: there are no test examples, or no models.
    """
    table = surface.test_examples
    if not len(table) or not len(places):
        raise ValueError("An ensemble needs at least one model and one test example.")
    with np.errstate(all="ignore"):
        if surface.is_classifier:
            return float(np.mean([_cross_entropy(surface, places, row) for row in table]))
        inputs = table[:, 0] if table.shape[1] == 2 else table[:, :-1]
        outputs = [surface.predict(float(x), float(y), inputs) for x, y in places]
        return float(0.5 * np.mean((np.mean(outputs, axis=0) - table[:, -1]) ** 2))


def _cross_entropy(surface: DataSurface, places: Array, row: Array) -> float:
    """Give −log of the mean probability that models give to one example's kind.

    Each model's own loss of the example is −log of its probability, so that this is the log of a
    mean of exponentials, which no certainty makes infinite before it is.
    """
    alone = MeanLoss(kernel_of(surface), second_of(surface), row[np.newaxis])
    logs = -alone.losses(places[:, 0], places[:, 1])
    return float(math.log(len(logs)) - np.logaddexp.reduce(logs))
