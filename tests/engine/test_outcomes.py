"""Every outcome on a race that is built to have it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import optimize

from optiviz.engine import (
    GRADIENTS,
    OPTIMIZERS,
    SCHEDULES,
    SURFACES,
    Clip,
    Entrant,
    RaceSpec,
    Run,
    curvature,
    run_race,
)
from optiviz.engine.gradients import FullGradient, Gradient, MiniBatch
from optiviz.engine.outcome import Finish, Outcome
from optiviz.engine.outcomes import judge
from optiviz.engine.recurrence import fades
from optiviz.engine.trend import stretch

pytestmark = pytest.mark.usefixtures("compiled_kernels")


def judged(surface: Any, path: Any, loss: Any = None, goal: float = -math.inf) -> Outcome:
    """Judge a path that was drawn by hand, of a racer that nothing but the gradient moves."""
    path = np.asarray(path, dtype=float)
    loss = surface.value(*path.T) if loss is None else np.asarray(loss, dtype=float)
    lr = np.full(len(path) - 1, 0.01)
    return judge(surface, Entrant(OPTIMIZERS["sgd"]()), path, loss, loss, lr, Finish(goal, 1e-3))


def run_of(rule: str, surface: str, start: tuple[float, float], steps: int, **knobs: Any) -> Run:
    # Nobody finishes unless it is meant.
    target, shape = knobs.pop("target", 0.0), knobs.pop("shape", {})
    if surface == "quadratic":
        shape = {"kappa": 30.0, "angle": 20.0, **shape}
    clip, gradient = knobs.pop("clip", None), knobs.pop("gradient", GRADIENTS["full"]())
    entrant = Entrant(OPTIMIZERS[rule](**knobs), gradient=gradient, clip=clip)
    spec = RaceSpec(SURFACES[surface](**shape), start, steps, (entrant,), target=target)
    return run_race(spec).runs[0]


def newtons_step(run: Run) -> float:
    """Say how far the end of a run is from where the gradient vanishes, by numpy's own solver."""
    x, y = map(float, run.path[-1])
    step = np.linalg.lstsq(run.surface.hessian(x, y), run.surface.gradient(x, y), rcond=None)[0]
    return float(np.hypot(*step))


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
    # The first gradient is 10¹⁵⁰ and ε = 1000, but a step on Beale's walls is to the sixth power.
    run = run_of("sgd", "beale", (1e45, 2e6), 10, lr=1e3)
    assert run.outcome.kind == "diverged"
    assert np.isfinite(run.path).all()
    huge = run_of("sgd", "rosenbrock", (1e80, 0.0), 10, lr=1e3)
    assert huge.outcome.kind == "diverged"
    assert huge.outcome.step == 0
    assert (huge.path == (1e80, 0.0)).all()


def cliff(loss_beyond: float, gradient_beyond: float) -> Any:
    """A steady gradient along x up to 1, and beyond it whatever is asked for."""

    def kernel(x: float, y: float, knobs: Any, examples: Any, g: Any) -> float:
        g[0] = -1.0 if x <= 1.0 else gradient_beyond
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


@pytest.mark.parametrize("gradient", [math.inf, math.nan])
def test_diverged_by_a_gradient_that_is_not_finite(gradient: float) -> None:
    sgd = Entrant(OPTIMIZERS["sgd"](lr=0.4))
    run = run_race(RaceSpec(cliff(5.0, gradient), (0.0, 0.0), 20, (sgd,))).runs[0]
    assert run.diverged_step == 4
    assert run.path[3, 0] == pytest.approx(1.2)
    assert (run.path[4:] == run.path[3]).all()
    assert (run.loss[3:] == 5.0).all()
    assert (run.gradients[3:] == 0.0).all()


def test_a_divergence_after_the_finish_says_both() -> None:
    # Started at the minimum, on a schedule that jumps far beyond the bound of 2 / 30.
    drawn = SCHEDULES["drawn"](knots="0:0.002, 20:0.002, 21:10")
    sgd = Entrant(OPTIMIZERS["sgd"](lr=0.5), drawn)
    spec = RaceSpec(SURFACES["quadratic"](), (0.004, 0.001), 100, (sgd,), steps_per_epoch=1)
    run = run_race(spec).runs[0]
    assert (run.outcome.kind, run.outcome.step) == ("diverged", run.diverged_step)
    assert run.finish_step == 0
    told = f"Diverged at step {run.diverged_step}, after it was below 0.001 at step 0."
    assert run.outcome.sentence.startswith(told)
    assert run.outcome_at(10).sentence == "Below 0.001 since step 0."


