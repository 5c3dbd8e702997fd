"""Racers to choose from, each with its marker; a racer is known by its style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon

from optiviz.gui.theme.markers import marker_pixmap
from optiviz.gui.theme.palette import RACER_STYLES, Look

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QComboBox

_MARKER = 14.0


def list_racers(
    chooser: QComboBox, racers: Iterable[tuple[str, int]], look: Look, first: tuple[str, int] | None
) -> None:
    """List racers by name and style, silently; whoever was chosen stays so where that is possible.

    Args:
        chooser: where.
        racers: their names and styles.
        look: the theme and scale.
        first: what stands above them, such as ("All racers", -1).
    """
    chosen = chooser.currentData()
    side = round(look.px(_MARKER))
    blocked = chooser.blockSignals(True)
    chooser.clear()
    chooser.setIconSize(QSize(side, side))
    if first is not None:
        chooser.addItem(*first)
    for name, racer_style in racers:
        marker = marker_pixmap(
            RACER_STYLES[racer_style].marker,
            look.color(racer_style),
            QColor(0, 0, 0, 0),
            side,
            chooser.devicePixelRatioF(),
        )
        chooser.addItem(QIcon(marker), name, racer_style)
    found = max(chooser.findData(chosen), 0)
    chooser.setCurrentIndex(found if chooser.count() else -1)
    chooser.blockSignals(blocked)
