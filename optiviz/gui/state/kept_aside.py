"""Scenes that were left with changes in them: no question is asked, and the last ten are kept."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from optiviz.atomic import sweep, write_atomically
from optiviz.scene.file import SUFFIX, SceneFileError, dumps, read

if TYPE_CHECKING:
    from pathlib import Path

    from optiviz.scene import Scene

MOST_KEPT = 10
_TICK = 1_000_000  # nanoseconds


class KeptAside:
    """A folder of scenes. Several windows may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def scenes(self) -> tuple[Path, ...]:
        """The scenes that are kept, the newest first."""
        return tuple(path for _, path in self._dated())

    def keep(self, scene: Scene) -> Path:
        """Keep a scene, and no more than ten of the others.

        Raises:
            OSError: it could not be kept.
        """
        data = dumps(scene).encode()
        path = self._claim(datetime.now(), scene.surface.title)
        try:
            write_atomically(path, data)
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
            raise
        self._is_newest(path)
        return path

    def take_in(self, path: Path, most: int = MOST_KEPT) -> Path:
        """Move a scene file here, named by when it was written last, as the newest of so many.

        Raises:
            OSError: it could not be moved.
        """
        try:
            title = read(path).surface.title
        except SceneFileError:
            title = "Scene"  # opening it tells what is wrong with it
        claimed = self._claim(_written(path), title)
        try:
            _move(path, claimed)
        except OSError:
            with contextlib.suppress(OSError):
                claimed.unlink()
            raise
        self._is_newest(claimed, most)
        return claimed

    def _claim(self, when: datetime, title: str) -> Path:
        """Make an empty file of a name that nobody else has, not even another window just now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        sweep(self.folder)
        # The time comes first, so that names sort by it wherever they are listed.
        stem = f"{when:%Y-%m-%d %H.%M.%S.%f}"[:-3] + f" {title}"
        for turn in count(1):
            path = self.folder / (f"{stem} {turn}{SUFFIX}" if turn > 1 else f"{stem}{SUFFIX}")
            try:
                path.open("xb").close()
            except FileExistsError:
                continue
            return path
        raise AssertionError("there is always another number")

    def _is_newest(self, path: Path, most: int = MOST_KEPT) -> None:
        """Let a file be the newest, and take away those beyond the most.

        A clock may go backwards, so the order is no clock's alone: whatever is kept comes after all
        that was kept before.
        """
        others = [(when, other) for when, other in self._dated() if other != path]
        with contextlib.suppress(OSError, OverflowError):
            if others and path.stat().st_mtime_ns <= others[0][0]:
                later = others[0][0] + _TICK
                os.utime(path, ns=(later, later))
        for _, old in others[most - 1 :]:
            with contextlib.suppress(OSError):
                old.unlink()

    def _dated(self) -> list[tuple[int, Path]]:
        found = []
        with contextlib.suppress(OSError):
            for path in self.folder.glob(f"*{SUFFIX}"):
                with contextlib.suppress(OSError):
                    told = path.stat()
                    if stat.S_ISREG(told.st_mode) and told.st_size:  # else it is not written yet
                        found.append((told.st_mtime_ns, path))
        return sorted(found, reverse=True)


def _written(path: Path) -> datetime:
    """Tell when a file was written last; now, where its time is none that a calendar has."""
    when = path.stat().st_mtime
    try:
        return datetime.fromtimestamp(when)
    except (ValueError, OverflowError, OSError):
        return datetime.now()


def _move(path: Path, place: Path) -> None:
    """Move a file over another one, which may be on another disk."""
    try:
        path.replace(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        told = path.stat()
        write_atomically(place, path.read_bytes())
        with contextlib.suppress(OSError, OverflowError):
            os.utime(place, ns=(told.st_atime_ns, told.st_mtime_ns))
        path.unlink()
