"""Settings as text: keys and values below the names of their groups, as Qt writes an INI file.

Only what is plain text is a value. Qt can write objects into such a file too, which begin with @
and of which it would unpack whatever they hold: here they are damage, and not looked into.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_GENERAL = "General"  # the group of keys that have none
_HEADING = re.compile(r"\[([^\[\]]+)\]")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(x[0-9a-fA-F]{1,4}|.)")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_PLAIN = re.compile(r"[\w.+/-]+")
_NOTHING = re.compile(r"\0([0-9a-fA-F]*)")  # a letter of no shape, and what could be its number


def parse(text: str) -> tuple[dict[str, str], bool]:
    """Read values by ``key`` and ``group/key``; say also whether all of it could be read."""
    values: dict[str, str] = {}
    group, whole = "", True
    # No other character ends a line: within a value each of them is one like any other.
    for line in map(_stripped, text.split("\n")):
        if not line or line[0] in ";#":
            continue
        if heading := _HEADING.fullmatch(line):
            group = "" if heading[1] == _GENERAL else f"{heading[1]}/"
            continue
        key, equals, written = map(_stripped, line.partition("="))
        value = _read_value(written)
        if key and equals and value is not None:
            values[group + key] = value
        else:
            whole = False
    return values, whole


def dumps(values: Mapping[str, str]) -> str:
    """Write values so that :func:`parse`, and Qt, read them as they were."""
    lines: list[str] = []
    group = ""
    # A key without a group comes first, as all that follow a heading are in its group.
    for name in sorted(values, key=lambda name: ("/" in name, name)):
        within, _, key = name.rpartition("/")
        if within != group or not lines:
            lines += [*([""] if lines else []), f"[{within or _GENERAL}]"]
            group = within
        lines.append(f"{key}={_write_value(values[name])}")
    return "\n".join(lines) + "\n"


def _stripped(text: str) -> str:
    return text.strip(" \t\r")  # to Qt, all other room is a part of the value


def _read_value(written: str) -> str | None:
    if quoted := _QUOTED.fullmatch(written):
        written = quoted[1]
    if written.startswith("@") and not written.startswith("@@"):
        return None
    return _joined(_ESCAPED.sub(_letter, written.removeprefix("@")))


def _joined(text: str) -> str | None:
    """Join the halves that Qt writes of a letter beyond the first 65536; a half alone is none."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None


def _letter(escaped: re.Match[str]) -> str:
    told = escaped[1]
    return chr(int(told[1:], 16)) if len(told) > 1 else _LETTERS.get(told, told)


def _write_value(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    text = value.replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace("\n", "\\n").replace("\r", "\\r")
    text = _NOTHING.sub(_numbered, text)
    return f'"{"@" if text.startswith("@") else ""}{text}"'


def _numbered(found: re.Match[str]) -> str:
    """Write a zero, and digits after it by their numbers: Qt would read them as a part of it."""
    return "\\0" + "".join(f"\\x{ord(digit):x}" for digit in found[1])
