"""Formulas, typeset: LaTeX to SVG by ziamath, SVG to a pixmap by Qt."""

from __future__ import annotations

import math
import re
import warnings
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from optiviz.gui.theme import ui_font

if TYPE_CHECKING:
    from types import ModuleType

_TYPESET_SIZE = 24.0  # pixels; drawn at any other size from there
_INK = "#010203"  # stands in the SVG for the colour asked for


def formula_pixmap(latex: str, color: str, point_size: float, dpr: float = 1.0) -> QPixmap:
    """Draw a formula in a colour and size on a transparent ground.

    A formula that cannot be typeset is written as it stands, never refused.
    """
    # Images are kept, not pixmaps: a pixmap may not outlive the application.
    return QPixmap.fromImage(_image(latex, QColor(color).name(), float(point_size), float(dpr)))


@lru_cache(maxsize=256)
def _image(latex: str, color: str, point_size: float, dpr: float) -> QImage:
    svg = _typeset(latex)
    renderer = QSvgRenderer()
    if svg and renderer.load(QByteArray(svg.replace(_INK, color).encode())):
        size = renderer.viewBoxF().size() * (point_size * _pixels_per_point() / _TYPESET_SIZE)
        image = _transparent(size.width(), size.height(), dpr)
        painter = QPainter(image)
        renderer.render(painter, QRectF(0.0, 0.0, size.width(), size.height()))
        painter.end()
        return image
    return _written(latex, color, point_size, dpr)


@lru_cache(maxsize=256)
def _typeset(latex: str) -> str:
    """Typeset a formula as SVG; empty where that fails. It takes 5 to 20 ms."""
    try:
        typesetter = _typesetter()
        # The chapter's ε, as it stands beside the sliders; ``\epsilon`` alone would give ϵ.
        chapters = re.sub(r"\\epsilon\b", r"\\varepsilon", latex)
        return str(typesetter.Latex(chapters, size=_TYPESET_SIZE, color=_INK).svg())
    except Exception:  # noqa: BLE001 - its parsers raise errors of many unrelated kinds
        return ""


@cache
def _typesetter() -> ModuleType:
    """Import ziamath, late: it loads a font, which the first picture need not wait for."""
    with warnings.catch_warnings():
        # ziamath 0.13 finds its font by a function that Python 3.11 calls old.
        warnings.simplefilter("ignore", DeprecationWarning)
        import ziamath
    # Plain paths: Qt's SVG knows no symbols with a view box of their own.
    ziamath.config.svg2 = False
    return ziamath


def _written(latex: str, color: str, point_size: float, dpr: float) -> QImage:
    font = ui_font()
    font.setPointSizeF(max(1.0, point_size))
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
