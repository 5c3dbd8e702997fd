"""What the panels say: whose controls they are, the rule that runs, pictures that stay sharp."""

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from optiviz.engine import Clip
from optiviz.gui.panels.rule_tip import rule_tip
from optiviz.gui.theme.formulas import formula_pixmap
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.picture import Picture
from optiviz.gui.words import captions
from optiviz.scene import edits, first_scene

FIRST = first_scene("beale")


def clipped(scene, index, clip):
    racers = list(scene.racers)
    racers[index] = replace(racers[index], clip=clip)
    return replace(scene, racers=tuple(racers))


# Names


def test_a_racers_controls_are_told_by_its_name(ui):
    ui.parts.editor.edit(edits.rename_racer, 3, "Fast one")
    told = {
        "racer_3": "Racer Fast one",
        "racer_3.name": "Fast one, name",
        "racer_3.enabled": "On the stage, Fast one",
        "racer_3.solo": "Solo, Fast one",
        "racer_3.duplicate": "Duplicate, Fast one",
        "racer_3.remove": "Remove, Fast one",
        "racer_3.more": "Fast one, more knobs",
        "racer_3.lr": "Fast one, learning rate ε",
        "racer_3.lr.slider": "Fast one, learning rate ε, slider",
        "racer_3.beta1": "Fast one, decay rate β₁",
        "racer_3.beta2": "Fast one, decay rate β₂",
        "racer_3.place": "Fast one, place",
        "racer_3.loss": "Fast one, loss",
        "racer_3.outcome": "Fast one, outcome",
    }
    for name, said in told.items():
        assert ui(name).accessibleName() == said
    assert ui("racer_3.outcome").accessibleDescription() == ui("racer_3.outcome").text()
    assert ui("racer_3.loss").accessibleDescription() == ui("racer_3.loss").text
    ui.settle()


def test_two_racers_of_one_name_are_told_by_their_numbers(ui):
    ui.parts.editor.edit(edits.rename_racer, 1, "Adam")
    assert ui("racer_1.solo").accessibleName() == "Solo, Adam, number 2"
    assert ui("racer_3.solo").accessibleName() == "Solo, Adam, number 4"
    ui.parts.editor.edit(edits.rename_racer, 1, "Momentum")
    assert ui("racer_3.solo").accessibleName() == "Solo, Adam"
    ui.settle()


def test_tooltips_say_what_a_control_does_and_its_keys(ui):
    assert "Beale" in ui("surface_chooser").toolTip()
    assert ui("surface_chooser").toolTip().startswith("Chooses")
    assert "Page Up" in ui("step_slider").toolTip()
    for name in ("steps", "speed", "race_target", "start_x", "surface_chooser", "step_slider"):
        assert "Arrow keys" in ui(name).toolTip().replace("arrow", "Arrow"), name
    for widget in ui.window.findChildren(QWidget):
        assert not re.search(r"\d,\d{3}", widget.toolTip()), widget.objectName()


# Settings that are not as usual


def test_a_clip_is_told_on_the_card(ui):
    ui.store.open(clipped(FIRST, 1, Clip.norm(0.5)))
    assert ui("racer_1.unusual").text() == "clip norm 0.5"
    assert ui("racer_1.unusual").isVisible()
    assert not ui("racer_0.unusual").isVisible()
    ui.parts.editor.edit(edits.set_racer_knob, 1, "weight_decay", 0.01)
    assert ui("racer_1.unusual").text() == "λ = 0.01, clip norm 0.5"
    ui.store.open(FIRST)
    assert not ui("racer_1.unusual").isVisible()
    ui.settle()


def test_the_tuning_is_told_as_it_is_now(ui):
    rule = ui("tuning_rule")
    before, height = rule.text(), rule.height()
    assert before == captions.tuning(FIRST)
    ui.parts.editor.edit(edits.move_start, 0.25, 0.5)
    assert rule.text() == captions.tuning(ui.scene) != before
    for index in range(4):
        ui.parts.editor.edit(edits.set_racer_knob, index, "lr", 1e-4)
    QApplication.processEvents()
    assert rule.height() == height
    assert rule.heightForWidth(rule.width()) <= height
    ui.settle()


# The rule


def picture_in(tip):
    return re.search(r'base64,([^"]+)"', tip).group(1)


def test_the_rule_on_hover_is_the_one_that_runs(qapp):
    plain = FIRST.racers[3]
    hatless = replace(plain, optimizer=plain.optimizer.with_knob("bias_correction", False))
    assert hatless.optimizer.rule != plain.optimizer.rule
    tips = [rule_tip(racer, Look(), 1.0, 2000.0) for racer in (plain, hatless)]
    assert picture_in(tips[0]) != picture_in(tips[1])
    assert all(plain.optimizer.about in tip for tip in tips)


def test_what_is_done_to_the_gradient_is_told_with_the_rule(qapp):
    racer = FIRST.racers[0]
    assert rule_tip(racer, Look(), 1.0, 2000.0).count("<p>") == 2
    racer = clipped(FIRST, 0, Clip.norm(0.5)).racers[0]
    racer = replace(racer, optimizer=racer.optimizer.with_knob("weight_decay", 0.02))
    tip = rule_tip(racer, Look(), 1.0, 2000.0)
    assert "its length is kept within 0.5" in tip
    assert "λ = 0.02" in tip
    assert tip.index("clipped") < tip.index("Weight decay"), "in the order in which they act"
    each = clipped(FIRST, 0, Clip.value(2.0)).racers[0]
    assert "each of its components is kept within 2" in rule_tip(each, Look(), 1.0, 2000.0)


