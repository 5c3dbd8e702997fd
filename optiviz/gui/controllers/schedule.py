"""Schedules: their panel's wishes as edits, and zone and snapshots, asked of the worker."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject

from optiviz.engine import SCHEDULES, PartError
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

    Attributes:
        runs: whose may be shown: the first of them whose zone says something is, else the first.
        styles: the racers' styles, one for each.
        steps_per_epoch: how long an epoch is.
        whose: what else it depends on: the surface, and how epochs are judged.
    """

    runs: tuple[Run, ...]
    styles: tuple[int, ...]
    steps_per_epoch: int
    whose: tuple[object, ...]

    def judged(self, judge: Callable[[Run, Any], Zone]) -> tuple[int, Zone]:
        """Give the zone that says something, and the style of the racer whose it is.

        ``judge`` makes a zone of a run and of the steps at which its epochs are judged, (n,).
        """
        first: tuple[int, Zone] | None = None
        for run, style in zip(self.runs, self.styles, strict=True):
            zone = judge(run, epoch_steps(len(run.lr), self.steps_per_epoch))
            if zone.count:
                return style, zone
            first = first or (style, zone)
        assert first is not None, "a zone is wanted of somebody"
        return first


def _zone_job(
    request: ZoneRequest, cancelled: Callable[[], bool], _report: Any
) -> tuple[int, Zone]:
    return request.judged(lambda run, steps: share(run.lr[steps], bounds(run, steps, cancelled)))


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
    ) -> None:
        super().__init__(window, store)
        self._editor = editor
        self._settings: Settings | None = None
        self._mode: ZoneMode = "bound"
        self._band = (1e-3, 1.0)
        self._race: Race | None = None
        self._banded: ZoneRequest | None = None  # what the band shown was judged for
        self._zone_of: tuple[object, ...] = ()  # whose zone is shown
        self._snapshots: tuple[Snapshots, ...] = ()
        self._ask_zone: Ask[ZoneRequest, tuple[int, Zone]] = Ask(
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
        view.race_wished.connect(
            lambda index, keys: edit(
                edits.race_schedules, index, [key for key in SCHEDULES if key in keys]
            )
        )
        view.racer_wished.connect(self.on_racer_wished)
        view.log_wished.connect(self.on_log_wished)
        view.zone_wished.connect(self.on_zone_wished)
        self._editor.gesture_finished.connect(self.refresh)
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
        """Another racer may be the chosen one now; on another surface, anybody may."""
        if old.surface.key != new.surface.key:
            self._window.view(ScheduleView).show_suggested(None)
        self.refresh()

    def show_opened(self, scene: Scene) -> None:
        """Let the zone of another scene say whose curve is shown."""
        self._window.view(ScheduleView).show_suggested(None)
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

    def on_zone(self, asked: ZoneRequest, found: tuple[int, Zone]) -> None:
        """Shade where ε is productive; if nobody is chosen, for whom that says something."""
        view, (style, zone) = self._window.view(ScheduleView), found
        if len(asked.runs) > 1:
            view.show_suggested(style)
            self._show_snapshots()
        self._zone_of = (style, *asked.whose)
        view.show_zone(zone, zone.clause)

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
        return self._mode, self._band, view.racer_style, view.plot.keys

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
        view, request = self._window.view(ScheduleView), self._request()
        if self._mode == "off" or request is None:
            self._forget()
            view.show_zone(None, OFF if self._mode == "off" else "")
            return
        if not view.plot.isVisible() or self._is_judged(request):
            return
        gesture = self._store.gesture or ""
        if self._mode == "bound" and gesture:
            here = gesture.startswith("schedule") or gesture.endswith(".lr")
            self._rest.soon(_LONGEST_MS if here else _ELSEWHERE_MS)
        else:
            self._rest.now()

    def _judge(self) -> None:
        """Ask for the zone, or judge it by the band at once."""
        request = self._request()
        if self._mode == "off" or request is None or self._is_judged(request):
            return
        if self._mode == "band":
            self._forget()
            self._banded = request
            self.on_zone(request, request.judged(lambda run, at: band(run.lr[at], *self._band)))
            return
        self._banded = None
        if self._zone_of != (request.styles[0], *request.whose):  # shown is somebody else's
            self._zone_of = ()
            self._window.view(ScheduleView).show_zone(None, LOOKING)
        self._ask_zone.want(request)

    def _forget(self) -> None:
        self._rest.stop()
        self._ask_zone.stop()
        self._banded, self._zone_of = None, ()

    def _is_judged(self, request: ZoneRequest) -> bool:
        """Say whether this zone is shown, or on its way."""
        return request == (self._banded or self._ask_zone.wanted)

    def _request(self) -> ZoneRequest | None:
        """Say whose zone is wanted: the chosen racer's, or else of those on the stage.

        Whoever is shown comes first, so that it stays as long as its zone says something; and
        nobody else's takes its place under a hand.
        """
        view, race, scene = self._window.view(ScheduleView), self._race, self._store.scene
        chosen = view.chosen
        if race is None or chosen is None or len(race.runs) != len(scene.racers):
            return None
        whoever = view.target < 0 and self._store.gesture is None and not view.plot.is_held
        others = scene.shown_racers() if whoever else ()
        order = (chosen, *(index for index in others if index != chosen))
        epoch = race.spec.steps_per_epoch
        return ZoneRequest(
            tuple(race.runs[index] for index in order),
            tuple(scene.racers[index].style for index in order),
            epoch,
            (race.spec.surface, epoch, self._mode, self._band),
        )

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
