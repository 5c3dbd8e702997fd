"""Chance by numbers: how much of the data each racer has seen, and how far off chance keeps it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from optiviz.gui.theme.icons import marker_pixmap
from optiviz.gui.theme.palette import RACER_STYLES, Look
from optiviz.gui.views.view import View
from optiviz.gui.widgets.picture import Picture
from optiviz.gui.widgets.readout import Readout
from optiviz.gui.words.numbers import NOTHING, format_loss
from optiviz.scene import has_chance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.engine import Race
    from optiviz.engine.floor import Floor
    from optiviz.scene import Racer, Scene


class FloorReading(NamedTuple):
    """What was found out of one run.

    Attributes:
        off: the measured root mean square distance; nan where there is none.
        floor: what theory says of it.
        reached: whether the race is long enough to come to that floor.
        minimum: from which the distance is.
    """

    off: float
    floor: Floor
    reached: bool
    minimum: tuple[float, float] | None = None


_MARKER = 16.0
_SIZE = 0.92  # of the text: numbers are wide, and names need room
_MANY = 10_000.0
_HEADS = (
    ("passes", "How many times over each racer has looked at its examples, at the playhead."),
    (
        "off, rms",
        "How far from the nearest minimum a racer is over the last tenth of the race: the root of "
        "the mean of the squared distance.",
    ),
    (
        "theory",
        "How far off theory expects it in the long run: exact, for independent draws on a "
        "quadratic at a constant ε.",
    ),
)
_TOO_SHORT = "The race is too short to come to this floor: it is still on its way from its start."


class _Row:
    """A racer's line: marker, name, and three numbers of fixed width."""

    def __init__(self, index: int, parent: QWidget) -> None:
        name = f"chance_panel.{index}"
        self.marker = Picture(f"{name}.marker", parent)
        left = Qt.AlignmentFlag.AlignLeft
        self.name = Readout("MMMM", left, size=_SIZE, parent=parent)
        self.name.setObjectName(f"{name}.name")
        self.name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.epochs = Readout("9999.9", tone="muted", size=_SIZE, parent=parent)
        self.measured = Readout("2.51e-10", size=_SIZE, parent=parent)
        self.theory = Readout("→ 2.51e-10", size=_SIZE, parent=parent)
        for part, field in zip(("epochs", "measured", "theory"), self.numbers, strict=True):
            field.setObjectName(f"{name}.{part}")

    @property
    def numbers(self) -> tuple[Readout, Readout, Readout]:
        return self.epochs, self.measured, self.theory

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        return self.marker, self.name, *self.numbers

    def show_racer(self, racer: Racer) -> None:
        self.name.show_text(racer.name)
        self.name.setToolTip(racer.name)
        for field, (_, says) in zip(self.numbers, _HEADS, strict=True):
            field.setToolTip(says)
        for field, what in zip(
            self.numbers, ("passes over the data", "measured distance", "theory's"), strict=True
        ):
            field.setAccessibleName(f"{racer.name}, {what}")

    def show_found(self, found: FloorReading | None) -> None:
        """Show what was measured and what theory says, or that it is not known yet."""
        self.measured.show_text(format_loss(found.off if found is not None else math.nan))
        floor = found.floor if found is not None else None
        if found is None or floor is None or floor.rms is None:
            self.theory.show_text(NOTHING)
            says = floor.why if floor is not None else ""
        else:
            # An arrow says that the race is on its way there.
            self.theory.show_text(("" if found.reached else "→ ") + format_loss(floor.rms))
            says = _HEADS[2][1] if found.reached else _TOO_SHORT
            says += (
                f" What is left of the start's squared distance fades to a third every "
                f"{max(1, round(floor.memory))} steps."
            )
        self.theory.setToolTip(says or _HEADS[2][1])
        self.theory.setAccessibleDescription(f"{self.theory.text}. {says}")

    def show_look(self, look: Look, racer: Racer) -> None:
        marker, color = RACER_STYLES[racer.style].marker, look.color(racer.style)
        side = look.px(_MARKER)
        self.marker.show_picture(
            lambda ratio: marker_pixmap(marker, color, QColor(0, 0, 0, 0), side, ratio), side
        )
        self.name.show_look(look)
        for field in self.numbers:
            field.show_look(look)


class ChanceView(View):
    """A line for each racer on the stage; none where chance plays no part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chance_panel")
        self.setAccessibleName("Noise floor")
        self._look = Look()
        self._scene: Scene | None = None
        self._race: Race | None = None
        self._found: Sequence[FloorReading | None] = ()
        self._step = 0
        self._shown: tuple[int, ...] = ()
        self._rows: list[_Row] = []
        self._table = QWidget(self)
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._heads: list[Readout] = []
        for column, (title, says) in enumerate(_HEADS, start=2):
            head = Readout(title, tone="muted", size=0.88, parent=self._table)
            head.show_text(title)
            head.setToolTip(says)
            self._heads.append(head)
            self._grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignRight)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._table)

    def show_scene(self, scene: Scene) -> None:
        """Show who races."""
        self._scene = scene
        self._shown = scene.shown_racers() if has_chance(scene) else ()
        while len(self._rows) < len(self._shown):
            row = _Row(len(self._rows), self._table)
            for column, widget in enumerate(row.widgets):
                self._grid.addWidget(widget, len(self._rows) + 1, column)
            self._rows.append(row)
        for place, row in enumerate(self._rows):
            for widget in row.widgets:
                widget.setVisible(place < len(self._shown))
        self._show_names()
        self._show_numbers()

    def show_race(self, race: Race) -> None:
        """Show the epochs of a race; what was found of another one is not this one's."""
        self._race = race
        self._show_epochs()

    def show_found(self, race: Race, found: Sequence[FloorReading | None]) -> None:
        """Show what was measured of each run of a race, and what theory says of it."""
        if race is self._race:
            self._found = found
            self._show_numbers()

    def show_step(self, position: float) -> None:
        """Show the epochs of data at the playhead."""
        if int(position) != self._step:
            self._step = int(position)
            self._show_epochs()

    def show_look(self, look: Look) -> None:
        """Show the panel in this theme and scale."""
        self._look = look
        edge = round(look.px(6))
        self._column.setContentsMargins(edge, 0, edge, edge)
        self._grid.setHorizontalSpacing(edge)  # no more, so that names have room
        self._grid.setVerticalSpacing(edge // 2)
        for head in self._heads:
            head.show_look(look)
        self._show_names()

    def _show_names(self) -> None:
        scene = self._scene
        if scene is not None:
            for row, index in zip(self._rows, self._shown, strict=False):
                row.show_racer(scene.racers[index])
                row.show_look(self._look, scene.racers[index])

    def _show_epochs(self) -> None:
        race = self._race
        for row, index in zip(self._rows, self._shown, strict=False):
            seen = None
            if race is not None and index < len(race.runs):
                seen = race.runs[index].epochs_of_data(min(self._step, race.spec.steps))
            row.epochs.show_text(NOTHING if seen is None else _epochs(seen))

    def _show_numbers(self) -> None:
        for row, index in zip(self._rows, self._shown, strict=False):
            row.show_found(self._found[index] if index < len(self._found) else None)
        self._show_epochs()


def _epochs(seen: float) -> str:
    return f"{seen:.1f}" if seen < _MANY else format_loss(seen, 2)
