"""What is to be run: who, on which surface, from where, for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.gradients import FullGradient, Gradient
from optiviz.engine.part import PartError, finite
from optiviz.engine.schedules import Constant, Schedule

if TYPE_CHECKING:
    from optiviz.engine.clip import Clip
    from optiviz.engine.optimizers import Optimizer
    from optiviz.engine.surfaces import Point, Surface

MAX_STEPS = 100_000


@dataclass(frozen=True)
class Entrant:
    """One racer: an optimizer, and how it is told its gradient and its learning rate."""

    optimizer: Optimizer
    schedule: Schedule = Constant()
    gradient: Gradient = FullGradient()
    clip: Clip | None = None


@dataclass(frozen=True)
class RaceSpec:
    """All that decides a race: the same spec gives the same bits.

    Attributes:
        surface: what they run on.
        start: where all of them start, finite.
        steps: how many steps each takes, 1 … 100,000.
        entrants: who runs.
        steps_per_epoch: how many steps make an epoch, at least 1.
        seed: decides every chance event, 0 … 2³² − 1.
        target: a racer has finished once its loss is within this of the least, at least 0.

    Raises:
        PartError: a number is outside its range.
    """

    surface: Surface
    start: Point
    steps: int
    entrants: tuple[Entrant, ...]
    steps_per_epoch: int = 5
    seed: int = 0
    target: float = 1e-3

    def __post_init__(self) -> None:
        start = tuple(map(finite, self.start))
        if len(start) != 2 or None in start:
            raise PartError("start", f"the start must be two finite numbers; {self.start} is not")
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "entrants", tuple(self.entrants))
        _whole("steps", self.steps, 1, MAX_STEPS)
        _whole("steps_per_epoch", self.steps_per_epoch, 1, MAX_STEPS)
        _whole("seed", self.seed, 0, 2**32 - 1)
        target = finite(self.target)
        if target is None or target < 0.0:
            raise PartError("target", f"the target must be at least 0; {self.target!r} is not")
        object.__setattr__(self, "target", target)


def _whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise PartError(name, f"{name} must be a whole number; {value!r} is not")
    if not low <= value <= high:
        raise PartError(name, f"{name} must be from {low} to {high}; {value} is not")
