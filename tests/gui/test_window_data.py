"""Data in the window: choosing them, opening a table of one's own, undoing it, saving it."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel

from optiviz.engine import datasets
from optiviz.scene import edits, first_scene
from optiviz.scene.file import read
from optiviz.tables import file as table_file

BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_RANDOM = np.random.default_rng(11)


@pytest.fixture
def rides(tmp_path):
    """A small table: three columns, of which one has two texts."""
    path = tmp_path / "rides.csv"
    km = _RANDOM.uniform(1.0, 40.0, 50)
    rows = [(f"{x:.3f}", f"{2.0 * x + 5.0:.3f}", "night" if x > 20 else "day") for x in km]
    write(path, ("distance [km]", "time [min]", "when"), rows)
    return path


def write(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def answer(monkeypatch, name, path):
    monkeypatch.setattr(QFileDialog, name, lambda *_, **__: (str(path), ""))


def drop(ui, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(
        QPointF(300, 300).toPoint(), Qt.DropAction.CopyAction, data, left, none
    )
    QApplication.sendEvent(ui.window, entered)
    dropped = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(ui.window, dropped)
    return dropped.isAccepted()


def choose(ui, name, value):
    chooser = ui(name)
    index = chooser.findData(value)
    assert index >= 0, f"{name} does not offer {value}"
    chooser.setCurrentIndex(index)
    chooser.activated.emit(index)


def data_of(ui):
    return datasets.find(ui.scene.surface.data)


def opened_table(ui, path):
    """Wait until a table is on the stage, and its race is shown."""
    ui.wait(lambda: getattr(ui.scene.surface, "data", "").startswith(f"{path.stem}-"))
    ui.settle()


# Choosing


def test_the_panel_shows_the_examples_of_the_surface(opened):
    ui = opened(first_scene("line"))
    view = ui("data_view")
    assert view.isVisible()
    assert len(view.cloud.train) == len(ui.scene.surface.examples)
    assert ui("surface.data").currentText() == "Fisher’s irises"
    assert ui("surface.feature").currentText() == "petal length"
    assert ui("surface.output").currentText() == "petal width"
    assert not ui("surface.rare").isVisible()
    assert not ui("data_view.batch").isVisible()


def test_another_data_set_moves_start_and_camera_and_can_be_undone(opened):
    ui = opened(first_scene("line"))
    before = ui.scene
    choose(ui, "surface.data", datasets.PENGUINS)
    surface = ui.scene.surface
    assert surface.data == datasets.PENGUINS
    assert ui.scene.start == surface.start
    assert ui.scene.racers == before.racers
    ui.settle()
    view = ui("data_view")
    assert len(view.cloud.train) == len(surface.examples)
    assert ui("surface.data").currentText() == "Palmer penguins"
    assert view.cloud.x.label == surface.input_label
    ui.click("undo")
    assert ui.scene == before
    ui.settle()
    assert ui("surface.data").currentData() == datasets.IRIS
    assert view.cloud.x.label == "petal length (cm)"


def test_other_columns_are_chosen_one_by_one(opened):
    ui = opened(first_scene("line"))
    choose(ui, "surface.feature", "sepal length")
    assert ui.scene.surface.feature == "sepal length"
    assert ui.scene.start == ui.scene.surface.start
    choose(ui, "surface.output", "sepal width")
    assert ui.scene.surface.output == "sepal width"
    ui.settle()
    assert ui("data_view").cloud.y.label == "sepal width (cm)"
    ui.click("undo")
    ui.click("undo")
    assert ui.scene == first_scene("line")
    ui.settle()


def test_a_table_is_standardized_and_a_valley_too_narrow_is_refused(opened, tmp_path):
    ui = opened(first_scene("line"))
    path = tmp_path / "far.csv"
    write(path, ("big", "bigger"), [(1e9 + 1e-3 * i, 3 * i) for i in range(30)])
    drop(ui, path)
    opened_table(ui, path)
    ui.parts.editor.edit(edits.set_surface_knob, "standardize", False)
    ui.told_one("standardize", kind="warning")
    assert ui.scene.surface.standardize
    ui.settle()


def test_locked_nothing_can_be_chosen_or_opened(opened, rides):
    ui = opened(first_scene("line"))
    ui.focus(ui.contour)
    ui.key(Qt.Key.Key_L)
    for name in ("surface.data", "surface.feature", "surface.output", "open_data"):
        assert not ui(name).isEnabled()
    assert drop(ui, rides)
    ui.told_one("locked", kind="info")
    ui.key(Qt.Key.Key_O, BOTH)
    assert ui.scene == first_scene("line")
    assert not ui.parts.compute.busy("data")
    ui.key(Qt.Key.Key_L)
    assert ui("surface.data").isEnabled()


# The batch and the curves


def test_the_batch_of_the_step_is_lit_as_it_plays(opened):
    ui = opened(edits.choose_gradient(first_scene("line"), "mini_batch", 0))
    view = ui("data_view")
    run = ui.race.runs[0]
    for step in (0, 1, 17):
        ui.playback.seek(step + 0.25)
        assert (view.batch.rows == run.batch(step)).all()
    assert ui("data_view.batch").currentText() == ui.scene.racers[0].name
    # Another seed draws others.
    before = view.batch.rows
    ui.parts.editor.edit(edits.set_seed, 5)
    ui.settle()
    assert (view.batch.rows == ui.race.runs[0].batch(17)).all()
    assert sorted(view.batch.rows) != sorted(before)


def test_the_curves_move_with_the_playhead(opened):
    ui = opened(first_scene("line"))
    ui.playback.pause()
    pictures = []
    for position in (0.0, 8.0, 8.5, 100.0):
        ui.playback.seek(position)
        image = ui("data_view").grab().toImage()
        pictures.append(bytes(image.constBits()))
    assert len(set(pictures)) == 4


def test_a_formula_gets_examples_with_a_mini_batch_gradient(ui):
    assert "data" not in ui.window.instruments.seen
    ui.click("tab_chance")
    ui.parts.editor.edit(edits.choose_gradient, "mini_batch")
    ui.settle()
    assert "data" in ui.window.instruments.seen
    view = ui("data_view")
    assert view.cloud.is_tilts
    assert (view.batch.rows == ui.race.runs[0].batch(0)).all()
    ui.click("undo")
    ui.settle()
    assert not view.isVisible()
    assert view.plot is None


# Opening a table


@pytest.mark.parametrize("way", ["button", "key", "menu", "drop"])
def test_a_table_is_opened_as_a_line_and_undone(ui, rides, monkeypatch, way):
    before = ui.scene
    answer(monkeypatch, "getOpenFileName", rides)
    if way == "button":
        ui.click("open_data")
    elif way == "key":
        ui.focus(ui.contour)
        ui.key(Qt.Key.Key_O, BOTH)
    elif way == "menu":
        ui.window.findChild(QAction, "menu.open_data").trigger()
    else:
        assert drop(ui, rides)
    opened_table(ui, rides)
    surface = ui.scene.surface
    assert surface.key == "line"
    assert (surface.feature, surface.output) == ("distance", "time")
    assert ui.scene.start == surface.start
    told = ui.told_one(
        "Opened rides.csv: 50 examples, 3 columns.", "Line through points", kind="info"
    )
    assert told.details == "\n".join(data_of(ui).notes)
    assert len(ui("data_view").cloud.train) + len(ui("data_view").cloud.test) == 50
    assert ui("surface.data").currentData() == surface.data
    ui.click("undo")
    assert ui.scene == before
    ui.settle()
    ui.click("redo")
    assert ui.scene.surface == surface
    ui.settle()


def test_the_surface_stays_if_it_can_be_made_of_the_table(opened, rides):
    ui = opened(first_scene("logistic"))
    drop(ui, rides)
    opened_table(ui, rides)
    assert ui.scene.surface.key == "logistic"
    assert ui.scene.surface.output == "when"
    sentence = ui.told_one("Opened rides.csv", kind="info").sentence
    assert "surface" not in sentence
    # The bundled ones are still offered, and the table beside them.
    offered = [ui("surface.data").itemText(i) for i in range(ui("surface.data").count())]
    assert offered[:2] == ["Palmer penguins", "Fisher’s irises"]
    assert "rides.csv" in offered


def test_a_line_takes_the_place_of_a_surface_that_cannot(opened, tmp_path):
    ui = opened(first_scene("logistic"))
    path = tmp_path / "numbers.tsv"
    write(path, ("a", "b"), [(i, i * i) for i in range(20)])
    drop(ui, path)
    opened_table(ui, path)
    assert ui.scene.surface.key == "line"
    ui.told_one("Line through points", kind="info")


def test_what_was_left_out_is_told_in_the_details(ui, tmp_path):
    path = tmp_path / "gaps.csv"
    rows = [(i, 2 * i + 1, word) for i, word in enumerate(["red", "green", "blue"] * 8)]
    write(path, ("x", "y", "colour"), rows)
    drop(ui, path)
    opened_table(ui, path)
    told = ui.told_one("in the details", kind="info")
    assert "colour" in told.details


BROKEN = {
    "empty.csv": b"",
    "words.txt": b"Dear reader,\nthis is a letter.\nIt holds no table at all.\n",
    "picture.csv": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
    "header.csv": b"a,b,c\n",
    "constant.csv": b"a,b\n1,2\n1,2\n1,2\n1,2\n1,2\n",
    "short.csv": b"a,b\n1,2\n2,3\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_table_is_one_warning_and_the_scene_stays(ui, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(BROKEN[name])
    ui.type("start_x", "2")
    before = ui.scene
    drop(ui, path)
    ui.wait(lambda: bool(ui.told))
    ui.settle()
    problem = ui.told_one(kind="warning")
    assert len(problem.sentence) < 300
    assert all(line.endswith(".") for line in problem.details.splitlines())
    assert ui.scene == before
    assert ui.store.can_undo()


REFUSED = {
    # Name, content, and what must be told of it.
    "huge": ("a,b\n1,2\n2,3\n3,1e150\n4,5\n", ("4 rows", "'1e150' in line 4, column 2")),
    "all": ("a,b\n1e101,1e200\n2e101,3e200\n", ("'1e101' in line 2, column 1", "1e100")),
    "gone": ("a,b\n1e101,1\n2e101,2\n3e101,4\n4e101,5\n", ("only 'b'", "line 2, column 1")),
    "single": ("who,a\nx,1\ny,2\nz,3\nu,5\nv,9\n", ("two columns of numbers", "has only 'a'")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_why_a_table_cannot_be_shown_is_said_with_the_place(ui, tmp_path, name):
    content, words = REFUSED[name]
    path = tmp_path / f"{name}.csv"
    path.write_text(content, encoding="utf-8")
    before = ui.scene
    drop(ui, path)
    ui.wait(lambda: bool(ui.told))
    ui.told_one(f"{name}.csv", *words, kind="warning")
    assert ui.scene == before
    assert not ui.store.can_undo()


def test_rows_without_a_value_are_not_counted_as_examples(ui, tmp_path):
    path = tmp_path / "gaps.csv"
    rows = [(i, "" if i % 4 == 0 else i * i) for i in range(40)]
    write(path, ("a", "b"), rows)
    drop(ui, path)
    opened_table(ui, path)
    ui.told_one("30 examples of 40 rows", "2 columns", kind="info")
    assert "30 of the rows" in ui("surface.data").toolTip()
    view = ui("data_view")
    assert len(view.cloud.train) + len(view.cloud.test) == 30


def test_a_table_that_is_not_there_is_one_warning(ui, tmp_path):
    drop(ui, tmp_path / "gone.csv")
    ui.told_one("Could not open gone.csv", kind="warning")


def test_nothing_happens_when_the_dialog_is_left(ui, monkeypatch):
    answer(monkeypatch, "getOpenFileName", "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    ui.click("open_data")
    assert not ui.parts.compute.busy("data")
    assert ui.told == []


def test_of_two_tables_the_later_one_is_shown(ui, rides, tmp_path):
    other = tmp_path / "other.csv"
    write(other, ("u", "v"), [(i, 5 - i) for i in range(30)])
    drop(ui, rides)
    drop(ui, other)
    opened_table(ui, other)
    assert [problem.kind for problem in ui.told] == ["info"]


def test_a_million_rows_are_read_while_the_window_goes_on(ui, tmp_path):
    path = tmp_path / "million.csv"
    numbers = _RANDOM.integers(0, 10_000, (1_000_000, 2))
    np.savetxt(path, numbers, fmt="%d", delimiter=",", header="first,second", comments="")
    ticks = []
    timer = QTimer(ui.window)
    timer.setInterval(10)
    timer.timeout.connect(lambda: ticks.append(ui.parts.compute.busy("data")))
    timer.start()
    drop(ui, path)
    # While it is read, it is told, and the scene can be changed.
    ui.told_one("Reading million.csv", kind="info")
    ui.type("start_x", "2")
    assert ui.parts.compute.busy("data")
    assert ui.scene.start[0] == 2.0
    ui.qtbot.waitUntil(lambda: not ui.parts.compute.busy("data"), timeout=120_000)
    timer.stop()
    opened_table(ui, path)
    assert sum(ticks) > 20, "events were handled all the while"
    assert data_of(ui).rows == datasets.MAX_EXAMPLES
    told = ui.told_one("Opened million.csv: 2,000 examples", kind="info")
    assert "1,000,000 rows" in told.details
    assert "more" not in ui.window.findChild(QLabel, "message_bar.count").text()
    ui.click("undo")
    assert ui.scene.start == (2.0, first_scene("beale").start[1])
    assert ui.scene.surface.key == "beale"
    ui.settle()


def test_closing_the_window_ends_the_reading(ui, tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("a,b\n")
        file.writelines(f"{i},{i % 7}\n" for i in range(400_000))
    drop(ui, path)
    ui.wait(lambda: ui.parts.compute.busy("data"))
    assert ui.window.close()


def test_the_scene_with_a_table_is_saved_and_opened_on_another_machine(
    ui, rides, tmp_path, monkeypatch
):
    drop(ui, rides)
    opened_table(ui, rides)
    choose(ui, "surface.output", "time")
    ui.settle()
    saved = ui.scene
    values = data_of(ui).column("time").values
    path = tmp_path / "mine.optiviz"
    answer(monkeypatch, "getSaveFileName", path)
    ui.window.findChild(QAction, "menu.save_as").trigger()
    rides.unlink()
    # Another machine has never seen the table.
    with datasets._shelf.lock:
        kept = dict(datasets._shelf.kept)
        datasets._shelf.kept.clear()
    try:
        assert read(path) == saved
        ui.parts.files.open(path)
        ui.settle()
        assert ui.scene == saved
        assert (data_of(ui).column("time").values == values).all()
        assert ui("surface.output").currentText() == "time"
    finally:
        datasets._shelf.kept.update(kept)


def test_tables_are_known_by_their_names(tmp_path):
    for name in ("a.csv", "b.TSV", "c.txt"):
        assert table_file.is_table(tmp_path / name)
    for name in ("scene.optiviz", "csv", "d.png"):
        assert not table_file.is_table(tmp_path / name)


def test_every_chooser_is_named_and_told_of(opened):
    ui = opened(edits.choose_gradient(first_scene("rare_feature"), "mini_batch"))
    names = ("surface.data", "surface.feature", "surface.output", "surface.rare")
    for name in (*names, "data_view.batch"):
        chooser = ui(name)
        assert isinstance(chooser, QComboBox)
        assert chooser.isVisible()
        assert chooser.accessibleName()
        assert "Space" in chooser.toolTip()
    assert "Ctrl+Shift+O" in ui("open_data").toolTip()
