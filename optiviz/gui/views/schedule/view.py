"""ScheduleView: ε over the race's epochs, drawn, dragged and typed, for all racers or for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from optiviz.gui.theme.palette import Look
from optiviz.gui.views.schedule.course import (
    chosen_racer,
    courses_of,
    epochs_of,
    ghosts_of,
    is_plain,
)
from optiviz.gui.views.schedule.form import ScheduleForm
from optiviz.gui.views.schedule.header import ALL, ScheduleHeader
from optiviz.gui.views.schedule.plot import SchedulePlot
from optiviz.gui.views.schedule.settings import ScheduleSettings
from optiviz.gui.views.schedule.snapshots import SnapshotList
from optiviz.gui.views.schedule.zone_line import ZoneLine
from optiviz.gui.views.view import View
from optiviz.scene import common_schedule

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from optiviz.engine import Race, Schedule
    from optiviz.engine.snapshots import Snapshots
    from optiviz.engine.zone import Zone
    from optiviz.scene import Scene

EVERYBODY = -1
DIFFER = (
    "Each racer has a schedule of its own. Choose a racer above to set one, or a schedule to set "
    "all."
)
_PLOT_HEIGHTS, _PLOT_SHARE = (152.0, 280.0), 0.42


class ScheduleView(View):
    """The schedule's panel. What it tells is for one racer, by index, or for ``EVERYBODY``, −1.

    Signals:
        schedule_wished(key, index), schedule_dragged(index, schedule), lr_dragged(index, value),
            drag_finished(), knob_changed(index, name, value), knob_change_finished(name).
        racer_wished(style): whose schedule is to be set here; ``ALL``, −1: everybody's.
        steps_per_epoch_wished(count), follow_wished(on), log_wished(log).
        zone_wished(mode, low, high): what is productive.
        race_wished(index, keys): copies of a racer should race by these schedules.
    """

    schedule_wished = Signal(str, int)
    schedule_dragged = Signal(int, object)
    lr_dragged = Signal(int, float)
    drag_finished = Signal()
    knob_changed = Signal(int, str, object)
    knob_change_finished = Signal(str)
    racer_wished = Signal(int)
    steps_per_epoch_wished = Signal(int)
    follow_wished = Signal(bool)
    log_wished = Signal(bool)
    zone_wished = Signal(str, float, float)
    race_wished = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("schedule_panel")
        self.setAccessibleName("Schedule")
        self._look = Look()
        self._scene: Scene | None = None
        self._ghost: Race | None = None
        self._racer_style = ALL
        self._suggested: int | None = None
        self._color_of: int | None = None
        self._charted = False  # a hand wants the chart, though ε is constant
        self.header = ScheduleHeader(self)
        self.plot = SchedulePlot(self)
        self.zone_line = ZoneLine(self)
        self.form = ScheduleForm(self)
        self.settings = ScheduleSettings(self)
        self.snapshots = SnapshotList(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        above, below = (self.header, self.zone_line), (self.form, self.settings, self.snapshots)
        for part in (*above, self.plot, *below):
            self._column.addWidget(part, 1 if part is self.plot else 0)

    def _connect(self) -> None:
        header, plot, form, settings = self.header, self.plot, self.form, self.settings
        header.schedule_wished.connect(lambda key: self.schedule_wished.emit(key, self.target))
        header.racer_wished.connect(self.racer_wished)
        header.racer_wished.connect(self.form_changed)
        header.log_wished.connect(self.log_wished)
        header.compare_wished.connect(plot.show_compared)
        header.chart_wished.connect(self.on_chart_wished)
        header.race_wished.connect(self.on_race_wished)
        plot.scrub_wished.connect(self.scrub_wished)
        plot.dragged.connect(lambda schedule: self.schedule_dragged.emit(self.target, schedule))
        plot.lr_dragged.connect(self.on_lr_dragged)
        plot.drag_finished.connect(self.drag_finished)
        form.knob_changed.connect(
            lambda name, value: self.knob_changed.emit(self.target, name, value)
        )
        form.knob_change_finished.connect(self.knob_change_finished)
        settings.steps_wished.connect(self.steps_per_epoch_wished)
        settings.follow_wished.connect(self.follow_wished)
        settings.zone_wished.connect(self.zone_wished)
        settings.zone_wished.connect(self.form_changed)

    @property
    def target(self) -> int:
        """Whose schedule is set here: a racer's index, or ``EVERYBODY``."""
        scene = self._scene
        if scene is None or self._racer_style == ALL:
            return EVERYBODY
        styles = [racer.style for racer in scene.racers]
        return styles.index(self._racer_style) if self._racer_style in styles else EVERYBODY

    @property
    def racer_style(self) -> int:
        """The style of the racer whose schedule is set here, or ``ALL``."""
        return self._racer_style

    @property
    def chosen(self) -> int | None:
        """Whose curve has the handles, and the zone; ``None``: there are no racers."""
        if self._scene is None:
            return None
        held = self.plot.course if self.plot.is_held else None
        wanted = held.racer_style if held else self._wanted_style()
        return chosen_racer(self._scene, wanted, self._suggested)

    @property
    def schedule(self) -> Schedule | None:
        """The schedule that is set here; ``None``: each racer has its own, or there is none."""
        scene = self._scene
        if scene is None or not scene.racers:
            return None
        return common_schedule(scene) if self.target < 0 else scene.racers[self.target].schedule

    def show_scene(self, scene: Scene) -> None:
        self._scene = scene
        if self.target < 0:
            self._racer_style = ALL  # whoever was chosen is no longer there
        self._show_all()

    def show_racer(self, racer_style: int) -> None:
        """Show whose schedule is set here, by its style; ``ALL``: everybody's."""
        self._racer_style = racer_style
        self._show_all()

    def show_suggested(self, racer_style: int | None) -> None:
        """Take this racer's curve, by its style, as long as nobody's is chosen.

        ``None``: the first one's on the stage.
        """
        if racer_style != self._suggested:
            self._suggested = racer_style
            self._show_all()

    def show_ghost(self, race: Race | None) -> None:
        if race is not self._ghost:
            self._ghost = race
            self.plot.show_ghosts(ghosts_of(race, list(self.plot.courses)))

    def show_step(self, position: float) -> None:
        self.plot.show_step(position)

    def show_log(self, log: bool) -> None:
        """Show ε on a logarithmic axis or a linear one."""
        self.header.show_log(log)
        self.plot.show_log(log)

    def show_compared(self, keys: frozenset[str]) -> None:
        """Draw these schedules beside it."""
        self.header.show_compared(keys)
        self.plot.show_compared(keys)

    def show_zone_mode(self, mode: str, low: float, high: float) -> None:
        """Show what counts as productive."""
        self.settings.show_zone(mode, low, high)

    def show_zone(self, zone: Zone | None, sentence: str) -> None:
        """Shade the chosen racer's productive epochs, and tell of them; or only tell."""
        self.plot.show_zone(zone)
        self.zone_line.show_zone(zone, sentence)

    def show_snapshots(self, snapshots: Snapshots | None) -> None:
        """List the chosen racer's snapshots; ``None``: its schedule has no cycles."""
        self.snapshots.show_snapshots(snapshots)

    def show_locked(self, locked: bool) -> None:
        """Keep the scene from accidents; scrubbing, comparing and the zone stay possible."""
        for part in (self.header, self.plot, self.form, self.settings):
            part.show_locked(locked)

    def show_look(self, look: Look) -> None:
        self._look = look
        edge = round(look.px(6))
        self._column.setContentsMargins(edge, 0, edge, edge)
        self._column.setSpacing(round(look.px(4)))
        self.header.show_look(look)
        self.plot.show_look(look)
        self.zone_line.show_look(look)
        self.settings.show_look(look)
        self.snapshots.show_look(look)
        self._color_of = None
        self._show_color()
        self._show_chart()

    def on_race_wished(self, keys: frozenset[str]) -> None:
        """Tell of whom there should be copies: the chosen racer."""
        chosen = self.chosen
        if chosen is not None:
            self.race_wished.emit(chosen, keys)

    def on_lr_dragged(self, value: float) -> None:
        """Tell whose ε a hand drags: the chosen racer's, whoever has the schedule."""
        chosen = self.chosen
        if chosen is not None:
            self.lr_dragged.emit(chosen, value)

    def on_chart_wished(self, on: bool) -> None:
        """Show the chart of a constant ε, or leave it at one line."""
        self._charted = on
        self._show_chart()
        self.form_changed.emit()

    def _show_chart(self) -> None:
        """Show everything, or one line where ε is constant."""
        plain = self._scene is None or is_plain(self._scene)
        on = self._charted or not plain
        self.header.show_chart(on, optional=plain)
        for part in (self.zone_line, self.plot, self.form, self.settings):
            part.setVisible(on)
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred, policy.Expanding if on else policy.Fixed)

    def _wanted_style(self) -> int | None:
        return None if self._racer_style == ALL else self._racer_style

    def _show_all(self) -> None:
        scene = self._scene
        if scene is None:
            return
        chosen, schedule = self.chosen, self.schedule
        self.header.show_scene(scene, self._racer_style, schedule)
        lr = scene.racers[chosen].optimizer.knob("lr") if chosen is not None else None
        courses = courses_of(scene, chosen)
        self.plot.show_courses(courses, scene.steps, lr, has_handles=schedule is not None)
        if self._ghost is not None:
            self.plot.show_ghosts(ghosts_of(self._ghost, courses))
        remark = schedule.remark(epochs_of(scene)) if schedule is not None else None
        about = schedule.about if schedule is not None else DIFFER if scene.racers else ""
        elsewhere = schedule.elsewhere if schedule is not None else ""
        told = f"{remark or about} {elsewhere}".rstrip()
        self.form.show_schedule(schedule, told, fits=remark is None)
        self.settings.show_scene(scene)
        self._show_color()
        self._show_chart()

    def _show_color(self) -> None:
        """Show everything in the chosen racer's colour."""
        scene, chosen, look = self._scene, self.chosen, self._look
        racer = scene.racers[chosen] if scene is not None and chosen is not None else None
        racer_style = racer.style if racer is not None else -1
        self.header.show_chosen(racer.name if racer is not None else "")
        self.zone_line.show_racer(racer)
        if racer_style != self._color_of:
            self._color_of = racer_style
            self.form.show_look(
                look, look.color(racer_style) if racer_style >= 0 else QColor(look.theme.accent)
            )

    # Qt's own

    def sizeHint(self) -> QSize:
        return QSize(round(self._look.px(310)), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Where there is more width, a curve wants more height too.
        least, most = (round(self._look.px(height)) for height in _PLOT_HEIGHTS)
        self.plot.setMinimumHeight(min(max(round(_PLOT_SHARE * self.width()), least), most))
