import re
import xml.etree.ElementTree as ET

import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

from optiviz import resources
from optiviz.gui.panels.buttons import IconButton
from optiviz.gui.theme.icons import (
    app_icon,
    icon,
    icon_names,
    icon_pixmap,
    marker_pixmap,
    show_icon,
)
from optiviz.gui.theme.markers import marker_path
from optiviz.gui.theme.palette import RACER_STYLES, THEMES, Look

WANTED = """rewind step_back play pause step_forward to_end loop lock unlock add remove duplicate
solo eye eye_off fit undo redo open save theme chevron_down chevron_right warning error info close
help more enlarge contour die""".split()
MARKERS = [look.marker for look in RACER_STYLES] + ["star", "cross"]


def alpha(image):
    return [
        [image.pixelColor(x, y).alpha() for x in range(image.width())]
        for y in range(image.height())
    ]


def covered(image):
    return sum(value > 127 for row in alpha(image) for value in row)


@pytest.mark.parametrize("name", WANTED)
def test_every_icon_is_there_coloured_and_centred(name):
    image = icon_pixmap(name, "#e69f00", 48).toImage()
    solid = [
        image.pixelColor(x, y)
        for x in range(48)
        for y in range(48)
        if image.pixelColor(x, y).alpha() == 255
    ]
    assert solid
    for color in solid:
        off = (color.red() - 0xE6, color.green() - 0x9F, color.blue())
        assert max(map(abs, off)) <= 2
    rows = [y for y, row in enumerate(alpha(image)) if max(row) > 100]
    columns = [x for x, column in enumerate(zip(*alpha(image), strict=True)) if max(column) > 100]
    for least, most in ((rows[0], rows[-1]), (columns[0], columns[-1])):
        assert least >= 1
        assert most <= 46
        assert abs((least + most) / 2 - 23.5) <= 4.0


def test_icons_differ_from_each_other():
    drawn = {name: alpha(icon_pixmap(name, "#000", 20).toImage()) for name in WANTED}
    for one in WANTED:
        assert [other for other in WANTED if drawn[other] == drawn[one]] == [one]


@pytest.mark.parametrize("name", icon_names())
def test_drawings_use_one_colour_from_outside(name):
    text = resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")
    ET.fromstring(text)
    assert "\r" not in text
    if name != "optiviz":
        assert "currentColor" in text
        assert not re.search(r"#[0-9a-fA-F]{3,6}", text)


def test_wanted_icons_are_listed():
    assert set(WANTED) <= set(icon_names())


def test_an_unknown_icon_is_an_error():
    with pytest.raises(KeyError, match="unicorn"):
        icon("unicorn", "#fff", 16)


@pytest.mark.parametrize("dpr", [1.0, 1.25, 1.5, 1.75, 2.0, 3.0])
@pytest.mark.parametrize("side", [13, 14, 16, 18, 22, 25])
def test_sharp_at_every_pixel_ratio(side, dpr):
    pixmap = icon("play", "#ffffff", side, dpr).pixmap(QSize(side, side), dpr)
    # As Qt counts the device pixels of this size: not one is made up by scaling.
    assert pixmap.size() == QSize(side, side) * dpr
    direct = icon_pixmap("play", "#ffffff", pixmap.width()).toImage()
    assert pixmap.toImage() == direct


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("state", [QIcon.State.Off, QIcon.State.On])
@pytest.mark.parametrize("mode", [QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected])
def test_only_what_is_disabled_looks_otherwise(mode, state, dpr):
    size = QSize(24, 24)
    drawn = icon("lock", "#112233", 24, dpr)
    normal = drawn.pixmap(size, dpr).toImage()
    assert drawn.pixmap(size, dpr, mode, state).toImage() == normal
    assert max(map(max, alpha(normal))) == 255
    disabled = drawn.pixmap(size, dpr, QIcon.Mode.Disabled, state).toImage()
    assert disabled.size() == normal.size()
    for faint, full in zip(alpha(disabled), alpha(normal), strict=True):
        assert faint == pytest.approx([0.38 * each for each in full], abs=1.01)


