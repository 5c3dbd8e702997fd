"""Where racers' cycles ended: small numbered marks on their paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.layer import Layer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optiviz.gui.theme import Look

_RADIUS = 4.5
_AHEAD = 0.45  # opacity of what the playhead has not reached
#: Of one racer with more marks than this, the later ones have no number.
_MOST_NUMBERS = 12
_MOST = 200


@dataclass(frozen=True)
class Mark:
    """One snapshot: its point in data coordinates, its racer's look, its step and its number."""

    x: float
    y: float
    racer_look: int
    step: int
    number: int


class StageSnapshots(Layer):
    """A dot in the racer's colour with a halo, and its number beside it.

    Where marks lie on top of each other, their numbers are written in a row, as far as they fit.
    """

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._marks: tuple[Mark, ...] = ()
        self._position = 0.0
        self._text = HaloText(self.look.font(0.8, bold=True), self.look.theme.halo)
        self.setVisible(False)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is shown."""
        return self._marks

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show these marks."""
        if tuple(marks) != self._marks:
            self._marks = tuple(marks)
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
        self._text = HaloText(look.font(0.8, bold=True), look.theme.halo, look.zoom)
        super().show_look(look)

    def placed(self) -> Iterator[tuple[Mark, QPointF]]:
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
        written: list[tuple[QPointF, float]] = []  # where numbers stand, and how far they reach
        for mark, at in self.placed():
            painter.setOpacity(1.0 if mark.step <= self._position else _AHEAD)
            painter.setPen(QPen(QColor(theme.halo), look.px(3.0)))
            painter.setBrush(look.color(mark.racer_look))
            painter.drawEllipse(at, radius, radius)
            painter.setPen(QPen(QColor(theme.ink), look.px(1.2)))
            painter.drawEllipse(at, radius, radius)
            if mark.number <= _MOST_NUMBERS:
                self._write(painter, mark, at, written)
        painter.setOpacity(1.0)

    def _write(
        self, painter: QPainter, mark: Mark, at: QPointF, written: list[tuple[QPointF, float]]
    ) -> None:
        look, text = self.look, f"{mark.number}"
        left = at.x() + look.px(_RADIUS + 3.0)
        middle = at.y() + look.px(_RADIUS) + self._text.height / 2
        for place, reach in written:
            if abs(place.y() - middle) < self._text.height and place.x() - 4 <= left < reach:
                left = reach + look.px(4.0)
        written.append((QPointF(left, middle), left + self._text.width(text)))
        self._text.draw(painter, text, left, middle, look.color(mark.racer_look))
