"""Keys: each command's, and who gets a key first."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog

from optiviz.gui.commands.actions import COMMANDS
from optiviz.gui.state.appearance import SCALES
from optiviz.gui.theme import icons
from optiviz.scene import first_scene

FIRST = first_scene("beale")
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
KEYS = [(each, key) for each in COMMANDS for key in each.keys]


def press(ui, sequence, extra=Qt.KeyboardModifier.NoModifier):
    keys = QKeySequence(sequence)
    assert keys.count() == 1
    ui.key(keys[0].key(), keys[0].keyboardModifiers() | extra)


@pytest.fixture
def wished(ui):
    """The commands that keys ask for; nothing is done about them."""
    told = []
    ui.window.command_wished.disconnect(ui.parts.commands.on_command)
    ui.window.command_wished.connect(told.append)
    return told


def test_no_key_is_told_twice():
    keys = [key for _, key in KEYS]
    assert len(set(keys)) == len(keys)
    assert all(QKeySequence(key).toString() == key for key in keys)


def test_every_key_asks_for_its_command(ui, wished):
    ui.focus(ui.contour)
    for command, key in KEYS:
        press(ui, key)
        assert wished == [command], key
        wished.clear()


def test_keys_that_take_shift_on_some_keyboards(ui, wished):
    ui.focus(ui.contour)
    for sign in ("?", "+", "=", "-", ".", ","):
        for shift in (Qt.KeyboardModifier.NoModifier, SHIFT):
            control = CONTROL if sign in "+=-" else Qt.KeyboardModifier.NoModifier
            key = Qt.Key(ord(sign))
            QTest.keyClick(ui.contour, key, shift | control)
    names = [command.id for command in wished]
    assert names == [
        *["cheat_sheet"] * 2,
        *["scale_up"] * 4,
        *["scale_down"] * 2,
        *["step_forward"] * 2,
        *["step_back"] * 2,
    ]


def test_keys_of_the_number_pad(ui, wished):
    ui.focus(ui.contour)
    pad = Qt.KeyboardModifier.KeypadModifier
    ui.key(Qt.Key.Key_3, pad)
    ui.key(Qt.Key.Key_Plus, pad | CONTROL)
    ui.key(Qt.Key.Key_Home, pad)
    assert [each.id for each in wished] == ["toggle_racer", "scale_up", "to_start"]
    assert wished[0].argument == 2


def test_other_keys_ask_for_nothing(ui, wished):
    ui.focus(ui.contour)
    for key in (Qt.Key.Key_Z, Qt.Key.Key_9, Qt.Key.Key_0, Qt.Key.Key_Plus):
        ui.key(key)
    ui.key(Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    ui.key(Qt.Key.Key_F, CONTROL)
    ui.key(Qt.Key.Key_L, CONTROL | SHIFT)
    assert wished == []


# What they do


def test_playing_keys(ui):
    ui.focus(ui.contour)
    press(ui, "Space")
    assert ui.playback.playing
    press(ui, "Space")
    assert not ui.playback.playing
    press(ui, "End")
    assert ui.playback.position == 300
    press(ui, ",")
    assert ui.playback.position == 299
    press(ui, "Home")
    press(ui, ".")
    press(ui, ".")
    assert ui.playback.position == 2
    press(ui, "End")
    press(ui, "Space")
    assert ui.playback.playing
    assert ui.playback.position < 300
    press(ui, "Space")


def test_history_keys(ui):
    ui.type("racer_0.lr", "0.1")
    changed = ui.scene
    ui.focus(ui.contour)
    press(ui, "Ctrl+Z")
    assert ui.scene == FIRST
    for key in ("Ctrl+Shift+Z", "Ctrl+Y"):
        press(ui, key)
        assert ui.scene == changed
        press(ui, "Ctrl+Z")
    press(ui, "Ctrl+Z")
    assert ui.scene == FIRST
    ui.settle()


def test_undo_works_from_a_field_in_which_nothing_is_typed(ui):
    ui.type("racer_0.lr", "0.1")
    press(ui, "Ctrl+Z")
    assert ui.scene == FIRST
    assert ui("racer_0.lr").text() == "0.02"
    press(ui, "Ctrl+Shift+Z")
    assert ui.knob("racer_0.lr") == 0.1
    # While something is typed, it is the typing that is taken back.
    ui.type("racer_0.lr", "0.7", enter=False)
    press(ui, "Ctrl+Z")
    assert ui.knob("racer_0.lr") == 0.1
    ui.settle()


def test_scale_keys_enlarge_everything_and_are_remembered(ui, opened):
    ui.focus(ui.contour)
    size = ui("play").font().pointSizeF(), ui("racer_0.lr").font().pointSizeF()
    press(ui, "Ctrl++")
    QApplication.processEvents()
    assert ui.window.look.scale == 1.1
    assert ui("racer_0.lr").font().pointSizeF() > size[1]
    for _ in SCALES:
        press(ui, "Ctrl+=")
    QApplication.processEvents()
    assert ui.window.look.scale == SCALES[-1]
    assert not ui.window.grab().isNull()
    for _ in SCALES:
        press(ui, "Ctrl+-")
    QApplication.processEvents()
    assert ui.window.look.scale == SCALES[0]
    assert not ui.window.grab().isNull()
    press(ui, "Ctrl+0")
    QApplication.processEvents()
    assert ui.window.look.scale == 1.0
    assert ui("racer_0.lr").font().pointSizeF() == size[1]
    press(ui, "Ctrl++")
    ui.window.close()
    assert opened().window.look.scale == 1.1


def test_full_screen_and_back(ui):
    ui.focus(ui.contour)
    press(ui, "F11")
    assert ui.window.isFullScreen()
    ui.window.activateWindow()
    press(ui, "F11")
    assert not ui.window.isFullScreen()


def test_escape_closes_what_is_open_and_then_leaves_full_screen(ui):
    ui.focus(ui.contour)
    press(ui, "F11")
    ui.window.activateWindow()
    press(ui, "?")
    ui.focus(ui.contour)  # as after a click beside the sheet
    press(ui, "Esc")
    assert not ui("cheat_sheet_card").isVisible()
    assert ui.window.isFullScreen()
    press(ui, "L")
    press(ui, "R")
    ui.wait(lambda: ui.message == "The scene is locked; L unlocks it.")
    press(ui, "Esc")
    assert ui.message == ""
    assert ui.window.isFullScreen()
    press(ui, "Esc")
    assert not ui.window.isFullScreen()
    press(ui, "Esc")
    assert not ui.window.isFullScreen()


def test_quit_closes(ui):
    ui.focus(ui.contour)
    press(ui, "Ctrl+Q")
    assert not ui.window.isVisible()


def test_file_keys_ask_for_files(ui, monkeypatch):
    asked = []
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(
            QFileDialog, name, lambda *_, name=name, **__: (asked.append(name), ("", ""))[1]
        )
    ui.focus(ui.contour)
    for key in ("Ctrl+O", "Ctrl+S", "Ctrl+Shift+S"):
        press(ui, key)
    assert asked == ["getOpenFileName", "getSaveFileName", "getSaveFileName"]
    assert ui.told == []


def test_the_cheat_sheet_opens_and_closes(ui):
    sheet = ui("cheat_sheet_card")
    assert not sheet.isVisible()
    ui.focus(ui.contour)
    for opening in ("?", "F1"):
        for closing in ("?", "Esc", "F1"):
            press(ui, opening)
            assert sheet.isVisible()
            press(ui, closing)
            assert not sheet.isVisible()
            assert ui.contour.hasFocus()
    ui.click("cheat_sheet")
    assert sheet.isVisible()
    ui.click("cheat_sheet_close")
    assert not sheet.isVisible()
    press(ui, "?")
    texts = {label.text() for label in sheet.findChildren(type(ui("tuning_rule")))}
    for command in COMMANDS:
        if command.menu != "racers":
            assert command.title in texts
    press(ui, "?")


# Who gets a key first


def test_letters_and_digits_do_nothing_while_a_number_is_typed(ui, wished):
    ui.focus(ui("racer_0.lr"))
    for text in "rfl1234.,?-":
        QTest.keyClicks(ui("racer_0.lr"), text)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Right):
        ui.key(key)
    assert wished == []
    ui.key(Qt.Key.Key_Escape)
    assert ui("racer_0.lr").text() == "0.02"
    assert ui.scene == FIRST


def test_digits_that_take_shift(ui, wished):
    # As on a French keyboard, where the key alone writes "&" and Shift writes "1".
    french = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, SHIFT, "1")
    QApplication.sendEvent(ui.contour, french)
    QTest.keyClick(ui.contour, Qt.Key.Key_0, SHIFT | CONTROL)
    assert [(each.id, each.argument) for each in wished] == [
        ("toggle_racer", 0),
        ("scale_reset", None),
    ]
    wished.clear()
    for key, text in ((Qt.Key.Key_Ampersand, "&"), (Qt.Key.Key_Exclam, "!")):
        for modifiers in (Qt.KeyboardModifier.NoModifier, SHIFT):
            QApplication.sendEvent(
                ui.contour, QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)
            )
    QTest.keyClick(ui.contour, Qt.Key.Key_1, CONTROL)
    assert wished == []
    alt = Qt.KeyboardModifier.AltModifier
    for modifiers in (alt, alt | SHIFT):
        QApplication.sendEvent(
            ui.contour, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_3, modifiers, "3")
        )
    assert [each.id for each in wished] == ["tab_rate", "tab_rate"]


def test_letters_digits_and_space_do_nothing_while_a_name_is_typed(ui, wished):
    field = ui("racer_1.name")
    ui.focus(field)
    ui.key(Qt.Key.Key_F2)
    QTest.keyClicks(field, "Fast 1, lr.?")
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        ui.key(key)
    assert wished == []
    assert field.text() == "Fast 1, lr.?"
    ui.key(Qt.Key.Key_Escape)
    # Read only, it is no text field.
    ui.key(Qt.Key.Key_1)
    ui.key(Qt.Key.Key_Space)
    assert [each.id for each in wished] == ["toggle_racer", "play"]


@pytest.mark.parametrize(
    "name", ["racer_0.lr.slider", "step_slider", "play", "lock", "link_lr", "racer_2.solo"]
)
def test_letters_and_digits_act_with_the_focus_on_a_slider_or_button(ui, wished, name):
    ui.focus(ui(name))
    for key in "RFL1.,?":
        QTest.keyClicks(ui(name), key.lower())
    assert [each.id for each in wished] == [
        "reset",
        "fit",
        "lock",
        "toggle_racer",
        "step_forward",
        "step_back",
        "cheat_sheet",
    ]
    assert ui.scene == FIRST


@pytest.mark.parametrize("name", ["surface_chooser", "gradient_chooser", "speed"])
def test_letters_and_digits_act_with_the_focus_on_a_list(ui, wished, name):
    ui.focus(ui(name))
    for key in "rfl1":
        QTest.keyClicks(ui(name), key)
    assert [each.id for each in wished] == ["reset", "fit", "lock", "toggle_racer"]
    assert ui.scene == FIRST
    assert ui.playback.speed == 1.0


def test_arrows_home_and_end_belong_to_a_slider_first(ui, wished):
    ui.focus(ui("racer_0.lr.slider"))
    values = []
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_End):
        ui.key(key)
        values.append(ui.knob("racer_0.lr"))
    assert values == [1e-5, 2e-5, 5e-5, 2e-5, 10.0]
    assert ui.scene.start == FIRST.start
    assert wished == []
    ui.key(Qt.Key.Key_Space)  # of no use to a slider
    assert [each.id for each in wished] == ["play"]
    ui.settle()


@pytest.mark.parametrize("name", ["racer_1.solo", "loop", "lock"])
def test_space_belongs_to_a_button_first(ui, name):
    button = ui(name)
    ui.focus(button)
    ui.key(Qt.Key.Key_Space)
    assert button.isChecked()
    assert not ui.playback.playing
    ui.key(Qt.Key.Key_Space)
    assert not button.isChecked()
    assert not ui.playback.playing


def test_a_click_on_a_button_leaves_space_to_the_playing(ui):
    ui.focus(ui.contour)
    ui.click("racer_0.enabled")
    assert QApplication.focusWidget() is ui.contour
    ui.key(Qt.Key.Key_Space)
    assert ui.playback.playing
    ui.key(Qt.Key.Key_Space)


def test_arrows_move_the_start_only_while_the_stage_has_the_focus(ui):
    ui.focus(ui("curves_view"))
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
        ui.key(key)
    assert ui.scene == FIRST


# A key that is held


def hold(ui, sequence, repeats=20):
    """Press a key and keep it down, as a system tells it."""
    keys = QKeySequence(sequence)[0]
    for number in range(repeats + 1):
        event = QKeyEvent(
            QEvent.Type.KeyPress,
            keys.key(),
            keys.keyboardModifiers(),
            sequence if len(sequence) == 1 else "",
            number > 0,
        )
        QApplication.sendEvent(QApplication.focusWidget(), event)


def test_a_held_key_acts_once_unless_it_steps(ui, wished):
    ui.focus(ui.contour)
    for command, key in KEYS:
        hold(ui, key)
        steps = command.id in ("step_back", "step_forward")
        assert wished == [command] * (21 if steps else 1), key
        wished.clear()


def test_a_held_digit_is_one_step_to_undo_and_a_held_space_plays(ui):
    ui.focus(ui.contour)
    hold(ui, "1", repeats=21)
    assert not ui.scene.racers[0].enabled
    press(ui, "Ctrl+Z")
    assert ui.scene == FIRST
    hold(ui, "Space", repeats=21)
    assert ui.playback.playing
    press(ui, "Space")
    hold(ui, "Home")
    hold(ui, ".", repeats=4)
    assert ui.playback.position == 5


def test_the_arrow_keys_of_slider_and_stage_repeat(ui):
    ui.focus(ui("step_slider"))
    hold(ui, "Right", repeats=9)
    assert ui.playback.position == 10
    ui.focus(ui.contour)
    x = ui.scene.start[0]
    hold(ui, "Right", repeats=1)
    once = ui.scene.start[0] - x
    hold(ui, "Right", repeats=3)
    assert ui.scene.start[0] - x == pytest.approx(3 * once)
    ui.settle()


# A mouse that was there before


def test_after_a_drag_home_end_and_space_are_the_windows(ui, wished):
    ui.focus(ui.contour)
    slider = ui("racer_0.lr.slider")
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    assert slider.hasFocus()
    dragged = ui.scene
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_Space):
        ui.key(key)
    assert [each.id for each in wished] == ["to_end", "to_start", "play"]
    assert ui.scene == dragged
    ui.key(Qt.Key.Key_Right)  # a step goes on from where the hand let go
    assert ui.scene != dragged
    ui.key(Qt.Key.Key_Tab)
    ui.key(Qt.Key.Key_Backtab)
    assert slider.hasFocus()
    ui.key(Qt.Key.Key_End)
    assert ui.knob("racer_0.lr") == 10.0
    assert len(wished) == 3
    ui.settle()


def test_a_slider_of_the_keyboard_that_the_mouse_takes_is_the_mouses(ui, wished):
    slider = ui("racer_0.lr.slider")
    ui.focus(slider)
    ui.key(Qt.Key.Key_Home)
    assert wished == []
    ui.slide("racer_0.lr.slider", 0.5)
    ui.key(Qt.Key.Key_Home)
    assert [each.id for each in wished] == ["to_start"]
    ui.settle()


def test_no_click_on_a_switch_or_button_takes_space_away(ui):
    ui.focus(ui.contour)
    for button in ui.window.findChildren(QAbstractButton):
        if button.isVisible():
            assert not button.focusPolicy() & Qt.FocusPolicy.ClickFocus & ~Qt.FocusPolicy.TabFocus
    ui.click("link_lr")
    assert ui.contour.hasFocus()


def test_a_click_into_a_number_types_over_it(ui):
    field = ui("racer_0.lr")
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    assert field.hasFocus()
    QTest.keyClicks(field, "0,05")
    ui.key(Qt.Key.Key_Return)
    assert ui.knob("racer_0.lr") == 0.05
    ui.settle()


def test_a_number_typed_with_a_space_plays_nothing(ui, wished):
    field = ui("steps")
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    QTest.keyClicks(field, "1 500")
    assert field.text() == "1 500"
    ui.key(Qt.Key.Key_Return)
    assert ui.scene.steps == 1500
    assert wished == []
    ui.key(Qt.Key.Key_Space)  # the field has let go
    assert [each.id for each in wished] == ["play"]
    ui.settle()


# The lock


def test_the_lock_blocks_edits_and_lets_racers_be_toggled(ui):
    ui.type("racer_0.lr", "0.1")
    ui.contour.camera_moved.emit(0.0, 2.0, 0.0, 2.0)  # so that F had something to do
    before = ui.scene
    assert before.camera is not None
    ui.focus(ui.contour)
    press(ui, "L")
    assert ui("lock").isChecked()
    for key in ("R", "Ctrl+Z", "Ctrl+Y", "F"):
        press(ui, key)
        assert ui.scene == before
    ui.wait(lambda: ui.message == "The scene is locked; L unlocks it.")
    assert {problem.kind for problem in ui.told} == {"info"}
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
        ui.key(key)
    ui.release(ui.contour, ui.drag_start(50, 50))
    assert ui.scene == before
    for name in (
        "surface_chooser",
        "gradient_chooser",
        "steps",
        "race_target",
        "start_x",
        "start_y",
        "link_lr",
        "add_racer",
        "racer_0.lr",
        "racer_0.lr.slider",
        "racer_0.remove",
        "racer_0.duplicate",
        "racer_0.name",
    ):
        assert not ui(name).isEnabled(), name
    # Toggling, solo and playing go on.
    press(ui, "1")
    assert not ui.scene.racers[0].enabled
    ui.click("racer_0.enabled")
    assert ui.scene.racers[0].enabled
    ui.click("racer_1.solo")
    assert ui.scene.solo == 1
    ui.click("racer_1.solo")
    press(ui, ".")
    assert ui.playback.position == 1
    press(ui, "L")
    assert not ui("lock").isChecked()
    assert ui("racer_0.lr").isEnabled()
    ui.type("racer_0.lr", "0.2")
    assert ui.knob("racer_0.lr") == 0.2
    ui.settle()


def test_the_lock_comes_by_its_button_too(ui):
    ui.click("lock")
    assert not ui("racer_0.lr").isEnabled()
    ui.release(ui.contour, ui.drag_start(50, 50))
    assert ui.scene == FIRST
    ui.click("lock")
    ui.release(ui.contour, ui.drag_start(50, 50))
    assert ui.scene != FIRST
    ui.settle()


LOCKED = "The scene is locked; L unlocks it."


@pytest.mark.parametrize(
    "name", ["surface_chooser", "racer_0.lr", "racer_0.lr.slider", "racer_0.remove", "steps"]
)
def test_a_press_on_what_is_locked_is_told_once(ui, name):
    ui.click("lock")
    ui.click(name)
    ui.wait(lambda: ui.message == LOCKED)
    for _ in range(3):
        ui.click(name)
        ui.click("racer_1.lr")
    QApplication.processEvents()
    assert [(problem.sentence, problem.count) for problem in ui.told] == [(LOCKED, 1)]
    # Locked anew, it is told anew.
    ui.click("lock")
    ui.click("lock")
    ui.click(name)
    ui.wait(lambda: len(ui.told) == 2)
    assert ui.scene == FIRST


def test_a_hand_on_the_locked_start_is_told_once(ui):
    ui.click("lock")
    ui.press(ui.contour, QPointF(30, 30))  # beside the start: it pans
    ui.release(ui.contour, QPointF(30, 30))
    QApplication.processEvents()
    assert ui.told == []
    ui.release(ui.contour, ui.drag_start(50, 50))
    ui.wait(lambda: ui.message == LOCKED)
    QTest.mouseDClick(ui.contour, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    QApplication.processEvents()
    assert len(ui.told) == 1
    assert ui.scene.start == FIRST.start


def test_what_is_off_for_another_reason_says_nothing_of_the_lock(ui):
    assert not ui("seed").isEnabled()  # no chance plays a part
    ui.click("lock")
    ui.click("seed")
    ui.click("racer_0.enabled")
    ui.click("play")
    QApplication.processEvents()
    assert ui.told == []
    ui.click("play")
    ui.click("lock")
    ui.click("racer_0.remove")
    QApplication.processEvents()
    assert ui.told == []
    ui.settle()


def test_a_drag_under_way_ends_when_the_lock_comes(ui):
    at = ui.drag_start(50, 50)
    held = ui.scene
    ui.key(Qt.Key.Key_L)
    ui.move(ui.contour, at)
    ui.move(ui.contour, at + at)
    assert ui.scene == held
    ui.release(ui.contour, at)
    ui.key(Qt.Key.Key_L)
    ui.click("undo")
    assert ui.scene == FIRST
    ui.settle()


def test_a_held_key_of_scale_shows_the_window_anew_once(ui, monkeypatch):
    shown, show = [], ui.window.show_look

    def watched(look):
        shown.append(look.scale)
        show(look)

    monkeypatch.setattr(ui.window, "show_look", watched)
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus):
        # As a key that repeats: the next press waits in the queue already.
        QApplication.postEvent(ui.window, QKeyEvent(QEvent.Type.KeyPress, key, CONTROL))
    ui.wait(lambda: bool(shown))
    QApplication.processEvents()
    assert shown == [1.25]
    assert ui.window.look.scale == ui.settings.scale == 1.25


def test_a_racers_icons_are_not_drawn_anew_when_it_is_toggled(ui, monkeypatch):
    ui.parts.controller.toggle_racer(1)
    ui.parts.controller.toggle_racer(1)
    drawn, draw = [], icons._pixmap

    def watched(*arguments):
        drawn.append(arguments)
        return draw(*arguments)

    monkeypatch.setattr(icons, "_pixmap", watched)
    for _ in range(2):
        ui.parts.controller.toggle_racer(1)
        QApplication.processEvents()
    assert drawn == []
