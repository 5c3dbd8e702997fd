"""Outlines of long paths: what is left out of them does not show."""

import gc

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from optiviz.gui.drawing import outline as outlines
from optiviz.gui.drawing.identity_cache import IdentityCache
from optiviz.gui.drawing.outline import (
    FEW,
    MOST_LINES,
    MOST_POINTS,
    cell_of,
    distinct,
    once_to_and_fro,
    outline_of,
    outlined,
    pairs,
    sampled,
)
from optiviz.gui.drawing.projection import Projection
from optiviz.gui.drawing.strokes import Viewport, strokes
from optiviz.gui.stage.trails import Trail, Trails

STAGE = Projection(0.0, 8.0, 0.0, 6.0, 800.0, 600.0)
RNG = np.random.default_rng(5)
STEPS = 100_000
TURN = np.linspace(0.0, 60.0, STEPS + 1)
SPIRAL = np.stack([4 + np.cos(TURN) * TURN / 25, 3 + np.sin(TURN) * TURN / 25], axis=1)
NOISE = RNG.normal((4.0, 3.0), (1.0, 0.7), (STEPS + 1, 2))
TO_AND_FRO = np.where(
    np.arange(STEPS + 1)[:, None] % 2, (3.0, 2.0), (5.0, 4.0)
) + 1e-7 * RNG.normal(size=(STEPS + 1, 2))


def seen(x, y, width):
    """A window about a point, as wide and high as the stage."""
    high = width * 0.75
    return Projection(x - width / 2, x + width / 2, y - high / 2, y + high / 2, 800.0, 600.0)


def test_a_path_of_few_points_is_its_own_outline():
    path = RNG.uniform(0.0, 1e-9, (FEW, 2))
    found = outline_of(path, STAGE)
    assert not found.crowded
    assert found.steps.tolist() == list(range(FEW))


@pytest.mark.parametrize("projection", [STAGE, seen(4.0, 3.0, 0.3), seen(4.0, 3.0, 90.0)])
def test_no_point_of_a_smooth_path_is_far_from_its_outline_at_its_step(projection):
    found = outline_of(SPIRAL, projection)
    assert not found.crowded
    assert len(found.steps) <= MOST_POINTS
    pixels = projection.pixels(SPIRAL)
    for axis in (0, 1):
        drawn = np.interp(np.arange(STEPS + 1), found.steps, pixels[found.steps, axis])
        assert np.abs(drawn - pixels[:, axis]).max() < 0.5


@pytest.mark.parametrize("path", [NOISE, TO_AND_FRO], ids=["noise", "to and fro"])
def test_a_crowded_path_has_a_bounded_outline_of_its_own_steps(path):
    found = outline_of(path, STAGE)
    assert found.crowded
    assert 1 <= len(found.first) <= MOST_LINES
    assert (np.diff(found.first) > 0).all()
    assert (found.last == found.first + 1).all()


def test_a_path_to_and_fro_is_drawn_as_few_lines():
    assert len(outline_of(TO_AND_FRO, STAGE).first) < 20


def test_the_way_down_is_whole_before_a_thicket():
    path = NOISE.copy()
    path[:800] = np.linspace((0.5, 0.5), (4.0, 3.0), 800) + RNG.normal(0.0, 0.02, (800, 2))
    found = outline_of(path, STAGE)
    assert np.isin(np.arange(500), found.first).mean() > 0.9


def test_an_outline_serves_while_one_pans_and_zooms_out_and_a_little_in():
    found = outline_of(SPIRAL, STAGE)
    for projection in (seen(5.0, 3.0, 8.0), seen(4.0, 3.0, 30.0), seen(4.0, 3.0, 7.0)):
        assert outline_of(SPIRAL, projection) is found
    fine = outline_of(SPIRAL, seen(4.0, 3.0, 0.1))
    assert fine is not found
    assert outline_of(SPIRAL, STAGE) in (found, fine)


