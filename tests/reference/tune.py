"""Find the learning rates of the first races by the rule that ``docs/tuning.md`` prints.

python -m tests.reference.tune            prints the table
python -m tests.reference.tune --write    writes it into docs/tuning.md as well
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from optiviz.engine import OPTIMIZERS, SURFACES, Entrant, KnobValue, RaceSpec, Surface, run_race

DOCUMENT = Path(__file__).parents[2] / "docs" / "tuning.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
STEPS = 5000
#: 1, 2, 5, 10 … from 10⁻⁵ to 50.
RATES = tuple(float(f"{digit}e{power}") for power in range(-5, 2) for digit in (1, 2, 5))
RULES = ("sgd", "momentum", "rmsprop", "adam")


class Found(NamedTuple):
    """The fewest steps to the target, and the ε that took them."""

    steps: int
    lr: float


def tune(surface: Surface, rule: str, **knobs: KnobValue) -> Found | None:
    """Try every rate from the surface's start; ``None`` where none arrives."""
    entrants = tuple(Entrant(OPTIMIZERS[rule](lr=lr, **knobs)) for lr in RATES)
    spec = RaceSpec(surface, surface.start, STEPS, entrants, target=surface.target)
    race = run_race(spec, mode="compiled")
    arrived = [
        Found(run.finish_step, lr)
        for lr, run in zip(RATES, race.runs, strict=True)
        if run.finish_step is not None
    ]
    return min(arrived, default=None)  # of equals the smaller ε


def tuned(surface: Surface) -> dict[str, dict[str, KnobValue]]:
    """Give what ``Surface.tuned`` holds."""
    found = {rule: tune(surface, rule) for rule in RULES}
    return {rule: {"lr": best.lr} for rule, best in found.items() if best is not None}


def table() -> str:
    """Write the rule's findings as a table."""
    titles = [OPTIMIZERS[rule].title for rule in RULES]
    lines = [
        "| surface | start | " + " | ".join(titles) + " | RMSProp with ρ = 0.9 |",
        "| --- | --- |" + " --- |" * (len(titles) + 1),
    ]
    for part in SURFACES.values():
        surface = part()
        found = [tune(surface, rule) for rule in RULES] + [tune(surface, "rmsprop", rho=0.9)]
        cells = [f"{best.steps} (ε {best.lr:g})" if best else "never" for best in found]
        knobs = (f"{k.symbol} = {getattr(surface, k.name):g}{k.unit}" for k in part.knobs())
        name = ", ".join([part.title, *knobs])
        x, y = surface.start
        lines.append(f"| {name} | ({x:g}, {y:g}) | " + " | ".join(cells) + " |")
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
