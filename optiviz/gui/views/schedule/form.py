"""A schedule in numbers and signs: its knobs, its lists, its formula, and what does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.formula_lines import FormulaLines
from optiviz.gui.widgets.knob_form import KnobForm
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.text_field import TextField

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from optiviz.engine import Schedule

_NOTE_LINES = 2


class ScheduleForm(QWidget):
    """Signals: ``knob_changed(name, value)``, ``knob_change_finished(name)``."""

    knob_changed = Signal(str, object)
    knob_change_finished = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._schedule: Schedule | None = None
        self._locked = False
        self._note = QLabel(self)
        self._note.setObjectName("schedule_remark")
        self._note.setProperty("muted", True)
        self._note.setWordWrap(True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.formula = FormulaLines("schedule_formula", self)
        self._label: QLabel | None = None
        self.text: TextField | None = None
        self.form = KnobForm("schedule", self, words=True)
        self.form.knob_changed.connect(self.knob_changed)
        self.form.knob_change_finished.connect(self.knob_change_finished)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._note)
        self._column.addWidget(self.formula)
        self._texts = put_into(self._column, QHBoxLayout())
        self._column.addWidget(self.form)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_schedule(self, schedule: Schedule | None, note: str, *, fits: bool = True) -> None:
        """Show a schedule and what there is to say about it; ``None``: it has no knobs here.

        What does not fit into the race is told in the text's own colour, not in a muted one.
        """
        if schedule is not None:
            self._show_text(schedule)
            self.form.show_part(schedule)
            self.formula.show_formula(schedule.rule)
        self._schedule = schedule
        there = schedule is not None
        self.form.setVisible(there)
        self.formula.setVisible(there)
        for widget in (self._label, self.text):
            if widget is not None:
                widget.setVisible(there)
        self._note.setText(note)
        self._note.setToolTip(note)
        if self._note.property("muted") != fits:
            self._note.setProperty("muted", fits)
            self._note.style().unpolish(self._note)
            self._note.style().polish(self._note)

    def show_locked(self, locked: bool) -> None:
        """Keep the knobs from accidents."""
        self.form.setEnabled(not locked)
        self._locked = locked
        if self.text is not None:
            self.text.setEnabled(not locked)

    def show_look(self, look: Look, color: QColor) -> None:
        """Show it in this theme and scale, its sliders filled in this colour."""
        self._look = look
        self._column.setSpacing(round(look.px(2)))
        self._texts.setSpacing(round(look.px(8)))
        self.form.show_look(look, color)
        self.formula.show_look(look)
        self._note.setFont(look.font(0.88))
        # So many lines of room, so that no sentence moves what is below it.
        self._note.setFixedHeight(_NOTE_LINES * self._note.fontMetrics().lineSpacing())
        for widget in (self._label, self.text):
            if widget is not None:
                widget.setFont(look.font(0.95))

    def _show_text(self, schedule: Schedule) -> None:
        """Show the one knob that is a list, if there is one."""
        found = next((spec for spec in schedule.knobs() if spec.kind == "text"), None)
        if type(schedule) is not type(self._schedule):
            for widget in (self._label, self.text):
                if widget is not None:
                    self._texts.removeWidget(widget)
                    widget.setObjectName("")
                    widget.hide()
                    widget.setParent(None)
                    widget.deleteLater()
            self._label = self.text = None
            if found is not None:
                self._make_text(schedule, found.name, found.label, found.help)
        if found is not None and self.text is not None:
            value = str(schedule.settings()[found.name])
            name = found.name
            self.text.show_value(value, lambda text: schedule.with_knob(name, text))

    def _make_text(self, schedule: Schedule, name: str, label: str, about: str) -> None:
        self._label = QLabel(label, self)
        self._label.setProperty("muted", True)
        self.text = TextField(f"schedule.{name}", f"{schedule.title}, {label}", self)
        self.text.setToolTip(f"{about} Enter takes it, Escape brings back what was.")
        self.text.setEnabled(not self._locked)
        self._label.setBuddy(self.text)
        self.text.text_typed.connect(lambda text: self._on_text_typed(name, text))
        self._texts.addWidget(self._label)
        self._texts.addWidget(self.text, 1)
        for widget in (self._label, self.text):
            widget.setFont(self._look.font(0.95))

    def _on_text_typed(self, name: str, text: str) -> None:
        self.knob_changed.emit(name, text)
        self.knob_change_finished.emit(name)
