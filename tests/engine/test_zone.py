"""The productive zone: bounds in one pass, epochs judged, bands and sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

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
from optiviz.engine.bounds import Bounds, NoBound
from optiviz.engine.cancel import Cancelled
from optiviz.engine.gradients import MiniBatch
from optiviz.engine.zone import band, bounds, epoch_steps, share
from tests.engine.optimizer_cases import UNBOUNDED, divides_at_first

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.usefixtures("compiled_kernels")


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
    assert_one_pass_is_each_step(run, [200, 1, 3, 17, 0, 17, 100, 199])  # in any order


@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize("words", [{"clip": Clip.norm(0.1)}, {"start": (4.0, 0.0)}, {}], ids=str)
def test_and_so_it_does_under_a_clip_on_an_axis_and_after_a_divergence(
    rule: str, words: dict[str, Any]
) -> None:
    run = run_of(OPTIMIZERS[rule](lr=0.003 if words else 900.0), steps=40, **words)
    assert_one_pass_is_each_step(run, range(41))


def assert_one_pass_is_each_step(run: Run, steps: Sequence[int]) -> None:
    told, found = [run.bound(step) for step in steps], bounds(run, steps)
    expected = np.array([bound.lr for bound in told])
    assert found.lr == pytest.approx(expected, rel=1e-12, nan_ok=True)
    assert list(found.why) == [bound.why for bound in told]
    assert [run.lr_bound(step) for step in steps] == [
        None if math.isnan(bound.lr) else bound.lr for bound in told
    ]


@pytest.mark.parametrize("rule", ["sgd", "adam", "nadam", "radam"])
def test_one_pass_over_batches_gives_what_each_step_is_told(rule: str) -> None:
    run = run_of(OPTIMIZERS[rule](lr=0.05), "logistic", gradient=MiniBatch(batch_size=8))
    told = [run.lr_bound(step) for step in range(1, 201)]
    assert bounds(run, range(1, 201)).lr == pytest.approx(np.array(told, dtype=float), rel=1e-12)


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_before_its_first_gradient_a_rule_that_divides_has_no_measure(rule: str) -> None:
    found = bounds(run_of(OPTIMIZERS[rule]()), [0])
    divides = divides_at_first(rule)
    assert math.isnan(found.lr[0]) == (divides or rule in UNBOUNDED)
    assert (found.why[0] is NoBound.UNMEASURED) == divides


def test_on_a_quadratic_the_bound_of_sgd_is_two_over_the_largest_curvature() -> None:
    surface = SURFACES["quadratic"]()
    largest = np.linalg.eigvalsh(surface.hessian(0.0, 0.0)).max()
    run = run_of(OPTIMIZERS["sgd"](lr=0.01))
    assert bounds(run, range(0, 200, 10)).lr == pytest.approx(np.full(20, 2.0 / largest), rel=1e-12)


def test_where_nothing_is_told_it_says_why() -> None:
    clipped = run_of(OPTIMIZERS["sgd"](lr=0.01), clip=Clip.norm(1.0))
    assert set(bounds(clipped, [0, 5, 10]).why) == {NoBound.CLIP}
    assert np.isnan(bounds(clipped, [0, 5, 10]).lr).all()
    assert set(bounds(run_of(OPTIMIZERS["lion"]()), [1, 5]).why) == {NoBound.RULE}
    assert len(bounds(clipped, [])) == 0
    gone = run_of(OPTIMIZERS["sgd"](lr=10.0))
    assert gone.diverged_step is not None
    found = bounds(gone, [0, gone.diverged_step - 1, gone.diverged_step, 200])
    assert list(np.isnan(found.lr)) == [False, False, True, True]
    assert list(found.why) == [None, None, NoBound.GONE, NoBound.GONE]


def test_where_nothing_curves_upward_there_is_no_bound() -> None:
    entrant = Entrant(OPTIMIZERS["sgd"](lr=1e-3))
    hill = SURFACES["styblinski_tang"]()
    top = run_race(RaceSpec(hill, (0.0, 0.0), 20, (entrant,))).runs[0]
    assert np.isinf(bounds(top, [0]).lr).all()
    assert set(bounds(top, [0]).why) == {NoBound.FLAT}
    assert np.isfinite(bounds(run_of(OPTIMIZERS["sgd"](lr=1e-3)), [0]).lr).all()


def test_a_pass_can_be_stopped() -> None:
    with pytest.raises(Cancelled):
        bounds(run_of(OPTIMIZERS["adam"]()), [1, 2, 3], cancelled=lambda: True)


def test_an_epoch_is_judged_in_its_middle() -> None:
    assert list(epoch_steps(20, 5)) == [2, 7, 12, 17]
    assert list(epoch_steps(22, 5)) == [2, 7, 12, 17, 21]
    assert list(epoch_steps(3, 5)) == [1]
    assert list(epoch_steps(3, 1)) == [0, 1, 2]
    assert max(epoch_steps(21, 5)) < 21


FLAT, CLIP, GONE = NoBound.FLAT, NoBound.CLIP, NoBound.GONE


def test_productive_is_from_a_tenth_of_the_bound_to_the_bound() -> None:
    told = of([1, 1, 1, 1, 1, math.nan, math.inf, 4.0], [*[None] * 5, GONE, FLAT, None])
    zone = share([0.05, 0.1, 0.5, 1.0, 1.01, 0.5, 0.5, 0.5], told)
    assert list(zone.productive) == [False, True, True, True, False, False, False, True]
    assert (zone.count, zone.of, zone.unbounded) == (4, 8, 2)
    assert zone.low[:5] == pytest.approx(0.1)
    assert np.isnan(zone.low[5:7]).all()
    assert np.isnan(zone.high[5:7]).all()
    assert zone.spans() == ((1, 4), (7, 8))
    assert zone.why == ((GONE, 1), (FLAT, 1))


def of(lr: Any, why: Sequence[NoBound | None] | None = None) -> Bounds:
    return Bounds(np.array(lr, dtype=float), np.array(why or [None] * len(lr), dtype=object))


def test_it_is_told_in_words() -> None:
    assert share(np.ones(100), of(np.where(np.arange(100) < 66, 2.0, 0.5))).clause == (
        "productive: 66 of 100 epochs"
    )
    assert share([1.0], of([2.0])).clause == "productive: 1 of 1 epoch"
    inf, nan = math.inf, math.nan
    assert share([1.0] * 4, of([2.0, inf, inf, 0.5], [None, FLAT, FLAT, None])).clause == (
        "productive: 1 of 4 epochs; 2 without a bound: nothing curves upward"
    )
    assert share([1.0] * 4, of([2.0, inf, nan, inf], [None, FLAT, GONE, FLAT])).clause == (
        "productive: 1 of 4 epochs; 3 without a bound: nothing curves upward (2), "
        "it has diverged (1)"
    )
    assert share([1.0, 1.0], of([nan, nan], [CLIP, CLIP])).clause == (
        "no bound on ε: a clip voids it"
    )
    assert share([], of([])).clause == "no epochs yet"
    assert share([], of([])).spans() == ()


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
    assert zone.clause == "productive: 2 of 4 epochs"
    assert band([0.1], 0.1, 0.1).count == 1
    for low, high, knob in [(0.2, 0.1, "low"), (-1.0, 1.0, "low"), (0.0, math.nan, "high")]:
        with pytest.raises(PartError, match="band's") as caught:
            band([0.1], low, high)
        assert caught.value.knob == knob


def test_a_zone_is_read_only() -> None:
    zone = share([1.0], of([2.0]))
    for array in (zone.productive, zone.low, zone.high):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
