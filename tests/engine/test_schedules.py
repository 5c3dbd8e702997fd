"""Schedules: torch's rates, closed forms, arrays, warmup, bad input, cycles and curves."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optiviz.engine import OPTIMIZERS, SCHEDULES, SURFACES, Entrant, PartError, RaceSpec, run_race
from optiviz.engine.schedules import Constant, Drawn, Milestones, Schedule
from tests.engine.schedule_cases import (
    ABOUT,
    CASES,
    GOLDEN,
    KEYS,
    any_schedule,
    made,
    race_epochs,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Array = np.ndarray
EXACT = 1e-12  # of ε
every_key = pytest.mark.parametrize("key", KEYS)


# Against torch


def assert_torchs(case: Mapping[str, Any], theirs: Array, scale: int = 1) -> None:
    schedule, epochs = made(case, scale), case["epochs"] / scale
    ours = case["lr"] * schedule.factor(np.arange(case["epochs"]) / scale, epochs)
    assert np.abs(ours - theirs).max() <= EXACT * case["lr"]
    ours = schedule.learning_rates(case["lr"], case["epochs"], scale)
    assert np.abs(ours - theirs).max() <= EXACT * case["lr"]


@pytest.mark.parametrize("index", range(len(CASES)), ids=[case["key"] for case in CASES])
def test_rates_at_whole_epochs_are_torchs(index: int) -> None:
    rates = GOLDEN[f"rates{index}"]
    assert len(rates) == CASES[index]["epochs"]
    assert_torchs(CASES[index], rates)


@every_key
def test_the_golden_data_covers_every_schedule_and_every_knob(key: str) -> None:
    cases = [case for case in CASES if case["key"] == key]
    assert {case["warmup"] > 0 for case in cases} == {True, False}
    knobs = {spec.name for spec in SCHEDULES[key].knobs()} - {"warmup"}
    for case in cases:  # torch's polynomial ends at 0; other ends are the closed form's to check
        assert knobs - set(case["knobs"]) == ({"end"} if key == "polynomial" else set())
    for spec in SCHEDULES[key].knobs():
        if spec.kind == "choice":
            assert {case["knobs"][spec.name] for case in cases} == set(spec.choices)
    assert ABOUT["torch"]


class TestLiveTorch:
    """The same comparison with a torch that is there, and knobs drawn anew each time."""

    @pytest.fixture
    def make(self) -> Any:
        pytest.importorskip("torch", exc_type=ImportError)
        from tests.reference import make_schedules

        return make_schedules

    @pytest.fixture
    def rng(self, record_property: Any) -> np.random.Generator:
        seed = np.random.SeedSequence().entropy
        record_property("seed", seed)
        print(f"np.random.default_rng({seed})")  # noqa: T201 - shown when the test fails
        return np.random.default_rng(seed)

    @every_key
    @pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
    def test_rates(self, make: Any, rng: np.random.Generator, key: str, warm: bool) -> None:
        for _ in range(5):
            case = make.draw_case(rng, key, warm, highest=10.0)
            assert_torchs(case, make.torch_rates(case))

    @every_key
    @pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
    def test_rates_within_an_epoch_are_those_of_torch_stepped_at_every_step(
        self, make: Any, rng: np.random.Generator, key: str, warm: bool
    ) -> None:
        for scale in (3, 5, 10):
            case = make.draw_case(rng, key, warm, highest=10.0)
            assert_torchs(case, make.torch_rates(case), scale)

    @pytest.mark.parametrize("own_rate", ["base", "peak"])
    @pytest.mark.parametrize("first", ["cyclical", "warmup"])
    def test_a_cyclical_warmup_is_torchs_by_the_order_of_construction(
        self, make: Any, first: str, own_rate: str
    ) -> None:
        """CyclicLR lowers its optimizer's rate to the base, to which a warmup then climbs."""
        base, peak, warmup = 0.1, 2.0, 5
        lr = peak * (base if own_rate == "base" else 1.0)
        optimizer = make.torch.optim.SGD([make.torch.zeros(1, requires_grad=True)], lr=lr)
        made: dict[str, Any] = {}
        for name in (first, "warmup" if first == "cyclical" else "cyclical"):
            made[name] = (
                make.theirs.LinearLR(optimizer, 0.01, 1.0, warmup)
                if name == "warmup"
                else make.theirs.CyclicLR(optimizer, base * peak, peak, 4, cycle_momentum=False)
            )
        chain = [made["warmup"], made["cyclical"]]
        scheduler = make.theirs.SequentialLR(optimizer, chain, [warmup])
        rates = []
        for _ in range(30):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        ours = peak * SCHEDULES["cyclical"](base=base, period=8, warmup=warmup).factor(
            np.arange(30.0), 30.0
        )
        late = first == "warmup" and own_rate == "peak"
        same = np.abs(ours - rates) <= EXACT * peak
        assert same.tolist() == [not late or epoch >= warmup for epoch in range(30)]

    def test_one_cycle_as_torch_has_it_by_default_is_a_step_earlier(self, make: Any) -> None:
        momentum = make.torch.optim.SGD(
            [make.torch.zeros(1, requires_grad=True)], lr=1.0, momentum=0.9
        )
        scheduler = make.theirs.OneCycleLR(momentum, 1.0, 100)
        rates, momenta = [], set()
        for _ in range(100):
            rates.append(momentum.param_groups[0]["lr"])
            momenta.add(momentum.param_groups[0]["momentum"])
            momentum.step()
            if len(rates) < 100:
                scheduler.step()
        ours = SCHEDULES["one_cycle"]().factor(np.arange(101.0), 100.0)
        assert int(np.argmax(rates)) == int(np.argmax(ours)) - 1 == 29
        assert rates[99] == pytest.approx(ours[100], rel=1e-9)
        assert len(momenta) > 50
        assert "one step earlier" in SCHEDULES["one_cycle"].elsewhere


