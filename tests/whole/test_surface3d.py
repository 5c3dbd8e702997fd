"""The 3D view's own tests, run where there is OpenGL and where there is none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "openbox")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

pytestmark = pytest.mark.whole


def run_tests(tmp_path, **extra):
    """Run the tests of the 3D view in a process of their own; gives what pytest printed."""
    kept = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    kept.update(PYTHONPATH=str(ROOT), XDG_RUNTIME_DIR=str(runtime), **extra)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/gui3d"],
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
    read, write = os.pipe()
    log = (tmp_path / "xvfb.log").open("wb")
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stdout=log,
        stderr=log,
    )
    os.close(write)
    manager = None
    try:
        with os.fdopen(read) as told:
            number = f":{told.readline().strip()}"
        environ = {**os.environ, "DISPLAY": number}
        manager = subprocess.Popen(["openbox"], env=environ, stdout=log, stderr=log)
        yield number
    finally:
        for process in (manager, server):
            if process is not None:
                process.terminate()
                process.wait(30)
        log.close()


@pytest.mark.slow
@pytest.mark.skipif(
    bool(MISSING) or not sys.platform.startswith("linux"),
    reason=f"a virtual display needs {', '.join(MISSING or NEEDED)} on Linux",
)
def test_with_software_opengl_everything_is_tested(tmp_path, display):
    told = run_tests(tmp_path, DISPLAY=display, QT_QPA_PLATFORM="xcb", LIBGL_ALWAYS_SOFTWARE="1")
    assert counted(told, "passed") > 80
    # The one test that wants a platform without OpenGL.
    assert counted(told, "skipped") <= 1, "there is no OpenGL under Xvfb: is Mesa installed?"


def test_without_a_display_there_is_no_opengl_and_no_trouble(tmp_path):
    told = run_tests(tmp_path, QT_QPA_PLATFORM="offscreen")
    assert counted(told, "passed") > 20
