"""A race: who runs on which surface from where, and what came of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from optiviz.engine import compiler
from optiviz.engine.kernels import NO_CLIP, advance, look_here
from optiviz.engine.optimizers import OPTIMIZERS, Optimizer
from optiviz.engine.outcomes import Limit, Outcome, judge
from optiviz.engine.part import PartError, finite
from optiviz.engine.schedules import Constant, Schedule
from optiviz.engine.slopes import Exact, Slope
from optiviz.engine.surfaces import NO_EXAMPLES, SURFACES, Point, Surface

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optiviz.engine.clip import Clip

Array = np.ndarray
Mode = Literal["auto", "compiled", "interpreted"]

MAX_STEPS = 100_000
#: A racer farther than this many window widths from the window's middle has diverged.
REACH = 1000.0
#: Steps between two questions whether anybody still wants the race, by how it runs.
_CHUNK_INTERPRETED, _CHUNK_COMPILED = 1_000, 50_000
#: A race of more steps than this is worth waiting for the compiler.
_WORTH_COMPILING = 20_000


class Cancelled(Exception):
    """The work was stopped because its result is not wanted any more."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Entrant:
    """One racer: an optimizer, and how it is told its slope and its learning rate."""

    optimizer: Optimizer
    schedule: Schedule = Constant()
    slope: Slope = Exact()
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
            raise PartError("start", f"The start must be two finite numbers; {self.start} is not.")
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "entrants", tuple(self.entrants))
        _whole("steps", self.steps, 1, MAX_STEPS)
        _whole("steps_per_epoch", self.steps_per_epoch, 1, MAX_STEPS)
        _whole("seed", self.seed, 0, 2**32 - 1)
        target = finite(self.target)
        if target is None or target < 0.0:
            raise PartError("target", f"The target must be at least 0; {self.target!r} is not.")
        object.__setattr__(self, "target", target)


def _whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise PartError(name, f"{name} must be a whole number; {value!r} is not.")
    if not low <= value <= high:
        raise PartError(name, f"{name} must be from {low} to {high}; {value} is not.")


@dataclass(frozen=True, eq=False)
class Run:
    """One racer's way down. Arrays are read-only.

    Attributes:
        entrant: whose it is.
        path: (steps + 1, 2) float64; path[0] is the start. After a divergence it stays at the
            last finite point.
        loss: (steps + 1,) the true (full) loss along the path.
        gradients: (steps, 2) the slope as the surface told it, before clip and weight decay;
            0 for steps that were not taken.
        lr: (steps,) the learning rate used at each step.
        finish_step: the first step within the target, or ``None``.
        diverged_step: the step at which the racer was gone, or ``None``.
        outcome: what came of it, in one word, one step and one sentence.
    """

    entrant: Entrant
    path: Array
    loss: Array
    gradients: Array
    lr: Array
    finish_step: int | None
    diverged_step: int | None
    outcome: Outcome
    _surface: Surface = field(repr=False)

    def memory(self) -> dict[str, Array]:
        """Recompute the optimizer's memory at every step, by name, (steps + 1, 2) each."""
        states = self._states()
        names = self.entrant.optimizer.memory
        return {name: states[:, 2 * i : 2 * i + 2] for i, name in enumerate(names)}

    def lr_bound(self, step: int) -> float | None:
        """Say how large ε may be on the local quadratic at a step, or ``None``: no bound here."""
        return _lr_bound(self.entrant, self._surface, self.path, self.lr, step)

    def _states(self, last: int | None = None) -> Array:
        """Replay the memory's numbers, (steps + 1, m), from the slopes recorded."""
        steps = len(self.lr) if last is None else last
        taken = steps if self.diverged_step is None else min(steps, self.diverged_step)
        runner = _Runner(self.entrant, self._surface, tuple(self.path[0]), self.lr)
        states = np.empty((steps + 1, len(runner.memory)))
        states[0] = runner.memory
        for step in range(taken):
            runner.advance(step, step + 1, compiled=False)
            states[step + 1] = runner.memory
        states[taken + 1 :] = states[taken]
        states[~np.isfinite(states)] = 0.0
        return states


