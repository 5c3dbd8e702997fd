"""What the tests of surfaces share: every surface with many knobs, and points on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optiviz.engine import SURFACES, Knob, Surface
from optiviz.engine.kernels import kernel_of
from optiviz.engine.rebound import vectorised
from optiviz.engine.surfaces import DataSurface

Array = np.ndarray


def draw_knob(rng: np.random.Generator, spec: Knob) -> Any:
    if spec.kind == "text":
        return spec.default
    if spec.kind == "number":
        low, high = spec.travel
        value = np.exp(rng.uniform(*np.log([low, high]))) if spec.scale == "log" else None
        value = float(rng.uniform(low, high)) if value is None else float(value)
        return round(value) if spec.integer else value
    return rng.choice(spec.choices).item() if spec.choices else bool(rng.integers(2))


def end_of(spec: Knob, end: int) -> Any:
    """A slider at one of its ends, a switch off or on, a text as it is."""
    if spec.kind == "number":
        return spec.travel[end]
    return bool(end) if spec.kind == "switch" else spec.default


def variants(surface: type[Surface], count: int = 3) -> list[Surface]:
    """The surface as it comes, with knobs at the ends of their sliders, and with knobs drawn."""
    rng = np.random.default_rng(5)
    knobs = surface.knobs()
    if not knobs:
        return [surface()]
    ends = [surface(**{spec.name: end_of(spec, end) for spec in knobs}) for end in (0, 1)]
    drawn = [surface(**{spec.name: draw_knob(rng, spec) for spec in knobs}) for _ in range(count)]
    return [surface(), *ends, *drawn]


def name(surface: Surface) -> str:
    numbers = (value for value in surface.settings().values() if not isinstance(value, str))
    return " ".join([surface.key, *(f"{value:.3g}" for value in numbers)])


FORMULAS = [part for part in SURFACES.values() if not issubclass(part, DataSurface)]
DATA = [part for part in SURFACES.values() if issubclass(part, DataSurface)]
DEFAULTS = [part() for part in SURFACES.values()]
ALL = [
    *(variant for part in FORMULAS for variant in variants(part)),
    *(variant for part in DATA for variant in variants(part, 1)),
]
every_surface = pytest.mark.parametrize("surface", ALL, ids=name)
every_default = pytest.mark.parametrize("surface", DEFAULTS, ids=name)


def points(surface: Surface, count: int = 30, stretch: float = 1.5) -> Array:
    """Random points in the window and around it, (count, 2)."""
    (x0, x1), (y0, y1) = surface.window
    half = 0.5 * stretch * np.array([x1 - x0, y1 - y0])
    rng = np.random.default_rng(11)
    return np.array(surface.center) + rng.uniform(-1.0, 1.0, (count, 2)) * half


def complex_kernel(surface: Surface, x: Any, y: Any) -> tuple[Any, list[Any]]:
    """Run the kernel on complex numbers: the loss and the two gradients."""
    g: list[Any] = [0.0, 0.0]
    kernel = vectorised(kernel_of(surface))
    return kernel(x, y, surface.kernel_knobs(), surface.example_rows, g), g


def smooth(surface: Surface, places: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Leave out the cusps."""
    return [place for place in places if place not in surface.cusps]
