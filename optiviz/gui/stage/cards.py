"""Texts on the stage: the pointer's readout, the caption, the formula, the note on axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.drawing.layer import Layer, blank_picture

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look, Theme

_LEAST_FORMULA = 0.35  # of its size
_MARGIN = 14.0
_PAD_X, _PAD_Y = 13.0, 9.0
_CORNER = 7.0
_CLEAR = 4.5  # the least contrast between the formula and the surface below it


class Card(Layer):
    """A few lines of text on a plate at the bottom of the stage."""

    def __init__(self, depth: float, *, side: str, size: float = 1.0) -> None:
        super().__init__(depth)
        self._lines: tuple[str, ...] = ()
        self._side = side
        self._size = size
        self._bottom = self._left = _MARGIN
        self._picture: KeptPicture[QPixmap] = KeptPicture()

    @property
    def lines(self) -> tuple[str, ...]:
        """What is written."""
        return self._lines

    def show_lines(self, lines: tuple[str, ...]) -> None:
        """Show these lines; none hides the card."""
        if lines != self._lines:
            self._lines = lines
            self.changed()

    def show_margins(self, left: float, bottom: float) -> None:
        """Leave this much of the stage's edges to others."""
        if (left, bottom) != (self._left, self._bottom):
            self._left, self._bottom = left, bottom
            self.changed()

    def show_pointer(self, at: QPointF | None) -> None:
        """Give way to the pointer: change sides when it comes near."""
        if at is None or not self._lines:
            return
        near = self.look.px(28.0)
        if not self.room.adjusted(-near, -near, near, near).contains(at):
            return
        here = self._side
        self._side = "left" if here == "right" else "right"
        if self.room.adjusted(-near, -near, near, near).contains(at):
            self._side = here
        self.changed()

    @property
    def room(self) -> QRectF:
        """Where the card lies; empty when it is hidden."""
        if not self._lines:
            return QRectF()
        look, seen = self.look, self.projection
        metrics = QFontMetricsF(look.font(self._size))
        lines = self._wrapped(metrics)
        width = max(map(metrics.horizontalAdvance, lines)) + 2 * look.px(_PAD_X)
        width = min(width, self._most_width())
        height = round(self._line_height() * len(lines) + 2 * look.px(_PAD_Y))
        left = self._left if self._side == "left" else seen.width - look.px(_MARGIN) - width
        return QRectF(round(left), round(seen.height - self._bottom - height), round(width), height)

    def _most_width(self) -> float:
        return max(1.0, self.projection.width - self._left - self.look.px(_MARGIN))

    def _wrapped(self, metrics: QFontMetricsF) -> list[str]:
        """Break lines that are wider than the stage between two words."""
        most = self._most_width() - 2 * self.look.px(_PAD_X)
        wrapped: list[str] = []
        for line in self._lines:
            words = line.split(" ")
            row = words[0]
            for word in words[1:]:
                if metrics.horizontalAdvance(f"{row} {word}") > most:
                    wrapped.append(row)
                    row = word
                else:
                    row = f"{row} {word}"
            wrapped.append(row)
        return wrapped

    def _line_height(self) -> float:
        return round(QFontMetricsF(self.look.font(self._size)).height() * 1.22)

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the card, which is kept as a picture: plates with round corners are slow."""
        room = self.room
        if room.isEmpty():
            return
        size = room.size()
        shows = (*self.seen(sharpness), self._lines, self._left, size)
        picture = self._picture.get(shows, lambda: self._drawn(size, sharpness))
        painter.drawPixmap(room.topLeft(), picture)

    def _drawn(self, size: QSizeF, sharpness: float) -> QPixmap:
        picture = blank_picture(size, sharpness)
        painter = QPainter(picture)
        self._draw_card(painter, QRectF(QPointF(0.0, 0.0), size))
        painter.end()
        return picture

    def _draw_card(self, painter: QPainter, room: QRectF) -> None:
        look = self.look
        draw_plate(painter, room, look, 0.94)
        font = look.font(self._size)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(look.theme.text))
        x, line_height = look.px(_PAD_X), self._line_height()
        rise = (line_height - metrics.height()) / 2 + metrics.ascent()
        for index, line in enumerate(self._wrapped(metrics)):
            y = look.px(_PAD_Y) + index * line_height + rise
            text = metrics.elidedText(
                line, Qt.TextElideMode.ElideRight, room.width() - 2 * look.px(_PAD_X) + 1.0
            )
            painter.drawText(QPointF(x, round(y)), text)


class Note(Layer):
    """A word in a pill at the top of the stage."""

    def __init__(self, depth: float, text: str) -> None:
        super().__init__(depth)
        self._text = text
        self._top = _MARGIN

    def show_top(self, top: float) -> None:
        """Stand this far below the stage's top edge."""
        if top != self._top:
            self._top = top
            self.changed()

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the note."""
        look, font = self.look, self.look.font(0.9)
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(self._text) + 2 * look.px(10.0)
        height = metrics.height() + look.px(6.0)
        left = (self.projection.width - width) / 2
        room = QRectF(round(left), round(self._top), round(width), round(height))
        draw_plate(painter, room, look, 0.9)
        painter.setFont(font)
        painter.setPen(QColor(look.theme.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._text)


class Formula(Layer):
    """The surface's formula at the top left, with a halo of its own."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._pixmap: QPixmap | None = None
        self._shadow: KeptPicture[QPixmap] = KeptPicture()
        self._left = 34.0

    def show_formula(self, pixmap: QPixmap | None) -> None:
        """Show a typeset formula, or none."""
        self._pixmap = None if pixmap is None or pixmap.isNull() else pixmap
        self.changed()

    @property
    def room(self) -> QRectF:
        """Where the formula stands; it is made smaller where it would not fit.

        Nowhere, where it could not be read.
        """
        if self._pixmap is None:
            return QRectF()
        look = self.look
        size = self._pixmap.deviceIndependentSize()
        left, top = round(look.px(self._left)), round(look.px(_MARGIN))
        most = max(1.0, self.projection.width - left - look.px(_MARGIN))
        share = min(1.0, most / size.width())
        if share < _LEAST_FORMULA:
            return QRectF()
        return QRectF(left, top, size.width() * share, size.height() * share)

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the formula."""
        room = self.room
        if self._pixmap is None or room.isEmpty():
            return
        theme = self.look.theme
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if least_contrast(theme) < _CLEAR:
            pad = self.look.px(6.0)
            draw_plate(painter, room.adjusted(-pad, -pad, pad, pad), self.look, 0.8)
        pixmap, halo = self._pixmap, QColor(theme.halo)
        shows = (pixmap.cacheKey(), theme.halo)
        shadow = self._shadow.get(shows, lambda: tinted(pixmap, halo))
        reach = self.look.px(1.3)
        source = QRectF(self._pixmap.rect())
        for x, y in (
            (1, 0),
            (-1, 0),
            (0, 1),
            (0, -1),
            (0.7, 0.7),
            (-0.7, 0.7),
            (0.7, -0.7),
            (-0.7, -0.7),
        ):
            painter.drawPixmap(room.translated(x * reach, y * reach), shadow, source)
        painter.drawPixmap(room, self._pixmap, source)


class FocusRing(Layer):
    """A frame that says that keys go to the stage."""

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the frame."""
        width = self.look.px(2.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.look.theme.accent), width))
        inset = width / 2
        painter.drawRect(self.boundingRect().adjusted(inset, inset, -inset, -inset))


def draw_plate(painter: QPainter, room: QRectF, look: Look, opacity: float) -> None:
    """Draw a rounded plate for text to stand on."""
    fill = QColor(look.theme.window)
    fill.setAlphaF(opacity)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill)
    painter.setPen(QPen(QColor(look.theme.border), 1.0))
    corner = look.px(_CORNER)
    painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)


def tinted(pixmap: QPixmap, color: QColor) -> QPixmap:
    """The same shapes in one colour."""
    copy = QPixmap(pixmap)
    painter = QPainter(copy)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(QRectF(QPointF(0.0, 0.0), copy.deviceIndependentSize()), color)
    painter.end()
    return copy


def least_contrast(theme: Theme) -> float:
    """How well ink stands out where the surface is most like it (WCAG's ratio)."""
    ink = _luminance(QColor(theme.ink))
    ratios = []
    for name in theme.surface:
        ground = _luminance(QColor(name))
        ratios.append((max(ink, ground) + 0.05) / (min(ink, ground) + 0.05))
    return min(ratios)


def _luminance(color: QColor) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.redF(), color.greenF(), color.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
