"""Opening and saving scene files, and the ones used lately."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from optiviz import resources
from optiviz.scene_file import SUFFIX, SceneFileError, read, write

if TYPE_CHECKING:
    from optiviz.gui.problems import Problems
    from optiviz.gui.settings import Settings
    from optiviz.gui.store import SceneStore

_FILTER = f"OptiViz scenes (*{SUFFIX});;All files (*)"
_LEFT = "left"  # a folder beside the settings
_MOST_LEFT = 10


class Files(QObject):
    """Reads scenes into the store and writes them out; every failure is one sentence.

    A scene with changes that are on no disk yet is kept aside before another one takes its place,
    and when the window closes: no question is asked, and the last ten such scenes can be opened.

    Signal: ``changed()`` when the current file or the list of recent ones is another.
    """

    changed = Signal()

    def __init__(
        self, store: SceneStore, settings: Settings, problems: Problems, window: QWidget
    ) -> None:
        super().__init__(window)
        self._store = store
        self._settings = settings
        self._problems = problems
        self._window = window
        self.path: Path | None = None
        self._prepared_name = ""  # of the shipped scene that was opened, if it is the current one

    @property
    def title(self) -> str:
        """What the current scene is called."""
        if self.path is not None:
            return self.path.name
        return self._prepared_name or "Untitled scene"

    @property
    def left(self) -> tuple[Path, ...]:
        """The scenes that were left with changes in them, the newest first."""
        try:
            return tuple(sorted(self._left_folder.glob(f"*{SUFFIX}"), reverse=True))
        except OSError:
            return ()

    @property
    def prepared(self) -> tuple[Path, ...]:
        """The scenes that are shipped, by their names."""
        return tuple(sorted(resources.path("scenes").glob(f"*{SUFFIX}")))

    @property
    def _left_folder(self) -> Path:
        return self._settings.path.parent / _LEFT

    def open(self, path: Path) -> bool:
        """Open a file; the current scene stays as it is if that fails."""
        try:
            scene = read(path)
        except SceneFileError as error:
            self._problems.tell(str(error))
            return False
        if self.keep_aside():
            told = "The scene before it had changes; it is kept under Scene, as it was left."
            self._problems.tell(told, kind="info")
        # Neither is a file of the user's own, that saving would write to.
        is_prepared = path.resolve() in [each.resolve() for each in self.prepared]
        is_own = path.parent != self._left_folder and not is_prepared
        self.path = path if is_own else None
        self._prepared_name = path.stem if is_prepared else ""
        if self.path is not None:
            self._settings.add_recent_file(path)
        self._store.open(scene)
        self.changed.emit()
        return True

    def ask_open(self) -> None:
        """Ask which file to open."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Open a scene", str(self._folder()), _FILTER
        )
        if name:
            self.open(Path(name))

    def save(self) -> bool:
        """Save to the current file, or ask for one."""
        return self.save_to(self.path) if self.path is not None else self.ask_save()

    def ask_save(self) -> bool:
        """Ask where to save."""
        name = self._prepared_name or self._store.scene.surface.key
        stem = self.path.name if self.path else f"{name}{SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save the scene", str(self._folder() / stem), _FILTER
        )
        if not name:
            return False
        path = Path(name)
        if not path.suffix:
            path = path.with_suffix(SUFFIX)
            if path.exists():  # the dialog has asked about another name
                self._problems.tell(
                    f"There is a file {path.name} already; type its whole name to replace it.",
                    kind="warning",
                )
                return False
        return self.save_to(path)

    def save_to(self, path: Path) -> bool:
        """Save to a file."""
        try:
            write(path, self._store.scene)
        except SceneFileError as error:
            self._problems.tell(str(error))
            return False
        self.path, self._prepared_name = path, ""
        self._settings.add_recent_file(path)
        self._store.saved()
        self._problems.tell(f"Saved {path.name}.", kind="info")
        self.changed.emit()
        return True

    def keep_aside(self) -> bool:
        """Keep a scene that has changes which are on no disk yet; say whether that was done."""
        if not self._store.dirty:
            return False
        scene = self._store.scene
        # The time comes first, so that names sort by it.
        stem = f"{datetime.now():%Y-%m-%d %H.%M.%S.%f}"[:-3]
        try:
            self._left_folder.mkdir(parents=True, exist_ok=True)
            write(self._left_folder / f"{stem} {scene.surface.title}{SUFFIX}", scene)
            for old in self.left[_MOST_LEFT:]:
                old.unlink()
        except (SceneFileError, OSError) as error:
            self._problems.tell(f"The scene could not be kept aside: {error}", kind="warning")
            return False
        return True

    def _folder(self) -> Path:
        recent = self._settings.recent_files
        return recent[0].parent if recent else Path.home()
