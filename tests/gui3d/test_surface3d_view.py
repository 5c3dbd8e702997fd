"""The 3D view as a hand and an eye meet it. Most of it needs OpenGL."""

from __future__ import annotations

import gc
import os
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QOpenGLContext, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from optiviz.engine import SURFACES, run_race
from optiviz.engine.mesh import MeshSpec, sample_mesh
from optiviz.gui.theme.palette import DARK, LIGHT, Look
from optiviz.gui.views.surface3d import Surface3DView
from optiviz.gui.views.surface3d import gl as surface3d_gl
from optiviz.gui.views.surface3d.camera import Camera3D, from_above
from optiviz.gui.views.surface3d.missing import NO_OPENGL, NoOpenGL
from optiviz.scene import first_scene
from optiviz.scene.edits import choose_surface

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
WISHES = ("start_dragged", "start_drag_finished", "camera3d_changed")
RNG = np.random.default_rng(11)


class Told(list):
    """The names and arguments of all signals that a view emitted."""

    def __init__(self, view):
        super().__init__()
        for name in (*WISHES, "pointer_moved", "pointer_left", "head_hovered", "opengl_missing"):
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


def mesh_for(scene, heights="linear", points=100):
    surface = scene.surface
    return sample_mesh(MeshSpec.over(surface, surface.window, heights, points))


@pytest.fixture(scope="module")
def mesh(scene):
    return mesh_for(scene)


def made(qtbot, scene, race, mesh, size=(700, 520), look=None):
    view = Surface3DView()
    qtbot.addWidget(view)
    view.resize(*size)
    view.show_look(look or Look(DARK, reduced_motion=True))
    view.show_scene(scene)
    view.show_mesh(mesh)
    view.show_race(race)
    view.show_step(64.0)
    view.show()
    view.activateWindow()
    view.setFocus()
    return view


@pytest.fixture
def view(qtbot, opengl, scene, race, mesh):
    view = made(qtbot, scene, race, mesh)
    qtbot.waitUntil(lambda: view.projection is not None)
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


def move(view, at, buttons=Qt.MouseButton.NoButton, modifiers=NONE):
    QApplication.sendEvent(
        view,
        QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(at),
            QPointF(view.mapToGlobal(at)),
            Qt.MouseButton.NoButton,
            buttons,
            modifiers,
        ),
    )


def drag(view, path, button=LEFT, modifiers=NONE):
    QTest.mousePress(view, button, modifiers, path[0])
    for point in path[1:]:
        move(view, point, button, modifiers)
    QTest.mouseRelease(view, button, modifiers, path[-1])


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


def pixels_of(image):
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return data[..., 2::-1].astype(int)


def picture(view):
    view.draw_now()
    return pixels_of(view.grab().toImage())


def count(pixels, color, tolerance=8):
    wanted = np.array(QColor(color).getRgb()[:3])
    return int((np.abs(pixels - wanted) <= tolerance).all(axis=2).sum())


# ---- where there is no OpenGL


def test_without_opengl_there_is_one_sentence(qtbot, monkeypatch, scene, race, mesh):
    def refuse(*_):
        raise NoOpenGL("not here")

    monkeypatch.setattr(surface3d_gl, "SurfaceGl", refuse)
    view = Surface3DView()
    qtbot.addWidget(view)
    told = Told(view)
    view.resize(700, 520)
    view.show_look(Look(LIGHT))
    view.show_scene(scene)
    view.show()
    assert told.of("opengl_missing") == [("opengl_missing",)]
    assert view.note.isVisible()
    assert view.note.text() == NO_OPENGL
    assert NO_OPENGL.count(".") == 1
    # Everything that it is shown later is taken as ever.
    view.show_mesh(mesh)
    view.show_race(race)
    view.show_step(3.0)
    view.show_ghost(race)
    view.show_pointer((0.0, 0.0))
    view.fly_to("above")
    view.show_follow(0)
    view.show_turntable(True)
    view.preparation()(race)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_PageUp):
        QTest.keyClick(view, key)
    QTest.mouseClick(view, LEFT, NONE, QPoint(300, 300))
    wheel(view, QPoint(300, 300), 1)
    view.draw_now()
    seen = picture(view)
    assert count(seen, LIGHT.window) > 0.8 * seen.shape[0] * seen.shape[1]
    assert count(seen, LIGHT.text, 40) > 300
    assert not told.of(*WISHES)
    view.show_turntable(False)


