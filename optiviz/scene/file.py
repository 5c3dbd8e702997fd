"""Scene files: readable JSON, versioned, checked field by field, written atomically.

A file is data and nothing else: parts are named by their keys in the engine's tables, so opening
one can never run code. What a knob's file entry allows follows from the knob's own declaration.

A surface names its data set by the hash of its content. A data set of the user's own goes into the
file, so that the scene opens on any machine; one that comes with the program is only named.
"""

from __future__ import annotations

import contextlib
import math
import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import numpy as np

from optiviz.atomic import write_atomically
from optiviz.engine import (
    GRADIENTS,
    OPTIMIZERS,
    SCHEDULES,
    SURFACES,
    Clip,
    Part,
    PartError,
    datasets,
)
from optiviz.regular import open_file
from optiviz.scene.model import Camera, Racer, Scene, Viewpoint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SUFFIX = ".optiviz"
VERSION = 1
#: A scene of eight racers takes some 3 kB, and the largest data set, of 2,000 rows and 64 columns,
#: 25 bytes a value; anything larger than this is something else.
MAX_BYTES = 5_000_000

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
    style: int
    optimizer: PartData
    enabled: bool = True
    schedule: PartData = msgspec.field(default_factory=lambda: {"key": "constant"})
    gradient: PartData = msgspec.field(default_factory=lambda: {"key": "full"})
    clip: _Clip | None = None


class _Camera(msgspec.Struct, forbid_unknown_fields=True):
    x: tuple[float, float]
    y: tuple[float, float]


class _Viewpoint(msgspec.Struct, forbid_unknown_fields=True):
    azimuth: float
    elevation: float
    distance: float
    looks_at: tuple[float, float, float]


