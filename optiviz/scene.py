"""The Scene: all that is on the stage, frozen, and the edits that lead from one to the next.

An edit is a pure function ``Scene -> Scene``. What an edit is not given, it keeps.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from optiviz.engine import (
    OPTIMIZERS,
    SCHEDULES,
    SLOPES,
    SURFACES,
    Clip,
    Entrant,
    Optimizer,
    PartError,
    RaceSpec,
    Schedule,
    Slope,
    Surface,
    draws,
    typical_slope,
)
from optiviz.engine.schedules import Constant
from optiviz.engine.slopes import Exact, MiniBatch

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_RACERS = 8
MAX_NAME = 24
FIRST_RACERS = ("sgd", "momentum", "rmsprop", "adam")
FIRST_SURFACE = "beale"
#: Beyond this a camera's size and its middle could overflow.
_FARTHEST = 1e100
#: Control characters, line ends and halves of characters: they are in no name.
_UNWRITABLE = ("Cc", "Zl", "Zp", "Cs")


@dataclass(frozen=True)
class Camera:
    """Which part of the plane the stage shows."""

    x0: float
    x1: float
    y0: float
    y1: float

    def __post_init__(self) -> None:
        sides = (self.x0, self.x1, self.y0, self.y1)
        near = all(abs(side) <= _FARTHEST for side in sides)  # which no NaN is
        if not (near and self.x0 < self.x1 and self.y0 < self.y1):
            raise PartError("camera", "The camera must show a part of the plane that has a size.")


@dataclass(frozen=True)
class Viewpoint:
    """From where the 3D view looks at the surface, whose longer side is one unit.

    Attributes:
        azimuth, elevation: degrees; at −90 and 90 it looks straight down, with x to the right.
        distance: from what it looks at, in units.
        x, y, z: what it looks at, in units from the middle of the surface's foot.
    """

    azimuth: float
    elevation: float
    distance: float
    x: float
    y: float
    z: float

    def __post_init__(self) -> None:
        within = (
            abs(self.azimuth) <= 360.0
            and 0.0 <= self.elevation <= 90.0
            and 0.1 <= self.distance <= 10.0
            and all(abs(at) <= 1.0 for at in (self.x, self.y, self.z))
        )
        if not within:  # which no NaN is
            raise PartError("viewpoint", "The viewpoint must be near the surface, and above it.")


@dataclass(frozen=True)
class Racer:
    """One racer: what it runs by, its name, and the look (0 … 7) it keeps until it is removed."""

    optimizer: Optimizer
    name: str
    look: int
    enabled: bool = True
    schedule: Schedule = Constant()
    slope: Slope = Exact()
    clip: Clip | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self.name.strip()) <= MAX_NAME:
            raise PartError("name", f"A racer's name must have 1 to {MAX_NAME} letters.")
        if any(unicodedata.category(letter) in _UNWRITABLE for letter in self.name):
            raise PartError("name", "A racer's name must be one line of text.")
        if not 0 <= self.look < MAX_RACERS:
            raise PartError("look", f"A racer's look must be from 0 to {MAX_RACERS - 1}.")


@dataclass(frozen=True)
class Scene:
    """All that is on the stage.

    Attributes:
        surface, start, steps, steps_per_epoch, seed, target: as in ``RaceSpec``.
        racers: up to eight, each with a look of its own.
        epoch_follows_data: whether an epoch is as long as the first racer with mini-batches takes
            to look at every example once, in place of ``steps_per_epoch``.
        link_lr: whether a change of one racer's ε is every racer's.
        solo: the index of the only racer to be shown, or ``None``.
        camera: what the stage shows; ``None`` is the surface's own window.
        viewpoint: from where the 3D view looks; ``None`` is from where the whole surface is seen.

    Raises:
        PartError: a value is outside its range.
    """

    surface: Surface
    start: tuple[float, float]
    racers: tuple[Racer, ...]
    steps: int = 300
    steps_per_epoch: int = 3
    seed: int = 0
    target: float = 1e-3
    epoch_follows_data: bool = False
    link_lr: bool = False
    solo: int | None = None
    camera: Camera | None = None
    viewpoint: Viewpoint | None = None

    def __post_init__(self) -> None:
        if len(self.racers) > MAX_RACERS:
            raise PartError("racers", f"A race has at most {MAX_RACERS} racers.")
        if len({racer.look for racer in self.racers}) < len(self.racers):
            raise PartError("racers", "Two racers have the same look; each needs its own.")
        if self.solo is not None and not 0 <= self.solo < len(self.racers):
            raise PartError("solo", f"There is no racer {self.solo} to be shown alone.")
        object.__setattr__(self, "start", self.race_spec().start)

    def race_spec(self) -> RaceSpec:
        """Say what is to be run: every racer, shown or not, so that ``runs[i]`` is racer i's."""
        return RaceSpec(
            surface=self.surface,
            start=self.start,
            steps=self.steps,
            entrants=tuple(
                Entrant(racer.optimizer, racer.schedule, racer.slope, racer.clip)
                for racer in self.racers
            ),
            steps_per_epoch=self.epoch_steps,
            seed=self.seed,
            target=self.target,
        )

    @property
    def epoch_steps(self) -> int:
        """How many steps an epoch of the race has, as the data say or as it is set."""
        if self.epoch_follows_data:
            for racer in self.racers:
                if isinstance(racer.slope, MiniBatch):
                    count = racer.slope.examples_of(len(self.surface.examples))
                    return draws.epoch_steps(count, racer.slope.batch_size)
        return self.steps_per_epoch

    def shown(self, index: int) -> bool:
        """Say whether a racer is on the stage: enabled, and not silenced by another's solo."""
        return self.racers[index].enabled and self.solo in (None, index)

    def shown_racers(self) -> tuple[int, ...]:
        """List the indices of the racers on the stage."""
        return tuple(i for i in range(len(self.racers)) if self.shown(i))


