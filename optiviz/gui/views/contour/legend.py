"""The stage's legend: what the signs of chance on it stand for, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.drawing.layer import Layer, blank_picture
from optiviz.gui.stage.cards import draw_plate
from optiviz.gui.theme.markers import paint_marker
from optiviz.gui.theme.palette import RACER_STYLES
from optiviz.gui.views.contour import batch, cloud

if TYPE_CHECKING:
    from collections.abc import Sequence

Sign = Literal["racer", "lines", "lowest", "dots", "arrow", "mean", "told", "ellipse"]

_MARGIN = 14.0
_LEFT = 34.0
_PAD = 10.0
_SIGN = 26.0  # the room of a sign
_GAP = 7.0  # between a sign and its words
_APART = 16.0  # between two entries of a row


@dataclass(frozen=True)
class Entry:
    """A sign and what it stands for; ``look`` is the racer's whose colour it has."""

    sign: Sign
    words: str
    style: int = 0


Rows = tuple[tuple[Entry, ...], ...]


class Legend(Layer):
    """A few rows of signs and words on a plate at the left, at the stage's top or bottom."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._rows: Rows = ()
        self._top = self._bottom = _MARGIN
        self._low = False  # at the bottom
        self._picture: KeptPicture[QPixmap] = KeptPicture()

    @property
    def rows(self) -> Rows:
        """What is told."""
        return self._rows

    def show_rows(self, rows: Sequence[Sequence[Entry]]) -> bool:
        """Tell this; nothing hides the plate. Returns whether that is new."""
        found = tuple(map(tuple, rows))
        if found == self._rows:
            return False
        self._rows = found
        self.changed()
        return True

    def show_margins(self, top: float, bottom: float) -> None:
        """Leave this much of the stage's edges to others."""
        if (top, bottom) != (self._top, self._bottom):
            self._top, self._bottom = top, bottom
            self.changed()

    def show_clear(self, room: QRectF) -> None:
        """Stand at the other end of the stage where this room would be covered."""
        here, there = self._room(self._low), self._room(not self._low)
        if here.intersects(room) and not there.intersects(room):
            self._low = not self._low
            self.changed()

    @property
    def room(self) -> QRectF:
        """Where the plate lies; empty when nothing is told."""
        return self._room(self._low)

    def _room(self, low: bool) -> QRectF:
        if not self._rows:
            return QRectF()
        px = self.look.px
        metrics = QFontMetricsF(self.look.font())
        width = max(sum(self._width(metrics, each) for each in row) for row in self._wrapped())
        rows = len(self._wrapped())
        height = rows * self._row_height() + 2 * px(_PAD) * 0.7
        top = self.projection.height - self._bottom - height if low else self._top
        width += 2 * px(_PAD) - px(_APART)
        width = min(width, self.projection.width - px(_LEFT + _MARGIN))
        return QRectF(round(px(_LEFT)), round(top), round(width), round(height))

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the plate, which is kept as a picture."""
        room = self.room
        if room.isEmpty():
            return
        size = room.size()
        shows = (*self.seen(sharpness), self._rows, size)
        picture = self._picture.get(shows, lambda: self._drawn(size, sharpness))
        painter.drawPixmap(room.topLeft(), picture)

    def _drawn(self, size: QSizeF, sharpness: float) -> QPixmap:
        picture = blank_picture(size, sharpness)
        painter = QPainter(picture)
        self._draw_rows(painter, QRectF(QPointF(0.0, 0.0), size))
        painter.end()
        return picture

    def _row_height(self) -> float:
        return round(QFontMetricsF(self.look.font()).height() * 1.3)

    def _width(self, metrics: QFontMetricsF, entry: Entry) -> float:
        px = self.look.px
        return px(_SIGN + _GAP + _APART) + metrics.horizontalAdvance(entry.words)

    def _wrapped(self) -> list[list[Entry]]:
        """Break rows that are wider than the stage between two entries."""
        metrics, px = QFontMetricsF(self.look.font()), self.look.px
        most = self.projection.width - px(_LEFT + _MARGIN + 2 * _PAD)
        wrapped: list[list[Entry]] = []
        for row in self._rows:
            width = most + 1.0
            for entry in row:
                needed = self._width(metrics, entry)
                if width + needed > most + px(_APART):
                    wrapped.append([])
                    width = 0.0
                wrapped[-1].append(entry)
                width += needed
        return wrapped

    def _draw_rows(self, painter: QPainter, room: QRectF) -> None:
        look, px = self.look, self.look.px
        draw_plate(painter, room, look, 0.88)
        metrics, font = QFontMetricsF(look.font()), look.font()
        height = self._row_height()
        middle = 0.7 * px(_PAD) + height / 2
        for row in self._wrapped():
            x = px(_PAD)
            for entry in row:
                self._draw_sign(painter, entry, QPointF(x + px(_SIGN) / 2, middle))
                painter.setFont(font)
                painter.setPen(QColor(look.theme.text))
                words = metrics.elidedText(
                    entry.words,
                    Qt.TextElideMode.ElideRight,
                    room.width() - x - px(_SIGN + _GAP + _PAD) + 1.0,
                )
                baseline = middle + (metrics.ascent() - metrics.descent()) / 2
                painter.drawText(QPointF(x + px(_SIGN + _GAP), round(baseline)), words)
                x += self._width(metrics, entry)
            middle += height

    def _draw_sign(self, painter: QPainter, entry: Entry, at: QPointF) -> None:
        look, px = self.look, self.look.px
        color, ink = look.color(entry.style), QColor(look.theme.text)
        ground, half = QColor(look.theme.window), px(_SIGN) / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        left, right = QPointF(at.x() - half, at.y()), QPointF(at.x() + half, at.y())
        if entry.sign == "racer":
            paint_marker(painter, RACER_STYLES[entry.style].marker, at, px(15.0), color, ground)
        elif entry.sign == "lines":
            pen = QPen(color, px(batch.WIDTH) * 1.3)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([part / batch.WIDTH / 1.3 for part in batch.DOTS])
            painter.setPen(pen)
            painter.drawLine(left, right)
        elif entry.sign == "lowest":
            paint_marker(painter, "cross", at, px(batch.LOWEST), color, ground)
        elif entry.sign == "dots":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            for x, y in ((-0.6, 0.25), (-0.1, -0.3), (0.05, 0.35), (0.55, -0.1)):
                radius = px(cloud.DOT) / 2
                painter.drawEllipse(QPointF(at.x() + x * half, at.y() + y * half), radius, radius)
        elif entry.sign == "arrow":
            cloud.draw_arrow(painter, left, right, px, ink, ground)
        elif entry.sign == "mean":
            cloud.draw_mean(painter, at, px(9.0), ink, ground)
        elif entry.sign == "told":
            cloud.draw_told(painter, at, px(9.0), color, ground)
        else:
            painter.setPen(QPen(ink, px(1.5)))
            painter.drawEllipse(at, 0.9 * half, 0.45 * half)
