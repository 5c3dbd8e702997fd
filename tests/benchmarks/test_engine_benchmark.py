"""How fast the engine is, as ratios measured in one run; nothing here fails for being slow.

Each benchmark tells in ``extra_info`` its ``work``, what it is held ``against``, the ``ratio`` of
the two times and the ``bar``; ``report.py`` makes a table of them.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import statistics
import subprocess
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from optiviz.engine import OPTIMIZERS, SURFACES, Entrant, FieldSpec, RaceSpec, compiler, run_race
from optiviz.engine.field import sample_field
from optiviz.engine.kernels import NO_CLIP, advance, kernel_of, lookahead_of
from optiviz.engine.runner import REACH
from optiviz.engine.surfaces import NO_EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

Array = np.ndarray
STEPS = 20_000
REPEATS = 41
#: The rules that are written in C as well, with rates that keep them in the valley.
RATES = {"sgd": 5e-4, "momentum": 1e-4, "rmsprop": 1e-3, "adam": 1e-2}
ALL_RATES = {**dict.fromkeys(OPTIMIZERS, 1e-3), **RATES, "nesterov": 1e-4, "adadelta": 1.0}
#: Unrectified, RAdam is momentum with the gradient's full length.
ALL_RATES["radam"] = 1e-4
#: How many times as long as C the loop may take, where a bar is set.
BARS = {"adam": "at most 1.5", "momentum": "at most 2.5"}

pytestmark = [
    pytest.mark.usefixtures("compiled_kernels"),
    pytest.mark.benchmark(max_time=0.2, min_rounds=5),
]


@pytest.fixture(scope="module")
def compiled_kernels() -> None:
    from optiviz.engine import warm_up

    warm_up()


def interleaved(*functions: Callable[[], Any], repeats: int = REPEATS) -> list[float]:
    """Time functions in turn, so that a noisy moment hits all; give the median of each, in s."""
    times: list[list[float]] = [[] for _ in functions]
    for function in functions:
        function()
    for _ in range(repeats):
        for function, taken in zip(functions, times, strict=True):
            begin = time.perf_counter()
            function()
            taken.append(time.perf_counter() - begin)
    return [statistics.median(taken) for taken in times]


class Record(NamedTuple):
    """What a loop writes."""

    path: Array
    loss: Array
    gradients: Array

    @classmethod
    def of(cls, steps: int) -> Record:
        return cls(np.zeros((steps + 1, 2)), np.zeros(steps + 1), np.zeros((steps, 2)))


def engine_loop(rule: str, steps: int, record: Record) -> Callable[[], None]:
    """Give a call that runs the compiled loop from the start."""
    surface, optimizer = SURFACES["rosenbrock"](), OPTIMIZERS[rule](lr=ALL_RATES[rule])
    loop = compiler.compiled(advance, "loop")
    kernels = (
        compiler.compiled(kernel_of(optimizer), "rule"),
        compiler.compiled(lookahead_of(optimizer), "lookahead"),
        compiler.compiled(kernel_of(surface), "surface"),
    )
    knobs, surface_knobs = np.array(optimizer.kernel_knobs() or (0.0,)), np.array([surface.b])
    lr, scratch = np.full(steps, optimizer.lr), (np.zeros(2), np.zeros(2))
    looks = np.zeros((steps if optimizer.looks_ahead else 0, 2))
    reach_squared = (REACH * surface.width) ** 2

    def run() -> None:
        theta, memory = np.array(surface.start), np.array(optimizer.first_memory())
        gone = loop(
            *kernels,
            optimizer.looks_ahead,
            *(theta, memory, *scratch, knobs, surface_knobs),
            *(NO_EXAMPLES, None, None, None, None, lr),
            *(optimizer.l2, optimizer.decay, NO_CLIP, 0.0),
            *(*record, looks, *surface.center, reach_squared, 0, steps),
        )
        assert gone == -1

    return run


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """The same arithmetic in C, built on the spot."""
    compiler_found = os.environ.get("CC") or shutil.which("gcc") or shutil.which("cc")
    if not compiler_found:
        pytest.skip("there is no C compiler")
    built = tmp_path_factory.mktemp("c") / "loop.so"
    source = Path(__file__).with_name("loop.c")
    # No multiply and add in one rounding: the engine has none, and the bits are compared.
    options = ["-O3", "-ffp-contract=off", "-shared", "-fPIC"]
    subprocess.run(
        [compiler_found, *options, str(source), "-o", str(built), "-lm"],
        check=True,
        capture_output=True,
    )
    return ctypes.CDLL(str(built))


def c_loop(library: ctypes.CDLL, rule: str, steps: int, record: Record) -> Callable[[], None]:
    surface, optimizer = SURFACES["rosenbrock"](), OPTIMIZERS[rule](lr=RATES[rule])
    function = getattr(library, f"run_{rule}")
    vector = ctypes.POINTER(ctypes.c_double)
    function.argtypes = [
        *(vector, vector, vector, ctypes.c_double, vector, vector, vector, vector),
        *(ctypes.c_double, ctypes.c_double, ctypes.c_double, ctypes.c_int64),
    ]
    function.restype = ctypes.c_int64
    knobs, lr = np.array(optimizer.kernel_knobs() or (0.0,)), np.full(steps, optimizer.lr)
    pointers = [array.ctypes.data_as(vector) for array in (knobs, lr, *record)]
    reach_squared = (REACH * surface.width) ** 2

    def run() -> None:
        theta, memory = np.array(surface.start), np.array([*optimizer.first_memory(), 0.0])
        gone = function(
            *(theta.ctypes.data_as(vector), memory.ctypes.data_as(vector)),
            *(pointers[0], surface.b, *pointers[1:]),
            *(*surface.center, reach_squared, steps),
        )
        assert gone == -1

    run.kept_alive = (knobs, lr, record)  # type: ignore[attr-defined]
    return run


@pytest.mark.parametrize("rule", RATES)
def test_loop_against_c(benchmark: Any, library: ctypes.CDLL, rule: str) -> None:
    ours, theirs = Record.of(STEPS), Record.of(STEPS)
    fast, c = engine_loop(rule, STEPS, ours), c_loop(library, rule, STEPS, theirs)
    mine, reference = interleaved(fast, c)
    ours.path[0] = theirs.path[0] = 0.0  # the start, which the loop does not write
    for one, other in zip(ours, theirs, strict=True):
        assert (one == other).all(), "not the same arithmetic"
    benchmark.extra_info.update(
        work=f"loop, {rule}: {mine / STEPS * 1e9:.0f} ns a step",
        against=f"C at -O3: {reference / STEPS * 1e9:.0f} ns",
        ratio=round(mine / reference, 2),
        bar=BARS.get(rule, ""),
    )
    benchmark(fast)


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_loop_of_every_optimizer(benchmark: Any, rule: str) -> None:
    fast, sgd = (engine_loop(key, STEPS, Record.of(STEPS)) for key in (rule, "sgd"))
    mine, reference = interleaved(fast, sgd)
    benchmark.extra_info.update(
        work=f"loop, {rule}: {mine / STEPS * 1e9:.0f} ns a step",
        against=f"sgd: {reference / STEPS * 1e9:.0f} ns",
        ratio=round(mine / reference, 2),
        bar="",
    )
    benchmark(fast)


@pytest.mark.parametrize("rule", [key for key in OPTIMIZERS if key != "lion"])
def test_loop_against_torch(benchmark: Any, rule: str) -> None:
    pytest.importorskip("torch", exc_type=ImportError)
    from tests.reference.make_reference import free_path

    steps = 100
    optimizer = OPTIMIZERS[rule](lr=ALL_RATES[rule])
    case = {
        "rule": rule,
        "surface": "rosenbrock",
        "surface_knobs": {"b": 100.0},
        "knobs": optimizer.settings(),
        "lr": optimizer.lr,
        "clip": None,
    }
    fast = engine_loop(rule, STEPS, Record.of(STEPS))
    mine, reference = interleaved(fast, lambda: free_path(case, (-1.2, 1.0), steps), repeats=7)
    mine, reference = mine / STEPS, reference / steps
    benchmark.extra_info.update(
        work=f"loop, {rule}: {mine * 1e9:.0f} ns a step",
        against=f"torch.optim with autograd: {reference * 1e6:.0f} µs",
        ratio=f"1 / {reference / mine:.0f}",
        bar="at most 1 / 2000",
    )
    benchmark(fast)


def straight(sizes: list[int], times: list[float]) -> tuple[float, float, float]:
    """Fit time = fixed + each · size, every time weighing alike.

    Gives both, in s, and how far the worst time is from its line, as a ratio of at least 1.
    """
    weight = 1.0 / np.array(times)
    columns = np.column_stack([np.ones(len(sizes)), np.array(sizes, float)])
    (fixed, each), *_ = np.linalg.lstsq(columns * weight[:, np.newaxis], np.ones(len(sizes)))
    off = np.array(times) / (columns @ (fixed, each))
    return float(fixed), float(each), float(np.maximum(off, 1.0 / off).max())


def race_of(racers: int, steps: int) -> RaceSpec:
    surface, rules = SURFACES["rosenbrock"](), list(RATES.items())
    chosen = (rules[i % len(rules)] for i in range(racers))
    entrants = tuple(Entrant(OPTIMIZERS[key](lr=lr)) for key, lr in chosen)
    return RaceSpec(surface, surface.start, steps, entrants)


@pytest.mark.parametrize("unit", ["step", "racer"])
def test_cost_is_a_straight_line(benchmark: Any, unit: str) -> None:
    """A whole race: the loop, and all that is made around it."""
    if unit == "step":
        sizes = [1_000, 3_000, 10_000, 30_000, 100_000]
        specs = [race_of(4, size) for size in sizes]
    else:
        sizes = [4, 8, 12, 16]  # so that the four rules are there alike
        specs = [race_of(size, 5_000) for size in sizes]
    calls = [partial(run_race, spec) for spec in specs]
    fixed, each, off = straight(sizes, interleaved(*calls, repeats=15))
    told = ", ".join(f"{size:,}" for size in sizes)
    what = "a race of four" if unit == "step" else "a race of 5,000 steps"
    benchmark.extra_info.update(
        work=f"{what} with {told} {unit}s, the farthest from a straight line",
        against=f"the line: {fixed * 1e6:.0f} µs and {each * 1e6:.3g} µs a {unit}",
        ratio=round(off, 2),
        bar="1 were it straight",
    )
    benchmark(calls[0])


@pytest.mark.parametrize("key", SURFACES)
def test_field_of_400_by_400(benchmark: Any, key: str) -> None:
    """Heights, shade and contour lines, against the heights alone."""
    surface = SURFACES[key]()
    spec = FieldSpec(surface, *surface.window, columns=400, rows=400)
    x, y = np.meshgrid(np.linspace(*spec.x_range, 400), np.linspace(*spec.y_range, 400))
    mine, reference = interleaved(
        lambda: sample_field(spec), lambda: surface.value(x, y), repeats=15
    )
    benchmark.extra_info.update(
        work=f"heights and contour lines of {surface.title}, 400 x 400: {mine * 1e3:.1f} ms",
        against=f"the heights alone: {reference * 1e3:.1f} ms",
        ratio=round(mine / reference, 1),
        bar="within 40 ms",
    )
    benchmark(sample_field, spec)
