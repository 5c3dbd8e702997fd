"""How large ε may be: each rule's bound, from both sides, and beside the printed formula."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from optiviz.engine import OPTIMIZERS, SURFACES, Clip, Entrant, RaceSpec, Run, run_race
from optiviz.engine.bounds import Bound, Bounds, NoBound
from optiviz.engine.runner import Runner
from tests.engine.optimizer_cases import (
    BOUNDED,
    ONE_RATE,
    UNBOUNDED,
    Form,
    divides_at_first,
    other_forms,
)
from tests.reference.plain_rules import plain_run

Array = np.ndarray

pytestmark = pytest.mark.usefixtures("compiled_kernels")


def run_of(optimizer: Any, surface: Any, start: Any, steps: int, **changes: Any) -> Run:
    entrant = Entrant(optimizer, clip=changes.pop("clip", None))
    return run_race(RaceSpec(surface, start, steps, (entrant,), **changes)).runs[0]


# From both sides, by the rule's own kernel

#: Memory far into a race, held: averages that forget a millionth a step, gradients too small to
#: count, corrections that have run out.
HELD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "adagrad": ({}, {"r": (0.3, 2.0)}),
    "rmsprop": ({"rho": 0.999999}, {"r": (0.3, 2.0)}),
    "adadelta": ({"rho": 0.999999, "delta": 1e-3}, {"r": (0.3, 2.0), "u": (0.01, 0.4)}),
    "adamax": ({"beta2": 0.999999, "delta": 1e-16}, {"u": (0.5, 1.5)}),
    "amsgrad": ({"beta2": 0.999999}, {"r": (0.1, 0.1), "r_max": (0.3, 2.0), "beta2^t": 0.0}),
    **{
        key: ({"beta2": 0.999999}, {"r": (0.3, 2.0), "beta2^t": 0.0})
        for key in ("adam", "adamw", "nadam", "radam")
    },
}
#: Knobs beside β on which a bound hangs, with values to cross it with.
BESIDE: dict[str, tuple[str, tuple[float, ...]]] = {
    "nadam": ("momentum_decay", (0.0, 1.0)),  # μ stays at β₁ / 2, or is β₁ from the start on
}


def bound_cases(key: str) -> list[Form]:
    """Every form of a rule, its β from 0 on, crossed with what else its bound hangs on."""
    found: list[Form] = [(key, {}), *other_forms(key)]
    for spec in OPTIMIZERS[key].knobs():
        if spec.scale == "toward_one" and spec.name not in HELD.get(key, ({}, {}))[0]:
            values = [{spec.name: value} for value in (0.0, 0.5, 0.9)]
            beside, others = BESIDE.get(key, ("", ()))
            if beside:
                values = [{**one, beside: other} for one in values for other in others]
            found += [(key, one) for one in values]
    return found


CASES = [case for key in BOUNDED for case in bound_cases(key)]


def held(optimizer: Any, memory: dict[str, Any]) -> list[float]:
    """Write a memory by its names; what is not named is 0, and for a product, long run out."""
    still = optimizer.settings().get("momentum_decay") == 0.0
    numbers = {"t": 1.0, "0.96^(t psi)": 1.0 if still else 0.0}
    found = [part for name in optimizer.memory for part in memory.get(name, (0.0, 0.0))]
    return [*found, *(numbers.get(name, 0.0) for name in optimizer.numbers)]


def several(memory: dict[str, Array]) -> dict[str, Array]:
    """Make one memory a list of one."""
    return {name: values[np.newaxis] for name, values in memory.items()}


def grown(
    optimizer: Any,
    memory: list[float],
    surface: Any,
    start: tuple[float, float] = (1e-100, -7e-101),  # its squared gradients leave the memory alone
) -> float:
    """Step from very near the minimum; give how many times farther off it is in the end."""
    runner = Runner(Entrant(optimizer), surface, start, np.full(5000, optimizer.lr))
    runner.memory = list(memory)
    for step in range(0, 5000, 100):
        assert runner.advance(step, step + 100, compiled=True) == -1
        farther = np.hypot(*runner.path[step : step + 101].T).max() / np.hypot(*start)
        if farther > 1e6:
            break
    return float(farther)


@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize(("rule", "knobs"), CASES, ids=str)
def test_the_bound_holds_from_both_sides(rule: str, knobs: Any, decay: float) -> None:
    surface = SURFACES["quadratic"](kappa=50.0, angle=20.0)
    knobs_held, memory = HELD.get(rule, ({}, {}))
    part = OPTIMIZERS[rule]
    settings = {**knobs_held, **knobs, "weight_decay": decay}
    probe = part(**settings)
    state = held(probe, memory)
    hessian = surface.hessian(0.0, 0.0) + probe.l2 * np.eye(2)
    bound = probe.lr_bound(hessian, probe.named(np.array(state)))
    assert bound is not None
    assert grown(part(**{**settings, "lr": 0.98 * bound}), state, surface) < 1e-3
    assert grown(part(**{**settings, "lr": 1.02 * bound}), state, surface) > 1e6


@pytest.mark.parametrize("rule", ["sgd", "momentum", "nesterov"])
@pytest.mark.parametrize("beta", [0.5, 0.9])
@pytest.mark.parametrize("kappa", [1.0, 7.0, 300.0])
def test_a_real_race_settles_below_the_bound_and_diverges_above(
    rule: str, beta: float, kappa: float
) -> None:
    surface = SURFACES["quadratic"](kappa=kappa, angle=33.0)
    knobs: dict[str, Any] = {} if rule == "sgd" else {"beta": beta}
    bound = run_of(OPTIMIZERS[rule](**knobs), surface, (1.0, -0.7), 1).lr_bound(0)
    c = {"sgd": 2.0, "momentum": 2.0 * (1.0 + beta)}
    c["nesterov"] = c["momentum"] / (1.0 + 2.0 * beta)
    assert bound == pytest.approx(c[rule] / kappa)
    below, above = (
        run_of(OPTIMIZERS[rule](lr=factor * bound, **knobs), surface, (1.0, -0.7), 3000, target=0.0)
        for factor in (0.98, 1.02)
    )
    # Along the valley it may be slow, so look across it, where the bound comes from.
    turn = math.radians(33.0)
    across = np.array([-math.sin(turn), math.cos(turn)])
    assert np.abs(below.path[-50:] @ across).max() < 1e-6
    assert below.diverged_step is None
    assert above.diverged_step is not None


# Beside the printed formula


def plain_scale(key: str, p: Any, memory: dict[str, Array], t: int) -> Array:
    """What the rule divides by after t steps, from its formula."""
    delta, now = p["delta"], {name: values[t] for name, values in memory.items()}
    if key == "adamax":
        return now["u"]
    if key == "adadelta":
        return np.sqrt(now["r"] + delta) / np.sqrt(now["u"] + delta)
    r = now["r_max"] if key == "amsgrad" else now["r"]
    if key in ("adagrad", "rmsprop") or not p.get("bias_correction", True):
        return np.sqrt(r) + delta
    left = 1 - p["beta2"] ** t
    if key != "radam":
        return np.sqrt(r / left) + delta
    last = 2 / (1 - p["beta2"]) - 1
    rho = last - 2 * t * p["beta2"] ** t / left
    if rho <= 5:
        return np.ones(2)
    factor = (rho - 4) * (rho - 2) * last / ((last - 4) * (last - 2) * rho)
    return (np.sqrt(r) + delta) / np.sqrt(factor * left)


def plain_reach(key: str, p: Any, t: int) -> float:
    if "beta1" not in p:
        return 2.0
    beta = p["beta1"]
    if key != "nadam":
        return 2 * (1 + beta) / (1 - beta)
    mu, after = (beta * (1 - 0.5 * 0.96 ** (i * p["momentum_decay"])) for i in (t + 1, t + 2))
    return 2 * (1 + beta) / ((1 - beta) * after + (1 + beta) * (1 - mu))


ADAPTIVE: list[tuple[str, dict[str, Any]]] = [
    *((key, {}) for key in HELD),
    *(form for key in HELD for form in other_forms(key)),
    *((key, {"beta1": 0.8, "beta2": 0.9}) for key in HELD if "beta1^t" in OPTIMIZERS[key].numbers),
]


def test_what_a_rule_divides_by_is_held_for_every_rule_that_divides() -> None:
    assert set(HELD) == set(BOUNDED) - set(ONE_RATE)


@pytest.mark.parametrize("surface", ["quadratic", "rosenbrock", "beale", "himmelblau"])
@pytest.mark.parametrize(("rule", "knobs"), ADAPTIVE, ids=str)
def test_adaptive_bounds_are_those_of_the_preconditioned_hessian(
    rule: str, knobs: Any, surface: str
) -> None:
    part = SURFACES[surface]()
    run = run_of(OPTIMIZERS[rule](weight_decay=0.05, lr=1e-3, **knobs), part, part.start, 60)
    p = run.entrant.optimizer.settings()
    _, memory = plain_run(rule, p, lambda _, at: part.gradient(*at), part.start, run.lr)
    for step in (1, 5, 40):
        # The rule sees the L2 term too: its quadratic is H + λI.
        l2 = 0.0 if rule == "adamw" else 0.05
        hessian = part.hessian(*run.path[step]) + l2 * np.eye(2)
        scaled = np.diag(1.0 / plain_scale(rule, p, memory, step)) @ hessian
        c, largest = plain_reach(rule, p, step), float(np.linalg.eigvals(scaled).real.max())
        # What is decoupled is not divided by P: (1 − ελ)θ takes ½cλ out of what is left.
        largest += 0.5 * c * (0.05 if rule == "adamw" else 0.0)
        expected = c / largest if largest > 0.0 else math.inf
        assert run.lr_bound(step) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("weight_decay", [0.0, 0.3])
@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_before_its_first_gradient_a_rule_that_divides_has_no_bound(
    rule: str, weight_decay: float
) -> None:
    part = SURFACES["beale"]()
    optimizer = OPTIMIZERS[rule](lr=0.01, weight_decay=weight_decay)
    run = run_of(optimizer, part, part.start, 5)
    largest = np.linalg.eigvalsh(part.hessian(*part.start)).max() + weight_decay
    divides = divides_at_first(rule)  # RAdam does not yet: it is momentum, as an average
    if rule in UNBOUNDED or divides:
        assert run.lr_bound(0) is None
        assert run.bound(0).why is (NoBound.UNMEASURED if divides else NoBound.RULE)
    else:
        beta = optimizer.settings().get("beta", 0.9)
        known = {"sgd": 2.0, "momentum": 2.0 * (1.0 + beta), "radam": 2.0 * (1.0 + 0.9) / 0.1}
        known["nesterov"] = 2.0 * (1.0 + beta) / (1.0 + 2.0 * beta)
        expected = known.get(rule, optimizer.reach({})) / largest
        assert run.lr_bound(0) == pytest.approx(expected, rel=1e-12)
    assert (run.lr_bound(1) is None) == (rule in UNBOUNDED)


@pytest.mark.parametrize("rule", ["adam", "adamw"])
def test_nor_without_bias_correction(rule: str) -> None:
    part = SURFACES["beale"]()
    run = run_of(OPTIMIZERS[rule](bias_correction=False), part, part.start, 5)
    assert run.bound(0).why is NoBound.UNMEASURED
    assert run.bound(1).why is None


# One parameter that has met no gradient

ONE_BLIND = [(key, {}) for key in HELD if key != "radam"] + [("adam", {"bias_correction": False})]


@pytest.mark.parametrize(("rule", "knobs"), ONE_BLIND, ids=str)
def test_a_parameter_without_a_gradient_counts_for_nothing_while_it_stays(
    rule: str, knobs: Any
) -> None:
    """On y = 0 of an upright bowl the racer is one of x alone, and so is its bound."""
    bowl = SURFACES["quadratic"](kappa=30.0, angle=0.0)  # f = (x² + 30y²) / 2
    run = run_of(OPTIMIZERS[rule](lr=1e-3, weight_decay=0.0, **knobs), bowl, (-4.0, 0.0), 60)
    assert (run.path[:, 1] == 0.0).all()
    p = run.entrant.optimizer.settings()
    _, memory = plain_run(rule, p, lambda _, at: bowl.gradient(*at), (-4.0, 0.0), run.lr)
    for step in (1, 40):
        expected = plain_reach(rule, p, step) * plain_scale(rule, p, memory, step)[0]
        assert run.lr_bound(step) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("rule", [key for key, _ in ONE_BLIND[:-1]])
def test_that_bound_holds_from_both_sides(rule: str) -> None:
    bowl = SURFACES["quadratic"](kappa=50.0, angle=0.0)
    knobs_held, memory = HELD[rule]
    part, settings = OPTIMIZERS[rule], {**knobs_held, "weight_decay": 0.0}
    probe = part(**settings)
    resting = 1e-16 if rule == "adamax" else 0.0  # u is δ at least
    blind = {
        name: (pair[0], resting) if isinstance(pair, tuple) else pair
        for name, pair in memory.items()
    }
    state = held(probe, blind)
    bound = probe.lr_bound(bowl.hessian(0.0, 0.0), probe.named(np.array(state)))
    assert bound is not None
    for factor, low, high in ((0.98, 0.0, 1e-3), (1.02, 1e6, math.inf)):
        rule_at = part(**{**settings, "lr": factor * bound})
        assert low <= grown(rule_at, state, bowl, (1e-100, 0.0)) <= high


def test_where_the_other_tilts_it_there_is_none_yet() -> None:
    # The gradient along y is exactly 0 at first, but the first step along x gives it one.
    surface = SURFACES["quadratic"](kappa=30.0, angle=20.0)
    hessian = surface.hessian(0.0, 0.0)
    adam = OPTIMIZERS["adam"]()
    memory = adam.named(np.array(held(adam, {"r": (0.3, 0.0)})))
    assert adam.lr_bound(hessian, memory) is None
    assert adam.lr_bound(np.diag(np.diag(hessian)), memory) is not None
    assert adam.lr_bounds(hessian[..., np.newaxis], several(memory)).why[0] is NoBound.UNMEASURED


def test_radam_needs_no_measure_until_it_divides() -> None:
    bowl = SURFACES["quadratic"](kappa=30.0, angle=0.0)
    run = run_of(OPTIMIZERS["radam"](lr=1e-3), bowl, (-4.0, 0.0), 60)
    whole = 2.0 * 1.9 / 0.1 / 30.0
    assert [run.lr_bound(step) for step in range(6)] == pytest.approx([whole] * 6, rel=1e-12)
    p = run.entrant.optimizer.settings()
    _, memory = plain_run("radam", p, lambda _, at: bowl.gradient(*at), (-4.0, 0.0), run.lr)
    expected = 38.0 * plain_scale("radam", p, memory, 6)[0]
    assert run.lr_bound(6) == pytest.approx(expected, rel=1e-9)


def test_the_bound_has_weight_decay_in_it_and_none_holds_under_a_clip() -> None:
    surface = SURFACES["quadratic"](kappa=1.0, angle=0.0)
    sgd = OPTIMIZERS["sgd"](lr=1.5, weight_decay=1.0)
    plain, clipped = (
        run_of(sgd, surface, (1.0, 1.0), 20_000, clip=clip) for clip in (None, Clip.norm(0.5))
    )
    assert plain.lr_bound(0) == pytest.approx(1.0)
    assert plain.outcome.kind == "diverged"
    assert "ε was above the local bound 1 at" in plain.outcome.sentence
    assert clipped.lr_bound(0) is None


# Why there is none


@pytest.mark.parametrize("clip", [Clip.norm(0.5), Clip.value(0.5)], ids=str)
@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_a_clip_voids_the_bound_of_a_rule_that_has_one(rule: str, clip: Clip) -> None:
    part = SURFACES["beale"]()
    run = run_of(OPTIMIZERS[rule](lr=1e-3), part, part.start, 20, clip=clip)
    wanted = NoBound.RULE if rule in UNBOUNDED else NoBound.CLIP
    assert {run.bound(step).why for step in (0, 10, 20)} == {wanted}
    assert {run.lr_bound(step) for step in (0, 10, 20)} == {None}


def test_each_reason_is_told_apart() -> None:
    sgd, rmsprop = OPTIMIZERS["sgd"](lr=1e-3), OPTIMIZERS["rmsprop"](lr=1e-3)
    top, steep = SURFACES["styblinski_tang"](), SURFACES["quadratic"](kappa=30.0)
    told = run_of(sgd, steep, (1.0, 1.0), 5).bound(3)
    assert (told.lr, told.why) == (pytest.approx(2.0 / 30.0), None)
    assert run_of(sgd, top, (0.0, 0.0), 5).bound(3).why is NoBound.FLAT
    assert run_of(sgd, SURFACES["ackley"](), (0.0, 0.0), 5).bound(0).why is NoBound.CUSP
    assert run_of(rmsprop, SURFACES["ackley"](), (0.0, 0.0), 5).bound(0).why is NoBound.CUSP
    gone = run_of(OPTIMIZERS["sgd"](lr=10.0), steep, (1.0, 1.0), 50)
    assert gone.diverged_step is not None
    assert gone.bound(gone.diverged_step - 1).why is None
    assert {gone.bound(gone.diverged_step + more).why for more in (0, 1)} == {NoBound.GONE}
    assert math.isnan(gone.bound(gone.diverged_step).lr)
    # A squared gradient beyond all numbers is not flat ground.
    far = rmsprop.lr_bounds(np.eye(2)[..., np.newaxis], {"r": np.array([[math.inf, 1.0]])})
    assert far.why[0] is NoBound.BEYOND


def test_decoupled_decay_alone_bounds_epsilon_where_the_ground_is_flat() -> None:
    adamw = OPTIMIZERS["adamw"](weight_decay=0.5)
    memory = adamw.named(np.array([0.0, 0.0, 1.0, 1.0, *[0.0] * 4]))
    assert adamw.lr_bound(np.zeros((2, 2)), memory) == pytest.approx(2.0 / 0.5)
    bare = OPTIMIZERS["adamw"](weight_decay=0.0)
    assert bare.lr_bound(np.zeros((2, 2)), memory) == math.inf


def test_no_bound_beyond_what_a_number_holds() -> None:
    # There λmax of P⁻¹H overflows, and 0 would be no bound.
    optimizer = OPTIMIZERS["rmsprop"](delta=1e-16)
    hessian = np.array([[1e300, 0.0], [0.0, 1.0]])
    memory = {"r": np.full(2, 1e-40)}
    assert optimizer.lr_bound(hessian, memory) is None
    assert optimizer.lr_bounds(hessian[..., np.newaxis], several(memory)).why[0] is NoBound.BEYOND


@pytest.mark.parametrize("rule", BOUNDED)
def test_no_bound_where_nothing_curves_up(rule: str) -> None:
    top = (-0.270844590667, -0.923038522099)  # Himmelblau's hilltop
    optimizer = OPTIMIZERS[rule](lr=1e-9, weight_decay=0.0)
    run = run_of(optimizer, SURFACES["himmelblau"](), top, 60)
    assert run.lr_bound(5) == math.inf
    assert run.bound(5).why is NoBound.FLAT


def test_lion_has_none_anywhere() -> None:
    for surface in ("quadratic", "himmelblau"):
        part = SURFACES[surface]()
        run = run_of(OPTIMIZERS["lion"](lr=0.01), part, part.start, 60)
        assert {run.lr_bound(step) for step in (0, 30, 60)} == {None}
    # On any valley its steps are as long as ε says.
    steep = run_of(OPTIMIZERS["lion"](lr=10.0), SURFACES["quadratic"](kappa=1e4), (1.0, 1.0), 3000)
    assert steep.diverged_step is None
    assert "bound" not in steep.outcome.sentence


def test_equal_bounds_are_equal_though_none_is_a_number() -> None:
    assert Bound(float("nan"), NoBound.CLIP) == Bound(np.float64("nan"), NoBound.CLIP)
    assert Bound(float("nan"), NoBound.CLIP) != Bound(float("nan"), NoBound.RULE)


@pytest.mark.parametrize("largest", [1e-320, 1e-308, math.inf])
def test_a_bound_that_no_number_holds_is_told_as_such(largest: float) -> None:
    lr, why = (each[0] for each in vars(Bounds.over(2.0, np.array([largest]), ALL)).values())
    assert math.isnan(lr)
    assert why is NoBound.BEYOND
    told = Bounds.over(2.0, np.array([1e-300]), ALL)
    assert (told.lr[0], told.why[0]) == (pytest.approx(2e300), None)


ALL = np.ones(1, bool)