def test_a_button_is_given_an_icon_for_its_size_and_its_screen(qtbot, monkeypatch):
    button = IconButton("lock", "Lock", "", "lock", size=20.0)
    qtbot.addWidget(button)
    for ratio in (1.0, 1.25, 2.0):
        monkeypatch.setattr(button, "devicePixelRatioF", lambda ratio=ratio: ratio)
        button.show_look(Look())
        side = button.iconSize().width()
        assert button.icon().availableSizes()[0] == QSize(side, side) * ratio


def test_on_another_screen_icons_are_drawn_for_its_pixels(ui, monkeypatch):
    monkeypatch.setattr(QWidget, "devicePixelRatioF", lambda _: 2.0)
    QApplication.sendEvent(ui.window, QEvent(QEvent.Type.DevicePixelRatioChange))
    buttons = [
        each
        for each in ui.window.findChildren(QToolButton)
        if not each.icon().isNull() and "gallery" not in each.objectName()
    ]
    assert len(buttons) > 30
    for button in buttons:
        assert button.icon().availableSizes()[0] == button.iconSize() * 2.0, button.objectName()


def test_an_icon_outlives_what_made_it(qtbot):
    button = QPushButton()
    qtbot.addWidget(button)
    button.setIconSize(QSize(24, 24))
    show_icon(button, "play", "#ff0000")
    copy = QIcon(button.icon())
    button.show()
    assert covered(copy.pixmap(QSize(24, 24), 1.0).toImage()) > 50
    assert "#ff0000" in {
        button.grab().toImage().pixelColor(x, button.height() // 2).name()
        for x in range(button.width())
    }


def test_the_applications_icon_has_a_drawing_for_each_size():
    sizes = {size.width() for size in app_icon().availableSizes()}
    assert {16, 32, 48, 256} <= sizes
    small = app_icon().pixmap(QSize(16, 16), 1.0).toImage()
    amber = [
        small.pixelColor(x, y)
        for x in range(16)
        for y in range(16)
        if small.pixelColor(x, y).red() > 200 and small.pixelColor(x, y).blue() < 140
    ]
    white = [
        small.pixelColor(x, y)
        for x in range(16)
        for y in range(16)
        if small.pixelColor(x, y).blue() > 235
    ]
    assert len(amber) >= 8
    assert len(white) >= 2


@pytest.mark.parametrize("marker", MARKERS)
def test_markers_are_of_unit_size_and_centred(marker):
    box = marker_path(marker).boundingRect()
    assert max(abs(v) for v in (box.left(), box.right(), box.top(), box.bottom())) <= 0.501
    assert 0.8 <= max(box.width(), box.height()) <= 1.0
    assert abs(box.center().x()) < 0.01
    assert abs(box.center().y()) < 0.06


def test_markers_look_equally_large_and_different():
    images = [marker_pixmap(m, "#fff", "transparent", 43, 1.0).toImage() for m in MARKERS[:8]]
    areas = [covered(image) for image in images]
    assert max(areas) < 2.0 * min(areas)
    for one in range(8):
        for other in range(one):
            a, b = alpha(images[one]), alpha(images[other])
            apart = sum(
                abs(p - q) > 127
                for row, line in zip(a, b, strict=True)
                for p, q in zip(row, line, strict=True)
            )
            assert apart > 0.1 * min(areas)


def test_a_marker_has_a_halo():
    image = marker_pixmap("circle", "#ff0000", "#00ff00", 24, 2.0).toImage()
    assert image.width() == 48
    middle = [image.pixelColor(x, 24) for x in range(48)]
    assert middle[24].name() == "#ff0000"
    assert QColor("#00ff00").name() in {color.name() for color in middle}
    assert image.pixelColor(0, 0).alpha() == 0


def test_an_unknown_marker_is_an_error():
    with pytest.raises(KeyError):
        marker_path("blob")


@pytest.mark.parametrize("theme", THEMES.values())
def test_pictures_of_the_style_sheet_have_the_themes_colours(theme):
    def drawing(name):
        return resources.path("icons", f"{name}.{theme.name}.svg").read_text(encoding="utf-8")

    assert theme.muted in drawing("arrow")
    assert theme.accent_text in drawing("check")
