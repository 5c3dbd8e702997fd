"""Timers, made in one line and one way.

PySide takes a timer's properties as keywords too, but looks for their setters by letters that it
makes upper-case as the system's language does: in Turkish there is no ``interval`` then. So no
property and no signal of a Qt class is given as a keyword anywhere; a test looks for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject


def once(parent: QObject | None, milliseconds: int, then: Callable[[], object]) -> QTimer:
    """Make a timer that calls once, so long after its last start."""
    timer = every(parent, milliseconds, then)
    timer.setSingleShot(True)
    return timer


def every(parent: QObject | None, milliseconds: int, then: Callable[[], object]) -> QTimer:
    """Make a timer that calls again and again while it runs."""
    timer = QTimer(parent)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer


class Debounce:
    """Puts an act off until no call of :meth:`soon` has come for some time."""

    def __init__(
        self, parent: QObject | None, milliseconds: int, act: Callable[[], object]
    ) -> None:
        self._act = act
        self._timer = once(parent, milliseconds, self.now)
        self._since = QElapsedTimer()  # the last act

    def soon(self, longest: int | None = None) -> None:
        """Act when the time has passed without another call of this.

        With ``longest``, act at once if the last time was more than so many milliseconds ago, so
        that during a long drag it is done now and then.
        """
        lately = self._since.isValid() and not self._since.hasExpired(longest or 0)
        if longest is not None and not lately:
            self.now()
        else:
            self._timer.start()

    def now(self) -> None:
        """Act at once."""
        self._timer.stop()
        self._since.start()
        self._act()

    @property
    def waits(self) -> bool:
        """Whether it is about to act."""
        return self._timer.isActive()

    def stop(self) -> None:
        """Do not act after all."""
        self._timer.stop()
