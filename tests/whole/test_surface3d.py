"""The 3D view's own tests, where there is OpenGL and where there is none; pictures in 3D."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from optiviz.scene import Viewpoint, first_scene
from optiviz.scene.edits import set_viewpoint
from optiviz.scene.file import write
from tests.whole.screens import screen

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "openbox")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
VIEWS_TESTS = ("tests/gui3d", "tests/benchmarks/test_surface3d_benchmark.py")

pytestmark = pytest.mark.whole


def run_tests(tmp_path, **extra):
    """Run the tests of the 3D view in a process of their own; gives what pytest printed."""
    dropped = (*DISPLAYS, "CI")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    kept.update(PYTHONPATH=str(ROOT), XDG_RUNTIME_DIR=str(runtime), **extra)
    options = ["-q", "-p", "no:cacheprovider", "--benchmark-disable"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *VIEWS_TESTS],
        env=kept,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def counted(told, word):
    found = re.search(rf"(\d+) {word}", told)
    return int(found[1]) if found else 0


@pytest.fixture
def display(tmp_path):
    """A virtual screen with a window manager; gives its number."""
    with screen(os.environ, tmp_path / "xvfb.log") as there:
        yield there["DISPLAY"]


@pytest.mark.slow
@pytest.mark.skipif(
    bool(MISSING) or not sys.platform.startswith("linux"),
    reason=f"a virtual display needs {', '.join(MISSING or NEEDED)} on Linux",
)
def test_with_software_opengl_everything_is_tested(tmp_path, display):
    # As in CI, where a test that did not run is a failure: without Mesa there is no OpenGL.
    told = run_tests(
        tmp_path, DISPLAY=display, QT_QPA_PLATFORM="xcb", LIBGL_ALWAYS_SOFTWARE="1", CI="true"
    )
    assert counted(told, "passed") > 80


def test_without_a_display_there_is_no_opengl_and_no_trouble(tmp_path):
    told = run_tests(tmp_path, QT_QPA_PLATFORM="offscreen")
    assert counted(told, "passed") > 20


# ---- a scene as a picture in 3D


def render(tmp_path, *arguments, **extra):
    """Run ``optiviz render``; gives the process that ended, and the picture's path."""
    kept = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    kept.update(PYTHONPATH=str(ROOT), XDG_CONFIG_HOME=str(tmp_path / "config"), **extra)
    path = tmp_path / "race.png"
    done = subprocess.run(
        [sys.executable, "-m", "optiviz", "render", "-o", str(path), *arguments],
        env=kept,
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done, path


def size_of(path):
    return struct.unpack(">II", path.read_bytes()[16:24])


needs_xvfb = pytest.mark.skipif(
    shutil.which("Xvfb") is None or not sys.platform.startswith("linux"),
    reason="a picture in 3D without a display needs Xvfb on Linux",
)


@needs_xvfb
@pytest.mark.parametrize("view", ["3d", "split"])
def test_a_picture_in_3d_needs_no_display(tmp_path, view):
    size = ["--size", "600x400"]
    done, path = render(tmp_path, "--view", view, *size)
    assert done.returncode == 0, done.stderr
    assert done.stdout == done.stderr == ""
    assert size_of(path) == (600, 400)
    drawn = path.read_bytes()
    _, path = render(tmp_path, "--view", view, *size)
    assert path.read_bytes() == drawn, "the same picture every time"
    _, path = render(tmp_path, *size)
    assert path.read_bytes() != drawn


@needs_xvfb
def test_a_picture_in_3d_has_the_scene_s_viewpoint(tmp_path):
    drawn = set()
    for name, elevation in (("low", 15.0), ("high", 80.0)):
        scene = set_viewpoint(first_scene("beale"), Viewpoint(20.0, elevation, 2.5, 0.0, 0.0, 0.1))
        write(tmp_path / f"{name}.optiviz", scene)
        done, path = render(tmp_path, f"{name}.optiviz", "--view", "3d", "--size", "500x400")
        assert done.returncode == 0, done.stderr
        drawn.add(path.read_bytes())
    assert len(drawn) == 2


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there is always a desktop")
@pytest.mark.parametrize("view", ["3d", "split"])
def test_without_opengl_it_is_refused_in_one_sentence(tmp_path, view):
    # Nothing on the path: no X server can be started.
    done, path = render(tmp_path, "--view", view, PATH=str(tmp_path))
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert line.startswith("optiviz: there is no OpenGL here")
    assert line.endswith(".")
    assert not path.exists()
    done, path = render(tmp_path, "--view", "contour", "--size", "300x200", PATH=str(tmp_path))
    assert done.returncode == 0
    assert path.exists()


STARTS_A_SERVER = """
import os
from pathlib import Path
from optiviz.gui.qt import virtual_display
assert virtual_display.provide()
assert os.environ["DISPLAY"].startswith(":")
print(Path(f"/proc/self/task/{os.getpid()}/children").read_text())
"""


@needs_xvfb
def test_the_x_server_that_is_started_ends_with_the_process():
    done = subprocess.run(
        [sys.executable, "-c", STARTS_A_SERVER],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (server,) = done.stdout.split()
    state = Path(f"/proc/{server}/stat")
    for _ in range(100):
        # Where nobody collects what has ended, it is a zombie (Z).
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the X server goes on")
