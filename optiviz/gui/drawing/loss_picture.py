"""The loss curves as two pictures: what lies behind, and the curves. A frame only pastes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from optiviz.gui.drawing.dashes import dashed
from optiviz.gui.drawing.line_painter import line_pen, paint_lines
from optiviz.gui.drawing.loss_axes import ValueRange, step_ticks
from optiviz.gui.drawing.step_axes import Margins, StepAxes
from optiviz.gui.drawing.strokes import Strokes, clipped
from optiviz.gui.theme.palette import RACER_STYLES, Look
from optiviz.gui.theme.stylesheet import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.gui.drawing.halo_text import HaloText
    from optiviz.gui.drawing.loss_curves import StyledCurve

Array = np.ndarray

_WIDTH = 1.8
_TEST_WIDTH, _TEST_DOTS = 1.3, (1.0, 3.0)
_GHOST_WIDTH = 1.2
_FLOOR_WIDTH, _FLOOR_DASH = 1.6, (6.0, 3.0)
_THEORY = "theory"
_GHOST = 0.38  # how much of its colour a ghost keeps


_MARGINS = Margins("10⁻¹²", left=9, top=6, right=14, below=6, gap=7, drop=5, edge=4)


class StepPicture(StepAxes):
    """Draws axes, finish line, ghosts and curves for one size, range and look."""

    values: ValueRange

    def __init__(self, look: Look, size: tuple[float, float], top: float, sharpness: float) -> None:
        super().__init__(look, size, top, sharpness, _MARGINS)
        self.values = ValueRange(1e-6, 1e2, log=True)
        self._lines = np.empty((0, 4))  # of all curves
        self._label_side = (1.0, False)

    def draw_curves(self, curves: Sequence[StyledCurve]) -> QPixmap:
        """Draw the curves on a transparent picture."""
        pixmap, painter = self.canvas()
        drawn = []
        width = self.look.px(_WIDTH)
        self._clip(painter, width)
        # The first racers on top: they are the ones a reader looks for first.
        for each in reversed(curves):
            drawn.append(self._draw(painter, each, self.look.color(each.style), width))
        self._lines = np.concatenate(drawn) if drawn else np.empty((0, 4))
        painter.setClipping(False)
        for each in reversed(curves):
            if each.curve.diverged and not each.test:
                self._draw_end(painter, each)
        painter.end()
        return pixmap

    def draw_ground(self, ghosts: Sequence[StyledCurve], target: float) -> QPixmap:
        """Draw what lies behind the curves: grid, ticks, finish line, ghosts."""
        pixmap, painter = self.canvas()
        theme = self.look.theme
        pixmap.fill(QColor(theme.window))
        self.draw_values(painter)
        ticks = step_ticks(self.steps, self.plot.width(), self.spacing("100 000"))
        self.draw_below(painter, [(self.x(step), text) for step, text in ticks])
        width = self.look.px(_GHOST_WIDTH)
        self._clip(painter, width)
        for each in reversed(ghosts):
            color = QColor(mixed(theme.window, self.look.color(each.style), _GHOST))
            self._draw(painter, each, color, width)
        painter.setClipping(False)
        finish = self.finish_y(target)
        if finish is not None:
            pen = QPen(QColor(theme.ink), self.look.px(1.2))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([1.0, 2.5])
            painter.setPen(pen)
            painter.drawLine(QPointF(self.plot.left(), finish), QPointF(self.plot.right(), finish))
        painter.end()
        return pixmap

    def paint_floors(
        self, painter: QPainter, floors: Sequence[tuple[int, float]], text: HaloText
    ) -> None:
        """Paint over the curves where theory expects losses in the long run, and say so once.

        ``floors`` are racers' styles, each with that loss.
        """
        placed = [(self.finish_y(loss), style) for style, loss in floors]
        seen = sorted((y, style) for y, style in placed if y is not None)
        halo = QColor(self.look.theme.window)
        for y, style in seen:
            ends = QPointF(self.plot.left(), y), QPointF(self.plot.right(), y)
            for color, width, dash in (
                (halo, _FLOOR_WIDTH + 2.0, ()), (self.look.color(style), _FLOOR_WIDTH, _FLOOR_DASH),
            ):  # fmt: skip
                pen = QPen(color, self.look.px(width))
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                if dash:
                    pen.setDashPattern(list(dash))
                painter.setPen(pen)
                painter.drawLine(*ends)
        if seen:
            y, style = seen[0]
            up = self.look.px(4) + text.height / 2
            middle = y - up if y - up - text.height / 2 > self.plot.top() else y + up
            left = self.plot.left() + self.look.px(4)
            text.draw(painter, _THEORY, left, middle, self.look.color(style))

    def finish_y(self, target: float) -> float | None:
        """How high a line across the plot is, if the axis shows it apart from the bottom."""
        share = float(self.values.share(np.array([target]))[0])
        return self.height_of(share) if 0.01 < share <= 1.0 else None

    def finish_label(
        self, target: float, size: tuple[float, float], *, hold: bool = False
    ) -> QPointF | None:
        """Choose where the word stands, by its left end and middle: where no curve runs.

        With ``hold`` it stays wherever it can, so that it does not jump about under a hand; at
        rest the curves alone decide, so that a race gives the same picture every time.
        """
        finish = self.finish_y(target)
        if finish is None:
            return None
        width, height = size
        gap = self.look.px(6)
        places: list[tuple[float, int, QPointF, float]] = []
        above, below = finish - 2 * gap - height, finish + 2 * gap + height
        y0, y1 = self._lines[:, 1], self._lines[:, 3]
        near = self._lines[(np.maximum(y0, y1) >= above) & (np.minimum(y0, y1) <= below)]
        for share in (1.0, 0.0, 0.5):
            left = self.plot.left() + share * (self.plot.width() - width)
            for middle in (finish - gap - height / 2, finish + gap + height / 2):
                room = QRectF(left, middle - height / 2, width, height)
                if self.plot.contains(room):
                    if hold and (share, middle > finish) == self._label_side:
                        return QPointF(left, middle)
                    crowd = self._crowd(near, room)
                    places.append((crowd, len(places), QPointF(left, middle), share))
        if not places:
            return None
        *_, place, share = min(places, key=lambda found: found[:2])
        self._label_side = (share, place.y() > finish)
        return place

    def _crowd(self, lines: Array, room: QRectF) -> float:
        """How many pixels of curves run through a room."""
        pad = self.look.px(3)
        box = (room.left() - pad, room.top() - pad, room.right() + pad, room.bottom() + pad)
        within, _ = clipped(lines, np.zeros((len(lines), 2)), box)
        return float(np.hypot(*(within[:, 2:] - within[:, :2]).T).sum())

    def _draw(self, painter: QPainter, each: StyledCurve, color: QColor, width: float) -> Array:
        """Draw one curve; return its lines, (n, 4)."""
        steps, values = each.curve.thinned(self.columns)
        pixels = np.stack(
            [
                self.plot.left() + self.plot.width() * steps / self.steps,
                self.height_of(self.values.share(values)),
            ],
            axis=1,
        )
        lines = np.hstack([pixels[:-1], pixels[1:]])
        reach = np.stack([steps[:-1], steps[1:]], axis=1).astype(float)
        box = (
            self.plot.left() - width,
            self.plot.top() - 40.0,
            self.plot.right() + width,
            self.plot.bottom() + width,
        )
        lines, reach = clipped(lines, reach, box)
        solid = Strokes(lines, reach)
        if each.test:
            width *= _TEST_WIDTH / _WIDTH
        dash = _TEST_DOTS if each.test else RACER_STYLES[each.style].dash
        pattern = [length * width for length in dash]
        paint_lines(painter, dashed(solid, pattern, width / 2).lines, line_pen(color, width))
        return solid.lines

    def _draw_end(self, painter: QPainter, each: StyledCurve) -> None:
        """Mark with a cross where a racer was gone."""
        arm = self.look.px(4.5)
        share = float(self.values.share(np.array([each.curve.end]))[0])
        x = self.x(len(each.curve.losses) - 1)
        x = min(max(x, self.plot.left() + arm), self.plot.right() - arm)
        y = min(max(self.height_of(share), self.plot.top() + arm), self.plot.bottom() - arm)
        cross = np.array(
            [[x - arm, y - arm, x + arm, y + arm], [x - arm, y + arm, x + arm, y - arm]]
        )
        width = self.look.px(2.2)
        halo = line_pen(QColor(self.look.theme.window), width + self.look.px(3))
        paint_lines(painter, cross, halo)
        paint_lines(painter, cross, line_pen(self.look.color(each.style), width))

    def _clip(self, painter: QPainter, width: float) -> None:
        painter.setClipRect(self.plot.adjusted(-width, -width / 2, width, width))
