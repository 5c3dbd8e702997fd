"""Gradients told by chance: what the loop does with batches and with noise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optiviz.engine import (
    GRADIENTS,
    OPTIMIZERS,
    SCHEDULES,
    SURFACES,
    Entrant,
    PartError,
    Race,
    RaceSpec,
    draws,
    run_race,
)
from optiviz.engine import runner as runner_module
from optiviz.engine.clip import Clip

pytestmark = pytest.mark.usefixtures("compiled_kernels")

ON_DATA = ("line", "neuron")
CHANCE = {
    "batches": GRADIENTS["mini_batch"](batch_size=5, spread=0.3),
    "independent": GRADIENTS["mini_batch"](batch_size=5, replacement=True, spread=0.3),
    "gaussian": GRADIENTS["gaussian"](sigma=0.3),
}
RULES = ("sgd", "momentum", "nesterov", "adam", "adamw")


def spec_of(surface: str, gradient: Any, **changes: Any) -> RaceSpec:
    part = SURFACES[surface]()
    entrants = tuple(Entrant(OPTIMIZERS[rule](lr=0.003), gradient=gradient) for rule in RULES)
    entrants += (replace(entrants[0], clip=Clip.norm(0.2)),)
    return replace(RaceSpec(part, part.start, 120, entrants, seed=3), **changes)


def bits(race: Race) -> list[Any]:
    return [
        (run.path.tobytes(), run.loss.tobytes(), run.gradients.tobytes(), run.outcome)
        for run in race.runs
    ]


@pytest.mark.parametrize("gradient", CHANCE)
@pytest.mark.parametrize("surface", ["beale", *ON_DATA])
def test_compiled_and_interpreted_give_the_same_bits(surface: str, gradient: str) -> None:
    spec = spec_of(surface, CHANCE[gradient])
    assert bits(run_race(spec, mode="interpreted")) == bits(run_race(spec, mode="compiled"))


@pytest.mark.parametrize("gradient", CHANCE)
@pytest.mark.parametrize("surface", ["beale", "line"])
def test_how_it_is_cut_into_stretches_changes_nothing(
    surface: str, gradient: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = spec_of(surface, CHANCE[gradient])
    whole = bits(run_race(spec, mode="compiled"))
    monkeypatch.setattr(runner_module, "_CHUNK_COMPILED", 7)
    assert bits(run_race(spec, mode="compiled")) == whole


@pytest.mark.parametrize("surface", ["beale", "line"])
@pytest.mark.parametrize("gradient", CHANCE)
def test_the_loss_is_the_full_one_and_the_gradient_is_the_batchs(
    surface: str, gradient: str
) -> None:
    spec = spec_of(surface, CHANCE[gradient])
    run = run_race(spec).runs[0]
    full = spec.surface.value(*run.path.T)
    np.testing.assert_allclose(run.loss, full, rtol=1e-12)
    exact = spec.surface.gradient(*run.path[:-1].T).T
    assert np.abs(run.gradients - exact).max() > 1e-3
    for step in (0, 1, 60, 119):
        rows = run.batch(step)
        if gradient == "gaussian":
            assert rows is None
            told = exact[step] + 0.3 * draws.normals(3, step, step + 1)[0]
        elif surface == "beale":
            told = exact[step] + 0.3 * draws.offsets(200)[rows].mean(axis=0)
        else:
            told = spec.surface.example_gradients(*run.path[step])[rows].mean(axis=0)
        np.testing.assert_allclose(run.gradients[step], told, rtol=1e-9, atol=1e-12)


#: ε is 0 all along, so that a race stays at its start and is told one gradient after the other
#: there.
STILL = SCHEDULES["drawn"](knots="0:0")


def told_at_the_start(surface: str, size: int, steps: int) -> tuple[Any, Any]:
    """Give the gradients that a race is told at one point, and the point's exact one."""
    gradient = GRADIENTS["mini_batch"](batch_size=size, examples=50, spread=0.7)
    part = SURFACES[surface]()
    entrant = Entrant(OPTIMIZERS["sgd"](lr=0.1), gradient=gradient, schedule=STILL)
    (run,) = run_race(RaceSpec(part, part.start, steps, (entrant,), seed=5)).runs
    assert (run.path == part.start).all()
    return run.gradients, np.array(part.gradient(*part.start))


