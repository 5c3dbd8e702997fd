r"""What all schedules share: the class, the warmup, and what a hand can do to a curve.

Letters: e the epoch, E the epochs of the race, W those of the warmup, t = e − W the epochs since
the warmup, T = E − W the epochs that remain after it. A schedule is a factor on ε, so one schedule
serves racers of any ε.
"""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Self, overload

import numpy as np

from optiviz.engine.digits import rounded
from optiviz.engine.part import Knob, KnobValue, Part
from optiviz.engine.schedules.handles import GAP, Handle, within
from optiviz.engine.schedules.knobs import warmup_epochs

Array = np.ndarray

#: A warmup begins at this share of the factor at which it ends (torchvision's recipes, too).
WARMUP_START = 0.01
#: The warmup as LaTeX: f₀ is the schedule's own factor right after it.
WARMUP_FORMULA = (
    r"\epsilon_e = \epsilon f_0 \left(0.01 + 0.99\, \frac{e}{W}\right)"
    r" \text{ while } e < W, \quad t = e - W, \quad T = E - W"
)
#: An epoch that is this little before a drop, in its own measure, is at it.
SLACK = 1e-9
#: A curve is drawn with no more corners, and has no more cycles to tell, than this.
MAX_CORNERS = 2000
#: A curve is told this little before a corner, as a share of its epoch.
_BEFORE = 1e-6


