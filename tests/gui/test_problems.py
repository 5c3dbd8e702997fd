"""Problems and MessageBar: whatever goes wrong reaches the user, once, and without a dialog."""

from __future__ import annotations

import logging
import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, QTimer, Signal, qWarning
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QToolButton

from optiviz.gui.panels.message_bar import MessageBar
from optiviz.gui.state.problems import Problem, Problems
from optiviz.gui.theme import palette as theme
from optiviz.gui.theme.palette import Look


@pytest.fixture
def problems(qapp):
    made = Problems()
    yield made
    made.remove_hooks()


@pytest.fixture
def told(problems):
    said = []
    problems.told.connect(said.append)
    return said


def test_what_is_told_arrives(problems, told, qtbot):
    problems.tell("The scene could not be saved.", kind="warning", details="disk full")
    assert not told, "queued, so that nothing moves in the middle of a paint event"
    qtbot.waitUntil(lambda: bool(told))
    assert told == [Problem("warning", "The scene could not be saved.", "disk full")]


def test_what_comes_again_is_counted(problems, told, qtbot):
    for sentence in ("a", "a", "a", "b", "a"):
        problems.tell(sentence)
    qtbot.waitUntil(lambda: len(told) == 5)
    assert [(problem.sentence, problem.count) for problem in told] == [
        ("a", 1), ("a", 2), ("a", 3), ("b", 1), ("a", 1),
    ]  # fmt: skip


def test_a_thread_may_tell(problems, told, qtbot):
    arrived_in = []
    problems.told.connect(lambda _: arrived_in.append(QThread.currentThread()))
    thread = threading.Thread(target=problems.tell, args=("from afar",))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(told))
    assert arrived_in == [QCoreApplication.instance().thread()]


def test_an_exception_in_a_slot_is_told_with_its_traceback(problems, told, qtbot, caplog):
    class Button(QObject):
        clicked = Signal()

    def on_clicked():
        raise ZeroDivisionError("by zero.")

    problems.install_hooks()
    button = Button()
    button.clicked.connect(on_clicked)
    with caplog.at_level(logging.CRITICAL + 1, logger="optiviz"):
        button.clicked.emit()
    qtbot.waitUntil(lambda: bool(told))
    (problem,) = told
    assert problem.kind == "error"
    assert problem.sentence == "Something unexpected went wrong (ZeroDivisionError: by zero)."
    assert "on_clicked" in problem.details


def test_an_exception_in_a_thread_is_told(problems, told, qtbot):
    def work():
        raise LookupError

    problems.install_hooks()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].sentence == "Work in the background failed (LookupError)."
    assert "in work" in told[0].details


def test_an_exception_that_nobody_can_catch_is_told(problems, told, qtbot):
    class Untidy:
        def __del__(self):
            raise OSError("still open")

    problems.install_hooks()
    Untidy()
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].sentence == "Something could not be tidied up (OSError: still open)."
    assert "__del__" in told[0].details


def test_an_interrupt_is_no_problem(problems, told, qtbot):
    passed_on = []
    before, sys.excepthook = sys.excepthook, lambda *args: passed_on.append(args[0])
    try:
        problems.install_hooks()
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
        problems.remove_hooks()
    finally:
        sys.excepthook = before
    qtbot.wait(10)
    assert passed_on == [KeyboardInterrupt]
    assert not told


def test_a_message_of_qt_goes_to_the_log_alone(problems, told, qtbot, caplog, capfd):
    problems.install_hooks()
    with caplog.at_level(logging.DEBUG, logger="optiviz.qt"):
        qWarning("a layout has no parent")
    problems.remove_hooks()
    qtbot.wait(10)
    (record,) = [record for record in caplog.records if record.name == "optiviz.qt"]
    assert record.levelno == logging.WARNING
    assert "a layout has no parent" in record.getMessage()
    assert not told


def test_the_hooks_that_were_there_come_back(problems):
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    problems.install_hooks()
    problems.install_hooks()
    assert sys.excepthook != before[0]
    problems.remove_hooks()
    problems.remove_hooks()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


