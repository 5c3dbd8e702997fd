"""Timers, made in one line and one way.

PySide takes a timer's properties as keywords too, but looks for their setters by letters that it
makes upper-case as the system's language does: in Turkish there is no ``interval`` then. So no
property and no signal of a Qt class is given as a keyword anywhere; a test looks for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

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
