"""What the stage tells in words: the pointer's readout, the settings, why a racer is gone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine import Curvature, Knob, KnobValue, Part, Race, Run, Surface, curvature
from optiviz.engine.datasets import find
from optiviz.engine.digits import near, rounded
from optiviz.engine.gradients import FullGradient, MiniBatch
from optiviz.engine.schedules import Constant
from optiviz.engine.surfaces.data import Line
from optiviz.engine.words import no_bound
from optiviz.gui.words.numbers import (
    NOTHING,
    format_coordinate,
    format_knob,
    format_loss,
    is_zero,
)
from optiviz.scene import has_chance, tuned_optimizer

if TYPE_CHECKING:
    from optiviz.engine import Bound, Gradient, Standing
    from optiviz.scene import Racer, Scene

#: What a gradient gives to a formula because it has no examples of its own.
SYNTHETIC = frozenset({"examples", "spread"})
_MANY_EPOCHS = 10_000
#: The rule of places; ``docs/outcomes.md`` has it in full.
PLACES = (
    "The place at the playhead. Filled: below the finish, in the order of the first steps below "
    "it; under chance, in a running mean. Outlined: still on its way, by the loss. "
    "= is a tie."
)


def readout(
    surface: Surface, x: float, y: float, pixel: float = 1e-2, name: str = ""
) -> tuple[str, ...]:
    """Tell of a point: place, loss, gradient and curvatures; of a line, in the data's own units.

    Its coordinates are told as finely as ``pixel``, the size of one, lets anybody point;
    ``name`` is the racer's that is there.
    """
    with np.errstate(all="ignore"):
        loss = float(surface.value(x, y))
        here = curvature(surface, x, y)
    digits = max(3, decimals(pixel))
    place = f"({format_coordinate(x, digits)}, {format_coordinate(y, digits)})"
    who = f"{name} at " if name else ""
    line = own_line(surface, x, y)
    return (f"{who}{place}, loss {format_loss(loss)}", _gradients(here), *filter(None, (line,)))


def own_line(surface: Surface, x: float, y: float) -> str:
    """Tell the line of a place in the data's own units; nothing where there is no line.

    As in ``weight = 0.9 kg/cm · height − 85 kg``.
    """
    if not isinstance(surface, Line):
        return ""
    slope, intercept = surface.in_own_units(x, y)
    if not (math.isfinite(slope) and math.isfinite(intercept)):
        return ""
    data = find(surface.data)
    of_x, of_y = (data.column(name).unit for name in (surface.feature, surface.output))
    per = f" {of_y or '1'}/{of_x}" if of_x else f" {of_y}" if of_y else ""
    after = f" {of_y}" if of_y else ""
    sign = "\N{MINUS SIGN}" if intercept < 0 else "+"
    return (
        f"{surface.output} = {rounded(slope, 4)}{per} · {surface.feature} "
        f"{sign} {rounded(abs(intercept), 4)}{after}"
    )


def _gradients(here: Curvature) -> str:
    if not all(map(math.isfinite, (here.gradient_norm, here.low, here.high))):
        return f"gradient norm {NOTHING}"
    condition = f"; κ = {rounded(here.condition)}" if here.condition is not None else ""
    low, high = map(rounded, (here.low, here.high))
    kind = f"; {here.kind}" if here.kind != "regular" else ""
    size = rounded(here.gradient_norm, 4)
    return f"gradient norm {size}; curvatures {low} and {high}{condition}{kind}"


def bound(lr: float, limit: Bound | None) -> str:
    """Tell of a racer's ε and of its bound on the local quadratic; ``None``: not known yet."""
    used = f"ε {rounded(lr)}"
    if limit is None:
        return used
    if limit.why is not None:
        return f"{used}; no bound: {no_bound(limit.why)}"
    relation = "above" if lr > limit.lr else "within"
    return f"{used}, {relation} the local bound {rounded(limit.lr)}"


def finish(surface: Surface, target: float) -> str:
    """Say the loss at which a racer has finished: ``loss ≤ -78.3313 (0.001 above the least)``.

    Where the least loss is 0 that is the target itself: ``loss ≤ 0.001``.
    """
    least = surface.least
    if is_zero(least):
        return f"loss ≤ {format_knob(target)}"
    above = f"{format_knob(target)} above the least" if target else "the least"
    return f"loss ≤ {near(least + target, target)} ({above})"


def settings(scene: Scene, race: Race, step: int) -> tuple[str, ...]:
    """Print every setting that decides a race, and where it stands at a step.

    One line tells of the race, and one of each racer. The seed is told where chance plays a part.
    """
    knobs = _knobs(scene.surface)
    x, y = map(format_knob, scene.start)
    first = f"{scene.surface.title}{', ' + knobs if knobs else ''}; start ({x}, {y})"
    standings = race.standings(step, scene.shown_racers())
    seed = f"; seed {scene.seed}" if has_chance(scene) else ""
    scheduled = any(scene.racers[i].schedule != Constant() for i in scene.shown_racers())
    noisy = [race.runs[i].finish.epoch > 1 for i in scene.shown_racers()]
    epoch = f"; {scene.epoch_steps} steps per epoch" if scheduled or any(noisy) else ""
    # Of the race: its surface's least loss is known by now.
    told = finish(race.spec.surface, race.spec.target)
    mean = ""
    if any(noisy):
        mean = f"{'' if all(noisy) else ', under chance'} in a running mean"
    lines = [
        f"{first}; step {step} of {scene.steps}{epoch}{seed}; finish at {told}"
        f"; places by the first step below it{mean}, then by loss"
    ]
    for i in scene.shown_racers():
        told = _racer(scene.racers[i], scene.surface, race.runs[i], step)
        lines.append(f"{_place(standings[i])} {told}")
    return tuple(lines)


