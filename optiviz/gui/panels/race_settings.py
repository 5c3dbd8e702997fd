"""What all racers share: one ε for all, the start, the finish, and how the ε were tuned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from optiviz.engine import Knob
from optiviz.gui.widgets.number_field import NumberField
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.switch import Switch
from optiviz.gui.words import captions
from optiviz.gui.words.numbers import is_zero

if TYPE_CHECKING:
    from optiviz.engine import Race
    from optiviz.gui.theme.palette import Look
    from optiviz.scene import Scene

_TARGET = Knob(
    "target",
    "target",
    "finish",
    "A racer has finished once its loss is this close to the least in the window.",
    1e-3,
    low=0.0,
    high=1e6,
    scale="log",
    travel=(1e-12, 1e3),
)
_FINISH, _FINISH_ABOVE = "Finish at loss ≤", "Finish at loss ≤ least +"
_KEYS = "Arrow keys step, with Shift finer."


def _coordinate(name: str) -> Knob:
    reach = 1e6
    return Knob(
        name,
        name,
        f"start {name}",
        f"Where the race starts, {name}.",
        0.0,
        low=-reach,
        high=reach,
        travel=(-10.0, 10.0),
    )


_TUNE, _TUNING = "Tune again", "Tuning …"
#: Lines of room to tell how the racers' knobs were chosen.
_RULE_LINES = 3


class RaceSettings(QWidget):
    """Stands below the cards.

    Signals: ``link_wished(on)``, ``target_wished(loss)``, ``start_wished(x, y)``, and
    ``tune_wished()``: the racers' ε should be tuned for the race as it is.
    """

    link_wished = Signal(bool)
    target_wished = Signal(float)
    start_wished = Signal(float, float)
    tune_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = QLabel("One ε for all", self)
        self._start = QLabel("Start x, y", self)
        self._finish = QLabel(_FINISH, self)
        self._finish.setObjectName("race_target.label")
        self.link = Switch("link_lr", "One ε for all", self)
        self._link.setBuddy(self.link)
        self.link.clicked.connect(self.link_wished)
        self.start_x = NumberField(_coordinate("x"), "start_x", "Start, x", self)
        self.start_y = NumberField(_coordinate("y"), "start_y", "Start, y", self)
        for field, name in ((self.start_x, "x"), (self.start_y, "y")):
            field.setToolTip(
                f"Where the race starts, {name}: type it, or drag the start on the stage. {_KEYS}"
            )
            field.value_typed.connect(self.on_start_typed)
        self.target = NumberField(_TARGET, "race_target", "Finish: loss above the least", self)
        self.target.value_typed.connect(self.target_wished)
        for widget in (self._link, self.link):
            widget.setToolTip("Links the learning rates: a change of one is everybody's")
        self._rule = QLabel(self)
        self._rule.setObjectName("tuning_rule")
        self._rule.setProperty("muted", True)
        self._rule.setWordWrap(True)
        self._rule.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.tune = QToolButton(self)
        self.tune.setObjectName("tune_again")
        self.tune.setProperty("compact", True)
        self.tune.setText(_TUNE)
        self.tune.setAccessibleName("Tune ε again")
        self.tune.setToolTip(
            "Finds each racer's ε by the same rule, for this surface, start and finish"
        )
        self.tune.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tune.clicked.connect(lambda: self.tune_wished.emit())
        policy = self.tune.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.tune.setSizePolicy(policy)
        self._scene: Scene | None = None
        self._race: Race | None = None
        self._is_tuned_again = self._is_tuning = self._is_locked = False
        self._lay_out()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._rows: list[QHBoxLayout] = []
        for label, *editors in (
            # What comes and goes stands where nothing moves for it.
            (self._link, self.tune, self.link),
            (self._start, self.start_x, self.start_y),
            (self._finish, self.target),
        ):
            row = put_into(self._column, QHBoxLayout())
            row.addWidget(label, 1)
            for editor in editors:
                row.addWidget(editor)
            self._rows.append(row)
        self._column.addWidget(self._rule)

    def on_start_typed(self, _: float) -> None:
        """Tell where the start is wanted."""
        self.start_wished.emit(self.start_x.value, self.start_y.value)

    def show_scene(self, scene: Scene) -> None:
        """Show the start and the finish, and whether ε is linked."""
        self._scene = scene
        self.link.show_checked(scene.link_lr)
        self.target.show_value(scene.target)
        # Of data the least loss is searched for, which takes a while: it comes with the race.
        raced = self._race is not None and self._race.spec.surface == scene.surface
        self._show_finish(scene, known=raced or not scene.surface.has_examples)
        self.start_x.show_value(scene.start[0])
        self.start_y.show_value(scene.start[1])
        self._show_rule(scene)

    def show_tuned(self, again: bool) -> None:
        """Show whether the racers were tuned for this very race."""
        self._is_tuned_again = again
        if self._scene is not None:
            self._show_rule(self._scene)

    def show_tuning(self, *, busy: bool) -> None:
        """Show that they are being tuned."""
        self._is_tuning = busy
        self.tune.setText(_TUNING if busy else _TUNE)
        self._enable_tune()

    def _show_rule(self, scene: Scene) -> None:
        self._rule.setText(captions.tuning(scene, again=self._is_tuned_again))
        changed = bool(captions.untuned(scene, again=self._is_tuned_again))
        self.tune.setVisible(self._is_tuning or (bool(scene.racers) and changed))

    def _enable_tune(self) -> None:
        self.tune.setEnabled(not (self._is_locked or self._is_tuning))

    def show_race(self, race: Race) -> None:
        """Show at which loss a race's finish is."""
        self._race = race if race.runs else None
        if self._scene is not None:
            self.show_scene(self._scene)

    def _show_finish(self, scene: Scene, *, known: bool) -> None:
        """Say which loss is meant; where the least is not 0, it is not the number in the field."""
        from_zero = known and is_zero(scene.surface.least)
        self._finish.setText(_FINISH if from_zero else _FINISH_ABOVE)
        told = f": {captions.finish(scene.surface, scene.target)}" if known else ""
        tip = f"{_TARGET.help[:-1]}{told}. {_KEYS}"
        self._finish.setToolTip(tip)
        self.target.setToolTip(tip)

    def show_locked(self, locked: bool) -> None:
        """Keep all of it from accidents."""
        for widget in (self.link, self.target, self.start_x, self.start_y):
            widget.setEnabled(not locked)
        self._is_locked = locked
        self._enable_tune()

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        gap = round(look.px(6))
        self._column.setSpacing(gap)
        for row in self._rows:
            row.setSpacing(gap)
        for label in (self._link, self._start, self._finish):
            label.setFont(look.font())
        for field in (self.start_x, self.start_y, self.target):
            field.setFont(look.font())
        self.link.show_look(look, QColor(look.theme.accent))
        self._rule.setFont(look.font(0.88))
        self.tune.setFont(look.font(0.88))
        # So many lines of room, so that no sentence moves what is above it.
        self._rule.setFixedHeight(_RULE_LINES * self._rule.fontMetrics().lineSpacing())
