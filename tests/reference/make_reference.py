"""Make ``torch.npz``: what torch's own optimizers do, for tests that run where torch is not.

    python -m tests.reference.make_reference

*Fed*: an optimizer is given a recorded sequence of gradients and a recorded learning rate; the
points are kept. *Free*: it finds its own way down a surface, whose gradient comes from torch's
autograd of an independent formula; each rule on each surface, and one *whole* race a rule. Knobs
are drawn by seed, each from all that it allows, its ends with real probability. A free race that
magnifies errors is not calm (see ``calm.py``) and is drawn again: there, two correct programs part.
See ``docs/exactness.md``.

Torch keeps NAdam's product of momenta in its default dtype, so that is float64 here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from optiviz.engine import OPTIMIZERS
from optiviz.engine.optimizers import InTorch
from tests.reference.calm import is_calm
from tests.reference.draws import draw, draw_all, log_uniform
from tests.reference.formulas import FORMULAS

if TYPE_CHECKING:
    from collections.abc import Mapping

torch.set_default_dtype(torch.float64)

Array = np.ndarray
Knobs = dict[str, Any]

HERE = Path(__file__).parent
FILE = HERE / "torch.npz"
SEED = 20_260
FED_STEPS, FREE_STEPS, WHOLE_STEPS = 1000, 150, 500
FED_START = (0.7, -1.3)
#: Nearer to 1, RAdam's step hangs on the last bit of β₂ᵗ, which a C library's power may miss.
RADAM_BETA2 = 0.9999
#: A fed path is compared up to where it is farther away than this.
FARTHEST = 1e100
#: A free race that goes farther is drawn again: where it diverges, there is nothing to compare.
NEAR = 100.0
#: How often ε is drawn from all that it allows, not from what suits the gradients.
ANY_RATE = 0.3
CLIPS = ("none", "norm", "value")
RULES = tuple(key for key, part in OPTIMIZERS.items() if isinstance(part().in_torch, InTorch))
STARTS = {
    "quadratic": (-4.0, 1.0),
    "rosenbrock": (-1.2, 1.0),
    "beale": (1.0, 1.5),
    "himmelblau": (1.5, -4.5),
}
#: Learning rates that suit a rule on a surface: far enough to see, short enough to be calm.
RATES = {
    "quadratic": {"sgd": (5e-3, 8e-2), "momentum": (2e-3, 5e-2), "other": (1e-2, 0.2)},
    "rosenbrock": {"sgd": (1e-4, 1e-3), "momentum": (5e-5, 5e-4), "other": (1e-3, 2e-2)},
    "beale": {"sgd": (1e-3, 1e-2), "momentum": (2e-4, 2e-3), "other": (1e-2, 0.1)},
    "himmelblau": {"sgd": (1e-3, 1e-2), "momentum": (2e-4, 2e-3), "other": (1e-2, 0.1)},
}
#: A rule with another's rates, and one whose rate is a factor on steps of its own length.
ALIKE = {"nesterov": "momentum"}
ADADELTA_RATES = (0.3, 3.0)


def draw_knobs(rng: np.random.Generator, rule: str) -> Knobs:
    """Draw a rule's knobs from all that they allow, all but its learning rate."""
    knobs = draw_all(rng, OPTIMIZERS[rule], "lr", "bias_correction")
    if rule == "radam":
        knobs["beta2"] = min(knobs["beta2"], RADAM_BETA2)
    # Half of all runs have no weight decay.
    return knobs | {"weight_decay": float(rng.choice([0.0, knobs["weight_decay"]]))}


def draw_rate(rng: np.random.Generator, rule: str, surface: str) -> float:
    rates = RATES[surface]
    suits = rates.get(ALIKE.get(rule, rule), rates["other"])
    return log_uniform(rng, *(ADADELTA_RATES if rule == "adadelta" else suits))


def draw_clip(rng: np.random.Generator, size: float, kind: str = "") -> tuple[str, float] | None:
    kind = kind or str(rng.choice(CLIPS))
    return None if kind == "none" else (kind, size * log_uniform(rng, 0.3, 3.0))


def torch_optimizer(rule: str, knobs: Mapping[str, Any], theta: Any, lr: float) -> Any:
    """Make torch's optimizer as the rule itself says that torch spells it."""
    told = OPTIMIZERS[rule](lr=lr, **knobs).in_torch
    assert isinstance(told, InTorch)
    return getattr(torch.optim, told.name)([theta], **told.words)


def torch_run(
    rule: str,
    knobs: Mapping[str, Any],
    start: tuple[float, float],
    lr: Array,
    clip: tuple[str, float] | None,
    gradient: Any,
) -> Array:
    """Run torch's optimizer: ``gradient(k, θ)`` sets θ's grad. Gives the path, (steps + 1, 2).

    Under Nesterov torch's parameter is the look-ahead point.
    """
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch_optimizer(rule, knobs, theta, float(lr[0]))
    path = np.empty((len(lr) + 1, 2))
    path[0] = start
    for k, epsilon in enumerate(lr):
        optimizer.zero_grad()
        gradient(k, theta)
        if clip is not None and clip[0] == "norm":
            torch.nn.utils.clip_grad_norm_([theta], clip[1])
        elif clip is not None:
            torch.nn.utils.clip_grad_value_([theta], clip[1])
        optimizer.param_groups[0]["lr"] = float(epsilon)
        optimizer.step()
        path[k + 1] = theta.detach().numpy()
    return path


