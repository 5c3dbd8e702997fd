"""What every view can be shown. A view overrides only what it needs, and emits only wishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Field, Race
    from optiviz.gui.theme.palette import Look
    from optiviz.scene import Scene


class View(QWidget):
    """A picture of the scene. Showing never emits; a view knows no store, worker or other view."""

    def show_scene(self, scene: Scene) -> None:
        """Show who races and from where; results follow by themselves."""

    def show_race(self, race: Race) -> None:
        """Show a race's paths and losses."""

    def preparation(self) -> Callable[[Race], None]:
        """What to find out about a race before it is shown, for the worker that runs it.

        The function knows what is visible now, no widget; any thread may call it. A race that was
        not prepared is shown as well, only later.
        """
        return _nothing

    def show_ghost(self, race: Race | None) -> None:
        """Show the race as it was before the change under way, or take it away."""

    def show_field(self, field: Field) -> None:
        """Show the surface's heights and contour lines."""

    def show_step(self, position: float) -> None:
        """Show the playhead; between two steps it is a fraction."""

    def show_look(self, look: Look) -> None:
        """Show everything in this theme and scale."""


def _nothing(race: Race) -> None:
    pass
