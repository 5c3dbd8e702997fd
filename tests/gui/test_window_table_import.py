"""The import panel: what was guessed is shown, each guess can be changed, and all of it undone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QPlainTextEdit

from optiviz.engine import datasets
from optiviz.gui.theme.palette import THEMES, Look
from optiviz.scene import edits, first_scene

GERMAN = "a;b;c;d\n" + "".join(f"{i}.{i}20;{3 * i},5;{'xy'[i % 2]};{i}k\n" for i in range(1, 10))
SENTINEL = "depth,temp\n" + "".join(f"{i},{20 - i if i % 5 else -999}\n" for i in range(1, 20))
CHOICES = ("separator", "decimal", "thousands", "header", "encoding")


@pytest.fixture
def german(tmp_path):
    path = tmp_path / "preise.csv"
    path.write_text(GERMAN, encoding="utf-8")
    return path


@pytest.fixture
def sentinel(tmp_path):
    path = tmp_path / "depths.csv"
    path.write_text(SENTINEL, encoding="utf-8")
    return path


def data_of(ui):
    return datasets.find(ui.scene.surface.data)


def open_table(ui, path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    ui.click("open_data")
    ui.wait(lambda: getattr(ui.scene.surface, "data", "").startswith(f"{path.stem}-"))
    ui.settle()
    ui.told_one(f"Opened {path.name}", kind="info")


def choose(ui, name, value):
    """Choose by the keyboard: the arrow keys go through the list."""
    chooser = ui(f"import.{name}")
    assert isinstance(chooser, QComboBox)
    ui.focus(chooser)
    wanted = chooser.findData(value)
    assert wanted >= 0, f"{name} does not offer {value!r}"
    while chooser.currentIndex() != wanted:
        ui.key(Qt.Key.Key_Down if chooser.currentIndex() < wanted else Qt.Key.Key_Up)
        read(ui)


def read(ui):
    ui.wait(lambda: not ui.parts.compute.busy("data"))
    QApplication.processEvents()


def remarks(ui):
    return ui.window.findChild(QPlainTextEdit, "import.remarks").toPlainText()


def test_what_was_guessed_is_shown_and_each_choice_moves_the_fit(ui, german, monkeypatch):
    before = ui.scene
    open_table(ui, german, monkeypatch)
    assert not ui.has("import_panel")
    opened = ui.scene
    assert (opened.surface.feature, opened.surface.output) == ("a", "b")
    ui.click("reread_data")
    panel = ui("import_panel")
    assert panel.isVisible()
    assert ui("import.separator").hasFocus()
    shown = {name: ui(f"import.{name}").currentText() for name in CHOICES}
    assert shown["separator"] == "semicolon (guessed)"
    assert shown["decimal"] == "comma, 1,5 (guessed)"
    assert shown["thousands"] == "point, 1.000 (guessed)"
    assert shown["header"] == "names (guessed)"
    assert shown["encoding"] == "UTF-8 (guessed)"
    assert remarks(ui).splitlines() == [f"• {note}" for note in data_of(ui).notes]
    assert data_of(ui).column("a").values[0] == 1120
    fit = ui.scene.surface.minima
    choose(ui, "decimal", ".")
    assert data_of(ui).column("a").values[0] == 1.12
    ui.settle()
    assert ui.race.spec.surface == ui.scene.surface
    assert ui.scene.surface.minima != fit
    choose(ui, "decimal", None)
    assert data_of(ui).column("a").values[0] == 1120
    choose(ui, "header", 0)
    assert data_of(ui).column("column 2").values[1] == 3.5
    # All of it is one step of the history.
    ui.click("import.done")
    assert not panel.isVisible()
    ui.click("undo")
    assert ui.scene == opened
    ui.click("undo")
    assert ui.scene == before
    ui.settle()


def test_cancel_gives_back_what_was_there(ui, german, monkeypatch):
    open_table(ui, german, monkeypatch)
    opened = ui.scene
    ui.click("reread_data")
    choose(ui, "thousands", "")
    assert ui.scene != opened
    ui.focus(ui("import.separator"))
    ui.key(Qt.Key.Key_Escape)
    assert not ui("import_panel").isVisible()
    assert ui.scene == opened
    ui.settle()
    assert ui.window.racers.minimumWidth() < 364
    # It left no trace: the next step back is the opening.
    ui.click("undo")
    assert ui.scene == first_scene("beale")
    ui.settle()


def test_cancel_after_something_else_was_done_can_be_undone(ui, german, monkeypatch):
    open_table(ui, german, monkeypatch)
    opened = ui.scene
    ui.click("reread_data")
    choose(ui, "thousands", "")
    ui.type("start_x", "0.5")
    changed = ui.scene
    ui.click("import.cancel")
    assert ui.scene == opened
    ui.click("undo")
    assert ui.scene == changed
    ui.settle()


def test_a_sentinel_is_asked_about_at_once(ui, sentinel, monkeypatch):
    before = ui.scene
    open_table(ui, sentinel, monkeypatch)
    assert ui("import_panel").isVisible()
    asked = ui.window.findChild(QLabel, "import.question")
    assert asked.text() == "In “temp”, does -999 mean that a value is missing?"
    assert ui("import.yes").hasFocus()
    assert np.nanmin(data_of(ui).column("temp").values) == -999
    ui.key(Qt.Key.Key_Space)
    read(ui)
    assert np.nanmin(data_of(ui).column("temp").values) == 1
    assert ui("import.missing").text() == "-999"
    assert not asked.isVisible()
    assert "Missing values: 3 in 'temp'" in remarks(ui)
    ui.settle()
    # Cancel takes back the opening too: there was no table before.
    ui.click("import.cancel")
    assert ui.scene == before
    ui.settle()


def test_a_number_that_is_one_is_asked_about_no_more(ui, sentinel, monkeypatch):
    open_table(ui, sentinel, monkeypatch)
    ui.click("import.no")
    assert not ui.window.findChild(QLabel, "import.question").isVisible()
    choose(ui, "header", 1)
    assert not ui.window.findChild(QLabel, "import.question").isVisible()
    ui.click("import.done")
    assert np.nanmin(data_of(ui).column("temp").values) == -999
    ui.settle()


def test_marks_of_missing_values_are_typed(ui, german, monkeypatch):
    open_table(ui, german, monkeypatch)
    ui.click("reread_data")
    ui.type("import.missing", "1120, 3,5x")
    read(ui)
    assert np.isnan(data_of(ui).column("a").values[0])
    ui.type("import.missing", "y" * 41)
    assert ui("import.missing").invalid
    assert np.isnan(data_of(ui).column("a").values[0])
    ui.type("import.missing", "")
    read(ui)
    assert data_of(ui).column("a").values[0] == 1120
    ui.click("import.done")
    ui.settle()


def test_what_cannot_be_read_is_told_in_the_panel_and_the_stage_stays(ui, german, monkeypatch):
    open_table(ui, german, monkeypatch)
    opened = ui.scene
    ui.click("reread_data")
    choose(ui, "separator", "|")
    assert "no column of numbers" in remarks(ui)
    assert "still shown" in remarks(ui)
    assert ui.scene == opened
    choose(ui, "separator", ";")
    assert ui.scene == opened
    choose(ui, "thousands", ",")
    choose(ui, "decimal", ",")
    assert "cannot both be a comma" in remarks(ui)
    ui.click("import.cancel")
    assert ui.scene == opened
    ui.settle()


def test_the_panel_closes_where_its_table_leaves_the_stage(ui, german, monkeypatch, tmp_path):
    open_table(ui, german, monkeypatch)
    ui.click("reread_data")
    choose(ui, "thousands", "")
    assert ui("import_panel").isVisible()
    assert ui("import.thousands").currentData() == ""
    ui.click("undo")
    assert ui("import_panel").isVisible()
    assert ui("import.thousands").currentText() == "point, 1.000 (guessed)"
    ui.click("undo")
    assert not ui("import_panel").isVisible()
    ui.settle()
    ui.click("redo")
    ui.click("reread_data")
    ui.parts.editor.edit(lambda _: first_scene("line"))
    assert not ui("import_panel").isVisible()
    assert not ui("reread_data").isVisible()
    ui.settle()


def test_a_locked_scene_is_not_read_in_another_way(ui, german, monkeypatch):
    open_table(ui, german, monkeypatch)
    ui.click("reread_data")
    ui.click("lock")
    for name in (*CHOICES, "missing", "cancel"):
        assert not ui(f"import.{name}").isEnabled()
    ui.click("import.done")
    assert not ui("import_panel").isVisible()
    assert not ui("reread_data").isEnabled()
    ui.click("lock")


def test_the_file_is_named_in_the_title_and_on_the_stage(ui, german, monkeypatch, tmp_path):
    height = ui.contour.stage.formula.room.height()
    open_table(ui, german, monkeypatch)
    assert ui.window.windowTitle() == "preise.csv[*] – OptiViz"
    assert ui.contour.stage.formula.room.height() > height
    saved = tmp_path / "mine.optiviz"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(saved), ""))
    ui.window.findChild(QAction, "menu.save_as").trigger()
    assert ui.window.windowTitle() == "preise.csv – mine.optiviz[*] – OptiViz"
    ui.click("undo")
    assert ui.window.windowTitle() == "mine.optiviz[*] – OptiViz"
    ui.settle()


def test_the_line_is_told_in_the_data_s_own_units(opened):
    ui = opened(first_scene("line"))
    surface = ui.scene.surface
    best = ui.window.findChild(QLabel, "data_view.best_line")
    x, y = surface.examples.T
    slope, intercept = np.polyfit(x, y, 1)
    told = f"petal width = {slope:.4g} cm/cm · petal length − {-intercept:.4g} cm"
    assert best.text() == told
    # Standardized, the place of the minimum is another one, and the line is the same.
    ui.parts.editor.edit(edits.set_surface_knob, "standardize", True)
    ui.settle()
    assert ui.scene.surface.minima != surface.minima
    assert best.text() == told


@pytest.mark.parametrize("size", [(1024, 768), (1440, 900)])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_all_of_it_can_be_seen_and_reached(ui, sentinel, monkeypatch, size, theme):
    ui.window.resize(*size)
    ui.window.show_look(Look(THEMES[theme]))
    ui.parts.controller.data.open(sentinel)
    ui.wait(lambda: ui.has("import_panel") and ui("import_panel").isVisible())
    ui.settle()
    panel = ui("import_panel")
    names = [*CHOICES, "missing", "yes", "no", "cancel", "done", "preview", "remarks"]
    for name in names:
        widget = ui(f"import.{name}")
        assert widget.accessibleName()
        assert widget.toolTip()
        corner = widget.mapTo(panel, widget.rect().bottomRight())
        assert panel.rect().contains(corner)
        assert widget.height() >= 24
        assert not widget.visibleRegion().isEmpty()
    assert panel.geometry().right() <= ui.window.stages.place.left()
    # The Tab key goes through all of it.
    reached = []
    ui.focus(ui("import.preview"))
    for _ in names:
        reached.append(QApplication.focusWidget().objectName())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert sorted(reached) == sorted(f"import.{name}" for name in names)
    ui.told.clear()


@pytest.mark.parametrize("name", ["numbers.optiviz", "numbers.csv", "numbers"])
def test_a_table_chosen_as_a_scene_is_opened_as_a_table(ui, monkeypatch, tmp_path, name):
    path = tmp_path / name
    path.write_text("".join(f"{i} {3 * i + i % 2}\n" for i in range(12)))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    ui.wait(lambda: getattr(ui.scene.surface, "data", "").startswith("numbers-"))
    ui.settle()
    ui.told_one(f"Opened {name}: 12 examples", kind="info")
