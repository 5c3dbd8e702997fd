"""The right column's tabs: each answers one question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TabKey = Literal["race", "rate", "chance", "surface"]


@dataclass(frozen=True)
class Tab:
    """One tab.

    Attributes:
        key: its name in settings, commands and object names.
        title: what is written on it.
        about: what it answers, for its tooltip.
        nothing: what is said where the scene leaves none of its instruments any use.
    """

    key: TabKey
    title: str
    about: str
    nothing: str


#: In the order of reading. Their keys are those of six tabs, of which two come later.
TABS = (
    Tab("race", "Race", "Who is ahead: the losses by step", "Nobody races."),
    Tab(
        "rate",
        "Rate ε",
        "How ε goes over the epochs, and where it is productive",
        "Nobody races, so there is no ε.",
    ),
    Tab(
        "chance",
        "Chance",
        "Data, batches, many seeds, and which minimum they find",
        "Every racer is told the full gradient, so chance plays no part. Choose mini-batches or "
        "noise at the top, and see here how far from the minimum chance keeps a racer.",
    ),
    Tab("surface", "Surface", "The surface: its formula, all its knobs, its data", ""),
)
