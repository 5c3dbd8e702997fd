"""A data set in a scene file: the user's own, which no other machine has.

A surface names its data set by the hash of its content. One that comes with the program is only
named; any other goes into the file, so that the scene opens on any machine.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from optiviz.engine import SURFACES, datasets
from optiviz.engine.words import Refusal
from optiviz.scene.form import at

if TYPE_CHECKING:
    from optiviz.engine import Surface
    from optiviz.scene.form import PartData


class CarriedColumn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A column, but for its numbers."""

    name: str
    unit: str = ""
    labels: tuple[str, str] | None = None


class CarriedData(msgspec.Struct, forbid_unknown_fields=True):
    """A data set."""

    name: str
    title: str
    columns: list[CarriedColumn]
    rows: list[str]  # numbers with commas between them, nothing where one is missing
    notes: list[str] = []  # msgspec gives each its own


def carried(surface: Surface) -> CarriedData | None:
    """Give the data set of a surface, if it has one that does not come with the program."""
    name = surface.settings().get("data")
    if not isinstance(name, str) or datasets.is_bundled(name):
        return None
    found = datasets.find(name)
    rows = zip(*(column.values.tolist() for column in found.columns), strict=True)
    return CarriedData(
        name=found.name,
        title=found.title,
        columns=[
            CarriedColumn(column.name, column.unit, column.labels) for column in found.columns
        ],
        rows=[",".join(map(_value_text, row)) for row in rows],
        notes=list(found.notes),
    )


def keep(data: CarriedData) -> None:
    """Keep a data set that a file carries, if it is what its name says.

    Raises:
        msgspec.ValidationError: it is not, or is no data set; with the place.
    """
    most, width = datasets.MAX_EXAMPLES, len(data.columns)
    if not 1 <= len(data.rows) <= most:
        raise msgspec.ValidationError(f"There must be 1 to {most} rows - at `$.data.rows`")
    values = []
    for i, row in enumerate(data.rows):
        with at(f"$.data.rows[{i}]"):
            texts = row.split(",", width)
            if len(texts) != width:
                raise Refusal(f"there must be {width} values")
            values.append([float(text) if text else math.nan for text in texts])
    with at("$.data"):
        columns = [
            datasets.Column(about.name, np.array(of), about.unit, about.labels)
            for about, of in zip(data.columns, zip(*values, strict=True), strict=True)
        ]
        stem = data.name.rpartition("-")[0]
        made = datasets.make(stem, data.title, columns, data.notes)
        if made.name != data.name:
            raise Refusal("the data set was changed: its name does not fit what it holds")
    datasets.keep(made)


def check_known(surface: PartData) -> None:
    """Check that the data set is here that a surface names; the surface checks all else.

    Raises:
        msgspec.ValidationError: it is not; with the place.
    """
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


def _value_text(value: float) -> str:
    """Write a number so that it comes back bit for bit."""
    return "" if math.isnan(value) else repr(value).removesuffix(".0")
