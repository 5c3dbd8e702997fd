"""The program where nothing may be written: not its own folder, not the user's home."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Root may write anywhere, unless it gives that right away.
AS_USER = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
PATIENCE = 300  # seconds, of which it takes ten
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0

pytestmark = [
    pytest.mark.whole,
    pytest.mark.skipif(
        not sys.platform.startswith("linux") or (IS_ROOT and shutil.which(AS_USER[0]) is None),
        reason="needs folders without the right to write",
    ),
]

COMPILE = """
from optiviz.engine.compiler import compiled
from optiviz.engine.kernels import stay_here
assert compiled(stay_here, "lookahead") is not stay_here
"""

# Opens a window, waits for a compiled kernel, sets something, and closes.
OPEN = r"""
import sys
from PySide6.QtCore import QTimer
from optiviz import cli
from optiviz.engine import compiler
from optiviz.gui import app

made, build = [], app.build

def build_and_look(*args, **more):
    made.append(build(*args, **more))
    made[0].problems.told.connect(lambda problem: print(problem.sentence))
    return made[0]

def look():
    parts = made[0]
    if not parts.compute.busy() and compiler._ready:
        timer.stop()
        parts.settings.theme = "light"
        parts.window.close()

app.build = build_and_look
qt = app.application()
timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
sys.exit(cli.main([]))
"""


@pytest.fixture(scope="module")
def install(tmp_path_factory):
    """A copy of the program in a folder that is not to be written to."""
    folder = tmp_path_factory.mktemp("install")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("optiviz", "resources"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    with_rights(folder, 0o555)
    yield folder
    with_rights(folder, 0o755)


def with_rights(folder, rights):
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(rights)


@pytest.fixture
def run(install, tmp_path):
    """Run Python for a user who may write nowhere but into the system's temporary folder."""
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o555)
    dropped = {"HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"}
    dropped |= {"NUMBA_CACHE_DIR", "DISPLAY", "WAYLAND_DISPLAY"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    kept.update(PYTHONPATH=str(install), QT_QPA_PLATFORM="offscreen", TMPDIR=str(home))

    def start(*arguments, **environ):
        return subprocess.run(
            [*(AS_USER if IS_ROOT else ()), sys.executable, "-B", *map(str, arguments)],
            env={**kept, "HOME": str(home), **environ},
            cwd=home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=PATIENCE,
        )

    yield start
    assert list(home.iterdir()) == []
    assert stat.S_IMODE(home.stat().st_mode) == 0o555
    home.chmod(0o755)


def test_kernels_are_compiled_without_a_place_to_keep_them(run):
    done = run("-c", COMPILE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_window_opens_compiles_and_closes_in_silence(run):
    done = run("-c", OPEN)
    # What the offscreen platform says of itself has nothing to do with us.
    lines = [line for line in done.stderr.splitlines() if "does not support" not in line]
    assert (done.returncode, done.stdout, lines) == (0, "", [])


def test_a_picture_is_drawn_where_it_may_be(run, tmp_path):
    done = run("-m", "optiviz", "render", "-o", tmp_path / "race.png", "--size", "400x300")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "race.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_that_may_not_be_written_is_told_of(run):
    done = run("-m", "optiviz", "render", "-o", "race.png", "--size", "400x300")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "optiviz: could not write race.png: permission denied.\n"


NO_HOME = """
import os, pwd
def nobody(_):
    raise KeyError
pwd.getpwuid = nobody
del os.environ["HOME"]
from optiviz.gui.app import application, build
qt = application()
parts = build()
assert parts.files._folder().is_absolute()
assert os.path.expanduser("~") != "~"
parts.window.close()
"""


def test_a_user_without_a_home_has_one_nevertheless(run):
    done = run("-c", NO_HOME)
    lines = [line for line in done.stderr.splitlines() if "does not support" not in line]
    assert (done.returncode, done.stdout, lines) == (0, "", [])
