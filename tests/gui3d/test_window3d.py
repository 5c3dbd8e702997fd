"""The 3D view in the real window: opened, dragged on, in step with the contour, and left again."""

from __future__ import annotations

import gc
import os

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from optiviz.engine.mesh import MeshSpec
from optiviz.gui.controllers.jobs import MOVING, RESTING
from optiviz.gui.state.settings import Settings
from optiviz.gui.theme.palette import DARK, LIGHT
from optiviz.scene import edits, first_scene
from optiviz.scene.file import dumps, loads

pytestmark = pytest.mark.usefixtures("opengl")

CHOOSERS = ("view_contour", "view_3d", "view_split")
D, S, C = Qt.Key.Key_D, Qt.Key.Key_S, Qt.Key.Key_C


@pytest.fixture
def still(opened, tmp_path):
    """A window in which nothing flies."""
    settings = Settings(tmp_path / "still.ini")
    settings.reduced_motion = True
    return opened(settings=settings)


@pytest.fixture
def meshes(monkeypatch):
    """Note what is asked of the mesh lane: the requests, in a list."""

    def watch(ui):
        asked = []
        submit = ui.parts.compute.submit

        def noted(lane, request, *rest, **named):
            if lane == "mesh":
                asked.append(request)
            submit(lane, request, *rest, **named)

        monkeypatch.setattr(ui.parts.compute, "submit", noted)
        return asked

    return watch


def choose(ui, key):
    """Choose a view by its key, and wait until it is drawn; gives the 3D view."""
    ui.key(key)
    view = ui.parts.controller.surface3d.view
    if key != C:
        ui.wait(lambda: view.projection is not None and view.mesh is not None)
        rest(ui)
    return view


def rest(ui):
    """Wait until the mesh that is shown is the scene's, and fine."""
    surface3d = ui.parts.controller.surface3d

    def rested():
        mesh = surface3d.view.mesh
        return (
            not ui.parts.compute.busy()
            and mesh is not None
            and mesh.spec.field.surface == ui.scene.surface
            and max(mesh.shape) == RESTING
            and surface3d.view.projection is not None
            and surface3d.view.projection.mesh is mesh
        )

    ui.wait(rested)
    QApplication.processEvents()


def pixels(view):
    image = view.grab().toImage()
    memory = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return memory[:, : image.width(), :3].astype(int)


def drag_surface(ui, view, dx, dy):
    """Drag the start on the surface by pixels; gives where it was let go."""
    begin = view.pixel_of(*ui.scene.start)
    ui.press(view, begin)
    for share in (0.4, 1.0):
        at = QPointF(begin.x() + share * dx, begin.y() + share * dy)
        ui.move(view, at)
    ui.release(view, at)
    return at


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_d_shows_the_surface_with_the_racers_on_it(still, theme):
    ui = still
    ui.parts.appearance.choose_theme(theme.name)
    view = choose(ui, D)
    assert view.isVisible()
    assert not ui.contour.isVisible()
    ui.playback.seek(64.0)
    seen = pixels(view)
    assert seen.std() > 10.0, "the pane is not of one colour"
    for index, run in enumerate(ui.race.runs):
        place = view.stage.racers.heads.pixel(index) or view.stage.racers.hidden_heads.pixel(index)
        assert place is not None, ui.scene.racers[index].name
        assert (place - view.pixel_of(*run.path[64])).manhattanLength() < 0.01
    choose(ui, C)
    assert ui.contour.isVisible()
    assert not view.isVisible()


def test_a_drag_on_the_surface_moves_the_start_and_bends_the_paths(still):
    ui = still
    view = choose(ui, D)
    before, paths = ui.scene, ui.paths()
    at = drag_surface(ui, view, 60.0, 25.0)
    assert ui.scene.start != before.start
    ui.settle()
    assert np.array_equal(ui.paths()[0][0], ui.scene.start)
    assert np.abs(ui.paths() - paths).max() > 0.1
    away = view.pixel_of(*ui.scene.start) - at
    assert max(abs(away.x()), abs(away.y())) <= 2.0
    # As finely as a pixel shows it, so that it can be read.
    assert all(len(repr(value)) <= 8 for value in ui.scene.start)
    ui.parts.editor.undo()
    assert ui.scene == before, "a drag is one step"
    ui.settle()


