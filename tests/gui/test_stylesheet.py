import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from optiviz.gui.theme.palette import THEMES, Look
from optiviz.gui.theme.stylesheet import faint, mixed, palette, stylesheet

SCALES = [0.7, 1.0, 1.6, 3.0]
GROUNDS = ["window", "card", "field"]


def luminance(color):
    """WCAG 2.2's relative luminance."""
    parts = []
    for start in (1, 3, 5):
        part = int(color[start : start + 2], 16) / 255
        parts.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.fixture(params=THEMES.values(), ids=list(THEMES))
def theme(request):
    return request.param


def test_contrast_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "warning", "error"])
def test_text_can_be_read(theme, ink, ground):
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= 4.5


def test_text_on_the_accent_and_on_pressed_buttons_can_be_read(theme):
    assert contrast(theme.accent_text, theme.accent) >= 4.5
    assert contrast(theme.accent_text, mixed(theme.accent, theme.text, 0.14)) >= 4.5
    assert contrast(theme.text, mixed(theme.card, theme.text, 0.10)) >= 4.5
    assert contrast(theme.text, mixed(theme.field, theme.text, 0.16)) >= 4.5
    assert contrast(theme.muted, mixed(theme.field, theme.text, 0.08)) >= 4.5
    assert contrast(faint(theme), theme.window) >= 3.0


@pytest.mark.parametrize("racer", range(8))
def test_racers_stand_out(theme, racer):
    color = theme.racers[racer]
    for ground in ("window", "card", "groove"):
        assert contrast(color, getattr(theme, ground)) >= 3.0
    # On the surface a halo lies between: the trail parts from it, or from what is under it.
    assert contrast(color, theme.halo) >= 3.0
    for under in theme.surface:
        assert max(contrast(color, under), contrast(color, theme.halo)) >= 3.0


def test_what_is_written_on_the_stage_can_be_read(theme):
    assert contrast(theme.ink, theme.halo) >= 4.5
    for under in theme.surface:
        assert contrast(theme.ink, under) >= 4.5


def test_a_sliders_handle_and_focus_ring_stand_out(theme):
    for ground in GROUNDS:
        assert contrast(theme.handle, getattr(theme, ground)) >= 3.0
        assert contrast(theme.accent, getattr(theme, ground)) >= 3.0
    assert contrast(theme.handle, theme.groove) >= 3.0


@pytest.mark.parametrize("scale", SCALES)
def test_every_placeholder_is_filled(theme, scale):
    sheet = stylesheet(Look(theme, scale))
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    assert all(float(size) >= 0 for size in re.findall(r"([-\d.]+)px", sheet))


def test_lengths_follow_the_scale(theme):
    assert "border-radius: 6px" in stylesheet(Look(theme, 1.0))
    assert "border-radius: 12px" in stylesheet(Look(theme, 2.0))
    size = f"font-size: {Look(theme, 2.0).font(0.95).pointSizeF():.2f}pt"
    assert stylesheet(Look(theme, 2.0)).count(size) == 2  # menus and tooltips


def test_lengths_follow_the_systems_text(theme):
    sheet = stylesheet(Look(theme, 1.0, point_size=18.0))
    assert "border-radius: 12px" in sheet
    assert sheet == stylesheet(Look(theme, 2.0))


def sample():
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.setSpacing(6)
    named = {}

    def add(name, widget, **properties):
        widget.setObjectName(name)
        for key, value in properties.items():
            widget.setProperty(key, value)
        layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        named[name] = widget
        return widget

    add("card", QFrame(), card=True).setMinimumSize(60, 20)
    add("label", QLabel("muted"), muted=True)
    add("badge", QLabel("Ctrl+O"), badge="plain")
    add("button", QPushButton("Button"))
    add("checked", QToolButton()).setCheckable(True)
    named["checked"].setText("Checked")
    named["checked"].setChecked(True)
    add("quiet", QToolButton(), quiet=True)
    add("fold", QToolButton(), quiet=True, fold=True)
    add("play", QToolButton())
    add("combo", QComboBox()).addItem("Beale")
    add("line", QLineEdit("text"))
    add("name", QLineEdit("Momentum"), inline=True)
    add("number", QLineEdit("0.02"), number=True)
    return window, named


