"""LaTeX to SVG, by ziamath.

The formulas of the shipped parts are typeset once, by ``packaging/typeset.py``, and lie in
``resources/formulas``: importing ziamath takes as long as half of the start, and 20 MB. Any other
formula is typeset when it is first asked for.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from optiviz import resources

if TYPE_CHECKING:
    from types import ModuleType

SIZE = 24.0  # pixels; drawn at any other size from there
INK = "#010203"  # stands in the SVG for the colour asked for


@lru_cache(maxsize=256)
def svg(latex: str) -> str:
    """Give a formula as SVG; empty where it cannot be typeset."""
    try:
        return resources.text("formulas", shipped_name(latex))
    except FileNotFoundError:
        return typeset(latex)


def shipped_name(latex: str) -> str:
    """Name the file that a shipped formula lies in, after what it says."""
    return hashlib.sha256(latex.encode()).hexdigest()[:16] + ".svg"


def pieces(latex: str) -> tuple[str, ...]:
    r"""Part a formula where a line may end, which is at each ``\quad``."""
    return tuple(piece.strip() for piece in latex.split(r"\quad"))


def typeset(latex: str) -> str:
    """Typeset a formula as SVG; empty where that fails. It takes 5 to 20 ms."""
    try:
        typesetter = _typesetter()
        # The chapter's ε, as it stands beside the sliders; ``\\epsilon`` alone would give ϵ.
        chapters = re.sub(r"\\epsilon(?![a-zA-Z])", r"\\varepsilon", latex)
        return str(typesetter.Latex(chapters, size=SIZE, color=INK).svg())
    except Exception:  # noqa: BLE001 - its parsers raise errors of many unrelated kinds
        return ""


@cache
def _typesetter() -> ModuleType:
    with warnings.catch_warnings():
        # ziamath 0.13 finds its font by a function that Python 3.11 calls old.
        warnings.simplefilter("ignore", DeprecationWarning)
        import ziamath
    # Plain paths: Qt's SVG knows no symbols with a view box of their own.
    ziamath.config.svg2 = False
    return ziamath