def test_the_rules_picture_is_sharp_and_no_wider_than_asked(qapp):
    racer, look = FIRST.racers[3], Look()

    def sides(tip):
        found = re.search(r'width="(\d+)" height="(\d+)"', tip)
        return int(found.group(1)), int(found.group(2))

    once, twice = (rule_tip(racer, look, dpr, 2000.0) for dpr in (1.0, 2.0))
    assert len(picture_in(twice)) > 1.5 * len(picture_in(once))
    for one, other in zip(sides(once), sides(twice), strict=True):
        assert abs(one - other) <= 1
    points = look.font(1.2).pointSizeF()
    natural = formula_pixmap(racer.optimizer.rule, look.theme.text, points).width()
    assert sides(once)[0] == natural
    assert sides(rule_tip(racer, look, 1.0, 100.0))[0] <= 101


def test_the_rule_is_made_when_it_is_asked_for(ui):
    card = ui("racer_3")
    ui.parts.editor.edit(edits.set_racer_knob, 3, "weight_decay", 0.02)
    at = QPoint(4, 4)
    QApplication.sendEvent(card, QHelpEvent(QHelpEvent.Type.ToolTip, at, card.mapToGlobal(at)))
    assert "λ = 0.02" in QToolTip.text()
    QToolTip.hideText()
    QTest.qWait(0)
    ui.wait(lambda: not QToolTip.isVisible())
    ui.settle()


# Pictures


def test_a_picture_is_drawn_anew_for_another_screen(qtbot, monkeypatch):
    drawn = []

    def draw(ratio):
        drawn.append(ratio)
        pixmap = QPixmap(round(18 * ratio), round(18 * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill("red")
        return pixmap

    picture = Picture("picture")
    qtbot.addWidget(picture)
    assert picture.grab().isNull() or drawn == []
    picture.show_picture(draw, 18.0)
    assert (picture.sizeHint().width(), picture.minimumSizeHint().height()) == (18, 18)
    picture.resize(18, 18)
    picture.grab()
    picture.grab()
    assert drawn == [1.0]
    monkeypatch.setattr(picture, "devicePixelRatioF", lambda: 2.0)
    picture.grab()
    picture.grab()
    assert drawn == [1.0, 2.0]
    assert picture.grab().toImage().pixelColor(9, 9).name() == "#ff0000"
    picture.setEnabled(False)
    assert picture.grab().toImage().pixelColor(9, 9).name() != "#ff0000"


@pytest.mark.parametrize("name", ["brand_mark", "racer_0.marker"])
def test_marks_are_pictures(ui, name):
    assert isinstance(ui(name), Picture)
    assert ui(name).isVisible()


# Layout


def test_the_cards_keep_their_right_edge_when_the_scroll_bar_comes(opened):
    ui = opened(size=(1440, 1000))
    bar = ui("racers_scroll").verticalScrollBar()
    assert not bar.isVisible()
    right = ui("racer_0").mapTo(ui.window, ui("racer_0").rect().topRight()).x()
    ui.window.resize(1440, 700)
    ui.wait(bar.isVisible)
    QApplication.processEvents()
    assert ui("racer_0").mapTo(ui.window, ui("racer_0").rect().topRight()).x() == right


# The cheat sheet


@pytest.mark.parametrize("scale", [1.0, 1.6, 2.0])
@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080)])
def test_every_key_can_be_read_on_the_cheat_sheet(opened, qapp, scale, size):
    ui = opened(size=size)
    ui.settings.scale = scale
    ui.parts.appearance.on_system_changed()
    ui.window.toggle_cheat_sheet()
    qapp.processEvents()
    sheet, scroll = ui("cheat_sheet_card"), ui("cheat_sheet_scroll")
    assert sheet.parentWidget().rect().contains(sheet.geometry())
    inside, port = scroll.widget(), scroll.viewport()
    assert inside.width() <= port.width()
    assert inside.width() >= inside.layout().sizeHint().width(), "no text is cut at its side"
    bar = scroll.verticalScrollBar()
    assert bar.maximum() == max(0, inside.height() - port.height())
    ui.key(Qt.Key.Key_PageDown)
    assert bar.value() == bar.maximum() or bar.value() > 0
    ui.key(Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_the_cheat_sheet_comes_to_rest(opened, qapp):
    ui = opened(size=(1024, 768))
    ui.settings.scale = 2.0
    ui.parts.appearance.on_system_changed()
    ui.window.toggle_cheat_sheet()
    for _ in range(5):
        qapp.processEvents()
    asked = []

    class Watch(QObject):
        def eventFilter(self, _, event):
            if event.type() == QEvent.Type.LayoutRequest:
                asked.append(event.type())
            return False

    watch = Watch()
    ui("cheat_sheet_card").installEventFilter(watch)
    for _ in range(10):
        qapp.processEvents()
    assert asked == []
