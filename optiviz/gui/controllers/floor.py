"""The noise floor: what each racer circles at in the end, and what theory says of it.

Where theory holds, its floor is drawn: a ring on the stage, and a line among the losses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optiviz.engine.floor import measured, nearest_minimum, theory
from optiviz.engine.gradients import FullGradient
from optiviz.gui.compute.ask import Ask
from optiviz.gui.controllers.companion import Companion
from optiviz.gui.stage.floor_rings import FloorRing
from optiviz.gui.views.chance import ChanceView, FloorReading
from optiviz.gui.views.curves import CurvesView

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Race
    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Scene


def _floor_job(
    race: Race, _cancelled: Callable[[], bool], _report: Any
) -> list[FloorReading | None]:
    found: list[FloorReading | None] = []
    spec = race.spec
    for run in race.runs:
        minimum = nearest_minimum(spec.surface, run)
        if minimum is None:
            found.append(None)
            continue
        floor = theory(run.entrant, spec.surface)
        reached = floor.is_reached(spec.start, minimum, spec.steps)
        found.append(FloorReading(measured(run, minimum), floor, reached, minimum))
    return found


class FloorController(Companion):
    """Keeps the noise floors up to the race, where chance plays a part in it."""

    def __init__(self, window: MainWindow, store: SceneStore, compute: LatestWins) -> None:
        super().__init__(window, store)
        self._found: list[FloorReading | None] = []
        self._ask: Ask[Race, list[FloorReading | None]] = Ask(
            compute,
            "noise floor",
            _floor_job,
            arrived=self.on_found,
            # While a hand drags, the floors of a moment ago are worth showing.
            fits=_same_field,
            key=lambda _: "floor",
        )

    def show_race(self, race: Race) -> None:
        """Measure the runs of a new race."""
        gradients = (run.entrant.gradient for run in race.runs)
        if any(not isinstance(gradient, FullGradient) for gradient in gradients):
            self._ask.want(race)
        else:
            self._ask.stop()
            self._found = []
            self._draw()

    def show_scene(self, old: Scene, new: Scene) -> None:
        """Draw the floors of those who are on the stage now."""
        if old.surface.key != new.surface.key or len(old.racers) != len(new.racers):
            self._found = []  # they were found of others
        self._draw()

    def on_found(self, race: Race, found: list[FloorReading | None]) -> None:
        """Tell the floors, and draw those that theory knows."""
        self._found = found
        self._window.view(ChanceView).show_found(race, found)
        self._draw()

    def _draw(self) -> None:
        scene = self._store.scene
        rings: list[FloorRing] = []
        losses: list[tuple[int, float]] = []
        for index, reading in enumerate(self._found):
            known = reading is not None and index < len(scene.racers) and scene.shown(index)
            if not known or reading is None or reading.minimum is None:
                continue
            style, floor = scene.racers[index].style, reading.floor
            if floor.rms is not None and floor.loss is not None:
                rings.append(FloorRing(*reading.minimum, floor.rms, style))
                losses.append((style, floor.loss))
        self._window.stages.show_floors(tuple(rings))
        self._window.view(CurvesView).show_floors(tuple(losses))


def _same_field(answered: Race, wanted: Race) -> bool:
    """Say whether both are races of as many on a surface of the same kind."""
    same = answered.spec.surface.key == wanted.spec.surface.key
    return same and len(answered.runs) == len(wanted.runs)
