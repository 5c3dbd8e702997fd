"""The list of slopes, and what of a slope's knobs means something on a surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from optiviz.engine import SLOPES, Slope
from optiviz.engine.slopes import MiniBatch
from optiviz.gui.widgets.chooser import Chooser
from optiviz.gui.words.captions import SYNTHETIC
from optiviz.scene.edits import suited_slope

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from optiviz.engine import Surface

_EACH_ITS_OWN = "each its own"


class SlopeChooser(Chooser):
    """Chooses how the slope is taken. Signal: ``wished(key)``."""

    wished = Signal(str)

    def __init__(
        self, object_name: str, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(object_name, accessible_name, parent)
        self._key = ""
        for key, slope in SLOPES.items():
            self.addItem(slope.title, key)
            self.setItemData(self.count() - 1, slope.about, Qt.ItemDataRole.ToolTipRole)
        self.setPlaceholderText(_EACH_ITS_OWN)
        self.activated.connect(self.on_activated)

    def on_activated(self, index: int) -> None:
        """Tell a new choice; the present one chosen again keeps its knobs."""
        key = str(self.itemData(index))
        if key != self._key:
            self.wished.emit(key)

    def show_slope(self, slope: Slope | None) -> None:
        """Show which one is taken; ``None``: not all racers have the same."""
        self._key = slope.key if slope is not None else ""
        self.setCurrentIndex(self.findData(self._key))


def left_out(surface: Surface) -> frozenset[str]:
    """Name the knobs that mean nothing on a surface: where examples are real, none are made."""
    return SYNTHETIC if surface.has_examples else frozenset()


def usual(slope: Slope, surface: Surface) -> Slope:
    """Give the slope as it is when it is chosen: what a reset goes back to."""
    if surface.has_examples and isinstance(slope, MiniBatch):
        return MiniBatch()  # its noise is the data's own: there is no size to look for
    return suited_slope(surface, slope.key)


def travel_of_batches(slope: Slope, surface: Surface) -> tuple[float, float]:
    """Say from where to where a batch's size may usefully go: to all examples."""
    return 1.0, float(max(2, slope.examples_of(len(surface.examples))))
