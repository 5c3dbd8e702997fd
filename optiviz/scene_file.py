"""Scene files: readable JSON, versioned, checked field by field, written atomically.

A file is data and nothing else: parts are named by their keys in the engine's tables, so opening
one can never run code. What a knob's file entry allows follows from the knob's own declaration.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from optiviz.atomic import write_atomically
from optiviz.engine import OPTIMIZERS, SCHEDULES, SLOPES, SURFACES, Clip, Part, PartError
from optiviz.scene import Camera, Racer, Scene

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SUFFIX = ".optiviz"
VERSION = 1
#: A scene of eight racers takes some 3 kB; anything larger than this is something else.
MAX_BYTES = 1_000_000

#: The longest that a message quotes from a file.
_MOST_LETTERS = 240

PartData = dict[str, Any]  # "key", then the knobs by name; each is checked by its own part
AnyPart = TypeVar("AnyPart", bound=Part)


_BYTE = re.compile(r"\(byte (\d+)\)")


class SceneFileError(ValueError):
    """A scene file could not be read or written; the message is one sentence for the user."""


class _Version(msgspec.Struct):
    optiviz: int


class _Clip(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    limit: float


class _Racer(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    look: int
    optimizer: PartData
    enabled: bool = True
    schedule: PartData = msgspec.field(default_factory=lambda: {"key": "constant"})
    slope: PartData = msgspec.field(default_factory=lambda: {"key": "exact"})
    clip: _Clip | None = None


class _Camera(msgspec.Struct, forbid_unknown_fields=True):
    x: tuple[float, float]
    y: tuple[float, float]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    optiviz: int
    surface: PartData
    start: tuple[float, float]
    steps: int
    racers: list[_Racer]
    steps_per_epoch: int = 3
    seed: int = 0
    target: float = 1e-3
    link_lr: bool = False
    solo: int | None = None
    camera: _Camera | None = None


def dumps(scene: Scene) -> str:
    """Write a scene as text."""
    camera = scene.camera
    file = _File(
        optiviz=VERSION,
        surface=_part_data(scene.surface),
        start=scene.start,
        steps=scene.steps,
        racers=[
            _Racer(
                name=racer.name,
                look=racer.look,
                optimizer=_part_data(racer.optimizer),
                enabled=racer.enabled,
                schedule=_part_data(racer.schedule),
                slope=_part_data(racer.slope),
                clip=_Clip(racer.clip.kind, racer.clip.limit) if racer.clip else None,
            )
            for racer in scene.racers
        ],
        steps_per_epoch=scene.steps_per_epoch,
        seed=scene.seed,
        target=scene.target,
        link_lr=scene.link_lr,
        solo=scene.solo,
        camera=_Camera((camera.x0, camera.x1), (camera.y0, camera.y1)) if camera else None,
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=2).decode() + "\n"


def loads(text: str | bytes) -> Scene:
    """Read a scene from text.

    Raises:
        SceneFileError: in one sentence, with the path to the faulty field.
    """
    try:
        version = msgspec.json.decode(text, type=_Version).optiviz
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise SceneFileError(f"It is not a whole OptiViz scene: {_reason(error, text)}.") from None
    told = _shortened(str(version), 12)
    if version > VERSION:
        raise SceneFileError(
            f"It was made by a newer OptiViz (format {told}; this one reads up to {VERSION})."
        )
    if version < 1:
        raise SceneFileError(f"There is no scene format {told}.")
    try:
        return _scene(msgspec.json.decode(text, type=_File))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise SceneFileError(f"It is not a valid scene: {_reason(error, text)}.") from None


def read(path: Path) -> Scene:
    """Open a scene file.

    Raises:
        SceneFileError: in one sentence that names the file.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise SceneFileError("It is too large to be a scene.")
        return loads(data)
    except SceneFileError as error:
        what = str(error)
        raise SceneFileError(f"Could not open {path.name}: {what[0].lower()}{what[1:]}") from None
    except OSError as error:
        raise SceneFileError(f"Could not open {path.name}: {_os_reason(error)}.") from None


def write(path: Path, scene: Scene) -> None:
    """Save a scene file atomically: the file there is the old one or the new one, never half.

    Raises:
        SceneFileError: in one sentence that names the file.
    """
    try:
        write_atomically(path, dumps(scene).encode())
    except OSError as error:
        raise SceneFileError(f"Could not save {path.name}: {_os_reason(error)}.") from None


def _reason(error: Exception, text: str | bytes) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeError):
        return "it is not text in UTF-8"
    told = " ".join(str(error).split()).rstrip(".")
    return _shortened(_BYTE.sub(lambda found: _line(text, int(found[1])), told), _MOST_LETTERS)


def _line(text: str | bytes, place: int) -> str:
    """Tell a place in a file as people find it: by its line."""
    before = (text.encode() if isinstance(text, str) else text)[:place]
    line = before.count(b"\n") + 1
    return f"in line {line}"


def _shortened(text: str, most: int) -> str:
    """Cut the middle out of a long text: both ends tell, what is wrong and where."""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"


def _os_reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _part_data(part: Part) -> PartData:
    return {"key": part.key, **part.settings()}


def _scene(file: _File) -> Scene:
    camera = file.camera
    racers = tuple(_racer(racer, f"$.racers[{i}]") for i, racer in enumerate(file.racers))
    surface = _part(SURFACES, file.surface, "$.surface")
    with _at("$.camera"):
        shown = Camera(*camera.x, *camera.y) if camera else None
    with _at("$", names_field=True):
        return Scene(
            surface=surface,
            start=file.start,
            racers=racers,
            steps=file.steps,
            steps_per_epoch=file.steps_per_epoch,
            seed=file.seed,
            target=file.target,
            link_lr=file.link_lr,
            solo=file.solo,
            camera=shown,
        )


def _racer(racer: _Racer, path: str) -> Racer:
    optimizer = _part(OPTIMIZERS, racer.optimizer, f"{path}.optimizer")
    schedule = _part(SCHEDULES, racer.schedule, f"{path}.schedule")
    slope = _part(SLOPES, racer.slope, f"{path}.slope")
    with _at(f"{path}.clip", names_field=True):
        clip = Clip(racer.clip.kind, racer.clip.limit) if racer.clip else None  # type: ignore[arg-type]
    with _at(path, names_field=True):
        return Racer(optimizer, racer.name, racer.look, racer.enabled, schedule, slope, clip)


def _part(table: Mapping[str, type[AnyPart]], data: PartData, path: str) -> AnyPart:
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
        if not isinstance(knobs[name], (bool, int, float, str)):
            raise msgspec.ValidationError(
                f"A knob is a number, a text, true or false - at `{path}.{name}`"
            )
    with _at(path, names_field=True):
        return part(**knobs)


@contextlib.contextmanager
def _at(path: str, *, names_field: bool = False) -> Any:
    """Say where in the file a value was refused, in msgspec's own way of naming a place."""
    try:
        yield
    except PartError as error:
        place = f"{path}.{error.knob}" if names_field else path
        raise msgspec.ValidationError(f"{str(error).rstrip('.')} - at `{place}`") from None
