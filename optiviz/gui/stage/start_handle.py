"""The start's handle: a dashed circle to drag, or an arrow at the edge where it is out of sight."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from optiviz.gui.drawing.edge import arrow, edge_point
from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.layer import Layer

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look

_RADIUS = 16.0
_DOT = 5.0
_HIT = 20.0  # a target 40 pixels wide
_GAP = 8.0
_WORD = "start"


class StartHandle(Layer):
    """Where all racers start. It only shows; the stage turns drags into wishes."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._point = (0.0, 0.0)
        self._text = HaloText(self.look.font(bold=True), self.look.theme.halo)
        self._held = False
        self._edge = QRectF()

    def show_edge(self, room: QRectF) -> None:
        """Keep the arrow that stands for a start out of sight inside this room."""
        if room != self._edge:
            self._edge = room
            self.changed()

    def show_point(self, x: float, y: float) -> None:
        """Show the start, in data coordinates."""
        if (x, y) != self._point:
            self._point = (x, y)
            self.changed()

    def show_held(self, held: bool) -> None:
        """Show that a hand holds the handle, or is over it."""
        if held != self._held:
            self._held = held
            self.changed()

    def show_look(self, look: Look) -> None:
        """Show the handle in this theme and scale."""
        self._text = HaloText(look.font(bold=True), look.theme.halo, look.zoom)
        super().show_look(look)

    @property
    def in_sight(self) -> bool:
        """Whether the start lies on the stage."""
        return self.projection.shows(*self.projection.pixel(*self._point))

    @property
    def pixel(self) -> QPointF:
        """Where the handle, or else its arrow, stands on the stage."""
        px, py = self.projection.pixel(*self._point)
        if self.in_sight:
            return QPointF(px, py)
        return edge_point(QPointF(px, py), self._edge)

    def holds(self, at: QPointF) -> bool:
        """Say whether a pixel belongs to the handle."""
        way = at - self.pixel
        if math.hypot(way.x(), way.y()) <= max(_HIT, self.look.px(_RADIUS + 4.0)):
            return True
        return not self.in_sight and self.word_room.contains(at)

    def pos(self) -> pg.Point:
        """The start in data coordinates."""
        return pg.Point(*self._point)

    @property
    def word_room(self) -> QRectF:
        """Where the word stands."""
        at, seen = self.pixel, self.projection
        width, height = self._text.width(_WORD), self._text.height
        away = self.look.px(_RADIUS + _GAP)
        left = at.x() - away - width
        if left < 4.0 or (not self.in_sight and left < self._edge.left()):
            left = at.x() + away
        top = min(max(at.y(), height), seen.height - height) - height / 2
        return QRectF(left, top, width, height)

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the handle or its arrow, and the word."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.in_sight:
            self._draw_circle(painter)
        else:
            self._draw_arrow(painter)
        word = self.word_room
        ink = QColor(self.look.theme.ink)
        self._text.draw(painter, _WORD, word.left(), word.center().y(), ink)

    def _draw_circle(self, painter: QPainter) -> None:
        look, theme, at = self.look, self.look.theme, self.pixel
        ink, halo = QColor(theme.ink), QColor(theme.halo)
        radius = look.px(_RADIUS + (1.5 if self._held else 0.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(halo, look.px(5.0)))
        painter.drawEllipse(at, radius, radius)
        width = look.px(2.6 if self._held else 2.0)
        pen = QPen(ink, width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        # Sixteen dashes all around, so that the pattern closes.
        part = math.tau * radius / 16 / width
        pen.setDashPattern([part * 0.6, part * 0.4])
        painter.setPen(pen)
        painter.drawEllipse(at, radius, radius)
        painter.setPen(QPen(halo, look.px(3.0)))
        painter.setBrush(ink)
        painter.drawEllipse(at, look.px(_DOT), look.px(_DOT))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(at, look.px(_DOT), look.px(_DOT))

    def _draw_arrow(self, painter: QPainter) -> None:
        look, at = self.look, self.pixel
        path = arrow(at, QPointF(*self.projection.pixel(*self._point)), look.px(12.0))
        pen = QPen(QColor(look.theme.halo), look.px(4.0))
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
        painter.fillPath(path, QColor(look.theme.ink))
