"""Edits that bring data onto the stage: another data set, other columns of it.

A surface of data lies where its data put it, so the start and the camera become the surface's own.
Racers, their knobs and the length of the race stay.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from optiviz.engine import SURFACES, PartError, datasets
from optiviz.engine.surfaces.data import DataSurface
from optiviz.engine.surfaces.data.examples import is_measured
from optiviz.scene.edits import choose_surface

if TYPE_CHECKING:
    from optiviz.engine.datasets import DataSet
    from optiviz.scene.model import Scene

#: The surface on which a data set is shown where the present one cannot be made of it.
PLAIN_SURFACE = "line"
#: And where it tells two classes apart.
CLASS_SURFACE = "logistic"
#: Knobs of the split, which another data set does not change.
_KEPT = ("split", "test_share")
_SPELLED = {2: "two", 3: "three"}


def surface_of(kind: type[DataSurface], data: DataSet) -> DataSurface:
    """Make a surface of a kind from a data set: with its own columns, or the first usable ones.

    Raises:
        PartError: the data set has no such columns, or not one for each of the surface's knobs.
    """
    own = kind.knob("data").default == data.name
    names = {name: None for knob in kind.columns for name in kind.columns_for(knob, data)}
    if 0 < len(names) < len(kind.columns):
        needed = f"{_SPELLED[len(kind.columns)]} columns of numbers that vary"
        found = " and ".join(map(repr, names))
        raise PartError("data", f"{kind.title} needs {needed}; {data.title} has only {found}")
    return kind() if own else kind.fitting(data)


def rows_used(surface: DataSurface) -> int:
    """Say how many rows of its data set have a value in every column that a surface is made of."""
    return len(surface.examples) + len(surface.test_examples)


def can_use(kind: type[DataSurface], data: DataSet) -> bool:
    """Say whether a kind of surface can be made of a data set."""
    try:
        surface_of(kind, data)
    except PartError:
        return False
    return True


def choose_data(scene: Scene, name: str) -> Scene:
    """Make the surface of another data set.

    Raises:
        PartError: there is no such data set, the surface cannot be made of it, or it is a formula.
    """
    surface = _data_surface(scene)
    made = surface_of(type(surface), _found(name))
    for knob in _KEPT:
        made = made.with_knob(knob, getattr(surface, knob))
    return _moved(scene, made)


def choose_column(scene: Scene, knob: str, column: str) -> Scene:
    """Let a knob of a data surface name another column.

    Raises:
        PartError: the column is none that the surface can use there, or the surface is a formula.
    """
    return _moved(scene, _data_surface(scene).with_knob(knob, column))


def show_data(scene: Scene, name: str) -> Scene:
    """Bring a data set onto the stage: on the present surface, or else as a line through points.

    Where it has two classes and less than two columns that were measured, nothing but a model of
    classes says something of it, so it becomes a logistic regression.

    Raises:
        PartError: there is no such data set, or nothing can be made of it.
    """
    data, present = _found(name), scene.surface
    key = _natural(data)
    if isinstance(present, DataSurface) and can_use(type(present), data):
        if key == PLAIN_SURFACE or present.is_classifier:
            return choose_data(scene, name)
    kind = SURFACES[key]
    assert issubclass(kind, DataSurface)
    made = surface_of(kind, data)
    return _moved(choose_surface(scene, key), made)


def show_again(scene: Scene, name: str) -> Scene:
    """Bring data in place of the same data as they were read before.

    Columns that were chosen stay, if they are there; else they are chosen anew.

    Raises:
        PartError: nothing can be made of it.
    """
    surface = scene.surface
    if isinstance(surface, DataSurface):
        knobs = [name for name in surface.settings() if name != "data"]
        as_chosen = show_data(scene, surface.data).surface
        if any(getattr(as_chosen, knob, None) != getattr(surface, knob) for knob in knobs):
            with contextlib.suppress(PartError):
                return _moved(scene, surface.with_knob("data", name))
    return show_data(scene, name)


def _natural(data: DataSet) -> str:
    """Say which surface a person would make of a data set."""
    measured = sum(is_measured(column) for column in data.columns)
    kind = SURFACES[CLASS_SURFACE]
    assert issubclass(kind, DataSurface)
    return CLASS_SURFACE if measured == 1 and can_use(kind, data) else PLAIN_SURFACE


def _found(name: str) -> DataSet:
    try:
        return datasets.find(name)
    except datasets.UnknownData as unknown:
        raise PartError("data", unknown.clause) from None


def _data_surface(scene: Scene) -> DataSurface:
    if not isinstance(scene.surface, DataSurface):
        raise PartError("data", f"{scene.surface.title} is a formula; it is made of no data")
    return scene.surface


def _moved(scene: Scene, surface: DataSurface) -> Scene:
    if surface == scene.surface:
        return scene
    return replace(scene, surface=surface, start=surface.start, camera=None)
