"""What counts as calm: a race that magnifies rounding errors is found out, a steady one is not."""

from __future__ import annotations

from typing import Any

import numpy as np

from optiviz.engine import OPTIMIZERS, SURFACES, Entrant, RaceSpec, run_race
from tests.reference.calm import DRAWS, GROWTH, SIZES, growths, is_calm
from tests.reference.plain_rules import plain_run

Array = np.ndarray
STEPS = 300
#: Adam in an unlucky rhythm: it makes 10⁻⁷ of 10⁻¹⁵, and little of what is larger.
UNLUCKY = {"beta1": 0.7515919, "beta2": 0.9368162, "delta": 1e-8, "weight_decay": 0.05}
STEADY = {**UNLUCKY, "beta1": 0.9, "beta2": 0.999}


def race(knobs: dict[str, Any], start: Array, gradients: Array) -> Array:
    """Run the plain formula beside its start, each gradient taken beside its point."""
    surface = SURFACES["logistic"]()
    begin = (surface.start[0] + float(start[0]), surface.start[1] + float(start[1]))

    def gradient(k: int, at: Array) -> Array:
        return np.asarray(surface.gradient(*(at + gradients[k])))

    return plain_run("adam", knobs, gradient, begin, np.full(len(gradients), 0.019555173))[0]


def raced(knobs: dict[str, Any]) -> Array:
    surface = SURFACES["logistic"]()
    adam = Entrant(OPTIMIZERS["adam"](lr=0.019555173, **knobs))
    return run_race(RaceSpec(surface, surface.start, STEPS, (adam,))).runs[0].path


def test_a_race_that_magnifies_the_last_bit_is_not_calm() -> None:
    rng = np.random.default_rng(1)
    assert not is_calm(rng, lambda *pushes: race(UNLUCKY, *pushes), STEPS)
    found = np.array(list(growths(rng, lambda *pushes: race(UNLUCKY, *pushes), STEPS)))
    by_size = dict(zip(SIZES, found.reshape(-1, DRAWS).max(axis=1), strict=True))
    assert by_size[1e-14] > 1e3 * GROWTH
    # What it does to errors is bounded in size, so a large push hides what a small one grows to.
    assert by_size[1e-10] < by_size[1e-14]


def test_a_steady_race_is_calm_and_two_programs_agree_on_it() -> None:
    rng = np.random.default_rng(2)
    assert is_calm(rng, lambda *pushes: race(STEADY, *pushes), STEPS)
    plain = race(STEADY, np.zeros(2), np.zeros((STEPS, 2)))
    assert np.abs(raced(STEADY) - plain).max() <= 1e-9
