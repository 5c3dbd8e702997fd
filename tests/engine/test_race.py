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
    MAX_STEPS,
    OPTIMIZERS,
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
from tests.reference.plain_rules import plain_run

Array = np.ndarray
ARRAYS = ("path", "loss", "gradients", "lr")
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
        [*(getattr(run, name).tobytes() for name in ARRAYS), run.finish_step, run.outcome]
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
        assert run.lr.shape == (steps,)
        for name in ARRAYS:
            array = getattr(run, name)
            assert array.dtype == np.float64
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


def test_the_slope_is_kept_as_it_was_told_before_clip_and_decay() -> None:
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
    low, high = spec.low, spec.high
    flat = st.floats(low, high)
    if spec.scale == "log":
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


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("rule", OPTIMIZERS)
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,  # the same examples each time: a failure here can be looked at again
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_race_is_sound_and_the_same_compiled_or_not(
    rule: str, surface: str, data: st.DataObject
) -> None:
    entrant = Entrant(data.draw(parts(OPTIMIZERS[rule])), clip=data.draw(CLIPS))
    spec = RaceSpec(
        surface=data.draw(parts(SURFACES[surface])),
        start=(data.draw(NUMBERS), data.draw(NUMBERS)),
        steps=data.draw(st.integers(1, 60)),
        entrants=(entrant,),
    )
    fast, slow = (run_race(spec, mode=mode) for mode in ("compiled", "interpreted"))
    assert bits(fast) == bits(slow)
    assert_sound(fast.runs[0])


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


# Memory


@pytest.mark.parametrize("clip", [None, ("norm", 0.7), ("value", 0.4)], ids=str)
@pytest.mark.parametrize(
    ("rule", "knobs"),
    [
        ("sgd", {}),
        ("momentum", {"beta": 0.8}),
        ("momentum", {"beta": 0.8, "form": "pytorch"}),
        ("rmsprop", {"rho": 0.95, "delta": 1e-6}),
        ("adam", {}),
        ("adam", {"beta1": 0.5, "beta2": 0.9, "bias_correction": False}),
    ],
    ids=str,
)
def test_memory_is_that_of_the_plain_rule(rule: str, knobs: Any, clip: Any) -> None:
    optimizer = OPTIMIZERS[rule](lr=2e-3, weight_decay=0.1, **knobs)
    surface = SURFACES["beale"]()
    run = run_of(Entrant(optimizer, clip=Clip(*clip) if clip else None), steps=80)
    path, expected = plain_run(
        *(rule, optimizer.settings(), lambda _, at: surface.gradient(*at)),
        *(surface.start, np.full(80, 2e-3), clip),
    )
    assert np.abs(run.path - path).max() <= 1e-12
    memory = run.memory()
    assert list(memory) == list(expected) == list(optimizer.memory)
    for name, values in expected.items():
        assert memory[name].shape == (81, 2)
        assert np.abs(memory[name] - values).max() <= 1e-12 * max(1.0, np.abs(values).max())
        assert (memory[name][0] == 0.0).all()
        assert (memory[name][-1] != 0.0).all()


def test_memory_stays_after_a_divergence() -> None:
    run = run_of(OPTIMIZERS["momentum"](lr=1.0), steps=60)
    gone = run.diverged_step
    assert gone is not None
    assert gone < 40
    v = run.memory()["v"]
    assert (v[gone + 1 :] == v[gone]).all()


# How large ε may be


@pytest.mark.parametrize("rule", ["sgd", "momentum"])
@pytest.mark.parametrize("beta", [0.5, 0.9])
@pytest.mark.parametrize("kappa", [1.0, 7.0, 300.0])
def test_the_bound_holds_from_both_sides(rule: str, beta: float, kappa: float) -> None:
    surface = SURFACES["quadratic"](kappa=kappa, angle=33.0)
    knobs = {"beta": beta} if rule == "momentum" else {}
    start = (1.0, -0.7)
    probe = run_race(RaceSpec(surface, start, 1, (Entrant(OPTIMIZERS[rule](**knobs)),))).runs[0]
    bound = probe.lr_bound(0)
    assert bound == pytest.approx(2.0 * (1.0 + knobs.get("beta", 0.0)) / kappa)
    below, above = (
        run_race(
            RaceSpec(
                *(surface, start, 3000),
                (Entrant(OPTIMIZERS[rule](lr=factor * bound, **knobs)),),
                target=0.0,
            )
        ).runs[0]
        for factor in (0.98, 1.02)
    )
    # Along the valley it may be slow, so look across it, where the bound comes from.
    turn = math.radians(33.0)
    across = np.array([-math.sin(turn), math.cos(turn)])
    assert np.abs(below.path[-50:] @ across).max() < 1e-6
    assert below.diverged_step is None
    assert above.diverged_step is not None