def test_while_the_start_is_dragged_the_old_paths_stay_as_ghosts(still):
    ui = still
    view = choose(ui, D)
    begin = view.pixel_of(*ui.scene.start)
    ui.press(view, begin)
    ui.move(view, QPointF(begin.x() + 20.0, begin.y() + 10.0))
    ui.move(view, QPointF(begin.x() + 40.0, begin.y() + 20.0))
    ui.settle()
    held = pixels(view)
    ui.release(view, QPointF(begin.x() + 40.0, begin.y() + 20.0))
    ui.settle()
    QTest.qWait(50)
    assert (abs(pixels(view) - held).max(axis=2) > 12).sum() > 100
    ui.parts.editor.undo()
    ui.settle()


# Split


def test_split_has_one_start_one_playhead_and_one_hover(still):
    ui = still
    view = choose(ui, S)
    assert ui.contour.isVisible()
    assert view.isVisible()
    assert abs(ui.contour.width() - view.width()) <= 2
    # One start, whichever of the two it is dragged on.
    to = ui.drag_start(30.0, 40.0)
    ui.release(ui.contour, to)
    ui.settle()
    assert view.start_handle.pos() == QPointF(*ui.scene.start)
    drag_surface(ui, view, 30.0, 10.0)
    ui.settle()
    assert ui.contour.start_handle.pos() == QPointF(*ui.scene.start)
    # One playhead.
    ui.playback.seek(37.0)
    compared = 0
    for index, run in enumerate(ui.race.runs):
        for stage, heads in (
            (ui.contour, ui.contour.stage.heads),
            (view, view.stage.racers.heads),
        ):
            place = heads.pixel(index)
            if place is not None:
                assert (place - stage.pixel_of(*run.path[37])).manhattanLength() < 0.01
                compared += 1
    assert compared >= len(ui.race.runs)
    # One hover.
    at = view.pixel_of(1.0, 0.0)
    ui.hover(view, at)
    shown = ui.contour.stage.pointer.point
    assert shown is not None
    assert (view.pixel_of(*shown) - at).manhattanLength() < 1.0
    assert view.stage.readout.isVisible()
    assert not ui.contour.stage.readout._lines
    ui.hover(ui.contour, ui.contour.pixel_of(0.5, 0.5))
    assert ui.contour.stage.pointer.point is None
    assert view.stage.pointer.point == pytest.approx((0.5, 0.5), abs=0.02)
    assert ui.contour.stage.readout._lines
    assert not view.stage.readout._lines
    QApplication.sendEvent(ui.contour, QEvent(QEvent.Type.Leave))
    assert view.stage.pointer.point is None
    assert not ui.contour.stage.readout._lines


def test_who_comes_late_is_shown_what_the_contour_is_shown(still):
    ui = still
    ui.parts.editor.edit(edits.choose_gradient, "gaussian")
    ui.parts.editor.edit(edits.choose_schedule, "cosine_restarts")
    ui.parts.controller.writing.set_caption(True)
    ui.parts.controller.seeds.show_on(True)
    ui.parts.editor.toggle_lock()
    ui.settle()
    view = choose(ui, S)
    for name in ("endpoints", "snapshots"):
        layers = [getattr(stage, name) for stage in (ui.contour.stage, view.stage)]
        assert all(layer.isVisible() for layer in layers), name
    assert view.stage.caption._lines == ui.contour.stage.caption._lines != ()
    before = ui.scene.start
    drag_surface(ui, view, 40.0, 10.0)
    assert ui.scene.start == before, "it is locked"
    ui.parts.editor.toggle_lock()


# The worker


