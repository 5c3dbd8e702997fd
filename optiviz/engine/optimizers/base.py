"""What all update rules share: the class, and what can be asked of any rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from optiviz.engine.bounds import Bounds, NoBound
from optiviz.engine.kernels import LookaheadKernel, RuleKernel, lookahead_of, stay_here
from optiviz.engine.optimizers.in_torch import InTorch, NotInTorch
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
        lookahead: where the rule wants its gradient; most take it where they stand.
        memory: the names of what it remembers, two numbers each, 0 at first.
        numbers: what it remembers once for both parameters, such as βᵗ, and how that begins.
        decoupled: whether weight decay shrinks θ by 1 − ελ, beside the gradient, or is L2 inside
        it. bounded: whether the rule has a bound on ε on ground that curves upward.
        measure: the name under which it remembers what it divides by; empty for one ε for all.
    """

    lr: float = rate(0.01)
    weight_decay: float = l2_decay()

    family: ClassVar[str]
    kernel: ClassVar[RuleKernel]
    lookahead: ClassVar[LookaheadKernel] = staticmethod(stay_here)
    memory: ClassVar[tuple[str, ...]] = ()
    numbers: ClassVar[Mapping[str, float]] = _NO_NUMBERS
    decoupled: ClassVar[bool] = False
    bounded: ClassVar[bool] = True
    measure: ClassVar[str] = ""

    @property
    def l2(self) -> float:
        """The λ that the loop adds to the gradient as λθ."""
        return 0.0 if self.decoupled else self.weight_decay

    @property
    def decay(self) -> float:
        """The λ by which the loop shrinks θ, to (1 − ελ)θ."""
        return self.weight_decay if self.decoupled else 0.0

    @property
    def looks_ahead(self) -> bool:
        """Whether the gradient is taken elsewhere than where the racer stands."""
        return lookahead_of(self) is not stay_here

    @property
    def in_torch(self) -> InTorch | NotInTorch:
        """How PyTorch spells the rule with these settings, or why it has none."""
        raise NotImplementedError

    def as_torch(self, name: str, *, only_steady: bool = False, **words: object) -> InTorch:
        """Spell the rule by a class of ``torch.optim``, with ε, λ and the words of its own."""
        shared: dict[str, object] = {"lr": self.lr, "weight_decay": self.weight_decay}
        return InTorch(name, MappingProxyType(shared | words), only_steady)

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

        What d is, the gradient or an average of gradients, is the rule's own affair.
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

    def measured(self, memory: Memory) -> Array | None:
        """Say for which parameters P is a measure of gradients there have been, (…, 2).

        Before it has met a gradient, an adaptive rule would divide by δ alone. That is no measure:
        the first gradient takes its place. ``None``: the rule divides by none.
        """
        return memory[self.measure] > 0.0 if self.measure else None

    def lr_bound(self, hessian: Array, memory: Memory) -> float | None:
        """Say how large ε may be on one local quadratic; see :meth:`lr_bounds`.

        ``inf`` where nothing curves upward, ``None`` where no bound is told.

        Args:
            hessian: (2, 2) at the racer's point.
            memory: the rule's memory there.
        """
        several = {name: values[np.newaxis] for name, values in memory.items()}
        lr = self.lr_bounds(hessian[..., np.newaxis], several)[0].lr
        return None if math.isnan(lr) else lr

    def lr_bounds(self, hessians: Array, memory: Memory) -> Bounds:
        """Say how large ε may be on local quadratics: c / (λmax of P⁻¹H + ½cλ).

        The λ is that of a decoupled weight decay; L2 is in the Hessian already. A bound is a
        statement about a quadratic with a frozen preconditioner. In practice it is passed for a
        while without divergence.

        A parameter that has met no gradient yet stays where it is, as long as the steps of the
        other do not tilt it (H is diagonal): then the bound is the other's. If they do, there is
        none yet.

        Args:
            hessians: (2, 2, n) at the racer's points.
            memory: the rule's memory at each, (n, 2) or (n, 1) a name.
        """
        if not self.bounded:
            return Bounds.without(hessians.shape[2], NoBound.RULE)
        scale, seen = self.scale(memory), self.measured(memory)
        (a, b), (_, c) = hessians
        known = np.full(a.shape, True)
        with np.errstate(all="ignore"):
            if scale is not None:  # as the symmetric P^(-1/2) H P^(-1/2)
                px, py = scale[..., 0], scale[..., 1]
                a, b, c = a / px, b / np.sqrt(px) / np.sqrt(py), c / py
            if seen is not None:
                known = seen.all(axis=-1) | (seen.any(axis=-1) & (b == 0.0))
                a, c = np.where(seen[..., 0], a, 0.0), np.where(seen[..., 1], c, 0.0)
            factor = self.reach(memory)
            largest = 0.5 * a + 0.5 * c + np.hypot(0.5 * a - 0.5 * c, b) + 0.5 * factor * self.decay
            # What has overflowed is not flat.
            sound = np.isfinite(hessians).all(axis=(0, 1))
            if scale is not None:
                sound &= np.isfinite(scale).all(axis=-1)
            return Bounds.over(factor, np.where(sound, largest, np.nan), known)

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
