"""The finish: at which step a racer is first below it, and since when it has stayed below."""

from __future__ import annotations

import math

import numpy as np

Array = np.ndarray


def measured(loss: Array, epoch: int) -> Array:
    """Give what is held against the finish at each step, (steps + 1,).

    That is the loss itself where chance plays no part, ``epoch`` = 1. Under chance one lucky step
    says little, so it is the mean of the last ``epoch`` losses, the start's not among them; nan
    before there are so many.
    """
    if epoch == 1:
        return loss
    found = np.full(len(loss), math.nan)
    blocks = (len(loss) - 1) // epoch
    if blocks == 0:
        return found
    # Sums from the left and from the right of each block: no sum is a difference of two others,
    # in which a small loss would be lost beside the large ones of the first steps.
    whole = loss[1 : 1 + blocks * epoch].reshape(blocks, epoch)
    rest = loss[1 + blocks * epoch :]
    with np.errstate(over="ignore"):
        right = np.cumsum(whole[:, ::-1], axis=1)[:, ::-1]
        left = np.cumsum(whole, axis=1)
        ends = np.concatenate([left.ravel(), np.cumsum(rest)])
        found[epoch:] = ends[epoch - 1 :]
        inside = np.arange(epoch, len(loss))
        inside = inside[inside % epoch != 0]  # these have begun in the block before
        found[inside] += right[inside // epoch - 1, inside % epoch]
    return found / epoch


def first_below(measure: Array, goal: float, diverged: int | None = None) -> int | None:
    """Give the first step at which a measure is at or below a goal; ``None``: there is none."""
    below = measure[:diverged] <= goal
    step = int(np.argmax(below)) if below.size else 0
    return step if below.size and below[step] else None


def below_since(measure: Array, goal: float) -> int | None:
    """Give the step since when a measure has been below a goal; ``None``: it is not at its end."""
    above = np.flatnonzero(~(measure <= goal))
    since = int(above[-1]) + 1 if above.size else 0
    return since if since < len(measure) else None
