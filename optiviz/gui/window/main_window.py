"""The main window: layout only. What is in it, and where it goes at each size."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from optiviz.gui.commands.actions import command, find_command
from optiviz.gui.panels.cheat_sheet import CheatSheet
from optiviz.gui.panels.instruments import Instruments
from optiviz.gui.panels.message_bar import MessageBar
from optiviz.gui.panels.racers import RacersPanel
from optiviz.gui.panels.top_bar import TopBar
from optiviz.gui.panels.transport import Transport
from optiviz.gui.qt.timers import once
from optiviz.gui.theme.palette import Look
from optiviz.gui.theme.stylesheet import palette, stylesheet
from optiviz.gui.views.contour import ContourView
from optiviz.gui.views.view import View
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.window.drawer import Drawer
from optiviz.gui.window.focus_order import chain_focus
from optiviz.gui.window.instruments import INSTRUMENTS
from optiviz.gui.window.stages import Stages
from optiviz.scene import common_gradient
from optiviz.scene.file import SUFFIX

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QCloseEvent,
        QDragEnterEvent,
        QDropEvent,
        QKeyEvent,
        QMouseEvent,
        QResizeEvent,
    )

    from optiviz.engine import Race
    from optiviz.gui.panels.surface_bar import SurfaceBar
    from optiviz.gui.state.view_mode import ViewMode
    from optiviz.gui.views.stage_view import StageView
    from optiviz.gui.widgets.shows import Shows
    from optiviz.scene import Scene

AnyView = TypeVar("AnyView", bound=View)

#: Narrower than this, in unscaled pixels, the instruments become a tab that slides over the stage.
_NARROW = 1180.0


def _form(scene: Scene) -> tuple[object, ...]:
    """What decides which widgets there are."""
    racers = [
        (type(racer.optimizer), type(racer.gradient), type(racer.schedule))
        for racer in scene.racers
    ]
    return (type(scene.surface), type(common_gradient(scene)), *racers)


def _raise_in_the_middle(sheet: QWidget, center: QWidget) -> None:
    """Put a sheet above all else, in the middle of what it covers."""
    sheet.adjustSize()
    middle = center.rect().center() - sheet.rect().center()
    sheet.move(max(middle.x(), 0), max(middle.y(), 0))
    sheet.raise_()


def _dropped(event: QDropEvent) -> str:
    """Give the file that was dropped, a scene before any other; nothing if there is none."""
    paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    scenes = [path for path in paths if path.endswith(SUFFIX)]
    return next(iter((*scenes, *paths)), "")


class MainWindow(QMainWindow):
    """Holds the views and panels.

    Properties ``scene`` and ``race`` are read-only: what is shown now.
    Signals: ``command_wished(command)`` for keys, ``file_dropped(path)``, ``closing(event)``.
    """

    command_wished = Signal(object)
    file_dropped = Signal(str)
    closing = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setAccessibleName("OptiViz")
        self.setWindowTitle("OptiViz")
        self.setAcceptDrops(True)
        self._scene: Scene | None = None
        self._race: Race | None = None
        self._look = Look()
        self._position = 0.0
        self._locked = False
        self.scene_menu = QMenu(self)
        self.view_menu = QMenu(self)
        self.top_bar = TopBar(self.scene_menu, self.view_menu)
        self.racers = RacersPanel()
        self.contour = ContourView()
        self.stages = Stages(self.contour, self)
        self.surface_bar: SurfaceBar | None = None  # it comes with the 3D view
        # Once the widgets that came or went have been laid out.
        self._chain = once(self, 0, self._chain_focus)
        self.instruments = Instruments(self._chain.start)
        made = {kind.key: kind.make() for kind in INSTRUMENTS}
        for kind in INSTRUMENTS:
            self.instruments.add(kind, made[kind.key])
        self.transport = Transport()
        self.views: tuple[View, ...] = (self.contour, *made.values())
        self._lay_out()
        panels = (self.top_bar, self.racers, self.transport, self.instruments)
        sheets = (self.message_bar, self.cheat_sheet, self._drawer)
        # All that is shown what there is, in this order.
        self._parts: tuple[Shows, ...] = (*panels, *sheets, *self.views)

    def _lay_out(self) -> None:
        center = self._center = QWidget(self)
        self.setCentralWidget(center)
        column = self._whole = QVBoxLayout(center)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        self._middle = put_into(column, QHBoxLayout(), 1)
        self._middle.setSpacing(0)
        self._middle.addWidget(self.racers)
        self.stages.lay_into(self._middle)
        self._middle.addWidget(self.instruments)
        column.addWidget(self.transport)
        # Over the stage, so that nothing on it moves when they come and go.
        for sheet in self.top_bar.sheets:
            sheet.setParent(center)
        self.message_bar = MessageBar(center)
        self.message_bar.hide()
        self.cheat_sheet = CheatSheet(center)
        self.cheat_sheet.close_wished.connect(self.hide_cheat_sheet)
        self._drawer = Drawer(self.instruments, self._middle, center, lambda: self.stages.place)
        self._drawer.slid.connect(self._on_slid)
        for view in self.views:
            view.form_changed.connect(self._chain.start)
        self.instruments.enlarged_changed.connect(self._arrange)
        for overlay in (self.message_bar, self.cheat_sheet):
            overlay.installEventFilter(self)

    @property
    def scene(self) -> Scene | None:
        """The scene that is shown."""
        return self._scene

    @property
    def race(self) -> Race | None:
        """The race that is shown: the newest that has been run."""
        return self._race

    @property
    def look(self) -> Look:
        """The theme and scale in which all is shown."""
        return self._look

    def view(self, kind: type[AnyView]) -> AnyView:
        """Give the view of a kind, of which there is one: an instrument or a stage."""
        return next(view for view in self.views if isinstance(view, kind))

    def add_surface(self, view: StageView, bar: SurfaceBar) -> None:
        """Take in the 3D view and its bar, not seen yet."""
        # Who comes last would lie above all that hangs over the stage: drawer, sheets, messages.
        for widget in (bar.strip.sheet, view, bar):
            widget.setParent(self._center)
            widget.lower()
        self.add_part(bar)
        self.add_part(view)
        self.surface_bar = bar
        self.views = (*self.views, view)
        self.stages.add(view, bar)
        self._chain.start()

    def add_part(self, part: Shows) -> None:
        """Take in a part that comes late, and show it all that is there."""
        part.show_look(self._look)
        if self._scene is not None:
            part.show_scene(self._scene)
        if self._race is not None:
            part.show_race(self._race)
        part.show_step(self._position)
        part.show_locked(self._locked)
        self._parts = (*self._parts, part)

    def wish(self, identifier: str) -> None:
        """Wish for a command, as its key would."""
        self.command_wished.emit(command(identifier))

    def show_view_mode(self, view_mode: ViewMode) -> None:
        """Show the contour, the 3D view, or both."""
        self.top_bar.show_view_mode(view_mode)
        self.stages.show_view_mode(view_mode)
        self._arrange()

    def show_scene(self, scene: Scene) -> None:
        """Show who races and from where, everywhere."""
        before, self._scene = self._scene, scene
        for part in self._parts:
            part.show_scene(scene)
        if before is None or _form(before) != _form(scene):
            self._chain.start()

    def show_race(self, race: Race) -> None:
        """Show a race everywhere."""
        self._race = race
        for part in self._parts:
            part.show_race(race)

    def show_step(self, position: float) -> None:
        """Show the playhead everywhere."""
        self._position = position
        for part in self._parts:
            part.show_step(position)

    def show_locked(self, locked: bool) -> None:
        """Keep the scene from accidents, everywhere."""
        self._locked = locked
        for part in self._parts:
            part.show_locked(locked)

    def show_look(self, look: Look) -> None:
        """Show everything in this theme and scale."""
        self._look = look
        self.setFont(look.font())
        # The application's, so that dialogs and menus have it too.
        QApplication.setPalette(palette(look.theme))
        self.setStyleSheet(stylesheet(look))
        for part in self._parts:
            part.show_look(look)
        self._arrange()

    def show_enlarged(self, name: str) -> None:
        """Give one instrument the whole column, and that half of the window; or none."""
        self.instruments.show_enlarged(name)
        self._arrange()

    def show_instruments(self) -> None:
        """Show the instruments, where they slid away."""
        self._drawer.open()

    def toggle_cheat_sheet(self) -> None:
        """Show all keys, or hide them."""
        if self.cheat_sheet.isVisible():
            self.hide_cheat_sheet()
            return
        self.cheat_sheet.show()
        self.cheat_sheet.raise_()
        self.cheat_sheet.setFocus(Qt.FocusReason.PopupFocusReason)
        self._place_overlays()

    def hide_cheat_sheet(self) -> None:
        """Hide the keys; the stage gets the focus."""
        self.cheat_sheet.hide()
        self.stages.front.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_slid(self) -> None:
        self._place_overlays()
        self._chain.start()  # what is hidden has no places to sort by

    def _arrange(self) -> None:
        """Put the instruments beside the stage where there is room, else over it."""
        self._chain.start()  # a bar may put its knobs elsewhere
        narrow = self.width() < self._look.px(_NARROW)
        self.instruments.show_width(self.width() - self.racers.width())
        self._drawer.show_used(narrow)
        self._place_overlays()

    def _chain_focus(self) -> None:
        bar = self.surface_bar
        stages = (*self.stages.widgets, *((bar.strip.sheet,) if bar is not None else ()))
        panels = (self.top_bar, *self.top_bar.sheets, self.racers, *stages, self.instruments)
        chain_focus((*panels, self._drawer.tab, self.transport, self.message_bar))

    def _place_overlays(self) -> None:
        self._whole.activate()
        stage = self.stages.place
        self._drawer.place()
        gap = round(self._look.px(12))
        bar = self.message_bar
        width = min(stage.width() - 2 * gap, round(self._look.px(720)))
        bar.setFixedWidth(max(width, 200))
        bar.adjustSize()
        bar.move(
            stage.left() + (stage.width() - bar.width()) // 2, stage.bottom() - bar.height() - gap
        )
        bar.raise_()
        _raise_in_the_middle(self.cheat_sheet, self._center)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.LayoutRequest):
            self._place_overlays()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (wished := find_command(event)) is None:
            super().keyPressEvent(event)
        elif wished.repeats or not event.isAutoRepeat():
            self.command_wished.emit(wished)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Nobody wanted the click: it lets go of a field, so that keys are the window's again.
        super().mousePressEvent(event)
        self.stages.front.setFocus(Qt.FocusReason.MouseFocusReason)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if path := _dropped(event):
            event.acceptProposedAction()
            self.file_dropped.emit(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)