# Against closed forms, between whole epochs


def line(points: list[tuple[float, float]], e: float) -> float:
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= e <= x1:
            return y0 + (y1 - y0) * (e - x0) / (x1 - x0)
    return points[0][1] if e < points[0][0] else points[-1][1]


def restarted(t: float, period: float, multiplier: int) -> float:
    """Give how much of its cycle is over."""
    while t >= period:
        t, period = t - period, period * multiplier
    return t / period


def closed_form(key: str, k: Mapping[str, Any], t: float, span: float, warmup: float) -> float:
    p = t / span
    if key == "constant":
        return 1.0
    if key == "linear":
        return 1.0 - (1.0 - k["end"]) * p
    if key == "step":
        return k["gamma"] ** math.floor(t / k["step_size"])
    if key == "milestones":
        return k["gamma"] ** sum(m <= warmup + t for m in map(float, k["milestones"].split(",")))
    if key == "exponential":
        return math.exp(t * math.log(k["gamma"]))
    if key == "polynomial":
        return k["end"] + (1.0 - k["end"]) * (1.0 - p) ** k["power"]
    if key == "inverse_sqrt":
        return math.sqrt(k["timescale"] / (k["timescale"] + t))
    if key == "cosine":
        return k["end"] + (1.0 - k["end"]) * math.cos(0.5 * math.pi * p) ** 2
    if key == "sigmoid":
        rise = [1.0 / (1.0 + math.exp(2.0 * k["steepness"] * (u - 0.5))) for u in (0.0, p, 1.0)]
        return k["end"] + (1.0 - k["end"]) * (rise[1] - rise[2]) / (rise[0] - rise[2])
    if key == "cosine_restarts":
        share = restarted(t, k["period"], k["multiplier"])
        return k["end"] + (1.0 - k["end"]) * math.cos(0.5 * math.pi * share) ** 2
    if key == "cyclical":
        cycle, u = divmod(t, k["period"])
        height = min(u, k["period"] - u) / (0.5 * k["period"])
        height *= 0.5**cycle if k["mode"] == "triangular2" else 1.0
        return k["base"] + (1.0 - k["base"]) * height
    if key == "one_cycle":
        start = 1.0 / k["div_factor"]
        a, b, u = start, 1.0, p / k["pct_start"]
        if p > k["pct_start"]:
            a, b = 1.0, start / k["final_div_factor"]
            u = (p - k["pct_start"]) / (1.0 - k["pct_start"])
        if k["anneal_strategy"] == "linear":
            return a + (b - a) * u
        return a + (b - a) * math.sin(0.5 * math.pi * u) ** 2
    if key == "wsd":
        u = max(0.0, 1.0 - (1.0 - p) / k["decay_share"])
        fall = {"linear": u, "cosine": math.sin(0.5 * math.pi * u) ** 2, "1-sqrt": math.sqrt(u)}
        return 1.0 - (1.0 - k["end"]) * fall[k["shape"]]
    assert key == "drawn", f"write down the closed form of {key} here"
    pairs = [entry.split(":") for entry in k["knots"].split(",")]
    return line([(float(x), float(y)) for x, y in pairs], warmup + t)