def draw_gradients(rng: np.random.Generator, steps: int) -> Array:
    """Draw gradients whose size changes by orders of magnitude and whose signs flip."""
    return rng.normal(size=(steps, 2)) * np.exp(rng.normal(size=(steps, 1)))


def fed_case(
    rng: np.random.Generator, rule: str, gradients: Array, clip: str = "", **set_knobs: float
) -> tuple[Knobs, Array, Array]:
    """Draw a fed run, but for knobs that are set: the case, its learning rates, torch's path.

    The path ends where it has gone too far away for a step to be told.
    """
    steps = len(gradients)
    knobs = draw_knobs(rng, rule) | set_knobs
    case: Knobs = {"rule": rule, "knobs": knobs, "clip": draw_clip(rng, 1.0, clip)}
    scale = 10.0 if rule == "adadelta" else 1.0
    rate = scale * log_uniform(rng, 1e-2, 0.1)
    if rng.uniform() < ANY_RATE:
        rate = draw(rng, OPTIMIZERS[rule].knob("lr"))
    lr = np.full(steps, rate)
    if case["knobs"].get("form") != "chapter":  # whose velocity holds ε, unlike torch's
        lr = lr * np.linspace(1.0, 0.1, steps)

    def feed(k: int, theta: Any) -> None:
        theta.grad = torch.tensor(gradients[k], dtype=torch.float64)

    path = torch_run(rule, case["knobs"], FED_START, lr, case["clip"], feed)
    far = ~(np.abs(path).max(axis=1) <= FARTHEST)
    return case, lr, path[: int(np.argmax(far))] if far.any() else path


def free_path(
    case: Mapping[str, Any],
    start: tuple[float, float],
    steps: int,
    pushes: Array | None = None,  # (steps, 2): how far beside its point each gradient is taken
) -> Array:
    formula = FORMULAS[case["surface"]]

    def gradient(k: int, theta: Any) -> None:
        at = theta if pushes is None else theta + torch.from_numpy(pushes[k])
        formula(at[0], at[1], case["surface_knobs"]).backward()

    lr = np.full(steps, case["lr"])
    return torch_run(case["rule"], case["knobs"], start, lr, case["clip"], gradient)


def free_case(
    rng: np.random.Generator, rule: str, surface: str, surface_knobs: Knobs, steps: int
) -> tuple[Knobs, Array]:
    """Draw a free race that is not chaotic, and its path by torch."""
    start = STARTS[surface]
    for _ in range(100):
        case: Knobs = {
            "rule": rule,
            "surface": surface,
            "surface_knobs": surface_knobs,
            "start": start,
            "knobs": draw_knobs(rng, rule),
            "lr": draw_rate(rng, rule, surface),
            "clip": draw_clip(rng, 10.0),
        }
        path = free_path(case, start, steps)
        if not np.abs(path).max() <= NEAR:  # RAdam's first steps have the gradient's full length
            continue

        def pushed(beside: Array, pushes: Array, case: Knobs = case) -> Array:
            moved = (start[0] + float(beside[0]), start[1] + float(beside[1]))
            return free_path(case, moved, steps, pushes)

        if is_calm(rng, pushed, steps):
            return case, path
    raise RuntimeError(f"no calm race of {rule} on {surface}")


SURFACE_KNOBS: dict[str, Knobs] = {
    "quadratic": {"kappa": 20.0, "angle": 20.0},
    "rosenbrock": {"b": 100.0},
    "beale": {},
    "himmelblau": {},
}


def make() -> dict[str, Array]:
    rng = np.random.default_rng(SEED)
    gradients = draw_gradients(rng, FED_STEPS)
    about: Knobs = {"torch": torch.__version__, "seed": SEED, "fed": [], "free": [], "whole": []}
    arrays: dict[str, Array] = {"gradients": gradients}
    fed: list[tuple[str, str, Knobs]] = [(rule, clip, {}) for rule in RULES for clip in CLIPS]
    # Here the last bit of β₂ᵗ shows, and has to be torch's.
    fed.append(("radam", "none", {"beta2": 0.9999}))
    for rule, clip, set_knobs in fed:
        case, lr, path = fed_case(rng, rule, gradients, clip, **set_knobs)
        case["lr"] = [float(lr[0]), float(lr[-1])]  # evenly spaced in between
        arrays[f"fed{len(about['fed'])}"] = path
        about["fed"].append(case)
    for surface, knobs in SURFACE_KNOBS.items():
        for rule in RULES:
            case, path = free_case(rng, rule, surface, knobs, FREE_STEPS)
            arrays[f"free{len(about['free'])}"] = path
            about["free"].append(case)
    for rule, surface in zip(RULES, 3 * list(SURFACE_KNOBS), strict=True):
        case, path = free_case(rng, rule, surface, SURFACE_KNOBS[surface], WHOLE_STEPS)
        arrays[f"whole{len(about['whole'])}"] = path
        about["whole"].append(case)
    arrays["about"] = np.array(json.dumps(about, ensure_ascii=False))
    return arrays


if __name__ == "__main__":
    np.savez_compressed(FILE, **make())
    sys.stdout.write(f"{FILE.name}: {FILE.stat().st_size / 1024:.0f} KB\n")
