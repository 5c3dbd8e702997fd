"""The productive zone: bounds in one pass, epochs judged, bands and sentences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from optiviz.engine import (
    OPTIMIZERS,
    SCHEDULES,
    SURFACES,
    Clip,
    Entrant,
    PartError,
    RaceSpec,
    Run,
    run_race,
)
from optiviz.engine.cancel import Cancelled
from optiviz.engine.slopes import MiniBatch
from optiviz.engine.zone import band, bounds, epoch_steps, share

pytestmark = pytest.mark.usefixtures("compiled_kernels")

ADAPTIVE = {"adagrad", "rmsprop", "adam", "adamw", "adadelta", "adamax", "nadam", "radam"}
ADAPTIVE |= {"amsgrad"}


def run_of(optimizer: Any, surface: str = "quadratic", steps: int = 200, **words: Any) -> Run:
    surface_part = SURFACES[surface]()
    start = words.pop("start", (1.0, 1.0))
    entrant = Entrant(optimizer, **words)
    return run_race(RaceSpec(surface_part, start, steps, (entrant,))).runs[0]


@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize("surface", ["beale", "himmelblau"])
def test_one_pass_gives_what_each_step_is_told(rule: str, surface: str) -> None:
    schedule = SCHEDULES["one_cycle"]()
    optimizer = OPTIMIZERS[rule](lr=0.003, weight_decay=0.01)
    run = run_of(optimizer, surface, schedule=schedule)
    steps = [200, 1, 3, 17, 17, 100, 199]  # in any order
    told = [run.lr_bound(step) for step in steps]
    expected = [math.nan if bound is None else bound for bound in told]
    assert bounds(run, steps) == pytest.approx(np.array(expected), rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("rule", ["sgd", "adam", "nadam", "radam"])
def test_one_pass_over_batches_gives_what_each_step_is_told(rule: str) -> None:
    run = run_of(OPTIMIZERS[rule](lr=0.05), "logistic", slope=MiniBatch(batch_size=8))
    told = [run.lr_bound(step) for step in range(1, 201)]
    assert bounds(run, range(1, 201)) == pytest.approx(np.array(told, dtype=float), rel=1e-12)


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_before_its_first_slope_an_adaptive_rule_has_no_measure(rule: str) -> None:
    (first,) = bounds(run_of(OPTIMIZERS[rule]()), [0])
    assert math.isnan(first) == (rule in ADAPTIVE | {"lion"})


def test_on_a_quadratic_the_bound_of_sgd_is_two_over_the_largest_curvature() -> None:
    surface = SURFACES["quadratic"]()
    largest = np.linalg.eigvalsh(surface.hessian(0.0, 0.0)).max()
    run = run_of(OPTIMIZERS["sgd"](lr=0.01))
    assert bounds(run, range(0, 200, 10)) == pytest.approx(np.full(20, 2.0 / largest), rel=1e-12)


def test_where_nothing_is_told_the_bound_is_nan() -> None:
    clipped = run_of(OPTIMIZERS["sgd"](lr=0.01), clip=Clip.norm(1.0))
    assert np.isnan(bounds(clipped, [0, 5, 10])).all()
    assert np.isnan(bounds(run_of(OPTIMIZERS["lion"]()), [1, 5])).all()
    assert len(bounds(clipped, [])) == 0
    gone = run_of(OPTIMIZERS["sgd"](lr=10.0))
    assert gone.diverged_step is not None
    found = bounds(gone, [0, gone.diverged_step - 1, gone.diverged_step, 200])
    assert list(np.isnan(found)) == [False, False, True, True]


def test_where_nothing_curves_upward_there_is_no_bound() -> None:
    surface = SURFACES["quadratic"]()
    entrant = Entrant(OPTIMIZERS["sgd"](lr=1e-3))
    run = run_race(RaceSpec(surface, (1.0, 1.0), 20, (entrant,))).runs[0]
    hill = SURFACES["styblinski_tang"]()
    top = run_race(RaceSpec(hill, (0.0, 0.0), 20, (entrant,))).runs[0]
    assert np.isinf(bounds(top, [0])).all()
    assert np.isfinite(bounds(run, [0])).all()


def test_a_pass_can_be_stopped() -> None:
    with pytest.raises(Cancelled):
        bounds(run_of(OPTIMIZERS["adam"]()), [1, 2, 3], cancelled=lambda: True)


def test_an_epoch_is_judged_in_its_middle() -> None:
    assert list(epoch_steps(20, 5)) == [2, 7, 12, 17]
    assert list(epoch_steps(22, 5)) == [2, 7, 12, 17, 21]
    assert list(epoch_steps(3, 5)) == [1]
    assert list(epoch_steps(3, 1)) == [0, 1, 2]
    assert max(epoch_steps(21, 5)) < 21


def test_productive_is_from_a_tenth_of_the_bound_to_the_bound() -> None:
    zone = share([0.05, 0.1, 0.5, 1.0, 1.01, 0.5, 0.5, 0.5], [1, 1, 1, 1, 1, None, math.inf, 4.0])
    assert list(zone.productive) == [False, True, True, True, False, False, False, True]
    assert (zone.count, zone.of, zone.unbounded) == (4, 8, 2)
    assert zone.low[:5] == pytest.approx(0.1)
    assert np.isnan(zone.low[5:7]).all()
    assert zone.spans() == ((1, 4), (7, 8))
    assert zone.sentence == "productive: 4 of 8 epochs; no bound in 2"


def test_it_is_told_in_words() -> None:
    assert share(np.ones(100), np.where(np.arange(100) < 66, 2.0, 0.5)).sentence == (
        "productive: 66 of 100 epochs"
    )
    assert share([1.0], [2.0]).sentence == "productive: 1 of 1 epoch"
    assert share([1.0, 1.0], [None, math.inf]).sentence == "no bound on ε here, in 2 epochs"
    assert share([], []).sentence == "no epochs yet"
    assert share([], []).spans() == ()


def test_a_whole_race_by_its_zone() -> None:
    """A cosine on a quadratic: from above the bound 2/λ, through the zone, below a tenth of it."""
    largest = np.linalg.eigvalsh(SURFACES["quadratic"]().hessian(0.0, 0.0)).max()
    lr = 2.5 / largest
    start = (1e-30, 1e-30)  # far enough from harm for as long as it goes outward
    words = {"schedule": SCHEDULES["cosine"](), "start": start}
    run = run_of(OPTIMIZERS["sgd"](lr=lr), steps=500, **words)
    assert run.diverged_step is None
    steps = epoch_steps(500, 5)
    zone = share(run.lr[steps], bounds(run, steps))
    e = steps / 5
    factor = 0.5 * (1.0 + np.cos(np.pi * e / 100.0))
    assert list(zone.productive) == list((factor <= 0.8) & (factor >= 0.08))
    assert zone.unbounded == 0
    assert 0 < zone.count < 100


def test_a_fixed_band() -> None:
    zone = band([0.05, 0.1, 0.2, 0.3], 0.1, 0.2)
    assert list(zone.productive) == [False, True, True, False]
    assert zone.sentence == "productive: 2 of 4 epochs"
    assert band([0.1], 0.1, 0.1).count == 1
    for low, high, knob in [(0.2, 0.1, "low"), (-1.0, 1.0, "low"), (0.0, math.nan, "high")]:
        with pytest.raises(PartError, match="band's") as caught:
            band([0.1], low, high)
        assert caught.value.knob == knob


def test_a_zone_is_read_only() -> None:
    zone = share([1.0], [2.0])
    for array in (zone.productive, zone.low, zone.high):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
