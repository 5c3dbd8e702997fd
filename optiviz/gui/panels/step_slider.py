"""The slider over the steps of the race."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from optiviz.engine import Knob
from optiviz.gui.widgets.knob_slider import KnobSlider

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_PAGES = 20  # in the whole race


def _playhead(steps: int) -> Knob:
    text = "The step that is shown."
    return Knob("step", "step", "step", text, 0, low=0, high=steps, travel=(0, steps), integer=True)


class StepSlider(KnobSlider):
    """Each of its positions is a step; between two the handle stands where the playhead is.

    Arrow keys go one step, Page Up and Page Down a twentieth of the race.
    """

    def __init__(
        self, steps: int, object_name: str, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(_playhead(steps), object_name, accessible_name, parent)
        self.show_steps(steps)

    def show_steps(self, steps: int) -> None:
        """Show how long the race is; the playhead stays."""
        if steps == self.maximum() and self._knob == _playhead(steps):
            return
        self._knob = _playhead(steps)
        blocked = self.blockSignals(True)
        self.setRange(0, steps)
        self.setSingleStep(1)
        self.setPageStep(max(1, steps // _PAGES))
        self.blockSignals(blocked)
        self.show_value(min(self.knob_value, steps))

    def position_of(self, value: float) -> float:
        return min(max(value, 0.0), float(self.maximum()))

    def value_of(self, position: float) -> float:
        return float(min(max(round(position), 0), self.maximum()))

    def whole_position(self) -> int:
        # The step that is told everywhere is the last one that the playhead has reached.
        return math.floor(self.position_of(self.knob_value))

    def described(self) -> str:
        return f"{self.whole_position()} of {self.maximum()}"

    def step(self, steps: int, *, fine: bool = False) -> None:
        start = math.floor(self.knob_value) if steps > 0 else math.ceil(self.knob_value)
        self._slide_to(self.value_of(start + steps))

    def page(self, pages: int, *, fine: bool = False) -> None:
        self.step(pages * self.pageStep(), fine=fine)
