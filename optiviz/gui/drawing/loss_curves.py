"""A race as curves of loss: whose they are, which of them changed, and what they say in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from optiviz.gui.drawing.identity_cache import IdentityCache
from optiviz.gui.drawing.loss_axes import StepCurve
from optiviz.gui.words.numbers import format_loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.engine import Race, Run, Surface
    from optiviz.scene import Scene

_curves: IdentityCache[dict[tuple[bool, float], StepCurve]] = IdentityCache()


@dataclass(frozen=True)
class StyledCurve:
    """A curve, the style of the racer whose it is, and whether it is of the test examples."""

    curve: StepCurve
    style: int
    test: bool = False


@dataclass(frozen=True)
class Losses:
    """Which losses are looked at: on which axis, and whether those of test examples are too."""

    log: bool = True
    test: bool = True

    def tests(self, race: Race) -> bool:
        """Say whether there are test curves."""
        return self.test and bool(race.runs) and len(race.spec.surface.test_examples) > 0

    def least(self, race: Race) -> float:
        """Say above which loss the train curves are drawn.

        It is the least one; 0 beside test curves on a linear axis, on which the two are compared.
        """
        if not race.runs:  # nobody has searched for it yet
            return 0.0
        return 0.0 if self.tests(race) and not self.log else race.spec.surface.least

    def test_least(self, race: Race) -> float:
        """Say above which loss the test curves are drawn: their own least one, or 0."""
        return least_of_test(race.spec.surface) if self.log else 0.0

    def finish(self, race: Race) -> float:
        """Say how high the finish is."""
        return race.spec.target + (race.spec.surface.least - self.least(race) if race.runs else 0.0)


@lru_cache(maxsize=64)
def least_of_test(surface: Surface) -> float:
    """The least test loss in or near the window; 0, below which no loss is, if that is unknown."""
    place = surface.test_minimum
    return 0.0 if place is None else float(surface.test_value(*place))


def course(race: Race) -> tuple[object, int, float]:
    """What two races must share for the axes of one to be kept for the other."""
    return type(race.spec.surface), race.spec.steps, race.spec.target


def ghost_styles(
    ghost: Race, race: Race, styles: Sequence[tuple[int, bool]]
) -> list[tuple[int, bool]]:
    """The styles of the ghosts: shown are those whose racer's curve has changed."""
    if len(ghost.runs) != len(race.runs):
        return [(0, False)] * len(ghost.runs)
    return [
        (style, shown and not runs_alike(ghost, race, index))
        for index, (style, shown) in enumerate(styles[: len(race.runs)])
    ]


def runs_alike(a: Race, b: Race, index: int) -> bool:
    """Say whether one racer of two races ran the same way, without a look at its steps."""
    same_course = (a.spec.surface, a.spec.start, a.spec.seed) == (
        b.spec.surface, b.spec.start, b.spec.seed,
    )  # fmt: skip
    return same_course and a.runs[index].entrant == b.runs[index].entrant


def curves_of(
    race: Race, styles: Sequence[tuple[int, bool]] | None = None, losses: Losses | None = None
) -> list[StyledCurve]:
    """The losses above the least, of all racers or of those that are shown; the tests' last."""
    losses = losses or Losses(test=False)
    least = losses.least(race)
    curves, tests = [], []
    for index, run in enumerate(race.runs):
        if styles is None:
            style, shown = 0, True
        else:
            style, shown = styles[index] if index < len(styles) else (0, False)
        if shown:
            curves.append(StyledCurve(_curve_of(run, least), style))
            if losses.tests(race):
                test = _curve_of(run, losses.test_least(race), test=True)
                tests.append(StyledCurve(test, style, test=True))
    return curves + tests


def look_through(race: Race, columns: int, losses: Losses) -> None:
    """Compute, in the worker, what drawing a race's curves needs; it is kept with the runs."""
    for each in curves_of(race, losses=losses):
        curve = each.curve
        curve.thinned(columns)
        _ = curve.peak, curve.bottom


def _curve_of(run: Run, least: float, *, test: bool = False) -> StepCurve:
    kept = _curves.get(run, dict)
    curve = kept.get((test, least))
    if curve is None:
        gone = run.diverged_step
        losses = run.test_loss if test and run.test_loss is not None else run.loss
        losses = losses if gone is None else losses[: gone + 1]
        curve = kept[(test, least)] = StepCurve(losses, gone is not None, least)
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
        if not gone and run.test_loss is not None:
            what += f" (test {format_loss(run.test_loss[step])})"
        parts.append(f"{scene.racers[index].name} {what}")
    return f"Step {step} of {race.spec.steps}: {', '.join(parts) or 'no racers'}."
