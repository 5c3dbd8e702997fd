"""The rules against torch, fed and free-running; see ``docs/exactness.md``."""

from __future__ import annotations

import inspect
import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from optiviz.engine import OPTIMIZERS, SURFACES, Clip, Entrant, RaceSpec, compiler, run_race
from optiviz.engine.kernels import NO_CLIP, advance, kernel_of, lookahead_of
from optiviz.engine.optimizers import NotInTorch
from tests.engine.optimizer_cases import CORRECTED, FORMS, TORCHS, other_forms
from tests.reference.formulas import FORMULAS
from tests.reference.plain_rules import plain_run

if TYPE_CHECKING:
    from collections.abc import Mapping

Array = np.ndarray
FED, FREE = 1e-10, 1e-9
FED_START = (0.7, -1.3)

with np.load(Path(__file__).parents[1] / "reference" / "torch.npz") as stored:
    GOLDEN = dict(stored)
ABOUT = json.loads(str(GOLDEN["about"]))


def feeder(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
    """Stand for a surface: hands out the recorded gradients one after the other.

    A rule that looks elsewhere has the loop ask twice a step, so it counts by halves there.
    """
    k = int(knobs[0])
    g[0] = examples[k, 0]
    g[1] = examples[k, 1]
    knobs[0] = knobs[0] + knobs[1]
    return 0.0


def fed_run(
    case: Mapping[str, Any], gradients: Array, lr: Array, *, fast: bool
) -> tuple[Array, Array]:
    """Run the engine's own loop on recorded gradients; give the path, and where it looked."""
    optimizer = OPTIMIZERS[case["rule"]](**case["knobs"])
    clip = Clip(*case["clip"]) if case["clip"] else None
    kernels: list[Any] = [kernel_of(optimizer), lookahead_of(optimizer), feeder]
    loop: Any = advance
    if fast:
        loop = compiler.compiled(advance, "loop")
        kinds = ("rule", "lookahead", "surface")
        kernels = [compiler.compiled(k, kind) for k, kind in zip(kernels, kinds, strict=True)]
    gradients = gradients.copy()
    gradients.flags.writeable = False
    steps = len(gradients)
    path, looks = np.empty((steps + 1, 2)), np.empty((steps, 2))
    path[0] = FED_START
    counts = np.array([0.0, 0.5 if optimizer.looks_ahead else 1.0])
    gone = loop(
        *kernels,
        optimizer.looks_ahead,
        *(np.array(FED_START), np.array(optimizer.first_memory()), np.zeros(2), np.zeros(2)),
        *(np.array(optimizer.kernel_knobs() or (0.0,)), counts, gradients),
        *(None, None, None, None, lr),
        *(optimizer.l2, optimizer.decay),
        *((clip.code, clip.limit) if clip else (NO_CLIP, 0.0)),
        *(path, np.empty(steps + 1), np.zeros((steps, 2)), looks, 0.0, 0.0, 1e300, 0, steps),
    )
    assert gone == -1
    return path, looks


def torchs_own(rule: str, path: Array, looks: Array | None) -> Array:
    """Pick what torch's parameter is: under Nesterov the look-ahead point, which has no last."""
    if rule != "nesterov":
        return path
    assert looks is not None
    return looks


def promised(case: Mapping[str, Any], steps: int) -> Array:
    """Give how exact each fed step is to be, as a share of its length, (steps,)."""
    share = np.full(steps, FED)
    if case["rule"] == "radam":  # where torch's power may be a unit off, and its ρ with it
        left = (1.0 - case["knobs"]["beta2"]) * np.arange(1, steps + 1)
        share += 2.0 * np.finfo(float).eps / left**2
    return share


def assert_same_steps(ours: Array, theirs: Array, share: float | Array = FED) -> None:
    mine, reference = np.diff(ours, axis=0), np.diff(theirs, axis=0)
    length = np.hypot(*reference.T)
    assert length.max() > 0.0
    # A step is told by two points, each rounded to a double; that much cannot be seen in it.
    size = np.abs(theirs).max(axis=1)
    grain = 4.0 * np.finfo(float).eps * np.maximum(size[:-1], size[1:])
    assert (np.hypot(*(mine - reference).T) <= share * length + grain).all()


def assert_fed(
    case: Mapping[str, Any], gradients: Array, lr: Array, theirs: Array, *, fast: bool
) -> None:
    """Compare as far as torch's path goes: it ends where it is too far away."""
    steps = len(theirs) - 1
    ours = torchs_own(case["rule"], *fed_run(case, gradients[:steps], lr[:steps], fast=fast))
    theirs = theirs[: len(ours)]
    assert_same_steps(ours, theirs, promised(case, len(theirs) - 1))


@pytest.mark.parametrize("fast", [False, True], ids=["interpreted", "compiled"])
@pytest.mark.parametrize("index", range(len(ABOUT["fed"])))
def test_fed_steps_are_torchs(index: int, fast: bool) -> None:
    case, gradients = ABOUT["fed"][index], GOLDEN["gradients"]
    lr = case["lr"][0] * np.linspace(1.0, case["lr"][1] / case["lr"][0], len(gradients))
    assert_fed(case, gradients, lr, GOLDEN[f"fed{index}"], fast=fast)


def free_run(case: Mapping[str, Any], steps: int) -> Array:
    optimizer = OPTIMIZERS[case["rule"]](lr=case["lr"], **case["knobs"])
    surface = SURFACES[case["surface"]](**case["surface_knobs"])
    entrant = Entrant(optimizer, clip=Clip(*case["clip"]) if case["clip"] else None)
    run = run_race(RaceSpec(surface, case["start"], steps, (entrant,))).runs[0]
    assert run.diverged_step is None
    return torchs_own(case["rule"], run.path, run.lookahead)


def assert_same_path(case: Mapping[str, Any], theirs: Array) -> None:
    ours = free_run(case, len(theirs) - 1)
    apart = np.abs(ours - theirs[: len(ours)]).max()
    assert apart <= FREE * max(1.0, np.abs(theirs).max())


@pytest.mark.parametrize("index", range(len(ABOUT["free"])))
def test_free_paths_are_torchs(index: int) -> None:
    assert_same_path(ABOUT["free"][index], GOLDEN[f"free{index}"])


@pytest.mark.parametrize("index", range(len(ABOUT["whole"])))
def test_whole_races_are_torchs(index: int) -> None:
    assert len(GOLDEN[f"whole{index}"]) == 501
    assert_same_path(ABOUT["whole"][index], GOLDEN[f"whole{index}"])


def test_the_golden_data_covers_every_knob() -> None:
    fed = ABOUT["fed"]
    surfaces = tuple(FORMULAS)
    free = {(case["rule"], case["surface"]) for case in ABOUT["free"]}
    assert free == {(rule, surface) for rule in TORCHS for surface in surfaces}
    assert {case["rule"] for case in ABOUT["whole"]} == set(TORCHS)
    assert {case["surface"] for case in ABOUT["whole"]} == set(surfaces)
    assert {case["rule"] for case in fed} == set(TORCHS)
    for case in fed + ABOUT["free"] + ABOUT["whole"]:
        knobs = {spec.name for spec in OPTIMIZERS[case["rule"]].knobs()}
        assert knobs - set(case["knobs"]) <= {"lr", "bias_correction"}
    assert {case["clip"] and case["clip"][0] for case in fed} == {None, "norm", "value"}
    assert {case["knobs"]["weight_decay"] > 0.0 for case in fed} == {True, False}
    for rule in TORCHS:
        for spec in OPTIMIZERS[rule].knobs():
            if spec.kind == "choice":
                cases = [case for case in fed + ABOUT["free"] if case["rule"] == rule]
                assert {case["knobs"][spec.name] for case in cases} == set(spec.choices)
    assert ABOUT["torch"]


def drawn(rng: np.random.Generator, key: str) -> dict[str, Any]:
    """Draw knobs from where rules are used; the ends of what is allowed are below."""
    knobs: dict[str, Any] = {}
    for spec in OPTIMIZERS[key].knobs():
        if spec.scale == "toward_one":
            knobs[spec.name] = float(1.0 - 10.0 ** rng.uniform(-4.0, 0.0))
        elif spec.name == "delta":
            knobs[spec.name] = float(10.0 ** rng.uniform(-10.0, -2.0))
        elif spec.name != "lr" and spec.kind == "number":
            knobs[spec.name] = float(rng.uniform(0.0, 0.3))
        elif spec.name != "lr":
            knobs[spec.name] = spec.default
    return knobs


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("key", "form"), FORMS, ids=str)
def test_a_rule_is_the_formula_in_plain_numpy(key: str, form: dict[str, Any], seed: int) -> None:
    """Every rule in every form, so what torch lacks too, or has under a steady rate only."""
    rng = np.random.default_rng([seed, *key.encode()])
    knobs = drawn(rng, key) | form
    clip = [None, ("norm", 0.8), ("value", 0.6)][seed]
    case = {"rule": key, "knobs": knobs, "clip": clip}
    gradients = GOLDEN["gradients"]
    lr = np.geomspace(0.1, 1e-2, len(gradients))  # changes, so the two forms of momentum part
    theirs, memory = plain_run(key, knobs, lambda k, _: gradients[k], FED_START, lr, clip)
    ours, looks = fed_run(case, gradients, lr, fast=True)
    assert_same_steps(ours, theirs, promised(case, len(gradients)))
    if key == "nesterov":
        last = np.concatenate([[0.0], lr[:-1]])[:, np.newaxis]
        is_torchs = knobs["form"] == "pytorch"
        ahead = knobs["beta"] * memory["v"][:-1] * (-last if is_torchs else 1.0)
        assert_same_steps(looks, theirs[:-1] + ahead)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_a_rule_says_how_torch_spells_it_or_why_it_does_not(key: str) -> None:
    optimizer = OPTIMIZERS[key]
    for knobs in ({}, *(form for _, form in other_forms(key))):
        told = optimizer(**knobs).in_torch
        if isinstance(told, NotInTorch):
            assert told.why.endswith(".")
            continue
        torch = pytest.importorskip("torch", exc_type=ImportError)
        words = inspect.signature(getattr(torch.optim, told.name)).parameters
        assert set(told.words) <= set(words)
        numbers = [each for word in told.words.values() for each in np.atleast_1d(word)]
        for spec in optimizer.knobs():  # every number that can be set is told
            if spec.kind == "number":
                assert getattr(optimizer(), spec.name) in numbers


