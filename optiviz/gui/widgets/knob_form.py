"""An editor for any part, made from its knobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from optiviz.gui.theme.icons import show_icon
from optiviz.gui.widgets.fixed_layout_label import FixedLayoutLabel
from optiviz.gui.widgets.knob_rows import KnobRows

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from optiviz.engine.part import Knob
    from optiviz.gui.theme.palette import Look

_ICON = 14.0


class KnobForm(KnobRows):
    """Shows a part's knobs in rows; the minor ones fold away.

    What cannot be seen and is not as usual is told below. Signals: as ``KnobRows`` has them.
    """

    def __init__(self, prefix: str, parent: QWidget | None = None, *, words: bool = False) -> None:
        super().__init__(prefix, parent, words=words)
        self._notes: tuple[str, ...] = ()
        self._unfolded = False
        #: Folds the minor knobs out, and tells below which of them are not as usual. Both lie in
        #: the form, unless its owner puts them elsewhere.
        self.more = self._make_more()
        self.unusual = self._make_unusual()

    def show_notes(self, notes: tuple[str, ...]) -> None:
        """Tell these settings too, which have no knob in the form, where they are not as usual."""
        if notes != self._notes:
            self._notes = notes
            self._on_shown()

    def show_look(self, look: Look, color: QColor) -> None:
        """Show the form in this theme and scale, its sliders filled in this colour."""
        super().show_look(look, color)
        self._show_fold()

    def on_more_clicked(self, unfolded: bool) -> None:
        """Fold the minor knobs out or away."""
        self._unfolded = unfolded
        self._show_visible()
        self._show_fold()

    def _lay_out_rows(self) -> None:
        major = [row for row in self._rows.values() if not row.knob.minor]
        minor = [row for row in self._rows.values() if row.knob.minor]
        line = 0
        for row in major:
            self._place(row, line)
            line += 1
        if minor and self._part is not None:
            count = f"{len(minor)} more of {self._part.title}'s knobs"
            self.more.setToolTip(f"Shows {count}, or folds them away (Space)")
        for widget in (self.more, self.unusual):
            if widget.parent() is self:
                self._grid.addWidget(widget, line, 0, 1, 3)
                line += 1
        self.more.setVisible(bool(minor))
        for row in minor:
            self._place(row, line)
            line += 1

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

    def _make_unusual(self) -> FixedLayoutLabel:
        unusual = FixedLayoutLabel(f"{self._prefix}.unusual", self)
        # It tells values, and the form's width must not follow them.
        unusual.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        unusual.hide()
        return unusual

    def _is_shown(self, spec: Knob) -> bool:
        return super()._is_shown(spec) and (self._unfolded or not spec.minor)

    def _show_fold(self) -> None:
        side = round(self._look.px(_ICON))
        self.more.setIconSize(QSize(side, side))
        name = "chevron_down" if self._unfolded else "chevron_right"
        show_icon(self.more, name, self._look.theme.muted)
        self.more.setText("less" if self._unfolded else "more")
        self.more.setFont(self._look.font(0.88))
        self.unusual.label.setFont(self._look.font(0.88))
        self._on_shown()

    def _tell_owner(self) -> None:
        super()._tell_owner()
        self.more.setAccessibleName(f"{self._owner_name()}, more knobs")

    def _on_shown(self) -> None:
        """Tell the settings that cannot be seen where they are not the usual ones."""
        folded = [] if self._unfolded else [row for row in self._rows.values() if row.knob.minor]
        differing = (row.differs() for row in folded)
        unusual = ", ".join((*(told for told in differing if told), *self._notes))
        if unusual == self.unusual.text():
            return
        before = self._room_of_unusual()
        self.unusual.show_text(unusual)
        self.unusual.setVisible(bool(unusual))
        if self._room_of_unusual() != before:
            self.updateGeometry()  # at once, or the rows would spread for a moment
        self.more.setAccessibleDescription(unusual)

    def _room_of_unusual(self) -> tuple[bool, int]:
        return self.unusual.isHidden(), self.unusual.heightForWidth(self.unusual.width())
