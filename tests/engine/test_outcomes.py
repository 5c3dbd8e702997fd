"""Every outcome on a race that is built to have it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from optiviz.engine import OPTIMIZERS, SURFACES, Entrant, RaceSpec, Run, run_race
from optiviz.engine.outcomes import judge

pytestmark = pytest.mark.usefixtures("compiled_kernels")


def no_decay(at: Any, g: Any) -> Any:
    return g, 0.0 * at


def run_of(rule: str, surface: str, start: tuple[float, float], steps: int, **knobs: Any) -> Run:
    target = knobs.pop("target", 0.0)  # so that nobody finishes unless it is meant
    entrant = Entrant(OPTIMIZERS[rule](**knobs))
    return run_race(RaceSpec(SURFACES[surface](), start, steps, (entrant,), target=target)).runs[0]


def test_diverged_by_distance() -> None:
    # A little above the bound, the error across the valley grows by half a percent a step.
    run = run_of("sgd", "quadratic", (-4.0, 1.0), 4000, lr=1.0025 * 2 / 30)
    gone = run.outcome.step
    assert run.outcome.kind == "diverged"
    assert gone is not None
    reach = 1000.0 * SURFACES["quadratic"]().width
    center = SURFACES["quadratic"]().center
    distance = np.array([math.dist(at, center) for at in run.path])
    assert distance[gone - 1] <= reach < distance[gone]
    assert distance[gone] < 1.006 * reach
    assert run.outcome.sentence.startswith(f"Diverged at step {gone}. ε was above the local bound")
    assert "0.067 at step" in run.outcome.sentence


def test_diverged_at_once_is_told_about_its_start() -> None:
    run = run_of("sgd", "quadratic", (-4.0, 1.0), 50, lr=1.0)
    told = f"Diverged at step {run.outcome.step}. ε was above the local bound 0.067 at step 0."
    assert run.outcome.sentence == told


def test_diverged_by_a_point_that_is_not_finite() -> None:
    # The first slope is 10¹⁵⁰ and ε = 1000, but a step on Beale's walls is to the sixth power.
    run = run_of("sgd", "beale", (1e45, 2e6), 10, lr=1e3)
    assert run.outcome.kind == "diverged"
    assert np.isfinite(run.path).all()
    huge = run_of("sgd", "rosenbrock", (1e80, 0.0), 10, lr=1e3)
    assert huge.outcome.kind == "diverged"
    assert huge.outcome.step == 0
    assert (huge.path == (1e80, 0.0)).all()


def cliff(loss_beyond: float, slope_beyond: float) -> Any:
    """A steady slope along x up to 1, and beyond it whatever is asked for."""

    def kernel(x: float, y: float, knobs: Any, examples: Any, g: Any) -> float:
        g[0] = -1.0 if x <= 1.0 else slope_beyond
        g[1] = 0.0
        return 10.0 - x if x <= 1.0 else loss_beyond

    class Cliff(SURFACES["quadratic"]):  # type: ignore[misc]
        least = 0.0  # nobody is to finish here

    Cliff.kernel = staticmethod(kernel)
    return Cliff()


@pytest.mark.parametrize("loss", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("steps", [3, 4, 20])
def test_diverged_by_a_loss_that_is_not_finite(steps: int, loss: float) -> None:
    sgd = Entrant(OPTIMIZERS["sgd"](lr=0.4))
    run = run_race(RaceSpec(cliff(loss, 0.0), (0.0, 0.0), steps, (sgd,))).runs[0]
    assert run.diverged_step == 3  # x = 0, 0.4, 0.8, and then beyond
    assert run.path[:3, 0].tolist() == [0.0, 0.4, 0.8]
    assert (run.path[3:] == run.path[2]).all()
    assert (run.loss[3:] == run.loss[2]).all()
    assert np.isfinite(run.loss).all()
    assert (run.gradients[3:] == 0.0).all()


@pytest.mark.parametrize("slope", [math.inf, math.nan])
def test_diverged_by_a_slope_that_is_not_finite(slope: float) -> None:
    sgd = Entrant(OPTIMIZERS["sgd"](lr=0.4))
    run = run_race(RaceSpec(cliff(5.0, slope), (0.0, 0.0), 20, (sgd,))).runs[0]
    assert run.diverged_step == 4
    assert run.path[3, 0] == pytest.approx(1.2)
    assert (run.path[4:] == run.path[3]).all()
    assert (run.loss[3:] == 5.0).all()
    assert (run.gradients[3:] == 0.0).all()


def test_a_divergence_after_the_finish_says_both() -> None:
    surface = SURFACES["beale"]()
    path = np.tile(surface.minima[0], (11, 1))
    outcome = judge(surface, path, 3, 9, None, no_decay)
    assert (outcome.kind, outcome.step) == ("diverged", 9)
    assert outcome.sentence == "Diverged at step 9, after finishing at step 3."


def test_finished() -> None:
    surface = SURFACES["beale"]()
    knobs = surface.tuned["adam"]
    run = run_of("adam", "beale", surface.start, 300, target=1e-3, **knobs)
    assert run.outcome.kind == "finished"
    assert run.outcome.step == run.finish_step
    assert run.loss[run.finish_step] <= 1e-3 < run.loss[: run.finish_step].min()
    assert run.outcome.sentence == f"Finished at step {run.finish_step}."


def test_settled_at_a_minimum() -> None:
    run = run_of("sgd", "himmelblau", (1.5, -4.5), 3000, lr=0.01, target=0.0)
    if run.outcome.kind == "finished":  # it hit the minimum to the last bit
        assert run.loss.min() == 0.0
    outcome = judge(SURFACES["himmelblau"](), run.path, None, None, None, no_decay)
    assert (outcome.kind, outcome.step) == ("settled", 2700)
    assert outcome.sentence == "Settled at a minimum."


def test_settled_at_a_saddle_from_its_stable_line() -> None:
    # On y = 1 the slope points along the line, straight into Beale's saddle at (0, 1).
    run = run_of("sgd", "beale", (0.0, 1.0), 200, lr=0.001)
    assert run.outcome.kind == "settled"
    assert run.outcome.sentence == "Settled at a saddle, not at a minimum."
    himmelblau = SURFACES["himmelblau"]()
    for saddle in himmelblau.saddles:
        run = run_of("momentum", "himmelblau", saddle, 100, lr=1e-6)
        assert run.outcome.kind == "settled"
        assert run.outcome.sentence == "Settled at a saddle, not at a minimum."


def test_settled_at_a_saddle_that_is_no_start() -> None:
    # A saddle with a straight stable line: f = x² - y² along y = 0, by the quadratic's loop.
    surface = SURFACES["himmelblau"]()
    saddle = np.array(surface.saddles[0])
    values, vectors = np.linalg.eigh(surface.hessian(*saddle))
    start = saddle + 1e-7 * vectors[:, 1]  # along the direction that curves up
    assert values[1] > 0.0
    run = run_of("sgd", "himmelblau", tuple(start), 60, lr=0.01)
    distance = np.hypot(*(run.path - saddle).T)
    assert distance[5:10].max() < 0.1 * distance[0]
    assert run.outcome.sentence == "Settled at a saddle, not at a minimum."


def test_settled_beside_a_minimum_because_of_weight_decay() -> None:
    run = run_of("sgd", "beale", (1.0, 1.5), 20_000, lr=0.005, weight_decay=0.3)
    assert run.outcome.kind == "settled"
    assert run.outcome.sentence == "Settled beside a minimum: weight decay holds it back."
    # There the slope and the pull of λ are equal and opposite.
    slope = SURFACES["beale"]().gradient(*run.path[-1])
    assert np.allclose(slope, -0.3 * run.path[-1], rtol=0, atol=1e-6)
    assert math.dist(run.path[-1], (3.0, 0.5)) > 0.01


@pytest.mark.parametrize("rule", ["adamw", "lion"])
@pytest.mark.parametrize("weight_decay", [0.5, 1.0])
def test_settled_where_decoupled_decay_holds_the_racer(rule: str, weight_decay: float) -> None:
    # Himmelblau's minimum at (3, 2) pulls by ε a step, however steep it is; ελθ pulls back.
    knobs = {"lr": 0.01, "weight_decay": weight_decay, "beta2": 0.9}
    run = run_of(rule, "himmelblau", (0.9, 0.9), 4000, **knobs)
    assert run.outcome.kind == "settled"
    assert run.outcome.sentence == "Settled beside a minimum: weight decay holds it back."
    assert np.allclose(run.path[-1], 1.0 / weight_decay, rtol=0, atol=1e-5)
    # Slope and λθ are far from cancelling, as they would under L2.
    slope = SURFACES["himmelblau"]().gradient(*run.path[-1])
    assert np.hypot(*(slope + weight_decay * run.path[-1])) > 0.5 * np.hypot(*slope)


def test_settled_where_decoupled_decay_and_a_large_delta_balance() -> None:
    # With δ = 1 the step is about εg where g is small: then the decay counts as it does under L2.
    knobs = {"lr": 0.01, "weight_decay": 0.2, "delta": 1.0, "beta2": 0.9}
    run = run_of("adamw", "beale", (1.0, 1.5), 20_000, **knobs)
    assert run.outcome.sentence == "Settled beside a minimum: weight decay holds it back."
    slope = SURFACES["beale"]().gradient(*run.path[-1])
    balance = slope / (np.abs(slope) + 1.0) + 0.2 * run.path[-1]
    assert np.hypot(*balance) < 1e-6


def test_decoupled_decay_that_the_slope_outweighs_is_not_told() -> None:
    # Where λ|θ| < 1 the least slope holds against it, since Adam makes any slope as long as ε.
    knobs = {"lr": 0.01, "weight_decay": 0.2, "beta2": 0.9}
    run = run_of("adamw", "beale", (1.0, 1.5), 20_000, **knobs)
    if run.outcome.kind == "settled":
        assert run.outcome.sentence == "Settled at a minimum."
    assert math.dist(run.path[-1], (3.0, 0.5)) < 0.02


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_no_rule_is_held_where_it_hardly_moves(rule: str) -> None:
    for weight_decay in (0.0, 0.1):
        run = run_of(rule, "beale", (1.0, 1.5), 20, lr=1e-9, weight_decay=weight_decay)
        assert run.outcome.sentence.startswith("Hardly moves, though the slope is ")


def test_weight_decay_that_holds_nothing_back() -> None:
    # The quadratic's minimum is the origin, where weight decay pulls to as well.
    run = run_of("sgd", "quadratic", (-4.0, 1.0), 3000, lr=0.05, weight_decay=0.1)
    assert run.outcome.kind == "settled"
    assert run.outcome.sentence == "Settled at a minimum."


def test_hardly_moving_is_not_called_a_minimum() -> None:
    run = run_of("sgd", "beale", (1.0, 1.5), 300, lr=1e-9)
    assert run.outcome.kind == "settled"
    assert run.outcome.sentence.startswith("Hardly moves, though the slope is ")
    assert f"{np.hypot(*SURFACES['beale']().gradient(1.0, 1.5)):.2g}" in run.outcome.sentence


def test_hardly_moving_with_weight_decay_is_not_called_a_minimum_either() -> None:
    run = run_of("sgd", "beale", (1.0, 1.5), 300, lr=1e-9, weight_decay=0.1)
    assert run.outcome.kind == "settled"
    assert run.outcome.sentence.startswith("Hardly moves, though the slope is ")


def test_settled_on_a_hilltop_is_no_minimum() -> None:
    run = run_of("sgd", "himmelblau", (-0.270844590667, -0.923038522099), 50, lr=1e-6)
    assert run.outcome.kind == "settled"
    assert "not at a minimum" in run.outcome.sentence


class Flat(SURFACES["quadratic"]):  # type: ignore[misc]
    """A plateau: flat everywhere, with its listed minimum far away."""

    kernel = staticmethod(lambda x, y, knobs, examples, g: g.__setitem__(slice(0, 2), [0.0, 0.0]))
    minima = ((4.0, 2.0),)

    def value(self, x: Any, y: Any) -> Any:
        return 0.0 * (x + y) + 1.0

    def gradient(self, x: Any, y: Any) -> Any:
        return np.zeros((2, *np.shape(x)))

    def second_derivatives(self, x: Any, y: Any) -> Any:
        return 0.0 * x, 0.0 * x, 0.0 * x


def test_settled_on_a_plateau() -> None:
    path = np.tile((-1.0, 1.0), (101, 1))
    outcome = judge(Flat(), path, None, None, None, no_decay)
    assert (outcome.kind, outcome.step) == ("settled", 90)
    assert outcome.sentence == "Settled on a plateau, not at a minimum."


def test_circling_with_its_radius() -> None:
    # RMSProp's steps are about ε long however small the slope: it bounces across the minimum.
    run = run_of("rmsprop", "quadratic", (-4.0, 1.0), 1000, lr=0.1, rho=0.9)
    assert run.outcome.kind == "circling"
    assert run.outcome.step == 800
    tail = run.path[800:]
    radius = np.hypot(*(tail - tail.mean(axis=0)).T).max()
    assert run.outcome.radius == pytest.approx(radius)
    assert 0.02 < radius < 0.2
    assert f"{radius:.2g}" in run.outcome.sentence


def test_a_circle_as_wide_as_the_window_is_none() -> None:
    surface = SURFACES["quadratic"]()
    turns = np.linspace(0.0, 40.0 * math.pi, 1001)
    ring = np.column_stack([np.cos(turns), np.sin(turns)])
    small = judge(surface, ring, None, None, None, no_decay)
    assert small.kind == "circling"
    assert small.radius == pytest.approx(1.0, rel=1e-2)
    assert judge(surface, surface.width * ring, None, None, None, no_decay).kind == "running"


@pytest.mark.parametrize(("factor", "kind"), [(0.98, "running"), (1.02, "circling")])
def test_it_circles_only_above_the_threshold(factor: float, kind: str) -> None:
    # A zigzag whose length is ten times the way it comes forward, and a little less or more.
    forward = 0.01
    aside = forward * math.sqrt((10.0 * factor) ** 2 - 1.0)
    k = np.arange(101)
    path = np.column_stack([k * forward, (k % 2) * aside])
    assert judge(SURFACES["quadratic"](), path, None, None, None, no_decay).kind == kind


def test_running() -> None:
    run = run_of("sgd", "rosenbrock", (-1.2, 1.0), 500, lr=1e-3)
    assert run.outcome.kind == "running"
    assert run.outcome.step is None
    assert run.outcome.radius is None
    assert run.outcome.sentence == "Still on its way."


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_short_races_are_judged_too(steps: int) -> None:
    assert run_of("sgd", "beale", (1.0, 1.5), steps, lr=1e-3).outcome.kind == "running"
    assert run_of("sgd", "beale", (1.0, 1.5), steps, lr=1e-9).outcome.kind == "settled"


def test_it_is_settled_only_below_the_threshold() -> None:
    surface = SURFACES["quadratic"]()
    step = 1e-6 * surface.width / 10.0  # ten steps make the last tenth of a hundred
    for factor, kind in ((0.98, "settled"), (1.02, "running")):
        x = 1.0 + factor * step * np.arange(101)
        path = np.column_stack([x, np.zeros(101)])
        assert judge(surface, path, None, None, None, no_decay).kind == kind


def test_what_is_still_ahead_is_not_told_as_past():
    spec = RaceSpec(SURFACES["beale"](), (1.0, 1.5), 300, (Entrant(OPTIMIZERS["adam"](lr=0.5)),))
    outcome = run_race(spec).runs[0].outcome
    assert outcome.told_at(74) == "Finishes at step 75."
    assert outcome.told_at(75) == outcome.sentence == "Finished at step 75."
