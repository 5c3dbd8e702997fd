"""The real program, ended from outside: how it ends, and what the next one finds."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0

pytestmark = [
    pytest.mark.whole,
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
]

#: The program as it is, with a hand that changes the scene and says so.
DRIVEN = """
import sys, time
from PySide6.QtCore import QPointF, QTimer
from PySide6.QtTest import QTest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from optiviz.scene import edits
from optiviz.gui import app

build, what = app.build, sys.argv[1]

def driven(*arguments):
    parts = build(*arguments)
    parts.problems.told.connect(lambda problem: print("told:", problem.sentence, flush=True))
    def act():
        if what != "look":
            gesture = "start" if what == "drag" else None
            parts.editor.edit(edits.move_start, 1.25, 0.5, gesture=gesture)
        if what == "3d":
            parts.commands.show_view_mode("3d")
            QTest.qWait(3000)
        if what == "drag":
            view = parts.window.contour
            QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=view.rect().center())
        if what == "work":
            parts.compute.run_once(lambda _: time.sleep(600), name="endless")
        QApplication.sendPostedEvents()
        print("ready", flush=True)
        if what == "dialog":
            parts.files.ask_open()
    QTimer.singleShot(300, act)
    return parts

app.build = driven
sys.exit(app.run())
"""


#: The command, from the moment at which it can be interrupted.
INTERRUPTIBLE = """
import sys
from optiviz import __main__ as command
sys.stdout.write("ready\\n"); sys.stdout.flush()
sys.exit(command.main())
"""
#: What Qt says of a platform without windows.
QUIET = b"This plugin does not support propagateSizeHints()\n"


@pytest.fixture(autouse=True)
def heard():
    """Whatever a shell or nohup has made these tests deaf to, their programs hear."""
    numbers = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    for number, handler in before.items():
        if handler is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def environ(tmp_path):
    """A user without settings, whose kernels are compiled already."""
    for name in ("home", "config", "runtime"):
        (tmp_path / name).mkdir(mode=0o700)
    return {
        **os.environ,
        "HOME": str(tmp_path / "home"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_RUNTIME_DIR": str(tmp_path / "runtime"),
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
    }


@pytest.fixture
def program():
    started = []

    def start(environ, what):
        process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-c", DRIVEN, what],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        started.append(process)
        said = []
        for line in process.stdout:
            said.append(line.strip())
            if line == "ready\n":
                break
        else:
            raise AssertionError(process.communicate())
        process.said = said
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ended(process):
    out, err = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in out + err
    assert "Fatal" not in err
    return process.returncode


def offers(process):
    return [line for line in process.said if "ended before it was closed" in line]


def left(tmp_path):
    return list((tmp_path / "config").glob("*/left/*.optiviz"))


def running(tmp_path):
    return list((tmp_path / "config").glob("*/running/*.optiviz"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly_and_the_next_one_offers_the_work(
    program, environ, tmp_path, number
):
    first = program(environ, "edit")
    first.send_signal(number)
    assert ended(first) == 128 + number
    second = program(environ, "look")
    assert len(offers(second)) == 1
    assert len(left(tmp_path)) == 1
    second.send_signal(number)
    assert ended(second) == 128 + number
    # Nothing was changed in that one.
    assert offers(program(environ, "look")) == []


@pytest.mark.parametrize("what", ["dialog", "drag", "work"])
def test_a_signal_ends_it_whatever_is_under_way(program, environ, tmp_path, what):
    first = program(environ, what)
    time.sleep(0.5)  # the dialog is up, the job runs
    first.send_signal(signal.SIGINT)
    assert ended(first) == 128 + signal.SIGINT
    assert len(offers(program(environ, "look"))) == 1


def test_a_kill_loses_nothing_that_is_older_than_five_seconds(program, environ, tmp_path):
    first = program(environ, "drag")
    end = time.monotonic() + PATIENCE
    while not running(tmp_path):
        assert time.monotonic() < end
        time.sleep(0.05)
    # A second window comes and goes meanwhile: it is offered nothing, and takes nothing.
    meanwhile = program(environ, "look")
    assert offers(meanwhile) == []
    meanwhile.send_signal(signal.SIGTERM)
    assert ended(meanwhile) == 128 + signal.SIGTERM
    assert len(running(tmp_path)) == 1
    first.kill()
    first.wait()
    assert len(offers(program(environ, "look"))) == 1
    assert len(left(tmp_path)) == 1


@pytest.mark.parametrize("pause", [0.0, 0.005, 0.02, 0.1, 0.5])
def test_a_signal_that_comes_twice_loses_nothing(program, environ, pause):
    # A terminal that is closed sends two: one of the shell's, and one of the system's.
    first = program(environ, "edit")
    first.send_signal(signal.SIGHUP)
    time.sleep(pause)
    first.send_signal(signal.SIGHUP)
    assert ended(first) == 128 + signal.SIGHUP
    assert len(offers(program(environ, "look"))) == 1


def test_who_asks_again_later_gets_an_end_at_once(environ):
    # The window's thread is busy for good, and hears of nothing in its loop.
    code = (
        "import signal, time; from optiviz.gui.qt import signals; signals._SAME = 0.2\n"
        "each = signals.EndSignals(); print('ready', flush=True)\nwhile True: time.sleep(0.01)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=PATIENCE)[1] == b""
    assert process.returncode == -signal.SIGTERM


@pytest.mark.parametrize("command", [(), ("render", "-o", "x.png"), ("list",)])
def test_an_interrupt_while_it_starts_ends_it_in_silence(environ, tmp_path, command):
    # Wherever it comes, in the middle of Qt's own imports too.
    for pause in (0.1, 0.3, 0.6, 0.9):
        process = subprocess.Popen(
            [sys.executable, "-c", INTERRUPTIBLE, *command],
            env=environ,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout.read(6) == b"ready\n"  # before that it is Python that starts
        time.sleep(pause)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
        assert err in (b"", QUIET)
        assert process.returncode in (0, -signal.SIGINT, 128 + signal.SIGINT)


@pytest.mark.parametrize("left", ["lock", "pipe"])
def test_what_others_left_for_dialogs_stops_none(program, environ, tmp_path, left):
    # All Qt programs share this file, in which its dialogs remember their columns.
    if left == "lock":
        (tmp_path / "config" / "QtProject.conf.lock").write_text("1\nx\nhost\n")
    else:
        os.mkfifo(tmp_path / "config" / "QtProject.conf")
    first = program(environ, "dialog")
    time.sleep(0.5)
    first.send_signal(signal.SIGINT)
    assert ended(first) == 128 + signal.SIGINT


def test_what_was_told_not_to_hear_a_signal_does_not(program, environ):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        first = program(environ, "look")
    finally:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    first.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert first.poll() is None
    first.send_signal(signal.SIGTERM)
    assert ended(first) == 128 + signal.SIGTERM


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="a display to lose needs Xvfb")
@pytest.mark.parametrize("what", ["edit", "3d"])
def test_a_display_that_goes_away_ends_it_cleanly(program, environ, what):
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    try:
        os.close(write)
        with os.fdopen(read) as told:
            display = f":{told.readline().strip()}"
        first = program({**environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": display}, what)
    finally:
        server.kill()
        server.wait()
    assert ended(first) == 1
    assert len(offers(program(environ, "look"))) == 1
