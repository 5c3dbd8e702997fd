"""Kernels that users make come and go: what is kept of them is bounded."""

from __future__ import annotations

import ast
import threading
from pathlib import Path
from typing import Any

import pytest

import optiviz
from optiviz.engine import compiler, rebound

PACKAGE = Path(optiviz.__file__).parent
#: What these remember is bounded by what the program itself has: shapes, classes, one answer.
BOUNDED = {
    "gui/qt/heap.py": {"_function"},
    "gui/theme/markers.py": {"marker_path"},
    "gui/theme/typesetting.py": {"_typesetter"},
    "scene/form.py": {"struct_of", "_entries"},
}


def kernel(factor: float) -> Any:
    def own(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> Any:
        g[0] = factor
        g[1] = factor
        return factor * x

    return own


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep no kernels yet, and compile none: what is kept is a new function each."""
    monkeypatch.setattr(compiler, "_ready", type(compiler._ready)())
    monkeypatch.setattr(compiler, "_compile", lambda function, kind: lambda *a: function(*a))


@pytest.mark.usefixtures("empty")
def test_compiled_kernels_are_bounded_and_those_in_use_stay() -> None:
    used, made = kernel(0.0), [kernel(float(i)) for i in range(3 * compiler._MOST)]
    first = compiler.compiled(used, "surface")
    for each in made:
        fast = compiler.compiled(each, "surface")
        assert compiler.ready(each) is fast, "it is there as soon as it is compiled"
        assert compiler.ready(used) is first, "whoever races by it finds it at every step"
    assert len(compiler._ready) == compiler._MOST
    assert compiler.ready(made[0]) is None
    assert compiler.compiled(made[0], "surface")(2.0, 0.0, None, None, [0, 0]) == 0.0


@pytest.mark.usefixtures("empty")
def test_threads_that_want_the_same_kernel_get_the_same() -> None:
    wanted, found = kernel(1.0), []
    together = threading.Barrier(4)

    def ask() -> None:
        together.wait()
        found.append(compiler.compiled(wanted, "surface"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(map(id, found))) == 1


@pytest.mark.parametrize("form", [rebound.plain, rebound.vectorised])
def test_rebound_kernels_are_bounded(form: Any) -> None:
    most = form.cache_info().maxsize
    assert most is not None
    for i in range(most + 10):
        form(kernel(float(i)))
    assert form.cache_info().currsize == most


def unbounded(path: Path) -> set[str]:
    """Name the functions of a module whose answers are all kept for good."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for each in getattr(node, "decorator_list", []):
            said = ast.unparse(each)
            if said in ("cache", "functools.cache") or "maxsize=None" in said:
                found.add(getattr(node, "name", ""))
    return found


def test_no_other_answers_are_kept_without_end() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): unbounded(path) for path in PACKAGE.rglob("*.py")
    }
    assert {name: names for name, names in found.items() if names} == BOUNDED