def test_on_a_platform_without_opengl_it_says_so_by_itself(qtbot, scene):
    try:
        surface3d_gl.SurfaceGl().release()
    except NoOpenGL:
        view = Surface3DView()
        qtbot.addWidget(view)
        view.show()
        assert view.note.isVisible()
        assert not view.stage.isVisible()
    else:
        pytest.skip("there is OpenGL on this display")


def test_opengl_that_gives_up_later_leaves_the_sentence(view, told, monkeypatch):
    def fail(*_):
        raise NoOpenGL("the context is lost")

    monkeypatch.setattr(view.stage.picture.gl, "picture", fail)
    view.show_camera3d(from_above())
    view.draw_now()
    assert told.of("opengl_missing")
    assert view.note.isVisible()


def test_a_view_that_was_never_seen_uses_no_opengl(qtbot, scene, race, mesh):
    view = Surface3DView()
    qtbot.addWidget(view)
    view.show_look(Look())
    view.show_scene(scene)
    view.show_mesh(mesh)
    view.show_race(race)
    assert view.stage.picture.gl is None
    assert view.projection is None


# ---- what OpenGL draws is what the numbers say


@pytest.mark.parametrize("camera", [Camera3D(), from_above(), Camera3D(azimuth=20, elevation=20)])
def test_the_picture_agrees_with_the_projection(view, camera):
    """Depths that OpenGL drew, beside those of rays sent through the mesh."""
    view.show_camera3d(camera)
    view.draw_now()
    seen = view.projection
    rows, columns = seen.depth.shape
    off = []
    for row, column in RNG.integers((4, 4), (rows - 4, columns - 4), (300, 2)):
        px, py = (column * 2 + 0.5, row * 2 + 0.5)
        drawn, point = int(seen.depth[row, column]), seen.data_at(px, py)
        if point is None:
            off.append(drawn != 255)
            continue
        _, deep = seen.seen(seen.mesh.lifted(np.array([point])))
        off.append(abs(deep[0] - drawn) > 2.0)
    assert np.mean(off) < 0.02  # a silhouette may pass through a pixel


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_surface_has_the_scale_s_colours_and_no_black_walls(view, theme):
    view.show_look(Look(theme, reduced_motion=True))
    view.draw_now()
    pixels = pixels_of(view.stage.picture.image())
    on = np.repeat(np.repeat(view.projection.depth, 2, 0), 2, 1)[: pixels.shape[0]] < 255
    on = on[:, : pixels.shape[1]]
    assert 0.15 < on.mean() < 0.8
    lightness = pixels.sum(axis=2)[on] / 3
    floor = sum(QColor(theme.surface[0]).getRgb()[:3]) / 3
    top = sum(QColor(theme.surface[-1]).getRgb()[:3]) / 3
    # In the shadow a colour keeps more than half of itself.
    assert np.quantile(lightness, 0.001) > 0.55 * min(floor, top)
    # The same hue all over: blue leads, as in both themes' scales.
    assert (pixels[..., 2] >= pixels[..., 0] - 3)[on].mean() > 0.99
    assert count(pixels, view.stage.picture.ground) > 0.1 * pixels[..., 0].size


