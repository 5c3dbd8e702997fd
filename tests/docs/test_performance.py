"""The figures of ``docs/performance.md`` are one machine's; their form and their sums are not."""

from __future__ import annotations

import re

import pytest

from optiviz.engine import OPTIMIZERS
from tests.docs.reading import ROOT, printed, text_of

DOCUMENT = "docs/performance.md"
LINES = (ROOT / DOCUMENT).read_text(encoding="utf-8").splitlines()
ROWS = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in LINES if "|" in line]
HEAD, _, *TABLE = ROWS
#: 0.88 to 0.97 (14.7 to 16.1 ms: shares of what stands beside it, and what was measured.
SHARES = re.compile(r"([\d.]+)(?: to ([\d.]+))? \(([\d.]+)(?: to ([\d.]+))? (ms|MB)")


def test_every_row_says_what_was_measured_against_what() -> None:
    assert HEAD == ["work", "against", "measured", "bar"]
    assert len(TABLE) > 10
    for row in TABLE:
        work, _, measured, *_ = row
        assert work
        assert re.search(r"\d", measured)
        assert "TODO" not in measured


def with_shares() -> list[tuple[str, str, str]]:
    """The rows that print a share and the figure that it is of: work, against, measured."""
    found, against = [], ""
    for work, beside, measured, *_ in TABLE:
        against = against if beside == "the same" else beside
        if SHARES.search(measured) and re.search(r"\d", against):
            found.append((work, against, measured))
    return found


def around(text: str) -> tuple[float, float]:
    number = printed(text)
    rounding = max(number.rounding, 0.0 if "." in text else 0.5)
    return number.value - rounding, number.value + rounding


@pytest.mark.parametrize(("work", "against", "measured"), with_shares())
def test_a_share_is_the_figure_by_what_it_is_of(work: str, against: str, measured: str) -> None:
    found = SHARES.search(measured)
    assert found
    base = re.search(rf"([\d.]+) {found[5]}", against)
    assert base
    of_low, of_high = around(base[1])
    for share, figure in ((found[1], found[3]), (found[2], found[4])):
        if share is not None:
            (low, high), (least, most) = around(share), around(figure)
            assert least / of_high <= high
            assert low <= most / of_low


def test_most_rows_with_a_share_are_looked_at() -> None:
    assert len(with_shares()) >= 6


def test_the_costs_told_are_rules_in_their_order() -> None:
    """As measured in one go: a rule that came later is told when all are measured again."""
    told = re.search(r"The loop's cost by rule.*?\(18 ns\): (.+?)\. Drawing", text_of(DOCUMENT))
    assert told
    titles = {part.title.lower() for part in OPTIMIZERS.values()}
    entries = re.findall(r"([A-Z]?\w+(?: and \w+)?) (\d\.\d\d)\b", told[1])
    names = [name.lower() for entry, _ in entries for name in entry.split(" and ")]
    assert len(set(names)) == len(names) >= 12
    assert set(names) <= titles - {"sgd"}  # whose step is the measure
    costs = [float(cost) for _, cost in entries]
    assert costs == sorted(costs)