def test_settled_at_a_minimum() -> None:
    run = run_of("sgd", "himmelblau", (1.5, -4.5), 3000, lr=0.01)
    outcome = judged(SURFACES["himmelblau"](), run.path)
    assert (outcome.kind, outcome.step, outcome.where) == ("settled", 2700, "minimum")
    assert outcome.sentence == "Settled at a minimum."
    assert newtons_step(run) < 1e-12


def test_settled_at_a_saddle_from_its_stable_line() -> None:
    # On y = 1 the gradient points along the line, straight into Beale's saddle at (0, 1).
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
    # Later it leaves: what is left of the error grows along the direction that curves down.
    run = run_of("sgd", "himmelblau", tuple(start), 20, lr=0.01)
    distance = np.hypot(*(run.path - saddle).T)
    assert distance[5:10].max() < 0.1 * distance[0]
    assert {run.outcome_at(step).where for step in range(8, 15)} <= {"saddle", None}
    assert "growing" in run.outcome.sentence


def test_settled_where_weight_decay_cancels_the_gradient() -> None:
    run = run_of("sgd", "beale", (1.0, 1.5), 20_000, lr=0.005, weight_decay=0.3)
    assert run.outcome.kind == "settled"
    assert (
        run.outcome.sentence == "Settled where weight decay cancels the gradient, not at a minimum."
    )
    # There the gradient and the pull of λ are equal and opposite.
    gradient = SURFACES["beale"]().gradient(*run.path[-1])
    assert np.allclose(gradient, -0.3 * run.path[-1], rtol=0, atol=1e-6)
    assert math.dist(run.path[-1], (3.0, 0.5)) > 0.01


@pytest.mark.parametrize("rule", ["adamw", "lion"])
@pytest.mark.parametrize("weight_decay", [0.5, 1.0])
def test_settled_where_decoupled_decay_holds_the_racer(rule: str, weight_decay: float) -> None:
    # Himmelblau's minimum at (3, 2) pulls by ε a step, however steep it is; ελθ pulls back.
    knobs = {"lr": 0.01, "weight_decay": weight_decay, "beta2": 0.9}
    run = run_of(rule, "himmelblau", (0.9, 0.9), 4000, **knobs)
    assert run.outcome.kind == "settled"
    assert (
        run.outcome.sentence == "Settled where weight decay cancels the gradient, not at a minimum."
    )
    assert np.allclose(run.path[-1], 1.0 / weight_decay, rtol=0, atol=1e-5)
    # Gradient and λθ are far from cancelling, as they would under L2.
    gradient = SURFACES["himmelblau"]().gradient(*run.path[-1])
    assert np.hypot(*(gradient + weight_decay * run.path[-1])) > 0.5 * np.hypot(*gradient)


def test_settled_where_decoupled_decay_and_a_large_delta_balance() -> None:
    # With δ = 1 the step is about εg where g is small: then the decay counts as it does under L2.
    knobs = {"lr": 0.01, "weight_decay": 0.2, "delta": 1.0, "beta2": 0.9}
    run = run_of("adamw", "beale", (1.0, 1.5), 20_000, **knobs)
    assert (
        run.outcome.sentence == "Settled where weight decay cancels the gradient, not at a minimum."
    )
    gradient = SURFACES["beale"]().gradient(*run.path[-1])
    balance = gradient / (np.abs(gradient) + 1.0) + 0.2 * run.path[-1]
    assert np.hypot(*balance) < 1e-6


@pytest.mark.parametrize("lr", [0.01, 0.001])
def test_decoupled_decay_that_the_gradient_outweighs_is_not_told(lr: float) -> None:
    # Where λ|θ| < 1 the least gradient holds against it, since Adam makes any gradient as long as
    # ε. It circles there, as ever shorter steps would not: each gradient is made as long as ε.
    run = run_of("adamw", "beale", (1.0, 1.5), 20_000, lr=lr, weight_decay=0.2, beta2=0.9)
    assert math.dist(run.path[-1], (3.0, 0.5)) < 0.02
    assert run.outcome.where != "held"
    assert run.outcome.kind in ("circling", "settled")


