"""Paint many lines from a numpy array in one call."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from optiviz.gui.drawing.memory import Memory

#: How far lines run into each other, in pixels; else antialiasing leaves a seam between them.
_SEAM = 0.5
_STRAIGHT = 0.97  # the cosine of a turn that needs no joint
_MOST_BENDS = 400  # a trail with more is too dense for single joints to be seen
_MEMORY = Memory(QLineF, 4)


def line_pen(color: QColor, width: float) -> QPen:
    """A pen for ``paint_lines``.

    Its square caps close the seams between lines. With them Qt strokes line by
    line, which is fast: round caps take 5 to 20 times as long.
    """
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    return pen


def paint_lines(painter: QPainter, lines: np.ndarray, pen: QPen) -> None:
    """Paint lines (n, 4), each from x, y to x, y."""
    painter.setPen(pen)
    for first, count in _MEMORY.filled(lines):
        painter.drawLines(first, count)


def paint_trail(painter: QPainter, lines: np.ndarray, color: QColor, width: float) -> None:
    """Paint thick lines (n, 4) that follow each other, with round joints where they bend.

    A pen's own round caps and joints would cost several times as much, since most lines meet
    almost straight: those are only lengthened a little, against the seams.
    """
    if not len(lines):
        return
    joints = bends(lines)
    if len(joints) > _MOST_BENDS:
        paint_lines(painter, lines, line_pen(color, width))
        return
    way = lines[:, 2:] - lines[:, :2]
    way *= _SEAM / np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None]
    pen = line_pen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    paint_lines(painter, np.hstack([lines[:, :2] - way, lines[:, 2:] + way]), pen)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    paint_lines(painter, np.hstack([joints, joints + np.array([0.01, 0.0])]), pen)


def bends(lines: np.ndarray) -> np.ndarray:
    """The points (k, 2) where a line (n, 4) goes on from the one before in another direction."""
    way = lines[:, 2:] - lines[:, :2]
    way /= np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-12)[:, None]
    joined = (lines[1:, :2] == lines[:-1, 2:]).all(axis=1)
    bent = (way[1:] * way[:-1]).sum(axis=1) < _STRAIGHT
    return lines[1:, :2][joined & bent]
