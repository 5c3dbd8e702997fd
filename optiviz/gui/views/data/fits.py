"""The models that racers are at the playhead, as lines in the data panel's pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from optiviz.gui.drawing.dashes import dashed
from optiviz.gui.drawing.layer import blank_picture
from optiviz.gui.drawing.line_painter import line_pen, paint_lines
from optiviz.gui.drawing.outline import straightened
from optiviz.gui.drawing.strokes import Strokes, clipped
from optiviz.gui.theme.palette import RACER_STYLES
from optiviz.gui.theme.stylesheet import mixed

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from optiviz.engine.surfaces.data import DataSurface
    from optiviz.gui.stage.heads import Head
    from optiviz.gui.views.data.plot import DataPlot

Array = np.ndarray

_WIDTH = 2.0
_HALO = 3.2  # wider than the line by so many pixels
#: The line for rows in which the rare input is 1: its width, share of the colour, dash.
_LIGHT_WIDTH, _LIGHT, _LIGHT_DASH = 1.3, 0.65, (3.0, 3.0)
_MOST_POINTS = 200
_PIXELS = 2.0  # between two points of a curve, at least
_STRAIGHT = 0.1  # pixels; a point this near to its neighbours' chord does not show


@dataclass(frozen=True, eq=False)
class Fit:
    """One racer's model: its outputs at the inputs asked for, and the racer's look."""

    style: int
    outputs: Array  # (n,)
    light: bool = False  # whether it is the model of rows in which the rare input is 1


def inputs_of(plot: DataPlot) -> Array:
    """The inputs at which a plot needs the models' outputs, (n,), over its whole width."""
    count = max(2, min(_MOST_POINTS, round(plot.plot.width() / _PIXELS)))
    return np.linspace(plot.x.low, plot.x.high, count)


def outputs(surface: DataSurface, x: float, y: float, inputs: Array, rare: float = 0.0) -> Array:
    """Give a model's outputs for inputs (n,); a second input is the same for all."""
    if len(surface.columns) > 2:
        inputs = np.stack([inputs, np.full(len(inputs), rare)], axis=1)
    with np.errstate(all="ignore"):
        return np.asarray(surface.predict(x, y, inputs), dtype=float)


def fits_of(
    surface: DataSurface, heads: tuple[Head, ...], position: float, inputs: Array
) -> list[Fit]:
    """Give the models of the racers that are there at the playhead."""
    fits = []
    for head in heads:
        if not head.shown or position >= head.gone:
            continue
        x, y = head.at(position)
        if len(surface.columns) > 2:
            fits.append(Fit(head.style, outputs(surface, x, y, inputs, rare=1.0), light=True))
        fits.append(Fit(head.style, outputs(surface, x, y, inputs)))
    return fits


def paint_fits(painter: QPainter, plot: DataPlot, fits: list[Fit], inputs: Array) -> None:
    """Paint curves with halos, the first racer's on top, each with its marker on it."""
    look = plot.look
    painter.setClipRect(plot.plot)
    for fit in reversed(fits):
        lines = curve_lines(plot, inputs, fit.outputs)
        color = look.color(fit.style)
        if fit.light:
            width = look.px(_LIGHT_WIDTH)
            # Not transparent: where two pieces meet, that would leave a dot.
            color = QColor(mixed(look.theme.window, color, _LIGHT))
            dash: tuple[float, ...] = _LIGHT_DASH
        else:
            width = look.px(_WIDTH)
            dash = RACER_STYLES[fit.style].dash
            halo = line_pen(QColor(look.theme.halo), width + look.px(_HALO))
            paint_lines(painter, lines, halo)
        solid = Strokes(lines, np.zeros((len(lines), 2)))
        pattern = [length * width for length in dash]
        paint_lines(painter, dashed(solid, pattern, width / 2).lines, line_pen(color, width))
    markers = list(enumerate(fit for fit in fits if not fit.light))
    for rank, fit in reversed(markers):
        # Each at a place of its own, so that equal curves show all their markers.
        place = _along(plot, inputs, fit.outputs, (rank + 1.0) / (len(markers) + 1.0))
        if place is not None:
            mark = plot.racer_mark(fit.style)
            size = mark.deviceIndependentSize()
            painter.drawPixmap(place - QPointF(size.width() / 2, size.height() / 2), mark)
    painter.setClipping(False)


def rare_mark(plot: DataPlot) -> QPixmap:
    """Give the sign of rows with the rare input: their triangle, and the dash of their line."""
    triangle, look = plot.mark("triangle", test=False), plot.look
    size, width = triangle.deviceIndependentSize(), look.px(_LIGHT_WIDTH)
    dash = look.px(14.0)
    pixmap = blank_picture(QSizeF(size.width() + dash, size.height()), plot.sharpness)
    painter = QPainter(pixmap)
    painter.drawPixmap(QPointF(0.0, 0.0), triangle)
    pen = QPen(QColor(look.theme.muted), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern(_LIGHT_DASH)
    painter.setPen(pen)
    left, middle = size.width() + look.px(1.0), size.height() / 2.0
    painter.drawLine(QLineF(left, middle, left + dash, middle))
    painter.end()
    return pixmap


def curve_lines(plot: DataPlot, inputs: Array, values: Array) -> Array:
    """Give the lines (k, 4) of a curve that show on the plot."""
    known = ~np.isnan(values)
    if known.sum() < 2:
        return np.empty((0, 4))
    points = plot.pixels(np.stack([inputs, values], axis=1)[known])
    kept = straightened(points, np.flatnonzero(known), _STRAIGHT / plot.sharpness)
    points = points[kept]
    lines = np.hstack([points[:-1], points[1:]])
    room, margin = plot.plot, 4.0
    box = (
        room.left() - margin, room.top() - margin, room.right() + margin, room.bottom() + margin
    )  # fmt: skip
    return clipped(lines, np.zeros((len(lines), 2)), box)[0]


def _along(plot: DataPlot, inputs: Array, values: Array, share: float) -> QPointF | None:
    """The point at a share of that part of a curve which shows; ``None`` if none does.

    Where a row's name stands only if the curve shows nowhere else.
    """
    for low, high in (plot.between_names, (plot.y.low, plot.y.high)):
        shown = np.flatnonzero((values >= low) & (values <= high))
        if len(shown):
            break
    else:
        return None
    at = shown[round(share * (len(shown) - 1))]
    return QPointF(*plot.pixels(np.array([[inputs[at], values[at]]]))[0])
