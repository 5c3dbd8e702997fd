"""Schedules that fall smoothly from ε, or do not fall at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from optiviz.engine.part import knob
from optiviz.engine.schedules.base import Array, Schedule, fallen, progress
from optiviz.engine.schedules.handles import Handle, tidy, within
from optiviz.engine.schedules.knobs import LONGEST, SHORTEST, drop_factor, end_factor, epochs_of

#: A hand cannot pull a curve that never reaches 0 lower than this.
_LOWEST = 1e-6


@dataclass(frozen=True)
class Constant(Schedule):
    r"""The learning rate stays as it is: $\epsilon_t = \epsilon$. ``ConstantLR(factor=1)``."""

    key: ClassVar[str] = "constant"
    title: ClassVar[str] = "Constant"
    family: ClassVar[str] = "Falling smoothly"
    about: ClassVar[str] = "The learning rate stays as it is."
    formula: ClassVar[str] = r"\epsilon_t = \epsilon"

    def _after(self, t: Array, span: float) -> Array:
        return np.ones_like(t)

    def remark(self, epochs: float) -> str | None:
        """Say nothing of a short race, unless a warmup fills it."""
        return super().remark(epochs) if self.warmup > 0.0 else None


@dataclass(frozen=True)
class _FallsToEnd(Schedule):
    """A schedule that ends at αε, and whose end can be dragged."""

    end: float = end_factor()

    def _handles(self, span: float) -> tuple[Handle, ...]:
        return (self._end(span, "end"),)

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        return self._changed(end=within(factor, 0.0, 1.0))


@dataclass(frozen=True)
class Linear(_FallsToEnd):
    r"""A straight line: $\epsilon_t = \epsilon (1 - (1 - \alpha)\, t / T)$.

    ``torch.optim.lr_scheduler.LinearLR(start_factor=1, end_factor=α, total_iters=T)``, whose own
    defaults climb from a third. Goodfellow and others (2016), section 8.3.1.
    """

    key: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear"
    family: ClassVar[str] = "Falling smoothly"
    about: ClassVar[str] = "Falls in a straight line."
    formula: ClassVar[str] = r"\epsilon_t = \epsilon \left(1 - (1 - \alpha) \frac{t}{T}\right)"

    def _after(self, t: Array, span: float) -> Array:
        return fallen(1.0 - progress(t, span), self.end)


@dataclass(frozen=True)
class Polynomial(_FallsToEnd):
    r"""A power of what is left: $\epsilon(\alpha + (1 - \alpha)(1 - t/T)^p)$.

    ``torch.optim.lr_scheduler.PolynomialLR(total_iters=T, power=p)``, which ends at 0 and whose
    own power is 1.
    """

    power: float = knob(
        2.0,
        symbol="p",
        label="power p",
        help="Above 1 it falls early and then slowly; below 1 it stays up and falls late.",
        low=0.1,
        high=10.0,
        scale="log",
        travel=(0.1, 10.0),
    )

    key: ClassVar[str] = "polynomial"
    title: ClassVar[str] = "Polynomial"
    family: ClassVar[str] = "Falling smoothly"
    about: ClassVar[str] = "Falls as a power of the time that is left."
    formula: ClassVar[str] = (
        r"\epsilon_t = \epsilon \left(\alpha + (1 - \alpha) \left(1 - \frac{t}{T}\right)^p\right)"
    )

    def _after(self, t: Array, span: float) -> Array:
        return fallen((1.0 - progress(t, span)) ** self.power, self.end)

    def _handles(self, span: float) -> tuple[Handle, ...]:
        middle = self.warmup + 0.5 * span
        factor = self.factor(middle, self.warmup + span)
        bend = Handle("power", middle, factor, ("power",), "y", "how it falls")
        return (bend, *super()._handles(span))

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        if name == "end":
            return super()._dragged(name, epoch, factor, span)
        fall = 1.0 - self.end
        share = min(max((factor - self.end) / fall, _LOWEST), 1.0) if fall > 0.0 else 0.0
        if share <= 0.0:  # a flat line has every power
            return self
        return self._changed(power=within(-math.log2(share), 0.1, 10.0))


@dataclass(frozen=True)
class Exponential(Schedule):
    r"""The same factor at every epoch: $\epsilon_t = \epsilon \gamma^t$.

    ``torch.optim.lr_scheduler.ExponentialLR(gamma=γ)``; between whole epochs it goes on falling.
    """

    gamma: float = drop_factor(0.95, "What is left of ε after one more epoch.", (0.8, 1.0))

    key: ClassVar[str] = "exponential"
    title: ClassVar[str] = "Exponential"
    family: ClassVar[str] = "Falling smoothly"
    about: ClassVar[str] = "Loses the same share at every epoch."
    formula: ClassVar[str] = r"\epsilon_t = \epsilon \gamma^t"

    def _after(self, t: Array, span: float) -> Array:
        return np.asarray(np.power(self.gamma, t))

    def _handles(self, span: float) -> tuple[Handle, ...]:
        return (self._end(span, "gamma"),)

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        left = min(max(factor, _LOWEST), 1.0)
        # 1 − γ is small in a long race, so it is this that keeps its digits.
        lost = -math.expm1(math.log(left) / span)
        return self._changed(gamma=1.0 - tidy(lost))


@dataclass(frozen=True)
class InverseSqrt(Schedule):
    r"""The root of time: $\epsilon_t = \epsilon / \sqrt{1 + t/\tau}$.

    Vaswani and others (2017) have τ = W, so that ε falls as 1/√e from the warmup's end on. Torch
    has it as a ``LambdaLR``; Hugging Face's ``get_inverse_sqrt_schedule`` calls τ ``timescale``.
    """

    timescale: float = epochs_of(
        10.0, "τ", "timescale τ", "After three of these ε is half; with τ = W it is Vaswani's."
    )

    key: ClassVar[str] = "inverse_sqrt"
    title: ClassVar[str] = "Inverse square root"
    family: ClassVar[str] = "Falling smoothly"
    about: ClassVar[str] = "Falls fast at first and never stops: a race of any length may have it."
    formula: ClassVar[str] = r"\epsilon_t = \frac{\epsilon}{\sqrt{1 + t / \tau}}"

    def _after(self, t: Array, span: float) -> Array:
        return np.asarray(1.0 / np.sqrt(1.0 + t / self.timescale))

    def _handles(self, span: float) -> tuple[Handle, ...]:
        return (self._end(span, "timescale"),)

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        squared = min(factor, 1.0 - _LOWEST) ** 2
        timescale = span * squared / (1.0 - squared)
        return self._changed(timescale=within(timescale, SHORTEST, LONGEST))


@dataclass(frozen=True)
class Cosine(_FallsToEnd):
    r"""Half a cosine: $\epsilon(\alpha + \frac{1-\alpha}{2}(1 + \cos \pi t/T))$.

    ``torch.optim.lr_scheduler.CosineAnnealingLR(T_max=T, eta_min=αε)``. Loshchilov and Hutter
    (2017). Torch's climbs again after T_max; here the race is over.
    """

    key: ClassVar[str] = "cosine"
    title: ClassVar[str] = "Cosine"
    family: ClassVar[str] = "Falling smoothly"
    about: ClassVar[str] = "Stays high for long, then falls, and ends gently."
    formula: ClassVar[str] = (
        r"\epsilon_t = \epsilon \left(\alpha + \frac{1 - \alpha}{2}"
        r" \left(1 + \cos \frac{\pi t}{T}\right)\right)"
    )

    def _after(self, t: Array, span: float) -> Array:
        return fallen(0.5 * (1.0 + np.cos(np.pi * progress(t, span))), self.end)


@dataclass(frozen=True)
class Sigmoid(_FallsToEnd):
    r"""A rounded drop: $\epsilon(\alpha + \frac{1-\alpha}{2}(1 + s))$.

    Here $s = \tanh(a(1/2 - t/T)) / \tanh(a/2)$.
    The logistic function of 2a(1/2 − t/T), stretched so that it begins at 1 and ends at α whatever
    a is. Torch has it as a ``LambdaLR``.
    """

    steepness: float = knob(
        5.0,
        symbol="a",
        label="steepness a",
        help="Near the least it is a line; the greater, the more it is a single drop half-way.",
        low=0.1,
        high=25.0,
        scale="log",
        travel=(1.0, 25.0),
    )

    key: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "Sigmoid"
    family: ClassVar[str] = "Falling smoothly"
    about: ClassVar[str] = "Stays high, falls half-way, and stays low."
    formula: ClassVar[str] = (
        r"\epsilon_t = \epsilon \left(\alpha + \frac{1 - \alpha}{2}"
        r" \left(1 + \frac{\tanh\left(a (1/2 - t/T)\right)}{\tanh(a/2)}\right)\right)"
    )

    def _after(self, t: Array, span: float) -> Array:
        p, a = progress(t, span), self.steepness
        # The formula as one quotient: nothing is cancelled, and at the end it is 0 to the last bit.
        below = 2.0 * np.sinh(0.5 * a) * np.cosh(a * (0.5 - p))
        return fallen(np.sinh(a * (1.0 - p)) / below, self.end)

    def _handles(self, span: float) -> tuple[Handle, ...]:
        late = self.warmup + 0.75 * span
        factor = self.factor(late, self.warmup + span)
        bend = Handle("steepness", late, factor, ("steepness",), "y", "how steeply it falls")
        return (bend, *super()._handles(span))

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        if name == "end":
            return super()._dragged(name, epoch, factor, span)
        fall = 1.0 - self.end
        if fall <= 0.0:  # a flat line is as steep as any
            return self
        # Three quarters on, the share is 1 / (2 cosh(a/4))².
        share = min(max((factor - self.end) / fall, _LOWEST), 0.25)
        return self._changed(steepness=within(4.0 * math.acosh(0.5 / math.sqrt(share)), 0.1, 25.0))
