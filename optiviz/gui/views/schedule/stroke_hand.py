"""What a hand draws on the chart of a schedule that is drawn by hand, as wishes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal

from optiviz.engine import PartError
from optiviz.engine.schedules import Drawn
from optiviz.gui.views.schedule.stroke import Stroke, drawn_after
from optiviz.gui.views.scrub_hand import Hand

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from PySide6.QtWidgets import QWidget

    from optiviz.gui.views.schedule.course import Course
    from optiviz.gui.views.schedule.hand import Handled

_SLOP = 4.0  # pixels; a hand that goes no farther has clicked


class StrokeHand(Hand):
    """Turns a press and a drag across the chart into a line; a click moves the playhead.

    Signals: ``dragged(schedule)``, ``finished()``, ``refused(sentence)``, ``clicked(x)``, a pixel.
    """

    dragged = Signal(object)
    finished = Signal()
    refused = Signal(str)
    clicked = Signal(float)

    def __init__(self, widget: QWidget, seen: Handled) -> None:
        super().__init__(widget)
        self._widget, self._seen = widget, seen
        self._allowed = True
        self._pressed_at: QPointF | None = None
        self._stroke: Stroke | None = None
        self._base: Course | None = None  # as it was when the hand began to draw
        widget.installEventFilter(self)

    @property
    def is_drawing(self) -> bool:
        """Whether a hand draws."""
        return self._stroke is not None

    def show_allowed(self, allowed: bool) -> None:
        """Let a hand draw, or not."""
        self._allowed = allowed
        if not allowed:
            self._end()

    def can_draw(self) -> bool:
        """Say whether the curve is one that is drawn."""
        course = self._seen.course
        return self._allowed and course is not None and isinstance(course.schedule, Drawn)

    def _on_press(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton or not self.can_draw():
            return False
        if not self._seen.axes.plot.contains(event.position()):
            return False
        self._pressed_at = event.position()
        return True

    def _on_move(self, event: QMouseEvent) -> bool:
        if self._pressed_at is None:
            if self.can_draw() and self._seen.axes.plot.contains(event.position()):
                self._widget.setCursor(Qt.CursorShape.CrossCursor)
                return True
            return False
        if self._stroke is None and not self._begin(event.position()):
            return True
        base, stroke = self._base, self._stroke
        if base is None or stroke is None:
            return True
        stroke.go_to(event.position().x(), event.position().y())
        try:
            schedule = drawn_after(base, stroke, self._seen.axes)
        except PartError as error:
            self._cancel()
            self.refused.emit(str(error))
            return True
        now = self._seen.course
        if now is not None and schedule != now.schedule:
            self.dragged.emit(schedule)
        return True

    def _begin(self, at: QPointF) -> bool:
        """Begin to draw where the hand was pressed, once it has gone far enough."""
        begin, course = self._pressed_at, self._seen.course
        if begin is None or course is None:
            return False
        if math.hypot(at.x() - begin.x(), at.y() - begin.y()) < self._seen.px(_SLOP):
            return False
        self._base = course
        self._stroke = Stroke(self._seen.axes, begin.x(), begin.y())
        return True

    def _on_release(self, event: QMouseEvent) -> bool:
        if self._pressed_at is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        drew, at = self.is_drawing, self._pressed_at
        self._end()
        if drew:
            self.finished.emit()
        else:
            self.clicked.emit(at.x())
        return True

    def _cancel(self) -> None:
        """Take back what was drawn since the hand was pressed."""
        base, now = self._base, self._seen.course
        self._end()
        if base is not None and now is not None and base.schedule != now.schedule:
            self.dragged.emit(base.schedule)
        self.finished.emit()

    def _end(self) -> None:
        self._pressed_at = self._stroke = self._base = None

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Escape or self._pressed_at is None:
            return False
        self._cancel()
        return True
