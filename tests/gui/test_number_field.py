from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from optiviz.engine.part import Knob
from optiviz.gui.theme.palette import Look
from optiviz.gui.theme.stylesheet import stylesheet
from optiviz.gui.widgets.number_field import NumberField

LR = Knob(
    "lr", "ε", "learning rate ε", "How far.", 0.01, 1e-9, 1000.0, scale="log", travel=(1e-5, 10.0)
)
EPOCHS = Knob("n", "n", "epochs n", "How many.", 5, 0, 100, integer=True, travel=(0, 100))
NO_MODIFIER = Qt.KeyboardModifier.NoModifier
SENTENCE = "ε must be a number from 1e-9 to 1000"


class Host(QWidget):
    """A window with two fields, so that the focus can go from one to the other."""

    def __init__(self, knob=LR):
        super().__init__()
        layout = QVBoxLayout(self)
        self.field = NumberField(knob, "racer_0.lr", "SGD learning rate ε", self)
        self.other = QLineEdit(self)
        layout.addWidget(self.field)
        layout.addWidget(self.other)
        layout.addStretch()
        self.typed, self.refused = [], []
        self.field.value_typed.connect(self.typed.append)
        self.field.refused.connect(self.refused.append)

    def bubbles(self):
        return [
            label
            for label in self.findChildren(QLabel)
            if label.property("bubble") and label.isVisible()
        ]


@pytest.fixture
def host(qtbot):
    return shown(qtbot, Host())


def shown(qtbot, host):
    qtbot.addWidget(host)
    host.resize(400, 200)
    host.show()
    host.activateWindow()
    host.field.setFocus()
    qtbot.waitUntil(host.field.hasFocus)
    return host


def type_over(field, text):
    field.selectAll()
    if not text.isascii():
        field.insert(text)  # pasted: QTest knows no keys but Latin ones
    elif text:
        QTest.keyClicks(field, text)
    else:
        QTest.keyClick(field, Qt.Key.Key_Delete)


