"""The slider over the steps of a race: each of its positions is a step."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication, QSlider

from optiviz.gui.panels.step_slider import StepSlider

BUTTON = Qt.MouseButton.LeftButton


@pytest.fixture
def slider(qtbot):
    made = StepSlider(300, "step_slider", "Step that is shown, slider")
    qtbot.addWidget(made)
    made.told = []
    made.value_slid.connect(made.told.append)
    made.slide_finished.connect(lambda: made.told.append("finished"))
    made.reset_wished.connect(lambda: made.told.append("reset"))
    made.resize(600, 24)
    made.show()
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


@pytest.mark.parametrize("steps", [1, 2, 77, 300, 100_000])
def test_its_range_is_the_race(slider, steps):
    slider.show_steps(steps)
    assert (slider.minimum(), slider.maximum(), slider.singleStep()) == (0, steps, 1)
    assert slider.pageStep() == max(1, steps // 20)
    for step in {0, 1, steps // 3, steps - 1, steps}:
        slider.setValue(step)
        assert (slider.value(), slider.knob_value) == (step, step)
        assert slider.accessibleDescription() == f"{step} of {steps}"


def test_a_step_set_by_a_script_counts_as_a_whole_slide(slider):
    slider.setValue(64)
    assert slider.told == [64.0, "finished"]
    slider.triggerAction(QAbstractSlider.SliderAction.SliderSingleStepAdd)
    slider.triggerAction(QAbstractSlider.SliderAction.SliderPageStepSub)
    assert slider.told[2:] == [65.0, "finished", 50.0, "finished"]


def test_assistive_tools_are_told_steps(slider):
    slider.show_value(64.4)
    tool = QAccessible.queryAccessibleInterface(slider)
    values = tool.valueInterface()
    assert tool.role() == QAccessible.Role.Slider
    assert (values.minimumValue(), values.currentValue(), values.maximumValue()) == (0, 64, 300)


def test_showing_never_emits_and_the_playhead_may_be_between_two_steps(slider):
    places = []
    for position in (64.0, 64.25, 64.5, 64.75, 65.0):
        slider.show_value(position)
        places.append(slider._handle_x())
        assert slider.value() == int(position)
    gaps = [after - before for before, after in pairwise(places)]
    assert gaps == pytest.approx([gaps[0]] * 4)
    assert gaps[0] > 0
    assert slider.told == []


def test_the_handle_is_painted_between_two_steps(slider):
    slider.show_steps(4)
    slider.show_value(1.0)
    before = slider.grab().toImage()
    slider.show_value(1.5)
    QApplication.processEvents()
    assert slider.grab().toImage() != before
    middle = QPoint(round(slider._handle_x()), slider.height() // 2)
    assert slider.grab().toImage().pixelColor(middle).name() == slider._look.theme.handle


def test_keys(slider):
    keys = Qt.Key
    slider.show_value(64.4)
    for key, step in (
        (keys.Key_Right, 65),
        (keys.Key_Left, 64),
        (keys.Key_PageUp, 79),
        (keys.Key_PageDown, 64),
        (keys.Key_End, 300),
        (keys.Key_Home, 0),
    ):
        QTest.keyClick(slider, key)
        assert slider.value() == step
    assert slider.told[::2] == [65.0, 64.0, 79.0, 64.0, 300.0, 0.0]
    QTest.keyClick(slider, keys.Key_Left)
    assert len(slider.told) == 12, "there is nothing before the start"
    slider.show_value(64.4)
    QTest.keyClick(slider, keys.Key_Left)
    assert slider.value() == 64
    QTest.keyClick(slider, keys.Key_Delete)
    assert slider.told[-1] == "reset"


def test_a_hand_reaches_whole_steps(slider):
    middle = slider.height() // 2
    QTest.mousePress(slider, BUTTON, pos=QPoint(300, middle))
    for x in (310, 411, 5000):
        QTest.mouseMove(slider, QPoint(x, middle))
    QTest.mouseRelease(slider, BUTTON, pos=QPoint(5000, middle))
    steps = slider.told[:-1]
    assert all(step == int(step) for step in steps)
    assert steps[0] == pytest.approx(150, abs=1)
    assert steps[-1] == 300
    assert slider.told[-1] == "finished"


def test_a_shorter_race_takes_the_playhead_to_its_end(slider):
    slider.show_value(250.0)
    slider.show_steps(100)
    assert slider.value() == 100
    slider.show_steps(300)
    assert slider.value() == 100
    assert slider.told == []
    assert isinstance(slider, QSlider)
    assert slider.value_of(slider.position_of(42.0)) == 42.0
    assert QPointF(slider._handle_x(), 0).x() < slider.width() / 2
