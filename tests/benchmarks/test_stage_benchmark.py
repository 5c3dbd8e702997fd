"""How long the stage takes to show a race, beside drawing the same paths curve by curve."""

import os

# Before Qt is loaded: a benchmark needs no display.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from dataclasses import replace

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QApplication

from optiviz.engine import FieldSpec, run_race, sample_field
from optiviz.gui.stage.trails import HALO, WIDTH, Trail
from optiviz.gui.theme import palette as theme
from optiviz.gui.theme.palette import RACER_STYLES, Look
from optiviz.gui.views.contour import ContourView
from optiviz.scene import first_scene

SIZE = (1440, 900)
STEPS = 500

pytestmark = [
    pytest.mark.benchmark(group="stage: 4 racers x 500 steps at 1440 x 900"),
    pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"),
]


@pytest.fixture
def scene():
    return replace(first_scene("beale"), steps=STEPS)


@pytest.fixture
def races(scene):
    """The races that a drag of the start asks for."""
    x, y = scene.start
    return [run_race(replace(scene, start=(x + 0.01 * turn, y)).race_spec()) for turn in range(10)]


@pytest.fixture
def view(qtbot, scene, races):
    theme.load_fonts()
    view = ContourView()
    qtbot.addWidget(view)
    view.resize(*SIZE)
    view.show()
    view.show_look(Look())
    view.show_scene(scene)
    seen = view.projection
    view.show_field(sample_field(FieldSpec(scene.surface, *seen.window, 400, 400)))
    view.show_race(races[0])
    view.show_step(float(STEPS))
    QApplication.processEvents()
    paint(view)
    return view


def paint(view):
    view.stage.viewport().repaint()


def test_a_new_race_is_painted(benchmark, view, races):
    turn = iter(range(10**9))

    def drag():
        view.show_race(races[next(turn) % len(races)])
        paint(view)

    benchmark(drag)


def test_the_same_paths_curve_by_curve(benchmark, view, scene, races):
    """The baseline: PlotCurveItems with the same pens, on the same ground."""
    view.stage.trails.show_trails([])
    box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
    view.stage.setCentralItem(box)
    (x0, x1), (y0, y1) = view.projection.window
    box.setRange(xRange=(x0, x1), yRange=(y0, y1), padding=0, disableAutoRange=True)
    curves = []
    for racer in scene.racers:
        for look_width, color in (
            (WIDTH + 2 * HALO, view.stage.trails.look.theme.halo),
            (WIDTH, view.stage.trails.look.color(racer.style)),
        ):
            pen = QPen(pg.mkColor(color), look_width)
            pen.setCosmetic(True)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if look_width == WIDTH and RACER_STYLES[racer.style].dash:
                pen.setDashPattern(RACER_STYLES[racer.style].dash)
            curve = pg.PlotCurveItem(pen=pen, antialias=True)
            box.addItem(curve, ignoreBounds=True)
            curves.append(curve)
    turn = iter(range(10**9))

    def drag():
        runs = races[next(turn) % len(races)].runs
        for run, pair in zip(runs, zip(curves[0::2], curves[1::2], strict=True), strict=True):
            for curve in pair:
                curve.setData(run.path[:, 0], run.path[:, 1])
        paint(view)

    benchmark(drag)
    for curve in curves:
        box.removeItem(curve)


def test_a_frame_of_playing(benchmark, view):
    step = iter(range(10**9))

    def play():
        view.show_step(next(step) * STEPS / 720 % STEPS)  # a race takes 12 s at 60 frames
        paint(view)

    benchmark(play)


def test_a_pan(benchmark, view):
    x0, x1, y0, y1 = *view.projection.window[0], *view.projection.window[1]
    turn = iter(range(10**9))

    def pan():
        way = 0.02 * (x1 - x0) * (next(turn) % 2)
        view._on_camera_asked(((x0 + way, x1 + way), (y0, y1)))
        paint(view)

    benchmark(pan)


@pytest.mark.benchmark(group="stage: 8 racers x 100,000 steps at 1440 x 900")
@pytest.mark.parametrize("known", [False, True], ids=["new", "seen before"])
def test_eight_long_bouncing_races_are_painted(benchmark, view, known):
    rng = np.random.default_rng(0)
    paths = [rng.normal((2.0, 0.5), (1.0, 0.5), (100_001, 2)) for _ in range(8)]

    def trails():
        # Another array is another path.
        return [Trail(path if known else path.copy(), look) for look, path in enumerate(paths)]

    def show(shown):
        view.stage.trails.show_trails(shown)
        paint(view)

    view.stage.trails.show_position(100_000.0)
    show(trails())
    benchmark.pedantic(show, setup=lambda: ((trails(),), {}), rounds=20)


@pytest.mark.benchmark(group="stage: 8 racers x 100,000 steps at 1440 x 900")
def test_one_of_eight_long_races_is_turned_off_and_on(benchmark, view):
    rng = np.random.default_rng(0)
    view.stage.trails.show_trails(
        [Trail(rng.normal((2.0, 0.5), (1.0, 0.5), (100_001, 2)), look) for look in range(8)]
    )
    view.stage.trails.show_position(100_000.0)
    paint(view)
    turn = iter(range(10**9))

    def toggle():
        off = next(turn) % 2
        view.stage.trails.show_shown([not off, *[True] * 7])
        paint(view)

    benchmark(toggle)
