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


def has_new_paths(before: Race | None, race: Race) -> bool:
    """Say whether a race's paths are to be drawn anew: not where they were its sketch's.

    They then lie in the same memory, so that their lines are known.
    """
    if before is None or not before.is_sketch or len(before.runs) != len(race.runs):
        return True
    return any(
        one.path.shape != other.path.shape or one.path.ctypes.data != other.path.ctypes.data
        for one, other in zip(before.runs, race.runs, strict=True)
    )


def ghosts_of(race: Race | None, scene: Scene | None) -> list[Trail]:
    """The paths of a race that was; all of them, if its racers are no longer those of the scene."""
    runs = () if race is None else race.runs
    same = scene is not None and len(scene.racers) == len(runs)
    return [
        Trail(run.path, 0, not same or scene is None or scene.shown(index))
        for index, run in enumerate(runs)
    ]


def in_words(scene: Scene, picture: str, keys: str) -> str:
    """Say what a stage shows, for those who do not see it.

    Args:
        scene: what is shown.
        picture: what of its surface, as the begin of a sentence.
        keys: what the keys do there, as a sentence.
    """
    count = len(scene.shown_racers())
    racers = "1 racer" if count == 1 else f"{count} racers"
    x, y = (rounded(at, 4) for at in scene.start)
    return f"{picture}, {racers} from ({x}, {y}). {keys}"


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
