"""How soon many seeds and which minimum are there; nothing here fails for being slow.

What each tells in ``extra_info`` is as in ``test_engine_benchmark.py``.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from optiviz.engine import GRADIENTS, OPTIMIZERS, SURFACES, Entrant, RaceSpec, run_race
from optiviz.engine.basins import BasinSpec, find_basins
from optiviz.engine.ensemble import COARSE, EnsembleSpec, run_ensemble

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS, EXAMPLES, SIZE, SEEDS = 500, 300, 32, 200
REPEATS = 9

pytestmark = [
    pytest.mark.usefixtures("compiled_kernels"),
    pytest.mark.benchmark(max_time=0.2, min_rounds=5),
]


@pytest.fixture(scope="module")
def compiled_kernels() -> None:
    from optiviz.engine import warm_up

    warm_up()


def race_on(key: str) -> RaceSpec:
    """Give a race of one racer on some 300 examples."""
    part = SURFACES[key]
    rows = len(part(test_share=0.0).examples)  # type: ignore[call-arg]
    surface = part(test_share=max(0.0, 1.0 - EXAMPLES / rows))  # type: ignore[call-arg]
    gradient = GRADIENTS["mini_batch"](batch_size=SIZE)  # type: ignore[call-arg]
    entrant = Entrant(OPTIMIZERS["sgd"](lr=0.02), gradient=gradient)
    return RaceSpec(surface, surface.start, STEPS, (entrant,))


def median(function: Callable[[], Any]) -> float:
    taken = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        function()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


@pytest.mark.parametrize("key", ["logistic", "neuron"])
@pytest.mark.parametrize("drawn", [False, True])
def test_many_seeds(benchmark: Any, key: str, drawn: bool) -> None:
    """The coarse picture, with batches that are drawn anew and with those that are known."""
    race, first = race_on(key), count(0, 1000)

    def run(seeds: int, seed: int) -> None:
        run_ensemble(EnsembleSpec(race, seeds, seed))

    def coarse() -> None:
        run(COARSE, 0 if drawn else next(first))

    coarse()
    mine, whole = median(coarse), median(lambda: run(SEEDS, 0))
    single = median(lambda: run_race(replace(race, seed=0)))
    examples = len(race.surface.examples)
    told = "as a slider moves" if drawn else "of a new seed"
    benchmark.extra_info.update(
        work=f"{COARSE} seeds {told}, {STEPS} steps, {key}, {examples} examples: "
        f"{mine * 1e3:.0f} ms; {SEEDS} seeds: {whole * 1e3:.0f} ms",
        against=f"so many single races: {single * COARSE * 1e3:.0f} ms",
        ratio=round(mine / (single * COARSE), 2),
        bar="within 100 ms",
    )
    benchmark(coarse)


@pytest.mark.parametrize("key", ["flat_and_sharp", "two_weights"])
def test_which_minimum(benchmark: Any, key: str) -> None:
    """A grid of 25 pairs with 100 seeds each, and how much of it is the way downhill."""
    surface = SURFACES[key]()
    entrant = Entrant(OPTIMIZERS["sgd"](), gradient=GRADIENTS["mini_batch"]())
    race = RaceSpec(surface, surface.start, 200, (entrant,))
    spec = BasinSpec(race, (1, 4, 16, 64, 200), (0.05, 0.1, 0.2, 0.4, 0.8), seeds=100)
    mine = median(lambda: find_basins(spec))
    one = replace(spec, batch_sizes=(4,), rates=(0.1,))
    cell = median(lambda: find_basins(one))
    benchmark.extra_info.update(
        work=f"which minimum of {surface.title}, 25 pairs x 100 seeds: {mine * 1e3:.0f} ms",
        against=f"25 times one pair: {25 * cell * 1e3:.0f} ms",
        ratio=round(mine / (25 * cell), 2),
        bar="",
    )
    benchmark(find_basins, one)