def _place(standing: Standing | None) -> str:
    if standing is None:
        return NOTHING
    return f"{'=' if standing.tied else ''}{standing.place}."


def _racer(racer: Racer, surface: Surface, run: Run, step: int) -> str:
    knobs = "; ".join((_knobs(racer.optimizer), *notes(racer, surface)))
    rule = racer.optimizer.title
    rule = "" if racer.name == rule else f" ({rule})"
    loss = format_loss(float(run.loss[step]))
    seen = run.epochs_of_data(step)
    told = f"{epoch(seen)}; " if seen is not None else ""
    outcome = "; ".join(run.outcome_at(step).clauses)
    return f"{racer.name}{rule}: {knobs}; {told}loss {loss}; {outcome}"


def epoch(seen: float) -> str:
    """Say how many times over the examples have been looked at: ``4.3 passes over data``."""
    if round(seen, 1) < 1000.0:
        return f"{seen:.1f} passes over data"
    number = f"{seen:.0f}" if round(seen) < _MANY_EPOCHS else format_loss(seen, 2)
    return f"{number} passes over data"


def batches(gradient: Gradient, surface: Surface) -> str:
    """Say what a batch is, in a sentence; empty where there are none."""
    if not isinstance(gradient, MiniBatch):
        return ""
    count, size = gradient.examples_of(len(surface.examples)), gradient.batch_size
    if gradient.replacement:
        draws = "1 draw" if size == 1 else f"{size} independent draws"
        return f"Each batch is {draws} from {count} examples."
    if size >= count:
        there = f"The data has {count}" if surface.has_examples else f"There are {count}"
        return f"{there} examples: every batch is all of them."
    return f"Each batch is {size} of {count} examples; a pass shows each of them once."


def notes(racer: Racer, surface: Surface, *, short: bool = False) -> tuple[str, ...]:
    """Tell of a clip, a schedule or a gradient that is not the plain one.

    ``short`` leaves out what is minor.
    """
    found = []
    idle = SYNTHETIC if surface.has_examples else frozenset()
    if racer.clip is not None:
        found.append(f"clip {racer.clip.kind} {format_knob(racer.clip.limit)}")
    for part, plain in ((racer.schedule, Constant()), (racer.gradient, FullGradient())):
        if part != plain:
            knobs = _knobs(part, idle, short=short)
            found.append(f"{part.title}{' ' + knobs if knobs else ''}")
    return tuple(found)


def _knobs(part: Part, idle: frozenset[str] = frozenset(), *, short: bool = False) -> str:
    """Write every knob but those that are off or ``idle``; ``short`` leaves out the minor ones."""
    told = []
    for spec in part.knobs():
        value = getattr(part, spec.name)
        if spec.name in idle or _is_off(spec, value) or (short and spec.minor):
            continue
        if isinstance(value, bool):
            told.append(spec.symbol if value else f"{spec.symbol} off")
        else:
            unit = ("" if short else f" {spec.unit}") if spec.unit.isalpha() else spec.unit
            name = spec.label if spec.name == "warmup" else spec.symbol
            told.append(f"{name} {_value(spec, value)}{unit}")
    return ", ".join(told)


def _is_off(spec: Knob, value: KnobValue) -> bool:
    """Say whether a knob takes no part: no weight decay, no warmup, the usual form."""
    if spec.name == "warmup":
        return value == 0.0
    return spec.minor and value == spec.default and (spec.kind != "number" or value == 0.0)


def untuned(scene: Scene, *, again: bool = False) -> list[str]:
    """List what is no longer as it was when the racers' ε were found.

    ``again``: they were tuned for this very race, with full gradients and nothing else.
    """
    surface = scene.surface
    if again:
        return [racer.name for racer in scene.racers if not _is_plain(racer, surface)]
    return [
        *(("the start",) if scene.start != surface.start else ()),
        *(spec.symbol for spec in surface.knobs() if _value_of(surface, spec) != spec.default),
        *(("the finish",) if scene.target != surface.target else ()),
        *(racer.name for racer in scene.racers if _is_untuned(racer, surface)),
    ]


def tuning(scene: Scene, *, again: bool = False) -> str:
    """Say how the racers' ε were found, and what has been changed since; see :func:`untuned`."""
    changed = untuned(scene, again=again)
    if not changed:
        return (
            "ε tuned for this start: of 1, 2, 5 × 10ⁿ, the one with the fewest steps to the finish."
        )
    told = ", ".join(changed[:3]) + (" …" if len(changed) > 3 else "")
    return f"ε was tuned for the fewest steps to the finish; since then changed: {told}."


def _value_of(part: Part, spec: Knob) -> KnobValue:
    return part.settings()[spec.name]


def _is_untuned(racer: Racer, surface: Surface) -> bool:
    key = racer.optimizer.key
    moved = racer.optimizer != tuned_optimizer(surface, key)
    return key in surface.tuned and (moved or not _is_plain(racer, surface))


def _is_plain(racer: Racer, surface: Surface) -> bool:
    return racer.clip is None and not notes(racer, surface)


def _value(spec: Knob, value: float | str) -> str:
    if not isinstance(value, str):
        return format_knob(value)
    # A data set's name ends with digits that tell it from others; people know it by its title.
    return find(value).title if spec.name == "data" else value


def neat(value: float, pixel: float) -> float:
    """Round a coordinate to a tenth of what a pixel shows, so that it can be read and typed."""
    return round(value, decimals(pixel))


def decimals(pixel: float) -> int:
    """Say how many decimals tell two neighbouring pixels well apart."""
    return min(max(math.ceil(1.0 - math.log10(pixel)), 0), 12) if pixel > 0.0 else 3
