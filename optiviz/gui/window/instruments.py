"""The instruments of the right column: each is one room in ``views``, and one line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optiviz.engine.gradients import MiniBatch
from optiviz.engine.schedules import Constant
from optiviz.gui.views.basins import BasinsView
from optiviz.gui.views.chance import ChanceView
from optiviz.gui.views.curves import CurvesView
from optiviz.gui.views.data import DataView
from optiviz.gui.views.schedule import ScheduleView
from optiviz.gui.views.seeds import SeedsView
from optiviz.gui.views.surface import SurfacePanel
from optiviz.scene import has_chance

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.gui.state.tabs import TabKey
    from optiviz.gui.views.view import View
    from optiviz.scene import Scene


@dataclass(frozen=True)
class InstrumentKind:
    """One instrument: what it is called, which question it answers, and what makes it.

    How much room it takes is its view's: the least is its ``minimumSizeHint``, and one whose
    vertical size policy is ``Expanding`` takes a share of what is left over.

    Attributes:
        key: its name in settings and object names.
        title: its heading.
        tab: the tab that it stands in.
        is_of_use: whether a scene gives it anything to show; where not, it is not there.
        make: makes its view.
        most: the most that all of it has while it is not enlarged, in unscaled pixels.
    """

    key: str
    title: str
    tab: TabKey
    is_of_use: Callable[[Scene], bool]
    make: Callable[[], View]
    most: float = 460.0


def _always(_: Scene) -> bool:
    return True


def _races(scene: Scene) -> bool:
    return bool(scene.racers)


def _has_batches(scene: Scene) -> bool:
    return any(isinstance(racer.gradient, MiniBatch) for racer in scene.racers)


def _has_data(scene: Scene) -> bool:
    """Say whether there are examples to be seen; a formula's are made for mini-batches."""
    return scene.surface.has_examples or _has_batches(scene)


def has_choice(scene: Scene) -> bool:
    """Say whether chance may decide between minima."""
    return _has_batches(scene) and len(scene.surface.minima) > 1


#: In each tab from top to bottom; where room is short, the lower ones fold first.
INSTRUMENTS = (
    InstrumentKind("curves", "Loss by step", "race", _always, CurvesView),
    InstrumentKind("schedule", "Schedule", "rate", _races, ScheduleView, most=820.0),
    InstrumentKind("data", "Data", "chance", _has_data, DataView),
    InstrumentKind("chance", "Noise floor", "chance", has_chance, ChanceView),
    InstrumentKind("seeds", "Many seeds", "chance", has_chance, SeedsView),
    InstrumentKind("basins", "Which minimum", "chance", has_choice, BasinsView),
    InstrumentKind("surface", "Surface", "surface", _always, SurfacePanel, most=820.0),
)


def tab_of(scene: Scene) -> TabKey:
    """Say which tab answers what a scene is about."""
    if has_chance(scene) or scene.surface.has_examples:
        return "chance"
    if any(racer.schedule != Constant() for racer in scene.racers):
        return "rate"
    return "race"
