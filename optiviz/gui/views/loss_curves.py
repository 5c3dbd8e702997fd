"""A race as curves of loss: whose they are, which of them changed, and what they say in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optiviz.gui.numbers import format_loss
from optiviz.gui.views.kept import Kept
from optiviz.gui.views.loss_axes import LossCurve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.engine import Race, Run
    from optiviz.scene import Scene

_curves: Kept[dict[float, LossCurve]] = Kept()


@dataclass(frozen=True)
class LookedCurve:
    """A curve, and the look of the racer whose it is."""

    curve: LossCurve
    look: int


def course(race: Race) -> tuple[object, int, float]:
    """What makes races comparable: while it stays, their axes may stay."""
    return type(race.spec.surface), race.spec.steps, race.spec.target


def ghost_looks(
    ghost: Race, race: Race, looks: Sequence[tuple[int, bool]]
) -> list[tuple[int, bool]]:
    """Whose curve of before is shown: of those racers whose curve is another now."""
    if len(ghost.runs) != len(race.runs):
        return [(0, False)] * len(ghost.runs)
    return [
        (look, shown and not runs_alike(ghost, race, index))
        for index, (look, shown) in enumerate(looks[: len(race.runs)])
    ]


def runs_alike(a: Race, b: Race, index: int) -> bool:
    """Say whether one racer of two races ran the same way, without a look at its steps."""
    same_course = (a.spec.surface, a.spec.start, a.spec.seed) == (
        b.spec.surface, b.spec.start, b.spec.seed,
    )  # fmt: skip
    return same_course and a.runs[index].entrant == b.runs[index].entrant


def curves_of(race: Race, looks: Sequence[tuple[int, bool]] | None = None) -> list[LookedCurve]:
    """The losses above the least, of all racers or of those that are shown."""
    least = race.spec.surface.least
    curves = []
    for index, run in enumerate(race.runs):
        if looks is None:
            look, shown = 0, True
        else:
            look, shown = looks[index] if index < len(looks) else (0, False)
        if shown:
            curves.append(LookedCurve(_curve_of(run, least), look))
    return curves


def look_through(race: Race, columns: int) -> None:
    """Find and keep what the curves of a race will be asked."""
    for each in curves_of(race):
        curve = each.curve
        curve.thinned(columns)
        _ = curve.peak, curve.bottom


def _curve_of(run: Run, least: float) -> LossCurve:
    kept = _curves.get(run, dict)
    curve = kept.get(least)
    if curve is None:
        gone = run.diverged_step
        losses = run.loss if gone is None else run.loss[: gone + 1]
        curve = kept[least] = LossCurve(losses, gone is not None, least)
    return curve


def losses_in_words(scene: Scene, race: Race, position: float) -> str:
    """Say how far everybody is at the playhead; empty if the race is not the scene's own."""
    if len(race.runs) != len(scene.racers):
        return ""
    step = min(math.floor(position), race.spec.steps)
    parts = []
    for index in scene.shown_racers():
        run = race.runs[index]
        gone = run.diverged_step is not None and run.diverged_step <= step
        what = f"diverged at step {run.diverged_step}" if gone else format_loss(run.loss[step])
        parts.append(f"{scene.racers[index].name} {what}")
    return f"Step {step} of {race.spec.steps}: {', '.join(parts) or 'no racers'}."
