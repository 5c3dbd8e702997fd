"""What the stage shows of chance: a batch's loss and clouds of gradients, asked of the worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optiviz.engine.chance import BatchField, Cloud, batch_field, batch_gradients
from optiviz.engine.gradients import FullGradient, Gaussian, MiniBatch
from optiviz.gui.compute.ask import Ask
from optiviz.gui.controllers.companion import Companion

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Gradient, Race, Surface
    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.drawing.projection import Window
    from optiviz.gui.state.playback import Playback
    from optiviz.gui.state.settings import CloudAnchor
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.views.stage_view import StageView
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Scene

#: Points of the batch's grid along the stage's longer side.
_SAMPLES = 90


@dataclass(frozen=True)
class BatchSpec:
    """Which batch's loss is wanted, and where; whose it is, by place and name."""

    racer: int
    name: str
    surface: Surface
    gradient: Gradient
    seed: int
    step: int
    window: Window
    columns: int
    rows: int


@dataclass(frozen=True)
class CloudSpec:
    """Which cloud is wanted, whose it is, and which of its gradients that racer was told."""

    racer: int
    name: str
    surface: Surface
    gradient: Gradient
    seed: int
    point: tuple[float, float]
    told: tuple[float, float] | None
    where: str = ""  # in words, if it is not where the racer stands


def _batch_job(spec: BatchSpec, cancelled: Callable[[], bool], _report: Any) -> BatchField | None:
    return batch_field(
        spec.surface,
        spec.gradient,
        spec.seed,
        spec.step,
        spec.window,
        spec.columns,
        spec.rows,
        cancelled,
    )


def _cloud_job(spec: CloudSpec, _cancelled: Callable[[], bool], _report: Any) -> Cloud:
    return batch_gradients(spec.surface, spec.gradient, spec.point, spec.seed)


