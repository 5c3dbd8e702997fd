"""BasinsView: how often each minimum is found, by batch size and ε, and how sharp each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from optiviz.gui.theme.palette import Look
from optiviz.gui.views.basins.grid import BasinsGrid
from optiviz.gui.views.basins.table import NO_LETTER, NONE, BasinsTable, letter
from optiviz.gui.views.racer_header import RacerHeader
from optiviz.gui.views.view import View
from optiviz.gui.widgets.readout import Readout
from optiviz.gui.widgets.rows import put_into

if TYPE_CHECKING:
    from optiviz.engine.basins import Basins
    from optiviz.scene import Scene

OFF = (
    "Turned on, one racer is run from many seeds for each batch size m and each ε, and counted by "
    "the minimum it comes to."
)
WORKING = "Running …"
_GRID_HEIGHT = 230.0
NO_MINIMUM = "This surface has no minimum in its window."


class BasinsView(View):
    """Signals: ``on_wished(on)``, ``racer_wished(style)``."""

    on_wished = Signal(bool)
    racer_wished = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("basins_view")
        self.setAccessibleName("Which minimum")
        self._header = RacerHeader(
            "basins",
            "Which minimum",
            "Counts which minimum one racer finds, by batch size and ε, or stops it (Space)",
            self,
        )
        self._header.on_wished.connect(self.on_wished)
        self._header.racer_wished.connect(self.racer_wished)
        self.grid = BasinsGrid(self)
        self.grid.cell_chosen.connect(self.on_cell_chosen)
        left = Qt.AlignmentFlag.AlignLeft
        self.told = Readout("MMMM", left, size=0.92, parent=self)
        self.told.setObjectName("basins_view.told")
        self.minima = Readout("MMMM", left, tone="muted", size=0.92, parent=self)
        self.minima.setObjectName("basins_view.minima")
        for line in (self.told, self.minima):
            line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.progress = Readout("25 of 25", tone="muted", size=0.92, parent=self)
        self.progress.setObjectName("basins_view.progress")
        self.progress.setAccessibleName("Pairs that are counted")
        self._off = QLabel(OFF, self)
        self._off.setObjectName("basins_view.off")
        self._off.setProperty("muted", True)
        self._off.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._header)
        self._column.addWidget(self._off)
        self._column.addWidget(self.grid, 1)
        self._column.addWidget(self.minima)
        below = put_into(self._column, QHBoxLayout())
        below.addWidget(self.told, 1)
        below.addWidget(self.progress)
        self._look = Look()
        self._table: BasinsTable | None = None
        self._sentence = ""
        self.show_on(False)

    @property
    def table(self) -> BasinsTable | None:
        """What is shown."""
        return self._table

    def show_scene(self, scene: Scene) -> None:
        self._header.show_scene(scene)

    def show_on(self, on: bool) -> None:
        """Show whether it is on."""
        self._header.show_on(on)
        self.show_sentence(WORKING if on else OFF)
        # What is off is a sentence, and no empty box.
        self._off.setVisible(not on)
        for part in (self.grid, self.minima, self.told, self.progress):
            part.setVisible(on)
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred, policy.Expanding if on else policy.Fixed)

    def show_racer(self, racer_style: int) -> None:
        """Show whose run it is."""
        self._header.show_racer(racer_style)

    def show_sentence(self, sentence: str) -> None:
        """Say what is to be said while nothing is counted."""
        self._sentence = sentence
        self.grid.show_sentence(sentence)
        if self._table is None:
            self.setAccessibleDescription(sentence)
            self.grid.setAccessibleDescription(sentence)

    def show_basins(self, basins: Basins | None) -> None:
        """Show what has been counted by now, or nothing."""
        self._table = BasinsTable(basins) if basins is not None and basins.minima else None
        self.grid.show_table(self._table)
        if basins is not None and not basins.minima:
            self.show_sentence(NO_MINIMUM)
        cells = len(basins.spec.cells) if basins is not None else 0
        done = basins.done if basins is not None else 0
        self.progress.show_text(f"{done} of {cells}" if done < cells else "")
        self.minima.show_text(_minima(self._table))
        self.minima.setToolTip("λmax, the greatest curvature there: the sharper, the larger")
        self.on_cell_chosen()
        if self._table is not None:
            self.setAccessibleDescription(f"{_minima(self._table)}. {_summary(self._table)}")
        elif basins is None:
            self.setAccessibleDescription(self._sentence)

    def show_look(self, look: Look) -> None:
        self._look = look
        edge = round(look.px(6))
        self._column.setContentsMargins(edge, 0, edge, edge)
        self._column.setSpacing(edge // 2)
        self._off.setFont(look.font(0.92))
        self.grid.setMinimumHeight(round(look.px(_GRID_HEIGHT)))
        for part in (self._header, self.grid, self.told, self.minima, self.progress):
            part.show_look(look)

    def on_cell_chosen(self) -> None:
        """Tell the cell that is chosen."""
        cell = self.grid.cell
        told = self._table.told(*cell) if self._table is not None and cell is not None else ""
        if self._table is not None and cell is None:
            told = f"{self._table.basins.spec.seeds} seeds in each cell"
        self.told.show_text(told)
        self.grid.setAccessibleDescription(told or self._sentence)

    def sizeHint(self) -> QSize:
        return QSize(round(self._look.px(300)), super().sizeHint().height())


def _minima(table: BasinsTable | None) -> str:
    """Name the minima that were found, from flat to sharp."""
    if table is None:
        return ""
    told = [f"{letter(rank)} {table.sharpness(rank)}" for rank in table.found_ranks()]
    return "; ".join([*told, f"{NO_LETTER} {NONE}"] if table.has_none() else told)


def _summary(table: BasinsTable) -> str:
    rows, columns = table.size
    done = [(row, column) for row in range(rows) for column in range(columns)]
    return "; ".join(table.told(*cell) for cell in done if table.is_done(*cell))
