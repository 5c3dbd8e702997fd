"""A training loop of torch, fed the batches of the race, takes the steps of the race."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from optiviz.engine import GRADIENTS, OPTIMIZERS, SURFACES, Entrant, RaceSpec, run_race
from tests.reference.models import torch_loss

if TYPE_CHECKING:
    from optiviz.engine import Run, Surface

torch = pytest.importorskip("torch")

DATA = tuple(key for key, surface in SURFACES.items() if surface.group == "data")
STEPS = 60
CLOSE = 1e-10

#: Knobs of ours, and the optimizer as a torch user makes it.
RULES: dict[str, tuple[dict[str, Any], Any]] = {
    "sgd": ({}, lambda theta, lr: torch.optim.SGD([theta], lr=lr)),
    "momentum": (
        {"beta": 0.9, "form": "pytorch"},
        lambda theta, lr: torch.optim.SGD([theta], lr=lr, momentum=0.9),
    ),
    "adam": (
        {"beta1": 0.9, "beta2": 0.99, "delta": 1e-8},
        lambda theta, lr: torch.optim.Adam([theta], lr=lr, betas=(0.9, 0.99), eps=1e-8),
    ),
}


def mean_loss(key: str, theta: Any, rows: Any) -> Any:
    """The mean loss over some rows of the table, by torch's own functions."""
    first, second = theta
    return torch_loss(key, first, second, rows.T[:-1], rows[:, -1])


def raced(surface: Surface, rule: str, gradient: Any, lr: float) -> Run:
    knobs, _ = RULES[rule]
    entrant = Entrant(OPTIMIZERS[rule](lr=lr, **knobs), gradient=gradient)
    return run_race(RaceSpec(surface, surface.start, STEPS, (entrant,), seed=7)).runs[0]


def batch_rows(surface: Surface, run: Run, step: int) -> Any:
    rows = run.batch(step)
    return torch.tensor(surface.examples[slice(None) if rows is None else rows])


@pytest.mark.parametrize("replacement", [False, True])
@pytest.mark.parametrize("size", [1, 8])
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("key", DATA)
def test_torch_fed_the_same_batches_takes_the_same_steps(
    key: str, rule: str, size: int, replacement: bool
) -> None:
    surface = SURFACES[key]()
    gradient = GRADIENTS["mini_batch"](batch_size=size, replacement=replacement)
    run = raced(surface, rule, gradient, 0.01)
    assert run.diverged_step is None
    theta = torch.tensor(run.path[0].copy(), requires_grad=True)
    optimizer = RULES[rule][1](theta, 0.01)
    for step in range(STEPS):
        with torch.no_grad():
            theta.copy_(torch.tensor(run.path[step]))
        optimizer.zero_grad()
        mean_loss(key, theta, batch_rows(surface, run, step)).backward()
        told = theta.grad.numpy().copy()
        scale = max(float(np.hypot(*told)), 1e-12)
        assert np.abs(run.gradients[step] - told).max() <= CLOSE * scale
        optimizer.step()
        length = float(np.hypot(*(run.path[step + 1] - run.path[step])))
        rounding = 4e-16 * float(np.abs(run.path[step + 1]).max())
        apart = np.abs(theta.detach().numpy() - run.path[step + 1]).max()
        assert apart <= CLOSE * length + rounding


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("key", DATA)
def test_left_to_itself_torch_runs_the_same_path(key: str, rule: str) -> None:
    surface = SURFACES[key]()
    run = raced(surface, rule, GRADIENTS["mini_batch"](batch_size=8), 0.01)
    theta = torch.tensor(run.path[0].copy(), requires_grad=True)
    optimizer = RULES[rule][1](theta, 0.01)
    for step in range(STEPS):
        optimizer.zero_grad()
        mean_loss(key, theta, batch_rows(surface, run, step)).backward()
        optimizer.step()
        assert theta.detach().numpy() == pytest.approx(run.path[step + 1], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("key", DATA)
def test_the_loss_told_is_the_full_one_and_the_test_loss_that_of_the_other_rows(key: str) -> None:
    surface = SURFACES[key]()
    run = raced(surface, "sgd", GRADIENTS["mini_batch"](batch_size=8), 0.01)
    assert run.test_loss is not None
    for step in (0, 17, STEPS):
        theta = torch.tensor(run.path[step])
        for told, rows in ((run.loss, surface.examples), (run.test_loss, surface.test_examples)):
            loss = mean_loss(key, theta, torch.tensor(rows)).item()
            assert told[step] == pytest.approx(loss, rel=1e-10)
