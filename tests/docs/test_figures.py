"""Every figure in the documents that a program can check is what a program computes.

A figure is checked where its sentence stands in one of the tables of ``figures_of_*.py``; a number
that cannot be checked stands in ``beside.py``, with the reason. A new sentence with a number wants
one or the other, and the tests say so.
"""

from __future__ import annotations

import re

import pytest

from optiviz.engine import warm_up
from tests.docs import (
    figures_of_outcomes,
    figures_of_rules,
    figures_of_surfaces,
    figures_of_the_house,
)
from tests.docs.beside import BESIDE, KINDS
from tests.docs.reading import DIGITS, ROOT, Beside, Figure, gaps, printed, text_of

FIGURES: list[Figure] = [
    *figures_of_surfaces.FIGURES,
    *figures_of_rules.FIGURES,
    *figures_of_outcomes.FIGURES,
    *figures_of_the_house.FIGURES,
]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
)


@pytest.fixture(scope="module", autouse=True)
def compiled_kernels() -> None:
    warm_up()


def place(figure: Figure | Beside) -> str:
    return f"{figure.document}: {figure[1]}"


@pytest.mark.parametrize("figure", FIGURES, ids=place)
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


@pytest.mark.parametrize("beside", BESIDE, ids=place)
def test_what_is_left_out_still_stands_there(beside: Beside) -> None:
    assert gaps(beside.document, beside.text), (
        f"{beside.document} has no {beside.text!r} any more: drop it from tests/docs/beside.py."
    )


def spans(document: str) -> list[tuple[int, int]]:
    """Where the numbers stand that are checked, or left out for a reason."""
    found = [
        match.span(group)
        for figure in FIGURES
        if figure.document == document
        for match in gaps(document, figure.sentence)
        for group in range(1, match.re.groups + 1)
    ]
    for beside in BESIDE:
        if beside.document == document:
            found += [match.span() for match in gaps(document, beside.text)]
    for kind, form, _ in KINDS:
        if re.fullmatch(kind, document):
            found += [match.span() for match in form.finditer(text_of(document))]
    return found


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_number_is_checked_or_has_a_reason(document: str) -> None:
    text, known = text_of(document), spans(document)
    loose = [
        f"{number[0]} in '… {text[max(0, number.start() - 40) : number.end() + 25]} …'"
        for number in DIGITS.finditer(text)
        if not any(a <= number.start() and number.end() <= b for a, b in known)
    ]
    assert not loose, (
        f"No test looks at these numbers of {document}. Add the sentence to a table of "
        "tests/docs/figures_of_*.py, with {} for each figure and how it is computed; if no program "
        "can, add it to tests/docs/beside.py, with the reason.\n" + "\n".join(loose)
    )


def test_the_reading_of_numbers() -> None:
    wanted = {
        "−78.3323": (-78.3323, 5e-5),
        "1,000": (1000.0, 1e-9),
        "10⁻⁶": (1e-6, 1e-15),
        "1.2 · 10⁻¹¹": (1.2e-11, 5e-13),
        "2√2": (8.0**0.5, 1e-9),
        "√3": (3.0**0.5, 1e-9),
        "2/3": (2 / 3, 1e-9),
        "1e-10": (1e-10, 1e-19),
        "Twelve": (12.0, 1e-9),
        "tenth": (0.1, 1e-9),
    }
    for text, expected in wanted.items():
        assert printed(text) == pytest.approx(expected, rel=1e-12)
