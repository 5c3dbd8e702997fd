"""The application: builds everything and wires it, in this order.

1. The environment, before Qt and numba look at it: where compiled kernels are kept.
2. Settings: read once; what is broken there is told later and does no harm.
3. The QApplication: name, language, icon, fonts.
4. Problems: from here on no error is lost.
5. The store with its first scene, the workers, the playhead.
6. The main window, in its remembered size and look.
7. The controller, which connects all of these, then commands: menus, keys, files.
8. The window is shown, the race is asked for, and plays as soon as it is there.

Closing goes the other way round: the scene is kept if it has changes, settings are written, the
workers end.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QByteArray, QDir, QSettings, QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import QApplication

from optiviz import __version__
from optiviz.gui.compute.lane import end_process, will_exit
from optiviz.gui.compute.latest_wins import LatestWins
from optiviz.gui.controllers.autosave import Autosave, take_in_left_behind
from optiviz.gui.controllers.commands import CommandHandler
from optiviz.gui.controllers.controller import Controller
from optiviz.gui.controllers.editor import Editor
from optiviz.gui.controllers.files import Files
from optiviz.gui.controllers.upkeep import Upkeep
from optiviz.gui.qt import heap, language
from optiviz.gui.qt.signals import EndSignals
from optiviz.gui.qt.timers import once
from optiviz.gui.state.appearance import Appearance
from optiviz.gui.state.kept_aside import MOST_KEPT
from optiviz.gui.state.playback import Playback
from optiviz.gui.state.problems import Offer, Problems
from optiviz.gui.state.settings import Settings
from optiviz.gui.state.store import SceneStore
from optiviz.gui.theme.icons import app_icon
from optiviz.gui.theme.palette import load_fonts
from optiviz.gui.window.main_window import MainWindow
from optiviz.scene import Scene, first_scene

_SIZE = (1440, 900)
_FRAME = 60  # pixels that the desktop's title bar and the like may take
_GOODBYE_MS = 100  # for Qt to end by itself once the window is closed
_RUNNING = "running"  # a folder beside the settings, of the scenes in windows that are open


@dataclass
class Parts:
    """All that an open window is made of."""

    window: MainWindow
    store: SceneStore
    editor: Editor
    compute: LatestWins
    playback: Playback
    problems: Problems
    settings: Settings
    appearance: Appearance
    files: Files
    autosave: Autosave
    controller: Controller
    commands: CommandHandler


def application(arguments: list[str] | None = None) -> QApplication:
    """Make the QApplication, or give the one that there is."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        app = existing
    else:
        heap.keep_little()
        _keep_kernels_in_user_cache()
        _ensure_home()
        _keep_dialogs_out_of_files()
        language.ensure_utf8()
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)
        app = QApplication(arguments if arguments is not None else sys.argv[:1])
    app.setApplicationName("OptiViz")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("optiviz")
    app.setStyle("Fusion")
    language.settle(app)
    load_fonts()
    app.setWindowIcon(app_icon())
    return app


def _keep_kernels_in_user_cache() -> None:
    """In a frozen application numba has no folder of its own to keep compiled kernels in."""
    if getattr(sys, "frozen", False) and "NUMBA_CACHE_DIR" not in os.environ:
        cache = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
        os.environ["NUMBA_CACHE_DIR"] = str(Path(cache) / "optiviz" / "kernels")


def _ensure_home() -> None:
    """Give a user without a home folder the one that Qt names, so that Python finds it too."""
    if os.path.expanduser("~") == "~":
        os.environ["HOME"] = QDir.homePath()


def _keep_dialogs_out_of_files() -> None:
    """Let Qt's own dialogs remember nothing: the file in which they do is every Qt program's.

    Another's lock that was left there, or a pipe in its place, would stop the window for good. So
    they are sent where no file can be. What should be remembered, such as the last folder, is in
    the settings of this program.
    """
    nowhere = str(Path(os.devnull) / "none")
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, nowhere)


