"""Whose schedule is drawn, and over which epochs: the scene as the schedule's panel sees it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from optiviz.engine import SCHEDULES
from optiviz.engine.schedules import Constant

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from optiviz.engine import Race, Schedule
    from optiviz.scene import Scene

#: A curve that fills half of a large window has a point every other pixel, and its corners.
_POINTS = 401


@dataclass(frozen=True)
class Course:
    """One racer's ε over the epochs of a race."""

    schedule: Schedule
    lr: float
    epochs: float
    racer_style: int = 0

    def curve(self) -> tuple[np.ndarray, np.ndarray]:
        """Give epochs and rates to draw, (n,) each."""
        epochs, factors = _curve(self.schedule, self.epochs)
        return epochs, self.lr * factors

    def same_line(self, other: Course) -> bool:
        """Say whether both are drawn as one line, whosever they are."""
        mine = (self.schedule, self.lr, self.epochs)
        return mine == (other.schedule, other.lr, other.epochs)


def epochs_of(scene: Scene) -> float:
    """Give how many epochs the scene's race has; less than one, if it is that short."""
    return scene.steps / scene.epoch_steps


def course_of(scene: Scene, index: int) -> Course:
    """Give a racer's ε over the race."""
    racer = scene.racers[index]
    return Course(racer.schedule, racer.optimizer.lr, epochs_of(scene), racer.style)


def is_plain(scene: Scene) -> bool:
    """Say whether every racer keeps its ε, so that there is nothing to be seen of a schedule."""
    return all(racer.schedule == Constant() for racer in scene.racers)


def chosen_racer(scene: Scene, racer_style: int | None, suggested: int | None = None) -> int | None:
    """Find the racer whose curve has the handles; ``None`` where there are no racers.

    It is the one that was chosen by its style; or else the one that was suggested by its style, if
    it is on the stage; or else the first one there.
    """
    for index, racer in enumerate(scene.racers):
        if racer.style == racer_style:
            return index
    on_stage = scene.shown_racers() or tuple(range(len(scene.racers)))
    found = [index for index in on_stage if scene.racers[index].style == suggested]
    return next(iter([*found, *on_stage]), None)


def courses_of(scene: Scene, chosen: int | None) -> list[Course]:
    """List what is to be drawn: the racers' on the stage, equal ones once, the chosen one last."""
    if chosen is None:
        return []
    first = course_of(scene, chosen)
    found = [first]
    for index in scene.shown_racers():
        course = course_of(scene, index)
        if not any(course.same_line(other) for other in found):
            found.append(course)
    return [*reversed(found[1:]), first]


def ghosts_of(race: Race | None, courses: list[Course]) -> list[Course]:
    """List what the curves of a race that was looked like, as far as they are others now."""
    if race is None:
        return []
    epochs = race.spec.steps / race.spec.steps_per_epoch
    found: list[Course] = []
    for run in race.runs:
        before = Course(run.entrant.schedule, run.entrant.optimizer.lr, epochs)
        if not any(before.same_line(other) for other in (*courses, *found)):
            found.append(before)
    return found


def compared(courses: Sequence[Course], keys: frozenset[str]) -> list[tuple[str, Course]]:
    """List other schedules at the last one's ε, epochs and warmup, each with its title.

    What is a racer's own line already is not among them.
    """
    last = courses[-1]
    others = [
        (kind.title, Course(kind(warmup=last.schedule.warmup), last.lr, last.epochs))
        for key, kind in SCHEDULES.items()
        if key in keys
    ]
    return [each for each in others if not any(each[1].same_line(course) for course in courses)]


@lru_cache(maxsize=64)
def _curve(schedule: Schedule, epochs: float) -> tuple[np.ndarray, np.ndarray]:
    return schedule.curve(epochs, _POINTS)
