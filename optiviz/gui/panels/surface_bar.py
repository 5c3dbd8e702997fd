"""The bar above the 3D view: cameras, whom to follow, the turntable, and how heights are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from optiviz.gui.actions import command, with_key
from optiviz.gui.icons import marker_pixmap
from optiviz.gui.panels.buttons import IconButton
from optiviz.gui.panels.knob_strip import KnobStrip
from optiviz.gui.relief import Relief
from optiviz.gui.theme import RACER_LOOKS, Look
from optiviz.gui.widgets.compact_chooser import CompactChooser

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from optiviz.scene import Scene

#: A camera's command, what its button says, and what it does.
_CAMERAS = (
    ("camera_home", "Home", "Looks at all of the surface, as at first"),
    ("camera_above", "Above", "Looks straight down, as on the contour"),
    ("camera_valley", "Valley", "Looks along the valley of the nearest minimum"),
    ("camera_start", "Start", "Looks from the start toward the nearest minimum"),
)
_NOBODY = "Follow nobody"
_MARKER = 14.0
_LEAST_CHOOSER, _MOST_CHOOSER = 126.0, 170.0
_WORDS = Qt.ToolButtonStyle.ToolButtonTextOnly
_ICONS = Qt.ToolButtonStyle.ToolButtonIconOnly


class SurfaceBar(QFrame):
    """What the 3D view can be told. Knobs that have no room in it are on a sheet below.

    Signals: ``command_wished(id)``, ``follow_wished(look)`` with -1 for nobody,
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
        row = self._row = QHBoxLayout(self)
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
        names = tuple((racer.name, racer.look) for racer in scene.racers)
        if names != self._names:
            self._names = names
            self._list_racers()

    def show_followed(self, racer_look: int) -> None:
        """Show who is followed, by the racer's look; -1 is nobody."""
        blocked = self.follow.blockSignals(True)
        self.follow.setCurrentIndex(max(self.follow.findData(racer_look), 0))
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
        self._row.setContentsMargins(2 * side, side, 2 * side, side)
        self._row.setSpacing(side)
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
        chosen = self.follow.currentData()
        blocked = self.follow.blockSignals(True)
        self.follow.clear()
        self.follow.addItem(_NOBODY, -1)
        side = round(self._look.px(_MARKER))
        self.follow.setIconSize(QSize(side, side))
        for name, racer_look in self._names:
            marker = marker_pixmap(
                RACER_LOOKS[racer_look].marker,
                self._look.color(racer_look),
                QColor(0, 0, 0, 0),
                side,
                self.devicePixelRatioF(),
            )
            self.follow.addItem(QIcon(marker), name, racer_look)
        self.follow.setCurrentIndex(max(self.follow.findData(chosen), 0))
        self.follow.blockSignals(blocked)

    def _arrange(self) -> None:
        """Give words to the cameras, and knobs a place in the bar, where there is room."""
        for style, folded in ((_WORDS, False), (_ICONS, False), (_ICONS, True)):
            for button in self.cameras:
                button.setToolButtonStyle(style)
            if self._width(folded=folded) <= self.width():
                break
        self.strip.show_folded(folded)
        chooser = self._look.px(_LEAST_CHOOSER)
        spare = self.width() - self._width(folded=folded)
        self.follow.setFixedWidth(round(min(chooser + max(spare, 0), self._look.px(_MOST_CHOOSER))))
        self.strip.hang()

    def _width(self, *, folded: bool) -> int:
        margins, gap = self._row.contentsMargins(), self._row.spacing()
        buttons = [each.sizeHint().width() for each in (*self.cameras, self.turntable)]
        widths = [
            *buttons,
            round(self._look.px(_LEAST_CHOOSER)),
            self.strip.least_width(folded=folded),
        ]
        return sum(widths) + gap * (len(widths) + 1) + margins.left() + margins.right()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
