"""What a new plot by step costs: one of the gradient's norm, and all that it has from its base."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from optiviz.engine import run_race
from optiviz.gui.drawing.loss_axes import StepCurve
from optiviz.gui.drawing.loss_curves import StyledCurve
from optiviz.gui.drawing.loss_picture import StepPicture
from optiviz.gui.theme.palette import DARK, LIGHT, Look
from optiviz.gui.views.step_plot import CurvePlot
from optiviz.scene import edits, first_scene

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from optiviz.engine import Race
    from optiviz.scene import Scene


class GradientNormPlot(CurvePlot):
    """The length of each racer's gradient, step by step."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setAccessibleName("Gradient's norm by step")
        self._styles: list[int] = []
        self._curves: tuple[StyledCurve, ...] = ()

    def show_scene(self, scene: Scene) -> None:
        self._styles = [racer.style for racer in scene.racers]

    def show_race(self, race: Race) -> None:
        self._curves = tuple(
            StyledCurve(
                StepCurve(
                    np.hypot(*run.gradients[: run.diverged_step].T), run.diverged_step is not None
                ),
                style,
            )
            for run, style in zip(race.runs, self._styles, strict=True)
        )
        curves = [each.curve for each in self._curves]
        self.fit(race.spec.steps, curves, 0.0, log=True, hold=False)

    def paint_plot(self, painter: QPainter, axes: StepPicture) -> None:
        painter.drawPixmap(0, 0, self.drawn(axes, "ground", (), lambda: axes.draw_ground([], 0.0)))
        curves = self.drawn(axes, "curves", self._curves, lambda: axes.draw_curves(self._curves))
        self.paint_reached(painter, axes, curves)

    def note(self) -> str:
        return "There is no race yet."

    def describe(self) -> None:
        step = int(self.position)
        norms = [each.curve.losses[min(step, len(each.curve.losses) - 1)] for each in self._curves]
        self.setAccessibleDescription(f"Step {step}: {', '.join(f'{norm:.2e}' for norm in norms)}.")


@pytest.fixture(scope="module")
def scene():
    whole = first_scene("rosenbrock")
    for index in reversed(range(1, len(whole.racers))):
        whole = edits.remove_racer(whole, index)
    return edits.set_steps(whole, 200)


@pytest.fixture(scope="module")
def race(scene):
    return run_race(scene.race_spec())


@pytest.fixture
def plot(qtbot, scene, race):
    """The plot in a window, below a field that has the focus."""
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(480, 340)
    column = QVBoxLayout(host)
    column.addWidget(QLineEdit(host))
    plot = GradientNormPlot(host)
    column.addWidget(plot)
    plot.show_scene(scene)
    plot.show_race(race)
    host.show()
    host.activateWindow()
    qtbot.waitExposed(host)
    yield plot
    assert host is plot.window()


