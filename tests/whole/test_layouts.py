"""The real window under a real X server, whose keyboard has another layout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.whole.screens import screen

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "openbox", "xdotool", "setxkbmap")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
PATIENCE = 60.0  # seconds

pytestmark = [
    pytest.mark.whole,
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(MISSING) or not sys.platform.startswith("linux"),
        reason=f"another keyboard needs {', '.join(MISSING or NEEDED)} on Linux",
    ),
]

# Opens the window, and prints each command that a key asks for instead of doing it.
LISTEN = r"""
import sys
from optiviz.gui.app import application, build
from optiviz.gui.state.settings import Settings
from optiviz.scene import first_scene
app = application([])
parts = build(first_scene("beale"), Settings(sys.argv[1]))
window = parts.window
window.command_wished.disconnect(parts.commands.on_command)
window.command_wished.connect(lambda wished: print(wished.keys[0], flush=True))
window.show()
window.stages.front.setFocus()
app.exec()
"""

#: The keys of an American keyboard, and what they ask for on it.
PLACES = {24: "Q", 25: "W", 27: "R", 33: "P", 38: "A", 46: "L", 54: "C", 57: "N", 59: ",", 60: "."}
DIGITS = {10: "1", 13: "4", 17: "8"}
UNUSED = {"Q", "P"}
LETTERS = [sign for sign in PLACES.values() if sign not in UNUSED]
LAYOUTS = {
    "us": [*LETTERS, *DIGITS.values(), "Ctrl+Z"],
    "ru": [*LETTERS, *DIGITS.values(), "Ctrl+Z"],
    "gr": [*LETTERS, *DIGITS.values(), "Ctrl+Z"],
    "il": [*LETTERS, *DIGITS.values(), "Ctrl+Z"],
    "ara": [*LETTERS, *DIGITS.values(), "Ctrl+Z"],
    # A stands left of Z, W left of X; ; : in place of comma and point; digits with Shift.
    "fr": ["A", "R", "L", "C", "N", *DIGITS.values()],
    # What stands there writes ' , p l a n j b w v and, at the end, Ctrl with a semicolon.
    "us(dvorak)": [",", "L", "A", "N", "B", "W", "V", *DIGITS.values()],
}


@pytest.fixture
def there(tmp_path):
    """A screen, and in it a user without settings."""
    kept = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    kept.update(PYTHONPATH=str(ROOT), HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path))
    with screen(kept, tmp_path / "xvfb.log") as environ:
        yield environ


def xdotool(environ, *words):
    command = ["xdotool", *map(str, words)]
    done = subprocess.run(command, env=environ, capture_output=True, encoding="utf-8", check=False)
    return done.stdout.strip()


def test_letters_and_digits_on_seven_layouts(there, tmp_path):
    heard = tmp_path / "heard"
    with heard.open("w") as out:
        program = subprocess.Popen(
            [sys.executable, "-c", LISTEN, str(tmp_path / "settings.ini")], env=there, stdout=out
        )

    def wait_for(sign, already):
        end = time.monotonic() + PATIENCE
        while len(told := heard.read_text().split("\n")[:-1]) <= already or told[-1] != sign:
            assert program.poll() is None
            assert time.monotonic() < end, told
            time.sleep(0.05)
        return told

    try:
        end = time.monotonic() + PATIENCE
        while not xdotool(there, "search", "--onlyvisible", "--name", "OptiViz$"):
            assert program.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)
        while heard.read_text() == "":  # until it has the focus
            xdotool(there, "key", "F11")
            time.sleep(0.2)
        for layout, wanted in LAYOUTS.items():
            name, _, variant = layout.rstrip(")").partition("(")
            subprocess.run(["setxkbmap", name, "-variant", variant], env=there, check=True)
            before = len(heard.read_text().split("\n")[:-1])
            # F11 is on every keyboard: what is told before it is the layout's.
            xdotool(there, "key", "F11")
            before = len(wait_for("F11", before))
            xdotool(there, "key", *PLACES, *DIGITS, "ctrl+52", "F11")
            told = wait_for("F11", before)
            assert told[before:-1] == wanted, layout
    finally:
        program.terminate()
        program.wait(PATIENCE)
