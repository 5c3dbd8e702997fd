"""Schedules that drop at certain epochs and are flat in between."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from optiviz.engine.digits import rounded
from optiviz.engine.part import PartError, knob
from optiviz.engine.schedules.base import MAX_CORNERS, SLACK, Array, Schedule
from optiviz.engine.schedules.handles import GAP, Handle, between, tidy, within
from optiviz.engine.schedules.knobs import SHORTEST, drop_factor, epochs_of
from optiviz.engine.schedules.lists import canonical, read_epochs, short, written_epochs

if TYPE_CHECKING:
    from collections.abc import Iterable

_GAMMA = "What is left of ε after a drop, as a share of what it was before."


@dataclass(frozen=True)
class Step(Schedule):
    r"""A drop every k epochs: $\epsilon_t = \epsilon \gamma^{\lfloor t/k \rfloor}$.

    ``torch.optim.lr_scheduler.StepLR(step_size=k, gamma=γ)``. Here k need not be whole.
    """

    step_size: float = epochs_of(30.0, "k", "every k", "Epochs from one drop to the next.")
    gamma: float = drop_factor(0.1, _GAMMA, (0.0, 1.0))

    key: ClassVar[str] = "step"
    title: ClassVar[str] = "Step decay"
    family: ClassVar[str] = "In drops"
    about: ClassVar[str] = "Drops by the same factor every k epochs."
    formula: ClassVar[str] = r"\epsilon_t = \epsilon\, \gamma^{\lfloor t / k \rfloor}"

    def _after(self, t: Array, span: float) -> Array:
        return np.power(self.gamma, np.floor(t / self.step_size + SLACK))

    def _corners(self, span: float) -> tuple[float, ...]:
        count = min(math.floor(span / self.step_size), MAX_CORNERS)
        return tuple(self.step_size * n for n in range(1, count + 1))

    def _handles(self, span: float) -> tuple[Handle, ...]:
        epoch = self.warmup + min(self.step_size, span)
        drop = ("step_size", "gamma")
        return (Handle("drop", epoch, self.gamma, drop, "both", "the first drop"),)

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        step_size = within(epoch - self.warmup, SHORTEST, span)
        # A drop beyond the race is shown at its end; it stays there while it is moved up or down.
        if self.step_size > span and epoch - self.warmup >= span:
            step_size = self.step_size
        return self._changed(step_size=step_size, gamma=within(factor, 0.0, 1.0))

    def _remark(self, span: float) -> str | None:
        if self.step_size < span:
            return None
        first = rounded(self.warmup + self.step_size, 6)
        last = rounded(self.warmup + span, 6)
        return f"The first drop, at epoch {first}, is not within the race's {last}."


@dataclass(frozen=True)
class Milestones(Schedule):
    r"""A drop at each epoch of a list: $\epsilon\,\gamma^n$, n milestones having been reached.

    ``torch.optim.lr_scheduler.MultiStepLR(milestones, gamma=γ)``. Milestones are epochs of the
    race, warmup or not; under ``SequentialLR`` torch counts them from the warmup's end.
    """

    milestones: str = knob(
        "30, 60",
        symbol="m",
        label="milestones",
        help="The epochs of the race at which ε drops, as in 30, 60.",
    )
    gamma: float = drop_factor(0.1, _GAMMA, (0.0, 1.0))

    key: ClassVar[str] = "milestones"
    title: ClassVar[str] = "Milestones"
    family: ClassVar[str] = "In drops"
    about: ClassVar[str] = "Drops by the same factor at epochs that are chosen."
    formula: ClassVar[str] = (
        r"\epsilon_t = \epsilon\, \gamma^n, \quad n \text{ milestones } m_i \leq e"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        text = canonical(self.milestones, written_epochs(self.drops))
        object.__setattr__(self, "milestones", text)

    @property
    def drops(self) -> tuple[float, ...]:
        """The milestones as numbers, rising."""
        return read_epochs("milestones", "milestones", self.milestones)

    @classmethod
    def of(cls, drops: Iterable[float], gamma: float = 0.1, warmup: float = 0.0) -> Self:
        """Make it from numbers, which are kept to the last bit."""
        return cls(warmup=warmup, milestones=written_epochs(drops), gamma=gamma)

    def with_milestone(self, epoch: float) -> Self:
        """Copy it with one more milestone, at its place among the others.

        Raises:
            PartError: there is one at that epoch, the epoch is not allowed, or there is no room.
        """
        return self._with((*self.drops, tidy(epoch)))

    def without_milestone(self, index: int) -> Self:
        """Copy it with one milestone less.

        Raises:
            PartError: it is the last one there is.
        """
        drops = self.drops
        if len(drops) == 1:
            raise PartError("milestones", "milestones: the last one stays")
        return self._with((*drops[:index], *drops[index + 1 :]))

    def _with(self, drops: Iterable[float]) -> Self:
        return self._changed(milestones=written_epochs(sorted(drops)))

    def _after(self, t: Array, span: float) -> Array:
        drops = np.array(self.drops)
        reached = np.searchsorted(drops * (1.0 - SLACK), self.warmup + t, side="right")
        return np.asarray(np.power(self.gamma, reached.astype(float)))

    def _corners(self, span: float) -> tuple[float, ...]:
        return tuple(m - self.warmup for m in self.drops if m > self.warmup)

    def _handles(self, span: float) -> tuple[Handle, ...]:
        last = self.warmup + span
        return tuple(
            Handle(
                f"milestone {i}",
                min(milestone, last),
                self.gamma ** (i + 1),
                ("milestones", "gamma"),
                "both",
                f"drop {i + 1}",
            )
            for i, milestone in enumerate(self.drops)
        )

    def _dragged(self, name: str, epoch: float, factor: float, span: float) -> Self:
        i, drops, last = int(name.split()[-1]), list(self.drops), self.warmup + span
        if drops[i] <= last or epoch < last:
            before = drops[i - 1] if i else 0.0
            after = drops[i + 1] if i + 1 < len(drops) else math.inf
            moved = between(epoch, before, min(after, last * (1.0 + GAP)), last)
            drops[i] = drops[i] if moved is None else moved
        gamma = within(min(factor, 1.0) ** (1.0 / (i + 1)), 0.0, 1.0)
        return self._changed(milestones=written_epochs(drops), gamma=gamma)

    def _remark(self, span: float) -> str | None:
        last = self.warmup + span
        beyond = [m for m in self.drops if m >= last]
        early = [m for m in self.drops if m < self.warmup]
        if beyond:
            return f"{_named('Milestone', beyond)} not within the race's {rounded(last, 6)} epochs."
        if early:
            return f"{_named('Milestone', early)} within the warmup, so ε climbs no higher."
        return None


def _named(noun: str, epochs: list[float]) -> str:
    listed = ", ".join(map(short, epochs))
    return f"{noun} {listed} is" if len(epochs) == 1 else f"{noun}s {listed} are"