def build(scene: Scene | None = None, settings: Settings | None = None) -> Parts:
    """Build the window and all behind it; nothing is shown yet."""
    settings = settings or Settings()
    window = MainWindow()
    problems = Problems(window)
    store = SceneStore(scene or first_scene(), window)
    compute = LatestWins(window)
    playback = Playback(parent=window)
    appearance = Appearance(settings, window)
    editor = Editor(store, problems, window)
    controller = Controller(editor, window, store, compute, playback, problems)
    files = Files(store, settings, problems, window)
    upkeep = Upkeep(window, compute, playback)
    running = settings.path.parent / _RUNNING
    autosave = Autosave(store, running, window)
    commands = CommandHandler(
        window, editor, controller, playback, appearance, files, upkeep, autosave, settings, compute
    )
    _restore(window, settings)
    controller.show_look(appearance.look)
    commands.begin()
    controller.begin(settings)
    window.stages.front.setFocus(Qt.FocusReason.OtherFocusReason)
    if settings.problem:
        problems.tell(settings.problem, kind="warning")
    autosave.failed.connect(lambda reason: _tell_of_autosave(problems, reason))
    _offer_what_was_left(take_in_left_behind(running, files.kept), commands, problems)
    return Parts(
        window,
        store,
        editor,
        compute,
        playback,
        problems,
        settings,
        appearance,
        files,
        autosave,
        controller,
        commands,
    )


def _tell_of_autosave(problems: Problems, reason: str) -> None:
    problems.tell(
        f"Changes cannot be kept aside as you work ({reason}); save them to keep them.", kind="info"
    )


def _offer_what_was_left(
    taken: tuple[Path, ...], commands: CommandHandler, problems: Problems
) -> None:
    """Offer the scene of a window that nobody closed: nothing has to be answered."""
    if not taken:
        return
    newest = taken[-1]
    sentence = "OptiViz ended before it was closed; its scene is kept, with all changes."
    if len(taken) > 1:
        sentence = (
            "OptiViz ended before it was closed; "
            f"the scenes of {len(taken)} windows are kept under Scene, as they were left."
        )
    if len(taken) > MOST_KEPT:
        sentence += f" As soon as another one is kept, the last {MOST_KEPT} stay."
    offer = Offer(
        "Open it" if len(taken) == 1 else "Open the last", lambda: commands.on_file_wished(newest)
    )
    problems.tell(sentence, kind="warning", offer=offer)


def _show(window: MainWindow) -> None:
    """Show the window; on a screen that it would fill anyway, maximized."""
    room = window.screen().availableSize()
    if room.width() <= window.width() or room.height() <= window.height() + _FRAME:
        window.showMaximized()
    else:
        window.show()


def _restore(window: MainWindow, settings: Settings) -> None:
    if settings.geometry and window.restoreGeometry(QByteArray(settings.geometry)):
        return
    room = window.screen().availableSize()
    window.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height()))


def run(path: Path | None = None) -> int:
    """Open the window and stay until it is closed; returns the exit code.

    It is 0 after a close, 128 and the signal's number where a signal ended it, as shells have it,
    and 1 where the display went away.
    """
    signals = EndSignals()
    app = application()
    parts = build()
    parts.problems.install_hooks()
    parts.problems.display_lost.connect(lambda: _leave(parts))
    signals.connect(lambda number: _end(parts, 128 + number), parts.window)
    # Qt ends the program when its last visible window closes, and an open menu is such a window:
    # closed under one, the program would go on with nothing on the screen.
    at_last = once(None, _GOODBYE_MS, lambda: QApplication.exit(0))
    parts.commands.closed.connect(at_last.start)
    opened = path is not None and parts.files.open(path)
    _show(parts.window)
    if not opened:
        # The first picture comes first; then it moves.
        QTimer.singleShot(0, parts.playback.play)
    try:
        code = app.exec()
        will_exit(code)
        return code
    finally:
        at_last.stop()
        parts.compute.shutdown()
        parts.problems.remove_hooks()
        signals.close()


def _leave(parts: Parts) -> NoReturn:
    """Save the scene and end the process at once: without a display, any call of Qt aborts it."""
    parts.commands.leave(left_behind=True)
    end_process(1)


def _end(parts: Parts, code: int) -> None:
    """End as a signal asks: what is not saved is offered at the next start."""
    parts.commands.end(left_behind=True)
    QApplication.exit(code)
