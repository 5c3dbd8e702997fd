from dataclasses import dataclass
from typing import ClassVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QToolButton, QVBoxLayout, QWidget

from optiviz.engine import OPTIMIZERS, SURFACES
from optiviz.engine.part import Part, knob
from optiviz.gui.theme.palette import DARK, LIGHT, Look
from optiviz.gui.widgets.knob_form import KnobForm
from optiviz.gui.widgets.knob_slider import KnobSlider
from optiviz.gui.widgets.number_field import NumberField
from optiviz.gui.widgets.switch import Switch

BUTTON = Qt.MouseButton.LeftButton


@dataclass(frozen=True)
class Sample(Part):
    """A part with a knob of each kind."""

    lr: float = knob(
        0.01,
        symbol="ε",
        label="learning rate ε",
        help="How <far> a step goes.",
        low=1e-9,
        high=1000.0,
        scale="log",
        travel=(1e-5, 10.0),
    )
    size: int = knob(
        8, symbol="b", label="batch size", help="How many.", low=1, high=64, integer=True
    )
    exact: bool = knob(True, symbol="exact", label="full gradient", help="Whether it is exact.")
    form: str = knob("own", symbol="form", label="form", help="Which.", choices=("own", "by_torch"))
    decay: float = knob(
        0.0, symbol="λ", label="weight decay λ", help="Pulls.", low=0.0, high=1.0, minor=True
    )

    key: ClassVar[str] = "sample"
    title: ClassVar[str] = "Sample"
    about: ClassVar[str] = "A sample."
    formula: ClassVar[str] = "x"


class Host(QWidget):
    def __init__(self):
        super().__init__()
        self.form = KnobForm("racer_0", self)
        layout = QVBoxLayout(self)
        layout.addWidget(self.form)
        layout.addStretch()
        self.told = []
        self.form.knob_changed.connect(lambda name, value: self.told.append((name, value)))
        self.form.knob_change_finished.connect(self.told.append)

    def find(self, name, kind=QWidget):
        return self.findChild(kind, f"racer_0.{name}")


@pytest.fixture
def host(qtbot):
    made = Host()
    qtbot.addWidget(made)
    made.form.show_part(Sample())
    made.resize(260, 300)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    return made


def collect():
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()


def test_each_knob_has_its_editor_by_name(host):
    assert isinstance(host.find("lr"), NumberField)
    assert isinstance(host.find("lr.slider"), KnobSlider)
    assert isinstance(host.find("size"), NumberField)
    assert isinstance(host.find("exact"), Switch)
    assert isinstance(host.find("form"), QComboBox)
    assert host.find("exact.slider") is None
    assert host.find("form.slider") is None


def test_each_editor_is_named_and_explained(host):
    assert host.find("lr").accessibleName() == "Sample, learning rate ε"
    assert host.find("size").accessibleName() == "Sample, batch size b"
    assert host.find("lr.slider").accessibleName() == "Sample, learning rate ε, slider"
    for name in ("lr", "lr.slider", "lr.label"):
        tip = host.find(name).toolTip()
        assert "Learning rate ε" in tip
        assert "How &lt;far&gt; a step goes." in tip
        assert "A number from 1e-9 to 1000." in tip
        assert "Default 0.01:" in tip
    label = host.find("lr.label", QLabel)
    assert label.text() == "ε"
    assert label.buddy() is host.find("lr")
    assert host.find("exact.label", QLabel).text() == "full gradient"


def test_showing_never_emits(host):
    host.form.show_part(Sample(lr=0.5, size=3, exact=False, form="by_torch", decay=0.1))
    host.form.show_defaults(Sample(lr=0.3))
    host.form.show_look(Look(LIGHT, 1.6), QColor("red"))
    assert host.told == []
    assert host.find("lr").text() == "0.5"
    assert host.find("lr.slider").knob_value == 0.5
    assert host.find("size").text() == "3"
    assert not host.find("exact").isChecked()
    assert host.find("form").currentText() == "by torch"


def test_typing_a_number_tells_and_moves_the_slider(host):
    field = host.find("lr")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0,5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert host.told == [("lr", 0.5), "lr"]
    assert host.find("lr.slider").knob_value == 0.5
    assert host.form.part == Sample(lr=0.5)


def test_a_refused_number_tells_nothing(host):
    field = host.find("size")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "65")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert host.told == []
    assert host.form.part == Sample()
    assert field.accessibleDescription() == "b must be a whole number from 1 to 64"


