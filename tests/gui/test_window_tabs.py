"""The right column: tabs, what is of use in each, pins, one enlarged, and what is remembered."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from optiviz import resources
from optiviz.engine import SCHEDULES
from optiviz.gui.state.settings import Settings
from optiviz.gui.state.tabs import TABS
from optiviz.gui.window.instruments import INSTRUMENTS, tab_of
from optiviz.scene import edits, first_scene
from optiviz.scene import file as scene_file

ALT = Qt.KeyboardModifier.AltModifier
KEYS = {
    "race": Qt.Key.Key_1,
    "rate": Qt.Key.Key_3,
    "chance": Qt.Key.Key_4,
    "surface": Qt.Key.Key_6,
}


def shipped(name):
    return scene_file.read(resources.path("scenes", f"{name}{scene_file.SUFFIX}"))


def batches(surface="two_basins"):
    return edits.choose_gradient(first_scene(surface), "mini_batch")


def scheduled(key="cosine"):
    return edits.set_schedule(first_scene("rosenbrock"), SCHEDULES[key]())


def column(ui):
    return ui.window.instruments


def rest(ui):
    """Wait until the column has been arranged and laid out."""
    ui.settle()
    for _ in range(4):
        QApplication.processEvents()


def unfolded(ui):
    """The names of the instruments of which more than the heading is seen."""
    return tuple(item.name for item in column(ui).items if item.view.isVisible())


def chosen(ui):
    return [tab.key for tab in TABS if ui(f"tab_{tab.key}").isChecked()]


# Which tab, and what is in it


def test_each_tab_by_its_key_and_its_button(ui):
    assert [ui(f"tab_{tab.key}").text() for tab in TABS] == ["Race", "Rate ε", "Chance", "Surface"]
    for tab, key in KEYS.items():
        ui.key(key, ALT)
        assert chosen(ui) == [tab] == [column(ui).tab]
        assert f"(Alt+{chr(key)})" in ui(f"tab_{tab}").toolTip()
        assert ui.contour.hasFocus(), "a key of the window takes the focus from nobody"
    ui.click("tab_rate")
    assert chosen(ui) == ["rate"]


def test_a_tab_is_chosen_while_a_number_has_the_focus(ui):
    ui.focus(ui("racer_0.lr"))
    ui.key(KEYS["surface"], ALT)
    assert chosen(ui) == ["surface"]
    assert ui("racer_0.lr").text() == "0.02"


def test_what_the_scene_makes_pointless_is_not_there(opened):
    ui = opened()
    seen = {}
    for tab in KEYS:
        ui.click(f"tab_{tab}")
        rest(ui)
        seen[tab] = column(ui).seen
        assert ui("instruments.nothing").isVisible() == (tab == "chance")
    assert seen == {
        "race": ("curves",),
        "rate": ("curves", "schedule"),
        "chance": ("curves",),
        "surface": ("curves", "surface"),
    }
    assert "mini-batches" in TABS[2].nothing
    ui.click("tab_chance")
    assert ui("instruments.nothing").text() == TABS[2].nothing
    ui.parts.editor.edit(edits.choose_gradient, "mini_batch")
    rest(ui)
    assert column(ui).seen == ("curves", "data", "chance", "seeds")
    ui.store.open(batches())  # of two minima, chance may find the one or the other
    rest(ui)
    assert column(ui).seen == ("curves", "data", "chance", "seeds", "basins")


def test_every_instrument_has_a_tab_that_there_is():
    assert {kind.tab for kind in INSTRUMENTS} == {tab.key for tab in TABS}
    assert [kind.key for kind in INSTRUMENTS if kind.is_of_use(first_scene("beale"))] == [
        "curves",
        "schedule",
        "surface",
    ]


@pytest.mark.parametrize(
    ("make", "tab"),
    [
        (lambda: first_scene("beale"), "race"),
        (scheduled, "rate"),
        (lambda: first_scene("sine"), "chance"),
        (batches, "chance"),
        (lambda: shipped("The noise floor"), "chance"),
        (lambda: shipped("AdaGrad and a rare feature"), "chance"),
        (lambda: shipped("SGD against full batch"), "chance"),
    ],
)
def test_a_scene_comes_with_the_tab_that_it_is_about(opened, make, tab):
    scene = make()
    assert tab_of(scene) == tab
    ui = opened()
    ui.store.open(scene)
    assert chosen(ui) == [tab]
    rest(ui)


def test_whoever_has_chosen_a_tab_keeps_it_and_finds_it_again(opened, tmp_path):
    settings = Settings(tmp_path / "own.ini")
    ui = opened(settings=settings)
    assert settings.tab is None
    ui.store.open(scheduled())
    assert settings.tab is None, "a scene's choice is nobody's"
    ui.key(KEYS["surface"], ALT)
    ui.store.open(batches())
    ui.parts.editor.edit(edits.choose_surface, "sine")
    assert chosen(ui) == [settings.tab] == ["surface"]
    rest(ui)
    settings.save()
    again = opened(batches(), Settings(settings.path))
    assert chosen(again) == ["surface"]
    again.store.open(scheduled())
    assert chosen(again) == ["rate"], "at a new start a scene that is opened may choose"
    rest(again)


def test_another_surface_may_be_about_something_else(ui):
    ui.parts.editor.edit(edits.choose_surface, "logistic")
    assert chosen(ui) == ["chance"]
    ui.click("undo")
    assert chosen(ui) == ["race"]
    ui.type("racer_0.lr", "0.01")
    assert chosen(ui) == ["race"]
    rest(ui)


# What fits


SCENES = {
    "first": first_scene,
    **{key: (lambda key=key: scheduled(key)) for key in SCHEDULES},
    "logistic": lambda: batches("logistic"),
    "sine": lambda: batches("sine"),
    "two_basins": batches,
    "floor": lambda: shipped("The noise floor"),
    "rare": lambda: shipped("AdaGrad and a rare feature"),
    "full batch": lambda: shipped("SGD against full batch"),
}


@pytest.mark.parametrize("name", SCENES)
def test_nothing_that_a_scene_is_about_lies_below_the_fold(opened, name):
    ui = opened(SCENES[name]())
    rest(ui)
    assert ui("instruments_scroll").verticalScrollBar().maximum() == 0
    port = ui("instruments_scroll").viewport()
    items = [item for item in column(ui).items if item.isVisible()]
    assert len(items) == len(column(ui).seen) > 0
    rooms = [QRect(item.mapTo(port, QPoint(0, 0)), item.size()) for item in items]
    assert all(port.rect().contains(room) for room in rooms)
    for above, below in pairwise(rooms):
        assert above.bottom() < below.top()
    # The curves are pinned, and what the tab begins with is open too.
    first = next(kind.key for kind in INSTRUMENTS if kind.tab == column(ui).tab)
    assert {"curves", first} <= set(unfolded(ui))


def test_what_is_folded_out_takes_the_room_of_what_was_asked_for_least_lately(opened):
    ui = opened(batches())
    rest(ui)
    assert {"curves", "data"} <= set(unfolded(ui))
    ui.click("seeds.fold")
    ui.click("seeds_on")
    rest(ui)
    ui.click("basins.fold")
    ui.click("basins_on")
    rest(ui)
    assert ui("instruments_scroll").verticalScrollBar().maximum() == 0
    assert "basins" in unfolded(ui)
    assert "data" in unfolded(ui) or "curves" not in unfolded(ui)
    ui.click("data.fold" if "data" not in unfolded(ui) else "seeds.fold")
    rest(ui)
    assert ui("instruments_scroll").verticalScrollBar().maximum() == 0


def test_what_is_off_is_a_sentence_and_no_empty_box(opened):
    ui = opened(batches())
    for name in ("seeds", "basins"):
        ui.click(f"{name}.fold")
        rest(ui)
        assert ui(f"{name}_view.off").isVisible()
        assert ui(f"{name}_view").height() < 130
        ui.click(f"{name}_on")
        rest(ui)
        assert not ui(f"{name}_view.off").isVisible()
        assert ui(f"{name}_view").height() > 200


def test_a_constant_schedule_is_one_line(ui):
    ui.click("tab_rate")
    rest(ui)
    assert ui("schedule_chooser").isVisible()
    assert ui("schedule_panel").height() < 40
    assert not ui("schedule_plot").isVisible()
    ui.click("schedule_chart")
    rest(ui)
    assert ui("schedule_plot").isVisible()
    ui.click("schedule_chart")
    ui.parts.editor.edit(edits.choose_schedule, "cosine")
    rest(ui)
    assert ui("schedule_plot").isVisible()
    assert not ui("schedule_chart").isVisible()


# Pinned, and enlarged


def test_a_pin_keeps_an_instrument_above_every_tab_and_is_remembered(opened, tmp_path):
    settings = Settings(tmp_path / "own.ini")
    ui = opened(scheduled(), settings)
    assert settings.pinned == column(ui).pinned == {"curves"}
    assert column(ui).seen == ("curves", "schedule")
    ui.click("curves.pin")
    assert column(ui).seen == ("schedule",)
    ui.click("schedule.pin")
    ui.click("tab_surface")
    assert column(ui).seen == ("schedule", "surface")
    assert settings.pinned == {"schedule"}
    rest(ui)
    settings.save()
    again = opened(settings=Settings(settings.path))
    assert column(again).pinned == {"schedule"}


def test_enlarging_one_enlarges_only_one(opened, tmp_path):
    settings = Settings(tmp_path / "own.ini")
    ui = opened(batches(), settings)
    rest(ui)
    width = ui("instruments").width()
    ui.click("data.enlarge")
    ui.wait(lambda: ui("instruments").width() > 1.4 * width)
    rest(ui)
    assert column(ui).seen == ("data",) == unfolded(ui)
    assert settings.enlarged == "data"
    assert not ui("curves.enlarge").isChecked()
    ui.key(KEYS["race"], ALT)  # it would hide what the tab has been chosen for
    ui.wait(lambda: ui("instruments").width() == width)
    assert column(ui).seen == ("curves",)
    assert settings.enlarged == ""
    ui.click("curves.enlarge")
    rest(ui)
    assert ui("curves_view").height() > 0.8 * ui("instruments_scroll").viewport().height()
    rest(ui)
    settings.save()
    assert column(opened(settings=Settings(settings.path))).enlarged == "curves"


@pytest.mark.parametrize("value", ["yes", "true", "[", "data, curves"])
def test_settings_that_are_broken_or_old_stand_in_nobody_s_way(opened, tmp_path, value):
    path = tmp_path / "own.ini"
    path.write_text(
        f"[window]\ntab={value}\npinned={value}\nenlarged={value}\nfolded={value}\n"
        f"[General]\nenlarged=true\n",
        encoding="utf-8",
    )
    ui = opened(settings=Settings(path))
    assert chosen(ui) == ["race"]
    assert column(ui).pinned == {"curves"}
    assert column(ui).enlarged == ""


# By the keyboard


def test_the_tabs_are_one_stop_and_the_arrows_choose(ui):
    ui.focus(ui("tab_race"))
    for key, tab in ((Qt.Key.Key_Right, "rate"), (Qt.Key.Key_Right, "chance")):
        ui.key(key)
        assert chosen(ui) == [tab]
        assert ui(f"tab_{tab}").hasFocus()
    ui.key(Qt.Key.Key_Left)
    assert chosen(ui) == ["rate"]
    assert ui("tab_rate").accessibleName() == "Tab: Rate ε"
    rest(ui)
    ui.key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget().objectName() == "curves.fold"


def test_who_was_in_a_tab_that_goes_is_at_the_tabs(opened):
    ui = opened(scheduled())
    rest(ui)
    ui.focus(ui("schedule_chooser"))
    ui.key(KEYS["surface"], ALT)
    assert ui("tab_surface").hasFocus()


# The surface's own tab


def test_the_surface_in_words_with_all_its_knobs(opened):
    ui = opened(first_scene("quadratic"))
    ui.key(KEYS["surface"], ALT)
    rest(ui)
    assert ui("surface_panel.title").text() == ui.scene.surface.title
    assert ui("surface_panel.formula").accessibleName() == ui.scene.surface.formula
    assert ui("surface_panel.kappa.label").text() == "condition number κ"
    ui.type("surface_panel.kappa", "33")
    assert ui.scene.surface.kappa == 33.0 == ui("surface.kappa").value
    ui.type("surface.angle", "12")
    assert ui("surface_panel.angle").value == 12.0
    ui.click("undo")
    ui.click("undo")
    assert ui.scene == first_scene("quadratic")
    ui.parts.editor.set_locked(True)
    assert not ui("surface_panel.kappa").isEnabled()
    rest(ui)


def test_the_surface_tells_its_data_and_leads_to_them(opened):
    ui = opened(first_scene("logistic"))
    ui.key(KEYS["surface"], ALT)
    rest(ui)
    assert ui("surface_panel.data").text() == "Palmer penguins, 333 rows: body mass → species"
    ui.click("surface_panel.choose_data")
    rest(ui)
    assert chosen(ui) == ["chance"]
    assert "data" in unfolded(ui)


# Where it is narrow


def test_a_tab_s_key_slides_the_instruments_out(opened):
    ui = opened(scheduled(), size=(1024, 768))
    assert not ui("instruments").isVisible()
    ui.key(KEYS["surface"], ALT)
    ui.wait(lambda: ui("instruments").geometry().right() == ui.contour.geometry().right())
    assert ui("surface_panel").isVisible()
    rest(ui)


# Words


def test_the_knobs_of_a_schedule_are_named_in_words(opened):
    ui = opened(scheduled("cosine_restarts"))
    rest(ui)
    assert ui("schedule.period.label").text() == "period T₀"
    assert ui("schedule.warmup.label").text() == "warmup, epochs"
    ui.parts.editor.edit(edits.choose_schedule, "step")
    rest(ui)
    assert ui("schedule.gamma.label").text() == "decay factor γ"
    assert ui("racer_0.lr.label").text() == "ε"


def test_an_epoch_is_the_schedule_s_and_the_data_are_looked_at_in_passes(opened):
    ui = opened(batches("logistic"))
    ui.playback.seek(20)
    rest(ui)
    assert "passes over data" in ui("racer_0.epoch").text
    assert "pass over the data" in ui("gradient.replacement").toolTip()
    assert "epoch" not in ui("gradient.of").toolTip()
