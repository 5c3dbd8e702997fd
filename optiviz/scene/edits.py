"""Edits of the Scene: pure functions ``Scene -> Scene``. What one is not given, it keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from optiviz.engine import (
    GRADIENTS,
    OPTIMIZERS,
    SCHEDULES,
    SURFACES,
    Gradient,
    PartError,
    Schedule,
    typical_gradient,
)
from optiviz.scene.model import MAX_NAME, MAX_RACERS, Racer, Scene, first_race, tuned_optimizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from optiviz.engine import Clip, Surface
    from optiviz.scene.model import Camera, Viewpoint


def choose_surface(scene: Scene, key: str) -> Scene:
    """Change the surface; its start, its length of race and its tuned knobs come with it.

    So does the size of painted noise and of synthetic examples' tilts, which is the surface's.
    """
    surface = SURFACES[key]()
    racers = tuple(_tuned(racer, surface) for racer in scene.racers)
    racers = tuple(replace(each, gradient=_suited(each.gradient, surface)) for each in racers)
    moved = replace(scene, surface=surface, start=surface.start, racers=racers)
    moved = reset_view(moved)
    return link_lr(first_race(moved), moved.link_lr)


def _tuned(racer: Racer, surface: Surface) -> Racer:
    for name, value in surface.tuned.get(racer.optimizer.key, {}).items():
        racer = _with_knob(racer, name, value)
    return racer


def set_surface_knob(scene: Scene, name: str, value: object) -> Scene:
    """Change one knob of the surface."""
    return replace(scene, surface=scene.surface.with_knob(name, value))


def move_start(scene: Scene, x: float, y: float) -> Scene:
    """Put the start somewhere else."""
    return replace(scene, start=(x, y))


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


def reset_view(scene: Scene) -> Scene:
    """Show all of the surface, in every view."""
    return replace(scene, camera=None, viewpoint=None)


def set_racer_knob(scene: Scene, index: int, name: str, value: object) -> Scene:
    """Change one knob of a racer; a linked ε changes everybody's."""
    if name == "lr" and scene.link_lr:
        racers = tuple(_with_knob(racer, name, value) for racer in scene.racers)
        return replace(scene, racers=racers)
    return _change(scene, index, optimizer=scene.racers[index].optimizer.with_knob(name, value))


def set_rates(scene: Scene, rates: tuple[float | None, ...]) -> Scene:
    """Give each racer an ε of its own, where there is one; they are linked no more."""
    racers = tuple(
        racer if rate is None else _with_knob(racer, "lr", rate)
        for racer, rate in zip(scene.racers, rates, strict=True)
    )
    return replace(scene, racers=racers, link_lr=False)


def set_clip(scene: Scene, index: int, clip: Clip | None) -> Scene:
    """Limit the gradient that a racer is told, or do not."""
    return _change(scene, index, clip=clip)


def choose_gradient(scene: Scene, key: str, index: int | None = None) -> Scene:
    """Change how a racer is told its gradient, or how all are; its noise suits the surface."""
    gradient = suited_gradient(scene.surface, key)
    return _set_gradients(scene, index, lambda _: gradient)


def suited_gradient(surface: Surface, key: str) -> Gradient:
    """Give a gradient with the size of noise that suits a surface."""
    return _suited(GRADIENTS[key](), surface)


def set_gradient_knob(scene: Scene, name: str, value: object, index: int | None = None) -> Scene:
    """Change one knob of a racer's gradient, or of every gradient that has it."""

    def changed(gradient: Gradient) -> Gradient:
        return gradient.with_knob(name, value) if name in gradient.settings() else gradient

    return _set_gradients(scene, index, changed)


def choose_schedule(scene: Scene, key: str, index: int | None = None) -> Scene:
    """Change how a racer's ε goes over the epochs, or how all do.

    A warmup stays, for all if it is everybody's, so that afterwards all have the same schedule.
    """
    whose = scene.racers if index is None else scene.racers[index : index + 1]
    warmups = {racer.schedule.warmup for racer in whose}
    chosen = SCHEDULES[key](warmup=warmups.pop() if len(warmups) == 1 else 0.0)
    return _set_schedules(scene, index, lambda _: chosen)


def set_schedule(scene: Scene, schedule: Schedule, index: int | None = None) -> Scene:
    """Give a racer a schedule, or give it to every racer."""
    return _set_schedules(scene, index, lambda _: schedule)


def set_schedule_knob(scene: Scene, name: str, value: object, index: int | None = None) -> Scene:
    """Change one knob of a racer's schedule, or of every schedule that has it."""

    def changed(schedule: Schedule) -> Schedule:
        return schedule.with_knob(name, value) if name in schedule.settings() else schedule

    return _set_schedules(scene, index, changed)


