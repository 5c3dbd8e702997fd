"""No property and no signal of a Qt class is given as a keyword.

PySide makes the name of the property's setter by the rules of the system's language, so that in
Turkish ``QTimer(interval=30)`` raises. Which names are properties or signals, Qt itself is asked.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

import pytest
from PySide6 import QtCore, QtGui, QtOpenGL, QtOpenGLWidgets, QtSvg, QtWidgets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
QT = (QtCore, QtGui, QtWidgets, QtSvg, QtOpenGL, QtOpenGLWidgets)


def by_name(made: type) -> set[str]:
    """The names of a class's properties and signals, as Qt has them."""
    meta = getattr(made, "staticMetaObject", None)
    if meta is None:
        return set()
    signals = (meta.method(n) for n in range(meta.methodCount()))
    return {meta.property(n).name() for n in range(meta.propertyCount())} | {
        bytes(signal.name().data()).decode()
        for signal in signals
        if signal.methodType() == QtCore.QMetaMethod.MethodType.Signal
    }


def own_keywords(made: type) -> set[str]:
    """The keywords that a class written in Python takes itself."""
    init = made.__init__
    return set(inspect.signature(init).parameters) if inspect.isfunction(init) else set()


def classes_made(tree: ast.AST, names: Mapping[str, Any]) -> Iterator[tuple[ast.Call, type]]:
    """Each call that makes an object of a class, also of the one above in ``super().__init__``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            bases = [found(ast.unparse(base), names) for base in node.bases]
            inits = (of for of in node.body if getattr(of, "name", "") == "__init__")
            for call in filter(has_keywords, (each for init in inits for each in ast.walk(init))):
                if ast.unparse(call.func) == "super().__init__":
                    yield from ((call, base) for base in bases if isinstance(base, type))
        elif has_keywords(node):
            made = found(ast.unparse(node.func), names)
            if isinstance(made, type):
                yield node, made


def has_keywords(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether this is a call with a keyword in it."""
    return isinstance(node, ast.Call) and bool(node.keywords)


def found(dotted: str, names: Mapping[str, Any]) -> Any:
    """What a name stands for in a module, or in Qt."""
    first, *rest = dotted.split(".")
    in_qt = (getattr(module, first) for module in QT if hasattr(module, first))
    try:
        return reduce(getattr, rest, names[first] if first in names else next(in_qt, None))
    except AttributeError:
        return None


def told(source: str, names: Mapping[str, Any]) -> list[str]:
    """Every keyword that Qt would look up by the rules of the system's language."""
    return [
        f"{call.lineno}: {made.__name__}({keyword.arg}=…)"
        for call, made in classes_made(ast.parse(source), names)
        for keyword in call.keywords
        if keyword.arg in by_name(made) - own_keywords(made)
    ]


def modules() -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path in sorted((ROOT / "optiviz" / "gui").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield path, vars(importlib.import_module(name))
    for folder in ("tests", "packaging"):
        yield from ((path, {}) for path in sorted((ROOT / folder).rglob("*.py")))


def test_no_property_or_signal_of_qt_is_a_keyword() -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{fault}"
        for path, names in modules()
        for fault in told(path.read_text(encoding="utf-8"), names)
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "source",
    [
        "QTimer(interval=3)",
        "QtCore.QTimer(None, timeout=print)",
        "QAction('Linear', None, checkable=True)",
        "class Field(QLineEdit):\n    def __init__(self):\n        super().__init__(text='1')",
    ],
)
def test_such_keywords_are_found(source: str) -> None:
    assert told(source, {"QtCore": QtCore})


def test_arguments_of_other_classes_are_not_meant() -> None:
    assert not told("QPen(width=2)\nQTimer(parent=None)\nPath(text=1)", {"Path": Path})