def test_contour_lines_run_between_bands(qtbot, opengl, scene, race):
    """Where the shade is at the middle of a band there is no line; at its edge there is one."""
    view = made(qtbot, scene, race, mesh_for(scene, "compressed", 200), (900, 700))
    view.show_camera3d(from_above())
    view.draw_now()
    seen, pixels = view.projection, pixels_of(view.stage.picture.image())
    light = pixels.sum(axis=2) / 3
    (x0, x1), (y0, y1) = seen.mesh.window
    line, flat = [], []
    shade = seen.mesh.shade.reshape(seen.mesh.shape)
    rows, columns = seen.mesh.shape
    levels = shade * 20.0
    gradients = np.hypot(*np.gradient(levels))
    for row, column in zip(*np.nonzero((gradients > 0.05) & (gradients < 0.15)), strict=True):
        if not (4 < row < rows - 4 and 4 < column < columns - 4):
            continue
        x = x0 + (x1 - x0) * column / (columns - 1)
        y = y0 + (y1 - y0) * row / (rows - 1)
        px, py = map(round, seen.pixel(x, y))
        if seen.hides(x, y):
            continue
        part = abs(levels[row, column] - round(levels[row, column]))
        around = light[py - 3 : py + 4, px - 3 : px + 4]
        if part < 0.02:
            line.append(around.max() - np.median(around))
        elif part > 0.47:
            flat.append(around.max() - np.median(around))
    assert len(line) > 10
    assert len(flat) > 10
    assert np.median(line) > 12.0
    assert np.median(flat) < 4.0


def test_edges_are_smooth(view):
    """Across the silhouette against the ground there are colours in between."""
    view.show_camera3d(Camera3D(elevation=30))
    view.draw_now()
    gl = view.stage.picture.gl
    shot = view.stage.picture._shot(view.projection, 1.0)
    paint = view.stage.picture._paint(1.0)
    ground = np.array(paint.ground.getRgb()[:3])

    def between(samples):
        image, _ = gl.picture(shot, paint, samples)
        away = abs(pixels_of(image) - ground).max(axis=2)
        return int(((away > 2) & (away < 25)).sum())

    assert between(4) > between(0) + 200


def test_the_picture_is_sharp_on_a_dense_screen(view):
    view.stage.show_surface(view.mesh, view.projection, 2.0, moving=False)
    image = view.stage.picture.image()
    assert (image.width(), image.height()) == (1400, 1040)
    assert image.devicePixelRatio() == 2.0
    assert view.projection.depth.shape == (520, 700)


def test_in_haste_there_are_fewer_faces_and_at_rest_all(view, qtbot, monkeypatch):
    """Where a picture takes long, whatever this machine's renderer takes."""
    surface = view.stage.picture
    scene = first_scene("beale")
    view.show_mesh(mesh_for(scene, points=200))
    view.draw_now()
    view.draw_now()  # since the first of a new mesh may be in haste
    smooth, corners = pixels_of(surface.image()), surface.gl.corners
    monkeypatch.setattr(surface, "_slow", True)
    monkeypatch.setattr(view.drawing, "_is_moving", lambda: True)
    view.draw_now()
    assert surface.is_rough()
    assert surface.gl.corners < 0.3 * corners
    rough = pixels_of(surface.image())
    assert 0 < (abs(rough - smooth).max(axis=2) > 24).mean() < 0.02, "hardly any pixel is another"
    monkeypatch.undo()
    surface._slow = True
    view.drawing.on_rest()
    qtbot.waitUntil(lambda: not surface.is_rough())
    assert surface.gl.corners == corners
    assert np.array_equal(pixels_of(surface.image()), smooth)


def test_what_lies_behind_shows_the_more_the_thinner_the_surface(view):
    racers = view.stage.racers
    layers = (racers.hidden_trails, racers.hidden_heads, view.stage.hidden_places)
    thick = [layer.opacity() for layer in layers]
    view.show_opacity(0.5)
    thin = [layer.opacity() for layer in layers]
    assert all(more > less + 0.2 for more, less in zip(thin, thick, strict=True))
    view.show_opacity(1.0)
    assert [layer.opacity() for layer in layers] == thick


def test_a_see_through_surface_shows_the_ground_and_what_is_behind(view):
    def darkest():
        pixels = pixels_of(view.stage.picture.image())
        on = np.repeat(np.repeat(view.projection.depth, 2, 0), 2, 1) < 255
        ground = np.array(view.stage.picture.ground.getRgb()[:3])
        return float(abs(pixels - ground).sum(axis=2)[on].mean())

    whole = darkest()
    view.show_opacity(0.4)
    view.draw_now()
    assert darkest() < 0.7 * whole


# ---- a mesh is drawn when it is new, and only then


