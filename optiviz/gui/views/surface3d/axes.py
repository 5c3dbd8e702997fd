"""The box around the surface: its edges, ticks along three of them, and what they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.drawing.layer import Layer, blank
from optiviz.gui.drawing.line_painter import line_pen, paint_lines
from optiviz.gui.drawing.tick_numbers import round_step, tick_label, tick_values
from optiviz.gui.theme.stylesheet import mixed
from optiviz.gui.views.surface3d.projection import SurfaceProjection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.gui.theme.palette import Look

Array = np.ndarray

_TICK, _GAP = 7.0, 6.0
_CLEAR = 4.0  # between texts
_SPACING = 74.0  # pixels between numbers
_HEIGHT_SPACING = 32.0
_STEEPEST = 74.0  # degrees; from above heights have no length
_PIECES, _RIM_PIECES = 32, 66  # of an edge, each hidden or not
_EDGE_SHARE, _RIM_SHARE = 0.5, 0.75  # of the contour lines' colour


@dataclass(frozen=True)
class Label:
    """A text of an axis: where its middle is."""

    text: str
    middle: QPointF


@dataclass(frozen=True, eq=False)
class Axis:
    """One edge with its ticks: lines (n, 4) in pixels, numbers, and a title if it has room."""

    edge: Array  # in pieces
    marks: Array
    labels: tuple[Label, ...]
    title: Label | None


class SurfaceAxes(Layer):
    """Edges, ticks and titles; all are kept as a picture until the camera moves."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._titles = ("x", "y", "loss")
        self._avoid: tuple[QRectF, ...] = ()
        self._taken: list[QRectF] = []  # rooms of texts, while the axes are being found
        self._picture: KeptPicture[QPixmap] = KeptPicture()
        self._fit_texts()

    def show_titles(self, x: str, y: str, height: str) -> None:
        """Show what the axes are called."""
        if (x, y, height) != self._titles:
            self._titles = (x, y, height)
            self.changed()

    def show_obstacles(self, rooms: Sequence[QRectF]) -> None:
        """Keep texts out of these rooms."""
        if tuple(rooms) != self._avoid:
            self._avoid = tuple(rooms)
            self.changed()

    def show_look(self, look: Look) -> None:
        """Show the axes in this theme and scale."""
        super().show_look(look)
        self._fit_texts()

    def _fit_texts(self) -> None:
        look = self.look
        self._text = HaloText(look.font(), look.theme.halo, look.zoom)
        self._title = HaloText(look.font(bold=True), look.theme.halo, look.zoom)

    def axes(self) -> list[Axis]:
        """Find the three axes as they are seen; less, where one has no length."""
        seen = self.projection
        if not isinstance(seen, SurfaceProjection):
            return []
        self._taken = []
        found = [self._floor_axis(seen, 0), self._floor_axis(seen, 1)]
        if seen.camera.elevation < _STEEPEST:
            found.append(self._height_axis(seen))
        return [axis for axis in found if axis is not None]

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the picture kept, or make it."""
        seen = self.projection
        if not isinstance(seen, SurfaceProjection):
            return
        shows = (*self.seen(sharpness), self._titles, self._avoid)
        painter.drawPixmap(0, 0, self._picture.get(shows, lambda: self._drawn(seen, sharpness)))

    def _drawn(self, seen: SurfaceProjection, sharpness: float) -> QPixmap:
        picture = blank(seen, sharpness)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_edges(painter, seen)
        for axis in self.axes():
            self._draw_axis(painter, axis)
        painter.end()
        return picture

    def _draw_edges(self, painter: QPainter, seen: SurfaceProjection) -> None:
        look, theme = self.look, self.look.theme
        faint = QColor(mixed(theme.window, theme.contour, _EDGE_SHARE))
        paint_lines(painter, _visible(seen, _floor()), line_pen(faint, look.px(1.0)))
        rim = QColor(mixed(theme.window, theme.contour, _RIM_SHARE))
        paint_lines(painter, _visible(seen, _rim(seen)), line_pen(rim, look.px(1.2)))

    def _draw_axis(self, painter: QPainter, axis: Axis) -> None:
        look, ink = self.look, QColor(self.look.theme.ink)
        for color, width in ((QColor(look.theme.halo), 3.6), (ink, 1.3)):
            lines = np.vstack([axis.edge, axis.marks])
            paint_lines(painter, lines, line_pen(color, look.px(width)))
        titles = () if axis.title is None else (axis.title,)
        for texts, labels in ((self._text, axis.labels), (self._title, titles)):
            for label in labels:
                left = label.middle.x() - texts.width(label.text) / 2
                texts.draw(painter, label.text, left, label.middle.y(), ink)

    def _floor_axis(self, seen: SurfaceProjection, along: int) -> Axis | None:
        """The edge of the floor along x (0) or y (1) that is seen lowest, else leftmost.

        From above it is the lid's: walls reach beyond the floor there.
        """
        low, high = ((seen.x0, seen.x1), (seen.y0, seen.y1))[along]
        best: tuple[float, Array] | None = None
        for side in (-0.5, 0.5):
            ends = np.zeros((2, 3))
            ends[:, along], ends[:, 1 - along] = (-0.5, 0.5), side
            ends[:, 2] = seen.camera.elevation >= _STEEPEST
            pixels, _ = seen.seen(ends)
            middle = pixels.mean(axis=0)
            lowest = float(middle[1] - 0.05 * middle[0])
            if best is None or lowest > best[0] + 1e-6:
                best = lowest, ends
        assert best is not None
        ends = best[1]
        pixels, _ = seen.seen(ends)
        length = float(np.hypot(*(pixels[1] - pixels[0])))
        spacing = self.look.px(_SPACING)
        if length < spacing / 2:
            return None
        step = round_step(high - low, length, spacing)
        ticks = [
            ((value - low) / (high - low), tick_label(value, step))
            for value in tick_values(low, high, step)
        ]
        return self._axis(seen, ends, ticks, self._titles[along])

    def _height_axis(self, seen: SurfaceProjection) -> Axis | None:
        """The upright edge that is seen leftmost."""
        corners = [(x, y) for x in (-0.5, 0.5) for y in (-0.5, 0.5)]
        feet = np.array([[x, y, 0.0] for x, y in corners])
        pixels, _ = seen.seen(feet)
        x, y = corners[int(np.argmin(pixels[:, 0]))]
        ends = np.array([[x, y, 0.0], [x, y, 1.0]])
        at, _ = seen.seen(ends)
        length = float(np.hypot(*(at[1] - at[0])))
        if length < self.look.px(_HEIGHT_SPACING):
            return None
        mesh = seen.mesh
        ticks = list(mesh.ticks)
        if mesh.spec.heights == "linear":
            low, high = mesh.bottom, mesh.top
            step = round_step(high - low, length, self.look.px(_HEIGHT_SPACING))
            ticks = [
                (mesh.rise_of(value), tick_label(value, step))
                for value in tick_values(low, high, step)
            ]
        return self._axis(
            seen, ends, _apart(ticks, length, 1.8 * self._text.height), self._titles[2]
        )

    def _axis(
        self,
        seen: SurfaceProjection,
        ends: Array,
        ticks: Sequence[tuple[float, str]],
        title: str,
    ) -> Axis:
        look = self.look
        pixels, _ = seen.seen(ends)
        way = pixels[1] - pixels[0]
        way /= max(float(np.hypot(*way)), 1e-9)
        out = np.array([-way[1], way[0]])
        centre, _ = seen.seen(np.array([[0.0, 0.0, 0.5 * float(ends[1, 2])]]))
        if out @ (pixels.mean(axis=0) - centre[0]) < 0.0:
            out = -out
        shares = np.array([share for share, _ in ticks])[:, None]
        at, depths = seen.seen(ends[0] + shares * (ends[1] - ends[0]))
        hidden = seen.hidden(at, depths)
        tick, gap = look.px(_TICK), look.px(_GAP)
        marks = np.hstack([at, at + tick * out])
        stage = QRectF(2.0, 2.0, seen.width - 4.0, seen.height - 4.0)
        labels, kept, reach = [], [], 0.0
        for row, (place, (_, text)) in enumerate(zip(at, ticks, strict=True)):
            wide, high = self._text.width(text), self._text.height
            away = tick + gap + _half(wide, high, out)
            reach = max(reach, away + _half(wide, high, out))
            middle = QPointF(*(place + away * out))
            if not hidden[row] and self._take(middle, wide, high, stage):
                labels.append(Label(text, middle))
                kept.append(row)
        wide, high = self._title.width(title), self._title.height
        away = reach + gap + _half(wide, high, out)
        middle = QPointF(*(pixels.mean(axis=0) + away * out))
        # Where there is too little room beside the numbers, it comes as near as may be …
        least, most = wide / 2 + 6.0, max(seen.width - wide / 2 - 6.0, 6.0)
        middle.setX(min(max(middle.x(), least), most))
        astray = False
        beside = out @ (np.array([middle.x(), middle.y()]) - pixels.mean(axis=0))
        if ends[0, 2] != ends[1, 2] and beside < tick + _half(wide, high, out):
            # … but not onto the axis: above its upper end it is still told what that shows.
            upper = float(pixels[1, 0])
            middle = QPointF(min(max(upper, least), most), float(pixels[1, 1]) - gap - high / 2)
            astray = abs(middle.x() - upper) > wide / 2
        free = labels and not astray and self._take(middle, wide, high, stage)
        return Axis(
            _visible(seen, _pieces(ends[0], ends[1])),
            marks[kept],
            tuple(labels),
            Label(title, middle) if free else None,
        )

    def _take(self, middle: QPointF, wide: float, high: float, stage: QRectF) -> bool:
        room = QRectF(middle.x() - wide / 2, middle.y() - high / 2, wide, high)
        clear = room.adjusted(-_CLEAR, -_CLEAR, _CLEAR, _CLEAR)
        if not stage.contains(room) or any(
            clear.intersects(one) for one in (*self._avoid, *self._taken)
        ):
            return False
        self._taken.append(room)
        return True


def _half(wide: float, high: float, out: Array) -> float:
    """How far a text reaches from its middle in a direction."""
    return abs(float(out[0])) * wide / 2 + abs(float(out[1])) * high / 2


def _apart(
    ticks: Sequence[tuple[float, str]], length: float, least: float
) -> list[tuple[float, str]]:
    """Leave out ticks that would stand closer than ``least`` pixels above the last one."""
    kept: list[tuple[float, str]] = []
    for share, text in sorted(ticks):
        if not kept or (share - kept[-1][0]) * length >= least:
            kept.append((share, text))
    return kept


def _floor() -> Array:
    """The edges (n, 2, 3) of the floor, in pieces."""
    corners = np.array([(-0.5, -0.5, 0.0), (0.5, -0.5, 0.0), (0.5, 0.5, 0.0), (-0.5, 0.5, 0.0)])
    return np.concatenate([_pieces(corners[each - 1], corners[each]) for each in range(4)])


def _pieces(begin: Array, end: Array) -> Array:
    """A line in pieces (n, 2, 3), each of which may be hidden or not."""
    points = begin + np.linspace(0.0, 1.0, _PIECES + 1)[:, None] * (end - begin)
    return np.stack([points[:-1], points[1:]], axis=1)


def _rim(seen: SurfaceProjection) -> Array:
    """The surface's own border (n, 2, 3), which tells where a wall that is looked through ends."""
    rows, columns = seen.mesh.shape
    grid = seen.mesh.vertices.reshape(rows, columns, 3).astype(float)
    lines = []
    for border in (grid[0], grid[-1], grid[:, 0], grid[:, -1]):
        step = max(1, len(border) // _RIM_PIECES)
        points = np.vstack([border[:-1:step], border[-1:]])
        lines.append(np.stack([points[:-1], points[1:]], axis=1))
    return np.concatenate(lines)


def _visible(seen: SurfaceProjection, lines: Array) -> Array:
    """Of lines (n, 2, 3) in the box, those that no hill hides, in pixels: (k, 4)."""
    begin, deep = seen.seen(lines[:, 0])
    end, deeper = seen.seen(lines[:, 1])
    hidden = seen.hidden(begin, deep) | seen.hidden(end, deeper)
    return np.hstack([begin, end])[~hidden]
