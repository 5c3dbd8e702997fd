"""The productive zone on a schedule's picture: between the bounds, with a bar along the axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

from optiviz.engine.digits import rounded
from optiviz.gui.drawing.dashes import dashed
from optiviz.gui.drawing.line_painter import line_pen, paint_lines
from optiviz.gui.drawing.loss_axes import thin_columns
from optiviz.gui.drawing.strokes import Strokes, clipped
from optiviz.gui.views.schedule.names import Name

if TYPE_CHECKING:
    from optiviz.engine.zone import Zone
    from optiviz.gui.views.schedule.places import SchedulePlaces

_BAR = 4.0
_FILL, _FILL_HERE = 0.10, 0.14  # opacity, and how much more where ε is within the zone
_WIDTH, _DASH = 1.1, (4.0, 4.0)
_WORDS = {"high": "bound", "low": "a tenth of it"}
_BAND_WORDS = {"high": "band’s top", "low": "band’s foot"}


def draw_zone(painter: QPainter, zone: Zone, places: SchedulePlaces) -> None:
    """Tint what lies between the least and the greatest productive ε, and mark where ε is there.

    The epochs in which it is have a deeper tint, and a bar along the axis.
    """
    look, plot = places.look, places.plot
    tint, here, line = (QColor(look.theme.accent) for _ in range(3))
    tint.setAlphaF(_FILL)
    here.setAlphaF(_FILL_HERE)
    bar, width = look.px(_BAR), look.px(_WIDTH)
    between = zone_area(zone, places)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    for left, right in _stretches(zone, places):
        painter.setClipRect(QRectF(left, plot.top(), right - left, plot.height()))
        painter.fillPath(between, here)
        painter.setClipping(False)
        painter.fillRect(QRectF(left, plot.bottom(), right - left, bar), line)
    painter.setClipRect(plot)
    painter.fillPath(between, tint)
    for lines in zone_lines(zone, places):
        solid = Strokes(lines, np.zeros((len(lines), 2)))
        pattern = [part * look.px(1.0) for part in _DASH]
        paint_lines(painter, dashed(solid, pattern).lines, line_pen(line, width))
    painter.restore()


def zone_area(zone: Zone, places: SchedulePlaces) -> QPainterPath:
    """Give what lies between the two bounds, in pixels, wherever there are bounds."""
    area, plot = QPainterPath(), places.plot
    kept = thin_columns(np.nan_to_num(zone.high, nan=-1.0), round(plot.width()))
    known = np.isfinite(zone.high) & np.isfinite(zone.low)
    gaps = np.flatnonzero(np.diff(known.astype(int))) + 1
    for stretch in np.split(np.arange(zone.of), gaps):
        if not len(stretch) or not known[stretch[0]]:
            continue
        at = kept[(kept >= stretch[0]) & (kept <= stretch[-1])]
        at = at if len(at) else stretch[:1]
        # From the first epoch's begin to the last one's end.
        ends = [float(stretch[0]), *(at + 0.5).tolist(), float(stretch[-1] + 1)]
        xs = [places.x_of_epoch(min(epoch, places.epochs)) for epoch in ends]
        at = np.concatenate([at[:1], at, at[-1:]])
        tops, feet = (
            np.clip(places.height_of(places.values.share(rates[at])), plot.top(), plot.bottom())
            for rates in (zone.high, zone.low)
        )
        there = [*zip(xs, tops.tolist(), strict=True)]
        back = [*zip(reversed(xs), reversed(feet.tolist()), strict=True)]
        area.addPolygon(QPolygonF([QPointF(x, y) for x, y in (*there, *back)]))
        area.closeSubpath()
    return area


def _line(epochs: np.ndarray, rates: np.ndarray, places: SchedulePlaces) -> np.ndarray:
    """Give a bound's line in pixels, (n, 4), from the first epoch's begin to the last one's end."""
    if not len(rates):
        return np.empty((0, 4))
    kept = thin_columns(np.nan_to_num(rates, nan=-1.0), round(places.plot.width()))
    epochs = np.concatenate([[0.0], epochs[kept], [places.epochs]])
    rates = np.concatenate([rates[kept][:1], rates[kept], rates[kept][-1:]])
    return places.line(epochs, rates)


def _stretches(zone: Zone, places: SchedulePlaces) -> list[tuple[float, float]]:
    """List what to shade, in pixels; of more epochs than pixels, no pixel is shaded twice."""
    found: list[tuple[float, float]] = []
    for first, last in zone.spans():
        left, right = (
            places.x_of_epoch(min(float(epoch), places.epochs)) for epoch in (first, last)
        )
        if found and right - found[-1][1] < 1.0:
            found[-1] = (found[-1][0], right)
        elif found and left - found[-1][1] < 0.5:
            found[-1] = (found[-1][0], right)
        else:
            found.append((left, right))
    return found


def zone_lines(zone: Zone, places: SchedulePlaces) -> list[np.ndarray]:
    """Give the two bounds' lines in pixels, (n, 4) each: the least and the greatest ε."""
    key = (zone, places.values, places.epochs)
    if places.bounds[0] != key:
        middles = np.minimum(np.arange(zone.of) + 0.5, places.epochs)
        lines = [_line(middles, rates, places) for rates in (zone.low, zone.high)]
        places.bounds = (key, lines)
    return places.bounds[1]


def _above(words: str, rate: float) -> str:
    """Say that a bound is higher than the axis reaches."""
    return f"{words} {rounded(rate, 2)}, above the axis"


def zone_names(zone: Zone, places: SchedulePlaces) -> list[Name]:
    """Say which lines are the bounds, or that one is higher than what the axis shows."""
    plot, color = places.plot, QColor(places.look.theme.accent)
    if np.array_equal(zone.high, zone.low, equal_nan=True):
        return []
    low, high = zone_lines(zone, places)
    found = []
    for which, rates, line in (("high", zone.high, high), ("low", zone.low, low)):
        known = rates[np.isfinite(rates)]
        if not len(known):
            continue
        words = (_BAND_WORDS if zone.is_band else _WORDS)[which]
        box = (plot.left(), plot.top(), plot.right(), plot.bottom())
        inside = clipped(line, np.zeros((len(line), 2)), box)[0]
        # A bound at 0 lies on the axis.
        heights = plot.bottom() - places.values.share(known) * plot.height()
        if len(inside) and (heights < plot.bottom()).any():
            found.append(Name(words, color, inside))
        elif which == "high" and (heights <= plot.top()).all():
            found.append(Name(_above(words, float(known.min())), color, np.empty((0, 4))))
    return found
