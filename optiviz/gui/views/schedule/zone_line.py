"""The line over a schedule's chart: whose the handles and the zone are, and what the zone says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from optiviz.gui.theme.markers import marker_pixmap
from optiviz.gui.theme.palette import RACER_STYLES, Look
from optiviz.gui.widgets.picture import Picture
from optiviz.gui.widgets.readout import Readout

if TYPE_CHECKING:
    from optiviz.engine.zone import Zone
    from optiviz.scene import Racer

_MARKER = 11.0  # of whom the handles and the zone are


class ZoneLine(QWidget):
    """Shows the chosen racer's marker, and the sentence about its zone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._racer_style = -1
        self._marker = Picture("schedule_panel.marker", self)
        self._sentence = Readout(
            "no bound on ε: this rule has none", Qt.AlignmentFlag.AlignLeft, size=0.92, parent=self
        )
        self._sentence.setObjectName("schedule_zone")
        self._sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._marker)
        self._row.addWidget(self._sentence, 1)

    def show_zone(self, zone: Zone | None, sentence: str) -> None:
        """Tell of a zone; why some epochs have no bound has no room here: the tooltip tells it."""
        self._sentence.show_text(sentence if zone is None else zone.brief, said=sentence)
        self._sentence.setToolTip(sentence)

    def show_racer(self, racer: Racer | None) -> None:
        """Show whose it is; ``None``: there are no racers."""
        if racer is not None:
            self._marker.setToolTip(f"The handles and the productive zone are {racer.name}'s")
        style = -1 if racer is None else racer.style
        if style != self._racer_style:
            self._racer_style = style
            self._draw_marker()

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._look = look
        self._row.setSpacing(round(look.px(6)))
        self._sentence.show_look(look)
        self._draw_marker()

    def _draw_marker(self) -> None:
        look, style = self._look, self._racer_style
        self._marker.setVisible(style >= 0)
        if style < 0:
            return
        marker, side = RACER_STYLES[style].marker, look.px(_MARKER)
        color, none = look.color(style), QColor(0, 0, 0, 0)
        self._marker.show_picture(lambda dpr: marker_pixmap(marker, color, none, side, dpr), side)
