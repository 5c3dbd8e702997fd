"""Adamax, NAdam and RAdam: Adam with another denominator, another average, a slower start."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from optiviz.engine.optimizers import adam_kernels as kernels
from optiviz.engine.optimizers.adam import AVERAGES, Moments
from optiviz.engine.optimizers.base import Array, Memory, corrected
from optiviz.engine.part import knob

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import RuleKernel
    from optiviz.engine.optimizers.in_torch import InTorch


@dataclass(frozen=True)
class Adamax(Moments):
    r"""Adamax: Adam that divides by the largest recent gradient, $u$, not by a mean square.

    $u \leftarrow \max(\beta_2 u, |g| + \delta)$,
    $\theta \leftarrow \theta - \epsilon \hat s / u$.

    Kingma and Ba (2015), section 7.1, without δ. ``torch.optim.Adamax`` adds δ to |g|, as here;
    Keras adds it to u. u needs no correction for its start. The chapter does not have it.
    """

    key: ClassVar[str] = "adamax"
    title: ClassVar[str] = "Adamax"
    family: ClassVar[str] = "Adam and its kin"
    about: ClassVar[str] = (
        "Adam that divides by the largest recent gradient: steps of about ε at most."
    )
    formula: ClassVar[str] = (
        r"s \leftarrow \beta_1 s + (1 - \beta_1) g, \quad "
        r"u \leftarrow \max(\beta_2 u, |g| + \delta), \quad "
        r"\hat{s} = \frac{s}{1 - \beta_1^t}, \quad "
        r"\theta \leftarrow \theta - \frac{\epsilon \hat{s}}{u}"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(kernels.adamax)
    memory: ClassVar[tuple[str, ...]] = ("s", "u")
    numbers: ClassVar[Mapping[str, float]] = MappingProxyType(
        {"beta1^t": 1.0, "beta1^t, its rest": 0.0}
    )

    @property
    def in_torch(self) -> InTorch:
        return self.as_torch("Adamax")

    def scale(self, memory: Memory) -> Array:
        """Give u, which is at least δ; it divides ŝ."""
        return np.maximum(memory["u"], self.delta)

    def measured(self, memory: Memory) -> Array:
        """Say where u has more in it than δ."""
        found: Array = memory["u"] > self.delta
        return found


@dataclass(frozen=True)
class NAdam(Moments):
    r"""NAdam: Adam that looks ahead as Nesterov does, by a heavier share of the latest gradient.

    $\mu_t = \beta_1 (1 - \frac{1}{2} 0.96^{t\psi})$,
    $\hat s = \mu_{t+1} s / (1 - \prod_{i \le t+1} \mu_i)
    + (1 - \mu_t) g / (1 - \prod_{i \le t} \mu_i)$,
    $\theta \leftarrow \theta - \epsilon \hat s / (\sqrt{\hat r} + \delta)$.

    Dozat (2016); ``torch.optim.NAdam``, whose ``momentum_decay`` is ψ. Keras fixes ψ = 1, so that
    μ is β₁ after some 100 steps, not some 25,000. Here 0.96^(tψ) is a running product of
    exp(ψ ln 0.96), which keeps 13 digits over 1,000 steps. (Torch keeps the product of μ in
    single precision unless its default dtype is float64; that alone moves its steps by some 10⁻⁸.)
    The chapter does not have it.
    """

    momentum_decay: float = knob(
        4e-3,
        symbol="ψ",
        label="momentum decay ψ",
        help="How soon the momentum μ grows from half of β₁ to β₁.",
        low=0.0,
        high=1.0,
        travel=(0.0, 0.1),
        minor=True,
    )

    key: ClassVar[str] = "nadam"
    title: ClassVar[str] = "NAdam"
    family: ClassVar[str] = "Adam and its kin"
    about: ClassVar[str] = "Adam with Nesterov's look ahead, told by the gradient it has just met."
    formula: ClassVar[str] = (
        r"\mu_t = \beta_1 (1 - \frac{1}{2} 0.96^{t \psi}), \quad " + AVERAGES + r"\hat{s} = "
        r"\frac{\mu_{t+1} s}{1 - \mu_1 \cdots \mu_{t+1}} + "
        r"\frac{(1 - \mu_t) g}{1 - \mu_1 \cdots \mu_t}, \quad "
        r"\hat{r} = \frac{r}{1 - \beta_2^t}, \quad "
        r"\theta \leftarrow \theta - \frac{\epsilon \hat{s}}{\sqrt{\hat{r}} + \delta}"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(kernels.nadam)
    numbers: ClassVar[Mapping[str, float]] = MappingProxyType(
        {**Moments.numbers, "0.96^(t psi)": 1.0, "mu_1 ... mu_t": 1.0}
    )

    @property
    def in_torch(self) -> InTorch:
        return self.as_torch("NAdam", momentum_decay=self.momentum_decay)

    @property
    def _fading(self) -> float:
        return math.exp(self.momentum_decay * math.log(0.96))

    def kernel_knobs(self) -> tuple[float, ...]:
        """List those of all its kin, and 0.96^ψ."""
        return (*super().kernel_knobs(), self._fading)

    def scale(self, memory: Memory) -> Array:
        """Give √r̂ + δ; it divides ŝ, which has this step's gradient in it."""
        scale: Array = np.sqrt(corrected(memory["r"], memory["beta2^t"])) + self.delta
        return scale

    def reach(self, memory: Memory) -> Array:
        """Give 2(1 + β₁) / ((1 − β₁)μ′ + (1 + β₁)(1 − μ)), with μ of the next step and μ′ after it.

        It is (1 + 2β₁) times less than Adam's once μ is β₁, as Nesterov's is of momentum's.
        """
        mu, mu_after = (
            self.beta1 * (1.0 - 0.5 * memory["0.96^(t psi)"][..., 0] * fading)
            for fading in (self._fading, self._fading * self._fading)
        )
        slowed = (1.0 - self.beta1) * mu_after + (1.0 + self.beta1) * (1.0 - mu)
        bound: Array = 2.0 * (1.0 + self.beta1) / slowed
        return bound


