"""What all update rules share: the class, and what can be asked of any rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from optiviz.engine.eigen import eigenvalues
from optiviz.engine.kernels import LookKernel, RuleKernel, look_here
from optiviz.engine.optimizers.knobs import l2_decay, rate
from optiviz.engine.part import Knob, Part

if TYPE_CHECKING:
    from collections.abc import Mapping

Array = np.ndarray
Memory = dict[str, Array]  # (…, 2) for a name of two numbers, (…, 1) for a single one

_TINY = 1e-300
_NO_NUMBERS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class Optimizer(Part):
    """An update rule with its knobs.

    Class attributes:
        family: under which heading it is offered.
        kernel: steps θ and the memory in place (see ``kernels.py``).
        look: where the rule wants its slope; most take it where they stand.
        memory: the names of what it remembers, two numbers each, 0 at first.
        numbers: what it remembers once for both parameters, such as βᵗ, and how that begins.
        decoupled: whether weight decay shrinks θ by 1 − ελ, beside the slope, or is L2 inside it.
    """

    lr: float = rate(0.01)
    weight_decay: float = l2_decay()

    family: ClassVar[str]
    kernel: ClassVar[RuleKernel]
    look: ClassVar[LookKernel] = look_here
    memory: ClassVar[tuple[str, ...]] = ()
    numbers: ClassVar[Mapping[str, float]] = _NO_NUMBERS
    decoupled: ClassVar[bool] = False

    @property
    def l2(self) -> float:
        """The λ that the loop adds to the slope as λθ."""
        return 0.0 if self.decoupled else self.weight_decay

    @property
    def decay(self) -> float:
        """The λ by which the loop shrinks θ, to (1 − ελ)θ."""
        return self.weight_decay if self.decoupled else 0.0

    @property
    def looks_elsewhere(self) -> bool:
        """Whether the slope is taken elsewhere than where the racer stands."""
        return type(self).look is not look_here

    def kernel_knobs(self) -> tuple[float, ...]:
        """List the numbers that the kernel reads, in its own order."""
        return ()

    def first_memory(self) -> list[float]:
        """Give the memory before the first step."""
        return [0.0] * (2 * len(self.memory)) + list(self.numbers.values())

    def named(self, states: Array) -> Memory:
        """Name the memory's columns: (…, m) becomes (…, 2) a name and (…, 1) a single number."""
        pairs = len(self.memory)
        found = {name: states[..., 2 * i : 2 * i + 2] for i, name in enumerate(self.memory)}
        for i, name in enumerate(self.numbers, start=2 * pairs):
            found[name] = states[..., i : i + 1]
        return found

    def scale(self, memory: Memory) -> Array | None:
        """Give the diagonal of P, (…, 2), in θ ← θ − ε P⁻¹ d; ``None`` where there is one ε.

        What d is, the slope or an average of slopes, is the rule's own affair.
        """
        return None

    def effective_rate(self, lr: Array, before: Memory, after: Memory) -> Array | None:
        """Give ε / P of each step, (steps, 2): the rate that each parameter has for itself.

        Args:
            lr: (steps, 1).
            before, after: the memory before and after the steps.
        """
        scale = self.scale(after)
        return None if scale is None else lr / scale

    def reach(self, memory: Memory) -> float | Array:
        """Give c in the bound c / λmax of P⁻¹H, for the rule's kind of momentum."""
        return 2.0

    def lr_bound(self, hessian: Array, memory: Memory) -> float | None:
        """Say how large ε may be on the local quadratic: c / (λmax of P⁻¹H + ½cλ).

        ``inf`` where nothing curves upward; ``None`` for a rule that has no bound. The λ is that
        of a decoupled weight decay; L2 is in the Hessian already.

        Args:
            hessian: (2, 2) at the racer's point.
            memory: the rule's memory there.

        A bound is a statement about a quadratic with a frozen preconditioner. In practice it is
        passed for a while without divergence.
        """
        c = float(self.reach(memory))
        return bound_on_lr(c, largest_curvature(hessian, self.scale(memory)) + 0.5 * c * self.decay)

    def lr_bounds(self, hessians: Array, memory: Memory) -> Array:
        """Say what :meth:`lr_bound` says at many points at once, (n,); nan where it has none.

        Sums are numpy's, so the last bit may be another.

        Args:
            hessians: (2, 2, n).
            memory: the rule's memory at each, (n, 2) a name.
        """
        scale = self.scale(memory)
        px, py = (1.0, 1.0) if scale is None else (scale[..., 0], scale[..., 1])
        (a, b), (_, c) = hessians
        with np.errstate(all="ignore"):
            a, b, c = a / px, b / np.sqrt(px * py), c / py
            largest = 0.5 * (a + c) + np.hypot(0.5 * (a - c), b)
            factor = self.reach(memory)
            largest = largest + 0.5 * factor * self.decay
            bounds = np.where(largest > 0.0, factor / largest, np.inf)
        bounds[~(largest < np.inf)] = np.nan
        return bounds

    @property
    def rule(self) -> str:
        """The rule that these settings run, as LaTeX; one of ``formulas()``."""
        return self.formula

    @classmethod
    def knobs(cls) -> tuple[Knob, ...]:
        """Describe the knobs: ε first, the rule's own next, weight decay last."""
        own = super().knobs()
        return tuple(sorted(own, key=lambda spec: spec.name == "weight_decay"))


def corrected(average: Array, power: Array) -> Array:
    """Make up for an average that began at 0: average / (1 − βᵗ), and 0 before the first step."""
    hat: Array = average / np.maximum(1.0 - power, _TINY)
    return hat


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
