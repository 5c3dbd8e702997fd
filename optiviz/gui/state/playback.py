"""Playback: the playhead, from time to a position between two steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Qt, Signal

from optiviz.engine.digits import rounded
from optiviz.gui.qt.timers import every

if TYPE_CHECKING:
    from collections.abc import Callable

RACE_SECONDS = 12.0  # the whole race at speed 1
SPEED_RANGE = (0.25, 16.0)
_TICK = 16  # milliseconds


def _elapsed_clock() -> Callable[[], float]:
    timer = QElapsedTimer()
    timer.start()
    return lambda: timer.nsecsElapsed() * 1e-9


class Playback(QObject):
    """Moves the playhead along the steps of the race.

    The position follows the clock, not the number of ticks, so a slow frame does not slow the
    race. Signals: ``moved(position)``, ``playing_changed(playing)``.
    """

    moved = Signal(float)
    playing_changed = Signal(bool)

    def __init__(
        self,
        steps: int = 1,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(parent)
        self._steps = max(1, steps)
        self._head = 0.0  # where the clock has brought it
        self._position = 0.0  # what was told last
        self._speed = 1.0
        self._loop = False
        self._reduced_motion = False
        self._clock = clock or _elapsed_clock()
        self._last_tick = 0.0
        self._timer = every(self, _TICK, self.on_tick)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)

    @property
    def position(self) -> float:
        """Where the playhead is, from 0 to the number of steps."""
        return self._position

    @property
    def steps(self) -> int:
        """How many steps the race has."""
        return self._steps

    @property
    def playing(self) -> bool:
        """Whether time moves the playhead."""
        return self._timer.isActive()

    @property
    def at_end(self) -> bool:
        """Whether the playhead stands at the last step."""
        return self._head >= self._steps

    @property
    def speed(self) -> float:
        """How fast it plays; 1 plays the whole race in 12 seconds."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        low, high = SPEED_RANGE
        if not math.isfinite(speed):
            allowed = f"{rounded(low, 6)} to {rounded(high, 6)}"
            raise ValueError(f"Speed must be a number from {allowed}; {speed} is not.")
        if self.playing:
            self._advance()  # what has passed, at the old speed
        self._speed = min(max(speed, low), high)

    @property
    def loop(self) -> bool:
        """Whether it begins again after the last step."""
        return self._loop

    @loop.setter
    def loop(self, loop: bool) -> None:
        self._loop = loop

    def set_reduced_motion(self, reduced: bool) -> None:
        """Move from whole step to whole step only, or smoothly."""
        self._reduced_motion = reduced
        self._move_to(self._head)

    def set_steps(self, steps: int) -> None:
        """Take over the length of another race; the playhead stays where it is, if it can."""
        self._steps = max(1, steps)
        self._move_to(self._head)

    def scrub(self, position: float) -> None:
        """Go to a step by hand, which stops the playing."""
        self.pause()
        self.seek(position)

    def play(self) -> None:
        """Play on, or from the start if the playhead is at the end."""
        if self.playing:
            return
        if self.at_end:
            self._move_to(0.0)
        self._last_tick = self._clock()
        self._timer.start()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stop where it is."""
        if self.playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def step(self, by: int) -> None:
        """Pause and go to the next whole step in a direction."""
        self.pause()
        start = math.floor(self._head) if by > 0 else math.ceil(self._head)
        self._move_to(start + by)

    def to_start(self) -> None:
        """Go to the start; a race that plays, plays on."""
        self._seek(0.0)

    def to_end(self) -> None:
        """Pause at the last step."""
        self.pause()
        self._move_to(self._steps)

    def seek(self, position: float) -> None:
        """Go to a position; a race that plays, plays on from there."""
        if math.isfinite(position):
            self._seek(position)

    def on_tick(self) -> None:
        """Follow the clock."""
        if self.playing and self._advance() and not self._loop:
            self.pause()

    def _seek(self, position: float) -> None:
        self._last_tick = self._clock()
        self._move_to(position)

    def _advance(self) -> bool:
        """Move on by the time that has passed; say whether the end is reached."""
        now = self._clock()
        passed, self._last_tick = now - self._last_tick, now
        if self._loop and self.at_end:
            # The last step has been seen for a frame.
            self._move_to(0.0)
            return False
        self._move_to(self._head + passed * self._speed * self._steps / RACE_SECONDS)
        return self.at_end

    def _move_to(self, position: float) -> None:
        self._head = min(max(float(position), 0.0), float(self._steps))
        told = float(math.floor(self._head)) if self._reduced_motion else self._head
        if told != self._position:
            self._position = told
            self.moved.emit(told)