#: β₁ and β₂ up to the ends of what they may be: there 1 − βᵗ cancels nearly all digits.
BETAS = [(0.0, 0.0), (0.9999, 0.999), (0.999999, 0.9), (0.9, 0.999999), (0.999999, 0.999999)]


@pytest.mark.parametrize("fast", [False, True], ids=["interpreted", "compiled"])
@pytest.mark.parametrize("betas", BETAS, ids=str)
@pytest.mark.parametrize("rule", CORRECTED)
def test_what_cancels_in_a_correction_shows_nowhere(
    rule: str, betas: tuple[float, float], fast: bool
) -> None:
    gradients, lr = GOLDEN["gradients"], np.full(1000, 0.05)
    knobs: dict[str, Any] = {"beta1": betas[0], "beta2": betas[1], "delta": 1e-8}
    knobs |= {"weight_decay": 0.3, **({"momentum_decay": 4e-3} if rule == "nadam" else {})}
    theirs, _ = plain_run(rule, knobs, lambda k, _: gradients[k], FED_START, lr)
    ours, _ = fed_run({"rule": rule, "knobs": knobs, "clip": None}, gradients, lr, fast=fast)
    assert_same_steps(ours, theirs, share=1e-12)


@pytest.mark.parametrize("beta", [0.3, 0.9, 0.999, 0.99999, 0.999999])
@pytest.mark.parametrize("rule", CORRECTED)
def test_the_running_products_round_as_the_exact_powers_do(rule: str, beta: float) -> None:
    optimizer = OPTIMIZERS[rule](beta1=beta, beta2=beta)
    memory, exact = optimizer.first_memory(), Fraction(1)
    for _ in range(300):
        kernel_of(optimizer)([1.0, 1.0], memory, [1.0, 1.0], 0.1, optimizer.kernel_knobs())
        exact *= Fraction(beta)
        now = optimizer.named(np.array(memory))
        for name in {"beta1^t", "beta2^t"} & set(now):
            assert now[name][0] == (
                float(exact) if exact > 1e-39 else pytest.approx(0.0, abs=1e-39)
            )


