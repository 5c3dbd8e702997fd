"""One language, wherever the program runs: English, from left to right, with plain numbers.

What is on the screen is what is in a file and in a paper: a decimal point, the digits 0 to 9, no
separator of thousands that depends on a country. What is typed may be in the digits of any script
(:mod:`optiviz.gui.words.numbers`). Only dates in the system's own file dialog are written as it
likes.
"""

from __future__ import annotations

import locale
import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def ensure_utf8() -> None:
    """Make the environment's encoding UTF-8; to be called before the QApplication is made.

    Where the language that the environment asks for is not installed, or not in UTF-8, Qt would
    say so on the terminal and go on in another.
    """
    if sys.platform in ("darwin", "win32"):
        return  # Qt uses UTF-8 there in any case
    try:
        locale.setlocale(locale.LC_ALL, "")
        whole = locale.nl_langinfo(locale.CODESET) == "UTF-8"
    except locale.Error:
        whole = False
    if not whole:
        os.environ["LC_ALL"] = "C.UTF-8"


def settle(app: QApplication) -> None:
    """Use one locale for numbers and layout, whatever the system's is."""
    # Qt has set the C library to the country's locale, in which libraries would read numbers and
    # the system would word its errors: the sentences of this program are English.
    locale.setlocale(locale.LC_NUMERIC, "C")
    if hasattr(locale, "LC_MESSAGES"):
        locale.setlocale(locale.LC_MESSAGES, "C")
    QLocale.setDefault(QLocale.c())
    app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
