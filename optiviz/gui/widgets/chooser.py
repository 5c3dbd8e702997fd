"""A list to choose from, which leaves letters and digits to the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent


#: Of a list that are seen at once, where the screen is as high: all of every list that there is,
#: since one that is cut shows no sign of it.
_MOST_LINES = 40


class Chooser(QComboBox):
    """A combo box that does not search by typed letters: those are the window's keys.

    The wheel turns it only while it has the focus, so that a panel can be scrolled over it.
    """

    def __init__(
        self, object_name: str, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setAccessibleName(accessible_name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(_MOST_LINES)
        self._by_mouse = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._by_mouse = event.reason() == Qt.FocusReason.MouseFocusReason

    def hidePopup(self) -> None:
        super().hidePopup()
        if self._by_mouse:
            # Whoever came with the mouse has chosen; the next key is the window's.
            self.clearFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().strip() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
