"""Chance by counting: the noise floor, many seeds, and which minimum, asked of the worker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject

from optiviz.engine import Race
from optiviz.engine.basins import Basins, BasinSpec, find_basins
from optiviz.engine.ensemble import COARSE, Ensemble, EnsembleSpec, run_ensemble
from optiviz.engine.floor import measured, nearest_minimum, theory
from optiviz.engine.gradients import FullGradient, MiniBatch
from optiviz.gui.panels.chance import FloorReading
from optiviz.gui.stage.letters import Letter
from optiviz.gui.views.basins.table import BasinsTable, letter
from optiviz.gui.views.basins.view import WORKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import RaceSpec
    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Racer, Scene

_FLOOR, _SEEDS, _BASINS = "floor", "seeds", "basins"
#: What is tried: these batch sizes, as far as there are examples, and all of them; ε times these.
_SIZES = (1, 4, 16, 64)
_FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
#: So many seeds in each cell that a count is a percentage.
_CELL_SEEDS = 100
NO_BATCHES = (
    "Batch sizes can be compared once the racer is told mini-batches: choose them as its gradient."
)
NO_RACERS = "There is no racer to try."


@dataclass(frozen=True, eq=False)
class SeedsRequest:
    """Many seeds that are wanted of a racer, which is known by its look.

    ``known`` are the first of them, so that only the rest is run.
    """

    spec: EnsembleSpec
    racer_style: int
    known: Ensemble | None = None


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


def _seeds_job(
    request: SeedsRequest, cancelled: Callable[[], bool], report: Callable[[object], None]
) -> Ensemble:
    """Run the first few seeds, or, where those are known, the rest."""
    spec = request.spec
    if request.known is None:
        spec = replace(spec, seeds=min(COARSE, spec.seeds))
    return run_ensemble(spec, cancelled, report, known=request.known)


def _basins_job(
    spec: BasinSpec, cancelled: Callable[[], bool], report: Callable[[object], None]
) -> Basins:
    return find_basins(spec, cancelled, report)


class Ensembles(QObject):
    """Keeps what is counted over many seeds up to the scene.

    Many seeds come coarse first: a new wish waits for the first few of the one before, which is
    soon, so that something is seen while a slider moves; what is finer is given up at once.
    """

    def __init__(self, window: MainWindow, store: SceneStore, compute: LatestWins) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._compute = compute
        self._seeds_on = self._basins_on = False
        self._count = 200
        #: Whose runs are counted, by their looks; ``None``: nobody has chosen.
        self._seeds_style: int | None = None
        self._basins_style: int | None = None
        self._seeds_wanted: EnsembleSpec | None = None
        self._told_of: tuple[int, str] = (-1, "")  # the racer that the band shown is named after
        self._basins_wanted: BasinSpec | None = None
        seeds, basins = window.seeds, window.basins
        seeds.on_wished.connect(self.show_seeds)
        seeds.racer_wished.connect(self.on_seeds_racer_wished)
        seeds.count_wished.connect(self.on_count_wished)
        basins.on_wished.connect(self.show_basins)
        basins.racer_wished.connect(self.on_basins_racer_wished)
        store.changed.connect(self.on_scene_changed)
        compute.partial.connect(self.on_result)
        compute.done.connect(self.on_result)

    def begin(self) -> None:
        """Show whose runs would be counted."""
        self._show_racers(self._store.scene)

    def toggle_seeds(self) -> None:
        """Turn many seeds on, where they can be seen, or off."""
        instruments = self._window.instruments
        if not self._seeds_on:
            if "seeds" in instruments.folded:
                instruments.on_fold_wished("seeds", False)
            instruments.reveal("seeds")
        self.show_seeds(not self._seeds_on)

    def show_seeds(self, on: bool) -> None:
        """Run one racer from many seeds, or stop it."""
        self._seeds_on = on
        self._window.seeds.show_on(on)
        self._ask_seeds(self._store.scene)

    def show_basins(self, on: bool) -> None:
        """Count which minimum one racer finds, or stop it."""
        self._basins_on = on
        self._window.basins.show_on(on)
        self._ask_basins(self._store.scene)

    def on_seeds_racer_wished(self, racer_style: int) -> None:
        """Run another racer from many seeds."""
        self._seeds_style = racer_style
        self._ask_seeds(self._store.scene)

    def on_basins_racer_wished(self, racer_style: int) -> None:
        """Count of another racer which minimum it finds."""
        self._basins_style = racer_style
        self._ask_basins(self._store.scene)

    def on_count_wished(self, count: int) -> None:
        """Run more seeds, or fewer."""
        self._count = count
        self._window.seeds.show_count(count)
        self._ask_seeds(self._store.scene)

    def on_scene_changed(self, old: Scene, new: Scene) -> None:
        """Count again, where the race that is counted is another one now."""
        if new.surface.key != old.surface.key:
            # Nothing of another surface stays on this one.
            self._show_ensemble(None)
            self._show_counts(None)
        self._show_racers(new)
        self._ask_seeds(new)
        self._ask_basins(new)

    def on_result(self, lane: str, request: object, result: object) -> None:
        """Show what was counted, be it a part."""
        if lane == "race" and isinstance(result, Race) and not result.is_sketch:
            self._ask_floor(result)
        elif lane == _FLOOR:
            race, found = cast("Race", request), cast("list[FloorReading | None]", result)
            self._window.chance.show_found(race, found)
        elif lane == _SEEDS and self._seeds_on:
            self._on_seeds(cast("SeedsRequest", request), cast("Ensemble", result))
        elif lane == _BASINS and self._basins_on:
            basins = cast("Basins", result)
            if basins.spec == self._basins_wanted:
                self._show_counts(basins)

    def _on_seeds(self, request: SeedsRequest, ensemble: Ensemble) -> None:
        wanted = self._seeds_wanted
        if wanted is None or wanted.race.surface.key != request.spec.race.surface.key:
            return
        index = _chosen(self._store.scene, self._seeds_style)
        look = -1 if index is None else self._store.scene.racers[index].style
        if look != request.racer_style and request.spec != wanted:
            return  # of another racer, who runs otherwise
        # The coarse picture counts against all that are wanted.
        shown = replace(ensemble, spec=request.spec)
        self._show_ensemble(shown)
        if request.spec == wanted and request.known is None and len(shown.kinds) < wanted.seeds:
            finer = SeedsRequest(wanted, request.racer_style, shown)
            self._compute.submit(_SEEDS, finer, _seeds_job, key=("fine", wanted))

    def _ask_floor(self, race: Race) -> None:
        gradients = (run.entrant.gradient for run in race.runs)
        if any(not isinstance(gradient, FullGradient) for gradient in gradients):
            self._compute.submit(_FLOOR, race, _floor_job, key="floor")

    def _ask_seeds(self, scene: Scene) -> None:
        index = _chosen(scene, self._seeds_style)
        if not self._seeds_on or index is None:
            self._seeds_wanted = None
            self._compute.cancel(_SEEDS)
            self._show_ensemble(None)
            return
        racer = scene.racers[index]
        self._window.seeds.show_racer(racer.style)
        spec = EnsembleSpec(_race_of(scene, index), self._count, scene.seed)
        if spec != self._seeds_wanted:
            self._seeds_wanted = spec
            entrant = spec.race.entrants[0]
            key = ("coarse", spec.race.surface.key, entrant.optimizer.key)
            request = SeedsRequest(spec, racer.style)
            self._compute.submit(_SEEDS, request, _seeds_job, key=key)
        shown = self._window.seeds.ensemble
        if shown is not None and shown.spec == spec and self._told_of != _whose(racer):
            self._show_ensemble(shown)  # equal runs of another racer, or of another name

    def _ask_basins(self, scene: Scene) -> None:
        index = _chosen(scene, self._basins_style, batches=True)
        racer = scene.racers[index] if index is not None else None
        if not self._basins_on or racer is None or not isinstance(racer.gradient, MiniBatch):
            self._basins_wanted = None
            self._compute.cancel(_BASINS)
            self._show_counts(None)
            if self._basins_on:
                self._window.basins.show_sentence(NO_RACERS if racer is None else NO_BATCHES)
            return
        self._window.basins.show_racer(racer.style)
        spec = _basin_spec(scene, racer, cast("int", index))
        if spec != self._basins_wanted:
            self._basins_wanted = spec
            self._window.basins.show_sentence(WORKING)
            self._compute.submit(_BASINS, spec, _basins_job, key=spec)

    def _show_racers(self, scene: Scene) -> None:
        for view, look, batches in (
            (self._window.seeds, self._seeds_style, False),
            (self._window.basins, self._basins_style, True),
        ):
            index = _chosen(scene, look, batches=batches)
            if index is not None:
                view.show_racer(scene.racers[index].style)

    def _show_ensemble(self, ensemble: Ensemble | None) -> None:
        index = _chosen(self._store.scene, self._seeds_style)
        seeds, stages = self._window.seeds, self._window.stages
        if ensemble is None or index is None:
            if seeds.ensemble is not None:
                seeds.show_ensemble(None)
                stages.show_endpoints(None)
            return
        racer = self._store.scene.racers[index]
        self._told_of = _whose(racer)
        seeds.show_ensemble(ensemble, racer.style, racer.name)
        stages.show_endpoints(ensemble.endpoints[~ensemble.has_diverged], racer.style)

    def _show_counts(self, basins: Basins | None) -> None:
        if basins is None and self._window.basins.table is None:
            return
        self._window.basins.show_basins(basins)
        letters = _letters(BasinsTable(basins)) if basins is not None else ()
        self._window.stages.show_letters(letters)


def _letters(table: BasinsTable) -> tuple[Letter, ...]:
    return tuple(
        Letter(*table.place(rank), f"{letter(rank)} {table.sharpness(rank)}")
        for rank in range(table.kinds)
    )


def _chosen(scene: Scene, racer_style: int | None, *, batches: bool = False) -> int | None:
    """Find the racer that was chosen, or else the first on the stage with chance, or the first.

    With ``batches``, chance is a mini-batch's.
    """
    by_style = {racer.style: index for index, racer in enumerate(scene.racers)}
    if racer_style in by_style:
        return by_style[racer_style]
    on_stage = scene.shown_racers() or tuple(range(len(scene.racers)))
    for index in on_stage:
        gradient = scene.racers[index].gradient
        if isinstance(gradient, MiniBatch) or not (batches or isinstance(gradient, FullGradient)):
            return index
    return on_stage[0] if on_stage else None


def _whose(racer: Racer) -> tuple[int, str]:
    return racer.style, racer.name


def _race_of(scene: Scene, index: int) -> RaceSpec:
    """Give the race of one racer. Its seed plays no part, so it is always the same one."""
    race = scene.race_spec()
    return replace(race, entrants=(race.entrants[index],), seed=0)


def _basin_spec(scene: Scene, racer: Racer, index: int) -> BasinSpec:
    gradient = cast("MiniBatch", racer.gradient)
    count = gradient.examples_of(len(scene.surface.examples))
    sizes = (*(size for size in _SIZES if size < count), count)
    knob = racer.optimizer.knob("lr")
    rates = (min(max(racer.optimizer.lr * factor, knob.low), knob.high) for factor in _FACTORS)
    # Three digits, so that they can be read and typed.
    neat = tuple(dict.fromkeys(float(f"{rate:.3g}") for rate in rates))
    race = _race_of(scene, index)
    # Its own batch size plays no part, so it is always the same one.
    entrant = replace(race.entrants[0], gradient=gradient.with_knob("batch_size", count))
    return BasinSpec(replace(race, entrants=(entrant,)), sizes, neat, _CELL_SEEDS, scene.seed)
