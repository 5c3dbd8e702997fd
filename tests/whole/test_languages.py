"""The real program in seven languages: it starts, and shows and writes what it does in English."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
#: Turkish has another capital of i; German and French a decimal comma; Arabic, Persian and Hindi
#: digits of their own, the first two from right to left; Japanese no spaces between words.
LANGUAGES = ("tr_TR", "de_DE", "fr_FR", "ar_EG", "fa_IR", "hi_IN", "ja_JP")
PATIENCE = 300  # seconds, of which it takes ten
SOURCES = Path("/usr/share/i18n/locales")
MISSING = shutil.which("localedef") is None or not (SOURCES / "tr_TR").exists()

pytestmark = [
    pytest.mark.whole,
    pytest.mark.slow,
    pytest.mark.skipif(MISSING, reason="making a locale needs Debian's package locales"),
]

# Starts as the command does, types into the window and looks at it, and closes it.
LOOK = r"""
import json, sys
from hashlib import sha256
from pathlib import Path
from PySide6.QtCore import QBuffer, QLocale, QTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from optiviz.gui.views.curves import CurvesView
from optiviz.gui.views.schedule import ScheduleView
from optiviz import cli
from optiviz.gui import app
from optiviz.gui.words import captions

seen, made, build = {}, [], app.build

def typed(name, text):
    field = made[0].window.findChild(QLineEdit, name)
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    field.selectAll()
    for letter in text:
        QTest.sendKeyEvent(QTest.Click, field, Qt.Key_unknown, letter, Qt.NoModifier)
    QTest.keyClick(field, Qt.Key_Return)
    return field.text()

def drawn(view):
    buffer = QBuffer()
    view.grab().save(buffer, "PNG")
    return sha256(buffer.data().data()).hexdigest()

def look():
    parts, window = made[0], made[0].window
    race = window.race
    if race is None or race.spec != parts.store.scene.race_spec() or parts.compute.busy():
        return
    if "typed" not in seen:
        parts.playback.pause()
        seen["typed"] = [typed("start_x", text) for text in ("0.5", "0,25", "1e-3", "0.125")]
        seen["typed"] += [typed("start_y", text) for text in ("۱٫۵", "١٫٢٥", "०.५", "０．７５")]
        seen["typed"] += [typed("steps", text) for text in ("1200", "۱٬۲۰۰", "120")]
        return
    if parts.compute.busy("background"):
        return  # the compiler does not like to be interrupted
    timer.stop()
    parts.playback.seek(60)
    seen["told"] = []
    parts.problems.told.connect(lambda problem: seen["told"].append(problem.sentence))
    parts.files.open(Path("gone.optiviz"))
    qt.processEvents()
    seen["labels"] = [label.text() for label in window.findChildren(QLabel)]
    seen["fields"] = [field.text() for field in window.findChildren(QLineEdit)]
    seen["buttons"] = [b.text() + b.toolTip() for b in window.findChildren(QAbstractButton)]
    seen["caption"] = captions.settings(parts.store.scene, race, 60)
    seen["charts"] = [drawn(window.view(CurvesView)), drawn(window.view(ScheduleView))]
    seen["direction"] = window.layoutDirection().name
    seen["number"] = QLocale().toString(1234.5)
    parts.files.save_to(Path("saved.optiviz"))
    seen["file"] = Path("saved.optiviz").read_text(encoding="utf-8")
    window.close()

def build_and_look(*args, **more):
    made.append(build(*args, **more))
    return made[0]

app.build = build_and_look
qt = app.application()
timer = QTimer()
timer.timeout.connect(look)
timer.start(10)
code = cli.main([])
print(json.dumps(seen))
sys.exit(code)
"""


@pytest.fixture(scope="module")
def locales(tmp_path_factory):
    """The languages as the C library wants them, in a folder of our own."""
    folder = tmp_path_factory.mktemp("locales")
    for language in LANGUAGES:
        # Some are told to have a flaw, which is no matter.
        made = folder / f"{language}.UTF-8"
        command = ["localedef", "-c", "-i", language, "-f", "UTF-8", str(made)]
        subprocess.run(command, capture_output=True, check=False)
        assert made.is_dir()
    return folder


def started(arguments, folder, language, locales, platform=None):
    """Run Python for a user of this language; gives what it printed, which is no complaint."""
    kept = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    kept = {name: value for name, value in kept.items() if not name.startswith(("LC_", "LANG"))}
    folder.mkdir()
    (folder / "runtime").mkdir(mode=0o700)
    kept.update(
        XDG_CONFIG_HOME=str(folder / "config"),
        XDG_RUNTIME_DIR=str(folder / "runtime"),
        PYTHONPATH=str(ROOT),
        PYTHONWARNINGS="error",
        LOCPATH=str(locales),
        LC_ALL=language,
        LANGUAGE=language.partition(".")[0],
        **({"QT_QPA_PLATFORM": platform} if platform else {}),
    )
    done = subprocess.run(
        [sys.executable, *arguments],
        env=kept,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )
    assert (done.returncode, without_platform(done.stderr)) == (0, "")
    return done.stdout


def without_platform(text):
    """What the offscreen platform says of itself has nothing to do with us."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if "This plugin does not support" not in line)


def window(folder, language, locales):
    """What a window told of itself."""
    return json.loads(started(["-c", LOOK], folder, language, locales, "offscreen"))


def picture(folder, language, locales):
    """The bytes of a rendered picture."""
    arguments = ["render", "-o", "race.png", "--size", "700x500", "--step", "90"]
    assert started(["-m", "optiviz", *arguments], folder, language, locales) == ""
    return (folder / "race.png").read_bytes()


@pytest.fixture(scope="module")
def plain(locales, tmp_path_factory):
    """What window and picture are where no language is asked for."""
    folder = tmp_path_factory.mktemp("plain")
    return window(folder / "window", "C", locales), picture(folder / "picture", "C", locales)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_starts_and_is_the_same_in_every_language(locales, plain, tmp_path, language):
    shown = window(tmp_path / "window", f"{language}.UTF-8", locales)
    # One thing after the other, so that what differs is told.
    for name, value in plain[0].items():
        assert shown[name] == value, name
    assert picture(tmp_path / "picture", f"{language}.UTF-8", locales) == plain[1]


def test_numbers_may_be_typed_as_they_are_written_anywhere(plain):
    shown, _ = plain
    x, y = ["0.5", "0.25", "0.001", "0.125"], ["1.5", "1.25", "0.5", "0.75"]
    assert shown["typed"] == [*x, *y, "1200", "1200", "120"]
    assert shown["number"] == "1234.5"
    assert shown["direction"] == "LeftToRight"
    assert shown["told"][0] == "Could not open gone.optiviz: no such file or directory."
    assert json.loads(shown["file"])["start"] == [0.125, 0.75]


@pytest.mark.parametrize("language", ["xx_YY.UTF-8", "de_DE", "C"])
def test_a_language_that_is_not_installed_is_no_matter(locales, plain, tmp_path, language):
    assert picture(tmp_path / "picture", language, locales) == plain[1]
