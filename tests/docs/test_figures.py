"""Every figure in the documents that a program can check is what a program computes.

A figure is checked where its sentence stands in one of the tables of ``figures_of_*.py``; a number
that cannot be checked stands in ``beside.py``, with the reason. A new sentence with a number wants
one or the other, and the tests say so.
"""

from __future__ import annotations

import pytest

from tests.docs import figures_of_surfaces
from tests.docs.reading import Figure, gaps, printed

FIGURES: list[Figure] = [*figures_of_surfaces.FIGURES]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f"{f.document}: {f.sentence}")
def test_a_figure_is_what_is_computed(figure: Figure) -> None:
    found = gaps(figure.document, figure.sentence)
    assert len(found) == 1, (
        f"{figure.document} has {len(found)} sentences like {figure.sentence!r}. If it was "
        "reworded, reword it in tests/docs as well: {} stands for each figure."
    )
    numbers = [printed(text) for text in found[0].groups()]
    computed = figure.compute()
    theirs = list(computed) if hasattr(computed, "__len__") else [computed]
    assert len(theirs) == len(numbers)
    for told, true in zip(numbers, theirs, strict=True):
        slack = told.rounding * (1.0 + 1e-9) + figure.about * abs(told.value)
        assert abs(told.value - true) <= slack, (
            f"{figure.document} prints {found[0][0]!r}, and what is computed is {theirs}"
        )