def test_playing_moves_lines_and_markers_alone(view):
    picture_layer, gl = view.stage.picture, view.stage.picture.gl
    drawn, uploads, seen = picture_layer.drawn, gl.uploads, view.projection
    before = picture(view)
    drawn = picture_layer.drawn
    for step in range(65, 125):
        view.show_step(float(step))
        view.grab()
        QApplication.processEvents()
    assert picture_layer.drawn == drawn
    assert gl.uploads == uploads == 1
    assert seen.mesh is view.projection.mesh
    moved = abs(picture(view) - before).max(axis=2) > 40
    assert 100 < moved.sum() < 0.2 * moved.size


def test_a_new_mesh_is_handed_over_once_and_a_camera_asks_for_none(view, scene):
    gl = view.stage.picture.gl
    for turn in range(5):
        view.show_camera3d(Camera3D(azimuth=10.0 * turn))
        view.draw_now()
    assert gl.uploads == 1
    fresh = mesh_for(scene, points=60)
    view.show_mesh(fresh)
    view.show_scene(scene)
    QApplication.processEvents()
    for _ in range(3):
        view.draw_now()
    assert gl.uploads == 2
    assert view.projection.mesh is fresh
    view.show_exaggeration(1.7)
    view.show_look(Look(LIGHT, reduced_motion=True))
    view.show_stretch(True)
    view.draw_now()
    assert gl.uploads == 2


def test_many_wishes_in_one_go_draw_one_picture(view):
    QApplication.processEvents()
    drawn = view.stage.picture.drawn
    for turn in range(10):
        view.show_camera3d(Camera3D(azimuth=float(turn)))
    QApplication.processEvents()
    assert view.stage.picture.drawn == drawn + 1


def memory():
    """Megabytes that this process holds."""
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.slow
def test_opening_and_closing_it_again_and_again_leaves_nothing(qtbot, opengl, scene, race, mesh):
    def open_and_close():
        view = made(qtbot, scene, race, mesh, (1000, 700))
        qtbot.waitUntil(lambda: view.projection is not None)
        for turn in range(3):
            view.show_camera3d(Camera3D(azimuth=50.0 * turn))
            view.draw_now()
        view.close()
        view.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()

    def alive():
        gc.collect()
        kinds = (
            "QOpenGLContext",
            "QOffscreenSurface",
            "QOpenGLFramebufferObject",
            "QOpenGLBuffer",
            "QOpenGLShaderProgram",
            "Surface3DView",
            "SurfaceGl",
        )
        return [type(one).__name__ for one in gc.get_objects() if type(one).__name__ in kinds]

    def least_memory(times):
        """The least that is held after one of the last openings; frames may be freed later."""
        held = []
        for _ in range(times):
            open_and_close()
            gc.collect()
            held.append(memory())
        return min(held[-7:])

    open_and_close()
    before, held = alive(), least_memory(8)
    assert QOpenGLContext.currentContext() is None
    # Twenty views that stayed would hold 400 MB.
    assert least_memory(20) - held < 30.0
    assert len(alive()) <= len(before)


def test_a_hidden_view_gives_its_opengl_back_and_draws_again_when_shown(view):
    view.hide()
    assert view.stage.picture.gl is None
    view.show_step(10.0)
    view.show_camera3d(from_above())
    view.show()
    QApplication.processEvents()
    view.draw_now()
    assert view.stage.picture.gl is not None
    assert view.projection.camera == from_above()


def test_meshes_of_other_shapes_leave_nothing_in_the_card(view, scene):
    """OpenGL gives out names in a row, so each buffer that is made shows in the next one."""
    gl = view.stage.picture.gl

    def next_name():
        gl._enter()
        buffer = surface3d_gl.QOpenGLBuffer(surface3d_gl.QOpenGLBuffer.Type.VertexBuffer)
        buffer.create()
        name = buffer.bufferId()
        buffer.destroy()
        gl._leave()
        return name

    def draw(points):
        view.show_mesh(mesh_for(scene, points=points))
        view.resize(600 + points, 500)
        view.draw_now()

    draw(18)
    before = next_name()
    for points in range(20, 60, 4):
        draw(points)
    assert next_name() <= before + 1  # the one that was made to look


# ---- the start


