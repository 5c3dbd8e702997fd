"""Gradient clipping, per entrant (Pascanu, Mikolov and Bengio, 2013)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from optiviz.engine.kernels import CLIP_NORM, CLIP_VALUE
from optiviz.engine.part import PartError, finite


@dataclass(frozen=True)
class Clip:
    """A limit on the gradient, applied before weight decay.

    ``norm``: g ← g · min(1, limit / (‖g‖ + 10⁻⁶)), as ``torch.nn.utils.clip_grad_norm_``.
    ``value``: each component is kept in [−limit, limit], as ``clip_grad_value_``.

    Raises:
        PartError: the limit is not a finite number above 0, or the kind is unknown.
    """

    kind: Literal["norm", "value"]
    limit: float

    def __post_init__(self) -> None:
        if self.kind not in ("norm", "value"):
            raise PartError("kind", f"a clip is by norm or value; {self.kind!r} is neither")
        limit = finite(self.limit)
        if limit is None or limit <= 0.0:
            raise PartError(
                "limit", f"a clip's limit must be a number above 0; {self.limit!r} is not"
            )
        object.__setattr__(self, "limit", limit)

    @classmethod
    def norm(cls, limit: float) -> Self:
        """Limit the gradient's length."""
        return cls("norm", limit)

    @classmethod
    def value(cls, limit: float) -> Self:
        """Limit each component."""
        return cls("value", limit)

    @property
    def code(self) -> int:
        """How the loop knows it."""
        return CLIP_NORM if self.kind == "norm" else CLIP_VALUE

    def acts(self, gradients: np.ndarray) -> np.ndarray:
        """Say of each gradient, (steps, 2), whether the loop shortens it, (steps,) bool."""
        with np.errstate(all="ignore"):  # a square may overflow, as it does in the loop
            if self.kind == "value":
                beyond: np.ndarray = (np.abs(gradients) > self.limit).any(axis=1)
                return beyond
            gx, gy = gradients.T
            shrink = self.limit / (np.sqrt(gx * gx + gy * gy) + 1e-6)
            shorter: np.ndarray = shrink < 1.0
            return shorter
