"""Texts beside marks on the stage: none over another, and none that has to move without need."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF

from optiviz.gui.drawing.projection import fit
from optiviz.gui.stage.arrange import arrange_labels
from optiviz.gui.stage.labels import RIGHT, around, first_free
from optiviz.gui.stage.letters import Letter, StageLetters
from optiviz.gui.stage.marks import CriticalPoints
from optiviz.gui.stage.snapshots import SnapshotMark, StageSnapshots
from optiviz.gui.theme.palette import DARK, Look

SEEN = fit(((-1.0, 1.0), (-1.0, 1.0)), 600, 600, stretch=False)
STAGE = QRectF(0.0, 0.0, 600.0, 600.0)
_RANDOM = np.random.default_rng(5)


@pytest.fixture
def layers(qapp):
    made = CriticalPoints(1.0), StageLetters(2.0), StageSnapshots(3.0)
    for layer in made:
        layer.show_projection(SEEN)
        layer.show_look(Look(DARK, 1.0))
    return made


def disjoint(rooms):
    return not any(a.intersects(b) for a, b in itertools.combinations(rooms, 2))


def test_a_text_stands_to_the_right_where_there_is_room(layers):
    places, letters, snapshots = layers
    places.show_places([(0.0, 0.0)], [])
    letters.show_letters([Letter(0.0, 0.0, "A 12 %")])
    snapshots.show_marks([])
    arrange_labels(places, letters, snapshots, [])
    (room,) = letters.text_rooms()
    assert room.left() > 300.0
    assert room.center().y() == pytest.approx(300.0)


@pytest.mark.parametrize("at", [(0.99, 0.0), (-0.99, 0.0), (0.0, 0.99), (0.99, -0.99)])
def test_at_the_edge_every_text_stays_on_the_stage(layers, at):
    places, letters, snapshots = layers
    places.show_places([at], [], at)
    letters.show_letters([Letter(*at, "A 12 %")])
    snapshots.show_marks([SnapshotMark(*at, 0, 3, 1)])
    arrange_labels(places, letters, snapshots, [])
    rooms = [*letters.text_rooms(), *places.text_rooms(), *snapshots.text_rooms()]
    assert len(rooms) == 3
    assert all(STAGE.contains(room) for room in rooms)
    assert disjoint(rooms)


@pytest.mark.parametrize("spread", [0.9, 0.1, 0.02, 0.0])
def test_no_text_lies_over_another(layers, spread):
    places, letters, snapshots = layers
    points = [tuple(point) for point in spread * _RANDOM.uniform(-1.0, 1.0, (40, 2))]
    places.show_places(points[:6], [], points[6])
    letters.show_letters(
        [Letter(*point, f"{name} 0.25") for name, point in zip("ABCDEF", points[:6], strict=True)]
    )
    snapshots.show_marks(
        [SnapshotMark(*points[7 + 8 * k + n], k, n, n + 1) for k in range(4) for n in range(8)]
    )
    start = QRectF(270.0, 290.0, 40.0, 14.0)
    arrange_labels(places, letters, snapshots, [start])
    rooms = [*letters.text_rooms(), *places.text_rooms(), *snapshots.text_rooms()]
    assert disjoint([start, *rooms])
    assert all(STAGE.contains(room) for room in rooms)
    # The first letter is the most important one, and is never left out.
    assert next(letter.text for letter, _ in letters.placed()) == "A 0.25"
    if spread > 0.5:
        assert len(rooms) > 35


def test_marks_on_one_place_have_their_numbers_in_a_row(layers):
    _, _, snapshots = layers
    snapshots.show_marks([SnapshotMark(0.1, 0.1, 0, n, n + 1) for n in range(5)])
    rooms = snapshots.text_rooms()
    assert len(rooms) == 5
    assert len({room.top() for room in rooms}) == 1
    assert [room.left() for room in rooms] == sorted(room.left() for room in rooms)


def test_a_room_without_a_mark_in_it_is_chosen_before_one_that_hides_one():
    size, at = QSizeF(40.0, 10.0), STAGE.center()
    both = list(around(at, size, 12.0, (RIGHT, (-1.0, 0.0)), STAGE))
    assert first_free(both, STAGE, []) == both[0]
    assert first_free(both, STAGE, [], [both[0]]) == both[1]
    assert first_free(both, STAGE, [both[1]], [both[0]]) == both[0]
    assert first_free(both, STAGE, both) is None
