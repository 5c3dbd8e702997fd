"""Adaptive rules: each parameter's step is divided by the size of its slopes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from optiviz.engine.optimizers.base import (
    Array,
    Optimizer,
    bound_on_lr,
    decay_rate,
    largest_curvature,
    small_constant,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import RuleKernel


def _rmsprop(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    rho = knobs[0]
    delta = knobs[1]
    r = memory
    for i in range(2):
        r[i] = rho * r[i] + (1.0 - rho) * g[i] * g[i]
        theta[i] -= lr * g[i] / (math.sqrt(r[i]) + delta)


@dataclass(frozen=True)
class RMSProp(Optimizer):
    r"""RMSProp: $r \leftarrow \rho r + (1 - \rho) g^2$, θ ← θ − εg / (√r + δ).

    Tieleman and Hinton (2012, lecture). δ stands outside the root, as in ``torch.optim.RMSprop``
    (whose default ρ, ``alpha``, is 0.99); the chapter and Keras default to ρ = 0.9, and Keras puts
    δ inside the root.
    """

    rho: float = decay_rate("ρ", 0.99, "decay rate", "How long squared slopes are remembered.")
    delta: float = small_constant()

    key: ClassVar[str] = "rmsprop"
    title: ClassVar[str] = "RMSProp"
    about: ClassVar[str] = "Divides each parameter's step by the recent size of its slope."
    formula: ClassVar[str] = (
        r"r \leftarrow \rho r + (1 - \rho) g^2, \quad "
        r"\theta \leftarrow \theta - \frac{\epsilon g}{\sqrt{r} + \delta}"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(_rmsprop)
    memory: ClassVar[tuple[str, ...]] = ("r",)

    def kernel_knobs(self) -> tuple[float, ...]:
        """List ρ and δ."""
        return (self.rho, self.delta)

    def lr_bound(self, hessian: Array, memory: Mapping[str, Array]) -> float | None:
        """Give 2 / λmax of P⁻¹H, P = diag(√r + δ)."""
        return bound_on_lr(2.0, largest_curvature(hessian, np.sqrt(memory["r"]) + self.delta))
