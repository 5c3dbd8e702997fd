"""The engine's words: what is said of racers, of ε and of snapshots is made here, nowhere else.

Each function gives clauses, without capital or full stop, of which sentences or lists are made.
What they tell is computed elsewhere; what it is called is decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from optiviz.engine.bounds import NoBound
from optiviz.engine.digits import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from optiviz.engine.bounds import Bound

_SETTLED = {
    "minimum": "settled at a minimum",
    "saddle": "settled at a saddle, not at a minimum",
    "maximum": "settled at a maximum, not at a minimum",
    "plateau": "settled on a plateau, not at a minimum",
    "held": "settled where weight decay cancels the gradient, not at a minimum",
}
_NO_BOUND = {
    NoBound.RULE: "this rule has none",
    NoBound.CLIP: "a clip voids it",
    NoBound.GONE: "it has diverged",
    NoBound.UNMEASURED: "no gradient to divide by yet",
    NoBound.CUSP: "no curvature at a cusp",
    NoBound.BEYOND: "beyond what a number holds",
    NoBound.FLAT: "nothing curves upward",
}
ON_ITS_WAY = "still on its way"


def capitalized(clause: str) -> str:
    """Begin as a sentence does; a symbol such as ε stays what it is."""
    return clause[:1].upper() + clause[1:] if clause[:1].isascii() else clause


def sentences(clauses: Iterable[str]) -> str:
    """Make a sentence of each clause."""
    return " ".join(f"{capitalized(clause)}." for clause in clauses)


class Refusal(ValueError):
    """Says why something cannot be: as a sentence, and as a clause that can follow a colon.

    Attributes:
        clause: why, without capital or full stop. Whole sentences may come ``after`` it in the
            message, which tell more of it.
    """

    def __init__(self, clause: str, *after: str) -> None:
        super().__init__(" ".join((sentences([clause]), *after)))
        self.clause = clause


def goal(told: str, epoch: int) -> str:
    """Say what it is that is below: ``0.001``, or ``0.001 in the mean of 4 steps``."""
    return told if epoch == 1 else f"{told} in the mean of {epoch} steps"


def diverged(step: int, before: int | None, goal_told: str) -> str:
    """Say when a racer diverged, and when it was below the finish before."""
    after = f", after it was below {goal_told} at step {before}" if before is not None else ""
    return f"diverged at step {step}{after}"


def no_bound(why: NoBound) -> str:
    """Say why there is no bound on ε, as what follows a colon."""
    return _NO_BOUND[why]


def limit(step: int, lr: float, bound: Bound) -> str:
    """Tell of the bound; passing it is not the same as diverging because of it."""
    if bound.why is not None:
        return f"no bound on ε at step {step}: {no_bound(bound.why)}"
    relation = "above" if lr > bound.lr else "within"
    return f"ε was {relation} the local bound {rounded(bound.lr, 2)} at step {step}"


def finished(goal_told: str, first: int, since: int | None, now: int, *, is_end: bool) -> str:
    """Say when a racer was first below the finish, and since when it has been."""
    if since is None:
        return f"first below {goal_told} at step {first}; above it now"
    if first == now:
        return f"first below {goal_told} at step {first}"
    if since == first:
        stays = f"stays below {goal_told} from" if is_end else f"below {goal_told} since"
        return f"{stays} step {since}"
    stays = "stays below from" if is_end else "below since"
    return f"first below {goal_told} at step {first}; {stays} step {since}"


def settled(where: str) -> str:
    """Say at what a racer has come to rest."""
    return _SETTLED[where]


def circling(radius: float) -> str:
    """Say how large the ball is in which a racer goes round."""
    ball = f"circling in a ball of radius {rounded(radius, 2)}"
    return f"{ball}; its loss hardly falls any more"


def running(way: str, steps: int, pull: str) -> str:
    """Say how it goes with a racer of which nothing has come yet.

    Args:
        way: see ``outcome.Way``.
        steps: over how many.
        pull: what pulls at it though it hardly moves: see :func:`pull`.
    """
    hardly = f"has hardly moved for {_counted(steps, 'step')}"
    told = {
        "start": "at the start",
        "growing": f"{hardly}; its steps are growing",
        "short": f"{hardly}, though {pull}: its steps are too short",
        "above": "its loss is above that of its start",
        "risen": f"its loss has risen over the last {_counted(steps, 'step')}",
        "on": ON_ITS_WAY,
    }
    return told[way]


def pull(gradient: float, decay: float | None, *, with_l2: bool) -> str:
    """Say what pulls: the gradient, with L2 or without, and decoupled decay beside it."""
    size = rounded(gradient, 2)
    if with_l2:
        return f"gradient and weight decay together are {size}"
    if decay is not None:
        return f"the gradient is {size} and weight decay pulls by {rounded(decay, 2)}"
    return f"the gradient is {size}"


def productive(
    count: int, of: int, without: int, why: Sequence[tuple[NoBound, int]], *, brief: bool = False
) -> str:
    """Say in how many epochs ε is productive: ``productive: 66 of 100 epochs``.

    Args:
        count: how many are.
        of: how many there are.
        without: in how many there is no bound.
        why: why not, with the number of such epochs, the most frequent reason first.
        brief: whether the reasons are left out where there are productive epochs to tell of.
    """
    if not of:
        return "no epochs yet"
    several = len(why) > 1
    reasons = ", ".join(f"{no_bound(each)} ({n})" if several else no_bound(each) for each, n in why)
    if without == of:
        return f"no bound on ε: {reasons}"
    told = f"productive: {count} of {_counted(of, 'epoch')}"
    if not why:
        return told
    return f"{told}; {without} without a bound{'' if brief else f': {reasons}'}"


def ensemble(count: int, loss: float, best: float) -> str:
    """Say what so many snapshots are worth together, and the best of them alone."""
    return (
        f"ensemble of {_counted(count, 'snapshot')}: test loss {rounded(loss, 4)}; "
        f"best single one {rounded(best, 4)}"
    )


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"
