"""What is said of tuned learning rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optiviz.gui.words.numbers import format_knob

if TYPE_CHECKING:
    from optiviz.engine.tuning import Tuned


def found(names: tuple[str, ...], tuned: tuple[Tuned | None, ...]) -> str:
    """Say what tuning found for each racer."""
    told = ", ".join(_one(name, each) for name, each in zip(names, tuned, strict=True))
    return f"Tuned for this surface, start and finish, with full gradients: {told}."


def _one(name: str, tuned: Tuned | None) -> str:
    if tuned is None:
        return f"{name} diverges with every ε of the series"
    rate = f"{name} ε {format_knob(tuned.lr)}"
    if tuned.goal == "lowest":
        return f"{rate} (never at the finish)"
    return f"{rate} ({tuned.steps} {'step' if tuned.steps == 1 else 'steps'})"
