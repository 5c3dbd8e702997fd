"""SurfacePanel: a surface's name, formula and data set, and all its knobs, named in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from optiviz.engine import datasets
from optiviz.engine.surfaces.data import DataSurface
from optiviz.gui.commands.actions import with_key
from optiviz.gui.theme.palette import Look
from optiviz.gui.views.view import View
from optiviz.gui.widgets.formula_lines import FormulaLines
from optiviz.gui.widgets.knob_rows import KnobRows
from optiviz.gui.widgets.rows import put_into

if TYPE_CHECKING:
    from optiviz.engine import Surface
    from optiviz.scene import Scene


class SurfacePanel(View):
    """Tells of the surface and sets it.

    Signals: ``knob_changed(name, value)``, ``knob_change_finished(name)``, ``data_wished()``: the
    data and their columns are to be chosen, ``open_wished()``: a table of one's own.
    """

    knob_changed = Signal(str, object)
    knob_change_finished = Signal(str)
    data_wished = Signal()
    open_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surface_panel")
        self.setAccessibleName("Surface")
        self._surface: Surface | None = None
        self._look = Look()
        self._title = self._line("title")
        self._about = self._line("about", muted=True)
        self.formula = FormulaLines("surface_panel.formula", self)
        self._data = self._line("data", muted=True)
        self.rows = KnobRows("surface_panel", self, words=True)
        self.rows.knob_changed.connect(self.knob_changed)
        self.rows.knob_change_finished.connect(self.knob_change_finished)
        self._choose = self._button(
            "choose_data",
            "Data and columns …",
            "Shows where the data and their columns are chosen, among the data themselves",
        )
        self._choose.clicked.connect(lambda: self.data_wished.emit())
        self._open = self._button(
            "open_data",
            "Open a table …",
            with_key("Makes a surface of a table of your own, such as a CSV file", "open_data"),
        )
        self._open.clicked.connect(lambda: self.open_wished.emit())
        self._column = QVBoxLayout(self)
        for widget in (self._title, self._about, self.formula, self.rows, self._data):
            self._column.addWidget(widget)
        self._below = put_into(self._column, QHBoxLayout())
        self._below.addWidget(self._choose)
        self._below.addWidget(self._open)
        self._below.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _line(self, name: str, *, muted: bool = False) -> QLabel:
        label = QLabel(self)
        label.setObjectName(f"surface_panel.{name}")
        label.setProperty("muted", muted)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"surface_panel.{name}")
        button.setText(text)
        button.setAccessibleName(f"Surface: {text.removesuffix(' …')}")
        button.setToolTip(tip)
        button.setProperty("compact", True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def show_scene(self, scene: Scene) -> None:
        surface = scene.surface
        if surface == self._surface:
            return
        self._surface = surface
        self._title.setText(surface.title)
        self._about.setText(surface.about)
        self.formula.show_formula(surface.formula)
        self.rows.show_part(surface)
        self.rows.show_defaults(type(surface)())
        self.rows.show_owner(f"All knobs of {surface.title}")
        self.rows.setVisible(self.rows.has_rows())
        told = _data(surface) if isinstance(surface, DataSurface) else ""
        self._data.setText(told)
        self._data.setVisible(bool(told))
        self._choose.setVisible(bool(told))

    def show_locked(self, locked: bool) -> None:
        """Keep the surface from accidents."""
        for widget in (self.rows, self._open):
            widget.setEnabled(not locked)

    def show_look(self, look: Look) -> None:
        self._look = look
        edge = round(look.px(6))
        self._column.setContentsMargins(edge, 0, edge, edge)
        self._column.setSpacing(edge)
        self._below.setSpacing(edge)
        self._title.setFont(look.font(1.05, bold=True))
        for label in (self._about, self._data):
            label.setFont(look.font(0.93))
        for button in (self._choose, self._open):
            button.setFont(look.font(0.93))
        self.formula.show_look(look)
        self.rows.show_look(look, QColor(look.theme.accent))

    def sizeHint(self) -> QSize:
        return QSize(round(self._look.px(300)), super().sizeHint().height())


def _data(surface: DataSurface) -> str:
    """Say which data a surface is made of, and which columns are what."""
    data = datasets.find(surface.data)
    inputs = [str(getattr(surface, knob)) for knob in surface.columns if knob != "output"]
    given = f"{' and '.join(inputs)} → " if inputs else ""
    return f"{data.title}, {data.rows:,} rows: {given}{getattr(surface, 'output', '')}"
