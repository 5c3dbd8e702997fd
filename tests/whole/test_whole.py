"""The real program in a process of its own: a window under Xvfb, and pictures without a display."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.whole.screens import screen

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "openbox", "xdotool", "import")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
PATIENCE = 30.0

pytestmark = pytest.mark.whole
needs_display = pytest.mark.skipif(
    bool(MISSING) or not sys.platform.startswith("linux"),
    reason=f"a virtual display needs {', '.join(MISSING or NEEDED)} on Linux",
)


def wait_until(what, condition):
    """Wait until a condition gives something true, and give it."""
    end = time.monotonic() + PATIENCE
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.03)


def stop(process):
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture
def environ(tmp_path):
    """A user without a display and without settings."""
    kept = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    kept.update(
        HOME=str(tmp_path / "home"),
        XDG_CONFIG_HOME=str(tmp_path / "config"),
        XDG_RUNTIME_DIR=str(tmp_path / "runtime"),
        PYTHONPATH=str(ROOT),
        PYTHONWARNINGS="error",
    )
    for name in ("home", "config", "runtime"):
        (tmp_path / name).mkdir(mode=0o700)
    return kept


@pytest.fixture
def display(environ, tmp_path):
    """A virtual screen on a free display, with a window manager; gives its environment."""
    with screen(environ, tmp_path / "xvfb.log") as there:
        yield there


class Program:
    """The program, its window, and a real mouse and keyboard."""

    def __init__(self, environ, *arguments):
        self.environ = environ
        self.process = subprocess.Popen(
            [sys.executable, "-m", "optiviz", *map(str, arguments)],
            env=environ,
            cwd=environ["HOME"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.window = wait_until("the window", self.find_window)
        self.title = self.xdotool("getwindowname", self.window)
        wait_until("the focus", lambda: self.xdotool("getactivewindow") == self.window)
        wait_until("the first picture", lambda: (self.picture().max(axis=2) > 20).mean() > 0.9)

    def find_window(self):
        assert self.process.poll() is None, self.process.communicate()
        found = self.xdotool("search", "--onlyvisible", "--name", "OptiViz$")
        return found.split()[0] if found else ""

    def xdotool(self, *words):
        done = subprocess.run(
            ["xdotool", *words],
            env=self.environ,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.stdout.strip()

    @property
    def size(self):
        told = self.xdotool("getwindowgeometry", "--shell", self.window)
        values = dict(re.findall(r"(\w+)=(\d+)", told))
        return int(values["WIDTH"]), int(values["HEIGHT"])

    def picture(self):
        """The window's pixels as they are on the screen, (height, width, 3)."""
        width, height = self.size
        data = subprocess.run(
            ["import", "-window", self.window, "-depth", "8", "rgb:-"],
            env=self.environ,
            capture_output=True,
            check=True,
        ).stdout
        return np.frombuffer(data, np.uint8).reshape(height, width, 3).astype(int)

    def still_picture(self):
        """A picture of a window in which nothing moves any more."""

        def same():
            nonlocal before
            last, before = before, self.picture()
            return last.shape == before.shape and (last == before).all()

        before = self.picture()
        wait_until("a still picture", same)
        return before

    def move(self, x, y):
        self.xdotool("mousemove", "--window", self.window, str(round(x)), str(round(y)))

    def key(self, *keys):
        for key in keys:
            self.xdotool("key", key)

    def close(self, key):
        """End it by a key; gives the exit code and what it printed."""
        self.key(key)
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err


@pytest.fixture
def program(display):
    started = []

    def start(*arguments):
        started.append(Program(display, *arguments))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            stop(each.process)
        for pipe in (each.process.stdout, each.process.stderr):
            pipe.close()


def differ(one, other):
    """How many pixels of two pictures are plainly different."""
    return int((abs(one - other).max(axis=2) > 40).sum())


FIND_START = """
import sys
from PySide6.QtWidgets import QApplication
from optiviz.gui.app import application, build
from optiviz.gui.state.settings import Settings
from optiviz.scene import first_scene
app = application()
window = build(first_scene("beale"), Settings(sys.argv[1])).window
window.resize(int(sys.argv[2]), int(sys.argv[3]))
window.show()
app.processEvents()
stage = window.contour
at = stage.mapTo(window, stage.pixel_of(*window.scene.start))
print(at.x(), at.y())
window.close()
"""