@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_no_rule_is_at_rest_because_its_steps_are_short(rule: str, weight_decay: float) -> None:
    run = run_of(rule, "beale", (2.0, 0.3), 20, lr=1e-9, weight_decay=weight_decay)
    assert run.outcome.kind == "running"
    optimizer, at = run.entrant.optimizer, np.array((2.0, 0.3))
    gradient = SURFACES["beale"]().gradient(*at)
    size, pull = np.hypot(*gradient), 0.1 * np.hypot(*at)
    though = f"the gradient is {size:.2g}"
    if optimizer.l2:
        though = f"gradient and weight decay together are {np.hypot(*(gradient + 0.1 * at)):.2g}"
    elif optimizer.decay:
        though = f"the gradient is {size:.2g} and weight decay pulls by {pull:.2g}"
    # Momentum is still gathering speed.
    assert run.outcome.sentence in (
        f"Has hardly moved for 10 steps, though {though}: its steps are too short.",
        "Has hardly moved for 10 steps; its steps are growing.",
    )


def test_weight_decay_that_holds_nothing_back() -> None:
    # The quadratic's minimum is the origin, where weight decay pulls to as well.
    run = run_of("sgd", "quadratic", (-4.0, 1.0), 3000, lr=0.05, weight_decay=0.1)
    assert run.outcome.sentence == "Settled at a minimum."


@pytest.mark.parametrize(
    ("key", "near"), [("himmelblau", (-0.27, -0.92)), ("six_hump_camel", (1.23, 0.16))]
)
def test_settled_on_a_hilltop_is_at_a_maximum(key: str, near: tuple[float, float]) -> None:
    surface = SURFACES[key]()
    top = optimize.root(
        lambda at: surface.gradient(*map(float, at)), near, options={"xtol": 1e-15}
    ).x
    run = run_of("sgd", key, tuple(top), 50, lr=1e-6)
    assert run.outcome.kind == "settled"
    assert run.outcome.sentence == "Settled at a maximum, not at a minimum."


# What an adversary tries: near a listed point, and yet not there


def test_near_a_minimum_is_not_at_it() -> None:
    # 0.004 of a window of 10 away, on a wall so steep that the gradient is 10 and more.
    shape = {"kappa": 1e4, "angle": 0.0}
    run = run_of("sgd", "quadratic", (0.004, -0.001), 300, lr=1e-9, shape=shape)
    assert run.outcome.kind == "running"
    assert run.outcome.sentence.startswith(
        "Has hardly moved for 30 steps, though the gradient is 10"
    )


def test_near_a_saddle_is_not_at_it() -> None:
    saddle = np.array(SURFACES["himmelblau"]().saddles[0])
    run = run_of("sgd", "himmelblau", tuple(saddle + 0.009), 300, lr=1e-9)
    assert np.hypot(*run.gradients[-1]) > 0.3
    assert run.outcome.sentence.startswith("Has hardly moved")


def test_on_a_valley_floor_the_minimum_is_far() -> None:
    # The gradient is less than 10⁻⁶ of the greatest curvature, 5 · 10⁴, and the way 2 % of the
    # window.
    run = run_of("sgd", "rosenbrock", (1.1, 1.21), 300, lr=1e-9, shape={"b": 1e4})
    assert math.dist(run.path[-1], (1.0, 1.0)) > 0.2
    assert run.outcome.sentence.startswith("Has hardly moved")
    assert curvature(run.surface, *map(float, run.path[-1])).kind == "regular"


def test_too_short_a_step_to_see_is_no_rest() -> None:
    # ε moves it by less than a unit in the last place: it stands still, and nothing holds it.
    for rule, decay in (("sgd", 0.0), ("sgd", 0.3), ("adamw", 1e-9), ("lion", 1e-9)):
        sgd = Entrant(
            OPTIMIZERS[rule](lr=1e-9, weight_decay=decay), SCHEDULES["exponential"](gamma=1e-4)
        )
        spec = RaceSpec(SURFACES["beale"](), (1.0, 1.5), 400, (sgd,), target=0.0)
        run = run_race(spec).runs[0]
        assert (run.path[-40:] == run.path[-1]).all()
        assert run.outcome.kind == "running"
        assert run.outcome.sentence.startswith("Has hardly moved")


def test_leaving_a_saddle_is_no_rest_at_it() -> None:
    # An error of 10⁻¹² grows along the direction that curves down: by 1.5 a step.
    surface = SURFACES["himmelblau"]()
    saddle = np.array(surface.saddles[0])
    values, vectors = np.linalg.eigh(surface.hessian(*saddle))
    entrant = Entrant(OPTIMIZERS["sgd"](lr=-0.5 / values[0]))
    start = saddle + 1e-12 * vectors[:, 0]
    told = set()
    run = run_race(RaceSpec(surface, tuple(start), 60, (entrant,), target=0.0)).runs[0]
    for step in range(1, 61):
        told.add(run.outcome_at(step).kind)
    assert told == {"running"}


