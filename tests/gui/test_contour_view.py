import threading
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QHoverEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from optiviz.engine import FieldSpec, run_race, sample_field
from optiviz.gui.drawing.tick_numbers import round_step, tick_label, tick_values
from optiviz.gui.stage.name_places import Name, NamePlaces
from optiviz.gui.theme.palette import DARK, LIGHT, RACER_STYLES, Look
from optiviz.gui.views.contour import ContourView
from optiviz.scene import Camera, Racer, first_scene

WISHES = ("start_dragged", "start_drag_finished", "camera_moved", "camera_settled")
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Told(list):
    """The names and arguments of all signals that a view emitted."""

    def __init__(self, view):
        super().__init__()
        for name in (*WISHES, "pointer_moved", "pointer_left", "head_hovered", "visible_changed"):
            getattr(view, name).connect(lambda *values, name=name: self.append((name, *values)))

    def of(self, *names):
        return [entry for entry in self if entry[0] in names]

    def last(self, name):
        return self.of(name)[-1][1:]


@pytest.fixture(scope="module")
def scene():
    return first_scene("beale")


@pytest.fixture(scope="module")
def race(scene):
    return run_race(scene.race_spec())


@pytest.fixture(scope="module")
def field(scene):
    return sample_field(FieldSpec(scene.surface, *scene.surface.window, 120, 120))


@pytest.fixture
def view(qtbot, scene, race, field):
    view = ContourView()
    qtbot.addWidget(view)
    view.resize(700, 600)
    view.show()
    view.activateWindow()
    view.setFocus()
    view.show_look(Look(DARK))
    view.show_scene(scene)
    view.show_field(field)
    view.show_race(race)
    view.show_step(64.0)
    qtbot.waitUntil(view.hasFocus)
    QApplication.processEvents()
    return view


@pytest.fixture
def told(view):
    return Told(view)


def obey(view, scene):
    """Show the start where it is wished, as the window's owner does."""
    view.start_dragged.connect(lambda x, y: view.show_scene(replace(scene, start=(x, y))))


def at_start(view):
    return view.pixel_of(*view.start_handle.pos()).toPoint()


