"""What all update rules share: the class, their common knobs, the bound on ε."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from optiviz.engine.eigen import eigenvalues
from optiviz.engine.kernels import LookKernel, RuleKernel, look_here
from optiviz.engine.part import Knob, Part, knob

if TYPE_CHECKING:
    from collections.abc import Mapping

Array = np.ndarray


def rate(default: float) -> Any:
    """Declare the learning rate ε."""
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


def decay_rate(symbol: str, default: float, label: str, help_text: str) -> Any:
    """Declare a share of the past that is kept at each step, such as β or ρ."""
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


def small_constant() -> Any:
    """Declare δ, torch's ``eps``."""
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


def weight_decay_knob() -> Any:
    """Declare λ, as L2 inside the slope."""
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

    lr: float = rate(0.01)
    weight_decay: float = weight_decay_knob()

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
        """Say how large ε may be on the local quadratic.

        ``inf`` where nothing curves upward; ``None`` for a rule that has no bound.

        Args:
            hessian: (2, 2) at the racer's point.
            memory: the rule's memory there, by name, (2,) each.

        A bound is a statement about a quadratic with a frozen preconditioner. In practice it is
        passed for a while without divergence.
        """
        raise NotImplementedError

    @property
    def rule(self) -> str:
        """The rule that these settings run, as LaTeX; one of ``formulas()``."""
        return self.formula

    @classmethod
    def knobs(cls) -> tuple[Knob, ...]:
        """Describe the knobs: ε first, the rule's own next, weight decay last."""
        own = super().knobs()
        return tuple(sorted(own, key=lambda spec: spec.name == "weight_decay"))


def largest_curvature(hessian: Array, scale: Array | None = None) -> float:
    """Give λmax of P⁻¹H for P = diag(scale), by the symmetric P^(-1/2) H P^(-1/2)."""
    px, py = (1.0, 1.0) if scale is None else (float(scale[0]), float(scale[1]))
    mixed = float(hessian[0, 1]) / math.sqrt(px * py)
    return eigenvalues(float(hessian[0, 0]) / px, mixed, float(hessian[1, 1]) / py)[1]


def bound_on_lr(factor: float, largest: float) -> float | None:
    """Give factor / λmax: ``inf`` where nothing curves upward, ``None`` where λmax overflows."""
    if largest > 0.0:
        return factor / largest if math.isfinite(largest) else None
    return math.inf if largest <= 0.0 else None
