"""A display that nobody sees, where there is none: an X server in memory, for its OpenGL.

Qt's offscreen platform finds OpenGL only where an X server answers. Needs no Qt itself.
"""

from __future__ import annotations

import ctypes
import os
import select
import shutil
import signal
import subprocess

_SERVER = "Xvfb"
_PATIENCE = 20.0  # seconds until the server has told its number
_PR_SET_PDEATHSIG = 1  # of Linux's header


def provide() -> bool:
    """Start the server, for as long as this process lives; say whether it runs.

    To be called before Qt is imported, on Linux. The system ends the server once this process is
    gone: were it ended any earlier, Qt's connection to it would break, and Xlib end the process.
    """
    program = shutil.which(_SERVER)
    if program is None:
        return False
    libc = ctypes.CDLL(None)
    read, write = os.pipe()
    try:
        server = subprocess.Popen(
            [program, "-displayfd", str(write), "-screen", "0", "640x480x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM),
        )
    except OSError:
        os.close(read)
        return False
    finally:
        os.close(write)
    with os.fdopen(read) as told:
        answered, _, _ = select.select([told], [], [], _PATIENCE)
        number = told.readline().strip() if answered else ""
    if number:
        os.environ["DISPLAY"] = f":{number}"
    else:
        server.kill()
        server.wait()
    server.returncode = 0  # nobody waits for it, and Python is not to complain of that
    return bool(number)
