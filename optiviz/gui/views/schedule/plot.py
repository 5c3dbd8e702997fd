"""ε over the epochs, with the handles by which the schedule is set, and a cursor that scrubs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from optiviz.engine.digits import rounded
from optiviz.gui.drawing.focus import paint_focus
from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.theme.palette import Look
from optiviz.gui.views.empty_note import paint_note
from optiviz.gui.views.schedule.axis import RateAxis, wanted_axis
from optiviz.gui.views.schedule.course import Course, compared
from optiviz.gui.views.schedule.grips import GRIP, Grip, can_add, grips_of
from optiviz.gui.views.schedule.hand import ScheduleHand
from optiviz.gui.views.schedule.marks import paint_grip, paint_label
from optiviz.gui.views.schedule.picture import SchedulePicture
from optiviz.gui.views.scrub_hand import ScrubHand
from optiviz.gui.widgets.bubble import Bubble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.engine import Knob
    from optiviz.engine.zone import Zone

NO_RACERS = "There is no racer whose ε could be drawn."
_TIP = (
    "Drag a handle, or press Tab until it is chosen and then the arrow keys (Shift: finely). "
    "Esc takes a drag back. Anywhere else a drag moves the playhead."
)
_ADDING = " A double-click adds a {0}, or Insert; Delete removes the one that is chosen."


class SchedulePlot(QWidget):
    """Draws courses, of which the last has the handles.

    Signals: ``scrub_wished(position)``, ``dragged(schedule)``, ``lr_dragged(value)``,
    ``drag_finished()``.
    """

    scrub_wished = Signal(float)
    dragged = Signal(object)
    lr_dragged = Signal(float)
    drag_finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("schedule_plot")
        self.setAccessibleName("Schedule: ε by epoch")
        self.setToolTip(_TIP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._look = Look()
        self._courses: list[Course] = []
        self._ghosts: list[Course] = []
        self._keys: frozenset[str] = frozenset()
        self._zone: Zone | None = None
        self._steps = 1
        self._position = 0.0
        self._log = False
        self._has_handles = True
        self._lr_knob: Knob | None = None
        self._axis = RateAxis(0.0, 1.0, log=False)
        self._picture: KeptPicture[SchedulePicture] = KeptPicture()
        self._ground: KeptPicture[QPixmap] = KeptPicture()
        self._curves: KeptPicture[QPixmap] = KeptPicture()
        self._grips: KeptPicture[list[Grip]] = KeptPicture()
        self._text = HaloText(self._look.font(), self._look.theme.halo)
        scrub = ScrubHand(self, self)
        scrub.scrub_wished.connect(self.scrub_wished)
        # Asked first, since it comes last: what it leaves alone scrubs.
        self._hand = ScheduleHand(self, self)
        self._hand.dragged.connect(self.dragged)
        self._hand.lr_dragged.connect(self.lr_dragged)
        self._hand.finished.connect(self.on_finished)
        self._hand.refused.connect(self.on_refused)
        self._hand.changed.connect(self.on_grips_changed)
        self.show_look(self._look)

    # What is shown

    @property
    def course(self) -> Course | None:
        """The curve that has the handles; ``None``: nothing can be dragged."""
        return self._courses[-1] if self._courses else None

    @property
    def courses(self) -> tuple[Course, ...]:
        """All curves, the one with the handles last."""
        return tuple(self._courses)

    @property
    def compared(self) -> list[tuple[str, Course]]:
        """The schedules drawn for comparison, each with its title."""
        return compared(self._courses[-1], self._keys) if self._courses else []

    @property
    def is_held(self) -> bool:
        """Whether a hand holds a handle."""
        return self._hand.held is not None

    @property
    def zone(self) -> Zone | None:
        """The productive zone that is drawn."""
        return self._zone

    @property
    def lr_knob(self) -> Knob | None:
        """What ε may be."""
        return self._lr_knob

    @property
    def position(self) -> float:
        """Where the cursor is."""
        return self._position

    @property
    def axis(self) -> SchedulePicture | None:
        """The picture's axis of steps; ``None`` while there is nothing to scrub."""
        return self.picture if self._courses else None

    @property
    def rate_axis(self) -> RateAxis:
        """What the axis of ε shows."""
        return self._axis

    @property
    def grips(self) -> list[Grip]:
        """The handles, ε's first."""
        if not self._courses:
            return []
        course, picture, aside = self._courses[-1], self.picture, self._hand.aside
        shows = (course, picture, *picture.scale, aside, self._has_handles)

        def found() -> list[Grip]:
            grips = grips_of(course, picture, self._look.px(GRIP - 1.0), aside)
            return grips if self._has_handles else grips[:1]

        return self._grips.get(shows, found)

    @property
    def picture(self) -> SchedulePicture:
        """The picture for the size of now."""
        size = (float(self.width()), float(self.height()))
        seen = (self._look, size, self.devicePixelRatioF())
        picture = self._picture.get(seen, lambda: SchedulePicture(*seen))
        picture.steps = self._steps
        picture.epochs = self._courses[-1].epochs if self._courses else 1.0
        picture.axis = self._axis
        return picture

    def px(self, length: float) -> float:
        """Scale a length, in device-independent pixels."""
        return self._look.px(length)

    def show_courses(
        self, courses: Sequence[Course], steps: int, lr_knob: Knob | None, *, has_handles: bool
    ) -> None:
        """Show these curves, the last one with its handles, over a race of so many steps.

        Without ``has_handles``, only its ε can be dragged.
        """
        now = (list(courses), steps, has_handles)
        self._lr_knob = lr_knob
        if now == (self._courses, self._steps, self._has_handles):
            return
        self._courses, self._steps, self._has_handles = now
        self._fit()
        self.update()
        self._hand.forget_missing()
        self._show_tip()
        self._describe()

    def show_ghosts(self, courses: Sequence[Course]) -> None:
        """Show curves as they were before a change, pale."""
        if list(courses) != self._ghosts:
            self._ghosts = list(courses)
            self.update()

    def show_compared(self, keys: frozenset[str]) -> None:
        """Show these schedules too, at the same ε."""
        if keys != self._keys:
            self._keys = keys
            self._fit()
            self.update()

    def show_zone(self, zone: Zone | None) -> None:
        """Shade the productive epochs, or none."""
        if zone is not self._zone:
            self._zone = zone
            self.update()

    def show_step(self, position: float) -> None:
        """Show the playhead."""
        if position == self._position:
            return
        picture = self.picture
        old, self._position = self._position, position
        low, high = sorted((picture.x(old), picture.x(position)))
        room = math.ceil(self._look.px(4))
        left = math.floor(low) - room
        self.update(QRect(left, 0, math.ceil(high) + room - left, self.height()))

    def show_log(self, log: bool) -> None:
        """Show ε on a logarithmic axis or a linear one."""
        if log != self._log:
            self._log = log
            self._fit()
            self.update()

    def show_locked(self, locked: bool) -> None:
        """Keep the handles from accidents; the playhead can still be moved."""
        self._hand.show_locked(locked)

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._look = look
        self._text = HaloText(look.font(0.92, bold=True), look.theme.window, look.zoom)
        self.update()

    def on_finished(self) -> None:
        """Tell that a hand let go, and settle."""
        self._fit()
        self.update()
        self.drag_finished.emit()

    def on_refused(self, sentence: str) -> None:
        """Say why something cannot be done."""
        Bubble(self, sentence)

    def on_grips_changed(self) -> None:
        """Show which handle is under the pointer, in the hand, or chosen."""
        self.update()
        self._describe()

    # Inside

    def _fit(self) -> None:
        """Choose the axis; while a hand holds a handle it stays."""
        if self._hand.held is not None or not self._courses:
            return
        everything = [*self._courses, *(course for _, course in self.compared)]
        rates = [course.curve()[1] for course in everything]
        self._axis = wanted_axis([*rates, np.array([self._courses[-1].lr])], log=self._log)

    def _drawn_ground(self, picture: SchedulePicture) -> QPixmap:
        """What lies below the curves: while a hand drags, it mostly stays."""
        shows = (picture, *picture.scale, tuple(self._ghosts), self._zone)
        return self._ground.get(shows, lambda: picture.draw_ground(self._ghosts, self._zone))

    def _drawn_curves(self, picture: SchedulePicture) -> QPixmap:
        courses, others, zone = self._courses, self.compared, self._zone
        held = self._hand.held is not None
        shows = (picture, *picture.scale, tuple(courses), tuple(others), zone, held)
        return self._curves.get(
            shows, lambda: picture.draw_curves(courses, others, zone, hold=held)
        )

    def _show_tip(self) -> None:
        course = self.course
        tip = _TIP
        if course is not None and self._has_handles and can_add(course.schedule):
            tip += _ADDING.format("knot" if course.schedule.key == "drawn" else "milestone")
        self.setToolTip(tip)

    def _describe(self) -> None:
        course = self.course
        if course is None:
            self.setAccessibleDescription(NO_RACERS)
            return
        chosen = next((grip for grip in self.grips if grip.name == self._hand.focused), None)
        said = f"{course.schedule.title}, {rounded(course.epochs, 4)} epochs"
        self.setAccessibleDescription(f"{said}; {chosen.says}" if chosen is not None else said)

    def _paint(self, painter: QPainter) -> None:
        theme, look = self._look.theme, self._look
        if not self._courses:
            painter.fillRect(self.rect(), QColor(theme.window))
            paint_note(painter, QRectF(self.rect()), NO_RACERS, look)
            return
        picture = self.picture
        painter.drawPixmap(0, 0, self._drawn_ground(picture))
        painter.drawPixmap(0, 0, self._drawn_curves(picture))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at, rise = picture.x(self._position), look.px(3)
        painter.setPen(QPen(QColor(theme.ink), look.px(1.6)))
        painter.drawLine(QLineF(at, picture.plot.top() - rise, at, picture.plot.bottom() + rise))
        hand, color = self._hand, look.color(self._courses[-1].racer_style)
        focused = hand.focused if self.hasFocus() else None
        for grip in reversed(self.grips):
            lively = grip.name in (hand.hovered, hand.held)
            paint_grip(painter, grip, look, color, lively=lively, ringed=grip.name == focused)
        told = hand.held or hand.hovered or focused
        for grip in self.grips:
            if grip.name == told:
                room = QRectF(self.rect())
                room.setTop(picture.plot.top())
                room.setBottom(picture.plot.bottom())  # below are the epochs' numbers
                taken = [taken for _, taken in picture.names]
                paint_label(painter, grip, look, self._text, room, taken)

    # Qt's own

    def focusNextPrevChild(self, forward: bool) -> bool:
        if self._hand.step_focus(1 if forward else -1):
            return True
        return super().focusNextPrevChild(forward)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.update()  # the pictures kept are blurred there
        if event.type() == QEvent.Type.ToolTip and self._hand.hovered is not None:
            event.ignore()  # the handle says what it is; a tip would cover it
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        return QSize(round(self._look.px(300)), round(self._look.px(190)))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._look.px(180)), round(self._look.px(150)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter)
        if self.hasFocus() and self._hand.focused is None:
            paint_focus(painter, self.rect(), self._look)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._describe()
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)