def test_a_mesh_is_asked_for_only_while_it_is_seen_and_only_when_the_field_changes(still, meshes):
    ui = still
    asked = meshes(ui)
    ui.parts.editor.edit(edits.choose_surface, "himmelblau")
    ui.settle()
    assert asked == [], "nobody sees it"
    view = choose(ui, D)
    assert len(asked) == 1
    drag_surface(ui, view, 30.0, 10.0)
    ui.type("racer_0.lr", "0.01")
    ui.focus(view)
    ui.playback.seek(20.0)
    ui.key(Qt.Key.Key_A)
    ui.settle()
    choose(ui, C)
    choose(ui, D)
    assert len(asked) == 1, "the field is the same"
    uploads = view.stage.picture.gl.uploads
    ui.playback.seek(40.0)
    QApplication.processEvents()
    assert view.stage.picture.gl.uploads == uploads
    choose(ui, C)
    ui.parts.editor.edit(edits.choose_surface, "booth")
    ui.settle()
    assert len(asked) == 1
    choose(ui, S)
    assert asked[1] == MeshSpec.over(ui.scene.surface, ui.scene.surface.window)


def test_the_contour_is_not_sampled_while_nobody_sees_it(still, monkeypatch):
    ui = still
    choose(ui, D)
    ui.parts.editor.edit(edits.choose_surface, "himmelblau")
    rest(ui)
    assert not ui.contour.shows_surface(ui.scene.surface)
    choose(ui, C)
    ui.settle()
    assert ui.contour.shows_surface(ui.scene.surface)


def test_while_a_knob_moves_the_mesh_is_coarse_and_fine_at_rest(still, meshes):
    ui = still
    ui.parts.editor.edit(edits.choose_surface, "quadratic")
    ui.settle()
    view = choose(ui, D)
    asked = meshes(ui)
    slider = ui("surface.kappa.slider")
    at = QPointF(0.3 * slider.width(), slider.height() / 2)
    ui.press(slider, at)
    for share in (0.5, 0.6, 0.7):
        ui.move(slider, QPointF(share * slider.width(), at.y()))
    assert asked
    assert {max(spec.field.columns, spec.field.rows) for spec in asked} == {MOVING}
    ui.wait(lambda: view.mesh.spec.field.surface == ui.scene.surface)
    rest(ui)  # the hand rests, though it still holds the knob
    assert max(asked[-1].field.columns, asked[-1].field.rows) == RESTING
    ui.release(slider, QPointF(0.7 * slider.width(), at.y()))
    ui.settle()


def test_zooming_the_contour_raises_what_it_shows(still):
    ui = still
    view = choose(ui, S)
    whole = view.mesh.window
    seen = ui.contour.projection
    ui.contour.camera_moved.emit(seen.x0, (seen.x0 + seen.x1) / 2, seen.y0, seen.y1)
    ui.parts.editor.finish_gesture()
    rest(ui)
    ui.wait(lambda: view.mesh.window != whole)
    (x0, x1), (y0, y1) = view.mesh.window
    now = ui.contour.projection
    assert now.x0 <= x0 < x1 <= now.x1
    assert now.y0 - 1e-9 <= y0 < y1 <= now.y1 + 1e-9
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_F)
    ui.wait(lambda: view.mesh.window == whole)
    rest(ui)


def test_a_fault_in_the_worker_is_told_and_the_window_goes_on(still, monkeypatch):
    ui = still

    def broken(*_):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("optiviz.engine.mesh.sample_mesh", broken)
    ui.key(D)
    ui.told_one()
    ui.key(C)
    ui.settle()
    assert ui.contour.isVisible()


# The camera


