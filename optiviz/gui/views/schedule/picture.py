"""ε over the epochs as two pictures: grid and zone, and the curves. A frame only pastes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from optiviz.gui.drawing.dashes import dashed
from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.line_painter import line_pen, paint_lines
from optiviz.gui.drawing.strokes import Strokes
from optiviz.gui.drawing.tick_numbers import round_step, tick_label, tick_values
from optiviz.gui.theme.palette import RACER_STYLES, Look
from optiviz.gui.theme.stylesheet import mixed
from optiviz.gui.views.schedule.names import Name, placed
from optiviz.gui.views.schedule.places import SchedulePlaces
from optiviz.gui.views.schedule.shade import draw_zone, zone_lines, zone_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.engine.zone import Zone
    from optiviz.gui.views.schedule.course import Course

Array = np.ndarray

_WIDTH, _CHOSEN_WIDTH = 1.6, 2.4
_THIN_WIDTH = 1.2
_GHOST = 0.38  # how much of its colour a ghost keeps


class SchedulePicture(SchedulePlaces):
    """Draws axes, zone, ghosts, schedules to compare with and curves for one size and look."""

    def __init__(self, look: Look, size: tuple[float, float], top: float, sharpness: float) -> None:
        super().__init__(look, size, top, sharpness)
        #: For names within the plot.
        self.text = HaloText(self.font, look.theme.window, look.zoom)
        #: The names that were drawn last, each with its room.
        self.names: list[tuple[Name, QRectF]] = []
        self._named: tuple[object, ...] = ()  # what they depend on besides their places

    def draw_ground(self, ghosts: Sequence[Course], zone: Zone | None) -> QPixmap:
        """Draw what lies behind the curves: grid, ticks, zone, and curves as they were."""
        pixmap, painter = self.canvas()
        theme = self.look.theme
        painter.fillRect(QRectF(0.0, 0.0, self.width, self.height), QColor(theme.window))
        if zone is not None:
            draw_zone(painter, zone, self)
        self.draw_values(painter)
        step = round_step(self.epochs, self.plot.width(), self.spacing("10 000"))
        ticks = tick_values(0.0, self.epochs, step)
        self.draw_below(painter, [(self.x_of_epoch(at), tick_label(at, step)) for at in ticks])
        self._clip(painter)
        color = QColor(mixed(theme.window, theme.text, _GHOST))
        for ghost in ghosts:
            self._draw_line(painter, self._line(ghost), color, self.look.px(_THIN_WIDTH))
        painter.end()
        return pixmap

    def draw_curves(
        self,
        courses: Sequence[Course],
        others: Sequence[tuple[str, Course]],
        zone: Zone | None = None,
        *,
        hold: bool = False,
    ) -> QPixmap:
        """Draw curves on a transparent picture, the last one as the chosen one, and all names.

        ``others`` are those to compare with, each with its name; the ``zone``'s bounds are named.
        With ``hold`` the same names stay where they are, as long as a hand moves what is drawn.
        """
        pixmap, painter = self.canvas()
        theme, thin = self.look.theme, self.look.px(_THIN_WIDTH)
        self._clip(painter)
        named = [(name, self._line(course)) for name, course in others]
        for number, (_, line) in enumerate(named):
            dash = RACER_STYLES[1 + number % (len(RACER_STYLES) - 1)].dash
            self._draw_line(painter, line, QColor(theme.text), thin, dash)
        lines = [self._line(course) for course in courses]
        for course, line in zip(courses, lines, strict=True):
            width = self.look.px(_CHOSEN_WIDTH if course is courses[-1] else _WIDTH)
            dash = RACER_STYLES[course.racer_style].dash
            self._draw_line(painter, line, self.look.color(course.racer_style), width, dash)
        painter.setClipping(False)
        told = (None if zone is None else zone.is_band, [name for name, _ in named])
        if not (hold and self.names and told == self._named):
            self.names = self._place_names(lines, named, zone)
        self._named = told
        for name, room in self.names:
            self.text.draw(painter, name.text, room.left(), room.center().y(), name.color)
        painter.end()
        return pixmap

    def _clip(self, painter: QPainter) -> None:
        room = self.look.px(_CHOSEN_WIDTH)
        painter.setClipRect(self.plot.adjusted(-room, -room, room, room))

    def _line(self, course: Course) -> Array:
        return self.line(*course.curve())

    def _draw_line(
        self,
        painter: QPainter,
        lines: Array,
        color: QColor,
        width: float,
        dash: tuple[float, ...] = (),
    ) -> None:
        solid = Strokes(lines, np.zeros((len(lines), 2)))
        pattern = [length * width for length in dash]
        paint_lines(painter, dashed(solid, pattern, width / 2).lines, line_pen(color, width))

    def _place_names(
        self, lines: Sequence[Array], others: Sequence[tuple[str, Array]], zone: Zone | None
    ) -> list[tuple[Name, QRectF]]:
        """Find where the names of the bounds stand, and those of what is compared with."""
        color = QColor(self.look.theme.text)
        names = [] if zone is None else zone_names(zone, self)
        names += [Name(name, color, line) for name, line in others if len(line)]
        drawn = [*lines, *(line for _, line in others)]
        drawn += [] if zone is None else zone_lines(zone, self)
        return placed(names, drawn, self.plot, self.text, self.look.px(4))
