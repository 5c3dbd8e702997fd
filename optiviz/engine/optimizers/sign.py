"""Lion: only the sign of the gradient counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from optiviz.engine.optimizers.base import Optimizer
from optiviz.engine.optimizers.in_torch import NotInTorch
from optiviz.engine.optimizers.knobs import decay_rate, decoupled_decay

if TYPE_CHECKING:
    from optiviz.engine.kernels import RuleKernel


def _lion(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    beta1 = knobs[0]
    beta2 = knobs[1]
    s = memory
    for i in range(2):
        sign = beta1 * s[i] + (1.0 - beta1) * g[i]
        if sign > 0.0:
            sign = 1.0
        elif sign < 0.0:
            sign = -1.0  # 0 has none, and NaN passes on
        s[i] = beta2 * s[i] + (1.0 - beta2) * g[i]
        theta[i] -= lr * sign


@dataclass(frozen=True)
class Lion(Optimizer):
    r"""Lion: θ ← (1 − ελ)θ − ε sign(β₁s + (1 − β₁)g).

    $s \leftarrow \beta_2 s + (1 - \beta_2) g$ comes after: the gradient weighs more in the step
    than in the memory. Chen et al. (2023), found by a search over programs; Keras has it too, torch
    and the chapter do not. Every step is ε long in each parameter, so ε should be some three to ten
    times less than Adam's. Weight decay is decoupled.
    """

    weight_decay: float = decoupled_decay(0.0, minor=True)
    beta1: float = decay_rate("β₁", 0.9, "decay rate", "How much past gradients weigh in the step.")
    beta2: float = decay_rate("β₂", 0.99, "decay rate", "How long gradients are remembered.")

    key: ClassVar[str] = "lion"
    title: ClassVar[str] = "Lion"
    family: ClassVar[str] = "Signs alone"
    about: ClassVar[str] = "Takes the sign of the gradient alone: each step is ε, steep or flat."
    formula: ClassVar[str] = (
        r"\theta \leftarrow (1 - \epsilon \lambda)\,\theta - "
        r"\epsilon\,\mathrm{sign}(\beta_1 s + (1 - \beta_1) g), \quad "
        r"s \leftarrow \beta_2 s + (1 - \beta_2) g"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(_lion)
    memory: ClassVar[tuple[str, ...]] = ("s",)
    decoupled: ClassVar[bool] = True
    bounded: ClassVar[bool] = False  # its steps are ε long however the ground curves

    @property
    def in_torch(self) -> NotInTorch:
        return NotInTorch("PyTorch does not have Lion.")

    def kernel_knobs(self) -> tuple[float, ...]:
        """List β₁ and β₂."""
        return (self.beta1, self.beta2)
