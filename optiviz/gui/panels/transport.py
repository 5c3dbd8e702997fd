"""The transport: to start, step, play, scrub, how many steps, how fast, over and over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from optiviz.engine import MAX_STEPS, Knob
from optiviz.engine.digits import rounded
from optiviz.gui.commands.actions import with_key
from optiviz.gui.panels.buttons import IconButton
from optiviz.gui.panels.step_slider import StepSlider
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.chooser import Chooser
from optiviz.gui.widgets.number_field import NumberField
from optiviz.gui.widgets.readout import Readout
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.shows import Shows
from optiviz.gui.words.numbers import allowed_numbers
from optiviz.scene import has_chance

if TYPE_CHECKING:
    from optiviz.scene import Scene

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)

_STEPS = Knob(
    "steps",
    "steps",
    "steps of the race",
    "How many steps every racer takes.",
    300,
    low=1,
    high=MAX_STEPS,
    scale="log",
    travel=(1, MAX_STEPS),
    integer=True,
)

_SEED = Knob(
    "seed",
    "seed",
    "seed of chance",
    "Which batches and which noise are drawn; the same seed draws the same ones.",
    0,
    low=0,
    high=2**32 - 1,
    travel=(0, 100),
    integer=True,
)


class Transport(QFrame, Shows):
    """The bar at the bottom.

    Signals: ``command_wished(id)`` for the buttons, ``scrub_wished(step)``,
    ``steps_wished(n)``, ``seed_wished(seed)``, ``speed_wished(speed)``, ``loop_wished(on)``.
    """

    command_wished = Signal(str)
    scrub_wished = Signal(float)
    steps_wished = Signal(int)
    seed_wished = Signal(object)  # an int has not enough bits in Qt
    speed_wished = Signal(float)
    loop_wished = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", "bottom")
        self._buttons: list[IconButton] = []
        self._look = Look()
        self._has_chance = self._locked = False
        self._column = QVBoxLayout(self)
        # The slider goes there where the row is too short for it.
        self._above = put_into(self._column, QHBoxLayout())
        row = self._row = put_into(self._column, QHBoxLayout())
        self.setMinimumWidth(1)
        self._button(row, "rewind", "To start", "Goes to the start", "rewind", "to_start")
        self._button(row, "step_back", "Step back", "Goes one step back", "step_back", "step_back")
        self.play = self._button(
            row, "play", "Play", "Plays or pauses the race", "play", "play", 22.0
        )
        self._button(
            row, "step_forward", "Step forward", "Goes one step on", "step_forward", "step_forward"
        )
        self._button(row, "to_end", "To end", "Goes to the end", "to_end", "to_end")
        self.loop = IconButton(
            "loop",
            "Loop",
            "Plays the race over and over, or once",
            "loop",
            checked_icon="loop",
            parent=self,
        )
        self.loop.clicked.connect(self.loop_wished)
        self._buttons.append(self.loop)
        row.addWidget(self.loop)
        self.step = Readout("step 100000", tone="text", parent=self)
        self.step.setObjectName("step")
        self.step.setAccessibleName("Step that is shown")
        self._of = QLabel("of", self)
        self.steps = NumberField(_STEPS, "steps", "Steps of the race", self)
        self.steps.setToolTip(
            f"How many steps the race has: {allowed_numbers(_STEPS)}. "
            "Arrow keys step, with Shift finer."
        )
        self.steps.value_typed.connect(lambda value: self.steps_wished.emit(int(value)))
        self.slider = StepSlider(300, "step_slider", "Step that is shown, slider", self)
        self.slider.setToolTip(
            "Goes through the race. Arrow keys go one step, Page Up and Page Down a twentieth "
            "of the race, Home and End to its ends."
        )
        self.slider.value_slid.connect(self.scrub_wished)
        self.slider.reset_wished.connect(lambda: self.scrub_wished.emit(0.0))
        self._make_seed()
        self.speed = Chooser("speed", "Speed", self)
        self.speed.setToolTip(
            "How fast it plays: at 1× the whole race takes 12 seconds. Arrow keys choose."
        )
        for speed in SPEEDS:
            self.speed.addItem(f"{rounded(speed)}×", speed)
        self.speed.activated.connect(
            lambda index: self.speed_wished.emit(float(self.speed.itemData(index)))
        )
        self._count = put_into(row, QHBoxLayout())
        for widget in (self.step, self._of, self.steps):
            self._count.addWidget(widget)
        row.addWidget(self.slider, 1)
        self._spring = QSpacerItem(0, 0, QSizePolicy.Policy.Expanding)
        self._chance = put_into(row, QHBoxLayout())
        for each in (self.die, self._seed_label, self.seed):
            self._chance.addWidget(each)
        row.addWidget(self.speed)

    def _make_seed(self) -> None:
        self._seed_label = QLabel("seed", self)
        self.seed = NumberField(_SEED, "seed", "Seed of chance", self)
        self.seed.setToolTip(
            f"{_SEED.help} It is {allowed_numbers(_SEED)}. Arrow keys step.\n"
            "It counts where a gradient is a mini-batch's or has noise."
        )
        self._seed_label.setBuddy(self.seed)
        self.seed.value_typed.connect(lambda value: self.seed_wished.emit(int(value)))
        self.die = IconButton(
            "seed_die",
            "Draw another seed",
            with_key("Draws another seed: other batches, other noise", "reseed"),
            "die",
            parent=self,
        )
        self.die.clicked.connect(lambda: self.command_wished.emit("reseed"))
        self._buttons.append(self.die)

    def _button(
        self,
        row: QHBoxLayout,
        object_name: str,
        name: str,
        tip: str,
        icon_name: str,
        identifier: str,
        size: float = 18.0,
    ) -> IconButton:
        button = IconButton(
            object_name, name, with_key(tip, identifier), icon_name, size=size, parent=self
        )
        button.clicked.connect(lambda: self.command_wished.emit(identifier))
        self._buttons.append(button)
        row.addWidget(button)
        return button

    def show_scene(self, scene: Scene) -> None:
        """Show how many steps the race has, and its seed, of use only where there is chance."""
        self.steps.show_value(scene.steps)
        self.slider.show_steps(scene.steps)
        self._has_chance = has_chance(scene)
        self.seed.show_value(scene.seed)
        self._show_use()

    def _show_use(self) -> None:
        for widget in (self._seed_label, self.seed, self.die):
            widget.setEnabled(self._has_chance and not self._locked)

    def show_step(self, position: float) -> None:
        """Show the playhead."""
        self.step.show_text(f"step {int(position)}")
        self.slider.show_value(position)

    def show_playing(self, playing: bool) -> None:
        """Show whether the race is playing."""
        self.play.show_icon("pause" if playing else "play")
        self.play.setAccessibleName("Pause" if playing else "Play")

    def show_speed(self, speed: float) -> None:
        """Show how fast it plays."""
        index = self.speed.findData(speed)
        self.speed.setCurrentIndex(index if index >= 0 else SPEEDS.index(1.0))

    def show_loop(self, loop: bool) -> None:
        """Show whether it plays over and over."""
        self.loop.show_checked(loop)

    def show_locked(self, locked: bool) -> None:
        """Keep the length of the race and its seed from accidents."""
        self.steps.setEnabled(not locked)
        self._locked = locked
        self._show_use()

    def show_look(self, look: Look) -> None:
        """Show the bar in this theme and scale."""
        self._look = look
        self._column.setContentsMargins(*(round(look.px(side)) for side in (14, 8, 14, 8)))
        self._column.setSpacing(round(look.px(4)))
        self._row.setSpacing(round(look.px(7)))
        for group in (self._count, self._chance):
            group.setSpacing(round(look.px(3)))
        for button in self._buttons:
            button.show_look(look)
        for widget in (self._of, self.steps, self._seed_label, self.seed, self.speed):
            widget.setFont(look.font())
        self.step.show_look(look)
        self.slider.show_look(look, QColor(look.theme.accent))
        for field in (self.steps, self.seed):
            field.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._arrange()

    def _arrange(self) -> None:
        """Put the slider above the buttons where the row is too short for it."""
        self._column.activate()
        margins = self._column.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        gap = self._row.spacing()
        chance = (self._seed_label, self.seed)
        widgets = (*self._buttons, self.step, self._of, self.steps, *chance, self.speed)
        bare = sum(widget.sizeHint().width() + gap for widget in widgets)
        above = bare + self.slider.minimumSizeHint().width() > room
        if above == (self._above.indexOf(self.slider) >= 0):
            return
        if above:
            self._row.removeWidget(self.slider)
            self._above.addWidget(self.slider)
            self._row.insertItem(self._row.indexOf(self._chance), self._spring)
        else:
            self._above.removeWidget(self.slider)
            self._row.removeItem(self._spring)
            self._row.insertWidget(self._row.indexOf(self._chance), self.slider, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
