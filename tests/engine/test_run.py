"""What a run tells beside its path: memory, where it looked, where it was clipped, its rates."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from optiviz.engine import OPTIMIZERS, SURFACES, Clip, Entrant, RaceSpec, Run, run_race
from tests.engine.optimizer_cases import FORMS, ONE_RATE
from tests.reference.plain_rules import DECOUPLED, clipped, plain_run

Array = np.ndarray
CLIPS = [None, ("norm", 0.7), ("value", 0.4)]
#: Beside every form of a rule, settings under which it takes another way.
MORE_FORMS: list[tuple[str, dict[str, Any]]] = [
    *FORMS,
    ("radam", {"beta2": 0.7}),
    ("nadam", {"momentum_decay": 0.5}),
]

pytestmark = pytest.mark.usefixtures("compiled_kernels")


def run_of(rule: str, steps: int = 80, clip: tuple[str, float] | None = None, **knobs: Any) -> Run:
    surface = SURFACES["beale"]()
    start = knobs.pop("start", surface.start)
    entrant = Entrant(OPTIMIZERS[rule](**knobs), clip=Clip(*clip) if clip else None)  # type: ignore[arg-type]
    return run_race(RaceSpec(surface, start, steps, (entrant,))).runs[0]


def plain_twin(run: Run) -> tuple[Array, dict[str, Array]]:
    optimizer, clip, surface = run.entrant.optimizer, run.entrant.clip, SURFACES["beale"]()
    return plain_run(
        *(optimizer.key, optimizer.settings(), lambda _, at: surface.gradient(*at)),
        *(tuple(run.path[0]), run.lr, (clip.kind, clip.limit) if clip else None),
    )


# Memory


@pytest.mark.parametrize("clip", CLIPS, ids=str)
@pytest.mark.parametrize(("rule", "knobs"), MORE_FORMS, ids=str)
def test_memory_is_that_of_the_plain_rule(rule: str, knobs: Any, clip: Any) -> None:
    run = run_of(rule, clip=clip, lr=2e-3, weight_decay=0.1, **knobs)
    path, expected = plain_twin(run)
    assert np.abs(run.path - path).max() <= 1e-12
    memory = run.memory()
    assert list(memory) == list(expected) == list(run.entrant.optimizer.memory)
    for name, values in expected.items():
        assert memory[name].shape == (81, 2)
        assert np.abs(memory[name] - values).max() <= 1e-12 * max(1.0, np.abs(values).max())
        assert (memory[name][0] == 0.0).all()
        assert (memory[name][-1] != 0.0).all()


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
def test_memory_stays_after_a_divergence(rule: str) -> None:
    run = run_of(rule, 60, lr=1.0)
    gone = run.diverged_step
    assert gone is not None
    assert gone < 40
    v = run.memory()["v"]
    assert (v[gone + 1 :] == v[gone]).all()


# Looking ahead


@pytest.mark.parametrize("form", ["chapter", "pytorch"])
def test_nesterov_takes_its_gradient_where_it_says(form: str) -> None:
    run = run_of("nesterov", lr=2e-3, form=form, weight_decay=0.2)
    looks = run.lookahead
    assert looks is not None
    assert looks.shape == (80, 2)
    assert not looks.flags.writeable
    assert (looks[0] == run.path[0]).all()
    for at, g in zip(looks, run.gradients, strict=True):
        assert tuple(SURFACES["beale"]().gradient(*at)) == tuple(g)
    v = run.memory()["v"][:-1] * (1.0 if form == "chapter" else -2e-3)
    assert np.abs(looks - (run.path[:-1] + 0.9 * v)).max() <= 1e-15
    assert np.hypot(*(looks - run.path[:-1]).T).max() > 0.01
    # Under a steady rate, that is β times the last step ahead.
    ahead = run.path[1:-1] + 0.9 * np.diff(run.path, axis=0)[:-1]
    assert np.abs(looks[1:] - ahead).max() <= 1e-14


def test_the_loss_is_that_of_the_path_not_of_the_point_ahead() -> None:
    run = run_of("nesterov", lr=2e-3)
    surface = SURFACES["beale"]()
    assert run.loss.tolist() == [surface.value(x, y) for x, y in run.path.tolist()]


@pytest.mark.parametrize(
    "rule", [key for key, part in OPTIMIZERS.items() if not part().looks_ahead]
)
def test_other_rules_look_where_they_stand(rule: str) -> None:
    run = run_of(rule, lr=1e-3)
    assert run.lookahead is None
    assert not run.entrant.optimizer.looks_ahead


def test_after_a_divergence_nobody_looks_ahead() -> None:
    run = run_of("nesterov", 60, lr=1.0)
    gone = run.diverged_step
    assert gone is not None
    assert run.lookahead is not None
    assert np.isfinite(run.lookahead).all()
    assert (run.lookahead[gone:] == run.path[gone]).all()


# Clipping


def test_without_a_clip_nothing_is_clipped() -> None:
    run = run_of("sgd", lr=0.01)
    assert run.clipped.dtype == np.bool_
    assert run.clipped.shape == (80,)
    assert not run.clipped.any()


@pytest.mark.parametrize("clip", CLIPS[1:], ids=str)
def test_a_step_is_clipped_if_and_only_if_it_is_not_the_gradients_own(clip: Any) -> None:
    run = run_of("sgd", 2000, clip=clip, lr=0.01)
    own = run.path[:-1] - 0.01 * run.gradients
    assert (run.clipped == (run.path[1:] != own).any(axis=1)).all()
    assert {True, False} == set(run.clipped.tolist())
    assert not run.clipped.flags.writeable


@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize("clip", CLIPS[1:], ids=str)
def test_it_is_clipped_where_torch_clips(clip: Any, rule: str) -> None:
    torch = pytest.importorskip("torch", exc_type=ImportError)
    run = run_of(rule, 300, clip=clip, lr=0.02)
    act = getattr(torch.nn.utils, f"clip_grad_{clip[0]}_")
    for k, g in enumerate(run.gradients.tolist()):
        theta = torch.zeros(2, dtype=torch.float64, requires_grad=True)
        theta.grad = torch.tensor(g, dtype=torch.float64)
        act([theta], clip[1])
        assert run.clipped[k] == (theta.grad.tolist() != g)
    assert run.clipped.any()


def test_where_a_clip_begins() -> None:
    # A norm counts as longer by the 1e-6 that torch adds to it; a value is compared as it is.
    lengths = np.array([0.5, 1.0 - 2e-6, 1.0 - 0.5e-6, 1.0, 1.0 + 1e-12, 3.0, 1e200])
    along = np.column_stack([0.6 * lengths, -0.8 * lengths])
    assert Clip.norm(1.0).acts(along).tolist() == [False, False, True, True, True, True, True]
    aside = np.column_stack([0.0 * lengths, -lengths])
    assert Clip.value(1.0).acts(aside).tolist() == [False] * 4 + [True] * 3
    assert Clip.norm(1.0).acts(np.zeros((2, 2))).tolist() == [False, False]


def test_steps_that_are_not_taken_are_not_clipped() -> None:
    run = run_of("sgd", 200, clip=("norm", 100.0), lr=60.0, start=(4.0, 2.4))
    assert run.diverged_step == 1
    assert run.clipped.tolist() == [True] + [False] * 199


# The rate of each parameter


def direction(run: Run) -> Array:
    """What each step is along, (steps, 2), by formula: the gradient, or Adam's average of it."""
    optimizer, clip = run.entrant.optimizer, run.entrant.clip
    p: Any = optimizer.settings()
    limit = (clip.kind, clip.limit) if clip else None
    g = np.array([clipped(each, limit) for each in run.gradients])
    if optimizer.key not in DECOUPLED:
        g = g + p["weight_decay"] * run.path[:-1]
    if "beta1" not in p:
        return g
    s, t = run.memory()["s"][1:], np.arange(1.0, len(g) + 1.0)[:, np.newaxis]
    if optimizer.key == "nadam":
        mu = p["beta1"] * (1 - 0.5 * 0.96 ** (np.arange(1.0, len(g) + 2.0) * p["momentum_decay"]))
        mu, product = mu[:, np.newaxis], np.cumprod(mu)[:, np.newaxis]
        return mu[1:] * s / (1 - product[1:]) + (1 - mu[:-1]) * g / (1 - product[:-1])
    return s / (1 - p["beta1"] ** t) if p.get("bias_correction", True) else s