def pixels(view) -> np.ndarray:
    """What a view paints, (height, width, 3) in red, green and blue."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8)
    rows = data.reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 2::-1].astype(int)


def rgb(color) -> np.ndarray:
    return np.array(QColor(color).getRgb()[:3])


def test_it_costs_some_forty_lines():
    lines = [line for line in inspect.getsource(GradientNormPlot).splitlines() if line.strip()]
    assert len(lines) <= 45


def test_the_curve_is_the_length_of_the_gradient_at_each_step(plot, scene, race):
    plot.show_step(200.0)
    shown, axes = pixels(plot), plot.axes.plot
    # The surface's own gradient along the path, by numpy alone, and the axis by its two ends.
    path = race.runs[0].path
    norms = np.array([np.linalg.norm(scene.surface.gradient(*point)) for point in path[:-1]])
    low, high = plot.value_range.low, plot.value_range.high
    assert low <= norms.min()
    assert norms.max() <= high
    shares = np.log(norms / low) / np.log(high / low)
    color = rgb(DARK.racers[scene.racers[0].style])
    for step in range(2, 199, 7):
        x = axes.left() + axes.width() * step / 200
        y = axes.bottom() - axes.height() * shares[step]
        part = shown[round(y) - 1 : round(y) + 1, round(x) - 1 : round(x) + 1]
        assert np.abs(part - color).max(axis=2).min() < 12, step


def test_what_is_ahead_of_the_playhead_is_pale_and_the_cursor_stands_there(plot, scene):
    plot.show_step(100.0)
    shown, axes = pixels(plot), plot.axes.plot
    near = np.abs(shown - rgb(DARK.racers[scene.racers[0].style])).max(axis=2) < 12
    middle = round(axes.center().x())
    assert near[:, : middle - 3].any()
    assert not near[:, middle + 3 :].any()
    ink = np.abs(shown[round(axes.top()) : round(axes.bottom())] - rgb(DARK.ink)).max(axis=2) < 90
    assert ink[:, middle - 1 : middle + 2].any(axis=1).all()


def test_a_playing_frame_draws_nothing_anew(plot, monkeypatch):
    pixels(plot)
    monkeypatch.setattr(StepPicture, "draw_curves", None)
    monkeypatch.setattr(StepPicture, "draw_ground", None)
    for step in range(0, 200, 9):
        plot.show_step(float(step))
        pixels(plot)


@pytest.mark.parametrize("change", ["size", "look", "ratio", "race", "back"])
def test_what_lived_through_a_change_paints_as_a_new_one(plot, qtbot, scene, race, change):
    host = plot.window()
    fresh = GradientNormPlot(host)
    shorter = edits.set_steps(scene, 50)
    plot.resize(400, 250)  # else every change would come with one of the size
    pixels(plot)
    for each in (plot, fresh):
        each.show_scene(scene)
        each.show_race(race if change != "race" else run_race(shorter.race_spec()))
        each.show_step(40.0)
        each.show_look(Look(LIGHT, 1.3) if change == "look" else Look())
        each.resize(*((333, 222) if change == "size" else (400, 250)))
        if change == "ratio":
            each.devicePixelRatioF = lambda: 2.0
            QApplication.sendEvent(each, QEvent(QEvent.Type.DevicePixelRatioChange))
            assert each.axes.sharpness == 2.0
    if change == "back":
        plot.show_step(150.0)
        pixels(plot)
        plot.show_step(40.0)
    assert (pixels(plot) == pixels(fresh)).all()


def test_a_hand_moves_the_playhead_by_mouse_and_keys(plot, qtbot):
    wishes = []
    plot.scrub_wished.connect(wishes.append)
    plot.scrub_wished.connect(plot.show_step)
    axes = plot.axes.plot
    at = QPointF(axes.left() + axes.width() / 4, axes.center().y()).toPoint()
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=at)
    assert wishes[-1] == pytest.approx(50.0, abs=1.0)
    plot.show_step(50.0)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert wishes[-1] == 51.0
    qtbot.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert wishes[-1] == 41.0
    interface = QAccessible.queryAccessibleInterface(plot)
    assert interface.text(QAccessible.Text.Description).startswith("Step 41: ")


def test_the_focus_has_a_frame(plot, qtbot):
    accent, corner = rgb(DARK.accent), QPoint(plot.width() // 2, 0)
    assert np.abs(pixels(plot)[corner.y(), corner.x()] - accent).max() > 30
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(plot.hasFocus)
    assert np.abs(pixels(plot)[corner.y(), corner.x()] - accent).max() < 12


def test_without_a_race_it_says_so_and_can_not_be_scrubbed(qtbot):
    empty = GradientNormPlot()
    qtbot.addWidget(empty)
    empty.resize(300, 200)
    wishes = []
    empty.scrub_wished.connect(wishes.append)
    qtbot.keyClick(empty, Qt.Key.Key_Right)
    qtbot.mouseClick(empty, Qt.MouseButton.LeftButton, pos=empty.rect().center())
    assert wishes == []
    shown = pixels(empty)
    assert (shown[0, 0] == rgb(DARK.window)).all()
    assert (np.abs(shown - rgb(DARK.muted)).max(axis=2) < 40).any()
    assert (empty.sizeHint().width(), empty.minimumSizeHint().width()) == (310, 180)
    empty.show_look(Look(DARK, 2.0))
    assert (empty.sizeHint().width(), empty.minimumSizeHint().width()) == (620, 360)


def test_a_cursor_that_a_shorter_race_leaves_behind_stands_at_its_end(plot, scene):
    plot.show_step(200.0)
    plot.show_race(run_race(edits.set_steps(scene, 50).race_spec()))
    shown, right = pixels(plot), round(plot.axes.plot.right())
    row = shown[round(plot.axes.plot.center().y())]
    assert (np.abs(row[right - 2 : right + 2] - rgb(DARK.ink)).max(axis=1) < 90).any()
