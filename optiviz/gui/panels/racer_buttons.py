"""What can be done with a whole racer: the buttons at the foot of its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optiviz.gui.commands.actions import command
from optiviz.gui.panels.buttons import IconButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHBoxLayout

    from optiviz.gui.theme.palette import Look


class RacerButtons:
    """The buttons of the racer with this place in the scene, from left to right.

    Attributes:
        enabled, solo: whether it is on the stage, and whether it is there alone.
        duplicate, remove: another one like it, and none of it.
    """

    def __init__(self, prefix: str, index: int) -> None:
        key = command("toggle_racer").keys[0] if index == 0 else str(index + 1)
        self.enabled = IconButton(
            f"{prefix}.enabled",
            "On the stage",
            f"Puts this racer on the stage, or takes it off ({key})",
            "eye_off",
            checked_icon="eye",
        )
        self.solo = IconButton(
            f"{prefix}.solo",
            "Solo",
            "Shows this racer alone, or all again",
            "solo",
            checked_icon="solo",
        )
        self.duplicate = IconButton(
            f"{prefix}.duplicate", "Duplicate", "Enters a copy of this racer", "duplicate"
        )
        self.remove = IconButton(
            f"{prefix}.remove", "Remove", "Takes this racer out of the race", "remove"
        )
        self._all = (self.enabled, self.solo, self.duplicate, self.remove)

    def put_into(self, row: QHBoxLayout) -> None:
        """Put all of them into a row that stands in its parent already."""
        for button in self._all:
            row.addWidget(button)

    def show_owner(self, said: str) -> None:
        """Tell assistive tools whose buttons these are."""
        for button in self._all:
            button.setAccessibleName(f"{button.what}, {said}")

    def show_locked(self, locked: bool) -> None:
        """Keep the scene from accidents; turning a racer on and off stays possible."""
        for button in (self.duplicate, self.remove):
            button.setEnabled(not locked)

    def show_look(self, look: Look) -> None:
        """Show the buttons in this theme and scale."""
        for button in self._all:
            button.show_look(look)
