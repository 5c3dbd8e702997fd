"""How the focus came to a widget: whoever comes with the mouse wants other things of its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

_BACK = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}


def only_came_back(event: QFocusEvent) -> bool:
    """Whether nobody came: another window, or a menu, had the focus for a while."""
    return event.reason() in _BACK


def came_by_mouse(event: QFocusEvent, before: bool) -> bool:
    """Whether the focus came by the mouse; where it only came back, how it came ``before``."""
    if only_came_back(event):
        return before
    return event.reason() == Qt.FocusReason.MouseFocusReason
