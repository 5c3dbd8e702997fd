"""The scale at the top right: which shade stands for which height above the least loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.drawing.layer import Layer, blank_picture
from optiviz.gui.stage.surface_layer import band_colors

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look

_WIDTH, _HEIGHT = 12.0, 200.0
_RIGHT, _TOP = 16.0, 70.0
_GAP = 6.0
_TITLE, _TITLE_GAP = "loss above its least", 12.0


class ScaleBar(Layer):
    """The bands from the valley floor to the heights, with the losses they stand for."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._ticks: tuple[tuple[float, str], ...] = ()
        self._avoid = QRectF()
        self._text = HaloText(self.look.font(), self.look.theme.halo)
        self._picture: KeptPicture[QPixmap] = KeptPicture()

    def show_ticks(self, ticks: tuple[tuple[float, str], ...]) -> None:
        """Show these (shade, label) pairs."""
        if ticks != self._ticks:
            self._ticks = ticks
            self.changed()

    def show_obstacles(self, room: QRectF) -> None:
        """Stand below this room, where it reaches so far to the right."""
        if room != self._avoid:
            self._avoid = room
            self.changed()

    def show_look(self, look: Look) -> None:
        """Show the scale in this theme and scale."""
        self._text = HaloText(look.font(), look.theme.halo, look.zoom)
        super().show_look(look)

    @property
    def bar(self) -> QRectF:
        """Where the bar stands; empty where there is no room for it."""
        look, seen = self.look, self.projection
        height = min(look.px(_HEIGHT), 0.34 * seen.height)
        if not self._ticks or height < 60.0 or seen.width < look.px(240.0):
            return QRectF()
        width = look.px(_WIDTH)
        top = min(look.px(_TOP), 0.14 * seen.height)
        right, gap = seen.width - look.px(_RIGHT), look.px(_TITLE_GAP)
        if self._avoid.right() > right - self._text.width(_TITLE) - gap:
            top = max(top, self._avoid.bottom() + self._text.height + 2 * gap)
        return QRectF(round(right - width), round(top), width, height)

    @property
    def room(self) -> QRectF:
        """The room that bar and labels take."""
        bar = self.bar
        if bar.isEmpty():
            return bar
        widest = max(self._text.width(label) for _, label in self._ticks)
        room = bar.adjusted(-widest - self.look.px(_GAP) - 4.0, -8.0, 4.0, 8.0)
        return room.united(self._title_room(bar).adjusted(-4.0, -4.0, 4.0, 0.0))

    def _title_room(self, bar: QRectF) -> QRectF:
        """Where it is told what the labels are, over the bar and flush with it."""
        size = self._text.size(_TITLE)
        top = bar.top() - self.look.px(_TITLE_GAP) - size.height()
        return QRectF(QPointF(bar.right() - size.width(), top), size)

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the bar and its labels, or the picture of them that is kept."""
        if self.bar.isEmpty():
            return
        room = self.room.toAlignedRect().adjusted(-4, -8, 4, 8)
        shows = (*self.seen(sharpness), self._ticks, room)
        picture = self._picture.get(shows, lambda: self._drawn(room, sharpness))
        painter.drawPixmap(room.topLeft(), picture)

    def _drawn(self, room: QRect, sharpness: float) -> QPixmap:
        picture = blank_picture(QSizeF(room.size()), sharpness)
        painter = QPainter(picture)
        painter.translate(-room.topLeft())
        self._draw_bar(painter)
        painter.end()
        return picture

    def _draw_bar(self, painter: QPainter) -> None:
        bar, theme = self.bar, self.look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        colors = band_colors(theme)
        for band, color in enumerate(colors):
            upper = bar.bottom() - bar.height() * (band + 1) / len(colors)
            lower = bar.bottom() - bar.height() * band / len(colors)
            painter.fillRect(QRectF(bar.left(), upper, bar.width(), lower - upper), color)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for grow, line in ((1.5, theme.halo), (0.5, theme.contour)):
            painter.setPen(QPen(QColor(line), 1.0))
            painter.drawRect(bar.adjusted(-grow, -grow, grow, grow))
        title = self._title_room(bar)
        self._text.draw(painter, _TITLE, title.left(), title.center().y(), theme.ink)
        free = bar.bottom() + self._text.height
        for shade, label in sorted(self._ticks):
            middle = bar.bottom() - shade * bar.height()
            if middle + self._text.height > free:
                continue
            free = middle - self._text.height * 0.8
            left = bar.left() - self.look.px(_GAP) - self._text.width(label)
            self._text.draw(painter, label, left, middle, theme.ink)
            painter.setPen(QPen(QColor(theme.ink), 1.2))
            painter.drawLine(
                bar.topLeft().toPoint().x() - 3, round(middle), round(bar.left()), round(middle)
            )
