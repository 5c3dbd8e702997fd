"""Which minimum: how often chance leads a racer to each of them, by batch size and ε."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from optiviz.engine.cancel import Cancelled, never
from optiviz.engine.eigen import eigenvalues
from optiviz.engine.ensemble import MAX_SEEDS, check_whole
from optiviz.engine.floor import last_tenth
from optiviz.engine.gradients import MiniBatch
from optiviz.engine.part import PartError
from optiviz.engine.race import compile_for
from optiviz.engine.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optiviz.engine.spec import Entrant, RaceSpec
    from optiviz.engine.surfaces import Surface

Array = np.ndarray
#: x (n,), y (n,) to the losses (n,), the gradients (2, n) and the bends ∂²x, ∂x∂y, ∂²y (3, n).
Looks = tuple[Array, Array, Array]

MAX_CELLS = 400
#: A step downhill is no longer than this, in window widths.
_LONGEST = 0.01
_SHORTEST = 1e-10
_MOST_STEPS = 2000
#: Who is farther from the window's middle than this, in window widths, will find no minimum in it.
_GONE = 5.0
#: Led as far down as it goes, a point is at a listed minimum that is this near, in window widths.
_AT = 1e-3


@dataclass(frozen=True)
class BasinSpec:
    """What to count.

    Attributes:
        race: a race of one entrant, told by mini-batches. Its batch size, its optimizer's ε and
            its seed play no part.
        batch_sizes, rates: the values that are tried, each with each; 400 pairs at most.
        seeds: how often each pair is tried, 1 … 1,000.
        first_seed: the first seed; the others follow it.

    Raises:
        PartError: a number is outside its range, or the gradient is not a mini-batch's.
    """

    race: RaceSpec
    batch_sizes: tuple[int, ...]
    rates: tuple[float, ...]
    seeds: int = 40
    first_seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "batch_sizes", tuple(self.batch_sizes))
        object.__setattr__(self, "rates", tuple(self.rates))
        if len(self.race.entrants) != 1:
            raise PartError("entrants", "minima are counted of one racer")
        if not isinstance(self.race.entrants[0].gradient, MiniBatch):
            raise PartError("gradient", "minima are counted of a racer that is told mini-batches")
        check_whole("seeds", self.seeds, 1, MAX_SEEDS)
        check_whole("first_seed", self.first_seed, 0, 2**32 - 1)
        cells = len(self.batch_sizes) * len(self.rates)
        if not 0 < cells <= MAX_CELLS:
            raise PartError("rates", f"there must be 1 to {MAX_CELLS} pairs; {cells} are not")
        for size in self.batch_sizes:
            for rate in self.rates:
                self.entrant(size, rate)  # tells what is wrong with them

    def entrant(self, batch_size: int, rate: float) -> Entrant:
        """Give the entrant of a pair."""
        (entrant,) = self.race.entrants
        return replace(
            entrant,
            optimizer=entrant.optimizer.with_knob("lr", rate),
            gradient=entrant.gradient.with_knob("batch_size", batch_size),
        )

    @property
    def cells(self) -> list[tuple[int, int]]:
        """The pairs by their indices, in the order in which they are run."""
        sizes, rates = range(len(self.batch_sizes)), range(len(self.rates))
        return [(size, rate) for size in sizes for rate in rates]


@dataclass(frozen=True, eq=False)
class Basins:
    """How often each minimum was found. Arrays are read-only.

    Attributes:
        counts: (B, E, minima + 1) how many seeds of each pair of batch size and ε ended in the
            basin of each of ``surface.minima``; the last: of none of them, or diverged.
        minima: the surface's minima, in its own order.
        sharpness: (minima,) the greatest curvature λmax at each of them; nan at a cusp.
        done: how many of the pairs have been run, in the order of ``spec.cells``.
    """

    spec: BasinSpec
    counts: Array
    minima: tuple[tuple[float, float], ...]
    sharpness: Array
    done: int


def find_basins(
    spec: BasinSpec,
    cancelled: Callable[[], bool] = never,
    report: Callable[[Basins], object] | None = None,
    *,
    compiled: bool = True,
) -> Basins:
    """Count which minimum each seed ends at.

    From the mean of the last tenth of its way each racer is led downhill without chance, see
    :func:`settle`, to the minimum in whose basin it is.

    Args:
        spec: what to count.
        cancelled: asked now and then; once it says yes, :class:`Cancelled` is raised.
        report: handed what is there after each pair.
        compiled: whether kernels are compiled, which is waited for. The counts are the same.

    Raises:
        Cancelled: as asked for.
    """
    if compiled:
        compile_for(spec.race)
    surface = spec.race.surface
    minima = tuple((float(x), float(y)) for x, y in surface.minima)
    sharp = sharpness(surface)
    counts = np.zeros((len(spec.batch_sizes), len(spec.rates), len(minima) + 1), int)
    found = Basins(spec, _frozen(counts), minima, sharp, 0)
    for done, (size, rate) in enumerate(spec.cells, start=1):
        entrant = spec.entrant(spec.batch_sizes[size], spec.rates[rate])
        middles = _middles(spec, entrant, cancelled, compiled=compiled)
        ends = settle(surface, middles, cancelled)
        which = np.where(ends < 0, len(minima), ends)
        counts[size, rate] = np.bincount(which, minlength=len(minima) + 1)
        counts[size, rate, -1] += spec.seeds - len(middles)
        found = Basins(spec, _frozen(counts), minima, sharp, done)
        if report is not None and done < len(spec.cells):
            report(found)
    return found


def sharpness(surface: Surface) -> Array:
    """Give the greatest curvature λmax at each of a surface's minima, (minima,); nan at a cusp."""
    found = np.full(len(surface.minima), np.nan)
    for i, place in enumerate(surface.minima):
        (a, b), (_, c) = surface.hessian(*place).tolist()
        if np.isfinite((a, b, c)).all():
            found[i] = eigenvalues(a, b, c)[1]
    found.flags.writeable = False
    return found


