"""The batch of a step, lit among the examples; on a formula with the mean of its tilts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from optiviz.engine.gradients import MiniBatch
from optiviz.gui.drawing.stamps import SHAPES, paint_stamps, stamp
from optiviz.gui.theme.markers import paint_marker
from optiviz.gui.theme.palette import RACER_STYLES

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from optiviz.engine import Run
    from optiviz.gui.drawing.stamps import Shape
    from optiviz.gui.views.data.cloud import Cloud
    from optiviz.gui.views.data.plot import DataPlot

Array = np.ndarray

_LARGER = 1.7  # than the other points
_EDGE = 1.3
_MARKER = 15.0


@dataclass(frozen=True, eq=False)
class Batch:
    """Which examples one racer is told of at a step.

    Attributes:
        rows: rows of the train part; one may be there twice.
        points: (n, 2) the different examples among them.
        marked: (n,) bool, which of those have a second input that is not 0.
        mean: (2,) of the whole batch, each example counted as often as it was drawn.
        style: that racer's style.
        is_tilts: whether the points are tilts of a formula.
    """

    rows: Array
    points: Array
    marked: Array
    mean: Array
    style: int
    is_tilts: bool


def batch_at(lit: tuple[Run, int] | None, cloud: Cloud | None, position: float) -> Batch | None:
    """Give the batch of the step under way; at the end of the race, that of the last step."""
    if lit is None or cloud is None:
        return None
    run, look = lit
    last, gone = len(run.path) - 2, is_gone(lit, position)
    rows = run.batch(min(max(int(position), 0), last)) if last >= 0 and not gone else None
    if rows is None or not len(rows):
        return None
    chosen = np.unique(rows)
    mean = cloud.train[rows].mean(axis=0)
    return Batch(rows, cloud.train[chosen], cloud.marked[chosen], mean, look, cloud.is_tilts)


def is_gone(lit: tuple[Run, int] | None, position: float) -> bool:
    """Say whether the racer whose batch would be lit has diverged by now."""
    return lit is not None and position >= (
        math.inf if lit[0].diverged_step is None else lit[0].diverged_step
    )


def state_of(lit: tuple[Run, int] | None, *, gone: bool) -> str:
    """Say how often the examples are looked at in the whole race, or that the racer is gone."""
    if lit is None:
        return ""
    run = lit[0]
    if gone:
        return f"Diverged at step {run.diverged_step}: no batch is lit any more."
    gradient, count = run.entrant.gradient, len(run.surface.examples)
    shown = gradient.seen(count, len(run.lr))
    if not isinstance(gradient, MiniBatch) or shown is None:
        return ""
    total = gradient.examples_of(count)
    if shown < total:
        share = 100 * shown // total
        part = f"{share} %" if share else "less than 1 %"
        return f"This race is shorter than a pass over the data ({part})."
    if shown % total or gradient.replacement:
        return f"An example is seen {shown / total:,.1f} times on average."
    times = "once" if shown == total else f"{shown // total:,} times"
    return f"Every example is seen {times} in this race."


def lit_mark(plot: DataPlot, shape: Shape, racer_style: int) -> QPixmap:
    """Give the mark of an example in a racer's batch."""
    look = plot.look
    color, edge = look.color(racer_style).name(), look.theme.ink
    return stamp(shape, _LARGER * plot.radius, color, edge, look.px(_EDGE), plot.sharpness)


def paint_batch(painter: QPainter, plot: DataPlot, batch: Batch) -> None:
    """Paint the batch's examples larger, edged, and in their racer's colour."""
    look, theme = plot.look, plot.look.theme
    color, radius = look.color(batch.style), _LARGER * plot.radius
    painter.setClipRect(plot.plot.adjusted(-radius, -radius, radius, radius))
    places = plot.pixels(batch.points)
    for shape, chosen in zip(SHAPES, (~batch.marked, batch.marked), strict=True):
        paint_stamps(painter, lit_mark(plot, shape, batch.style), places[chosen])
    if batch.is_tilts:
        (x, y), (x0, y0) = plot.pixels(np.stack([batch.mean, np.zeros(2)]))
        for ink, width in ((QColor(theme.halo), 4.6), (color, 2.0)):
            painter.setPen(QPen(ink, look.px(width)))
            painter.drawLine(QLineF(x0, y0, x, y))
        marker, halo = RACER_STYLES[batch.style].marker, QColor(theme.halo)
        paint_marker(painter, marker, QPointF(x, y), look.px(_MARKER), color, halo)
    painter.setClipping(False)
