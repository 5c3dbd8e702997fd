"""What chance does to a gradient: how large it is, and how the batches' gradients scatter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.cancel import never
from optiviz.engine.contours import Scale, heights_above, scale_of, trace
from optiviz.engine.draws import batch, batches, epoch_steps, offsets
from optiviz.engine.gradients import Gaussian, MiniBatch
from optiviz.engine.sweep import losses

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine.gradients import Gradient
    from optiviz.engine.surfaces import Point, Surface, Window

Array = np.ndarray

#: How many standard deviations a cloud's ellipse reaches.
REACH = 2.0
#: Heights of a batch's contour lines, on the scale of the full loss from 0 to 1.
_LEVELS = (0.3, 0.45, 0.6, 0.75, 0.9)

#: The gradients are looked at on a grid of so many points a side; fewer where each costs N
#: examples.
_GRID, _GRID_ON_DATA = 41, 13
#: This share of the window's points has a smaller gradient than the typical one.
_SHARE = 0.1


@lru_cache(maxsize=64)
def typical_gradient(surface: Surface) -> float:
    """Give the size of a surface's gradients near its valleys, as 1, 2 or 5 × 10ⁿ.

    It is the gradient that a tenth of the window's points fall short of: noise of that size is felt
    in a valley and lost on its walls.
    """
    (x0, x1), (y0, y1) = surface.window
    side = _GRID_ON_DATA if surface.has_examples else _GRID
    grid = np.meshgrid(np.linspace(x0, x1, side), np.linspace(y0, y1, side))
    with np.errstate(all="ignore"):
        gradients = np.hypot(*surface.gradient(*grid)).ravel()
    gradients = gradients[np.isfinite(gradients) & (gradients > 0.0)]
    if not gradients.size:
        return 1.0
    size = float(np.quantile(gradients, _SHARE))
    power = 10.0 ** math.floor(math.log10(size))
    lead = min((1.0, 2.0, 5.0, 10.0), key=lambda each: abs(math.log(each * power / size)))
    return float(f"{lead * power:.6g}")


@dataclass(frozen=True, eq=False)
class Cloud:
    """Many gradients that a racer might have been told at one point. Arrays are read-only.

    Attributes:
        point: where.
        gradients: (n, 2), one for each draw.
        true_gradient: (2,) the gradient of the full loss.
        mean: (2,) the mean of the gradients drawn.
        covariance: (2, 2) of a gradient, by the closed form.
        population: (2, 2) the covariance of the examples' gradients; the noise's where it is
            painted on.
        axes: (2, 2) the covariance's ellipse at two standard deviations around the true gradient:
            its half axes, the longer one first. It holds about 86 % of a normal cloud.
        batch_size: how many examples each gradient is the mean of; ``None`` where it is no batch's.
    """

    point: Point
    gradients: Array
    true_gradient: Array
    mean: Array
    covariance: Array
    population: Array
    axes: Array
    batch_size: int | None


def batch_gradients(
    surface: Surface, gradient: Gradient, point: Point, seed: int, draws: int = 200
) -> Cloud:
    """Draw many gradients at one point, each as a step of the race might be told.

    Without replacement they are those of the first batches of as many epochs, which are independent
    of each other; else those of as many steps.

    The covariance follows from C, that of the examples' per_example as a whole population of N: it
    is C / m for m independent draws, C (N − m) / (m (N − 1)) without replacement, σ²I for painted
    noise, 0 for the full gradient.
    """
    x, y = map(float, point)
    true = np.array(surface.gradient(x, y), dtype=float)
    size: int | None = None
    if isinstance(gradient, MiniBatch):
        per_example = _example_gradients(surface, gradient, x, y, true)
        rows = _batches(len(per_example), gradient.batch_size, gradient.replacement, seed, draws)
        size = rows.shape[1]
        gradients = per_example[rows].mean(axis=1)
        population = _population_covariance(per_example)
        covariance = population * _shrinks(gradient, len(per_example))
    elif isinstance(gradient, Gaussian):
        noise = gradient.noise(0, seed, 0, draws)
        gradients = true if noise is None else true + noise
        population = covariance = gradient.sigma**2 * np.eye(2)
    else:
        gradients = np.tile(true, (draws, 1))
        population = covariance = np.zeros((2, 2))
    mean = gradients.mean(axis=0)
    axes = _ellipse(covariance)
    for array in (gradients, true, mean, covariance, population, axes):
        array.flags.writeable = False
    return Cloud((x, y), gradients, true, mean, covariance, population, axes, size)


def _example_gradients(
    surface: Surface, gradient: MiniBatch, x: float, y: float, true: Array
) -> Array:
    if surface.has_examples:
        return surface.example_gradients(x, y)
    per_example: Array = true + gradient.spread * offsets(gradient.examples)
    return per_example


@lru_cache(maxsize=8)  # a racer each; one may take megabytes
def _batches(count: int, size: int, replacement: bool, seed: int, wanted: int) -> Array:
    """Give the rows of independent batches, (wanted, m)."""
    if replacement:
        return batches(seed, count, size, True, 0, wanted)[0].reshape(wanted, size)
    if size >= count:
        return np.tile(np.arange(count), (wanted, 1))
    steps = epoch_steps(count, size)
    firsts = (batch(seed, count, size, False, epoch * steps) for epoch in range(wanted))
    return np.stack(list(firsts))


def _shrinks(gradient: MiniBatch, count: int) -> float:
    """Say what a batch's covariance is, in the covariances of one example."""
    if gradient.replacement:
        return 1.0 / gradient.batch_size
    size = min(gradient.batch_size, count)
    return (count - size) / (size * (count - 1)) if count > 1 else 0.0


