"""A race: what came of a :class:`RaceSpec`, racer by racer."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from optiviz.engine import compiler
from optiviz.engine.cancel import never
from optiviz.engine.kernels import advance, kernel_of, lookahead_of, sweep
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.run import Run, run_of, sketch_of
from optiviz.engine.runner import Runner
from optiviz.engine.standings import Standing, standings
from optiviz.engine.surfaces import SURFACES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optiviz.engine.spec import RaceSpec

_log = logging.getLogger(__name__)

Array = np.ndarray
Mode = Literal["auto", "compiled", "interpreted"]

#: A race of more steps than this is worth waiting for the compiler.
_WORTH_COMPILING = 20_000


@dataclass(frozen=True, eq=False)
class Race:
    """What came of a :class:`RaceSpec`: one run for each entrant, in their order.

    Attributes:
        is_sketch: the paths are there, and the losses that take longer are still nan.
    """

    spec: RaceSpec
    runs: tuple[Run, ...]
    is_sketch: bool = False

    def places(self, step: int, among: Sequence[int] | None = None) -> tuple[int | None, ...]:
        """Give every racer's place at a step; equals share one. See :meth:`standings`."""
        found = self.standings(step, among)
        return tuple(None if each is None else each.place for each in found)

    def standings(
        self, step: int, among: Sequence[int] | None = None
    ) -> tuple[Standing | None, ...]:
        """Say where every racer stands at a step; those not ``among`` have no place.

        See :func:`optiviz.engine.standings.standings` for the rule.
        """
        running = range(len(self.runs)) if among is None else among
        return standings(self.runs, step, running)


def run_race(
    spec: RaceSpec,
    cancelled: Callable[[], bool] = never,
    mode: Mode = "auto",
    report: Callable[[Race], object] | None = None,
) -> Race:
    """Run a race.

    Args:
        spec: what to run.
        cancelled: asked now and then; once it says yes, :class:`Cancelled` is raised.
        mode: ``compiled`` waits for the compiler, ``interpreted`` runs the plain functions,
            ``auto`` uses what is compiled by now and waits only for a long race that nobody else
            is compiling for. All give the same bits.
        report: handed a sketch, the paths alone, where the full losses take longer than they:
            under mini-batches of real examples.

    Raises:
        Cancelled: as asked for.
    """
    if mode == "compiled":
        _compile(spec)
    elif mode == "auto" and _is_worth_compiling(spec):
        compile_for(spec)
    compiled = mode != "interpreted"
    least = spec.surface.least
    runners, gone = [], []
    for entrant in spec.entrants:
        rates = entrant.schedule.learning_rates(
            entrant.optimizer.lr, spec.steps, spec.steps_per_epoch
        )
        runner = Runner(entrant, spec.surface, spec.start, rates, spec.seed)
        gone.append(runner.run(cancelled, compiled=compiled))
        runners.append(runner)
    if report is not None and any(runner.batched for runner in runners):
        drawn = zip(spec.entrants, runners, gone, strict=True)
        report(Race(spec, tuple(sketch_of(spec, *each) for each in drawn), is_sketch=True))
    gone = [
        runner.take_losses(step, cancelled, compiled=compiled)
        for runner, step in zip(runners, gone, strict=True)
    ]
    parts = zip(spec.entrants, runners, gone, strict=True)
    return Race(spec, tuple(run_of(spec, *each, least) for each in parts))


def compile_for(spec: RaceSpec) -> None:
    """Compile the kernels of a race, or load them; without a compiler they stay as they are."""
    try:
        _compile(spec)
    except Exception:  # noqa: BLE001 - no compiler, or one broken in whatever way
        # The race is slower then, and the same.
        _log.exception("kernels could not be compiled")


def warm_up(cancelled: Callable[[], bool] = never) -> None:
    """Compile every kernel there is; meant for a thread in the background."""
    optimizers = [optimizer() for optimizer in OPTIMIZERS.values()]
    kernels: list[tuple[Callable[..., Any], compiler.Kind]] = [
        *((kernel_of(surface()), "surface") for surface in SURFACES.values()),
        *((kernel_of(optimizer), "rule") for optimizer in optimizers),
        *((ahead, "lookahead") for ahead in {lookahead_of(each) for each in optimizers}),
    ]
    compiler.warm_up(kernels, cancelled)


def _is_worth_compiling(spec: RaceSpec) -> bool:
    # An interpreted example takes a fortieth of an interpreted step.
    work = spec.steps * len(spec.entrants) * (1 + len(spec.surface.examples) // 40)
    return work > _WORTH_COMPILING and not compiler.is_warming()


def _compile(spec: RaceSpec) -> None:
    compiler.compiled(advance, "loop")
    compiler.compiled(sweep, "sweep")
    compiler.compiled(kernel_of(spec.surface), "surface")
    for entrant in spec.entrants:
        compiler.compiled(kernel_of(entrant.optimizer), "rule")
        compiler.compiled(lookahead_of(entrant.optimizer), "lookahead")
