"""A virtual screen with a window manager, for tests that start the real program."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PATIENCE = 30.0  # seconds
_ATTEMPTS = 4


@contextmanager
def screen(environ: Mapping[str, str], log: Path) -> Iterator[dict[str, str]]:
    """Start a screen on a free display; gives the environment in which it is the display.

    Servers that start at the same moment may take one number for two: then one of them is gone
    before a window manager finds it, and another number is tried.
    """
    for _ in range(_ATTEMPTS):
        running: list[subprocess.Popen[bytes]] = []
        try:
            with log.open("ab") as out:
                number = _serve(running, out)
                there = {**environ, "DISPLAY": f":{number}"}
                manager = subprocess.Popen(["openbox"], env=there, stdout=out, stderr=out)
            running.append(manager)
            if _manages(manager, there):
                yield there
                return
        finally:
            for process in reversed(running):
                process.terminate()
                process.wait(_PATIENCE)
    raise AssertionError(f"no screen after {_ATTEMPTS} attempts: {log.read_text()}")


def _serve(running: list[subprocess.Popen[bytes]], out: object) -> str:
    read, write = os.pipe()
    with os.fdopen(read) as told:
        size = ["-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
        command = ["Xvfb", "-displayfd", str(write), *size]
        running.append(subprocess.Popen(command, pass_fds=[write], stdout=out, stderr=out))  # type: ignore[call-overload]
        os.close(write)
        return told.readline().strip()


def _manages(manager: subprocess.Popen[bytes], environ: Mapping[str, str]) -> bool:
    """Wait until the manager has the screen; ``False``: it ended, or never had it."""
    root = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
    end = time.monotonic() + _PATIENCE
    while manager.poll() is None and time.monotonic() < end:
        try:
            done = subprocess.run(
                root, env=environ, capture_output=True, encoding="utf-8", check=False
            )
        except FileNotFoundError:  # without xprop one can only hope
            time.sleep(1.0)
            return manager.poll() is None
        if "0x" in done.stdout:
            return True
        time.sleep(0.05)
    return False
