"""The gradient of all racers: how it is taken, with its knobs, for the toolbar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from optiviz.engine.gradients import FullGradient, MiniBatch
from optiviz.gui.panels.gradient_chooser import GradientChooser, left_out, travel_of_batches, usual
from optiviz.gui.panels.knob_strip import KnobStrip
from optiviz.gui.widgets.readout import Readout
from optiviz.gui.words import captions
from optiviz.scene import common_gradient

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look
    from optiviz.scene import Scene


class GradientBar(QWidget):
    """Chooses the gradient of every racer, and sets it.

    Signals: ``wished(key)``, ``knob_changed(name, value)``, ``knob_change_finished(name)``.
    """

    wished = Signal(str)
    knob_changed = Signal(str, object)
    knob_change_finished = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locked = False
        self._racers = True
        self.chooser = GradientChooser("gradient_chooser", "Gradient of all racers", self)
        self.chooser.wished.connect(self.wished)
        self.strip = KnobStrip("gradient", self)
        self.strip.knob_changed.connect(self.knob_changed)
        self.strip.knob_change_finished.connect(self.knob_change_finished)
        self._of = Readout(
            "all 2000", Qt.AlignmentFlag.AlignLeft, tone="muted", size=0.93, parent=self
        )
        self._of.setObjectName("gradient.of")
        self._of.setAccessibleName("Examples to choose from")
        self._of.hide()
        self._batches = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.chooser)
        self._row.addWidget(self.strip)
        # Between the number and the button: "8 of 200".
        self.strip.add_beside(self._of)

    def show_scene(self, scene: Scene) -> None:
        """Show how the racers are told their gradients."""
        gradient, surface = common_gradient(scene), scene.surface
        self._racers = bool(scene.racers)
        self.chooser.setEnabled(self._racers and not self._locked)
        self.chooser.show_gradient(gradient)
        told = gradient.about if gradient is not None else "The racers differ: each has its own."
        self.chooser.setToolTip(
            f"Chooses how every racer is told its gradient (arrow keys choose).\n{told}"
        )
        shown = gradient or FullGradient()
        self.strip.show_part(shown, left_out(surface), usual(shown, surface))
        self.strip.major.show_travel("batch_size", *travel_of_batches(shown, surface))
        note = captions.batches(shown, surface)
        self.strip.sheet.show_note(note)
        self._batches = isinstance(shown, MiniBatch)
        if isinstance(shown, MiniBatch):
            count = shown.examples_of(len(surface.examples))
            whole = not shown.replacement and shown.batch_size >= count
            self._of.show_text(f"{'all' if whole else 'of'} {count}")
        self._of.setToolTip(note)
        self.strip.hang()

    def show_folded(self, folded: bool, *, tight: bool = False) -> None:
        """Put all knobs on the sheet, or those that matter into the bar; ``tight``: no more."""
        self.strip.show_folded(folded)
        self._of.setVisible(self._batches and not folded and not tight)

    def show_locked(self, locked: bool) -> None:
        """Keep the gradient from accidents."""
        self._locked = locked
        self.chooser.setEnabled(self._racers and not locked)
        self.strip.show_locked(locked)

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._row.setSpacing(round(look.px(7)))
        self.chooser.setFont(look.font())
        self._of.show_look(look)
        self.strip.show_look(look)

    def least_width(self, *, folded: bool, tight: bool = False) -> int:
        """Say how much of the bar is needed."""
        strip = self.strip.least_width(folded=folded)
        of = self._of.sizeHint().width() + self._row.spacing() if self._batches else 0
        width = self.chooser.sizeHint().width() + (strip + self._row.spacing() if strip else 0)
        return width + (of if not folded and not tight else 0)
