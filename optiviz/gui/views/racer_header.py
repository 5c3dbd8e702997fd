"""A switch, and whose run it is about: the line above views that try one racer many times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.chooser import Chooser
from optiviz.gui.widgets.racer_list import list_racers
from optiviz.gui.widgets.switch import Switch

if TYPE_CHECKING:
    from optiviz.scene import Scene


class RacerHeader(QWidget):
    """Signals: ``on_wished(on)``, ``racer_wished(style)``: a racer is known by its style."""

    on_wished = Signal(bool)
    racer_wished = Signal(int)

    def __init__(self, prefix: str, title: str, tip: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = Look()
        self._racers: tuple[tuple[str, int], ...] = ()
        self.switch = Switch(f"{prefix}_on", title, self)
        self.switch.setToolTip(tip)
        self.switch.clicked.connect(self.on_wished)
        self.chooser = Chooser(f"{prefix}_racer", f"{title}: racer", self)
        self.chooser.setToolTip("Whose run is tried again and again")
        self.chooser.setSizeAdjustPolicy(
            Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.chooser.setMinimumContentsLength(4)
        self.chooser.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.chooser.activated.connect(self.on_activated)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.addWidget(self.switch)
        self.row.addWidget(self.chooser, 1)

    def show_scene(self, scene: Scene) -> None:
        """Show who there is to choose from."""
        racers = tuple((racer.name, racer.style) for racer in scene.racers)
        if racers != self._racers:
            self._racers = racers
            self._fill()

    def show_on(self, on: bool) -> None:
        """Show whether it is on."""
        self.switch.show_checked(on)

    def show_racer(self, racer_style: int) -> None:
        """Show whose run it is."""
        index = self.chooser.findData(racer_style)
        if index != self.chooser.currentIndex():
            self.chooser.setCurrentIndex(index)

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._look = look
        self.row.setSpacing(round(look.px(6)))
        self.chooser.setFont(look.font())
        self.switch.show_look(look, QColor(look.theme.accent))
        self._fill()

    def on_activated(self, index: int) -> None:
        """Wish for the racer that was chosen."""
        self.racer_wished.emit(int(self.chooser.itemData(index)))

    def _fill(self) -> None:
        list_racers(self.chooser, self._racers, self._look, None)
