"""Letters beside the minima on the stage, with how sharp each of them is.

Where two would lie over each other one stands aside, or the lesser one is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF

from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.layer import Layer
from optiviz.gui.stage.labels import ABOVE, BELOW, CORNERS, LEFT, RIGHT, around, first_free
from optiviz.gui.stage.marks import STAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QPainter

    from optiviz.gui.theme.palette import Look

_GAP = 3.0


@dataclass(frozen=True)
class Letter:
    """A text beside a point in data coordinates."""

    x: float
    y: float
    text: str


class StageLetters(Layer):
    """Writes each letter to the right of its minimum's star, or where else there is room."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._letters: Sequence[Letter] = ()
        self._avoid: tuple[tuple[QRectF, ...], tuple[QRectF, ...]] = ((), ())
        self._text = HaloText(self.look.font(bold=True), self.look.theme.halo)
        self.setVisible(False)

    @property
    def letters(self) -> Sequence[Letter]:
        """What is shown."""
        return self._letters

    def show_letters(self, letters: Sequence[Letter]) -> None:
        """Show these letters."""
        if tuple(letters) != tuple(self._letters):
            self._letters = tuple(letters)
            self.setVisible(bool(letters))
            self.changed()

    def show_look(self, look: Look) -> None:
        """Show them in this theme and scale."""
        self._text = HaloText(look.font(bold=True), look.theme.halo, look.zoom)
        super().show_look(look)

    def show_obstacles(self, rooms: tuple[QRectF, ...], marks: tuple[QRectF, ...]) -> None:
        """Keep out of these rooms, and off these marks where that is possible."""
        if (rooms, marks) != self._avoid:
            self._avoid = (rooms, marks)
            self.changed()

    def text_rooms(self) -> list[QRectF]:
        """The room that each letter takes."""
        return [room for _, room in self.placed()]

    def placed(self) -> Iterator[tuple[Letter, QRectF]]:
        """List the letters that have a room, each with it; the first ones choose first."""
        reach = self.look.px(STAR) / 2 + self.look.px(_GAP)
        rooms, marks = self._avoid
        taken = list(rooms)
        stage = self.boundingRect()
        for letter in self._letters:
            x, y = self.projection.pixel(letter.x, letter.y)
            if not self.projection.shows(x, y):
                continue
            at = QPointF(x, y)
            size = QSizeF(self._text.width(letter.text), self._text.height)
            ways = (RIGHT, LEFT, BELOW, ABOVE, *CORNERS)
            found = around(at, size, reach, ways, stage)
            others = [mark for mark in marks if not mark.contains(at)]
            room = first_free(found, stage, taken, others)
            if room is not None:
                taken.append(room)
                yield letter, room

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Write the letters."""
        for letter, room in self.placed():
            middle = room.center().y()
            self._text.draw(painter, letter.text, room.left(), middle, self.look.theme.ink)
