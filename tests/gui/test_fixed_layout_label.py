"""A label whose words change without a new layout."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from optiviz.gui.widgets.fixed_layout_label import FixedLayoutLabel


class Layouts(QObject):
    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.fixture
def label(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    label = FixedLayoutLabel("told", host)
    QVBoxLayout(host).addWidget(label)
    host.resize(220, 120)
    label.show_text("cosine to 0.01")
    host.show()
    qtbot.waitExposed(host)
    yield label
    assert host is label.parentWidget()


def test_words_of_the_same_height_ask_for_no_layout(qapp, label):
    layouts = Layouts(label.parentWidget())
    label.show_text("cosine to 0.02")
    qapp.processEvents()
    assert layouts.count == 0
    assert label.text() == "cosine to 0.02"
    label.show_text("cosine to 0.02, clip norm 0.5, Nesterov in the other form, and more than that")
    qapp.processEvents()
    assert layouts.count > 0
    assert label.height() >= label.heightForWidth(label.width())


def test_it_wraps_and_looks_as_a_label_of_qt_s_does(qapp, label):
    other = QLabel(label.parentWidget())
    other.setProperty("muted", True)
    other.setWordWrap(True)
    label.parentWidget().layout().addWidget(other)
    words = "Finished at step 75, long before the others, who are still on their way"
    label.show_text(words)
    other.setText(words)
    for each in (label, other):
        each.setFixedWidth(150)
    assert label.heightForWidth(150) == other.heightForWidth(150)
    for each in (label, other):
        each.setFixedHeight(80)
    qapp.processEvents()
    assert label.grab().toImage() == other.grab().toImage()


def test_assistive_tools_read_its_words(label):
    told = label.findChild(QLabel, "told")
    interface = QAccessible.queryAccessibleInterface(told)
    assert interface.role() == QAccessible.Role.StaticText
    assert interface.text(QAccessible.Text.Name) == told.property("text") == "cosine to 0.01"
    label.show_text("cosine to 0.02")
    assert interface.text(QAccessible.Text.Name) == told.property("text") == "cosine to 0.02"


def test_its_margins_keep_words_from_its_edge(label):
    label.setContentsMargins(7, 2, 5, 3)
    assert label.label.geometry() == label.contentsRect() != label.rect()
