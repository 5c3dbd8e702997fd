"""What the stage tells of the point, or the racer, under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject

from optiviz.gui import captions

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Run
    from optiviz.gui.compute import LatestWins
    from optiviz.gui.main_window import MainWindow
    from optiviz.gui.playback import Playback
    from optiviz.gui.store import SceneStore

_LANE = "bound"


def _bound_job(
    asked: tuple[Run, int], _cancelled: Callable[[], bool], _report: Any
) -> float | None:
    run, step = asked
    return run.lr_bound(step)


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
        self._bound: tuple[Run, int, float | None] | None = None
        contour = window.contour
        contour.pointer_moved.connect(self.on_pointer_moved)
        contour.pointer_left.connect(lambda: contour.show_readout(()))
        contour.head_hovered.connect(self.on_head_hovered)
        compute.done.connect(self.on_done)

    def on_pointer_moved(self, x: float, y: float) -> None:
        """Tell of the point under the pointer, unless a racer is there."""
        if self._hovered < 0:
            told = captions.readout(self._store.scene.surface, x, y, self._pixel())
            self._window.contour.show_readout(told)

    def on_head_hovered(self, index: int) -> None:
        """Tell of the racer under the pointer."""
        self._hovered = index
        self.refresh()

    def on_done(self, lane: str, request: object, result: object) -> None:
        """Take a bound that was asked for."""
        if lane == _LANE:
            run, step = cast("tuple[Run, int]", request)
            self._bound = (run, step, cast("float | None", result))
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
        self._window.contour.show_readout((*told, self._bound_of(run, step)))

    def _bound_of(self, run: Run, step: int) -> str:
        if self._bound is None or self._bound[:2] != (run, step):
            self._compute.submit(_LANE, (run, step), _bound_job, key=id(run))
        lr = float(run.lr[min(step, len(run.lr) - 1)])
        # Until the bound of this step is there, the last one of this racer stands.
        known = self._bound if self._bound is not None and self._bound[0] is run else None
        return captions.bound(lr, known[2] if known else None, known=known is not None)

    def _pixel(self) -> float:
        """How much of the plane one pixel of the stage is."""
        return 1.0 / self._window.contour.projection.x_scale
