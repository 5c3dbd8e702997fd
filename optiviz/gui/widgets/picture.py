"""A small picture that is sharp on every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

_DISABLED = 0.38  # opacity


class Picture(QWidget):
    """Shows a square picture, drawn anew for the device pixel ratio that it is painted at."""

    def __init__(self, object_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._draw: Callable[[float], QPixmap] | None = None
        self._pixmap: QPixmap | None = None
        self._side = 0

    def show_picture(self, draw: Callable[[float], QPixmap], side: float) -> None:
        """Show what ``draw(device pixel ratio)`` gives, on a square of so many pixels."""
        self._draw, self._pixmap, self._side = draw, None, round(side)
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._draw is None:
            return
        ratio = self.devicePixelRatioF()
        if self._pixmap is None or self._pixmap.devicePixelRatio() != ratio:
            self._pixmap = self._draw(ratio)
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isEnabled() else _DISABLED)
        painter.drawPixmap(QPointF(0.0, 0.0), self._pixmap)
        painter.end()