@dataclass(frozen=True)
class RAdam(Moments):
    r"""RAdam: momentum alone until √r̂ can be trusted, then Adam, slowed by a factor l that grows.

    $\rho_\infty = 2 / (1 - \beta_2) - 1$,
    $\rho = \rho_\infty - 2 t \beta_2^t / (1 - \beta_2^t)$; where ρ > 5:
    $l = \sqrt{(\rho - 4)(\rho - 2)\rho_\infty / ((\rho_\infty - 4)(\rho_\infty - 2)\rho)}$ and
    $\theta \leftarrow \theta - \epsilon l \hat s \sqrt{1 - \beta_2^t} / (\sqrt r + \delta)$, else
    $\theta \leftarrow \theta - \epsilon \hat s$.

    Liu et al. (2020), who rectify where ρ > 4 and have no δ; ``torch.optim.RAdam`` waits for
    ρ > 5, as here. Keras and the chapter do not have it. The difference in ρ cancels digits: the
    last bit of β₂ᵗ counts 2 / ((1 − β₂) t)² times in it.
    """

    key: ClassVar[str] = "radam"
    title: ClassVar[str] = "RAdam"
    family: ClassVar[str] = "Adam and its kin"
    about: ClassVar[str] = (
        "Adam that starts slowly, until it has seen enough gradients to judge them."
    )
    formula: ClassVar[str] = (
        AVERAGES + r"\hat{s} = \frac{s}{1 - \beta_1^t}, \quad "
        r"\rho = \rho_\infty - \frac{2 t \beta_2^t}{1 - \beta_2^t}, \quad "
        r"l = \sqrt{\frac{(\rho - 4)(\rho - 2) \rho_\infty}"
        r"{(\rho_\infty - 4)(\rho_\infty - 2) \rho}}, \quad "
        r"\theta \leftarrow \theta - \epsilon l \hat{s} "
        r"\frac{\sqrt{1 - \beta_2^t}}{\sqrt{r} + \delta} "
        r"\text{ if } \rho > 5, \text{ else } \theta - \epsilon \hat{s}"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(kernels.radam)
    numbers: ClassVar[Mapping[str, float]] = MappingProxyType({**Moments.numbers, "t": 0.0})

    @property
    def in_torch(self) -> InTorch:
        return self.as_torch("RAdam")

    @property
    def _rho_inf(self) -> float:
        return 2.0 / (1.0 - self.beta2) - 1.0

    def kernel_knobs(self) -> tuple[float, ...]:
        """List those of all its kin, and ρ∞."""
        return (*super().kernel_knobs(), self._rho_inf)

    def scale(self, memory: Memory) -> Array:
        """Give (√r + δ) / (l√(1 − β₂ᵗ)) where the step is rectified, else 1; it divides ŝ."""
        limit, rho = self._rho_inf, self._rho(memory)
        left = 1.0 - memory["beta2^t"]
        with np.errstate(all="ignore"):
            ratio = (rho - 4.0) * (rho - 2.0) * limit / ((limit - 4.0) * (limit - 2.0) * rho)
            size = (np.sqrt(memory["r"]) + self.delta) / np.sqrt(left * ratio)
        return np.where(rho > 5.0, size, 1.0)

    def measured(self, memory: Memory) -> Array:
        """Say where it has met a gradient, or does not divide by any yet."""
        found: Array = (memory["r"] > 0.0) | ~(self._rho(memory) > 5.0)
        return found

    def _rho(self, memory: Memory) -> Array:
        """Give ρ, nan before the first step."""
        left = 1.0 - memory["beta2^t"]
        with np.errstate(all="ignore"):
            rho: Array = self._rho_inf - 2.0 * memory["t"] * memory["beta2^t"] / left
        return rho
