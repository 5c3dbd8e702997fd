"""How a scene stands in its file: derived from the dataclasses of the scene, field by field.

A dataclass becomes an object with its fields' names, a part an object with its key in the engine's
tables and its knobs. Nothing is told here of a single field: a new one is read and written, and
checked by its type and by its own class, as soon as it is declared. A field that has a default may
be left out; one whose value is ``None`` is. Fields made by :func:`optiviz.scene.model.listed` stand
in one list.

What is wrong is told in msgspec's way: what, and in which place, ``$.racers[2].gradient.sigma``.
"""

from __future__ import annotations

import contextlib
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from optiviz.engine import (
    GRADIENTS,
    OPTIMIZERS,
    SCHEDULES,
    SURFACES,
    Gradient,
    Optimizer,
    Part,
    PartError,
    Schedule,
    Surface,
)
from optiviz.engine.words import Refusal
from optiviz.scene.model import LIST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: "key", then the knobs by name; each is checked by its own part.
PartData = dict[str, Any]

_TABLES: dict[type[Part], Mapping[str, type[Part]]] = {
    Surface: SURFACES,
    Optimizer: OPTIMIZERS,
    Schedule: SCHEDULES,
    Gradient: GRADIENTS,
}


# Writing


def to_plain(value: Any) -> Any:
    """Give a scene, or whatever is in one, as what JSON knows: objects, lists, numbers, texts."""
    if isinstance(value, Part):
        return {"key": value.key, **value.settings()}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if not _has_fields(value):
        return value
    kind: Any = type(value)
    plain: dict[str, Any] = {}
    for name, members in _entries(kind).items():
        held = [to_plain(getattr(value, member)) for member in members]
        plain[name] = held if name not in members else held[0]
    return {name: item for name, item in plain.items() if item is not None}


# Reading


@cache
def struct_of(kind: type) -> type[msgspec.Struct]:
    """Derive what msgspec checks from a frozen dataclass: names, types, and what may be missing."""
    hints, declared = get_type_hints(kind), {item.name: item for item in fields(kind)}
    made: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for name, members in _entries(kind).items():
        types = tuple(_checked(hints[member]) for member in members)
        checked = types[0] if name in members else tuple[types]  # type: ignore[valid-type]
        if declared[members[0]].default is MISSING:
            made.append((name, checked))
        else:
            made.append((name, checked | msgspec.UnsetType, msgspec.UNSET))
    return msgspec.defstruct(kind.__name__, made, kw_only=True, forbid_unknown_fields=True)


def build(kind: Any, data: Any, path: str = "$") -> Any:
    """Make what a type hint names from what msgspec has checked.

    Raises:
        msgspec.ValidationError: a class refused a value; with its place.
    """
    if (table := _TABLES.get(kind)) is not None:
        return _part(table, data, path)
    if get_origin(kind) is tuple and get_args(kind)[-1] is Ellipsis:
        return tuple(build(get_args(kind)[0], item, f"{path}[{i}]") for i, item in enumerate(data))
    if not _has_fields(kind):
        return data
    hints, values = get_type_hints(kind), {}
    for name, members in _entries(kind).items():
        held = getattr(data, name)
        if held is msgspec.UNSET:
            continue
        if name in members:
            values[name] = build(_present(hints[name]), held, f"{path}.{name}")
        else:
            values.update(zip(members, held, strict=True))
    with at(path, list(values)):
        return kind(**values)


@contextlib.contextmanager
def at(path: str, names: Iterable[str] = ()) -> Iterator[None]:
    """Say where in the file a value was refused: in which of these fields, where one is told."""
    try:
        yield
    except PartError as error:
        place = f"{path}.{error.knob}" if error.knob in names else path
        raise msgspec.ValidationError(f"{error.clause} - at `{place}`") from None
    except ValueError as error:
        what = error.clause if isinstance(error, Refusal) else str(error)
        raise msgspec.ValidationError(f"{what} - at `{path}`") from None


def _has_fields(kind: Any) -> bool:
    return is_dataclass(kind)


@cache
def _entries(kind: Any) -> dict[str, list[str]]:
    """Give the names in the file, and which fields each of them holds."""
    found: dict[str, list[str]] = {}
    for item in fields(kind):
        found.setdefault(item.metadata.get(LIST, item.name), []).append(item.name)
    return found


def _present(hint: Any) -> Any:
    """Give what a field holds where it is not ``None``."""
    if get_origin(hint) not in (Union, UnionType):
        return hint
    (kind,) = (each for each in get_args(hint) if each is not NoneType)
    return kind


def _checked(hint: Any) -> Any:
    """Give the type that msgspec checks for a field's."""
    hint = _present(hint)
    if hint in _TABLES:
        return PartData
    if get_origin(hint) is Literal:
        return type(get_args(hint)[0])  # its class says better than msgspec what there is
    if get_origin(hint) is tuple:
        held = tuple(each if each is ... else _checked(each) for each in get_args(hint))
        return tuple[held]  # type: ignore[valid-type]
    return struct_of(hint) if _has_fields(hint) else hint


def _part(table: Mapping[str, type[Part]], data: PartData, path: str) -> Part:
    knobs = dict(data)
    key = knobs.pop("key", None)
    if not isinstance(key, str) or key not in table:
        raise msgspec.ValidationError(f"{key!r} is not one of {', '.join(table)} - at `{path}.key`")
    part = table[key]
    known = [spec.name for spec in part.knobs()]
    for name in knobs:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise msgspec.ValidationError(f"{key} has no knob {name!r} ({listed}) - at `{path}`")
    with at(path, known):
        return part(**knobs)
