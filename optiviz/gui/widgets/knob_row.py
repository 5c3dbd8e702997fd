"""One knob's row in a form: what it is called, and the widgets that show and change it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from optiviz.engine.words import capitalized, sentences
from optiviz.gui.widgets.chooser import Chooser
from optiviz.gui.widgets.knob_slider import KnobSlider
from optiviz.gui.widgets.number_field import NumberField
from optiviz.gui.widgets.switch import Switch
from optiviz.gui.words.numbers import allowed_numbers, format_knob

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QMouseEvent

    from optiviz.engine.part import Knob, KnobValue
    from optiviz.gui.theme.palette import Look


class KnobRow(QObject):
    """Makes and serves one knob's widgets; the form lays them out.

    Attributes:
        label: the knob's symbol, or its name in words where that is wanted or it has no slider.
        slider: the slider, for numbers only.
        editor: the number field, switch or list.
        line: the layout that is this row's alone, if the form has given it one.

    Signals:
        changed(object): a hand changed the value.
        finished(): that change is over.
        reset_wished(): the default is wanted back.
    """

    changed = Signal(object)
    finished = Signal()
    reset_wished = Signal()

    def __init__(
        self, knob: Knob, owner: str, prefix: str, parent: QWidget, *, words: bool = False
    ) -> None:
        """``words``: name the knob in words, where there is the room, and not by its symbol."""
        super().__init__(parent)
        self.knob = knob
        self._words = words
        self._value: KnobValue = knob.default
        self._default: KnobValue = knob.default
        name = f"{prefix}.{knob.name}"
        self.line: QHBoxLayout | None = None
        self.slider: KnobSlider | None = None
        self.editor: NumberField | Switch | Chooser
        if knob.kind == "number":
            self.slider = KnobSlider(knob, f"{name}.slider", "", parent)
            self.editor = NumberField(knob, name, "", parent)
            self.slider.value_slid.connect(self.on_value_slid)
            self.slider.slide_finished.connect(self.finished)
            self.slider.reset_wished.connect(self.reset_wished)
            self.editor.value_typed.connect(self.on_value_typed)
        elif knob.kind == "switch":
            self.editor = Switch(name, "", parent)
            self.editor.clicked.connect(self.on_chosen)
        else:
            self.editor = Chooser(name, "", parent)
            for choice in knob.choices:
                self.editor.addItem(choice.replace("_", " "), choice)
            self.editor.activated.connect(self.on_activated)
        short = knob.symbol if self.slider else _only_words(knob)
        self.label = _Name(_with_unit(knob) if words and self.slider else short, parent)
        self.label.setObjectName(f"{name}.label")
        self.label.setBuddy(self.editor)
        self.label.reset_wished.connect(self.reset_wished)
        self.show_owner(owner)
        self.show_default(knob.default)
        self.show_value(knob.default)

    @property
    def default(self) -> KnobValue:
        """What a reset goes back to."""
        return self._default

    def widgets(self) -> list[QWidget]:
        """List the row's widgets in the order of the Tab key."""
        return [item for item in (self.label, self.slider, self.editor) if item is not None]

    def show_owner(self, owner: str) -> None:
        """Tell assistive tools whose knob it is: ``Adam, learning rate ε``."""
        said = f"{owner}, {_in_words(self.knob)}"
        self.editor.setAccessibleName(said)
        if self.slider is not None:
            self.slider.setAccessibleName(f"{said}, slider")

    def show_value(self, value: KnobValue) -> None:
        """Show the knob's value."""
        self._value = value
        if isinstance(self.editor, NumberField) and self.slider is not None:
            number = float(value)
            self.editor.show_value(number)
            if number != self.slider.knob_value:
                self.slider.show_value(number)
        elif isinstance(self.editor, Switch):
            self.editor.show_checked(bool(value))
        elif isinstance(self.editor, Chooser):
            blocked = self.editor.blockSignals(True)
            self.editor.setCurrentIndex(self.editor.findData(value))
            self.editor.blockSignals(blocked)

    def show_default(self, value: KnobValue) -> None:
        """Take this value for a reset, and tell of it in the tooltip."""
        if value == self._default and self.label.toolTip():
            return
        self._default = value
        tip = self._tip()
        for widget in self.widgets():
            widget.setToolTip(tip)

    def show_travel(self, low: float, high: float) -> None:
        """Let the slider go from one value to another."""
        if self.slider is not None:
            self.slider.show_travel(low, high)

    def align_number(self, side: Qt.AlignmentFlag) -> None:
        """Let the number stand at this side of its field."""
        if isinstance(self.editor, NumberField):
            self.editor.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def show_look(self, look: Look, color: QColor) -> None:
        """Show the row in this theme and scale."""
        symbol = self.slider is not None and not self._words
        self.label.setFont(look.font(1.0 if symbol else 0.93, italic=symbol))
        for widget in (self.slider, self.editor):
            if isinstance(widget, KnobSlider | Switch):
                widget.show_look(look, color)
            elif widget is not None:
                widget.setFont(look.font())
                widget.updateGeometry()

    def differs(self) -> str:
        """Say the value in short if it is not the default: ``λ = 0.01``; empty otherwise."""
        if self._value == self._default:
            return ""
        if self.knob.kind == "switch":
            return f"{_only_words(self.knob)} {'on' if self._value else 'off'}"
        if isinstance(self._value, str):
            return f"{_only_words(self.knob)} {self._value}"
        return f"{self.knob.symbol} = {format_knob(self._value)}"

    def on_value_slid(self, value: float) -> None:
        """Let the number follow the slider."""
        self._change(value)

    def on_value_typed(self, value: float) -> None:
        """Let the slider follow the number."""
        self._change(value)
        self.finished.emit()

    def on_chosen(self, checked: bool) -> None:
        """Take a switch's new state."""
        self._change(checked)
        self.finished.emit()

    def on_activated(self, index: int) -> None:
        """Take a list's new choice."""
        choice = self.editor.itemData(index) if isinstance(self.editor, Chooser) else None
        if choice is not None and choice != self._value:
            self._change(choice)
            self.finished.emit()

    def _change(self, value: object) -> None:
        checked = self.knob.check(value)
        self.show_value(checked)
        self.changed.emit(checked)

    def _tip(self) -> str:
        knob = self.knob
        name = html.escape(capitalized(_in_words(knob)))
        lines = [f"<b>{name}</b>", html.escape(knob.help)]
        if knob.kind == "number":
            unit = f" ({knob.unit})" if knob.unit else ""
            allowed = sentences([f"{allowed_numbers(knob)}{unit}"])
            default = format_knob(float(self._default))
            lines.append(html.escape(allowed))
            lines.append(f"Default {default}: double-click, or Delete on the slider.")
            lines.append("Arrow keys step, with Shift finer.")
        else:
            shown = self._default
            if isinstance(shown, bool):
                shown = "on" if shown else "off"
            lines.append(html.escape(f"Default {shown}: double-click on the name."))
        return "<br>".join(lines)


class _Name(QLabel):
    """A knob's symbol or name. Signal: reset_wished(), for a double-click."""

    reset_wished = Signal()

    def __init__(self, text: str, parent: QWidget) -> None:
        name, mark, index = text.partition("_")
        rich = f"{html.escape(name)}<sub>{html.escape(index)}</sub>"
        super().__init__(rich if mark else text, parent)
        self.setTextFormat(Qt.TextFormat.RichText if mark else Qt.TextFormat.PlainText)
        self.setProperty("muted", True)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_wished.emit()
        event.accept()


def _in_words(knob: Knob) -> str:
    """Name a knob with its symbol: ``learning rate ε``."""
    if knob.label.endswith(knob.symbol):
        return knob.label
    return f"{knob.label} {knob.symbol}"


def _only_words(knob: Knob) -> str:
    return knob.label.removesuffix(knob.symbol).strip() or knob.symbol


def _with_unit(knob: Knob) -> str:
    """Name a knob as a form with room for words does: ``period T₀``, ``warmup, epochs``."""
    if knob.label.endswith(knob.symbol) or not knob.unit.isalpha():
        return knob.label
    return f"{knob.label}, {knob.unit}"
