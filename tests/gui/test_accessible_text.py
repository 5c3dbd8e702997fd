"""Whatever is written on the window is told to assistive tools, by name, description or text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.stage.canvas import Canvas
from optiviz.gui.views.contour.stage import ContourCanvas
from optiviz.gui.views.curves import CurvesView
from optiviz.gui.views.data.legend import DataLegend
from optiviz.gui.views.schedule.plot import SchedulePlot
from optiviz.gui.views.seeds.plot import SeedsPlot
from optiviz.gui.widgets.readout import Readout
from optiviz.scene import edits, first_scene

#: Two letters or more: neither a number nor a sign.
_WORD = re.compile(r"[^\W\d_]{2,}")


class Written:
    """What painters write, as texts."""

    def __init__(self, monkeypatch):
        self.texts, self.writers = [], set()
        draw_text, draw_halo = QPainter.drawText, HaloText.draw

        def drawn(painter, *arguments):
            self.texts += [each for each in arguments if isinstance(each, str)]
            return draw_text(painter, *arguments)

        def drawn_with_halo(halo, painter, text, *arguments):
            self.texts.append(text)
            draw_halo(halo, painter, text, *arguments)

        monkeypatch.setattr(QPainter, "drawText", drawn)
        monkeypatch.setattr(HaloText, "draw", drawn_with_halo)

    def on(self, widget):
        """The texts with words that a widget writes, without its children."""
        self.texts.clear()
        if isinstance(widget, Canvas):
            widget.grab()
        else:
            picture = QPixmap(widget.size())
            widget.render(picture, QPoint(), QRegion(), QWidget.RenderFlag(0))
        found = [text for text in self.texts if _WORD.search(text)]
        if found:
            self.writers.add(type(widget))
        return found


def told(widget):
    """What assistive tools hear of a widget: its name, and all that they hear of it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    kinds = QAccessible.Text
    name, *rest = (interface.text(kind) for kind in (kinds.Name, kinds.Description, kinds.Value))
    return name, " ".join([name, *rest])


@pytest.fixture
def written(monkeypatch):
    return Written(monkeypatch)


@pytest.fixture
def by_chance(opened):
    """A window in which as much is written as can be: all instruments, a legend, a caption."""
    scene = edits.choose_gradient(first_scene("flat_and_sharp"), "mini_batch")
    scene = edits.set_gradient_knob(scene, "batch_size", 4)
    ui = opened(edits.set_steps(scene, 100))
    ui.window.instruments.show_folded(frozenset())
    return ui


def writers(window):
    """All visible widgets of ours that paint themselves."""
    for widget in window.findChildren(QWidget):
        painted = next(each for each in type(widget).__mro__ if "paintEvent" in vars(each))
        ours = painted.__module__.startswith("optiviz")
        if widget.isVisible() and (ours or isinstance(widget, Canvas)):
            yield widget


def not_told(ui, written):
    """What is written and not told, by widget."""
    # In another scale every picture is drawn anew.
    ui.window.show_look(replace(ui.window.look, scale=ui.window.look.scale + 0.05))
    found = {}
    for widget in writers(ui.window):
        texts = written.on(widget)
        name, everything = told(widget)
        if not texts:
            continue
        if not name:
            found[widget] = texts
        if isinstance(widget, Readout | DataLegend):
            missing = [text for text in texts if text.rstrip("…") not in everything]
        else:
            # The numbers and names of an axis are not told, but sentences are.
            missing = [text for text in texts if text.endswith(".") and text not in everything]
        if missing:
            found[widget] = missing
    return {f"{type(widget).__name__} {widget.objectName()}": found[widget] for widget in found}


def test_what_is_written_on_the_window_is_told(by_chance, written):
    assert not_told(by_chance, written) == {}
    by_chance.parts.editor.edit(edits.choose_schedule, "cosine")
    instruments = by_chance.window.instruments
    look = by_chance.window.look
    for item in instruments.items:  # each has the column once
        by_chance.window.show_look(look)
        instruments.show_enlarged(item.name)
        if by_chance.has(f"{item.name}_on"):
            by_chance.click(f"{item.name}_on")
        by_chance.settle()
        QApplication.processEvents()
        assert not_told(by_chance, written) == {}, item.name
    expected = {Readout, DataLegend, SchedulePlot, CurvesView, SeedsPlot, ContourCanvas}
    assert expected <= written.writers


def test_what_is_written_on_the_stage_is_told(by_chance):
    stage = by_chance.window.contour.stage
    by_chance.window.contour.show_caption(("Adam, ε 0.5", "seed 1"))
    by_chance.window.contour.show_readout(("(1, 2), loss 3",))
    by_chance.key(Qt.Key.Key_G)
    by_chance.settle()
    name, everything = told(stage)
    assert name
    rows = [entry.words for row in stage.chance.legend.rows for entry in row]
    letters = [letter.text for letter in stage.letters.letters]
    assert rows
    for text in ("Adam, ε 0.5", "seed 1", "(1, 2), loss 3", *rows, *letters):
        assert text in everything
    by_chance.window.contour.show_readout(())
    assert "loss 3" not in told(stage)[1]


def test_every_label_has_its_text_where_qt_looks_for_it(by_chance):
    labels = [each for each in by_chance.window.findChildren(QLabel) if each.isVisible()]
    assert len(labels) > 20
    wrong = {
        each.objectName(): each.text() for each in labels if each.property("text") != each.text()
    }
    assert not wrong
    outcome = by_chance("racer_0.outcome")
    assert told(outcome) == ("SGD, outcome", f"SGD, outcome {outcome.text()} ")
    assert outcome.text() == "At the start."


def test_a_readout_tells_what_is_said_though_its_text_stays(qtbot):
    readout = Readout("=8th")
    qtbot.addWidget(readout)
    readout.show_text("tied", "open", "1st, tied")
    assert told(readout)[0] == "1st, tied"
    readout.show_text("tied", "open", "2nd, tied")
    assert told(readout)[0] == "2nd, tied"
    readout.setAccessibleName("Adam, place")
    assert told(readout)[1].strip() == "Adam, place 2nd, tied"
    readout.show_text("tied", "open", "3rd, tied")
    assert told(readout)[1].strip() == "Adam, place 3rd, tied"