@pytest.fixture
def shown(request, qtbot, theme):
    window, named = sample()
    window.setStyleSheet(stylesheet(Look(theme, getattr(request, "param", 1.0))))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    return window, named


FOCUSABLE = [
    "button",
    "checked",
    "quiet",
    "fold",
    "play",
    "combo",
    "line",
    "name",
    "number",
]


@pytest.mark.parametrize("shown", SCALES, indirect=True)
@pytest.mark.parametrize("name", FOCUSABLE)
def test_focus_is_visible_and_moves_nothing(shown, qtbot, name, theme):
    _window, named = shown
    widget = named[name]
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    other = next(named[each] for each in FOCUSABLE if each != name)
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    before, size = widget.grab().toImage(), widget.sizeHint()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(widget.hasFocus)
    after = widget.grab().toImage()
    assert widget.sizeHint() == size
    ring = theme.text if name in ("checked", "play") else theme.accent

    def count(image):
        return sum(
            image.pixelColor(x, y).name() == ring
            for x in range(image.width())
            for y in range(image.height())
        )

    assert count(after) > count(before) + 20


def test_grounds_are_the_themes(shown, theme):
    _, named = shown
    image = named["card"].grab().toImage()
    assert image.pixelColor(30, 10).name() == theme.card
    image = named["checked"].grab().toImage()
    assert image.pixelColor(8, image.height() // 2).name() == theme.accent
    image = named["play"].grab().toImage()
    assert (image.width(), image.height()) == (44, 44)
    assert image.pixelColor(22, 5).name() == theme.accent


@pytest.mark.parametrize("shown", [0.7, 1.0, 1.3, 1.6, 3.0], indirect=True)
def test_the_play_button_is_round_at_every_scale(shown, theme):
    window, named = shown
    image = window.grab(named["play"].geometry()).toImage()
    assert image.width() == image.height()
    assert image.pixelColor(1, 1).name() != theme.accent
    assert image.pixelColor(image.width() // 2, 3).name() == theme.accent


def test_a_toggle_that_is_on_shows_it_by_its_edge(shown):
    _, named = shown
    button = named["quiet"]
    button.setProperty("toggle", True)
    button.setCheckable(True)
    button.style().unpolish(button)
    button.style().polish(button)
    off, size = button.grab().toImage(), button.sizeHint()
    button.setChecked(True)
    assert button.grab().toImage() != off
    assert button.sizeHint() == size


def test_a_disabled_button_shows_it(shown, theme):
    _, named = shown
    before = named["button"].grab().toImage()
    named["button"].setEnabled(False)
    assert named["button"].grab().toImage() != before
    assert named["button"].palette().color(QPalette.ColorRole.ButtonText).name() == faint(theme)


def test_a_widgets_own_font_is_kept(qtbot, theme):
    look = Look(theme, 1.6)
    window = QWidget()
    label = QLabel("name", window)
    label.setFont(look.font(1.2, bold=True))
    QHBoxLayout(window).addWidget(label)
    window.setStyleSheet(stylesheet(look))
    qtbot.addWidget(window)
    window.show()
    assert label.font().pointSizeF() == pytest.approx(look.font(1.2).pointSizeF())
    assert label.font().bold() or label.font().weight() >= 600


def test_the_palette_goes_with_it(theme):
    made = palette(theme)
    assert made.color(QPalette.ColorRole.Window) == QColor(theme.window)
    assert made.color(QPalette.ColorRole.Highlight) == QColor(theme.accent)
    disabled = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled == QColor(faint(theme))
