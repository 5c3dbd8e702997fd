"""Snapshots at the cycles' ends, and their ensemble against numpy by hand and torch."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from optiviz.engine import OPTIMIZERS, SCHEDULES, SURFACES, Entrant, RaceSpec, run_race
from optiviz.engine.snapshots import (
    Snapshots,
    ensemble_loss,
    snapshot_steps,
    take_snapshots,
)
from tests.reference.models import CLASSIFIERS, MODELS

torch = pytest.importorskip("torch")

RESTARTS, CYCLICAL = SCHEDULES["cosine_restarts"], SCHEDULES["cyclical"]
DATA = [key for key, kind in SURFACES.items() if len(kind().test_examples)]


def race(key="beale", schedule=None, steps=300, epoch=3, **knobs):
    surface = SURFACES[key]()
    optimizer = OPTIMIZERS["sgd"](**(knobs or surface.tuned["sgd"]))
    entrant = Entrant(optimizer, schedule or RESTARTS())
    return run_race(RaceSpec(surface, surface.start, steps, (entrant,), epoch)).runs[0]


@pytest.mark.parametrize(
    ("schedule", "steps", "epoch"),
    [
        (RESTARTS(), 300, 3),
        (RESTARTS(period=7.5, warmup=3.0), 300, 3),
        (RESTARTS(period=5.0, multiplier=2, warmup=2.5), 300, 3),
        (RESTARTS(period=1.1), 100, 7),
        (CYCLICAL(period=12.5), 200, 2),
        (CYCLICAL(period=0.3), 30, 1),
    ],
)
def test_a_snapshot_comes_after_the_last_step_of_its_cycle(schedule, steps, epoch):
    """By counting: the steps taken before the cycle's end, one after the other."""
    epochs = steps / epoch
    ends = schedule.cycle_ends(epochs)
    counted = [sum(k / epoch < end - 1e-9 for k in range(steps)) for end in ends]
    assert snapshot_steps(ends, epoch, steps) == list(dict.fromkeys(counted))
    rates = schedule.learning_rates(1.0, steps, epoch)
    if isinstance(schedule, RESTARTS) and schedule.period * epoch >= 3:
        for step in snapshot_steps(ends, epoch, steps):
            if step < steps:
                assert rates[step] > rates[step - 1], "the next cycle begins hotter"


def test_a_snapshot_is_where_the_racer_is():
    run = race()
    found = take_snapshots(run, 3)
    assert [shot.step for shot in found.shots] == [75, 150, 225, 300]
    assert [shot.epoch for shot in found.shots] == [25.0, 50.0, 75.0, 100.0]
    for shot in found.shots:
        assert shot.place == tuple(run.path[shot.step])
        assert shot.loss == run.loss[shot.step]
        assert shot.test_loss is None
    assert found.ensemble is None
    assert found.best is None
    assert found.sentence == ""


@pytest.mark.parametrize("key", [key for key, kind in SCHEDULES.items() if not kind.has_cycles])
def test_without_cycles_there_is_none(key):
    assert take_snapshots(race(schedule=SCHEDULES[key]()), 3) == Snapshots()


def test_a_period_longer_than_the_race_leaves_none():
    assert take_snapshots(race(schedule=RESTARTS(period=101.0)), 3).shots == ()


def test_a_racer_that_is_gone_leaves_no_more():
    run = race(lr=0.06, schedule=RESTARTS(period=0.7))
    assert run.diverged_step is not None
    shots = take_snapshots(run, 3).shots
    assert all(shot.step < run.diverged_step for shot in shots)
    assert all(math.isfinite(shot.loss) for shot in shots)


@pytest.mark.parametrize("key", DATA)
def test_one_model_is_its_own_ensemble(key):
    surface = SURFACES[key]()
    for place in ((0.3, -0.7), (2.0, 1.0), surface.start):
        told = ensemble_loss(surface, np.array([place]))
        assert told == pytest.approx(surface.test_value(*place), rel=1e-12)


@pytest.mark.parametrize("key", DATA)
def test_an_ensemble_is_the_loss_of_the_mean_output(key):
    """By hand, in numpy: outputs written out, averaged, and put into the loss."""
    surface = SURFACES[key]()
    places = np.array([[0.3, -0.7], [1.2, 0.4], [-0.5, 0.9]])
    *inputs, target = surface.test_examples.T
    mean = sum(MODELS[key](np, x, y, inputs) for x, y in places) / 3
    if key in CLASSIFIERS:
        wanted = -np.mean(target * np.log(mean) + (1 - target) * np.log(1 - mean))
    else:
        wanted = 0.5 * np.mean((mean - target) ** 2)
    assert ensemble_loss(surface, places) == pytest.approx(wanted, rel=1e-12)


def test_a_logistic_ensemble_is_torchs_cross_entropy_of_the_mean_probability():
    surface = SURFACES["logistic"]()
    places = np.array([[2.0, 0.1], [-1.0, 0.3], [4.0, -2.0]])
    table = torch.tensor(np.array(surface.test_examples))
    w, b = torch.tensor(places).T
    mean = torch.sigmoid(table[:, :1] * w + b).mean(dim=1)
    wanted = torch.nn.functional.binary_cross_entropy(mean, table[:, 1])
    assert ensemble_loss(surface, places) == pytest.approx(float(wanted), rel=1e-12)


def test_models_too_sure_of_themselves_are_still_averaged():
    """Probabilities that a float rounds to 1 have logarithms all the same."""
    surface = SURFACES["logistic"]()
    sure, opposite = np.array([[900.0, 0.0]]), np.array([[-900.0, 0.0]])
    assert ensemble_loss(surface, sure) > 10.0
    both = ensemble_loss(surface, np.concatenate([sure, opposite]))
    assert both == pytest.approx(math.log(2.0), rel=1e-6), "one of the two is always right"


@pytest.mark.parametrize("key", DATA)
def test_an_ensemble_is_no_worse_than_its_members_are_on_average(key):
    """Both losses are convex in the output, so Jensen's inequality holds."""
    surface = SURFACES[key]()
    places = np.random.default_rng(1).normal(size=(7, 2))
    alone = [surface.test_value(x, y) for x, y in places.tolist()]
    assert ensemble_loss(surface, places) <= np.mean(alone) + 1e-12


@pytest.mark.parametrize("key", DATA)
def test_a_race_tells_its_ensemble_beside_the_best_single_one(key):
    run = race(key, RESTARTS(period=10.0), steps=60, epoch=2)
    found = take_snapshots(run, 2)
    assert len(found.shots) == 3
    assert found.best == min(run.test_loss[shot.step] for shot in found.shots)
    places = np.array([shot.place for shot in found.shots])
    assert found.ensemble == ensemble_loss(run.surface, places)
    assert found.sentence == (
        f"Ensemble of 3 snapshots: test loss {found.ensemble:.4g}; "
        f"best single one {found.best:.4g}."
    )


def test_without_test_examples_there_is_no_ensemble():
    surface = replace(SURFACES["line"](), test_share=0.0)
    with pytest.raises(ValueError, match="at least one"):
        ensemble_loss(surface, np.zeros((1, 2)))
    with pytest.raises(ValueError, match="at least one"):
        ensemble_loss(SURFACES["line"](), np.zeros((0, 2)))
