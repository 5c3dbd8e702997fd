"""Places, by one rule: who was below the finish first, then who is lower."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np


class Placed(Protocol):
    """What a place is given by; see :class:`optiviz.engine.run.Run`."""

    @property
    def finish_step(self) -> int | None: ...
    @property
    def diverged_step(self) -> int | None: ...
    @property
    def loss(self) -> np.ndarray: ...


@dataclass(frozen=True)
class Standing:
    """Where a racer stands.

    Attributes:
        place: from 1.
        tied: whether another has the same place.
        finished: whether it has been below the finish; else it is still on its way.
    """

    place: int
    tied: bool
    finished: bool


def standings(
    runs: Sequence[Placed], step: int, among: Iterable[int]
) -> tuple[Standing | None, ...]:
    """Say where each of the runs ``among`` stands at a step; ``None``: it has no place.

    First come those who have been below the finish by then, in the order of the steps at which
    they first were; under chance, in the mean of an epoch. After them come the others, by their
    loss at that step. A racer that has diverged and was never below the finish has no place.
    """
    ranks = {i: rank for i in among if (rank := _rank(runs[i], step)) is not None}
    order = sorted(ranks.values())
    return tuple(
        Standing(order.index(rank) + 1, order.count(rank) > 1, rank[0] == 0)
        if (rank := ranks.get(i)) is not None
        else None
        for i in range(len(runs))
    )


def _rank(run: Placed, step: int) -> tuple[int, float] | None:
    if run.finish_step is not None and run.finish_step <= step:
        return (0, run.finish_step)
    if run.diverged_step is not None and run.diverged_step <= step:
        return None
    loss = float(run.loss[step])
    return (1, 0.0 if math.isnan(loss) else loss)  # of a sketch none is known yet: all are level
