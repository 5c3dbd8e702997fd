"""Paint many lines from a numpy array in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

if TYPE_CHECKING:
    import numpy as np


def line_pen(color: QColor, width: float) -> QPen:
    """A pen for ``paint_lines``.

    Its square caps close the seams between lines. They also keep Qt on its fast way, line by
    line: round caps take 5 to 20 times as long.
    """
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    return pen


def paint_lines(painter: QPainter, lines: np.ndarray, pen: QPen) -> None:
    """Paint lines (n, 4), each from x, y to x, y."""
    if not len(lines):
        return
    array = PrimitiveArray(QLineF, 4)
    array.resize(len(lines))
    array.ndarray()[:] = lines
    painter.setPen(pen)
    painter.drawLines(*array.drawargs())


def mixed(color: QColor | str, ground: QColor | str, share: float) -> QColor:
    """Blend a colour with the ground beforehand: an opaque pen is faster than a clear one."""
    a, b = QColor(color), QColor(ground)
    pairs = ((a.redF(), b.redF()), (a.greenF(), b.greenF()), (a.blueF(), b.blueF()))
    return QColor.fromRgbF(*(share * one + (1 - share) * other for one, other in pairs))
