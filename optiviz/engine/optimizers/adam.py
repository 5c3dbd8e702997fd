"""Adam, AdamW and AMSGrad: averages of the gradient and of its square."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from optiviz.engine.optimizers import adam_kernels as kernels
from optiviz.engine.optimizers.base import Array, Memory, Optimizer, corrected
from optiviz.engine.optimizers.in_torch import NotInTorch
from optiviz.engine.optimizers.knobs import decay_rate, decoupled_decay, small_constant
from optiviz.engine.part import knob

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import RuleKernel
    from optiviz.engine.optimizers.in_torch import InTorch

#: How both averages are kept, and freed from their start at 0, as LaTeX.
AVERAGES = (
    r"s \leftarrow \beta_1 s + (1 - \beta_1) g, \quad "
    r"r \leftarrow \beta_2 r + (1 - \beta_2) g^2, \quad "
)
HATS = r"\hat{s} = \frac{s}{1 - \beta_1^t}, \quad \hat{r} = \frac{r}{1 - \beta_2^t}, \quad "
_STEP = r"\theta - \frac{\epsilon \hat{s}}{\sqrt{\hat{r}} + \delta}"
_PLAIN_STEP = r"\theta - \frac{\epsilon s}{\sqrt{r} + \delta}"


@dataclass(frozen=True)
class Moments(Optimizer):
    """What Adam and its kin share: s and r, averages of gradients and of squared gradients.

    The corrections 1 − βᵗ cancel digits where β is near 1: one unit in the last place of βᵗ counts
    1 / ((1 − β) t) times in them. So the running products carry their own rounding errors along,
    in double precision twice over (``adam_kernels.times``), and round to the same βᵗ as torch's
    power.
    A power below 10⁻⁴⁰ is 0: it is nothing beside 1, and below 10⁻³⁰⁸ numbers are slow.
    """

    beta1: float = decay_rate("β₁", 0.9, "decay rate", "How long gradients are remembered.")
    beta2: float = decay_rate(
        "β₂", 0.999, "decay rate", "How long squared gradients are remembered."
    )
    delta: float = small_constant()

    memory: ClassVar[tuple[str, ...]] = ("s", "r")
    measure: ClassVar[str] = "r"
    numbers: ClassVar[Mapping[str, float]] = MappingProxyType(
        {"beta1^t": 1.0, "beta2^t": 1.0, "beta1^t, its rest": 0.0, "beta2^t, its rest": 0.0}
    )

    def kernel_knobs(self) -> tuple[float, ...]:
        """List β₁, β₂, δ, and the upper 26 bits of β₁ and of β₂."""
        uppers = (kernels.upper(self.beta1), kernels.upper(self.beta2))
        return (self.beta1, self.beta2, self.delta, *uppers)

    def as_torch(self, name: str, *, only_steady: bool = False, **words: object) -> InTorch:
        """Spell the rule by a class of ``torch.optim``, with what Adam and its kin share."""
        shared = {"betas": (self.beta1, self.beta2), "eps": self.delta}
        return super().as_torch(name, only_steady=only_steady, **shared, **words)

    def reach(self, memory: Memory) -> float | Array:
        """Give 2(1 + β₁) / (1 − β₁) (Cohen et al., 2022)."""
        return 2.0 * (1.0 + self.beta1) / (1.0 - self.beta1)


@dataclass(frozen=True)
class Adam(Moments):
    r"""Adam: averages of gradient and squared gradient, corrected for their start at 0.

    $s \leftarrow \beta_1 s + (1 - \beta_1) g$, $r \leftarrow \beta_2 r + (1 - \beta_2) g^2$,
    $\hat s = s / (1 - \beta_1^t)$, $\hat r = r / (1 - \beta_2^t)$,
    $\theta \leftarrow \theta - \epsilon \hat s / (\sqrt{\hat r} + \delta)$.

    Kingma and Ba (2015), Algorithm 1; ``torch.optim.Adam``. Keras adds its small constant to √r
    before the correction (the paper's "epsilon hat"). Without ``bias_correction`` the hats fall
    away. Weight decay is L2, inside the gradient; AdamW decouples it.
    """

    bias_correction: bool = knob(
        True,
        symbol="ŝ, r̂",
        label="bias correction",
        help="Makes up for averages that begin at 0.",
        minor=True,
    )

    key: ClassVar[str] = "adam"
    title: ClassVar[str] = "Adam"
    family: ClassVar[str] = "Adam and its kin"
    about: ClassVar[str] = "Momentum with a step size of its own for each parameter."
    formula: ClassVar[str] = AVERAGES + HATS + r"\theta \leftarrow " + _STEP
    kernel: ClassVar[RuleKernel] = staticmethod(kernels.adam)

    @property
    def in_torch(self) -> InTorch | NotInTorch:
        if not self.bias_correction:
            return NotInTorch("PyTorch cannot turn Adam's bias correction off.")
        return self.as_torch("AdamW" if self.decoupled else "Adam")

    @property
    def rule(self) -> str:
        """The rule with the hats or without."""
        return self.formulas()[not self.bias_correction]

    @classmethod
    def formulas(cls) -> tuple[str, ...]:
        """List the rule with bias correction and without."""
        return (cls.formula, cls.formula.replace(HATS, "").replace(_STEP, _PLAIN_STEP))

    def kernel_knobs(self) -> tuple[float, ...]:
        """List those of all its kin, and whether the bias is corrected."""
        return (*super().kernel_knobs(), float(self.bias_correction))

    def scale(self, memory: Memory) -> Array:
        """Give √r̂ + δ, or √r + δ without the correction; it divides ŝ, or s."""
        r = memory["r"]
        if self.bias_correction:
            r = corrected(r, memory["beta2^t"])
        scale: Array = np.sqrt(r) + self.delta
        return scale


@dataclass(frozen=True)
class AdamW(Adam):
    r"""AdamW: $\theta \leftarrow (1 - \epsilon \lambda)\theta$, then Adam's step.

    Loshchilov and Hutter (2019); ``torch.optim.AdamW``, whose default λ of 0.01 is the default
    here. The decay is not divided by √r̂, so it pulls every parameter alike. The chapter writes
    (1 − λ)θ, and the paper scales λ by its schedule but not by ε; torch and Keras (λ = 0.004)
    take ελ. A steady gradient moves Adam by ε a step, so where λ|θ| = 1 the decay holds it, however
    steep it is there.
    """

    weight_decay: float = decoupled_decay(0.01)

    key: ClassVar[str] = "adamw"
    title: ClassVar[str] = "AdamW"
    family: ClassVar[str] = "Adam and its kin"
    about: ClassVar[str] = "Adam whose weight decay acts on the parameters, not on the gradient."
    formula: ClassVar[str] = AVERAGES + HATS + r"\theta \leftarrow (1 - \epsilon \lambda)\," + _STEP
    decoupled: ClassVar[bool] = True


@dataclass(frozen=True)
class AMSGrad(Moments):
    r"""AMSGrad: Adam that divides by the largest average there has been, not by the latest.

    $r_{\max} \leftarrow \max(r_{\max}, r)$, $\hat r = r_{\max} / (1 - \beta_2^t)$,
    $\theta \leftarrow \theta - \epsilon \hat s / (\sqrt{\hat r} + \delta)$.

    Reddi, Kale and Kumar (2018), who correct no bias; ``torch.optim.Adam`` with ``amsgrad=True``
    takes the largest of the uncorrected averages and corrects it afterwards, as here, and so does
    Keras. The chapter does not have it.
    """

    key: ClassVar[str] = "amsgrad"
    title: ClassVar[str] = "AMSGrad"
    family: ClassVar[str] = "Adam and its kin"
    about: ClassVar[str] = "Adam that never forgets the steepest stretch it has met."
    formula: ClassVar[str] = (
        AVERAGES + r"r_{\max} \leftarrow \max(r_{\max}, r), \quad "
        r"\hat{s} = \frac{s}{1 - \beta_1^t}, \quad \hat{r} = \frac{r_{\max}}{1 - \beta_2^t}, \quad "
        r"\theta \leftarrow " + _STEP
    )
    kernel: ClassVar[RuleKernel] = staticmethod(kernels.amsgrad)
    memory: ClassVar[tuple[str, ...]] = ("s", "r", "r_max")
    measure: ClassVar[str] = "r_max"

    @property
    def in_torch(self) -> InTorch:
        return self.as_torch("Adam", amsgrad=True)

    def scale(self, memory: Memory) -> Array:
        """Give √r̂ + δ with the largest r so far; it divides ŝ."""
        scale: Array = np.sqrt(corrected(memory["r_max"], memory["beta2^t"])) + self.delta
        return scale
