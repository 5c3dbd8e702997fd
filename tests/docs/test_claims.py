"""Claims of the documents that are words and not numbers, where a program can tell."""

from __future__ import annotations

import re

import numpy as np
import pytest

from optiviz.engine import SURFACES
from optiviz.engine.surfaces.data import examples
from tests.docs.computed import half_window
from tests.docs.reading import text_of


@pytest.mark.parametrize("seed", [0, 7])
def test_which_part_of_the_permutation_is_the_test_part(seed: int) -> None:
    """The permutation that surfaces.md tells of: the order of Philox's raw bits."""
    told = re.search(
        r"of which the (first|last) `test_share` is the test part", text_of("docs/chance.md")
    )
    assert told
    assert "its beginning, `test_share` of it" in text_of("docs/surfaces.md")
    bits = np.random.Philox(counter=[0, 0, 0, 8], key=[seed, 0]).random_raw(100)
    order = np.argsort(bits, kind="stable")
    part = {"first": order[:30], "last": order[-30:]}[told[1]]
    train, test = examples.split(100, seed, 0.3)
    assert set(test) == set(part)
    assert set(train) == set(order) - set(part)


def test_how_far_around_the_window_the_test_minimum_is_looked_for() -> None:
    """A quarter of the window beyond each edge: least_of_test and surfaces.md say the same."""
    source = text_of("optiviz/engine/surfaces/data/base.py")
    for text in (source, text_of("docs/surfaces.md")):
        assert "in the window and a quarter of it around" in text
    surface = SURFACES["sine"]()
    found = surface.test_minimum
    assert found is not None
    reach = 1.5 * np.array(half_window("sine"))
    assert (np.abs(np.array(found) - surface.center) <= reach).all()
