"""Icons, drawn for OptiViz as SVG and coloured by the theme when they are shown."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from optiviz import resources
from optiviz.gui.theme.markers import marker_path, marker_pixmap

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton

__all__ = [
    "app_icon",
    "icon",
    "icon_names",
    "icon_pixmap",
    "marker_path",
    "marker_pixmap",
    "show_icon",
]

_DISABLED = 0.38  # opacity
_APP_SIZES = (16, 20, 22, 24, 32, 48, 64, 128, 256, 512)
_NAME = re.compile(r"[a-z_]+")


def show_icon(button: QAbstractButton, name: str, color: str | QColor) -> None:
    """Show an icon on a button, sharp on the screen that it is on, in the button's icon size.

    To be shown anew when that size, or the device pixel ratio, has changed.
    """
    button.setIcon(icon(name, color, button.iconSize().width(), button.devicePixelRatioF()))


def icon(name: str, color: str | QColor, side: int, dpr: float = 1.0) -> QIcon:
    """Make an icon for one size, in device-independent pixels, and one device pixel ratio.

    It is made of pixmaps: an icon engine of Python's would be a C++ object whose wrapper is found
    by its address, at the mercy of whatever was there before (decision 0015).

    Raises:
        KeyError: there is no icon of that name.
    """
    normal, disabled = _pixmaps(name, QColor(color).name(), side, dpr)
    drawn = QIcon()
    # Else Qt would tint what is selected.
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
        drawn.addPixmap(normal, mode)
    drawn.addPixmap(disabled, QIcon.Mode.Disabled)
    return drawn


def icon_pixmap(name: str, color: str | QColor, size: float, dpr: float = 1.0) -> QPixmap:
    """Draw an icon on a transparent square of ``size`` device-independent pixels."""
    return _pixmap(_coloured(_drawing(name), QColor(color)), size, dpr)


def icon_names() -> tuple[str, ...]:
    """List the icons that there are."""
    files = resources.path("icons").glob("*.svg")
    return tuple(sorted(file.stem for file in files if _NAME.fullmatch(file.stem)))


def app_icon() -> QIcon:
    """Make the application's own icon, in the sizes that desktops ask for."""
    drawn = QIcon()
    for size in _APP_SIZES:
        drawn.addPixmap(_pixmap(_drawing("optiviz"), size, 1.0))
    return drawn


@lru_cache(maxsize=128)
def _drawing(name: str) -> str:
    try:
        return resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")
    except OSError as error:
        raise KeyError(f"there is no icon {name!r}") from error


def _coloured(drawing: str, color: QColor) -> str:
    return drawing.replace("currentColor", color.name())


@lru_cache(maxsize=256)
def _pixmaps(name: str, color: str, side: int, dpr: float) -> tuple[QPixmap, QPixmap]:
    """Draw an icon, and a fainter one for what is disabled."""
    # In Qt's own count of device pixels: of another size it would be scaled, and blurred.
    pixels = (QSize(side, side) * dpr).width()
    normal = _pixmap(_coloured(_drawing(name), QColor(color)), pixels, 1.0)
    faint = normal.copy()
    painter = QPainter(faint)
    # Afterwards, for all at once: where two lines cross they must not show through.
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.fillRect(faint.rect(), QColor.fromRgbF(0.0, 0.0, 0.0, _DISABLED))
    painter.end()
    for pixmap in (normal, faint):
        pixmap.setDevicePixelRatio(dpr)
    return normal, faint


def _pixmap(drawing: str, size: float, dpr: float) -> QPixmap:
    side = max(1, round(size * dpr))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap
