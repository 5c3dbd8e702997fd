"""What a path comes to that obeys a linear recurrence, as those of many rules do near a minimum.

SGD, momentum and Nesterov's on a bowl give z(k+1) = A z(k) + B z(k−1) + c, so a few of their
points say exactly how fast all swings fade, also where two swings at once hide it from the eye.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray

#: A path obeys the recurrence if this share of its size is all that is left unexplained. Swings
#: that noise keeps up would fade by 1 − μ² a step without it, and leave √(1 − μ²) unexplained: so
#: small a rest means that it takes them a million steps to fade.
_OBEYS = 1e-3
#: Roots nearer to 1 than this are the place that everything else swings about.
_STAYS = 1e-6


def change_of_swings(path: Array) -> float | None:
    """Give by what factor all swings of a path together change from its first point to its last.

    The recurrence is fitted by least squares; its state's modes have the sizes |c| at the first
    points and |c| |μ|ⁿ at the last, whatever their phases.

    Args:
        path: (n, 2), of 16 points or more.

    Returns:
        The factor; ``None`` if the path obeys no such recurrence, or does not move.
    """
    points = path - path.mean(axis=0)
    size = float(np.sqrt(np.square(points).mean()))
    if not size > 0.0:
        return None
    points = points / size
    before, now, after = points[:-2], points[1:-1], points[2:]
    known = np.column_stack([now, before, np.ones(len(now))])
    fit, *_ = np.linalg.lstsq(known, after, rcond=1e-10)
    if not np.sqrt(np.square(known @ fit - after).mean()) <= _OBEYS:
        return None
    state = np.zeros((5, 5))  # z(k), z(k-1) and 1
    state[:2], state[2:4, :2], state[4, 4] = fit.T, np.eye(2), 1.0
    roots, modes = np.linalg.eig(state)
    begin = np.append(np.concatenate([points[1], points[0]]), 1.0).astype(complex)
    shares, *_ = np.linalg.lstsq(modes, begin, rcond=None)
    swings = np.abs(shares) * np.hypot(np.abs(modes[0]), np.abs(modes[1]))
    moves = np.abs(roots - 1.0) > _STAYS
    first = float(swings[moves].sum())
    last = float((swings[moves] * np.abs(roots[moves]) ** (len(path) - 1)).sum())
    return last / first if first > 0.0 else None
