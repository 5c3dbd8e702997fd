"""The bar above the 3D view: cameras, whom to follow, the turntable, and how heights are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from optiviz.gui.commands.actions import command, with_key
from optiviz.gui.panels.buttons import IconButton
from optiviz.gui.panels.knob_strip import KnobStrip
from optiviz.gui.state.relief import Relief
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.compact_chooser import CompactChooser
from optiviz.gui.widgets.racer_list import list_racers
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.shows import Shows

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QResizeEvent

    from optiviz.scene import Scene

#: A camera's command, what its button says, and what it does.
_CAMERAS = (
    ("camera_home", "Home", "Looks at all of the surface, as at first"),
    ("camera_above", "Above", "Looks straight down, as on the contour"),
    ("camera_valley", "Valley", "Looks along the valley of the nearest minimum"),
    ("camera_start", "Start", "Looks from the start toward the nearest minimum"),
)


class _Way(NamedTuple):
    """A way to lay the bar out: with words or pictures, knobs on the sheet, two rows."""

    style: Qt.ToolButtonStyle
    folded: bool = False
    below: bool = False


_WORDS = Qt.ToolButtonStyle.ToolButtonTextOnly
_ICONS = Qt.ToolButtonStyle.ToolButtonIconOnly
#: From the roomiest to the narrowest.
_WAYS = (
    _Way(_WORDS),
    _Way(_ICONS),
    _Way(_ICONS, folded=True),
    _Way(_ICONS, below=True),
    _Way(_ICONS, folded=True, below=True),
)
_NOBODY = "Follow nobody"
_LEAST_CHOOSER, _MOST_CHOOSER = 126.0, 170.0


class SurfaceBar(QFrame, Shows):
    """What the 3D view can be told. Knobs that have no room in it are on a sheet below.

    Where the stage is narrow there is a second row.

    Signals: ``command_wished(id)``, ``follow_wished(style)`` with -1 for nobody,
    ``knob_changed(name, value)``, ``knob_change_finished(name)``.
    """

    command_wished = Signal(str)
    follow_wished = Signal(int)
    knob_changed = Signal(str, object)
    knob_change_finished = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surface3d_bar")
        self.setAccessibleName("3D view")
        self.setProperty("bar", "stage")
        self._look = Look()
        self._names: tuple[tuple[str, int], ...] = ()
        self.cameras = tuple(self._camera(*each) for each in _CAMERAS)
        self.turntable = IconButton(
            "turntable",
            command("turntable").title,
            with_key("Turns the surface slowly around, until a hand takes it", "turntable"),
            "turntable",
            checked_icon="turntable",
            parent=self,
        )
        self.turntable.clicked.connect(lambda: self._wish_turntable())
        self.follow = CompactChooser("surface3d.follow", "Racer to follow", self)
        self.follow.setToolTip(
            with_key("Keeps looking at a racer as it goes (arrow keys choose)", "follow")
        )
        self.follow.addItem(_NOBODY, -1)
        self.follow.activated.connect(
            lambda _: self.follow_wished.emit(int(self.follow.currentData()))
        )
        self.strip = KnobStrip("surface3d", self)
        self.strip.knob_changed.connect(self.knob_changed)
        self.strip.knob_change_finished.connect(self.knob_change_finished)
        column = self._column = QVBoxLayout(self)
        row = self._row = put_into(column, QHBoxLayout())
        self._below = put_into(column, QHBoxLayout())
        self._below.addStretch(1)
        for widget in (*self.cameras, self.turntable, self.follow):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.strip)
        # What does not fit goes onto the sheet: the bar never keeps the window wide.
        self.setMinimumWidth(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.strip.show_part(Relief())

    def _camera(self, identifier: str, name: str, tip: str) -> IconButton:
        button = IconButton(
            identifier, f"Camera: {name}", with_key(tip, identifier), identifier, parent=self
        )
        button.setText(name)
        button.clicked.connect(lambda: self.command_wished.emit(identifier))
        return button

    def show_scene(self, scene: Scene) -> None:
        """List the racers that can be followed."""
        racers = (scene.racers[index] for index in scene.shown_racers())
        names = tuple((racer.name, racer.style) for racer in racers)
        if names != self._names:
            self._names = names
            self._list_racers()

    def show_followed(self, racer_style: int) -> None:
        """Show who is followed, by the racer's style; -1 is nobody."""
        blocked = self.follow.blockSignals(True)
        self.follow.setCurrentIndex(max(self.follow.findData(racer_style), 0))
        self.follow.blockSignals(blocked)

    def show_turning(self, on: bool) -> None:
        """Show whether the turntable turns."""
        self.turntable.show_checked(on)

    def show_relief(self, relief: Relief) -> None:
        """Show how heights are shown."""
        self.strip.show_part(relief, defaults=Relief())

    def show_usable(self, usable: bool) -> None:
        """Show whether there is a 3D view to be told anything."""
        self.setEnabled(usable)

    def show_look(self, look: Look) -> None:
        """Show the bar in this theme and scale."""
        self._look = look
        side = round(look.px(4))
        self._column.setContentsMargins(2 * side, side, 2 * side, side)
        self._column.setSpacing(0)
        for row in (self._row, self._below):
            row.setSpacing(side)
        for button in (*self.cameras, self.turntable):
            button.show_look(look)
            button.setFont(look.font(0.93))
        self.follow.setFont(look.font(0.93))
        self.strip.show_look(look)
        self._list_racers()
        self._arrange()

    def _wish_turntable(self) -> None:
        # It shows what is, not what is wished: where motion is reduced, nothing turns.
        self.turntable.show_checked(not self.turntable.isChecked())
        self.command_wished.emit("turntable")

    def _list_racers(self) -> None:
        list_racers(self.follow, self._names, self._look, (_NOBODY, -1))

    def _arrange(self) -> None:
        """Give words to the cameras, and knobs a place in the bar, where there is room."""
        margins = self._column.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        for way in _WAYS:
            for button in self.cameras:
                button.setToolButtonStyle(way.style)
            spare = room - self._width(way)
            if spare >= 0:
                break
        self._show_below(way.below)
        self.strip.show_folded(way.folded)
        chooser = self._look.px(_LEAST_CHOOSER)
        self.follow.setFixedWidth(round(min(chooser + max(spare, 0), self._look.px(_MOST_CHOOSER))))
        self.strip.hang()

    def _show_below(self, below: bool) -> None:
        if below == (self._below.indexOf(self.strip) >= 0):
            return
        begin, end = (self._row, self._below) if below else (self._below, self._row)
        for widget in (self.follow, self.strip):
            begin.removeWidget(widget)
        # Between them is what stretches, in both rows.
        end.insertWidget(end.count() - 1, self.follow)
        end.addWidget(self.strip)

    def _width(self, way: _Way) -> int:
        """How much room a way needs: of its wider row."""
        gap = self._row.spacing()
        row = [each.sizeHint().width() for each in (*self.cameras, self.turntable)]
        rest = [round(self._look.px(_LEAST_CHOOSER)), self.strip.least_width(folded=way.folded)]
        rows = (row, rest) if way.below else (row + rest,)
        return max(sum(widths) + gap * len(widths) for widths in rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            # The sheet is no child of the bar, so it would stay behind.
            self.strip.close_sheet()
