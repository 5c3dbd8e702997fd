"""Which minimum: against brute force, the exact race, and what a Hessian says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optiviz.engine import (
    GRADIENTS,
    OPTIMIZERS,
    SURFACES,
    Cancelled,
    Entrant,
    PartError,
    RaceSpec,
    run_race,
)
from optiviz.engine.basins import Basins, BasinSpec, find_basins, settle, sharpness
from optiviz.engine.floor import last_tenth

pytestmark = pytest.mark.usefixtures("compiled_kernels")

TWO = ("two_basins", "flat_and_sharp")
MANY = tuple(key for key, part in SURFACES.items() if len(part().minima) > 1)


def spec_of(surface: str, **changes: Any) -> BasinSpec:
    part = SURFACES[surface]()
    gradient = GRADIENTS["mini_batch"](spread=changes.pop("spread", 1.0))
    race = RaceSpec(part, part.start, 100, (Entrant(OPTIMIZERS["sgd"](), gradient=gradient),))
    return replace(
        BasinSpec(race, (1, 8, 200), (0.05, 0.2, 0.4), seeds=10, first_seed=5), **changes
    )


def by_hand(surface: Any, points: np.ndarray) -> np.ndarray:
    """Follow the gradient by thousands of short steps; give each point's minimum, or -1."""
    width, at = surface.width, np.array(points, dtype=float).reshape(-1, 2).T
    rate, steps = (0.05, 4000) if surface.has_examples else (2e-3, 20_000)
    for _ in range(steps):
        g = surface.gradient(*at)
        size = np.maximum(np.hypot(*g), 1e-300)
        at = at - g * np.minimum(2e-3 * width / size, rate)
    minima = np.array(surface.minima).T
    away = np.hypot(*(at[:, :, np.newaxis] - minima[:, np.newaxis]))
    return np.where(away.min(axis=1) < 0.02 * width, away.argmin(axis=1), -1)


@pytest.mark.parametrize("surface", MANY)
def test_settling_ends_where_short_steps_end(surface: str) -> None:
    part = SURFACES[surface]()
    (x0, x1), (y0, y1) = part.window
    chance = np.random.default_rng(3)
    points = np.column_stack([chance.uniform(x0, x1, 12), chance.uniform(y0, y1, 12)])
    expected = by_hand(part, points)
    found = settle(part, points)
    known = expected >= 0
    assert (found[known] == expected[known]).all()
    assert known.sum() > 6


@pytest.mark.parametrize("surface", SURFACES)
def test_a_minimum_is_its_own(surface: str) -> None:
    part = SURFACES[surface]()
    assert settle(part, part.minima).tolist() == list(range(len(part.minima)))
    nudged = np.array(part.minima).reshape(-1, 2) + 1e-3 * part.width
    assert settle(part, nudged).tolist() == list(range(len(part.minima)))


def test_what_never_arrives_has_no_minimum() -> None:
    part = SURFACES["himmelblau"]()
    assert settle(part, [(np.nan, 0.0), (np.inf, 1.0), (1e200, -1e200)]).tolist() == [-1, -1, -1]
    assert settle(part, np.empty((0, 2))).tolist() == []


def test_a_saddle_is_no_minimum() -> None:
    part = SURFACES["saddle"]()
    assert settle(part, part.saddles).tolist() == [-1] * len(part.saddles)


@pytest.mark.parametrize("surface", TWO)
def test_counts_are_what_single_races_come_to(surface: str) -> None:
    spec = spec_of(surface)
    found = find_basins(spec)
    part = spec.race.surface
    for size, rate in spec.cells:
        each = spec.entrant(spec.batch_sizes[size], spec.rates[rate])
        races = [replace(spec.race, entrants=(each,), seed=seed) for seed in range(5, 15)]
        runs = [run_race(race).runs[0] for race in races]
        ends = by_hand(part, [last_tenth(run.path).mean(axis=0) for run in runs])
        ends[[run.diverged_step is not None for run in runs]] = -1
        counts = [int((ends == which).sum()) for which in (0, 1, -1)]
        assert found.counts[size, rate].tolist() == counts


