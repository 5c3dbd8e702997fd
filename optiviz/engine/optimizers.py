"""Update rules, as PyTorch computes them in float64.

Each rule is a frozen dataclass of knobs and a kernel of a few lines under its formula. Symbols:
θ parameters, g slope, ε learning rate (``lr``), β momentum, v velocity, ρ decay rate, s first
moment, r second moment, ŝ and r̂ corrected for bias, δ the small constant (``delta``, torch's
``eps``), λ weight decay. A rule's memory holds two numbers for each of its names, then one for
each running product; names begin at 0 and products at 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from optiviz.engine.eigen import eigenvalues
from optiviz.engine.kernels import LookKernel, RuleKernel, look_here
from optiviz.engine.part import Knob, Part, knob, table

if TYPE_CHECKING:
    from collections.abc import Mapping

Array = np.ndarray


def _rate(default: float) -> Any:
    return knob(
        default,
        symbol="ε",
        label="learning rate ε",
        help="How far a step goes along the slope.",
        low=1e-9,
        high=1e3,
        scale="log",
        travel=(1e-5, 10.0),
    )


def _decay_rate(symbol: str, default: float, label: str, help_text: str) -> Any:
    return knob(
        default,
        symbol=symbol,
        label=f"{label} {symbol}",
        help=help_text,
        low=0.0,
        high=0.999999,
        scale="toward_one",
        travel=(0.0, 0.999),
    )


def _delta() -> Any:
    return knob(
        1e-8,
        symbol="δ",
        label="small constant δ",
        help="Keeps the division finite where the slope has been flat.",
        low=1e-16,
        high=1.0,
        scale="log",
        travel=(1e-16, 1.0),
        minor=True,
    )


def _weight_decay() -> Any:
    return knob(
        0.0,
        symbol="λ",
        label="weight decay λ",
        help="Pulls the parameters toward 0: λθ is added to the slope (L2).",
        low=0.0,
        high=1.0,
        travel=(0.0, 0.5),
        minor=True,
    )


@dataclass(frozen=True)
class Optimizer(Part):
    """An update rule with its knobs.

    Class attributes:
        kernel: steps θ and the memory in place (see ``kernels.py``).
        look: where the rule wants its slope; most take it where they stand.
        memory: the names of what it remembers, two numbers each.
        products: the names of the running products βᵗ, one number each.
    """

    lr: float = _rate(0.01)
    weight_decay: float = _weight_decay()

    kernel: ClassVar[RuleKernel]
    look: ClassVar[LookKernel] = look_here
    memory: ClassVar[tuple[str, ...]] = ()
    products: ClassVar[tuple[str, ...]] = ()

    @property
    def l2(self) -> float:
        """The λ that the loop adds to the slope as λθ; 0 for a rule that decays by itself."""
        return self.weight_decay

    def kernel_knobs(self) -> tuple[float, ...]:
        """List the numbers that the kernel reads, in its own order."""
        return ()

    def first_memory(self) -> list[float]:
        """Give the memory before the first step."""
        return [0.0] * (2 * len(self.memory)) + [1.0] * len(self.products)

    def lr_bound(self, hessian: Array, memory: Mapping[str, Array]) -> float | None:
        """Say how large ε may be on the local quadratic, or ``None`` where there is no bound.

        Args:
            hessian: (2, 2) at the racer's point.
            memory: the rule's memory there, by name, (2,) each.

        A bound is a statement about a quadratic with a frozen preconditioner. In practice it is
        passed for a while without divergence.
        """
        raise NotImplementedError

    @classmethod
    def knobs(cls) -> tuple[Knob, ...]:
        """Describe the knobs: ε first, the rule's own next, weight decay last."""
        own = super().knobs()
        return tuple(sorted(own, key=lambda spec: spec.name == "weight_decay"))


def _largest(hessian: Array, scale: Array | None = None) -> float:
    """Give λmax of P⁻¹H for P = diag(scale), by the symmetric P^(-1/2) H P^(-1/2)."""
    px, py = (1.0, 1.0) if scale is None else (float(scale[0]), float(scale[1]))
    mixed = float(hessian[0, 1]) / math.sqrt(px * py)
    return eigenvalues(float(hessian[0, 0]) / px, mixed, float(hessian[1, 1]) / py)[1]


def _bound(factor: float, largest: float) -> float | None:
    return factor / largest if 0.0 < largest < math.inf else None


