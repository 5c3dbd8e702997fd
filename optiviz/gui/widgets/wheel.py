"""A wheel that is turned: how many whole steps that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

#: What a notch of the wheel counts, in eighths of a degree.
_NOTCH = 120


class WheelSteps:
    """Adds up the turns of a wheel, which may come in small parts, to whole steps."""

    def __init__(self) -> None:
        self._turned = 0

    def take(self, event: QWheelEvent) -> int:
        """Give the steps that a turn completes, up or down; 0 where it is not enough for one."""
        # With Shift some systems turn the wheel sideways.
        self._turned += event.angleDelta().y() or event.angleDelta().x()
        steps = int(self._turned / _NOTCH)
        self._turned -= steps * _NOTCH
        return steps

    def forget(self) -> None:
        """Begin anew: what was turned before belongs to something else."""
        self._turned = 0
