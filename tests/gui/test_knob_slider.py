import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QSlider, QVBoxLayout, QWidget

from optiviz.engine.part import Knob
from optiviz.gui.theme.palette import DARK, LIGHT, Look
from optiviz.gui.widgets.knob_slider import KnobSlider

LR = Knob(
    "lr", "ε", "learning rate ε", "How far.", 0.01, 1e-9, 1000.0, scale="log", travel=(1e-5, 10.0)
)
BETA = Knob(
    "beta",
    "β",
    "momentum β",
    "Memory.",
    0.9,
    0.0,
    0.999999,
    scale="toward_one",
    travel=(0.0, 0.999),
)
EPOCHS = Knob("n", "n", "epochs n", "How many.", 5, 0, 100, integer=True, travel=(0, 100))
BUTTON = Qt.MouseButton.LeftButton


class Host(QWidget):
    def __init__(self, knob):
        super().__init__()
        layout = QVBoxLayout(self)
        self.slider = KnobSlider(knob, "racer_0.lr.slider", "SGD learning rate ε, slider", self)
        self.other = QLineEdit(self)
        layout.addWidget(self.slider)
        layout.addWidget(self.other)
        self.told = []
        self.slider.value_slid.connect(self.told.append)
        self.slider.slide_finished.connect(lambda: self.told.append("finished"))
        self.slider.reset_wished.connect(lambda: self.told.append("reset"))


@pytest.fixture
def host(qtbot, request):
    made = Host(getattr(request, "param", LR))
    qtbot.addWidget(made)
    made.resize(300, 100)
    made.show()
    made.activateWindow()
    made.slider.setFocus()
    qtbot.waitUntil(made.slider.hasFocus)
    return made


def x_of(slider):
    return round(slider._handle_x())


