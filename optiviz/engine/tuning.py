"""The rule by which learning rates are tuned: the fewest steps to the finish, of 1, 2, 5 × 10ⁿ.

``docs/tuning.md`` prints it, with what it finds for the first races.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from optiviz.engine.cancel import never
from optiviz.engine.race import run_race
from optiviz.engine.spec import Entrant, RaceSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine.optimizers import Optimizer
    from optiviz.engine.surfaces import Surface

#: So many steps are tried.
STEPS = 5000
#: 1, 2, 5, 10 … from 10⁻⁵ to 50.
RATES = tuple(float(f"{digit}e{power}") for power in range(-5, 2) for digit in (1, 2, 5))


@dataclass(frozen=True, order=True)
class Tuned:
    """The fewest steps to the goal, and the ε that took them; of equals the smaller ε.

    Attributes:
        steps, lr: these.
        goal: ``least``: the loss is within the target of the least in the window. ``lowest``: no ε
            gets there, and it is within the target of the lowest loss at which any ε ends.
    """

    steps: int
    lr: float
    goal: Literal["least", "lowest"]


def tune(
    surface: Surface,
    start: tuple[float, float],
    target: float,
    optimizer: Optimizer,
    cancelled: Callable[[], bool] = never,
) -> Tuned | None:
    """Try every rate of the series, with full gradients, at a constant ε and without a clip.

    Args:
        surface, start, target: the race; see :class:`spec.RaceSpec`.
        optimizer: the rule; all its knobs but ε are as they are here.
        cancelled: asked now and then; once it says yes, :class:`Cancelled` is raised.

    Returns:
        What was found; ``None`` if it diverges with every ε.
    """
    entrants = tuple(Entrant(replace(optimizer, lr=lr)) for lr in RATES)
    spec = RaceSpec(surface, start, STEPS, entrants, target=target)
    runs = list(zip(RATES, run_race(spec, cancelled, mode="compiled").runs, strict=True))
    arrived = [
        Tuned(run.finish_step, lr, "least") for lr, run in runs if run.finish_step is not None
    ]
    if arrived:
        return min(arrived)
    ends = [(lr, run.loss) for lr, run in runs if run.diverged_step is None]
    if not ends:
        return None
    goal = min(float(loss[-1]) for _, loss in ends) + target
    stay = [(lr, loss) for lr, loss in ends if loss[-1] <= goal]
    return min(Tuned(int(np.argmax(loss <= goal)), lr, "lowest") for lr, loss in stay)