def test_nesterovs_point_is_what_torch_and_keras_move_when_the_rate_changes() -> None:
    """Torch moves it by −ε(g + βv), v in units of g; Keras by βv − εg, v in units of θ."""
    gradients, beta = GOLDEN["gradients"][:200], 0.9
    lr = 0.05 * (1.0 + 0.9 * np.sin(np.arange(200.0)))
    for form in ("pytorch", "chapter"):
        case = {"rule": "nesterov", "knobs": {"beta": beta, "form": form}, "clip": None}
        _, looks = fed_run(case, gradients, lr, fast=False)
        point, v = np.array(FED_START), np.zeros(2)
        for k, (eps, g) in enumerate(zip(lr, gradients, strict=True)):
            assert np.abs(looks[k] - point).max() <= 1e-12
            if form == "pytorch":
                v = beta * v + g
                point = point - eps * (g + beta * v)
            else:
                v = beta * v - eps * g
                point = point + beta * v - eps * g


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
def test_the_two_forms_of_momentum_part_only_when_the_rate_changes(rule: str) -> None:
    gradients = GOLDEN["gradients"][:100]

    def path(form: str, lr: Array) -> Array:
        knobs = {"beta": 0.9, "form": form}
        return fed_run({"rule": rule, "knobs": knobs, "clip": None}, gradients, lr, fast=False)[0]

    steady, falling = np.full(100, 0.01), np.linspace(0.01, 0.001, 100)
    assert np.allclose(path("chapter", steady), path("pytorch", steady), rtol=0, atol=1e-12)
    assert np.abs(path("chapter", falling) - path("pytorch", falling)).max() > 1e-3


