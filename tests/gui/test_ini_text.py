"""Settings as text: whatever letters there are, they come back, and half a letter is damage."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QSettings

from optiviz.gui.state import ini_text
from optiviz.gui.state.settings import Settings

LETTERS = st.text(st.characters(exclude_categories=["Cs"]))


@given(LETTERS)
@example("a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i")
@example("\0007\0")
@example("\ufeff😀")
def test_every_letter_comes_back(text):
    assert ini_text.parse(ini_text.dumps({"a": text, "b/c": text})) == (
        {"a": text, "b/c": text},
        True,
    )


def test_lines_may_end_as_on_windows():
    assert ini_text.parse("[General]\r\na=1\r\nb=2\r\n") == ({"a": "1", "b": "2"}, True)


@pytest.mark.parametrize("text", ["😀", "a\x0bb", "\x1f0", "\x85\u2028"])
def test_qt_and_we_read_each_other(tmp_path, text):
    ours, theirs = tmp_path / "ours.ini", tmp_path / "theirs.ini"
    ours.write_bytes(ini_text.dumps({"a": text}).encode())
    assert QSettings(str(ours), QSettings.Format.IniFormat).value("a") == text
    qt = QSettings(str(theirs), QSettings.Format.IniFormat)
    qt.setValue("a", text)
    qt.sync()
    assert ini_text.parse(theirs.read_bytes().decode()) == ({"a": text}, True)


def test_qt_takes_no_digit_for_a_part_of_a_zero(tmp_path):
    path = tmp_path / "ours.ini"
    path.write_bytes(ini_text.dumps({"a": "a\0007b"}).encode())
    assert QSettings(str(path), QSettings.Format.IniFormat).value("a") == "a\0007b"


def test_two_halves_are_a_letter_and_one_alone_is_damage(tmp_path):
    path = tmp_path / "settings.ini"
    path.write_text('[General]\na="\\xd83d\\xde00"\nb="\\xd83d"\nc=1\n', encoding="utf-8")
    settings = Settings(path)
    assert settings._values == {"a": "😀", "c": "1"}
    assert settings.problem is not None
    assert settings.save()
    assert Settings(path).problem is None


def test_half_a_letter_that_is_set_takes_nothing_else_with_it(tmp_path):
    settings = Settings(tmp_path / "settings.ini")
    settings._put("a", "\ud83d")
    settings._put("b", "1")
    assert settings.save()
    assert Settings(settings.path)._values["b"] == "1"
