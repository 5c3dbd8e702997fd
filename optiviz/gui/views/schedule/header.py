"""The lines above a schedule's plot: which one, whose, what it is compared with, on which axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from optiviz.engine import SCHEDULES
from optiviz.gui.theme.icons import show_icon
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.compact_chooser import CompactChooser
from optiviz.gui.widgets.racer_list import list_racers
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.ticking_menu import TickingMenu
from optiviz.scene import MAX_RACERS

if TYPE_CHECKING:
    from optiviz.engine import Schedule
    from optiviz.scene import Scene

#: Stands for all racers, where one would be known by its style.
ALL = -1
_ICON = 14.0
EACH_ITS_OWN = "each its own"
RACE_NONE = "Race what is ticked"


class ScheduleChooser(CompactChooser):
    """Chooses a schedule. Signal: ``wished(key)``."""

    wished = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("schedule_chooser", "Schedule", parent)
        self.setToolTip("How ε goes over the epochs (arrow keys choose)")
        self._key = ""
        for key, kind in SCHEDULES.items():
            self.addItem(kind.title, key)
            self.setItemData(self.count() - 1, kind.about, Qt.ItemDataRole.ToolTipRole)
        self.setPlaceholderText(EACH_ITS_OWN)
        self.activated.connect(self.on_activated)
        self.setCurrentIndex(-1)

    def on_activated(self, index: int) -> None:
        """Tell a new choice; the present one chosen again keeps its knobs."""
        key = str(self.itemData(index))
        if key != self._key:
            self.wished.emit(key)

    def show_schedule(self, schedule: Schedule | None) -> None:
        """Show which one it is; ``None``: not all racers have the same."""
        self._key = schedule.key if schedule is not None else ""
        self.setCurrentIndex(self.findData(self._key) if self._key else -1)

    def shown_text(self) -> str:
        """Give the text as far as there is room for it."""
        return super().shown_text() if self.currentIndex() >= 0 else EACH_ITS_OWN


class ScheduleHeader(QWidget):
    """What is chosen above the plot.

    Signals: ``schedule_wished(key)``, ``racer_wished(style)`` (``ALL``: everybody),
    ``log_wished(log)``, ``compare_wished(keys)``, ``chart_wished(on)``, ``race_wished(keys)``.
    """

    schedule_wished = Signal(str)
    racer_wished = Signal(int)
    log_wished = Signal(bool)
    compare_wished = Signal(object)
    chart_wished = Signal(bool)
    race_wished = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._log = False
        self._locked = False
        self._chosen = ""
        self._racers: tuple[tuple[str, int], ...] = ()
        self.chooser = ScheduleChooser(self)
        self.chooser.wished.connect(self.schedule_wished)
        self.racer = CompactChooser("schedule_for", "Schedule for", self)
        self.racer.setToolTip("Whose schedule is set here: all racers', or one racer's")
        self.racer.activated.connect(self.on_racer_activated)
        self.chart = QToolButton(self)
        self.chart.setObjectName("schedule_chart")
        self.chart.setAccessibleName("Schedule: chart")
        self.chart.setToolTip("Shows a constant ε on its chart, with the productive zone (Space)")
        self.chart.setText("chart")
        self.chart.setProperty("quiet", True)
        self.chart.setCheckable(True)
        self.chart.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.chart.clicked.connect(self.chart_wished)
        self._title = QLabel("ε by epoch", self)
        self._title.setProperty("heading", True)
        self.compare = self._menu_button(
            "schedule_compare", "Compare schedules", "compare ▾", TickingMenu
        )
        self.compare.setToolTip(
            "Draws other schedules at the same ε and epochs; the list's last line lets them race "
            "(Space)"
        )
        self._actions: dict[str, QAction] = {}
        for key, kind in SCHEDULES.items():
            action = self.compare.menu().addAction(kind.title)
            action.setObjectName(f"schedule_compare.{key}")
            action.setCheckable(True)
            action.triggered.connect(self.on_compared)
            self._actions[key] = action
        self.compare.menu().addSeparator()
        self._race = self.compare.menu().addAction(RACE_NONE)
        self._race.setObjectName("schedule_race")
        self._race.setToolTip(
            "Enters a copy of the chosen racer for each schedule that is ticked; a race has at "
            f"most {MAX_RACERS} racers"
        )
        self.compare.menu().setToolTipsVisible(True)
        self._race.setEnabled(False)
        self._race.triggered.connect(lambda: self.race_wished.emit(self.ticked))
        self.scale = self._menu_button("schedule_scale", "Axis of ε", "linear ▾")
        self.scale.setToolTip("Choose a linear or a logarithmic axis for ε (Space)")
        group = QActionGroup(self)
        self._linear = QAction("Linear", group)
        self._logarithmic = QAction("Logarithmic", group)
        self._linear.setObjectName("schedule_scale.linear")
        self._logarithmic.setObjectName("schedule_scale.log")
        for action in group.actions():
            action.setCheckable(True)
        self.scale.menu().addActions(group.actions())
        group.triggered.connect(self.on_scale_chosen)
        self._lay_out()
        self.show_log(False)

    def _menu_button(
        self, name: str, said: str, text: str, menu_type: type[QMenu] = QMenu
    ) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setProperty("quiet", True)
        button.setAutoRaise(True)
        button.setAccessibleName(said)
        button.setText(text)
        menu = menu_type(button)
        menu.setObjectName(f"{name}.menu")
        button.setMenu(menu)
        button.clicked.connect(lambda: menu.popup(button.mapToGlobal(button.rect().bottomLeft())))
        return button

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._first = put_into(self._column, QHBoxLayout())
        self._second = put_into(self._column, QHBoxLayout())
        # The longest title has room, and so has a racer's name of the usual length.
        self._first.addWidget(self.chooser, 3)
        self._first.addWidget(self.racer, 2)
        self._first.addWidget(self.chart)
        self._second.addWidget(self._title, 1)
        self._second.addWidget(self.compare)
        self._second.addWidget(self.scale)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_scene(self, scene: Scene, racer_style: int, schedule: Schedule | None) -> None:
        """Show who there is to choose from, who is chosen, and by which schedule."""
        racers = tuple((racer.name, racer.style) for racer in scene.racers)
        if racers != self._racers:
            self._racers = racers
            self._fill()
        self.racer.setCurrentIndex(self.racer.findData(racer_style))
        self.chooser.show_schedule(schedule)

    def show_chart(self, on: bool, *, optional: bool) -> None:
        """Show what belongs to the chart, or one line; ``optional``: there is the choice."""
        self.chart.setVisible(optional)
        # Beside the button, "Constant" needs less than the longest title.
        self._first.setStretch(0, 2 if optional else 3)
        self._first.setStretch(1, 3 if optional else 2)
        self.chart.setChecked(on)
        for widget in (self._title, self.compare, self.scale):
            widget.setVisible(on)
        self._show_chevron()

    def _show_chevron(self) -> None:
        name = "chevron_down" if self.chart.isChecked() else "chevron_right"
        show_icon(self.chart, name, self._look.theme.muted)

    @property
    def ticked(self) -> frozenset[str]:
        """The keys of the schedules that are ticked."""
        return frozenset(key for key, action in self._actions.items() if action.isChecked())

    def _show_race(self) -> None:
        """Say who would race if it were asked for."""
        count = len(self.ticked)
        as_copies = f"as copies of {self._chosen}" if self._chosen else "as copies"
        which = "this" if count == 1 else f"these {count}"
        self._race.setText(f"Race {which} {as_copies}" if count else RACE_NONE)
        self._race.setEnabled(bool(count and self._chosen) and not self._locked)

    def show_chosen(self, name: str) -> None:
        """Show of whom the ticked schedules would be copies; empty: there is nobody."""
        if name != self._chosen:
            self._chosen = name
            self._show_race()

    def show_log(self, log: bool) -> None:
        """Show which axis is drawn."""
        self._log = log
        self._logarithmic.setChecked(log)
        self._linear.setChecked(not log)
        self.scale.setText("log ▾" if log else "linear ▾")

    def show_locked(self, locked: bool) -> None:
        """Keep the choice from accidents."""
        self.chooser.setEnabled(not locked)
        self._locked = locked
        self._show_race()

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._look = look
        gap = round(look.px(4))
        self._column.setSpacing(gap // 2)
        for row in (self._first, self._second):
            row.setSpacing(gap)
        everything: tuple[QWidget, ...] = (
            self.chooser, self.racer, self.compare, self.scale, self.chart,
        )  # fmt: skip
        for widget in everything:
            widget.setFont(look.font(0.95))
        self._title.setFont(look.font(0.95, bold=True))
        for button in (self.compare, self.scale):
            button.menu().setFont(look.font())
        side = round(look.px(_ICON))
        self.chart.setIconSize(QSize(side, side))
        self._show_chevron()
        self._fill()

    def on_racer_activated(self, index: int) -> None:
        """Wish for whom it is set here."""
        self.racer_wished.emit(int(self.racer.itemData(index)))

    def show_compared(self, keys: frozenset[str]) -> None:
        """Check the schedules that are compared."""
        for key, action in self._actions.items():
            action.setChecked(key in keys)

    def on_compared(self) -> None:
        """Wish for the schedules that are checked."""
        self._show_race()
        self.compare_wished.emit(self.ticked)

    def on_scale_chosen(self, action: QAction) -> None:
        """Wish for the axis that was chosen; it changes when it is shown."""
        log = action is self._logarithmic
        changed = log != self._log
        self.show_log(self._log)
        if changed:
            self.log_wished.emit(log)

    def _fill(self) -> None:
        list_racers(self.racer, self._racers, self._look, ("All racers", ALL))