PLACES = ("home", "above", "valley", "start")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("key", ["beale", "himmelblau", "quadratic"])
def test_the_start_lands_within_two_pixels_of_the_pointer(qtbot, opengl, place, key):
    scene = first_scene("beale") if key == "beale" else choose_surface(first_scene("beale"), key)
    view = made(qtbot, scene, run_race(scene.race_spec()), mesh_for(scene))
    obey(view, scene)
    view.fly_to(place)
    view.draw_now()
    (x0, x1), (y0, y1) = scene.surface.window
    done = 0
    for _ in range(40):
        x, y = RNG.uniform(x0, x1), RNG.uniform(y0, y1)
        goal = view.pixel_of(x, y).toPoint()
        inside = view.rect().adjusted(5, 5, -5, -5).contains(goal)
        if not inside or view.projection.data_at(goal.x(), goal.y()) is None:
            continue
        begin = at_start(view)
        if not view.rect().contains(begin):
            continue
        drag(view, [begin, begin + QPoint(2, 1), goal])
        done += 1
        landed = view.pixel_of(*view.start_handle.pos())
        way = landed - QPointF(goal)
        assert np.hypot(way.x(), way.y()) <= 2.0
    assert done >= 8


def test_a_drag_tells_every_move_and_its_end(view, told, scene):
    obey(view, scene)
    begin = at_start(view)
    drag(view, [begin + QPoint(5, -4), begin + QPoint(9, -2), begin + QPoint(40, 20)])
    names = [entry[0] for entry in told.of(*WISHES)]
    assert names == ["start_dragged", "start_dragged", "start_drag_finished"]
    way = at_start(view) - begin
    assert (way - QPoint(35, 24)).manhattanLength() <= 2  # taken beside its middle


def test_a_start_dragged_off_the_surface_stays_on_its_edge(view, told, scene):
    obey(view, scene)
    drag(view, [at_start(view), QPoint(-2000, 5), QPoint(3, 3)])
    (x0, x1), (y0, y1) = scene.surface.window
    for _, x, y in told.of("start_dragged"):
        assert x0 <= x <= x1
        assert y0 <= y <= y1


def test_a_double_click_puts_the_start_there(view, told):
    at = view.pixel_of(2.0, 1.0).toPoint()
    QTest.mouseDClick(view, LEFT, NONE, at)
    assert view.pixel_of(*told.last("start_dragged")).toPoint() == at
    assert told.of("start_drag_finished")


@pytest.mark.parametrize(("modifier", "part"), [(NONE, 50), (SHIFT, 500)])
@pytest.mark.parametrize(
    ("azimuth", "key", "right", "up"),
    [
        (-90.0, Qt.Key.Key_Right, 1, 0),
        (-60.0, Qt.Key.Key_Up, 0, 1),
        (0.0, Qt.Key.Key_Right, 0, 1),
        (90.0, Qt.Key.Key_Right, -1, 0),
        (180.0, Qt.Key.Key_Up, 1, 0),
    ],
)
def test_arrows_move_the_start_the_way_they_look(
    view, told, scene, azimuth, key, right, up, modifier, part
):
    view.show_camera3d(Camera3D(azimuth=azimuth))
    view.draw_now()
    x, y = scene.start
    (x0, x1), _ = scene.surface.window
    QTest.keyPress(view, key, modifier)
    step = (x1 - x0) / part
    assert told.last("start_dragged") == pytest.approx((x + right * step, y + up * step))
    assert not told.of("start_drag_finished")
    QTest.keyRelease(view, key, modifier)
    assert len(told.of("start_drag_finished")) == 1


def test_locked_the_start_stays_and_one_may_look_around(view, told):
    view.show_locked(True)
    drag(view, [at_start(view), at_start(view) + QPoint(40, 30)])
    QTest.mouseDClick(view, LEFT, NONE, QPoint(350, 300))
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert not told.of("start_dragged", "start_drag_finished")
    before = view.camera
    drag(view, [QPoint(30, 30), QPoint(60, 50), QPoint(90, 60)])
    assert view.camera != before


# ---- the camera


