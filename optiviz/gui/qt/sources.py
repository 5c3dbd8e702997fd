"""Spares the import of every module a second reading of its source.

PySide offers names in other styles (``from __feature__ import snake_case``). To learn who wants
that, it reads the source of each module that is imported after it, and Python keeps all that it
has read: 30 MB once the compiler is loaded. Nothing here asks for such names.
"""

from __future__ import annotations

import sys
from typing import Any

import PySide6.QtCore  # noqa: F401 - it brings the reader along


def spare() -> None:
    """Let PySide take it that no module imported from now on wants names in another style."""
    reader: Any = sys.modules.get("shibokensupport.feature")
    if hasattr(reader, "_mod_uses_pyside"):  # a part of PySide's own that may change
        reader._mod_uses_pyside = _wants_no_other_names


def _wants_no_other_names(_module: object) -> bool:
    return False
