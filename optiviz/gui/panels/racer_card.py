"""One racer's card: who it is, where it stands, what came of it, and its knobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from optiviz.gui.panels.clip_form import ClipForm
from optiviz.gui.panels.gradient_form import GradientForm
from optiviz.gui.panels.name_field import NameField
from optiviz.gui.panels.racer_buttons import RacerButtons
from optiviz.gui.panels.rule_tip import show_rule_tip
from optiviz.gui.theme.icons import marker_pixmap
from optiviz.gui.theme.palette import RACER_STYLES, Look
from optiviz.gui.widgets.fixed_layout_label import FixedLayoutLabel
from optiviz.gui.widgets.knob_form import KnobForm
from optiviz.gui.widgets.picture import Picture
from optiviz.gui.widgets.readout import Readout, Tone
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.words import captions
from optiviz.gui.words.numbers import format_loss

if TYPE_CHECKING:
    from PySide6.QtGui import QHelpEvent, QResizeEvent

    from optiviz.engine import Optimizer, Standing, Surface
    from optiviz.scene import Racer

_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}
_MARKER = 18.0
_BESIDE = 258.0  # on a narrower card the epoch stands below the notes


class RacerCard(QFrame):
    """Shows one racer and tells what a hand wants of it.

    Signals: ``knob_changed(name, value)``, ``knob_change_finished(name)``, ``enabled_wished(on)``,
    ``solo_wished(on)``, ``remove_wished()``, ``duplicate_wished()``, ``rename_wished(text)``,
    ``clip_wished(clip or None)``, ``gradient_wished(key)``, ``gradient_knob_changed(name, value)``,
    ``gradient_knob_change_finished(name)``.
    """

    knob_changed = Signal(str, object)
    knob_change_finished = Signal(str)
    enabled_wished = Signal(bool)
    solo_wished = Signal(bool)
    remove_wished = Signal()
    duplicate_wished = Signal()
    rename_wished = Signal(str)
    clip_wished = Signal(object)
    gradient_wished = Signal(str)
    gradient_knob_changed = Signal(str, object)
    gradient_knob_change_finished = Signal(str)

    def __init__(self, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._racer: Racer | None = None
        self._shown: tuple[object, ...] = ()
        self._raced: tuple[object, ...] = ()
        self._look = Look()
        name = f"racer_{index}"
        self.setObjectName(name)
        self.setProperty("card", True)
        self.marker = Picture(f"{name}.marker", self)
        self.name = NameField(self)
        self.name.setObjectName(f"{name}.name")
        self.name.setToolTip("The racer's name; double-click to change it (F2)")
        self.name.named.connect(self.rename_wished)
        self.place = Readout("=8th", Qt.AlignmentFlag.AlignCenter, tone="badge", size=0.9)
        self.place.setObjectName(f"{name}.place")
        self.loss = Readout("2.51e-300", size=0.95, tone="muted")
        self.loss.setObjectName(f"{name}.loss")
        self.loss.setToolTip("The loss at the playhead")
        self.place.setToolTip(captions.PLACES)
        self.epoch = Readout(captions.epoch(999.9), size=0.88, tone="muted", parent=self)
        self.epoch.setObjectName(f"{name}.epoch")
        self.epoch.setToolTip("How many times over the examples have been looked at by now")
        self.epoch.hide()
        self.outcome = FixedLayoutLabel(f"{name}.outcome", self)
        buttons = self._buttons = RacerButtons(name, index)
        buttons.enabled.clicked.connect(self.enabled_wished)
        buttons.solo.clicked.connect(self.solo_wished)
        buttons.duplicate.clicked.connect(lambda: self.duplicate_wished.emit())
        buttons.remove.clicked.connect(lambda: self.remove_wished.emit())
        self.form = KnobForm(name, self)
        self.form.knob_changed.connect(self.knob_changed)
        self.form.knob_change_finished.connect(self.knob_change_finished)
        self.clip = ClipForm(name, self)
        self.clip.clip_wished.connect(self.clip_wished)
        self.gradient = GradientForm(name, self)
        self.gradient.wished.connect(self.gradient_wished)
        self.gradient.knob_changed.connect(self.gradient_knob_changed)
        self.gradient.knob_change_finished.connect(self.gradient_knob_change_finished)
        for widget in (self.clip, self.gradient):
            widget.hide()
            self.form.more.toggled.connect(widget.setVisible)
        self._lay_out()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._head = put_into(self._column, QHBoxLayout())
        self._head.addWidget(self.marker)
        self._head.addWidget(self.name, 1)
        self._head.addWidget(self.place)
        self._head.addWidget(self.loss)
        self._column.addWidget(self.form)
        self._column.addWidget(self.clip)
        self._column.addWidget(self.gradient)
        self._notes = put_into(self._column, QBoxLayout(QBoxLayout.Direction.LeftToRight))
        self._notes.addWidget(self.form.unusual, 1)
        self._notes.addWidget(
            self.epoch, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        )
        self._foot = put_into(self._column, QHBoxLayout())
        self._foot.addWidget(self.form.more)
        self._foot.addStretch(1)
        self._buttons.put_into(self._foot)
        self._column.addWidget(self.outcome)

    def show_racer(
        self,
        racer: Racer,
        surface: Surface,
        tuned: Optimizer,
        said: str,
        *,
        solo: bool,
        shown: bool,
    ) -> None:
        """Show who this is and how it is set.

        Args:
            racer: the racer.
            surface: what it races on.
            tuned: what a reset goes back to.
            said: a name that no other racer has, for assistive tools.
            solo: whether it is shown alone.
            shown: whether it is on the stage.
        """
        if (racer, surface) != self._raced:
            self._raced = (racer, surface)
            self.form.show_notes(captions.notes(racer, surface, short=True))
            self.gradient.show_gradient(racer.gradient, surface)
        # Gradient and schedule are told of in the notes.
        own = (racer.optimizer, racer.name, racer.style, racer.enabled, racer.clip)
        now = (own, tuned, said, solo, shown)
        if now == self._shown:
            return
        self._shown = now
        changed = self._racer is None or (racer.style, type(racer.optimizer)) != (
            self._racer.style,
            type(self._racer.optimizer),
        )
        self._racer = racer
        self.name.show_name(racer.name)
        self.form.show_part(racer.optimizer)
        self.form.show_defaults(tuned)
        self.clip.show_clip(racer.clip)
        self._show_said(said)
        self._buttons.enabled.show_checked(racer.enabled)
        self._buttons.solo.show_checked(solo)
        if self.property("solo") != solo:
            self.setProperty("solo", solo)
            self.style().polish(self)
        self.marker.setEnabled(shown)
        if changed:
            self.show_look(self._look)

    def _show_said(self, said: str) -> None:
        """Tell assistive tools whose all this is."""
        self.setAccessibleName(f"Racer {said}")
        self.form.show_owner(said)
        self.clip.show_owner(said)
        self.gradient.show_owner(said)
        for widget, what in (
            (self.name, "name"),
            (self.place, "place"),
            (self.loss, "loss"),
            (self.epoch, "passes over the data"),
            (self.outcome.label, "outcome"),
        ):
            widget.setAccessibleName(f"{said}, {what}")
        self._buttons.show_owner(said)

    def show_standing(self, standing: Standing | None, level: bool) -> None:
        """Show the place in the race; ``level``: all have the same."""
        if standing is None:
            self.place.show_text("", "badge")
            return
        place = _ORDINALS.get(standing.place, f"{standing.place}th")
        words = [place, *(["tied"] if standing.tied else [])]
        if not standing.finished:
            words.append("still on its way")
        text = "tied" if level else f"={place}" if standing.tied else place
        done: Tone = "first" if standing.place == 1 else "badge"
        self.place.show_text(text, done if standing.finished else "open", ", ".join(words))

    def show_loss(self, loss: float) -> None:
        """Show the loss at the playhead."""
        self.loss.show_text(format_loss(loss))

    def show_epoch(self, seen: float | None) -> None:
        """Show how many times over the examples have been looked at; nothing: there are none."""
        self.epoch.setVisible(seen is not None)
        if seen is not None:
            self.epoch.show_text(captions.epoch(seen))

    def show_clipped(self, times: int, steps: int) -> None:
        """Show at how many steps the clip has acted."""
        self.clip.show_acted(times, steps)

    def show_outcome(self, sentence: str) -> None:
        """Show what came of the race."""
        if sentence != self.outcome.text():
            self.outcome.show_text(sentence)
            self.outcome.label.setToolTip(sentence)
            self.outcome.label.setAccessibleDescription(sentence)

    def show_locked(self, locked: bool) -> None:
        """Keep the knobs from accidents; turning a racer on and off stays possible."""
        for widget in (self.form, self.clip, self.gradient, self.name):
            widget.setEnabled(not locked)
        self._buttons.show_locked(locked)

    def show_look(self, look: Look) -> None:
        """Show the card in this theme and scale."""
        self._look = look
        edge, gap = round(look.px(10)), round(look.px(6))
        self._column.setSpacing(round(look.px(2)))
        self._head.setSpacing(gap)
        # The buttons reach so much further out that what is drawn on them begins and ends where
        # the text and the numbers do.
        left, right = round(look.px(6)), round(look.px(3))
        self._column.setContentsMargins(edge - left, gap, edge - right, round(look.px(4)))
        self._head.setContentsMargins(left, 0, 2 * right, 0)
        self.clip.show_look(look)
        self._notes.setContentsMargins(left, 0, 2 * right, 0)
        self._notes.setSpacing(0)
        for widget in (self.form, self.clip, self.gradient, self.outcome):
            widget.setContentsMargins(left, 0, right, 0)
        self._foot.setSpacing(0)
        self.name.setFont(look.font(1.08, bold=True))
        outcome = self.outcome.label
        outcome.setFont(look.font(0.88))
        # Two lines of room, so that no sentence moves the cards below it.
        self.outcome.setFixedHeight(2 * outcome.fontMetrics().lineSpacing())
        outcome.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        for readout in (self.place, self.loss, self.epoch):
            readout.show_look(look)
        self._buttons.show_look(look)
        if self._racer is None:
            return
        color = look.color(self._racer.style)
        marker, size = RACER_STYLES[self._racer.style].marker, look.px(_MARKER)
        halo = look.theme.card
        self.marker.show_picture(lambda dpr: marker_pixmap(marker, color, halo, size, dpr), size)
        self.form.show_look(look, color)
        self.gradient.show_look(look, color)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= self._look.px(_BESIDE)
        way = QBoxLayout.Direction
        self._notes.setDirection(way.LeftToRight if beside else way.TopToBottom)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._racer is not None:
            # Made when it is asked for: it holds a picture, of the rule as it is set now.
            show_rule_tip(cast("QHelpEvent", event).globalPos(), self, self._racer, self._look)
            return True
        return super().event(event)
