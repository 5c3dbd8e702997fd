"""Many seeds of one racer: bands in the instrument, dots on the stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optiviz.engine.ensemble import COARSE, Ensemble, EnsembleSpec, run_ensemble
from optiviz.gui.compute.ask import Ask
from optiviz.gui.controllers.one_racer import OneRacerController, race_of
from optiviz.gui.views.seeds import SeedsView
from optiviz.scene import has_chance

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Racer, Scene


@dataclass(frozen=True, eq=False)
class SeedsRequest:
    """Many seeds that are wanted of a racer, which is known by its style.

    ``known`` are the first of them, so that only the rest is run.
    """

    spec: EnsembleSpec
    racer_style: int
    known: Ensemble | None = None


def _seeds_job(
    request: SeedsRequest, cancelled: Callable[[], bool], report: Callable[[object], None]
) -> Ensemble:
    """Run the first few seeds, or, where those are known, the rest."""
    spec = request.spec
    if request.known is None:
        spec = replace(spec, seeds=min(COARSE, spec.seeds))
    return run_ensemble(spec, cancelled, report, known=request.known)


def _key(request: SeedsRequest) -> object:
    """What a job under way goes on for: first seeds while a slider moves, the rest for no other."""
    if request.known is not None:
        return ("fine", request.spec)
    race = request.spec.race
    return ("coarse", race.surface.key, race.entrants[0].optimizer.key)


def _fits(answered: SeedsRequest, wanted: SeedsRequest) -> bool:
    """Say whether an answer is about the surface and the racer that are wanted.

    Another racer that runs alike has the same answer.
    """
    if answered.spec.race.surface.key != wanted.spec.race.surface.key:
        return False
    return answered.racer_style == wanted.racer_style or answered.spec == wanted.spec


class SeedsController(OneRacerController):
    """Keeps many seeds up to the scene.

    They come coarse first: a new wish waits for the first few of the one before, which is soon, so
    that something is seen while a slider moves; what is finer is given up at once.
    """

    def __init__(self, window: MainWindow, store: SceneStore, compute: LatestWins) -> None:
        super().__init__(window.view(SeedsView), window, store)
        self._count = 200
        self._told_of: tuple[int, str] = (-1, "")  # the racer that the band shown is named after
        self._ask: Ask[SeedsRequest, Ensemble] = Ask(
            compute,
            "seeds",
            _seeds_job,
            arrived=self.on_ensemble,
            partly=self.on_ensemble,
            fits=_fits,
            key=_key,
        )
        window.view(SeedsView).count_wished.connect(self.on_count_wished)

    def toggle(self) -> None:
        """Turn many seeds on, where they can be seen, or off."""
        if not self._on:
            self._window.instruments.unfold("seeds")
        self.show_on(not self._on)

    def on_count_wished(self, count: int) -> None:
        """Run more seeds, or fewer."""
        self._count = count
        self._window.view(SeedsView).show_count(count)
        self._refresh(self._store.scene)

    def on_ensemble(self, request: SeedsRequest, ensemble: Ensemble) -> None:
        """Show the seeds that have been run so far, and run the rest once a hand rests."""
        # The coarse picture counts against all that are wanted.
        shown = replace(ensemble, spec=request.spec)
        self._show_ensemble(shown)
        wanted = self._ask.wanted
        is_newest = wanted is not None and request.spec == wanted.spec
        if is_newest and request.known is None and len(shown.kinds) < request.spec.seeds:
            self._ask.want(SeedsRequest(request.spec, request.racer_style, shown))

    def _refresh(self, scene: Scene) -> None:
        index = self._chosen(scene)
        if not self._on or index is None or not has_chance(scene):
            self._ask.stop()
            self._show_ensemble(None)
            return
        racer = scene.racers[index]
        self._window.view(SeedsView).show_racer(racer.style)
        spec = EnsembleSpec(race_of(scene, index), self._count, scene.seed)
        wanted = self._ask.wanted
        if wanted is None or spec != wanted.spec:
            self._ask.want(SeedsRequest(spec, racer.style))
        shown = self._window.view(SeedsView).ensemble
        if shown is not None and shown.spec == spec and self._told_of != _whose(racer):
            self._show_ensemble(shown)  # equal runs of another racer, or of another name

    def _clear(self) -> None:
        self._show_ensemble(None)

    def _show_ensemble(self, ensemble: Ensemble | None) -> None:
        index = self._chosen(self._store.scene)
        seeds, stages = self._window.view(SeedsView), self._window.stages
        if ensemble is None or index is None:
            if seeds.ensemble is not None:
                seeds.show_ensemble(None)
                stages.show_endpoints(None)
            return
        racer = self._store.scene.racers[index]
        self._told_of = _whose(racer)
        seeds.show_ensemble(ensemble, racer.style, racer.name)
        stages.show_endpoints(ensemble.endpoints[~ensemble.has_diverged], racer.style)


def _whose(racer: Racer) -> tuple[int, str]:
    return racer.style, racer.name
