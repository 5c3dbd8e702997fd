"""Cameras that move by themselves: flights, the turntable, and following a racer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from optiviz.gui.qt.timers import every
from optiviz.gui.views.surface3d.camera import Camera3D, between

if TYPE_CHECKING:
    from collections.abc import Callable

Array = np.ndarray

_FRAME_MS = 16
_FLIGHT = 0.6  # seconds
_TURN = 6.0  # degrees in a second
_FOLLOW = 0.25  # seconds in which two thirds of the way to a racer are made up for
_NEAR = 1e-3  # of the box: no way left


class CameraMotion(QObject):
    """Moves a camera for a flight, the turntable or a racer; its clock runs only meanwhile.

    Signals:
        moved(camera): the camera is to be shown.
        arrived(): a flight has ended.
    """

    moved = Signal(object)
    arrived = Signal()

    def __init__(
        self,
        parent: QObject,
        camera: Callable[[], Camera3D],
        clock: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(parent)
        self._camera = camera
        self._clock = clock or time.monotonic
        self._reduced = False
        self._flight: tuple[Camera3D, Camera3D, float] | None = None  # from, to, begun
        self._turning = False
        self._goal: Array | None = None  # what is followed, (3,)
        self._last = 0.0
        self._timer = every(self, _FRAME_MS, self.on_frame)

    @property
    def turning(self) -> bool:
        """Whether the turntable turns."""
        return self._turning

    @property
    def flying(self) -> bool:
        """Whether a flight is under way."""
        return self._flight is not None

    @property
    def busy(self) -> bool:
        """Whether the camera moves by itself now."""
        return self._timer.isActive()

    def show_reduced(self, reduced: bool) -> None:
        """Fly no more, but jump; nothing turns by itself."""
        self._reduced = reduced
        if reduced:
            self._land()
            self.show_turning(False)

    def fly(self, goal: Camera3D) -> None:
        """Go to a camera; at once, where motion is to be reduced."""
        if self._reduced:
            self._flight = None
            self.moved.emit(goal)
            self.arrived.emit()
            return
        self._flight = self._camera(), goal, self._clock()
        self._run()

    def show_turning(self, on: bool) -> None:
        """Turn slowly around, or do not; not where motion is to be reduced."""
        self._turning = on and not self._reduced
        self._run()

    def follow(self, point: Array | None) -> None:
        """Keep looking at a point (3,) that moves, or at none."""
        self._goal = point
        if point is not None and self._reduced:
            self.moved.emit(self._camera().looking_at(point))
            self._goal = None
        self._run()

    def stop(self) -> None:
        """Stay where the camera is: a hand has taken it."""
        self._flight = None
        self._turning = False
        self._run()

    def pause(self) -> None:
        """Do nothing while nobody sees it; a flight has arrived."""
        self._land()
        self._timer.stop()

    def resume(self) -> None:
        """Go on."""
        self._run()

    def on_frame(self) -> None:
        """Move on by the time that has passed."""
        now = self._clock()
        passed, self._last = min(now - self._last, 0.1), now
        camera = self._camera()
        if self._flight is not None:
            begin, goal, begun = self._flight
            share = min(max((now - begun) / _FLIGHT, 0.0), 1.0)
            camera = between(begin, goal, share * share * (3.0 - 2.0 * share))
            if share >= 1.0:
                self._land()
                self._run()
                return
        if self._turning:
            camera = camera.orbited(-_TURN * passed, 0.0)
        if self._goal is not None and self._flight is None:
            way = self._goal - camera.centre
            if float(np.abs(way).max()) < _NEAR:
                self._goal = None
            else:
                share = 1.0 - float(np.exp(-passed / _FOLLOW))
                camera = camera.looking_at(camera.centre + share * way)
        self.moved.emit(camera)
        self._run()

    def _land(self) -> None:
        if self._flight is not None:
            goal, self._flight = self._flight[1], None
            self.moved.emit(goal)
            self.arrived.emit()

    def _run(self) -> None:
        wanted = self._flight is not None or self._turning or self._goal is not None
        if wanted and not self._timer.isActive():
            self._last = self._clock()
            self._timer.start()
        elif not wanted:
            self._timer.stop()
