"""Keys on every layout, as presses like those that the three systems send."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from optiviz.gui.commands.actions import COMMANDS, find_command
from optiviz.gui.qt.keys import digit_at_place, latin_key

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
#: What layouts write on the three rows of letters, by the scan code of each row's first key.
ROWS = {24: "qwertyuiop", 38: "asdfghjkl", 52: "zxcvbnm"}
LAYOUTS = {
    "Russian": {24: "йцукенгшщз", 38: "фывапролд", 52: "ячсмить"},
    "Greek": {24: ";ςερτυθιοπ", 38: "ασδφγηξκλ", 52: "ζχψωβνμ"},
    "Hebrew": {24: "/'קראטוןםפ", 38: "שדגכעיחלך", 52: "זסבהנמצ"},
    "Arabic": {24: "ضصثقفغعهخح", 38: "شسيبلاتنم", 52: "ئءؤرﻻىة"},
    "Thai": {24: "ๆไำพะัีรนย", 38: "ฟหกดเ้่าส", 52: "ผปแอิืท"},
}
FRENCH = "&é\"'(-è_çà"


def press(letter, scan=0, virtual=0, modifiers=NONE, text=None):
    """A press as Qt makes it: a letter's key has the number of its capital."""
    capital = letter.upper() if len(letter.upper()) == 1 else letter
    text = letter if text is None else text
    return QKeyEvent(QEvent.Type.KeyPress, ord(capital), modifiers, scan, virtual, 0, text)


def asked(event):
    found = find_command(event)
    return None if found is None else found.keys[0]


@pytest.fixture
def system(monkeypatch):
    """Say which system Qt runs on."""

    def on(name):
        monkeypatch.setattr(QGuiApplication, "platformName", lambda: name)

    return on


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("platform", ["xcb", "wayland"])
def test_each_letter_command_is_on_its_key_of_another_script(system, layout, platform):
    system(platform)
    found = set()
    for first, letters in LAYOUTS[layout].items():
        for place, letter in enumerate(letters):
            found.add(asked(press(letter, first + place)))
    letters = {key for each in COMMANDS for key in each.keys if len(key) == 1 and key.isalpha()}
    assert found - {None} == letters


@pytest.mark.parametrize("layout", LAYOUTS)
def test_windows_gives_such_a_key_a_latin_virtual_one(system, layout):
    system("windows")
    for first, letters in LAYOUTS[layout].items():
        for place, letter in enumerate(letters):
            latin = ROWS[first][place].upper()
            wanted = asked(press(latin.lower(), 0, ord(latin)))
            if letter not in ";/":
                assert asked(press(letter, 0, ord(latin))) == wanted


def test_a_mac_tells_the_place_by_a_number_of_its_own(system):
    system("cocoa")
    russian = {"ф": 0, "к": 15, "ц": 13, "т": 45, "д": 37, "б": 43, "ю": 47}
    told = [asked(press(letter, 0, number)) for letter, number in russian.items()]
    assert told == ["A", "R", "W", "N", "L", ",", "."]
    digits = [18, 19, 20, 21, 23, 22, 26, 28]
    told = [asked(press(sign, 0, key)) for sign, key in zip(FRENCH, digits, strict=False)]
    assert told == list("12345678")


def test_ctrl_with_a_letter_of_another_script(system):
    system("xcb")
    assert asked(press("я", 52, modifiers=CONTROL)) == "Ctrl+Z"
    assert asked(press("я", 52, modifiers=CONTROL | SHIFT)) == "Ctrl+Shift+Z"
    assert asked(press("щ", 32, modifiers=CONTROL, text="")) == "Ctrl+O"
    assert asked(press("к", 27, modifiers=SHIFT)) is None
    assert asked(press("к", 27, modifiers=Qt.KeyboardModifier.AltModifier)) is None


def test_signs_of_a_russian_keyboard(system):
    system("xcb")
    assert asked(press("б", 59)) == ","
    assert asked(press("ю", 60)) == "."
    assert asked(press(".", 61)) == "."
    assert asked(press(",", 61, modifiers=SHIFT)) == ","
    assert asked(press("?", 16, modifiers=SHIFT)) == "?"
    assert asked(press("Ю", 60, modifiers=SHIFT)) is None


def test_where_latin_letters_are_written_they_count(system):
    system("xcb")
    # French: A and Q, Z and W have changed places, M stands beside L.
    assert asked(press("a", 24)) == "A"
    assert asked(press("q", 38)) is None
    assert asked(press("w", 52)) == "W"
    assert asked(press("z", 25)) is None
    # Dvorak: what is R on an American keyboard writes P, N writes B; W writes a comma.
    assert asked(press("p", 27)) is None
    assert asked(press("b", 57)) == "B"
    assert asked(press(",", 25)) == ","
    # Ctrl with the key that is Z elsewhere is no undo there.
    assert asked(press(";", 52, modifiers=CONTROL)) is None
    # Bépo has its apostrophe where N is elsewhere; Latin letters may have marks.
    assert asked(press("'", 57)) is None
    assert asked(press("é", 25)) is None
    assert asked(press("ß", 20)) is None


def test_digits_by_place_where_signs_are_written(system):
    system("xcb")
    told = [asked(press(sign, 10 + place)) for place, sign in enumerate(FRENCH)]
    assert told == [*"12345678", None, None]
    czech = "+ěščřžýá"
    assert [asked(press(sign, 10 + place)) for place, sign in enumerate(czech)] == list("12345678")
    assert asked(press("ๅ", 10)) == "1"  # Thai has letters there
    assert asked(press("à", 19, modifiers=CONTROL)) == "Ctrl+0"
    assert asked(press("-", 15, modifiers=CONTROL)) == "Ctrl+-"
    assert asked(press("&", 10, modifiers=CONTROL)) is None  # Ctrl+1 is no command
    # With Shift it is the sign that is meant, where the key alone is a digit.
    assert asked(press("!", 10, modifiers=SHIFT)) is None
    # A sign that is a command is that command, wherever it stands.
    assert asked(press(",", 15)) == ","


def test_digits_of_other_scripts(system):
    system("cocoa")
    assert asked(press("٣")) == "3"
    assert asked(press("۸")) == "8"
    assert asked(press("३")) == "3"


def test_what_has_no_place_is_what_it_writes(system):
    system("xcb")
    unknown = press("к")
    assert latin_key(unknown) == ord("К")
    assert digit_at_place(unknown) == ""
    assert find_command(unknown) is None
    for key in (Qt.Key.Key_F11, Qt.Key.Key_Home, Qt.Key.Key_Escape, Qt.Key.Key_unknown):
        event = QKeyEvent(QEvent.Type.KeyPress, key, NONE, 24, 0, 0, "")
        assert latin_key(event) == key
