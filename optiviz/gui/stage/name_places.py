"""Where names stand beside their markers: apart from each other, on the stage, and at rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Rows above or below the marker that a name may move to, the nearest first.
# Eight names in a corner of the stage all stand on one side, in one direction.
_ROWS = (0, *(sign * row for row in range(1, 9) for sign in (-1, 1)))
#: A name that stands so many rows farther away than it need comes back.
_ASTRAY = 2
_TOLERATED = 2.0  # pixels that two names may run into each other before one of them moves


@dataclass(frozen=True)
class Name:
    """A name to place: whose it is, how large, and the marker that it belongs to."""

    key: int
    size: QSizeF
    marker: QPointF
    radius: float


@dataclass
class NamePlaces:
    """Places names, and remembers each one's side so that none jumps to and fro while playing.

    A name leaves its side only when it would cover another name or leave the stage there; it
    does not return just because its old side is free again, unless it stands so far from its marker
    that one would ask whose it is.
    """

    _sides: dict[int, tuple[int, int]] = field(default_factory=dict)

    def place(
        self,
        names: Sequence[Name],
        stage: QRectF,
        avoid: Sequence[QRectF] = (),
        marks: Sequence[QRectF] = (),
    ) -> list[QRectF]:
        """Give each name its room, in the order of importance.

        Args:
            avoid: rooms that no name may cover; marks: what it had better not cover.
        """
        markers = {
            name.key: QRectF(
                name.marker.x() - name.radius,
                name.marker.y() - name.radius,
                2 * name.radius,
                2 * name.radius,
            )
            for name in names
        }
        taken: list[QRectF] = list(avoid)
        rooms: list[QRectF] = []
        for name in names:
            others = [room for key, room in markers.items() if key != name.key]
            others += marks
            side = self._choose(name, stage, taken, others)
            self._sides[name.key] = side
            room = _room(name, side)
            taken.append(room)
            rooms.append(room)
        return rooms

    def forget(self) -> None:
        """Start anew: the next places depend on nothing but what is placed."""
        self._sides.clear()

    def _choose(
        self, name: Name, stage: QRectF, taken: Sequence[QRectF], others: Sequence[QRectF]
    ) -> tuple[int, int]:
        candidates = [(side, row) for row in _ROWS for side in (1, -1)]
        kept = self._sides.get(name.key)
        if kept is not None:
            near = [each for each in candidates if abs(each[1]) <= abs(kept[1]) - _ASTRAY]
            candidates = [*near, kept, *candidates]
        best, least = candidates[0], float("inf")
        for order, side in enumerate(candidates):
            room = _room(name, side)
            cost = 4.0 * _outside(room, stage)
            cost += sum(_overlap(room, other) for other in taken)
            # Covering a marker is bad, but less so than covering a name.
            cost += 0.25 * sum(_overlap(room, other) for other in others)
            if cost <= 0.0:
                return side
            cost += 0.01 * order
            if cost < least:
                best, least = side, cost
        if kept is not None and kept != best:
            # Among bad places, staying put is worth a little.
            now = _room(name, kept)
            here = 4.0 * _outside(now, stage) + sum(_overlap(now, other) for other in taken)
            if here <= least * 1.3:
                return kept
        return best


def _room(name: Name, side: tuple[int, int]) -> QRectF:
    direction, row = side
    width, height = name.size.width(), name.size.height()
    away = name.radius + 5.0
    left = name.marker.x() + away if direction > 0 else name.marker.x() - away - width
    middle = name.marker.y() + row * (height + 3.0)
    return QRectF(left, middle - height / 2, width, height)


def _overlap(a: QRectF, b: QRectF) -> float:
    common = a.intersected(b.adjusted(_TOLERATED, _TOLERATED, -_TOLERATED, -_TOLERATED))
    return max(0.0, common.width()) * max(0.0, common.height())


def _outside(room: QRectF, stage: QRectF) -> float:
    inside = room.intersected(stage)
    return room.width() * room.height() - max(0.0, inside.width()) * max(0.0, inside.height())
