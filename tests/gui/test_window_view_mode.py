"""Contour, 3D and split in the real window, where there may be no OpenGL at all."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from optiviz.gui.controllers.jobs import mesh_spec
from optiviz.gui.state.relief import Relief
from optiviz.gui.state.settings import Settings
from optiviz.gui.views.surface3d import gl as surface3d_gl
from optiviz.gui.views.surface3d.missing import NO_OPENGL, NoOpenGL
from optiviz.scene import Camera, Viewpoint, edits, first_scene

CHOOSERS = ("view_contour", "view_3d", "view_split")


@pytest.fixture
def no_opengl(monkeypatch):
    def refuse(*_):
        raise NoOpenGL("not here")

    monkeypatch.setattr(surface3d_gl, "SurfaceGl", refuse)


@pytest.fixture
def lanes(ui, monkeypatch):
    """What is asked of the worker from now on: (lane, request)."""
    asked = []
    submit = ui.parts.compute.submit

    def noted(lane, request, *rest, **named):
        asked.append((lane, request))
        submit(lane, request, *rest, **named)

    monkeypatch.setattr(ui.parts.compute, "submit", noted)
    return asked


def seen(ui):
    """Which of the two views are seen."""
    names = ("contour_view", "surface3d_view")
    return [name for name in names if ui.has(name) and ui(name).isVisible()]


def test_at_first_there_is_the_contour_alone(ui):
    assert not ui.has("surface3d_view")
    assert not ui.has("surface3d_bar")
    assert [ui(name).isChecked() for name in CHOOSERS] == [True, False, False]
    for name in CHOOSERS:
        button = ui(name)
        assert button.accessibleName().startswith("View: ")
        # One stop of the Tab key: from there the arrows choose.
        stops = bool(button.focusPolicy() & Qt.FocusPolicy.TabFocus)
        assert stops == button.isChecked()
        assert ui.window.rect().contains(button.mapTo(ui.window, button.rect().bottomRight()))


def test_the_views_are_named_in_words_and_fold_into_one_menu_where_there_is_no_room(opened):
    ui = opened(edits.choose_gradient(first_scene("logistic"), "mini_batch"))
    assert [ui(name).text() for name in CHOOSERS] == ["Contour", "3D", "Split"]
    for size in ((1440, 900), (1024, 768), (820, 700), (1440, 900)):
        ui.window.resize(*size)
        QApplication.processEvents()
        bar = ui.window.top_bar
        words = [name for name in CHOOSERS if ui(name).isVisible()]
        # Where it is narrower it is the letters' width that decides.
        assert words == list(CHOOSERS) or (size[0] < 1440 and not words)
        assert ui("view_menu").text() == ("View" if words else "View: Contour")
        for name in (*words, "scene_menu", "surface_chooser", "gradient_chooser", "view_menu"):
            room = QRect(ui(name).mapTo(bar, QPoint(0, 0)), ui(name).size())
            assert bar.rect().contains(room), (name, size)
            assert room.width() >= ui(name).minimumSizeHint().width(), (name, size)
    ui.settle()


@pytest.mark.parametrize("by", ["key", "button", "menu"])
def test_keys_buttons_and_menu_choose_the_view(ui, no_opengl, by):
    def choose(name, key):
        if by == "key":
            ui.key(key)
        elif by == "button":
            ui.click(name)
        else:
            ui.window.view_menu.findChild(QAction, f"menu.{name}").trigger()

    told = []
    for name, key, wanted in (
        ("view_3d", Qt.Key.Key_D, ["surface3d_view"]),
        ("view_split", Qt.Key.Key_S, ["contour_view", "surface3d_view"]),
        ("view_contour", Qt.Key.Key_C, ["contour_view"]),
        ("view_3d", Qt.Key.Key_D, ["surface3d_view"]),
    ):
        choose(name, key)
        assert seen(ui) == wanted
        assert [ui(each).isChecked() for each in CHOOSERS] == [each == name for each in CHOOSERS]
        action = ui.window.view_menu.findChild(QAction, f"menu.{name}")
        assert action.isChecked()
        if by == "key":
            focused = [each for each in wanted if ui(each).hasFocus()]
            assert focused, "the keyboard goes to a view that is seen"
        told.append(ui.settings.view_mode)
    assert told == ["3d", "split", "contour", "3d"]
    ui.settle()


def test_without_opengl_one_sentence_is_told_once_and_the_contour_goes_on(ui, no_opengl):
    for key in (Qt.Key.Key_D, Qt.Key.Key_S, Qt.Key.Key_C, Qt.Key.Key_S):
        ui.key(key)
    ui.wait(lambda: bool(ui.told))
    assert [problem.kind for problem in ui.told] == ["warning"]
    assert "OpenGL" in ui.told[0].sentence
    assert not ui.told[0].details, "nothing is to be traced back"
    note = ui("surface3d_note")
    assert note.isVisible()
    assert note.text() == NO_OPENGL
    assert not ui("surface3d_bar").isEnabled()
    assert ui.contour.stage.formula.room.isValid(), "it is told where something is drawn"
    before = ui.scene.start
    ui.drag_start(60, 40)
    ui.release(ui.contour, ui.contour.pixel_of(*ui.scene.start))
    assert ui.scene.start != before
    for key in (Qt.Key.Key_V, Qt.Key.Key_T, Qt.Key.Key_Y, Qt.Key.Key_F, Qt.Key.Key_Space):
        ui.key(key)
    ui.playback.pause()
    ui.settle()
    assert len(ui.told) == 1


def test_no_mesh_is_made_where_nothing_can_show_it(ui, no_opengl, lanes):
    ui.key(Qt.Key.Key_S)
    ui.parts.editor.edit(edits.choose_surface, "himmelblau")
    ui.settle()
    assert "mesh" not in [lane for lane, _ in lanes]


def test_cameras_without_the_3d_view_say_how_to_see_it(ui):
    for key in (Qt.Key.Key_H, Qt.Key.Key_A, Qt.Key.Key_V, Qt.Key.Key_W, Qt.Key.Key_T, Qt.Key.Key_Y):
        ui.key(key)
        ui.wait(lambda: "D or S" in ui.message)
    assert not ui.has("surface3d_view")
    assert {problem.kind for problem in ui.told} == {"info"}


def test_what_is_remembered_is_shown_again(opened, tmp_path, no_opengl):
    settings = Settings(tmp_path / "remembered.ini")
    settings.view_mode = "split"
    settings.relief = Relief(heights="compressed", exaggeration=2.5, opacity=0.5)
    settings.save()  # as it does by itself once the hand rests
    ui = opened(settings=Settings(tmp_path / "remembered.ini"))
    assert seen(ui) == ["contour_view", "surface3d_view"]
    assert ui("surface3d.heights").currentData() == "compressed"
    assert ui("surface3d.exaggeration").text() == "2.5"
    assert ui("surface3d.opacity").text() == "0.5"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("view", "4d"),
        ("relief/heights", "high"),
        ("relief/exaggeration", "nan"),
        ("relief/exaggeration", "1e9"),
        ("relief/opacity", "0"),
        ("relief/opacity", "[]"),
    ],
)
def test_broken_settings_are_replaced(tmp_path, key, text):
    path = tmp_path / "broken.ini"
    folder, _, name = key.rpartition("/")
    path.write_text(f"[{folder or 'General'}]\n{name}={text}\n")
    settings = Settings(path)
    assert settings.view_mode == "contour"
    assert settings.relief == Relief()


def test_every_control_of_the_bar_can_be_reached_and_tells_what_it_does(ui, no_opengl):
    ui.key(Qt.Key.Key_D)
    bar = ui("surface3d_bar")
    bar.setEnabled(True)
    ui.click("surface3d.more")
    names = (
        *("camera_home", "camera_above", "camera_valley", "camera_start", "turntable"),
        *("surface3d.follow", "surface3d.heights", "surface3d.exaggeration"),
        *("surface3d.exaggeration.slider", "surface3d.opacity", "surface3d.opacity.slider"),
    )
    for name in names:
        control = ui(name)
        assert control.isVisible(), name
        assert control.accessibleName(), name
        assert control.toolTip(), name
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, name
    QApplication.processEvents()
    reached, now = set(), ui("view_split")
    for _ in range(400):
        now = now.nextInFocusChain()
        reached.add(now.objectName())
    assert set(names) <= reached


@pytest.mark.parametrize("size", [(1024, 768), (1440, 900)])
@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_nothing_of_the_bar_is_cut_off(opened, tmp_path, no_opengl, size, scale):
    settings = Settings(tmp_path / "large.ini")
    settings.scale = scale
    ui = opened(settings=settings, size=size)
    ui.key(Qt.Key.Key_D)
    QApplication.processEvents()
    bar = ui("surface3d_bar")
    inside = [
        child
        for child in bar.findChildren(QWidget)
        if child.isVisible() and child.window() is ui.window
    ]
    assert {"camera_home", "surface3d.follow"} <= {child.objectName() for child in inside}
    for child in inside:
        corner = child.mapTo(bar, child.rect().bottomRight())
        assert bar.rect().contains(corner), child.objectName()
    assert ui.window.width() == size[0]


def test_the_top_bar_has_room_for_the_choosers_on_every_surface(opened):
    ui = opened(size=(1024, 768))
    for key in ("quadratic", "logistic", "rosenbrock"):
        ui.parts.editor.edit(edits.choose_surface, key)
        ui.parts.editor.edit(edits.choose_gradient, "mini_batch")
        ui.settle()
        for name in (*CHOOSERS, "cheat_sheet"):
            button = ui(name)
            assert ui.window.rect().contains(
                button.mapTo(ui.window, button.rect().bottomRight())
            ), (key, name)


# What is raised


def test_at_home_the_surface_s_own_window_is_raised():
    scene = first_scene("beale")
    assert mesh_spec(scene, Relief()).field.x_range == scene.surface.window[0]
    assert mesh_spec(scene, Relief()).field.y_range == scene.surface.window[1]
    assert mesh_spec(scene, Relief(heights="compressed")).heights == "compressed"


def test_a_stage_that_was_only_widened_raises_the_same_part(ui):
    (x0, x1), (y0, y1) = ui.scene.surface.window
    seen_now = ui.contour.projection
    camera = Camera(seen_now.x0, seen_now.x1, seen_now.y0, seen_now.y1)
    field = mesh_spec(edits.set_camera(ui.scene, camera), Relief()).field
    assert field.x_range == pytest.approx((x0, x1))
    assert field.y_range == pytest.approx((y0, y1))


def test_zoomed_in_the_part_in_sight_is_raised():
    scene = edits.set_camera(first_scene("beale"), Camera(2.5, 3.5, 0.0, 1.0))
    field = mesh_spec(scene, Relief()).field
    (x0, x1), (y0, y1) = scene.surface.window
    wide, high = (end - begin for begin, end in (field.x_range, field.y_range))
    assert wide / high == pytest.approx((x1 - x0) / (y1 - y0))
    assert max(wide, high) == pytest.approx(1.0)
    assert sum(field.x_range) / 2 == pytest.approx(3.0)
    assert sum(field.y_range) / 2 == pytest.approx(0.5)


def test_a_camera_too_near_for_numbers_raises_the_whole():
    near = 3.0 + 5e-16
    scene = edits.set_camera(first_scene("beale"), Camera(3.0, near, 0.5, 0.5 + 1e-16 + 1e-16))
    assert mesh_spec(scene, Relief()).field.x_range == scene.surface.window[0]


def test_home_in_every_view_is_one_step(ui):
    scene = edits.set_viewpoint(
        edits.set_camera(ui.scene, Camera(0.0, 1.0, 0.0, 1.0)),
        Viewpoint(10.0, 20.0, 2.0, 0.0, 0.0, 0.0),
    )
    ui.store.apply(lambda _: scene)
    ui.key(Qt.Key.Key_F)
    assert ui.scene.camera is None
    assert ui.scene.viewpoint is None
    ui.parts.editor.undo()
    assert ui.scene == scene
    assert edits.choose_surface(scene, "himmelblau").viewpoint is None
    ui.settle()


def test_locked_nothing_is_fitted(ui):
    ui.store.apply(edits.set_camera, Camera(0.0, 1.0, 0.0, 1.0))
    ui.key(Qt.Key.Key_L)
    ui.key(Qt.Key.Key_F)
    assert ui.scene.camera is not None
    ui.wait(lambda: "locked" in ui.message)
    ui.key(Qt.Key.Key_L)
    ui.settle()


def test_hovering_the_contour_shows_its_pointer_nowhere_else(ui, no_opengl):
    ui.key(Qt.Key.Key_S)
    ui.hover(ui.contour, QPointF(200.0, 200.0))
    assert ui.contour.stage.pointer.point is None
