"""A sheet in place of the racers' panel: beside stage and instruments, of which it covers none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect

from optiviz.gui.widgets.shows import Shows

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from optiviz.gui.theme.palette import Look

_WIDTH = 364.0  # in unscaled pixels


class LeftSheet(QObject, Shows):
    """Keeps a sheet over a panel, which is as wide as the sheet needs while that is seen."""

    def __init__(self, sheet: QWidget, covered: QWidget) -> None:
        super().__init__(covered)
        over = covered.parentWidget() or covered.window()
        self._sheet, self._covered, self._over = sheet, covered, over
        self._wanted = _WIDTH
        self._own: tuple[int, int] | None = None  # the panel's own widths, while it is wider
        sheet.setParent(over)
        sheet.hide()
        for watched in (over, covered, sheet):
            watched.installEventFilter(self)

    def show_look(self, look: Look) -> None:
        """Take the width of this scale; the panel has taken its own already."""
        self._wanted = look.px(_WIDTH)
        if self._own is not None:
            self._own = None
            self._widen()

    def place(self) -> None:
        """Put the sheet where it belongs."""
        corner = self._covered.mapTo(self._over, QPoint(0, 0))
        self._sheet.setGeometry(QRect(corner, self._covered.size()))

    def _widen(self) -> None:
        if self._own is None:
            self._own = self._covered.minimumWidth(), self._covered.maximumWidth()
        least, most = self._own
        self._covered.setMaximumWidth(max(most, round(self._wanted)))
        self._covered.setMinimumWidth(max(least, round(self._wanted)))

    def _narrow(self) -> None:
        if self._own is not None:
            (least, most), self._own = self._own, None
            self._covered.setMinimumWidth(least)
            self._covered.setMaximumWidth(most)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._sheet:
            if event.type() == QEvent.Type.Show:
                self._widen()
                self.place()
            elif event.type() == QEvent.Type.Hide:
                self._narrow()
        elif event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self._own is not None:
            self.place()
        return super().eventFilter(watched, event)
