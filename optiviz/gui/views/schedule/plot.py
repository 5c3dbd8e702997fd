"""ε over the epochs, with the handles by which the schedule is set, and a cursor that scrubs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Signal

from optiviz.engine.digits import rounded
from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.views.schedule.axis import RateAxis, rates_beside, wanted_axis
from optiviz.gui.views.schedule.course import Course, compared
from optiviz.gui.views.schedule.grips import GRIP, Grip, can_add, grips_of
from optiviz.gui.views.schedule.hand import ScheduleHand
from optiviz.gui.views.schedule.marks import paint_grip, paint_label
from optiviz.gui.views.schedule.picture import SchedulePicture
from optiviz.gui.views.schedule.stroke_hand import StrokeHand
from optiviz.gui.views.step_plot import StepPlot
from optiviz.gui.widgets.bubble import Bubble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter, QPixmap
    from PySide6.QtWidgets import QWidget

    from optiviz.engine import Knob
    from optiviz.engine.zone import Zone
    from optiviz.gui.theme.palette import Look

NO_RACERS = "There is no racer whose ε could be drawn."
_TIP = (
    "Drag a handle, or press Tab until it is chosen and then the arrow keys (Shift: finely). "
    "Esc takes a drag back. "
)
_SCRUBBING = "Anywhere else a drag moves the playhead."
_DRAWING = "Anywhere else a drag draws ε, and a click moves the playhead."
_ADDING = " A double-click adds a {0}, or Insert; Delete removes the one that is chosen."


class SchedulePlot(StepPlot[SchedulePicture]):
    """Draws courses, of which the last has the handles.

    Signals: ``scrub_wished(position)``, ``dragged(schedule)``, ``lr_dragged(value)``,
    ``drag_finished()``.
    """

    WANTED, LEAST = (300.0, 190.0), (180.0, 150.0)

    dragged = Signal(object)
    lr_dragged = Signal(float)
    drag_finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(SchedulePicture, parent)
        self.setObjectName("schedule_plot")
        self.setAccessibleName("Schedule: ε by epoch")
        self.setToolTip(_TIP + _SCRUBBING)
        self._courses: list[Course] = []
        self._ghosts: list[Course] = []
        self.keys: frozenset[str] = frozenset()
        self._zone: Zone | None = None
        self._log = False
        self._has_handles = True
        self._locked = False
        self._lr_knob: Knob | None = None
        self._rates = RateAxis(0.0, 1.0, log=False)
        self._text = HaloText(self._look.font(), self._look.theme.halo)
        self._pen = StrokeHand(self, self)
        self._pen.dragged.connect(self.dragged)
        self._pen.finished.connect(self.on_finished)
        self._pen.refused.connect(self.on_refused)
        self._pen.clicked.connect(lambda x: self.scrub_wished.emit(self.axes.step(x)))
        # Asked first, since it comes after the others: what it leaves alone draws, or scrubs.
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
        """The schedules drawn for comparison, each with its title; racers' lines are drawn once."""
        return compared(self._courses, self.keys) if self._courses else []

    @property
    def is_held(self) -> bool:
        """Whether a hand holds a handle, or draws."""
        return self._hand.held is not None or self._pen.is_drawing

    @property
    def zone(self) -> Zone | None:
        """The productive zone that is drawn."""
        return self._zone

    @property
    def lr_knob(self) -> Knob | None:
        """What ε may be."""
        return self._lr_knob

    @property
    def rate_axis(self) -> RateAxis:
        """What the axis of ε shows."""
        return self._rates

    @property
    def grips(self) -> list[Grip]:
        """The handles, ε's first."""
        return self._grips_on(self.axes) if self._courses else []

    def _grips_on(self, axes: SchedulePicture) -> list[Grip]:
        course, aside = self._courses[-1], self._hand.aside

        def found() -> list[Grip]:
            grips = grips_of(course, axes, self._look.px(GRIP - 1.0), aside)
            return grips if self._has_handles else grips[:1]

        return self.drawn(axes, "grips", (course, aside, self._has_handles), found)

    @property
    def axes(self) -> SchedulePicture:
        """Where steps, epochs and rates are, for the size and look of now."""
        axes = super().axes
        axes.epochs = self._courses[-1].epochs if self._courses else 1.0
        return axes

    def show_courses(
        self, courses: Sequence[Course], steps: int, lr_knob: Knob | None, *, has_handles: bool
    ) -> None:
        """Show these curves, the last one with its handles, over a race of so many steps.

        Without ``has_handles``, only its ε can be dragged.
        """
        now = (list(courses), steps if courses else None, has_handles)
        self._lr_knob = lr_knob
        if now == (self._courses, self._steps, self._has_handles):
            return
        self._courses, self._steps, self._has_handles = now
        self._fit()
        self._hand.forget_missing()
        self._pen.show_allowed(has_handles and not self._locked)
        self._show_tip()
        self.describe()

    def show_ghosts(self, courses: Sequence[Course]) -> None:
        """Show curves as they were before a change, pale."""
        if list(courses) != self._ghosts:
            self._ghosts = list(courses)
            self.update()

    def show_compared(self, keys: frozenset[str]) -> None:
        """Show these schedules too, at the same ε."""
        if keys != self.keys:
            self.keys = keys
            self._fit()

    def show_zone(self, zone: Zone | None) -> None:
        """Shade the productive epochs, or none."""
        if zone is not self._zone:
            self._zone = zone
            self._fit()

    def show_log(self, log: bool) -> None:
        """Show ε on a logarithmic axis or a linear one."""
        if log != self._log:
            self._log = log
            self._fit()

    def show_locked(self, locked: bool) -> None:
        """Keep the handles from accidents; the playhead can still be moved."""
        self._hand.show_locked(locked)
        self._locked = locked
        self._pen.show_allowed(self._has_handles and not locked)

    def show_look(self, look: Look) -> None:
        super().show_look(look)
        self._text = HaloText(look.font(0.92, bold=True), look.theme.window, look.zoom)

    def on_finished(self) -> None:
        """Tell that a hand let go, and settle."""
        self._fit()
        self.drag_finished.emit()

    def on_refused(self, sentence: str) -> None:
        """Say why something cannot be done."""
        Bubble(self, sentence)

    def on_grips_changed(self) -> None:
        """Show which handle is under the pointer, in the hand, or chosen."""
        self.update()
        self.describe()

    # Inside

    def _fit(self) -> None:
        """Choose the axis; while a hand holds a handle, or draws, it stays."""
        if not self.is_held and self._courses:
            # What of the others goes beyond it is cut off: the zone is the chosen racer's.
            chosen = self._courses[-1]
            rates = [course.curve()[1] for _, course in self.compared]
            rates += [chosen.curve()[1], np.array([chosen.lr])]
            rates.append(rates_beside(np.concatenate(rates), self._zone))
            self._rates = wanted_axis(rates, log=self._log)
        self.show_axes(self._steps, self._rates)

    def note(self) -> str:
        return NO_RACERS

    def has_frame(self) -> bool:
        return self.hasFocus() and self._hand.focused is None

    def _drawn_ground(self, axes: SchedulePicture) -> QPixmap:
        """What lies below the curves: while a hand drags, it mostly stays."""
        ghosts, zone = self._ghosts, self._zone
        return self.drawn(
            axes, "ground", (tuple(ghosts), zone), lambda: axes.draw_ground(ghosts, zone)
        )

    def _drawn_curves(self, axes: SchedulePicture) -> QPixmap:
        courses, others, zone = self._courses, self.compared, self._zone
        held = self.is_held
        shows = (tuple(courses), tuple(others), zone, held)
        return self.drawn(
            axes, "curves", shows, lambda: axes.draw_curves(courses, others, zone, hold=held)
        )

    def _show_tip(self) -> None:
        course = self.course
        tip = _TIP + (_DRAWING if self._pen.can_draw() else _SCRUBBING)
        if course is not None and self._has_handles and can_add(course.schedule):
            tip += _ADDING.format("knot" if course.schedule.key == "drawn" else "milestone")
        self.setToolTip(tip)

    def describe(self) -> None:
        course = self.course
        if course is None:
            self.setAccessibleDescription(NO_RACERS)
            return
        chosen = next((grip for grip in self.grips if grip.name == self._hand.focused), None)
        said = f"{course.schedule.title}, {rounded(course.epochs, 4)} epochs"
        self.setAccessibleDescription(f"{said}; {chosen.says}" if chosen is not None else said)

    def paint_plot(self, painter: QPainter, axes: SchedulePicture) -> None:
        painter.drawPixmap(0, 0, self._drawn_ground(axes))
        painter.drawPixmap(0, 0, self._drawn_curves(axes))

    def paint_over(self, painter: QPainter, axes: SchedulePicture) -> None:
        look, hand = self._look, self._hand
        color = look.color(self._courses[-1].racer_style)
        focused = hand.focused if self.hasFocus() else None
        grips = self._grips_on(axes)
        for grip in reversed(grips):
            lively = grip.name in (hand.hovered, hand.held)
            paint_grip(painter, grip, look, color, lively=lively, ringed=grip.name == focused)
        named = hand.held or hand.hovered or focused
        for grip in grips:
            if grip.name == named:
                room = QRectF(self.rect())
                room.setTop(axes.plot.top())
                room.setBottom(axes.plot.bottom())  # below are the epochs' numbers
                taken = [taken for _, taken in axes.names]
                paint_label(painter, grip, look, self._text, room, taken)

    # Qt's own

    def focusNextPrevChild(self, forward: bool) -> bool:
        if self._hand.step_focus(1 if forward else -1):
            return True
        return super().focusNextPrevChild(forward)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._hand.hovered is not None:
            event.ignore()  # the handle says what it is; a tip would cover it
            return True
        return super().event(event)