def test_leaving_slowly_is_no_rest_either() -> None:
    # |y| grows by 1.05 a step, and is all the time as good as nothing.
    run = run_of("sgd", "saddle", (0.0, 1e-13), 250, lr=0.5)
    for step in range(10, 251, 10):
        assert run.outcome_at(step).sentence.endswith("its steps are growing.")


@pytest.mark.parametrize("aside", [1e-9, 1e-12, 1e-14])
def test_leaving_a_saddle_is_seen_beside_coming_to_it(aside: float) -> None:
    # Along x it comes in; along y it leaves, by 1 % a step from the first step on.
    shape = {"c": 0.1}
    run = run_of("sgd", "saddle", (3.0, aside), 600, lr=0.1, shape=shape)
    told = {run.outcome_at(step).kind for step in range(20, 600, 3)}
    assert told <= {"running", "diverged"}


@pytest.mark.parametrize("rule", ["lion", "adamw"])
@pytest.mark.parametrize("decay", [0.0, 0.01, 0.1])
def test_who_hops_to_and_fro_at_a_minimum_has_settled(rule: str, decay: float) -> None:
    # Its gradient turns round at every step, and so holds it against any decay below 1 / |θ|.
    knobs = {"lr": 0.1, "weight_decay": decay}
    if rule == "adamw":
        knobs |= {"beta1": 0.0, "beta2": 0.0}
    entrant = Entrant(OPTIMIZERS[rule](**knobs), SCHEDULES["exponential"](gamma=0.9))
    surface = SURFACES["styblinski_tang"]()
    spec = RaceSpec(surface, (2.0, 2.0), 1000, (entrant,), steps_per_epoch=5, target=0.0)
    run = run_race(spec).runs[0]
    assert run.outcome.where == "minimum"
    resting = [run.outcome_at(s) for s in range(750, 1000)]
    assert {outcome.kind for outcome in resting} == {"settled"}


def test_who_comes_to_a_balance_with_decay_is_held_there() -> None:
    # Lion goes 1 % of what is left at each step: that is no short step, but an approach.
    run = run_of("lion", "booth", (2.0, 2.0), 2000, lr=0.01, weight_decay=1.0)
    assert run.outcome.where == "held"
    hardly = [run.outcome_at(step) for step in range(1000, 2000, 10)]
    short = [outcome for outcome in hardly if outcome.way == "short"]
    assert not short


def test_a_rate_beyond_the_bound_is_not_told_as_too_small() -> None:
    # At a minimum, 10⁻⁹ away, under 1.1 of the bound: it swings out by 1.2 a step.
    run = run_of("sgd", "quadratic", (0.0, 1e-9), 36, lr=2.2 / 30.0, shape={"angle": 0.0})
    for step in (5, 20, 25, 36):
        told = run.outcome_at(step).sentence
        assert told.startswith("Has hardly moved")
        assert told.endswith("its steps are growing.")


@pytest.mark.parametrize("gradient", [MiniBatch(batch_size=4), FullGradient()])
def test_steps_of_one_small_epsilon_are_short_and_do_not_grow(gradient: Gradient) -> None:
    """Nor by chance, nor of a single one, nor by rounding and δ."""
    for rule, surface in (
        ("sgd", "line"),
        ("sgd", "beale"),
        ("adam", "saddle"),
        ("adam", "ackley"),
    ):
        entrant = Entrant(OPTIMIZERS[rule](lr=1e-9), gradient=gradient)
        part = SURFACES[surface]()
        run = run_race(RaceSpec(part, part.start, 60, (entrant,), target=0.0)).runs[0]
        for step in (*range(1, 12), 33, 60):
            told = run.outcome_at(step).sentence
            assert told.startswith("Has hardly moved")
            assert told.endswith("its steps are too short.")


@pytest.mark.parametrize("weight_decay", [0.0, 1e-5])
def test_a_saddle_is_one_by_the_signs_of_its_curvatures(weight_decay: float) -> None:
    # Goldstein and Price's at (1.2, −0.2) falls within a narrow cone alone, between −1.4 and 312.
    surface = SURFACES["log_goldstein_price"]()
    saddle = min(surface.saddles, key=lambda at: math.dist(at, (1.2, -0.2)))
    place = optimize.root(
        lambda at: surface.gradient(*map(float, at)) + weight_decay * at,
        saddle,
        options={"xtol": 1e-15},
    ).x
    knobs = {"lr": 1e-4, "weight_decay": weight_decay}
    run = run_of("sgd", "log_goldstein_price", tuple(place), 30, **knobs)
    assert run.outcome.where in ("saddle", None)
    assert run.outcome_at(10).where != "minimum"


