"""What the stage tells of the point, or the racer, under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optiviz.gui.compute.ask import Ask
from optiviz.gui.controllers.companion import Companion
from optiviz.gui.words import captions

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Bound, Race, Run
    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.state.playback import Playback
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.views.stage_view import StageView
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Scene


def _bound_job(asked: tuple[Run, int], _cancelled: Callable[[], bool], _report: Any) -> Bound:
    run, step = asked
    return run.bound(step)


class Readouts(Companion):
    """Answers the stage's pointer. A racer's bound on ε is replayed in the worker."""

    def __init__(
        self, window: MainWindow, store: SceneStore, compute: LatestWins, playback: Playback
    ) -> None:
        super().__init__(window, store)
        self._playback = playback
        self._hovered = -1
        self._pointer: tuple[float, float] | None = None
        self._bound: tuple[Run, Bound] | None = None
        self._asker: StageView = window.contour  # where the pointer is, or was last
        # While playing, the bound of a few steps ago is worth showing, if it is this racer's.
        self._ask: Ask[tuple[Run, int], Bound] = Ask(
            compute,
            "bound",
            _bound_job,
            arrived=self.on_bound,
            fits=lambda answered, wanted: answered[0] is wanted[0],
            key=lambda asked: id(asked[0]),
        )

    def connect_stage(self, view: StageView) -> None:
        """Answer where the pointer is over this view."""
        view.pointer_moved.connect(lambda x, y: self.on_pointer_moved(view, x, y))
        view.pointer_left.connect(lambda: self.on_pointer_left(view))
        view.head_hovered.connect(lambda index: self.on_head_hovered(view, index))

    def on_pointer_moved(self, view: StageView, x: float, y: float) -> None:
        """Tell of the point under the pointer, unless a racer is there; show it everywhere."""
        self._ask_from(view)
        self._pointer = (x, y)
        for other in self._others(view):
            other.show_pointer((x, y))
        self._tell_point()

    def on_pointer_left(self, view: StageView) -> None:
        """Tell of nothing any more."""
        self._pointer = None
        view.show_readout(())
        for other in self._others(view):
            other.show_pointer(None)

    def on_head_hovered(self, view: StageView, index: int) -> None:
        """Tell of the racer under the pointer."""
        self._ask_from(view)
        self._hovered = index
        self._tell_racer()

    def on_bound(self, asked: tuple[Run, int], bound: Bound) -> None:
        """Take a bound that was asked for."""
        self._bound = (asked[0], bound)
        self._tell_racer()

    def show_scene(self, old: Scene, new: Scene) -> None:
        """Tell anew of a point whose loss is another one now."""
        if new.surface != old.surface:
            self._tell_point()

    def show_race(self, race: Race) -> None:
        """Tell anew of the racer under the pointer."""
        self._tell_racer()

    def show_step(self) -> None:
        """Tell anew of the racer under the pointer: it has moved."""
        self._tell_racer()

    def _tell_point(self) -> None:
        if self._pointer is not None and self._hovered < 0:
            told = captions.readout(self._store.scene.surface, *self._pointer, self._pixel())
            self._asker.show_readout(told)

    def _tell_racer(self) -> None:
        race, scene = self._window.race, self._store.scene
        if race is None or not 0 <= self._hovered < min(len(race.runs), len(scene.racers)):
            return
        run, racer = race.runs[self._hovered], scene.racers[self._hovered]
        step = min(round(self._playback.position), race.spec.steps)
        x, y = map(float, run.path[step])
        told = captions.readout(scene.surface, x, y, self._pixel(), racer.name)
        self._asker.show_readout((*told, self._bound_of(run, step)))

    def _bound_of(self, run: Run, step: int) -> str:
        self._ask.want((run, step))
        lr = float(run.lr[min(step, len(run.lr) - 1)])
        known = self._bound
        return captions.bound(lr, known[1] if known is not None and known[0] is run else None)

    def _pixel(self) -> float:
        """How much of the plane one pixel of the stage is."""
        return self._asker.units()[0]

    def _others(self, view: StageView) -> list[StageView]:
        return [other for other in self._window.stages.views if other is not view]

    def _ask_from(self, view: StageView) -> None:
        """Answer where the pointer is now, and nowhere else."""
        if view is not self._asker:
            self._asker.show_readout(())
            self._asker = view
            view.show_pointer(None)
