"""Which Latin letter, and which digit, stands on the key of a press, whatever the layout writes.

Qt tells the letter that a layout writes. On a Cyrillic, Greek, Arabic or Hebrew one that is no
letter from A to Z, so no command of a single letter would ever be found. Where the keyboard has a
second, Latin layout, Qt takes that one's letter while Ctrl is down, but not without it.

Where a layout writes Latin letters, what it writes counts: the key left of S on a French keyboard
is a Q. Only for other letters the place of the key is looked at, as it is on an American keyboard.
What tells the place differs by system:

- X11 and Wayland: the scan code, which is that of the Linux kernel plus 8.
- Windows: the virtual key. It is a letter already, since Windows gives each layout of another
  script the virtual keys of a Latin one.
- macOS: the virtual key, which is a number of the place.
"""

from __future__ import annotations

import unicodedata

from PySide6.QtGui import QGuiApplication, QKeyEvent

#: The first scan code of each row, and what the row's keys write on an American keyboard.
_EVDEV_ROWS = ((10, "1234567890"), (24, "QWERTYUIOP"), (38, "ASDFGHJKL"), (52, "ZXCVBNM,."))
_EVDEV = {first + place: sign for first, row in _EVDEV_ROWS for place, sign in enumerate(row)}
#: Apple's numbers of the same places, by ``kVK_ANSI_…`` of its Events.h.
_MAC = {
    **dict(enumerate("ASDFHGZXCV")),
    **{11: "B", 12: "Q", 13: "W", 14: "E", 15: "R", 16: "Y", 17: "T"},
    **{18: "1", 19: "2", 20: "3", 21: "4", 23: "5", 22: "6", 26: "7", 28: "8", 25: "9", 29: "0"},
    **{31: "O", 32: "U", 34: "I", 35: "P", 37: "L", 38: "J", 40: "K", 43: ",", 45: "N", 46: "M"},
    47: ".",
}
_WINDOWS = {ord(sign): sign for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"} | {
    0xBC: ",",  # VK_OEM_COMMA
    0xBE: ".",  # VK_OEM_PERIOD
}
_FIRST_OTHER_SCRIPT = (
    0x370  # below it Unicode has Latin letters, and signs that are written with them
)


def latin_key(event: QKeyEvent) -> int:
    """Give a press's key; where it writes a letter of another script, the key's Latin one.

    It is a comma or a point where an American keyboard has these.
    """
    written = _written(event)
    if not _is_of_another_script(written) and not _is_hebrew_w(event, written):
        return event.key()
    sign = _sign_at_place(event)
    # A digit's key may write a letter, as on a Thai keyboard: that is asked for by itself.
    return event.key() if not sign or sign.isdigit() else ord(sign)


def digit_at_place(event: QKeyEvent) -> str:
    """Give the digit that stands on the key on an American keyboard; empty on any other key."""
    sign = _sign_at_place(event)
    return sign if sign.isdigit() else ""


def _written(event: QKeyEvent) -> str:
    # While Ctrl is down there may be no text; a key that is a letter has that letter's number.
    return chr(event.key()) if 0x20 < event.key() <= 0x10FFFF else event.text()[:1]


def _is_of_another_script(letter: str) -> bool:
    return (
        letter >= chr(_FIRST_OTHER_SCRIPT)
        and unicodedata.category(letter)[0] in "LM"  # Thai and Hindi have vowels that are marks
        and not unicodedata.name(letter, "").startswith("LATIN")
    )


def _is_hebrew_w(event: QKeyEvent, written: str) -> bool:
    """Say whether it is the one letter's key of a command that writes a sign in Hebrew.

    No Latin layout that is common has an apostrophe there.
    """
    return written == "'" and _sign_at_place(event) == "W"


def _sign_at_place(event: QKeyEvent) -> str:
    platform = QGuiApplication.platformName()
    if platform == "windows":
        return _WINDOWS.get(event.nativeVirtualKey(), "")
    if platform == "cocoa":
        return _MAC.get(event.nativeVirtualKey(), "")
    return _EVDEV.get(event.nativeScanCode(), "")
