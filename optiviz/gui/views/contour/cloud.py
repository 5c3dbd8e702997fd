"""The gradient cloud: where the gradients of many batches would lead from one point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from optiviz.gui.drawing.layer import Layer
from optiviz.gui.drawing.line_painter import line_pen, paint_lines

if TYPE_CHECKING:
    from optiviz.engine.chance import Cloud
    from optiviz.engine.surfaces import Point
    from optiviz.gui.drawing.projection import Projection

Array = np.ndarray

#: How long the true gradient and one example's scatter are together, in pixels.
_LENGTH = 130.0
DOT = 3.4
_TOLD = 9.0
ARROW = 2.6
_HEAD = 10.0
_HALO = 1.6
_FAR = 1e5  # pixels; a dot farther out is never seen
_CORNERS = 64


def factor_of(cloud: Cloud, seen: Projection, length: float) -> float:
    """Say how long gradients are drawn: units of the plane for one of gradient, 1, 2 or 5 × 10ⁿ.

    It does not depend on the batch's size, so that the cloud is seen to shrink as that grows.
    """
    true = math.hypot(*cloud.true_gradient.tolist())
    scatter = math.sqrt(max(float(np.trace(cloud.population)) / 2.0, 0.0))
    size = true + scatter
    if not (math.isfinite(size) and size > 0.0):
        return 1.0
    wanted = length / (size * min(seen.x_scale, seen.y_scale))
    if not 1e-300 < wanted < 1e300:
        return 1.0
    power = 10.0 ** math.floor(math.log10(wanted))
    lead = min((1.0, 2.0, 5.0, 10.0), key=lambda each: abs(math.log(each * power / wanted)))
    return float(f"{lead * power:.6g}")


class CloudLayer(Layer):
    """Dots for the gradients of many batches, arrows for the true one and the mean, an ellipse."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._cloud: Cloud | None = None
        self._racer = 0
        self._told: Point | None = None

    @property
    def cloud(self) -> Cloud | None:
        """The cloud that is shown."""
        return self._cloud

    @property
    def told(self) -> Point | None:
        """The gradient that the racer was told indeed, if that is shown."""
        return self._told

    @property
    def factor(self) -> float:
        """How long gradients are drawn now."""
        if self._cloud is None:
            return 1.0
        return factor_of(self._cloud, self.projection, self.look.px(_LENGTH))

    def show_cloud(self, cloud: Cloud | None, racer_style: int, told: Point | None) -> None:
        """Show a cloud, and which gradient the racer was told indeed, (2,); or none."""
        if cloud is not None or self._cloud is not None:
            self.changed()
        self._cloud, self._racer, self._told = cloud, racer_style, told

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw ellipse, dots and arrows; the true gradient's arrow on top."""
        cloud = self._cloud
        if cloud is None or not np.isfinite(cloud.true_gradient).all():
            return
        look, theme = self.look, self.look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color, ink, halo = look.color(self._racer), QColor(theme.ink), QColor(theme.halo)
        foot = self._tips(cloud, np.zeros((1, 2)))[0]
        self._draw_ellipse(painter, cloud)
        dots = self._tips(cloud, cloud.gradients)
        dots = dots[(np.abs(dots) < _FAR).all(axis=1)]
        ends = np.hstack([dots, dots + np.array([0.01, 0.0])])
        for tint, width in ((halo, DOT + 2 * _HALO * 0.7), (color, DOT)):
            pen = line_pen(tint, look.px(width))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            paint_lines(painter, ends, pen)
        true, mean = self._tips(cloud, np.stack([cloud.true_gradient, cloud.mean]))
        self._draw_arrow(painter, foot, true, ink, halo)
        draw_mean(painter, QPointF(*mean), look.px(_TOLD), ink, halo)
        if self._told is not None:
            told = self._tips(cloud, np.array([self._told]))[0]
            draw_told(painter, QPointF(*told), look.px(_TOLD), color, halo)

    def _tips(self, cloud: Cloud, gradients: Array) -> Array:
        """Where descent by these gradients (n, 2) would lead, as they are drawn; pixels (n, 2)."""
        with np.errstate(all="ignore"):
            return self.projection.pixels(np.array(cloud.point) - self.factor * gradients)

    def _draw_ellipse(self, painter: QPainter, cloud: Cloud) -> None:
        if not np.isfinite(cloud.axes).all() or not cloud.axes.any():
            return
        turn = np.linspace(0.0, math.tau, _CORNERS, endpoint=False)
        around = np.stack([np.cos(turn), np.sin(turn)], axis=1) @ cloud.axes
        corners = self._tips(cloud, cloud.true_gradient + around).clip(-_FAR, _FAR)
        path = QPainterPath(QPointF(*corners[-1]))
        for x, y in corners.tolist():
            path.lineTo(x, y)
        fill = QColor(self.look.color(self._racer))
        fill.setAlphaF(0.16)
        painter.fillPath(path, fill)
        ink, halo = QColor(self.look.theme.ink), QColor(self.look.theme.halo)
        for tint, width in ((halo, 3.6), (ink, 1.5)):
            painter.strokePath(path, QPen(tint, self.look.px(width)))

    def _draw_arrow(
        self, painter: QPainter, foot: Array, tip: Array, color: QColor, halo: QColor
    ) -> None:
        px = self.look.px
        draw_arrow(painter, QPointF(*foot), QPointF(*tip.clip(-_FAR, _FAR)), px, color, halo)