@pytest.mark.parametrize("clip", [Clip.value(0.5), Clip.norm(0.5 * math.sqrt(2.0))])
def test_a_clip_and_weight_decay_that_cancel(clip: Clip) -> None:
    # Booth's gradient at (½, ½) points along the diagonal, and is clipped to (−½, −½); λθ is (½,
    # ½).
    run = run_of("sgd", "booth", (0.5, 0.5), 300, lr=0.1, weight_decay=1.0, clip=clip)
    assert np.hypot(*run.surface.gradient(*run.path[-1])) > 1.0
    assert run.outcome.where == "held"


def test_nearly_cancelling_is_not_cancelling() -> None:
    # Gradient and decay cancel to a thousandth, but along the valley there is far to go.
    shape, decay = {"kappa": 1e4, "angle": 0.0}, 1e-3
    start = (3.0, 0.0)
    surface = SURFACES["quadratic"](**shape)
    g = surface.gradient(*start)
    run = run_of("sgd", "quadratic", start, 300, lr=1e-9, weight_decay=decay, shape=shape)
    assert np.hypot(*g) > 0.0
    assert run.outcome.where is None
    assert run.outcome.kind == "running"


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
    outcome = judged(Flat(), path)
    assert (outcome.kind, outcome.step, outcome.where) == ("settled", 90, "plateau")
    assert outcome.sentence == "Settled on a plateau, not at a minimum."


def test_a_plateau_is_flat_all_round() -> None:
    # Far out on the plateau surface the gradient is e⁻³⁰⁰; on its rim it is not.
    far = run_of("sgd", "plateau", (30.0, 30.0), 100, lr=1e-6, shape={"w": 0.3})
    assert far.outcome.where == "plateau"
    rim = run_of("sgd", "plateau", SURFACES["plateau"]().start, 100, lr=1e-9)
    assert rim.outcome.sentence.startswith("Has hardly moved")


@pytest.mark.parametrize("rule", ["sgd", "adam", "adamw", "lion", "rmsprop"])
def test_a_plateau_does_not_hold_who_is_only_slow(rule: str) -> None:
    # Far out the gradient is as good as 0, but λθ is 100: with a greater ε it would be gone.
    pulled = run_of(rule, "plateau", (100.0, 3.0), 100, lr=1e-9, weight_decay=1.0)
    assert pulled.outcome.kind == "running"
    told = "weight decay together are 100" if pulled.entrant.optimizer.l2 else "pulls by 100"
    assert told in pulled.outcome.sentence
    if rule == "sgd":  # the others make any gradient as long as ε
        free = run_of(rule, "plateau", (100.0, 3.0), 100, lr=1e-9, weight_decay=0.0)
        assert free.outcome.where == "plateau"


def test_adam_on_level_ground_is_slow_and_not_held() -> None:
    # The loss differs by less than 10⁻⁶ all round, and yet Adam goes ε a step there.
    at, shape = (30.0, 30.0), {"w": 0.3}
    assert 1e-7 < np.hypot(*SURFACES["plateau"](**shape).gradient(*at)) < 1e-5
    assert run_of("sgd", "plateau", at, 100, lr=1e-9, shape=shape).outcome.where == "plateau"
    assert run_of("adam", "plateau", at, 100, lr=1e-9, shape=shape).outcome.kind == "running"


@pytest.mark.parametrize("seed", range(8))
def test_chance_at_rest_is_not_taken_for_growing(seed: int) -> None:
    # By chance, every second tail has the longer moves in its second half.
    gradient = GRADIENTS["gaussian"](sigma=1e-9)
    entrant = Entrant(OPTIMIZERS["sgd"](lr=0.01), gradient=gradient)
    spec = RaceSpec(SURFACES["booth"](), (1.0, 3.0), 200, (entrant,), target=0.0, seed=seed)
    run = run_race(spec).runs[0]
    assert {run.outcome_at(step).where for step in range(20, 200, 7)} == {"minimum"}


# Circling: it goes round, comes nowhere, and its loss neither falls nor rises