def test_a_crowded_path_is_told_finely_where_one_looks():
    near = seen(4.0, 3.0, 0.2)
    path = RNG.normal((1.0, 1.0), 0.1, (STEPS, 2))
    path[60_000:] = RNG.normal((4.0, 3.0), 0.03, (40_000, 2))
    found = outline_of(path, near)
    assert found.part is not None
    assert found.first.min() >= 59_999
    assert len(found.first) == MOST_LINES
    assert outline_of(path, seen(4.05, 3.05, 0.2)) is found
    elsewhere = outline_of(path, seen(1.0, 1.0, 0.2))
    assert elsewhere.last.max() <= 60_000
    assert len(elsewhere.first) == MOST_LINES


@pytest.mark.parametrize(
    "path",
    [
        RNG.choice([-1.7e308, 1.7e308, 3.0], (STEPS, 2)),
        RNG.choice([1e-310, -1e-310, 0.0], (STEPS, 2)),
        np.full((STEPS, 2), 1.7e308),
        np.zeros((STEPS, 2)),
    ],
    ids=["far", "denormal", "far away", "still"],
)
@pytest.mark.parametrize("width", [8.0, 8e-6, 8e3])
def test_no_path_is_any_trouble(path, width):
    drawn = strokes(path, Viewport(seen(0.0, 0.0, width), 6.0))
    assert np.isfinite(drawn.lines).all()


def test_cells_are_finer_than_half_a_pixel_at_every_zoom():
    for width in np.geomspace(1e-5, 1e5, 77):
        for sharpness in (1.0, 1.25, 2.0):
            pixel = width / 800.0 / sharpness
            x, y = cell_of(seen(0.0, 0.0, width), sharpness)
            assert pixel / 4 <= x * (1 + 1e-9)
            assert max(x, y) <= pixel / 2 * (1 + 1e-9)


def test_an_outline_goes_with_its_path():
    gc.collect()
    before = len(outlines._outlines)
    path = NOISE.copy()
    outline_of(path, STAGE)
    assert len(outlines._outlines) == before + 1
    del path
    gc.collect()
    assert len(outlines._outlines) == before


def test_what_was_found_belongs_to_one_owner():
    kept: IdentityCache[int] = IdentityCache()
    a, b = np.zeros(3), np.zeros(3)
    assert kept.get(a, lambda: 1) == 1
    assert kept.get(b, lambda: 2) == 2
    assert kept.get(a, lambda: 3) == 1
    del a
    assert len(kept) == 1


def test_lines_between_the_same_cells_are_drawn_once():
    cells = pairs(np.tile(np.array([[1, 1], [20, 9]], dtype=np.int32), (500, 1)))
    assert once_to_and_fro(cells).tolist() == [0]
    assert distinct(cells[:-1], cells[1:], 100, 100).tolist() == [0]


def test_a_sample_has_the_first_and_the_last():
    assert sampled(5, 10).tolist() == [0, 1, 2, 3, 4]
    some = sampled(10_000, 90)
    assert len(some) == 90
    assert some[:30].tolist() == list(range(30))
    assert some[-1] == 9999
    assert (np.diff(some) > 0).all()


def painted(path, position):
    trails = Trails(0.0)
    trails.show_projection(STAGE)
    trails.show_trails([Trail(path, 0)])
    trails.show_position(position)
    image = QImage(800, 600, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#405060"))
    painter = QPainter(image)
    trails.draw(painter, 1.0)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(600, 800, 4).astype(int)


@pytest.mark.parametrize("position", [30_000.0, float(STEPS)])
def test_a_long_path_looks_as_if_every_point_were_drawn(qapp, monkeypatch, position):
    path = SPIRAL.copy()
    drawn = painted(path, position)
    monkeypatch.setattr(outlines, "FEW", 10**9)
    every = painted(SPIRAL.copy(), position)
    assert (np.abs(drawn - every).max(axis=2) > 60).mean() < 0.001


def test_the_outline_of_a_window_far_from_the_path_is_small():
    found = outlined(NOISE, cell_of(seen(500.0, 500.0, 0.1)), seen(500.0, 500.0, 0.1).window)
    assert len(found.first) == 0
    assert len(strokes(NOISE, Viewport(seen(500.0, 500.0, 0.1), 6.0))) == 0
