from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from optiviz.gui.drawing.dashes import MOST_DASHES, dashed, uncrowded
from optiviz.gui.drawing.line_painter import bends
from optiviz.gui.drawing.outline import moving, pairs, straightened
from optiviz.gui.drawing.projection import Projection, fit, pan, zoom
from optiviz.gui.drawing.strokes import Strokes, Viewport, clipped, drawn_strokes, strokes
from optiviz.gui.stage.trails import Trail, Trails
from optiviz.gui.theme.palette import DARK, LIGHT, RACER_STYLES, Look

STAGE = Projection(0.0, 8.0, 0.0, 6.0, 800.0, 600.0)
BOX = (-6.0, -6.0, 806.0, 606.0)
SPIRAL = np.linspace(0.0, 20.0, 400)
SPIRAL = np.stack([4 + SPIRAL / 8 * np.cos(SPIRAL), 3 + SPIRAL / 8 * np.sin(SPIRAL)], axis=1)
RNG = np.random.default_rng(3)


def lengths(lines):
    return np.hypot(*(lines[:, 2:] - lines[:, :2]).T)


def picture(trails, sharpness=1.0):
    seen = trails.projection
    image = QImage(
        round(seen.width * sharpness),
        round(seen.height * sharpness),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(sharpness)
    image.fill(QColor("#405060"))
    painter = QPainter(image)
    trails.draw(painter, sharpness)
    painter.end()
    return image


def pixels(image):
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)


def count(image, color, tolerance=6):
    wanted = np.array(QColor(color).getRgb()[2::-1])
    return int((np.abs(pixels(image)[..., :3].astype(int) - wanted) <= tolerance).all(axis=2).sum())


@pytest.fixture
def trails(qapp):
    layer = Trails(0.0)
    layer.show_projection(STAGE)
    return layer


# ---- projection


def test_a_point_goes_to_its_pixel_and_back():
    assert STAGE.pixel(2.0, 5.0) == (200.0, 100.0)
    assert STAGE.data(200.0, 100.0) == (2.0, 5.0)
    assert STAGE.pixels(np.array([[2.0, 5.0]])).tolist() == [[200.0, 100.0]]


def test_the_farthest_points_have_finite_pixels():
    deep = Projection(0.0, 1e-6, 0.0, 1e-6, 3000.0, 2000.0)
    far = np.array([[1e300, -1e300], [-1.7e308, 1.7e308]])
    assert np.isfinite(deep.pixels(far)).all()
    assert np.isfinite(deep.pixel(1.7e308, -1.7e308)).all()


def test_equal_axes_show_the_window_entirely():
    seen = fit(((0.0, 4.0), (0.0, 1.0)), 600, 600, stretch=False)
    assert seen.x_scale == pytest.approx(seen.y_scale)
    assert (seen.x0, seen.x1) == pytest.approx((0.0, 4.0))
    assert (seen.y0, seen.y1) == pytest.approx((-1.5, 2.5))
    stretched = fit(((0.0, 4.0), (0.0, 1.0)), 600, 600, stretch=True)
    assert (stretched.y0, stretched.y1) == (0.0, 1.0)


def test_zoom_keeps_the_point_under_the_pointer_and_stops_at_its_limits():
    home = ((0.0, 8.0), (0.0, 6.0))
    window = zoom(STAGE, home, 0.5, (200.0, 100.0))
    assert fit(window, 800, 600, stretch=False).pixel(2.0, 5.0) == pytest.approx((200.0, 100.0))
    near = fit(zoom(STAGE, home, 1e-30, (400.0, 300.0)), 800, 600, stretch=False)
    assert near.x1 - near.x0 == pytest.approx(8e-6)
    far = fit(zoom(STAGE, home, 1e30, (400.0, 300.0)), 800, 600, stretch=False)
    assert far.x1 - far.x0 == pytest.approx(8e3)


def test_a_pan_does_not_lose_the_surface():
    home = ((0.0, 8.0), (0.0, 6.0))
    (x0, x1), _ = pan(STAGE, home, -1e12, 0.0)
    assert (x0 + x1) / 2 == pytest.approx(4.0 + 8e3)


# ---- strokes