def test_circling_with_its_radius() -> None:
    # RMSProp's steps are about ε long however small the gradient: it bounces across the minimum.
    run = run_of("rmsprop", "quadratic", (-4.0, 1.0), 1000, lr=0.1, rho=0.9)
    assert run.outcome.kind == "circling"
    assert run.outcome.step == 1001 - 192
    tail = run.path[run.outcome.step :]
    radius = np.hypot(*(tail - tail.mean(axis=0)).T).max()
    assert run.outcome.radius == pytest.approx(radius)
    assert 0.02 < radius < 0.2
    assert run.outcome.sentence == (
        f"Circling in a ball of radius {radius:.2g}; its loss hardly falls any more."
    )


@pytest.mark.parametrize("steps", [*range(90, 108), 500, 501])
def test_a_swing_between_two_places_circles_whatever_the_parity(steps: int) -> None:
    # ε = 2/λ: from (0, 1) to (0, −1) and back, exactly.
    shape = {"kappa": 64.0, "angle": 0.0}
    run = run_of("sgd", "quadratic", (0.0, 1.0), steps, lr=2.0 / 64.0, shape=shape)
    assert np.abs(run.path[:, 1]).tolist() == [1.0] * (steps + 1)
    assert run.outcome.kind == "circling"
    assert run.outcome.radius == 1.0


@pytest.mark.parametrize(("kappa", "steps"), [(30.0, 300), (100.0, 1000)])
def test_a_swing_circles_as_soon_as_all_else_is_nothing(kappa: float, steps: int) -> None:
    # Along the valley it comes in, and what that gives is soon nothing beside the swing's loss.
    shape = {"kappa": kappa, "angle": 0.0}
    run = run_of("sgd", "quadratic", (-4.0, 1.0), steps, lr=2.0 / kappa, shape=shape)
    for step in range(80, steps + 1):
        begin = step - step // 5
        still = np.ptp(run.loss[begin : step + 1]) < 1e-3 * run.loss[step]
        along = np.abs(run.path[begin : step + 1, 0]).max() < 1e-2
        assert not (still and along) or run.outcome_at(step).kind == "circling"
    assert run.outcome.kind == "circling"


@pytest.mark.parametrize("steps", [200, 201, 400, 1000])
@pytest.mark.parametrize("share", [0.99, 0.998, 0.9995])
def test_who_comes_in_slowly_does_not_circle(share: float, steps: int) -> None:
    # Each step shortens the way across by 1 − 2(1 − share), so the loss falls by its square.
    shape = {"kappa": 1000.0, "angle": 0.0}
    lr = share * 2.0 / 1000.0
    run = run_of("sgd", "quadratic", (0.0, 1.0), steps, lr=lr, shape=shape)
    assert run.outcome.sentence in ("Still on its way.", "Settled at a minimum.")
    # Settled it has only where all that it swings is less than can be seen.
    assert run.outcome.kind == "running" or np.ptp(run.path[-100:], axis=0).max() < 1e-6


@pytest.mark.parametrize(("away", "share", "steps"), [(0.01, 0.99, 400), (0.01, 0.998, 400)])
def test_nor_at_a_local_minimum(away: float, share: float, steps: int) -> None:
    # 14 above the best one: beside that, what the racer loses is nothing.
    surface = SURFACES["styblinski_tang"]()
    worst = max(surface.minima, key=lambda at: surface.value(*at))
    largest = np.linalg.eigvalsh(surface.hessian(*worst))[1]
    start = (worst[0] + away, worst[1])
    run = run_of("sgd", "styblinski_tang", start, steps, lr=share * 2.0 / largest)
    assert run.outcome.sentence == "Still on its way."


@pytest.mark.parametrize("step", [200, 250, 300, 350])
def test_nor_a_heavy_ball_that_swings_ever_less(step: int) -> None:
    run = run_of("momentum", "rastrigin", (-1.0, -0.4), 600, lr=1e-3, beta=0.99)
    assert run.loss[step - 30 : step].max() > run.loss[step : step + 50].max()
    assert run.outcome_at(step).sentence == "Still on its way."


def test_few_verdicts_of_circling_come_before_a_fall() -> None:
    # One long swing hides a fall that is as slow; of all playheads few are taken in.
    wrong = total = 0
    for beta in (0.99, 0.997):
        for lr in (0.01, 0.1, 1.0):
            for rule in ("momentum", "nesterov"):
                shape = {"kappa": 1.0, "angle": 0.0}
                run = run_of(rule, "quadratic", (-4.0, 0.0), 1500, lr=lr, beta=beta, shape=shape)
                for step in range(50, 1500, 7):
                    total += 1
                    wrong += run.outcome_at(step).kind == "circling"
    assert wrong <= 0.01 * total