class _Column(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    name: str
    unit: str = ""
    labels: tuple[str, str] | None = None


class _Data(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    title: str
    columns: list[_Column]
    rows: list[str]  # numbers with commas between them, nothing where one is missing
    notes: list[str] = []  # msgspec gives each its own


class _File(msgspec.Struct, forbid_unknown_fields=True):
    optiviz: int
    surface: PartData
    start: tuple[float, float]
    steps: int
    racers: list[_Racer]
    steps_per_epoch: int = 3
    seed: int = 0
    target: float = 1e-3
    epoch_follows_data: bool = False
    link_lr: bool = False
    solo: int | None = None
    camera: _Camera | None = None
    viewpoint: _Viewpoint | msgspec.UnsetType = msgspec.UNSET
    data: _Data | msgspec.UnsetType = msgspec.UNSET


def dumps(scene: Scene) -> str:
    """Write a scene as text, with the data set of its surface where that is the user's own."""
    camera = scene.camera
    file = _File(
        optiviz=VERSION,
        surface=_part_data(scene.surface),
        start=scene.start,
        steps=scene.steps,
        racers=[
            _Racer(
                name=racer.name,
                style=racer.style,
                optimizer=_part_data(racer.optimizer),
                enabled=racer.enabled,
                schedule=_part_data(racer.schedule),
                gradient=_part_data(racer.gradient),
                clip=_Clip(racer.clip.kind, racer.clip.limit) if racer.clip else None,
            )
            for racer in scene.racers
        ],
        steps_per_epoch=scene.steps_per_epoch,
        seed=scene.seed,
        target=scene.target,
        epoch_follows_data=scene.epoch_follows_data,
        link_lr=scene.link_lr,
        solo=scene.solo,
        camera=_Camera((camera.x0, camera.x1), (camera.y0, camera.y1)) if camera else None,
        viewpoint=_viewpoint_data(scene.viewpoint),
        data=_carried(scene.surface),
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=2).decode() + "\n"


def loads(text: str | bytes) -> Scene:
    """Read a scene from text. A data set that it carries is kept (:func:`datasets.keep`).

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
        with open_file(path) as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise SceneFileError("It is too large to be a scene.")
        return loads(data)
    except SceneFileError as error:
        what = str(error)
        raise SceneFileError(f"Could not open {path.name}: {what[0].lower()}{what[1:]}") from None
    except OSError as error:
        raise SceneFileError(f"Could not open {path.name}: {_os_reason(error)}.") from None


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
        raise SceneFileError(f"Could not save {path.name}: {_os_reason(error)}.") from None
    return data


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


def _viewpoint_data(seen: Viewpoint | None) -> _Viewpoint | msgspec.UnsetType:
    if seen is None:
        return msgspec.UNSET
    return _Viewpoint(seen.azimuth, seen.elevation, seen.distance, (seen.x, seen.y, seen.z))


def _carried(surface: Part) -> _Data | msgspec.UnsetType:
    """Write the data set of a surface, if it has one that does not come with the program."""
    name = surface.settings().get("data")
    if not isinstance(name, str) or datasets.is_bundled(name):
        return msgspec.UNSET
    found = datasets.find(name)
    rows = zip(*(column.values.tolist() for column in found.columns), strict=True)
    return _Data(
        name=found.name,
        title=found.title,
        columns=[_Column(column.name, column.unit, column.labels) for column in found.columns],
        rows=[",".join(map(_value_text, row)) for row in rows],
        notes=list(found.notes),
    )


def _value_text(value: float) -> str:
    """Write a number so that it comes back bit for bit."""
    return "" if math.isnan(value) else repr(value).removesuffix(".0")


def _keep(data: _Data) -> None:
    """Keep a data set that a file carries, if it is what its name says."""
    most, width = datasets.MAX_EXAMPLES, len(data.columns)
    if not 1 <= len(data.rows) <= most:
        raise msgspec.ValidationError(f"There must be 1 to {most} rows - at `$.data.rows`")
    values = []
    for i, row in enumerate(data.rows):
        with _at(f"$.data.rows[{i}]"):
            texts = row.split(",", width)
            if len(texts) != width:
                raise ValueError(f"There must be {width} values")
            values.append([float(text) if text else math.nan for text in texts])
    with _at("$.data"):
        columns = [
            datasets.Column(about.name, np.array(of), about.unit, about.labels)
            for about, of in zip(data.columns, zip(*values, strict=True), strict=True)
        ]
        stem = data.name.rpartition("-")[0]
        made = datasets.make(stem, data.title, columns, data.notes)
        if made.name != data.name:
            raise ValueError("The data set was changed: its name does not fit what it holds")
    datasets.keep(made)


def _find(surface: PartData) -> None:
    """Check that the data set is here that a surface names; the surface checks all else."""
    name, key = surface.get("data"), surface.get("key")
    part = SURFACES.get(key) if isinstance(key, str) else None
    if part and isinstance(name, str) and any(knob.name == "data" for knob in part.knobs()):
        try:
            datasets.find(name)
        except datasets.UnknownData:
            raise msgspec.ValidationError(
                f"The data set {name!r} does not come with OptiViz, and the file does not carry it "
                "- at `$.surface.data`"
            ) from None


def _scene(file: _File) -> Scene:
    if file.data is not msgspec.UNSET:
        _keep(file.data)
    _find(file.surface)
    camera = file.camera
    racers = tuple(_racer(racer, f"$.racers[{i}]") for i, racer in enumerate(file.racers))
    surface = _part(SURFACES, file.surface, "$.surface")
    with _at("$.camera"):
        shown = Camera(*camera.x, *camera.y) if camera else None
    with _at("$.viewpoint"):
        viewpoint = _viewpoint(file.viewpoint)
    with _at("$", names_field=True):
        return Scene(
            surface=surface,
            start=file.start,
            racers=racers,
            steps=file.steps,
            steps_per_epoch=file.steps_per_epoch,
            seed=file.seed,
            target=file.target,
            epoch_follows_data=file.epoch_follows_data,
            link_lr=file.link_lr,
            solo=file.solo,
            camera=shown,
            viewpoint=viewpoint,
        )


def _viewpoint(seen: _Viewpoint | msgspec.UnsetType) -> Viewpoint | None:
    if seen is msgspec.UNSET:
        return None
    return Viewpoint(seen.azimuth, seen.elevation, seen.distance, *seen.looks_at)


def _racer(racer: _Racer, path: str) -> Racer:
    optimizer = _part(OPTIMIZERS, racer.optimizer, f"{path}.optimizer")
    schedule = _part(SCHEDULES, racer.schedule, f"{path}.schedule")
    gradient = _part(GRADIENTS, racer.gradient, f"{path}.gradient")
    with _at(f"{path}.clip", names_field=True):
        clip = Clip(racer.clip.kind, racer.clip.limit) if racer.clip else None  # type: ignore[arg-type]
    with _at(path, names_field=True):
        return Racer(optimizer, racer.name, racer.style, racer.enabled, schedule, gradient, clip)


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
    except ValueError as error:
        raise msgspec.ValidationError(f"{str(error).rstrip('.')} - at `{path}`") from None