def test_one_way_of_the_hand_around_the_surface_is_one_step(still):
    ui = still
    view = choose(ui, D)
    before, home = ui.scene, view.camera
    for _ in range(2):
        ui.press(view, QPointF(20.0, view.height() - 20.0))
        for step in range(1, 6):
            ui.move(view, QPointF(20.0 + 10 * step, view.height() - 20.0))
        ui.release(view, QPointF(70.0, view.height() - 20.0))
    assert ui.scene.viewpoint is not None
    assert ui.scene.race_spec() == before.race_spec()
    turned = view.camera
    ui.parts.editor.undo()
    assert ui.scene != before
    assert view.camera not in (home, turned)
    ui.parts.editor.undo()
    assert ui.scene == before
    assert view.camera == home
    for _ in range(2):
        ui.parts.editor.redo()
    assert view.camera.azimuth == pytest.approx(turned.azimuth, abs=0.01)
    # And it comes back from a file.
    again = loads(dumps(ui.scene))
    assert again == ui.scene
    ui.parts.controller.as_opened.restore()
    assert view.camera == home
    ui.store.open(again)
    assert view.camera.azimuth == pytest.approx(turned.azimuth, abs=0.01)
    rest(ui)


@pytest.mark.parametrize(
    ("key", "name"),
    [("A", "camera_above"), ("V", "camera_valley"), ("W", "camera_start")],
)
def test_good_cameras_by_key_and_button(still, key, name):
    ui = still
    view = choose(ui, D)
    home = view.camera
    ui.key(getattr(Qt.Key, f"Key_{key}"))
    there = view.camera
    assert there != home
    assert ui.scene.viewpoint is not None
    ui.click("camera_home")
    assert view.camera == home
    assert ui.scene.viewpoint is None
    ui.click(name)
    assert view.camera == there


@pytest.mark.parametrize("key", ["A", "V", "W"])
def test_a_chosen_camera_follows_nobody(still, key):
    # Or it would be drawn back to the racer at the playhead's next move.
    ui = still
    view = choose(ui, D)
    ui.key(Qt.Key.Key_Y)
    assert ui("surface3d.follow").currentData() == ui.scene.racers[0].style
    ui.key(getattr(Qt.Key, f"Key_{key}"))
    assert ui("surface3d.follow").currentData() == -1
    there = view.camera
    for step in (5.0, 20.0, 60.0):
        ui.parts.playback.scrub(step)
        QApplication.processEvents()
        assert view.camera == there


def test_locked_one_may_still_look_around(still):
    ui = still
    view = choose(ui, D)
    home = view.camera
    ui.key(Qt.Key.Key_L)
    ui.key(Qt.Key.Key_A)
    assert view.camera != home
    assert ui.message == ""
    ui.key(Qt.Key.Key_L)


def test_nothing_turns_where_motion_is_reduced_and_the_button_says_so(still):
    ui = still
    view = choose(ui, D)
    ui.click("turntable")
    assert not view.turning
    assert not ui("turntable").isChecked()
    ui.wait(lambda: "reduced" in ui.message)


def test_the_turntable_turns_until_a_hand_takes_it(opened, tmp_path):
    settings = Settings(tmp_path / "moving.ini")
    settings.reduced_motion = False
    ui = opened(settings=settings)
    view = choose(ui, D)
    ui.key(Qt.Key.Key_T)
    assert view.turning
    assert ui("turntable").isChecked()
    begin = view.camera.azimuth
    ui.wait(lambda: view.camera.azimuth != begin)
    assert ui.scene.viewpoint is None, "turning by itself is nobody's edit"
    ui.press(view, QPointF(20.0, view.height() - 20.0))
    ui.move(view, QPointF(40.0, view.height() - 20.0))
    ui.release(view, QPointF(40.0, view.height() - 20.0))
    assert not view.turning
    assert not ui("turntable").isChecked()
    ui.click("turntable")
    ui.parts.appearance.choose_reduced_motion(True)
    assert not view.turning
    assert not ui("turntable").isChecked()


def test_flights_are_one_step_each(opened, tmp_path):
    settings = Settings(tmp_path / "moving.ini")
    settings.reduced_motion = False
    ui = opened(settings=settings)
    view = choose(ui, D)
    before = ui.scene
    ui.key(Qt.Key.Key_A)
    assert ui.scene == before, "it is on its way"
    ui.wait(lambda: ui.scene.viewpoint is not None)
    assert ui.scene.viewpoint.elevation == 90.0
    ui.parts.editor.undo()
    assert ui.scene == before
    assert view.camera.elevation < 90.0