@pytest.mark.parametrize("clip", CLIPS, ids=str)
@pytest.mark.parametrize(("rule", "knobs"), MORE_FORMS, ids=str)
def test_a_step_is_its_rate_times_its_direction(rule: str, knobs: Any, clip: Any) -> None:
    run = run_of(rule, clip=clip, weight_decay=0.1, **knobs)
    rate = run.effective_rate()
    if rule in ONE_RATE:
        assert rate is None
        return
    assert rate is not None
    assert rate.shape == (80, 2)
    assert not rate.flags.writeable
    assert (rate > 0.0).all()
    kept = 1.0 - run.lr[:, np.newaxis] * (0.1 if rule in DECOUPLED else 0.0)
    expected = kept * run.path[:-1] - rate * direction(run)
    assert np.abs(run.path[1:] - expected).max() <= 1e-13


def test_adagrads_rates_only_fall() -> None:
    rate = run_of("adagrad", 300, lr=0.5).effective_rate()
    assert rate is not None
    assert (np.diff(rate, axis=0) <= 0.0).all()
    assert (rate[-1] < 0.95 * rate[0]).all()


def test_radams_rate_is_epsilon_until_it_rectifies() -> None:
    rate = run_of("radam", lr=0.01).effective_rate()
    assert rate is not None
    # With β₂ = 0.999, ρ passes 5 at the sixth step, where torch begins.
    assert (rate[:5] == 0.01).all()
    assert (rate[5:] != 0.01).all()


def test_amsgrads_divisor_never_falls_before_its_correction() -> None:
    run = run_of("amsgrad", 300, lr=0.05, beta2=0.9)
    r, largest = run.memory()["r"], run.memory()["r_max"]
    assert (largest == np.maximum.accumulate(r, axis=0)).all()
    assert (largest[-1] > r[-1]).all()


def test_the_rates_of_steps_not_taken_are_0() -> None:
    run = run_of("radam", 60, lr=500.0)
    gone, rate = run.diverged_step, run.effective_rate()
    assert gone is not None
    assert rate is not None
    assert (rate[:gone] > 0.0).all()
    assert (rate[gone:] == 0.0).all()


def test_a_divisor_that_overflows_leaves_a_rate_of_0() -> None:
    # 10⁷⁰ out, Beale's gradient is beyond 10¹⁵⁴, so its square is beyond all numbers.
    run = run_of("rmsprop", 3, start=(1e30, 1e24), lr=1e-9)
    rate = run.effective_rate()
    assert rate is not None
    assert np.hypot(*run.gradients[0]) > 1e154
    assert (rate == 0.0).all()
    assert math.isfinite(run.loss[0])
