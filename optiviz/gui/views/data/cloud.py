"""What the data panel shows as points: a surface's examples, or the tilts of synthetic ones."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine import datasets, draws
from optiviz.engine.surfaces.data import DataSurface
from optiviz.gui.words.numbers import format_knob

if TYPE_CHECKING:
    from optiviz.engine import Surface
    from optiviz.engine.datasets import Column
    from optiviz.engine.gradients import MiniBatch

Array = np.ndarray

_MARGIN = 0.06  # of an axis, at each end
_RARE = "rare"  # the knob that names a second input, which is mostly 0
TILT_LABELS = ("tilt along x, ξ₁", "tilt along y, ξ₂")


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes:
        label: what it says.
        low, high: what it spans.
        names: what some of its values are called.
        numbers: only between these are numbers written.
    """

    label: str
    low: float
    high: float
    names: tuple[tuple[float, str], ...] = ()
    numbers: tuple[float, float] = (-math.inf, math.inf)


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points in two parts, with their axes.

    Attributes:
        train: (N, 2), in the order of the examples, so that a batch's rows are rows of it.
        test: (M, 2); may be empty.
        x, y: the axes.
        marked, marked_test: (N,) and (M,) bool, which points have a second input that is not 0.
        mark_label: what that input is called; empty where there is none.
        equal: whether a unit is equally long on both axes.
    """

    train: Array
    test: Array
    x: Axis
    y: Axis
    marked: Array
    marked_test: Array
    mark_label: str = ""
    equal: bool = False

    @property
    def in_rows(self) -> bool:
        """Whether all points lie in two rows, since the target has two values."""
        return bool(self.y.names)

    @property
    def is_tilts(self) -> bool:
        """Whether these are tilts of a formula and not examples of a data set."""
        return self.equal


@lru_cache(maxsize=16)
def examples_of(surface: Surface) -> Cloud | None:
    """Give the examples of a data surface, its first input against its target; else ``None``."""
    if not isinstance(surface, DataSurface):
        return None
    train, test = (table[:, [0, -1]] for table in (surface.examples, surface.test_examples))
    both = np.concatenate([train, test])
    rare = _RARE in surface.columns
    marked, marked_test = (
        table[:, 1] != 0.0 if rare else np.zeros(len(table), bool)
        for table in (surface.examples, surface.test_examples)
    )
    data = datasets.find(surface.data)
    feature = data.column(surface.feature)
    target = data.column(getattr(surface, surface.columns[-1]))
    names = _names(target, both[:, 1], always=surface.is_classifier)
    y = _axis(surface.target_label, both[:, 1], names)
    if surface.is_classifier:
        y = replace(y, label=f"probability of {names[-1][1]}", numbers=(0.0, 1.0))
    return Cloud(
        train,
        test,
        _axis(surface.input_label, both[:, 0], _names(feature, both[:, 0])),
        y,
        marked,
        marked_test,
        str(getattr(surface, _RARE)) if rare else "",
    )


@lru_cache(maxsize=16)
def tilts_of(gradient: MiniBatch) -> Cloud:
    """Give the tilts ξᵢ of the synthetic examples that a formula is given."""
    tilts = gradient.spread * draws.offsets(gradient.examples)
    reach = (1.0 + 2.0 * _MARGIN) * float(np.abs(tilts).max()) or 1.0
    none = np.zeros(len(tilts), bool)
    x, y = (Axis(label, -reach, reach) for label in TILT_LABELS)
    return Cloud(tilts, np.zeros((0, 2)), x, y, none, none[:0], equal=True)


def _axis(label: str, values: Array, names: tuple[tuple[float, str], ...]) -> Axis:
    low, high = float(values.min()), float(values.max())
    room = _MARGIN * (high - low)
    return Axis(label, low - room, high + room, names)


def _names(column: Column, scaled: Array, *, always: bool = False) -> tuple[tuple[float, str], ...]:
    """Name the two values of a column of two texts, or, if ``always``, of two numbers."""
    if column.labels is not None:
        texts = column.labels
    elif always:
        kinds = np.unique(column.values[~np.isnan(column.values)])
        texts = (format_knob(float(kinds[0])), format_knob(float(kinds[-1])))
    else:
        return ()
    # Scaling keeps their order.
    return (float(scaled.min()), texts[0]), (float(scaled.max()), texts[1])
