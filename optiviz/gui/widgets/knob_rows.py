"""A part's knobs in rows, or one beside the other, made from their declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.knob_row import KnobRow
from optiviz.gui.widgets.rows import put_into

if TYPE_CHECKING:
    from optiviz.engine.part import Knob, KnobValue, Part

_NAME_WIDTH = 24.0  # of a symbol, in unscaled pixels; the same in all forms so that they align


class KnobRows(QWidget):
    """Shows a part's knobs and tells what a hand changes.

    A knob that is a line of text has no row: what it names is chosen elsewhere.

    Signals:
        knob_changed(str, object): a knob's name and its new, allowed value.
        knob_change_finished(str): that change is over: one entry for undo ends here.
    """

    knob_changed = Signal(str, object)
    knob_change_finished = Signal(str)

    def __init__(
        self,
        prefix: str,
        parent: QWidget | None = None,
        *,
        horizontal: bool = False,
        minor: bool | None = None,
        words: bool = False,
    ) -> None:
        """Begin without a part.

        ``minor`` limits the rows to the minor knobs, or to the others; ``None``: all of them.
        ``words`` names the knobs in words, and not by their symbols.
        """
        super().__init__(parent)
        self._words = words
        self._prefix = prefix
        self._horizontal = horizontal
        self._minor = minor
        self._part: Part | None = None
        self._defaults: Part | None = None
        self._owner = ""
        self._left_out: frozenset[str] = frozenset()
        self._rows: dict[str, KnobRow] = {}
        self._look = Look()
        self._color = QColor(self._look.theme.accent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def part(self) -> Part | None:
        """The part that is shown."""
        return self._part

    def has_rows(self) -> bool:
        """Say whether there is a knob to be seen."""
        return any(name not in self._left_out for name in self._rows)

    def show_part(self, part: Part) -> None:
        """Show a part's settings; a part of another type gets rows of its own."""
        rebuild = type(part) is not type(self._part)
        self._part = part
        if rebuild:
            self._build(part)
        values = part.settings()
        for name, row in self._rows.items():
            row.show_value(values[name])
        self._on_shown()

    def show_defaults(self, part: Part) -> None:
        """Take what a reset goes back to from this part, if it is of the type that is shown."""
        self._defaults = part
        self._show_defaults()

    def show_owner(self, owner: str) -> None:
        """Tell assistive tools whose knobs these are; without a name they are the part's."""
        self._owner = owner
        self._tell_owner()

    def show_left_out(self, names: frozenset[str]) -> None:
        """Leave out the knobs that mean nothing now."""
        if names != self._left_out:
            self._left_out = names
            self._show_visible()

    def show_travel(self, name: str, low: float, high: float) -> None:
        """Let the slider of a knob go from one value to another."""
        if name in self._rows:
            self._rows[name].show_travel(low, high)

    def show_horizontal(self, horizontal: bool) -> None:
        """Put the knobs one beside the other, or one below the other."""
        if horizontal != self._horizontal:
            self._horizontal = horizontal
            self._lay_out_rows()
            self.show_look(self._look, self._color)

    def width_beside(self) -> int:
        """Say how much room the knobs need at least, one beside the other."""
        rows = [row for row in self._rows.values() if self._is_shown(row.knob)]
        widgets = [widget for row in rows for widget in row.widgets()]
        between = self._grid.horizontalSpacing() * (len(widgets) - 1)
        return sum(each.minimumSizeHint().width() for each in widgets) + max(between, 0)

    def focus_first(self) -> None:
        """Take the keyboard to the first knob."""
        shown = [row for row in self._rows.values() if self._is_shown(row.knob)]
        if shown:
            (shown[0].slider or shown[0].editor).setFocus(Qt.FocusReason.TabFocusReason)

    def show_look(self, look: Look, color: QColor) -> None:
        """Show the knobs in this theme and scale, their sliders filled in this colour."""
        self._look = look
        self._color = QColor(color)
        self._grid.setHorizontalSpacing(round(look.px(8.0)))
        self._grid.setVerticalSpacing(round(look.px(2.0)))
        self._grid.setColumnStretch(1, 0 if self._horizontal else 1)
        self._grid.setColumnMinimumWidth(0, 0 if self._horizontal else round(look.px(_NAME_WIDTH)))
        for row in self._rows.values():
            row.show_look(look, self._color)
        self._show_visible()

    def reset(self, name: str) -> None:
        """Set a knob to its default as a hand would."""
        row = self._rows[name]
        if self._part is None or self._part.settings()[name] == row.default:
            return
        self.on_changed(name, row.default)
        row.show_value(row.default)
        self.knob_change_finished.emit(name)

    def on_changed(self, name: str, value: KnobValue) -> None:
        """Remember and tell what a hand changed."""
        if self._part is not None:
            self._part = self._part.with_knob(name, value)
        self._on_shown()
        self.knob_changed.emit(name, value)

    def _build(self, part: Part) -> None:
        self._clear()
        for spec in part.knobs():
            if spec.kind == "text" or self._minor not in (None, spec.minor):
                continue
            row = KnobRow(spec, self._owner or part.title, self._prefix, self, words=self._words)
            self._rows[spec.name] = row
            # The name travels as a default argument: the loop's variable moves on.
            row.changed.connect(lambda value, name=spec.name: self.on_changed(name, value))
            row.finished.connect(lambda name=spec.name: self.knob_change_finished.emit(name))
            row.reset_wished.connect(lambda name=spec.name: self.reset(name))
        self._lay_out_rows()
        self._tell_owner()
        self._show_defaults()
        self.show_look(self._look, self._color)

    def _lay_out_rows(self) -> None:
        """Put every row where it belongs."""
        for line, row in enumerate(self._rows.values()):
            self._place(row, line)

    def _place(self, row: KnobRow, line: int) -> None:
        self._take_out(row)
        middle, side = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag
        # Beside each other, a number belongs to the slider before it, not to the name after it.
        row.align_number(side.AlignLeft if self._horizontal else side.AlignRight)
        if self._horizontal:
            for column, widget in enumerate(row.widgets(), start=3 * line):
                self._grid.addWidget(widget, 0, column, middle)
        elif row.slider is None:
            # In a line of its own: a long list must not make the columns of the numbers wider.
            row.line = put_into(self._grid, QHBoxLayout(), line, 0, 1, 3)
            row.line.addWidget(row.label, 1, middle)
            row.line.addWidget(row.editor, 0, middle)
        else:
            self._grid.addWidget(row.label, line, 0, middle)
            self._grid.addWidget(row.slider, line, 1)
            self._grid.addWidget(row.editor, line, 2, middle)

    def _take_out(self, row: KnobRow) -> None:
        """Take a row out of the grid, with the line that was its own."""
        for widget in row.widgets():
            (row.line or self._grid).removeWidget(widget)
        if row.line is not None:
            self._grid.removeItem(row.line)
            row.line.deleteLater()
            row.line = None

    def _clear(self) -> None:
        for row in self._rows.values():
            self._take_out(row)
            for widget in row.widgets():
                # Its name goes at once: its successor has the same one, and is to be found by it.
                widget.setObjectName("")
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
            row.deleteLater()
        self._rows = {}

    def _show_defaults(self) -> None:
        if self._part is None:
            return
        own = type(self._defaults) is type(self._part)
        tuned = self._defaults.settings() if own and self._defaults is not None else {}
        for name, row in self._rows.items():
            row.show_default(tuned.get(name, row.knob.default))
        self._on_shown()

    def _show_visible(self) -> None:
        for row in self._rows.values():
            shown = self._is_shown(row.knob)
            for widget in row.widgets():
                widget.setVisible(shown)

    def _is_shown(self, spec: Knob) -> bool:
        return spec.name not in self._left_out

    def _tell_owner(self) -> None:
        owner = self._owner_name()
        for row in self._rows.values():
            row.show_owner(owner)

    def _owner_name(self) -> str:
        return self._owner or (self._part.title if self._part is not None else "")

    def _on_shown(self) -> None:
        """Follow what is shown now; for a form that tells of it elsewhere too."""
