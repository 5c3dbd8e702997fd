"""The slope that a racer is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from optiviz.engine.part import Part, table


@dataclass(frozen=True)
class Slope(Part):
    """How the slope is taken."""


@dataclass(frozen=True)
class Exact(Slope):
    r"""The gradient of the full loss: $g = \nabla f(\theta)$. Full-batch gradient descent."""

    key: ClassVar[str] = "exact"
    title: ClassVar[str] = "Exact slope"
    about: ClassVar[str] = "The gradient of the full loss, without any chance in it."
    formula: ClassVar[str] = r"g = \nabla f(\theta)"


SLOPES: dict[str, type[Slope]] = table(Exact)
