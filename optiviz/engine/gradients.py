"""The gradient that a racer is told: the full one, a mini-batch's, or one with noise on it.

A loss is a mean over N examples. A data surface has real ones. A surface that is a formula f can
be given N synthetic ones, fᵢ(θ) = f(θ) + ξᵢ·θ with Σξᵢ = 0: their mean is f, exactly, and the
gradient of a batch is ∇f + the mean of its ξᵢ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from optiviz.engine import draws
from optiviz.engine.part import Part, knob, table

Array = np.ndarray
_LARGEST = draws.MAX_EXAMPLES


@dataclass(frozen=True)
class Gradient(Part):
    """How the gradient is taken.

    Of a step's gradient a subclass says which examples are looked at, ``batches``, and what is
    added, ``noise``. ``count`` is the number of a data surface's examples, 0 on a formula.
    """

    def examples_of(self, count: int) -> int:
        """Say how many examples the gradient chooses from, 0 where there are none."""
        return count

    def batches(self, count: int, seed: int, first: int, last: int) -> tuple[Array, Array] | None:
        """Give the rows of the steps' batches as ``draws.batches`` does; ``None``: all, always."""
        return None

    def noise(self, count: int, seed: int, first: int, last: int) -> Array | None:
        """Give what is added to the gradient of the steps first … last − 1, (last − first, 2)."""
        return None

    def batch(self, count: int, seed: int, step: int) -> Array | None:
        """Give the rows of a step's batch; ``None`` where the gradient is not a batch's."""
        return None

    def chance_epoch(self, count: int, steps_per_epoch: int) -> int:
        """Say over how many steps chance evens out; 1 where it plays no part.

        ``steps_per_epoch`` is the race's, for a gradient behind which no examples stand.
        """
        return 1

    def seen(self, count: int, steps: int) -> int | None:
        """Count the examples that were looked at in a number of steps; ``None``: there are none."""
        return steps * count if count else None


@dataclass(frozen=True)
class FullGradient(Gradient):
    r"""The gradient of the full loss: $g = \nabla f(\theta)$. Full-batch gradient descent."""

    key: ClassVar[str] = "full"
    title: ClassVar[str] = "Full gradient"
    about: ClassVar[str] = "The gradient of the full loss, without any chance in it."
    formula: ClassVar[str] = r"g = \nabla f(\theta)"


@dataclass(frozen=True)
class MiniBatch(Gradient):
    r"""The mean gradient over a batch of m examples: $g = \frac{1}{m} \sum_{i \in B} \nabla f_i$.

    It is an unbiased estimate of the full gradient. At a point its covariance is, with C that of
    the examples' gradients, C / m for independent draws and C (N − m) / (m (N − 1)) without
    replacement. A batch larger than the data, drawn without replacement, is all of the data.
    """

    batch_size: int = knob(
        8,
        symbol="m",
        label="batch size m",
        help="How many examples each gradient is the mean of.",
        low=1,
        high=_LARGEST,
        scale="log",
        travel=(1, 256),
        integer=True,
    )
    replacement: bool = knob(
        False,
        symbol="with replacement",
        label="with replacement",
        help="On: each example is drawn independently. Off: a pass over the data shows each once.",
        minor=True,
    )
    examples: int = knob(
        200,
        symbol="N",
        label="examples N",
        help="How many synthetic examples a formula is given: its loss plus a tilt, each.",
        low=4,
        high=_LARGEST,
        scale="log",
        travel=(10, 1000),
        integer=True,
        minor=True,
    )
    spread: float = knob(
        1.0,
        symbol="σ_ξ",
        label="spread of the examples",
        help="How far a formula's synthetic examples differ: the standard deviation of their "
        "tilts ξ, along each axis.",
        low=0.0,
        high=1e6,
        scale="log",
        travel=(1e-3, 1e3),
        minor=True,
    )

    key: ClassVar[str] = "mini_batch"
    title: ClassVar[str] = "Mini-batch"
    about: ClassVar[str] = "The gradient of a few examples: right on average, cheap, and noisy."
    formula: ClassVar[str] = r"g = \frac{1}{m} \sum_{i \in B} \nabla f_i(\theta)"

    def examples_of(self, count: int) -> int:
        """Say how many examples there are to choose from: the data's, or the synthetic ones."""
        return count or self.examples

    def batches(self, count: int, seed: int, first: int, last: int) -> tuple[Array, Array] | None:
        """Give the batches of real examples; ``None`` on a formula, and where they are whole."""
        if not count or self._is_whole(count):
            return None
        return draws.batches(seed, count, self.batch_size, self.replacement, first, last)

    def noise(self, count: int, seed: int, first: int, last: int) -> Array | None:
        """Give the mean ξ of the batches of synthetic examples; ``None`` where they are real."""
        if count or self._is_whole(self.examples) or last <= first:
            return None
        picks, cuts = draws.batches(
            seed, self.examples, self.batch_size, self.replacement, first, last
        )
        tilts = self.spread * draws.offsets(self.examples)[picks]
        sums: Array = np.add.reduceat(tilts, cuts[:-1], axis=0)
        return sums / np.diff(cuts)[:, np.newaxis]

    def batch(self, count: int, seed: int, step: int) -> Array | None:
        """Give the rows of a step's batch, of the data or of the synthetic examples."""
        total = self.examples_of(count)
        if self._is_whole(total):
            return np.arange(total)
        return draws.batch(seed, total, self.batch_size, self.replacement, step)

    def chance_epoch(self, count: int, steps_per_epoch: int) -> int:
        """Say how many batches it takes until as many examples were drawn as there are."""
        total = self.examples_of(count)
        certain = self._is_whole(total) or (not count and self.spread == 0.0)
        return 1 if certain else draws.epoch_steps(total, self.batch_size)

    def seen(self, count: int, steps: int) -> int | None:
        """Count the examples that were looked at in a number of steps."""
        total = self.examples_of(count)
        if self.replacement:
            return steps * self.batch_size
        per_epoch = draws.epoch_steps(total, self.batch_size)
        return steps // per_epoch * total + min(steps % per_epoch * self.batch_size, total)

    def _is_whole(self, total: int) -> bool:
        return not self.replacement and self.batch_size >= total


@dataclass(frozen=True)
class Gaussian(Gradient):
    r"""The full gradient with noise painted on: $g = \nabla f(\theta) + \sigma z$.

    z is standard normal, independent from step to step; no data stand behind it.
    """

    sigma: float = knob(
        1.0,
        symbol="σ",
        label="noise σ",
        help="The standard deviation of the noise on the gradient, along each axis.",
        low=0.0,
        high=1e6,
        scale="log",
        travel=(1e-3, 1e3),
    )

    key: ClassVar[str] = "gaussian"
    title: ClassVar[str] = "Gaussian noise"
    about: ClassVar[str] = "The full gradient with noise painted on: no examples stand behind it."
    formula: ClassVar[str] = r"g = \nabla f(\theta) + \sigma z, \quad z \sim \mathcal{N}(0, I)"

    def chance_epoch(self, count: int, steps_per_epoch: int) -> int:
        """Give the race's epoch: no examples stand behind the noise."""
        return 1 if self.sigma == 0.0 else steps_per_epoch

    def noise(self, count: int, seed: int, first: int, last: int) -> Array | None:
        """Give σz of each step."""
        return self.sigma * draws.normals(seed, first, last) if last > first else None


GRADIENTS: dict[str, type[Gradient]] = table(FullGradient, MiniBatch, Gaussian)