def settle(
    surface: Surface, points: Sequence[Any] | Array, cancelled: Callable[[], bool] = never
) -> Array:
    """Lead points, (n, 2), down the full gradient; give the index of its minimum, (n,), or -1.

    The way is that of the gradient flow θ' = −∇f, by implicit Euler steps, once linearised:

        Δθ = −(H + μI)⁻¹ ∇f,   μ = |∇f| / L + 2 max(0, −λmin),

    so that no step is longer than L, and each leads downhill. L is a hundredth of the window's
    width; it halves where the loss has risen, and grows again. Near a minimum μ fades, and the
    steps become Newton's. The point has settled at a listed minimum that it comes to lie at, as
    near as a thousandth of the window.

    Raises:
        Cancelled: as asked for.
    """
    at = np.array(points, dtype=float).reshape(-1, 2).T.copy()
    look, width = _looks(surface), surface.width
    middle = np.array(surface.center)[:, np.newaxis]
    longest = np.full(at.shape[1], _LONGEST * width)
    moving = np.isfinite(at).all(axis=0)
    with np.errstate(all="ignore"):
        seen = list(look(*at))
        for _ in range(_MOST_STEPS):
            if cancelled():
                raise Cancelled
            if not moving.any():
                break
            here, limit = at[:, moving], longest[moving]
            loss, gradient, bend = (part[..., moving] for part in seen)
            step = _downhill(gradient, bend, limit)
            length = np.hypot(*step)
            there = here + step
            after = look(*there)
            down = after[0] <= loss
            at[:, moving] = np.where(down, there, here)
            for part, new, old in zip(seen, after, (loss, gradient, bend), strict=True):
                part[..., moving] = np.where(down, new, old)
            longest[moving] = np.where(
                down, np.minimum(2.0 * limit, _LONGEST * width), 0.5 * np.minimum(limit, length)
            )
            # A rise over a shortest step is rounding; a step of nan leads nowhere.
            rests = ~(length > _SHORTEST * width) | (np.hypot(*(there - middle)) > _GONE * width)
            moving[np.flatnonzero(moving)[rests]] = False
    return _nearest(surface, at.T)


def _downhill(gradient: Array, bend: Array, longest: Array) -> Array:
    a, b, c = bend
    size = np.hypot(*gradient)
    half, root = 0.5 * (a + c), np.hypot(0.5 * (a - c), b)
    shift = size / longest + 2.0 * np.maximum(0.0, root - half)
    a, c = a + shift, c + shift
    determinant = a * c - b * b
    gx, gy = gradient
    step = np.stack([b * gy - c * gx, b * gx - a * gy]) / determinant
    # Where curvatures are not finite (at a cusp): straight down, as far as may be.
    straight = -gradient * np.minimum(longest / size, 1.0)
    chosen: Array = np.where(np.isfinite(step).all(axis=0), step, np.nan_to_num(straight))
    return chosen


def _nearest(surface: Surface, points: Array) -> Array:
    if not surface.minima:
        return np.full(len(points), -1)
    minima = np.array(surface.minima)
    with np.errstate(all="ignore"):
        away = np.hypot(*(points[:, np.newaxis] - minima).transpose(2, 0, 1))
    nearest = away.argmin(axis=1)
    close = away[np.arange(len(points)), nearest] <= _AT * surface.width
    return np.where(close, nearest, -1)


def _looks(surface: Surface) -> Callable[[Array, Array], Looks]:
    """Give a function that takes losses, gradients and bends at many points."""
    # Of data, as matrices of points × examples.
    mean = getattr(surface, "train_loss", None)

    def of_data(x: Array, y: Array) -> Looks:
        assert mean is not None
        return (
            mean.losses(x, y),
            np.stack(mean.gradient(x, y)),
            np.stack(mean.bends(x, y)),
        )

    def of_formula(x: Array, y: Array) -> Looks:
        bends = np.broadcast_arrays(*surface.second_derivatives(x, y), x)[:3]
        return (
            np.asarray(surface.value(x, y)),
            surface.gradient(x, y),
            np.stack(bends).astype(float),
        )

    return of_formula if mean is None else of_data


def _middles(
    spec: BasinSpec, entrant: Entrant, cancelled: Callable[[], bool], *, compiled: bool
) -> Array:
    """Run an entrant from all seeds; give the means of their last tenths, (n, 2), n ≤ seeds.

    Those that diverged are left out.
    """
    race = spec.race
    rates = entrant.schedule.learning_rates(entrant.optimizer.lr, race.steps, race.steps_per_epoch)
    found = []
    for seed in range(spec.first_seed, spec.first_seed + spec.seeds):
        if cancelled():
            raise Cancelled
        runner = Runner(entrant, race.surface, race.start, rates, seed % 2**32)
        if runner.run(cancelled, compiled=compiled) is None:
            found.append(last_tenth(runner.path).mean(axis=0))
    return np.array(found).reshape(-1, 2)


def _frozen(counts: Array) -> Array:
    counts = counts.copy()
    counts.flags.writeable = False
    return counts
