"""Only files are read and written: what is no file is refused before it can block or never end.

:func:`why_not` says what an ``OSError`` means, in one way for all who tell a user.

A pipe makes whoever opens it wait for somebody at its other end, a device may never end, and
writing in a device's place would put a file there. So what a path leads to is looked at first.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

#: Our words for what the system most often says of a file.
_SAID = {
    errno.ENOENT: "no such file or directory",
    errno.EACCES: "permission denied",
    errno.EPERM: "operation not permitted",
    errno.EEXIST: "file exists",
    errno.EISDIR: "is a directory",
    errno.ENOTDIR: "not a directory",
    errno.ENAMETOOLONG: "file name too long",
    errno.ELOOP: "too many levels of symbolic links",
    errno.EMFILE: "too many open files",
    errno.ENOSPC: "no space left on device",
    errno.EROFS: "read-only file system",
    errno.EIO: "input/output error",
}
_KINDS = (
    (stat.S_ISDIR, "folder"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)
# Between the look and the opening a file may become a pipe: that must not block either.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_file(path: Path) -> BinaryIO:
    """Open a file to read its bytes.

    Raises:
        OSError: it cannot be read, or is no file; ``strerror`` says why.
    """
    check_place(path)
    file = open(path, "rb", opener=lambda name, _: os.open(name, _FLAGS))
    try:
        found = os.fstat(file.fileno())
        _check(found)
    except OSError:
        file.close()
        raise
    if found.st_size > 0:
        return file
    # The system's own files, as those under /proc, say that they are empty, and may never end.
    file.close()
    return io.BytesIO()


def why_not(error: OSError) -> str:
    """Say why a file could not be had, as a clause that can follow a colon.

    What the system says rarely is left in its words; what :func:`check_place` says is in ours.
    """
    number, said = error.errno, error.strerror or str(error)
    if number is None or said != os.strerror(number):
        return said
    return _SAID.get(number, said)


def check_place(path: Path, *, may_be_new: bool = False) -> None:
    """Refuse a place in which there is something else than a file.

    Raises:
        OSError: ``strerror`` says what is there, or why nobody knows.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        if may_be_new:
            return
        raise
    _check(found)


def _check(found: os.stat_result) -> None:
    if stat.S_ISREG(found.st_mode):
        return
    kinds = (told for is_one, told in _KINDS if is_one(found.st_mode))
    raise OSError(errno.EINVAL, f"it is a {next(kinds, 'thing of the system')}, not a file")