def wheel(view, at, notches):
    QApplication.sendEvent(
        view,
        QWheelEvent(
            QPointF(at),
            QPointF(view.mapToGlobal(at)),
            QPoint(),
            QPoint(0, round(120 * notches)),
            Qt.MouseButton.NoButton,
            NONE,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def drag(view, path):
    QTest.mousePress(view, LEFT, NONE, path[0])
    for point in path[1:]:
        move(view, point, LEFT)
    QTest.mouseRelease(view, LEFT, NONE, path[-1])


def move(view, at, buttons=Qt.MouseButton.NoButton):
    QApplication.sendEvent(
        view,
        QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(at),
            QPointF(view.mapToGlobal(at)),
            Qt.MouseButton.NoButton,
            buttons,
            NONE,
        ),
    )


def picture(view):
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return data[..., 2::-1].astype(int)


def count(pixels, color, tolerance=8):
    wanted = np.array(QColor(color).getRgb()[:3])
    return int((np.abs(pixels - wanted) <= tolerance).all(axis=2).sum())


def fake_race(scene, paths, diverged=None):
    runs = tuple(
        SimpleNamespace(path=np.asarray(path, dtype=float), diverged_step=diverged, lookahead=None)
        for path in paths
    )
    return SimpleNamespace(spec=scene.race_spec(), runs=runs, is_sketch=False)


# ---- the start


def test_a_drag_of_the_handle_moves_the_start_with_the_mouse(view, told, scene):
    obey(view, scene)
    begin = at_start(view) + QPoint(9, -6)  # not the middle: the handle must not jump
    drag(view, [begin, begin + QPoint(1, 0), begin + QPoint(60, 40)])
    assert len(told.of("start_dragged")) == 2
    x, y = told.last("start_dragged")
    assert view.pixel_of(x, y).toPoint() - begin == QPoint(60 - 9, 40 + 6)
    assert told.of(*WISHES)[-1] == ("start_drag_finished",)
    assert len(told.of("start_drag_finished")) == 1
    assert tuple(view.start_handle.pos()) == pytest.approx((x, y))
    assert not told.of("camera_moved")


def test_the_handle_only_shows_what_it_is_shown(view, told):
    before = tuple(view.start_handle.pos())
    begin = at_start(view)
    drag(view, [begin, begin + QPoint(60, 40)])
    assert tuple(view.start_handle.pos()) == before


def test_a_press_without_a_move_changes_nothing(view, told):
    QTest.mouseClick(view, LEFT, NONE, at_start(view))
    QTest.mouseClick(view, LEFT, NONE, QPoint(300, 300))
    assert not told.of(*WISHES)


@pytest.mark.parametrize("way", [QPoint(17, 0), QPoint(0, -17), QPoint(-12, 12)])
def test_the_handle_can_be_taken_within_36_pixels(view, told, way):
    begin = at_start(view) + way
    drag(view, [begin, begin + QPoint(5, 5)])
    assert told.of("start_dragged")


def test_a_start_cannot_be_dragged_off_the_stage(view, told):
    begin = at_start(view)
    drag(view, [begin, QPoint(-4000, 9000)])
    seen = view.projection
    assert told.last("start_dragged") == pytest.approx((seen.x0, seen.y0))


def test_a_double_click_puts_the_start_there(view, told):
    at = QPoint(420, 333)
    QTest.mouseDClick(view, LEFT, NONE, at)
    assert told.last("start_dragged") == pytest.approx(view.projection.data(420, 333))
    assert [entry[0] for entry in told.of(*WISHES)] == ["start_dragged", "start_drag_finished"]


@pytest.mark.parametrize(
    ("key", "right", "up"),
    [
        (Qt.Key.Key_Left, -1, 0),
        (Qt.Key.Key_Right, 1, 0),
        (Qt.Key.Key_Up, 0, 1),
        (Qt.Key.Key_Down, 0, -1),
    ],
)
@pytest.mark.parametrize(
    ("modifier", "part"), [(NONE, 50), (Qt.KeyboardModifier.ShiftModifier, 500)]
)
def test_arrow_keys_move_the_start(view, told, key, right, up, modifier, part):
    x, y = view.start_handle.pos()
    step = (view.projection.x1 - view.projection.x0) / part
    QTest.keyPress(view, key, modifier)
    assert told.last("start_dragged") == pytest.approx((x + right * step, y + up * step))
    assert not told.of("start_drag_finished")
    QTest.keyRelease(view, key, modifier)
    assert len(told.of("start_drag_finished")) == 1


def test_a_held_key_is_one_drag(view, told, scene):
    obey(view, scene)
    x, y = view.start_handle.pos()
    for kind, again in [
        (QEvent.Type.KeyPress, False),
        (QEvent.Type.KeyRelease, True),
        (QEvent.Type.KeyPress, True),
        (QEvent.Type.KeyRelease, True),
        (QEvent.Type.KeyPress, True),
    ]:
        QApplication.sendEvent(view, QKeyEvent(kind, Qt.Key.Key_Right, NONE, "", again))
    assert len(told.of("start_dragged")) == 3
    assert not told.of("start_drag_finished")
    step = (view.projection.x1 - view.projection.x0) / 50
    assert tuple(view.start_handle.pos()) == pytest.approx((x + 3 * step, y))
    QTest.keyRelease(view, Qt.Key.Key_Right)
    assert len(told.of("start_drag_finished")) == 1


def test_losing_the_focus_ends_a_key_that_is_held(view, told):
    QTest.keyPress(view, Qt.Key.Key_Up)
    view.clearFocus()
    assert len(told.of("start_drag_finished")) == 1
    QTest.keyRelease(view, Qt.Key.Key_Up)
    assert len(told.of("start_drag_finished")) == 1


def test_other_keys_are_left_to_the_window(view, told):
    for key in (Qt.Key.Key_Space, Qt.Key.Key_F, Qt.Key.Key_Home):
        event = QKeyEvent(QEvent.Type.KeyPress, key, NONE)
        QApplication.sendEvent(view, event)
        assert not event.isAccepted()
    assert not told


def test_a_start_out_of_sight_leaves_an_arrow_that_can_be_dragged(view, told, scene):
    view.show_camera(Camera(2.5, 3.5, 0.0, 1.0))
    handle = view.start_handle
    assert not handle.in_sight
    assert view.rect().contains(handle.pixel.toPoint())
    begin = handle.pixel.toPoint()
    drag(view, [begin, QPoint(350, 300)])
    assert told.last("start_dragged") == pytest.approx(view.projection.data(350, 300))


def test_the_focus_can_be_seen_by_whoever_came_by_the_keyboard(view):
    view.clearFocus()
    without = count(picture(view), DARK.accent)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert count(picture(view), DARK.accent) > 2000 + 4 * without
    view.clearFocus()
    view.setFocus(Qt.FocusReason.MouseFocusReason)
    assert count(picture(view), DARK.accent) == without


# ---- the camera


def test_the_window_is_entirely_visible_on_equal_axes(view, scene):
    (x0, x1), (y0, y1) = scene.surface.window
    for size in ((700, 600), (300, 600), (1200, 400)):
        view.resize(*size)
        seen = view.projection
        assert seen.x_scale == pytest.approx(seen.y_scale)
        assert seen.x0 <= x0 + 1e-9
        assert seen.x1 >= x1 - 1e-9
        assert seen.y0 <= y0 + 1e-9
        assert seen.y1 >= y1 - 1e-9
        assert (seen.width, seen.height) == size


def test_stretched_axes_fill_the_stage_and_say_so(view, scene):
    view.resize(900, 400)
    equal = picture(view)
    view.show_stretch(True)
    (x0, x1), (y0, y1) = scene.surface.window
    seen = view.projection
    assert (seen.x0, seen.x1, seen.y0, seen.y1) == pytest.approx((x0, x1, y0, y1))
    assert (picture(view)[20:60, 380:520] != equal[20:60, 380:520]).any()
    view.show_stretch(False)
    # A name may have found another side meanwhile, where it stays until nothing has moved a while.
    assert (picture(view) != equal).any(axis=2).mean() < 0.02


def test_the_wheel_zooms_about_the_pointer_and_settles(qtbot, view, told):
    at = QPoint(450, 200)
    under = view.projection.data(450, 200)
    with qtbot.waitSignal(view.camera_settled, timeout=2000):
        for _ in range(3):
            wheel(view, at, 1)
        assert not told.of("camera_settled")
    assert len(told.of("camera_moved")) == 3
    assert len(told.of("camera_settled")) == 1
    assert view.projection.data(450, 200) == pytest.approx(under)
    seen = view.projection
    assert told.last("camera_moved") == (seen.x0, seen.x1, seen.y0, seen.y1)
    assert seen.x_scale == pytest.approx(seen.y_scale)


def test_zoom_is_clamped(view, scene):
    (x0, x1), (y0, y1) = scene.surface.window
    for notches, least, most in ((400, 1e-6, 2e-6), (-1200, 500, 1000)):
        wheel(view, QPoint(350, 300), notches)
        seen = view.projection
        share = min((seen.x1 - seen.x0) / (x1 - x0), (seen.y1 - seen.y0) / (y1 - y0))
        assert least * 0.99 <= share <= most * 1.01
        assert picture(view).any()


def test_a_drag_of_the_surface_pans(view, told):
    before = view.projection
    drag(view, [QPoint(400, 450), QPoint(401, 450), QPoint(430, 430), QPoint(460, 400)])
    after = view.projection
    assert after.pixel(*before.data(400, 450)) == pytest.approx((460, 400))
    assert len(told.of("camera_moved")) >= 2
    assert len(told.of("camera_settled")) == 1
    assert not told.of("start_dragged")


def test_visible_changed_tells_of_resizes_and_cameras_once(qtbot, view, told):
    qtbot.waitUntil(lambda: view._tell_visible.isActive() is False)
    told.clear()
    view.resize(640, 480)
    view.show_camera(Camera(0.0, 1.0, 0.0, 1.0))
    assert not told
    qtbot.waitUntil(lambda: bool(told))
    assert len(told) == 1
    name, *values = told[0]
    seen = view.projection
    assert name == "visible_changed"
    assert values == [seen.x0, seen.x1, seen.y0, seen.y1, 640, 480]
    view.show_camera(Camera(0.0, 1.0, 0.0, 1.0))
    QApplication.processEvents()
    assert len(told) == 1


def test_the_camera_of_a_scene_is_shown_and_taken_back(view, scene):
    home = view.projection
    view.show_scene(replace(scene, camera=Camera(2.0, 3.0, 0.0, 1.0)))
    assert view.projection.x1 - view.projection.x0 < 2.0
    view.show_scene(scene)
    assert view.projection == home


# ---- lock, showing, pointer


def test_nothing_can_be_moved_while_locked(view, told):
    view.show_locked(True)
    before = view.projection
    begin = at_start(view)
    drag(view, [begin, begin + QPoint(50, 50)])
    drag(view, [QPoint(400, 450), QPoint(460, 400)])
    wheel(view, QPoint(300, 300), 2)
    QTest.mouseDClick(view, LEFT, NONE, QPoint(300, 300))
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert not told.of(*WISHES)
    assert view.projection == before
    assert view.cursor().shape() == Qt.CursorShape.ForbiddenCursor
    view.show_locked(False)
    assert view.cursor().shape() != Qt.CursorShape.ForbiddenCursor
    drag(view, [begin, begin + QPoint(50, 50)])
    assert told.of("start_dragged")


def test_showing_emits_no_wish(view, told, scene, race, field):
    view.show_scene(replace(scene, start=(0.5, 0.5), camera=Camera(-1.0, 1.0, -1.0, 1.0)))
    view.show_race(race)
    view.show_ghost(race)
    view.show_field(field)
    view.show_step(12.5)
    view.show_look(Look(LIGHT, 1.4))
    view.show_stretch(True)
    view.show_locked(True)
    view.show_readout(("one", "two"))
    view.show_caption(("three",))
    view.show_camera(None)
    view.show_ghost(None)
    QApplication.processEvents()
    assert not told.of(*WISHES)
    assert {entry[0] for entry in told} <= {"visible_changed"}


def test_the_pointer_is_told_and_so_is_a_head_under_it(view, told):
    head = view.stage.heads.pixel(3).toPoint()
    move(view, head + QPoint(10, 5))
    assert told.last("pointer_moved") == pytest.approx(
        view.projection.data(head.x() + 10, head.y() + 5)
    )
    assert told.last("head_hovered") == (3,)
    move(view, head + QPoint(8, 5))
    assert len(told.of("head_hovered")) == 1
    move(view, QPoint(500, 500))
    assert told.last("head_hovered") == (-1,)
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert told[-1] == ("pointer_left",)


def test_the_readout_gives_way_to_the_pointer(view):
    view.show_readout(("x 1.000, y 0.500", "loss 2.51e-2"))
    room = view.stage.readout.room
    assert room.left() > 350
    move(view, room.center().toPoint())
    assert view.stage.readout.room.right() < 400
    move(view, view.stage.readout.room.center().toPoint())
    assert view.stage.readout.room.left() > 350
    view.show_readout(())
    assert view.stage.readout.room.isEmpty()


def test_a_long_caption_is_broken_not_cut(view):
    view.show_caption(("Adam ε = 0.5, β₁ = 0.9, β₂ = 0.999; " * 6,))
    room = view.stage.caption.room
    assert QRectF(view.rect()).contains(room)
    view.show_caption(("short",))
    assert view.stage.caption.room.height() + 10 < room.height()


# ---- the picture


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_all_racers_show_in_their_colours(view, theme):
    view.show_look(Look(theme))
    pixels = picture(view)
    for look in range(4):
        assert count(pixels, theme.racers[look]) > 120


def test_the_head_is_on_the_way_between_two_steps(view, race):
    view.show_step(20.5)
    path = race.runs[3].path
    middle = view.pixel_of(*((path[20] + path[21]) / 2))
    assert (view.stage.heads.pixel(3) - middle).manhattanLength() < 1e-6


def test_a_racer_that_is_off_is_not_drawn(view, scene):
    racers = list(scene.racers)
    racers[0] = replace(racers[0], enabled=False)
    view.show_scene(replace(scene, racers=tuple(racers)))
    pixels = picture(view)
    assert count(pixels, DARK.racers[0]) == 0
    assert count(pixels, DARK.racers[1]) > 100
    view.show_scene(replace(scene, solo=0))
    pixels = picture(view)
    assert count(pixels, DARK.racers[0]) > 100
    assert count(pixels, DARK.racers[1]) == 0


def test_an_old_race_keeps_its_colours_until_the_new_one_comes(view, scene):
    fewer = replace(scene, racers=scene.racers[1:])
    view.show_scene(fewer)
    assert count(picture(view), DARK.racers[0]) > 100
    view.show_race(run_race(fewer.race_spec()))
    pixels = picture(view)
    assert count(pixels, DARK.racers[0]) == 0
    assert count(pixels, DARK.racers[3]) > 100


def test_a_race_of_nobody_clears_the_stage(view, scene):
    nobody = replace(scene, racers=())
    view.show_scene(nobody)
    view.show_race(fake_race(nobody, []))
    assert all(count(picture(view), DARK.racers[look]) == 0 for look in range(4))


def test_playing_gives_the_picture_of_a_jump(view):
    view.show_step(0.0)
    for position in np.linspace(0.0, 64.0, 150):
        view.show_step(float(position))
        played = picture(view)
    view.show_step(0.0)
    picture(view)
    view.show_step(64.0)
    jumped = picture(view)
    assert (np.abs(played - jumped).max(axis=2) > 60).mean() < 0.004


def test_a_ghost_comes_and_goes(view, scene):
    before = picture(view)
    other = run_race(replace(scene, start=(0.2, 2.0)).race_spec())
    view.show_ghost(other)
    assert (picture(view) != before).any()
    view.show_ghost(None)
    assert (picture(view) == before).all()


def test_the_surface_has_bands_in_the_theme_s_colours(view):
    pixels = picture(view)
    assert count(pixels, DARK.surface[-1], 10) > 1000
    colors = np.unique(pixels[300:500, 100:300].reshape(-1, 3), axis=0)
    assert len(colors) > 5


def test_an_old_field_is_scaled_until_the_new_one_comes(view, scene):
    wheel(view, QPoint(350, 300), 3)
    scaled = picture(view)
    seen = view.projection
    view.show_field(
        sample_field(FieldSpec(scene.surface, (seen.x0, seen.x1), (seen.y0, seen.y1), 200, 200))
    )
    # The new field has a scale of its own, but what was dark stays dark at the same places.
    fresh = picture(view)
    inner = np.s_[80:520, 80:520, 2]
    assert np.corrcoef(scaled[inner].ravel(), fresh[inner].ravel())[0, 1] > 0.8


def test_the_formula_stands_at_the_top_left_and_fits(view):
    pixmap = QPixmap(1500, 40)
    pixmap.fill(QColor("#ff00ff"))
    view.show_formula(pixmap)
    assert QRectF(view.rect()).contains(view.stage.formula.room)
    assert count(picture(view)[:80], "#ff00ff") > 1000
    view.show_formula(None)
    assert count(picture(view), "#ff00ff") == 0


@pytest.mark.parametrize("scale", [1.0, 1.6, 2.5])
@pytest.mark.parametrize("size", [(830, 790), (600, 560), (200, 160)])
def test_every_size_and_scale_can_be_drawn(view, size, scale):
    view.resize(*size)
    view.show_look(Look(LIGHT, scale))
    view.show_readout(("Adam at (3.098, 0.493), loss 2.51e-2", "gradient 1.554"))
    view.show_caption(("one", "two"))
    assert picture(view).shape[:2] == (size[1], size[0])


def test_a_diverged_racer_has_no_marker_after_it_left(view, scene):
    path = np.vstack([np.linspace((1.0, 1.5), (2.0, 0.5), 10), np.full((55, 2), 1e300)])
    view.show_race(fake_race(scene, [path] * 4, diverged=10))
    view.show_step(9.0)
    assert view.stage.heads.pixel(0) is not None
    view.show_step(10.0)
    pixels = picture(view)
    assert view.stage.heads.pixel(0) is None
    view.show_step(64.0)
    assert (picture(view) == pixels).all()


def test_extreme_paths_are_drawn_without_a_warning(view, scene):
    rng = np.random.default_rng(0)
    for path in (
        np.array([[1.0, 1.5], [1e300, -1e300]]),
        rng.choice([-1e300, 1e300, 0.0], (501, 2)),
        np.full((501, 2), 1.7e308),
        np.cumsum(rng.normal(0.0, 0.2, (100_001, 2)), axis=0),
    ):
        view.show_race(fake_race(scene, [path] * 4))
        for position in (0.0, 0.5, len(path) / 3, float(len(path) - 1), 1e9):
            view.show_step(position)
            assert picture(view).any()


def test_eight_racers_show(qtbot, view, scene):
    optimizer = scene.racers[0].optimizer
    eight = replace(
        scene, racers=tuple(Racer(optimizer, f"Racer {look}", look) for look in range(8))
    )
    angle = np.linspace(0.0, 4.0, 301)
    paths = [
        np.stack([1 + angle * np.cos(angle + k), 0.5 + angle / 2 * np.sin(angle + k)], axis=1)
        for k in range(8)
    ]
    view.show_scene(eight)
    view.show_race(fake_race(eight, paths))
    view.show_step(100.0)
    pixels = picture(view)
    assert len(RACER_STYLES) == 8
    for look in range(8):
        assert count(pixels, DARK.racers[look]) > 60


def test_the_stage_says_in_words_what_is_on_it(view, scene):
    assert "4 racers from (1, 1.5)" in view.accessibleDescription()
    assert scene.surface.title in view.accessibleDescription()
    view.show_scene(replace(scene, solo=1))
    assert "1 racer from" in view.accessibleDescription()
    assert view.accessibleName()
    assert view.toolTip()


def test_views_come_and_go_without_a_trace(qtbot, scene, race, field):
    for _ in range(3):
        view = ContourView()
        qtbot.addWidget(view)
        view.resize(300, 300)
        view.show_scene(scene)
        view.show_race(race)
        view.show_field(field)
        assert picture(view).any()


def test_hovering_events_of_other_kinds_pass(view, told):
    at = QPointF(10, 10)
    QApplication.sendEvent(view, QHoverEvent(QEvent.Type.HoverMove, at, at, at))
    assert not told


# ---- names and ticks


def test_names_do_not_cover_each_other_and_stay_on_the_stage():
    stage = QRectF(0, 0, 400, 300)
    for corner in (QPointF(2, 2), QPointF(398, 298), QPointF(200, 150)):
        names = [Name(key, QSizeF(60, 12), corner, 9.0) for key in range(6)]
        rooms = NamePlaces().place(names, stage)
        for index, room in enumerate(rooms):
            assert stage.contains(room)
            for other in rooms[:index]:
                common = room.intersected(other)
                assert min(common.width(), common.height()) <= 2.0 or common.isEmpty()


def test_names_do_not_jump_to_and_fro():
    places, stage = NamePlaces(), QRectF(0, 0, 400, 300)
    sides = set()
    for step in range(60):
        wobble = 1.5 * (-1) ** step
        names = [
            Name(0, QSizeF(60, 12), QPointF(200, 150), 9.0),
            Name(1, QSizeF(60, 12), QPointF(215, 161 + wobble), 9.0),
        ]
        rooms = places.place(names, stage)
        sides.add(
            tuple(
                (room.left() > name.marker.x(), round((room.center().y() - name.marker.y()) / 19))
                for room, name in zip(rooms, names, strict=True)
            )
        )
    assert len(sides) <= 2


def test_a_name_that_went_astray_comes_back():
    places, stage = NamePlaces(), QRectF(0, 0, 400, 300)
    crowd = [Name(key, QSizeF(60, 12), QPointF(200, 150), 9.0) for key in range(8)]
    last = places.place(crowd, stage)[-1]
    assert abs(last.center().y() - 150) >= 15.0 * 1.9
    alone = [Name(7, QSizeF(60, 12), QPointF(200, 150), 9.0)]
    assert abs(places.place(alone, stage)[0].center().y() - 150) < 1.0


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (0.0, 1.0, "0"),
        (-1.0, 1.0, "−1"),
        (0.25, 0.05, "0.25"),
        (2.5, 0.5, "2.5"),
        (2000.0, 500.0, "2000"),
        (-2e6, 1e6, "−2×10⁶"),
        (3.0000005, 5e-7, "3.0000005"),
        (2e-6, 1e-6, "2×10⁻⁶"),
    ],
)
def test_ticks_are_written_with_the_digits_they_need(value, step, text):
    assert tick_label(value, step) == text