def thinned(path):
    """The steps that remain of a path in pixels."""
    kept = moving(pairs(np.rint(path * 2.0).astype(np.int32)))
    return kept[straightened(path[kept], kept, 0.15)]


def test_thinning_leaves_no_point_more_than_a_pixel_away_at_its_step():
    path = STAGE.pixels(np.array([4.0, 3.0]) + np.cumsum(RNG.normal(0.0, 0.01, (5000, 2)), axis=0))
    kept = thinned(path)
    assert len(kept) < len(path)
    steps = np.arange(len(path))
    for axis in (0, 1):
        drawn = np.interp(steps, kept, path[kept, axis])
        assert np.abs(drawn - path[:, axis]).max() < 1.0


def test_a_straight_even_path_needs_few_points():
    kept = thinned(np.stack([np.linspace(0, 700, 1001), np.linspace(0, 500, 1001)], axis=1))
    assert len(kept) < 100
    assert kept[0] == 0
    assert kept[-1] == 1000


def test_a_long_stay_and_a_jump_keep_the_step_of_the_jump():
    path = np.zeros((1001, 2))
    path[900:] = (300.0, 0.0)
    kept = thinned(path)
    assert np.interp(899, kept, path[kept, 0]) == 0.0
    assert np.interp(900, kept, path[kept, 0]) == 300.0


def test_clipping_agrees_with_many_points_along_each_line():
    lines = RNG.uniform(-1500, 1500, (400, 4))
    reach = np.stack([np.arange(400.0), np.arange(400.0) + 1], axis=1)
    cut, cut_reach = clipped(lines, reach, BOX)
    share = np.linspace(0, 1, 2001)[:, None]
    compared = 0
    for line, (step, _) in zip(lines, reach, strict=True):
        points = line[:2] + share * (line[2:] - line[:2])
        inside = ((points >= BOX[:2]) & (points <= BOX[2:])).all(axis=1)
        found = np.flatnonzero(np.floor(cut_reach[:, 0]) == step)
        if inside.sum() > 2:
            (index,) = found
            first, last = share[inside][[0, -1], 0]
            assert cut_reach[index] - step == pytest.approx([first, last], abs=2e-3)
            compared += 1
        elif not inside.any():  # it may touch a corner between two of the points
            assert (cut_reach[found, 1] - cut_reach[found, 0] < 2e-3).all()
    assert 50 < compared < 350
    assert (cut >= -6.0).all()
    assert (cut[:, 0::2] <= 806.0).all()
    assert (cut[:, 1::2] <= 606.0).all()


def test_lines_along_the_axes_and_points_are_clipped_without_a_warning():
    lines = np.array(
        [[-100.0, 50, 900, 50], [50, -100, 50, 900], [-100, -50, 900, -50], [5, 5, 5, 5]]
    )
    cut, _ = clipped(lines, np.zeros((4, 2)), BOX)
    assert cut.tolist() == [[-6, 50, 806, 50], [50, -6, 50, 606], [5, 5, 5, 5]]


def test_huge_paths_give_short_finite_lines():
    path = RNG.choice([-1e300, 1e300, 3.0], (500, 2))
    drawn = strokes(path, Viewport(STAGE, 6.0))
    assert np.isfinite(drawn.lines).all()
    assert np.abs(drawn.lines).max() <= 806.0


def test_a_path_of_100_000_bounces_gives_a_bounded_number_of_lines():
    path = np.stack([RNG.uniform(0, 8, 100_001), RNG.uniform(0, 6, 100_001)], axis=1)
    drawn = strokes(path, Viewport(STAGE, 6.0, most=1500))
    assert 100 < len(drawn) <= 1500
    assert (np.diff(drawn.reach[:, 0]) >= 0).all()
    assert len(dashed(drawn, [9.0, 9.0])) <= MOST_DASHES * 2 + len(drawn)


def circling(steps):
    """A way into a basin, and then so many bounces in it, drawn as the stage draws them."""
    way = np.stack([np.linspace(1, 6, 40), np.linspace(5, 2, 40)], axis=1)
    angle = np.arange(steps) * 2.5
    around = np.stack([6 + np.cos(angle), 2 + np.sin(angle)], axis=1) + RNG.normal(
        0, 0.05, (steps, 2)
    )
    return strokes(np.concatenate([way, around]), Viewport(STAGE, 6.0, most=1500))


