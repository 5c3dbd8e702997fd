"""The handles on a schedule's curve: where they stand, what they say, and what a hand makes of it.

The schedule itself decides how far a handle may go. Beside its own handles there is ``lr``, a
pointer at the axis of rates: ε, the height of everything, which is the racer's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF

from optiviz.engine import PartError
from optiviz.engine.schedules import Drawn, Milestones
from optiviz.gui.drawing.tick_numbers import round_step
from optiviz.gui.words.numbers import format_knob

if TYPE_CHECKING:
    from optiviz.engine import Schedule
    from optiviz.engine.schedules import Handle
    from optiviz.gui.views.schedule.axis import RateAxis
    from optiviz.gui.views.schedule.course import Course
    from optiviz.gui.views.schedule.places import SchedulePlaces

LR = "lr"
GRIP = 12.0  # across, in unscaled pixels
_UP, _DECADES = 0.02, 0.1  # for a key: a share of ε, and decades
_POINTER = 12.5  # from the plot's edge to the middle of ε's pointer


@dataclass(frozen=True)
class Grip:
    """One handle: its name, its pixel, the ways it goes, and what it says."""

    name: str
    at: QPointF
    moves: Literal["x", "y", "both"]
    says: str


def grips_of(
    course: Course, places: SchedulePlaces, gap: float, aside: str | None = None
) -> list[Grip]:
    """List the handles of a curve, ε's first.

    Two that would hide each other are drawn apart: the one that goes only sideways stands on the
    axis of epochs then. The end of a warmup that there is not is left out where it would be hidden.

    Args:
        course: whose.
        places: where epochs and rates are.
        gap: pixels within which one handle hides another.
        aside: a handle that stays on the axis, since a hand has taken hold of it there.
    """
    y = min(max(places.y(course.lr), places.plot.top()), places.plot.bottom())
    pointer = QPointF(places.plot.left() - places.look.px(_POINTER), y)
    found = [Grip(LR, pointer, "y", f"ε {_three_digits(course.lr)}")]
    handles = course.schedule.handles(course.epochs)
    spots = {each.name: _place(each, course, places) for each in handles}
    for each in handles:
        at = spots[each.name]
        hidden = each.moves == "x" and any(
            math.hypot(at.x() - other.x(), at.y() - other.y()) < gap
            for name, other in spots.items()
            if name != each.name
        )
        if hidden and each.name == "warmup" and course.schedule.warmup == 0.0 and not aside:
            continue  # in the corner nobody would know what it is; its number can be typed
        if hidden or each.name == aside:
            at = QPointF(at.x(), places.plot.bottom())
        found.append(Grip(each.name, at, each.moves, _says(each, course)))
    return found


def _three_digits(number: float) -> str:
    """Write a number with three significant digits."""
    return format_knob(float(f"{number:.3g}"))


def _place(handle: Handle, course: Course, places: SchedulePlaces) -> QPointF:
    y = places.y(course.lr * handle.factor)
    top, bottom = places.plot.top(), places.plot.bottom()
    return QPointF(places.x_of_epoch(handle.epoch), min(max(y, top), bottom))


def _says(handle: Handle, course: Course) -> str:
    rate, epoch = _three_digits(course.lr * handle.factor), _three_digits(handle.epoch)
    if handle.name == "warmup":
        begins = f", begins at ε {rate}" if len(handle.knobs) > 1 else ""
        if handle.epoch == 0.0:
            return f"no warmup{begins}"
        return f"warmup {epoch} {'epoch' if handle.epoch == 1.0 else 'epochs'}{begins}"
    if handle.moves == "x":
        return f"{handle.label}: epoch {epoch}"
    if handle.moves == "y":
        return f"{handle.label} {rate}"
    return f"{handle.label}: epoch {epoch}, ε {rate}"


def moved(course: Course, name: str, epoch: float, rate: float) -> Schedule:
    """Give the schedule with a handle as near to an epoch and a rate as it may go.

    nan for one of the two: the hand does not go that way.
    """
    # Where ε is 0 every factor is drawn at 0, so a height tells none.
    factor = rate / course.lr if course.lr > 0.0 else math.nan
    return course.schedule.dragged(name, epoch, factor, course.epochs)


def stepped(
    course: Course, name: str, axis: RateAxis, right: int, up: int, *, fine: bool
) -> tuple[float, float]:
    """Say where a key takes a handle, as an epoch and a rate; nan: not along this one.

    Sideways it goes by a hundredth of the race, rounded up to a round number of epochs: by one of
    100. Upward it goes by a fiftieth of ε, or by a tenth of a decade on a logarithmic axis. Finely
    it goes by a tenth of that.
    """
    handle = {each.name: each for each in course.schedule.handles(course.epochs)}[name]
    part = 0.1 if fine else 1.0
    if right:
        return handle.epoch + right * part * round_step(course.epochs, 100.0, 1.0), math.nan
    rate = course.lr * handle.factor
    if not axis.log:
        return math.nan, max(rate + up * part * _UP * course.lr, 0.0)
    if rate < axis.low:
        return math.nan, axis.low if up > 0 else 0.0
    rate *= 10.0 ** (up * part * _DECADES)
    return math.nan, rate if rate >= axis.low else 0.0


def can_add(schedule: Schedule) -> bool:
    """Say whether handles can be added to a schedule, and removed from it."""
    return isinstance(schedule, Drawn | Milestones)


def added(course: Course, epoch: float, rate: float) -> Schedule:
    """Give the schedule with one more knot or milestone.

    Raises:
        PartError: there is no room for it, or no such thing.
    """
    schedule = course.schedule
    epoch = min(max(epoch, 0.0), course.epochs)
    if isinstance(schedule, Milestones):
        return schedule.with_milestone(epoch)
    if isinstance(schedule, Drawn):
        factor = rate / course.lr if course.lr > 0.0 else 0.0
        return schedule.with_knot(epoch, factor)
    raise PartError("schedule", f"{schedule.title} has no knots or milestones to add")


def added_after(course: Course, name: str | None) -> Schedule:
    """Give the schedule with one more knot or milestone between a handle and the next.

    Raises:
        PartError: as for :func:`added`.
    """
    schedule = course.schedule
    handles = [each for each in schedule.handles(course.epochs) if each.name != "warmup"]
    names = [each.name for each in handles]
    epochs = [each.epoch for each in handles]
    at = names.index(name) if name in names else -1
    before = epochs[at] if at >= 0 else 0.0
    later = [epoch for epoch in epochs[at + 1 :] if epoch > before]
    epoch = (before + (later[0] if later else course.epochs)) / 2
    return added(course, epoch, course.lr * schedule.factor(epoch, course.epochs))


def removed(course: Course, name: str) -> Schedule | None:
    """Give the schedule without a knot or milestone; ``None``: the handle is neither.

    Raises:
        PartError: it is the last one.
    """
    schedule, index = course.schedule, name.split()[-1]
    if not index.isdigit():
        return None
    if isinstance(schedule, Milestones):
        return schedule.without_milestone(int(index))
    if isinstance(schedule, Drawn):
        return schedule.without_knot(int(index))
    return None
