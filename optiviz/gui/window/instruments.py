"""The instruments of the right column: each is one room in ``views``, and one line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optiviz.gui.views.basins import BasinsView
from optiviz.gui.views.chance import ChanceView
from optiviz.gui.views.curves import CurvesView
from optiviz.gui.views.data import DataView
from optiviz.gui.views.schedule import ScheduleView
from optiviz.gui.views.seeds import SeedsView

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.gui.views.view import View


@dataclass(frozen=True)
class InstrumentKind:
    """One instrument: what it is called, what makes it, and the room it wants.

    Attributes:
        key: its name in settings and object names.
        title: its heading.
        make: makes its view.
        height: the least height of the view, in unscaled pixels; 0: as high as its content.
        most: the most that all of it has while the column is not enlarged.
        grows: whether it takes more than the least where there is room.
    """

    key: str
    title: str
    make: Callable[[], View]
    height: float = 0.0
    most: float = 420.0
    grows: bool = False


INSTRUMENTS = (
    InstrumentKind("curves", "Loss by step", CurvesView, 230.0, grows=True),
    InstrumentKind("schedule", "Schedule", ScheduleView, most=820.0, grows=True),
    InstrumentKind("data", "Data", DataView),
    InstrumentKind("chance", "Chance", ChanceView),
    InstrumentKind("seeds", "Many seeds", SeedsView, 260.0, grows=True),
    InstrumentKind("basins", "Which minimum", BasinsView, 330.0, grows=True),
)