def preconditioned(hessian: Array, scale: Array) -> float:
    return float(np.linalg.eigvals(np.linalg.inv(np.diag(scale)) @ hessian).real.max())


@pytest.mark.parametrize("step", [1, 5, 40])
@pytest.mark.parametrize("surface", SURFACES)
def test_adaptive_bounds_are_those_of_the_preconditioned_hessian(surface: str, step: int) -> None:
    part = SURFACES[surface]()
    knobs = {"weight_decay": 0.05, "lr": 0.01}
    rmsprop = run_of(OPTIMIZERS["rmsprop"](rho=0.9, delta=1e-3, **knobs), surface)
    adams = [
        run_of(OPTIMIZERS["adam"](beta1=0.8, beta2=0.99, bias_correction=c, **knobs), surface)
        for c in (True, False)
    ]
    for run in (rmsprop, *adams):
        optimizer = run.entrant.optimizer
        slope = lambda _, at: part.gradient(*at)  # noqa: E731
        _, memory = plain_run(optimizer.key, optimizer.settings(), slope, part.start, run.lr)
        r = memory["r"][step]
        factor = 2.0
        if optimizer.key == "adam":
            r = r / (1.0 - 0.99**step) if optimizer.settings()["bias_correction"] else r
            factor = 2.0 * 1.8 / 0.2
        scale = np.sqrt(r) + optimizer.settings()["delta"]
        # The rule sees the L2 term too: its quadratic is H + λI.
        largest = preconditioned(part.hessian(*run.path[step]) + 0.05 * np.eye(2), scale)
        bound = run.lr_bound(step)
        if largest > 0.0:
            assert bound == pytest.approx(factor / largest, rel=1e-9)
        else:
            assert bound == math.inf


def test_the_bound_has_weight_decay_in_it_and_none_holds_under_a_clip() -> None:
    surface = SURFACES["quadratic"](kappa=1.0, angle=0.0)
    sgd = OPTIMIZERS["sgd"](lr=1.5, weight_decay=1.0)
    plain, clipped = (
        run_race(RaceSpec(surface, (1.0, 1.0), 20_000, (Entrant(sgd, clip=clip),))).runs[0]
        for clip in (None, Clip.norm(0.5))
    )
    assert plain.lr_bound(0) == pytest.approx(1.0)
    assert plain.outcome.kind == "diverged"
    assert "ε was above the local bound 1 at" in plain.outcome.sentence
    assert clipped.lr_bound(0) is None


@pytest.mark.parametrize("beta1", [0.0, 0.9])
def test_adams_bound_holds_from_both_sides_while_its_scale_is_frozen(beta1: float) -> None:
    surface = SURFACES["quadratic"](kappa=50.0, angle=20.0)
    optimizer = OPTIMIZERS["adam"](beta1=beta1, bias_correction=False)
    memory = {"s": np.zeros(2), "r": np.array([0.3, 2.0])}
    hessian = surface.hessian(0.0, 0.0)
    bound = optimizer.lr_bound(hessian, memory)
    assert bound is not None
    scale = np.sqrt(memory["r"]) + 1e-8
    for factor, grows in ((0.98, False), (1.02, True)):
        theta, s = np.array([1.0, -1.0]), np.zeros(2)
        sizes = []
        for _ in range(6000):
            s = beta1 * s + (1.0 - beta1) * (hessian @ theta)
            theta = theta - factor * bound * s / scale
            sizes.append(np.abs(theta).max())
            if sizes[-1] > 1e6:
                break
        assert bool(sizes[-1] > 1e6) is grows


def test_no_bound_beyond_what_a_number_holds() -> None:
    # There λmax of P⁻¹H overflows, and 0 would be no bound.
    optimizer = OPTIMIZERS["rmsprop"](delta=1e-16)
    hessian = np.array([[1e300, 0.0], [0.0, 1.0]])
    assert optimizer.lr_bound(hessian, {"r": np.zeros(2)}) is None


def test_no_bound_where_nothing_curves_up() -> None:
    top = (-0.270844590667, -0.923038522099)  # Himmelblau's hilltop
    for key in RULES:
        assert run_of(OPTIMIZERS[key](lr=1e-9), "himmelblau", start=top).lr_bound(0) == math.inf


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
    with pytest.raises(PartError, match=knob) as caught:
        spec_of(**{knob: value})
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
