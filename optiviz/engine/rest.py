"""Whether a racer has come to rest, and at what: the gradient and the steps both must say so.

A racer that hardly moves need not be at rest: its steps may be short because ε is. So it is asked
how far off the place is where nothing would move it any more, by one step of Newton's method on
what does move it: the gradient, as a clip leaves it, and weight decay. On a plateau there is no
such place to be near, so it is asked whether it would stay there under an ε of 1 as well.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.curvature import critical_kind, curvature
from optiviz.engine.outcome import Pull

if TYPE_CHECKING:
    from optiviz.engine.clip import Clip
    from optiviz.engine.outcome import Where
    from optiviz.engine.spec import Entrant
    from optiviz.engine.surfaces import Surface

Array = np.ndarray

# All lengths are in window widths.
#: Moves that add up to less than this are hardly any.
HARDLY = 1e-6
#: As near as this is being there, however long the last moves were.
_THERE = 1e-8
#: As near as this to where the gradient vanishes, a resting racer is at that point.
_AT = 1e-5
#: Around a point whose curvature does not tell what it is, and around a plateau.
_RING, _WIDE_RING = 1e-3, 1e-2
#: On a plateau the loss differs by less than this share of its height above the least.
_LEVEL = 1e-6
#: Moves that are longer by this factor are said to grow.
_SEEN = 1.01
#: Under chance half of all tails have longer moves in their second half, but hardly any has them
#: longer by this factor.
_BY_CHANCE = 4.0
#: Whom a plateau holds, it holds for so many moves under an ε of 1.
_MOVES = 10
#: So many units in the last place of θ a move may be, and be rounding.
_ROUNDING = 8.0
#: Fewer points than this have no second half that could be longer.
_FEWEST = 3
#: So many of the last moves say how near a balance with decoupled decay is.
_LAST = 3
#: Of θ, what decoupled decay alone would do at a step; less could be lost in rounding.
_FELT = 1e-12


def hardly_moves(surface: Surface, tail: Array) -> bool:
    """Say whether the moves of a tail of a path, (n + 1, 2), add up to next to nothing."""
    hardly = HARDLY * surface.width
    if math.dist(tail[0], tail[-1]) >= hardly:
        return False
    return _length(tail) < hardly


def resting_place(
    surface: Surface, entrant: Entrant, tail: Array, lr: Array, *, by_chance: bool
) -> Where | None:
    """Say what a racer rests at; ``None``: it does not rest, its steps are short.

    Args:
        surface, entrant: what it runs on, and who it is.
        tail: (n + 1, 2) the last points of its path, among which it hardly moves.
        lr: (n,) the learning rate of each of these moves.
        by_chance: whether chance plays a part in them.
    """
    x, y = map(float, tail[-1])
    far = _cusp_away(surface, x, y)
    here = curvature(surface, x, y)
    away = here.away if far is None else far
    own = _own_away(surface, entrant, tail, lr, away)
    there = own is not None and _is_there(surface, tail, own, by_chance=by_chance)
    if there and not leaves(surface, tail, by_chance=by_chance):
        if away > _AT * surface.width:
            return "held"
        if far is None and (kind := critical_kind(here)) != "degenerate":
            return kind
        return _by_values(surface, x, y, far is not None)
    # Weight decay never lets go, however slowly it pulls; a gradient that small is the plateau.
    reach = HARDLY if entrant.optimizer.weight_decay > 0.0 else _WIDE_RING
    if _would_stay(tail, lr, reach * surface.width) and _is_plateau(surface, x, y):
        return "plateau"
    return None


def pull_at(surface: Surface, entrant: Entrant, point: Array) -> Pull:
    """Say what pulls at a racer there, though it hardly moves: the gradient and weight decay."""
    g, optimizer = surface.gradient(*map(float, point)), entrant.optimizer
    if optimizer.l2 > 0.0:
        if entrant.clip is not None:
            g, _ = _clipped(g, entrant.clip)
        g = g + optimizer.l2 * point
    decay = optimizer.decay * float(np.hypot(*point)) if optimizer.decay > 0.0 else None
    return Pull(float(np.hypot(*g)), decay, with_l2=optimizer.l2 > 0.0)


def _length(path: Array) -> float:
    return float(np.hypot(*(path[1:] - path[:-1]).T).sum())


def is_seen_to_grow(tail: Array) -> bool:
    """Say whether the moves of a tail's second half are longer by more than can be overlooked."""
    moves = np.hypot(*(tail[1:] - tail[:-1]).T)
    half = len(moves) // 2
    return half > 0 and float(moves[-half:].sum()) > _SEEN * float(moves[:half].sum())


def grows(tail: Array, least: float = 1.0) -> bool:
    """Say whether the moves of the second half of a tail are longer than those of the first.

    Moves that are rounding alone do not grow.

    Args:
        tail: (n + 1, 2), or (n + 1, 1) along one direction.
        least: by what factor they must be longer.
    """
    moves = np.linalg.norm(tail[1:] - tail[:-1], axis=1)
    half = len(moves) // 2  # of a single move all is later
    later, earlier = float(moves[-max(half, 1) :].sum()), float(moves[:half].sum())
    rounding = _ROUNDING * max(half, 1) * float(np.spacing(np.abs(tail[-1])).max())
    return later > least * earlier and later > rounding


def _is_there(surface: Surface, tail: Array, away: float, *, by_chance: bool) -> bool:
    """Say whether a racer has come to a place, this far away: not to it yet, or from it, or past.

    What is left to go is nothing, or no more than its last moves together; and these do not grow,
    as they do where it leaves a saddle, or a minimum with too large an ε.
    """
    growing = grows(tail, _BY_CHANCE if by_chance else 1.0)
    return not growing and (away <= _THERE * surface.width or away <= _length(tail))


