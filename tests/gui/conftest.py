"""What every GUI test has: fonts, settings of its own, and a look at what it left behind."""

from __future__ import annotations

import gc
import importlib.util
import os
import sys
import threading
from itertools import count
from pathlib import Path

# Before Qt is loaded: a test needs no display. Tests of OpenGL choose another platform.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from optiviz.engine import warm_up
from optiviz.gui.app import application, build
from optiviz.gui.compute import lane
from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.drawing.layer import Layer
from optiviz.gui.state.settings import Settings
from optiviz.gui.theme import palette as theme
from optiviz.scene import first_scene

# The offscreen platform has no window manager to pass size hints, raised windows and grabs on to,
# and says so each time.
_HARMLESS = r"This plugin does not support (propagateSizeHints|raise|grabbing)"


def pytest_itemcollected(item):
    item.add_marker(pytest.mark.qt_log_ignore(_HARMLESS))


#: Every so many tests everything is looked through, not only what the test made.
_OFTEN = 20
_looks = count()


@pytest.fixture(scope="session", autouse=True)
def fonts(qapp):
    theme.load_fonts()


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    """Keep the tests away from the settings of whoever runs them."""
    folder = tmp_path / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def hooks_restored(qapp):
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    yield
    after = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    sys.excepthook, threading.excepthook, sys.unraisablehook = before
    assert after == before, "the test left its hooks for exceptions installed"


@pytest.fixture(autouse=True)
def nothing_left(qapp, own_settings, hooks_restored):
    """Fail a test that leaves a window, a running thread or a ticking timer."""
    main_thread = qapp.thread()
    widgets_before = set(_top_level_widgets())
    threads_before = set(threading.enumerate())
    if next(_looks) % _OFTEN == 0:
        # Windows of earlier tests that were closed too late to be collected then.
        gc.collect()
    # What is frozen is not looked through afterwards, which keeps the look cheap.
    gc.freeze()
    yield
    for thread in lane.left_behind:
        thread.wait(30_000)  # what a window was preparing when it was closed
    lane.left_behind.clear()
    _finish_deletions()
    gc.collect()
    made = [thing for thing in gc.get_objects() if issubclass(type(thing), (QThread, QTimer))]
    left = [f"the window {_name(w)}" for w in _top_level_widgets() if w not in widgets_before]
    for thing in made:
        if not isValid(thing) or thing is main_thread:
            continue
        if isinstance(thing, QThread) and thing.isRunning():
            left.append(f"the running thread {_name(thing)}")
        elif isinstance(thing, QTimer) and thing.isActive():
            left.append(f"the active timer {_name(thing)} of {_name(thing.parent())}")
            thing.stop()  # so that it is told of once
    left += [
        f"the thread {thread.name}"
        for thread in threading.enumerate()
        if thread not in threads_before and not thread.daemon
    ]
    gc.unfreeze()
    assert not left, "the test left behind: " + "; ".join(left)


@pytest.fixture(scope="session")
def window_driver():
    """The class that drives a window; test folders are no packages to import from."""
    place = Path(__file__).with_name("window_driver.py")
    spec = importlib.util.spec_from_file_location("window_driver", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.WindowDriver


@pytest.fixture(scope="session")
def kernels():
    """Compile once, so that no window is closed in the middle of it."""
    warm_up()


@pytest.fixture
def opened(qtbot, qapp, tmp_path, window_driver, kernels):
    """Build and show windows, each with its first race on the screen and nothing under way."""
    drivers = []

    def open_window(scene=None, settings=None, size=(1440, 900)):
        application()
        settings = settings or Settings(tmp_path / "optiviz.ini")
        parts = build(scene or first_scene("beale"), settings)
        qtbot.addWidget(parts.window)
        driver = window_driver(qtbot, parts)
        drivers.append(driver)
        parts.window.resize(*size)
        parts.window.show()
        parts.window.activateWindow()
        parts.window.contour.setFocus()
        qtbot.waitUntil(parts.window.contour.hasFocus)
        driver.settle()
        return driver

    yield open_window
    for driver in drivers:
        if isValid(driver.window):
            _forget_pictures(driver.window.contour.stage)
            driver.window.close()
    qapp.processEvents()
    wrong = [problem for driver in drivers for problem in driver.told if problem.kind == "error"]
    assert not wrong, "the window told of an error that no test expected"


@pytest.fixture
def ui(opened):
    """The first race in a window of 1440 x 900."""
    return opened()


def _forget_pictures(stage) -> None:
    """Drop what a stage has drawn: PySide holds on to one whose viewport was asked for."""
    for item in stage.items():
        if hasattr(item, "changed"):
            item.changed()
        for kept in vars(item).values() if isinstance(item, Layer) else ():
            if isinstance(kept, KeptPicture):
                kept.forget()


def _top_level_widgets() -> list[QWidget]:
    return [widget for widget in QApplication.topLevelWidgets() if isValid(widget)]


def _name(thing) -> str:
    return f"{type(thing).__name__} {thing.objectName()!r}" if thing is not None else "nobody"


def _finish_deletions() -> None:
    for _ in range(3):  # one deletion may lead to another
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
