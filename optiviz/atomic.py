"""Write a file so that what is there is the old one or the new one, never half of either."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import uuid
from pathlib import Path
from typing import BinaryIO

from optiviz import locks
from optiviz.regular import check_place

#: Ours beyond doubt, so that one left behind by a process that was killed can be taken away; the
#: second form is that of earlier versions.
_PARTIAL = re.compile(r"\..+\.([0-9a-f]{8}\.optiviz|optiviz\.[0-9a-f]{8})\.part")
_MOST_LETTERS = 40  # of the file's own name, which may be as long as names can be
_ATTEMPTS = 3
_READ_ONLY = "it is read-only; allow writing to it first, or choose another name"


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole, through a link if it is one; a file that is there keeps its rights.

    What writers that were killed have left in the folder is taken away.

    Raises:
        OSError: it could not be written, is read-only, or is no file; what was there is untouched.
    """
    check_place(path, may_be_new=True)
    path = path.resolve()
    rights = _rights(path)
    sweep(path.parent)
    for attempt in range(_ATTEMPTS):
        try:
            return _write(path, data, rights)
        except FileNotFoundError:
            # Another process took ours for left behind, in the moment before it was locked.
            if attempt == _ATTEMPTS - 1 or not path.parent.is_dir():
                raise


def sweep(folder: Path) -> None:
    """Take away files half written whose writers live no more."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _PARTIAL.fullmatch(entry.name):
                _take_away(Path(entry.path))


def _rights(path: Path) -> int | None:
    """Give the rights of the file that is there, if one is and may be replaced."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    # Whoever may do anything did not mean to replace what was made read-only, either.
    if not mode & 0o222 or not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, _READ_ONLY, str(path))
    return stat.S_IMODE(mode)


def _write(path: Path, data: bytes, rights: int | None) -> None:
    token = uuid.uuid4().hex[:8]
    partial = path.with_name(f".{path.name[:_MOST_LETTERS]}.{token}.optiviz.part")
    try:
        # Made by name, and not by tempfile, so that a new file has the rights that new files get.
        with partial.open("xb") as file:
            locks.take(file)
            _fill(file, data)
            if rights is not None:
                partial.chmod(rights & 0o777)
            if os.name != "nt":
                partial.replace(path)  # while the lock is held: nobody takes it away
        if os.name == "nt":
            partial.replace(path)  # there a file that is open cannot be moved, nor taken away
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def _fill(file: BinaryIO, data: bytes) -> None:
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def _take_away(partial: Path) -> None:
    with contextlib.suppress(OSError):
        if os.name != "nt":
            check_place(partial)
            with partial.open("rb") as file:
                if locks.take(file):
                    partial.unlink()
        else:
            partial.unlink()  # it cannot be while it is open
