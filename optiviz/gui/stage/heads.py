"""The racers at the playhead: a marker and a name each, or a chevron where one is out of sight."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from optiviz.gui.drawing.edge import apart, arrow, edge_point
from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.layer import Layer
from optiviz.gui.stage.name_places import Name, NamePlaces
from optiviz.gui.theme.markers import paint_marker
from optiviz.gui.theme.palette import RACER_STYLES, Look

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

SIZE = 19.0
_CHEVRON = 9.0
_RING = 5.0
_LONGEST = 22  # characters of a name


@dataclass(frozen=True, eq=False)
class Head:
    """One racer: its path (n, 2), style, name, whether it shows, and when it left the picture."""

    path: np.ndarray
    style: int
    name: str
    shown: bool = True
    gone: float = math.inf  # the step at which it diverged
    lookahead: np.ndarray | None = None  # (n - 1, 2): where it asks for its next gradient

    @property
    def key(self) -> tuple[object, ...]:
        """What its picture depends on; paths in the same memory are the same."""
        path = (self.path.ctypes.data, self.path.shape)
        return (path, self.style, self.name, self.shown, self.gone)

    def looks_to(self, position: float) -> tuple[float, float] | None:
        """Where the racer asks for its next gradient, if that is not where it stands."""
        if self.lookahead is None or not 0.0 <= position < len(self.lookahead):
            return None
        x, y = self.lookahead[int(position)]
        return float(x), float(y)

    def at(self, position: float) -> tuple[float, float]:
        """Where the racer is; between two steps on the way from one to the other."""
        last = len(self.path) - 1
        position = min(max(position, 0.0), float(last))
        step = min(int(position), max(last - 1, 0))
        share = position - step
        a, b = self.path[step], self.path[min(step + 1, last)]
        # Not a + share * (b - a): the difference of two huge numbers may overflow.
        x, y = (1.0 - share) * a + share * b
        return float(x), float(y)


class Heads(Layer):
    """Markers and names of the racers at the playhead.

    Attributes:
        rooms: of the names, as they were drawn last.
    """

    def __init__(self, depth: float, below: Heads | None = None) -> None:
        """``below`` are heads that are drawn before these, whose names are not to be covered."""
        super().__init__(depth)
        self.rooms: list[QRectF] = []
        self._below = below
        self._heads: tuple[Head, ...] = ()
        self._position = 0.0
        self._places = NamePlaces()
        self._avoid: tuple[QRectF, ...] = ()
        self._marks: tuple[QRectF, ...] = ()
        self._edge = QRectF()
        self._text = HaloText(self.look.font(bold=True), self.look.theme.halo)

    def show_heads(self, heads: Sequence[Head]) -> None:
        """Show these racers instead of the last."""
        heads = tuple(heads)
        if [head.key for head in heads] != [head.key for head in self._heads]:
            self.changed()
        self._heads = heads

    def show_position(self, position: float) -> None:
        """Show the racers at the playhead."""
        if position != self._position:
            self._position = position
            self.changed()

    def show_settled(self) -> None:
        """Place names anew, wherever they stood while something moved."""
        self._places.forget()
        self.changed()

    def show_obstacles(self, rooms: Sequence[QRectF], marks: Sequence[QRectF] = ()) -> None:
        """Keep names out of these rooms, and off these marks where that is possible."""
        self._avoid, self._marks = tuple(rooms), tuple(marks)

    def show_edge(self, room: QRectF) -> None:
        """Keep the chevrons of racers out of sight inside this room."""
        if room != self._edge:
            self._edge = room
            self.changed()

    def show_look(self, look: Look) -> None:
        """Show the racers in this theme and scale."""
        self._text = HaloText(look.font(bold=True), look.theme.halo, look.zoom)
        super().show_look(look)

    def pixel(self, index: int) -> QPointF | None:
        """Where a racer's marker stands; ``None`` if it is not on the stage."""
        head = self._heads[index]
        if not head.shown or self._position >= head.gone:
            return None
        px, py = self.projection.pixel(*head.at(self._position))
        return QPointF(px, py) if self.projection.shows(px, py) else None

    def nearest(self, at: QPointF, within: float) -> int:
        """Which racer's marker is nearest to a pixel; -1 if none is within that many pixels."""
        best, least = -1, within
        for index in range(len(self._heads)):
            place = self.pixel(index)
            if place is not None:
                distance = math.hypot(place.x() - at.x(), place.y() - at.y())
                if distance <= least:
                    best, least = index, distance
        return best

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw markers, chevrons and names."""
        look, seen = self.look, self.projection
        size = look.px(SIZE)
        signs: list[QPointF] = []
        names: list[tuple[Name, str, QColor]] = []
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        halo = QColor(look.theme.halo)
        for index, head in enumerate(self._heads):
            if not head.shown or self._position >= head.gone:
                continue
            target = QPointF(*seen.pixel(*head.at(self._position)))
            color = look.color(head.style)
            if seen.shows(target.x(), target.y()):
                at = target
                self._draw_look_ahead(painter, head, at, color)
                paint_marker(painter, RACER_STYLES[head.style].marker, at, size, color, halo)
            else:
                at = edge_point(target, self._edge)
                at = apart(at, self._edge, size, signs, self._avoid)
                signs.append(at)
                self._draw_chevron(painter, at, target, color)
            text = shortened(head.name)
            needed = QSizeF(self._text.width(text), self._text.height + self._text.descent)
            names.append((Name(index, needed, at, size / 2), text, color))
        stage = QRectF(4.0, 4.0, seen.width - 8.0, seen.height - 8.0)
        placed = [name for name, _, _ in names]
        avoid = self._avoid if self._below is None else (*self._avoid, *self._below.rooms)
        self.rooms = self._places.place(placed, stage, avoid, self._marks)
        for room, (_, text, color) in zip(self.rooms, names, strict=True):
            self._text.draw(painter, text, room.left(), room.center().y(), color)

    def _draw_look_ahead(self, painter: QPainter, head: Head, at: QPointF, color: QColor) -> None:
        """Draw where a racer takes its next gradient: a ring at the end of a thin line."""
        place = head.looks_to(self._position)
        if place is None:
            return
        target = QPointF(*self.projection.pixel(*place))
        if not self.projection.shows(target.x(), target.y(), 200.0):
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = self.look.px(_RING)
        for ink, width in ((QColor(self.look.theme.halo), 3.4), (color, 1.5)):
            painter.setPen(QPen(ink, self.look.px(width)))
            painter.drawLine(at, target)
            painter.drawEllipse(target, radius, radius)

    def _draw_chevron(self, painter: QPainter, at: QPointF, target: QPointF, color: QColor) -> None:
        path = arrow(at, target, self.look.px(_CHEVRON))
        pen = QPen(QColor(self.look.theme.halo), self.look.px(3.6))
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
        painter.fillPath(path, color)


def shortened(name: str) -> str:
    """Cut a long name; it is told in full on the racer's card."""
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"
