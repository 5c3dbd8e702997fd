"""Commands as data: from this table come the keys, the titles in menus and the cheat sheet.

No command is a Qt shortcut. A key press first goes to the widget that has the focus, as Qt sends
it; what nobody there wants rises to the main window, which looks it up here. So a letter typed
into a field is a letter, an arrow moves the slider that has the focus, and no two shortcuts can
be ambiguous.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from optiviz.gui.qt.keys import digit_at_place, latin_key

Menu = Literal["scene", "edit", "play", "view", "racers", "help"]


@dataclass(frozen=True)
class Command:
    """One thing the user can do.

    Attributes:
        id: what the controller knows it by.
        title: what a menu and the cheat sheet say.
        keys: key sequences in Qt's portable text; the first is shown, the others work too.
        menu: where it is listed.
        argument: what is handed to the command, where several commands are one act.
        repeats: whether a held key does it again and again; all others act once a press.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    menu: Menu
    argument: int | None = None
    repeats: bool = False


COMMANDS: tuple[Command, ...] = (
    Command("open", "Open a scene …", ("Ctrl+O",), "scene"),
    Command("open_data", "Open a table …", ("Ctrl+Shift+O",), "scene"),
    Command("save", "Save the scene", ("Ctrl+S",), "scene"),
    Command("save_as", "Save the scene as …", ("Ctrl+Shift+S",), "scene"),
    Command("reset", "Restore the scene as it was opened", ("R",), "scene"),
    Command("quit", "Quit", ("Ctrl+Q",), "scene"),
    Command("undo", "Undo", ("Ctrl+Z",), "edit"),
    Command("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "edit"),
    Command("play", "Play or pause", ("Space",), "play"),
    Command("step_back", "One step back", (",",), "play", repeats=True),
    Command("step_forward", "One step forward", (".",), "play", repeats=True),
    Command("to_start", "To the start", ("Home",), "play"),
    Command("to_end", "To the end", ("End",), "play"),
    Command("reseed", "Draw another seed", ("X",), "play"),
    *(
        Command("toggle_racer", f"Racer {number} on or off", (str(number),), "racers", number - 1)
        for number in range(1, 9)
    ),
    Command("view_contour", "Contour", ("C",), "view"),
    Command("view_3d", "Surface in 3D", ("D",), "view"),
    Command("view_split", "Contour and 3D side by side", ("S",), "view"),
    Command("camera_home", "3D: all of the surface", ("H",), "view"),
    Command("camera_above", "3D: from above", ("A",), "view"),
    Command("camera_valley", "3D: along the valley", ("V",), "view"),
    Command("camera_start", "3D: from the start", ("W",), "view"),
    Command("turntable", "3D: turn slowly around", ("T",), "view"),
    Command("follow", "3D: follow the next racer, or nobody", ("Y",), "view"),
    Command("fit", "Fit the stage to the surface", ("F",), "view"),
    Command("batch_contour", "The loss of the batch on the stage", ("B",), "view"),
    Command("gradient_cloud", "Gradient cloud: at a racer, at the pointer, off", ("G",), "view"),
    Command("seeds", "Many seeds of one racer", ("N",), "view"),
    Command("tab_race", "Tab: Race", ("Alt+1",), "view"),
    Command("tab_rate", "Tab: Rate ε", ("Alt+3",), "view"),
    Command("tab_chance", "Tab: Chance", ("Alt+4",), "view"),
    Command("tab_surface", "Tab: Surface", ("Alt+6",), "view"),
    Command("lock", "Lock the scene against accidents", ("L",), "view"),
    Command("full_screen", "Full screen", ("F11",), "view"),
    Command("step_out", "Out of what is open, out of full screen", ("Esc",), "view"),
    Command("scale_up", "Larger", ("Ctrl++", "Ctrl+="), "view"),
    Command("scale_down", "Smaller", ("Ctrl+-",), "view"),
    Command("scale_reset", "Original size", ("Ctrl+0",), "view"),
    Command("cheat_sheet", "Keys", ("?", "F1"), "help"),
)

#: Keys that are told by what they write, since it takes Shift on some keyboards and not on others:
#: signs on most, digits on a French one.
_WRITTEN = {"?", ",", ".", "+", "=", "-", *"0123456789"}


def command(identifier: str) -> Command:
    """Find a command by its id."""
    return next(each for each in COMMANDS if each.id == identifier)


def shown_key(identifier: str) -> str:
    """Give a command's key as the platform writes it, such as ``Ctrl+S``."""
    key = command(identifier).keys[0]
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) or key


def with_key(sentence: str, identifier: str) -> str:
    """End a tooltip with the key: ``Plays or pauses (Space)``."""
    return f"{sentence} ({shown_key(identifier)})"


def find_command(event: QKeyEvent) -> Command | None:
    """Find the command that a key press asks for: by what it writes, else by the key's place.

    A letter of another script is taken for the Latin one on its key, and on a layout that writes
    signs where others have digits, as a French one, such a key alone is its digit.
    """
    return _BY_KEY.get(_name(event)) or _BY_KEY.get(_digit(event))


def _name(event: QKeyEvent) -> str:
    # A number pad's keys are the keys they write.
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = Qt.Key(latin_key(event))
    written = _SIGNS.get(key) or _DIGITS.get(key) or event.text()
    if key != event.key() and not modifiers:
        written = chr(key)
    written = str(unicodedata.decimal(written, written)) if len(written) == 1 else written
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    if written in _DIGITS.values() and modifiers & ~shift == Qt.KeyboardModifier.AltModifier:
        return f"Alt+{written}"  # with Shift where a keyboard writes digits so
    if written in _WRITTEN and not modifiers & ~(control | shift):
        return f"Ctrl+{written}" if modifiers & control else written
    return QKeySequence(QKeyCombination(modifiers, key)).toString(
        QKeySequence.SequenceFormat.PortableText
    )


def _digit(event: QKeyEvent) -> str:
    prefix, digit = _BEFORE_DIGITS.get(event.modifiers()), digit_at_place(event)
    return f"{prefix}{digit}" if prefix is not None and digit else ""


_BEFORE_DIGITS = {
    Qt.KeyboardModifier.NoModifier: "",
    Qt.KeyboardModifier.ControlModifier: "Ctrl+",
    Qt.KeyboardModifier.AltModifier: "Alt+",
}
#: What these keys write, which Qt does not tell while Ctrl is down.
_SIGNS = {Qt.Key.Key_Plus: "+", Qt.Key.Key_Equal: "=", Qt.Key.Key_Minus: "-"}
_DIGITS = {Qt.Key(Qt.Key.Key_0.value + digit): str(digit) for digit in range(10)}
_BY_KEY: dict[str, Command] = {key: each for each in COMMANDS for key in each.keys}
