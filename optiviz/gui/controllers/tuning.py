"""Tune again: each racer's ε by the printed rule, for the surface, start and finish as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optiviz.engine.tuning import Tuned, tune
from optiviz.gui.compute.ask import Ask
from optiviz.gui.controllers.companion import Companion
from optiviz.gui.words import tuned as words
from optiviz.scene import edits

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Optimizer, Surface
    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.controllers.editor import Editor
    from optiviz.gui.state.problems import Problems
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Scene

#: What is found, racer by racer.
Found = tuple[Tuned | None, ...]


@dataclass(frozen=True)
class _Request:
    surface: Surface
    start: tuple[float, float]
    target: float
    optimizers: tuple[Optimizer, ...]


def _request(scene: Scene) -> _Request:
    rules = tuple(racer.optimizer for racer in scene.racers)
    return _Request(scene.surface, scene.start, scene.target, rules)


def _tune_job(request: _Request, cancelled: Callable[[], bool], _report: Any) -> Found:
    return tuple(
        tune(request.surface, request.start, request.target, optimizer, cancelled)
        for optimizer in request.optimizers
    )


class TuningController(Companion):
    """Tunes when it is wished, sets what was found in one step, and remembers for which race."""

    def __init__(
        self,
        editor: Editor,
        window: MainWindow,
        store: SceneStore,
        compute: LatestWins,
        problems: Problems,
    ) -> None:
        super().__init__(window, store)
        self._editor = editor
        self._problems = problems
        self._tuned: _Request | None = None
        self._ask: Ask[_Request, Found] = Ask(
            compute, "tuning", _tune_job, arrived=self.on_found, key=lambda request: request
        )
        window.racers.tune_wished.connect(self.on_wished)

    def on_wished(self) -> None:
        """Tune all racers for the scene as it is."""
        self._editor.unless_locked(self._begin)

    def _begin(self) -> None:
        self._window.racers.show_tuning(busy=True)
        self._ask.want(_request(self._store.scene))

    def show_scene(self, old: Scene, new: Scene) -> None:
        """Give up where the race is another one now; say whether ε is tuned for it."""
        if self._ask.wanted is not None and self._ask.wanted != _request(new):
            self._ask.stop()
            self._window.racers.show_tuning(busy=False)
        self._show_tuned(new)

    def on_found(self, _request_: _Request, found: Found) -> None:
        """Set what was found, and say what that is."""
        self._ask.stop()
        self._window.racers.show_tuning(busy=False)
        scene = self._store.scene
        rates = tuple(None if each is None else each.lr for each in found)
        told = words.found(tuple(racer.name for racer in scene.racers), found)
        self._editor.edit(edits.set_rates, rates)
        self._tuned = _request(self._store.scene)
        self._show_tuned(self._store.scene)
        self._problems.tell(told, kind="info")

    def _show_tuned(self, scene: Scene) -> None:
        self._window.racers.show_tuned(_request(scene) == self._tuned)
