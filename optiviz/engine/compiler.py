"""Compiled kernels: made once, kept on disk, used as soon as they are ready.

numba is imported only when something is compiled, so that importing the engine stays cheap and
the first race can be drawn before the compiler has started. Whoever wants speed at once calls
:func:`compiled`; whoever must not wait calls :func:`ready` and runs the plain function if the
answer is ``None``. Both give the same bits.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal

from optiviz.engine.kernels import advance, parts_of, stay_here, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Kind = Literal["rule", "lookahead", "surface", "loop", "sweep"]

#: Compiled kernels that are kept, those used last: all that there are some three times over. A part
#: may have kernels of its own, and whoever changes it by hand makes one after the other.
_MOST = 256
_ready: OrderedDict[Callable[..., Any], Callable[..., Any]] = OrderedDict()
_table = threading.Lock()  # held for a moment only: nobody may wait here for the compiler
_lock = threading.Lock()
_warming = threading.Event()
#: So long a warm-up steps back after each kernel: whoever waits for a certain one goes first.
_COURTESY = 0.001


def _signature(kind: Kind) -> Any:
    from numba import types

    real, vector = types.float64, types.Array(types.float64, 1, "C")
    matrix = types.Array(types.float64, 2, "C")
    table = types.Array(types.float64, 2, "C", readonly=True)
    rates = types.Array(types.float64, 1, "C", readonly=True)
    rows = types.Array(types.int64, 1, "C", readonly=True)
    rule = types.void(vector, vector, vector, real, vector)
    look = types.void(vector, vector, real, vector, vector)
    surface = real(real, real, vector, table, vector)
    if kind == "rule":
        return rule
    if kind == "lookahead":
        return look
    if kind == "surface":
        return surface
    function = types.FunctionType
    count = types.int64
    if kind == "sweep":
        return types.void(function(surface), table, vector, table, vector, vector)
    none = types.none
    loop = [
        count(
            *(function(rule), function(look), function(surface), types.boolean),
            *(vector, vector, vector, vector, vector, vector),
            *(table, *chance, rates),
            *(real, real, count, real, matrix, vector, matrix, matrix),
            *(real, real, real, count, count),
        )
        # A race without chance has a loop of its own, in which nothing asks for it.
        for chance in ((none, none, none, none), (matrix, rows, rows, table))
    ]
    return loop


def ready(function: Callable[..., Any]) -> Callable[..., Any] | None:
    """Give the compiled form of a kernel if there is one by now."""
    with _table:
        found = _ready.get(function)
        if found is not None:
            _ready.move_to_end(function)
        return found


def compiled(function: Callable[..., Any], kind: Kind) -> Callable[..., Any]:
    """Compile a kernel, or load it from the disk cache; waits until that is done."""
    found = ready(function)
    if found is not None:
        return found
    with _lock:
        found = ready(function)
        if found is None:
            found = _compile(function, kind)
            with _table:
                _ready[function] = found
                while len(_ready) > _MOST:
                    _ready.popitem(last=False)
        return found


def _compile(function: Callable[..., Any], kind: Kind) -> Callable[..., Any]:
    """Compile with the disk cache, or without it where it cannot be had.

    Nothing may be writable, the disk may be full, what is kept may be damaged: each has an error
    of its own, and none is the user's concern. A fault of the kernel's comes up again without.
    """
    try:
        return _build(function, kind, cache=True)
    except Exception:  # noqa: BLE001
        return _build(function, kind, cache=False)


def with_names(function: Any, names: dict[str, Any]) -> Any:
    """Give the same function, for which some of its module's names stand for something else."""
    other = FunctionType(
        function.__code__,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    other.__kwdefaults__ = function.__kwdefaults__
    return other


def _build(function: Callable[..., Any], kind: Kind, *, cache: bool) -> Callable[..., Any]:
    from numba import njit

    # error_model="numpy": x / 0 is inf, as IEEE 754 has it, and no check slows the loop.
    build = njit(_signature(kind), nogil=True, cache=cache, error_model="numpy")
    parts = {
        name: njit(nogil=True, error_model="numpy")(it) for name, it in parts_of(function).items()
    }
    if parts:  # the same kernel, that calls them compiled
        function = with_names(function, parts)
    built: Callable[..., Any] = build(function)
    return built


def warm_up(
    kernels: Iterable[tuple[Callable[..., Any], Kind]],
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Compile the loop and these kernels one by one; meant for a thread in the background."""
    _warming.set()
    try:
        first = ((advance, "loop"), (stay_here, "lookahead"), (sweep, "sweep"))
        for function, kind in (*first, *kernels):
            if cancelled():
                return
            compiled(function, kind)  # type: ignore[arg-type]
            time.sleep(_COURTESY)
    finally:
        _warming.clear()


def is_warming() -> bool:
    """Say whether a warm-up is under way, so that nobody waits for the compiler twice."""
    return _warming.is_set()
