"""What stands on the surface: ticks along two edges, stars at minima, crosses at saddles.

A hollow star is the minimum of the test loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.drawing.layer import Layer, blank
from optiviz.gui.drawing.tick_numbers import round_step, tick_label, tick_values
from optiviz.gui.stage.labels import ABOVE, BELOW, CORNERS, LEFT, RIGHT, around, first_free
from optiviz.gui.theme.markers import paint_marker

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look

Points = Sequence[tuple[float, float]]

_TICK = 6.0  # pixels
_GAP = 4.0
_X_SPACING, _Y_SPACING = 90.0, 90.0
STAR = 19.0
CROSS = 15.0
_TEST = "test"
_AWAY = 0.86  # from the hollow star's middle to its word, in the star's sizes
_MANY = 4  # marks that are kept as a picture, since shapes are slow to fill


class Ticks(Layer):
    """Tick marks and numbers inside the left and the bottom edge."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._text = HaloText(self.look.font(), self.look.theme.halo)
        self._avoid = QRectF()
        self._left: list[tuple[float, str]] = []
        self._bottom: list[tuple[float, str]] = []

    def show_look(self, look: Look) -> None:
        """Show the ticks in this theme and scale."""
        self._text = HaloText(look.font(), look.theme.halo, look.zoom)
        super().show_look(look)

    def show_obstacles(self, room: QRectF) -> None:
        """Keep numbers out of this room."""
        if room != self._avoid:
            self._avoid = room
            self.changed()

    @property
    def left_room(self) -> float:
        """How far the numbers at the left edge reach into the stage."""
        widths = (self._text.width(label) for _, label in self._left)
        return self.look.px(_TICK + _GAP) + max(widths, default=0.0) + 4.0

    @property
    def bottom_room(self) -> float:
        """How far the numbers at the bottom edge reach into the stage."""
        return self.look.px(_TICK + _GAP) + self._text.height + 4.0

    def changed(self) -> None:
        """Find the numbers anew."""
        self._find()
        super().changed()

    def _find(self) -> None:
        seen, look = self.projection, self.look
        if seen.width < 40 or seen.height < 40:
            self._left, self._bottom = [], []
            return
        height = self._text.height
        step = round_step(seen.y1 - seen.y0, seen.height, look.px(_Y_SPACING))
        edge, x = height / 2 + 6.0, look.px(_TICK + _GAP)
        self._left = []
        for value in tick_values(seen.y0, seen.y1, step):
            _, y = seen.pixel(seen.x0, value)
            label = tick_label(value, step)
            room = QRectF(x, y - height / 2, self._text.width(label), height)
            corner = seen.height - self.bottom_room - edge
            if edge <= y <= corner and not room.adjusted(-4, -6, 4, 6).intersects(self._avoid):
                self._left.append((y, label))
        spacing = look.px(_X_SPACING)
        for _ in range(4):
            step = round_step(seen.x1 - seen.x0, seen.width, spacing)
            found = [
                (seen.pixel(value, seen.y0)[0], tick_label(value, step))
                for value in tick_values(seen.x0, seen.x1, step)
            ]
            widest = max((self._text.width(label) for _, label in found), default=0.0)
            if widest + look.px(24.0) <= spacing:
                break
            spacing = widest + look.px(24.0)
        self._bottom = [
            (x, label)
            for x, label in found
            if x - self._text.width(label) / 2 >= self.left_room
            and x + self._text.width(label) / 2 <= seen.width - 6.0
        ]

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the marks and numbers."""
        look, ink = self.look, QColor(self.look.theme.ink)
        length, gap, bottom = look.px(_TICK), look.px(_GAP), self.projection.height
        marks = [QLineF(0.0, y, length, y) for y, _ in self._left]
        marks += [QLineF(x, bottom, x, bottom - length) for x, _ in self._bottom]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for color, width in ((QColor(look.theme.halo), 4.0), (ink, 1.4)):
            pen = QPen(color, look.px(width))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLines(marks)
        for y, label in self._left:
            self._text.draw(painter, label, length + gap, y, ink)
        middle = bottom - length - gap - self._text.height / 2
        for x, label in self._bottom:
            self._text.draw(painter, label, x - self._text.width(label) / 2, middle, ink)


class CriticalPoints(Layer):
    """Stars at minima, crosses at saddles, a hollow star at the minimum of the test loss."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._minima: Points = ()
        self._saddles: Points = ()
        self._test: tuple[float, float] | None = None
        self._avoid: tuple[tuple[QRectF, ...], tuple[QRectF, ...]] = ((), ())
        self._picture: KeptPicture[QPixmap] = KeptPicture()
        self._text = HaloText(self.look.font(), self.look.theme.halo)

    def show_look(self, look: Look) -> None:
        """Show the marks in this theme and scale."""
        self._text = HaloText(look.font(), look.theme.halo, look.zoom)
        super().show_look(look)

    def show_places(
        self, minima: Points, saddles: Points, test: tuple[float, float] | None = None
    ) -> None:
        """Show where the surface's minima and saddles are, and the test loss's minimum."""
        if (minima, saddles, test) != (self._minima, self._saddles, self._test):
            self._minima, self._saddles, self._test = minima, saddles, test
            self.changed()

    def show_obstacles(self, rooms: tuple[QRectF, ...], marks: tuple[QRectF, ...]) -> None:
        """Keep the word at the hollow star out of these rooms, and off marks if possible."""
        if (rooms, marks) != self._avoid:
            self._avoid = (rooms, marks)
            self.changed()

    def text_rooms(self) -> list[QRectF]:
        """The room of the word at the hollow star, if it is in sight and has one."""
        room = next(
            (self._word_room(at, size) for marker, at, size in self._visible() if marker == _TEST),
            None,
        )
        return [room] if room is not None else []

    def _word_room(self, at: QPointF, size: float) -> QRectF | None:
        rooms, marks = self._avoid
        needed = QSizeF(self._text.width(_TEST), self._text.height)
        stage, ways = self.boundingRect(), (BELOW, ABOVE, RIGHT, LEFT, *CORNERS)
        found = around(at, needed, _AWAY * size, ways, stage)
        others = [mark for mark in marks if not mark.contains(at)]
        return first_free(found, stage, rooms, others)

    @property
    def points(self) -> tuple[Points, Points, tuple[float, float] | None]:
        """The minima, the saddles and the test loss's minimum that are shown."""
        return tuple(self._minima), tuple(self._saddles), self._test

    def _visible(self) -> Iterator[tuple[str, QPointF, float]]:
        for marker, length, points in (
            ("cross", CROSS, self._saddles),
            # Below the star, since the two may be close to each other.
            (_TEST, STAR * 1.15, () if self._test is None else (self._test,)),
            ("star", STAR, self._minima),
        ):
            size = self.look.px(length)
            for x, y in points:
                px, py = self.projection.pixel(x, y)
                if self.projection.shows(px, py, size):
                    yield marker, QPointF(px, py), size

    def rooms(self) -> list[QRectF]:
        """The room that each mark takes."""
        return [
            QRectF(at.x() - size / 2, at.y() - size / 2, size, size)
            for _, at, size in self._visible()
        ]

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw what is visible, or the picture of it that is kept."""
        if sum(1 for _ in self._visible()) <= _MANY:
            self._draw_marks(painter)
            return
        shows = (*self.seen(sharpness), *self.points, self._avoid)
        painter.drawPixmap(0, 0, self._picture.get(shows, lambda: self._drawn(sharpness)))

    def _drawn(self, sharpness: float) -> QPixmap:
        picture = blank(self.projection, sharpness)
        painter = QPainter(picture)
        self._draw_marks(painter)
        painter.end()
        return picture

    def _draw_marks(self, painter: QPainter) -> None:
        ink, halo = QColor(self.look.theme.ink), QColor(self.look.theme.halo)
        for marker, at, size in self._visible():
            if marker != _TEST:
                paint_marker(painter, marker, at, size, ink, halo)
                continue
            paint_marker(painter, "star", at, size * 1.2, ink, halo)
            paint_marker(painter, "star", at, size * 0.62, halo, QColor(0, 0, 0, 0))
            room = self._word_room(at, size)
            if room is not None:
                self._text.draw(painter, _TEST, room.left(), room.center().y(), ink)
