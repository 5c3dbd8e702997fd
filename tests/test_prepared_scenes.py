"""The scenes that are shipped: each opens, and shows what its name promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optiviz import resources
from optiviz.engine import SLOPES, run_race
from optiviz.engine.floor import measured, theory
from optiviz.scene_file import SUFFIX, dumps, loads, read

PATHS = sorted(resources.path("scenes").glob(f"*{SUFFIX}"))


def named(stem):
    return read(resources.path("scenes", f"{stem}{SUFFIX}"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_shipped_scene_opens_and_nobody_diverges(path):
    scene = read(path)
    assert loads(dumps(scene)) == scene
    race = run_race(scene.race_spec())
    assert {run.outcome.kind for run in race.runs} == {"finished"}


def test_sgd_against_full_batch_differs_in_the_slope_alone():
    full, batches = named("SGD against full batch").racers
    assert full.optimizer == batches.optimizer
    assert isinstance(full.slope, SLOPES["exact"])
    assert isinstance(batches.slope, SLOPES["mini_batch"])


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


def test_adagrad_shines_where_a_feature_is_rare():
    """Over many seeds, among rivals whose ε are each the fastest of 1, 2, 5 × 10ⁿ by the median."""
    scene = named("AdaGrad and a rare feature")
    keys = [racer.optimizer.key for racer in scene.racers]
    finishes, distances = [], []
    for seed in range(25):
        race = run_race(replace(scene, seed=seed).race_spec())
        (minimum,) = race.spec.surface.minima
        finishes.append([run.finish_step or race.spec.steps for run in race.runs])
        distances.append([measured(run, minimum) for run in race.runs])
    first = np.median(finishes, axis=0)
    assert keys[int(first.argmin())] == "adagrad"
    off = np.median(distances, axis=0)
    others = [rms for key, rms in zip(keys, off, strict=True) if key != "adagrad"]
    assert off[keys.index("adagrad")] < 0.7 * min(others)
