"""What the figures of the documents are computed from: races, points, defaults, constants."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import pytest
from scipy import optimize

from optiviz.engine import OPTIMIZERS, SCHEDULES, SURFACES, Entrant, RaceSpec, Run, run_race
from tests.docs.reading import ROOT

Array = np.ndarray


def default(key: str, *names: str) -> tuple[Any, ...]:
    """The defaults of a part's knobs."""
    part = {**SURFACES, **OPTIMIZERS, **SCHEDULES}[key]
    knobs = {spec.name: spec.default for spec in part.knobs()}
    return tuple(knobs[name] for name in names)


def allowed(key: str, name: str) -> tuple[float, float]:
    """The least and the greatest value of a knob."""
    part = {**SURFACES, **OPTIMIZERS, **SCHEDULES}[key]
    (spec,) = (spec for spec in part.knobs() if spec.name == name)
    return spec.low, spec.high


def flat(*points: tuple[float, ...]) -> tuple[float, ...]:
    """The coordinates of points, one after the other."""
    return tuple(chain.from_iterable(points))


@cache
def race(key: str, rule: str, steps: int, **knobs: Any) -> Run:
    """A racer from a surface's own start; its ε is the tuned one unless it is given."""
    surface = SURFACES[key]()
    optimizer = OPTIMIZERS[rule](**{**surface.tuned.get(rule, {}), **knobs})
    spec = RaceSpec(surface, surface.start, steps, (Entrant(optimizer),), target=surface.target)
    return run_race(spec).runs[0]


def arrival(key: str, rule: str) -> int:
    """The first step at which the tuned racer is below the target."""
    run = race(key, rule, 5000)
    goal = run.surface.least + run.surface.target
    return int(np.argmax(run.loss <= goal))


def hop(rate: float) -> float:
    """How long SGD's last hops over Ackley's cusp are, by ε."""
    path = race("ackley", "sgd", 4000, lr=rate).path
    return float(np.linalg.norm(path[-1] - path[-2]) / rate)


def trap(ripple: int) -> float:
    """How steep ripples must be for a minimum in one of them, the first being number 0.

    Where the loss falls to the left, x / √(1 + x²) + a sin 2πx < 0 for some x in the ripple.
    """
    steepest = optimize.minimize_scalar(
        lambda x: x / np.sqrt(1.0 + x * x) / -np.sin(2.0 * np.pi * x),
        bounds=(ripple + 0.51, ripple + 0.99),
        method="bounded",
    )
    return float(steepest.fun)


def first_steps(rho: float, count: int) -> tuple[float, ...]:
    """RMSProp's first steps under a steady gradient, by ε: 1 / √(1 − ρᵗ)."""
    return tuple(1.0 / np.sqrt(1.0 - rho**t) for t in range(1, count + 1))


def curvatures(key: str, at: tuple[float, float], **knobs: Any) -> Array:
    """The eigenvalues at a point, from the least."""
    return np.linalg.eigvalsh(SURFACES[key](**knobs).hessian(*at))


def half_window(key: str, **knobs: Any) -> tuple[float, float]:
    """Half the width and half the height of a surface's window."""
    (x0, x1), (y0, y1) = SURFACES[key](**knobs).window
    return (x1 - x0) / 2, (y1 - y0) / 2


@cache
def constant(path: str, name: str) -> Any:
    """A constant of a module, read from its source: a window's need no Qt, torch's no torch."""
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and target.id == name:
                return ast.literal_eval(node.value)
            if isinstance(target, ast.Tuple):
                names = [each.id for each in target.elts]
                if name in names:
                    return ast.literal_eval(node.value)[names.index(name)]
    raise AssertionError(f"{path} has no constant {name}")


def torch_default(path: str, name: str) -> float:
    """A default of torch's own, such as ``optim.Adam``'s ``lr``."""
    found: Any = pytest.importorskip("torch", exc_type=ImportError)
    for part in path.split("."):
        found = getattr(found, part)
    return float(inspect.signature(found).parameters[name].default)


def source_number(path: str, pattern: str, group: int = 1) -> float:
    """A number that stands in a test, by the first place where the pattern fits."""
    found = re.search(pattern, (ROOT / path).read_text(encoding="utf-8"))
    assert found, f"{path} has nothing like {pattern}"
    return float(found[group])