@pytest.mark.parametrize("style", range(1, 8))
@pytest.mark.parametrize("steps", [100, 2000])
def test_dashes_keep_their_length_however_long_a_racer_circles(style, steps):
    pattern = [part * 3.0 for part in RACER_STYLES[style].dash]
    solid = circling(steps)
    pieces = dashed(uncrowded(solid, pattern), pattern)
    # On the straight way in, each piece is one of the pattern's.
    way_in = lengths(pieces.between(0.0, 38.0))[1:-1]
    wanted = [*pattern[0::2]]
    assert all(min(abs(piece - part) for part in wanted) < 0.01 for piece in joined(way_in, wanted))
    assert len(pieces) <= MOST_DASHES + len(solid)
    assert (np.diff(pieces.reach[:, 0]) >= 0).all()


def joined(parts, wanted):
    """Lengths of dashes, of which a bend of the path may have made two parts."""
    whole, rest = [], 0.0
    for part in parts:
        rest += part
        if any(abs(rest - length) < 0.01 for length in wanted):
            whole.append(rest)
            rest = 0.0
    return whole if rest == 0.0 else [*whole, rest]


def test_only_crowded_lines_are_left_out():
    pattern = [3.0, 5.4]
    solid = circling(2000)
    kept = uncrowded(solid, pattern)
    assert lengths(kept.lines).sum() <= MOST_DASHES * sum(pattern) < lengths(solid.lines).sum()
    # All of the way in is there, and wherever a line was left out, another one is near.
    assert len(kept.between(0.0, 39.0)) == len(solid.between(0.0, 39.0))
    gone = solid.lines[~np.isin(solid.reach[:, 0], kept.reach[:, 0])]
    middles = (gone[:, :2] + gone[:, 2:]) / 2
    there = (kept.lines[:, :2] + kept.lines[:, 2:]) / 2
    far = np.hypot(*(middles[:, None] - there[None]).transpose(2, 0, 1)).min(axis=1)
    assert len(gone) > 100
    assert far.max() < 24.0 * 2**0.5
    short = circling(40)
    assert uncrowded(short, pattern) is short
    assert uncrowded(solid, []) is solid


def test_dashes_follow_the_pattern_along_the_path():
    line = Strokes(np.array([[0.0, 0, 100, 0]]), np.array([[0.0, 10.0]]))
    pieces = dashed(line, [10.0, 10.0])
    assert pieces.lines[:, 0] == pytest.approx(np.arange(0.0, 100.0, 20.0))
    assert lengths(pieces.lines) == pytest.approx(10.0)
    assert pieces.reach[0] == pytest.approx([0.0, 1.0])


def test_short_lines_keep_the_pattern():
    x = np.linspace(0, 100, 51)
    zero = np.zeros(50)
    short = Strokes(
        np.stack([x[:-1], zero, x[1:], zero], axis=1),
        np.stack([np.arange(50.0), np.arange(50.0) + 1], axis=1),
    )
    long = Strokes(np.array([[0.0, 0, 100, 0]]), np.array([[0.0, 50.0]]))
    mask = np.zeros((2, 1000), dtype=bool)
    for row, drawn in enumerate((short, long)):
        for x0, _, x1, _ in dashed(drawn, [7.0, 3.0, 1.0, 3.0]).lines:
            mask[row, round(x0 * 10) : round(x1 * 10)] = True
    assert (mask[0] == mask[1]).mean() > 0.99


def test_caps_make_dashes_shorter():
    line = Strokes(np.array([[0.0, 0, 100, 0]]), np.array([[0.0, 1.0]]))
    assert lengths(dashed(line, [10.0, 10.0], 1.5).lines) == pytest.approx(7.0)


def test_only_bends_get_a_joint():
    lines = np.array([[0.0, 0, 10, 0], [10, 0, 20, 1], [20, 1, 20, 11], [50, 50, 60, 60]])
    assert bends(lines).tolist() == [[20.0, 1.0]]