@dataclass(frozen=True)
class Schedule(Part):
    """A factor on the learning rate, as a function of the epoch, never negative.

    In the first W epochs ε climbs in a line, from 0.01 f₀ to f₀, the factor at which the schedule
    itself begins; then the schedule spans the T = E − W epochs that remain. That is torch's
    ``SequentialLR`` of ``LinearLR(start_factor=0.01, total_iters=W)`` and the schedule.

    A subclass gives ``_after`` and, where it has them, its handles, corners, cycles and remarks.
    """

    _: KW_ONLY
    warmup: float = warmup_epochs()

    family: ClassVar[str]
    #: The knobs that decide f₀, where the warmup's end can be dragged up and down.
    start_knobs: ClassVar[tuple[str, ...]] = ()
    #: How torch's scheduler of that name differs as it comes, in a sentence; empty: not at all.
    elsewhere: ClassVar[str] = ""

    @overload
    def factor(self, epoch: float, epochs: float) -> float: ...
    @overload
    def factor(self, epoch: Array, epochs: float) -> Array: ...
    def factor(self, epoch: float | Array, epochs: float) -> float | Array:
        """Give the factor on ε.

        Args:
            epoch: where, fractional, a number or an array of any shape; kept in 0 … ``epochs``.
            epochs: how long the race is, at least 0.
        """
        span = self._span(epochs)
        e = np.clip(np.asarray(epoch, dtype=float), 0.0, max(epochs, 0.0))
        factors = self._after(np.clip(e - self.warmup, 0.0, span), span)
        if self.warmup > 0.0:
            share = np.minimum(e, self.warmup) / self.warmup
            ramp = self._first(span) * (WARMUP_START + (1.0 - WARMUP_START) * share)
            factors = np.where(e < self.warmup, ramp, factors)
        return factors if isinstance(epoch, np.ndarray) else float(factors)

    def learning_rates(self, lr: float, steps: int, steps_per_epoch: int) -> Array:
        """Give the learning rate of every step, (steps,): εₖ = ε · factor(k / steps_per_epoch)."""
        epochs = np.arange(steps) / steps_per_epoch
        rates: Array = lr * self.factor(epochs, steps / steps_per_epoch)
        return rates

    def curve(self, epochs: float, points: int = 401) -> tuple[Array, Array]:
        """Give epochs and factors to draw, (n,) each, with both sides of every drop.

        The last point is the limit from the left: no step is taken at the end of a race.
        """
        corners = np.array((self.warmup, *self._shifted(self._corners(self._span(epochs)))))
        inside = corners[(corners > 0.0) & (corners < epochs)]
        even = np.linspace(0.0, epochs, points)
        x = np.unique(np.concatenate([even, inside, inside * (1.0 - _BEFORE)]))
        y = self.factor(x, epochs)
        y[-1] = self.factor(epochs * (1.0 - _BEFORE), epochs)
        return x, y

    #: Whether it goes up again: then ``cycle_ends`` says where, if the race is long enough.
    has_cycles: ClassVar[bool] = False

    def cycle_ends(self, epochs: float) -> tuple[float, ...]:
        """List the epochs at which a cycle has ended; empty for a schedule without cycles.

        The step before such an epoch has the least ε of its cycle. Of more than 2,000 cycles the
        first are listed.
        """
        return self._shifted(self._cycles(self._span(epochs)))

    def remark(self, epochs: float) -> str | None:
        """Say in a sentence what does not fit into a race of so many epochs, if anything."""
        # It climbs to where the schedule begins, and one drawn by hand may begin at 0.
        climbs = "so ε climbs all along" if self._first(0.0) > 0.0 else "and leads to 0: ε stays 0"
        warmup, count = rounded(self.warmup, 6), rounded(epochs, 6)
        if self.warmup > epochs:
            return f"Warmup of {warmup} epochs is longer than the race's {count}, {climbs}."
        if self.warmup == epochs > 0.0:
            return f"Warmup takes all of the race's {count} epochs, {climbs}."
        found = self._remark(self._span(epochs))
        if found is None and epochs < 1.0:
            return f"The race lasts {count} epochs, which is less than one."
        return found

    def handles(self, epochs: float) -> tuple[Handle, ...]:
        """List what can be dragged on the curve of a race of so many epochs, the warmup first.

        Where the warmup takes the whole race, only its end can be. ε itself, the height of
        everything, is the racer's knob and not listed.
        """
        span = self._span(epochs)
        end = min(self.warmup, max(epochs, 0.0))
        lifts = bool(self.start_knobs) and span > 0.0
        warmup = Handle(
            "warmup",
            end,
            self.factor(end, epochs),
            ("warmup", *(self.start_knobs if lifts else ())),
            "both" if lifts else "x",
            "end of the warmup" + (", and where the schedule begins" if lifts else ""),
        )
        return (warmup, *(self._handles(span) if span > 0.0 else ()))

    def dragged(self, name: str, epoch: float, factor: float, epochs: float) -> Self:
        """Copy the schedule with a handle dragged as near to a point as its knobs allow.

        A coordinate that is no finite number, or along which the handle does not move, counts for
        nothing.

        Raises:
            KeyError: there is no such handle; it names those that there are.
        """
        handle = self._handle(name, epochs)
        x = epoch if math.isfinite(epoch) and handle.moves != "y" else handle.epoch
        y = factor if math.isfinite(factor) and handle.moves != "x" else handle.factor
        x, y = min(max(x, 0.0), max(epochs, 0.0)), max(y, 0.0)
        if name != "warmup":
            return self._dragged(name, x, y, self._span(epochs))
        moved = self
        if x != handle.epoch:
            none = x < GAP * epochs  # a hand that is so near means no warmup at all
            moved = self._changed(warmup=0.0 if none else within(x, 0.0, epochs))
        if len(handle.knobs) > 1 and y != handle.factor:
            return moved._begun_at(y)
        return moved

    @classmethod
    def knobs(cls) -> tuple[Knob, ...]:
        """Describe the knobs: the schedule's own first, the warmup last."""
        return tuple(sorted(super().knobs(), key=lambda spec: spec.name == "warmup"))

    @classmethod
    def formulas(cls) -> tuple[str, ...]:
        """List the formula in every form, and that of the warmup last."""
        return (*cls._forms(), WARMUP_FORMULA)

    @property
    def rule(self) -> str:
        """The formula in the form that is set, as LaTeX, without the warmup."""
        return self.formula

    # For subclasses

    @classmethod
    def _forms(cls) -> tuple[str, ...]:
        return (cls.formula,)

    def _after(self, t: Array, span: float) -> Array:
        """Give the factor t epochs after the warmup, of the ``span`` that remain; 0 ≤ t ≤ span."""
        raise NotImplementedError

    def _handles(self, span: float) -> tuple[Handle, ...]:
        """List the handles beside the warmup's, at epochs of the race; span > 0."""
        return ()

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        raise NotImplementedError

    def _begun_at(self, factor: float) -> Self:
        """Copy the schedule so that it begins at a factor; needed where ``start_knobs`` are."""
        raise NotImplementedError

    def _corners(self, span: float) -> tuple[float, ...]:
        """List where the curve bends or drops, in epochs after the warmup."""
        return self._cycles(span)

    def _cycles(self, span: float) -> tuple[float, ...]:
        """List where cycles end, in epochs after the warmup."""
        return ()

    def _remark(self, span: float) -> str | None:
        return None

    # Shared among them

    def _span(self, epochs: float) -> float:
        """Give T, the epochs that remain after the warmup, at least 0."""
        return max(epochs - self.warmup, 0.0)

    def _first(self, span: float) -> float:
        """Give f₀, the factor right after the warmup."""
        return float(self._after(np.zeros(()), span))

    def _shifted(self, times: tuple[float, ...]) -> tuple[float, ...]:
        """Turn epochs after the warmup into epochs of the race."""
        return tuple(self.warmup + t for t in times)

    def _end(self, span: float, knob: str, label: str = "ε end") -> Handle:
        """Make the handle at the last epoch that lifts and lowers ε's end."""
        last = self.warmup + span
        return Handle("end", last, self.factor(last, last), (knob,), "y", label)

    def _changed(self, **knobs: KnobValue) -> Self:
        settings: dict[str, Any] = {**self.settings(), **knobs}
        return type(self)(**settings)

    def _handle(self, name: str, epochs: float) -> Handle:
        handles = {handle.name: handle for handle in self.handles(epochs)}
        if name not in handles:
            known = ", ".join(handles)
            raise KeyError(f"{self.title} has no handle {name!r} here; its handles are: {known}")
        return handles[name]


def progress(t: Array, span: float) -> Array:
    """Give how much of the span is over, 0 … 1; 0 where there is no span."""
    return t / span if span > 0.0 else np.zeros_like(t)


def fallen(share: Array, end: float) -> Array:
    """Give end + (1 − end) · share, which is ``end`` to the last bit where share is 0."""
    return end + (1.0 - end) * share
