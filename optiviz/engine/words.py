"""The words for what came of a racer: all its sentences are made here, and nowhere else.

Each function gives clauses, without capital or full stop, of which sentences or lists are made.
What they tell is computed elsewhere; what it is called is decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from optiviz.engine.digits import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optiviz.engine.bounds import Bound

_SETTLED = {
    "minimum": "settled at a minimum",
    "saddle": "settled at a saddle, not at a minimum",
    "maximum": "settled at a maximum, not at a minimum",
    "plateau": "settled on a plateau, not at a minimum",
    "held": "settled where weight decay cancels the gradient, not at a minimum",
}
ON_ITS_WAY = "still on its way"


def sentences(clauses: Iterable[str]) -> str:
    """Make a sentence of each clause."""
    return " ".join(f"{_capital(clause)}." for clause in clauses)


class Refusal(ValueError):
    """Says why something cannot be: as a sentence, and as a clause that can follow a colon."""

    def __init__(self, clause: str) -> None:
        super().__init__(sentences([clause]))
        self.clause = clause


def goal(told: str, epoch: int) -> str:
    """Say what it is that is below: ``0.001``, or ``0.001 in the mean of 4 steps``."""
    return told if epoch == 1 else f"{told} in the mean of {epoch} steps"


def diverged(step: int, before: int | None, goal_told: str) -> str:
    """Say when a racer diverged, and when it was below the finish before."""
    after = f", after it was below {goal_told} at step {before}" if before is not None else ""
    return f"diverged at step {step}{after}"


def limit(step: int, lr: float, bound: Bound) -> str:
    """Tell of the bound; passing it is not the same as diverging because of it."""
    if bound.why is not None:
        return f"no bound on ε at step {step}: {bound.why.value}"
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


def running(way: str, steps: int, gradient_norm: float) -> str:
    """Say how it goes with a racer of which nothing has come yet."""
    hardly = f"has hardly moved for {_counted(steps)}"
    told = {
        "start": "at the start",
        "growing": f"{hardly}; its steps are growing",
        "short": f"{hardly}, though the gradient is {rounded(gradient_norm, 2)}: "
        "its steps are too short",
        "above": "its loss is above that of its start",
        "risen": f"its loss has risen over the last {_counted(steps)}",
        "on": ON_ITS_WAY,
    }
    return told[way]


def _counted(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps} steps"


def _capital(clause: str) -> str:
    """Begin as a sentence does; a symbol such as ε stays what it is."""
    return clause[:1].upper() + clause[1:] if clause[:1].isascii() else clause
