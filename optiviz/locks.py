"""Locks on open files, which the system lifts when their process ends, however it ends.

A lock that is a file's content outlives a process that is killed, and the number of a process is
given to another one later. A lock that is held open can do neither.
"""

from __future__ import annotations

import sys
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def take(file: BinaryIO) -> bool:
    """Lock an open file until it is closed; say whether it is ours now.

    It is not where somebody else has it, nor where the file system knows no locks.
    """
    try:
        _lock(file)
    except OSError:
        return False
    return True
