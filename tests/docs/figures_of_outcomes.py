"""The figures of ``docs/outcomes.md``; its adversary's cases are tests of the engine."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np

from optiviz.engine import SURFACES
from tests.docs.computed import arrival, constant, race
from tests.docs.reading import Compute, Figure

OUTCOMES, REST, TREND, RECURRENCE = (
    f"optiviz/engine/{name}.py" for name in ("outcomes", "rest", "trend", "recurrence")
)


def stays_below(key: str, rule: str) -> int:
    """The step from which the tuned racer never is above the target again, in 1,000 steps."""
    run = race(key, rule, 1000)
    above = np.flatnonzero(run.loss > run.surface.least + run.surface.target)
    return int(above[-1]) + 1


def pairs() -> tuple[float, ...]:
    """Of how many pairs how many must agree; Kendall's S for that; how seldom chance does it."""
    blocks, certain = constant(TREND, "BLOCKS"), constant(TREND, "_CERTAIN")
    every = list(combinations(range(blocks), 2))
    agree = (len(every) + certain) // 2
    orders = scores = 0
    for order in permutations(range(blocks)):
        falling = sum(order[a] > order[b] for a, b in every)
        orders += 1
        scores += min(falling, len(every) - falling) <= len(every) - agree
    return len(every), agree, certain, round(orders / scores, -1)


def told_finish() -> float:
    surface = SURFACES["styblinski_tang"]()
    return surface.least + surface.target


def _here(sentence: str, compute: Compute) -> Figure:
    return Figure("docs/outcomes.md", sentence, compute)


FIGURES = [
    _here(
        "farther than {} widths from the window's middle",
        lambda: constant("optiviz/engine/runner.py", "REACH"),
    ),
    _here("| First below {} at step {}. |", lambda: (0.001, arrival("beale", "adam"))),
    _here("| Below {} since step {}. |", lambda: (0.001, arrival("beale", "adam"))),
    _here("| Stays below {} from step {}. |", lambda: (0.001, arrival("beale", "adam"))),
    _here(
        "| First below {} at step {}; above it now. |", lambda: (0.001, arrival("beale", "adam"))
    ),
    _here(
        "| First below {} at step {}; below since step {}. |",
        lambda: (0.001, arrival("beale", "adam"), stays_below("beale", "adam")),
    ),
    _here(
        "| First below {} at step {}; stays below from step {}. |",
        lambda: (0.001, arrival("beale", "adam"), stays_below("beale", "adam")),
    ),
    _here("so that {} is not taken for the least", told_finish),
    _here(
        "The last {} steps, or the last {} of the race if that is more, "
        "are together shorter than {} widths",
        lambda: (constant(OUTCOMES, "_TAIL"), 0.1, constant(REST, "HARDLY")),
    ),
    _here("Where ελ is below {} nothing", lambda: constant(REST, "_FELT")),
    _here(
        "if that is at most {} widths, or at most as long",
        lambda: constant(REST, "_THERE"),
    ),
    _here("to the vanishing gradient is at most {} widths", lambda: constant(REST, "_AT")),
    _here("the losses on a ring of {} widths around do", lambda: constant(REST, "_RING")),
    _here(
        "on a ring of {} widths the loss differs by at most {} of its height",
        lambda: (constant(REST, "_WIDE_RING"), constant(REST, "_LEVEL")),
    ),
    _here(
        "in {} blocks of equal, even length (at least {} points;",
        lambda: (constant(TREND, "BLOCKS"), 2 * constant(TREND, "BLOCKS")),
    ),
    _here("its way there is at least {} times the radius", lambda: constant(TREND, "_ROUND")),
    _here("is there a trend of more than a {} of that radius", lambda: constant(TREND, "_DRIFT")),
    _here("has a trend of more than {} %", lambda: 100 * constant(TREND, "_LEAST_CHANGE")),
    _here("neither changes by more than a {};", lambda: constant(TREND, "_HALVES")),
    _here(
        "where its way is less than {} times that radius",
        lambda: 2 * constant(TREND, "BLOCKS") * 4,
    ),
    _here("one after the other, by more than {} %", lambda: 100 * constant(TREND, "_LEAST_CHANGE")),
    _here("{} times its own error", lambda: constant(TREND, "_ERRORS")),
    _here("the longest of the last {} moves", lambda: constant(REST, "_LAST")),
    _here(
        "must be above {} r √n too, and where r √n is above a {} nothing",
        lambda: (constant(RECURRENCE, "_CERTAIN"), constant(RECURRENCE, "_TOO_MUCH")),
    ),
    _here(
        "the mean loss was higher by at most a {}; under chance by at most a {};",
        lambda: (
            round(constant(TREND, "_FALL") - 1, 9),
            constant(TREND, "_FALL_BY_CHANCE") - 1,
        ),
    ),
    _here("falling by more than those {} %", lambda: 100 * constant(TREND, "_LEAST_CHANGE")),
    _here("if it is {} times as long", lambda: constant(REST, "_BY_CHANCE")),
    _here("under an ε of {} ten of its longest moves", lambda: constant(REST, "_MOVES") / 10),
    _here(
        "do not fade or grow by more than {} % by the roots",
        lambda: 100 * constant(TREND, "_LEAST_CHANGE"),
    ),
    _here("longer by more than {} %", lambda: 100 * (constant(REST, "_SEEN") - 1)),
    _here(
        "Has hardly moved for {} steps; its steps are growing", lambda: constant(OUTCOMES, "_TAIL")
    ),
    _here(
        "of the {} pairs of blocks at least {} go the same way (Kendall's S ≥ {}; "
        "among independent blocks without a trend this happens once in {} times)",
        pairs,
    ),
    _here("in a race shorter than {} points", lambda: 2 * constant(TREND, "BLOCKS")),
]
