"""Whose path is whose: a race's runs with the styles and names of the scene's racers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from optiviz.engine.digits import rounded
from optiviz.gui.drawing.strokes import Viewport, strokes
from optiviz.gui.stage.heads import Head
from optiviz.gui.stage.trails import Trail

if TYPE_CHECKING:
    from optiviz.engine import Race
    from optiviz.scene import Scene


def differs(before: Scene, scene: Scene) -> bool:
    """Say whether another race belongs to the new scene."""
    return before.start != scene.start or before.race_spec() != scene.race_spec()


def shown_runs(race: Race, scene: Scene) -> list[bool]:
    """Which of the runs are on the stage."""
    return [scene.shown(index) for index in range(min(len(race.runs), len(scene.racers)))]


def trails_of(race: Race, scene: Scene) -> list[Trail]:
    """A trail for each run."""
    pairs = zip(race.runs, scene.racers, shown_runs(race, scene), strict=False)
    return [Trail(run.path, racer.style, on) for run, racer, on in pairs]


def look_at(race: Race, viewport: Viewport) -> None:
    """Compute, in the worker, the lines of a race's paths; they are kept with the paths."""
    for run in race.runs:
        strokes(run.path, viewport)


def same_paths(a: Race, b: Race) -> bool:
    """Say whether the paths of two races lie in the same memory: then their lines are the same."""
    return len(a.runs) == len(b.runs) and all(
        one.path.shape == other.path.shape and one.path.ctypes.data == other.path.ctypes.data
        for one, other in zip(a.runs, b.runs, strict=True)
    )


def ghosts_of(race: Race | None, scene: Scene | None) -> list[Trail]:
    """The paths of a race that was; all of them, if its racers are no longer those of the scene."""
    runs = () if race is None else race.runs
    same = scene is not None and len(scene.racers) == len(runs)
    return [
        Trail(run.path, 0, not same or scene is None or scene.shown(index))
        for index, run in enumerate(runs)
    ]


def in_words(scene: Scene) -> str:
    """Say what the stage shows, for those who do not see it."""
    count = len(scene.shown_racers())
    racers = "1 racer" if count == 1 else f"{count} racers"
    x, y = (rounded(at, 4) for at in scene.start)
    return (
        f"Contour of {scene.surface.title}, {racers} from ({x}, {y}). "
        "Arrow keys move the start; with Shift, finely."
    )


def heads_of(race: Race, scene: Scene) -> list[Head]:
    """A head for each run."""
    return [
        Head(
            run.path,
            racer.style,
            racer.name,
            on,
            math.inf if run.diverged_step is None else float(run.diverged_step),
            run.lookahead,
        )
        for run, racer, on in zip(race.runs, scene.racers, shown_runs(race, scene), strict=False)
    ]