def test_ticks_are_round_and_in_order():
    assert round_step(4.7, 830, 90) == 1.0
    assert round_step(0.47, 830, 90) == pytest.approx(0.1)
    assert tick_values(-0.25, 0.25, 0.1) == [-0.2, -0.1, 0.0, 0.1, 0.2]


@pytest.mark.parametrize(
    "camera", [None, Camera(2.9999, 3.0001, 0.4999, 0.5001), Camera(-9e3, 9e3, -9e3, 9e3)]
)
@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_tick_numbers_do_not_collide(view, camera, scale):
    view.show_look(Look(DARK, scale))
    view.show_camera(camera)
    ticks = view.stage.ticks
    text = ticks._text
    assert len(ticks._left) >= 2
    assert len(ticks._bottom) >= 2
    ends = [(x - text.width(label) / 2, x + text.width(label) / 2) for x, label in ticks._bottom]
    assert all(right < left for (_, right), (left, _) in pairwise(ends))
    assert all(0 < y < view.height() - ticks.bottom_room for y, _ in ticks._left)


# ---- names at rest, and screens


def places_of_names(view):
    view.stage.viewport().repaint()
    return dict(view.stage.heads._places._sides)


def test_names_stand_where_they_stood_after_a_drag_is_undone(view, scene, race):
    view.show_step(300.0)
    view._moving.stop()
    view._settle_names()
    stood = places_of_names(view)
    drawn = picture(view)
    view.show_ghost(race)
    for x in np.linspace(1.0, 3.4, 9):
        moved = replace(scene, start=(float(x), 0.4))
        view.show_scene(moved)
        view.show_race(run_race(moved.race_spec()))
        places_of_names(view)
    view.show_ghost(None)
    view.show_scene(scene)
    view.show_race(race)
    assert places_of_names(view) == stood
    assert (picture(view) == drawn).all()


