"""Scene files: readable JSON, versioned, checked field by field, written atomically.

A file is data and nothing else: parts are named by their keys in the engine's tables, so opening
one can never run code. What a file holds follows from the scene's own classes (``form.py``); a file
of an older version is first made like one of today (``upgrades.py``).

A surface names its data set by the hash of its content. A data set of the user's own goes into the
file (``carried.py``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from optiviz.atomic import write_atomically
from optiviz.engine.told_values import kind, shown
from optiviz.engine.words import Refusal
from optiviz.regular import open_file, why_not
from optiviz.scene import carried, form
from optiviz.scene.model import Scene
from optiviz.scene.upgrades import VERSION, upgraded

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".optiviz"
#: A scene of eight racers takes some 3 kB, and the largest data set, of 2,000 rows and 64 columns,
#: 25 bytes a value; anything larger than this is something else.
MAX_BYTES = 5_000_000

#: The longest that a message quotes from a file.
_MOST_LETTERS = 240
_BYTE = re.compile(r"\(byte (\d+)\)")
#: Some editors put it before text in UTF-8.
_BYTE_ORDER_MARK = "\ufeff"
#: A number beyond all floats becomes an infinity, so that the field that has it can be named.
_DECODER = msgspec.json.Decoder(float_hook=float)
#: How msgspec says that a value is of another type, or a list of another length.
_EXPECTED = re.compile(
    r"Expected `(?P<wanted>[^`]+)`(?: of length (?P<length>\d+))?, got \S+"
    r"(?: - at `(?P<place>\$[^`]+)`)?"
)
_STEP = re.compile(r"\.\w+|\[\d+\]")
_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "nothing",
}


class SceneFileError(Refusal):
    """A scene file could not be read or written; the message is one sentence for the user."""


class _Version(msgspec.Struct):
    optiviz: int


#: All that a file holds: its version, a scene, and the data set that it carries.
_File = msgspec.defstruct(
    "_File",
    [
        ("optiviz", int),
        ("data", carried.CarriedData | msgspec.UnsetType, msgspec.UNSET),
    ],
    bases=(form.struct_of(Scene),),
    kw_only=True,
    forbid_unknown_fields=True,
)


def dumps(scene: Scene) -> str:
    """Write a scene as text, with the data set of its surface where that is the user's own."""
    file = {"optiviz": VERSION, **form.to_plain(scene)}
    data = carried.carried(scene.surface)
    if data is not None:
        file["data"] = data
    return msgspec.json.format(msgspec.json.encode(file), indent=2).decode() + "\n"


def loads(text: str | bytes) -> Scene:
    """Read a scene from text. A data set that it carries is kept (:func:`datasets.keep`).

    Raises:
        SceneFileError: in one sentence, with the path to the faulty field.
    """
    mark = _BYTE_ORDER_MARK
    text = text.removeprefix(mark) if isinstance(text, str) else text.removeprefix(mark.encode())
    try:
        version = msgspec.json.decode(text, type=_Version).optiviz
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise SceneFileError(f"it is not a whole OptiViz scene: {_reason(error, text)}") from None
    told = _shortened(str(version), 12)
    if version > VERSION:
        raise SceneFileError(
            f"it was made by a newer OptiViz (format {told}; this one reads up to {VERSION})"
        )
    if version < 1:
        raise SceneFileError(f"there is no scene format {told}")
    try:
        return _scene(msgspec.convert(upgraded(_DECODER.decode(text)), _File))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise SceneFileError(f"it is not a valid scene: {_reason(error, text)}") from None


def _scene(file: Any) -> Scene:
    if file.data is not msgspec.UNSET:
        carried.keep(file.data)
    carried.check_known(file.surface)
    scene: Scene = form.build(Scene, file)
    return scene


def read(path: Path) -> Scene:
    """Open a scene file.

    Raises:
        SceneFileError: in one sentence that names the file.
    """
    try:
        with open_file(path) as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise SceneFileError("it is too large to be a scene")
        return loads(data)
    except SceneFileError as error:
        raise SceneFileError(f"could not open {path.name}: {error.clause}") from None
    except OSError as error:
        raise SceneFileError(f"could not open {path.name}: {why_not(error)}") from None


def write(path: Path, scene: Scene) -> bytes:
    """Save a scene file atomically, and give what was written.

    The file there is the old one or the new one, never half of either.

    Raises:
        SceneFileError: in one sentence that names the file.
    """
    data = dumps(scene).encode()
    try:
        write_atomically(path, data)
    except OSError as error:
        raise SceneFileError(f"could not save {path.name}: {why_not(error)}") from None
    return data


def _reason(error: Exception, text: str | bytes) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeError):
        return "it is not text in UTF-8"
    told = _plainly(" ".join(str(error).split()), text)
    return _shortened(_BYTE.sub(lambda found: _line(text, int(found[1])), told), _MOST_LETTERS)


def _plainly(told: str, text: str | bytes) -> str:
    """Tell of a value of a wrong type what it is and what it must be, in plain words."""
    found = _EXPECTED.fullmatch(told)
    if found is None:
        return told
    wanted = " or ".join(_WORDS.get(each, each) for each in found["wanted"].split(" | "))
    if found["place"] is None:
        return f"it holds {_WORDS.get(told.split('`')[-2], 'something else')}, and no object"
    try:
        value: Any = msgspec.json.decode(text)
        if found["place"] != "$.optiviz":
            value = upgraded(value)
        for step in _STEP.findall(found["place"]):
            value = value[int(step[1:-1]) if step[0] == "[" else step[1:]]
    except (msgspec.MsgspecError, UnicodeError, RecursionError, LookupError, TypeError):
        return told  # whatever else is wrong with the file
    if found["length"]:
        # Of a list that is too short or too long, its length.
        entries = f"{len(value)} entr{'y' if len(value) == 1 else 'ies'}"
        what, wanted = f"has {entries}", f"have {found['length']}"
    else:
        what, wanted = f"is {kind(value)}", f"be {wanted}"
    return f"{shown(value)} {what} and must {wanted} - at `{found['place']}`"


def _line(text: str | bytes, place: int) -> str:
    """Tell a place in a file as people find it: by its line."""
    before = (text.encode() if isinstance(text, str) else text)[:place]
    line = before.count(b"\n") + 1
    return f"in line {line}"


def _shortened(text: str, most: int) -> str:
    """Cut the middle out of a long text: both ends tell, what is wrong and where."""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"