def test_sliding_tells_all_the_way_and_the_number_follows(host):
    slider = host.find("lr.slider")
    middle = slider.height() // 2
    QTest.mousePress(slider, BUTTON, pos=QPoint(20, middle))
    QTest.mouseMove(slider, QPoint(70, middle))
    assert "lr" not in host.told
    assert float(host.find("lr").text()) == host.told[-1][1]
    QTest.mouseRelease(slider, BUTTON, pos=QPoint(70, middle))
    assert host.told.count("lr") == 1
    assert host.told[-1] == "lr"


def test_a_whole_number_is_told_as_one(host):
    QTest.keyClick(host.find("size.slider"), Qt.Key.Key_Right)
    ((name, value), finished) = host.told
    assert (name, value, finished) == ("size", 9, "size")
    assert isinstance(value, int)


def test_a_switch_and_a_list_tell(host):
    QTest.mouseClick(host.find("exact"), BUTTON, pos=host.find("exact").rect().center())
    host.find("exact").setFocus()
    QTest.keyClick(host.find("exact"), Qt.Key.Key_Space)
    assert host.told == [("exact", False), "exact", ("exact", True), "exact"]
    host.told.clear()
    combo = host.find("form")
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert host.told == [("form", "by_torch"), "form"]


def test_a_list_under_the_wheel_does_not_change(host):
    combo = host.find("form")
    host.find("lr").setFocus()
    point = QPointF(5, 5)
    event = QWheelEvent(
        point,
        QPointF(combo.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(combo, event)
    assert host.told == []
    assert combo.currentIndex() == 0


@pytest.mark.parametrize("way", ["symbol", "slider", "key"])
def test_resets_to_the_tuned_value(host, way):
    host.form.show_part(Sample(lr=0.5))
    host.form.show_defaults(Sample(lr=0.02))
    if way == "symbol":
        QTest.mouseDClick(host.find("lr.label"), BUTTON)
    elif way == "slider":
        QTest.mouseDClick(host.find("lr.slider"), BUTTON, pos=QPoint(3, 3))
    else:
        QTest.keyClick(host.find("lr.slider"), Qt.Key.Key_Delete)
    assert host.told == [("lr", 0.02), "lr"]
    assert host.find("lr").text() == "0.02"
    assert "Default 0.02" in host.find("lr").toolTip()
    host.form.reset("lr")
    assert len(host.told) == 2


def test_defaults_of_another_part_fall_back_to_the_classs_own(host):
    host.form.show_part(Sample(lr=0.5, form="by_torch"))
    host.form.show_defaults(OPTIMIZERS["adam"](lr=0.7))
    host.form.reset("lr")
    QTest.mouseDClick(host.find("form.label"), BUTTON)
    assert host.told == [("lr", 0.01), "lr", ("form", "own"), "form"]


def test_minor_knobs_fold(host):
    more = host.find("more", QToolButton)
    assert not host.find("decay").isVisible()
    assert more.accessibleName() == "Sample, more knobs"
    assert more.toolTip()
    QTest.mouseClick(more, BUTTON)
    assert host.find("decay").isVisible()
    assert host.find("decay.slider").isVisible()
    assert more.text() == "less"
    more.setFocus()
    QTest.keyClick(more, Qt.Key.Key_Space)
    assert not host.find("decay").isVisible()
    assert host.told == []


def test_an_unusual_setting_is_told_though_it_is_folded_away(host):
    more, unusual = host.find("more", QToolButton), host.find("unusual", QLabel)
    assert not unusual.isVisible()
    width = host.form.minimumSizeHint().width()
    host.form.show_part(Sample(decay=0.25))
    assert unusual.isVisible()
    assert unusual.text() == more.accessibleDescription() == "λ = 0.25"
    assert host.form.minimumSizeHint().width() == width
    QTest.mouseClick(more, BUTTON)
    assert not unusual.isVisible(), "the knob itself is there now"
    host.form.show_part(Sample())
    QTest.mouseClick(more, BUTTON)
    assert not unusual.isVisible()


def test_settings_that_have_no_knob_are_always_told(host):
    unusual = host.find("unusual", QLabel)
    host.form.show_part(Sample(decay=0.25))
    host.form.show_notes(("clip norm 0.5", "cosine"))
    assert unusual.text() == "λ = 0.25, clip norm 0.5, cosine"
    QTest.mouseClick(host.find("more"), BUTTON)
    assert unusual.text() == "clip norm 0.5, cosine"
    host.form.show_notes(())
    assert not unusual.isVisible()


def test_a_long_list_of_unusual_settings_is_wrapped_and_not_cut(host):
    unusual = host.find("unusual", QLabel)
    host.form.show_notes(tuple(f"clip norm 0.{number}" for number in range(10)))
    QApplication.processEvents()
    assert unusual.height() >= unusual.heightForWidth(unusual.width())
    assert unusual.height() > 2 * unusual.fontMetrics().height()


def test_the_owner_is_told_in_every_name(host):
    host.form.show_owner("Adam 2")
    assert host.find("lr").accessibleName() == "Adam 2, learning rate ε"
    assert host.find("lr.slider").accessibleName() == "Adam 2, learning rate ε, slider"
    assert host.find("exact").accessibleName().startswith("Adam 2, ")
    assert host.find("more").accessibleName() == "Adam 2, more knobs"
    host.form.show_part(OPTIMIZERS["adam"]())
    names = [host.find(name).accessibleName() for name in ("beta1", "beta2")]
    assert names == ["Adam 2, decay rate β₁", "Adam 2, decay rate β₂"]
    host.form.show_owner("")
    assert host.find("beta1").accessibleName() == "Adam, decay rate β₁"


def test_a_wide_list_leaves_the_sliders_alone(host):
    combo, slider = host.find("form"), host.find("lr.slider")
    before = slider.width()
    combo.addItem("a choice with quite a long name")
    QApplication.processEvents()
    assert slider.width() == before


def test_parts_without_minor_knobs_have_no_more(host):
    host.form.show_part(SURFACES["rosenbrock"]())
    assert not host.form.more.isVisibleTo(host.form)


def test_a_part_of_another_type_gets_rows_of_its_own_and_leaves_nothing(host):
    host.form.show_look(Look(LIGHT, 1.2), QColor("#123456"))
    counts = []
    for _ in range(4):
        host.form.show_part(OPTIMIZERS["adam"]())
        assert host.find("beta2") is not None
        assert host.find("size") is None
        assert len(host.findChildren(QWidget, "racer_0.lr")) == 1
        assert host.find("lr").accessibleName() == "Adam, learning rate ε"
        host.form.show_part(Sample())
        collect()
        counts.append(len(host.findChildren(QWidget)) + len(host.form.children()))
    assert max(counts) == counts[0]  # what fades by a timer may be gone later


def test_the_type_may_change_while_a_change_is_being_told(host):
    host.form.knob_changed.connect(lambda *_: host.form.show_part(OPTIMIZERS["sgd"]()))
    slider = host.find("lr.slider")
    QTest.keyClick(slider, Qt.Key.Key_Right)
    collect()
    assert host.told[0] == ("lr", 0.02)
    assert host.find("size") is None


def test_nothing_moves_when_values_change(host):
    names = ["lr", "lr.slider", "lr.label", "size", "size.slider", "exact", "form", "more"]
    before = [host.find(name).geometry() for name in names]
    for part in (
        Sample(lr=1e-9, size=1, exact=False, form="by_torch", decay=0.123456789),
        Sample(lr=0.123456789, size=64),
    ):
        host.form.show_part(part)
        QApplication.processEvents()
        assert [host.find(name).geometry() for name in names] == before


def test_everything_grows_with_the_scale(host):
    field, slider = host.find("lr"), host.find("lr.slider")
    before = (field.sizeHint().width(), slider.sizeHint().height(), field.font().pointSizeF())
    host.form.show_look(Look(DARK, 2.0), QColor("#e69f00"))
    after = (field.sizeHint().width(), slider.sizeHint().height(), field.font().pointSizeF())
    assert all(b >= 1.7 * a for a, b in zip(before, after, strict=True))


def test_tab_goes_through_the_rows_in_order(host, qtbot):
    host.find("lr.slider").setFocus()
    qtbot.waitUntil(host.find("lr.slider").hasFocus)
    names = []
    for _ in range(7):
        names.append(QApplication.focusWidget().objectName().removeprefix("racer_0."))
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert names == ["lr.slider", "lr", "size.slider", "size", "exact", "form", "more"]


@pytest.mark.parametrize("part", [*OPTIMIZERS.values(), *SURFACES.values()])
def test_every_part_has_a_form(host, part):
    host.form.show_part(part())
    for spec in part.knobs():
        editor = host.find(spec.name)
        if spec.kind == "text":
            assert editor is None, "what a text names is chosen elsewhere"
            continue
        assert editor.accessibleName()
        assert editor.toolTip()
