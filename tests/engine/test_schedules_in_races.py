"""Races under a schedule take the steps of torch's optimizer under torch's scheduler.

*Fed*: torch's optimizer is given the gradients that the race recorded, and its own scheduler's
rates, at whole epochs and at every step. What torch has no such form of, momentum in the chapter's
units, is compared with the formula under the same rates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from optiviz.engine import OPTIMIZERS, SURFACES, Entrant, RaceSpec, Run, run_race
from tests.engine.schedule_cases import CASES, GOLDEN, KEYS, made
from tests.reference.plain_rules import plain_run

if TYPE_CHECKING:
    from collections.abc import Mapping

Array = np.ndarray
FED = 1e-10
START = (-4.0, 1.0)
SURFACE = SURFACES["quadratic"](kappa=20.0, angle=20.0)
#: ε at a factor of 1, and the knobs, of racers that no schedule here can throw out.
RULES: dict[str, tuple[float, dict[str, Any]]] = {
    "sgd": (0.05, {"weight_decay": 0.01}),
    "momentum": (0.02, {"beta": 0.9, "weight_decay": 0.01}),
    "nesterov": (0.02, {"beta": 0.8, "weight_decay": 0.0}),
    "adam": (0.1, {"beta1": 0.9, "beta2": 0.99, "delta": 1e-8, "weight_decay": 0.0}),
}
MOMENTA = [(rule, form) for rule in ("momentum", "nesterov") for form in ("chapter", "pytorch")]
FORMULAS = [*MOMENTA, ("sgd", ""), ("adam", "")]


def settings(rule: str, form: str) -> tuple[float, dict[str, Any]]:
    lr, knobs = RULES[rule]
    return lr, {**knobs, **({"form": form} if form else {})}


def raced(case: Mapping[str, Any], rule: str, form: str, per_epoch: int = 1) -> Run:
    """Race a case whose epochs are counted in ``per_epoch`` parts of the race's: in steps."""
    lr, knobs = settings(rule, form)
    entrant = Entrant(OPTIMIZERS[rule](lr=lr, **knobs), schedule=made(case, per_epoch))
    spec = RaceSpec(SURFACE, START, case["epochs"], (entrant,), steps_per_epoch=per_epoch)
    run = run_race(spec).runs[0]
    assert run.diverged_step is None
    return run


def assert_same_steps(ours: Array, theirs: Array) -> None:
    mine, reference = np.diff(ours, axis=0), np.diff(theirs, axis=0)
    length = np.hypot(*reference.T)
    # A step is told by two points, each rounded to a double; that much cannot be seen in it.
    grain = 4.0 * np.finfo(float).eps * np.abs(theirs).max()
    assert (np.hypot(*(mine - reference).T) <= FED * length + grain).all()
    assert length.max() > 1e-3


@pytest.mark.parametrize(("rule", "form"), FORMULAS)
@pytest.mark.parametrize("index", range(len(CASES)), ids=[case["key"] for case in CASES])
def test_under_torchs_recorded_rates_a_race_is_the_formula(
    index: int, rule: str, form: str
) -> None:
    case = CASES[index]
    run = raced(case, rule, form)
    lr, knobs = settings(rule, form)
    rates = GOLDEN[f"rates{index}"] * (lr / case["lr"])
    theirs, _ = plain_run(rule, knobs, lambda k, _: run.gradients[k], START, rates)
    assert_same_steps(run.path, theirs)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
def test_fed_a_race_is_torchs_optimizer_under_torchs_scheduler(
    rule: str, key: str, warm: bool
) -> None:
    pytest.importorskip("torch", exc_type=ImportError)
    import torch

    from tests.reference import make_reference, make_schedules

    rng = np.random.default_rng([*key.encode(), warm])
    lr, knobs = settings(rule, "pytorch" if rule in ("momentum", "nesterov") else "")
    for per_epoch in (1, 5):  # its scheduler is stepped at every step
        case = {**make_schedules.draw_case(rng, key, warm), "lr": lr}
        run = raced(case, rule, knobs.get("form", ""), per_epoch)

        def feed(k: int, theta: Any, run: Run = run) -> None:
            theta.grad = torch.tensor(run.gradients[k], dtype=torch.float64)

        rates = make_schedules.torch_rates(case)
        theirs = make_reference.torch_run(rule, knobs, START, rates, None, feed)
        if rule == "nesterov":  # torch's parameter is the look-ahead point, which has no last
            assert run.lookahead is not None
            assert_same_steps(run.lookahead, theirs[:-1])
        else:
            assert_same_steps(run.path, theirs)


def test_momentums_two_forms_part_under_a_schedule() -> None:
    """They take the same steps only while ε is constant; so the comparison can tell them apart."""
    case = next(case for case in CASES if case["key"] == "cosine")
    chapter, torchs = raced(case, "momentum", "chapter"), raced(case, "momentum", "pytorch")
    assert np.abs(chapter.path - torchs.path).max() > 1e-3
