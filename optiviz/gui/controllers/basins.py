"""Which minimum a racer finds, counted over ε, batch size and seed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from optiviz.engine.basins import Basins, BasinSpec, find_basins
from optiviz.engine.gradients import MiniBatch
from optiviz.gui.compute.ask import Ask
from optiviz.gui.controllers.one_racer import OneRacerController, race_of
from optiviz.gui.stage.letters import Letter
from optiviz.gui.views.basins import BasinsView
from optiviz.gui.views.basins.table import BasinsTable, letter
from optiviz.gui.views.basins.view import WORKING
from optiviz.gui.window.instruments import has_choice

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Racer, Scene

#: What is tried: these batch sizes, as far as there are examples, and all of them; ε times these.
_SIZES = (1, 4, 16, 64)
_FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
#: So many seeds in each cell that a count is a percentage.
_CELL_SEEDS = 100
NO_BATCHES = (
    "Batch sizes can be compared once the racer is told mini-batches: choose them as its gradient."
)
NO_RACERS = "There is no racer to try."


def _basins_job(
    spec: BasinSpec, cancelled: Callable[[], bool], report: Callable[[object], None]
) -> Basins:
    return find_basins(spec, cancelled, report)


class BasinsController(OneRacerController):
    """Keeps the counts, and the letters on the stage that they speak of, up to the scene."""

    batches = True

    def __init__(self, window: MainWindow, store: SceneStore, compute: LatestWins) -> None:
        super().__init__(window.view(BasinsView), window, store)
        self._ask: Ask[BasinSpec, Basins] = Ask(
            compute, "basins", _basins_job, arrived=self.on_basins, partly=self.on_basins
        )

    def on_basins(self, _spec: BasinSpec, basins: Basins) -> None:
        """Show what has been counted so far."""
        self._show_counts(basins)

    def _refresh(self, scene: Scene) -> None:
        index = self._chosen(scene)
        racer = scene.racers[index] if index is not None else None
        if (
            not self._on
            or not has_choice(scene)
            or index is None
            or racer is None
            or not isinstance(racer.gradient, MiniBatch)
        ):
            self._ask.stop()
            self._show_counts(None)
            if self._on:
                self._window.view(BasinsView).show_sentence(
                    NO_RACERS if racer is None else NO_BATCHES
                )
            return
        self._window.view(BasinsView).show_racer(racer.style)
        if self._ask.want(_basin_spec(scene, racer, racer.gradient, index)):
            self._window.view(BasinsView).show_sentence(WORKING)

    def _clear(self) -> None:
        self._show_counts(None)

    def _show_counts(self, basins: Basins | None) -> None:
        if basins is None and self._window.view(BasinsView).table is None:
            return
        self._window.view(BasinsView).show_basins(basins)
        letters = _letters(BasinsTable(basins)) if basins is not None else ()
        self._window.stages.show_letters(letters)


def _letters(table: BasinsTable) -> tuple[Letter, ...]:
    return tuple(
        Letter(*table.place(rank), f"{letter(rank)} {table.sharpness(rank)}")
        for rank in range(table.kinds)
    )


def _basin_spec(scene: Scene, racer: Racer, gradient: MiniBatch, index: int) -> BasinSpec:
    count = gradient.examples_of(len(scene.surface.examples))
    sizes = (*(size for size in _SIZES if size < count), count)
    knob = racer.optimizer.knob("lr")
    rates = (min(max(racer.optimizer.lr * factor, knob.low), knob.high) for factor in _FACTORS)
    # Three digits, so that they can be read and typed.
    neat = tuple(dict.fromkeys(float(f"{rate:.3g}") for rate in rates))
    race = race_of(scene, index)
    # Its own batch size plays no part, so it is always the same one.
    entrant = replace(race.entrants[0], gradient=gradient.with_knob("batch_size", count))
    return BasinSpec(replace(race, entrants=(entrant,)), sizes, neat, _CELL_SEEDS, scene.seed)