def set_steps_per_epoch(scene: Scene, steps: int) -> Scene:
    """Change how many steps make an epoch; it then no longer follows the data."""
    return replace(scene, steps_per_epoch=steps, epoch_follows_data=False)


def follow_data(scene: Scene, follows: bool) -> Scene:
    """Let an epoch be a pass over the data, or as many steps as is set."""
    return replace(scene, epoch_follows_data=follows)


def set_seed(scene: Scene, seed: int) -> Scene:
    """Draw other batches, and other noise."""
    return replace(scene, seed=seed)


def _set_gradients(
    scene: Scene, index: int | None, change: Callable[[Gradient], Gradient]
) -> Scene:
    chosen = range(len(scene.racers)) if index is None else (index,)
    for i in chosen:
        scene = _change(scene, i, gradient=change(scene.racers[i].gradient))
    return scene


def _set_schedules(
    scene: Scene, index: int | None, change: Callable[[Schedule], Schedule]
) -> Scene:
    chosen = range(len(scene.racers)) if index is None else (index,)
    for i in chosen:
        scene = _change(scene, i, schedule=change(scene.racers[i].schedule))
    return scene


def _suited(gradient: Gradient, surface: Surface) -> Gradient:
    for name in ("sigma", "spread"):
        if name in gradient.settings():
            gradient = gradient.with_knob(name, typical_gradient(surface))
    return gradient


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
    """Enter another racer, with the knobs that suit the surface and a style of its own.

    A gradient or a schedule that everybody has is its own as well, so that it races on equal terms.
    """
    optimizer = tuned_optimizer(scene.surface, key)
    if scene.link_lr and scene.racers:
        optimizer = replace(optimizer, lr=scene.racers[0].optimizer.lr)
    racer = Racer(optimizer, _free_name(scene, OPTIMIZERS[key].title), 0)
    gradients = {other.gradient for other in scene.racers}
    if len(gradients) == 1:
        racer = replace(racer, gradient=gradients.pop())
    schedules = {other.schedule for other in scene.racers}
    if len(schedules) == 1:
        racer = replace(racer, schedule=schedules.pop())
    return _enter(scene, racer)


def duplicate_racer(scene: Scene, index: int) -> Scene:
    """Enter a copy of a racer, to try one knob against itself."""
    racer = scene.racers[index]
    return _enter(scene, replace(racer, name=_free_name(scene, racer.name), enabled=True))


def race_schedules(scene: Scene, index: int, keys: Iterable[str]) -> Scene:
    """Enter a copy of a racer for each of these schedules, at its defaults and the racer's warmup.

    A copy that is in the race already is not entered again.

    Raises:
        PartError: all of them are there already, or there is no room for all.
    """
    racer = scene.racers[index]
    there = {_without_name(other) for other in scene.racers if other.enabled}
    copies: list[Racer] = []
    for key in keys:
        schedule = SCHEDULES[key](warmup=racer.schedule.warmup)
        copy = replace(racer, schedule=schedule, enabled=True)
        if _without_name(copy) not in there:
            copies.append(replace(copy, name=_name_of_copy(racer.name, schedule)))
    if not copies:
        raise PartError("racers", "these schedules are in the race already")
    room = MAX_RACERS - len(scene.racers)
    if len(copies) > room:
        clause = f"a race has at most {MAX_RACERS} racers: there is room for {room or 'none'}"
        clause += f"{' more' if room else ''}, and {len(copies)} schedules would enter; "
        raise PartError("racers", clause + "tick fewer, or remove racers first")
    for copy in copies:
        scene = _enter(scene, replace(copy, name=_free_name(scene, copy.name)))
    return scene


def _without_name(racer: Racer) -> Racer:
    """Give what a racer runs by, whatever its name and style are."""
    return replace(racer, name="-", style=0, enabled=True)


def _name_of_copy(name: str, schedule: Schedule) -> str:
    """Name a copy by its schedule, and by whose copy it is where there is room."""
    short = schedule.key.replace("_", " ")
    whole = f"{name}, {short}"
    return whole if len(whole) <= MAX_NAME else short


def remove_racer(scene: Scene, index: int) -> Scene:
    """Take a racer out of the race; its style is free again."""
    racers = scene.racers[:index] + scene.racers[index + 1 :]
    solo = scene.solo
    if solo is not None:
        solo = None if solo == index else solo - (solo > index)
    return replace(scene, racers=racers, solo=solo)


def _enter(scene: Scene, racer: Racer) -> Scene:
    taken = {other.style for other in scene.racers}
    free = [style for style in range(MAX_RACERS) if style not in taken]
    if not free:
        raise PartError("racers", f"a race has at most {MAX_RACERS} racers; remove one first")
    racers = (*scene.racers, replace(racer, style=free[0]))
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