@pytest.mark.parametrize("surface", ["beale", *ON_DATA])
def test_over_an_epoch_the_batches_gradients_are_the_exact_one_on_average(surface: str) -> None:
    """Each weighed by its examples, since the last batch of an epoch is short."""
    count = len(SURFACES[surface]().examples) or 50
    for size in (8, 9):
        steps = -(-count // size)
        told, exact = told_at_the_start(surface, size, 3 * steps)
        weights = np.full(steps, float(size))
        weights[-1] = count - size * (steps - 1)
        assert 0 < weights[-1] < size
        for epoch in np.split(told, 3):
            assert np.abs(epoch - exact).max() > 1e-3
            np.testing.assert_allclose(weights @ epoch / count, exact, rtol=1e-9)


@pytest.mark.parametrize("surface", ["beale", *ON_DATA])
def test_no_two_epochs_are_cut_alike(surface: str) -> None:
    count = len(SURFACES[surface]().examples) or 50
    steps = -(-count // 7)
    told, _ = told_at_the_start(surface, 7, 40 * steps)
    firsts = told[::steps]
    assert len(np.unique(firsts, axis=0)) == len(firsts)


def test_painted_noise_never_repeats() -> None:
    """Over many of the blocks in which it is drawn."""
    drawn = draws.normals(3, 0, 10_000)
    assert len(np.unique(drawn)) == drawn.size
    for lag in (1, 64, 1024, 4096):
        correlation = (drawn[:-lag] * drawn[lag:]).mean()
        assert abs(correlation) < 5.0 / np.sqrt(2 * (len(drawn) - lag))


def test_sgd_steps_by_the_gradient_it_was_told() -> None:
    run = run_race(spec_of("line", CHANCE["batches"])).runs[0]
    np.testing.assert_array_equal(run.path[1:], run.path[:-1] - 0.003 * run.gradients)


@pytest.mark.parametrize("surface", ["beale", "line"])
def test_nesterovs_noise_and_batch_are_taken_where_it_looks(surface: str) -> None:
    spec = spec_of(surface, CHANCE["batches"])
    run = run_race(spec).runs[RULES.index("nesterov")]
    assert run.lookahead is not None
    rows = run.batch(80)
    if surface == "beale":
        told = spec.surface.gradient(*run.lookahead[80])
        told = told + 0.3 * draws.offsets(200)[rows].mean(axis=0)
    else:
        told = spec.surface.example_gradients(*run.lookahead[80])[rows].mean(axis=0)
    np.testing.assert_allclose(run.gradients[80], told, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("surface", ["beale", "line"])
def test_a_batch_that_is_all_of_the_data_is_the_full_gradient(surface: str) -> None:
    whole = GRADIENTS["mini_batch"](batch_size=2000)
    exact = spec_of(surface, GRADIENTS["full"]())
    assert bits(run_race(spec_of(surface, whole))) == bits(run_race(exact))


def test_memory_is_replayed_from_the_gradients_that_were_told() -> None:
    run = run_race(spec_of("line", CHANCE["batches"])).runs[RULES.index("momentum")]
    v, told = np.zeros(2), [np.zeros(2)]
    for gradient in run.gradients:
        v = 0.9 * v - 0.003 * gradient
        told.append(v)
    np.testing.assert_allclose(run.memory()["v"], told, rtol=1e-12, atol=1e-300)


def test_epochs_of_data_are_counted() -> None:
    count = len(SURFACES["line"]().examples)
    run = run_race(spec_of("line", CHANCE["batches"])).runs[0]
    per_epoch = -(-count // 5)
    assert run.epochs_of_data(0) == 0.0
    assert run.epochs_of_data(3) == pytest.approx(15 / count)
    assert run.epochs_of_data(per_epoch) == 1.0
    independent = run_race(spec_of("line", CHANCE["independent"])).runs[0]
    assert independent.epochs_of_data(100) == pytest.approx(500 / count)
    assert run_race(spec_of("line", GRADIENTS["full"]())).runs[0].epochs_of_data(7) == 7.0
    assert run_race(spec_of("beale", GRADIENTS["full"]())).runs[0].epochs_of_data(7) is None
    assert run_race(spec_of("beale", CHANCE["gaussian"])).runs[0].epochs_of_data(7) is None
    assert run_race(spec_of("beale", CHANCE["batches"])).runs[0].epochs_of_data(40) == 1.0


def test_a_sketch_has_the_paths_of_the_race() -> None:
    sketches: list[Race] = []
    spec = spec_of("line", CHANCE["batches"])
    race = run_race(spec, report=sketches.append)
    (sketch,) = sketches
    assert sketch.is_sketch
    assert not race.is_sketch
    for drawn, run in zip(sketch.runs, race.runs, strict=True):
        np.testing.assert_array_equal(drawn.path, run.path)
        assert np.isnan(drawn.loss).all()
        assert not drawn.path.flags.writeable


def test_no_sketch_where_losses_cost_nothing() -> None:
    sketches: list[Race] = []
    run_race(spec_of("beale", CHANCE["batches"]), report=sketches.append)
    assert not sketches


def test_the_test_loss_is_that_of_the_test_examples() -> None:
    spec = spec_of("line", CHANCE["batches"])
    run = run_race(spec).runs[0]
    assert run.test_loss is not None
    told = [spec.surface.test_value(*point) for point in run.path.tolist()]
    np.testing.assert_allclose(run.test_loss, told, rtol=1e-12)
    assert run_race(spec_of("beale", CHANCE["batches"])).runs[0].test_loss is None


def test_a_rate_that_is_too_large_for_single_examples_diverges_in_order() -> None:
    surface = SURFACES["line"]()
    gradient = GRADIENTS["mini_batch"](batch_size=1)
    entrant = Entrant(OPTIMIZERS["sgd"](lr=50.0), gradient=gradient)
    race = run_race(RaceSpec(surface, surface.start, 200, (entrant,), seed=1))
    run = race.runs[0]
    assert run.outcome.kind == "diverged"
    assert run.diverged_step is not None
    for array in (run.path, run.loss, run.gradients, run.test_loss):
        assert array is not None
        assert np.isfinite(array).all()


def test_another_seed_is_another_race_and_the_same_seed_is_the_same() -> None:
    spec = spec_of("line", CHANCE["batches"])
    assert bits(run_race(spec)) == bits(run_race(spec))
    assert bits(run_race(replace(spec, seed=4))) != bits(run_race(spec))


@pytest.mark.parametrize(
    ("gradient", "knob", "value"),
    [
        ("mini_batch", "batch_size", 0),
        ("mini_batch", "batch_size", 2.5),
        ("mini_batch", "batch_size", 2001),
        ("mini_batch", "examples", 3),
        ("mini_batch", "spread", -1.0),
        ("gaussian", "sigma", float("nan")),
    ],
)
def test_what_no_gradient_allows_is_told(gradient: str, knob: str, value: object) -> None:
    with pytest.raises(PartError) as error:
        GRADIENTS[gradient](**{knob: value})
    assert error.value.knob == knob
    assert "from" in str(error.value)
