"""Races: what they record, that they never fail, and that the same spec gives the same bits."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optiviz.engine import (
    GRADIENTS,
    MAX_STEPS,
    OPTIMIZERS,
    SCHEDULES,
    SURFACES,
    Cancelled,
    Clip,
    Entrant,
    Knob,
    Part,
    PartError,
    Race,
    RaceSpec,
    Run,
    compiler,
    run_race,
)
from optiviz.engine import runner as runner_module

Array = np.ndarray
ARRAYS = ("path", "loss", "gradients", "lr", "clipped")
RULES = ("sgd", "momentum", "rmsprop", "adam")

pytestmark = pytest.mark.usefixtures("compiled_kernels")


def entrants(**knobs: Any) -> tuple[Entrant, ...]:
    return tuple(Entrant(OPTIMIZERS[key](**knobs)) for key in RULES)


def spec_of(surface: str = "beale", steps: int = 60, **changes: Any) -> RaceSpec:
    part = SURFACES[surface]()
    spec = RaceSpec(part, part.start, steps, entrants(lr=0.002))
    return replace(spec, **changes)


def run_of(entrant: Entrant | Part, surface: str = "beale", **changes: Any) -> Run:
    entrant = entrant if isinstance(entrant, Entrant) else Entrant(entrant)  # type: ignore[arg-type]
    return run_race(spec_of(surface, entrants=(entrant,), **changes)).runs[0]


def bits(race: Race) -> list[Any]:
    return [
        [
            *(getattr(run, name).tobytes() for name in ARRAYS),
            None if run.lookahead is None else run.lookahead.tobytes(),
            *(run.finish_step, run.outcome),
        ]
        for run in race.runs
    ]


# What is recorded


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("steps", [1, 2, 7, 60])
def test_shapes_types_and_read_only(surface: str, steps: int) -> None:
    race = run_race(spec_of(surface, steps))
    assert len(race.runs) == 4
    for run, entrant in zip(race.runs, race.spec.entrants, strict=True):
        assert run.entrant is entrant
        assert run.path.shape == (steps + 1, 2)
        assert run.loss.shape == (steps + 1,)
        assert run.gradients.shape == (steps, 2)
        assert run.lr.shape == run.clipped.shape == (steps,)
        for name in ARRAYS:
            array = getattr(run, name)
            assert array.dtype == (np.bool_ if name == "clipped" else np.float64)
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0.0
        with pytest.raises(FrozenInstanceError):
            run.loss = run.loss  # type: ignore[misc]


@pytest.mark.parametrize("surface", SURFACES)
def test_the_record_is_the_surfaces(surface: str) -> None:
    race = run_race(spec_of(surface))
    part = race.spec.surface
    for run in race.runs:
        assert tuple(run.path[0]) == race.spec.start
        assert (run.lr == run.entrant.optimizer.lr).all()
        for k, (x, y) in enumerate(run.path.tolist()):
            assert run.loss[k] == part.value(x, y)
            if k < len(run.lr):
                assert tuple(run.gradients[k]) == tuple(part.gradient(x, y))


def test_the_gradient_is_kept_as_it_was_told_before_clip_and_decay() -> None:
    surface = SURFACES["beale"]()
    entrant = Entrant(OPTIMIZERS["sgd"](lr=0.01, weight_decay=0.5), clip=Clip.norm(0.1))
    run = run_of(entrant)
    assert tuple(run.gradients[0]) == tuple(surface.gradient(*surface.start))
    assert np.hypot(*run.gradients[0]) > 1.0
    pull = 0.01 * (0.1 + 0.5 * math.hypot(*surface.start))
    assert 0.0 < math.dist(run.path[1], run.path[0]) <= pull


# The same bits


@pytest.mark.parametrize("surface", SURFACES)
def test_a_real_race_compiled_and_interpreted(surface: str) -> None:
    part = SURFACES[surface]()
    tuned = tuple(Entrant(OPTIMIZERS[key](**knobs)) for key, knobs in part.tuned.items())
    spec = spec_of(surface, 2500, entrants=tuned)
    fast, slow = (run_race(spec, mode=mode) for mode in ("compiled", "interpreted"))
    assert bits(fast) == bits(slow) == bits(run_race(spec))


def knob_values(spec: Knob) -> st.SearchStrategy[Any]:
    if spec.kind == "choice":
        return st.sampled_from(spec.choices)
    if spec.kind == "switch":
        return st.booleans()
    if spec.kind == "text":
        return st.just(spec.default)
    low, high = spec.low, spec.high
    if spec.integer:
        return st.integers(int(low), int(high))
    flat = st.floats(low, high)
    if spec.scale == "log" and low > 0.0:
        return flat | st.floats(math.log(low), math.log(high)).map(
            lambda power: min(max(math.exp(power), low), high)
        )
    return flat | st.sampled_from([spec.default, low, high])


def parts(part: type[Part]) -> st.SearchStrategy[Any]:
    return st.builds(part, **{spec.name: knob_values(spec) for spec in part.knobs()})


NUMBERS = st.floats(-6.0, 6.0) | st.floats(allow_nan=False, allow_infinity=False)
CLIPS = st.none() | st.builds(
    Clip, st.sampled_from(["norm", "value"]), st.floats(1e-300, 1e300) | st.floats(0.01, 10.0)
)


def assert_sound(run: Run) -> None:
    """Hold for any race whatever: no NaN, nothing infinite but a start's own loss, frozen end."""
    assert np.isfinite(run.path).all()
    assert np.isfinite(run.gradients).all()
    assert np.isfinite(run.lr).all()
    gone = run.diverged_step
    assert np.isfinite(run.loss).all() or (gone == 0 and (run.loss == math.inf).all())
    for values in run.memory().values():
        assert values.shape == run.path.shape
        assert np.isfinite(values).all()
    rate = run.effective_rate()
    assert rate is None or (np.isfinite(rate).all() and (rate >= 0.0).all())
    assert run.lookahead is None or np.isfinite(run.lookahead).all()
    if gone is not None:
        assert 0 <= gone <= len(run.lr)
        assert run.outcome.kind == "diverged"
        assert run.outcome.step == gone
        assert (run.path[gone:] == run.path[gone]).all()
        assert (run.loss[gone:] == run.loss[gone]).all()
        assert (run.gradients[gone:] == 0.0).all()
    assert run.outcome.sentence.endswith(".")
    assert "nan" not in run.outcome.sentence
    for step in {0, len(run.lr) // 2, len(run.lr)}:
        bound = run.lr_bound(step)
        assert bound is None or bound > 0.0


# The same examples each time: a failure here can be looked at again.
_often = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def assert_sound_and_the_same_compiled_or_not(
    data: st.DataObject, optimizer: type[Part], surface: type[Part]
) -> None:
    entrant = Entrant(
        data.draw(parts(optimizer)),
        schedule=data.draw(parts(data.draw(st.sampled_from(list(SCHEDULES.values()))))),
        gradient=data.draw(parts(data.draw(st.sampled_from(list(GRADIENTS.values()))))),
        clip=data.draw(CLIPS),
    )
    spec = RaceSpec(
        surface=data.draw(parts(surface)),
        start=(data.draw(NUMBERS), data.draw(NUMBERS)),
        steps=data.draw(st.integers(1, 60)),
        entrants=(entrant,),
        seed=data.draw(st.integers(0, 2**32 - 1)),
    )
    fast, slow = (run_race(spec, mode=mode) for mode in ("compiled", "interpreted"))
    assert bits(fast) == bits(slow)
    assert_sound(fast.runs[0])


@pytest.mark.parametrize("rule", OPTIMIZERS)
@_often
@given(data=st.data())
def test_any_race_of_a_rule(rule: str, data: st.DataObject) -> None:
    surface = data.draw(st.sampled_from(list(SURFACES.values())))
    assert_sound_and_the_same_compiled_or_not(data, OPTIMIZERS[rule], surface)


@pytest.mark.parametrize("surface", SURFACES)
@_often
@given(data=st.data())
def test_any_race_on_a_surface(surface: str, data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(list(OPTIMIZERS.values())))
    assert_sound_and_the_same_compiled_or_not(data, rule, SURFACES[surface])


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_a_long_race_of_any_rule_compiled_and_interpreted(rule: str) -> None:
    for surface in ("quadratic", "rosenbrock", "himmelblau"):
        knobs = {"weight_decay": 0.05, "lr": 0.002}
        spec = spec_of(surface, 2500, entrants=(Entrant(OPTIMIZERS[rule](**knobs)),))
        fast, slow = (run_race(spec, mode=mode) for mode in ("compiled", "interpreted"))
        assert bits(fast) == bits(slow)
        assert fast.runs[0].diverged_step is None


@pytest.mark.parametrize("size", [1e10, 1e77, 1e154, 1e200, 1.7e308])
@pytest.mark.parametrize("surface", SURFACES)
def test_a_start_far_out_diverges_in_peace(surface: str, size: float) -> None:
    for start in ((size, -size), (-size, 0.5), (0.0, size)):
        race = run_race(spec_of(surface, 20, start=start))
        for run in race.runs:
            assert_sound(run)
            assert run.diverged_step in (0, 1)
        assert race.places(20) == (None,) * 4


@pytest.mark.parametrize("lr", [1e-9, 1e3])
@pytest.mark.parametrize("surface", SURFACES)
def test_the_rate_at_both_ends(surface: str, lr: float) -> None:
    for run in run_race(spec_of(surface, 300, entrants=entrants(lr=lr))).runs:
        assert_sound(run)


def test_a_racer_that_overflows_between_two_points_keeps_the_last() -> None:
    # b = 10⁴ and ε = 10³: the first step lies beyond all reach, though it is finite.
    surface = SURFACES["rosenbrock"](b=1e4)
    sgd = Entrant(OPTIMIZERS["sgd"](lr=1e3))
    for start in ((-1.2, 1.0), (3e3, 1.0)):
        run = run_race(RaceSpec(surface, start, 10, (sgd,))).runs[0]
        assert run.diverged_step == 1
        assert_sound(run)
        assert math.dist(run.path[1], start) > 1000.0


@pytest.mark.parametrize("before", RULES)
def test_the_same_bits_on_other_threads_and_after_other_races(before: str) -> None:
    spec = spec_of(steps=400)
    expected = bits(run_race(spec))
    run_of(OPTIMIZERS[before](lr=1e3), "rosenbrock", steps=300)
    assert bits(run_race(replace(spec))) == expected
    with ThreadPoolExecutor(4) as pool:
        others = list(pool.map(lambda _: bits(run_race(spec)), range(12)))
    assert all(other == expected for other in others)


def test_a_racer_does_not_feel_the_others() -> None:
    spec = spec_of(steps=100)
    together = bits(run_race(spec))
    for i, entrant in enumerate(spec.entrants):
        assert bits(run_race(replace(spec, entrants=(entrant,)))) == [together[i]]
    backwards = bits(run_race(replace(spec, entrants=spec.entrants[::-1])))
    assert backwards == together[::-1]


# Its length and its entrants


@pytest.mark.parametrize("mode", ["compiled", "interpreted"])
def test_one_step(mode: Any) -> None:
    race = run_race(spec_of(steps=1), mode=mode)
    assert all(run.path.shape == (2, 2) for run in race.runs)
    assert {run.outcome.kind for run in race.runs} <= {"running", "settled"}


def test_a_hundred_thousand_steps() -> None:
    race = run_race(spec_of(steps=MAX_STEPS, entrants=entrants(lr=0.001)))
    for run in race.runs:
        assert run.path.shape == (100_001, 2)
        assert np.isfinite(run.path).all()
    assert math.dist(race.runs[0].path[-1], (3.0, 0.5)) < 1e-9
    short = run_race(spec_of(steps=1_500, entrants=entrants(lr=0.001)), mode="interpreted")
    for long_run, short_run in zip(race.runs, short.runs, strict=True):
        assert (long_run.path[:1_501] == short_run.path).all()


def test_the_memory_of_a_long_race_is_replayed_in_time() -> None:
    run = run_of(OPTIMIZERS["adam"](lr=0.001), steps=MAX_STEPS)
    # A replay that copied the rates at every step would take minutes here.
    assert run.memory()["s"].shape == (100_001, 2)
    assert run.lr_bound(MAX_STEPS) is not None


def test_eight_entrants_and_none() -> None:
    eight = tuple(Entrant(OPTIMIZERS["adam"](lr=0.01 * n)) for n in range(1, 9))
    race = run_race(spec_of(steps=200, entrants=eight))
    assert len(race.runs) == 8
    assert len({run.path[-1].tobytes() for run in race.runs}) == 8
    assert sorted(place for place in race.places(200) if place) == list(range(1, 9))
    assert run_race(spec_of(entrants=())).runs == ()


# Cancelling


def test_nothing_is_run_that_nobody_wants() -> None:
    with pytest.raises(Cancelled):
        run_race(spec_of(), cancelled=lambda: True)


@pytest.mark.parametrize("mode", ["compiled", "interpreted"])
def test_a_race_is_stopped_in_the_middle(mode: Any) -> None:
    asked = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 2

    steps = 3 * (runner_module._CHUNK_INTERPRETED if mode == "interpreted" else 33_000)
    with pytest.raises(Cancelled):
        run_race(spec_of(steps=steps), cancelled, mode)
    assert len(asked) == 3


def test_being_asked_changes_nothing() -> None:
    spec = spec_of(steps=2_600)
    asked = []
    race = run_race(spec, lambda: bool(asked.append(None)), "interpreted")
    assert len(asked) == 4 * 3
    assert bits(race) == bits(run_race(spec))


# Places


def raced(*told: tuple[int | None, int | None, float]) -> Race:
    """Build a race of which only finish, divergence and the last loss are told."""
    race = run_race(spec_of(steps=10, entrants=(Entrant(OPTIMIZERS["sgd"]()),) * len(told)))
    runs = [
        replace(run, finish_step=finish, diverged_step=gone, loss=np.full(11, loss))
        for run, (finish, gone, loss) in zip(race.runs, told, strict=True)
    ]
    return Race(race.spec, tuple(runs))


def test_places_go_by_finish_then_loss_and_not_to_who_diverged() -> None:
    race = raced((7, None, 1e-4), (4, None, 1e-3), (None, None, 0.5), (None, 3, 9.0))
    assert race.places(10) == (2, 1, 3, None)


def test_a_finish_counts_from_its_step_on() -> None:
    race = raced((7, None, 0.9), (None, None, 0.1))
    assert race.places(6) == (2, 1)
    assert race.places(7) == (1, 2)


def test_who_diverges_has_no_place_from_then_on() -> None:
    race = raced((None, 5, 0.0), (None, 8, 0.0), (None, None, 1e9))
    assert race.places(4) == (1, 1, 3)
    assert race.places(6) == (None, 1, 2)
    assert race.places(8) == (None, None, 1)


def test_who_has_finished_keeps_the_place_after_diverging() -> None:
    assert raced((3, 9, 1e30), (None, None, 0.5)).places(10) == (1, 2)


def test_equals_share_a_place() -> None:
    race = raced((4, None, 0.0), (4, None, 0.1), (6, None, 0.2), (None, None, 1.0))
    assert race.places(10) == (1, 1, 3, 4)


def test_places_among_some() -> None:
    race = raced((4, None, 0.0), (2, None, 0.0), (6, None, 0.0))
    assert race.places(10, among=(0, 2)) == (1, None, 2)
    assert race.places(10, among=()) == (None, None, None)


def test_the_finish_is_the_first_step_within_the_target() -> None:
    surface = SURFACES["beale"]()
    for key, knobs in surface.tuned.items():
        for target in (1.0, 1e-2, 1e-3):
            run = run_of(OPTIMIZERS[key](**knobs), steps=300, target=target)
            within = np.flatnonzero(run.loss <= surface.least + target)
            assert run.finish_step == within[0]
            assert run.outcome.step == within[0]
    assert run_of(OPTIMIZERS["sgd"](lr=1e-6), target=1e3).finish_step == 0


# What a spec refuses


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        *(("start", (math.nan, 0.0)), ("start", (0.0, math.inf)), ("start", (10**400, 0.0))),
        *(("start", (1.0,)), ("start", (1.0, 2.0, 3.0)), ("start", ("1", 2.0))),
        *(("steps", 0), ("steps", -1), ("steps", MAX_STEPS + 1), ("steps", 10**30)),
        *(("steps", 1.5), ("steps", True), ("steps", "10"), ("steps", None)),
        *(("steps_per_epoch", 0), ("steps_per_epoch", 2.0), ("steps_per_epoch", MAX_STEPS + 1)),
        *(("seed", -1), ("seed", 2**32), ("seed", 0.5), ("seed", False)),
        *(("target", -1e-9), ("target", math.nan), ("target", math.inf), ("target", "0")),
        *(("target", None), ("target", True), ("target", 10**400)),
    ],
    ids=str,
)
def test_a_spec_says_what_is_wrong_with_it(knob: str, value: Any) -> None:
    with pytest.raises(PartError) as caught:
        spec_of(**{knob: value})
    assert knob in caught.value.clause
    assert caught.value.knob == knob
    assert str(caught.value).endswith(".")


def test_a_spec_is_frozen_and_compares_by_value() -> None:
    one, other = spec_of(), spec_of()
    assert one == other
    assert hash(one) == hash(other)
    assert replace(one, start=[1, 1.5], target=0).start == (1.0, 1.5)
    assert hash(replace(one, entrants=list(one.entrants))) == hash(one)
    assert replace(one, steps=61) != one
    with pytest.raises(FrozenInstanceError):
        one.steps = 5  # type: ignore[misc]


def test_without_a_compiler_long_races_are_run_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ImportError("no compiler here")

    spec = RaceSpec(SURFACES["beale"](), (1.0, 1.5), 30_000, (Entrant(OPTIMIZERS["sgd"](lr=0.02)),))
    usual = run_race(spec, mode="compiled")
    monkeypatch.setattr(compiler, "compiled", broken)
    monkeypatch.setattr(compiler, "ready", lambda _: None)
    assert (run_race(spec).runs[0].path == usual.runs[0].path).all()
    assert "could not be compiled" in caplog.text
    with pytest.raises(ImportError):
        run_race(spec, mode="compiled")
