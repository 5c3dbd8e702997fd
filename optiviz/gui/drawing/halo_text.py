"""Short texts with a halo, readable on any ground; each is painted once and kept as a picture."""

from __future__ import annotations

import math
from collections import OrderedDict

from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

_MOST_KEPT, _MOST_WIDTHS = 160, 1000
_HALO = 1.9  # pixels on each side


class HaloText:
    """One font's texts, in any colour."""

    def __init__(self, font: QFont, halo: QColor | str, scale: float = 1.0) -> None:
        self._font = font
        self._metrics = QFontMetricsF(font)
        self._halo = QColor(halo)
        self._reach = _HALO * min(scale, 1.5)
        self._kept: OrderedDict[tuple[str, str, float], QPixmap] = OrderedDict()
        self._widths: dict[str, float] = {}

    @property
    def height(self) -> float:
        """The height of a line of digits or capitals, without the halo."""
        return self._metrics.capHeight()

    @property
    def descent(self) -> float:
        """How far letters like p reach below the line."""
        return self._metrics.descent()

    def width(self, text: str) -> float:
        """How wide a text is, without its halo."""
        width = self._widths.get(text)
        if width is None:
            if len(self._widths) >= _MOST_WIDTHS:
                self._widths.clear()
            width = self._widths[text] = self._metrics.horizontalAdvance(text)
        return width

    def size(self, text: str) -> QSizeF:
        """The room that a text's capitals need, without the halo."""
        return QSizeF(self.width(text), self.height)

    def draw(
        self, painter: QPainter, text: str, left: float, middle: float, color: QColor | str
    ) -> None:
        """Draw a text from its left end, with its capitals' middle at a height."""
        sharpness = painter.device().devicePixelRatioF()
        pixmap = self._pixmap(text, QColor(color), sharpness)
        pad = self._pad()
        # On whole device pixels: glyphs that fall between them are blurred.
        x = round((left - pad) * sharpness) / sharpness
        baseline = middle + self._metrics.capHeight() / 2
        y = round((baseline - self._metrics.ascent() - pad) * sharpness) / sharpness
        painter.drawPixmap(QPointF(x, y), pixmap)

    def _pad(self) -> float:
        return math.ceil(self._reach + 1.0)

    def _pixmap(self, text: str, color: QColor, sharpness: float) -> QPixmap:
        key = (text, color.name(), sharpness)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        pad = self._pad()
        width = math.ceil((self.width(text) + 2 * pad) * sharpness)
        height = math.ceil((self._metrics.height() + 2 * pad) * sharpness)
        pixmap = QPixmap(max(1, width), max(1, height))
        pixmap.setDevicePixelRatio(sharpness)
        pixmap.fill(Qt.GlobalColor.transparent)
        path = QPainterPath()
        baseline = QPointF(pad, pad + self._metrics.ascent())
        path.addText(baseline, self._font, text)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._halo, 2 * self._reach)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
        # Text, not its path: only so do hinting and the platform's rendering apply.
        painter.setFont(self._font)
        painter.setPen(color)
        painter.drawText(baseline, text)
        painter.end()
        self._kept[key] = pixmap
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return pixmap
