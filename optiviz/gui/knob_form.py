"""An editor for any part, made from its knobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from optiviz.gui.icons import icon
from optiviz.gui.knob_row import KnobRow
from optiviz.gui.theme import Look

if TYPE_CHECKING:
    from optiviz.engine.part import KnobValue, Part

_NAME_WIDTH = 24.0  # of a symbol, in unscaled pixels; the same in all forms so that they align
_ICON = 14.0


class KnobForm(QWidget):
    """Shows a part's knobs in rows and tells what a hand changes; minor ones fold away.

    Signals:
        knob_changed(str, object): a knob's name and its new, allowed value.
        knob_change_finished(str): that change is over: one entry for undo ends here.
    """

    knob_changed = Signal(str, object)
    knob_change_finished = Signal(str)

    def __init__(
        self, prefix: str, parent: QWidget | None = None, *, horizontal: bool = False
    ) -> None:
        super().__init__(parent)
        self._prefix = prefix
        self._horizontal = horizontal
        self._part: Part | None = None
        self._defaults: Part | None = None
        self._owner = ""
        self._notes: tuple[str, ...] = ()
        self._rows: dict[str, KnobRow] = {}
        self._unfolded = False
        self._look = Look()
        self._color = QColor(self._look.theme.accent)
        #: Folds the minor knobs out, and tells below which of them are not as usual. Both lie in
        #: the form, unless its owner puts them elsewhere.
        self.more = self._make_more()
        self.unusual = self._make_unusual()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 0 if horizontal else 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def part(self) -> Part | None:
        """The part that is shown."""
        return self._part

    def show_part(self, part: Part) -> None:
        """Show a part's settings; a part of another type gets rows of its own."""
        rebuild = type(part) is not type(self._part)
        self._part = part
        if rebuild:
            self._build(part)
        for name, value in part.settings().items():
            self._rows[name].show_value(value)
        self._tell_unusual()

    def show_defaults(self, part: Part) -> None:
        """Take what a reset goes back to from this part, if it is of the type that is shown."""
        self._defaults = part
        self._show_defaults()

    def show_owner(self, owner: str) -> None:
        """Tell assistive tools whose knobs these are; without a name they are the part's."""
        self._owner = owner
        self._tell_owner()

    def show_notes(self, notes: tuple[str, ...]) -> None:
        """Tell these settings too, which have no knob in the form, where they are not as usual."""
        if notes != self._notes:
            self._notes = notes
            self._tell_unusual()

    def show_look(self, look: Look, color: QColor) -> None:
        """Show the form in this theme and scale, its sliders filled in this colour."""
        self._look = look
        self._color = QColor(color)
        self._grid.setHorizontalSpacing(round(look.px(8.0)))
        self._grid.setVerticalSpacing(round(look.px(2.0)))
        if not self._horizontal:
            self._grid.setColumnMinimumWidth(0, round(look.px(_NAME_WIDTH)))
        for row in self._rows.values():
            row.show_look(look, self._color)
        self._show_fold()

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
        self._tell_unusual()
        self.knob_changed.emit(name, value)

    def on_more_clicked(self, unfolded: bool) -> None:
        """Fold the minor knobs out or away."""
        self._unfolded = unfolded
        self._show_fold()

    def _build(self, part: Part) -> None:
        self._clear()
        knobs = part.knobs()
        for spec in knobs:
            row = KnobRow(spec, self._owner or part.title, self._prefix, self)
            self._rows[spec.name] = row
            # The name travels as a default argument: the loop's variable moves on.
            row.changed.connect(lambda value, name=spec.name: self.on_changed(name, value))
            row.finished.connect(lambda name=spec.name: self.knob_change_finished.emit(name))
            row.reset_wished.connect(lambda name=spec.name: self.reset(name))
        line = 0
        for spec in (spec for spec in knobs if not spec.minor):
            self._place(self._rows[spec.name], line)
            line += 1
        minor = [spec for spec in knobs if spec.minor]
        if minor:
            count = f"{len(minor)} more of {part.title}'s knobs"
            self.more.setToolTip(f"Shows {count}, or folds them away (Space)")
        for widget in (self.more, self.unusual):
            if widget.parent() is self:
                self._grid.addWidget(widget, line, 0, 1, 3)
                line += 1
        self.more.setVisible(bool(minor))
        for offset, spec in enumerate(minor):
            self._place(self._rows[spec.name], line + offset)
        self._tell_owner()
        self._show_defaults()
        self.show_look(self._look, self._color)

    def _place(self, row: KnobRow, line: int) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        if self._horizontal:
            # One knob beside the other, each with a slider of its least width: for the toolbar.
            # The number belongs to the slider before it, not to the name after it.
            row.align_number(Qt.AlignmentFlag.AlignLeft)
            for column, widget in enumerate(row.widgets(), start=3 * line):
                self._grid.addWidget(widget, 0, column, middle)
        elif row.slider is None:
            # In a line of its own: a long list must not make the columns of the numbers wider.
            own = QHBoxLayout()
            own.addWidget(row.label, 1, middle)
            own.addWidget(row.editor, 0, middle)
            self._grid.addLayout(own, line, 0, 1, 3)
        else:
            self._grid.addWidget(row.label, line, 0, middle)
            self._grid.addWidget(row.slider, line, 1)
            self._grid.addWidget(row.editor, line, 2, middle)

    def _make_more(self) -> QToolButton:
        more = QToolButton(self)
        more.setObjectName(f"{self._prefix}.more")
        more.setAccessibleName("More knobs")
        more.setToolTip("Shows more knobs, or folds them away (Space)")
        more.setProperty("quiet", True)
        more.setProperty("fold", True)
        more.setCheckable(True)
        more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        more.clicked.connect(self.on_more_clicked)
        return more

    def _make_unusual(self) -> QLabel:
        unusual = QLabel(self)
        unusual.setObjectName(f"{self._prefix}.unusual")
        unusual.setTextFormat(Qt.TextFormat.PlainText)
        unusual.setProperty("muted", True)
        unusual.setWordWrap(True)
        # It tells values, and the form's width must not follow them.
        unusual.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        unusual.hide()
        return unusual

    def _clear(self) -> None:
        for row in self._rows.values():
            for widget in row.widgets():
                self._discard(widget)
            row.deleteLater()
        self._rows = {}
        for own in self._grid.findChildren(QHBoxLayout):
            self._grid.removeItem(own)
            own.deleteLater()

    def _discard(self, widget: QWidget) -> None:
        self._grid.removeWidget(widget)
        # Its name goes at once: its successor has the same one, and is to be found by it.
        widget.setObjectName("")
        widget.hide()
        widget.setParent(None)
        widget.deleteLater()

    def _show_defaults(self) -> None:
        if self._part is None:
            return
        own = type(self._defaults) is type(self._part)
        tuned = self._defaults.settings() if own and self._defaults is not None else {}
        for name, row in self._rows.items():
            row.show_default(tuned.get(name, row.knob.default))
        self._tell_unusual()

    def _show_fold(self) -> None:
        for row in self._rows.values():
            if row.knob.minor:
                for widget in row.widgets():
                    widget.setVisible(self._unfolded)
        side = round(self._look.px(_ICON))
        self.more.setIconSize(QSize(side, side))
        name = "chevron_down" if self._unfolded else "chevron_right"
        self.more.setIcon(icon(name, self._look.theme.muted))
        self.more.setText("less" if self._unfolded else "more")
        self.more.setFont(self._look.font(0.88))
        self.unusual.setFont(self._look.font(0.88))
        self._tell_unusual()

    def _tell_owner(self) -> None:
        owner = self._owner or (self._part.title if self._part is not None else "")
        for row in self._rows.values():
            row.show_owner(owner)
        self.more.setAccessibleName(f"{owner}, more knobs")

    def _tell_unusual(self) -> None:
        """Tell the settings that cannot be seen where they are not the usual ones."""
        folded = [] if self._unfolded else [row for row in self._rows.values() if row.knob.minor]
        differing = (row.differs() for row in folded)
        unusual = ", ".join((*(told for told in differing if told), *self._notes))
        if unusual == self.unusual.text():
            return
        self.unusual.setText(unusual)
        self.unusual.setVisible(bool(unusual))
        self.updateGeometry()  # at once, or the rows would spread for a moment
        self.more.setAccessibleDescription(unusual)
