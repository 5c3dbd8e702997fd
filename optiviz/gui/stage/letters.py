"""Letters beside the minima on the stage, with how sharp each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.layer import Layer
from optiviz.gui.stage.marks import STAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QPainter

    from optiviz.gui.theme import Look

_GAP = 3.0


@dataclass(frozen=True)
class Letter:
    """A text beside a point in data coordinates."""

    x: float
    y: float
    text: str


class StageLetters(Layer):
    """Writes each letter to the right of its minimum's star, or to the left at the stage's edge."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._letters: Sequence[Letter] = ()
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

    def rooms(self) -> list[QRectF]:
        """The room that each letter takes."""
        return [room for _, room in self._placed()]

    def _placed(self) -> Iterator[tuple[Letter, QRectF]]:
        reach = self.look.px(STAR) / 2 + self.look.px(_GAP)
        height = self._text.height
        for letter in self._letters:
            x, y = self.projection.pixel(letter.x, letter.y)
            width = self._text.width(letter.text)
            if self.projection.shows(x, y):
                left = x + reach
                if left + width > self.projection.width - reach:
                    left = x - reach - width
                yield letter, QRectF(left, y - height / 2, width, height)

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Write the letters."""
        for letter, room in self._placed():
            middle = room.center().y()
            self._text.draw(painter, letter.text, room.left(), middle, self.look.theme.ink)
