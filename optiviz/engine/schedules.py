"""Learning-rate schedules: the factor on ε as the epochs go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from optiviz.engine.part import Part, table


@dataclass(frozen=True)
class Schedule(Part):
    """A factor on the learning rate, as a function of the epoch."""

    def factor(self, epoch: float, epochs: float) -> float:
        """Give the factor at an epoch, fractional, of a race that lasts ``epochs``."""
        raise NotImplementedError

    def learning_rates(self, lr: float, steps: int, steps_per_epoch: int) -> np.ndarray:
        """Give the learning rate of every step, (steps,): εₖ = ε · factor(k / steps_per_epoch)."""
        epochs = steps / steps_per_epoch
        factors = (self.factor(step / steps_per_epoch, epochs) for step in range(steps))
        return lr * np.fromiter(factors, float, steps)


@dataclass(frozen=True)
class Constant(Schedule):
    r"""The learning rate stays as it is: $\epsilon_k = \epsilon$."""

    key: ClassVar[str] = "constant"
    title: ClassVar[str] = "Constant"
    about: ClassVar[str] = "The learning rate stays as it is."
    formula: ClassVar[str] = r"\epsilon_k = \epsilon"

    def factor(self, epoch: float, epochs: float) -> float:
        """Give 1 at every epoch."""
        return 1.0

    def learning_rates(self, lr: float, steps: int, steps_per_epoch: int) -> np.ndarray:
        """Give the same learning rate at every step, (steps,) float64."""
        return np.full(steps, lr)


SCHEDULES: dict[str, type[Schedule]] = table(Constant)
