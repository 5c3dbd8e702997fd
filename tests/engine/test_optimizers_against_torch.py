"""The four rules against torch, fed and free-running; see ``docs/exactness.md``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from optiviz.engine import OPTIMIZERS, SURFACES, Clip, Entrant, RaceSpec, compiler, run_race
from optiviz.engine.kernels import NO_CLIP, advance
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
    """Stand for a surface: hands out the recorded slopes one after the other."""
    k = int(knobs[0])
    g[0] = examples[k, 0]
    g[1] = examples[k, 1]
    knobs[0] = knobs[0] + 1.0
    return 0.0


def fed_run(case: Mapping[str, Any], slopes: Array, lr: Array, *, fast: bool) -> Array:
    """Run the engine's own loop on recorded slopes."""
    optimizer = OPTIMIZERS[case["rule"]](**case["knobs"])
    clip = Clip(*case["clip"]) if case["clip"] else None
    kernels: list[Any] = [type(optimizer).kernel, type(optimizer).look, feeder]
    loop: Any = advance
    if fast:
        loop = compiler.compiled(advance, "loop")
        kinds = ("rule", "look", "surface")
        kernels = [compiler.compiled(k, kind) for k, kind in zip(kernels, kinds, strict=True)]
    slopes = slopes.copy()
    slopes.flags.writeable = False
    steps = len(slopes)
    path = np.empty((steps + 1, 2))
    path[0] = FED_START
    gone = loop(
        *kernels,
        False,
        *(np.array(FED_START), np.array(optimizer.first_memory()), np.zeros(2), np.zeros(2)),
        *(np.array(optimizer.kernel_knobs() or (0.0,)), np.zeros(1), slopes, lr, optimizer.l2),
        *((clip.code, clip.limit) if clip else (NO_CLIP, 0.0)),
        *(path, np.empty(steps + 1), np.zeros((steps, 2)), 0.0, 0.0, 1e300, 0, steps),
    )
    assert gone == -1
    return path


def assert_same_steps(ours: Array, theirs: Array) -> None:
    mine, reference = np.diff(ours, axis=0), np.diff(theirs, axis=0)
    length = np.hypot(*reference.T)
    assert length.min() > 0.0
    # A step is told by two points, each rounded to a double; that much cannot be seen in it.
    grain = 4.0 * np.finfo(float).eps * np.abs(theirs).max()
    assert (np.hypot(*(mine - reference).T) <= FED * length + grain).all()


@pytest.mark.parametrize("fast", [False, True], ids=["interpreted", "compiled"])
@pytest.mark.parametrize("index", range(len(ABOUT["fed"])))
def test_fed_steps_are_torchs(index: int, fast: bool) -> None:
    case = ABOUT["fed"][index]
    slopes = GOLDEN["slopes"]
    lr = case["lr"][0] * np.linspace(1.0, case["lr"][1] / case["lr"][0], len(slopes))
    assert_same_steps(fed_run(case, slopes, lr, fast=fast), GOLDEN[f"fed{index}"])


def free_run(case: Mapping[str, Any], steps: int) -> Array:
    optimizer = OPTIMIZERS[case["rule"]](lr=case["lr"], **case["knobs"])
    surface = SURFACES[case["surface"]](**case["surface_knobs"])
    entrant = Entrant(optimizer, clip=Clip(*case["clip"]) if case["clip"] else None)
    run = run_race(RaceSpec(surface, case["start"], steps, (entrant,))).runs[0]
    assert run.diverged_step is None
    return run.path


@pytest.mark.parametrize("index", range(len(ABOUT["free"])))
def test_free_paths_are_torchs(index: int) -> None:
    theirs = GOLDEN[f"free{index}"]
    ours = free_run(ABOUT["free"][index], len(theirs) - 1)
    assert np.abs(ours - theirs).max() <= FREE * max(1.0, np.abs(theirs).max())


def test_the_golden_data_covers_every_knob() -> None:
    fed = ABOUT["fed"]
    assert len(ABOUT["free"]) == 16
    assert {case["rule"] for case in fed} == {"sgd", "momentum", "rmsprop", "adam"}
    assert {case["clip"] and case["clip"][0] for case in fed} == {None, "norm", "value"}
    assert {case["knobs"]["weight_decay"] > 0.0 for case in fed} == {True, False}
    forms = {case["knobs"]["form"] for case in fed + ABOUT["free"] if case["rule"] == "momentum"}
    assert forms == {"chapter", "pytorch"}
    assert ABOUT["torch"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rule", ["uncorrected adam", "momentum, chapter", "momentum, pytorch"])
def test_what_torch_lacks_is_the_formula(rule: str, seed: int) -> None:
    rng = np.random.default_rng([seed, len(rule)])
    knobs: dict[str, Any] = {"weight_decay": float(rng.uniform(0.0, 0.3))}
    if rule == "uncorrected adam":
        knobs |= {"beta1": rng.uniform(0.0, 0.95), "beta2": 1.0 - rng.uniform(1e-4, 0.3)}
        knobs |= {"delta": 10.0 ** rng.uniform(-10.0, -2.0), "bias_correction": False}
    else:
        knobs |= {"beta": rng.uniform(0.3, 0.95), "form": rule.split(", ")[1]}
    clip = [None, ("norm", 0.8), ("value", 0.6)][seed]
    case = {"rule": rule.split()[-1] if "adam" in rule else "momentum", "knobs": knobs}
    case["clip"] = clip
    slopes = GOLDEN["slopes"]
    lr = np.geomspace(0.1, 1e-2, len(slopes))  # changes, so the two forms of momentum part
    theirs, _ = plain_run(case["rule"], knobs, lambda k, _: slopes[k], FED_START, lr, clip)
    assert_same_steps(fed_run(case, slopes, lr, fast=True), theirs)


def test_the_two_forms_of_momentum_part_only_when_the_rate_changes() -> None:
    slopes = GOLDEN["slopes"][:100]

    def path(form: str, lr: Array) -> Array:
        knobs = {"beta": 0.9, "form": form}
        return fed_run({"rule": "momentum", "knobs": knobs, "clip": None}, slopes, lr, fast=False)

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

    @pytest.mark.parametrize("rule", ["sgd", "momentum", "rmsprop", "adam"])
    def test_fed(self, make: Any, rng: np.random.Generator, rule: str) -> None:
        slopes = make.draw_slopes(rng, 1000)
        case, lr, theirs = make.fed_case(rng, rule, slopes)
        assert_same_steps(fed_run(case, slopes, lr, fast=True), theirs)

    @pytest.mark.parametrize("rule", ["sgd", "momentum", "rmsprop", "adam"])
    @pytest.mark.parametrize("surface", ["quadratic", "rosenbrock", "beale", "himmelblau"])
    def test_free(self, make: Any, rng: np.random.Generator, rule: str, surface: str) -> None:
        knobs = make.SURFACE_KNOBS[surface]
        case, theirs = make.free_case(rng, rule, surface, knobs, 100)
        ours = free_run(case, 100)
        assert np.abs(ours - theirs).max() <= FREE * max(1.0, np.abs(theirs).max())
