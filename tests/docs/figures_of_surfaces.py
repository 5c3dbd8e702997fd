"""The figures of ``docs/surfaces.md`` and of the surfaces' own docstrings."""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize

from optiviz.engine import SURFACES, Surface, curvature
from optiviz.engine.curvature import FLAT
from optiviz.engine.surfaces.data import examples, networks, units
from optiviz.engine.surfaces.data.lines import MOST_CONDITION
from tests.docs.computed import (
    arrival,
    constant,
    curvatures,
    default,
    flat,
    half_window,
    hop,
    race,
    source_number,
    trap,
)
from tests.docs.reading import Compute, Figure

DOCUMENT = "docs/surfaces.md"
PARTS = "optiviz/engine/surfaces"

#: A, A(s) and B(t) of Goldstein and Price: (s + 1)² (19 − 14s + 3s²), t² (18 − 16t + 3t²).
_A = np.polymul([1.0, 2.0, 1.0], [3.0, -14.0, 19.0])
_B = np.polymul([1.0, 0.0, 0.0], [3.0, -16.0, 18.0])


def minima(key: str) -> tuple[tuple[float, float], ...]:
    return SURFACES[key]().minima


def extremes(polynomial: np.ndarray) -> tuple[float, ...]:
    """Where a quartic is least, twice, and where it has its top between."""
    left, top, right = sorted(float(root.real) for root in np.roots(np.polyder(polynomial)))
    return left, right, top


def nearest_that_counts() -> float:
    """How far beside the minimum of a round bowl is the minimum still, in window widths."""
    surface = SURFACES["quadratic"](kappa=1.0, angle=0.0)
    inside, outside = 0.0, 1.0
    for _ in range(200):
        middle = 0.5 * (inside + outside)
        is_there = curvature(surface, middle, 0.0).kind == "minimum"
        inside, outside = (middle, outside) if is_there else (inside, middle)
    return inside / surface.width


def styblinski_tang() -> tuple[float, float]:
    """Its deepest place along one axis, and the loss there, twice."""
    u = float(min(np.roots([2.0, 0.0, -16.0, 2.5]).real))
    return u, u**4 - 16.0 * u**2 + 5.0 * u


def camel() -> tuple[float, float, float]:
    found = optimize.minimize(
        lambda p: (
            (4 - 2.1 * p[0] ** 2 + p[0] ** 4 / 3) * p[0] ** 2
            + p[0] * p[1]
            + (4 * p[1] ** 2 - 4) * p[1] ** 2
        ),
        (0.1, -0.7),
        tol=1e-12,
    )
    return (*found.x, found.fun)


def minima_found(key: str) -> int:
    """How many minima the four tuned racers end at."""
    ends = [race(key, rule, 2000).path[-1] for rule in SURFACES[key]().tuned]
    return len({min(minima(key), key=lambda at: math.dist(at, end)) for end in ends})


def steepest_wall() -> float:
    """The greatest gradient of 1 / (1 + e^(−10(x − 1)))."""
    return -float(optimize.minimize_scalar(lambda x: -2.5 / math.cosh(5.0 * (x - 1.0)) ** 2).fun)


def split_ratio() -> float:
    """The saddle's distances from both minima, ρ = 10: the flat one's by the sharp one's · ∛ρ."""
    surface = SURFACES["flat_and_sharp"]()
    (to_flat, to_sharp) = (math.dist(surface.saddles[0], at) for at in surface.minima)
    return to_sharp * surface.ratio ** (1 / 3) / to_flat


def two_basins() -> tuple[float, float]:
    """By how many τ the right basin is deeper, and how high the pass stands over their mean."""
    surface = SURFACES["two_basins"](tilt=0.01)
    left, right = sorted(surface.minima)
    low, high = surface.value(*right), surface.value(*left)
    ((x, y),) = surface.saddles
    return (high - low) / surface.tilt, surface.value(x, y) - 0.5 * (low + high)


def condition(**knobs: bool) -> float:
    low, high = curvatures("line", (0.0, 0.0), **knobs)
    return float(high / low)


