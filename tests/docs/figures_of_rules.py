"""The figures of optimizers, schedules, tuning and exactness, and of the rules' docstrings."""

from __future__ import annotations

import math

import numpy as np
from mpmath import mp

from optiviz.engine import OPTIMIZERS, SCHEDULES, SURFACES, Clip, tuning
from optiviz.engine.schedules.handles import tidy
from tests.docs.computed import (
    allowed,
    arrival,
    constant,
    default,
    first_steps,
    hop,
    race,
    source_number,
    torch_default,
)
from tests.docs.reading import Compute, Figure
from tests.engine.optimizer_cases import TORCHS
from tests.reference import calm, tune

OPTIMIZERS_TEXT, SCHEDULES_TEXT = "docs/optimizers.md", "docs/schedules.md"
TUNING_TEXT, EXACTNESS_TEXT = "docs/tuning.md", "docs/exactness.md"
RULES = "optiviz/engine/optimizers"
MAKE = "tests/reference/make_reference.py"
AGAINST_TORCH = "tests/engine/test_optimizers_against_torch.py"
SCHEDULE_TESTS, SURFACE_TESTS = "tests/engine/test_schedules.py", "tests/engine/test_surfaces.py"
STROKE = "optiviz/gui/views/schedule/stroke.py"
HAND = "optiviz/gui/views/schedule/hand.py"
#: "Some 10⁻⁸" is an order of magnitude.
ROUGHLY = 9.0


def zigzag() -> tuple[float, float, float, int]:
    """SGD's ε on the quadratic valley, its bound, and how often it turns back until it is there."""
    surface = SURFACES["quadratic"]()
    path = race("quadratic", "sgd", 1000).path[: arrival("quadratic", "sgd") + 1]
    moves = np.diff(path, axis=0)
    turns = int(((moves[1:] * moves[:-1]).sum(axis=1) < 0.0).sum())
    return surface.tuned["sgd"]["lr"], 2.0, round(2.0 / surface.kappa, 3), turns


def clip_begins() -> float:
    """How far below the limit the norm of a gradient may be and still be shortened."""
    below, acts = 0.0, 0.5
    for _ in range(100):
        middle = 0.5 * (below + acts)
        inside = bool(Clip.norm(1.0).acts(np.array([[1.0 - middle, 0.0]]))[0])
        below, acts = (middle, acts) if inside else (below, middle)
    return below


def momentum_of(step: int, psi: float) -> float:
    """NAdam's μ by β₁."""
    return float(1.0 - 0.5 * 0.96 ** (step * psi))


def digits_of_mu(steps: int) -> int:
    """How many digits of μ are right after so many products of exp(ψ ln 0.96)."""
    psi = default("nadam", "momentum_decay")[0]
    fading, product = math.exp(psi * math.log(0.96)), 1.0
    for _ in range(steps):
        product *= fading
    with mp.workdps(40):
        true = 1 - mp.mpf("0.5") * mp.mpf("0.96") ** (steps * mp.mpf(repr(psi)))
        return math.floor(-mp.log10(abs((1 - mp.mpf("0.5") * mp.mpf(product)) / true - 1)))


def nadam_in_single_precision() -> float:
    """How far NAdam's weight of the gradient is moved by a product of μ in single precision."""
    psi, beta1 = default("nadam", "momentum_decay", "beta1")
    double, single, worst = 1.0, np.float32(1.0), 0.0
    for step in range(1, 101):
        mu = beta1 * momentum_of(step, psi)
        double, single = double * mu, single * np.float32(mu)
        worst = max(worst, abs((1.0 - double) / (1.0 - float(single)) - 1.0))
    return worst


def plain_steps_of_radam() -> int:
    """How many of its first steps come before ρ > 5."""
    beta2 = default("radam", "beta2")[0]
    rho_inf = 2.0 / (1.0 - beta2) - 1.0
    rhos = [rho_inf - 2 * t * beta2**t / (1 - beta2**t) for t in range(1, 100)]
    return sum(rho <= 5.0 for rho in rhos[:20])