@pytest.mark.parametrize("beta", [0.95, 0.99, 0.997])
@pytest.mark.parametrize("share", [0.9, 0.98, 0.99, 0.995])
def test_nor_near_the_bound_where_two_swings_hide_the_fall(beta: float, share: float) -> None:
    # All of it fades by √β a step, which no block shows where swings of two lengths beat.
    for start in ((-4.0, 1.0), (0.1, 4.0)):
        lr = share * 2.0 * (1.0 + beta) / 30.0
        run = run_of("momentum", "quadratic", start, 1000, lr=lr, beta=beta)
        assert all(run.outcome_at(step).kind != "circling" for step in range(80, 1001, 7))


@pytest.mark.parametrize("noise", [0.0, 1e-4, 1e-3])
def test_what_is_said_of_a_recurrence_is_its_roots(noise: float) -> None:
    k, rng = np.arange(200), np.random.default_rng(1)
    for root, turn in ((0.999, 3.0), (0.9999, 2.5), (1.0, 2.5), (1.001, 2.0)):
        swing = root**k * np.exp(1j * turn * k)
        path = np.column_stack([swing.real + 3.0, 0.2 * swing.imag - 1.0])
        path += noise * rng.normal(size=path.shape)
        # Told is a change by more than 2 %, and by more than noise could make.
        assert fades(path, 0.02) == (abs(root**199 - 1.0) > 0.02)
    assert not fades(rng.normal(size=(200, 2)), 0.02)
    assert not fades(np.ones((200, 2)), 0.02)


@pytest.mark.parametrize("key", ["exponential", "cosine", "linear"])
def test_nor_whose_epsilon_changes(key: str) -> None:
    # It may look as if it went round, and come nearer all the same as ε falls.
    for rule, lr in (("sgd", 0.06), ("momentum", 0.11), ("adam", 0.5), ("lion", 0.1)):
        entrant = Entrant(OPTIMIZERS[rule](lr=lr), SCHEDULES[key]())
        surface = SURFACES["quadratic"](kappa=30.0, angle=20.0)
        run = run_race(RaceSpec(surface, (-4.0, 1.0), 600, (entrant,), target=0.0)).runs[0]
        kinds = [run.outcome_at(step).kind for step in range(80, 600, 7)]
        assert kinds
        assert "circling" not in kinds


@pytest.mark.parametrize("key", ["himmelblau", "styblinski_tang", "six_hump_camel"])
def test_outside_a_bowl_few_verdicts_come_before_a_fall(key: str) -> None:
    surface, rng = SURFACES[key](), np.random.default_rng(5)
    wrong = total = 0
    for _ in range(30):
        least = np.array(surface.minima[rng.integers(len(surface.minima))])
        beta = float(rng.choice([0.95, 0.98, 0.99, 0.995]))
        largest = np.linalg.eigvalsh(surface.hessian(*least))[1]
        lr = rng.uniform(0.4, 0.98) * 2.0 * (1.0 + beta) / largest
        start = tuple(least + rng.uniform(-0.5, 0.5, 2))
        run = run_of("momentum", key, start, 1000, lr=lr, beta=beta)
        for step in range(80, 600, 13) if run.diverged_step is None else ():
            total += 1
            count = stretch(step)
            now, later = run.loss[step + 1 - count :][:count], run.loss[step + 1 + count :][:count]
            falls = later.mean() - run.loss.min() < 0.75 * (now.mean() - run.loss.min())
            wrong += run.outcome_at(step).kind == "circling" and falls
    assert total >= 40
    assert wrong <= 0.01 * total


@pytest.mark.parametrize("sigma", [0.001, 0.01])
def test_nor_a_heavy_ball_far_above_its_noise(sigma: float) -> None:
    gradient = GRADIENTS["gaussian"](sigma=sigma)
    shape = {"kappa": 2.4, "angle": 0.0}
    knobs = {"lr": 1.646, "beta": 0.995, "gradient": gradient}
    run = run_of("momentum", "quadratic", (0.3, -3.8), 1000, shape=shape, **knobs)
    wrong = [s for s in range(80, 600, 7) if run.outcome_at(s).kind == "circling"]
    assert run.loss[80:120].mean() > 4.0 * run.loss[900:].mean()
    assert not wrong


@pytest.mark.parametrize("steps", [40, 41, 100, 101, 300])
@pytest.mark.parametrize("share", [1.0005, 1.002, 1.01])
def test_what_grows_is_not_on_its_way(share: float, steps: int) -> None:
    shape = {"kappa": 1000.0, "angle": 0.0}
    lr = share * 2.0 / 1000.0
    run = run_of("sgd", "quadratic", (0.0, 1e-3), steps, lr=lr, shape=shape)
    assert (np.diff(run.loss) > 0.0).all()
    assert run.outcome.kind == "running"
    assert run.outcome.sentence.startswith("Its loss has risen over the last ")


