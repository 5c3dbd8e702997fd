"""Texts beside marks on the stage make room for each other, the most important ones first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optiviz.gui.stage.labels import APART

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QRectF

    from optiviz.gui.stage.letters import StageLetters
    from optiviz.gui.stage.marks import CriticalPoints
    from optiviz.gui.stage.snapshots import StageSnapshots


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
    wide = [room.adjusted(-APART, -APART, APART, APART) for room in found[len(taken) :]]
    return [*taken, *wide], [*marks, *snapshots.text_rooms()]
