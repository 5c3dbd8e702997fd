"""The *Knobs* line of every rule and schedule names its knobs, with the defaults that they have."""

from __future__ import annotations

import re

import pytest

from optiviz.engine import OPTIMIZERS, SCHEDULES, Knob
from tests.docs.reading import ROOT, printed

PARTS = {**OPTIMIZERS, **SCHEDULES}


def knob_lines() -> dict[str, str]:
    """What stands between *Knobs:* and *Source:*, by the part's key."""
    found: dict[str, str] = {}
    for name in ("optimizers.md", "schedules.md"):
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        for section in text.split("\n## ")[1:]:
            key = re.match(r".+ `(\w+)`\n", section)
            if key:
                line = re.search(r"\*Knobs:\* (.+?)\. \*Source:\*", section)
                assert line, f"{name} says nothing of the knobs of {key[1]}"
                found[key[1]] = line[1]
    return found


LINES = knob_lines()


def own_knobs(key: str) -> dict[str, Knob]:
    """The knobs of a part; the warmup, which every schedule has, is told once for all."""
    return {spec.name: spec for spec in PARTS[key].knobs() if spec.name != "warmup"}


def test_every_part_has_a_line() -> None:
    assert set(LINES) == set(PARTS)


@pytest.mark.parametrize("key", PARTS)
def test_a_line_names_the_knobs_and_their_defaults(key: str) -> None:
    told = dict(re.findall(r"`(\w+)` ([^`]+)", LINES[key]))
    knobs = own_knobs(key)
    assert list(told) == list(knobs)
    for name, after in told.items():
        default = knobs[name].default
        if isinstance(default, bool):
            assert after.startswith("on" if default else "off")
        elif isinstance(default, str):
            assert after.startswith(default)
        else:
            number = re.match(r"[−\d.,]+(?:e-?\d+)?", after)
            assert number
            assert printed(number[0].rstrip(".,")).value == default


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_what_is_folded_away_stands_in_brackets(key: str) -> None:
    bracketed = set(re.findall(r"\(`(\w+)`", LINES[key]))
    assert bracketed == {name for name, spec in own_knobs(key).items() if spec.minor}
