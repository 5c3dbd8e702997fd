"""Gradient descent and momentum: rules with one ε for all parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from optiviz.engine.optimizers.base import (
    Array,
    Optimizer,
    bound_on_lr,
    decay_rate,
    largest_curvature,
)
from optiviz.engine.part import knob

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optiviz.engine.kernels import RuleKernel


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
        return bound_on_lr(2.0, largest_curvature(hessian))


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

    beta: float = decay_rate("β", 0.9, "momentum", "How much of the last velocity is kept.")
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

    @property
    def rule(self) -> str:
        """The rule in the form that is set."""
        return self.formulas()[self.form == "pytorch"]

    @classmethod
    def formulas(cls) -> tuple[str, ...]:
        """List the chapter's form and PyTorch's."""
        torch = r"v \leftarrow \beta v + g, \quad \theta \leftarrow \theta - \epsilon v"
        return (cls.formula, torch)

    def kernel_knobs(self) -> tuple[float, ...]:
        """List β and the form."""
        return (self.beta, float(self.form == "pytorch"))

    def lr_bound(self, hessian: Array, memory: Mapping[str, Array]) -> float | None:
        """Give 2(1 + β) / λmax."""
        return bound_on_lr(2.0 * (1.0 + self.beta), largest_curvature(hessian))
