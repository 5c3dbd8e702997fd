"""The data panel's ground for one size: axes and scatter, drawn once; a frame only pastes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.stamps import SHAPES, paint_stamps, stamp
from optiviz.gui.drawing.tick_numbers import round_step, tick_label, tick_values
from optiviz.gui.theme.markers import marker_pixmap
from optiviz.gui.theme.palette import RACER_STYLES
from optiviz.gui.theme.stylesheet import mixed

if TYPE_CHECKING:
    from optiviz.gui.drawing.stamps import Shape
    from optiviz.gui.theme.palette import Look
    from optiviz.gui.views.data.cloud import Axis, Cloud

Array = np.ndarray

_RADIUS = 2.7
_MANY = 500  # points; more are drawn smaller
_TEST_EDGE = 1.2
_INK, _TEST_INK = 0.58, 0.7  # how far the points' colours stand out from the panel
_MOST_LEFT = 0.28  # of the width, for the numbers beside the axis
_FAR = 1e6  # pixels
_NAME_GAP = 4.0  # around the name of a row of points
_MARKER = 11.0  # of a racer, on its curve


class DataPlot:
    """Maps data to pixels, and draws what lies behind the curves."""

    def __init__(
        self, look: Look, size: tuple[float, float], top: float, sharpness: float, cloud: Cloud
    ) -> None:
        self.look = look
        self.sharpness = sharpness
        self.cloud = cloud
        self._width, self._height = size
        self._racer_marks: dict[int, QPixmap] = {}
        self._font = look.font(0.85)
        self._metrics = QFontMetricsF(self._font)
        line = self._metrics.height()
        top += line + look.px(6)  # above it stands what the upward axis is
        bottom = self._height - 2.0 * line - look.px(8)
        right = self._width - look.px(10)
        self.x, self.y = cloud.x, cloud.y
        # The upward axis comes first: its numbers decide where the other one begins.
        self.plot = QRectF(0.0, top, max(right, 10.0), max(bottom - top, 10.0))
        if self.y.names:
            self._make_room_for_names()
        self.y_ticks = self._ticks(self.y, self.plot.height(), 1.9 * line)
        widest = max((self._metrics.horizontalAdvance(text) for _, text in self.y_ticks), default=0)
        left = min(widest, _MOST_LEFT * self._width) + look.px(9)
        self.plot.setLeft(min(left, self.plot.right() - 10.0))
        if cloud.equal:
            self._make_equal()
            self.y_ticks = self._ticks(self.y, self.plot.height(), 1.9 * line)
        spacing = self._metrics.horizontalAdvance("−0000") + look.px(16)
        # Where an input has names, its numbers say nothing.
        self.x_ticks = list(self.x.names) or self._ticks(self.x, self.plot.width(), spacing)
        self._halo_text = HaloText(self._font, look.theme.window, look.zoom)
        room = self.plot.width() - 2 * look.px(_NAME_GAP)
        self._row_names = [
            self._metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            for _, name in self.y.names
        ]
        self._row_middles = [self._middle_of(value) for value, _ in self.y.names]

    @property
    def radius(self) -> float:
        """How large a point is, in pixels."""
        many = len(self.cloud.train) + len(self.cloud.test) > _MANY
        return self.look.px(_RADIUS) * (0.75 if many else 1.0)

    @property
    def between_names(self) -> tuple[float, float]:
        """From where to where on the upward axis no name of a row stands."""
        if not self.y.names:
            return self.y.low, self.y.high
        # Not the rows themselves, where curves that are sure run.
        strip = self._metrics.capHeight() + 2.0 * self.look.px(_NAME_GAP)
        margin = (self.y.high - self.y.low) * strip / self.plot.height()
        return self.y.low + margin, self.y.high - margin

    def pixels(self, points: Array) -> Array:
        """Where points (n, 2) are, in pixels; finite whatever they are, but for nan."""
        plot = self.plot
        with np.errstate(over="ignore", invalid="ignore"):
            x = plot.left() + plot.width() * _share(points[:, 0], self.x)
            y = plot.bottom() - plot.height() * _share(points[:, 1], self.y)
        return np.clip(np.stack([x, y], axis=1), -_FAR, _FAR)

    def draw_ground(self) -> QPixmap:
        """Draw axes and points."""
        look, cloud, theme = self.look, self.cloud, self.look.theme
        sharp = self.sharpness
        pixmap = QPixmap(max(1, round(self._width * sharp)), max(1, round(self._height * sharp)))
        pixmap.setDevicePixelRatio(sharp)
        pixmap.fill(QColor(theme.window))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(self._font)
        self._draw_axes(painter)
        if cloud.equal:
            painter.setPen(QPen(QColor(theme.muted), look.px(1.0)))
            (x, y), plot = self.pixels(np.zeros((1, 2)))[0], self.plot
            painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
            painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
        for points, marked, is_test in (
            (cloud.test, cloud.marked_test, True),
            (cloud.train, cloud.marked, False),
        ):
            places = self.pixels(points)
            for shape, chosen in zip(SHAPES, (~marked, marked), strict=True):
                paint_stamps(painter, self.mark(shape, test=is_test), places[chosen])
        painter.end()
        return pixmap

    def draw_names(self, painter: QPainter) -> None:
        """Name the two rows of points: the upper one at the top, the lower one at the bottom.

        With halos, and over the curves, which may run anywhere.
        """
        plot, gap = self.plot, self.look.px(_NAME_GAP)
        half = self._metrics.capHeight() / 2
        for text, middle_x, middle_y in zip(
            self._row_names,
            self._row_middles,
            (plot.bottom() - gap - half, plot.top() + gap + half),
            strict=False,
        ):
            width = self._halo_text.width(text)
            left = min(max(middle_x - width / 2, plot.left() + gap), plot.right() - gap - width)
            self._halo_text.draw(painter, text, left, middle_y, self.look.theme.muted)

    def racer_mark(self, racer_style: int) -> QPixmap:
        """Give a racer's marker with its halo."""
        found = self._racer_marks.get(racer_style)
        if found is None:
            marker, theme = RACER_STYLES[racer_style].marker, self.look.theme
            color, side = self.look.color(racer_style), self.look.px(_MARKER) + 3.0
            found = marker_pixmap(marker, color, theme.halo, side, self.sharpness)
            self._racer_marks[racer_style] = found
        return found

    def mark(self, shape: Shape, *, test: bool) -> QPixmap:
        """Give the mark of a point: filled, or hollow for the test part."""
        theme, radius = self.look.theme, self.radius
        if test:
            edge, width = mixed(theme.window, theme.text, _TEST_INK), self.look.px(_TEST_EDGE)
            return stamp(shape, radius, "", edge, width, self.sharpness)
        fill = mixed(theme.window, theme.text, _INK)
        return stamp(shape, radius, fill, theme.window, self.look.px(0.6), self.sharpness)

    def _ticks(self, axis: Axis, pixels: float, spacing: float) -> list[tuple[float, str]]:
        step = round_step(axis.high - axis.low, pixels, spacing)
        low, high = max(axis.low, axis.numbers[0]), min(axis.high, axis.numbers[1])
        values = tick_values(low, high, step)
        return [(value, tick_label(value, step)) for value in values]

    def _middle_of(self, value: float) -> float:
        """Where most points of a row are, in pixels."""
        own = self.cloud.train[self.cloud.train[:, 1] == value]
        return float(self.pixels(own)[:, 0].mean()) if len(own) else self.plot.center().x()

    def _make_room_for_names(self) -> None:
        """Widen the upward axis until a name has room beyond each row; else there are none."""
        room = self._metrics.capHeight() + self.look.px(8) + 2.0 * self.radius
        inner = self.plot.height() - 2.0 * room
        (low, _), (high, _) = self.y.names
        if inner < room:
            self.y = replace(self.y, names=())
            return
        margin = room * (high - low) / inner
        self.y = replace(self.y, low=low - margin, high=high + margin)

    def _make_equal(self) -> None:
        """Widen the axis that has more pixels, so that a unit is equally long on both."""
        wide, high = self.plot.width(), self.plot.height()
        unit = max((self.x.high - self.x.low) / wide, (self.y.high - self.y.low) / high)
        self.x = replace(self.x, low=-0.5 * unit * wide, high=0.5 * unit * wide)
        self.y = replace(self.y, low=-0.5 * unit * high, high=0.5 * unit * high)

    def _draw_axes(self, painter: QPainter) -> None:
        theme, metrics, plot, px = self.look.theme, self._metrics, self.plot, self.look.px
        grid, ink = QPen(QColor(theme.border), 1.0), QColor(theme.muted)
        for value, text in self.y_ticks:
            y = self._crisp(plot.bottom() - plot.height() * _share(value, self.y))
            painter.setPen(grid)
            painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
            room = plot.left() - px(7)
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.setPen(ink)
            left = room - metrics.horizontalAdvance(text)
            painter.drawText(QPointF(left, y + metrics.capHeight() / 2), text)
        baseline = plot.bottom() + px(4) + metrics.ascent()
        for value, text in self.x_ticks:
            x = self._crisp(plot.left() + plot.width() * _share(value, self.x))
            painter.setPen(grid)
            painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, 0.48 * plot.width())
            width = metrics.horizontalAdvance(text)
            painter.setPen(ink)
            left = min(x - width / 2, self._width - width - px(2))
            painter.drawText(QPointF(left, baseline), text)
        painter.setPen(QColor(theme.text))
        self._draw_label(painter, self.y.label, plot.top() - px(5), right=False)
        below = baseline + metrics.height() + px(1)
        self._draw_label(painter, self.x.label, below, right=True)

    def _draw_label(self, painter: QPainter, label: str, baseline: float, *, right: bool) -> None:
        edge = self.look.px(4)
        room = self._width - 2 * edge
        text = self._metrics.elidedText(label, Qt.TextElideMode.ElideMiddle, room)
        width = self._metrics.horizontalAdvance(text)
        left = self.plot.right() - width if right else edge
        painter.drawText(QPointF(max(left, edge), baseline), text)

    def _crisp(self, at: float) -> float:
        return (round(float(at) * self.sharpness - 0.5) + 0.5) / self.sharpness


def _share(values: Array | float, axis: Axis):
    return (values - axis.low) / (axis.high - axis.low)
