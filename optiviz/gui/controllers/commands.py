"""Commands from keys, buttons and menus, files, settings, and the closing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from PySide6.QtCore import QObject, Qt, Signal

from optiviz.gui.commands.actions import Command, command
from optiviz.gui.commands.menus import SceneMenu, ViewMenu
from optiviz.gui.state.settings import CloudAnchor
from optiviz.gui.state.tabs import TABS
from optiviz.gui.views.curves import CurvesView

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent

    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.controllers.autosave import Autosave
    from optiviz.gui.controllers.controller import Controller
    from optiviz.gui.controllers.editor import Editor
    from optiviz.gui.controllers.files import Files
    from optiviz.gui.controllers.upkeep import Upkeep
    from optiviz.gui.state.appearance import Appearance
    from optiviz.gui.state.playback import Playback
    from optiviz.gui.state.settings import Settings
    from optiviz.gui.state.view_mode import ViewMode
    from optiviz.gui.theme.palette import Look
    from optiviz.gui.window.main_window import MainWindow


def _step_out(window: MainWindow, toggle_full_screen: Callable[[], object]) -> None:
    """Close what is open over the stage, wherever the focus is; then leave full screen."""
    if window.cheat_sheet.isVisible():
        window.hide_cheat_sheet()
    elif window.message_bar.problem is not None:
        window.message_bar.dismiss()
    elif window.isFullScreen():
        toggle_full_screen()


class CommandHandler(QObject):
    """Carries out commands, and remembers what is a setting and not part of the scene.

    Signal: ``closed()`` when the window has been closed, and all is kept that is to be.
    """

    closed = Signal()

    def __init__(
        self,
        window: MainWindow,
        editor: Editor,
        controller: Controller,
        playback: Playback,
        appearance: Appearance,
        files: Files,
        upkeep: Upkeep,
        autosave: Autosave,
        settings: Settings,
        compute: LatestWins,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._editor = editor
        self._controller = controller
        self._playback = playback
        self._appearance = appearance
        self._files = files
        self._upkeep = upkeep
        self._autosave = autosave
        self._settings = settings
        self._compute = compute
        self._acts = self._make_acts()
        self._scene_menu = SceneMenu(window.scene_menu, self.on_command, self.on_file_wished)
        self._view_menu = ViewMenu(window.view_menu, self.on_command, self.on_chosen)
        window.scene_menu.aboutToShow.connect(self.on_files_changed)
        window.command_wished.connect(self.on_command)
        for bar in (window.top_bar, window.transport):
            bar.command_wished.connect(lambda identifier: self.on_command(command(identifier)))
        window.transport.speed_wished.connect(self.on_speed_wished)
        window.view(CurvesView).log_wished.connect(self.on_log_wished)
        window.view(CurvesView).test_wished.connect(self.on_test_wished)
        window.file_dropped.connect(lambda name: self.on_file_wished(Path(name)))
        window.closing.connect(self.on_closing)
        appearance.changed.connect(self.on_look_changed)
        controller.data.named.connect(self.show_title)
        controller.as_opened.restored.connect(self.on_restored)
        files.table_wished.connect(controller.data.open)
        files.changed.connect(self.on_files_changed)
        files.changed.connect(self.on_file_done)

    def _make_acts(self) -> dict[str, Callable[..., object]]:
        window, controller, playback = self._window, self._controller, self._playback
        files, appearance, editor = self._files, self._appearance, self._editor
        return {
            "open": lambda: editor.unless_locked(files.ask_open),
            "open_data": controller.data.ask_open,
            "save": files.save,
            "save_as": files.ask_save,
            "reset": controller.as_opened.restore,
            "quit": window.close,
            "undo": editor.undo,
            "redo": editor.redo,
            "play": playback.toggle,
            "step_back": lambda: playback.step(-1),
            "step_forward": lambda: playback.step(1),
            "to_start": playback.to_start,
            "to_end": playback.to_end,
            "reseed": controller.die.reseed,
            "toggle_racer": controller.toggle_racer,
            "view_contour": lambda: self.show_view_mode("contour"),
            "view_3d": lambda: self.show_view_mode("3d"),
            "view_split": lambda: self.show_view_mode("split"),
            "camera_home": lambda: controller.surface3d.fly("home"),
            "camera_above": lambda: controller.surface3d.fly("above"),
            "camera_valley": lambda: controller.surface3d.fly("valley"),
            "camera_start": lambda: controller.surface3d.fly("start"),
            "turntable": controller.surface3d.toggle_turntable,
            "follow": controller.surface3d.follow_next,
            "fit": controller.fit,
            "lock": editor.toggle_lock,
            "full_screen": self.toggle_full_screen,
            "step_out": lambda: _step_out(window, self.toggle_full_screen),
            "scale_up": lambda: appearance.scale_by(1),
            "scale_down": lambda: appearance.scale_by(-1),
            "scale_reset": lambda: appearance.scale_by(0),
            "batch_contour": self.toggle_batch,
            "gradient_cloud": self.next_cloud,
            "seeds": controller.die.toggle_seeds,
            "cheat_sheet": window.toggle_cheat_sheet,
            **{f"tab_{tab.key}": partial(controller.instruments.choose, tab.key) for tab in TABS},
        }

    def begin(self) -> None:
        """Show what was remembered."""
        settings, window = self._settings, self._window
        self._playback.speed = settings.speed
        window.transport.show_speed(settings.speed)
        window.view(CurvesView).show_log(settings.log_loss)
        window.view(CurvesView).show_test(settings.test_loss)
        window.stages.show_stretch(settings.stretch)
        self._view_menu.stretch.setChecked(settings.stretch)
        self.show_batch(settings.batch_contour)
        self.show_cloud(settings.gradient_cloud)
        self._view_menu.themes[settings.theme].setChecked(True)
        self._view_menu.motion.setChecked(self._appearance.look.reduced_motion)
        self._view_menu.view_modes[settings.view_mode].setChecked(True)
        self.on_files_changed()

    def on_command(self, wished: Command) -> None:
        """Carry out a command."""
        act = self._acts[wished.id]
        if wished.argument is None:
            act()
        else:
            act(wished.argument)

    def on_chosen(self, setting: str, value: object) -> None:
        """Take a choice of the view menu."""
        if setting == "theme":
            self._appearance.choose_theme(value)
        elif setting == "reduced_motion":
            self._appearance.choose_reduced_motion(bool(value))
        elif setting == "stretch":
            self._settings.stretch = bool(value)
            self._window.stages.show_stretch(bool(value))
        elif setting == "gradient_cloud":
            self.show_cloud(cast("CloudAnchor", value))
        elif setting == "caption":
            self._controller.writing.set_caption(bool(value))

    def show_view_mode(self, view_mode: ViewMode) -> None:
        """Show the contour, the 3D view, or both."""
        self._controller.surface3d.show_view_mode(view_mode)
        self._view_menu.view_modes[view_mode].setChecked(True)

    def show_batch(self, on: bool) -> None:
        """Draw the loss of the step's batch on the stage, or do not, and remember it."""
        self._settings.batch_contour = on
        self._view_menu.batch.setChecked(on)
        self._controller.overlays.show_batch(on)

    def on_restored(self) -> None:
        """Check and remember what is drawn again as it was when the scene was opened."""
        overlays = self._controller.overlays
        self.show_batch(overlays.batch)
        self.show_cloud(overlays.cloud_place)

    def toggle_batch(self) -> None:
        """Draw the loss of the step's batch, or do not, by a key."""
        on = not self._controller.overlays.batch
        self.show_batch(on)
        if on:
            self._controller.surface3d.tell_of_contour()

    def show_cloud(self, place: CloudAnchor) -> None:
        """Draw the gradient cloud somewhere, or nowhere, and remember it."""
        self._settings.gradient_cloud = place
        self._view_menu.clouds[place].setChecked(True)
        self._controller.overlays.show_cloud(place)

    def next_cloud(self) -> None:
        """Take the gradient cloud to a racer, then to the pointer, then away."""
        places = get_args(CloudAnchor)
        now = places.index(self._controller.overlays.cloud_place)
        place = places[(now + 1) % len(places)]
        self.show_cloud(place)
        if place != "off":
            self._controller.surface3d.tell_of_contour()

    def on_look_changed(self, look: Look) -> None:
        """Show everything in another theme or scale."""
        self._controller.show_look(look)
        self._controller.surface3d.show_turning()

    def on_speed_wished(self, speed: float) -> None:
        """Play faster or slower, and remember it."""
        self._playback.speed = speed
        self._settings.speed = speed
        self._window.transport.show_speed(speed)

    def on_log_wished(self, log: bool) -> None:
        """Draw losses on a log axis or a linear one, and remember it."""
        self._settings.log_loss = log
        self._window.view(CurvesView).show_log(log)

    def on_test_wished(self, on: bool) -> None:
        """Draw test losses too, or do not, and remember it."""
        self._settings.test_loss = on
        self._window.view(CurvesView).show_test(on)

    def on_files_changed(self) -> None:
        """Show the current file in the title, and the recent ones in the menu."""
        files = self._files
        self.show_title()
        self._scene_menu.show_files(self._settings.recent_files, files.left, files.prepared)

    def show_title(self) -> None:
        """Name the file in the title, and the table whose data are on the stage."""
        self._window.setWindowTitle(self._files.title_with(self._controller.data.title))

    def on_file_done(self) -> None:
        """Take away what was told of files before: this one went well."""
        bar = self._window.message_bar
        while bar.problem is not None:
            bar.dismiss()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back."""
        # The other states, such as maximized, stay as they are and come back with it.
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._view_menu.full_screen.setChecked(self._window.isFullScreen())

    def on_file_wished(self, path: Path) -> None:
        """Open a file that was chosen or dropped, unless the scene is locked."""
        self._editor.unless_locked(lambda: self._files.open(path))

    def on_closing(self, event: QCloseEvent) -> None:
        """Keep what is worth keeping, and end; where changes would be lost, say so first."""
        self._playback.pause()
        if not self._files.may_leave("close again"):
            event.ignore()
            return
        self.end(left_behind=False)
        event.accept()
        self.closed.emit()

    def end(self, *, left_behind: bool) -> None:
        """End the work under way.

        What has changes is left behind, for the next window to offer, if nobody closed this one.
        """
        self._playback.pause()
        self._upkeep.end()
        # Gone from the screen first: a job under way may take a moment to notice.
        self._window.hide()
        self.leave(left_behind=left_behind)
        self._settings.geometry = bytes(self._window.saveGeometry().data())
        self._settings.save()
        self._compute.shutdown()

    def leave(self, *, left_behind: bool) -> None:
        """Let go of the scene, and leave it to the next window or to nobody."""
        self._autosave.end(keep=left_behind)
