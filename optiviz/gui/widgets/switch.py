"""An on/off switch."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from optiviz.gui.theme.palette import Look

_WIDTH, _HEIGHT = 30.0, 16.0  # of the track, in unscaled pixels
_ROOM = 3.0  # around it, for the focus ring


class Switch(QCheckBox):
    """A check box drawn as a switch: its knob stands to the right, and a bar shows, when it is on.

    Signals: those of a check box; ``clicked(bool)`` is a hand's or a key's doing only.
    """

    def __init__(
        self, object_name: str, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = Look()
        self._color = QColor(self._look.theme.accent)
        self.setObjectName(object_name)
        # A click does not take the focus: after it, Space plays the race.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(accessible_name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_checked(self, checked: bool) -> None:
        """Show whether it is on."""
        blocked = self.blockSignals(True)
        self.setChecked(checked)
        self.blockSignals(blocked)

    def show_look(self, look: Look, color: QColor) -> None:
        """Show the switch in this scale and theme, filled in this colour while it is on."""
        self._look = look
        self._color = QColor(color)
        self.updateGeometry()
        self.update()

    def event(self, event: QEvent) -> bool:
        # The window has a shortcut for Space; a focused switch comes first.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Space:
                event.accept()
                return True
        return super().event(event)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        room = 2.0 * _ROOM
        return QSize(
            round(self._look.px(_WIDTH) + room) + 1, round(self._look.px(_HEIGHT) + room) + 1
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._look.theme, self._look.px
        track = QRectF(
            self.width() - px(_WIDTH) - _ROOM,
            (self.height() - px(_HEIGHT)) / 2.0,
            px(_WIDTH),
            px(_HEIGHT),
        )
        half = track.height() / 2.0
        on, enabled = self.isChecked(), self.isEnabled()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        filled = self._color if enabled else QColor(theme.muted)
        painter.setPen(QPen(filled if on else QColor(theme.muted), 1.5))
        painter.setBrush(filled if on else QColor(theme.field))
        painter.drawRoundedRect(track.adjusted(0.75, 0.75, -0.75, -0.75), half, half)
        x = track.right() - half if on else track.left() + half
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.card if on else theme.muted))
        painter.drawEllipse(QPointF(x, track.center().y()), half - px(3.0), half - px(3.0))
        if on:
            painter.setPen(_round_pen(QColor(theme.card), px(1.8)))
            bar_x = track.left() + half + px(0.5)
            reach = half - px(4.5)
            painter.drawLine(
                QPointF(bar_x, track.center().y() - reach),
                QPointF(bar_x, track.center().y() + reach),
            )
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 2.0))
            painter.drawRoundedRect(track.adjusted(-2, -2, 2, 2), half + 2, half + 2)
        painter.end()


def _round_pen(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen
