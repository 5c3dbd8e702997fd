"""A lane's thread: it takes a task, runs it, sends back what came of it, and sleeps in a queue."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, NoReturn

from PySide6.QtCore import QThread, Signal

from optiviz.engine import Cancelled
from optiviz.engine.words import Refusal

Job = Callable[[Any, Callable[[], bool], Callable[[object], None]], object]
#: Takes a request and what came of it, in the GUI thread.
Receiver = Callable[[Any, Any], object]

BACKGROUND = "background"
PATIENCE = 0.5  # seconds
GRACE = 100  # milliseconds that a job still has at exit, after it was asked to stop

# A secondary thread has 512 KiB of stack on macOS: too little to compile a kernel in.
_STACK_BYTES = 16 * 1024 * 1024


def nobody(_request: object, _result: object) -> None:
    """Receive what nobody waits for."""


@dataclass(eq=False)
class Task:
    """One request on its way: who waits for it, and the two flags by which it is asked to stop."""

    request: Any
    job: Job
    key: object
    clock: Callable[[], float]
    done: Receiver = nobody
    partial: Receiver = nobody
    patience: float = PATIENCE
    started: float = 0.0
    stopped: bool = False  # pointless now
    superseded: bool = False  # a newer one waits: stop, if this takes too long
    gave_up: bool = field(default=False, init=False)

    def cancelled(self) -> bool:
        """Say whether the job should stop; asked by the job, from its thread."""
        if self.stopped:
            return True
        if self.superseded and self.clock() - self.started > self.patience:
            self.gave_up = True
            return True
        return False


@dataclass(frozen=True)
class Failure:
    """An exception as words, so that no traceback keeps a job's arrays alive."""

    sentence: str
    details: str


class LaneThread(QThread):
    """Runs one task after another until it is told to end.

    Signals: ``ended(task, result)``, where the result may be a :class:`Failure` or
    :class:`Cancelled`; ``reported(task, partial)``.
    """

    ended = Signal(object, object)
    reported = Signal(object, object)

    def __init__(self, lane: str) -> None:
        super().__init__()
        self.setObjectName(f"lane {lane}")
        self.setStackSize(_STACK_BYTES)
        self._lane = lane
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()

    def hand_over(self, task: Task | None) -> None:
        """Give the thread its next task; ``None`` ends it."""
        self._tasks.put(task)

    def _outcome(self, task: Task) -> object:
        def report(partial: object) -> None:
            if not task.stopped:
                self.reported.emit(task, partial)

        try:
            return task.job(task.request, task.cancelled, report)
        except Cancelled as answer:
            return answer.with_traceback(None)
        except BaseException as error:  # noqa: BLE001 - whatever a job raises must be told
            return Failure(_sentence(self._lane, error), traceback.format_exc())

    def run(self) -> None:
        while (task := self._tasks.get()) is not None:
            outcome = self._outcome(task)
            self.ended.emit(task, outcome)
            # Between two tasks the thread holds on to no result.
            del task, outcome


def _sentence(lane: str, error: BaseException) -> str:
    if isinstance(error, Refusal):
        reason = error.clause
    else:  # somebody else's words, with or without a full stop
        what = str(error).strip().splitlines()
        reason = what[0].rstrip(".") if what else type(error).__name__
    if lane == BACKGROUND:
        return f"Work in the background failed: {reason}."
    return f"The {lane} could not be computed: {reason}."


#: Threads whose job did not answer in time; they end with the process, if not before.
left_behind: list[LaneThread] = []
_exit_code = 0


def will_exit(code: int) -> None:
    """Take note of the exit code, should the process have to be ended with a job still running."""
    global _exit_code
    _exit_code = code


def leave_behind(thread: LaneThread) -> None:
    """Keep a thread that does not end: Qt aborts the process if a running QThread is destroyed."""
    if not left_behind:
        atexit.register(_end_process)
    left_behind.append(thread)


def _end_process() -> None:
    # Registered after PySide's own exit handler, so it runs before that one destroys every QObject.
    # A job that still runs after the grace can be ended only together with the process.
    if not all(thread.wait(GRACE) for thread in left_behind):
        end_process(_exit_code)


def end_process(code: int) -> NoReturn:
    """End the process now, and leave to the system what else there is to tidy up."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # there is none in a windowed application
            stream.flush()
    os._exit(code)
