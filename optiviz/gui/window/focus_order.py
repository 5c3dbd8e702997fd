"""The order of the Tab key: panel by panel, and in each as it is read."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable

_SAME_LINE = 8  # pixels between the middles of what stands on one line


def chain_focus(panels: Iterable[QWidget]) -> None:
    """Let the Tab key go through the panels in this order, in each from top left to bottom right.

    Qt's own order is that in which widgets were made, so a racer that is added late would come
    after everything else.
    """
    order = [widget for panel in panels for widget in _as_read(panel)]
    for before, after in pairwise(order):
        QWidget.setTabOrder(before, after)


def _as_read(panel: QWidget) -> list[QWidget]:
    found = [
        (widget.mapTo(panel, QPoint(0, 0)) + widget.rect().center(), widget)
        for widget in panel.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and widget.window() is panel.window()  # a menu is a window of its own
    ]
    found.sort(key=lambda each: each[0].y())
    lines: list[list[tuple[QPoint, QWidget]]] = []
    for each in found:
        if lines and each[0].y() - lines[-1][0][0].y() <= _SAME_LINE:
            lines[-1].append(each)
        else:
            lines.append([each])
    own = [panel] if panel.focusPolicy() & Qt.FocusPolicy.TabFocus else []
    return own + [
        widget for line in lines for _, widget in sorted(line, key=lambda each: each[0].x())
    ]