@pytest.mark.parametrize("look", range(8))
def test_pieces_between_two_positions_join_up(look):
    solid = strokes(SPIRAL, Viewport(STAGE, 6.0))
    pieces = dashed(solid, [part * 3.0 for part in RACER_STYLES[look].dash])
    cuts = [0.0, 3.3, 3.4, 120.7, 121.0, 399.0]
    parts = [pieces.between(a, b) for a, b in pairwise(cuts)]
    joined = sum(lengths(part).sum() for part in parts)
    assert joined == pytest.approx(lengths(pieces.between(0.0, 399.0)).sum())
    assert joined == pytest.approx(lengths(pieces.lines).sum())


def test_a_path_of_one_point_or_two_is_no_trouble():
    assert len(strokes(np.array([[1.0, 1.0]]), Viewport(STAGE, 6.0))) == 0
    assert len(strokes(np.array([[1.0, 1.0], [2.0, 2.0]]), Viewport(STAGE, 6.0))) == 1


# ---- painting


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("sharpness", [1.0, 2.0])
def test_the_trail_is_where_the_path_is(trails, theme, sharpness):
    trails.show_look(Look(theme))
    trails.show_trails([Trail(SPIRAL, 0)])
    trails.show_position(399.0)
    image = picture(trails, sharpness)
    px, py = STAGE.pixel(*SPIRAL[200])
    color = QColor(image.pixel(round(px * sharpness), round(py * sharpness)))
    assert color.name() == theme.racers[0]
    assert count(image, theme.halo) > 500 * sharpness


def test_what_is_ahead_of_the_playhead_is_faint(trails):
    trails.show_trails([Trail(SPIRAL, 0)])
    trails.show_position(150.0)
    image = picture(trails)
    behind, ahead = (STAGE.pixel(*SPIRAL[step]) for step in (100, 300))
    assert QColor(image.pixel(*map(round, behind))).name() == DARK.racers[0]
    ahead_color = QColor(image.pixel(*map(round, ahead)))
    assert ahead_color.name() != DARK.racers[0]
    assert ahead_color.red() > 0x40 + 20
    px, py = map(round, ahead)
    around = {QColor(image.pixel(px + x, py + y)).name() for x in (-3, 3) for y in (-3, 3)}
    assert DARK.halo not in around


@pytest.mark.parametrize("sharpness", [1.0, 2.0])
def test_drawing_piece_by_piece_gives_the_same_picture_as_at_once(trails, sharpness):
    paths = [SPIRAL, SPIRAL[:, ::-1] + (1, -1), SPIRAL * 0.8, SPIRAL * 0.5 + (1.3, 2.7)]
    shown = [Trail(path, look) for look, path in enumerate(paths)]
    trails.show_trails(shown)
    for position in np.linspace(0.0, 399.0, 300):
        trails.show_position(float(position))
        bit_by_bit = picture(trails, sharpness)
    trails.show_trails(shown)
    at_once = picture(trails, sharpness)
    difference = np.abs(pixels(bit_by_bit).astype(int) - pixels(at_once).astype(int)).max(axis=2)
    # Two antialiased ends that meet are not quite one line, and colours cross in another order.
    assert (difference > 40).mean() < 0.004


def test_scrubbing_back_takes_the_trail_away(trails):
    trails.show_trails([Trail(SPIRAL, 3)])
    trails.show_position(399.0)
    whole = count(picture(trails), DARK.racers[3])
    trails.show_position(100.0)
    part = count(picture(trails), DARK.racers[3])
    trails.show_position(0.0)
    assert 0 < part < whole / 2
    assert count(picture(trails), DARK.racers[3]) == 0


def test_a_racer_that_is_not_shown_leaves_no_trail(trails):
    trails.show_trails([Trail(SPIRAL, 0), Trail(SPIRAL[::-1] * 0.9, 1)])
    trails.show_position(399.0)
    assert count(picture(trails), DARK.racers[1]) > 100
    trails.show_shown([True, False])
    image = picture(trails)
    assert count(image, DARK.racers[1]) == 0
    assert count(image, DARK.racers[0]) > 100


