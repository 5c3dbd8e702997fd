import pytest

from optiviz.engine.part import Knob
from optiviz.gui.widgets.knob_scale import place_of, step_value, value_at


def knob(scale, low, high, travel=None, **given):
    default = given.pop("default", travel[0] if travel else low)
    return Knob(
        "a",
        "a",
        "a",
        "Help.",
        default,
        low,
        high,
        scale=scale,
        travel=travel or (low, high),
        **given,
    )


LR = knob("log", 1e-9, 1e3, (1e-5, 10.0))
BETA = knob("toward_one", 0.0, 0.999999, (0.0, 0.999))
ANGLE = knob("linear", -90.0, 90.0)
BATCH = knob("log", 1, 4096, (1, 512), integer=True)
EPOCHS = knob("linear", 0, 100, integer=True)
DECAY = knob("log", 0.0, 1.0)
WIDE = knob("toward_one", 0.0, 1.0)
HIGH_ONLY = knob("toward_one", 0.9, 0.9999)
LOW_ONLY = knob("toward_one", 0.0, 0.5)
POINT = knob("linear", 3.0, 3.0)
ALL = [LR, BETA, ANGLE, BATCH, EPOCHS, DECAY, WIDE, HIGH_ONLY, LOW_ONLY, POINT]


def climb(spec, value, count, **how):
    values = []
    for _ in range(count):
        value = step_value(spec, value, 1, **how)
        values.append(value)
    return values


@pytest.mark.parametrize("spec", ALL)
def test_every_place_has_a_value_that_lies_there(spec):
    low, high = spec.travel
    values = [value_at(spec, place / 2000) for place in range(2001)]
    assert values == sorted(values)
    assert (values[0], values[-1]) == (low, high)
    for value in values:
        spec.check(value)
        assert value_at(spec, place_of(spec, value)) == pytest.approx(value, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("spec", ALL)
def test_what_is_outside_the_travel_is_pinned(spec):
    low, high = spec.travel
    assert place_of(spec, low - 1e6) == 0.0
    assert place_of(spec, high + 1e6) in (0.0, 1.0)
    assert value_at(spec, -3.0) == low
    assert value_at(spec, 7.0) == high


def test_half_of_a_travel_toward_one_is_for_the_nines():
    assert place_of(BETA, 0.9) == pytest.approx(0.5)
    assert place_of(BETA, 0.99) == pytest.approx(0.75)
    assert place_of(BETA, 0.999) == 1.0
    assert value_at(BETA, 0.0) == 0.0


def test_sliding_finds_neat_values():
    for place in range(1, 997):
        value = value_at(LR, place / 997)
        assert value == float(f"{value:.1e}")
        gap = 1.0 - value_at(BETA, place / 997)
        assert gap == pytest.approx(float(f"{gap:.1e}"), rel=1e-6)


def test_whole_numbers_stay_whole():
    assert all(isinstance(value_at(BATCH, place / 100), int) for place in range(101))
    assert isinstance(step_value(EPOCHS, 3, 1), int)


def test_logarithmic_knobs_step_by_one_two_five():
    assert climb(LR, 0.01, 5) == [0.02, 0.05, 0.1, 0.2, 0.5]
    assert step_value(LR, 0.03, 1) == 0.05
    assert step_value(LR, 0.03, -1) == 0.02
    assert step_value(LR, 0.02, -2) == 0.005
    assert step_value(LR, 0.02, 1, fine=True) == 0.021
    assert step_value(LR, 0.01, -1, fine=True) == 0.0099
    assert climb(BATCH, 1, 4) == [2, 5, 10, 20]
    assert climb(BATCH, 2, 2, fine=True) == [3, 4]


def test_knobs_toward_one_step_by_neat_values():
    assert climb(BETA, 0.8, 3) == [0.9, 0.91, 0.92]
    assert climb(BETA, 0.98, 3) == [0.99, 0.991, 0.992]
    assert step_value(BETA, 0.9, -1) == 0.8
    assert step_value(BETA, 0.99, -1) == 0.98
    assert step_value(BETA, 0.991, -1) == 0.99
    assert step_value(BETA, 0.0, 1) == 0.1
    assert step_value(BETA, 0.9, 1, fine=True) == 0.901
    assert step_value(WIDE, 1.0, -1) == 0.999999


def test_linear_knobs_step_by_about_a_hundredth():
    assert step_value(ANGLE, 20.0, 1) == 21.0
    assert step_value(ANGLE, 20.3, 1) == 21.0
    assert step_value(ANGLE, 20.0, -1, fine=True) == 19.9
    assert step_value(EPOCHS, 3, 1, fine=True) == 4


def test_zero_is_within_reach_of_a_logarithmic_knob_that_allows_it():
    assert value_at(DECAY, 0.0) == 0.0
    assert step_value(DECAY, 0.0, 1) == 1e-6
    assert step_value(DECAY, 1e-6, -1) == 0.0


@pytest.mark.parametrize("spec", ALL)
@pytest.mark.parametrize("fine", [False, True])
@pytest.mark.parametrize("direction", [1, -1])
def test_steps_end_at_what_is_allowed(spec, fine, direction):
    value = spec.low if direction > 0 else spec.high
    for _ in range(3000):
        stepped = step_value(spec, value, direction, fine=fine)
        spec.check(stepped)
        assert (stepped - value) * direction >= 0.0
        value = stepped
    if not (spec.scale == "toward_one" and direction > 0 and spec.high == 1.0):
        assert value == pytest.approx(spec.high if direction > 0 else spec.low)
