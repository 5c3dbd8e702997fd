"""Many seeds: one entrant run over and over, so that what is chance can be told from what is not.

Each member is exactly the race with its seed; only what is asked of all of them is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.cancel import Cancelled, never
from optiviz.engine.finish import measured
from optiviz.engine.outcomes import judge
from optiviz.engine.part import PartError
from optiviz.engine.race import compile_for
from optiviz.engine.run import finish_of
from optiviz.engine.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from optiviz.engine.outcome import OutcomeKind
    from optiviz.engine.spec import RaceSpec

Array = np.ndarray

MAX_SEEDS = 1000
#: So many seeds make the first picture; it is told again each time they have doubled.
COARSE = 25
#: Losses are taken at no more steps than this.
MOST_STEPS = 60
#: The parts of the members that lie below the five lines of the band.
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class EnsembleSpec:
    """What to run many times.

    Attributes:
        race: a race of one entrant; its own seed plays no part.
        seeds: how many members, 1 … 1,000.
        first_seed: the first member's seed; the others' follow it, and 0 follows 2³² − 1.

    Raises:
        PartError: a number is outside its range.
    """

    race: RaceSpec
    seeds: int = 200
    first_seed: int = 0

    def __post_init__(self) -> None:
        if len(self.race.entrants) != 1:
            raise PartError("entrants", "many seeds are run of one racer")
        check_whole("seeds", self.seeds, 1, MAX_SEEDS)
        check_whole("first_seed", self.first_seed, 0, 2**32 - 1)

    def seed(self, member: int) -> int:
        """Give the seed of a member."""
        return (self.first_seed + member) % 2**32

    @property
    def steps(self) -> Array:
        """The steps at which losses are taken, (k,), from the first to the last."""
        last = self.race.steps
        even = np.linspace(0, last, min(MOST_STEPS, last + 1)).round()
        steps: Array = np.unique(even.astype(int))
        return steps


@dataclass(frozen=True, eq=False)
class Ensemble:
    """What came of many seeds. Arrays are read-only; n ≤ ``spec.seeds`` members are done.

    Attributes:
        endpoints: (n, 2) where each member was in the end, or before it diverged.
        steps: (k,) the steps at which the losses were taken.
        losses: (n, k) the true (full) loss there; after a divergence the last finite one.
        kinds: what came of each member, in one word; see :class:`Outcome`.
    """

    spec: EnsembleSpec
    endpoints: Array
    steps: Array
    losses: Array
    kinds: tuple[OutcomeKind, ...]

    @property
    def band(self) -> Array:
        """The quantiles of the loss at each of the steps, (5, k): 5, 25, 50, 75 and 95 %."""
        band: Array = np.quantile(self.losses, QUANTILES, axis=0)
        return band

    @property
    def counts(self) -> Mapping[OutcomeKind, int]:
        """How many members came to each outcome that there is."""
        return {kind: self.kinds.count(kind) for kind in dict.fromkeys(self.kinds)}

    @property
    def finished(self) -> int:
        """How many members finished."""
        return self.kinds.count("finished")

    @property
    def diverged(self) -> int:
        """How many members diverged."""
        return self.kinds.count("diverged")

    @property
    def has_diverged(self) -> Array:
        """Which members diverged, (n,)."""
        return np.array([kind == "diverged" for kind in self.kinds], bool)


def run_ensemble(
    spec: EnsembleSpec,
    cancelled: Callable[[], bool] = never,
    report: Callable[[Ensemble], object] | None = None,
    *,
    known: Ensemble | None = None,
    compiled: bool = True,
) -> Ensemble:
    """Run one entrant from many seeds.

    Args:
        spec: what to run.
        cancelled: asked now and then; once it says yes, :class:`Cancelled` is raised.
        report: handed what is there after 25, 50, 100 … members.
        known: fewer members of the same race, from the same first seed, which need not be run.
        compiled: whether kernels are compiled, which is waited for. The bits are the same.

    Raises:
        Cancelled: as asked for.
    """
    steps = spec.steps
    ends, taken = np.empty((spec.seeds, 2)), np.empty((spec.seeds, len(steps)))
    kinds: list[OutcomeKind] = []
    if known is not None:
        kinds += known.kinds[: spec.seeds]
        ends[: len(kinds)] = known.endpoints[: len(kinds)]
        taken[: len(kinds)] = known.losses[: len(kinds)]
    if compiled:
        compile_for(spec.race)
    rates = _rates(spec.race)
    due = COARSE
    while due <= len(kinds):
        due *= 2
    for member in range(len(kinds), spec.seeds):
        ends[member], taken[member], kind = _member(
            spec, rates, spec.seed(member), steps, cancelled, compiled=compiled
        )
        kinds.append(kind)
        if report is not None and len(kinds) == due < spec.seeds:
            report(_so_far(spec, ends, taken, kinds))
            due *= 2
    return _so_far(spec, ends, taken, kinds)


def check_whole(name: str, value: object, low: int, high: int) -> None:
    """Raise :class:`PartError` unless a value is a whole number within a range."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise PartError(name, f"{name} must be a whole number; {value!r} is not")
    if not low <= value <= high:
        raise PartError(name, f"{name} must be from {low} to {high}; {value} is not")


def _so_far(spec: EnsembleSpec, ends: Array, taken: Array, kinds: list[OutcomeKind]) -> Ensemble:
    count = len(kinds)
    arrays = ends[:count].copy(), spec.steps, taken[:count].copy()
    for array in arrays:
        array.flags.writeable = False
    return Ensemble(spec, *arrays, tuple(kinds))


def _rates(race: RaceSpec) -> Array:
    (entrant,) = race.entrants
    return entrant.schedule.learning_rates(entrant.optimizer.lr, race.steps, race.steps_per_epoch)


def _member(
    spec: EnsembleSpec,
    rates: Array,
    seed: int,
    steps: Array,
    cancelled: Callable[[], bool],
    *,
    compiled: bool,
) -> tuple[Array, Array, OutcomeKind]:
    """Run the race with a seed; give its end, its losses and what came of it."""
    (entrant,), surface = spec.race.entrants, spec.race.surface
    runner = Runner(entrant, surface, spec.race.start, rates, seed)
    if cancelled():
        raise Cancelled
    gone = runner.run(cancelled, compiled=compiled)
    gone = runner.take_losses(gone, cancelled, compiled=compiled)
    kind: OutcomeKind = "diverged"
    if gone is None:
        finish = finish_of(spec.race, entrant, surface.least)
        measure = measured(runner.loss, finish.epoch)
        told = judge(surface, entrant, runner.path, runner.loss, measure, rates, finish)
        kind = told.kind
    return runner.path[-1], runner.loss[steps], kind
