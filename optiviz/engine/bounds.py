"""How large ε may be: a bound at a step, at many, or why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

Array = np.ndarray


class NoBound(Enum):
    """Why there is no bound on ε; ``words.no_bound`` says it.

    ``RULE``: there is none for this rule. ``CLIP``: the gradient is clipped, which no bound
    allows for. ``GONE``: the racer has diverged. ``UNMEASURED``: the rule divides by a measure of
    gradients, and none was told yet. ``CUSP``: there is no curvature here. ``BEYOND``: it is
    larger than a number can be. ``FLAT``: nothing curves upward, so that any ε is within it.
    """

    RULE = "rule"
    CLIP = "clip"
    GONE = "gone"
    UNMEASURED = "unmeasured"
    CUSP = "cusp"
    BEYOND = "beyond"
    FLAT = "flat"


@dataclass(frozen=True)
class Bound:
    """The bound on ε at a step.

    Attributes:
        lr: how large ε may be: ``inf`` where nothing curves upward, ``nan`` where none is told.
        why: why no finite bound is told; ``None`` where one is.
    """

    lr: float
    why: NoBound | None = None

    def __post_init__(self) -> None:
        if math.isnan(self.lr):
            # One and the same NaN, so that equal bounds are equal.
            object.__setattr__(self, "lr", math.nan)


@dataclass(frozen=True, eq=False)
class Bounds:
    """The bounds on ε at many steps, one after the other.

    Attributes:
        lr: (n,) float64: ``inf`` where nothing curves upward, ``nan`` where none is told.
        why: (n,) a :class:`NoBound` each, ``None`` where a finite bound is told.
    """

    lr: Array
    why: Array

    @classmethod
    def without(cls, count: int, why: NoBound) -> Bounds:
        """Tell of none, so many times, for one reason."""
        return cls(np.full(count, np.nan), np.full(count, why, dtype=object))

    @classmethod
    def over(cls, factor: float | Array, largest: Array, measured: Array) -> Bounds:
        """Give factor / largest curvature, or say why not.

        Args:
            factor: (n,) or a number.
            largest: (n,) λmax of P⁻¹H.
            measured: (n,) bool, whether P is a measure of gradients.
        """
        with np.errstate(all="ignore"):
            lr = np.where(largest > 0.0, factor / largest, np.inf)
        # λmax may be too large for a number, or so small that the quotient is.
        beyond = ~(largest < np.inf) | ((largest > 0.0) & np.isinf(lr))
        lr[beyond | ~measured] = np.nan
        why = np.full(len(lr), None, dtype=object)
        why[largest <= 0.0] = NoBound.FLAT
        why[beyond] = NoBound.BEYOND
        why[~measured] = NoBound.UNMEASURED
        return cls(lr, why)

    def __len__(self) -> int:
        return len(self.lr)

    def __getitem__(self, index: int) -> Bound:
        return Bound(float(self.lr[index]), self.why[index])
