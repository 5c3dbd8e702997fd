"""What a divergence is told about: the bound where it left for good, found by other means."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from optiviz.engine import OPTIMIZERS, SCHEDULES, SURFACES, Clip, Entrant, RaceSpec, Run, run_race
from optiviz.engine.gradients import Gaussian, MiniBatch
from tests.reference.plain_rules import plain_run

Array = np.ndarray
KAPPA = 30.0

pytestmark = pytest.mark.usefixtures("compiled_kernels")


def run_of(optimizer: Any, start: tuple[float, float], steps: int, **words: Any) -> Run:
    bowl = words.pop("surface", None) or SURFACES["quadratic"](kappa=KAPPA, angle=0.0)
    per_epoch = words.pop("steps_per_epoch", 1)
    spec = RaceSpec(
        bowl, start, steps, (Entrant(optimizer, **words),), steps_per_epoch=per_epoch, target=0.0
    )
    return run_race(spec).runs[0]


def outside(path: Array) -> Array:
    """How far points are from the bowl's window, (n,)."""
    (x0, x1), (y0, y1) = SURFACES["quadratic"]().window
    dx = np.maximum(np.maximum(x0 - path[:, 0], path[:, 0] - x1), 0.0)
    dy = np.maximum(np.maximum(y0 - path[:, 1], path[:, 1] - y1), 0.0)
    return np.hypot(dx, dy)


def told(relation: str, bound: float, step: int) -> str:
    return f" ε was {relation} the local bound {bound:.2g} at step {step}."


def test_it_is_told_where_it_left_for_good_not_where_it_left_first() -> None:
    """It swings out at step 10 and comes back; at step 200 the schedule begins to lift ε."""
    start, beta = (-4.9, 1.0), 0.95
    run = run_of(
        OPTIMIZERS["momentum"](lr=0.06, beta=beta, weight_decay=0.0),
        start,
        400,
        schedule=SCHEDULES["drawn"](knots="0:1, 200:1, 210:10"),
    )
    rates = 0.06 * np.interp(np.arange(400.0), [0.0, 200.0, 210.0], [1.0, 1.0, 10.0])
    knobs = {"beta": beta, "form": "chapter", "weight_decay": 0.0}
    path, _ = plain_run("momentum", knobs, lambda _, at: at * (1.0, KAPPA), start, rates)
    bound = 2.0 * (1.0 + beta) / KAPPA
    far = outside(path)
    assert (far[10] > 0.0, far[9], far[100]) == (True, 0.0, 0.0)
    last = int(np.flatnonzero(far == 0.0)[-1])
    assert last == 206
    assert rates[last] > 2.9 * bound
    assert rates[9] < bound
    assert run.outcome.sentence.endswith(told("above", bound, last))


def test_one_that_never_came_in_is_told_about_where_it_turned_away() -> None:
    # On the bowl's axis every step is x ← (1 − ε)x: nearer by ε 0.01, and then away by ε 3.
    schedule = SCHEDULES["drawn"](knots="0:0.01, 20:0.01, 21:3")
    run = run_of(OPTIMIZERS["sgd"](lr=1.0), (-40.0, 0.0), 200, schedule=schedule)
    rates = np.interp(np.arange(200.0), [0.0, 20.0, 21.0], [0.01, 0.01, 3.0])
    x = -40.0 * np.concatenate([[1.0], np.cumprod(1.0 - rates)])
    assert (np.abs(x[:30]) > 30.0).all()
    nearest = int(np.argmin(np.abs(x[:60])))
    assert nearest == 21
    assert (run.path[:, 1] == 0.0).all()
    assert run.outcome.sentence.endswith(told("above", 2.0 / KAPPA, nearest))
    # One that only goes away is told about its start.
    away = run_of(OPTIMIZERS["sgd"](lr=3.0), (-40.0, 0.0), 200)
    assert away.outcome.sentence.endswith(told("above", 2.0 / KAPPA, 0))


def slide(beyond: float) -> Any:
    """A bowl that says of itself that it falls steadily along x, up to 1."""

    def kernel(x: float, y: float, knobs: Any, examples: Any, g: Any) -> float:
        g[0] = -1.0
        g[1] = 0.0
        return beyond if x > 1.0 else -x

    class Slide(SURFACES["quadratic"]):  # type: ignore[misc]
        least = -1e9  # nobody is to finish here

    Slide.kernel = staticmethod(kernel)
    return Slide(kappa=KAPPA, angle=0.0)


@pytest.mark.parametrize("loss", [math.inf, math.nan])
def test_one_that_was_lost_inside_is_told_about_its_last_step(loss: float) -> None:
    run = run_of(OPTIMIZERS["sgd"](lr=0.04), (0.9, 0.0), 20, surface=slide(loss))
    assert run.diverged_step == 3  # 0.90, 0.94, 0.98, and beyond
    assert run.outcome.sentence.endswith(told("within", 2.0 / KAPPA, 2))


def test_a_start_that_is_no_place_to_be_has_no_bound() -> None:
    run = run_of(OPTIMIZERS["sgd"](lr=1.0), (1e200, 0.0), 20)
    assert run.diverged_step == 0
    assert run.outcome.sentence == "Diverged at step 0."


def test_no_start_is_too_far_away_to_be_told_about() -> None:
    run = run_of(OPTIMIZERS["sgd"](lr=1.0), (-1.7e308, 1.7e308), 5, surface=slide(0.0))
    assert run.diverged_step == 1
    assert run.outcome.sentence.endswith(told("above", 2.0 / KAPPA, 0))


@pytest.mark.parametrize("gradient", [Gaussian(sigma=2.0), MiniBatch(batch_size=4)], ids=str)
def test_under_chance_it_is_told_by_the_path_that_was_taken(gradient: Any) -> None:
    schedule = SCHEDULES["drawn"](knots="0:1, 10:1, 12:4")
    run = run_of(
        OPTIMIZERS["sgd"](lr=0.06), (-4.0, 1.0), 300, schedule=schedule, gradient=gradient,
        steps_per_epoch=10,
    )  # fmt: skip
    gone = run.diverged_step
    assert gone is not None
    last = int(np.flatnonzero(outside(run.path[:gone]) == 0.0)[-1])
    assert last > 50
    rate = float(np.interp(last / 10.0, [0.0, 10.0, 12.0], [0.06, 0.06, 0.24]))
    relation = "above" if rate > 2.0 / KAPPA else "within"
    assert run.outcome.sentence.endswith(told(relation, 2.0 / KAPPA, last))


@pytest.mark.parametrize(
    ("rule", "clip", "why"),
    [
        ("sgd", Clip.norm(10.0), "a clip voids it"),
        ("lion", None, "this rule has none"),
        ("lion", Clip.norm(10.0), "this rule has none"),
        ("rmsprop", None, "no gradient to divide by yet"),
    ],
    ids=str,
)
def test_where_there_is_no_bound_the_sentence_says_why(
    rule: str, clip: Clip | None, why: str
) -> None:
    knobs = {"rho": 0.999999} if rule == "rmsprop" else {}  # the first step is 1000 ε long
    optimizer = OPTIMIZERS[rule](lr=1e3, **knobs)
    run = run_of(optimizer, (3.0, 1.0), 300, clip=clip, surface=slide(0.0))
    assert run.outcome.kind == "diverged"
    assert run.outcome.sentence.endswith(f" No bound on ε at step 0: {why}.")
