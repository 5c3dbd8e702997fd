"""A file of settings in which everything is plain text, and what is broken has a default.

So it can be read and mended by hand, and nothing in it can be more than a text of which the getters
make what they can.
"""

from __future__ import annotations

import json
import math
import os
import re
from base64 import b64decode, b64encode
from pathlib import Path

from PySide6.QtCore import QSettings

from optiviz.atomic import write_atomically

_BINARY = re.compile(rb'[^=]*=\s*"?@(Variant|DateTime)\(')
_DAMAGED = "The settings were damaged; defaults are used where they were."


class SettingsFile:
    """Reads and writes texts by their keys.

    Nothing here raises for what it finds on disk: :attr:`problem` holds a sentence instead.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        self._problem: str | None = None
        self._store = _open(path)
        self._path = Path(self._store.fileName())
        if _drop_binary_values(self._path):
            self._problem = _DAMAGED
            self._store = _open(path)
        self._check_file()

    @property
    def path(self) -> Path:
        """Where the settings are kept."""
        return self._path

    @property
    def problem(self) -> str | None:
        """What is wrong with the settings file, in one sentence, or ``None``."""
        return self._problem

    def save(self) -> bool:
        """Write everything to disk; where that fails, :attr:`problem` tells of it."""
        self._store.sync()
        if self._store.status() == QSettings.Status.AccessError:
            self._problem = f"Settings cannot be saved in {self._path.parent}."
            return False
        return True

    # From text, and back

    def _check_file(self) -> None:
        self._store.allKeys()  # reads the file; only then is its status known
        status = self._store.status()
        if status == QSettings.Status.AccessError or not _is_readable(self._path):
            self._problem = f"The settings in {self._path} cannot be read; defaults are used."
        elif status == QSettings.Status.FormatError:
            self._problem = _DAMAGED

    def _text(self, key: str) -> str | None:
        value = self._store.value(key)
        return value if isinstance(value, str) else None

    def _share(self) -> None:
        """Write what was put here, and read what other windows have written."""
        self._store.sync()

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
        self._store.setValue(key, text)

    def _put_switch(self, key: str, on: bool | None) -> None:
        if on is None:
            self._store.remove(key)
        else:
            self._put(key, "true" if on else "false")

    def _put_bytes(self, key: str, data: bytes) -> None:
        self._put(key, b64encode(bytes(data)).decode("ascii"))


def _open(path: Path | str | None) -> QSettings:
    ini = QSettings.Format.IniFormat
    if path is not None:
        return QSettings(str(path), ini)
    store = QSettings(ini, QSettings.Scope.UserScope, "OptiViz", "OptiViz")
    store.setFallbacksEnabled(False)
    return store


def _drop_binary_values(path: Path) -> bool:
    """Take values out of the file that are not text; say whether there were any.

    Even to read such a value would let Qt unpack whatever object it holds.
    """
    try:
        data = path.read_bytes()
        lines = data.splitlines(keepends=True)
        plain = [line for line in lines if not _BINARY.match(line)]
        if len(plain) < len(lines):
            write_atomically(path, b"".join(plain))
    except OSError:
        return False
    return len(plain) < len(lines)


def _is_readable(path: Path) -> bool:
    try:
        return not path.exists() or (path.is_file() and os.access(path, os.R_OK))
    except OSError:
        return False