def first_scene(surface_key: str = FIRST_SURFACE) -> Scene:
    """Set up the first race on a surface: its four racers, tuned, from its own start."""
    surface = SURFACES[surface_key]()
    racers = tuple(
        Racer(tuned_optimizer(surface, key), OPTIMIZERS[key].title, look)
        for look, key in enumerate(FIRST_RACERS)
    )
    return _first_race(Scene(surface, surface.start, racers))


@lru_cache(maxsize=256)
def tuned_optimizer(surface: Surface, key: str) -> Optimizer:
    """Give an optimizer with the knobs that suit a surface, or its own defaults."""
    return OPTIMIZERS[key](**surface.tuned.get(key, {}))  # type: ignore[arg-type]


def choose_surface(scene: Scene, key: str) -> Scene:
    """Change the surface; its start, its length of race and its tuned knobs come with it.

    So does the size of painted noise and of synthetic examples' tilts, which is the surface's.
    """
    surface = SURFACES[key]()
    racers = tuple(_tuned(racer, surface) for racer in scene.racers)
    racers = tuple(replace(each, slope=_suited(each.slope, surface)) for each in racers)
    moved = replace(scene, surface=surface, start=surface.start, racers=racers)
    moved = look_home(moved)
    return link_lr(_first_race(moved), moved.link_lr)


def _tuned(racer: Racer, surface: Surface) -> Racer:
    for name, value in surface.tuned.get(racer.optimizer.key, {}).items():
        racer = _with_knob(racer, name, value)
    return racer