@pytest.mark.parametrize("steps", [1, 3, 10])
def test_what_grows_in_a_short_race_is_told_too(steps: int) -> None:
    run = run_of("sgd", "quadratic", (0.0, 1e-3), steps, lr=2.02 / 30.0, shape={"angle": 0.0})
    assert run.outcome.sentence == "Its loss is above that of its start."


def test_a_zigzag_along_a_valley_leads_somewhere() -> None:
    # Across it always the same, along it forward: on a floor that is level the loss says nothing.
    k = np.arange(1001)
    for forward in (1e-3, 1e-5):
        path = np.column_stack([k * forward, 0.01 * (k % 2)])
        outcome = judged(SURFACES["quadratic"](), path, np.ones(1001))
        assert outcome.kind == "running"
    assert judged(SURFACES["quadratic"](), path * (0, 1), np.ones(1001)).kind == "circling"


def test_less_than_two_rounds_is_no_circle() -> None:
    for rounds, kind in ((1.0, "running"), (8.0, "circling")):
        turns = np.linspace(0.0, rounds * 5.0 * 2.0 * math.pi, 1001)
        ring = np.column_stack([np.cos(turns), np.sin(turns)])
        assert judged(SURFACES["quadratic"](), ring, np.ones(1001)).kind == kind


def test_noise_that_has_come_to_its_floor_circles() -> None:
    gradient = GRADIENTS["gaussian"](sigma=1.0)
    run = run_of("sgd", "quadratic", (-4.0, 1.0), 5000, lr=0.03, gradient=gradient)
    assert run.outcome.kind == "circling"


def test_running() -> None:
    run = run_of("sgd", "rosenbrock", (-1.2, 1.0), 500, lr=1e-3)
    assert run.outcome.kind == "running"
    assert run.outcome.step is None
    assert run.outcome.radius is None
    assert run.outcome.sentence == "Still on its way."


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_short_races_are_judged_too(steps: int) -> None:
    told = run_of("sgd", "beale", (1.0, 1.5), steps, lr=1e-3).outcome.sentence
    assert told == "Still on its way."
    told = run_of("sgd", "beale", (1.0, 1.5), steps, lr=1e-9).outcome.sentence
    assert told.startswith(f"Has hardly moved for {steps} step")


def test_it_hardly_moves_only_below_the_threshold() -> None:
    surface = SURFACES["quadratic"]()
    step = 1e-6 * surface.width / 10.0  # ten steps make the last tenth of a hundred
    for factor, told in ((0.98, "Has hardly moved"), (1.02, "Still on its way")):
        x = 1.0 - factor * step * np.arange(101)
        path = np.column_stack([x, np.zeros(101)])
        assert judged(surface, path).sentence.startswith(told)


# What is told at a playhead


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_nothing_is_told_of_what_is_still_ahead(rule: str) -> None:
    # At each step the words are those of a race that ends there, but for staying below.
    surface = SURFACES["beale"]()
    entrant = Entrant(OPTIMIZERS[rule](**{"lr": 0.02, **surface.tuned.get(rule, {})}))
    long = run_race(RaceSpec(surface, surface.start, 300, (entrant,))).runs[0]
    for step in range(1, 300, 13):
        short = run_race(RaceSpec(surface, surface.start, step, (entrant,))).runs[0]
        told = short.outcome.sentence.replace("stays below from", "below since")
        told = told.replace("Stays below 0.001 from", "Below 0.001 since")
        assert long.outcome_at(step).sentence == told
    assert long.outcome_at(300) is long.outcome


def test_at_the_start_nothing_has_come_of_it() -> None:
    for rule, lr in (("sgd", 1e-9), ("sgd", 50.0), ("adam", 0.5)):
        run = run_of(rule, "beale", (1.0, 1.5), 100, lr=lr)
        assert run.outcome_at(0).sentence == "At the start."
        assert run.outcome_at(0).kind == "running"


def test_a_divergence_is_told_from_its_step_on() -> None:
    run = run_of("sgd", "beale", (1.0, 1.5), 50, lr=50.0)
    gone = run.diverged_step
    assert gone is not None
    assert run.outcome_at(gone - 1).kind == "running"
    assert run.outcome_at(gone) is run.outcome