def draw_arrow(painter, foot: QPointF, tip: QPointF, px, color: QColor, halo: QColor) -> None:
    """Draw an arrow with a halo; one that is shorter than its head is a smaller one."""
    dx, dy = tip.x() - foot.x(), tip.y() - foot.y()
    length = math.hypot(dx, dy)
    if length < 1.0:
        return
    head = min(px(_HEAD), 0.7 * length)
    dx, dy = dx / length, dy / length
    neck = QPointF(tip.x() - head * dx, tip.y() - head * dy)
    wings = QPainterPath(tip)
    wings.lineTo(neck.x() - 0.55 * head * dy, neck.y() + 0.55 * head * dx)
    wings.lineTo(neck.x() + 0.55 * head * dy, neck.y() - 0.55 * head * dx)
    wings.closeSubpath()
    shaft = QPainterPath(foot)
    shaft.lineTo(neck)
    for tint, grow in ((halo, 2.0 * _HALO), (color, 0.0)):
        pen = QPen(tint, px(ARROW + grow))
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.strokePath(shaft, pen)
        if grow:
            painter.strokePath(wings, QPen(tint, px(grow)))
        painter.fillPath(wings, tint)


def draw_mean(painter: QPainter, at: QPointF, size: float, ink: QColor, halo: QColor) -> None:
    """Draw the mean of the gradients drawn: a plus."""
    arm = 0.75 * size
    for tint, share in ((halo, 0.5), (ink, 0.2)):
        pen = QPen(tint, share * size)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(at.x() - arm, at.y()), QPointF(at.x() + arm, at.y()))
        painter.drawLine(QPointF(at.x(), at.y() - arm), QPointF(at.x(), at.y() + arm))


def draw_told(painter: QPainter, at: QPointF, size: float, color: QColor, halo: QColor) -> None:
    """Draw the gradient that was told indeed: a ring around a dot of the racer's colour."""
    painter.setBrush(color)
    for tint, grow in ((halo, 2.6), (color, 0.0)):
        painter.setPen(QPen(tint, 0.22 * size + grow))
        painter.drawEllipse(at, 0.62 * size, 0.62 * size)
    painter.setBrush(halo)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(at, 0.34 * size, 0.34 * size)
    painter.setBrush(Qt.BrushStyle.NoBrush)
