"""QHM where torch has a case of it, and its bound by the eigenvalues of its iteration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from optiviz.engine import OPTIMIZERS, SURFACES, Entrant, RaceSpec, run_race
from optiviz.engine.kernels import kernel_of

if TYPE_CHECKING:
    from optiviz.engine import Run

Array = np.ndarray
QHM = OPTIMIZERS["qhm"]


def raced(start: tuple[float, float] = (1.0, 1.5), steps: int = 200, **knobs: Any) -> Run:
    spec = RaceSpec(SURFACES["beale"](), start, steps, (Entrant(QHM(**knobs)),))
    return run_race(spec).runs[0]


def torchs(gradients: Array, start: Array, **words: Any) -> Array:
    torch = pytest.importorskip("torch", exc_type=ImportError)
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], **words)
    path = [start]
    for g in gradients:
        theta.grad = torch.tensor(g, dtype=torch.float64)
        optimizer.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


@pytest.mark.parametrize(
    ("nu", "words"),
    [
        (0.0, lambda lr, beta: {"lr": lr}),
        (1.0, lambda lr, beta: {"lr": lr * (1.0 - beta), "momentum": beta}),
        (0.9, lambda lr, beta: {"lr": lr * (1.0 - beta), "momentum": beta, "nesterov": True}),
    ],
)
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_it_is_torchs_sgd_momentum_and_nesterov(nu: float, words: Any, decay: float) -> None:
    lr, beta = 0.01, 0.9
    run = raced(lr=lr, beta=beta, nu=nu, weight_decay=decay)
    theirs = torchs(run.gradients, run.path[0], weight_decay=decay, **words(lr, beta))
    assert np.abs(run.path - theirs).max() <= 1e-13


def test_it_is_torchs_dampened_momentum_from_a_first_gradient_of_nothing() -> None:
    """Torch's average begins with the first gradient in full; where that is 0, with 0 as ours."""
    gradients = np.random.default_rng(2).normal(size=(60, 2))
    gradients[0] = 0.0
    optimizer = QHM(lr=0.05, beta=0.8, nu=1.0)
    theta, memory, path = [0.3, -0.2], optimizer.first_memory(), [[0.3, -0.2]]
    for g in gradients.tolist():
        kernel_of(optimizer)(theta, memory, g, 0.05, optimizer.kernel_knobs())
        path.append(list(theta))
    theirs = torchs(gradients, np.array(path[0]), lr=0.05, momentum=0.8, dampening=0.8)
    assert np.abs(np.array(path) - theirs).max() <= 1e-14


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("nu", [0.0, 0.3, 0.7, 0.95, 1.0])
def test_at_its_bound_the_iteration_neither_shrinks_nor_grows(beta: float, nu: float) -> None:
    """By the eigenvalues of the matrix that leads from (θ, s) to the next one."""
    curvature = 7.0
    bound = QHM(beta=beta, nu=nu).lr_bound(np.diag([curvature, 1.0]), {})
    assert bound is not None

    def radius(lr: float) -> float:
        average = np.array([(1.0 - beta) * curvature, beta])
        step = lr * ((1.0 - nu) * curvature * np.array([1.0, 0.0]) + nu * average)
        matrix = np.array([np.array([1.0, 0.0]) - step, average])
        return float(np.abs(np.linalg.eigvals(matrix)).max())

    assert radius(bound) == pytest.approx(1.0, abs=1e-9)
    assert radius(0.98 * bound) < 1.0 < radius(1.02 * bound)
