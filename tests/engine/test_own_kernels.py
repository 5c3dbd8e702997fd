"""Parts of which each has kernels of its own: they are found, compiled and run like a class's."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from optiviz.engine import (
    OPTIMIZERS,
    SURFACES,
    Entrant,
    Optimizer,
    RaceSpec,
    Surface,
    compiler,
    kernels,
    run_race,
)
from optiviz.engine.field import FieldSpec, sample_field
from optiviz.engine.kernels import kernel_of, lookahead_of, second_of, stay_here
from optiviz.engine.runner import Runner
from optiviz.engine.sweep import losses

Array = np.ndarray


@cache
def bowl(a: float, b: float) -> Any:
    def kernel(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
        g[0] = a * x
        g[1] = b * y
        return 0.5 * (a * x * x + b * y * y)

    return kernel


@cache
def bends(a: float, b: float) -> Any:
    def second(x: Any, y: Any, knobs: Any) -> Any:
        return a, 0.0, b

    return second


@cache
def fraction(share: float) -> Any:
    def kernel(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
        theta[0] -= lr * share * g[0]
        theta[1] -= lr * share * g[1]

    return kernel


@cache
def ahead(distance: float) -> Any:
    def kernel(theta: Any, memory: Any, lr: float, knobs: Any, point: Any) -> None:
        point[0] = theta[0] + distance
        point[1] = theta[1] + distance

    return kernel


@dataclasses.dataclass(frozen=True)
class OwnBowl(Surface):
    """½(ax² + by²), by a kernel that knows a and b."""

    a: float = 1.0
    b: float = 1.0

    key: ClassVar[str] = "own_bowl"
    title: ClassVar[str] = "Own bowl"
    window = ((-3.0, 3.0), (-3.0, 3.0))
    start = (2.0, 1.0)
    minima = ((0.0, 0.0),)

    @property
    def kernel(self) -> Any:
        return bowl(self.a, self.b)

    @property
    def second(self) -> Any:
        return bends(self.a, self.b)


@dataclasses.dataclass(frozen=True)
class OwnRule(Optimizer):
    """A share of a gradient descent's step, the gradient taken so far ahead."""

    share: float = 1.0
    distance: float = 0.0

    key: ClassVar[str] = "own_rule"
    title: ClassVar[str] = "Own rule"

    @property
    def kernel(self) -> Any:
        return fraction(self.share)

    @property
    def lookahead(self) -> Any:
        return ahead(self.distance) if self.distance else stay_here


def spec(steps: int = 40) -> RaceSpec:
    rules = (OwnRule(0.1), OwnRule(0.1, share=0.5), OwnRule(0.1, share=0.5, distance=0.25))
    return RaceSpec(OwnBowl(1.5, 0.5), (2.0, 1.0), steps, tuple(map(Entrant, rules)))


def closed_form(share: float, distance: float, steps: int = 40) -> Array:
    """Each coordinate shrinks towards −distance, by 1 − εca a step."""
    powers = (1.0 - 0.1 * share * np.array([1.5, 0.5])) ** np.arange(steps + 1)[:, np.newaxis]
    path: Array = (np.array([2.0, 1.0]) + distance) * powers - distance
    return path


@pytest.mark.parametrize("mode", ["interpreted", "compiled"])
def test_each_races_by_its_own(mode: Any) -> None:
    race = run_race(spec(), mode=mode)
    for run, own in zip(race.runs, [(1.0, 0.0), (0.5, 0.0), (0.5, 0.25)], strict=True):
        path = closed_form(*own)
        assert np.abs(run.path - path).max() < 1e-14
        assert np.abs(run.loss - 0.75 * path[:, 0] ** 2 - 0.25 * path[:, 1] ** 2).max() < 1e-14
    assert race.runs[0].lookahead is race.runs[1].lookahead is None
    assert race.runs[2].lookahead is not None
    assert (race.runs[2].lookahead == race.runs[2].path[:-1] + 0.25).all()


def test_it_is_compiled_and_the_bits_are_the_same() -> None:
    race = run_race(spec(), mode="compiled")
    for entrant in race.spec.entrants:
        runner = Runner(entrant, race.spec.surface, race.spec.start, np.full(3, 0.1))
        assert runner.compiled_kernels() is not None
        for kernel in (kernel_of(entrant.optimizer), kernel_of(race.spec.surface)):
            assert compiler.ready(kernel) not in (None, kernel)
    slow = run_race(spec(), mode="interpreted")
    for fast, plain in zip(race.runs, slow.runs, strict=True):
        assert fast.path.tobytes() == plain.path.tobytes()
        assert fast.loss.tobytes() == plain.loss.tobytes()


