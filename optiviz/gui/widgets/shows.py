"""What everything in the window can be shown. One overrides only what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optiviz.engine import Race
    from optiviz.gui.theme.palette import Look
    from optiviz.scene import Scene


class Shows:
    """The one protocol by which the window shows its parts what is there. Showing never emits."""

    def show_scene(self, scene: Scene) -> None:
        """Show who races and from where; results follow by themselves."""

    def show_race(self, race: Race) -> None:
        """Show a race's paths and losses."""

    def show_step(self, position: float) -> None:
        """Show the playhead; between two steps it is a fraction."""

    def show_locked(self, locked: bool) -> None:
        """Keep what can be changed here from accidents."""

    def show_look(self, look: Look) -> None:
        """Show everything in this theme and scale."""