def _sgd(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    for i in range(2):
        theta[i] -= lr * g[i]


@dataclass(frozen=True)
class SGD(Optimizer):
    r"""Gradient descent: $\theta \leftarrow \theta - \epsilon g$.

    With the exact slope this is full-batch gradient descent. Robbins and Monro (1951);
    ``torch.optim.SGD``.
    """

    key: ClassVar[str] = "sgd"
    title: ClassVar[str] = "SGD"
    about: ClassVar[str] = "Steps straight down the slope."
    formula: ClassVar[str] = r"\theta \leftarrow \theta - \epsilon g"
    kernel: ClassVar[RuleKernel] = staticmethod(_sgd)

    def lr_bound(self, hessian: Array, memory: Mapping[str, Array]) -> float | None:
        """Give 2 / λmax."""
        return _bound(2.0, _largest(hessian))


def _momentum(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    beta = knobs[0]
    v = memory
    if knobs[1] == 0.0:  # the chapter's form
        for i in range(2):
            v[i] = beta * v[i] - lr * g[i]
            theta[i] += v[i]
    else:  # torch's
        for i in range(2):
            v[i] = beta * v[i] + g[i]
            theta[i] -= lr * v[i]


@dataclass(frozen=True)
class Momentum(Optimizer):
    r"""Momentum: $v \leftarrow \beta v - \epsilon g$, $\theta \leftarrow \theta + v$.

    Polyak (1964). The chapter and Keras keep v in units of θ, as above, which is the default here;
    ``form="pytorch"`` keeps it in units of the gradient: v ← βv + g, θ ← θ − εv. Both take the
    same steps while ε is constant and part when a schedule changes it. ``torch.optim.SGD`` with
    ``momentum=β``.
    """

    beta: float = _decay_rate("β", 0.9, "momentum", "How much of the last velocity is kept.")
    form: str = knob(
        "chapter",
        symbol="form",
        label="form",
        help="Whether the velocity holds ε already (chapter, Keras) or not (PyTorch).",
        choices=("chapter", "pytorch"),
        minor=True,
    )

    key: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum"
    about: ClassVar[str] = "Gathers speed where the slope persists; zigzags cancel out."
    formula: ClassVar[str] = (
        r"v \leftarrow \beta v - \epsilon g, \quad \theta \leftarrow \theta + v"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(_momentum)
    memory: ClassVar[tuple[str, ...]] = ("v",)

    def kernel_knobs(self) -> tuple[float, ...]:
        """List β and the form."""
        return (self.beta, float(self.form == "pytorch"))

    def lr_bound(self, hessian: Array, memory: Mapping[str, Array]) -> float | None:
        """Give 2(1 + β) / λmax."""
        return _bound(2.0 * (1.0 + self.beta), _largest(hessian))


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

    rho: float = _decay_rate("ρ", 0.99, "decay rate", "How long squared slopes are remembered.")
    delta: float = _delta()

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
        return _bound(2.0, _largest(hessian, np.sqrt(memory["r"]) + self.delta))


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

    beta1: float = _decay_rate("β₁", 0.9, "decay rate", "How long slopes are remembered.")
    beta2: float = _decay_rate("β₂", 0.999, "decay rate", "How long squared slopes are remembered.")
    delta: float = _delta()
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
        r"s \leftarrow \beta_1 s + (1 - \beta_1) g, \quad "
        r"r \leftarrow \beta_2 r + (1 - \beta_2) g^2, \quad "
        r"\theta \leftarrow \theta - \frac{\epsilon \hat{s}}{\sqrt{\hat{r}} + \delta}"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(_adam)
    memory: ClassVar[tuple[str, ...]] = ("s", "r")
    products: ClassVar[tuple[str, ...]] = ("beta1^t", "beta2^t")

    def kernel_knobs(self) -> tuple[float, ...]:
        """List β₁, β₂, δ and whether the bias is corrected."""
        return (self.beta1, self.beta2, self.delta, float(self.bias_correction))

    def lr_bound(self, hessian: Array, memory: Mapping[str, Array]) -> float | None:
        """Give 2(1 + β₁) / ((1 − β₁) λmax of P⁻¹H), P = diag(√r̂ + δ) (Cohen et al., 2022)."""
        r = memory["r"]
        if self.bias_correction:
            r = r / max(1.0 - float(memory["beta2^t"]), 1e-300)
        factor = 2.0 * (1.0 + self.beta1) / (1.0 - self.beta1)
        return _bound(factor, _largest(hessian, np.sqrt(r) + self.delta))


OPTIMIZERS: dict[str, type[Optimizer]] = table(SGD, Momentum, RMSProp, Adam)