def test_equal_parts_share_one_kernel_and_others_have_others() -> None:
    assert kernel_of(OwnBowl(1.5)) is kernel_of(OwnBowl(1.5))
    assert kernel_of(OwnBowl(1.5)) is not kernel_of(OwnBowl(2.5))
    assert lookahead_of(OwnRule(distance=1.0)) is not stay_here
    assert not OwnRule().looks_ahead


def test_values_curvature_picture_and_sweep_are_its_own() -> None:
    points = np.random.default_rng(3).normal(size=(20, 2))
    x, y = points.T
    for a, b in ((1.5, 0.5), (4.0, 3.0)):
        surface = OwnBowl(a, b)
        expected = 0.5 * (a * x * x + b * y * y)
        assert np.allclose(surface.value(x, y), expected, rtol=1e-14)
        assert np.allclose(surface.gradient(x, y), [a * x, b * y], rtol=1e-14)
        assert surface.value(2.0, 1.0) == 2.0 * a + 0.5 * b
        assert surface.hessian(0.3, 0.4).tolist() == [[a, 0.0], [0.0, b]]
        assert np.allclose(losses(surface, points), expected, rtol=1e-14)
        field = sample_field(FieldSpec(surface, (-1.0, 1.0), (-1.0, 1.0), 3, 3))
        assert field.heights[0, 0] == 0.5 * (a + b)


def test_a_bound_is_that_of_its_own_curvature() -> None:
    surface = OwnBowl(4.0, 3.0)
    assert OwnRule().lr_bound(surface.hessian(0.0, 0.0), {}) == 0.5


def test_nobody_else_looks_for_kernels() -> None:
    """Whoever took a class's kernel would miss that of the part."""
    looks = re.compile(r"\.(kernel|second)\b|\b(optimizer|type\(\w+\))\.lookahead\b")
    package = Path(kernels.__file__).parents[1]
    found = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if looks.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["engine/kernels.py"]


def own_examples() -> Surface:
    """A surface of data whose kernel is another than its class's: twice the loss."""
    line = SURFACES["line"]
    known, bent = line.kernel, line.second

    def kernel(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
        value = known(x, y, knobs, examples, g)
        g[0] *= 2.0
        g[1] *= 2.0
        return 2.0 * value

    class Twice(line):  # type: ignore[misc, valid-type]
        pass

    made = Twice()
    object.__setattr__(made, "kernel", kernel)
    object.__setattr__(made, "second", lambda *at: [2.0 * each for each in bent(*at)])
    return made


def test_a_surface_of_data_is_the_mean_by_its_own() -> None:
    twice, line = own_examples(), SURFACES["line"]()
    x, y = np.random.default_rng(4).normal(size=(2, 5))
    assert np.allclose(twice.value(x, y), 2.0 * line.value(x, y), rtol=1e-13)
    assert twice.value(1.0, 0.5) == 2.0 * line.value(1.0, 0.5)
    assert np.allclose(twice.hessian(x, y), 2.0 * line.hessian(x, y), rtol=1e-13)
    gradients = twice.example_gradients(1.0, 0.5)
    assert np.allclose(gradients, 2.0 * line.example_gradients(1.0, 0.5), rtol=1e-13)
    assert np.isclose(twice.test_value(1.0, 0.5), 2.0 * line.test_value(1.0, 0.5), rtol=1e-13)
    assert second_of(twice) is not second_of(line)


@kernels.part_of_kernels
def halved(number: float) -> float:
    return 0.5 * number


def test_a_kernel_may_call_a_marked_part_of_kernels() -> None:
    def kernel(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
        g[0] = halved(x)
        g[1] = halved(y)
        return halved(x * x + y * y)

    assert kernels.parts_of(kernel) == {"halved": halved}
    assert kernels.parts_of(bowl(1.0, 2.0)) == {}
    fast = compiler.compiled(kernel, "surface")
    g, h = [0.0, 0.0], np.zeros(2)
    args = (0.3, -0.7, np.zeros(1), np.zeros((0, 2)))
    args[3].flags.writeable = False
    assert fast(*args, h) == kernel(*args, g)
    assert h.tolist() == g


@pytest.mark.parametrize("part", [*OPTIMIZERS.values(), *SURFACES.values()])
def test_parts_of_kernels_stand_in_the_file_of_their_kernels(part: Any) -> None:
    """On disk a compiled kernel is known by its file: a change elsewhere would not be seen."""
    kernel = kernel_of(part())
    for each in kernels.parts_of(kernel).values():
        assert each.__code__.co_filename == kernel.__code__.co_filename
