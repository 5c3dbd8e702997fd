"""The Scene: all that is on the stage, frozen. What leads from one to the next is in ``edits``."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from typing import Any

from optiviz.engine import (
    OPTIMIZERS,
    SURFACES,
    Clip,
    Entrant,
    Gradient,
    Optimizer,
    PartError,
    RaceSpec,
    Schedule,
    Surface,
    draws,
)
from optiviz.engine.gradients import FullGradient, MiniBatch
from optiviz.engine.schedules import Constant

MAX_RACERS = 8
MAX_NAME = 24
FIRST_RACERS = ("sgd", "momentum", "rmsprop", "adam")
FIRST_SURFACE = "quadratic"
#: Beyond this a camera's size and its middle could overflow.
_FARTHEST = 1e100
#: Control characters, line ends and halves of characters: they are in no name.
_UNWRITABLE = ("Cc", "Zl", "Zp", "Cs")
#: In a field's metadata: the name of the list in which it stands in a scene file.
LIST = "list"


def listed(name: str) -> Any:
    """Declare a field that stands in a list of a scene file, with the others of the same name."""
    return field(metadata={LIST: name})


@dataclass(frozen=True)
class Camera:
    """Which part of the plane the stage shows."""

    x0: float = listed("x")
    x1: float = listed("x")
    y0: float = listed("y")
    y1: float = listed("y")

    def __post_init__(self) -> None:
        sides = (self.x0, self.x1, self.y0, self.y1)
        near = all(abs(side) <= _FARTHEST for side in sides)  # which no NaN is
        if not (near and self.x0 < self.x1 and self.y0 < self.y1):
            raise PartError("camera", "the camera must show a part of the plane that has a size")


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
    x: float = listed("looks_at")
    y: float = listed("looks_at")
    z: float = listed("looks_at")

    def __post_init__(self) -> None:
        within = (
            abs(self.azimuth) <= 360.0
            and 0.0 <= self.elevation <= 90.0
            and 0.1 <= self.distance <= 20.0
            and all(abs(at) <= 1.0 for at in (self.x, self.y))
            and -1.0 <= self.z <= 2.5  # five times as high as it is, the surface has its top there
        )
        if not within:  # which no NaN is
            raise PartError("viewpoint", "the viewpoint must be near the surface, and above it")


@dataclass(frozen=True)
class Racer:
    """One racer: what it runs by, its name, and the style (0 … 7) it keeps until it is removed."""

    optimizer: Optimizer
    name: str
    style: int
    enabled: bool = True
    schedule: Schedule = Constant()
    gradient: Gradient = FullGradient()
    clip: Clip | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self.name.strip()) <= MAX_NAME:
            raise PartError("name", f"a racer's name must have 1 to {MAX_NAME} letters")
        if any(unicodedata.category(letter) in _UNWRITABLE for letter in self.name):
            raise PartError("name", "a racer's name must be one line of text")
        if not 0 <= self.style < MAX_RACERS:
            raise PartError("style", f"a racer's style must be from 0 to {MAX_RACERS - 1}")


@dataclass(frozen=True)
class Scene:
    """All that is on the stage.

    Attributes:
        surface, start, steps, steps_per_epoch, seed, target: as in ``RaceSpec``.
        racers: up to eight, each with a style of its own.
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
            raise PartError("racers", f"a race has at most {MAX_RACERS} racers")
        if len({racer.style for racer in self.racers}) < len(self.racers):
            raise PartError("racers", "two racers have the same style; each needs its own")
        if self.solo is not None and not 0 <= self.solo < len(self.racers):
            raise PartError("solo", f"there is no racer {self.solo} to be shown alone")
        object.__setattr__(self, "start", self.race_spec().start)

    def race_spec(self) -> RaceSpec:
        """Say what is to be run: every racer, shown or not, so that ``runs[i]`` is racer i's."""
        return self._race_spec

    @cached_property
    def _race_spec(self) -> RaceSpec:
        # Made once: several ask for it whenever a hand moves.
        return RaceSpec(
            surface=self.surface,
            start=self.start,
            steps=self.steps,
            entrants=tuple(
                Entrant(racer.optimizer, racer.schedule, racer.gradient, racer.clip)
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
                if isinstance(racer.gradient, MiniBatch):
                    count = racer.gradient.examples_of(len(self.surface.examples))
                    return draws.epoch_steps(count, racer.gradient.batch_size)
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
        Racer(tuned_optimizer(surface, key), OPTIMIZERS[key].title, style)
        for style, key in enumerate(FIRST_RACERS)
    )
    return first_race(Scene(surface, surface.start, racers))


@lru_cache(maxsize=256)
def tuned_optimizer(surface: Surface, key: str) -> Optimizer:
    """Give an optimizer with the knobs that suit a surface, or its own defaults."""
    return OPTIMIZERS[key](**surface.tuned.get(key, {}))  # type: ignore[arg-type]


def first_race(scene: Scene) -> Scene:
    """Give the race the length, the epochs and the finish that suit its surface."""
    surface = scene.surface
    epoch = max(1, surface.steps // 100)
    return replace(scene, steps=surface.steps, steps_per_epoch=epoch, target=surface.target)


def moved_only(before: Scene | None, scene: Scene) -> bool:
    """Say whether nothing but the start differs, as under a dragging hand."""
    names = (field.name for field in fields(Scene) if field.name != "start")
    return before is not None and all(
        getattr(before, name) == getattr(scene, name) for name in names
    )


def common_schedule(scene: Scene) -> Schedule | None:
    """Give the schedule that all racers have alike, or ``None`` where they differ."""
    schedules = {racer.schedule for racer in scene.racers}
    return schedules.pop() if len(schedules) == 1 else None


def common_gradient(scene: Scene) -> Gradient | None:
    """Give the gradient that all racers are told alike, or ``None`` where they differ."""
    gradients = {racer.gradient for racer in scene.racers}
    return gradients.pop() if len(gradients) == 1 else None


def has_chance(scene: Scene) -> bool:
    """Say whether the seed plays a part in the race."""
    return any(not isinstance(racer.gradient, FullGradient) for racer in scene.racers)
