"""Find the learning rates of the first races by the rule that ``docs/tuning.md`` prints.

python -m tests.reference.tune            prints the table
python -m tests.reference.tune --write    writes it into docs/tuning.md as well
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from optiviz.engine import OPTIMIZERS, SURFACES, Entrant, KnobValue, RaceSpec, Surface, run_race

DOCUMENT = Path(__file__).parents[2] / "docs" / "tuning.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
STEPS = 5000
#: 1, 2, 5, 10 … from 10⁻⁵ to 50.
RATES = tuple(float(f"{digit}e{power}") for power in range(-5, 2) for digit in (1, 2, 5))
RULES = ("sgd", "momentum", "rmsprop", "adam")


class Found(NamedTuple):
    """The fewest steps to the goal, the ε that took them, and what the goal was.

    ``least``: within the target of the least loss in the window. ``lowest``: where no ε gets there,
    within the target of the lowest loss at which any ε ends.
    """

    steps: int
    lr: float
    goal: str

    def __str__(self) -> str:
        steps = f"{self.steps}" if self.goal == "least" else "never"
        return f"{steps} (ε {self.lr:g})"


@cache
def tune(surface: Surface, rule: str, **knobs: KnobValue) -> Found:
    """Try every rate from the surface's start; of equals the smaller wins."""
    entrants = tuple(Entrant(OPTIMIZERS[rule](lr=lr, **knobs)) for lr in RATES)
    spec = RaceSpec(surface, surface.start, STEPS, entrants, target=surface.target)
    race = run_race(spec, mode="compiled")
    runs = list(zip(RATES, race.runs, strict=True))
    arrived = [
        Found(run.finish_step, lr, "least") for lr, run in runs if run.finish_step is not None
    ]
    if arrived:
        return min(arrived)
    ends = [(lr, run.loss) for lr, run in runs if run.diverged_step is None]
    goal = min(float(loss[-1]) for _, loss in ends) + surface.target
    stay = [(lr, loss) for lr, loss in ends if loss[-1] <= goal]
    return min(Found(int(np.argmax(loss <= goal)), lr, "lowest") for lr, loss in stay)


def tuned(surface: Surface) -> dict[str, dict[str, KnobValue]]:
    """Give what ``Surface.tuned`` holds."""
    return {rule: {"lr": tune(surface, rule).lr} for rule in RULES}


def table() -> str:
    """Write the rule's findings as a table."""
    titles = [OPTIMIZERS[rule].title for rule in RULES]
    lines = [
        "| surface | start | target | " + " | ".join(titles) + " | RMSProp with ρ = 0.9 |",
        "| --- | --- | --- |" + " --- |" * (len(titles) + 1),
    ]
    for part in SURFACES.values():
        surface = part()
        found = [tune(surface, rule) for rule in RULES] + [tune(surface, "rmsprop", rho=0.9)]
        cells = map(str, found)
        numbers = (k for k in part.knobs() if k.kind == "number" and not k.minor)
        knobs = (f"{k.symbol} = {getattr(surface, k.name):g}{k.unit}" for k in numbers)
        name = ", ".join([part.title, *knobs])
        x, y = surface.start
        lines.append(
            f"| {name} | ({x:g}, {y:g}) | {surface.target:g} | " + " | ".join(cells) + " |"
        )
    return "\n".join(lines)


def write() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
    for key, part in SURFACES.items():
        sys.stdout.write(f"{key}: {tuned(part())}\n")
    if "--write" in sys.argv[1:]:
        write()
