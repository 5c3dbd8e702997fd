"""What a path comes to that obeys a linear recurrence, as those of many rules do near a minimum.

SGD, momentum and Nesterov's on a bowl give z(k+1) = A z(k) + B z(k−1) + c, so a few of their
points say exactly how fast all swings fade, also where two swings at once hide it from the eye. A
little noise, or a bowl that is not quite one, leaves a rest unexplained, and tells less exactly.
"""

from __future__ import annotations

import math

import numpy as np

Array = np.ndarray

#: A rest of this share of the size of the path, times √n, is too much to tell anything: then it is
#: the noise that keeps the swings up.
_TOO_MUCH = 0.5
#: By so many times the rest, times √n, the logarithm of the change must differ from 0.
_CERTAIN = 3.0
#: Roots nearer to 1 than this are the place that everything else swings about.
_STAYS = 1e-6


def fades(path: Array, least_change: float) -> bool:
    """Say whether all swings of a path together fade, or grow, from its first point to its last.

    The recurrence is fitted by least squares; its state's modes have the sizes |c| at the first
    points and |c| |μ|ⁿ at the last, whatever their phases. The change that this makes counts if it
    is more than the rest that the recurrence leaves could make of nothing.

    Args:
        path: (n, 2), of 16 points or more.
        least_change: a change by a smaller share is none.
    """
    points = path - path.mean(axis=0)
    size = float(np.sqrt(np.square(points).mean()))
    if not size > 0.0:
        return False
    points = points / size
    known = np.column_stack([points[1:-1], points[:-2], np.ones(len(points) - 2)])
    fit, *_ = np.linalg.lstsq(known, points[2:], rcond=1e-10)
    rest = float(np.sqrt(np.square(known @ fit - points[2:]).mean())) * math.sqrt(len(path))
    if not rest <= _TOO_MUCH:
        return False
    change = _change(points, fit)
    least = max(-math.log1p(-least_change), _CERTAIN * rest)
    return change == 0.0 or abs(math.log(change)) > least


def _change(points: Array, fit: Array) -> float:
    """Give by what factor the swings change, by the modes of (z(k), z(k−1), 1)."""
    state = np.zeros((5, 5))
    state[:2], state[2:4, :2], state[4, 4] = fit.T, np.eye(2), 1.0
    roots, modes = np.linalg.eig(state)
    begin = np.append(np.concatenate([points[1], points[0]]), 1.0).astype(complex)
    shares, *_ = np.linalg.lstsq(modes, begin, rcond=None)
    swings = np.abs(shares) * np.hypot(np.abs(modes[0]), np.abs(modes[1]))
    moves = np.abs(roots - 1.0) > _STAYS
    first = float(swings[moves].sum())
    last = float((swings[moves] * np.abs(roots[moves]) ** (len(points) - 1)).sum())
    return last / first if first > 0.0 else 1.0
