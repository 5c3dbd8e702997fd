"""The noise floor: what each racer circles at in the end, and what theory says of it."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from optiviz.engine.floor import measured, nearest_minimum, theory
from optiviz.engine.gradients import FullGradient
from optiviz.gui.compute.ask import Ask
from optiviz.gui.controllers.companion import Companion
from optiviz.gui.views.chance import ChanceView, FloorReading

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Race
    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.window.main_window import MainWindow


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
        found.append(FloorReading(measured(run, minimum), floor, reached))
    return found


class FloorController(Companion):
    """Keeps the noise floors up to the race, where chance plays a part in it."""

    def __init__(self, window: MainWindow, store: SceneStore, compute: LatestWins) -> None:
        super().__init__(window, store)
        self._ask: Ask[Race, list[FloorReading | None]] = Ask(
            compute,
            "noise floor",
            _floor_job,
            arrived=window.view(ChanceView).show_found,
            fits=operator.is_,
            key=lambda _: "floor",
        )

    def show_race(self, race: Race) -> None:
        """Measure the runs of a new race."""
        gradients = (run.entrant.gradient for run in race.runs)
        if any(not isinstance(gradient, FullGradient) for gradient in gradients):
            self._ask.want(race)
        else:
            self._ask.stop()