def powers_off(base: float, count: int) -> int:
    """How many powers the C library does not round as it should."""
    with mp.workdps(60):
        return sum(base**t != float(mp.mpf(base) ** t) for t in range(1, count + 1))


def adam_under_a_steady_gradient() -> float:
    """|Δθ| / ε: what λ|θ| must reach for the decay to outweigh it."""
    knobs = {"lr": 1e-6, "weight_decay": 0.0}
    steps = np.diff(race("matyas", "adam", 50, **knobs).path, axis=0)
    return float(np.abs(steps[-1] / knobs["lr"]).max())


def both_sides() -> tuple[float, float]:
    """The shares of a rule's bound at which it must settle, and leave."""
    tested = r"([\d.]+) \* bound\}\), state, surface\) "
    path = "tests/engine/test_bounds.py"
    return source_number(path, tested + "<"), source_number(path, tested + ">")


def starts_of_the_search() -> tuple[float, ...]:
    """Where the test's search begins: usually; on many examples; and how many these are."""
    written = r"count = (\d+) if len\(surface.examples\) > (\d+) else (\d+)"
    few, many, usual = (source_number(SURFACE_TESTS, written, group) for group in (1, 2, 3))
    return usual**2, few**2, many


def leaves_again() -> int:
    """The step at which the tuned RMSProp on Beale is above the target again."""
    run = race("beale", "rmsprop", 1000)
    goal = run.surface.least + run.surface.target
    arrived = int(np.argmax(run.loss <= goal))
    return arrived + int(np.argmax(run.loss[arrived:] > goal))


def factor(key: str, epoch: float, epochs: float, **knobs: float) -> float:
    return SCHEDULES[key](**knobs).factor(epoch, epochs)


def mostly() -> float:
    """The factor at which most schedules begin."""
    firsts = [part().factor(0.0, 100.0) for part in SCHEDULES.values()]
    return max(set(firsts), key=firsts.count)


def torch_linear() -> tuple[float, ...]:
    names = ("start_factor", "end_factor", "total_iters")
    return tuple(torch_default("optim.lr_scheduler.LinearLR", name) for name in names)


def _of(document: str, sentence: str, compute: Compute, about: float = 0.0) -> Figure:
    return Figure(document, sentence, compute, about)


