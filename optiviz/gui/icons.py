"""Icons, drawn for OptiViz as SVG and coloured by the theme when they are shown."""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from optiviz import resources
from optiviz.gui.markers import marker_path, marker_pixmap

__all__ = ["app_icon", "icon", "icon_names", "icon_pixmap", "marker_path", "marker_pixmap"]

_DISABLED = 0.38  # opacity
_APP_SIZES = (16, 20, 22, 24, 32, 48, 64, 128, 256, 512)
_NAME = re.compile(r"[a-z_]+")


def icon(name: str, color: str | QColor, checked: str | QColor | None = None) -> QIcon:
    """Make an icon in one colour, with another one while its button is checked if that is given.

    It is drawn anew at each size, so it is sharp at every device pixel ratio.

    Raises:
        KeyError: there is no icon of that name.
    """
    return QIcon(_Engine(_drawing(name), QColor(color), QColor(checked or color)))


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


def _pixmap(drawing: str, size: float, dpr: float, opacity: float = 1.0) -> QPixmap:
    side = max(1, round(size * dpr))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side, side))
    if opacity < 1.0:
        # Afterwards, for all at once: where two lines cross they must not show through.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.fillRect(0, 0, side, side, QColor.fromRgbF(0.0, 0.0, 0.0, opacity))
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


class _Engine(QIconEngine):
    """Draws one SVG in the colour that the state of its button asks for."""

    def __init__(self, drawing: str, color: QColor, checked: QColor) -> None:
        super().__init__()
        self._drawing = drawing
        self._color = color
        self._checked = checked
        # Qt asks again whenever the button is painted.
        self._kept: dict[tuple[int, float, bool, bool], QPixmap] = {}

    def _drawn(self, side: int, dpr: float, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        is_on, is_disabled = state == QIcon.State.On, mode == QIcon.Mode.Disabled
        key = (side, dpr, is_on, is_disabled)
        if key not in self._kept:
            drawing = _coloured(self._drawing, self._checked if is_on else self._color)
            self._kept[key] = _pixmap(drawing, side, dpr, _DISABLED if is_disabled else 1.0)
        return self._kept[key]

    def clone(self) -> QIconEngine:
        return _Engine(self._drawing, self._color, self._checked)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        corner = QPoint((rect.width() - side) // 2, (rect.height() - side) // 2) + rect.topLeft()
        dpr = painter.device().devicePixelRatio()
        painter.drawPixmap(corner, self._drawn(side, dpr, mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._drawn(min(size.width(), size.height()), 1.0, mode, state)