SETTINGS: dict[str, list[dict[str, Any]]] = {
    "constant": [{}],
    "linear": [{}, {"end": 0.3}],
    "step": [{}, {"step_size": 7.3, "gamma": 0.7}],
    "milestones": [{}, {"milestones": "0.5, 12.25, 77", "gamma": 0.4}],
    "exponential": [{}, {"gamma": 0.999}],
    "polynomial": [{}, {"power": 0.4, "end": 0.2}, {"power": 7.0, "end": 1.0}],
    "inverse_sqrt": [{}, {"timescale": 0.7}],
    "cosine": [{}, {"end": 0.05}],
    "sigmoid": [{}, {"steepness": 0.1, "end": 0.2}, {"steepness": 25.0}],
    "cosine_restarts": [{}, {"period": 3.3, "multiplier": 2, "end": 0.1}],
    "cyclical": [{}, {"base": 0.0, "period": 7.7, "mode": "triangular2"}],
    "one_cycle": [
        {"anneal_strategy": "linear"},
        {"pct_start": 0.6, "div_factor": 3.0, "final_div_factor": 50.0},
    ],
    "wsd": [{"shape": s, "decay_share": 0.35, "end": 0.1} for s in ("linear", "cosine", "1-sqrt")],
    "drawn": [{}, {"knots": "3:0.2, 8.5:4, 60:0, 61:1.5"}],
}
CLOSED = [(key, knobs) for key, several in SETTINGS.items() for knobs in several]


def test_every_schedule_has_a_closed_form_to_be_compared_with() -> None:
    assert set(SETTINGS) == set(SCHEDULES)
    for key, several in SETTINGS.items():  # each knob is somewhere not its default
        told = {name for knobs in several for name in knobs}
        assert {spec.name for spec in SCHEDULES[key].knobs()} - told <= {"warmup"}


@pytest.mark.parametrize(("key", "knobs"), CLOSED)
@pytest.mark.parametrize("warmup", [0.0, 6.5])
@pytest.mark.parametrize("epochs", [0.7, 33.0, 100.0])
def test_between_whole_epochs_it_is_the_closed_form(
    key: str, knobs: dict[str, Any], warmup: float, epochs: float
) -> None:
    schedule = SCHEDULES[key](warmup=warmup, **knobs)
    if warmup >= epochs:
        return  # all warmup: below
    span, k = epochs - warmup, schedule.settings()
    first = closed_form(key, k, 0.0, span, warmup)
    for e in np.random.default_rng(1).uniform(0.0, epochs, 300):
        if e < warmup:
            expected = first * (0.01 + 0.99 * e / warmup)
        else:
            expected = closed_form(key, k, e - warmup, span, warmup)
        assert schedule.factor(float(e), epochs) == pytest.approx(expected, rel=0, abs=EXACT)


@every_key
def test_a_whole_array_gives_what_its_numbers_give(key: str) -> None:
    schedule = SCHEDULES[key](warmup=4.0)
    epochs = np.random.default_rng(2).uniform(0.0, 80.0, (7, 11))
    whole = schedule.factor(epochs, 80.0)
    assert isinstance(whole, np.ndarray)
    assert whole.shape == epochs.shape
    single = [[schedule.factor(float(e), 80.0) for e in row] for row in epochs]
    assert np.abs(whole - single).max() <= 1e-15
    assert type(schedule.factor(3, 80)) is float
    assert schedule.factor(np.array(3.0), 80.0).shape == ()
    assert schedule.factor(np.zeros(0), 80.0).shape == (0,)
    rates = schedule.learning_rates(0.3, 400, 5)
    assert rates.shape == (400,)
    assert np.array_equal(rates, 0.3 * schedule.factor(np.arange(400) / 5, 80.0))
    assert len(schedule.learning_rates(0.3, 0, 5)) == 0


@every_key
def test_a_race_has_the_schedules_rates(key: str) -> None:
    schedule = SCHEDULES[key](warmup=2.0)
    entrant = Entrant(OPTIMIZERS["sgd"](lr=0.01), schedule=schedule)
    run = run_race(RaceSpec(SURFACES["quadratic"](), (1.0, 1.0), 50, (entrant,))).runs[0]
    expected = [0.01 * schedule.factor(k / 5, 10.0) for k in range(50)]
    assert np.abs(run.lr - expected).max() <= 1e-15
    steps = np.diff(run.path, axis=0)
    assert np.abs(steps + run.lr[:, np.newaxis] * run.gradients).max() <= 1e-15


def test_without_a_schedule_the_rate_is_to_the_bit_the_racers() -> None:
    assert (Constant().learning_rates(0.1, 100, 5) == 0.1).all()


# Whatever the knobs


@settings(max_examples=400, deadline=None)
@given(any_schedule(), race_epochs, st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8))
def test_a_factor_is_a_number_and_never_negative(
    schedule: Schedule, epochs: float, shares: list[float]
) -> None:
    at = np.array([0.0, *shares, 1.0]) * epochs
    factors = schedule.factor(at, epochs)
    assert np.isfinite(factors).all()
    assert (factors >= 0.0).all()
    assert (factors <= (10.0 if schedule.key == "drawn" else 1.0 + 1e-12)).all()
    assert all(math.isfinite(schedule.factor(float(e), epochs)) for e in at)
    # Outside the race it is as at its ends.
    assert schedule.factor(-1.0, epochs) == schedule.factor(0.0, epochs)
    assert schedule.factor(2.0 * epochs, epochs) == schedule.factor(epochs, epochs)
    remark = schedule.remark(epochs)
    assert remark is None or remark.endswith(".")
    x, y = schedule.curve(epochs)
    assert np.isfinite(y).all()
    assert (np.diff(x) > 0.0).all()
    ends = schedule.cycle_ends(epochs)
    assert all(0.0 < end <= epochs * (1.0 + 1e-9) for end in ends)
    assert list(ends) == sorted(ends)


# Warmup


@every_key
def test_a_warmup_climbs_in_a_line_to_where_the_schedule_begins(key: str) -> None:
    schedule, warmup = SCHEDULES[key](warmup=8.0), 8.0
    first = schedule.factor(warmup, 90.0)
    assert schedule.factor(0.0, 90.0) == pytest.approx(0.01 * first, rel=1e-12)
    assert schedule.factor(4.0, 90.0) == pytest.approx(0.505 * first, rel=1e-12)
    assert schedule.factor(math.nextafter(8.0, 0.0), 90.0) == pytest.approx(first, rel=1e-12)
    # Then it is the schedule of a shorter race, but where epochs are those of the race.
    if key not in ("milestones", "drawn"):
        plain = schedule.with_knob("warmup", 0.0)
        t = np.linspace(0.0, 82.0, 83)
        late = schedule.factor(warmup + t, 90.0)
        assert np.abs(late - plain.factor(t, 82.0)).max() <= EXACT


@every_key
@pytest.mark.parametrize("epochs", [0.4, 60.0, 119.0, 120.0])
def test_a_warmup_longer_than_the_race_is_all_there_is(key: str, epochs: float) -> None:
    schedule = SCHEDULES[key](warmup=120.0)
    e = np.linspace(0.0, epochs, 50)[:-1]
    factors = schedule.factor(e, epochs)
    first = {"one_cycle": 0.04, "cyclical": 0.1, "milestones": 0.01, "drawn": 0.0}.get(key, 1.0)
    assert np.abs(factors - first * (0.01 + 0.99 * e / 120.0)).max() <= EXACT
    remark = schedule.remark(epochs)
    assert remark is not None
    assert remark.startswith("Warmup ")
    assert f"the race's {epochs:g}" in remark
    if epochs >= 1.0:
        assert ("climbs all along" in remark) == bool(factors[-1] > factors[0])
        assert ("ε stays 0" in remark) == bool((factors == 0.0).all())


