"""Many seeds: each member is the race with its seed, and what is told of all of them is true."""

from __future__ import annotations

from collections import Counter
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
    Run,
    run_race,
)
from optiviz.engine.ensemble import COARSE, MOST_STEPS, Ensemble, EnsembleSpec, run_ensemble

pytestmark = pytest.mark.usefixtures("compiled_kernels")

GRADIENT = {
    "batches": GRADIENTS["mini_batch"](batch_size=4),
    "independent": GRADIENTS["mini_batch"](batch_size=4, replacement=True),
    "gaussian": GRADIENTS["gaussian"](sigma=0.5),
    "full": GRADIENTS["full"](),
}


def spec_of(surface: str, gradient: Any, lr: float = 0.02, **changes: Any) -> EnsembleSpec:
    part = SURFACES[surface]()
    entrants = (Entrant(OPTIMIZERS["adam"](lr=lr), gradient=gradient),)
    race = RaceSpec(part, part.start, 150, entrants, target=part.target)
    return replace(EnsembleSpec(race, seeds=12, first_seed=3), **changes)


def members(spec: EnsembleSpec) -> list[Run]:
    races = (replace(spec.race, seed=spec.seed(i)) for i in range(spec.seeds))
    return [run_race(race).runs[0] for race in races]


def assert_is_what_races_give(ensemble: Ensemble) -> None:
    runs = members(ensemble.spec)
    assert (ensemble.endpoints == [run.path[-1] for run in runs]).all()
    assert (ensemble.losses == [run.loss[ensemble.steps] for run in runs]).all()
    assert ensemble.kinds == tuple(run.outcome.kind for run in runs)
    assert ensemble.counts == Counter(run.outcome.kind for run in runs)


@pytest.mark.parametrize("gradient", GRADIENT)
@pytest.mark.parametrize("surface", ["beale", "himmelblau", "line", "neuron"])
@pytest.mark.parametrize("lr", [0.02, 0.5])
def test_each_member_is_the_race_with_its_seed(surface: str, gradient: str, lr: float) -> None:
    assert_is_what_races_give(run_ensemble(spec_of(surface, GRADIENT[gradient], lr)))


@pytest.mark.parametrize("surface", ["quadratic", "line"])
def test_members_that_diverge_are_counted_and_known(surface: str) -> None:
    spec = spec_of(surface, GRADIENTS["mini_batch"](batch_size=1, replacement=True))
    wild = Entrant(OPTIMIZERS["sgd"](lr=0.3), gradient=spec.race.entrants[0].gradient)
    ensemble = run_ensemble(replace(spec, race=replace(spec.race, entrants=(wild,))))
    assert_is_what_races_give(ensemble)
    assert ensemble.diverged == ensemble.has_diverged.sum() > 0
    assert np.isfinite(ensemble.losses).all()
    assert np.isfinite(ensemble.band).all()


def test_some_finish_and_some_do_not() -> None:
    spec = spec_of("line", GRADIENTS["mini_batch"](batch_size=8), 0.1, seeds=40)
    ensemble = run_ensemble(replace(spec, race=replace(spec.race, target=1e-3)))
    assert_is_what_races_give(ensemble)
    assert 0 < ensemble.finished < 40


def test_the_band_is_made_of_quantiles() -> None:
    ensemble = run_ensemble(spec_of("beale", GRADIENT["gaussian"], seeds=101))
    ordered = np.sort(ensemble.losses, axis=0)
    assert ensemble.band == pytest.approx(ordered[[5, 25, 50, 75, 95]])


@pytest.mark.parametrize("steps", [1, 2, 58, 59, 60, 61, 1000])
def test_losses_are_taken_from_the_first_step_to_the_last(steps: int) -> None:
    spec = spec_of("beale", GRADIENT["full"])
    taken = replace(spec, race=replace(spec.race, steps=steps)).steps
    assert (taken[0], taken[-1]) == (0, steps)
    assert len(taken) == min(steps + 1, MOST_STEPS)
    assert (np.diff(taken) > 0).all()


def test_the_same_spec_gives_the_same_bits_compiled_or_not() -> None:
    spec = spec_of("line", GRADIENT["batches"], seeds=4)
    fast, slow = run_ensemble(spec), run_ensemble(spec, compiled=False)
    assert (fast.endpoints == slow.endpoints).all()
    assert (fast.losses == slow.losses).all()
    assert fast.kinds == slow.kinds


def test_full_gradients_all_end_at_one_place() -> None:
    ensemble = run_ensemble(spec_of("beale", GRADIENT["full"], seeds=5))
    assert (ensemble.endpoints == ensemble.endpoints[0]).all()
    assert (ensemble.band == ensemble.band[0]).all()


def test_reports_come_coarse_first() -> None:
    told: list[Ensemble] = []
    spec = spec_of("beale", GRADIENT["gaussian"], seeds=120)
    whole = run_ensemble(spec, report=told.append)
    assert [len(part.kinds) for part in told] == [COARSE, 50, 100]
    for part in told:
        count = len(part.kinds)
        assert (part.endpoints == whole.endpoints[:count]).all()
        assert (part.losses == whole.losses[:count]).all()
        assert part.kinds == whole.kinds[:count]
        assert not part.endpoints.flags.writeable
    assert not whole.losses.flags.writeable


def test_what_is_known_need_not_be_run_again() -> None:
    spec = spec_of("line", GRADIENT["batches"], seeds=60)
    coarse = run_ensemble(replace(spec, seeds=25))
    told: list[Ensemble] = []
    finer = run_ensemble(spec, report=told.append, known=coarse)
    whole = run_ensemble(spec)
    assert (finer.endpoints == whole.endpoints).all()
    assert (finer.losses == whole.losses).all()
    assert [len(part.kinds) for part in told] == [50]
    again = run_ensemble(replace(spec, seeds=25), cancelled=lambda: True, known=finer)
    assert (again.endpoints == coarse.endpoints).all()


def test_it_stops_when_nobody_wants_it_any_more() -> None:
    told: list[Ensemble] = []
    with pytest.raises(Cancelled):
        run_ensemble(
            spec_of("beale", GRADIENT["gaussian"], seeds=200),
            cancelled=lambda: len(told) == 2,
            report=told.append,
        )
    assert [len(part.kinds) for part in told] == [25, 50]


def test_seeds_go_round() -> None:
    spec = spec_of("beale", GRADIENT["gaussian"], first_seed=2**32 - 1)
    assert [spec.seed(i) for i in range(3)] == [2**32 - 1, 0, 1]
    assert len(run_ensemble(spec).kinds) == 12


@pytest.mark.parametrize(
    "changes", [{"seeds": 0}, {"seeds": 1001}, {"seeds": 2.5}, {"seeds": True}, {"first_seed": -1}]
)
def test_what_is_not_allowed_is_told(changes: dict[str, Any]) -> None:
    with pytest.raises(PartError) as caught:
        spec_of("beale", GRADIENT["full"], **changes)
    assert "seed" in caught.value.clause


@pytest.mark.parametrize("count", [0, 2])
def test_it_is_of_one_racer(count: int) -> None:
    race = spec_of("beale", GRADIENT["full"]).race
    with pytest.raises(PartError, match="one racer"):
        EnsembleSpec(replace(race, entrants=race.entrants * count))
