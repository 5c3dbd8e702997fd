"""The first races are tuned by the rule that is printed, and the printed numbers are its own."""

from __future__ import annotations

import numpy as np
import pytest

from optiviz.engine import OPTIMIZERS, SURFACES, Entrant, RaceSpec, run_race, tuning
from tests.reference import tune

pytestmark = pytest.mark.usefixtures("compiled_kernels")


@pytest.mark.parametrize("key", SURFACES)
def test_tuned_is_what_the_rule_finds(key: str) -> None:
    surface = SURFACES[key]()
    assert surface.tuned == tune.tuned(surface)


def test_the_document_holds_the_same_numbers() -> None:
    text = tune.DOCUMENT.read_text(encoding="utf-8")
    printed = text.split(tune.BEGIN)[1].split(tune.END)[0]
    assert printed.strip() == tune.table()


def test_the_rule_tries_the_series_it_names() -> None:
    assert tuning.RATES[:4] == (1e-5, 2e-5, 5e-5, 1e-4)
    assert tuning.RATES[-1] == 50.0
    assert all(2.0 <= b / a < 2.51 for a, b in zip(tuning.RATES, tuning.RATES[1:], strict=False))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("beale", {"adam": 75, "rmsprop": 107, "momentum": 199, "sgd": 282}),
        ("rosenbrock", {"adam": 311, "momentum": 365, "sgd": 3232}),
    ],
)
def test_the_races_of_the_design(key: str, expected: dict[str, int]) -> None:
    surface = SURFACES[key]()
    for rule, steps in expected.items():
        found = tune.tune(surface, rule)
        assert found.goal == "least"
        assert found.steps == steps


@pytest.mark.parametrize("key", SURFACES)
@pytest.mark.parametrize("rule", tune.RULES)
def test_no_rate_of_the_series_is_faster(key: str, rule: str) -> None:
    surface = SURFACES[key]()
    found = tune.tune(surface, rule)
    entrants = tuple(Entrant(OPTIMIZERS[rule](lr=lr)) for lr in tuning.RATES)
    spec = RaceSpec(surface, surface.start, tuning.STEPS, entrants, target=surface.target)
    goal = surface.least + surface.target
    for run in run_race(spec).runs:
        losses = run.loss[: run.diverged_step]
        if found.goal == "least":
            assert not (losses[: found.steps] <= goal).any()
        else:
            assert not (losses <= goal).any()


def test_who_cannot_arrive_gets_where_it_can() -> None:
    # From here plain steps are led to the shallow basin.
    surface = SURFACES["two_basins"]()
    found = tune.tune(surface, "sgd")
    assert found.goal == "lowest"
    assert tune.told(found).startswith("never")
    spec = RaceSpec(surface, surface.start, 5000, (Entrant(OPTIMIZERS["sgd"](lr=found.lr)),))
    end = run_race(spec).runs[0]
    shallow = max(surface.value(*at) for at in surface.minima)
    assert end.loss[-1] == pytest.approx(shallow, abs=1e-9)
    assert end.loss[found.steps] <= shallow + surface.target < end.loss[found.steps - 1]


@pytest.mark.parametrize("key", SURFACES)
def test_the_first_race_is_worth_watching(key: str) -> None:
    surface = SURFACES[key]()
    entrants = tuple(Entrant(OPTIMIZERS[rule](**knobs)) for rule, knobs in surface.tuned.items())
    spec = RaceSpec(surface, surface.start, surface.steps, entrants, target=surface.target)
    race = run_race(spec)
    (x0, x1), (y0, y1) = surface.window
    for run in race.runs:
        x, y = run.path.T
        inside = (x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)
        assert inside.mean() > 0.9, run.entrant
        assert run.diverged_step is None
    finishes = [run.finish_step for run in race.runs if run.finish_step is not None]
    assert len(finishes) >= 2
    assert len(set(finishes)) == len(finishes), "two arrive together"
    assert max(finishes) > 0.5 * surface.steps, "the race is over long before its end"
    # Nobody runs in another's track: at some step any two are far apart.
    for i, one in enumerate(race.runs):
        for other in race.runs[i + 1 :]:
            apart = np.hypot(*(one.path - other.path).T).max()
            assert apart > 0.05 * surface.width
