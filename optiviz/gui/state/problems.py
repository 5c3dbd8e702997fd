"""Problems: every error's one way to the user."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_log = logging.getLogger("optiviz")
_qt_log = logging.getLogger("optiviz.qt")

ProblemKind = Literal["info", "warning", "error"]

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

#: Qt has no other way of saying that the display went away.
_DISPLAY_LOST = ("The X11 connection broke", "The Wayland connection ")


@dataclass(frozen=True)
class Offer:
    """What can be done about a problem at once.

    Attributes:
        title: the words on its button.
        act: does it.
    """

    title: str
    act: Callable[[], object]


@dataclass(frozen=True)
class Problem:
    """Something the user should know.

    Attributes:
        kind: ``info``, ``warning`` or ``error``.
        sentence: what happened, in one sentence.
        details: what helps to find the cause, such as a traceback; may be empty.
        count: how many times it came in a row.
        offer: what can be done about it, if there is something.
    """

    kind: ProblemKind
    sentence: str
    details: str = ""
    count: int = 1
    offer: Offer | None = field(default=None, compare=False)


class Problems(QObject):
    """Collects what goes wrong, from any thread, and tells it in the GUI thread.

    Signals: ``told(problem)``. A problem that comes again is told again with its count.
    ``display_lost()`` comes from within Qt, which ends the process next, often without going back
    to Python: what is to be saved must be saved at once, and no window can be touched.
    """

    told = Signal(object)
    display_lost = Signal()
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last: Problem | None = None
        self._telling = False
        self._old_hooks: dict[str, Any] | None = None
        # Queued even within the GUI thread: an exception may come out of a paint event, where
        # nothing may be moved on the screen.
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def tell(
        self,
        sentence: str,
        *,
        kind: ProblemKind = "error",
        details: str = "",
        offer: Offer | None = None,
    ) -> None:
        """Tell the user something; may be called from any thread."""
        self._arrived.emit(Problem(kind, sentence, details, offer=offer))

    def install_hooks(self) -> None:
        """Catch what nobody else caught: exceptions of slots and threads, and Qt's messages."""
        if self._old_hooks is not None:
            return
        self._old_hooks = {
            "exception": sys.excepthook,
            "thread": threading.excepthook,
            "unraisable": sys.unraisablehook,
            "message": qInstallMessageHandler(self._on_qt_message),
        }
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable

    def remove_hooks(self) -> None:
        """Put back the hooks that were there before."""
        if self._old_hooks is None:
            return
        old, self._old_hooks = self._old_hooks, None
        # Whoever hooked in after us keeps his place.
        if sys.excepthook == self._on_exception:
            sys.excepthook = old["exception"]
        if threading.excepthook == self._on_thread_exception:
            threading.excepthook = old["thread"]
        if sys.unraisablehook == self._on_unraisable:
            sys.unraisablehook = old["unraisable"]
        qInstallMessageHandler(old["message"])

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not issubclass(kind, Exception):
            # KeyboardInterrupt and SystemExit are wishes, not problems.
            hook = (self._old_hooks or {}).get("exception", sys.__excepthook__)
            hook(kind, error, trace)
            return
        self._catch(kind, error, trace, "Something unexpected went wrong")

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if not issubclass(args.exc_type, SystemExit):
            self._catch(
                args.exc_type, args.exc_value, args.exc_traceback, "Work in the background failed"
            )

    def _on_unraisable(self, args: Any) -> None:
        about = args.err_msg or "Exception ignored in"
        self._catch(
            args.exc_type, args.exc_value, args.exc_traceback, "Something could not be tidied up",
            note=f"{about}: {args.object!r}",
        )  # fmt: skip

    def _catch(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
        what: str,
        note: str = "",
    ) -> None:
        try:
            details = "".join(traceback.format_exception(kind, error, trace))
            if note:
                details = f"{note}\n{details}"
            _log.error("%s\n%s", what, details.rstrip())
            if self._telling:
                return  # the fault is in the telling itself, which must not go round in circles
            reason = str(error).strip().splitlines() if error is not None else []
            because = f"{kind.__name__}: {reason[0]}" if reason else kind.__name__
            self._arrived.emit(Problem("error", f"{what} ({because.rstrip('.')}).", details))
        except RuntimeError:
            # This object is gone already; the log has it.
            return

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        category = getattr(context, "category", None) or "default"
        _qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", category, message)
        if message.startswith(_DISPLAY_LOST):
            self.display_lost.emit()

    def _on_arrived(self, problem: Problem) -> None:
        last = self._last
        if last is not None and (last.kind, last.sentence) == (problem.kind, problem.sentence):
            problem = replace(problem, count=last.count + 1)
        self._last = problem
        self._telling = True
        try:
            self.told.emit(problem)
        finally:
            self._telling = False
