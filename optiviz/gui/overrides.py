"""Overrides of Qt's methods hand their errors on in a form that Shiboken survives.

Up to Python 3.11 an error raised by compiled code (``int("x")``, ``[][1]``, an argument that PySide
refuses) is a type and a text, and becomes an object only when somebody catches it. Where Python
called into Qt and Qt called an override, Shiboken keeps the error to raise it in that caller, takes
the text for the object, and the process dies. So every override catches its error, which makes it
whole, and raises it again; all else stays as it was: what was an error is still one, with the same
traceback, and is told by :mod:`optiviz.gui.problems`.

What an override held when it failed is let go as well: a painter that outlives its paint event,
kept by the traceback, would leave Qt with a widget that is still being painted.
"""

from __future__ import annotations

import functools
import traceback
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject

_Wrapped: Any = QObject.__mro__[-2]  # Shiboken's own base of everything that Qt has


def guard() -> None:
    """Guard the overrides of every class that is made from now on."""
    _Wrapped.__init_subclass__ = classmethod(_guard_class)


def _guard_class(cls: Any, /, **named: Any) -> None:
    super(_Wrapped, cls).__init_subclass__(**named)
    for name, found in list(vars(cls).items()):
        if isinstance(found, FunctionType) and is_override(cls, name):
            setattr(cls, name, _guarded(found))


def is_override(cls: type, name: str) -> bool:
    """Say whether a method of this name stands in for one of Qt's."""
    return not name.startswith("__") and any(
        name in vars(base) for base in cls.__mro__[1:] if base.__module__.startswith("PySide6.")
    )


def _guarded(override: FunctionType) -> Any:
    @functools.wraps(override)
    def guarded(*arguments: Any) -> Any:
        try:
            return override(*arguments)
        except BaseException as error:
            traceback.clear_frames(error.__traceback__)
            raise

    return guarded
