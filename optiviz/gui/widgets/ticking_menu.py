"""A menu in which one ticks several things: it stays open meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent

_TICK_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TickingMenu(QMenu):
    """Ticks and unticks by mouse, Space and Enter without closing; Esc or a click beside closes."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        if self._can_tick(action) and event.button() == Qt.MouseButton.LeftButton:
            assert action is not None
            action.trigger()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() in _TICK_KEYS and self._can_tick(action):
            assert action is not None
            action.trigger()
            return
        super().keyPressEvent(event)

    def _can_tick(self, action: QAction | None) -> bool:
        return action is not None and action.isCheckable() and action.isEnabled()
