"""Schedules: their panel's wishes as edits, and zone and snapshots, asked of the worker."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject

from optiviz.engine import PartError
from optiviz.engine.snapshots import Snapshots, take_snapshots
from optiviz.engine.zone import Zone, band, bounds, epoch_steps, share
from optiviz.gui.compute.ask import Ask
from optiviz.gui.controllers.companion import Companion
from optiviz.gui.qt.timers import Debounce
from optiviz.gui.stage.snapshots import SnapshotMark
from optiviz.gui.views.schedule import ScheduleView
from optiviz.scene import edits

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Race, Run
    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.controllers.editor import Editor
    from optiviz.gui.state.playback import Playback
    from optiviz.gui.state.settings import Settings, ZoneMode
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Scene

OFF = "no zone is shaded"
LOOKING = "looking for the bound …"
#: While a hand drags, the zone waits for it to rest so long, but never longer than that: paths
#: come first, and looking for bounds takes from them.
_REST_MS, _LONGEST_MS = 80, 500
#: Nor longer than that, where the hand is elsewhere and the eye is with it.
_ELSEWHERE_MS = 1500


@dataclass(frozen=True)
class ZoneRequest:
    """Whose zone is wanted, judged once an epoch of so many steps.

    ``whose`` says what else it depends on: whose the run is, and how epochs are judged.
    """

    run: Run
    steps_per_epoch: int
    whose: tuple[object, ...]

    @property
    def steps(self) -> Any:
        """The steps at which epochs are judged, (n,)."""
        return epoch_steps(len(self.run.lr), self.steps_per_epoch)


def _zone_job(request: ZoneRequest, cancelled: Callable[[], bool], _report: Any) -> Zone:
    steps = request.steps
    return share(request.run.lr[steps], bounds(request.run, steps, cancelled))


def _snapshots_job(
    race: Race, _cancelled: Callable[[], bool], _report: Any
) -> tuple[Snapshots, ...]:
    return tuple(take_snapshots(run, race.spec.steps_per_epoch) for run in race.runs)


class ScheduleController(Companion):
    """Connects the schedule's panel, and keeps its zone and snapshots up to the race.

    The zone is asked for only while the chart can be seen: it costs several races' time.
    """

    def __init__(
        self,
        editor: Editor,
        window: MainWindow,
        store: SceneStore,
        compute: LatestWins,
        playback: Playback,
    ) -> None:
        super().__init__(window, store)
        self._editor = editor
        self._playback = playback
        self._settings: Settings | None = None
        self._mode: ZoneMode = "bound"
        self._band = (1e-3, 1.0)
        self._race: Race | None = None
        self._banded: tuple[object, ...] = ()  # what the band shown was judged for
        self._snapshots: tuple[Snapshots, ...] = ()
        self._ask_zone: Ask[ZoneRequest, Zone] = Ask(
            compute, "zone", _zone_job, arrived=self.on_zone, key=lambda asked: asked.whose
        )
        self._ask_snapshots: Ask[Race, tuple[Snapshots, ...]] = Ask(
            compute,
            "snapshots",
            _snapshots_job,
            arrived=self.on_snapshots,
            fits=operator.is_,
            key=lambda _: "snapshots",
        )
        self._rest = Debounce(self, _REST_MS, self._judge)
        self._connect()

    def _connect(self) -> None:
        view, edit = self._window.view(ScheduleView), self._editor.edit
        finished = self._editor.finish_gesture
        view.schedule_wished.connect(
            lambda key, index: edit(edits.choose_schedule, key, _one(index))
        )
        view.schedule_dragged.connect(
            lambda index, schedule: edit(
                edits.set_schedule, schedule, _one(index), gesture="schedule"
            )
        )
        view.lr_dragged.connect(
            lambda index, value: edit(
                edits.set_racer_knob, index, "lr", value, gesture=f"racer_{index}.lr"
            )
        )
        view.drag_finished.connect(finished)
        view.knob_changed.connect(
            lambda index, name, value: edit(
                edits.set_schedule_knob, name, value, _one(index), gesture=f"schedule.{name}"
            )
        )
        view.knob_change_finished.connect(lambda _: finished())
        view.steps_per_epoch_wished.connect(lambda count: edit(edits.set_steps_per_epoch, count))
        view.follow_wished.connect(lambda on: edit(edits.follow_data, on))
        view.racer_wished.connect(self.on_racer_wished)
        view.log_wished.connect(self.on_log_wished)
        view.zone_wished.connect(self.on_zone_wished)
        view.plot.installEventFilter(self)

    def begin(self, settings: Settings) -> None:
        """Show what was remembered of the axis and the zone."""
        self._settings = settings
        self._mode, self._band = settings.zone_mode, settings.zone_band
        view = self._window.view(ScheduleView)
        view.show_log(settings.log_rate)
        view.show_zone_mode(self._mode, *self._band)
        self.refresh()

    def show_scene(self, old: Scene, new: Scene) -> None:
        """Another racer may be the chosen one now."""
        self.refresh()

    def show_race(self, race: Race) -> None:
        """Judge another race, and take snapshots of it, where its schedules have cycles."""
        self._race = race
        epochs = race.spec.steps / race.spec.steps_per_epoch
        if any(run.entrant.schedule.cycle_ends(epochs) for run in race.runs):
            self._ask_snapshots.want(race)
        else:
            self._ask_snapshots.stop()
            self._snapshots = ()
        self.refresh()

    def on_zone(self, asked: ZoneRequest, zone: Zone) -> None:
        """Shade where ε is productive."""
        self._window.view(ScheduleView).show_zone(zone, zone.clause)

    def on_snapshots(self, _race: Race, snapshots: tuple[Snapshots, ...]) -> None:
        """Show where cycles ended."""
        self._snapshots = snapshots
        self._show_snapshots()

    def on_racer_wished(self, racer_style: int) -> None:
        """Set another racer's schedule, or everybody's."""
        self._window.view(ScheduleView).show_racer(racer_style)
        self.refresh()

    def on_log_wished(self, log: bool) -> None:
        """Draw ε on a logarithmic axis or a linear one, and remember it."""
        self._window.view(ScheduleView).show_log(log)
        if self._settings is not None:
            self._settings.log_rate = log

    def on_zone_wished(self, mode: ZoneMode, low: float, high: float) -> None:
        """Judge epochs in another way, and remember it; a band that cannot be is told of."""
        view = self._window.view(ScheduleView)
        try:
            band((), low, high)
        except PartError as error:
            view.show_zone_mode(self._mode, *self._band)
            view.settings.show_refused(str(error))
            return
        self._mode, self._band = mode, (low, high)
        view.show_zone_mode(mode, low, high)
        if self._settings is not None:
            self._settings.zone_mode, self._settings.zone_band = mode, (low, high)
        self.refresh()

    def view_state(self) -> tuple[ZoneMode, tuple[float, float], int, frozenset[str]]:
        """Give what counts as productive, whose schedule is set, and what it is compared with."""
        view = self._window.view(ScheduleView)
        return self._mode, self._band, view.racer_style, view.compared

    def restore(self, state: tuple[ZoneMode, tuple[float, float], int, frozenset[str]]) -> None:
        """Judge and compare as it was."""
        mode, band_of, racer_style, compared = state
        view = self._window.view(ScheduleView)
        view.show_compared(compared)
        view.show_racer(racer_style)
        self.on_zone_wished(mode, *band_of)

    def refresh(self) -> None:
        """Show the zone and the snapshots of whoever is the chosen one now."""
        self._show_snapshots()
        view, run = self._window.view(ScheduleView), self._chosen_run()
        if self._mode == "off" or run is None:
            self._forget()
            view.show_zone(None, OFF if self._mode == "off" else "")
            return
        if not view.plot.isVisible() or self._is_judged(self._request(run)):
            return
        gesture = self._store.gesture or ""
        if self._mode == "bound" and gesture:
            here = gesture.startswith("schedule") or gesture.endswith(".lr")
            self._rest.soon(_LONGEST_MS if here else _ELSEWHERE_MS)
        else:
            self._rest.now()

    def _judge(self) -> None:
        """Ask for the chosen racer's zone, or judge it by the band at once."""
        view, run = self._window.view(ScheduleView), self._chosen_run()
        if self._mode == "off" or run is None:
            return
        request = self._request(run)
        if self._is_judged(request):
            return
        if self._mode == "band":
            self._forget()
            self._banded = (run, request.whose)
            zone = band(run.lr[request.steps], *self._band)
            view.show_zone(zone, zone.clause)
            return
        before, self._banded = self._ask_zone.wanted, ()
        if before is None or before.whose != request.whose:  # what is shown is somebody else's
            view.show_zone(None, LOOKING)
        self._ask_zone.want(request)

    def _forget(self) -> None:
        self._rest.stop()
        self._ask_zone.stop()
        self._banded = ()

    def _is_judged(self, request: ZoneRequest) -> bool:
        """Say whether this zone is shown, or on its way."""
        if self._banded:
            return self._banded == (request.run, request.whose)
        return request == self._ask_zone.wanted

    def _request(self, run: Run) -> ZoneRequest:
        whose = (
            self._window.view(ScheduleView).chosen,
            run.surface,
            self._epoch,
            self._mode,
            self._band,
        )
        return ZoneRequest(run, self._epoch, whose)

    @property
    def _epoch(self) -> int:
        return self._race.spec.steps_per_epoch if self._race is not None else 1

    def _chosen_run(self) -> Run | None:
        index, race = self._window.view(ScheduleView).chosen, self._race
        if race is None or index is None or len(race.runs) != len(self._store.scene.racers):
            return None
        return race.runs[index]

    def _show_snapshots(self) -> None:
        """Mark snapshots on the stage, and list the chosen racer's."""
        scene, view = self._store.scene, self._window.view(ScheduleView)
        known = self._snapshots if len(self._snapshots) == len(scene.racers) else ()
        marks = [
            SnapshotMark(*shot.place, scene.racers[index].style, shot.step, number)
            for index, found in enumerate(known)
            if scene.shown(index)
            for number, shot in enumerate(found.shots, start=1)
        ]
        self._window.stages.show_snapshots(marks)
        chosen = view.chosen
        if chosen is None or not scene.racers[chosen].schedule.has_cycles:
            view.show_snapshots(None)
        else:
            view.show_snapshots(known[chosen] if known else Snapshots())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self.refresh()  # it has come into sight
        return super().eventFilter(watched, event)


def _one(index: int) -> int | None:
    """Say whom an edit is for: one racer, or everybody."""
    return None if index < 0 else index