FIGURES = [
    # optimizers.md
    _of(OPTIMIZERS_TEXT, "{} update rules, each as", lambda: len(OPTIMIZERS)),
    _of(
        OPTIMIZERS_TEXT,
        "divides by ‖g‖ + {}, as `clip_grad_norm_` does, so it acts from {} below",
        lambda: (clip_begins(),) * 2,
        1e-6,
    ),
    _of(
        OPTIMIZERS_TEXT,
        "**Weight decay.** λ from {} to {}.",
        lambda: allowed("sgd", "weight_decay"),
    ),
    _of(
        OPTIMIZERS_TEXT,
        "ε from {} to {}, {} at first ({} for Adadelta);",
        lambda: (*allowed("sgd", "lr"), *default("sgd", "lr"), *default("adadelta", "lr")),
    ),
    _of(
        OPTIMIZERS_TEXT,
        "β, β₁, β₂ and ρ from {} to {}; ν from {} to {}; δ from {} to {}.",
        lambda: (
            *allowed("adam", "beta2"),
            *allowed("qhm", "nu"),
            *allowed("adam", "delta"),
        ),
    ),
    _of(
        OPTIMIZERS_TEXT,
        "Both sides are tested, at {} and {} of it",
        both_sides,
    ),
    _of(
        OPTIMIZERS_TEXT,
        "Torch's `dampening` is {} here",
        lambda: torch_default("optim.SGD", "dampening"),
    ),
    _of(
        OPTIMIZERS_TEXT,
        "with its `lr_decay` and `initial_accumulator_value` at {}.",
        lambda: (
            torch_default("optim.Adagrad", "lr_decay")
            + torch_default("optim.Adagrad", "initial_accumulator_value")
        ),
    ),
    _of(
        OPTIMIZERS_TEXT,
        "the first steps are {}, {}, {} … times ε",
        lambda: first_steps(*default("rmsprop", "rho"), 3),
    ),
    _of(
        OPTIMIZERS_TEXT,
        "(1 − β₁) / √(1 − β₂) = {} times as long",
        lambda: (1.0 - default("adam", "beta1")[0]) / math.sqrt(1.0 - default("adam", "beta2")[0]),
    ),
    _of(
        OPTIMIZERS_TEXT,
        "*Elsewhere:* torch as above, with ε = {}. Keras adds δ",
        lambda: torch_default("optim.Adam", "lr"),
    ),
    _of(
        OPTIMIZERS_TEXT,
        "*Elsewhere:* torch as above, with ε = {}; the paper",
        lambda: torch_default("optim.Adamax", "lr"),
    ),
    _of(
        OPTIMIZERS_TEXT,
        "*Elsewhere:* torch as above, with ε = {}. Keras fixes",
        lambda: torch_default("optim.NAdam", "lr"),
    ),
    _of(OPTIMIZERS_TEXT, "only where λ|θ| reaches {}:", adam_under_a_steady_gradient, 1e-3),
    _of(
        OPTIMIZERS_TEXT,
        "leaves μ with {} right digits after {} steps",
        lambda: (digits_of_mu(1000), 1000),
    ),
    _of(
        OPTIMIZERS_TEXT,
        "moves its steps by some {}. The chapter",
        nadam_in_single_precision,
        ROUGHLY,
    ),
    _of(
        OPTIMIZERS_TEXT,
        "`momentum_decay` 0.004, which is ψ, from {} to {})",
        lambda: allowed("nadam", "momentum_decay"),
    ),
    _of(OPTIMIZERS_TEXT, "its first {} steps are the gradient's own length", plain_steps_of_radam),
    # their docstrings
    Figure(
        f"{RULES}/adam_kin.py",
        "μ is β₁ after some {} steps, not some {}.",
        lambda: (100, 100 / default("nadam", "momentum_decay")[0]),
    ),
    Figure(
        f"{RULES}/adam_kin.py", "keeps {} digits over {} steps", lambda: (digits_of_mu(1000), 1000)
    ),
    Figure(
        f"{RULES}/adam.py",
        "whose default λ of {} is the default here",
        lambda: torch_default("optim.AdamW", "weight_decay"),
    ),
    Figure(
        f"{RULES}/adaptive.py",
        "``torch.optim.Adadelta`` has ρ = {} and δ = {},",
        lambda: (torch_default("optim.Adadelta", "rho"), torch_default("optim.Adadelta", "eps")),
    ),
    Figure(
        f"{RULES}/adaptive.py",
        "(whose default ρ, ``alpha``, is {})",
        lambda: torch_default("optim.RMSprop", "alpha"),
    ),
    # schedules.md
    _of(SCHEDULES_TEXT, "{} schedules, each a factor", lambda: len(SCHEDULES)),
    _of(SCHEDULES_TEXT, "is a share of ε, from {} to {}, as", lambda: allowed("cosine", "end")),
    _of(
        SCHEDULES_TEXT,
        "climbs in a line from {} f₀ to f₀",
        lambda: factor("cosine", 0.0, 100.0, warmup=10.0),
    ),
    _of(SCHEDULES_TEXT, "schedule itself begins: mostly {}, 1/d", mostly),
    _of(
        SCHEDULES_TEXT,
        "torchvision's recipes start at {} too, while `LinearLR` alone starts at a {}.",
        lambda: (factor("cosine", 0.0, 100.0, warmup=10.0), torch_linear()[0]),
    ),
    _of(
        SCHEDULES_TEXT,
        "Every schedule has `warmup` {} at first",
        lambda: default("constant", "warmup"),
    ),
    _of(SCHEDULES_TEXT, "Values are rounded to {} digits", lambda: len(f"{tidy(1 / 3)}") - 2),
    _of(SCHEDULES_TEXT, "climb, from a {} to {} in {} epochs", torch_linear),
    _of(
        SCHEDULES_TEXT,
        "which ends at {} and has p = {} by default",
        lambda: (0, torch_default("optim.lr_scheduler.PolynomialLR", "power")),
    ),
    _of(
        SCHEDULES_TEXT,
        "`power` 2, which is p, from {} to {}.",
        lambda: allowed("polynomial", "power"),
    ),
    _of(
        SCHEDULES_TEXT,
        "`multiplier` 1, which is m, whole, from {} to {};",
        lambda: allowed("cosine_restarts", "multiplier"),
    ),
    _of(
        SCHEDULES_TEXT,
        "pairs of an epoch and a factor from 0 to {};",
        lambda: constant("optiviz/engine/schedules/lists.py", "HIGHEST"),
    ),
    _of(
        SCHEDULES_TEXT,
        "where a {} of the bound ≤ ε ≤ the bound",
        lambda: constant("optiviz/engine/zone.py", "TIMID"),
    ),
    _of(
        SCHEDULES_TEXT,
        "rested for {} ms, or for {} a second",
        lambda: (
            constant("optiviz/gui/controllers/schedule.py", "_REST_MS"),
            constant("optiviz/gui/controllers/schedule.py", "_LONGEST_MS") / 1000.0,
        ),
    ),
    _of(
        SCHEDULES_TEXT,
        "by {} pixels at most, or, where more than {} would be needed, by as little as {} allow",
        lambda: (constant(STROKE, "TOLERANCE"), *[constant(STROKE, "MOST_KNOTS")] * 2),
    ),
    _of(
        SCHEDULES_TEXT,
        "unless that is more than {} times as high",
        lambda: constant("optiviz/gui/views/schedule/axis.py", "_MOST_ABOVE"),
    ),
    _of(SCHEDULES_TEXT, "goes less than {} pixels along", lambda: constant(HAND, "_SLOP")),
    _of(
        SCHEDULES_TEXT,
        "the logarithmic one from {} to {} decades below it",
        lambda: (
            constant("optiviz/gui/views/schedule/axis.py", "_LEAST_DECADES"),
            constant("optiviz/gui/views/schedule/axis.py", "_MOST_DECADES"),
        ),
    ),
    _of(
        SCHEDULES_TEXT,
        "the bound and a {} of it, with",
        lambda: constant("optiviz/engine/zone.py", "TIMID"),
    ),
    # tuning.md
    _of(
        TUNING_TEXT,
        "from the series {}, {}, {}, {} …, from {} to {}, for up to {} steps",
        lambda: (
            *(rate * 1e5 for rate in tuning.RATES[:4]),
            tuning.RATES[0],
            tuning.RATES[-1],
            tuning.STEPS,
        ),
        1e-12,
    ),
    _of(TUNING_TEXT, "at which any ε ends after {} steps", lambda: tuning.STEPS),
    _of(
        TUNING_TEXT,
        "β = {}, ρ = {}, β₁ = {}, β₂ = {} and δ = {} are PyTorch's defaults "
        "(β has none there; {} is",
        lambda: (
            *default("momentum", "beta"),
            *default("rmsprop", "rho"),
            *default("adam", "beta1", "beta2", "delta"),
            *default("momentum", "beta"),
        ),
    ),
    _of(TUNING_TEXT, "RMSProp on Beale does so at about step {}.", leaves_again, 0.1),
    _of(
        TUNING_TEXT,
        "SGD with ε = {} and Adam with ε = {} reach the same minimum",
        lambda: tuple(SURFACES["himmelblau"].tuned[rule]["lr"] for rule in ("sgd", "adam")),
    ),
    _of(TUNING_TEXT, "near it the gradient has length {} however", lambda: 2.0 * math.sqrt(2.0)),
    _of(TUNING_TEXT, "hopping to and fro, by {}ε at ε = {}, and", lambda: (hop(0.01), 0.01)),
    _of(
        TUNING_TEXT,
        "A target of {} would need a tiny ε and reward nothing else, so there the target is {}.",
        lambda: (SURFACES["beale"].target, SURFACES["ackley"].target),
    ),
    _of(
        TUNING_TEXT,
        "with the best ε of the series, {}, nearly at its bound of {}/κ = {}: "
        "it turns back {} times before it is there",
        zigzag,
    ),
    _of(
        TUNING_TEXT,
        "Adam is first, at step {}, then RMSProp ({}), momentum ({}) and SGD ({})",
        lambda: tuple(
            arrival("quadratic", rule) for rule in ("adam", "rmsprop", "momentum", "sgd")
        ),
    ),
    # exactness.md
    _of(
        EXACTNESS_TEXT,
        "Over {} steps in float64, each step agrees with that of `torch.optim` to {} of",
        lambda: (constant(MAKE, "FED_STEPS"), constant(AGAINST_TORCH, "FED")),
    ),
    _of(EXACTNESS_TEXT, "divides by ‖g‖ + {}, as torch does", clip_begins, 1e-6),
    _of(
        EXACTNESS_TEXT,
        "in single precision torch is some {} off from itself",
        nadam_in_single_precision,
        ROUGHLY,
    ),
    _of(
        EXACTNESS_TEXT,
        "of the first {} powers of {} {} are off by one unit here",
        lambda: (1000, 0.99999, powers_off(0.99999, 1000)),
    ),
    _of(
        EXACTNESS_TEXT,
        "Over the recorded {} steps the paths agree to {}, for each of torch's rules "
        "on each of {} surfaces, and so do {} whole races of {} steps",
        lambda: (
            constant(MAKE, "FREE_STEPS"),
            constant(AGAINST_TORCH, "FREE"),
            len(constant(MAKE, "STARTS")),
            len(TORCHS),
            constant(MAKE, "WHOLE_STEPS"),
        ),
    ),
    _of(
        EXACTNESS_TEXT, "to {} of ε at every whole epoch", lambda: constant(SCHEDULE_TESTS, "EXACT")
    ),
    _of(
        EXACTNESS_TEXT,
        "takes torch's steps, fed, to {}: SGD",
        lambda: constant("tests/engine/test_schedules_in_races.py", "FED"),
    ),
    _of(EXACTNESS_TEXT, "with h = {}, where", lambda: constant(SURFACE_TESTS, "STEP")),
    _of(
        EXACTNESS_TEXT,
        "and with {}-digit differences of the independent formula, to {} relative",
        lambda: (
            source_number("tests/engine/test_surfaces_formulas.py", r"workdps\((\d+)\)"),
            constant(SURFACE_TESTS, "CLOSE"),
        ),
    ),
    _of(
        EXACTNESS_TEXT,
        "at {} of the bound it comes in a thousandfold, at {} it goes out a millionfold",
        both_sides,
    ),
    _of(
        EXACTNESS_TEXT,
        "a rounding error of {} in the order",
        lambda: np.finfo(float).eps / 2,
        ROUGHLY,
    ),
    _of(
        EXACTNESS_TEXT,
        "pushes of {}, {} and {}, of its start and of the point of every gradient, {} draws of "
        "each, "
        "never move the path farther than {} times",
        lambda: (*calm.SIZES, calm.DRAWS, calm.GROWTH),
    ),
    _of(
        EXACTNESS_TEXT,
        "A search from {} starts in the window ({} where the loss is a mean over more than {} ex",
        starts_of_the_search,
    ),
    _of(
        TUNING_TEXT,
        "in the series ({}, say), the best ε",
        lambda: 1.0 / tune.tune(SURFACES["quadratic"](kappa=20.0), "sgd").lr,
    ),
]
