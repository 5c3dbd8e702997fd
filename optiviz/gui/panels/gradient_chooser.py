"""The list of gradients, and what of a gradient's knobs means something on a surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from optiviz.engine import GRADIENTS, Gradient
from optiviz.engine.gradients import MiniBatch
from optiviz.gui.widgets.chooser import Chooser
from optiviz.gui.words.captions import SYNTHETIC
from optiviz.scene.edits import suited_gradient

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from optiviz.engine import Surface

_EACH_ITS_OWN = "each its own"


class GradientChooser(Chooser):
    """Chooses how the gradient is taken. Signal: ``wished(key)``."""

    wished = Signal(str)

    def __init__(
        self, object_name: str, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(object_name, accessible_name, parent)
        self._key = ""
        for key, gradient in GRADIENTS.items():
            self.addItem(gradient.title, key)
            self.setItemData(self.count() - 1, gradient.about, Qt.ItemDataRole.ToolTipRole)
        self.setPlaceholderText(_EACH_ITS_OWN)
        self.activated.connect(self.on_activated)

    def on_activated(self, index: int) -> None:
        """Tell a new choice; the present one chosen again keeps its knobs."""
        key = str(self.itemData(index))
        if key != self._key:
            self.wished.emit(key)

    def show_gradient(self, gradient: Gradient | None) -> None:
        """Show which one is taken; ``None``: not all racers have the same."""
        self._key = gradient.key if gradient is not None else ""
        self.setCurrentIndex(self.findData(self._key))


def left_out(surface: Surface) -> frozenset[str]:
    """Name the knobs that mean nothing on a surface: where examples are real, none are made."""
    return SYNTHETIC if surface.has_examples else frozenset()


def usual(gradient: Gradient, surface: Surface) -> Gradient:
    """Give the gradient as it is when it is chosen: what a reset goes back to."""
    if surface.has_examples and isinstance(gradient, MiniBatch):
        return MiniBatch()  # its noise is the data's own: there is no size to look for
    return suited_gradient(surface, gradient.key)


def travel_of_batches(gradient: Gradient, surface: Surface) -> tuple[float, float]:
    """Say from where to where a batch's size may usefully go: to all examples."""
    return 1.0, float(max(2, gradient.examples_of(len(surface.examples))))