def test_a_drag_beside_the_start_turns_the_surface(view, told):
    before = view.camera
    drag(view, [QPoint(60, 460), QPoint(80, 450), QPoint(120, 440)])
    after = view.camera
    assert after.azimuth < before.azimuth
    assert after.elevation < before.elevation
    assert after.centre == pytest.approx(before.centre)
    assert told.of(*WISHES) == [("camera3d_changed", after)]


def test_no_move_is_lost_between_two_pictures(view):
    azimuth = view.camera.azimuth
    drag(view, [QPoint(60, 460), *(QPoint(60 + 10 * step, 460) for step in range(1, 7))])
    assert view.camera.azimuth == pytest.approx(azimuth - 60 * 0.35)
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Left, CONTROL)
    assert view.camera.azimuth == pytest.approx(azimuth - 60 * 0.35 - 15.0)


@pytest.mark.parametrize(
    ("button", "modifiers"), [(LEFT, SHIFT), (Qt.MouseButton.MiddleButton, NONE)]
)
def test_shift_or_the_middle_button_moves_it(view, told, button, modifiers):
    before = view.camera
    drag(view, [QPoint(60, 460), QPoint(80, 450), QPoint(120, 440)], button, modifiers)
    after = view.camera
    assert (after.azimuth, after.elevation) == (before.azimuth, before.elevation)
    assert after.centre != pytest.approx(before.centre)
    assert not told.of("start_dragged")


def test_the_wheel_zooms_about_the_pointer(view, told, qtbot):
    at = view.pixel_of(2.0, 0.5).toPoint()
    point = view.projection.data_at(at.x(), at.y())
    wheel(view, at, 3)
    view.draw_now()
    assert view.camera.distance < Camera3D().distance
    assert (view.pixel_of(*point) - QPointF(at)).manhattanLength() < 1.0
    assert not told.of("camera3d_changed")
    qtbot.waitUntil(lambda: bool(told.of("camera3d_changed")))


def test_keys_orbit_pan_and_zoom(view):
    for key, modifiers, what in (
        (Qt.Key.Key_Left, CONTROL, "azimuth"),
        (Qt.Key.Key_Up, CONTROL, "elevation"),
        (Qt.Key.Key_PageUp, NONE, "distance"),
        (Qt.Key.Key_Left, CONTROL | SHIFT, "x"),
    ):
        before = view.camera
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(view, event)
        assert event.isAccepted()
        QTest.keyClick(view, key, modifiers)
        assert getattr(view.camera, what) != getattr(before, what)


def test_other_keys_are_left_to_the_window(view, told):
    for key in (Qt.Key.Key_Space, Qt.Key.Key_F, Qt.Key.Key_Home, Qt.Key.Key_Plus):
        event = QKeyEvent(QEvent.Type.KeyPress, key, NONE)
        event.ignore()
        QApplication.sendEvent(view, event)
        assert not event.isAccepted()
    assert not told.of(*WISHES)


@pytest.mark.parametrize("place", PLACES)
def test_good_cameras_show_the_start_or_the_minimum(view, told, place):
    view.fly_to(place)
    view.draw_now()
    assert told.last("camera3d_changed") == (view.camera,)
    minimum = view.mesh.minima[0]
    shown = [view.projection.shows(*view.projection.pixel(*at)) for at in (minimum, (1.0, 1.5))]
    assert all(shown)


def test_home_goes_back_from_what_is_exaggerated_and_another_place_stays(view):
    before = view.camera
    view.show_exaggeration(5.0)
    view.draw_now()
    assert view.camera_is_home
    assert view.camera.distance > before.distance + 1.0
    drag(view, [QPoint(60, 460), QPoint(80, 460), QPoint(120, 470)])
    assert not view.camera_is_home
    there = view.camera
    view.show_exaggeration(1.0)
    view.draw_now()
    assert view.camera == there
    view.fly_to("home")
    assert view.camera_is_home
    assert view.camera == before


def test_turning_from_home_by_itself_is_not_home(view):
    view.guide.on_moved(view.camera.orbited(5.0, 0.0))
    there = view.camera
    view.resize(view.width() - 40, view.height())
    view.draw_now()
    assert view.camera == there
    view.show_camera3d(None)
    assert view.camera_is_home


