"""What came of a race, told by definitions, so that nothing is guessed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from optiviz.engine.curvature import curvature

if TYPE_CHECKING:
    from optiviz.engine.surfaces import Surface

Array = np.ndarray
#: At a point with a slope: what the slope and what weight decay does to the racer, (2,) each.
Forces = Callable[[Array, Array], tuple[Array, Array]]
OutcomeKind = Literal["diverged", "finished", "settled", "circling", "running"]

#: Shorter than this many window widths over the last tenth of the race: settled.
SETTLED = 1e-6
#: A path this many times longer than its ends are apart goes in circles.
CIRCLING = 10.0
#: A ball of circling is no larger than this many window widths.
LARGEST_BALL = 0.5
_AHEAD = {"Diverged": "Diverges", "Finished": "Finishes", "Settled": "Settles"}

#: As near as this many window widths counts as at a listed point.
AT = 1e-3


@dataclass(frozen=True)
class Outcome:
    """One word, the step it belongs to, and one sentence that a student can read.

    ``diverged``: not finite, or farther than 1,000 window widths away; ``step`` says when.
    ``finished``: within the target at ``step`` for the first time.
    ``settled``: the last tenth of the path is shorter than 10⁻⁶ window widths.
    ``circling``: the last fifth of the path is over ten times longer than its ends are apart, and
    stays in a ball, whose ``radius`` is given.
    ``running``: none of these.
    """

    kind: OutcomeKind
    step: int | None
    sentence: str
    radius: float | None = None

    def told_at(self, step: int) -> str:
        """Give the sentence for a playhead at a step: what is still ahead is not told as past."""
        if self.step is None or step >= self.step:
            return self.sentence
        word, _, rest = self.sentence.partition(" ")
        return f"{_AHEAD.get(word, word)} {rest}"


@dataclass(frozen=True)
class Limit:
    """The local bound on ε at a step, ``inf`` for none there, beside the ε that was used."""

    step: int
    lr: float
    bound: float


def judge(
    surface: Surface,
    path: Array,
    finish: int | None,
    diverged: int | None,
    limit: Limit | None,
    forces: Forces,
) -> Outcome:
    """Say what came of a path, (steps + 1, 2).

    Args:
        limit: told of a racer that diverged.
        forces: asked where one has settled; see :meth:`Optimizer.forces`.
    """
    if diverged is not None:
        before = f", after finishing at step {finish}" if finish is not None else ""
        sentence = f"Diverged at step {diverged}{before}.{_told(limit)}"
        return Outcome("diverged", diverged, sentence)
    if finish is not None:
        return Outcome("finished", finish, f"Finished at step {finish}.")
    steps = len(path) - 1
    settled = steps - max(1, steps // 10)
    if _length(path[settled:]) < SETTLED * surface.width:
        return Outcome("settled", settled, _where(surface, path[-1], forces))
    radius = _ball(path[steps - max(2, steps // 5) :], surface.width)
    if radius is not None:
        sentence = f"Circling in a ball of radius {radius:.2g}."
        return Outcome("circling", steps - max(2, steps // 5), sentence, radius)
    return Outcome("running", None, "Still on its way.")


def _told(limit: Limit | None) -> str:
    """Tell of the bound; passing it is not the same as diverging because of it."""
    if limit is None:
        return ""
    if math.isinf(limit.bound):
        return f" No bound on ε at step {limit.step}: no curvature upward."
    relation = "above" if limit.lr > limit.bound else "within"
    return f" ε was {relation} the local bound {limit.bound:.2g} at step {limit.step}."


def _length(path: Array) -> float:
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


def _ball(path: Array, width: float) -> float | None:
    """Give the radius of the ball in which a path circles, or ``None`` where it does not."""
    apart = math.dist(path[0], path[-1])
    if _length(path) <= CIRCLING * apart:
        return None
    radius = float(np.hypot(*(path - path.mean(axis=0)).T).max())
    return radius if radius <= LARGEST_BALL * width else None


def _where(surface: Surface, point: Array, forces: Forces) -> str:
    x, y = map(float, point)
    near = AT * surface.width
    if any(math.dist((x, y), minimum) <= near for minimum in surface.minima):
        return "Settled at a minimum."
    if any(math.dist((x, y), saddle) <= near for saddle in surface.saddles):
        return "Settled at a saddle, not at a minimum."
    here = curvature(surface, x, y)
    slope, decay = forces(point, surface.gradient(x, y))
    if np.hypot(*(slope + decay)) < 0.1 * np.hypot(*slope):  # they are equal and opposite
        return "Settled beside a minimum: weight decay holds it back."
    if here.kind == "minimum":
        return "Settled at a minimum."
    if here.kind == "saddle":
        return "Settled at a saddle, not at a minimum."
    if here.kind == "slope":
        return f"Hardly moves, though the slope is {here.slope:.2g}: its steps are too short."
    return "Settled on a plateau, not at a minimum."
