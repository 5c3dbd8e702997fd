"""The finish: first below it, below it since, and under chance in the mean of an epoch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optiviz.engine import GRADIENTS, OPTIMIZERS, SURFACES, Entrant, RaceSpec, run_race
from optiviz.engine.finish import below_since, first_below, measured
from optiviz.engine.outcome import Finish

pytestmark = pytest.mark.usefixtures("compiled_kernels")
losses = st.lists(st.floats(0.0, 1e12), min_size=1, max_size=60)


@given(losses, st.integers(2, 70))
def test_the_measure_is_the_mean_of_the_last_epoch(loss: list[float], epoch: int) -> None:
    found = measured(np.array(loss), epoch)
    assert len(found) == len(loss)
    for step, value in enumerate(found):
        if step < epoch:  # the start's loss is nobody's doing
            assert math.isnan(value)
        else:
            window = loss[step - epoch + 1 : step + 1]
            assert value == pytest.approx(math.fsum(window) / epoch, rel=1e-12)


def test_small_losses_are_not_lost_behind_large_ones() -> None:
    loss = np.array([1e300, 1e300, 1e16, *[1e-9] * 40])
    assert measured(loss, 4)[-30:].tolist() == pytest.approx([1e-9] * 30, rel=1e-12)


def test_without_chance_the_measure_is_the_loss_itself() -> None:
    loss = np.array([3.0, 1.0, 2.0])
    assert measured(loss, 1) is loss


@given(losses, st.floats(0.0, 1e12))
def test_first_and_since(loss: list[float], goal: float) -> None:
    below = [value <= goal for value in loss]
    first = below.index(True) if any(below) else None
    assert first_below(np.array(loss), goal) == first
    since = len(below)
    while since > 0 and below[since - 1]:
        since -= 1
    assert below_since(np.array(loss), goal) == (since if since < len(below) else None)


def test_what_comes_after_a_divergence_is_not_below() -> None:
    assert first_below(np.array([2.0, 2.0, 0.0, 0.0]), 1.0, 2) is None
    assert first_below(np.array([2.0, 0.5, 0.0, 0.0]), 1.0, 2) == 1


@pytest.mark.parametrize(
    ("goal", "target", "told"),
    [
        (1e-3, 1e-3, "0.001"),
        (0.5, 0.5, "0.5"),
        (1e-9, 1e-9, "1e-9"),
        (-78.33133140754, 1e-3, "-78.3313"),
        (0.10231, 1e-3, "0.1023"),
        (12345.678, 10.0, "12346"),
        (0.0, 0.0, "0"),
    ],
)
def test_the_goal_is_told_as_finely_as_the_target_asks(
    goal: float, target: float, told: str
) -> None:
    assert Finish(goal, target).told == told


def noisy(name: str, knobs: dict[str, Any], surface: Any, steps: int = 400, epoch: int = 4) -> Any:
    entrant = Entrant(OPTIMIZERS["sgd"](lr=0.02), gradient=GRADIENTS[name](**knobs))
    spec = RaceSpec(surface, surface.start, steps, (entrant,), epoch, 1, 0.5)
    return run_race(spec).runs[0]


@pytest.mark.parametrize(
    ("name", "knobs", "epoch"),
    [
        ("full", {}, 1),
        ("gaussian", {"sigma": 0.5}, 4),
        ("gaussian", {"sigma": 0.0}, 1),
        ("mini_batch", {"batch_size": 8, "examples": 100}, 13),
        ("mini_batch", {"batch_size": 8, "examples": 100, "replacement": True}, 13),
        ("mini_batch", {"batch_size": 8, "examples": 100, "spread": 0.0}, 1),
        ("mini_batch", {"batch_size": 100, "examples": 100}, 1),
    ],
)
def test_over_how_many_steps_chance_evens_out(name: str, knobs: Any, epoch: int) -> None:
    run = noisy(name, knobs, SURFACES["quadratic"]())
    assert run.finish.epoch == epoch
    mean = np.convolve(run.loss[1:], np.ones(epoch) / epoch, "valid")
    first = 1 + int(np.argmax(mean <= 0.5)) + epoch - 1
    assert (mean <= 0.5).any()
    assert run.finish_step == first


def test_one_lucky_step_is_no_finish_under_chance() -> None:
    run = noisy("gaussian", {"sigma": 12.0}, SURFACES["quadratic"](), epoch=40)
    assert (run.loss <= 0.5).any()
    assert run.finish_step is None
    assert run.outcome.kind in ("circling", "running")


def test_the_sentence_says_that_it_is_a_mean() -> None:
    run = noisy("gaussian", {"sigma": 0.3}, SURFACES["quadratic"]())
    assert " 0.5 in the mean of 4 steps" in run.outcome.sentence
    first = run.finish_step
    assert (
        run.outcome_at(first).sentence == f"First below 0.5 in the mean of 4 steps at step {first}."
    )


def told(*loss: float) -> list[str]:
    """What is told at each step of a race without chance, of which the losses are these."""
    from tests.engine.test_outcomes import judged

    surface, path = SURFACES["quadratic"](), np.arange(2.0 * len(loss)).reshape(-1, 2)
    return [
        judged(surface, path[: end + 1], loss[: end + 1], 1.0).sentence for end in range(len(loss))
    ]


def test_every_sentence_of_the_finish() -> None:
    assert told(9.0, 8.0, 0.5, 0.4) == [
        "At the start.",
        "Still on its way.",
        "First below 1 at step 2.",
        "Stays below 1 from step 2.",
    ]
    assert told(9.0, 0.5, 3.0, 0.5, 0.4)[2:] == [
        "First below 1 at step 1; above it now.",
        "First below 1 at step 1; stays below from step 3.",
        "First below 1 at step 1; stays below from step 3.",
    ]
    assert told(0.5, 0.4) == ["First below 1 at step 0.", "Stays below 1 from step 0."]