@dataclass(frozen=True, eq=False)
class Race:
    """What came of a :class:`RaceSpec`: one run for each entrant, in their order."""

    spec: RaceSpec
    runs: tuple[Run, ...]

    def places(self, step: int, among: Sequence[int] | None = None) -> tuple[int | None, ...]:
        """Give every racer's place at a step; equals share one.

        Those who have finished by then stand in the order of their finish, the others by loss at
        that step, those who have diverged last. Racers that are not ``among`` have no place.
        """
        running = range(len(self.runs)) if among is None else among
        ranks = {i: self._rank(i, step) for i in running}
        order = sorted(ranks.values())
        return tuple(
            order.index(ranks[i]) + 1 if i in ranks else None for i in range(len(self.runs))
        )

    def _rank(self, index: int, step: int) -> tuple[int, float]:
        run = self.runs[index]
        if run.finish_step is not None and run.finish_step <= step:
            return (0, run.finish_step)
        if run.diverged_step is not None and run.diverged_step <= step:
            return (2, -run.diverged_step)
        return (1, float(run.loss[step]))


def run_race(spec: RaceSpec, cancelled: Callable[[], bool] = _never, mode: Mode = "auto") -> Race:
    """Run a race.

    Args:
        spec: what to run.
        cancelled: asked now and then; once it says yes, :class:`Cancelled` is raised.
        mode: ``compiled`` waits for the compiler, ``interpreted`` runs the plain functions,
            ``auto`` uses what is compiled by now and waits only for a long race that nobody else
            is compiling for. All give the same bits.

    Raises:
        Cancelled: as asked for.
    """
    if mode == "compiled" or (mode == "auto" and _is_worth_compiling(spec)):
        for entrant in spec.entrants:
            _compile(type(entrant.optimizer), type(spec.surface))
    least = spec.surface.least
    runs = tuple(_run(spec, entrant, least, cancelled, mode) for entrant in spec.entrants)
    return Race(spec, runs)


def warm_up(cancelled: Callable[[], bool] = _never) -> None:
    """Compile every kernel there is; meant for a thread in the background."""
    optimizers = OPTIMIZERS.values()
    looks = {optimizer.look for optimizer in optimizers}
    kernels: list[tuple[Callable[..., Any], compiler.Kind]] = [
        *((surface.kernel, "surface") for surface in SURFACES.values()),
        *((optimizer.kernel, "rule") for optimizer in optimizers),
        *((look, "look") for look in looks),
    ]
    compiler.warm_up(kernels, cancelled)


def _is_worth_compiling(spec: RaceSpec) -> bool:
    work = spec.steps * len(spec.entrants)
    return work > _WORTH_COMPILING and not compiler.is_warming()


def _compile(optimizer: type[Optimizer], surface: type[Surface]) -> None:
    compiler.compiled(advance, "loop")
    compiler.compiled(optimizer.kernel, "rule")
    compiler.compiled(optimizer.look, "look")
    compiler.compiled(surface.kernel, "surface")


class _Runner:
    """One racer under way: the loop's arguments, in the form each way of running wants them.

    The plain functions run on lists of Python floats, which are faster than arrays there and,
    unlike numpy's numbers, never warn.
    """

    def __init__(self, entrant: Entrant, surface: Surface, start: Point, lr: Array) -> None:
        optimizer = entrant.optimizer
        steps = len(lr)
        self.kernels = (type(optimizer).kernel, type(optimizer).look, type(surface).kernel)
        self.theta = [float(start[0]), float(start[1])]
        self.memory = optimizer.first_memory()
        self.lr = lr
        self.lr_list: list[float] | None = None
        self.path = np.empty((steps + 1, 2))
        self.path[0] = self.theta
        self.loss = np.empty(steps + 1)
        self.gradients = np.zeros((steps, 2))
        self.rule_knobs = optimizer.kernel_knobs()
        self.surface_knobs = surface.kernel_knobs()
        self.l2 = optimizer.l2
        self.clip = (entrant.clip.code, entrant.clip.limit) if entrant.clip else (NO_CLIP, 0.0)
        self.center = surface.center
        self.reach_squared = (REACH * surface.width) ** 2

    def compiled_kernels(self) -> list[Callable[..., Any]] | None:
        """Give the loop and the kernels in compiled form, if all of them are ready."""
        found = [compiler.ready(function) for function in (advance, *self.kernels)]
        return None if None in found else found  # type: ignore[return-value]

    def advance(self, first: int, last: int, *, compiled: bool) -> int:
        """Run from one step to another; see :func:`optiviz.engine.kernels.advance`."""
        fast = self.compiled_kernels() if compiled else None
        functions: Sequence[Callable[..., Any]] = fast or (advance, *self.kernels)
        loop, kernels = functions[0], functions[1:]
        vector: Callable[[Any], Any] = np.array if fast else list
        theta, memory = vector(self.theta), vector(self.memory)
        if not fast and self.lr_list is None:  # once: a replay comes here at every step
            self.lr_list = self.lr.tolist()
        lr = self.lr if fast else self.lr_list
        gone = loop(
            *kernels,
            self.kernels[1] is not look_here,
            theta,
            memory,
            vector([0.0, 0.0]),
            vector([0.0, 0.0]),
            vector(self.rule_knobs or [0.0]),
            vector(self.surface_knobs or [0.0]),
            NO_EXAMPLES,
            lr,
            self.l2,
            *self.clip,
            self.path,
            self.loss,
            self.gradients,
            *self.center,
            self.reach_squared,
            first,
            last,
        )
        self.theta, self.memory = list(map(float, theta)), list(map(float, memory))
        return int(gone)


