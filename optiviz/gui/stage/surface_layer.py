"""The surface: filled bands and thin contour lines, kept as a picture until the camera moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from optiviz.engine.field import BANDS
from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.drawing.layer import Layer, blank
from optiviz.gui.drawing.line_painter import line_pen, paint_lines
from optiviz.gui.drawing.strokes import clipped
from optiviz.gui.theme.stylesheet import mixed

if TYPE_CHECKING:
    from optiviz.engine import Field, Surface
    from optiviz.gui.drawing.projection import Projection, Window
    from optiviz.gui.theme.palette import Theme

_FINEST = 1_000_000  # points; below that, bands are cut from a grid twice as fine


class SurfaceLayer(Layer):
    """The surface's bands and contour lines; an old field is scaled until the new one comes."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._field: Field | None = None
        self._image: KeptPicture[QImage] = KeptPicture()
        self._lines = np.empty((0, 4))  # data coordinates
        self._picture: KeptPicture[QPixmap] = KeptPicture()

    def show_field(self, field: Field) -> None:
        """Show the surface's heights and contour lines."""
        self._field = field
        x, y = field.lines_x, field.lines_y
        joined = np.flatnonzero(field.lines_connect[:-1]) if len(x) else np.empty(0, dtype=int)
        self._lines = np.stack([x[joined], y[joined], x[joined + 1], y[joined + 1]], axis=1)
        self.changed()

    def covers(self, surface: Surface, window: Window) -> bool:
        """Say whether a field of this surface is shown that reaches over a whole window."""
        if self._field is None or self._field.spec.surface != surface:
            return False
        shown = self._field.spec
        return all(
            own[0] <= seen[0] and seen[1] <= own[1]
            for own, seen in zip((shown.x_range, shown.y_range), window, strict=True)
        )

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the picture kept, or make it."""
        shows = (*self.seen(sharpness), self._field)
        painter.drawPixmap(0, 0, self._picture.get(shows, lambda: self._drawn(sharpness)))

    def _drawn(self, sharpness: float) -> QPixmap:
        picture, field, theme = blank(self.projection, sharpness), self._field, self.look.theme
        picture.fill(QColor(theme.surface[-2]))
        if field is not None:
            image = self._image.get((field, theme), lambda: band_image(field.shade, theme))
            painter = QPainter(picture)
            self._draw_field(painter, field, image)
            painter.end()
        return picture

    def _draw_field(self, painter: QPainter, field: Field, image: QImage) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rectangles = _visible_part(field, image, self.projection)
        if rectangles is not None:
            target, source = rectangles
            painter.drawImage(target, image, source)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = self.projection
        lines = np.hstack([seen.pixels(self._lines[:, :2]), seen.pixels(self._lines[:, 2:])])
        box = (-2.0, -2.0, seen.width + 2.0, seen.height + 2.0)
        lines, _ = clipped(lines, np.zeros((len(lines), 2)), box)
        theme = self.look.theme
        color = QColor(mixed(theme.surface[-2], theme.contour, 0.62))
        paint_lines(painter, lines, line_pen(color, min(1.0, self.look.px(0.8))))


def band_colors(theme: Theme) -> list[QColor]:
    """One colour for each band, from the valley floor to the heights."""
    colors = [QColor(name) for name in theme.surface]
    stops = np.array([(one.redF(), one.greenF(), one.blueF()) for one in colors])
    at = np.linspace(0.0, len(stops) - 1, BANDS)
    channels = [np.interp(at, np.arange(len(stops)), stops[:, channel]) for channel in range(3)]
    return [QColor.fromRgbF(*color) for color in zip(*channels, strict=True)]


def band_image(shade: np.ndarray, theme: Theme) -> QImage:
    """Fill the bands between contour lines: one pixel per grid point, or two on a coarse grid."""
    if shade.size * 4 <= _FINEST:
        shade = _twice_as_fine(shade)
    bands = (shade[::-1] * np.float32(BANDS)).astype(np.int32)
    np.clip(bands, 0, BANDS - 1, out=bands)
    table = np.array([color.rgb() for color in band_colors(theme)], dtype=np.uint32)
    pixels = np.ascontiguousarray(table[bands])
    rows, columns = pixels.shape
    # copy(): the image must own its memory.
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def _twice_as_fine(shade: np.ndarray) -> np.ndarray:
    rows, columns = shade.shape
    wide = np.empty((rows, 2 * columns - 1), dtype=np.float32)
    wide[:, 0::2] = shade
    wide[:, 1::2] = (shade[:, 1:] + shade[:, :-1]) * np.float32(0.5)
    fine = np.empty((2 * rows - 1, 2 * columns - 1), dtype=np.float32)
    fine[0::2] = wide
    fine[1::2] = (wide[1:] + wide[:-1]) * np.float32(0.5)
    return fine


def _visible_part(field: Field, image: QImage, seen: Projection) -> tuple[QRectF, QRectF] | None:
    """Where on the stage the field lies, and which part of its image that is.

    Only the part near the stage is scaled: an old field may be a million stages wide.
    """
    (x0, x1), (y0, y1) = field.spec.x_range, field.spec.y_range
    columns, rows = image.width(), image.height()
    # Grid points are the middles of pixels, so the image is half a pixel wider on each side.
    cell_x, cell_y = (x1 - x0) / (columns - 1), (y1 - y0) / (rows - 1)
    x0, y1 = x0 - cell_x / 2, y1 + cell_y / 2
    first = max(0.0, np.floor((seen.x0 - x0) / cell_x) - 1.0)
    last = min(float(columns), np.ceil((seen.x1 - x0) / cell_x) + 1.0)
    top = max(0.0, np.floor((y1 - seen.y1) / cell_y) - 1.0)
    bottom = min(float(rows), np.ceil((y1 - seen.y0) / cell_y) + 1.0)
    if first >= last or top >= bottom:
        return None
    left, upper = seen.pixel(x0 + first * cell_x, y1 - top * cell_y)
    right, lower = seen.pixel(x0 + last * cell_x, y1 - bottom * cell_y)
    source = QRectF(first, top, last - first, bottom - top)
    return QRectF(left, upper, right - left, lower - upper), source