@pytest.mark.parametrize("surface", TWO)
def test_without_noise_all_seeds_end_where_the_exact_race_does(surface: str) -> None:
    spec = spec_of(surface, spread=0.0)
    found = find_basins(spec)
    for rate, lr in enumerate(spec.rates):
        exact = Entrant(OPTIMIZERS["sgd"](lr=lr))
        (run,) = run_race(replace(spec.race, entrants=(exact,))).runs
        expected = settle(spec.race.surface, [last_tenth(run.path).mean(axis=0)])[0]
        for size in range(len(spec.batch_sizes)):
            assert found.counts[size, rate, expected] == spec.seeds


@pytest.mark.parametrize("surface", [*TWO, "sine", "two_weights", "quadratic"])
def test_counts_sum_to_the_seeds_and_are_the_same_again(surface: str) -> None:
    spec = spec_of(surface)
    found, again = find_basins(spec), find_basins(spec, compiled=False)
    assert found.counts.shape == (3, 3, len(spec.race.surface.minima) + 1)
    assert (found.counts.sum(axis=2) == spec.seeds).all()
    assert (found.counts == again.counts).all()


def test_those_that_diverge_find_none() -> None:
    found = find_basins(spec_of("two_basins", rates=(50.0,)))
    assert (found.counts[:, :, -1] == 10).all()


def test_sharpness_is_the_greatest_curvature() -> None:
    for key in ("flat_and_sharp", "himmelblau", "sine"):
        part = SURFACES[key]()
        expected = [np.linalg.eigvalsh(part.hessian(*place))[-1] for place in part.minima]
        assert sharpness(part) == pytest.approx(expected)
    assert sharpness(SURFACES["flat_and_sharp"](ratio=7.0)) == pytest.approx([1.0, 7.0])
    assert np.isnan(sharpness(SURFACES["ackley"]())).any()


def test_large_steps_on_small_batches_leave_the_sharp_minimum() -> None:
    part = SURFACES["flat_and_sharp"]()
    gradient = GRADIENTS["mini_batch"](spread=1.0)
    race = RaceSpec(part, part.start, 200, (Entrant(OPTIMIZERS["sgd"](), gradient=gradient),))
    found = find_basins(BasinSpec(race, (1, 200), (0.05, 0.4), seeds=20))
    flat, sharp = np.argsort(found.sharpness)
    assert found.counts[1, 0, sharp] == 20  # small steps, no noise: the nearer one
    assert found.counts[0, 1, flat] >= 15  # beyond 2 / sharpness nobody rests there


def test_reports_come_cell_by_cell() -> None:
    told: list[Basins] = []
    spec = spec_of("flat_and_sharp")
    whole = find_basins(spec, report=told.append)
    assert [part.done for part in told] == list(range(1, 9))
    assert whole.done == 9
    for part in told:
        for k, cell in enumerate(spec.cells):
            expected = whole.counts[cell] if k < part.done else 0
            assert (part.counts[cell] == expected).all()


def test_it_stops_when_nobody_wants_it_any_more() -> None:
    told: list[Basins] = []
    with pytest.raises(Cancelled):
        find_basins(spec_of("flat_and_sharp"), lambda: len(told) == 3, told.append)
    assert len(told) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"seeds": 0},
        {"first_seed": 2**32},
        {"batch_sizes": ()},
        {"batch_sizes": (0,)},
        {"rates": (-1.0,)},
        {"rates": tuple(np.linspace(0.1, 1.0, 200).tolist())},
    ],
)
def test_what_is_not_allowed_is_told(changes: dict[str, Any]) -> None:
    with pytest.raises(PartError):
        spec_of("two_basins", **changes)


def test_it_wants_one_racer_told_by_batches() -> None:
    spec = spec_of("two_basins")
    racer = spec.race.entrants[0]
    for entrants in ((), (racer, racer), (replace(racer, gradient=GRADIENTS["gaussian"]()),)):
        with pytest.raises(PartError):
            replace(spec, race=replace(spec.race, entrants=entrants))
