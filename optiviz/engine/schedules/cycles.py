"""Schedules that come back to a high ε again and again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from optiviz.engine.digits import rounded
from optiviz.engine.part import knob
from optiviz.engine.schedules.base import MAX_CORNERS, SLACK, Array, Schedule, fallen
from optiviz.engine.schedules.handles import Handle, within
from optiviz.engine.schedules.knobs import SHORTEST, end_factor, epochs_of


@dataclass(frozen=True)
class CosineRestarts(Schedule):
    r"""Cosines, each begun at ε: $\epsilon(\alpha + \frac{1-\alpha}{2}(1 + \cos \pi u/T_i))$.

    u counts from the last restart; the i-th cycle is T_i = T₀ mⁱ epochs long.
    ``torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(T_0=T₀, T_mult=m, eta_min=αε)``. Here T₀
    need not be whole. Loshchilov and Hutter (2017); snapshots at each cycle's end: Huang and others
    (2017).
    """

    period: float = epochs_of(25.0, "T₀", "period T₀", "Epochs of the first cycle.")
    multiplier: int = knob(
        1,
        symbol="m",
        label="multiplier m",
        help="How many times longer each cycle is than the one before.",
        low=1,
        high=10,
        travel=(1, 4),
        integer=True,
    )
    end: float = end_factor()

    key: ClassVar[str] = "cosine_restarts"
    title: ClassVar[str] = "Cosine with warm restarts"
    family: ClassVar[str] = "In cycles"
    about: ClassVar[str] = "Cools down, and starts hot again: each cycle's end is a snapshot."
    has_cycles: ClassVar[bool] = True
    formula: ClassVar[str] = (
        r"\epsilon_t = \epsilon \left(\alpha + \frac{1 - \alpha}{2}"
        r" \left(1 + \cos \frac{\pi u}{T_i}\right)\right), \quad T_i = T_0 m^i"
    )

    def _after(self, t: Array, span: float) -> Array:
        if self.multiplier == 1:
            share = t / self.period
            # The cosine has the period in it already, but a slack would show in it.
            share = np.maximum(share - np.floor(share + SLACK), 0.0)
        else:
            starts, lengths = self._cycle_table(span)
            i = np.searchsorted(starts * (1.0 - SLACK), t, side="right") - 1
            share = np.maximum(t - starts[i], 0.0) / lengths[i]
        return fallen(0.5 * (1.0 + np.cos(np.pi * share)), self.end)

    def _cycle_table(self, span: float) -> tuple[Array, Array]:
        """Give where the cycles begin, after the warmup, and how long they are, (n,) each."""
        begins, length = [0.0], self.period
        while begins[-1] + length <= span * (1.0 + SLACK):
            begins.append(begins[-1] + length)
            length *= self.multiplier
        starts = np.array(begins)
        return starts, self.period * float(self.multiplier) ** np.arange(len(starts))

    def _cycles(self, span: float) -> tuple[float, ...]:
        if self.multiplier == 1:
            count = min(math.floor(span / self.period + SLACK), MAX_CORNERS)
            ends = [min(self.period * n, span) for n in range(1, count + 1)]
        else:
            ends = [min(float(start), span) for start in self._cycle_table(span)[0][1:]]
        return tuple(ends)

    def _handles(self, span: float) -> tuple[Handle, ...]:
        ends = self._cycles(span)
        if not ends:
            last = self.warmup + span
            factor = self.factor(last, last)
            return (Handle("period", last, factor, ("period",), "x", "end of the first cycle"),)
        first = self.warmup + ends[0]
        found = [
            Handle("end", first, self.end, ("end",), "y", "ε end of each cycle"),
            Handle("period", first, 1.0, ("period",), "x", "end of the first cycle"),
        ]
        if len(ends) > 1:
            second = self.warmup + ends[1]
            label = "end of the second cycle"
            found.append(Handle("multiplier", second, 1.0, ("multiplier",), "x", label))
        return tuple(found)

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        t = epoch - self.warmup
        if name == "end":
            return self._changed(end=within(factor, 0.0, 1.0))
        if name == "period":
            return self._changed(period=within(t, SHORTEST, span))
        most = math.floor(span / self.period - 1.0 + SLACK)  # keeps the second end in the race
        wanted = round(t / self.period - 1.0)
        return self._changed(multiplier=max(min(wanted, most, 10), 1))

    def _remark(self, span: float) -> str | None:
        return _too_long(self.period, span)


@dataclass(frozen=True)
class Cyclical(Schedule):
    r"""Triangles between bε and ε: $\epsilon(b + (1 - b)\,h\,(1 - |2u/P - 1|))$.

    u counts from the cycle's begin; h = 1, or halved at each cycle in ``triangular2``.
    ``torch.optim.lr_scheduler.CyclicLR(base_lr=bε, max_lr=ε, step_size_up=P/2, mode=…,
    cycle_momentum=False)``. A warmup is torch's ``SequentialLR`` only where the ``CyclicLR`` is
    made before the ``LinearLR``, or the optimizer with lr = bε; else torch climbs to ε and drops
    to bε. Smith (2017).
    """

    base: float = knob(
        0.1,
        symbol="b",
        label="base b",
        help="Where each cycle begins and ends, as a share of ε.",
        low=0.0,
        high=1.0,
    )
    period: float = epochs_of(25.0, "P", "period P", "Epochs of a cycle, up and down.")
    mode: str = knob(
        "triangular",
        symbol="mode",
        label="mode",
        help="Whether all peaks are alike (triangular) or each is half as high (triangular2).",
        choices=("triangular", "triangular2"),
    )

    key: ClassVar[str] = "cyclical"
    title: ClassVar[str] = "Cyclical"
    family: ClassVar[str] = "In cycles"
    about: ClassVar[str] = "Climbs and falls in triangles, from one basin perhaps to another."
    elsewhere: ClassVar[str] = "PyTorch's CyclicLR also cycles the momentum, unless told not to."
    has_cycles: ClassVar[bool] = True
    formula: ClassVar[str] = (
        r"\epsilon_t = \epsilon \left(b + (1 - b)"
        r" \left(1 - \left|\frac{2u}{P} - 1\right|\right)\right)"
    )
    start_knobs: ClassVar[tuple[str, ...]] = ("base",)

    @classmethod
    def _forms(cls) -> tuple[str, ...]:
        halved = cls.formula.replace("(1 - b)", r"\frac{1 - b}{2^i}")
        return (cls.formula, halved)

    @property
    def rule(self) -> str:
        """The formula in the mode that is set."""
        return self.formulas()[self.mode == "triangular2"]

    def _after(self, t: Array, span: float) -> Array:
        share = t / self.period
        cycle = np.floor(share + SLACK)
        height = 1.0 - np.abs(2.0 * np.maximum(share - cycle, 0.0) - 1.0)
        if self.mode == "triangular2":
            height = height * np.exp2(-cycle)
        return fallen(height, self.base)

    def _cycles(self, span: float) -> tuple[float, ...]:
        count = min(math.floor(span / self.period + SLACK), MAX_CORNERS)
        return tuple(min(self.period * n, span) for n in range(1, count + 1))

    def _corners(self, span: float) -> tuple[float, ...]:
        half = 0.5 * self.period
        count = min(math.floor(span / half), MAX_CORNERS)
        return tuple(half * n for n in range(1, count + 1))

    def _handles(self, span: float) -> tuple[Handle, ...]:
        last = self.warmup + span
        epoch = min(self.warmup + self.period, last)
        factor = self.factor(epoch, last)
        return (Handle("period", epoch, factor, ("period",), "x", "end of the first cycle"),)

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        return self._changed(period=within(epoch - self.warmup, SHORTEST, span))

    def _begun_at(self, factor: float) -> Self:
        return self._changed(base=within(factor, 0.0, 1.0))

    def _remark(self, span: float) -> str | None:
        return _too_long(self.period, span)


def _too_long(period: float, span: float) -> str | None:
    if period <= span * (1.0 + SLACK):
        return None
    long, short = rounded(period, 6), rounded(span, 6)
    return f"The period of {long} epochs is longer than the {short} there are: no cycle ends."