def test_showing_never_tells(view, told, scene, race, mesh):
    view.show_scene(scene)
    view.show_mesh(mesh)
    view.show_race(race)
    view.show_step(7.0)
    view.show_camera3d(from_above())
    view.show_camera3d(None)
    view.show_exaggeration(2.0)
    view.show_opacity(0.5)
    view.show_stretch(True)
    view.show_follow(1)
    view.show_follow(-1)
    view.show_locked(True)
    view.show_ghost(race)
    view.show_ghost(None)
    view.show_look(Look(LIGHT, 1.3, reduced_motion=True))
    QApplication.processEvents()
    assert not told.of(*WISHES)


# ---- racers, names, marks


def test_heads_stand_on_the_surface_in_their_colours(view, race, scene):
    view.show_camera3d(from_above())
    pixels = picture(view)
    for index, run in enumerate(race.runs):
        x, y = run.path[64]
        place = view.stage.racers.heads.pixel(index)
        if place is None:
            continue
        assert (place - view.pixel_of(x, y)).manhattanLength() < 0.01
        px, py = round(place.x()), round(place.y())
        near = pixels[py - 7 : py + 8, px - 7 : px + 8]
        assert count(near, DARK.racers[scene.racers[index].style], 30) > 20


def test_a_racer_behind_a_hill_is_faint(view):
    """From low behind the wall, every racer is drawn on one of two layers, and only there."""
    view.show_camera3d(Camera3D(azimuth=-64.0, elevation=6.0))
    view.draw_now()
    stage = view.stage.racers
    for index, head in enumerate(stage._all):
        hidden = view.projection.hides(*head.at(64.0))
        inside = view.projection.shows(*view.projection.pixel(*head.at(64.0)))
        assert (stage.heads.pixel(index) is not None) == (inside and not hidden)
        assert (stage.hidden_heads.pixel(index) is not None) == (inside and hidden)
    assert stage.hidden_heads.opacity() < 0.6 < stage.heads.opacity()


def test_trails_show_their_colours_and_ghosts_come_and_go(view, scene):
    view.show_camera3d(from_above())
    before = picture(view)
    for racer in range(4):
        assert count(before, DARK.racers[racer], 30) > 60
    view.show_step(0.0)
    start = picture(view)
    view.show_ghost(run_race(replace(scene, start=(2.0, 2.0)).race_spec()))
    ghost = picture(view)
    assert (abs(ghost - start).max(axis=2) > 12).sum() > 150
    view.show_ghost(None)
    assert (abs(picture(view) - start).max(axis=2) > 12).sum() < 20


@pytest.mark.parametrize("look", [Look(DARK, reduced_motion=True), Look(LIGHT, 1.4)])
def test_axes_are_labelled_inside_the_picture_and_apart(view, look):
    view.show_look(look)
    view.draw_now()
    axes = view.stage.axes.axes()
    assert len(axes) == 3
    rooms = []
    for axis in axes:
        assert len(axis.labels) >= 2
        assert axis.title is not None
        for label, text in ((each, view.stage.axes._text) for each in axis.labels):
            wide, high = text.width(label.text), text.height
            at = label.middle
            rooms.append((at.x() - wide / 2, at.y() - high / 2, wide, high))
    for index, (left, top, wide, high) in enumerate(rooms):
        assert left >= 0.0
        assert top >= 0.0
        assert left + wide <= view.width()
        assert top + high <= view.height()
        for other in rooms[:index]:
            apart_x = left >= other[0] + other[2] or other[0] >= left + wide
            apart_y = top >= other[1] + other[3] or other[1] >= top + high
            assert apart_x or apart_y
    titles = [axis.title.text for axis in axes]
    assert titles == ["x", "y", "loss"]


