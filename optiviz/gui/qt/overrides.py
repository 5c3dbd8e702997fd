"""An error in an override of one of Qt's methods is told, and goes no further.

Shiboken does not survive every error that an override lets out: one that compiled code raised
(``int("x")``, ``[][1]``, an argument that PySide refuses) is a type and a text in Python 3.11 until
somebody catches it, and where Python called into Qt and Qt called the override, Shiboken keeps the
text, takes it for the error itself, and the process dies. So each override catches its own errors
and hands them to ``sys.excepthook``, where :mod:`optiviz.gui.state.problems` hears of them. Qt
gets the answer that it would have had without the override; where it wanted none, the event is done
with.

What a failed override held is let go as well: a painter that outlives its paint event, because a
traceback holds it, would leave Qt with a widget that is still being painted.
"""

from __future__ import annotations

import functools
import inspect
import sys
import traceback
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject, QRectF

_Wrapped: Any = QObject.__mro__[-2]  # Shiboken's own base of everything that Qt has

#: What Qt wants no answer to, beside all that ends in Event.
_ACTS = frozenset({"paint", "run", "showPopup", "hidePopup"})
#: Where these fail, Qt is told that the event was not handled, and goes on with it.
_FILTERS = frozenset({"event", "eventFilter"})


def guard() -> None:
    """Guard the overrides of every class that is made from now on."""
    _Wrapped.__init_subclass__ = classmethod(_guard_class)


def is_override(cls: type, name: str) -> bool:
    """Say whether Qt calls a method of this name instead of its own."""
    if name.startswith(("_", "set")):
        return False  # setters are called by us; an error in one is its caller's
    # In other packages' classes only what Qt alone calls: they may expect their own errors.
    ours = cls.__module__.startswith("optiviz.") or _is_act(name) or name in _FILTERS
    return ours and _qts_own(cls, name) is not None


def _guard_class(cls: Any, /, **named: Any) -> None:
    super(_Wrapped, cls).__init_subclass__(**named)
    for name, found in list(vars(cls).items()):
        if isinstance(found, FunctionType) and is_override(cls, name):
            setattr(cls, name, _guarded(found, _answer(cls, name)))


def _guarded(override: FunctionType, answer: Any) -> Any:
    @functools.wraps(override)
    def guarded(*arguments: Any) -> Any:
        try:
            return override(*arguments)
        except Exception as error:  # noqa: BLE001 - it is told, and Qt can do nothing with it
            _tell(error)
        return answer(*arguments)

    @functools.wraps(override)
    def handler(self: Any, event: Any) -> Any:
        try:
            return override(self, event)
        except Exception as error:  # noqa: BLE001 - as above
            _tell(error)
        return answer(self, event)

    # Most are handlers of an event, and under the hand: without packing it costs a fifth.
    code, packs = override.__code__, inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
    is_handler = code.co_argcount == 2 and not override.__defaults__ and not code.co_flags & packs
    return handler if is_handler else guarded


def _tell(error: Exception) -> None:
    sys.excepthook(type(error), error, error.__traceback__)
    traceback.clear_frames(error.__traceback__)


def _answer(cls: type, name: str) -> Any:
    """What Qt is told where the override has failed."""
    if name in _FILTERS:
        return lambda *_: False
    if _is_act(name):
        return lambda *_: None
    if name == "boundingRect":  # Qt has none of its own
        return lambda *_: QRectF()
    return _qts_own(cls, name)


def _is_act(name: str) -> bool:
    return name in _ACTS or name.endswith("Event")


def _qts_own(cls: type, name: str) -> Any:
    for base in cls.__mro__[1:]:
        if base.__module__.startswith("PySide6.") and name in vars(base):
            return getattr(base, name)
    return None
