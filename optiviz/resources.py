"""Where the bundled files are: icons, fonts, scenes, lessons and data sets.

This is the one place that knows. In a source tree they lie beside the package, where people
edit them; in an installed wheel inside the package, where no other project's files can be
mistaken for them; in a frozen application in the folder that it unpacks to.
"""

from __future__ import annotations

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _root() -> Path:
    """The folder of the bundled files, for the way in which this program was installed."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        bundled = Path(frozen) / "resources"
        if bundled.is_dir():
            return bundled
    inside = _PACKAGE / "resources"
    # The package comes first: beside an installed package lie the files of other projects.
    return inside if inside.is_dir() else _PACKAGE.parent / "resources"


def path(*parts: str) -> Path:
    """The path of a bundled file or folder.

    Args:
        *parts: its place under ``resources``, one name for each level.

    Raises:
        FileNotFoundError: nothing of that name is bundled.
    """
    root = _root()
    found = root.joinpath(*parts)
    if not found.exists():
        name = "/".join(parts)
        raise FileNotFoundError(
            f"OptiViz is incomplete: its file {name!r} should be in {root}. Install it again."
        )
    return found


def text(*parts: str) -> str:
    """The content of a bundled text file, which is always UTF-8."""
    return path(*parts).read_text(encoding="utf-8")
