"""From data coordinates to the stage's pixels and back, and which range a camera shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = np.ndarray
Range = tuple[float, float]
Window = tuple[Range, Range]

#: How far in and out a hand may zoom, in widths of the surface's window.
ZOOM_LEAST, ZOOM_MOST = 1e-6, 1e3

# Beyond this a product with the scale could overflow; no pixel depends on it.
_FAR = 1e290


@dataclass(frozen=True)
class Projection:
    """The visible range and the size it is shown at, in device-independent pixels."""

    x0: float = 0.0
    x1: float = 1.0
    y0: float = 0.0
    y1: float = 1.0
    width: float = 1.0
    height: float = 1.0

    @property
    def x_scale(self) -> float:
        """Pixels for one unit of x."""
        return self.width / (self.x1 - self.x0)

    @property
    def y_scale(self) -> float:
        """Pixels for one unit of y."""
        return self.height / (self.y1 - self.y0)

    @property
    def window(self) -> Window:
        """The visible range, ((x0, x1), (y0, y1))."""
        return (self.x0, self.x1), (self.y0, self.y1)

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies on the stage; far outside it stays finite."""
        x, y = (min(max(v, -_FAR), _FAR) for v in (x, y))
        return (x - self.x0) * self.x_scale, (self.y1 - y) * self.y_scale

    def pixels(self, points: Array) -> Array:
        """Where points lie on the stage: (n, 2) to (n, 2); far outside they stay finite."""
        out = np.empty(points.shape)
        sides = (self.x0, self.x_scale), (self.y1, -self.y_scale)
        for axis, (side, scale) in enumerate(sides):  # numpy is slow on rows of two
            at = out[:, axis]
            np.clip(points[:, axis], -_FAR, _FAR, out=at)
            at -= side
            at *= scale
        return out

    def data(self, px: float, py: float) -> tuple[float, float]:
        """Which point lies under a pixel."""
        return self.x0 + px / self.x_scale, self.y1 - py / self.y_scale

    def shows(self, px: float, py: float, margin: float = 0.0) -> bool:
        """Say whether a pixel lies on the stage, or at most ``margin`` outside it."""
        return -margin <= px <= self.width + margin and -margin <= py <= self.height + margin


def fit(window: Window, width: float, height: float, *, stretch: bool) -> Projection:
    """Show a window entirely; with equal axes, by widening the range that has room to spare."""
    (x0, x1), (y0, y1) = window
    width, height = max(width, 1.0), max(height, 1.0)
    if not stretch:
        unit = max((x1 - x0) / width, (y1 - y0) / height)
        x0, x1 = _about((x0 + x1) / 2, unit * width)
        y0, y1 = _about((y0 + y1) / 2, unit * height)
    return Projection(x0, x1, y0, y1, width, height)


def zoom(seen: Projection, home: Window, factor: float, at: Sequence[float]) -> Window:
    """Zoom by a factor about a pixel, within the limits that a window of ``home`` allows."""
    spans = seen.x1 - seen.x0, seen.y1 - seen.y0
    sizes = [high - low for low, high in home]
    # One factor for both axes, so that equal axes stay equal at the limits.
    least = max(ZOOM_LEAST * size / span for size, span in zip(sizes, spans, strict=True))
    most = min(ZOOM_MOST * size / span for size, span in zip(sizes, spans, strict=True))
    factor = min(max(factor, least), max(most, least))
    x, y = seen.data(*at)
    return _near_home(
        (
            (x + (seen.x0 - x) * factor, x + (seen.x1 - x) * factor),
            (y + (seen.y0 - y) * factor, y + (seen.y1 - y) * factor),
        ),
        home,
    )


def pan(seen: Projection, home: Window, dx: float, dy: float) -> Window:
    """Move the picture by pixels."""
    x, y = -dx / seen.x_scale, dy / seen.y_scale
    return _near_home(((seen.x0 + x, seen.x1 + x), (seen.y0 + y, seen.y1 + y)), home)


def _near_home(window: Window, home: Window) -> Window:
    """Keep a window's middle where the surface's window is not lost out of sight."""
    kept = []
    for (low, high), (home_low, home_high) in zip(window, home, strict=True):
        middle, reach = (home_low + home_high) / 2, ZOOM_MOST * (home_high - home_low)
        centre = (low + high) / 2
        shift = min(max(centre, middle - reach), middle + reach) - centre
        kept.append((low + shift, high + shift))
    return kept[0], kept[1]


def _about(middle: float, span: float) -> Range:
    return middle - span / 2, middle + span / 2
