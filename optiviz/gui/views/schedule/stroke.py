"""A line that a hand draws across the chart, and the few knots that are as good as it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.part import MAX_TEXT
from optiviz.engine.schedules import Drawn
from optiviz.engine.schedules.handles import within
from optiviz.engine.schedules.lists import HIGHEST, written_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine.schedules.lists import Pair
    from optiviz.gui.views.schedule.course import Course
    from optiviz.gui.views.schedule.places import SchedulePlaces

Array = np.ndarray

#: So many pixels the line may stand off the stroke; more, where there would be too many knots.
TOLERANCE = 2.5
_COARSER = 1.4
#: No stroke has more knots than this: each is a handle of its own.
MOST_KNOTS = 12


class Stroke:
    """How high a hand has been, column by column: where it comes again, it draws anew."""

    def __init__(self, places: SchedulePlaces, x: float, y: float) -> None:
        plot = places.plot
        self._left, self._top, self._bottom = plot.left(), plot.top(), plot.bottom()
        self._heights = np.full(round(plot.width()) + 1, np.nan)
        self._last = self._place(x, y)
        self.go_to(x, y)

    def go_to(self, x: float, y: float) -> None:
        """Go on in a line from where the hand was last, in pixels."""
        (column, height), (before, from_height) = self._place(x, y), self._last
        first, last = sorted((before, column))
        between = np.arange(first, last + 1)
        (_, first_height), (_, last_height) = sorted(((before, from_height), (column, height)))
        self._heights[between] = np.interp(between, [first, last], [first_height, last_height])
        self._heights[column] = height
        self._last = (column, height)

    @property
    def points(self) -> tuple[Array, Array]:
        """Where the hand was, from left to right, in pixels: (n,) each."""
        columns = np.flatnonzero(np.isfinite(self._heights))
        return self._left + columns, self._heights[columns]

    def _place(self, x: float, y: float) -> tuple[int, float]:
        column = min(max(round(x - self._left), 0), len(self._heights) - 1)
        return column, min(max(y, self._top), self._bottom)


def drawn_after(course: Course, stroke: Stroke, places: SchedulePlaces) -> Drawn:
    """Give the schedule after a stroke, which stands in place of all knots below and above it.

    Raises:
        PartError: there are too many other knots.
    """
    assert isinstance(course.schedule, Drawn)
    xs, ys = stroke.points
    rates = np.array([places.rate(y) for y in ys.tolist()])
    rates = np.minimum(rates, HIGHEST * course.lr)
    epochs = [_rounded(places.epoch(x), course.epochs) for x in xs.tolist()]
    kept = [knot for knot in course.schedule.points if not epochs[0] <= knot[0] <= epochs[-1]]
    tolerance = TOLERANCE * places.look.px(1.0)
    while True:
        corners = simplified(
            xs, rates, lambda at: places.height_of(places.values.share(at)), tolerance
        )
        new = {epochs[i]: within(rates[i] / course.lr, 0.0, HIGHEST) for i in corners}
        knots: list[Pair] = sorted([*kept, *new.items()])
        few = len(new) <= MOST_KNOTS and len(written_pairs(knots)) <= MAX_TEXT
        if few or len(new) <= 2:
            return Drawn.of(knots, course.schedule.warmup)
        tolerance *= _COARSER


def simplified(
    xs: Array, rates: Array, height_of: Callable[[Array], Array], tolerance: float
) -> list[int]:
    """Choose the corners of a line that is as good as all points, by Ramer, Douglas and Peucker.

    Distances are measured upward, where the curve will be drawn: on a logarithmic axis a line from
    knot to knot is bent.

    Args:
        xs: (n,) rising.
        rates: (n,) the points' values, between which the line is straight.
        height_of: turns values into pixels.
        tolerance: how far off a point the line may be, in pixels.

    Returns:
        The indices of the corners, rising, with both ends.
    """
    heights = height_of(rates)
    corners = {0, len(xs) - 1}
    open_spans = [(0, len(xs) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        inside = slice(first + 1, last)
        if last - first < 2:
            continue
        line = np.interp(xs[inside], xs[[first, last]], rates[[first, last]])
        away = np.abs(height_of(line) - heights[inside])
        worst = first + 1 + int(away.argmax())
        if away.max() > tolerance:
            corners.add(worst)
            open_spans += [(first, worst), (worst, last)]
    return sorted(corners)


def _rounded(epoch: float, epochs: float) -> float:
    """Round an epoch as finely as a hand is, as it is done for handles."""
    return round(epoch, max(0, 4 - math.floor(math.log10(epochs)))) if epochs > 0.0 else epoch
