"""Where texts stand beside marks on the stage: aside from each other, or nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from optiviz.gui.stage.letters import StageLetters
    from optiviz.gui.stage.marks import CriticalPoints
    from optiviz.gui.stage.snapshots import StageSnapshots

#: Ways from a mark: across, then down.
RIGHT, LEFT, BELOW, ABOVE = (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)
CORNERS = ((1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0))
_CORNER = 0.75  # of the reach along each axis
_APART = 2.0  # pixels between two texts, at least


def around(
    at: QPointF, size: QSizeF, reach: float, ways: Iterable[tuple[float, float]], stage: QRectF
) -> Iterator[QRectF]:
    """Give the rooms beside a mark for a text of a size, ``reach`` pixels from its middle.

    At the edge of the stage a text moves along its mark, so that all of it is seen.
    """
    wide, high = size.width() / 2, size.height() / 2
    for across, down in ways:
        away = reach * _CORNER if across and down else reach
        x = at.x() + across * (away + wide)
        y = at.y() + down * (away + high)
        if not across:
            x = max(min(x, stage.right() - wide), stage.left() + wide)
        if not down:
            y = max(min(y, stage.bottom() - high), stage.top() + high)
        yield QRectF(QPointF(x - wide, y - high), size)


def first_free(
    rooms: Iterable[QRectF], stage: QRectF, taken: Sequence[QRectF], marks: Sequence[QRectF] = ()
) -> QRectF | None:
    """Choose the first room that hides no text, rather one that hides no mark either."""
    second = None
    for room in rooms:
        if not stage.contains(room) or _hits(room, taken):
            continue
        if not _hits(room, marks):
            return room
        second = second or room
    return second


def arrange_labels(
    places: CriticalPoints,
    letters: StageLetters,
    snapshots: StageSnapshots,
    taken: Sequence[QRectF],
) -> tuple[list[QRectF], list[QRectF]]:
    """Let the texts beside marks make room for each other, the most important ones first.

    ``taken`` is where other texts stand. Gives the rooms that no racer's name may cover: those
    and what names minima; and those that it had better not: marks, and the numbers of snapshots.
    """
    marks = places.rooms()
    found = list(taken)
    for layer in (letters, places):
        layer.show_obstacles(tuple(found), tuple(marks))
        found += layer.text_rooms()
    snapshots.show_obstacles(tuple(found), tuple(marks))
    wide = [room.adjusted(-_APART, -_APART, _APART, _APART) for room in found[len(taken) :]]
    return [*taken, *wide], [*marks, *snapshots.text_rooms()]


def _hits(room: QRectF, others: Sequence[QRectF]) -> bool:
    wide = room.adjusted(-_APART, -_APART, _APART, _APART)
    return any(wide.intersects(other) for other in others)
