"""What the stage tells of the point, or the racer, under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject

from optiviz.gui.words import captions

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Bound, Run
    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.state.playback import Playback
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.views.stage_view import StageView
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Scene

_LANE = "bound"


def _bound_job(asked: tuple[Run, int], _cancelled: Callable[[], bool], _report: Any) -> Bound:
    run, step = asked
    return run.bound(step)


class Readouts(QObject):
    """Answers the stage's pointer. A racer's bound on ε is replayed in the worker."""

    def __init__(
        self, window: MainWindow, store: SceneStore, compute: LatestWins, playback: Playback
    ) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._compute = compute
        self._playback = playback
        self._hovered = -1
        self._pointer: tuple[float, float] | None = None
        self._bound: tuple[Run, int, Bound] | None = None
        self._asker: StageView = window.contour  # where the pointer is, or was last
        self._connect_stage(window.contour)
        window.stages.added.connect(self._connect_stage)
        compute.done.connect(self.on_done)
        store.changed.connect(self.on_scene_changed)

    def _connect_stage(self, view: StageView) -> None:
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

    def on_scene_changed(self, old: Scene, new: Scene) -> None:
        """Tell anew of a point whose loss is another one now."""
        if new.surface != old.surface:
            self._tell_point()

    def _tell_point(self) -> None:
        if self._pointer is not None and self._hovered < 0:
            told = captions.readout(self._store.scene.surface, *self._pointer, self._pixel())
            self._asker.show_readout(told)

    def on_head_hovered(self, view: StageView, index: int) -> None:
        """Tell of the racer under the pointer."""
        self._ask_from(view)
        self._hovered = index
        self.refresh()

    def on_done(self, lane: str, request: object, result: object) -> None:
        """Take a bound that was asked for."""
        if lane == _LANE:
            run, step = cast("tuple[Run, int]", request)
            self._bound = (run, step, cast("Bound", result))
            self.refresh()

    def refresh(self) -> None:
        """Tell anew of the racer under the pointer: it has moved."""
        race, scene = self._window.race, self._store.scene
        if race is None or not 0 <= self._hovered < min(len(race.runs), len(scene.racers)):
            return
        run, racer = race.runs[self._hovered], scene.racers[self._hovered]
        step = min(round(self._playback.position), race.spec.steps)
        x, y = map(float, run.path[step])
        told = captions.readout(scene.surface, x, y, self._pixel(), racer.name)
        self._asker.show_readout((*told, self._bound_of(run, step)))

    def _bound_of(self, run: Run, step: int) -> str:
        if self._bound is None or self._bound[:2] != (run, step):
            self._compute.submit(_LANE, (run, step), _bound_job, key=id(run))
        lr = float(run.lr[min(step, len(run.lr) - 1)])
        # Until the bound of this step is there, the last one of this racer stands.
        known = self._bound if self._bound is not None and self._bound[0] is run else None
        return captions.bound(lr, known[2] if known else None)

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
