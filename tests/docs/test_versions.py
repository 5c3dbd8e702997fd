"""The versions that the decisions name are asked for and pinned; links lead somewhere."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.docs.reading import ROOT, text_of

if TYPE_CHECKING:
    from pathlib import Path

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
PINS = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TEXTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
PYSIDE = "docs/decisions/0005-pyside6-pin.md"


def test_what_the_package_asks_for_is_told_word_for_word() -> None:
    asked = [one for one in PROJECT["dependencies"] if one.startswith(("PySide6", "pyqtgraph"))]
    assert len(asked) == 2
    assert all(f"`{one}`" in text_of(PYSIDE) for one in asked)


def test_the_pin_is_told() -> None:
    (pin,) = (line.partition("==")[2] for line in PINS if line.startswith("PySide6_Essentials=="))
    text = text_of(PYSIDE)
    assert f"`packaging/constraints.txt` pins {pin}," in text
    assert f"pinned to {pin} ##" in text


def test_the_oldest_python_is_the_one_that_the_project_allows() -> None:
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert f"give up Python {oldest}." in text_of(PYSIDE)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_number_and_stands_in_the_list(path: Path) -> None:
    number = path.name[:4]
    assert path.read_text(encoding="utf-8").startswith(f"# {number}: ")
    assert f"| [{number}]({path.name}) |" in text_of("docs/decisions/README.md")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_links_lead_to_files(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []
