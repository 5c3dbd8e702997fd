"""The look follows what was chosen and what the system says, while the window is open too."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from optiviz.gui.state.appearance import Appearance
from optiviz.gui.state.settings import Settings
from optiviz.gui.theme import palette as theme
from optiviz.gui.theme.palette import DARK, LIGHT, Look, system_point_size


@pytest.fixture
def appearance(qtbot, tmp_path):
    window = QWidget()
    qtbot.addWidget(window)
    settings = Settings(tmp_path / "optiviz.ini")
    made = Appearance(settings, window)
    made.window, made.told = window, []
    made.changed.connect(made.told.append)
    yield made
    settings.save()  # what was changed waits a second for more


@pytest.fixture
def system_text(qapp):
    before = qapp.font()

    def ask_for(points=None, pixels=None):
        font = QApplication.font()
        if pixels is not None:
            font.setPixelSize(pixels)
        else:
            font.setPointSizeF(points)
        qapp.setFont(font)

    yield ask_for
    qapp.setFont(before)


def test_lengths_and_text_stand_in_proportion():
    usual = Look(DARK)
    assert usual.zoom == 1.0
    assert usual.px(10) == 10.0
    for look in (Look(DARK, 2.0), Look(DARK, 1.0, point_size=18.0), Look(DARK, 1.5, False, 12.0)):
        assert look.px(10) == pytest.approx(20.0)
        assert look.font().pointSizeF() == pytest.approx(2.0 * usual.font().pointSizeF())


def test_looks_can_be_compared():
    assert Look(LIGHT, point_size=11.0) == Look(LIGHT, point_size=11.0)
    assert Look(LIGHT, point_size=11.0) != Look(LIGHT, point_size=13.0)
    assert len({Look(LIGHT), Look(LIGHT), Look(DARK)}) == 2


def test_the_systems_text_is_taken(appearance, system_text):
    assert appearance.look.point_size == system_point_size()


def test_the_systems_text_may_be_given_in_pixels(system_text):
    system_text(pixels=16)
    assert system_point_size() == pytest.approx(12.0)


def test_points_are_other_pixels_on_a_mac(system_text, monkeypatch):
    monkeypatch.setattr(theme, "_dpi", lambda: 72.0)
    system_text(12.0)
    assert system_point_size() == pytest.approx(9.0), "12 pixels either way"
    assert Look().font().pointSizeF() == pytest.approx(12.0)
    assert Look().px(10) == 10.0


def test_another_text_size_of_the_system_is_told_at_once(appearance, system_text):
    before = appearance.look
    system_text(13.0)
    assert appearance.told == [appearance.look]
    assert appearance.look.point_size == 13.0
    assert appearance.look.zoom > before.zoom
    system_text(13.0)
    assert len(appearance.told) == 1, "no change, no word"


@pytest.mark.parametrize("kind", [QEvent.Type.ThemeChange, QEvent.Type.DevicePixelRatioChange])
def test_it_listens_to_the_window_where_qt_has_no_signal(appearance, monkeypatch, kind):
    monkeypatch.setattr("optiviz.gui.state.appearance.system_point_size", lambda: 11.0)
    QApplication.sendEvent(appearance.window, QEvent(kind))
    assert [look.point_size for look in appearance.told] == [11.0]


def test_scale_and_system_multiply(appearance, system_text, qtbot):
    system_text(18.0)
    QApplication.processEvents()
    appearance.scale_by(1)
    qtbot.waitUntil(lambda: appearance.look.scale == 1.1)
    assert appearance.look.zoom == pytest.approx(2.2)


def test_an_open_window_follows_the_systems_text(ui, system_text):
    name, slider = ui("racer_1.name"), ui("racer_1.lr.slider")
    panel = ui("racers_panel")
    before = (name.font().pointSizeF(), slider.sizeHint().height(), panel.width())
    system_text(13.0)
    QApplication.processEvents()
    after = (name.font().pointSizeF(), slider.sizeHint().height(), panel.width())
    for small, large in zip(before, after, strict=True):
        assert large / small == pytest.approx(13.0 / 9.0, rel=0.05)


@pytest.mark.parametrize("points", [9.0, 11.0, 13.0, 16.0])
@pytest.mark.parametrize("size", [(1024, 768), (1440, 900)])
def test_no_text_on_a_card_is_cut(opened, system_text, points, size):
    system_text(points)
    ui = opened(size=size)
    assert (ui.window.width(), ui.window.height()) == size
    for index in range(4):
        name = ui(f"racer_{index}.name")
        # Qt leaves two pixels at each side of a line that is edited.
        assert name.contentsRect().width() >= name.fontMetrics().horizontalAdvance(name.text()) + 4
        card = ui(f"racer_{index}")
        for part in (".place", ".loss", ".lr", ".remove"):
            widget = ui(f"racer_{index}{part}")
            place = widget.rect().translated(widget.mapTo(card, widget.rect().topLeft()))
            assert card.rect().contains(place), (index, part)
            assert widget.width() >= widget.sizeHint().width()
    scroll = ui("racers_scroll")
    assert ui("racer_0").width() <= scroll.viewport().width()
