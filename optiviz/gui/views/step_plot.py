"""StepPlot: a plot by step, with a cursor at the playhead that a hand may move."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QLineF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from optiviz.gui.drawing.loss_axes import held_range, wanted_range
from optiviz.gui.drawing.loss_picture import StepPicture
from optiviz.gui.drawing.step_axes import StepAxes
from optiviz.gui.views.empty_note import paint_note
from optiviz.gui.views.plot_view import PlotView
from optiviz.gui.views.scrub_hand import ScrubHand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget

    from optiviz.gui.drawing.loss_axes import StepCurve, ValueRange
    from optiviz.gui.drawing.step_axes import ValueAxis
    from optiviz.gui.theme.palette import Look

    MakeAxes = Callable[[Look, tuple[float, float], float, float], "Axes"]

_AHEAD = 0.5  # opacity of what the playhead has not reached yet
_CURSOR = 1.6

Axes = TypeVar("Axes", bound=StepAxes)
Drawn = TypeVar("Drawn")


class StepPlot(PlotView, Generic[Axes]):
    """Paints what a subclass draws on its axes, and over it the cursor.

    A subclass tells ``show_axes`` how many steps there are and what the axis of values shows;
    until then the plot is empty. It draws in ``paint_plot``, from pictures that it asks ``drawn``
    for. The playhead can be moved by mouse and arrow keys.
    """

    #: How far the cursor reaches beyond the plot, at both ends.
    RISE = 3.0

    def __init__(
        self, make_axes: MakeAxes, parent: QWidget | None = None, *, scrubs: bool = True
    ) -> None:
        """Make a plot whose axes ``make_axes(look, size, top, sharpness)`` gives."""
        super().__init__(parent)
        self._make_axes = make_axes
        self._steps: int | None = None
        self._values: ValueAxis | None = None
        self._painted: Axes | None = None  # the axes that are on the screen
        if scrubs:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setMouseTracking(True)
            ScrubHand(self, self).scrub_wished.connect(self.scrub_wished)

    @property
    def axes(self) -> Axes:
        """Where steps and values are, for the size and look of now."""
        size = (float(self.width()), float(self.height()))
        seen = (self._look, size, self.room_above(), self.devicePixelRatioF())
        axes = self.kept("axes", seen, lambda: self._make_axes(*seen))
        axes.steps = self._steps or 1
        if self._values is not None:
            axes.values = self._values
        return axes

    @property
    def axis(self) -> Axes | None:
        """The axes; ``None`` while there is nothing to scrub."""
        return None if self._steps is None else self.axes

    def show_axes(self, steps: int | None, values: ValueAxis | None) -> None:
        """Show so many steps and this axis of values; ``None``: there is nothing to show."""
        self._steps, self._values = steps, values
        self.update()

    def drawn(
        self, axes: Axes, name: str, shows: tuple[object, ...], draw: Callable[[], Drawn]
    ) -> Drawn:
        """What was drawn last on these axes under a name; see :meth:`kept`."""
        return self.kept(name, (axes, *axes.scale, *shows), draw)

    def room_above(self) -> float:
        """How many pixels above the plot are for something else."""
        return 0.0

    def note(self) -> str:
        """Say why there is nothing to see; empty: say nothing."""
        return ""

    def paint_plot(self, painter: QPainter, axes: Axes) -> None:
        """Paint what lies below the cursor, on all of the view."""

    def paint_over(self, painter: QPainter, axes: Axes) -> None:
        """Paint what lies above the cursor, with antialiasing."""

    def paint_reached(self, painter: QPainter, axes: Axes, picture: QPixmap) -> None:
        """Paste a picture of curves, faintly where the playhead has not been yet."""
        at, high = self._cursor(axes, self._position), self.height()
        for left, right, opacity in ((0.0, at, 1.0), (at, float(self.width()), _AHEAD)):
            painter.save()
            room = QRectF(left, 0.0, max(right - left, 0.0), high)
            painter.setClipRect(room, Qt.ClipOperation.IntersectClip)
            painter.setOpacity(opacity)
            painter.drawPixmap(0, 0, picture)
            painter.restore()

    def moved(self, before: float) -> None:
        axes = self._painted
        if axes is not None:  # else all of it is about to be painted
            low, high = sorted((self._cursor(axes, before), self._cursor(axes, self._position)))
            room = math.ceil(self.px(4))
            left = math.floor(low) - room
            self.update(QRect(left, 0, math.ceil(high) + room - left, self.height()))
        if self.hasFocus():
            self.describe()

    def paint(self, painter: QPainter) -> None:
        axes, look = self.axis, self._look
        self._painted = axes
        if axes is None:
            painter.fillRect(self.rect(), QColor(look.theme.window))
            paint_note(painter, QRectF(self.rect()), self.note(), look)
            return
        self.paint_plot(painter, axes)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(look.theme.ink), look.px(_CURSOR)))
        at, rise, plot = self._cursor(axes, self._position), look.px(self.RISE), axes.plot
        painter.drawLine(QLineF(at, plot.top() - rise, at, plot.bottom() + rise))
        self.paint_over(painter, axes)

    def _cursor(self, axes: Axes, position: float) -> float:
        """Where the cursor is; never beyond the plot, which may have lost its last steps."""
        return axes.x(min(position, axes.steps))


class CurvePlot(StepPlot[StepPicture]):
    """A step plot of curves whose values are positive, on a logarithmic axis or a linear one."""

    def __init__(self, parent: QWidget | None = None, *, scrubs: bool = True) -> None:
        super().__init__(StepPicture, parent, scrubs=scrubs)
        self._range: ValueRange | None = None

    @property
    def value_range(self) -> ValueRange | None:
        """What the axis of values shows."""
        return self._range

    def fit(
        self, steps: int, curves: Iterable[StepCurve], target: float, *, log: bool, hold: bool
    ) -> None:
        """Show so many steps, and values among which all curves and the target are.

        With ``hold`` the axis stays as it is, as far as the curves fit on it.
        """
        wanted = wanted_range(list(curves), target, log=log)
        held = self._range if hold else None
        self._range = wanted if held is None else held_range(held, wanted)
        self.show_axes(steps, self._range)
