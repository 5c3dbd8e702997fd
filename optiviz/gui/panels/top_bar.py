"""The toolbar: the surface with its knobs, the scene and view menus, undo, lock, help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from optiviz.gui.actions import with_key
from optiviz.gui.icons import app_icon
from optiviz.gui.knob_form import KnobForm
from optiviz.gui.panels.buttons import IconButton
from optiviz.gui.panels.gallery import SurfaceChooser
from optiviz.gui.panels.picture import Picture

if TYPE_CHECKING:
    from optiviz.gui.theme import Look
    from optiviz.scene import Scene


class TopBar(QFrame):
    """The bar at the top.

    Signals: ``surface_wished(key)``, ``knob_changed(name, value)``, ``knob_change_finished(name)``,
    ``command_wished(id)``, ``lock_wished(on)``.
    """

    surface_wished = Signal(str)
    knob_changed = Signal(str, object)
    knob_change_finished = Signal(str)
    command_wished = Signal(str)
    lock_wished = Signal(bool)

    def __init__(self, scene_menu: QMenu, view_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", "top")
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
        self.form = KnobForm("surface", self, horizontal=True)
        self.form.knob_changed.connect(self.knob_changed)
        self.form.knob_change_finished.connect(self.knob_change_finished)
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
        row = self._row = QHBoxLayout()
        self._below = QHBoxLayout()  # the knobs go there where the row is too short for them
        self._below.addStretch(1)
        self._column.addLayout(row)
        self._column.addLayout(self._below)
        # What does not fit goes below or away: the bar never keeps the window wide.
        self.setMinimumWidth(1)
        for widget in (self._mark, self._brand, self.scene_button, self.surface, self.form):
            row.addWidget(widget)
        row.addStretch(1)
        self._right = (self.undo, self.redo, self.view_button, self.lock, self.help)
        for widget in self._right:
            row.addWidget(widget)

    def show_scene(self, scene: Scene) -> None:
        """Show the surface with its knobs."""
        self.surface.show_key(scene.surface.key)
        self.surface.setToolTip(
            "Chooses the surface to race on (Space opens the gallery, arrow keys go through it).\n"
            f"{scene.surface.title}: {scene.surface.about}"
        )
        self.form.show_part(scene.surface)
        self.form.setVisible(bool(scene.surface.knobs()))
        self._arrange()

    def show_history(self, can_undo: bool, can_redo: bool) -> None:
        """Show whether there is something to undo or redo."""
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)

    def show_locked(self, locked: bool) -> None:
        """Show the lock, and keep what could change the scene from accidents."""
        self.lock.show_checked(locked)
        for widget in (self.surface, self.form):
            widget.setEnabled(not locked)

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
        for button in (self.undo, self.redo, self.lock, self.help):
            button.show_look(look)
        self.form.setContentsMargins(gap, 0, 0, 0)
        self.form.show_look(look, QColor(look.theme.accent))
        self._arrange()

    def _arrange(self) -> None:
        """Put the knobs below, and the name away, where the bar is too short for them."""
        self._column.activate()
        margins = self._column.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        gap = self._row.spacing()
        widgets = (self._mark, self.scene_button, self.surface, *self._right)
        bare = sum(widget.sizeHint().width() + gap for widget in widgets)
        named = bare + self._brand.sizeHint().width() + gap
        form = self.form.minimumSizeHint().width() + gap if not self.form.isHidden() else 0
        self._brand.setVisible(named <= room)
        below = form > 0 and named + form > room
        if below != (self._below.indexOf(self.form) >= 0):
            if below:
                self._row.removeWidget(self.form)
                self._below.insertWidget(0, self.form)
            else:
                self._below.removeWidget(self.form)
                self._row.insertWidget(self._row.indexOf(self.surface) + 1, self.form)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