def where_the_start_is(environ, size, folder):
    """Ask a window of the same size, off the screen, where its start handle is."""
    done = subprocess.run(
        [sys.executable, "-c", FIND_START, str(folder / "other.ini"), *map(str, size)],
        env={**environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    x, y = map(float, done.stdout.split())
    return x, y


@pytest.fixture
def scene_file(tmp_path):
    """The first race in a file, so that it waits at the start."""
    from optiviz.scene import first_scene
    from optiviz.scene.file import write

    path = tmp_path / "first.optiviz"
    write(path, first_scene("beale"))
    return path


@needs_display
def test_it_races_at_launch_answers_to_keys_and_closes_cleanly(program):
    app = program()
    assert app.title.endswith("OptiViz")
    # It plays, and nobody has touched it.
    first = app.picture()
    wait_until("the race to move", lambda: differ(app.picture(), first) > 50)
    app.key("space")
    still = app.still_picture()
    app.key("End")
    wait_until("the end of the race", lambda: differ(app.picture(), still) > 200)
    end = app.still_picture()
    app.key("4")
    wait_until("a racer to go", lambda: differ(app.picture(), end) > 100)
    gone = app.still_picture()
    app.key("4")
    # Its name may stand on another side than it did on the way; the racer itself is back.
    wait_until("the racer to come back", lambda: differ(app.picture(), gone) > 100)
    end = app.still_picture()
    app.key("question")
    wait_until("the sheet of keys", lambda: differ(app.picture(), end) > 3000)
    app.key("Escape")
    wait_until("the sheet to go", lambda: differ(app.picture(), end) < 150)
    app.key("space")
    wait_until("the race to start again", lambda: differ(app.picture(), end) > 200)
    # Closed in the middle of playing, by the window manager.
    assert app.close("alt+F4") == (0, "", "")


@needs_display
def test_a_drag_changes_the_picture_while_the_button_is_down(program, scene_file, tmp_path):
    app = program(scene_file)
    assert app.title == "first.optiviz – OptiViz"
    # The pointer rests in a corner, where it is over nothing.
    width, height = app.size
    app.move(width - 3, height - 3)
    untouched = app.still_picture()
    x, y = where_the_start_is(app.environ, app.size, tmp_path)
    app.move(x, y)
    wait_until("the readout", lambda: differ(app.picture(), untouched) > 500)
    before = app.still_picture()
    app.xdotool("mousedown", "1")
    try:
        held = app.still_picture()
        assert differ(held, before) < 500, "pressing alone moved something"
        app.move(x + 60, y + 40)
        app.move(x + 120, y + 80)
        wait_until("the paths to bend", lambda: differ(app.picture(), held) > 2000)
        bent = app.still_picture()
        app.move(x + 150, y - 60)
        wait_until("the paths to bend again", lambda: differ(app.picture(), bent) > 2000)
    finally:
        app.xdotool("mouseup", "1")
    # The whole drag is one step of the history.
    app.key("ctrl+z")
    app.move(width - 3, height - 3)
    # But for the buttons of the history, and names that may have found another place.
    wait_until("the drag to be undone", lambda: differ(app.picture(), untouched) < 1500)
    assert app.close("ctrl+q") == (0, "", "")


@needs_display
def test_a_broken_scene_file_is_told_and_the_first_race_shown(program, tmp_path):
    path = tmp_path / "broken.optiviz"
    path.write_text("{", encoding="utf-8")
    app = program(path)
    first = app.picture()
    wait_until("the race to move", lambda: differ(app.picture(), first) > 50)
    assert app.close("ctrl+q") == (0, "", "")


@needs_display
def test_it_can_be_closed_while_it_is_still_starting(program):
    app = program()
    assert app.close("alt+F4") == (0, "", "")


# Without a display


def optiviz(environ, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "optiviz", *arguments],
        env=environ,
        cwd=environ["HOME"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_picture_without_any_display(environ):
    done = optiviz(environ, "render", "-o", "race.png", "--size", "800x500", "--theme", "light")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    data = (Path(environ["HOME"]) / "race.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) > 20_000


def test_a_window_without_any_display(environ):
    done = optiviz(environ)
    assert done.returncode == 1
    assert "render" in done.stderr
    assert done.stderr.count("\n") == 1
