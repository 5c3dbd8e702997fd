"""The scene: all that is on the stage, its edits, and its file."""

from optiviz.scene.model import (
    FIRST_RACERS,
    FIRST_SURFACE,
    MAX_NAME,
    MAX_RACERS,
    Camera,
    Racer,
    Scene,
    Viewpoint,
    common_gradient,
    common_schedule,
    first_race,
    first_scene,
    has_chance,
    moved_only,
    tuned_optimizer,
)

__all__ = [
    "FIRST_RACERS",
    "FIRST_SURFACE",
    "MAX_NAME",
    "MAX_RACERS",
    "Camera",
    "Racer",
    "Scene",
    "Viewpoint",
    "common_gradient",
    "common_schedule",
    "first_race",
    "first_scene",
    "has_chance",
    "moved_only",
    "tuned_optimizer",
]
