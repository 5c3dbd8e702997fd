"""How the 3D view shows a surface: its scale of heights, how high it stands, how thick it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from optiviz.engine.part import Part, knob


@dataclass(frozen=True)
class Relief(Part):
    """Settings of the 3D view; declared as knobs, so that form and settings follow from them."""

    key: ClassVar[str] = "relief"
    title: ClassVar[str] = "3D view"
    about: ClassVar[str] = "The surface as a relief."
    formula: ClassVar[str] = ""

    heights: str = knob(
        "linear",
        symbol="heights",
        label="heights",
        help="Linear: as high as the loss, with steep walls cut off. Compressed: as high as the "
        "colour scale, so that a valley’s floor shows.",
        choices=("linear", "compressed"),
    )
    exaggeration: float = knob(
        1.0,
        symbol="height ×",
        label="height ×",
        help="Raises the surface so many times as high, or flattens it.",
        low=0.1,
        high=5.0,
        scale="log",
        minor=True,
    )
    opacity: float = knob(
        1.0,
        symbol="opacity",
        label="opacity",
        help="Lets one look through the surface at what lies behind it.",
        low=0.1,
        high=1.0,
        minor=True,
    )
