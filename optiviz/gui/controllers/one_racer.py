"""One racer by itself: whom of a scene's racers an instrument is about, and that one's race."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from optiviz.engine.gradients import FullGradient, MiniBatch

if TYPE_CHECKING:
    from optiviz.engine import RaceSpec
    from optiviz.scene import Scene


def chosen(scene: Scene, racer_style: int | None, *, batches: bool = False) -> int | None:
    """Find the racer that was chosen, or else the first on the stage with chance, or the first.

    With ``batches``, chance is a mini-batch's.
    """
    by_style = {racer.style: index for index, racer in enumerate(scene.racers)}
    if racer_style in by_style:
        return by_style[racer_style]
    on_stage = scene.shown_racers() or tuple(range(len(scene.racers)))
    for index in on_stage:
        gradient = scene.racers[index].gradient
        if isinstance(gradient, MiniBatch) or not (batches or isinstance(gradient, FullGradient)):
            return index
    return on_stage[0] if on_stage else None


def race_of(scene: Scene, index: int) -> RaceSpec:
    """Give the race of one racer. Its seed plays no part, so it is always the same one."""
    race = scene.race_spec()
    return replace(race, entrants=(race.entrants[index],), seed=0)
