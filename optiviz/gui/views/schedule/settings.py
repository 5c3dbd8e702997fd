"""What a schedule's panel asks beside the schedule: an epoch's length, and which zone is shaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from optiviz.engine import Knob
from optiviz.engine.gradients import MiniBatch
from optiviz.engine.spec import MAX_STEPS
from optiviz.gui.widgets.bubble import Bubble
from optiviz.gui.widgets.compact_chooser import CompactChooser
from optiviz.gui.widgets.number_field import NumberField
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.switch import Switch
from optiviz.gui.words.numbers import allowed_numbers

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look
    from optiviz.scene import Scene

#: The zone's three kinds, each with what it is called.
ZONES = {"bound": "local bound", "band": "fixed band", "off": "off"}
_STEPS = Knob(
    "steps_per_epoch",
    "k",
    "steps per epoch",
    "How many steps of the race make an epoch.",
    3,
    low=1,
    high=MAX_STEPS,
    scale="log",
    travel=(1, 1000),
    integer=True,
)
_ZONE_TIP = (
    "An epoch is productive where ε is between a tenth of the racer's own bound at that epoch's "
    "middle step and that bound, or within a band of your own"
)


def _end(name: str, which: str) -> Knob:
    return Knob(
        name,
        "ε",
        f"{which} end",
        f"The {which} end of the band within which an epoch is productive.",
        1e-3,
        low=0.0,
        high=1e6,
        scale="log",
        travel=(1e-6, 1e2),
    )


class ScheduleSettings(QWidget):
    """Signals: ``steps_wished(count)``, ``follow_wished(on)``, ``zone_wished(mode, low, high)``."""

    steps_wished = Signal(int)
    follow_wished = Signal(bool)
    zone_wished = Signal(str, float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone_label = QLabel("zone", self)
        self.mode = CompactChooser("zone_mode", "Productive zone", self)
        self.mode.setToolTip(_ZONE_TIP)
        self.mode.setMinimumContentsLength(10)
        for mode, title in ZONES.items():
            self.mode.addItem(title, mode)
        self.mode.activated.connect(self.on_zone_changed)
        self._from, self._to = QLabel("from ε", self), QLabel("to", self)
        self.low = NumberField(_end("low", "low"), "zone.low", "Productive zone, low end", self)
        high = _end("high", "high")
        self.high = NumberField(high, "zone.high", "Productive zone, high end", self)
        for field, which in ((self.low, "low"), (self.high, "high")):
            field.setToolTip(
                f"The {which} end of the band of ε that counts as productive. "
                "Arrow keys step, with Shift finer."
            )
            field.value_typed.connect(self.on_zone_changed)
        self._steps_label, self._steps_unit = QLabel("epoch =", self), QLabel("steps", self)
        self.steps = NumberField(_STEPS, "steps_per_epoch", "Steps per epoch", self)
        self.steps.setToolTip(
            f"{_STEPS.help[:-1]}: {allowed_numbers(_STEPS)}. Arrow keys step, with Shift finer."
        )
        self.steps.value_typed.connect(lambda value: self.steps_wished.emit(int(value)))
        self._follow_label = QLabel("one epoch = one pass over the data", self)
        self.follow = Switch("epoch_follows_data", "One epoch is one pass over the data", self)
        self.follow.setToolTip(
            "Makes an epoch as long as the first racer with mini-batches takes to look at every "
            "example once (Space)"
        )
        self.follow.clicked.connect(self.follow_wished)
        self._lay_out()
        self.show_zone("bound", 1e-3, 1.0)

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        # One line for both: the chart above it has the room.
        self._first = put_into(self._column, QHBoxLayout())
        self._first.addWidget(self._zone_label)
        self._first.addWidget(self.mode, 1)
        for widget in (self._steps_label, self.steps, self._steps_unit):
            self._first.addWidget(widget)
        self._band = put_into(self._column, QHBoxLayout())
        self._band.addStretch(1)
        for widget in (self._from, self.low, self._to, self.high):
            self._band.addWidget(widget)
        follows = put_into(self._column, QHBoxLayout())
        follows.addWidget(self._follow_label, 1)
        follows.addWidget(self.follow)

    def show_scene(self, scene: Scene) -> None:
        """Show how long an epoch is."""
        self.steps.show_value(scene.epoch_steps)
        batches = any(isinstance(racer.gradient, MiniBatch) for racer in scene.racers)
        self._follow_label.setVisible(batches)
        self.follow.setVisible(batches)
        self.follow.show_checked(scene.epoch_follows_data)

    def show_zone(self, mode: str, low: float, high: float) -> None:
        """Show which zone is shaded, and the ends of the fixed band."""
        self.mode.setCurrentIndex(self.mode.findData(mode))
        self.low.show_value(low)
        self.high.show_value(high)
        for widget in (self._from, self.low, self._to, self.high):
            widget.setVisible(mode == "band")

    def show_locked(self, locked: bool) -> None:
        """Keep what is the scene's from accidents; the zone only shows."""
        self.steps.setEnabled(not locked)
        self.follow.setEnabled(not locked)

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._column.setSpacing(round(look.px(2)))
        self._first.setSpacing(round(look.px(5)))
        self._band.setSpacing(round(look.px(6)))
        for label in (
            self._zone_label, self._from, self._to, self._follow_label,
            self._steps_label, self._steps_unit,
        ):  # fmt: skip
            label.setFont(look.font(0.95))
        for field in (self.mode, self.low, self.high, self.steps):
            field.setFont(look.font(0.95))
        self.follow.show_look(look, QColor(look.theme.accent))

    def show_refused(self, sentence: str) -> None:
        """Say why a band cannot be."""
        self._take_back()
        Bubble(self.low, sentence)

    def _take_back(self) -> None:
        for told in self.window().findChildren(Bubble, f"{self.low.objectName()}.bubble"):
            told.dismiss()

    def on_zone_changed(self) -> None:
        """Wish for the zone as it is set now."""
        self._take_back()
        mode = str(self.mode.currentData())
        self.zone_wished.emit(mode, self.low.value, self.high.value)