def test_a_racer_is_followed_by_key_and_list_until_it_is_gone(still):
    ui = still
    view = choose(ui, D)
    chooser = ui("surface3d.follow")
    names = [chooser.itemText(index) for index in range(chooser.count())]
    assert names == ["Follow nobody", "SGD", "Momentum", "RMSProp", "Adam"]
    ui.key(Qt.Key.Key_Y)
    assert chooser.currentText() == "SGD"
    ui.playback.seek(100.0)
    at = view.mesh.lifted(ui.race.runs[0].path[100][None])[0] * view.projection.stretch
    assert np.allclose(view.camera.centre, at, atol=0.01)
    for _ in range(3):
        ui.key(Qt.Key.Key_Y)
    assert chooser.currentText() == "Adam"
    ui.parts.editor.edit(edits.remove_racer, 3)
    ui.settle()
    assert chooser.currentText() == "Follow nobody"
    ui.key(Qt.Key.Key_Y)
    assert chooser.currentText() == "SGD"
    # Nobody follows a racer that is not there to be seen; it is followed again once it is.
    ui.key(Qt.Key.Key_1)
    assert chooser.currentText() == "Follow nobody"
    assert chooser.findText("SGD") < 0
    ui.key(Qt.Key.Key_1)
    assert chooser.currentText() == "SGD"
    ui.settle()


def test_what_the_contour_alone_shows_is_told_where_it_is_not_seen(still):
    ui = still
    choose(ui, D)
    told = []
    ui.parts.problems.told.connect(told.append)
    for key, times in ((Qt.Key.Key_B, 1), (Qt.Key.Key_G, 2)):
        ui.key(key)
        ui.wait(lambda times=times: len(told) == times)
        assert ui.message == "That is drawn on the contour, which C or S shows."
    choose(ui, S)
    ui.key(Qt.Key.Key_G)
    ui.settle()
    assert len(told) == 2, "there it is seen"


# Heights


def test_heights_exaggeration_and_opacity_are_shown_and_remembered(still):
    ui = still
    view = choose(ui, D)
    home = pixels(view)
    ui.click("surface3d.more")
    ui.type("surface3d.exaggeration", "2")
    assert ui.settings.relief.exaggeration == 2.0
    QApplication.processEvents()
    higher = pixels(view)
    assert (abs(higher - home).max(axis=2) > 12).sum() > 5_000
    ui.type("surface3d.opacity", "0.5")
    QApplication.processEvents()
    assert (abs(pixels(view) - higher).max(axis=2) > 12).sum() > 1_000
    chooser = ui("surface3d.heights")
    chooser.setCurrentIndex(1)
    chooser.activated.emit(1)
    rest(ui)
    ui.wait(lambda: view.mesh.spec.heights == "compressed")
    assert ui.settings.relief.heights == "compressed"
    assert ui.scene == ui.store.scene
    assert not ui.store.dirty, "how it is shown is no part of the scene"


def test_a_surface_five_times_as_high_can_be_seen_from_everywhere_and_undone(still):
    ui = still
    view = choose(ui, D)
    ui.click("surface3d.more")
    ui.type("surface3d.exaggeration", "5")
    view.setFocus()
    for key in (Qt.Key.Key_A, Qt.Key.Key_W, Qt.Key.Key_V):
        ui.key(key)
        assert ui.scene.viewpoint is not None
        assert loads(dumps(ui.scene)) == ui.scene
    for _ in range(4):
        ui.key(Qt.Key.Key_PageDown)  # farther away
    ui.wait(lambda: ui.scene.viewpoint.distance > 4.0)
    ui.key(Qt.Key.Key_H)
    assert ui.scene.viewpoint is None
    assert view.camera_is_home
    ui.click("undo")
    assert not view.camera_is_home
    ui.click("redo")
    assert view.camera_is_home


def test_its_sheet_goes_with_the_view(still):
    ui = still
    choose(ui, D)
    ui.click("surface3d.more")
    assert ui("surface3d.sheet").isVisible()
    choose(ui, C)
    assert not ui("surface3d.sheet").isVisible()
    choose(ui, S)
    assert not ui("surface3d.sheet").isVisible()