def test_a_fault_in_the_telling_does_not_go_round_in_circles(problems, told, qtbot):
    def on_told(_problem):
        raise RuntimeError("the message bar is broken")

    problems.install_hooks()
    problems.told.connect(on_told)
    problems.tell("something")
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(30)
    assert [problem.sentence for problem in told] == ["something"]


# The bar


@pytest.fixture
def bar(qtbot):
    made = MessageBar(info_seconds=0.02)
    qtbot.addWidget(made)
    return made


def part(bar, name, kind):
    return bar.findChild(kind, f"message_bar.{name}")


def test_the_bar_is_hidden_until_there_is_something_to_say(bar):
    assert bar.objectName() == "message_bar"
    assert bar.isHidden()
    bar.show_problem(Problem("error", "The race could not be computed."))
    assert not bar.isHidden()
    assert part(bar, "sentence", QLabel).text() == "The race could not be computed."
    assert bar.accessibleName() == "Error: The race could not be computed."
    bar.dismiss()
    assert bar.isHidden()


def test_infos_leave_by_themselves_and_the_rest_stays(bar, qtbot):
    bar.show_problem(Problem("warning", "The settings could not be read."))
    bar.show_problem(Problem("info", "Saved."))
    assert bar.problem.kind == "warning"
    qtbot.waitUntil(lambda: not bar.findChild(QTimer).isActive())
    bar.dismiss()
    assert bar.isHidden(), "the info is gone too"


def test_an_info_alone_leaves_the_screen(bar, qtbot):
    bar.show_problem(Problem("info", "Saved."))
    assert not bar.isHidden()
    qtbot.waitUntil(bar.isHidden)


def test_an_error_is_not_covered_by_what_comes_after(bar):
    bar.show_problem(Problem("error", "first"))
    bar.show_problem(Problem("error", "second"))
    bar.show_problem(Problem("warning", "third"))
    assert bar.problem.sentence == "second"
    assert part(bar, "count", QLabel).text() == "and 2 more"
    bar.dismiss()
    assert bar.problem.sentence == "first"
    bar.dismiss()
    assert bar.problem.sentence == "third"


def test_what_comes_again_counts_on(bar):
    bar.show_problem(Problem("error", "again"))
    bar.show_problem(Problem("error", "again", count=2))
    assert part(bar, "count", QLabel).text() == "2 times"
    bar.dismiss()
    assert bar.isHidden()


def test_details_open_and_close(bar, qtbot):
    button = part(bar, "details", QToolButton)
    text = part(bar, "text", QPlainTextEdit)
    bar.show_problem(Problem("error", "no details here"))
    assert button.isHidden()
    bar.show_problem(Problem("error", "broken", "Traceback: line 1"))
    assert not button.isHidden()
    assert text.isHidden()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not text.isHidden()
    assert text.toPlainText() == "Traceback: line 1"
    bar.dismiss()
    assert text.isHidden(), "the next message has no details"


def test_escape_dismisses(bar, qtbot):
    bar.show_problem(Problem("error", "broken"))
    qtbot.keyClick(part(bar, "dismiss", QToolButton), Qt.Key.Key_Escape)
    assert bar.isHidden()


def test_a_sentence_is_never_taken_for_markup(bar):
    bar.show_problem(Problem("error", "<b>x</b> is not a number."))
    assert part(bar, "sentence", QLabel).textFormat() == Qt.TextFormat.PlainText


def test_screen_readers_hear_of_it(bar, monkeypatch):
    heard = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: heard.append(event))
    bar.show_problem(Problem("error", "broken"))
    bar.show_problem(Problem("error", "broken", count=2))
    assert len(heard) == 1, "not at every repetition"
    assert heard[0].type() == QAccessible.Event.Alert


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_every_look_can_be_shown(bar, name, scale):
    bar.show_problem(Problem("warning", "A long sentence. " * 20, "details"))
    bar.show_look(Look(theme.THEMES[name], scale))
    bar.resize(600, bar.sizeHint().height())
    assert not bar.grab().isNull()
