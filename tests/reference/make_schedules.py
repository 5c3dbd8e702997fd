"""Make ``schedules.npz``: what torch's own schedulers do, for tests that run where torch is not.

    python -m tests.reference.make_schedules

Each case is a schedule with settings drawn by seed, half of them behind a warmup; kept is the
learning rate that torch has at each whole epoch of the race. Torch's schedulers are used as they
are meant to be, ``scheduler.step()`` once an epoch, and a warmup by ``SequentialLR``. What torch
has no class for is a ``LambdaLR`` or a sequence of others. See ``docs/schedules.md``.
"""

from __future__ import annotations

import json
import sys
import warnings
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.optim import lr_scheduler as theirs

from optiviz.engine import SCHEDULES
from tests.reference.draws import draw_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Array = np.ndarray
Knobs = dict[str, Any]

HERE = Path(__file__).parent
FILE = HERE / "schedules.npz"
SEED = 58
DRAWS = 8  # a schedule, half of them with a warmup
#: A warmup begins at this share of what it climbs to.
WARMUP_START = 0.01


def draw_knobs(
    rng: np.random.Generator, key: str, warmup: int, epochs: int, highest: float
) -> Knobs:
    """Draw a schedule's knobs from all that they allow; what torch wants whole is whole.

    Left out is what torch cannot do: a polynomial's end above 0, a one cycle that begins at its
    peak (p = 0), a decay of no length. An exponential that has fallen below all numbers within the
    race tells nothing, and is drawn rarely.
    """
    span = epochs - warmup
    by_hand = ("warmup", "milestones", "knots", "step_size", "period", "decay_share")
    knobs = draw_all(rng, SCHEDULES[key], *by_hand)

    def whole(low: int, high: int) -> int:
        value = rng.integers(low, high + 1)
        return int(rng.choice([value, value, value, low, high]))

    if key == "step":
        knobs["step_size"] = whole(1, span)
    elif key == "milestones":
        drawn = rng.choice(np.arange(1, span), 4, False) + warmup
        knobs["milestones"] = sorted(map(int, drawn))
    elif key == "exponential":
        knobs["gamma"] = float(rng.choice([knobs["gamma"], rng.uniform(0.8, 1.0)]))
    elif key == "polynomial":
        del knobs["end"]
    elif key == "inverse_sqrt":
        knobs["timescale"] = max(knobs["timescale"], 0.1)  # a test counts it in tenths
    elif key == "cosine_restarts":
        knobs["period"] = whole(1, 30)
    elif key == "cyclical":
        knobs["period"] = 2 * whole(1, 20)
    elif key == "one_cycle":
        knobs["pct_start"] = max(knobs["pct_start"], 1e-3)
    elif key == "wsd":
        knobs["decay_share"] = whole(1, span) / span
    elif key == "drawn":
        factors = rng.choice([0.0, highest, *rng.uniform(0.0, highest, 5)], 5)
        where = sorted(rng.choice(np.arange(epochs), 5, False))
        knobs["knots"] = [[float(e), float(f)] for e, f in zip(where, factors, strict=True)]
    return {name: plain(value) for name, value in knobs.items()}


def plain(value: Any) -> Any:
    return float(value) if isinstance(value, np.floating) else value


def draw_case(rng: np.random.Generator, key: str, warm: bool, highest: float = 1.0) -> Knobs:
    """Draw a case; a line drawn by hand reaches from 0 to ``highest``."""
    epochs = int(rng.integers(40, 151))
    warmup = int(rng.integers(1, 21)) if warm else 0
    lr = float(10.0 ** rng.uniform(-4.0, 1.0))
    knobs = draw_knobs(rng, key, warmup, epochs, highest)
    return {"key": key, "epochs": epochs, "warmup": warmup, "lr": lr, "knobs": knobs}


def on_a_line(points: list[list[float]], epoch: float) -> float:
    """Give the height of a line through points, flat before the first and after the last."""
    if epoch <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if epoch <= x1:
            return y0 + (y1 - y0) * (epoch - x0) / (x1 - x0)
    return points[-1][1]


def between(knobs: Mapping[str, Any], share: float) -> float:
    """Give torch's sigmoid, stretched so that it falls from 1 to the end."""
    at = 2.0 * knobs["steepness"] * (0.5 - torch.tensor([0.0, share, 1.0], dtype=torch.float64))
    first, here, last = torch.sigmoid(at).tolist()
    return float(knobs["end"] + (1.0 - knobs["end"]) * (here - last) / (first - last))