def test_names_rest_after_playing(qtbot, view):
    for step in range(0, 301, 3):
        view.show_step(float(step))
        places_of_names(view)
    qtbot.waitUntil(lambda: not view._moving.waits)
    played = places_of_names(view)
    view._settle_names()
    assert places_of_names(view) == played


def test_names_keep_their_sides_while_a_hand_drags(view, scene, race):
    view.show_ghost(race)
    kept = places_of_names(view)
    view.show_race(race)
    assert view.stage.heads._places._sides == kept
    view.show_ghost(None)
    assert not view.stage.heads._places._sides


def test_a_screen_of_another_sharpness_gets_a_sharp_picture(qtbot, view):
    stage = view.stage
    for sharpness in (1.0, 2.0, 1.25):
        image = QImage(round(700 * sharpness), round(600 * sharpness), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(sharpness)
        painter = QPainter(image)
        stage.render(painter)
        painter.end()
        assert stage.surface._picture.drawn.devicePixelRatio() == sharpness
        assert stage.trails._picture.devicePixelRatio() == sharpness
        assert stage.trails._sharpness == sharpness
    painted = []
    stage.viewport().installEventFilter(watch := Watch(painted))
    QApplication.sendEvent(view, QEvent(QEvent.Type.DevicePixelRatioChange))
    qtbot.waitUntil(lambda: bool(painted))
    stage.viewport().removeEventFilter(watch)


class Watch(QObject):
    """Notes the paint events of a widget."""

    def __init__(self, painted):
        super().__init__()
        self.painted = painted

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.painted.append(event.type())
        return False


def test_a_race_that_was_prepared_asks_for_no_path_when_it_is_shown(view, scene, monkeypatch):
    long = replace(scene, steps=20_000)
    race = run_race(long.race_spec())
    view.show_scene(long)
    prepare = view.preparation()
    thread = threading.Thread(target=prepare, args=(race,))
    thread.start()
    thread.join()
    monkeypatch.setattr("optiviz.gui.drawing.strokes.drawn_strokes", None)
    view.show_race(race)
    view.show_step(20_000.0)
    assert count(picture(view), DARK.racers[0]) > 60
