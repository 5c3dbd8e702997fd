"""What is done while nobody waits: kernels compiled, thumbnails drawn, memory given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from optiviz.engine import warm_up
from optiviz.gui.compute.latest_wins import BACKGROUND
from optiviz.gui.qt import heap
from optiviz.gui.qt.timers import Debounce
from optiviz.gui.stage import thumbnails

if TYPE_CHECKING:
    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.state.playback import Playback
    from optiviz.gui.window.main_window import MainWindow

#: After so long without work, free memory is given back to the system.
_IDLE_MS = 2000


class Upkeep(QObject):
    """Compiles kernels, draws thumbnails and frees memory in the background, while nothing runs."""

    def __init__(self, window: MainWindow, compute: LatestWins, playback: Playback) -> None:
        super().__init__(window)
        self._window = window
        self._compute = compute
        self._playback = playback
        self._warm = False
        self._idle = Debounce(self, _IDLE_MS, self._give_memory_back)
        compute.busy_changed.connect(self.on_busy_changed)

    def on_busy_changed(self, lane: str, busy: bool) -> None:
        """Compile kernels once no other work is under way, and free memory some time later."""
        if lane == BACKGROUND:
            return
        self._idle.soon()
        if not busy and not self._warm:
            QTimer.singleShot(0, self._warm_up)  # its turn comes after the painting

    def _warm_up(self) -> None:
        if not self._warm and self._window.race is not None and not self._compute.busy():
            self._warm = True
            self._compute.run_once(warm_up)
            self._compute.run_once(thumbnails.prepare, name="thumbnails")

    def _give_memory_back(self) -> None:
        """Give back what large results left, which the C library would keep for later ones."""
        if self._compute.busy() or self._playback.playing:
            self._idle.soon()
        else:
            self._compute.run_once(heap.give_back, name="memory")

    def end(self) -> None:
        """Start no further work."""
        self._idle.stop()
