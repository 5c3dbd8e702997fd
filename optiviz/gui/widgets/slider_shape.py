"""How a knob's slider looks: where its handle stands, and how groove and handle are painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look

# In unscaled pixels; the ring is as wide at every scale.
_HANDLE = 7.5  # radius
_GROOVE = 4.0
_RING = 2.0
_HEIGHT = 24.0
_WIDTH, _LEAST_WIDTH = 120.0, 64.0


@dataclass(frozen=True)
class SliderShape:
    """A slider of this size, in this scale and theme.

    Where the handle stands is said as a share, 0 at the left end of its way and 1 at the right.
    """

    look: Look
    width: int
    height: int

    @property
    def ends(self) -> tuple[float, float]:
        """Where the middle of the handle is at the two ends, in pixels from the left."""
        room = self.look.px(_HANDLE) + _RING + 1.0
        return room, max(room + 1.0, self.width - room)

    def handle_x(self, share: float) -> float:
        """Where the middle of the handle is, in pixels from the left."""
        left, right = self.ends
        return left + (right - left) * share

    def share_at(self, x: float) -> float:
        """Give the share at so many pixels from the left; beyond the ends, below 0 or above 1."""
        left, right = self.ends
        return (x - left) / (right - left)

    def is_on_handle(self, off: float) -> bool:
        """Say whether what is so many pixels from the middle of the handle touches it."""
        return abs(off) <= self.look.px(_HANDLE) + _RING

    def paint(
        self,
        painter: QPainter,
        share: float,
        color: QColor,
        *,
        enabled: bool,
        focused: bool,
        touched: bool,
    ) -> None:
        """Paint the groove, filled up to the handle, and the handle with its ring.

        Args:
            painter: paints on the slider.
            share: where the handle stands.
            color: the colour of what is filled, as long as the slider is enabled.
            enabled: whether a hand may move the handle.
            focused: whether keys go to the slider; a ring says so.
            touched: whether the pointer is over the slider or holds the handle.
        """
        theme, look = self.look.theme, self.look
        left, right = self.ends
        x, y = self.handle_x(share), self.height / 2.0
        thick, radius = look.px(_GROOVE), look.px(_HANDLE)
        filled = color if enabled else QColor(theme.muted)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.groove))
        start = left - radius
        groove = QRectF(start, y - thick / 2, right - left + 2 * radius, thick)
        painter.drawRoundedRect(groove, thick / 2, thick / 2)
        painter.setBrush(filled)
        groove.setRight(max(x, start + thick))
        painter.drawRoundedRect(groove, thick / 2, thick / 2)
        painter.setBrush(QColor(theme.handle if enabled else theme.muted))
        painter.drawEllipse(QPointF(x, y), radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if focused:
            painter.setPen(QPen(QColor(theme.accent), _RING))
            painter.drawEllipse(QPointF(x, y), radius + _RING, radius + _RING)
        elif enabled and touched:
            painter.setPen(QPen(filled, _RING))
            painter.drawEllipse(QPointF(x, y), radius, radius)


def least_size(look: Look) -> QSize:
    """Give the size below which a hand could no longer set a value."""
    return QSize(round(look.px(_LEAST_WIDTH)), round(look.px(_HEIGHT)))


def usual_size(look: Look) -> QSize:
    """Give the size that a slider has where there is room."""
    return QSize(round(look.px(_WIDTH)), round(look.px(_HEIGHT)))
