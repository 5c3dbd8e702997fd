"""Adaptive rules without momentum: they divide each parameter's step by its gradients' size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from optiviz.engine.optimizers.base import Array, Memory, Optimizer
from optiviz.engine.optimizers.knobs import decay_rate, rate, small_constant

if TYPE_CHECKING:
    from optiviz.engine.kernels import RuleKernel
    from optiviz.engine.optimizers.in_torch import InTorch


def _adagrad(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    delta = knobs[0]
    r = memory
    for i in range(2):
        r[i] += g[i] * g[i]
        theta[i] -= lr * g[i] / (math.sqrt(r[i]) + delta)


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    r"""AdaGrad: $r \leftarrow r + g^2$, θ ← θ − εg / (√r + δ).

    Duchi, Hazan and Singer (2011). δ stands outside the root and r begins at 0, as in
    ``torch.optim.Adagrad`` (with its ``lr_decay`` and ``initial_accumulator_value`` at 0). Keras
    begins with r = 0.1 and puts δ = 10⁻⁷ inside the root. The chapter gives the rule in words.
    """

    delta: float = small_constant(1e-10)

    key: ClassVar[str] = "adagrad"
    title: ClassVar[str] = "AdaGrad"
    family: ClassVar[str] = "A rate for each parameter"
    about: ClassVar[str] = (
        "Divides by the root of all squared gradients so far: its rates only fall."
    )
    formula: ClassVar[str] = (
        r"r \leftarrow r + g^2, \quad "
        r"\theta \leftarrow \theta - \frac{\epsilon g}{\sqrt{r} + \delta}"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(_adagrad)
    memory: ClassVar[tuple[str, ...]] = ("r",)
    measure: ClassVar[str] = "r"

    @property
    def in_torch(self) -> InTorch:
        return self.as_torch("Adagrad", eps=self.delta)

    def kernel_knobs(self) -> tuple[float, ...]:
        """List δ."""
        return (self.delta,)

    def scale(self, memory: Memory) -> Array:
        """Give √r + δ; it divides g."""
        scale: Array = np.sqrt(memory["r"]) + self.delta
        return scale


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

    rho: float = decay_rate("ρ", 0.99, "decay rate", "How long squared gradients are remembered.")
    delta: float = small_constant()

    key: ClassVar[str] = "rmsprop"
    title: ClassVar[str] = "RMSProp"
    family: ClassVar[str] = "A rate for each parameter"
    about: ClassVar[str] = "Divides each parameter's step by the recent size of its gradient."
    formula: ClassVar[str] = (
        r"r \leftarrow \rho r + (1 - \rho) g^2, \quad "
        r"\theta \leftarrow \theta - \frac{\epsilon g}{\sqrt{r} + \delta}"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(_rmsprop)
    memory: ClassVar[tuple[str, ...]] = ("r",)
    measure: ClassVar[str] = "r"

    @property
    def in_torch(self) -> InTorch:
        return self.as_torch("RMSprop", alpha=self.rho, eps=self.delta)

    def kernel_knobs(self) -> tuple[float, ...]:
        """List ρ and δ."""
        return (self.rho, self.delta)

    def scale(self, memory: Memory) -> Array:
        """Give √r + δ; it divides g."""
        scale: Array = np.sqrt(memory["r"]) + self.delta
        return scale


def _adadelta(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    rho = knobs[0]
    delta = knobs[1]
    for i in range(2):
        r = rho * memory[i] + (1.0 - rho) * g[i] * g[i]
        u = memory[2 + i]
        step = math.sqrt(u + delta) / math.sqrt(r + delta) * g[i]
        memory[i] = r
        memory[2 + i] = rho * u + (1.0 - rho) * step * step
        theta[i] -= lr * step


@dataclass(frozen=True)
class Adadelta(Optimizer):
    r"""Adadelta: $\Delta = \sqrt{u + \delta}\, g / \sqrt{r + \delta}$, θ ← θ − εΔ.

    $r \leftarrow \rho r + (1 - \rho) g^2$ comes before, $u \leftarrow \rho u + (1 - \rho) \Delta^2$
    after. Zeiler (2012): the ratio has the units of θ, so the paper needs no ε; torch and Keras
    put one in front, 1 in torch, which is the default here. δ stands inside both roots, and the
    first steps are about √(δ / (1 − ρ)) long. ``torch.optim.Adadelta`` has ρ = 0.9 and δ = 10⁻⁶,
    Keras ρ = 0.95, δ = 10⁻⁷ and ε = 0.001, the paper ρ = 0.95 and δ = 10⁻⁶. The chapter does not
    have it.
    """

    lr: float = rate(1.0)
    rho: float = decay_rate("ρ", 0.9, "decay rate", "How long gradients and steps are remembered.")
    delta: float = small_constant(
        1e-6, "Inside both roots; its own root sets how long the first steps are.", minor=False
    )

    key: ClassVar[str] = "adadelta"
    title: ClassVar[str] = "Adadelta"
    family: ClassVar[str] = "A rate for each parameter"
    about: ClassVar[str] = "Makes its steps as long as its recent steps: hardly any ε to choose."
    formula: ClassVar[str] = (
        r"r \leftarrow \rho r + (1 - \rho) g^2, \quad "
        r"\Delta = \frac{\sqrt{u + \delta}}{\sqrt{r + \delta}} g, \quad "
        r"u \leftarrow \rho u + (1 - \rho) \Delta^2, \quad "
        r"\theta \leftarrow \theta - \epsilon \Delta"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(_adadelta)
    memory: ClassVar[tuple[str, ...]] = ("r", "u")
    measure: ClassVar[str] = "r"

    @property
    def in_torch(self) -> InTorch:
        return self.as_torch("Adadelta", rho=self.rho, eps=self.delta)

    def kernel_knobs(self) -> tuple[float, ...]:
        """List ρ and δ."""
        return (self.rho, self.delta)

    def scale(self, memory: Memory) -> Array:
        """Give √(r + δ) / √(u + δ); it divides g."""
        scale: Array = np.sqrt(memory["r"] + self.delta) / np.sqrt(memory["u"] + self.delta)
        return scale

    def effective_rate(self, lr: Array, before: Memory, after: Memory) -> Array:
        """Give ε√(u + δ) / √(r + δ), with this step's r and u as it was before."""
        rates: Array = lr / self.scale({"r": after["r"], "u": before["u"]})
        return rates
