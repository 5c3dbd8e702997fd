"""What can be chosen about how a table is read, and what may be chosen; what is not is guessed."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from optiviz.engine.digits import rounded
from optiviz.engine.part import finite
from optiviz.engine.words import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What may stand between values, and what each is called. A space is any run of blanks and tabs.
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "spaces", ":": "colon"}
DECIMALS = {".": "point", ",": "comma"}
#: What may group thousands; nothing: they are not grouped.
THOUSANDS = {"": "nothing", ",": "comma", ".": "point", " ": "space", "'": "apostrophe"}
#: Rows above the values, and what is in them.
HEADERS = {0: "no names", 1: "names", 2: "names, then units"}
#: Encodings that a table is likely to be in, and what each is called.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252, Western Europe",
    "cp1250": "Windows-1250, Central Europe",
    "cp1251": "Windows-1251, Cyrillic",
    "cp1253": "Windows-1253, Greek",
    "cp1254": "Windows-1254, Turkish",
    "cp1257": "Windows-1257, Baltic",
    "iso8859-15": "Latin-9, Western Europe",
    "koi8-r": "KOI8-R, Cyrillic",
    "mac-roman": "Mac Roman",
    "cp932": "Shift JIS, Japanese",
    "gb18030": "GB 18030, Chinese",
    "big5": "Big5, Chinese",
    "cp949": "Korean",
}
_MOST_MARKS, _LONGEST_MARK = 40, 40


class ChoiceError(Refusal):
    """A choice is not known or not possible; the message is one sentence for the user.

    Attributes:
        choice: its name, so that an editor can show the sentence where it belongs.
    """

    def __init__(self, choice: str, clause: str) -> None:
        super().__init__(clause)
        self.choice = choice


@dataclass(frozen=True)
class Choices:
    """How a table is read. ``None`` is: guess it. What a table tells of itself has no ``None``.

    Attributes:
        separator: what stands between values, one of ``SEPARATORS``.
        decimal: the decimal sign, ``.`` or ``,``; where it is guessed, a column may differ.
        thousands: what groups thousands, one of ``THOUSANDS``; guessed as ``decimal`` is.
        header: how many rows above the values name them: 0; 1, names; 2, names and then units.
        encoding: the name of a text encoding as Python knows it.
        missing: texts that stand for a missing value beside the usual ones, such as ``-999``; a
            number stands for every cell of that value.
    """

    separator: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    header: int | None = None
    encoding: str | None = None
    missing: tuple[str, ...] = ()

    @classmethod
    def of(cls, **choices: Any) -> Choices:
        """Make choices of what a user writes, ``header=True`` or ``missing=-999`` among it.

        Raises:
            ChoiceError: a choice is unknown, or has a value that it cannot have.
        """
        names = [item.name for item in fields(cls)]
        for name in choices:
            if name not in names:
                known = ", ".join(names)
                raise ChoiceError(name, f"there is no choice {name!r}; the choices are: {known}")
        made: dict[str, Any] = {k: _CHECKS[k](v) for k, v in choices.items() if v is not None}
        decimal, thousands = made.get("decimal"), made.get("thousands")
        if decimal is not None and decimal == thousands:
            raise ChoiceError(
                "thousands",
                f"the decimal sign and the sign of thousands cannot both be a {DECIMALS[decimal]}",
            )
        if thousands == " " == made.get("separator"):
            raise ChoiceError(
                "thousands", "spaces cannot stand between values and in their thousands both"
            )
        return cls(**made)


def marks_of(text: str) -> tuple[str, ...]:
    """Read marks of missing values as they are typed, with commas or semicolons between them."""
    return tuple(filter(None, (mark.strip() for mark in text.replace(";", ",").split(","))))


def _one_of(name: str, allowed: dict[Any, str]) -> Any:
    def check(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, (str, int)) or value not in allowed:
            if isinstance(value, str):
                spelled = next((key for key, word in allowed.items() if word == value), None)
                if spelled is not None:
                    return spelled
            listed = ", ".join(f"{key!r} ({word})" for key, word in allowed.items())
            raise ChoiceError(name, f"{name} must be one of {listed}, and not {value!r}")
        return value

    return check


def _header(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    return _one_of("header", HEADERS)(value)


def _encoding(value: object) -> str:
    if isinstance(value, str):
        try:
            found = codecs.lookup(value)
        except (LookupError, ValueError):
            found = None
        if found is not None and found._is_text_encoding:
            # By its own name where it is one that is listed.
            known = {codecs.lookup(name).name: name for name in ENCODINGS}
            return known.get(found.name, found.name)
    raise ChoiceError("encoding", f"there is no encoding {value!r}; utf-8 and cp1252 are two")


def _missing(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        value = (value,)
    many: Iterable[object] = value
    marks = []
    for mark in many:
        number = finite(mark)
        mark = mark if number is None else rounded(number, 15)
        if not isinstance(mark, str) or not 0 < len(mark.strip()) <= _LONGEST_MARK:
            raise ChoiceError(
                "missing",
                f"what stands for a missing value is a text of 1 to {_LONGEST_MARK} letters or a "
                f"number, and not {str(mark)[:_LONGEST_MARK]!r}",
            )
        if mark.strip() not in marks:
            marks.append(mark.strip())
    if len(marks) > _MOST_MARKS:
        raise ChoiceError("missing", f"no more than {_MOST_MARKS} texts can stand for one")
    return tuple(marks)


_CHECKS = {
    "separator": _one_of("separator", SEPARATORS),
    "decimal": _one_of("decimal", DECIMALS),
    "thousands": _one_of("thousands", THOUSANDS),
    "header": _header,
    "encoding": _encoding,
    "missing": _missing,
}
