"""Signals of the operating system that ask the program to end.

Python runs a signal's handler between two of its own instructions, and Qt's loop runs none while it
waits. So the signal is also written to a socket, which wakes the loop; what is to be done is done
there, as if the user had asked for it: never in the middle of something else.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSocketNotifier

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
#: Seconds in which a further signal says the same once more: a terminal that is closed sends two.
_SAME = 2.0


class EndSignals:
    """Listens from the moment it is made; what comes before :meth:`connect` is not lost."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier: QSocketNotifier | None = None
        self._old_wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._old: dict[int, Any] = {}
        self._asked: float | None = None
        for number in (getattr(signal, name, None) for name in _NAMES):
            # A signal that is ignored, as nohup or a shell's & asks for, stays ignored.
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._old[number] = signal.signal(number, self._on_signal)

    def connect(self, end: Callable[[int], object], parent: QObject) -> None:
        """Let ``end(number)`` be called from Qt's loop when a signal has come."""

        def on_readable() -> None:
            with contextlib.suppress(BlockingIOError):
                for number in self._reader.recv(64):
                    if number in self._old:
                        end(number)

        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, parent)
        self._notifier.activated.connect(on_readable)

    def close(self) -> None:
        """Put back what was there before."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_wakeup)
        for number, handler in self._old.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _on_signal(self, number: int, _frame: object) -> None:
        # The socket has it already. Whoever asks again later does not want to wait for a clean end.
        now = time.monotonic()
        if self._asked is None:
            self._asked = now
        elif now - self._asked > _SAME:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
