"""Schedules of two phases: up and down, or steady and down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from optiviz.engine.part import knob
from optiviz.engine.schedules.base import Array, Schedule, fallen, progress
from optiviz.engine.schedules.handles import Handle, within
from optiviz.engine.schedules.knobs import end_factor

_MOST_DIV, _MOST_FINAL_DIV = 1e6, 1e8
#: So little of the decay is a rounding of its begin; a root would make it 10⁻⁸.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class OneCycle(Schedule):
    r"""Up to ε and far down: from ε/d over a share p of the time to ε, then down to ε/(dD).

    Each way is half a cosine, or a line. ``torch.optim.lr_scheduler.OneCycleLR(max_lr=ε,
    pct_start=p, div_factor=d, final_div_factor=D, anneal_strategy=…)`` in two phases. Torch counts
    the steps 0 … total_steps − 1, so its peak is at p · total_steps − 1; here the peak is at pT and
    the end at T, which is torch's curve with total_steps = T + 1 and pct_start = (pT + 1)/(T + 1).
    Momentum stays as it is (``cycle_momentum=False``). Smith and Topin (2018).
    """

    pct_start: float = knob(
        0.3,
        symbol="p",
        label="rise p",
        help="The share of the time in which ε climbs to its peak.",
        low=0.0,
        high=1.0,
    )
    div_factor: float = knob(
        25.0,
        symbol="d",
        label="start 1/d",
        help="How many times lower than its peak ε begins.",
        low=1.0,
        high=_MOST_DIV,
        scale="log",
        travel=(1.0, 1e3),
    )
    final_div_factor: float = knob(
        1e4,
        symbol="D",
        label="end 1/(dD)",
        help="How many times lower than its begin ε ends.",
        low=1.0,
        high=_MOST_FINAL_DIV,
        scale="log",
        travel=(1.0, 1e5),
    )
    anneal_strategy: str = knob(
        "cos",
        symbol="shape",
        label="shape",
        help="Whether it climbs and falls as half a cosine, or in lines.",
        choices=("cos", "linear"),
    )

    key: ClassVar[str] = "one_cycle"
    title: ClassVar[str] = "One cycle"
    family: ClassVar[str] = "In cycles"
    about: ClassVar[str] = "Climbs to a high ε once, and falls far below where it began."
    elsewhere: ClassVar[str] = (
        "PyTorch's OneCycleLR with as many steps peaks and ends one step earlier,"
        " and also cycles the momentum, unless told not to."
    )
    formula: ClassVar[str] = (
        r"\epsilon_t = a + \frac{b - a}{2} (1 - \cos \pi u), \quad"
        r" a \rightarrow b: \; \frac{\epsilon}{d} \rightarrow \epsilon"
        r" \rightarrow \frac{\epsilon}{d D}, \quad"
        r" u = \frac{t}{p T} \text{, then } \frac{t - p T}{(1 - p) T}"
    )
    start_knobs: ClassVar[tuple[str, ...]] = ("div_factor", "final_div_factor")

    @classmethod
    def _forms(cls) -> tuple[str, ...]:
        straight = cls.formula.replace(r"\frac{b - a}{2} (1 - \cos \pi u)", "(b - a) u")
        return (cls.formula, straight)

    @property
    def rule(self) -> str:
        """The formula in the shape that is set."""
        return self.formulas()[self.anneal_strategy == "linear"]

    def _after(self, t: Array, span: float) -> Array:
        peak = self.pct_start * span
        start = 1.0 / self.div_factor
        end = start / self.final_div_factor
        up = self._way(progress(np.minimum(t, peak), peak))
        down = self._way(progress(np.maximum(t - peak, 0.0), span - peak))
        factors: Array = np.where(t < peak, start + (1.0 - start) * up, fallen(1.0 - down, end))
        return factors if span > 0.0 else np.full_like(t, start)

    def _way(self, share: Array) -> Array:
        return share if self.anneal_strategy == "linear" else 0.5 * (1.0 - np.cos(np.pi * share))

    def _corners(self, span: float) -> tuple[float, ...]:
        return (self.pct_start * span,)

    def _handles(self, span: float) -> tuple[Handle, ...]:
        peak = self.warmup + self.pct_start * span
        return (
            Handle("peak", peak, 1.0, ("pct_start",), "x", "the peak"),
            self._end(span, "final_div_factor"),
        )

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        if name == "peak":
            return self._changed(pct_start=within((epoch - self.warmup) / span, 0.0, 1.0))
        return self._changed(final_div_factor=self._final(self.div_factor, factor))

    def _begun_at(self, factor: float) -> Self:
        """Begin at a factor and end where it ended, if it can."""
        end = 1.0 / (self.div_factor * self.final_div_factor)
        div_factor = within(1.0 / max(factor, 1.0 / _MOST_DIV), 1.0, _MOST_DIV)
        return self._changed(div_factor=div_factor, final_div_factor=self._final(div_factor, end))

    @staticmethod
    def _final(div_factor: float, end: float) -> float:
        wanted = 1.0 / (div_factor * max(end, 1.0 / (div_factor * _MOST_FINAL_DIV)))
        return within(wanted, 1.0, _MOST_FINAL_DIV)


@dataclass(frozen=True)
class WarmupStableDecay(Schedule):
    r"""Steady at ε, then down to αε over the last share c of the time.

    The way down is a line, half a cosine, or 1 − √u. Torch has no such scheduler; it is a
    ``SequentialLR`` of ``ConstantLR(factor=1)`` and, for the line, ``LinearLR``. Hu and others
    (2024); the shapes: Hägele and others (2024), who advise the last fifth.
    """

    decay_share: float = knob(
        0.2,
        symbol="c",
        label="decay c",
        help="The share of the time, at the end, in which ε falls.",
        low=0.0,
        high=1.0,
    )
    end: float = end_factor()
    shape: str = knob(
        "linear",
        symbol="shape",
        label="shape",
        help="Whether it falls in a line, as half a cosine, or at once and then slowly (1-sqrt).",
        choices=("linear", "cosine", "1-sqrt"),
    )

    key: ClassVar[str] = "wsd"
    title: ClassVar[str] = "Warmup, stable, decay"
    family: ClassVar[str] = "Falling smoothly"
    about: ClassVar[str] = "Steady for most of the race: it may go on as long as one likes."
    formula: ClassVar[str] = (
        r"\epsilon_t = \epsilon \left(1 - (1 - \alpha) u\right), \quad"
        r" u = \max\left(0, \frac{t - (1 - c) T}{c T}\right)"
    )

    @classmethod
    def _forms(cls) -> tuple[str, ...]:
        cosine = cls.formula.replace("(1 - \\alpha) u", r"\frac{1 - \alpha}{2} (1 - \cos \pi u)")
        root = cls.formula.replace("(1 - \\alpha) u", r"(1 - \alpha) \sqrt{u}")
        return (cls.formula, cosine, root)

    @property
    def rule(self) -> str:
        """The formula in the shape that is set."""
        return self.formulas()[("linear", "cosine", "1-sqrt").index(self.shape)]

    def _after(self, t: Array, span: float) -> Array:
        begin = self._begin(span)
        u = progress(np.maximum(t - begin, 0.0), span - begin)
        u = np.where(u < _ROUNDING, 0.0, u)
        if self.shape == "cosine":
            return fallen(0.5 * (1.0 + np.cos(np.pi * u)), self.end)
        return fallen(1.0 - (np.sqrt(u) if self.shape == "1-sqrt" else u), self.end)

    def _begin(self, span: float) -> float:
        return (1.0 - self.decay_share) * span

    def _corners(self, span: float) -> tuple[float, ...]:
        return (self._begin(span),)

    def _handles(self, span: float) -> tuple[Handle, ...]:
        begin = self.warmup + self._begin(span)
        decay = Handle("decay", begin, 1.0, ("decay_share",), "x", "start of the decay")
        return (decay, self._end(span, "end"))

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        if name == "end":
            return self._changed(end=within(factor, 0.0, 1.0))
        share = 1.0 - (epoch - self.warmup) / span
        return self._changed(decay_share=within(share, 0.0, 1.0))
