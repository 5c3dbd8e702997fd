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


def see_to_letters() -> None:
    """Have letters in UTF-8; to be called before the QApplication is made.

    Where the language that the environment asks for is not installed, or not in UTF-8, Qt would
    say so on the terminal and go on in another.
    """
    if sys.platform in ("darwin", "win32"):
        return  # they have no other
    try:
        locale.setlocale(locale.LC_ALL, "")
        whole = locale.nl_langinfo(locale.CODESET) == "UTF-8"
    except locale.Error:
        whole = False
    if not whole:
        os.environ["LC_ALL"] = "C.UTF-8"


def settle(app: QApplication) -> None:
    """Write numbers and lay out the window as everywhere, whatever the country."""
    # Qt has made the C library speak the country's language, in which others read numbers and
    # the system gives its reasons: neither belongs into an English sentence.
    locale.setlocale(locale.LC_NUMERIC, "C")
    if hasattr(locale, "LC_MESSAGES"):
        locale.setlocale(locale.LC_MESSAGES, "C")
    QLocale.setDefault(QLocale.c())
    app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
