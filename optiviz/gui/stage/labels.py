"""The rooms beside a mark in which a text can stand, and which of them is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Ways from a mark: across, then down.
RIGHT, LEFT, BELOW, ABOVE = (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)
CORNERS = ((1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0))
_CORNER = 0.75  # of the reach along each axis
#: Pixels between two texts, at least.
APART = 2.0


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


def _hits(room: QRectF, others: Sequence[QRectF]) -> bool:
    wide = room.adjusted(-APART, -APART, APART, APART)
    return any(wide.intersects(other) for other in others)