def test_a_ghost_lies_below_and_has_no_halo(trails):
    trails.show_ghosts([Trail(SPIRAL, 0)])
    ghost = picture(trails)
    assert count(ghost, "#405060") < 800 * 600 - 500
    assert count(ghost, DARK.halo) == 0
    trails.show_ghosts([])
    assert count(picture(trails), "#405060") == 800 * 600


def test_nothing_far_away_is_painted_or_warned_about(trails):
    far = np.array([[4.0, 3.0], [1e300, 1e300], [-1e300, 5.0], [4.0, 3.0]])
    trails.show_trails([Trail(far, look) for look in range(8)])
    trails.show_position(3.0)
    assert count(picture(trails), DARK.racers[7]) > 0


@pytest.fixture
def measured(monkeypatch):
    """The paths whose lines are looked for."""
    looked = []

    def noted(path, viewport):
        looked.append(path)
        return drawn_strokes(path, viewport)

    monkeypatch.setattr("optiviz.gui.drawing.strokes.drawn_strokes", noted)
    return looked


def test_turning_a_racer_off_and_on_measures_no_path_again(trails, measured):
    paths = [SPIRAL * (1.0 - look / 10) for look in range(8)]
    trails.show_trails([Trail(path, look) for look, path in enumerate(paths)])
    trails.show_position(399.0)
    before = picture(trails)
    assert len(measured) == 8
    trails.show_shown([look != 3 for look in range(8)])
    assert picture(trails) != before
    trails.show_shown([True] * 8)
    assert picture(trails) == before
    assert len(measured) == 8


def test_under_a_moving_hand_a_race_looks_as_it_does_at_rest(trails):
    trails.show_ghosts([Trail(SPIRAL[::-1] * 0.9, 0)])
    trails.show_trails([Trail(SPIRAL, 0), Trail(SPIRAL * 0.8, 1)])
    trails.show_position(250.0)
    moving, resting = picture(trails), picture(trails)
    apart = pixels(moving).astype(int) - pixels(resting).astype(int)
    assert np.abs(apart).max() <= 3


def test_a_thicket_has_smooth_edges_once_it_rests(trails):
    thickets = [np.cumsum(RNG.normal(0.0, 1.0, (600, 2)), axis=0) % (8.0, 6.0) for _ in range(2)]
    shown = [Trail(path, look) for look, path in enumerate(thickets)]
    trails.show_ghosts([Trail(SPIRAL, 0)])
    trails.show_position(600.0)
    trails.show_trails(shown)
    moving = picture(trails)
    asked = []
    trails.update = lambda: asked.append(True)
    trails.show_settled()
    assert asked
    resting = picture(trails)
    assert moving != resting
    trails.show_settled()
    assert len(asked) == 1
    trails.show_trails(shown)
    picture(trails)
    assert picture(trails) == resting


def test_a_ghost_has_the_lines_that_it_had_as_the_race(trails, measured):
    path = SPIRAL.copy()
    trails.show_trails([Trail(path, 0)])
    picture(trails)
    trails.show_ghosts([Trail(path, 0)])
    moved = SPIRAL + np.array([0.1, 0.0])
    trails.show_trails([Trail(moved, 0)])
    picture(trails)
    assert [path is moved for path in measured] == [False, True]


def test_another_sharpness_draws_everything_anew(trails):
    trails.show_trails([Trail(SPIRAL, 0)])
    trails.show_ghosts([Trail(SPIRAL[::-1] * 0.9, 0)])
    trails.show_position(200.0)
    picture(trails)
    sharp = picture(trails, 2.0)
    fresh = Trails(0.0)
    fresh.show_projection(STAGE)
    fresh.show_trails([Trail(SPIRAL, 0)])
    fresh.show_ghosts([Trail(SPIRAL[::-1] * 0.9, 0)])
    fresh.show_position(200.0)
    assert sharp == picture(fresh, 2.0)


def test_lines_get_thicker_with_the_scale(trails):
    trails.show_trails([Trail(SPIRAL, 0)])
    trails.show_position(399.0)
    thin = count(picture(trails), DARK.racers[0])
    trails.show_look(Look(DARK, scale=2.0))
    assert count(picture(trails), DARK.racers[0]) > 1.7 * thin