# Bad input


@pytest.mark.parametrize(
    ("schedule", "epochs", "sentence"),
    [
        (Constant(warmup=120.0), 100.0, "Warmup of 120 epochs is longer than the race's 100"),
        (Constant(warmup=100.0), 100.0, "Warmup takes all of the race's 100 epochs"),
        (SCHEDULES["step"](step_size=120.0), 100.0, "The first drop, at epoch 120,"),
        (SCHEDULES["step"](step_size=50.0, warmup=60.0), 100.0, "The first drop, at epoch 110,"),
        (Milestones.of([30.0, 120.0]), 100.0, "Milestone 120 is not within the race's 100"),
        (Milestones.of([30.0, 120.0, 130.0]), 100.0, "Milestones 120, 130 are not within"),
        (Milestones.of([3.0, 50.0], warmup=5.0), 100.0, "Milestone 3 is within the warmup"),
        (SCHEDULES["cosine_restarts"](period=101.0), 100.0, "The period of 101 epochs is longer"),
        (SCHEDULES["cyclical"](period=96.0, warmup=5.0), 100.0, "longer than the 95 there are"),
        (Drawn(), 60.0, "Knot at epoch 100 is beyond the race's 60"),
        (Drawn(), 40.0, "Knots at epochs 50, 100 are beyond"),
        (SCHEDULES["cosine"](), 0.4, "The race lasts 0.4 epochs"),
    ],
)
def test_what_does_not_fit_is_told(schedule: Schedule, epochs: float, sentence: str) -> None:
    remark = schedule.remark(epochs)
    assert remark is not None
    assert sentence in remark
    assert remark.endswith(".")


@every_key
def test_what_fits_is_not_remarked_on(key: str) -> None:
    assert SCHEDULES[key]().remark(100.0) is None
    assert SCHEDULES[key](warmup=10.0).remark(120.0) is None


@pytest.mark.parametrize(
    ("text", "entry", "must"),
    [
        ("60, 30", "entry 2, '30'", "must come after 60"),
        ("30, 30", "entry 2, '30'", "must come after 30"),
        ("30, x", "entry 2, 'x'", "must be an epoch above 0"),
        ("30,, 60", "entry 2, ''", "must be an epoch above 0"),
        ("0, 60", "entry 1, '0'", "must be an epoch above 0"),
        ("-3", "entry 1, '-3'", "must be an epoch above 0"),
        ("30, nan", "entry 2, 'nan'", "must be an epoch above 0"),
        ("inf", "entry 1, 'inf'", "must be an epoch above 0"),
        ("1_0", "entry 1, '1_0'", "must be an epoch above 0"),
        ("30, 1e6", "entry 2, '1e6'", "at most 100000"),
        (" ", "entry 1, ''", "must be an epoch above 0"),
    ],
)
def test_milestones_say_which_entry_is_wrong(text: str, entry: str, must: str) -> None:
    with pytest.raises(PartError) as caught:
        Milestones(text)
    assert caught.value.knob == "milestones"
    assert str(caught.value).startswith(f"Milestones: {entry}, ")
    assert must in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "entry", "must"),
    [
        ("0:1, 50;0.3", "entry 2, '50;0.3'", "must be an epoch and a factor on ε"),
        ("0:1, 50", "entry 2, '50'", "must be an epoch and a factor on ε"),
        ("0:1, 50:", "entry 2, '50:'", "must be an epoch and a factor on ε"),
        ("0:1:2", "entry 1, '0:1:2'", "must be an epoch and a factor on ε"),
        ("0:nan", "entry 1, '0:nan'", "must be an epoch and a factor on ε"),
        ("0:1, 0:0.5", "entry 2, '0:0.5'", "must come after epoch 0"),
        ("50:1, 20:0.5", "entry 2, '20:0.5'", "must come after epoch 50"),
        ("0:-0.1", "entry 1, '0:-0.1'", "from 0 to 10"),
        ("0:11", "entry 1, '0:11'", "from 0 to 10"),
        ("-1:1", "entry 1, '-1:1'", "from 0 to 100000"),
    ],
)
def test_knots_say_which_entry_is_wrong(text: str, entry: str, must: str) -> None:
    with pytest.raises(PartError) as caught:
        Drawn(text)
    assert caught.value.knob == "knots"
    assert str(caught.value).startswith(f"Knots: {entry}, ")
    assert must in str(caught.value)