def test_in_split_the_formula_stands_once_where_no_lines_cross_it(still):
    ui = still
    view = choose(ui, S)
    assert view.stage.formula.room.isValid()
    assert not ui.contour.stage.formula.room.isValid()
    choose(ui, C)
    assert ui.contour.stage.formula.room.isValid()


@pytest.mark.parametrize("scale", [1.0, 1.6, 2.0])
@pytest.mark.parametrize("key", [D, S])
def test_both_bars_keep_to_their_room_in_every_scale(still, scale, key):
    ui = still
    ui.window.resize(1024, 768)
    ui.settings.scale = scale
    ui.parts.appearance.on_system_changed()
    assert ui.window.look.scale == scale
    choose(ui, key)
    ui.parts.store.apply(edits.choose_surface, "quadratic")
    QApplication.processEvents()
    shown = [
        ui(name)
        for name in (
            "camera_home",
            "camera_above",
            "camera_valley",
            "camera_start",
            "turntable",
            "surface3d.follow",
            "surface3d.more",
            "view_menu",
        )
    ]
    named = [ui(name) for name in CHOOSERS if ui(name).isVisible()]
    assert len(named) == 3 or ui("view_menu").text() in ("View", "View: 3D", "View: Split")
    shown += named
    rooms = []
    for widget in shown:
        assert widget.isVisible(), widget.objectName()
        assert widget.width() >= widget.minimumSizeHint().width() - 1, widget.objectName()
        at = widget.mapTo(ui.window, QPoint(0, 0))
        assert at.x() >= 0
        assert at.x() + widget.width() <= ui.window.width(), widget.objectName()
        rooms.append(QRect(at, widget.size()))
    for index, room in enumerate(rooms):
        assert not any(room.intersects(other) for other in rooms[:index])


# Coming and going


def memory():
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


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
        "SurfaceBar",
    )
    return sorted(type(one).__name__ for one in gc.get_objects() if type(one).__name__ in kinds)


@pytest.mark.slow
def test_opening_and_leaving_it_twenty_times_leaves_nothing(still):
    ui = still

    def there_and_back():
        choose(ui, D)
        choose(ui, S)
        choose(ui, C)
        QApplication.processEvents()

    def least_memory(times):
        """The least that is held after one of the last; frames may be freed later."""
        held = []
        for _ in range(times):
            there_and_back()
            gc.collect()
            held.append(memory())
        return min(held[-6:])

    there_and_back()
    before, held = alive(), least_memory(6)
    assert "SurfaceGl" not in before, "what is not seen has no OpenGL"
    # Twenty that stayed would hold 800 MB.
    assert least_memory(20) - held < 100.0
    assert alive() == before


def on_top(ui, widget):
    """Say whether nothing covers the middle of a widget."""
    there = ui.window.childAt(widget.mapTo(ui.window, widget.rect().center()))
    return there is widget or widget.isAncestorOf(there)


@pytest.mark.parametrize("first", [D, S])
def test_the_drawer_the_sheets_and_messages_stay_above_the_3d_view(opened, tmp_path, first):
    settings = Settings(tmp_path / "still.ini")
    settings.reduced_motion = True
    ui = opened(first_scene("quadratic"), settings, size=(1024, 768))
    ui.parts.problems.tell("Something that is to be read.", kind="info")
    ui.click("instruments_tab")
    ui.wait(lambda: ui("instruments").geometry().right() == ui.contour.geometry().right())
    for key in (first, C, S, D):
        choose(ui, key)
        for name in ("instruments", "instruments_tab", "message_bar"):
            assert ui(name).isVisible()
            assert on_top(ui, ui(name)), (key, name)
    seen = ui("instruments")
    image = ui.window.grab(QRect(seen.mapTo(ui.window, QPoint(0, 0)), seen.size())).toImage()
    alone = seen.grab().toImage()
    middle = seen.rect().center()
    assert image.pixelColor(middle) == alone.pixelColor(middle)