def test_axes_behind_the_surface_are_not_drawn_over_it(qtbot, opengl):
    """Ackley's sides overhang the floor, where its x axis is, seen along y."""
    scene = choose_surface(first_scene("beale"), "ackley")
    view = made(qtbot, scene, run_race(scene.race_spec()), mesh_for(scene))
    view.show_camera3d(Camera3D(azimuth=0.0, elevation=26.0, distance=2.3))
    view.draw_now()
    seen = view.projection
    axis = next(each for each in view.stage.axes.axes() if each.title and each.title.text == "x")
    ends = np.vstack([axis.edge[:, :2], axis.marks[:, :2]])
    over = [seen.data_at(*at) is not None for at in ends]
    assert np.mean(over) < 0.1, "walls seen from outside are looked through; the rest is not"
    assert len(axis.edge) < 32


def test_a_long_title_stands_above_the_axis_rather_than_on_it(view, mesh, scene):
    view.resize(420, 520)
    view.show_mesh(mesh_for(scene, "compressed"))
    view.draw_now()
    for axis in view.stage.axes.axes():
        if axis.title is None or axis.title.text != "loss above its least":
            continue
        half = view.stage.axes._title.width(axis.title.text) / 2
        x, y = axis.title.middle.x(), axis.title.middle.y()
        upright = axis.edge[:, 1].min(), axis.edge[:, 1].max()
        beside = x + half < axis.edge[:, 0].min() or x - half > axis.edge[:, 0].max()
        assert beside or not upright[0] <= y <= upright[1]


def test_names_behind_a_hill_and_before_it_do_not_cover_each_other(view):
    view.show_camera3d(Camera3D(azimuth=-64.0, elevation=6.0))
    for step in (10.0, 64.0, 120.0):
        view.show_step(step)
        view.draw_now()
        view.grab()
        stage = view.stage.racers
        for one in stage.heads.rooms:
            for other in stage.hidden_heads.rooms:
                common = one.intersected(other)
                assert common.width() < 5.0 or common.height() < 5.0


def test_ticks_stand_where_their_numbers_say(view):
    seen = view.projection
    for along, axis in enumerate(view.stage.axes.axes()[:2]):
        for mark, label in zip(axis.marks, axis.labels, strict=True):
            value = float(label.text.replace("−", "-"))
            low, high = seen.mesh.window[along]
            share = (value - low) / (high - low)
            # On the edge, though perspective shortens what is far.
            point = np.array(mark[:2])
            a, b = axis.edge[0, :2], axis.edge[-1, 2:]
            way = b - a
            away = (point - a) @ np.array([-way[1], way[0]]) / np.hypot(*way)
            assert abs(away) < 0.01
            assert 0.0 <= share <= 1.0


def test_minima_and_saddles_are_where_the_surface_has_them(qtbot, opengl):
    scene = choose_surface(first_scene("beale"), "himmelblau")
    view = made(qtbot, scene, run_race(scene.race_spec()), mesh_for(scene))
    view.draw_now()
    shown = [layer.points for layer in (view.stage.places, view.stage.hidden_places)]
    surface = SURFACES["himmelblau"]()
    assert sorted(shown[0][0] + shown[1][0]) == sorted(surface.minima)
    assert sorted(shown[0][1] + shown[1][1]) == sorted(surface.saddles)


def test_the_pointer_tells_where_it_is_on_the_surface(view, told):
    at = view.pixel_of(2.2, 0.4).toPoint()
    move(view, at)
    x, y = told.last("pointer_moved")
    assert view.pixel_of(x, y).toPoint() == at
    move(view, QPoint(2, 2))
    assert told.of("pointer_left")
    pixels = picture(view)
    view.show_pointer((2.2, 0.4))
    assert (abs(picture(view) - pixels).max(axis=2) > 40).sum() > 20


def test_a_racer_under_the_pointer_is_told(view, told):
    view.show_camera3d(from_above())
    view.draw_now()
    place = view.stage.racers.heads.pixel(0)
    move(view, place.toPoint())
    assert told.last("head_hovered") == (0,)
    move(view, QPoint(3, 3))
    assert told.last("head_hovered") == (-1,)


def test_what_stands_still_is_the_same_picture_every_time(view):
    view.draw_now()
    QTest.qWait(400)
    first = picture(view)
    view.show_camera3d(from_above())
    picture(view)
    view.show_camera3d(None)
    QTest.qWait(400)
    assert (abs(picture(view) - first).max(axis=2) > 3).sum() == 0