@pytest.mark.parametrize(
    ("key", "knob", "value"),
    [
        ("cosine", "end", 1.5),
        ("cosine", "end", -0.1),
        ("step", "step_size", 0.0),
        ("cosine_restarts", "period", 0.0),
        ("cosine_restarts", "multiplier", 1.5),
        ("cyclical", "period", -1.0),
        ("linear", "warmup", -1.0),
        ("exponential", "gamma", 1.01),
    ],
)
def test_a_knob_out_of_range_says_what_is_allowed(key: str, knob: str, value: float) -> None:
    with pytest.raises(PartError, match=r"must be .* from .* to ") as caught:
        SCHEDULES[key](**{knob: value})
    assert caught.value.knob == knob


# Lists of numbers


def test_lists_are_read_as_numbers_and_written_in_one_way() -> None:
    assert Milestones("  30,60 ,90.50").drops == (30.0, 60.0, 90.5)
    assert Milestones("30,60") == Milestones("30, 60.0") == Milestones.of([30, 60])
    assert Milestones("30,60").milestones == "30, 60"
    assert Drawn("0:1,  50 : .3").points == ((0.0, 1.0), (50.0, 0.3))
    assert Drawn("0:1,50:.3").knots == "0:1, 50:0.3"


@given(st.lists(st.floats(1e-5, 1e5), min_size=1, max_size=8, unique=True))
def test_numbers_are_kept_to_the_last_bit(epochs: list[float]) -> None:
    rising = sorted(epochs)
    assert Milestones.of(rising).drops == tuple(rising)
    points = [(epoch, epoch / 1e5) for epoch in rising]
    assert Drawn.of(points).points == tuple(points)
    assert Drawn(Drawn.of(points).knots) == Drawn.of(points)


def test_milestones_and_knots_come_and_go() -> None:
    two = Milestones("30, 60", gamma=0.5, warmup=2.0)
    assert two.with_milestone(45.0) == Milestones("30, 45, 60", gamma=0.5, warmup=2.0)
    assert two.without_milestone(0) == Milestones("60", gamma=0.5, warmup=2.0)
    with pytest.raises(PartError, match="must come after"):
        two.with_milestone(30.0)
    with pytest.raises(PartError, match="last one stays"):
        Milestones("30").without_milestone(0)
    drawn = Drawn("0:1, 100:0", warmup=3.0)
    assert drawn.with_knot(33.3333, 0.777777) == Drawn("0:1, 33.33:0.7778, 100:0", warmup=3.0)
    assert drawn.with_knot(20.0, -4.0).points[1] == (20.0, 0.0)
    assert drawn.with_knot(20.0, 40.0).points[1] == (20.0, 10.0)
    assert drawn.without_knot(0).points == ((100.0, 0.0),)
    for point in [(math.nan, 1.0), (20.0, math.inf)]:
        with pytest.raises(PartError, match="is no point"):
            drawn.with_knot(*point)
    with pytest.raises(PartError, match="must come after"):
        drawn.with_knot(100.0, 0.5)
    with pytest.raises(PartError, match="last one stays"):
        Drawn("5:1").without_knot(0)


# Cycles and curves


def test_cycles_end_where_the_next_begins() -> None:
    restarts = SCHEDULES["cosine_restarts"]
    assert restarts(period=25.0).cycle_ends(100.0) == (25.0, 50.0, 75.0, 100.0)
    assert restarts(period=25.0, warmup=5.0).cycle_ends(100.0) == (30.0, 55.0, 80.0)
    assert restarts(period=10.0, multiplier=2).cycle_ends(100.0) == (10.0, 30.0, 70.0)
    assert restarts(period=30.0).cycle_ends(20.0) == ()
    assert SCHEDULES["cyclical"](period=40.0).cycle_ends(100.0) == (40.0, 80.0)
    # A tenth is no binary number; ten of them are one all the same.
    assert len(restarts(period=0.1).cycle_ends(1.0)) == 10


