"""The noise floor: theory against closed forms, and against races of many seeds."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optiviz.engine import (
    GRADIENTS,
    OPTIMIZERS,
    SCHEDULES,
    SURFACES,
    Clip,
    Entrant,
    RaceSpec,
    run_race,
)
from optiviz.engine.floor import (
    ONLY_FOR,
    TOO_LARGE,
    Floor,
    last_tenth,
    measured,
    nearest_minimum,
    theory,
)

pytestmark = pytest.mark.usefixtures("compiled_kernels")

RULES = {
    "sgd": OPTIMIZERS["sgd"](),
    "momentum": OPTIMIZERS["momentum"](beta=0.9),
    "momentum, torch": OPTIMIZERS["momentum"](beta=0.8, form="pytorch"),
    "nesterov": OPTIMIZERS["nesterov"](beta=0.9),
    "nesterov, torch": OPTIMIZERS["nesterov"](beta=0.8, form="pytorch"),
}
#: ε of SGD on each surface; the others' is smaller by 1 − β, so that all have the same pace.
KNOBS: dict[str, dict[str, Any]] = {"quadratic": {"kappa": 30.0}}
RATES = {"quadratic": (0.01, 0.03, 0.055), "booth": (0.02, 0.08), "line": (0.02, 0.06)}
SIZES = (1, 4, 32)
SEEDS = 120
#: How many standard errors measured and theory may be apart. Of 60 comparisons none is farther
#: than this by chance alone in 996 cases of 1000.
ERRORS = 4.0


def independent(size: int, spread: float = 0.5) -> Any:
    return GRADIENTS["mini_batch"](batch_size=size, replacement=True, spread=spread)


def entrant(rule: str, lr: float, gradient: Any) -> Entrant:
    optimizer = RULES[rule]
    pace = 1.0 - float(optimizer.settings().get("beta", 0.0))
    return Entrant(replace(optimizer, lr=lr * pace), gradient=gradient)


def squares(surface: Any, each: Entrant, floor: Floor) -> np.ndarray:
    """Measure the mean square distance of many seeds, begun so long ago that it is forgotten."""
    steps = max(400, round(20.0 * floor.memory))
    (minimum,) = surface.minima
    found = []
    for seed in range(SEEDS):
        race = run_race(RaceSpec(surface, surface.start, steps, (each,), seed=seed))
        found.append(measured(race.runs[0], minimum) ** 2)
    return np.array(found)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("key", "lr"), [(key, lr) for key in RATES for lr in RATES[key]])
@pytest.mark.parametrize("size", SIZES)
def test_theory_is_what_many_seeds_measure(key: str, lr: float, size: int, rule: str) -> None:
    surface = SURFACES[key](**KNOBS.get(key, {}))
    each = entrant(rule, lr, independent(size))
    floor = theory(each, surface)
    if floor.rms is None:
        assert (key, size) == ("line", 1)
        assert floor.why == TOO_LARGE
        return
    found = squares(surface, each, floor)
    error = found.std(ddof=1) / math.sqrt(SEEDS)
    assert abs(found.mean() - floor.rms**2) < ERRORS * error


@pytest.mark.parametrize("rule", RULES)
def test_theory_is_what_gaussian_noise_measures(rule: str) -> None:
    surface = SURFACES["matyas"]()
    each = entrant(rule, 0.3, GRADIENTS["gaussian"](sigma=0.2))
    floor = theory(each, surface)
    assert floor.rms is not None
    found = squares(surface, each, floor)
    assert abs(found.mean() - floor.rms**2) < ERRORS * found.std(ddof=1) / math.sqrt(SEEDS)


def closed_form(lr: float, beta: float, variance: float, curvatures: tuple[float, ...]) -> float:
    """The stationary variance of heavy-ball momentum under additive noise, axis by axis."""
    shares = (
        lr * variance * (1.0 + beta) / (h * (1.0 - beta) * (2.0 * (1.0 + beta) - lr * h))
        for h in curvatures
    )
    return math.sqrt(sum(shares))


@pytest.mark.parametrize("kappa", [1.0, 7.0, 300.0])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.95])
@pytest.mark.parametrize("share", [1e-4, 0.1, 0.9])  # of the largest ε
def test_theory_is_the_closed_form(kappa: float, beta: float, share: float) -> None:
    surface = SURFACES["quadratic"](kappa=kappa, angle=35.0)
    lr = share * 2.0 * (1.0 + beta) / kappa
    rule = OPTIMIZERS["momentum"](lr=lr, beta=beta)
    for gradient, variance in (
        (GRADIENTS["gaussian"](sigma=0.3), 0.09),
        (independent(5, spread=2.0), 4.0 / 5.0),
    ):
        floor = theory(Entrant(rule, gradient=gradient), surface)
        assert floor.rms == pytest.approx(closed_form(lr, beta, variance, (1.0, kappa)), rel=1e-6)
        # Each axis has half its curvature times its variance of the loss.
        wanted = sum(0.5 * h * closed_form(lr, beta, variance, (h,)) ** 2 for h in (1.0, kappa))
        assert floor.loss == pytest.approx(wanted, rel=1e-6)


def test_the_loss_at_the_floor_is_what_a_long_race_has_on_data() -> None:
    surface = SURFACES["line"]()
    gradient = GRADIENTS["mini_batch"](batch_size=4, replacement=True)
    each = entrant("sgd", 0.05, gradient)
    floor = theory(each, surface)
    found = [
        run_race(RaceSpec(surface, surface.minima[0], 4000, (each,), seed=seed)).runs[0]
        for seed in range(8)
    ]
    means = np.array([run.loss[1000:].mean() - surface.least for run in found])
    assert floor.loss is not None
    assert abs(means.mean() - floor.loss) < ERRORS * means.std(ddof=1) / math.sqrt(len(means))


def test_sgd_is_momentum_without_a_memory() -> None:
    surface, gradient = SURFACES["line"](), independent(3)
    floors = [
        theory(Entrant(rule, gradient=gradient), surface)
        for rule in (OPTIMIZERS["sgd"](lr=0.03), OPTIMIZERS["momentum"](lr=0.03, beta=0.0))
    ]
    assert floors[0].rms == pytest.approx(floors[1].rms, rel=1e-9)
    assert floors[0].memory == pytest.approx(floors[1].memory, rel=1e-6)


def test_of_data_each_example_s_hessian_counts() -> None:
    """By the recursion itself: E over the examples, one after the other, until it rests."""
    surface, lr = SURFACES["rare_feature"](), 0.05
    (minimum,) = surface.minima
    second, rows = np.zeros((2, 2)), surface.examples[:, :2]
    rests = surface.example_gradients(*minimum)
    steps = np.eye(2) - lr * rows[:, :, np.newaxis] * rows[:, np.newaxis, :]
    for _ in range(5000):
        second = (steps @ second @ steps.transpose(0, 2, 1)).mean(axis=0)
        second += lr**2 * rests.T @ rests / len(rests)
    floor = theory(Entrant(OPTIMIZERS["sgd"](lr=lr), gradient=independent(1)), surface)
    assert floor.rms == pytest.approx(math.sqrt(np.trace(second)), rel=1e-6)


def test_memory_is_how_the_start_is_forgotten() -> None:
    surface = SURFACES["quadratic"](kappa=1.0)
    floor = theory(Entrant(OPTIMIZERS["sgd"](lr=0.01), gradient=independent(4)), surface)
    assert floor.memory == pytest.approx(-0.5 / math.log(0.99))


GOOD = Entrant(OPTIMIZERS["sgd"](lr=0.01), gradient=independent(4))


@pytest.mark.parametrize(
    "other",
    [
        replace(GOOD, gradient=GRADIENTS["full"]()),
        replace(GOOD, gradient=GRADIENTS["mini_batch"](batch_size=4)),
        replace(GOOD, optimizer=OPTIMIZERS["adam"]()),
        replace(GOOD, optimizer=OPTIMIZERS["sgd"](lr=0.01, weight_decay=0.1)),
        replace(GOOD, clip=Clip.norm(1.0)),
        replace(GOOD, schedule=SCHEDULES["cosine"]()),
        replace(GOOD, schedule=SCHEDULES["constant"](warmup=2.0)),
    ],
)
def test_where_theory_has_nothing_to_say_it_says_why(other: Entrant) -> None:
    surface = SURFACES["quadratic"]()
    assert theory(GOOD, surface).rms is not None
    assert theory(other, surface) == Floor(None, ONLY_FOR)


def test_a_bent_surface_has_no_theory() -> None:
    assert theory(GOOD, SURFACES["beale"]()) == Floor(None, ONLY_FOR)


@pytest.mark.parametrize("lr", [2.0 / 30.0, 0.08, 1.0, 1e200])
def test_an_epsilon_too_large_has_no_floor(lr: float) -> None:
    each = replace(GOOD, optimizer=OPTIMIZERS["sgd"](lr=min(lr, OPTIMIZERS["sgd"].knob("lr").high)))
    assert theory(each, SURFACES["quadratic"](kappa=30.0)) == Floor(None, TOO_LARGE)


def test_epsilon_nought_stays_where_it_is() -> None:
    each = replace(GOOD, gradient=GRADIENTS["gaussian"](sigma=0.0))
    assert theory(each, SURFACES["quadratic"]()).rms == 0.0


# Measuring


def test_measured_is_the_root_of_the_mean_square_over_the_last_tenth() -> None:
    surface = SURFACES["himmelblau"]()
    spec = RaceSpec(surface, surface.start, 200, (replace(GOOD, gradient=independent(4)),))
    (run,) = run_race(spec).runs
    place = nearest_minimum(surface, run)
    assert place is not None
    distances = [math.dist(point, place) for point in run.path[181:].tolist()]
    assert len(distances) == 20
    expected = math.sqrt(sum(distance**2 for distance in distances) / 20)
    assert measured(run, place) == pytest.approx(expected)
    others = [math.dist(place_, run.path[-1]) for place_ in surface.minima]
    assert min(others) == math.dist(place, run.path[-1])


@pytest.mark.parametrize(
    ("steps", "points"), [(1, 1), (9, 1), (10, 1), (19, 1), (20, 2), (500, 50)]
)
def test_the_last_tenth_has_at_least_a_point(steps: int, points: int) -> None:
    path = np.zeros((steps + 1, 2))
    assert len(last_tenth(path)) == points


def test_a_racer_that_diverged_has_no_distance() -> None:
    surface = SURFACES["quadratic"]()
    wild = replace(GOOD, optimizer=OPTIMIZERS["sgd"](lr=1.0))
    (run,) = run_race(RaceSpec(surface, surface.start, 100, (wild,))).runs
    assert run.diverged_step is not None
    assert math.isnan(measured(run, surface.minima[0]))


def test_a_surface_without_a_minimum_has_no_nearest() -> None:
    surface = next(
        (part() for part in SURFACES.values() if not part().minima), SURFACES["saddle"]()
    )
    (run,) = run_race(RaceSpec(surface, surface.start, 10, (GOOD,))).runs
    assert (nearest_minimum(surface, run) is None) == (not surface.minima)


def test_a_race_comes_to_its_floor_only_if_it_is_long_enough() -> None:
    surface = SURFACES["quadratic"](kappa=1.0)
    floor = theory(Entrant(OPTIMIZERS["sgd"](lr=0.01), gradient=independent(4)), surface)
    assert floor.rms is not None
    for steps in (10, 100, 300, 600, 1200):
        left = 0.99 ** (0.9 * steps) * math.dist(surface.start, (0.0, 0.0))
        reached = floor.is_reached(surface.start, (0.0, 0.0), steps)
        assert reached == (left**2 <= 0.1 * floor.rms**2)
    assert not Floor(None, TOO_LARGE).is_reached((0.0, 0.0), (0.0, 0.0), 100)
    assert Floor(0.0).is_reached((1.0, 0.0), (0.0, 0.0), 100)
