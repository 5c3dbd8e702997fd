"""LatestWins: pure jobs on threads of their own, of which the newest always gets its turn.

The bookkeeping lives in the GUI thread alone, so it needs no locks. A lane's thread does nothing
but take a task, run it, and send back what came of it; it sleeps in a queue meanwhile. The next
task is handed over before a result is shown, so the thread computes while the window paints.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, Signal

from optiviz.engine import Cancelled
from optiviz.gui.compute.lane import (
    BACKGROUND,
    PATIENCE,
    Failure,
    Job,
    LaneThread,
    Receiver,
    Task,
    leave_behind,
    nobody,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BACKGROUND", "PATIENCE", "Cancelled", "Job", "LatestWins"]

_log = logging.getLogger(__name__)
_BACKGROUND_FAREWELL = 0.2  # seconds


@dataclass(eq=False)
class _Lane:
    """What the GUI thread knows of a lane."""

    thread: LaneThread
    patience: float
    running: Task | None = None
    waiting: list[Task] = field(default_factory=list)
    impatience: int = 0  # jobs given up for their slowness since the last result


class LatestWins(QObject):
    """Runs pure jobs in lanes; each lane has one running and one waiting request.

    A job is ``job(request, cancelled, report) -> result``. It raises :class:`Cancelled` when it
    was asked to stop and did, and then nothing is reported of it. It is asked to stop when a
    request with another key makes it pointless, or when a newer one waits and it has run past its
    patience. Otherwise it finishes and is shown, so a stream of requests never starves the screen.
    Each time a job was stopped for its slowness, the next one of that lane has twice the patience,
    until one gets through.

    A result goes to whoever asked for it and to nobody else, by the functions that came with the
    request: ``done(request, result)`` and ``partial(request, partial)``, called in the GUI thread.
    Signals, in the GUI thread too: ``failed(lane, request, sentence, details)``,
    ``busy_changed(lane, busy)``.
    """

    failed = Signal(str, object, str, str)
    busy_changed = Signal(str, bool)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        patience: dict[str, float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._patience = dict(patience or {})
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}
        self._ended: list[LaneThread] = []
        self._closed = False
        app = QCoreApplication.instance()
        if app is not None:
            # Qt aborts the process where a running QThread is destroyed: they end before that.
            app.aboutToQuit.connect(self.shutdown)

    def submit(
        self,
        lane: str,
        request: object,
        job: Job,
        *,
        key: object = None,
        done: Receiver = nobody,
        partial: Receiver = nobody,
    ) -> None:
        """Ask for a result; it replaces the lane's waiting request.

        ``key`` says what the result belongs to, such as the surface: results of another key than
        the newest one are dropped.
        """
        if self._closed:
            return
        state = self._lane(lane)
        state.waiting = [Task(request, job, key, self._clock, done, partial)]
        if state.running is None:
            self._start_next(lane, state)
            self.busy_changed.emit(lane, True)
            return
        state.running.superseded = True
        if state.running.key != key:
            state.running.stopped = True

    def run_once(
        self, job: Callable[[Callable[[], bool]], object], *, name: str = "warm-up"
    ) -> None:
        """Run ``job(cancelled)`` once in the background, at low priority, after what waits there.

        Its result goes to nobody; an error is told by ``failed(BACKGROUND, name, …)``.
        """
        if self._closed:
            return
        state = self._lane(BACKGROUND)

        def once(_request: object, cancelled: Callable[[], bool], _report: object) -> object:
            return job(cancelled)

        state.waiting.append(Task(name, once, None, self._clock))
        if state.running is None:
            self._start_next(BACKGROUND, state)
            self.busy_changed.emit(BACKGROUND, True)

    def busy(self, lane: str | None = None) -> bool:
        """Say whether a lane, or any but the background, has work."""
        if lane is not None:
            return lane in self._lanes and self._lanes[lane].running is not None
        return any(self.busy(name) for name in self._lanes if name != BACKGROUND)

    def cancel(self, lane: str) -> None:
        """Drop what a lane does and what waits there; nothing of it is reported."""
        state = self._lanes.get(lane)
        if state is not None:
            state.waiting.clear()
            if state.running is not None:
                state.running.stopped = True

    def shutdown(self, timeout: float = 2.0) -> bool:
        """Cancel everything and end the threads, within ``timeout`` seconds in all.

        A thread whose job does not answer in time is left to itself and never destroyed while it
        runs; ``False`` tells of it. The background gets less time: what it does there, such as
        compiling a kernel, answers late, can be done at the next start, and is nobody's concern.
        """
        if self._closed:
            return True
        self._closed = True
        for name, state in self._lanes.items():
            self.cancel(name)
            state.thread.hand_over(None)
        deadline = time.monotonic() + timeout
        ended = True
        for name, state in self._lanes.items():
            left = max(0.0, deadline - time.monotonic())
            patience = min(left, _BACKGROUND_FAREWELL) if name == BACKGROUND else left
            if state.thread.wait(round(patience * 1000)):
                # Deleted in the GUI thread, its own, after the signals that it has queued.
                # It is held until then: its Python object must not be freed first.
                self._ended.append(state.thread)
                state.thread.deleteLater()
                continue
            ended = False
            state.thread.ended.disconnect()
            state.thread.reported.disconnect()
            leave_behind(state.thread)
            if name != BACKGROUND:
                _log.warning("a job of the lane %r did not stop in time", name)
        self._lanes.clear()
        return ended

    def _lane(self, name: str) -> _Lane:
        state = self._lanes.get(name)
        if state is None:
            thread = LaneThread(name)
            # The receivers are methods of this object, which lives in the GUI thread.
            queued = Qt.ConnectionType.QueuedConnection
            thread.ended.connect(self._on_ended, queued)
            thread.reported.connect(self._on_reported, queued)
            state = _Lane(thread, self._patience.get(name, PATIENCE))
            self._lanes[name] = state
            low = QThread.Priority.LowPriority
            thread.start(low if name == BACKGROUND else QThread.Priority.InheritPriority)
        return state

    def _find(self, task: Task) -> tuple[str, _Lane] | None:
        for name, state in self._lanes.items():
            if state.running is task:
                return name, state
        return None

    def _start_next(self, name: str, state: _Lane) -> None:
        state.running = state.waiting.pop(0) if state.waiting else None
        if state.running is not None:
            state.running.patience = state.patience * 2.0**state.impatience
            state.running.started = self._clock()
            state.thread.hand_over(state.running)

    def _on_reported(self, task: Task, partial: object) -> None:
        found = self._find(task)
        if found is not None and not task.stopped:
            task.partial(task.request, partial)

    def _on_ended(self, task: Task, result: object) -> None:
        found = self._find(task)
        if found is None:  # it ended after the shutdown
            if isinstance(result, Failure):
                _log.error("%s\n%s", result.sentence, result.details)
            return
        name, state = found
        if isinstance(result, Cancelled):
            state.impatience = min(state.impatience + task.gave_up, 8)
        else:
            state.impatience = 0
        self._start_next(name, state)
        if isinstance(result, Failure):
            # A failure is told even if nobody waits for the result any more: it is a fault.
            self.failed.emit(name, task.request, result.sentence, result.details)
        elif not isinstance(result, Cancelled) and not task.stopped:
            task.done(task.request, result)
        # A receiver may have asked for more, or closed everything, in the meantime.
        if state.running is None and not self._closed:
            self.busy_changed.emit(name, False)
