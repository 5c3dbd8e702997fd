"""The scenes that are shipped: each opens, and shows what its name promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optiviz import resources
from optiviz.engine import GRADIENTS, run_race
from optiviz.engine.floor import measured, theory
from optiviz.scene.file import SUFFIX, dumps, loads, read

PATHS = sorted(resources.path("scenes").glob(f"*{SUFFIX}"))


def named(stem):
    return read(resources.path("scenes", f"{stem}{SUFFIX}"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_shipped_scene_opens_and_nobody_diverges(path):
    scene = read(path)
    assert loads(dumps(scene)) == scene
    race = run_race(scene.race_spec())
    assert "diverged" not in {run.outcome.kind for run in race.runs}


def test_the_full_batch_is_first_though_the_other_touches_the_line():
    scene = named("SGD against full batch")
    race = run_race(scene.race_spec())
    full, batches = race.runs
    goal = scene.surface.least + scene.target
    assert (batches.loss <= goal).any()
    assert batches.outcome.kind != "finished"
    assert full.outcome.kind == "finished"
    assert race.places(scene.steps) == (1, 2)


def test_sgd_against_full_batch_differs_in_the_gradient_alone():
    full, batches = named("SGD against full batch").racers
    assert full.optimizer == batches.optimizer
    assert isinstance(full.gradient, GRADIENTS["full"])
    assert isinstance(batches.gradient, GRADIENTS["mini_batch"])


def test_sgd_against_full_batch_wanders_where_the_full_batch_does_not():
    race = run_race(named("SGD against full batch").race_spec())
    turns = []
    for run in race.runs:
        steps = np.diff(run.path, axis=0)
        turns.append((np.einsum("ij,ij->i", steps[1:], steps[:-1]) < 0.0).sum())
    assert turns[0] == 0
    assert turns[1] > 50


def test_the_noise_floor_is_theorys_and_is_left_by_an_epsilon_that_decays():
    scene = named("The noise floor")
    spec = scene.race_spec()
    constant, decaying = run_race(spec).runs
    minimum = spec.surface.minima[0]
    floor = theory(spec.entrants[0], spec.surface)
    assert floor.rms is not None
    assert measured(constant, minimum) == pytest.approx(floor.rms, rel=0.5)
    assert measured(decaying, minimum) < 0.4 * measured(constant, minimum)


def test_on_the_noise_floor_a_constant_epsilon_never_finishes():
    scene = named("The noise floor")
    constant, decaying = run_race(scene.race_spec()).runs
    assert (constant.loss <= scene.surface.least + scene.target).any()  # now and then, by chance
    assert constant.outcome.kind == "circling"
    assert decaying.outcome.kind == "finished"


def test_adagrad_is_first_where_a_feature_is_rare():
    """Over many seeds; each one's ε is the fastest of 1, 2, 5 × 10ⁿ by the median."""
    scene = named("AdaGrad and a rare feature")
    keys = [racer.optimizer.key for racer in scene.racers]
    finishes = []
    for seed in range(25):
        race = run_race(replace(scene, seed=seed).race_spec())
        finishes.append([run.finish_step or race.spec.steps for run in race.runs])
    first = dict(zip(keys, np.median(finishes, axis=0), strict=True))
    assert first["adagrad"] <= first["rmsprop"] < first["adam"] < first["sgd"]
    shown = run_race(scene.race_spec())
    assert shown.places(scene.steps)[keys.index("adagrad")] == 1


@pytest.mark.parametrize("index", range(4))
def test_no_other_epsilon_would_be_faster_where_a_feature_is_rare(index):
    scene = named("AdaGrad and a rare feature")
    racer, medians = scene.racers[index], {}
    digits, exponent = f"{racer.optimizer.lr:.0e}".split("e")
    steps = {1: (5e-1, 2), 2: (1, 5), 5: (2, 10)}[int(digits)]
    for lr in (racer.optimizer.lr, *(step * 10.0 ** int(exponent) for step in steps)):
        other = replace(racer, optimizer=racer.optimizer.with_knob("lr", lr))
        found = []
        for seed in range(25):
            race = run_race(replace(scene, seed=seed, racers=(other,)).race_spec())
            found.append(race.runs[0].finish_step or scene.steps)
        medians[lr] = np.median(found)
    assert min(medians, key=medians.get) == racer.optimizer.lr
