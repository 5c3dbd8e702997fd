"""The toolbar: surface and gradient with their knobs, the menus, undo, lock, help."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from optiviz.gui.commands.actions import with_key
from optiviz.gui.panels.buttons import IconButton
from optiviz.gui.panels.gallery import SurfaceChooser
from optiviz.gui.panels.gradient_bar import GradientBar
from optiviz.gui.panels.knob_strip import KnobSheet, KnobStrip
from optiviz.gui.panels.segments import Segments
from optiviz.gui.theme.icons import app_icon
from optiviz.gui.widgets.picture import Picture
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.shows import Shows
from optiviz.scene import moved_only

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from optiviz.gui.theme.palette import Look
    from optiviz.scene import Scene


class _Way(NamedTuple):
    """A way to lay the bar out: what is left out of the first row, to be found elsewhere."""

    named: bool = False  # the application's name is there
    surface_folded: bool = False
    gradient_folded: bool = False
    view_folded: bool = False  # contour, 3D and split are in the View menu, named after them
    view_unnamed: bool = False  # not even that
    gradient_below: bool = False
    tight: bool = False  # the surface's title may be cut, and the count of examples is left out


#: From the roomiest to the narrowest.
_WAYS = (
    _Way(named=True),
    _Way(),
    _Way(tight=True),
    _Way(surface_folded=True),
    _Way(surface_folded=True, tight=True),
    _Way(gradient_folded=True, tight=True),
    _Way(surface_folded=True, gradient_folded=True, tight=True),
    _Way(surface_folded=True, gradient_folded=True, view_folded=True, tight=True),
    _Way(surface_folded=True, gradient_below=True, tight=True),
    _Way(surface_folded=True, gradient_folded=True, gradient_below=True, tight=True),
    _Way(
        surface_folded=True,
        gradient_folded=True,
        view_folded=True,
        gradient_below=True,
        tight=True,
    ),
    _Way(
        surface_folded=True,
        gradient_folded=True,
        view_folded=True,
        view_unnamed=True,
        gradient_below=True,
        tight=True,
    ),
)
#: The views by their keys: what each is called, and what its button does.
_VIEWS = {
    "contour": ("Contour", "Shows the surface from above"),
    "3d": ("3D", "Shows the surface in three dimensions"),
    "split": ("Split", "Shows contour and 3D side by side"),
}


class TopBar(QFrame, Shows):
    """The bar at the top.

    Knobs that have no room in it are on a sheet below, for which the window has the room.
    Signals: ``surface_wished(key)``, ``knob_changed(name, value)``, ``knob_change_finished(name)``,
    ``gradient_wished(key)``, ``gradient_knob_changed(name, value)``,
    ``gradient_knob_change_finished(name)``, ``command_wished(id)``, ``lock_wished(on)``.
    """

    surface_wished = Signal(str)
    knob_changed = Signal(str, object)
    knob_change_finished = Signal(str)
    gradient_wished = Signal(str)
    gradient_knob_changed = Signal(str, object)
    gradient_knob_change_finished = Signal(str)
    command_wished = Signal(str)
    lock_wished = Signal(bool)

    def __init__(self, scene_menu: QMenu, view_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", "top")
        self._scene: Scene | None = None
        self._mark = Picture("brand_mark", self)
        self._brand = QLabel("OptiViz", self)
        self._brand.setObjectName("brand")
        self.scene_button = self._menu_button(
            "scene_menu",
            "Scene",
            "Opens, saves and restores scenes (Space opens the menu)",
            scene_menu,
        )
        self.view_button = self._menu_button(
            "view_menu",
            "View",
            "Theme, size, and what is drawn on the stage (Space opens the menu)",
            view_menu,
        )
        self.surface = SurfaceChooser("surface_chooser", self)
        self.surface.wished.connect(self.surface_wished)
        self.strip = KnobStrip("surface", self)
        self.strip.knob_changed.connect(self.knob_changed)
        self.strip.knob_change_finished.connect(self.knob_change_finished)
        self.gradient = GradientBar(self)
        self.gradient.wished.connect(self.gradient_wished)
        self.gradient.knob_changed.connect(self.gradient_knob_changed)
        self.gradient.knob_change_finished.connect(self.gradient_knob_change_finished)
        # One sheet at a time: two would lie one over the other.
        self.strip.sheet_opened.connect(self.gradient.strip.close_sheet)
        self.gradient.strip.sheet_opened.connect(self.strip.close_sheet)
        self.view_modes = Segments("view_chooser", "View", self)
        for key, (name, tip) in _VIEWS.items():
            identifier = f"view_{key}"
            self.view_modes.add(key, identifier, name, with_key(tip, identifier))
        self.view_modes.wished.connect(lambda key: self.command_wished.emit(f"view_{key}"))
        self._view_mode = "contour"
        self._named_view = False
        self.show_view_mode("contour")
        self.undo = self._command("undo", "Undo", "Takes the last change back")
        self.redo = self._command("redo", "Redo", "Makes the change again")
        self.lock = IconButton(
            "lock",
            "Lock",
            with_key("Keeps the scene from accidents", "lock"),
            "unlock",
            checked_icon="lock",
            parent=self,
        )
        self.lock.clicked.connect(self.lock_wished)
        self.help = self._command("cheat_sheet", "Keys", "Shows all keys", "help")
        self._lay_out()

    @property
    def sheets(self) -> tuple[KnobSheet, ...]:
        """The sheets below the bar, which want a parent that has room below it."""
        return (self.strip.sheet, self.gradient.strip.sheet)

    def _menu_button(self, name: str, text: str, tip: str, menu: QMenu) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(f"{text} menu")
        button.setToolTip(tip)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _command(self, identifier: str, name: str, tip: str, icon_name: str = "") -> IconButton:
        button = IconButton(
            identifier, name, with_key(tip, identifier), icon_name or identifier, parent=self
        )
        button.clicked.connect(lambda: self.command_wished.emit(identifier))
        return button

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        row = self._row = put_into(self._column, QHBoxLayout())
        # The gradient goes there where the row is too short.
        self._below = put_into(self._column, QHBoxLayout())
        self._below.addStretch(1)
        # What does not fit goes below or away: the bar never keeps the window wide.
        self.setMinimumWidth(1)
        for widget in (
            self._mark,
            self._brand,
            self.scene_button,
            self.surface,
            self.strip,
            self.gradient,
        ):
            row.addWidget(widget)
        row.addStretch(1)
        self._right = (
            self.view_modes,
            self.view_button,
            self.undo,
            self.redo,
            self.lock,
            self.help,
        )
        for each in self._right:
            row.addWidget(each)

    def show_scene(self, scene: Scene) -> None:
        """Show the surface and the gradient with their knobs."""
        before, self._scene = self._scene, scene
        if moved_only(before, scene):
            return
        self.surface.show_key(scene.surface.key)
        self.surface.setToolTip(
            "Chooses the surface to race on (Space opens the gallery, arrow keys go through it).\n"
            f"{scene.surface.title}: {scene.surface.about}"
        )
        self.strip.show_part(scene.surface)
        self.gradient.show_scene(scene)
        self._arrange()

    def show_history(self, can_undo: bool, can_redo: bool) -> None:
        """Show whether there is something to undo or redo."""
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)

    def show_view_mode(self, view_mode: str) -> None:
        """Show whether the contour is seen, the 3D view, or both."""
        self._view_mode = view_mode
        self.view_modes.show_chosen(view_mode)
        self._name_view()

    def _name_view(self) -> None:
        """Say on the menu which view it is, where no button does."""
        name = _VIEWS[self._view_mode][0]
        self.view_button.setText(f"View: {name}" if self._named_view else "View")

    def _width_of_view(self, named: bool) -> int:
        """Say how wide the menu's button is, named after whichever view."""
        metrics, longest = self.view_button.fontMetrics(), "View: Contour" if named else "View"
        spare = self.view_button.sizeHint().width() - metrics.horizontalAdvance(
            self.view_button.text()
        )
        return spare + metrics.horizontalAdvance(longest)

    def show_locked(self, locked: bool) -> None:
        """Show the lock, and keep what could change the scene from accidents."""
        self.lock.show_checked(locked)
        self.surface.setEnabled(not locked)
        for part in (self.strip, self.gradient):
            part.show_locked(locked)

    def show_look(self, look: Look) -> None:
        """Show the bar in this theme and scale."""
        gap = round(look.px(7))
        self._column.setContentsMargins(*(round(look.px(side)) for side in (14, 6, 10, 6)))
        self._column.setSpacing(gap // 2)
        self._row.setSpacing(gap)
        side = round(look.px(22))
        self._mark.show_picture(lambda dpr: app_icon().pixmap(QSize(side, side), dpr), side)
        self._brand.setFont(look.font(1.15, bold=True))
        for widget in (self.scene_button, self.view_button):
            widget.setFont(look.font())
        self.surface.show_look(look)
        self.view_modes.show_look(look)
        for button in (self.undo, self.redo, self.lock, self.help):
            button.show_look(look)
        self.strip.show_look(look)
        self.gradient.show_look(look)
        self._arrange()

    def _arrange(self) -> None:
        """Choose the roomiest way that fits."""
        self._column.activate()
        way = next((each for each in _WAYS if self._fits(each)), _WAYS[-1])
        self._brand.setVisible(way.named)
        self.strip.show_folded(way.surface_folded)
        self.gradient.show_folded(way.gradient_folded, tight=way.tight)
        if way.gradient_below != (self._below.indexOf(self.gradient) >= 0):
            if way.gradient_below:
                self._row.removeWidget(self.gradient)
                self._below.insertWidget(0, self.gradient)
            else:
                self._below.removeWidget(self.gradient)
                self._row.insertWidget(self._row.indexOf(self.strip) + 1, self.gradient)
        self.view_modes.setVisible(not way.view_folded)
        self._named_view = way.view_folded and not way.view_unnamed
        self._name_view()
        for strip in (self.strip, self.gradient.strip):
            strip.hang()

    def _fits(self, way: _Way) -> bool:
        margins, gap = self._column.contentsMargins(), self._row.spacing()
        room = self.width() - margins.left() - margins.right()
        widgets = [self._mark, self.scene_button, *self._right]
        widgets.remove(self.view_button)
        if way.view_folded:
            widgets.remove(self.view_modes)
        if way.named:
            widgets.append(self._brand)
        widths = [widget.sizeHint().width() for widget in widgets]
        widths.append(self._width_of_view(way.view_folded and not way.view_unnamed))
        surface = self.surface.minimumSizeHint() if way.tight else self.surface.sizeHint()
        widths.append(surface.width())
        widths.append(self.strip.least_width(folded=way.surface_folded))
        gradient = self.gradient.least_width(folded=way.gradient_folded, tight=way.tight)
        if way.gradient_below:
            return sum(widths) + gap * len(widths) <= room and gradient <= room
        return sum(widths) + gradient + gap * (len(widths) + 1) <= room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
