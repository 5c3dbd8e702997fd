"""Small pictures of surfaces: bands of height, minima and the start of the first race."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from optiviz.engine import SURFACES, FieldSpec, sample_field
from optiviz.gui.stage.surface_layer import band_image
from optiviz.gui.theme.markers import paint_marker

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Field
    from optiviz.gui.theme.palette import Theme

WIDTH, HEIGHT = 120, 90  # device-independent pixels
_COLUMNS, _ROWS = 120, 90


@lru_cache(maxsize=64)
def thumbnail(key: str, theme: Theme, scale: float) -> QImage:
    """Draw a surface's window, with its minima as stars and its start as a ring."""
    field = _field(key)
    surface = field.spec.surface
    image = QImage(round(WIDTH * scale), round(HEIGHT * scale), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    low, high = float(field.shade.min()), float(field.shade.max())
    # A small picture has no scale: all of the ramp may show what there is.
    shade = (field.shade - low) / max(high - low, 1e-6)
    painter.drawImage(QRectF(image.rect()), band_image(shade, theme))
    painter.scale(scale, scale)
    for x, y in surface.minima:
        paint_marker(
            painter, "star", _place(field, x, y), 11.0, QColor(theme.ink), QColor(theme.halo)
        )
    at = _place(field, *surface.start)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((theme.halo, 4.0), (theme.ink, 1.6)):
        painter.setPen(QPen(QColor(color), width))
        painter.drawEllipse(at, 4.0, 4.0)
    painter.end()
    return image


def prepare(cancelled: Callable[[], bool]) -> None:
    """Sample the surfaces that are made of data, which take a while, before anybody wants them."""
    for key, surface in SURFACES.items():
        if cancelled():
            return
        if surface.group == "data":
            _field(key)


@lru_cache(maxsize=64)
def _field(key: str) -> Field:
    """Sample a surface's window, made as wide as the picture is."""
    surface = SURFACES[key]()
    (x0, x1), (y0, y1) = surface.window
    unit = max((x1 - x0) / WIDTH, (y1 - y0) / HEIGHT)
    cx, cy = surface.center
    half_x, half_y = 0.5 * unit * WIDTH, 0.5 * unit * HEIGHT
    x_range, y_range = (cx - half_x, cx + half_x), (cy - half_y, cy + half_y)
    return sample_field(FieldSpec(surface, x_range, y_range, _COLUMNS, _ROWS))


def _place(field: Field, x: float, y: float) -> QPointF:
    at = []
    for value, (low, high), size in (
        (x, field.spec.x_range, WIDTH),
        (y, field.spec.y_range[::-1], HEIGHT),
    ):
        at.append(float(np.clip((value - low) / (high - low), -1.0, 2.0)) * size)
    return QPointF(*at)