class Overlays(Companion):
    """Keeps the batch's contour and the gradient cloud up to the playhead, the hand and the race.

    Both belong to one racer: the one that the pointer was over last, else the first on the stage
    whose gradient there is chance in.
    """

    def __init__(
        self, window: MainWindow, store: SceneStore, compute: LatestWins, playback: Playback
    ) -> None:
        super().__init__(window, store)
        self._playback = playback
        self._batch = False
        self._place: CloudAnchor = "off"
        self._hovered = -1
        self._pointer: tuple[float, float] | None = None
        self._is_pointing = False
        self._ask_batch: Ask[BatchSpec, BatchField | None] = Ask(
            compute, "batch", _batch_job, arrived=self.on_batch, fits=_belong, key=_key
        )
        self._ask_cloud: Ask[CloudSpec, Cloud] = Ask(
            compute, "cloud", _cloud_job, arrived=self.on_cloud, fits=_belong, key=_key
        )

    def connect_stage(self, view: StageView) -> None:
        """Hear where the pointer is."""
        view.head_hovered.connect(self.on_head_hovered)
        view.pointer_moved.connect(self.on_pointer_moved)
        view.pointer_left.connect(self.on_pointer_left)

    @property
    def batch(self) -> bool:
        """Whether the batch's own loss is drawn."""
        return self._batch

    @property
    def cloud_place(self) -> CloudAnchor:
        """Where the gradient cloud is."""
        return self._place

    def show_batch(self, on: bool) -> None:
        """Draw the batch's own loss, or do not."""
        self._batch = on
        self.refresh()

    def show_cloud(self, place: CloudAnchor) -> None:
        """Draw the gradient cloud at a racer or at the pointer, or not at all."""
        self._place = place
        self.refresh()

    def view_state(self) -> tuple[bool, CloudAnchor]:
        """Give whether the batch's own loss is drawn, and where the cloud is."""
        return self._batch, self._place

    def restore(self, state: tuple[bool, CloudAnchor]) -> None:
        """Draw them as they were drawn."""
        batch, place = state
        self.show_batch(batch)
        self.show_cloud(place)

    def on_head_hovered(self, index: int) -> None:
        """Turn to the racer under the pointer; it stays the one when the pointer leaves."""
        if index >= 0 and index != self._hovered:
            self._hovered = index
            self.refresh()

    def on_pointer_moved(self, x: float, y: float) -> None:
        """Take the cloud along, if it is the pointer's."""
        self._pointer, self._is_pointing = (x, y), True
        if self._place == "pointer":
            self._refresh_cloud()

    def on_pointer_left(self) -> None:
        """Leave the cloud where the pointer was, and say so."""
        self._is_pointing = False
        if self._place == "pointer":
            self._refresh_cloud()

    def show_scene(self, old: Scene, new: Scene) -> None:
        """Forget whose places these were when another surface comes."""
        if old.surface.key != new.surface.key:
            self._pointer = None
        if len(old.racers) != len(new.racers):
            self._hovered = -1
        self.refresh()

    def show_race(self, race: Race) -> None:
        """Ask for what the race has changed."""
        self.refresh()

    def show_step(self) -> None:
        """Ask for what the playhead has changed."""
        self.refresh()

    def show_visible(self) -> None:
        """Ask for what the camera has changed."""
        self.refresh()

    def refresh(self) -> None:
        """Ask for what is to be seen now, as far as that is not there yet."""
        self._refresh_batch()
        self._refresh_cloud()

    def on_batch(self, asked: BatchSpec, batch: BatchField | None) -> None:
        """Show a batch's own loss."""
        racer, size = self._store.scene.racers[asked.racer], 0 if batch is None else len(batch.rows)
        words = f"{racer.name}: loss of its batch of {size}"
        self._window.contour.show_batch(batch, racer.style, words)

    def on_cloud(self, asked: CloudSpec, cloud: Cloud) -> None:
        """Show a cloud of gradients."""
        racer = self._store.scene.racers[asked.racer]
        words = f"{racer.name}: {self._of_gradients(cloud, asked)}"
        self._window.contour.show_cloud(cloud, racer.style, words, asked.told)

    def _refresh_batch(self) -> None:
        race, step = self._race(), self._step()
        if not self._batch or race is None:
            self._ask_batch.stop()
            self._window.contour.show_batch(None)
            return
        racer = self._chosen(race, step, MiniBatch)
        if racer is None:
            self._ask_batch.stop()
            self._window.contour.show_batch(
                None, words="no racer on the stage is told a mini-batch’s gradient"
            )
            return
        seen = self._window.contour.projection
        share = _SAMPLES / max(seen.width, seen.height)
        columns, rows = (max(8, round(side * share)) for side in (seen.width, seen.height))
        spec = BatchSpec(
            racer,
            self._store.scene.racers[racer].name,
            race.spec.surface,
            race.spec.entrants[racer].gradient,
            race.spec.seed,
            step,
            seen.window,
            columns,
            rows,
        )
        self._ask_batch.want(spec)

    def _refresh_cloud(self) -> None:
        # At the end nobody asks for a gradient any more; the cloud is where the racer stands, too.
        race, step = self._race(), int(self._playback.position)
        racer = (
            None if race is None else self._chosen(race, step, MiniBatch, Gaussian, FullGradient)
        )
        point = None if race is None or racer is None else self._point(race, racer, step)
        if self._place == "off" or race is None or racer is None or point is None:
            self._ask_cloud.stop()
            self._window.contour.show_cloud(None)
            return
        told = None
        if self._place == "racer" and step < race.spec.steps:
            x, y = race.runs[racer].gradients[step].tolist()
            told = (x, y)
        gradient, seed = race.spec.entrants[racer].gradient, race.spec.seed
        where = "" if self._place == "racer" else self._where()
        name, surface = self._store.scene.racers[racer].name, race.spec.surface
        spec = CloudSpec(racer, name, surface, gradient, seed, point, told, where)
        self._ask_cloud.want(spec)

    def _where(self) -> str:
        """Say where the pointer's cloud is."""
        if self._pointer is None:
            return "here until the pointer comes"
        return "at the pointer" if self._is_pointing else "where the pointer was"

    def _race(self) -> Race | None:
        """The race that is shown, if its racers are the scene's."""
        race = self._window.race
        if race is None or len(race.runs) != len(self._store.scene.racers) or not race.runs:
            return None
        return race

    def _step(self) -> int:
        """The step that the racers are about to take; at the end, the last that they took."""
        race = self._window.race
        steps = 1 if race is None else race.spec.steps
        return min(int(self._playback.position), steps - 1)

    def _chosen(self, race: Race, step: int, *kinds: type[Gradient]) -> int | None:
        """Whose: the last one under the pointer, else the first with the first kind of gradient.

        Who is not on the stage, or gone by now, is not chosen.
        """
        scene = self._store.scene
        there = [
            index
            for index in scene.shown_racers()
            if (gone := race.runs[index].diverged_step) is None or step < gone
        ]
        gradients = {index: race.spec.entrants[index].gradient for index in there}
        if self._hovered in gradients and isinstance(gradients[self._hovered], kinds):
            return self._hovered
        found = (index for kind in kinds for index in there if isinstance(gradients[index], kind))
        return next(found, None)

    def _point(self, race: Race, racer: int, step: int) -> tuple[float, float] | None:
        """Where the cloud is: at the pointer, or where the racer asks for its gradient."""
        if self._place == "pointer" and self._pointer is not None:
            return self._pointer
        run = race.runs[racer]
        path = run.path
        if run.lookahead is not None and step < race.spec.steps:
            path = run.lookahead
        if step >= len(path):
            return None
        x, y = path[step].tolist()
        return (x, y)

    def _of_gradients(self, cloud: Cloud, spec: CloudSpec) -> str:
        """Say what a cloud is made of, and where it is if that is not where the racer stands."""
        if cloud.batch_size is not None:
            what = f"gradients of {len(cloud.gradients)} batches of {cloud.batch_size}"
        elif isinstance(spec.gradient, Gaussian):
            what = f"{len(cloud.gradients)} noisy gradients"
        else:
            what = "full gradient"
        return f"{what}, {spec.where}" if spec.where else what


def _key(spec: BatchSpec | CloudSpec) -> tuple[object, ...]:
    return (spec.surface, spec.gradient)


def _belong(answered: BatchSpec | CloudSpec, wanted: BatchSpec | CloudSpec) -> bool:
    """Say whether an answer, be it of a moment ago, is about what is wanted now."""
    return (answered.racer, *_key(answered)) == (wanted.racer, *_key(wanted))