def parts(case: Mapping[str, Any], optimizer: Any) -> list[tuple[Any, int]]:
    """Make torch's schedulers of a case, one after the other, with the epochs that each lasts."""
    key, knobs, lr = case["key"], case["knobs"], case["lr"]
    span = case["epochs"] - case["warmup"]

    def by(factor: Callable[[int], float]) -> Any:
        return theirs.LambdaLR(optimizer, factor)

    if key == "wsd":
        decay = round(knobs["decay_share"] * span)
        down: Mapping[str, Callable[[], Any]] = {
            "linear": lambda: theirs.LinearLR(optimizer, 1.0, knobs["end"], decay),
            "cosine": lambda: theirs.CosineAnnealingLR(optimizer, decay, knobs["end"] * lr),
            "1-sqrt": lambda: by(lambda n: 1.0 - (1.0 - knobs["end"]) * (n / decay) ** 0.5),
        }
        steady = theirs.ConstantLR(optimizer, 1.0, 1)
        return [(steady, span - decay), (down[knobs["shape"]](), decay)]
    make: Mapping[str, Callable[[], Any]] = {
        "constant": lambda: theirs.ConstantLR(optimizer, 1.0, 1),
        "linear": lambda: theirs.LinearLR(optimizer, 1.0, knobs["end"], span),
        "step": lambda: theirs.StepLR(optimizer, knobs["step_size"], knobs["gamma"]),
        "milestones": lambda: theirs.MultiStepLR(
            optimizer, [m - case["warmup"] for m in knobs["milestones"]], knobs["gamma"]
        ),
        "exponential": lambda: theirs.ExponentialLR(optimizer, knobs["gamma"]),
        "polynomial": lambda: theirs.PolynomialLR(optimizer, span, knobs["power"]),
        "inverse_sqrt": lambda: by(lambda n: (1.0 + n / knobs["timescale"]) ** -0.5),
        "cosine": lambda: theirs.CosineAnnealingLR(optimizer, span, knobs["end"] * lr),
        "sigmoid": lambda: by(lambda n: between(knobs, n / span)),
        "cosine_restarts": lambda: theirs.CosineAnnealingWarmRestarts(
            optimizer, knobs["period"], knobs["multiplier"], knobs["end"] * lr
        ),
        "cyclical": lambda: theirs.CyclicLR(
            *(optimizer, knobs["base"] * lr, lr, knobs["period"] // 2),
            mode=knobs["mode"],
            cycle_momentum=False,
        ),
        # Torch ends at total_steps − 1, and its peak is at pct_start · total_steps − 1.
        "one_cycle": lambda: theirs.OneCycleLR(
            *(optimizer, lr, span + 1),
            pct_start=(knobs["pct_start"] * span + 1.0) / (span + 1.0),
            anneal_strategy=knobs["anneal_strategy"],
            cycle_momentum=False,
            div_factor=knobs["div_factor"],
            final_div_factor=knobs["final_div_factor"],
        ),
        "drawn": lambda: by(lambda n: on_a_line(knobs["knots"], n + case["warmup"])),
    }
    return [(make[key](), span)]


def climb(optimizer: Any, to: float, epochs: int) -> Any:
    """Make the warmup; torch's own takes no factor of 0, and none above 1."""
    if 0.0 < to <= 1.0:
        return theirs.LinearLR(optimizer, WARMUP_START * to, to, epochs)
    start = WARMUP_START
    return theirs.LambdaLR(optimizer, lambda n: to * (start + (1.0 - start) * n / epochs))


def torch_rates(case: Mapping[str, Any]) -> Array:
    """Give torch's learning rate at each whole epoch but the last, (epochs,)."""
    key, knobs, warmup, lr = case["key"], case["knobs"], case["warmup"], case["lr"]
    first = knobs["base"] * lr if key == "cyclical" else lr
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=first)
    stages = []
    if warmup:
        # A line from where it begins in the warmup: the schedule's own begin, mostly ε.
        begin = on_a_line(knobs["knots"], warmup) if key == "drawn" else 1.0
        ramp = climb(optimizer, begin, warmup)
        stages.append((ramp, warmup))
    stages += parts(case, optimizer)
    ends = [int(end) for end in np.cumsum([length for _, length in stages])]
    scheduler = stages[0][0]
    if len(stages) > 1:
        scheduler = theirs.SequentialLR(optimizer, [each for each, _ in stages], ends[:-1])
    rates = np.empty(case["epochs"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # no step is taken here
        for epoch in range(case["epochs"]):
            rates[epoch] = optimizer.param_groups[0]["lr"]
            scheduler.step()
    return rates


def make() -> dict[str, Array]:
    # Each draws by a generator of its own, so that a new schedule leaves the others' cases alone.
    draws = {key: np.random.default_rng([SEED, *key.encode()]) for key in SCHEDULES}
    cases = [draw_case(draws[key], key, n % 2 == 1) for key in SCHEDULES for n in range(DRAWS)]
    about = {"torch": torch.__version__, "seed": SEED, "cases": cases}
    arrays = {f"rates{i}": torch_rates(case) for i, case in enumerate(cases)}
    arrays["about"] = np.array(json.dumps(about, ensure_ascii=False))
    return arrays


if __name__ == "__main__":
    np.savez_compressed(FILE, **make())
    sys.stdout.write(f"{FILE.name}: {FILE.stat().st_size / 1024:.0f} KB\n")
