"""Gradient descent and momentum: rules with one ε for all parameters."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from optiviz.engine.optimizers.base import Memory, Optimizer
from optiviz.engine.optimizers.in_torch import NotInTorch
from optiviz.engine.optimizers.knobs import decay_rate, momentum_form, momentum_rate
from optiviz.engine.part import knob

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import LookaheadKernel, RuleKernel
    from optiviz.engine.optimizers.in_torch import InTorch


def _sgd(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    for i in range(2):
        theta[i] -= lr * g[i]


@dataclass(frozen=True)
class SGD(Optimizer):
    r"""Gradient descent: $\theta \leftarrow \theta - \epsilon g$.

    With the full gradient this is full-batch gradient descent. Robbins and Monro (1951);
    ``torch.optim.SGD``.
    """

    key: ClassVar[str] = "sgd"
    title: ClassVar[str] = "SGD"
    family: ClassVar[str] = "One ε for all parameters"
    about: ClassVar[str] = "Steps straight down the gradient."
    formula: ClassVar[str] = r"\theta \leftarrow \theta - \epsilon g"
    kernel: ClassVar[RuleKernel] = staticmethod(_sgd)

    @property
    def in_torch(self) -> InTorch:
        return self.as_torch("SGD")


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

    beta: float = momentum_rate()
    form: str = momentum_form()

    key: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum"
    family: ClassVar[str] = "One ε for all parameters"
    about: ClassVar[str] = "Gathers speed where the gradient persists; zigzags cancel out."
    formula: ClassVar[str] = (
        r"v \leftarrow \beta v - \epsilon g, \quad \theta \leftarrow \theta + v"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(_momentum)
    memory: ClassVar[tuple[str, ...]] = ("v",)

    @property
    def rule(self) -> str:
        """The rule in the form that is set."""
        return self.formulas()[self.form == "pytorch"]

    @classmethod
    def formulas(cls) -> tuple[str, ...]:
        """List the chapter's form and PyTorch's."""
        torch = r"v \leftarrow \beta v + g, \quad \theta \leftarrow \theta - \epsilon v"
        return (cls.formula, torch)

    @property
    def in_torch(self) -> InTorch:
        only_steady = self.form == "chapter"  # whose velocity holds ε, unlike torch's
        return self.as_torch("SGD", momentum=self.beta, only_steady=only_steady)

    def kernel_knobs(self) -> tuple[float, ...]:
        """List β and the form."""
        return (self.beta, float(self.form == "pytorch"))

    def reach(self, memory: Memory) -> float:
        """Give 2(1 + β)."""
        return 2.0 * (1.0 + self.beta)


def _nesterov_lookahead(theta: Any, memory: Any, lr: float, knobs: Any, point: Any) -> None:
    beta = knobs[0]
    if knobs[1] == 0.0:  # the chapter's form
        for i in range(2):
            point[i] = theta[i] + beta * memory[i]
    else:  # torch's, whose parameter this is
        for i in range(2):
            point[i] = theta[i] - memory[2] * beta * memory[i]


def _nesterov(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    beta = knobs[0]
    if knobs[1] == 0.0:
        for i in range(2):
            memory[i] = beta * memory[i] - lr * g[i]
            theta[i] += memory[i]
    else:
        for i in range(2):
            theta[i] = theta[i] - memory[2] * beta * memory[i] - lr * g[i]
            memory[i] = beta * memory[i] + g[i]
    memory[2] = lr


@dataclass(frozen=True)
class Nesterov(Optimizer):
    r"""Nesterov: $g$ at $\theta + \beta v$, $v \leftarrow \beta v - \epsilon g$, θ ← θ + v.

    Nesterov (1983), in the form of Sutskever et al. (2013): momentum that looks ahead to where
    its velocity is about to carry it, and takes the gradient (and L2) there.

    ``form="pytorch"`` keeps v in units of the gradient: g at θ̃ = θ − ε₋βv, in which ε₋ is the rate
    of the step before, then v ← βv + g and θ ← θ̃ − εg. ``torch.optim.SGD`` with ``nesterov=True``
    moves the look-ahead point itself, θ̃ ← θ̃ − ε(g + βv): that is our θ̃, however ε changes.
    Keras's parameter is the look-ahead point θ + βv of the chapter's form in the same way. The
    forms take the same steps while ε is constant.
    """

    beta: float = momentum_rate()
    form: str = momentum_form()

    key: ClassVar[str] = "nesterov"
    title: ClassVar[str] = "Nesterov"
    family: ClassVar[str] = "One ε for all parameters"
    about: ClassVar[str] = "Momentum that takes the gradient where its velocity is about to lead."
    formula: ClassVar[str] = (
        r"g = \nabla f(\theta + \beta v), \quad "
        r"v \leftarrow \beta v - \epsilon g, \quad \theta \leftarrow \theta + v"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(_nesterov)
    lookahead: ClassVar[LookaheadKernel] = staticmethod(_nesterov_lookahead)
    memory: ClassVar[tuple[str, ...]] = ("v",)
    numbers: ClassVar[Mapping[str, float]] = MappingProxyType({"last lr": 0.0})

    @property
    def rule(self) -> str:
        """The rule in the form that is set."""
        return self.formulas()[self.form == "pytorch"]

    @classmethod
    def formulas(cls) -> tuple[str, ...]:
        """List the chapter's form and PyTorch's."""
        torch = (
            r"\tilde{\theta} = \theta - {\epsilon}_{t-1} \beta v, \quad "
            r"g = \nabla f(\tilde{\theta}), \quad v \leftarrow \beta v + g, \quad "
            r"\theta \leftarrow \tilde{\theta} - {\epsilon}_t g"
        )
        return (cls.formula, torch)

    @property
    def in_torch(self) -> InTorch:
        # Torch refuses to look ahead without momentum, where there is nothing ahead.
        words = {"momentum": self.beta, "nesterov": self.beta > 0.0}
        return self.as_torch("SGD", only_steady=self.form == "chapter", **words)

    def kernel_knobs(self) -> tuple[float, ...]:
        """List β and the form."""
        return (self.beta, float(self.form == "pytorch"))

    def reach(self, memory: Memory) -> float:
        """Give 2(1 + β) / (1 + 2β)."""
        return 2.0 * (1.0 + self.beta) / (1.0 + 2.0 * self.beta)


def _qhm(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    beta = knobs[0]
    nu = knobs[1]
    s = memory
    for i in range(2):
        s[i] = beta * s[i] + (1.0 - beta) * g[i]
        theta[i] -= lr * ((1.0 - nu) * g[i] + nu * s[i])


@dataclass(frozen=True)
class QHM(Optimizer):
    r"""Quasi-hyperbolic momentum: a step between SGD's and momentum's.

    $s \leftarrow \beta s + (1 - \beta) g$,
    $\theta \leftarrow \theta - \epsilon ((1 - \nu) g + \nu s)$.

    Ma and Yarats (2019), who call the average g. At ν = 0 it is SGD, at ν = 1 the
    momentum of ``torch.optim.SGD`` with ``momentum=β`` and the rate ε(1 − β); at ν = β Nesterov's.
    """

    beta: float = decay_rate("β", 0.999, "momentum", "How long gradients are remembered.")
    nu: float = knob(
        0.7,
        symbol="ν",
        label="share of the average ν",
        help="How much of a step is the average's; the rest is the newest gradient's.",
        low=0.0,
        high=1.0,
    )

    key: ClassVar[str] = "qhm"
    title: ClassVar[str] = "QHM"
    family: ClassVar[str] = "One ε for all parameters"
    about: ClassVar[str] = "A step between the newest gradient's and a long average's."
    formula: ClassVar[str] = (
        r"s \leftarrow \beta s + (1 - \beta) g, \quad "
        r"\theta \leftarrow \theta - \epsilon ((1 - \nu) g + \nu s)"
    )
    kernel: ClassVar[RuleKernel] = staticmethod(_qhm)
    memory: ClassVar[tuple[str, ...]] = ("s",)

    @property
    def in_torch(self) -> NotInTorch:
        return NotInTorch("PyTorch does not have quasi-hyperbolic momentum.")

    def kernel_knobs(self) -> tuple[float, ...]:
        """List β and ν."""
        return (self.beta, self.nu)

    def reach(self, memory: Memory) -> float:
        """Give 2(1 + β) / (1 + β − 2βν), from the characteristic polynomial on a quadratic."""
        return 2.0 * (1.0 + self.beta) / (1.0 + self.beta - 2.0 * self.beta * self.nu)