def turn(widget, notches, modifiers=Qt.KeyboardModifier.NoModifier):
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(widget.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_is_named_for_scripts_and_screen_readers(host):
    assert host.field.objectName() == "racer_0.lr"
    assert host.field.accessibleName() == "SGD learning rate ε"
    assert host.field.alignment() & Qt.AlignmentFlag.AlignRight


def test_showing_never_emits(host):
    host.field.show_value(0.25)
    assert (host.field.text(), host.typed, host.refused) == ("0.25", [], [])


@pytest.mark.parametrize(("text", "value"), [("0,02", 0.02), ("2e-2", 0.02), ("1e−3", 0.001)])
def test_enter_takes_what_was_typed(host, text, value):
    type_over(host.field, text)
    assert host.typed == []
    QTest.keyClick(host.field, Qt.Key.Key_Return)
    assert host.typed == [value]
    assert host.field.value == value
    assert host.field.hasFocus()
    assert host.field.selectedText() == host.field.text()


def test_leaving_takes_what_was_typed(host):
    type_over(host.field, "0.5")
    host.other.setFocus()
    assert host.typed == [0.5]
    host.field.setFocus()
    host.other.setFocus()
    assert host.typed == [0.5]


def test_a_text_set_by_a_script_is_taken_as_if_typed(host):
    host.field.setText("0.5")
    QTest.keyClick(host.field, Qt.Key.Key_Enter)
    assert host.typed == [0.5]


def test_the_same_number_written_otherwise_is_no_change(host):
    type_over(host.field, "1e-2")
    QTest.keyClick(host.field, Qt.Key.Key_Return)
    assert (host.typed, host.field.text()) == ([], "0.01")


@pytest.mark.parametrize("text", ["100,000", "1.000", "1,000"])
def test_a_whole_number_with_a_comma_for_thousands_is_refused_and_told_why(qtbot, text):
    steps = Knob("steps", "steps", "steps", "How many.", 300, low=1, high=100_000, integer=True)
    field = NumberField(steps, "steps", "Steps of the race")
    qtbot.addWidget(field)
    typed, refused = [], []
    field.value_typed.connect(typed.append)
    field.refused.connect(refused.append)
    type_over(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert typed == []
    assert refused == ["steps must be a whole number from 1 to 100000, without “,” or “.”"]
    type_over(field, "100\u202f000")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (typed, field.text()) == ([100_000.0], "100000")


@pytest.mark.parametrize("text", ["", "abc", "inf", "nan", "-1", "1e4", "1e999", "0"])
def test_what_is_not_allowed_is_refused_and_the_old_value_stays(host, text):
    type_over(host.field, text)
    QTest.keyClick(host.field, Qt.Key.Key_Return)
    assert (host.typed, host.refused, host.field.value) == ([], [SENTENCE], 0.01)
    assert host.field.property("invalid") is True
    assert host.field.text() == text
    assert host.field.accessibleDescription() == SENTENCE
    (bubble,) = host.bubbles()
    assert bubble.text() == SENTENCE
    assert bubble.y() > host.field.y()
    assert host.rect().contains(bubble.geometry())
    host.other.setFocus()
    assert host.field.text() == "0.01"
    assert host.field.property("invalid") is False
    assert host.bubbles() == []
    assert host.refused == [SENTENCE]


def test_leaving_with_something_refused_says_why(host):
    type_over(host.field, "abc")
    host.other.setFocus()
    assert (host.refused, host.field.text()) == ([SENTENCE], "0.01")
    assert host.field.property("invalid") is False
    assert [bubble.text() for bubble in host.bubbles()] == [SENTENCE]
    host.field.setFocus()
    QTest.keyClicks(host.field, "2")
    assert host.bubbles() == []
    assert host.field.accessibleDescription() == ""


def test_the_next_edit_takes_the_complaint_back(host):
    type_over(host.field, "abc")
    QTest.keyClick(host.field, Qt.Key.Key_Return)
    QTest.keyClick(host.field, Qt.Key.Key_Backspace)
    assert host.field.property("invalid") is False
    assert host.bubbles() == []


def test_the_bubble_goes_by_itself(host, qtbot):
    type_over(host.field, "abc")
    QTest.keyClick(host.field, Qt.Key.Key_Return)
    (bubble,) = host.bubbles()
    with qtbot.waitSignal(bubble.destroyed):
        bubble.dismiss()  # what its timer calls
    assert host.bubbles() == []
    QTest.keyClick(host.field, Qt.Key.Key_Return)
    assert len(host.bubbles()) == 1


def test_a_field_that_is_deleted_with_its_bubble_leaves_nothing(host):
    type_over(host.field, "abc")
    QTest.keyClick(host.field, Qt.Key.Key_Return)
    host.field.hide()
    assert host.bubbles() == []
    host.field.deleteLater()


def test_escape_restores(host):
    type_over(host.field, "abc")
    QTest.keyClick(host.field, Qt.Key.Key_Return)
    QTest.keyClick(host.field, Qt.Key.Key_Escape)
    assert (host.field.text(), host.bubbles(), host.typed) == ("0.01", [], [])
    type_over(host.field, "0.7")
    QTest.keyClick(host.field, Qt.Key.Key_Escape)
    host.other.setFocus()
    assert (host.field.text(), host.typed) == ("0.01", [])


def test_arrow_keys_step(host):
    QTest.keyClick(host.field, Qt.Key.Key_Up)
    QTest.keyClick(host.field, Qt.Key.Key_Down)
    QTest.keyClick(host.field, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert host.typed == [0.02, 0.01, 0.011]
    assert host.field.text() == "0.011"


def test_a_step_goes_on_from_what_is_being_typed(host):
    type_over(host.field, "0.3")
    QTest.keyClick(host.field, Qt.Key.Key_Up)
    type_over(host.field, "abc")
    QTest.keyClick(host.field, Qt.Key.Key_Up)
    assert host.typed == [0.5, 1.0]


def test_steps_end_at_the_range(host):
    host.field.show_value(1000.0)
    QTest.keyClick(host.field, Qt.Key.Key_Up)
    assert (host.typed, host.field.text()) == ([], "1000")


def test_the_wheel_steps_only_with_focus(host):
    assert turn(host.field, 1)
    assert host.typed == [0.02]
    host.other.setFocus()
    assert not turn(host.field, 1)
    assert host.typed == [0.02]


def test_whole_numbers_only(qtbot):
    host = shown(qtbot, Host(EPOCHS))
    type_over(host.field, "2.5")
    QTest.keyClick(host.field, Qt.Key.Key_Return)
    assert host.refused == ["n must be a whole number from 0 to 100"]
    type_over(host.field, "7")
    QTest.keyClick(host.field, Qt.Key.Key_Return)
    assert (host.typed, host.field.text()) == ([7.0], "7")


def test_showing_the_value_in_force_leaves_the_typing_alone(host):
    type_over(host.field, "0.0")
    host.field.show_value(0.01)
    assert host.field.text() == "0.0"
    host.field.show_value(0.2)
    assert host.field.text() == "0.2"


def test_a_change_that_is_not_accepted_can_be_shown_back(host):
    host.field.value_typed.connect(lambda _: host.field.show_value(0.01))
    type_over(host.field, "5")
    QTest.keyClick(host.field, Qt.Key.Key_Return)
    assert host.field.text() == "0.01"


def test_space_and_undo_are_left_to_the_window(host):
    fired = []
    for key in ("Space", "Ctrl+Z"):
        QShortcut(key, host).activated.connect(lambda key=key: fired.append(key))
    QTest.keyClick(host.field, Qt.Key.Key_Space)
    QTest.keyClick(host.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert fired == ["Space", "Ctrl+Z"]
    type_over(host.field, "0.5")
    QTest.keyClick(host.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert fired == ["Space", "Ctrl+Z"]
    assert host.typed == []


def test_a_click_selects_all_and_the_next_one_places_the_cursor(host):
    field = host.field
    host.other.setFocus()
    middle = QPoint(field.width() - 12, field.height() // 2)  # in the number
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, pos=middle)
    assert field.selectedText() == "0.01"
    QTest.qWait(QApplication.doubleClickInterval() + 20)
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, pos=middle)
    assert field.selectedText() == ""
    QTest.keyClick(field, Qt.Key.Key_End)
    QTest.keyClicks(field, "5")
    assert field.text() == "0.015"
    QTest.mouseDClick(field, Qt.MouseButton.LeftButton, pos=middle)
    assert field.selectedText() == "0.015"


def test_a_part_can_be_dragged_over_at_the_first_press(host):
    field = host.field
    host.other.setFocus()
    y = field.height() // 2
    QTest.mousePress(field, Qt.MouseButton.LeftButton, pos=QPoint(field.width() - 3, y))
    letter = field.fontMetrics().horizontalAdvance("0")
    QTest.mouseMove(field, QPoint(field.width() - 3 - 2 * letter, y))
    QTest.mouseRelease(
        field, Qt.MouseButton.LeftButton, pos=QPoint(field.width() - 3 - 2 * letter, y)
    )
    assert field.selectedText() in ("1", "01")


def test_space_is_a_letter_once_something_is_typed(qtbot):
    host = shown(qtbot, Host(replace(EPOCHS, high=9999, default=1)))
    field = host.field
    QTest.keyClick(host, Qt.Key.Key_Space)
    assert field.text() == "1"
    # Typed over with the same digit, and then a space: it is not the value in force that is meant.
    QTest.keyClicks(field, "1 500")
    assert field.text() == "1 500"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert host.typed == [1500.0]
    assert unwanted(field)
    QTest.keyClicks(field, "1500")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert unwanted(field)


def test_space_is_a_letter_where_the_cursor_was_placed(host):
    assert unwanted(host.field)
    QTest.keyClick(host.field, Qt.Key.Key_Up)
    assert unwanted(host.field)
    host.field.show_value(0.5)
    assert unwanted(host.field)
    QTest.keyClick(host.field, Qt.Key.Key_Left)
    assert not unwanted(host.field)


def unwanted(field):
    """Whether the field leaves Space to whoever stands around it."""
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, NO_MODIFIER, " ")
    QApplication.sendEvent(field, event)
    return not event.isAccepted()


def test_its_size_does_not_depend_on_its_value(host):
    before = host.field.sizeHint()
    for value in (1e-9, 1000.0, 0.123456789):
        host.field.show_value(value)
        assert host.field.sizeHint() == before
        assert host.field.minimumSizeHint() == before
    assert host.field.cursorPosition() == 0


@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_refusal_shows_in_more_than_colour(qtbot, scale):
    host = Host()
    host.setStyleSheet(stylesheet(Look(scale=scale)))
    shown(qtbot, host)
    before, size = host.field.grab().toImage(), host.field.sizeHint()
    type_over(host.field, "abc")
    QTest.keyClick(host.field, Qt.Key.Key_Return)
    after = host.field.grab().toImage()
    error = Look().theme.error
    middle = host.field.height() // 2
    edge = [after.pixelColor(x, middle).name() for x in range(4)]
    assert edge == [error] * 4
    assert before.pixelColor(3, middle).name() != error
    assert host.field.sizeHint() == size
