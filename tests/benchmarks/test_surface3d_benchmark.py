"""How long a frame of the 3D view takes, beside pyqtgraph's bare surface of that size.

Needs OpenGL, and PyOpenGL for pyqtgraph's. Under a virtual display with Mesa:
``QT_QPA_PLATFORM=xcb LIBGL_ALWAYS_SOFTWARE=1 xvfb-run -a pytest tests/benchmarks -k surface3d``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from optiviz.engine import run_race
from optiviz.engine.mesh import MeshSpec, sample_mesh
from optiviz.gui.theme import palette as theme
from optiviz.gui.theme.palette import Look
from optiviz.gui.views.surface3d import Surface3DView
from optiviz.gui.views.surface3d.camera import Camera3D
from optiviz.gui.views.surface3d.missing import NoOpenGL
from optiviz.scene import first_scene

SIZE = (1440, 900)
STEPS = 500
POINTS = 200

pytestmark = [
    pytest.mark.benchmark(group="3D: 4 racers x 500 steps, 200 x 200 mesh, 1440 x 900"),
    pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"),
]


@pytest.fixture
def opengl(qapp):
    from optiviz.gui.views.surface3d.gl import SurfaceGl

    try:
        SurfaceGl().release()
    except NoOpenGL:
        pytest.skip("there is no OpenGL on this display")


@pytest.fixture
def scene():
    return replace(first_scene("beale"), steps=STEPS)


@pytest.fixture
def mesh(scene):
    surface = scene.surface
    (x0, x1), (y0, y1) = surface.window
    spec = MeshSpec.over(surface, ((x0, x1), (y0, y1)))
    field = replace(spec.field, columns=POINTS, rows=POINTS)
    return sample_mesh(replace(spec, field=field))


@pytest.fixture
def view(qtbot, opengl, scene, mesh):
    theme.load_fonts()
    view = Surface3DView()
    qtbot.addWidget(view)
    view.resize(*SIZE)
    view.show_look(Look(reduced_motion=True))
    view.show_scene(scene)
    view.show_mesh(mesh)
    view.show_race(run_race(scene.race_spec()))
    view.show_step(float(STEPS))
    view.show()
    QApplication.processEvents()
    view.draw_now()
    paint(view)
    return view


def paint(view):
    view.stage.viewport().repaint()


def turned(view, turn):
    view.guide.show_camera(Camera3D(azimuth=-64.0 + 1.0 * (turn % 60)))
    view.draw_now()
    paint(view)


def test_a_frame_of_playing(benchmark, view):
    step = iter(range(10**9))

    def play():
        view.show_step(next(step) * STEPS / 720 % STEPS)  # a race takes 12 s at 60 frames
        paint(view)

    benchmark(play)


def test_a_frame_of_turning_the_surface(benchmark, view, monkeypatch):
    """As a hand turns it: without smooth edges where they would take long."""
    monkeypatch.setattr(view.drawing, "_is_moving", lambda: True)
    turn = iter(range(10**9))
    benchmark(lambda: turned(view, next(turn)))


def test_a_frame_at_rest(benchmark, view):
    """With smooth edges, whatever they cost."""
    turn = iter(range(10**9))
    benchmark(lambda: turned(view, next(turn)))


def test_a_new_mesh(benchmark, view, mesh):
    """As a knob of the surface moves: another mesh of the same shape, seen from the same place."""

    def show():
        view.show_mesh(replace(mesh))
        view.draw_now()
        paint(view)

    benchmark(show)


def test_a_pick(benchmark, view):
    benchmark(lambda: view.projection.data_at(700.0, 480.0))


def test_pyqtgraph_s_bare_surface(benchmark, qtbot, opengl, mesh):
    """The baseline, as large on the screen: no racers, no lines, no axes, no smooth edges."""
    pytest.importorskip("OpenGL")
    gl = pytest.importorskip("pyqtgraph.opengl")
    widget = gl.GLViewWidget()
    qtbot.addWidget(widget)
    widget.resize(*SIZE)
    widget.show()
    axis = np.linspace(-0.5, 0.5, POINTS)
    heights = mesh.vertices[:, 2].reshape(mesh.shape).T * 0.36
    item = gl.GLSurfacePlotItem(x=axis, y=axis, z=heights, shader="shaded", smooth=True)
    widget.addItem(item)
    widget.setCameraPosition(distance=1.86, elevation=46, azimuth=-64)
    QApplication.processEvents()
    widget.grabFramebuffer()

    def turn():
        widget.setCameraPosition(azimuth=widget.opts["azimuth"] + 1.0)
        QApplication.processEvents()

    benchmark(turn)
