"""Find the learning rates of the first races by the rule that ``docs/tuning.md`` prints.

python -m tests.reference.tune            prints the table
python -m tests.reference.tune --write    writes it into docs/tuning.md as well
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from optiviz.engine import OPTIMIZERS, SURFACES, tuning

if TYPE_CHECKING:
    from optiviz.engine import KnobValue, Surface
    from optiviz.engine.tuning import Tuned

DOCUMENT = Path(__file__).parents[2] / "docs" / "tuning.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
RULES = ("sgd", "momentum", "rmsprop", "adam")


@cache
def tune(surface: Surface, rule: str, **knobs: KnobValue) -> Tuned:
    """Tune a rule with torch's defaults from the surface's own start."""
    found = tuning.tune(surface, surface.start, surface.target, OPTIMIZERS[rule](**knobs))
    assert found is not None, f"{rule} diverges everywhere on {surface.title}"
    return found


def told(found: Tuned) -> str:
    steps = f"{found.steps}" if found.goal == "least" else "never"
    return f"{steps} (ε {found.lr:g})"


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
        cells = map(told, found)
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
