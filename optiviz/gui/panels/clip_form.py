"""A racer's gradient clip: none, by norm or by value, and at how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from optiviz.engine import Clip, Knob
from optiviz.gui.widgets.chooser import Chooser
from optiviz.gui.widgets.number_field import NumberField
from optiviz.gui.widgets.rows import put_into

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look

_LIMIT = Knob(
    "limit",
    "limit",
    "clip",
    "The length of the gradient, or the size of each of its components, that is not exceeded.",
    1.0,
    low=1e-9,
    high=1e9,
    scale="log",
    travel=(1e-3, 1e3),
)
_KINDS = (("no clip", None), ("clip by norm", "norm"), ("clip by value", "value"))


class ClipForm(QWidget):
    """Chooses a clip. Signal: ``clip_wished(clip or None)``."""

    clip_wished = Signal(object)

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = Chooser(f"{prefix}.clip", "Clip", self)
        self.kind.setToolTip("Limits the gradient before the step is taken (arrow keys choose)")
        for text, kind in _KINDS:
            self.kind.addItem(text, kind)
        self.kind.activated.connect(lambda _: self._tell())
        self.limit = NumberField(_LIMIT, f"{prefix}.clip.limit", "Clip, limit", self)
        self.limit.setToolTip(_LIMIT.help)
        self.limit.value_typed.connect(lambda _: self._tell())
        self._acted = QLabel(self)
        self._acted.setObjectName(f"{prefix}.clip.acted")
        self._acted.setProperty("muted", True)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = put_into(column, QHBoxLayout())
        row.addWidget(self.kind)
        row.addStretch(1)
        row.addWidget(self.limit, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self._acted)

    def _tell(self) -> None:
        kind = self.kind.currentData()
        self.limit.setEnabled(kind is not None)
        self.clip_wished.emit(Clip(kind, self.limit.value) if kind is not None else None)

    def show_clip(self, clip: Clip | None) -> None:
        """Show a racer's clip."""
        self.kind.setCurrentIndex(self.kind.findData(clip.kind if clip else None))
        self.limit.setEnabled(clip is not None)
        if clip is not None:
            self.limit.show_value(clip.limit)
        self._acted.setVisible(clip is not None)

    def show_acted(self, times: int, steps: int) -> None:
        """Show at how many steps it has acted."""
        self._acted.setText(f"acted at {times} of {steps} steps")

    def show_owner(self, said: str) -> None:
        """Tell assistive tools whose clip it is."""
        self.kind.setAccessibleName(f"{said}, clip")
        self.limit.setAccessibleName(f"{said}, limit of the clip")

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        for widget in (self.kind, self.limit):
            widget.setFont(look.font(0.9))
        self._acted.setFont(look.font(0.85))