class TestLiveTorch:
    """The same comparison with a torch that is there, and knobs drawn anew each time."""

    @pytest.fixture
    def make(self) -> Any:
        pytest.importorskip("torch", exc_type=ImportError)
        from tests.reference import make_reference

        return make_reference

    @pytest.fixture
    def rng(self, record_property: Any) -> np.random.Generator:
        seed = np.random.SeedSequence().entropy
        record_property("seed", seed)
        print(f"np.random.default_rng({seed})")  # noqa: T201 - shown when the test fails
        return np.random.default_rng(seed)

    @pytest.mark.parametrize("rule", TORCHS)
    def test_fed(self, make: Any, rng: np.random.Generator, rule: str) -> None:
        gradients = make.draw_gradients(rng, 1000)
        case, lr, theirs = make.fed_case(rng, rule, gradients)
        assert_fed(case, gradients, lr, theirs, fast=True)

    @pytest.mark.parametrize("rule", TORCHS)
    @pytest.mark.parametrize("surface", FORMULAS)
    def test_free(self, make: Any, rng: np.random.Generator, rule: str, surface: str) -> None:
        knobs = make.SURFACE_KNOBS[surface]
        case, theirs = make.free_case(rng, rule, surface, knobs, 100)
        assert_same_path(case, theirs)
