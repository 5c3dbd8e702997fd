"""One racer's gradient: how it is taken, and by which knobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from optiviz.gui.panels.gradient_chooser import GradientChooser, left_out, travel_of_batches, usual
from optiviz.gui.widgets.knob_rows import KnobRows
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.words import captions

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from optiviz.engine import Gradient, Surface
    from optiviz.gui.theme.palette import Look

_NOTE_LINES = 2


class GradientForm(QWidget):
    """Chooses a gradient and sets it.

    Signals: ``wished(key)``, ``knob_changed(name, value)``, ``knob_change_finished(name)``.
    """

    wished = Signal(str)
    knob_changed = Signal(str, object)
    knob_change_finished = Signal(str)

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chooser = GradientChooser(f"{prefix}.gradient", "Gradient", self)
        self.chooser.setToolTip("How this racer is told its gradient (arrow keys choose)")
        self.chooser.wished.connect(self.wished)
        self.rows = KnobRows(f"{prefix}.gradient", self)
        self.rows.knob_changed.connect(self.knob_changed)
        self.rows.knob_change_finished.connect(self.knob_change_finished)
        self._note = QLabel(self)
        self._note.setObjectName(f"{prefix}.gradient.note")
        self._note.setProperty("muted", True)
        self._note.setWordWrap(True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        row = put_into(self._column, QHBoxLayout())
        row.addWidget(self.chooser)
        row.addStretch(1)
        self._column.addWidget(self.rows)
        self._column.addWidget(self._note)

    def show_gradient(self, gradient: Gradient, surface: Surface) -> None:
        """Show a racer's gradient on a surface."""
        self.chooser.show_gradient(gradient)
        self.rows.show_left_out(left_out(surface))
        self.rows.show_part(gradient)
        self.rows.show_defaults(usual(gradient, surface))
        self.rows.show_travel("batch_size", *travel_of_batches(gradient, surface))
        self.rows.setVisible(self.rows.has_rows())
        note = captions.batches(gradient, surface)
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def show_owner(self, said: str) -> None:
        """Tell assistive tools whose gradient it is."""
        self.chooser.setAccessibleName(f"{said}, gradient")
        self.rows.show_owner(f"{said}, gradient")

    def show_look(self, look: Look, color: QColor) -> None:
        """Show it in this theme and scale, its sliders filled in this colour."""
        self._column.setSpacing(round(look.px(2)))
        self._note.setContentsMargins(0, 0, 0, round(look.px(4)))
        self.chooser.setFont(look.font(0.9))
        self.rows.show_look(look, color)
        self._note.setFont(look.font(0.88))
        # So many lines of room, so that no sentence moves what is below it.
        lines = _NOTE_LINES * self._note.fontMetrics().lineSpacing()
        self._note.setFixedHeight(lines + self._note.contentsMargins().bottom())
