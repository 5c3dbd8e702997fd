"""Formulas, typeset, as pixmaps."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from optiviz.gui.theme.palette import ui_font
from optiviz.gui.theme.typesetting import INK, SIZE, svg


def formula_pixmap(latex: str, color: str, point_size: float, dpr: float = 1.0) -> QPixmap:
    """Draw a formula in a colour and size on a transparent ground.

    A formula that cannot be typeset is written as it stands, never refused.
    """
    # Images are kept, not pixmaps: a pixmap may not outlive the application.
    pixels = float(point_size) * _pixels_per_point()  # another one where the screen's changes
    return QPixmap.fromImage(_image(latex, QColor(color).name(), pixels, float(dpr)))


@lru_cache(maxsize=256)
def _image(latex: str, color: str, pixels: float, dpr: float) -> QImage:
    drawing = svg(latex)
    renderer = QSvgRenderer()
    if drawing and renderer.load(QByteArray(drawing.replace(INK, color).encode())):
        size = renderer.viewBoxF().size() * (pixels / SIZE)
        image = _transparent(size.width(), size.height(), dpr)
        painter = QPainter(image)
        renderer.render(painter, QRectF(0.0, 0.0, size.width(), size.height()))
        painter.end()
        return image
    return _written(latex, color, pixels, dpr)


def _written(latex: str, color: str, pixels: float, dpr: float) -> QImage:
    font = ui_font()
    font.setPixelSize(max(1, round(pixels)))
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(latex) + 2.0, metrics.height()
    image = _transparent(width, height, dpr)
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(QColor(color))
    painter.drawText(QRectF(0.0, 0.0, width, height), Qt.AlignmentFlag.AlignCenter, latex)
    painter.end()
    return image


def _transparent(width: float, height: float, dpr: float) -> QImage:
    image = QImage(
        max(1, math.ceil(width * dpr)),
        max(1, math.ceil(height * dpr)),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _pixels_per_point() -> float:
    screen = QGuiApplication.primaryScreen()
    return (screen.logicalDotsPerInch() if screen else 96.0) / 72.0