def leaves(surface: Surface, tail: Array, *, by_chance: bool) -> bool:
    """Say whether it moves ever farther down from a saddle or a top, if only along one direction.

    Beside moves that bring it there, those that lead it away can be short for long.
    """
    here = curvature(surface, *map(float, tail[-1]))
    if len(tail) < _FEWEST or critical_kind(here) not in ("saddle", "maximum"):
        return False
    directions = ((here.low, here.low_direction), (here.high, here.direction))
    least = _BY_CHANCE if by_chance else _SEEN
    return any(
        bend < 0.0 and grows(tail @ np.array(along)[:, None], least) for bend, along in directions
    )


def _own_away(
    surface: Surface, entrant: Entrant, tail: Array, lr: Array, away: float
) -> float | None:
    """Say how far off the place is where nothing moves the racer; ``None``: it cannot be told."""
    optimizer = entrant.optimizer
    if optimizer.decay > 0.0 and np.any(tail[-1]):
        if _goes_to_and_fro(tail):
            return away  # a gradient that turns round holds it, however small ε is
        return _decoupled_away(tail, lr, optimizer.decay)
    if optimizer.l2 > 0.0:
        return _l2_away(surface, tail[-1], optimizer.l2, entrant.clip)
    return away


def _decoupled_away(tail: Array, lr: Array, decay: float) -> float | None:
    """Tell from the steps themselves: decay alone would move θ by ελθ, whatever the gradient does.

    A step that is shorter by orders has the gradient's part against it. Asked are the last few,
    so that who still comes nearer is told where it is, and not where it was.
    """
    felt = lr[-_LAST:] * decay
    counted = felt >= _FELT
    if not counted.any():
        return None
    moves = np.hypot(*np.diff(tail[-_LAST - 1 :], axis=0).T)[counted]
    return float((moves / felt[counted]).max())


def _goes_to_and_fro(tail: Array) -> bool:
    """Say whether moves take each other back, so that decay, which has one direction, has none."""
    return math.dist(tail[0], tail[-1]) <= 0.5 * _length(tail) and _turns(tail)


def _turns(tail: Array) -> bool:
    """Say whether half of the moves or more turn back from the move before; rests apart."""
    moves = np.diff(tail, axis=0)
    along = (moves[1:] * moves[:-1]).sum(axis=1)
    back = np.count_nonzero(along < 0.0)
    return bool(back > 0 and 2 * back >= np.count_nonzero(along))


def _l2_away(surface: Surface, point: Array, l2: float, clip: Clip | None) -> float:
    """Take Newton's step on the clipped gradient plus λθ; whatever divides one divides both."""
    x, y = map(float, point)
    g, hessian = surface.gradient(x, y), surface.hessian(x, y)
    if clip is not None:
        g, shape = _clipped(g, clip)
        hessian = shape @ hessian
    force = g + l2 * point
    with np.errstate(all="ignore"):
        try:
            step = np.linalg.solve(hessian + l2 * np.eye(2), force)
        except np.linalg.LinAlgError:
            return math.inf if force.any() else 0.0
    length = float(np.hypot(*step))
    return length if math.isfinite(length) else math.inf


def _clipped(g: Array, clip: Clip) -> tuple[Array, Array]:
    """Give a gradient as a clip leaves it, and how that changes with the gradient, (2, 2)."""
    if clip.kind == "value":
        return np.clip(g, -clip.limit, clip.limit), np.diag((np.abs(g) <= clip.limit).astype(float))
    size = float(np.hypot(*g))
    shrink = clip.limit / (size + 1e-6)
    if shrink >= 1.0:
        return g, np.eye(2)
    unit = g / size
    return shrink * g, shrink * (np.eye(2) - np.outer(unit, unit))


def _cusp_away(surface: Surface, x: float, y: float) -> float | None:
    """Say how far the nearest cusp is, if this is at one; its gradient does not fade toward it."""
    found = [math.dist((x, y), cusp) for cusp in surface.cusps]
    return min((d for d in found if d <= _AT * surface.width), default=None)


def _around(surface: Surface, x: float, y: float, radius: float) -> tuple[float, Array]:
    """Give the loss at a point, and what that on a ring around it differs by, (16,)."""
    turns = np.linspace(0.0, 2.0 * math.pi, 16, endpoint=False)
    far = radius * surface.width
    loss = float(surface.value(x, y))
    return loss, surface.value(x + far * np.cos(turns), y + far * np.sin(turns)) - loss


def _by_values(surface: Surface, x: float, y: float, cusp: bool) -> Where:
    """Tell what a point is from the losses around it, where curvature does not tell."""
    loss, above = _around(surface, x, y, _RING)
    noise = 1e-12 * (abs(loss) + float(np.abs(above).max()))
    rises, falls = bool((above > noise).any()), bool((above < -noise).any())
    if rises and falls:
        return "saddle"
    if rises or cusp:
        return "minimum"
    return "maximum" if falls else "plateau"


def _would_stay(tail: Array, lr: Array, reach: float) -> bool:
    """Say whether ten of the longest moves would reach no farther if ε were 1, rounding counted.

    On level ground a gradient that is as good as nothing moves it by as good as nothing; where a
    rule makes any gradient as long as ε, or weight decay pulls, only a small ε does.
    """
    counted = lr > 0.0
    if not counted.any():
        return False
    moves = np.hypot(*np.diff(tail, axis=0).T) + float(np.spacing(np.abs(tail[-1])).max())
    return float((moves[counted] / lr[counted]).max()) * _MOVES < reach


def _is_plateau(surface: Surface, x: float, y: float) -> bool:
    loss, above = _around(surface, x, y, _WIDE_RING)
    return bool((np.abs(above) <= _LEVEL * (loss - surface.least)).all())