def _run(
    spec: RaceSpec, entrant: Entrant, least: float, cancelled: Callable[[], bool], mode: Mode
) -> Run:
    lr = entrant.schedule.learning_rates(entrant.optimizer.lr, spec.steps, spec.steps_per_epoch)
    runner = _Runner(entrant, spec.surface, spec.start, lr)
    gone, step = -1, 0
    while step < spec.steps and gone < 0:
        if cancelled():
            raise Cancelled
        compiled = mode != "interpreted" and runner.compiled_kernels() is not None
        last = min(spec.steps, step + (_CHUNK_COMPILED if compiled else _CHUNK_INTERPRETED))
        gone = runner.advance(step, last, compiled=compiled)
        step = last
    gone = _close(runner, spec.surface, gone)
    for array in (runner.path, runner.loss, runner.gradients, runner.lr):
        array.flags.writeable = False
    diverged = gone if gone >= 0 else None
    limit = _limit(spec.surface, entrant, runner, diverged) if diverged is not None else None
    finish = _finish_step(runner.loss, least + spec.target, diverged)
    decay = entrant.optimizer.weight_decay
    return Run(
        entrant=entrant,
        path=runner.path,
        loss=runner.loss,
        gradients=runner.gradients,
        lr=runner.lr,
        finish_step=finish,
        diverged_step=diverged,
        outcome=judge(spec.surface, runner.path, finish, diverged, limit, decay),
        _surface=spec.surface,
    )


def _close(runner: _Runner, surface: Surface, gone: int) -> int:
    """Fill in what the loop leaves open: the last loss, or all that follows a divergence."""
    path, loss, gradients = runner.path, runner.loss, runner.gradients
    x, y = runner.theta
    value = float(surface.value(x, y)) if math.isfinite(x) and math.isfinite(y) else math.nan
    if gone < 0:
        if math.isfinite(value):
            loss[-1] = value
            return gone
        gone = len(path) - 1
    kept = max(gone - 1, 0)
    if math.isfinite(value):
        path[gone:], loss[gone:] = (x, y), value
    else:
        loss[0] = loss[0] if gone > 0 else math.inf
        path[gone:], loss[gone:] = path[kept], loss[kept]
    if gone > 0 and not np.isfinite(gradients[gone - 1]).all():
        gradients[gone - 1] = 0.0
    return gone


def _limit(surface: Surface, entrant: Entrant, runner: _Runner, diverged: int) -> Limit:
    """Say what the bound on ε was at the last step before the racer left the window for good."""
    (x0, x1), (y0, y1) = surface.window
    x, y = runner.path[:diverged].T
    outside = np.flatnonzero(~((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)))
    # A racer that began outside is told about its start.
    step = max(int(outside[0]) - 1, 0) if outside.size else max(diverged - 1, 0)
    lr = runner.lr
    bound = _lr_bound(entrant, surface, runner.path, lr, step)
    return Limit(step, float(lr[min(step, len(lr) - 1)]), bound)


def _lr_bound(
    entrant: Entrant, surface: Surface, path: Array, lr: Array, step: int
) -> float | None:
    optimizer = entrant.optimizer
    runner = _Runner(entrant, surface, (float(path[0, 0]), float(path[0, 1])), lr[:step])
    runner.advance(0, step, compiled=True)
    state = np.array(runner.memory)
    names, products = optimizer.memory, optimizer.products
    memory = {name: state[2 * i : 2 * i + 2] for i, name in enumerate(names)}
    memory |= {name: state[2 * len(names) + i] for i, name in enumerate(products)}
    with np.errstate(all="ignore"):
        hessian = surface.hessian(float(path[step, 0]), float(path[step, 1]))
        if not np.isfinite(hessian).all():
            return None
        return optimizer.lr_bound(hessian, memory)


def _finish_step(loss: Array, goal: float, diverged: int | None) -> int | None:
    within = loss[:diverged] <= goal
    step = int(np.argmax(within)) if within.size else 0
    return step if within.size and within[step] else None