def along_the_valley() -> float:
    """By how much of the target's variance the line's loss rises, 0.8 of half the height on."""
    surface = SURFACES["line"]()
    values = curvatures("line", (0.0, 0.0))
    away = 0.8 * half_window("line")[1]
    return float(0.5 * values[0] * away**2 / surface.examples[:, -1].var())


def from_the_valley() -> tuple[float, float]:
    """How far along the valley and up the wall the line starts, by half the window's height."""
    surface = SURFACES["line"]()
    _, vectors = np.linalg.eigh(surface.hessian(0.0, 0.0))
    along, up = vectors.T @ (np.array(surface.start) - surface.minima[0])
    half = half_window("line")[1]
    return abs(along) / half, abs(up) / half


def logistic() -> tuple[float, float]:
    """Half the window's sides, by the distance from 0 to the minimum."""
    width, height = half_window("logistic")
    far = math.hypot(*minima("logistic")[0])
    return width / far, height / far


def two_weights() -> tuple[float, float]:
    """Half the window's sides, by the weights at the lowest point of the grid."""
    surface = SURFACES["two_weights"]()
    first, second = np.meshgrid(np.linspace(0.0, 4.0, 33), np.linspace(-3.0, 3.0, 49))
    lowest = np.argmin(surface.value(first, second))
    width, height = half_window("two_weights")
    return width / abs(first.flat[lowest]), height / abs(second.flat[lowest])


def neuron() -> tuple[float, float]:
    """Half the window's sides, by the distance from 0 to the lowest point of the grid."""
    grid = np.meshgrid(np.linspace(-6.0, 6.0, 49), np.linspace(-6.0, 6.0, 49))
    lowest = np.argmin(SURFACES["neuron"]().value(*grid))
    width, height = half_window("neuron")
    far = math.hypot(*(part.flat[lowest] for part in grid))
    return width / far, height / far


def waves_across() -> float:
    surface = SURFACES["sine"]()
    return 2 * half_window("sine")[0] * float(np.ptp(surface.examples[:, 0])) / (2 * math.pi)


def deepest_sine() -> float:
    surface = SURFACES["sine"]()
    return abs(min(surface.minima, key=lambda at: surface.value(*at))[0]) / math.pi


def rare() -> np.ndarray:
    """The rare feature's tables, train and test, one below the other."""
    surface = SURFACES["rare_feature"]()
    return np.concatenate([surface.examples, surface.test_examples])


def usual_target() -> float:
    train = SURFACES["rare_feature"]().examples
    return float(train[train[:, 1] == 0.0, -1].mean())


def smallest_parts() -> tuple[float, ...]:
    """The default share; the test part's rows at least; those of the train part."""
    fewest = len(examples.split(100, 0, 0.001)[1])
    return default("line", "test_share")[0], fewest, len(examples.split(4, 0, 0.5)[0])


def bowl_alone() -> tuple[float, float]:
    """Below which A no wave of Rastrigin's holds a minimum; below which the bowl is convex."""
    found = optimize.minimize_scalar(
        lambda x: x / np.pi / -np.sin(2.0 * np.pi * x), bounds=(0.51, 0.99), method="bounded"
    )
    return float(found.fun), 2.0 / (4.0 * np.pi**2)


def griewank() -> tuple[float, float]:
    """By how much its best minimum is lower than the next, and how high its lowest pass is."""

    def loss(p: np.ndarray) -> float:
        return 1 + (p @ p) / 4000 - math.cos(p[0]) * math.cos(p[1] / math.sqrt(2))

    beside = optimize.minimize(loss, (3.0, 4.5), tol=1e-10).fun
    passes = [loss(np.array(at)) for at in SURFACES["griewank"].saddles]
    return float(beside), min(passes)


def _here(sentence: str, compute: Compute, about: float = 0.0) -> Figure:
    return Figure(DOCUMENT, sentence, compute, about)