def at(slider, x):
    return QPoint(round(x), slider.height() // 2)


def turn(widget, notches):
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(widget.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_is_a_slider_to_assistive_tools(host):
    assert isinstance(host.slider, QSlider)
    assert host.slider.accessibleName() == "SGD learning rate ε, slider"
    assert host.slider.accessibleDescription() == "0.01"
    assert host.slider.maximum() - host.slider.minimum() >= 2000


def test_showing_never_emits_and_pins_what_is_outside(host):
    host.slider.show_value(1e-8)
    assert host.slider.value() == host.slider.minimum()
    assert host.slider.knob_value == 1e-8
    host.slider.show_value(900.0)
    assert host.slider.value() == host.slider.maximum()
    assert host.told == []


def test_a_position_set_by_a_tool_counts_as_a_whole_slide(host):
    host.slider.setValue(host.slider.maximum())
    assert host.told == [10.0, "finished"]


def test_a_click_on_the_groove_jumps_there_and_drags_on(host):
    slider = host.slider
    QTest.mousePress(slider, BUTTON, pos=at(slider, 40))
    assert len(host.told) == 1
    assert host.told[0] < 0.01
    assert abs(x_of(slider) - 40) <= 2
    QTest.mouseMove(slider, at(slider, 200))
    assert abs(x_of(slider) - 200) <= 2
    assert host.told[-1] > 0.01
    assert "finished" not in host.told
    QTest.mouseRelease(slider, BUTTON, pos=at(slider, 200))
    assert host.told[-1] == "finished"
    assert host.told.count("finished") == 1


def test_gripping_the_handle_beside_its_middle_moves_nothing(host):
    slider = host.slider
    start = at(slider, x_of(slider) + 4)
    QTest.mousePress(slider, BUTTON, pos=start)
    QTest.mouseRelease(slider, BUTTON, pos=start)
    assert host.told == []


def test_the_handle_keeps_its_distance_to_the_hand(host):
    slider, before = host.slider, x_of(host.slider)
    QTest.mousePress(slider, BUTTON, pos=at(slider, before + 6))
    QTest.mouseMove(slider, at(slider, before + 56))
    assert abs(x_of(slider) - (before + 50)) <= 2
    QTest.mouseRelease(slider, BUTTON, pos=at(slider, before + 56))


def test_a_drag_far_beyond_the_ends_stops_there(host):
    slider = host.slider
    QTest.mousePress(slider, BUTTON, pos=at(slider, x_of(slider)))
    QTest.mouseMove(slider, at(slider, 5000))
    QTest.mouseMove(slider, at(slider, -5000))
    QTest.mouseRelease(slider, BUTTON, pos=at(slider, -5000))
    assert host.told == [10.0, 1e-5, "finished"]


def test_other_buttons_do_nothing(host):
    QTest.mouseClick(host.slider, Qt.MouseButton.RightButton, pos=at(host.slider, 20))
    assert host.told == []


@pytest.mark.parametrize("host", [BETA], indirect=True)
def test_slides_over_neat_values(host):
    slider = host.slider
    QTest.mousePress(slider, BUTTON, pos=at(slider, x_of(slider)))
    for x in range(10, 290, 3):
        QTest.mouseMove(slider, at(slider, x))
    QTest.mouseRelease(slider, BUTTON, pos=at(slider, 289))
    values = [value for value in host.told if value != "finished"]
    assert len(values) > 50
    assert all(len(f"{value:.12g}") <= 6 for value in values)


def test_keys_step(host):
    slider, shift = host.slider, Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(slider, Qt.Key.Key_Right)
    QTest.keyClick(slider, Qt.Key.Key_Down)
    QTest.keyClick(slider, Qt.Key.Key_Up, shift)
    QTest.keyClick(slider, Qt.Key.Key_Left, shift)
    QTest.keyClick(slider, Qt.Key.Key_PageUp)
    QTest.keyClick(slider, Qt.Key.Key_PageDown)
    QTest.keyClick(slider, Qt.Key.Key_Home)
    QTest.keyClick(slider, Qt.Key.Key_End)
    values = [0.02, 0.01, 0.011, 0.01, 0.1, 0.01, 1e-5, 10.0]
    assert host.told == [item for value in values for item in (value, "finished")]


def test_a_held_key_is_one_change(host):
    slider = host.slider
    for _ in range(3):
        QTest.keyPress(slider, Qt.Key.Key_Right)
    assert host.told == [0.02, 0.05, 0.1]
    QTest.keyRelease(slider, Qt.Key.Key_Right)
    assert host.told == [0.02, 0.05, 0.1, "finished"]


def test_leaving_in_the_middle_of_a_key_finishes(host):
    QTest.keyPress(host.slider, Qt.Key.Key_Right)
    host.other.setFocus()
    assert host.told == [0.02, "finished"]


def test_steps_do_not_leave_the_travel_but_come_back_into_it(host):
    slider = host.slider
    slider.show_value(10.0)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert host.told == []
    slider.show_value(200.0)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert host.told == []
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert host.told == [100.0, "finished"]


@pytest.mark.parametrize("host", [EPOCHS], indirect=True)
def test_whole_numbers(host):
    QTest.keyClick(host.slider, Qt.Key.Key_Right)
    assert host.told == [6.0, "finished"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_a_key_wishes_for_the_default(host, key):
    QTest.keyClick(host.slider, key)
    assert host.told == ["reset"]


def test_a_double_click_wishes_for_the_default(host):
    slider = host.slider
    QTest.mouseDClick(slider, BUTTON, pos=at(slider, x_of(slider)))
    assert host.told == ["reset"]
    QTest.mouseMove(slider, at(slider, 10))
    assert host.told == ["reset"]


def test_the_wheel_turns_only_with_focus(host, qtbot):
    assert turn(host.slider, 1)
    assert turn(host.slider, 1)
    assert host.told == [0.02, 0.05]
    qtbot.waitUntil(lambda: host.told[-1] == "finished")
    host.other.setFocus()
    assert not turn(host.slider, 1)
    assert host.told == [0.02, 0.05, "finished"]


def test_its_keys_come_before_the_windows(host):
    fired = []
    for key in ("Home", "End", "Right", "Space"):
        QShortcut(key, host).activated.connect(lambda key=key: fired.append(key))
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Space):
        QTest.keyClick(host.slider, key)
    assert fired == ["Space"]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_is_painted_in_the_racers_colour_with_a_visible_focus(host, theme, scale):
    slider, look = host.slider, Look(theme, scale)
    height = slider.sizeHint().height()
    slider.show_look(look, look.color(0))
    assert slider.sizeHint().height() == round(height * scale)
    QApplication.processEvents()
    focused = slider.grab().toImage()
    middle = slider.height() // 2
    assert focused.pixelColor(20, middle) == QColor(theme.racers[0])
    assert focused.pixelColor(slider.width() - 20, middle) == QColor(theme.groove)
    assert focused.pixelColor(x_of(slider), middle) == QColor(theme.handle)

    def ring(image):
        reach = round(look.px(7.5)) + 2
        return {image.pixelColor(x_of(slider), middle - reach + off).name() for off in (-1, 0, 1)}

    assert theme.accent in ring(focused)
    host.other.setFocus()
    QApplication.sendEvent(slider, QEvent(QEvent.Type.Leave))
    assert theme.accent not in ring(slider.grab().toImage())
