"""A part's knobs in a bar, and the sheet below it for those that have no room there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from optiviz.gui.theme.icons import show_icon
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.knob_rows import KnobRows

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QMoveEvent, QResizeEvent, QShowEvent

    from optiviz.engine.part import Part

_WIDTH = 290.0  # of a sheet, in unscaled pixels
_NOTE_LINES = 2
_ICON = 14.0


class KnobSheet(QFrame):
    """A card that hangs below a bar and stays until it is closed. Signal: ``close_wished()``."""

    close_wished = Signal()

    def __init__(self, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setProperty("card", True)
        self._heading = QLabel(self)
        self._heading.setProperty("heading", True)
        self.note = QLabel(self)
        self.note.setObjectName(f"{object_name}.note")
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.note.hide()
        self.column = QVBoxLayout(self)
        self.column.addWidget(self._heading)
        self.column.addWidget(self.note)
        self._width = _WIDTH
        self.hide()

    def show_title(self, title: str) -> None:
        """Show whose knobs these are."""
        self._heading.setText(title)
        self.setAccessibleName(f"Knobs: {title}")

    def show_note(self, sentence: str) -> None:
        """Show a sentence below the knobs, or none."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def show_look(self, look: Look) -> None:
        """Show the sheet in this theme and scale."""
        edge, gap = round(look.px(12)), round(look.px(6))
        self.column.setContentsMargins(edge, gap, edge, edge)
        self.column.setSpacing(gap)
        self._heading.setFont(look.font(bold=True))
        self.note.setFont(look.font(0.88))
        # So many lines of room, so that no sentence moves what is below it.
        self.note.setFixedHeight(_NOTE_LINES * self.note.fontMetrics().lineSpacing())
        self._width = look.px(_WIDTH)

    def hang(self, below: QWidget) -> None:
        """Hang below a widget and the bar that it is in, inside the parent."""
        parent = self.parentWidget()
        if parent is None:
            return
        bar: QWidget | None = below
        while bar is not None and bar.parentWidget() is not parent:
            bar = bar.parentWidget()
        if bar is None:
            return
        self.ensurePolished()
        column, width = self.column, min(round(self._width), parent.width())
        column.activate()
        follows = column.hasHeightForWidth()  # only while there is a note
        height = column.totalHeightForWidth(width) if follows else column.totalSizeHint().height()
        self.resize(width, height)
        left = below.mapTo(parent, QPoint(0, 0)).x()
        self.move(max(0, min(left, parent.width() - width)), bar.geometry().bottom() + 1)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # After a click the focus may be elsewhere; a key that no widget took comes to the window.
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.close_wished.emit()
                return True
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.window().removeEventFilter(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_wished.emit()
        else:
            event.ignore()  # the window knows its keys


class KnobStrip(QWidget):
    """The knobs that matter beside each other, and a button that opens a sheet with the others.

    Where the bar is too short, all are on the sheet. The sheet is to be given a parent that the
    strip lies in, and over which there is room.

    Signals:
        knob_changed(str, object): a knob's name and its new, allowed value.
        knob_change_finished(str): that change is over.
        sheet_opened(): the sheet has come.
    """

    knob_changed = Signal(str, object)
    knob_change_finished = Signal(str)
    sheet_opened = Signal()

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._folded = False
        self._arrow: tuple[object, ...] = ()
        self.sheet = KnobSheet(f"{prefix}.sheet", self)
        self.sheet.close_wished.connect(self.on_close_wished)
        self.major = KnobRows(prefix, self, horizontal=True, minor=False)
        self.minor = KnobRows(prefix, self.sheet, minor=True)
        self.sheet.column.insertWidget(1, self.minor)
        for rows in (self.major, self.minor):
            rows.knob_changed.connect(self.knob_changed)
            rows.knob_change_finished.connect(self.knob_change_finished)
        self.more = QToolButton(self)
        self.more.setObjectName(f"{prefix}.more")
        self.more.setProperty("quiet", True)
        self.more.setCheckable(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow after the word
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(self.on_more_clicked)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.major)
        self._row.addWidget(self.more)

    def add_beside(self, widget: QWidget) -> None:
        """Let a widget stand between the knobs and the button."""
        self._row.insertWidget(self._row.indexOf(self.more), widget)

    def show_part(
        self, part: Part, left_out: frozenset[str] = frozenset(), defaults: Part | None = None
    ) -> None:
        """Show a part's settings without the knobs that mean nothing now."""
        for rows in (self.major, self.minor):
            rows.show_left_out(left_out)
            rows.show_part(part)
            rows.show_defaults(defaults or type(part)())
        self.sheet.show_title(part.title)
        self.more.setAccessibleName(f"{part.title}, more knobs")
        self.more.setToolTip(f"Shows more knobs of {part.title}, or puts them away (Space)")
        self._show_parts()

    def show_folded(self, folded: bool) -> None:
        """Put all knobs on the sheet, or those that matter into the bar."""
        if folded == self._folded:
            return
        self._folded = folded
        if folded:
            self._row.removeWidget(self.major)
            self.sheet.column.insertWidget(1, self.major)
        else:
            self.sheet.column.removeWidget(self.major)
            self._row.insertWidget(0, self.major)
        self.major.show_horizontal(not folded)
        self._show_parts()

    def show_look(self, look: Look) -> None:
        """Show strip and sheet in this theme and scale."""
        self._look = look
        self._row.setSpacing(round(look.px(4)))
        self.sheet.show_look(look)
        for rows in (self.major, self.minor):
            rows.show_look(look, QColor(look.theme.accent))
        side = round(look.px(_ICON))
        self.more.setIconSize(QSize(side, side))
        self.more.setFont(look.font(0.88))
        self._show_parts()

    def show_locked(self, locked: bool) -> None:
        """Keep the knobs from accidents; they can still be looked at."""
        for rows in (self.major, self.minor):
            rows.setEnabled(not locked)

    def least_width(self, *, folded: bool) -> int:
        """Say how much of the bar is needed, with the knobs on the sheet or beside each other."""
        major = self.major.width_beside() if not folded else 0
        more = self.more.sizeHint().width() if self._has_sheet(folded) else 0
        return major + more + (self._row.spacing() if major and more else 0)

    def close_sheet(self) -> None:
        """Put the sheet away."""
        self.more.setChecked(False)
        self._show_parts()

    def on_more_clicked(self, opened: bool) -> None:
        """Open the sheet, or put it away; whoever opens it by a key goes on in it."""
        self._show_parts()
        if not opened:
            return
        self.sheet_opened.emit()
        if self.more.hasFocus():
            (self.major if self._folded and self.major.has_rows() else self.minor).focus_first()

    def on_close_wished(self) -> None:
        """Put the sheet away; whoever was in it goes back to the button."""
        focus = QApplication.focusWidget()
        if focus is None or self.sheet.isAncestorOf(focus):
            self.more.setFocus(Qt.FocusReason.OtherFocusReason)
        self.close_sheet()

    def hang(self) -> None:
        """Keep the sheet below its button."""
        if self.sheet.isVisible():
            self.sheet.hang(self.more)

    def _has_sheet(self, folded: bool) -> bool:
        return self.minor.has_rows() or (folded and self.major.has_rows())

    def _show_parts(self) -> None:
        """Show what there is to see."""
        there = self._has_sheet(self._folded)
        self.major.setVisible(self.major.has_rows())
        self.minor.setVisible(self.minor.has_rows())
        self.more.setVisible(there)
        if not there:
            self.more.setChecked(False)
        opened = self.more.isChecked()
        self.more.setText("knobs" if self._folded and self.major.has_rows() else "more")
        arrow = "chevron_down" if opened else "chevron_right"
        shown = (arrow, self._look, self.devicePixelRatioF())
        if shown != self._arrow:
            self._arrow = shown
            show_icon(self.more, arrow, self._look.theme.muted)
        self.setVisible(there or self.major.has_rows())
        self.sheet.setVisible(opened)
        self.hang()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.hang()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.hang()
