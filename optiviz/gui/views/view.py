"""What every view can be shown. A view overrides only what it needs, and emits only wishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from optiviz.gui.widgets.shows import Shows

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Field, Race


class View(QWidget, Shows):
    """A picture of the scene. Showing never emits; a view knows no store, worker or other view.

    Signals:
        scrub_wished(position): the playhead should go there.
        form_changed(): it has other widgets now, for the Tab key to go to.
    """

    scrub_wished = Signal(float)
    form_changed = Signal()

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


def _nothing(race: Race) -> None:
    pass
