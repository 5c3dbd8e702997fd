"""Adam and its kin: averages of the slope and of its square."""

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
from optiviz.engine.part import knob

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import RuleKernel


_MOMENTS = (
    r"s \leftarrow \beta_1 s + (1 - \beta_1) g, \quad "
    r"r \leftarrow \beta_2 r + (1 - \beta_2) g^2, \quad "
)


def _adam(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    beta1 = knobs[0]
    beta2 = knobs[1]
    delta = knobs[2]
    memory[4] *= beta1  # β₁ᵗ
    memory[5] *= beta2  # β₂ᵗ
    correct_s = 1.0
    correct_r = 1.0
    if knobs[3] != 0.0:
        correct_s = 1.0 - memory[4]
        correct_r = 1.0 - memory[5]
    for i in range(2):
        s = beta1 * memory[i] + (1.0 - beta1) * g[i]
        r = beta2 * memory[2 + i] + (1.0 - beta2) * g[i] * g[i]
        memory[i] = s
        memory[2 + i] = r
        theta[i] -= lr * (s / correct_s) / (math.sqrt(r / correct_r) + delta)


@dataclass(frozen=True)
class Adam(Optimizer):
    r"""Adam: averages of slope and squared slope, corrected for their start at 0.

    $s \leftarrow \beta_1 s + (1 - \beta_1) g$, $r \leftarrow \beta_2 r + (1 - \beta_2) g^2$,
    $\hat s = s / (1 - \beta_1^t)$, $\hat r = r / (1 - \beta_2^t)$,
    $\theta \leftarrow \theta - \epsilon \hat s / (\sqrt{\hat r} + \delta)$.

    Kingma and Ba (2015), Algorithm 1; ``torch.optim.Adam``. Keras adds its small constant to √r
    before the correction (the paper's "epsilon hat"). Without ``bias_correction`` the hats fall
    away. Weight decay is L2, inside the slope; AdamW decouples it.
    """

    beta1: float = decay_rate("β₁", 0.9, "decay rate", "How long slopes are remembered.")
    beta2: float = decay_rate("β₂", 0.999, "decay rate", "How long squared slopes are remembered.")
    delta: float = small_constant()
    bias_correction: bool = knob(
        True,
        symbol="ŝ, r̂",
        label="bias correction",
        help="Makes up for averages that begin at 0.",
        minor=True,
    )

    key: ClassVar[str] = "adam"
    title: ClassVar[str] = "Adam"
    about: ClassVar[str] = "Momentum with a step size of its own for each parameter."
    formula: ClassVar[str] = (
        _MOMENTS + r"\hat{s} = \frac{s}{1 - \beta_1^t}, \quad \hat{r} = \frac{r}{1 - \beta_2^t}, "
        r"\quad \theta \leftarrow \theta - \frac{\epsilon \hat{s}}{\sqrt{\hat{r}} + \delta}"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(_adam)
    memory: ClassVar[tuple[str, ...]] = ("s", "r")
    products: ClassVar[tuple[str, ...]] = ("beta1^t", "beta2^t")

    @property
    def rule(self) -> str:
        """The rule with the hats or without."""
        return self.formulas()[not self.bias_correction]

    @classmethod
    def formulas(cls) -> tuple[str, ...]:
        """List the rule with bias correction and without."""
        plain = r"\theta \leftarrow \theta - \frac{\epsilon s}{\sqrt{r} + \delta}"
        return (cls.formula, _MOMENTS + plain)

    def kernel_knobs(self) -> tuple[float, ...]:
        """List β₁, β₂, δ and whether the bias is corrected."""
        return (self.beta1, self.beta2, self.delta, float(self.bias_correction))

    def lr_bound(self, hessian: Array, memory: Mapping[str, Array]) -> float | None:
        """Give 2(1 + β₁) / ((1 − β₁) λmax of P⁻¹H), P = diag(√r̂ + δ) (Cohen et al., 2022)."""
        r = memory["r"]
        if self.bias_correction:
            r = r / max(1.0 - float(memory["beta2^t"]), 1e-300)
        factor = 2.0 * (1.0 + self.beta1) / (1.0 - self.beta1)
        return bound_on_lr(factor, largest_curvature(hessian, np.sqrt(r) + self.delta))