@every_key
def test_cycles_end_in_schedules_that_have_them_and_in_no_others(key: str) -> None:
    kind = SCHEDULES[key]
    ends, rates = kind().cycle_ends(1000.0), kind().learning_rates(1.0, 10_000, 10)
    assert bool(ends) == kind.has_cycles
    for end in ends[:-1]:  # ε has come down there, and goes up again
        step = round(10 * end)
        assert rates[step - 1] < rates[step - 2]
        assert rates[step - 1] < rates[step : step + 5].max()


@pytest.mark.parametrize("multiplier", [1, 2, 3])
def test_a_cycle_ends_low_and_a_new_one_begins_high(multiplier: int) -> None:
    period = 0.7  # in steps of a tenth of an epoch: 7 of them
    schedule = SCHEDULES["cosine_restarts"](period=period, multiplier=multiplier, end=0.2)
    rates = schedule.learning_rates(1.0, 400, 10)
    for end in schedule.cycle_ends(40.0)[:-1]:
        step = round(10 * end)
        assert rates[step] == pytest.approx(1.0, abs=1e-9)
        assert rates[step - 1] < 0.3
    tops = np.flatnonzero(rates > 1.0 - 1e-9)
    lengths = 7 * np.cumsum(float(multiplier) ** np.arange(len(tops) - 1))
    assert list(tops) == [0, *map(round, lengths)]


def test_every_drop_falls_on_its_step() -> None:
    """t / k may come out a bit below a whole number, as 0.6 / 0.2 does."""
    for step_size, per_epoch in [(0.2, 5), (0.3, 10), (0.7, 10), (1.1, 10), (0.6, 5)]:
        rates = SCHEDULES["step"](step_size, gamma=0.9).learning_rates(1.0, 1000, per_epoch)
        drops = np.flatnonzero(np.diff(rates)) + 1
        every = round(step_size * per_epoch)
        assert list(drops) == list(range(every, 1000, every))


def test_a_curve_shows_both_sides_of_a_drop_and_ends_before_the_end() -> None:
    x, y = SCHEDULES["step"](step_size=30.0).curve(100.0, 11)
    before, at = np.searchsorted(x, [29.9, 30.0])
    assert (y[before], y[at]) == (1.0, 0.1)
    assert x[at] - x[before] < 1e-3
    x, y = SCHEDULES["cosine_restarts"](period=25.0).curve(100.0)
    assert (x[0], x[-1]) == (0.0, 100.0)
    assert y[-1] < 1e-6
    assert y.max() == 1.0
    x, _ = SCHEDULES["step"](step_size=0.01).curve(1e5)
    assert len(x) < 5000


# What it says of itself


@every_key
def test_the_rule_that_is_set_is_one_of_its_formulas(key: str) -> None:
    part = SCHEDULES[key]
    choices = [spec for spec in part.knobs() if spec.kind == "choice"]
    rules = {part(**{spec.name: value}).rule for spec in choices for value in spec.choices}
    rules |= {part().rule}
    assert rules <= set(part.formulas())
    assert len(rules) == max([len(spec.choices) for spec in choices], default=1)
    assert part.family
    assert [spec.name for spec in part.knobs()][-1] == "warmup"


@every_key
def test_the_document_has_every_schedule_with_its_knobs(key: str) -> None:
    part = SCHEDULES[key]
    text = (Path(__file__).parents[2] / "docs" / "schedules.md").read_text(encoding="utf-8")
    section = text.split(f"## {part.title} `{key}`\n")[1].split("\n## ")[0]
    for spec in part.knobs():
        if spec.name != "warmup":
            default = f"{spec.default:g}" if spec.kind == "number" else str(spec.default)
            assert f"`{spec.name}` {default}" in section
    for word in ("*Knobs:*", "*Source:*", "*Teaches:*", "*Torch:*"):
        assert section.count(word) == 1
