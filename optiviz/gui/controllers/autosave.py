"""Autosave: what is changed is on the disk a moment later, so that no end of the program loses it.

Each running window has a file of its own beside the settings, and a lock that it holds open. The
system lifts the lock when the process ends, in whatever way, and no other process can be taken for
it. So a file whose lock can be taken was left behind, and the next window takes it in.
"""

from __future__ import annotations

import contextlib
import os
import stat
import uuid
from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtCore import QObject, Signal

from optiviz import locks
from optiviz.atomic import sweep, write_atomically
from optiviz.gui.compute.latest_wins import LatestWins
from optiviz.gui.qt.timers import once
from optiviz.gui.state.kept_aside import MOST_KEPT
from optiviz.regular import why_not
from optiviz.scene.file import SUFFIX, dumps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from optiviz.gui.state.kept_aside import KeptAside
    from optiviz.gui.state.store import SceneStore
    from optiviz.scene import Scene

#: What changed is written so many milliseconds later, however much changes meanwhile.
DELAY = 2000
_ATTEMPTS = 3
_LANE = "autosave"


class OwnFile:
    """A file that belongs to this process, and to nobody else while it lives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._lock: BinaryIO | None = None

    def write(self, scene: Scene) -> None:
        """Write the scene.

        Raises:
            OSError: it could not be written, or not be locked.
        """
        data = dumps(scene).encode()
        if self._path is not None and self._is_held():
            with contextlib.suppress(OSError):
                return write_atomically(self._path, data)
        return self._write_anew(data)

    def remove(self) -> None:
        """Take the scene away; the lock stays for the next one."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def let_go(self) -> None:
        """Give up the lock: whatever is in the file is the next window's."""
        lock, path, self._lock, self._path = self._lock, self._path, None, None
        if lock is not None and path is not None:
            lock.close()
            if not path.exists():
                _unlink(path.with_suffix(".lock"))

    def _is_held(self) -> bool:
        """Say whether the lock has its name still: without it nobody would find the file."""
        if self._lock is None:
            return False
        return os.name == "nt" or os.fstat(self._lock.fileno()).st_nlink > 0

    def _write_anew(self, data: bytes) -> None:
        """Write under another name; what was under the old one stays until that is done."""
        other = OwnFile(self._folder)
        try:
            write_atomically(other._claim(), data)
        except OSError:
            other.let_go()
            raise
        with contextlib.suppress(OSError):
            self.remove()
        self.let_go()
        self._path, self._lock = other._path, other._lock

    def _claim(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        for _ in range(_ATTEMPTS):
            path = self._folder / f"{uuid.uuid4().hex}{SUFFIX}"
            lock = path.with_suffix(".lock").open("xb")
            # Another window may have taken it for left behind, before it was locked.
            if locks.take(lock) and (os.name == "nt" or os.fstat(lock.fileno()).st_nlink):
                self._path, self._lock = path, lock
                return path
            lock.close()
            _unlink(path.with_suffix(".lock"))
        raise OSError("its folder knows no locks")


def take_in_left_behind(folder: Path, kept: KeptAside) -> tuple[Path, ...]:
    """Move the scenes of processes that live no more to those kept aside, the oldest first."""
    taken: list[Path] = []
    sweep(folder)
    left = _left_behind(folder)
    for scene in left:
        name = scene.with_suffix(".lock")
        # Whatever is wrong with one of them, the others are taken in, and the program starts.
        with contextlib.suppress(Exception), name.open("a+b") as lock:
            if locks.take(lock):
                if _is_written(scene):
                    taken.append(kept.take_in(scene, max(MOST_KEPT, len(left))))
                _unlink(name)
        if os.name == "nt" and not scene.exists():
            _unlink(name)  # there it cannot be as long as it is open
    return tuple(taken)


def _left_behind(folder: Path) -> list[Path]:
    """List what has a lock, and scenes whose lock is gone, by when they were written."""
    found: dict[Path, int] = {}
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            scene = path.with_suffix(SUFFIX)
            if path.suffix == ".lock" or (path == scene and _is_written(path)):
                found[scene] = scene.lstat().st_mtime_ns if _is_written(scene) else 0
    return sorted(found, key=lambda scene: (found[scene], scene))


def _is_written(scene: Path) -> bool:
    """Say whether something is in it: a file that is empty, or is none, holds no scene."""
    with contextlib.suppress(OSError):
        told = scene.lstat()
        return stat.S_ISREG(told.st_mode) and told.st_size > 0
    return False


class Autosave(QObject):
    """Keeps the scene of a store in a file of its own while it has changes that are on no disk.

    Signal: ``failed(reason)`` when that cannot be done, once until it can be again.
    """

    failed = Signal(str)

    def __init__(self, store: SceneStore, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._file = OwnFile(folder)
        self._ended = False
        self._failing = False
        self._kept: Scene | None = None  # what the file holds, or will as soon as it is written
        # The newest is written, off the window's thread; never two at once, and never out of order.
        self._writer = LatestWins(self)
        # No debounce: during a long drag it writes all the same, a moment after the first change.
        self._timer = once(self, DELAY, self.on_time_is_up)
        store.changed.connect(self.on_changed)
        store.history_changed.connect(self.on_changed)

    def on_changed(self, *_: object) -> None:
        """Write soon what has changed; what is saved, or undone, is not kept any longer."""
        if self._ended:
            return
        if not self._store.dirty:
            self._timer.stop()
            if self._kept is not None:
                self._ask(None)
        elif not self._timer.isActive():
            self._timer.start()

    def on_time_is_up(self) -> None:
        """Write what there is now, in the middle of a drag too."""
        if self._store.dirty and self._store.scene != self._kept:
            self._ask(self._store.scene)

    def on_done(self, _request: object, reason: object) -> None:
        """Take note of how the writing went."""
        if not isinstance(reason, str):
            self._failing = False
            return
        self._kept = None
        self._timer.start()  # there may be room again
        if not self._failing:
            self._failing = True
            self.failed.emit(reason)

    def end(self, *, keep: bool) -> None:
        """End it, and leave behind what is not saved if the next window should find it."""
        if self._ended:
            return
        self._ended = True
        self._timer.stop()
        self._writer.shutdown()
        with contextlib.suppress(OSError):  # nobody is left to be told
            if keep and self._store.dirty:
                self._file.write(self._store.scene)
            else:
                self._file.remove()
        self._file.let_go()

    def _ask(self, scene: Scene | None) -> None:
        self._kept = scene
        self._writer.submit(_LANE, scene, self._write, done=self.on_done)

    def _write(
        self, scene: Scene | None, _cancelled: Callable[[], bool], _report: object
    ) -> object:
        """Write the scene, in the writer's thread; gives the reason why it could not be done."""
        try:
            if scene is None:
                self._file.remove()
            else:
                self._file.write(scene)
        except OSError as error:
            return why_not(error)
        return None


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
