"""Where racers' cycles ended: small numbered marks on their paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter, QPen

from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.layer import Layer
from optiviz.gui.stage.labels import ABOVE, BELOW, CORNERS, LEFT, RIGHT, around, first_free

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optiviz.gui.drawing.projection import Projection
    from optiviz.gui.theme.palette import Look

_RADIUS = 4.5
_AHEAD = 0.45  # opacity of what the playhead has not reached
#: Of one racer with more marks than this, the later ones have no number.
_MOST_NUMBERS = 12
_MOST = 200


@dataclass(frozen=True)
class SnapshotMark:
    """One snapshot: its point in data coordinates, its racer's style, its step and its number."""

    x: float
    y: float
    racer_style: int
    step: int
    number: int


class StageSnapshots(Layer):
    """A dot in the racer's colour with a halo, and its number beside it.

    Where marks lie on top of each other, their numbers are written in a row; one that would lie
    over another text all the same is left out.
    """

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._marks: tuple[SnapshotMark, ...] = ()
        self._position = 0.0
        self._avoid: tuple[tuple[QRectF, ...], tuple[QRectF, ...]] = ((), ())
        self._numbers: list[tuple[SnapshotMark, QRectF]] | None = None  # found when first asked for
        self._text = HaloText(self.look.font(0.8, bold=True), self.look.theme.halo)
        self.setVisible(False)

    @property
    def marks(self) -> tuple[SnapshotMark, ...]:
        """What is shown."""
        return self._marks

    def show_marks(self, marks: Sequence[SnapshotMark]) -> None:
        """Show these marks."""
        if tuple(marks) != self._marks:
            self._marks, self._numbers = tuple(marks), None
            self.setVisible(bool(marks))
            self.changed()

    def show_position(self, position: float) -> None:
        """Show as reached what the playhead has reached."""
        before, self._position = self._position, position
        low, high = sorted((before, position))
        if any(low < mark.step <= high for mark in self._marks):
            self.changed()

    def show_look(self, look: Look) -> None:
        """Show them in this theme and scale."""
        self._numbers = None
        self._text = HaloText(look.font(0.8, bold=True), look.theme.halo, look.zoom)
        super().show_look(look)

    def show_projection(self, projection: Projection) -> None:
        """Show what is visible now."""
        if projection != self.projection:
            self._numbers = None
        super().show_projection(projection)

    def show_obstacles(self, rooms: tuple[QRectF, ...], marks: tuple[QRectF, ...]) -> None:
        """Keep numbers out of these rooms, and off these marks where that is possible."""
        if (rooms, marks) != self._avoid:
            self._avoid, self._numbers = (rooms, marks), None
            self.changed()

    def text_rooms(self) -> list[QRectF]:
        """The room that each number takes."""
        return [room for _, room in self.numbers()]

    def numbers(self) -> list[tuple[SnapshotMark, QRectF]]:
        """List the marks whose number has a room, each with it."""
        if self._numbers is None:
            self._numbers = list(self._find_numbers())
        return self._numbers

    def _find_numbers(self) -> Iterator[tuple[SnapshotMark, QRectF]]:
        rooms, marks = self._avoid
        taken, stage = list(rooms), self.boundingRect()
        before: list[QPointF] = []
        radius, gap = self.look.px(_RADIUS), self.look.px(4.0)
        for mark, at in self.placed():
            if mark.number > _MOST_NUMBERS:
                continue
            size = QSizeF(self._text.width(f"{mark.number}"), self._text.height)
            ways = (CORNERS[0], RIGHT, CORNERS[2], *CORNERS[1::2], LEFT, BELOW, ABOVE)
            beside = list(around(at, size, radius + gap, ways, stage))
            row = [beside[0]]
            for room in taken[len(rooms) :]:
                if room.intersects(row[-1].adjusted(-gap / 2, 0.0, gap / 2, 0.0)):
                    row.append(row[-1].translated(room.right() + gap - row[-1].left(), 0.0))
            same = any((at - other).manhattanLength() < radius for other in before)
            found = [*row, *beside] if same else [*beside, *row[:2]]
            free = first_free(found, stage, taken, marks)
            before.append(at)
            if free is not None:
                taken.append(free)
                yield mark, free

    def placed(self) -> Iterator[tuple[SnapshotMark, QPointF]]:
        """List the marks in sight, each with its pixel."""
        for mark in self._marks[:_MOST]:
            px, py = self.projection.pixel(mark.x, mark.y)
            if self.projection.shows(px, py, 20.0):
                yield mark, QPointF(px, py)

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw what is visible."""
        look, theme = self.look, self.look.theme
        radius = look.px(_RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark, at in self.placed():
            painter.setOpacity(1.0 if mark.step <= self._position else _AHEAD)
            painter.setPen(QPen(QColor(theme.halo), look.px(3.0)))
            painter.setBrush(look.color(mark.racer_style))
            painter.drawEllipse(at, radius, radius)
            painter.setPen(QPen(QColor(theme.ink), look.px(1.2)))
            painter.drawEllipse(at, radius, radius)
        for mark, room in self.numbers():
            painter.setOpacity(1.0 if mark.step <= self._position else _AHEAD)
            color = look.color(mark.racer_style)
            self._text.draw(painter, f"{mark.number}", room.left(), room.center().y(), color)
        painter.setOpacity(1.0)