def _population_covariance(gradients: Array) -> Array:
    apart = gradients - gradients.mean(axis=0)
    covariance: Array = apart.T @ apart / len(gradients)
    return covariance


def _ellipse(covariance: Array) -> Array:
    """Give the half axes of a covariance's ellipse, (2, 2), the longer one first."""
    if not np.isfinite(covariance).all():
        return np.full((2, 2), np.nan)
    values, vectors = np.linalg.eigh(covariance)
    lengths = REACH * np.sqrt(np.maximum(values, 0.0))
    axes: Array = (vectors * lengths).T[::-1].copy()
    return axes


@dataclass(frozen=True, eq=False)
class BatchField:
    """The loss of one batch as a few contour lines. Arrays are read-only.

    They lie as high above the batch's own least loss as every third line of the full loss does
    above its own.

    Attributes:
        step: the step whose batch it is.
        rows: the examples in the batch.
        heights: (rows, columns) the batch's loss; row 0 lies at the lower end.
        lines_x, lines_y: all contour lines, one after the other.
        lines_connect: whether a point is joined to the next; 0 at the end of each line.
        lowest: where the batch's loss is least on the grid; ``None`` where that is at the edge.
    """

    step: int
    rows: Array
    heights: Array
    lines_x: Array
    lines_y: Array
    lines_connect: Array
    lowest: Point | None


def batch_field(
    surface: Surface,
    gradient: Gradient,
    seed: int,
    step: int,
    window: Window,
    columns: int = 80,
    rows: int = 80,
    cancelled: Callable[[], bool] = never,
) -> BatchField | None:
    """Sample the loss that a step's batch has: the mean over its examples alone.

    On a formula f it is f(θ) + ξ·θ, with ξ the mean tilt of the batch's synthetic examples.

    Args:
        window: which part of the plane, ((x from, to), (y from, to)).
        columns, rows: how many grid points.
        cancelled: asked now and then.

    Returns:
        ``None`` where the gradient is no batch's.

    Raises:
        Cancelled: as asked for.
    """
    picked = gradient.batch(len(surface.examples), seed, step)
    if picked is None:
        return None
    ground = _ground(surface, window, columns, rows)
    if surface.has_examples:
        heights = losses(surface, ground.points, surface.examples[picked], cancelled=cancelled)
    elif isinstance(gradient, MiniBatch):
        tilt = gradient.spread * offsets(gradient.examples)[picked].mean(axis=0)
        heights = ground.heights + ground.points @ tilt
    else:
        return None
    heights = heights.reshape(rows, columns)
    with np.errstate(all="ignore"):
        finite = np.where(np.isfinite(heights), heights, np.inf)
    at = np.unravel_index(int(finite.argmin()), finite.shape)
    shade = ground.scale.shade(heights_above(heights, float(finite[at])))
    lines = trace(ground.x, ground.y, shade, _LEVELS)
    for array in (picked, heights, *lines):
        array.flags.writeable = False
    row, column = int(at[0]), int(at[1])
    inside = 0 < row < rows - 1 and 0 < column < columns - 1
    lowest = (float(ground.x[column]), float(ground.y[row])) if inside else None
    return BatchField(step, picked, heights, *lines, lowest)


@dataclass(frozen=True, eq=False)
class _Ground:
    """The full loss on a batch's grid, and its scale, which the batch's lines share."""

    x: Array
    y: Array
    points: Array  # (n, 2)
    heights: Array  # (n,)
    scale: Scale


@lru_cache(maxsize=8)
def _ground(surface: Surface, window: Window, columns: int, rows: int) -> _Ground:
    x, y = np.linspace(*window[0], columns), np.linspace(*window[1], rows)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    with np.errstate(all="ignore"):
        if surface.has_examples:
            heights = losses(surface, points)
        else:
            heights = np.array(surface.value(*points.T), dtype=float)
    scale = scale_of(heights_above(heights, surface.least), surface.decades)
    return _Ground(x, y, points, heights, scale)
