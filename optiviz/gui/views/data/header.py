"""Above the data panel's picture: which data, which columns, whose batch, what the marks are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from optiviz.engine import SURFACES, datasets
from optiviz.engine.surfaces.data import DataSurface, Line
from optiviz.gui.commands.actions import with_key
from optiviz.gui.theme.markers import marker_pixmap
from optiviz.gui.theme.palette import RACER_STYLES, Look
from optiviz.gui.views.data.legend import DataLegend
from optiviz.gui.widgets.compact_chooser import CompactChooser
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.words import captions
from optiviz.scene.data import can_use, rows_used

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.engine import Surface
    from optiviz.engine.datasets import DataSet
    from optiviz.scene import Scene

_ICON = 14.0
_DATA_TIP = "Chooses the data (Space opens the list, arrow keys go through it)."
#: What each column is on the picture, and what its list is for.
_ROLES = {
    "feature": ("x", "the column that the model is given, along the x axis"),
    "rare": ("x₂", "the column that is 0 in most rows; its other rows are triangles"),
    "output": ("y", "the column that the model is to predict, along the y axis"),
}
_COLUMNS = tuple(_ROLES)
_BATCH_TIP = "Chooses the racer whose batch is lit (Space opens the list)"


@dataclass(frozen=True)
class BatchChoice:
    """A racer whose batches can be shown: its look and name, and how large they are."""

    style: int
    name: str
    size: str


class DataHeader(QWidget):
    """The choosers over the data.

    Signals: ``data_wished(name)``, ``column_wished(knob, column)``, ``open_wished()``,
    ``reread_wished()``, ``batch_wished(look)``.
    """

    data_wished = Signal(str)
    column_wished = Signal(str, str)
    open_wished = Signal()
    reread_wished = Signal()
    batch_wished = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._shown: tuple[object, ...] = ()
        self._choices: tuple[BatchChoice, ...] = ()
        self._title = QLabel(self)
        self._title.setObjectName("data_view.title")
        self._title.setProperty("muted", True)
        self._data = CompactChooser("surface.data", "Data set", self)
        self._data.setToolTip(_DATA_TIP)
        self._data.activated.connect(self.on_data_chosen)
        self._open = QToolButton(self)
        self._open.setObjectName("open_data")
        self._open.setText("Open a table …")
        self._open.setProperty("compact", True)
        self._open.setAccessibleName("Open a table")
        self._open.setToolTip(
            with_key(
                "Opens a table of your own, such as a CSV file; it can be dropped too", "open_data"
            )
        )
        self._open.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._open.clicked.connect(lambda: self.open_wished.emit())
        self._reread = QToolButton(self)
        self._reread.setObjectName("reread_data")
        self._reread.setText("Change how it was read …")
        self._reread.setProperty("compact", True)
        self._reread.setAccessibleName("Change how the table was read")
        self._reread.setToolTip(
            "Shows how this table was read: separator, numbers, names, missing values"
        )
        self._reread.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._reread.clicked.connect(lambda: self.reread_wished.emit())
        self._readable: frozenset[str] = frozenset()
        self._letters: dict[str, QLabel] = {}
        self._columns: dict[str, CompactChooser] = {}
        for knob, (letter, about) in _ROLES.items():
            self._letters[knob] = QLabel(letter, self)
            self._letters[knob].setProperty("muted", True)
            chooser = CompactChooser(f"surface.{knob}", f"Column for {knob}, {letter}", self)
            chooser.setToolTip(f"Chooses {about} (Space opens the list, arrow keys go through it)")
            # The knob travels as a default argument: the loop's variable moves on.
            chooser.activated.connect(lambda index, knob=knob: self.on_column_chosen(knob, index))
            self._columns[knob] = chooser
        self.legend = DataLegend(self)
        self._batch = CompactChooser("data_view.batch", "Whose batch is lit", self)
        self._batch.setToolTip(_BATCH_TIP)
        self._batch.activated.connect(self.on_batch_chosen)
        self._batch_of = QLabel("batch of", self)
        self._batch_of.setBuddy(self._batch)
        self._batch_size = QLabel(self)
        self._batch_size.setObjectName("data_view.batch_size")
        for label in (self._batch_of, self._batch_size):
            label.setProperty("muted", True)
        self._state = QLabel(self)
        self._state.setObjectName("data_view.state")
        self._state.setProperty("muted", True)
        # Cut where there is no room, and told in full by its tooltip: no sentence moves the rest.
        self._state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._best = QLabel(self)
        self._best.setObjectName("data_view.best_line")
        self._best.setProperty("muted", True)
        self._best.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._lay_out()

    def _lay_out(self) -> None:
        self._rows = QVBoxLayout(self)
        first = put_into(self._rows, QHBoxLayout())
        first.addWidget(self._title, 1)
        first.addWidget(self._data, 1)
        first.addWidget(self._open)
        self._rows.addWidget(self._reread)
        self._grid = put_into(self._rows, QGridLayout())
        for knob, line, place in (("feature", 0, 0), ("output", 0, 2), ("rare", 1, 0)):
            self._grid.addWidget(self._letters[knob], line, place)
            self._grid.addWidget(self._columns[knob], line, place + 1)
        for column in (1, 3):
            self._grid.setColumnStretch(column, 1)
        self._whose = put_into(self._rows, QHBoxLayout())
        self._whose.addWidget(self._batch_of)
        self._whose.addWidget(self._batch, 1)
        self._whose.addWidget(self._batch_size)
        self._rows.addWidget(self._state)
        self._rows.addWidget(self._best)
        self._rows.addWidget(self.legend)

    def show_scene(self, scene: Scene) -> None:
        """Show the data set and the columns of a scene, and what else there is to choose."""
        surface = scene.surface
        has_data = isinstance(surface, DataSurface)
        kept = tuple(each.name for each in datasets.kept())
        shown = (surface if has_data else None, kept)
        if shown == self._shown:
            return
        self._shown = shown
        self._show_reread()
        self._show_best(surface)
        self._title.setVisible(not has_data)
        self._data.setVisible(has_data)
        used = surface.columns if isinstance(surface, DataSurface) else ()
        for knob in _COLUMNS:
            self._letters[knob].setVisible(knob in used)
            self._columns[knob].setVisible(knob in used)
        if isinstance(surface, DataSurface):
            self._show_data(surface, kept)

    def show_readable(self, names: frozenset[str]) -> None:
        """Take which data sets were read from a file that can be read in another way."""
        self._readable = names
        self._show_reread()

    def _show_reread(self) -> None:
        surface = self._shown[0] if self._shown else None
        self._reread.setVisible(getattr(surface, "data", "") in self._readable)

    def _show_best(self, surface: Surface) -> None:
        """Tell the line of least squares in the data's own units; pointing tells any other."""
        line = captions.own_line(surface, *surface.minima[0]) if isinstance(surface, Line) else ""
        self._best.setVisible(bool(line))
        self._best.setText(line)
        self._best.setToolTip(f"The line of least squares, in the data’s own units:\n{line}")

    def show_title(self, title: str) -> None:
        """Say what the points of a formula are."""
        self._title.setText(title)

    def show_batches(self, choices: Sequence[BatchChoice], look: int, *, room: bool) -> None:
        """Show whose batches can be lit, and whose are; ``room``: keep the line if there is none.

        So nothing moves while a racer is hidden and shown again.
        """
        choices = tuple(choices)
        if choices != self._choices:
            self._choices = choices
            _fill(self._batch, [(each.name, each.style, each.size) for each in choices])
            self._show_icons()
        self._batch.setCurrentIndex(self._batch.findData(look))
        self._batch.setEnabled(bool(choices))
        size = next((each.size for each in choices if each.style == look), "")
        self._batch_size.setText(size)
        told = f"{self._batch.currentText()}, {size}" if choices else "nobody on the stage"
        self._batch.setToolTip(f"{_BATCH_TIP}\nLit: {told}")
        for widget in (self._batch_of, self._batch, self._batch_size, self._state):
            widget.setVisible(room)

    def show_state(self, sentence: str) -> None:
        """Say how much of the data that racer gets to see."""
        if sentence != self._state.text():
            self._state.setText(sentence)
            self._state.setToolTip(sentence)

    def show_locked(self, locked: bool) -> None:
        """Keep the scene from accidents."""
        for widget in (self._data, *self._columns.values(), self._open, self._reread):
            widget.setEnabled(not locked)

    def show_look(self, look: Look) -> None:
        """Show everything in this theme and scale."""
        self._look = look
        px = look.px
        self._rows.setContentsMargins(round(px(2)), round(px(2)), 0, 0)
        for layout in (self._rows, self._grid, self._whose):
            layout.setSpacing(round(px(5)))
        for label in (self._state, self._best):
            label.setFont(look.font(0.88))
        labels = (self._title, self._batch_of, self._batch_size, *self._letters.values())
        small = (self._open, self._reread, *labels)
        for widget in (*small, self._data, self._batch, *self._columns.values()):
            widget.setFont(look.font(0.93))
        side = round(px(_ICON))
        self._batch.setIconSize(QSize(side, side))
        self.legend.show_look(look)
        self._show_icons()

    def on_data_chosen(self, index: int) -> None:
        """Wish for another data set; it changes when it is shown."""
        self._wish(self._data, index, "data", self.data_wished.emit)

    def on_column_chosen(self, knob: str, index: int) -> None:
        """Wish for another column."""
        self._wish(
            self._columns[knob], index, knob, lambda name: self.column_wished.emit(knob, name)
        )

    def on_batch_chosen(self, index: int) -> None:
        """Wish for another racer's batches."""
        self.batch_wished.emit(self._batch.itemData(index))

    def _wish(self, chooser: CompactChooser, index: int, knob: str, emit) -> None:
        surface, chosen = self._shown[0], chooser.itemData(index)
        current = getattr(surface, knob)
        chooser.setCurrentIndex(chooser.findData(current))
        if chosen != current:
            emit(chosen)

    def _show_data(self, surface: DataSurface, kept: tuple[str, ...]) -> None:
        data = datasets.find(surface.data)
        usable = [datasets.find(name) for name in _usable(surface.key, kept)]
        if data not in usable:
            usable.append(data)
        _fill(self._data, [(each.title, each.name, _about(each)) for each in usable])
        self._data.setCurrentIndex(self._data.findData(surface.data))
        lines = [_DATA_TIP, _about(data)]
        if (used := rows_used(surface)) < data.rows:
            lines.append(f"{used:,} of the rows have a value in every column chosen.")
        self._data.setToolTip("\n".join(lines))
        for knob in surface.columns:
            chooser, current = self._columns[knob], str(getattr(surface, knob))
            names = list(surface.columns_for(knob, data))
            if current not in names:
                names.append(current)
            _fill(chooser, [(name, name, data.column(name).unit) for name in names])
            chooser.setCurrentIndex(chooser.findData(current))

    def _show_icons(self) -> None:
        theme, ratio = self._look.theme, self.devicePixelRatioF()
        for index, each in enumerate(self._choices):
            color, marker = self._look.color(each.style), RACER_STYLES[each.style].marker
            pixmap = marker_pixmap(marker, color, theme.field, self._look.px(_ICON), ratio)
            self._batch.setItemIcon(index, QIcon(pixmap))


@lru_cache(maxsize=32)
def _usable(surface: str, kept: tuple[str, ...]) -> tuple[str, ...]:
    """List the data sets that a surface can be made of; ``kept`` are the user's own."""
    kind = SURFACES[surface]
    assert issubclass(kind, DataSurface)
    every = (*datasets.bundled(), *map(datasets.find, kept))
    return tuple(each.name for each in every if can_use(kind, each))


def _fill(chooser: CompactChooser, items: list[tuple[str, object, str]]) -> None:
    """List items by text, value and tooltip, silently."""
    blocked = chooser.blockSignals(True)
    chooser.clear()
    for index, (text, value, tip) in enumerate(items):
        chooser.addItem(text, value)
        if tip:
            chooser.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
    chooser.blockSignals(blocked)


def _about(data: DataSet) -> str:
    """Tell of a data set in some lines."""
    lines = [f"{data.title}: {data.rows:,} rows"]
    if data.source:
        lines.append(f"{data.source} ({data.licence})")
    return "\n".join((*lines, *data.notes))
