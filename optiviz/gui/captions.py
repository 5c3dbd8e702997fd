"""What the stage tells in words: the pointer's readout, the settings, why a racer is gone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine import Curvature, Knob, KnobValue, Race, Run, Surface, curvature
from optiviz.gui.numbers import NOTHING, format_coordinate, format_knob, format_loss

if TYPE_CHECKING:
    from optiviz.scene import Racer, Scene

_MINUS = "\N{MINUS SIGN}"


def readout(surface: Surface, x: float, y: float, name: str = "") -> tuple[str, ...]:
    """Tell of a point: place, loss, slope, curvatures; ``name`` is the racer's that is there."""
    with np.errstate(all="ignore"):
        loss = float(surface.value(x, y))
        here = curvature(surface, x, y)
    place = f"({format_coordinate(x)}, {format_coordinate(y)})"
    who = f"{name} at " if name else ""
    return (f"{who}{place}, loss {format_loss(loss)}", _slopes(here))


def _slopes(here: Curvature) -> str:
    if not all(map(math.isfinite, (here.slope, here.low, here.high))):
        return f"slope {NOTHING}"
    condition = f"; κ = {here.condition:.3g}" if here.condition is not None else ""
    low, high = (f"{value:.3g}".replace("-", _MINUS) for value in (here.low, here.high))
    return f"slope {here.slope:.4g}; curvatures {low} and {high}{condition}"


def settings(scene: Scene, race: Race, step: int) -> tuple[str, ...]:
    """Print every setting of a race and where it stands at a step, a line for each racer."""
    knobs = _knobs(scene.surface.settings(), scene.surface.knobs())
    x, y = map(format_knob, scene.start)
    first = f"{scene.surface.title}{', ' + knobs if knobs else ''}; start ({x}, {y})"
    places = race.places(step, scene.shown_racers())
    lines = [f"{first}; step {step} of {scene.steps}; finish at loss ≤ {format_knob(scene.target)}"]
    for i in scene.shown_racers():
        place = f"{places[i]}." if places[i] is not None else NOTHING
        lines.append(f"{place} {_racer(scene.racers[i], race.runs[i], step)}")
    return tuple(lines)


def _racer(racer: Racer, run: Run, step: int) -> str:
    knobs = _knobs(racer.optimizer.settings(), racer.optimizer.knobs())
    rule = racer.optimizer.title
    rule = "" if racer.name == rule else f" ({rule})"
    loss = format_loss(float(run.loss[step]))
    outcome = run.outcome.told_at(step).rstrip(".")
    return f"{racer.name}{rule}: {knobs}; loss {loss}; {outcome[0].lower()}{outcome[1:]}"


def _knobs(values: dict[str, KnobValue], specs: tuple[Knob, ...]) -> str:
    """Write the knobs that matter: all but the minor ones that stand at their default."""
    shown = (spec for spec in specs if not spec.minor or values[spec.name] != spec.default)
    return ", ".join(f"{spec.symbol} {_value(values[spec.name])}{spec.unit}" for spec in shown)


def _value(value: KnobValue) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value if isinstance(value, str) else format_knob(value)
