"""A file of settings in which everything is plain text, and what is broken has a default.

So it can be read and mended by hand, and nothing in it can be more than a text of which the getters
make what they can. Qt's own class for this waits for the file's lock without end, even if nobody
holds it any more; here nobody waits (decision 0017).
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
import time
from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDir

from optiviz.atomic import write_atomically
from optiviz.gui.qt.timers import Debounce
from optiviz.gui.state import ini_text
from optiviz.regular import open_file

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAMAGED = "The settings were damaged; defaults are used where they were."
_MOST_BYTES = 1_000_000  # settings take some two thousand
_REST_MS = 1000  # without a change, until what was changed is saved
_PATIENCE = 0.2  # seconds for another window that is saving


class SettingsFile:
    """Reads and writes texts by their keys.

    What is set is saved a moment later, and by :meth:`save`. Of two open windows each saves only
    what it has set itself, so that neither takes anything from the other.

    Nothing here raises for what it finds on disk: :attr:`problem` holds a sentence instead.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        self._path = Path(path) if path is not None else usual_place()
        self._problem: str | None = None
        self._values: dict[str, str] = {}
        self._changed: dict[str, str | None] = {}  # and not saved yet; None where it was removed
        self._whole = True
        self._saving = Debounce(None, _REST_MS, self.save)
        try:
            self._values, self._whole = _read(self._path)
        except OSError:
            self._problem = f"The settings in {self._path} cannot be read; defaults are used."
        if not self._whole:
            self._problem = _DAMAGED

    @property
    def path(self) -> Path:
        """Where the settings are kept."""
        return self._path

    @property
    def problem(self) -> str | None:
        """What is wrong with the settings file, in one sentence, or ``None``."""
        return self._problem

    def save(self) -> bool:
        """Write what was set to disk; where that fails, :attr:`problem` tells of it."""
        self._saving.stop()
        if not self._changed and self._whole:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with _turn(self._path.parent):
                values, _ = _read(self._path)
                merged = (values | self._changed).items()
                kept = {key: text for key, text in merged if text is not None}
                # What no file can hold, as half a letter, must not take the others with it.
                text = ini_text.dumps(kept).encode(errors="replace")
                write_atomically(self._path, text)
        except OSError:
            self._problem = f"Settings cannot be saved in {self._path.parent}."
            return False
        self._changed.clear()
        self._whole = True
        return True

    def _share(self) -> None:
        """Save what was set here, and take over what other windows have saved."""
        if self.save():
            with contextlib.suppress(OSError):
                self._values, _ = _read(self._path)

    # From text, and back

    def _text(self, key: str) -> str | None:
        return self._values.get(key)

    def _number(self, key: str, default: float, within: tuple[float, float]) -> float:
        try:
            number = float(self._text(key) or "")
        except ValueError:
            return default
        low, high = within
        return number if math.isfinite(number) and low <= number <= high else default

    def _switch(self, key: str) -> bool | None:
        return {"true": True, "false": False}.get(self._text(key) or "")

    def _bytes(self, key: str) -> bytes:
        try:
            return b64decode(self._text(key) or "", validate=True)
        except ValueError:
            return b""

    def _list(self, key: str) -> list[object]:
        try:
            found = json.loads(self._text(key) or "[]")
        except (ValueError, RecursionError):
            return []
        return found if isinstance(found, list) else []

    def _put(self, key: str, text: str) -> None:
        if self._values.get(key) != text:
            self._values[key] = text
            self._on_change(key, text)

    def _put_switch(self, key: str, on: bool | None) -> None:
        if on is not None:
            self._put(key, "true" if on else "false")
        elif self._values.pop(key, None) is not None:
            self._on_change(key, None)

    def _put_bytes(self, key: str, data: bytes) -> None:
        self._put(key, b64encode(bytes(data)).decode("ascii"))

    def _on_change(self, key: str, text: str | None) -> None:
        self._changed[key] = text
        if QCoreApplication.instance() is not None:
            self._saving.soon()


def usual_place() -> Path:
    """Where a user's settings are, as the system has it."""
    if sys.platform == "win32":
        folder = os.environ.get("APPDATA") or "AppData/Roaming"
    else:
        folder = os.environ.get("XDG_CONFIG_HOME") or ".config"
    return Path(QDir.homePath(), folder, "OptiViz", "OptiViz.ini")


def _read(path: Path) -> tuple[dict[str, str], bool]:
    """Read the values of a file, none where there is no file; say also whether it is whole.

    Raises:
        OSError: it cannot be read, or is no file of settings.
    """
    try:
        with open_file(path) as file:
            data = file.read(_MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return {}, True
    if len(data) > _MOST_BYTES:
        raise OSError(f"{path} is too large for settings")
    text = data.decode(errors="replace")
    values, whole = ini_text.parse(text)
    return values, whole and "\ufffd" not in text and "\0" not in text


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Let one window after the other change a file in a folder; nobody waits for long.

    The folder itself is locked, as long as a process lives that wants it: there is no lock file
    that could be left behind. On Windows a folder cannot be, and none is needed but for two
    windows within the same millisecond.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:  # another's turn, or a file system without locks
                time.sleep(0.01)
        yield
    finally:
        os.close(handle)