def _first_race(scene: Scene) -> Scene:
    surface = scene.surface
    epoch = max(1, surface.steps // 100)
    return replace(scene, steps=surface.steps, steps_per_epoch=epoch, target=surface.target)


def set_surface_knob(scene: Scene, name: str, value: object) -> Scene:
    """Change one knob of the surface."""
    return replace(scene, surface=scene.surface.with_knob(name, value))


def move_start(scene: Scene, x: float, y: float) -> Scene:
    """Put the start somewhere else."""
    return replace(scene, start=(x, y))


def moved_only(before: Scene | None, scene: Scene) -> bool:
    """Say whether nothing but the start differs, as under a dragging hand."""
    names = (field.name for field in fields(Scene) if field.name != "start")
    return before is not None and all(
        getattr(before, name) == getattr(scene, name) for name in names
    )


def set_steps(scene: Scene, steps: int) -> Scene:
    """Change how many steps the race has."""
    return replace(scene, steps=steps)


def set_target(scene: Scene, target: float) -> Scene:
    """Change the loss, above the least, at which a racer has finished."""
    return replace(scene, target=target)


def set_camera(scene: Scene, camera: Camera | None) -> Scene:
    """Look at another part of the plane; ``None`` shows the surface's own window."""
    return replace(scene, camera=camera)


def set_viewpoint(scene: Scene, viewpoint: Viewpoint | None) -> Scene:
    """Look at the surface in 3D from elsewhere; ``None`` shows all of it."""
    return replace(scene, viewpoint=viewpoint)


def look_home(scene: Scene) -> Scene:
    """Show all of the surface, in every view."""
    return replace(scene, camera=None, viewpoint=None)


def set_racer_knob(scene: Scene, index: int, name: str, value: object) -> Scene:
    """Change one knob of a racer; a linked ε changes everybody's."""
    if name == "lr" and scene.link_lr:
        racers = tuple(_with_knob(racer, name, value) for racer in scene.racers)
        return replace(scene, racers=racers)
    return _change(scene, index, optimizer=scene.racers[index].optimizer.with_knob(name, value))


def set_clip(scene: Scene, index: int, clip: Clip | None) -> Scene:
    """Limit the slope that a racer is told, or do not."""
    return _change(scene, index, clip=clip)


def choose_slope(scene: Scene, key: str, index: int | None = None) -> Scene:
    """Change how a racer is told its slope, or how all are; its noise suits the surface."""
    slope = suited_slope(scene.surface, key)
    return _set_slopes(scene, index, lambda _: slope)


def suited_slope(surface: Surface, key: str) -> Slope:
    """Give a slope with the size of noise that suits a surface."""
    return _suited(SLOPES[key](), surface)


def set_slope_knob(scene: Scene, name: str, value: object, index: int | None = None) -> Scene:
    """Change one knob of a racer's slope, or of every slope that has it."""

    def changed(slope: Slope) -> Slope:
        return slope.with_knob(name, value) if name in slope.settings() else slope

    return _set_slopes(scene, index, changed)


def choose_schedule(scene: Scene, key: str, index: int | None = None) -> Scene:
    """Change how a racer's ε goes over the epochs, or how all do; a warmup stays."""

    def chosen(schedule: Schedule) -> Schedule:
        return SCHEDULES[key](warmup=schedule.warmup)

    return _set_schedules(scene, index, chosen)


def set_schedule(scene: Scene, schedule: Schedule, index: int | None = None) -> Scene:
    """Give a racer a schedule, or give it to every racer."""
    return _set_schedules(scene, index, lambda _: schedule)


def set_schedule_knob(scene: Scene, name: str, value: object, index: int | None = None) -> Scene:
    """Change one knob of a racer's schedule, or of every schedule that has it."""

    def changed(schedule: Schedule) -> Schedule:
        return schedule.with_knob(name, value) if name in schedule.settings() else schedule

    return _set_schedules(scene, index, changed)


def common_schedule(scene: Scene) -> Schedule | None:
    """Give the schedule that all racers have alike, or ``None`` where they differ."""
    schedules = {racer.schedule for racer in scene.racers}
    return schedules.pop() if len(schedules) == 1 else None


def set_steps_per_epoch(scene: Scene, steps: int) -> Scene:
    """Change how many steps make an epoch; it then no longer follows the data."""
    return replace(scene, steps_per_epoch=steps, epoch_follows_data=False)


def follow_data(scene: Scene, follows: bool) -> Scene:
    """Let an epoch be a pass over the data, or as many steps as is set."""
    return replace(scene, epoch_follows_data=follows)


def set_seed(scene: Scene, seed: int) -> Scene:
    """Draw other batches, and other noise."""
    return replace(scene, seed=seed)


def common_slope(scene: Scene) -> Slope | None:
    """Give the slope that all racers are told alike, or ``None`` where they differ."""
    slopes = {racer.slope for racer in scene.racers}
    return slopes.pop() if len(slopes) == 1 else None


def has_chance(scene: Scene) -> bool:
    """Say whether the seed plays a part in the race."""
    return any(not isinstance(racer.slope, Exact) for racer in scene.racers)


def _set_slopes(scene: Scene, index: int | None, change: Callable[[Slope], Slope]) -> Scene:
    chosen = range(len(scene.racers)) if index is None else (index,)
    for i in chosen:
        scene = _change(scene, i, slope=change(scene.racers[i].slope))
    return scene


def _set_schedules(
    scene: Scene, index: int | None, change: Callable[[Schedule], Schedule]
) -> Scene:
    chosen = range(len(scene.racers)) if index is None else (index,)
    for i in chosen:
        scene = _change(scene, i, schedule=change(scene.racers[i].schedule))
    return scene


def _suited(slope: Slope, surface: Surface) -> Slope:
    for name in ("sigma", "spread"):
        if name in slope.settings():
            slope = slope.with_knob(name, typical_slope(surface))
    return slope


def link_lr(scene: Scene, linked: bool) -> Scene:
    """Link every racer's ε, beginning with the first racer's, or let each have its own."""
    scene = replace(scene, link_lr=linked)
    if linked and scene.racers:
        return set_racer_knob(scene, 0, "lr", scene.racers[0].optimizer.lr)
    return scene


def set_enabled(scene: Scene, index: int, enabled: bool) -> Scene:
    """Take a racer off the stage, or put it back on; off, it cannot be the only one there."""
    if scene.solo == index and not enabled:
        scene = replace(scene, solo=None)
    return _change(scene, index, enabled=enabled)


def toggle_racer(scene: Scene, index: int) -> Scene:
    """Turn a racer on if it is off, and off if it is on; nothing where there is no such racer."""
    if index >= len(scene.racers):
        return scene
    return set_enabled(scene, index, not scene.racers[index].enabled)


def set_solo(scene: Scene, index: int, solo: bool) -> Scene:
    """Show one racer alone, which puts it on the stage, or everybody again."""
    if solo:
        scene = set_enabled(scene, index, True)
    return replace(scene, solo=index if solo else None)


def rename_racer(scene: Scene, index: int, name: str) -> Scene:
    """Give a racer another name."""
    return _change(scene, index, name=name.strip())


def add_racer(scene: Scene, key: str) -> Scene:
    """Enter another racer, with the knobs that suit the surface and a look of its own."""
    optimizer = tuned_optimizer(scene.surface, key)
    if scene.link_lr and scene.racers:
        optimizer = replace(optimizer, lr=scene.racers[0].optimizer.lr)
    name = _free_name(scene, OPTIMIZERS[key].title)
    return _enter(scene, Racer(optimizer, name, 0))


def duplicate_racer(scene: Scene, index: int) -> Scene:
    """Enter a copy of a racer, to try one knob against itself."""
    racer = scene.racers[index]
    return _enter(scene, replace(racer, name=_free_name(scene, racer.name), enabled=True))


def remove_racer(scene: Scene, index: int) -> Scene:
    """Take a racer out of the race; its look is free again."""
    racers = scene.racers[:index] + scene.racers[index + 1 :]
    solo = scene.solo
    if solo is not None:
        solo = None if solo == index else solo - (solo > index)
    return replace(scene, racers=racers, solo=solo)


def _enter(scene: Scene, racer: Racer) -> Scene:
    taken = {other.look for other in scene.racers}
    free = [look for look in range(MAX_RACERS) if look not in taken]
    if not free:
        raise PartError("racers", f"A race has at most {MAX_RACERS} racers; remove one first.")
    racers = (*scene.racers, replace(racer, look=free[0]))
    # Nobody is entered unseen.
    return replace(scene, racers=racers, solo=None)


def _free_name(scene: Scene, wanted: str) -> str:
    taken = {racer.name for racer in scene.racers}
    if wanted not in taken:
        return wanted
    stem = wanted[: MAX_NAME - 2].rstrip(" 0123456789") or wanted[: MAX_NAME - 2]
    number = next(n for n in range(2, MAX_RACERS + 2) if f"{stem} {n}" not in taken)
    return f"{stem} {number}"


def _with_knob(racer: Racer, name: str, value: object) -> Racer:
    return replace(racer, optimizer=racer.optimizer.with_knob(name, value))


def _change(scene: Scene, index: int, **changes: Any) -> Scene:
    racer = replace(scene.racers[index], **changes)
    return replace(scene, racers=(*scene.racers[:index], racer, *scene.racers[index + 1 :]))