FIGURES = [
    # What the words mean
    _here("|H⁻¹∇f|, is at most {} of the window's width", nearest_that_counts),
    _here("if one of them is below {} of the greater (or of {}).", lambda: (FLAT, 1)),
    _here("shade spans: {}, so that", lambda: Surface.decades),
    # Classic
    _here(
        "| | ({}, {}) | ({}, {}) | Beale 1958",
        lambda: flat(*minima("beale"), *SURFACES["beale"].saddles),
    ),
    _here(
        "| b = {} | ({}, {}) | | Rosenbrock",
        lambda: flat(default("rosenbrock", "b"), *minima("rosenbrock")),
    ),
    _here(
        "| κ = {}, angle = {}° | ({}, {}) |",
        lambda: flat(default("quadratic", "kappa", "angle"), *minima("quadratic")),
    ),
    _here(
        "| {}, of loss {}; one is ({}, {}) | {} | Himmelblau",
        lambda: (
            4,
            SURFACES["himmelblau"]().least,
            *minima("himmelblau")[0],
            len(SURFACES["himmelblau"].saddles),
        ),
    ),
    _here(
        "| | ({}, {}) | | Jamil and Yang 2013, no. 17 | κ = {} along",
        lambda: (*minima("booth")[0], np.divide(*curvatures("booth", (0.0, 0.0))[::-1])),
    ),
    _here(
        "| | ({}, {}) | | Jamil and Yang 2013, no. 71 | κ = {}, and",
        lambda: (*minima("matyas")[0], np.divide(*curvatures("matyas", (0.0, 0.0))[::-1])),
    ),
    _here(
        "| ({}, {}) of loss ln {}; ({}, {}), ({}, {}), ({}, {}) "
        "| ({}, {}), ({}, {}), ({}, {}), ({}, {}) | Goldstein",
        lambda: (
            *minima("log_goldstein_price")[0],
            math.exp(SURFACES["log_goldstein_price"]().least),
            *flat(*minima("log_goldstein_price")[1:], *SURFACES["log_goldstein_price"].saddles),
        ),
    ),
    _here(
        "A(s) has its minima at s = {} and {} and its top at s = {}, "
        "B(t) at t = {} and {}, and t = {};",
        lambda: (*extremes(_A), *extremes(_B)),
    ),
    _here(
        "That is how its {} points",
        lambda: len(minima("log_goldstein_price")) + len(SURFACES["log_goldstein_price"].saddles),
    ),
    _here(
        "| ({}, {}) of loss {}, and {} shallower | {} | Styblinski",
        lambda: (
            (styblinski_tang()[0],) * 2
            + (
                styblinski_tang()[1],
                len(minima("styblinski_tang")) - 1,
                len(SURFACES["styblinski_tang"].saddles),
            )
        ),
    ),
    _here(
        "| ±({}, {}) of loss {}, and {} more | {}, one of them ({}, {}) | Dixon",
        lambda: (
            *camel(),
            len(minima("six_hump_camel")) - 2,
            len(SURFACES["six_hump_camel"].saddles),
            *SURFACES["six_hump_camel"].saddles[0],
        ),
    ),
    _here(
        "{} minima in {} pairs.",
        lambda: (len(minima("six_hump_camel")), len(minima("six_hump_camel")) / 2),
    ),
    _here(
        "| A = {} | {}; ({}, {}) is best | {} | Rastrigin",
        lambda: (
            *default("rastrigin", "a"),
            len(minima("rastrigin")),
            *min(minima("rastrigin"), key=lambda at: math.hypot(*at)),
            len(SURFACES["rastrigin"]().saddles),
        ),
    ),
    _here(
        "| | ({}, {}), a cusp, and {} around it | {} | Ackley",
        lambda: (
            *SURFACES["ackley"].cusps[0],
            len(minima("ackley")) - 1,
            len(SURFACES["ackley"].saddles),
        ),
    ),
    _here(
        "| {}; ({}, {}) is best, by {} | {} | Griewank",
        lambda: (
            len(minima("griewank")),
            *min(minima("griewank"), key=lambda at: math.hypot(*at)),
            griewank()[0],
            len(SURFACES["griewank"].saddles),
        ),
    ),
    _here("behind passes {} high", lambda: griewank()[1], about=0.01),
    # Teaching
    _here(
        "| c = {}, the curvature downward | ({}, ±{}), of loss {} "
        "| ({}, {}), curvatures {} and −c |",
        lambda: (
            *default("saddle", "c"),
            0,
            abs(minima("saddle")[0][1]),
            SURFACES["saddle"]().least,
            *SURFACES["saddle"].saddles[0],
            curvatures("saddle", (0.0, 0.0))[1],
        ),
    ),
    _here(
        "SGD arrives after {} steps, RMSProp after {}.",
        lambda: (arrival("saddle", "sgd"), arrival("saddle", "rmsprop")),
    ),
    _here(
        "| | ({}, {}), ({}, ±{}), of loss {} | ({}, {}), degenerate |",
        lambda: (
            *min(minima("monkey_saddle")),
            *max(minima("monkey_saddle")),
            SURFACES["monkey_saddle"]().least,
            *SURFACES["monkey_saddle"].degenerate[0],
        ),
    ),
    _here("the racers find all {} minima", lambda: minima_found("monkey_saddle")),
    _here(
        "| k = {}, how steep the walls are | ({}, {}) |",
        lambda: (*default("ravine", "k"), *minima("ravine")[0]),
    ),
    _here(
        "| w = {}, how far the basin reaches | ({}, {}) |",
        lambda: (*default("plateau", "w"), *minima("plateau")[0]),
    ),
    _here(
        "| a = {}, the ripples' steepness by the gradient's | ({}, {}) of loss {}, and from",
        lambda: (*default("ripples", "a"), 0, 0, SURFACES["ripples"]().least),
    ),
    _here("and from a = {} on one in the ripples near it", lambda: trap(0)),
    _here("from a = {} on in every one |", lambda: trap(300), about=1e-4),
    _here("Below a = {} nothing holds anybody", lambda: trap(0)),
    _here(
        "| h = {}, the wall's height | near ({}, {}),",
        lambda: (*default("cliff", "h"), round(minima("cliff")[0][0], 1), 0),
    ),
    _here("On the wall the gradient is {}h", steepest_wall),
    _here("around −a; a = ({}, {})", lambda: minima("flat_and_sharp")[0]),
    _here(
        "| ρ = {}, how many times as sharp | a (flat, curvatures {} and {})",
        lambda: (
            *default("flat_and_sharp", "ratio"),
            *curvatures("flat_and_sharp", minima("flat_and_sharp")[0]),
        ),
    ),
    _here(
        "both of loss {} | one, on",
        lambda: SURFACES["flat_and_sharp"]().value(*minima("flat_and_sharp")[1]),
    ),
    _here("where the distances are as {} : ∛ρ", split_ratio),
    _here("| τ = {}, the tilt |", lambda: default("two_basins", "tilt")),
    _here(
        "| near x = ±{} on y = x²/4;",
        lambda: abs(minima("two_basins")[0][0]),
        about=0.06,
    ),
    _here("about {}τ deeper |", lambda: two_basins()[0], about=0.01),
    _here("| near x = −τ on the same curve", lambda: ()),
    _here("an ε above {}/λ does not rest", lambda: 2.0),
    # Data
    _here("a narrow valley, here κ = {}, along", condition, about=0.005),
    _here("a round bowl, κ = {}, with", lambda: condition(standardize=True)),
    _here("y is {} or {} |", lambda: np.unique(SURFACES["logistic"]().examples[:, -1])),
    _here(
        "y into {} … {} |",
        lambda: (
            SURFACES["neuron"]().examples[:, -1].min(),
            SURFACES["neuron"]().examples[:, -1].max(),
        ),
    ),
    _here(
        "| two, mirrored at {} | ({}, {}), curvatures ±",
        lambda: (sum(x for x, _ in minima("two_weights")), *SURFACES["two_weights"]().saddles[0]),
    ),
    _here(
        "so at {} neither learns",
        lambda: np.abs(SURFACES["two_weights"]().gradient(0.0, 0.0)).max(),
    ),
    _here("in swings of {} °C", lambda: constant("packaging/datasets.py", "SWING")),
    _here(
        "| {}; the year, {}π, is deepest |", lambda: (len(minima("sine")), round(deepest_sine(), 1))
    ),
    _here("which {} % of the hours have", lambda: 100.0 * (rare()[:, 1] != 0.0).mean(), about=0.1),
    _here("and {} on average where x₂ is {} |", lambda: (round(usual_target(), 12), 0)),
    _here("in every column chosen, {} at least", lambda: examples.FEWEST_ROWS),
    _here("of it ({}; at least {} rows, at most all but {})", smallest_parts),
    _here(
        "in the window and a {} of it around",
        lambda: (constant(f"{PARTS}/data/base.py", "_NEAR") - 1.0) / 2.0,
    ),
    _here("the loss rises by {} the target's variance", along_the_valley, about=0.05),
    _here(
        "at {} of half the height; the width is {} times",
        lambda: (constant(f"{PARTS}/data/lines.py", "_REACH"), np.divide(*half_window("line"))),
        about=0.05,
    ),
    _here("a {} of half the height up the wall", lambda: from_the_valley()[1], about=0.05),
    _here("above κ = {} are refused", lambda: MOST_CONDITION),
    _here(
        "half the width is {} (2.2) times their distance, half the height {} (1.8) times",
        logistic,
        about=0.02,
    ),
    _here(
        "half the width is 1.6 ({}) times their distance, half the height 1.25 ({}) times",
        neuron,
        about=0.03,
    ),
    _here(
        "half the width {} times the first weight at the lowest point of a grid of 33 × 49, "
        "half the height {} times the second",
        two_weights,
        about=0.03,
    ),
    _here("the window is {} of it wide", waves_across, about=0.01),
    _here("from a grid of {} × {} points", lambda: (constant(f"{PARTS}/search.py", "_LOOKS"),) * 2),
    _here(
        "for the product of up to {} of these sums",
        lambda: constant(f"{PARTS}/data/units.py", "_STRIDE"),
    ),
    _here(
        "(the neuron's as a grid of {} × {} points has it)",
        lambda: (len(units._COARSE),) * 2,
    ),
    _here(
        "the first weight at the lowest point of a grid of {} × {},",
        lambda: (len(networks._FIRST), len(networks._SECOND)),
    ),
    _here(
        "a second writing of its formula in {} digits",
        lambda: source_number("tests/engine/test_surfaces_formulas.py", r"workdps\((\d+)\)"),
    ),
    # Docstrings
    Figure(
        f"{PARTS}/waves.py",
        "the gradient there is {} in every direction away from it",
        lambda: 2.0 * math.sqrt(2.0),
    ),
    Figure(f"{PARTS}/waves.py", "hopping over it, by {} ε at ε = {}.", lambda: (hop(0.01), 0.01)),
    Figure(
        f"{PARTS}/waves.py",
        "Below A = {} no wave holds a minimum any more, and below {} the bowl is convex",
        bowl_alone,
    ),
    Figure(f"{PARTS}/waves.py", "only {} lower than the four", lambda: griewank()[0]),
    Figure(f"{PARTS}/waves.py", "between them is {} high", lambda: griewank()[1], 0.01),
    Figure(f"{PARTS}/roads.py", "below {} the way is downhill everywhere", lambda: trap(0)),
    Figure(f"{PARTS}/roads.py", "by the road's: from {} on some are traps", lambda: trap(0)),
    Figure(f"{PARTS}/walls.py", "the gradient reaches {}h", steepest_wall),
    Figure(f"{PARTS}/twins.py", "losses differ by about {}τ", lambda: two_basins()[0], 0.01),
    Figure(f"{PARTS}/twins.py", "stands about {} above their mean", lambda: two_basins()[1], 0.01),
    Figure(
        f"{PARTS}/twins.py",
        "p is a bowl with the curvatures {} and {} and its minimum",
        lambda: curvatures("flat_and_sharp", minima("flat_and_sharp")[0]),
    ),
    Figure(
        f"{PARTS}/saddles.py",
        "at a distance of {} and are",
        lambda: math.hypot(*minima("monkey_saddle")[1]),
    ),
    Figure(
        f"{PARTS}/bowls.py",
        "A quadratic with κ = {}: $f = (x",
        lambda: np.divide(*curvatures("booth", (0.0, 0.0))[::-1]),
    ),
    Figure(
        f"{PARTS}/bowls.py",
        "Its curvatures are {} and {}.",
        lambda: curvatures("matyas", (0.0, 0.0)),
    ),
    Figure(
        f"{PARTS}/valleys.py",
        "minima at s = {} and {} and its top at {}, B at t = {} and {}, and {}:",
        lambda: (*extremes(_A), *extremes(_B)),
    ),
]
