"""Opening and saving scene files, and the ones used lately."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from optiviz import resources
from optiviz.gui.state.kept_aside import KeptAside
from optiviz.regular import check_place, open_file, why_not
from optiviz.scene.file import MAX_BYTES, SUFFIX, SceneFileError, read, write
from optiviz.tables.file import is_table

if TYPE_CHECKING:
    from optiviz.gui.state.problems import Problems
    from optiviz.gui.state.settings import Settings
    from optiviz.gui.state.store import SceneStore
    from optiviz.scene import Scene

_FILTER = f"OptiViz scenes (*{SUFFIX});;All files (*)"
_LEFT = "left"  # a folder beside the settings
_GONE = ""  # stands for the content of a file that is not there
_UNREADABLE = "?"  # and of one that cannot be read


class Files(QObject):
    """Reads scenes into the store and writes them out; every failure is one sentence.

    A scene with changes that are on no disk yet is kept aside before another one takes its place,
    and when the window closes: no question is asked, and the last ten such scenes can be opened.
    Where it cannot be kept, that is told first, and only asking again lets go of it. A file that
    another program has changed is not overwritten unasked either.

    Signals: ``changed()`` when the current file or the list of recent ones is another;
    ``table_wished(path)``: what was to be opened is a table, and no scene.
    """

    changed = Signal()
    table_wished = Signal(object)

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
        self._on_disk = _GONE  # what the current file held when it was read or written last
        self._warned_of: Scene | None = None  # the user was told that it could not be kept
        self.kept = KeptAside(settings.path.parent / _LEFT)

    @property
    def title(self) -> str:
        """What the current scene is called."""
        if self.path is not None:
            return self.path.name
        return self._prepared_name or "Untitled scene"

    def title_with(self, table: str) -> str:
        """Give the window's title, where the data of a table are on the stage with its name."""
        named = self.title if self.path is not None or not table else ""
        return f"{' – '.join(filter(None, (table, named)))}[*] – OptiViz"

    @property
    def left(self) -> tuple[Path, ...]:
        """The scenes that were left with changes in them, the newest first."""
        return self.kept.scenes

    @property
    def prepared(self) -> tuple[Path, ...]:
        """The scenes that are shipped, by their names."""
        return tuple(sorted(resources.path("scenes").glob(f"*{SUFFIX}")))

    def open(self, path: Path) -> bool:
        """Open a file; the current scene stays as it is if that fails, or if it is a table."""
        if is_table(path):
            self.table_wished.emit(path)
            return False
        on_disk = _content(path)
        try:
            scene = read(path)
        except SceneFileError as error:
            self._problems.tell(str(error))
            return False
        if not self.may_leave("open again"):
            return False
        if self._store.dirty and self._warned_of is not self._store.scene:
            told = "The scene before it had changes; it is kept under Scene, as it was left."
            self._problems.tell(told, kind="info")
        # Neither is a file of the user's own, that saving would write to.
        is_prepared = path.resolve() in [each.resolve() for each in self.prepared]
        is_own = path.parent != self.kept.folder and not is_prepared
        # Whatever fails on the way, saving never writes one scene into the file of another.
        self.path, self._on_disk, self._prepared_name = None, _GONE, ""
        self._store.open(scene)
        self._prepared_name = path.stem if is_prepared else ""
        if is_own:
            self.path, self._on_disk = path, on_disk
            self._remember(path)
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
        if self.path is None:
            return self.ask_save()
        return self._may_replace(self.path) and self.save_to(self.path)

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
            written = write(path, self._store.scene)
        except SceneFileError as error:
            self._problems.tell(str(error))
            return False
        self.path, self._prepared_name = path, ""
        self._on_disk = _hash(written)
        self._store.saved()
        self._remember(path)
        self._problems.tell(f"Saved {path.name}.", kind="info")
        self.changed.emit()
        return True

    def may_leave(self, again: str) -> bool:
        """Keep a scene that has changes which are on no disk yet; say whether it may go.

        Where it cannot be kept, it may not go the first time: the user is told, and ``again`` names
        what would let go of it, such as "close again". The second time it may.
        """
        scene = self._store.scene
        if not self._store.dirty:
            return True
        try:
            self.kept.keep(scene)
        except OSError as error:
            if self._warned_of is scene:
                return True
            self._warned_of = scene
            self._problems.tell(
                f"The changes are not saved and could not be kept aside ({why_not(error)}); "
                f"save them elsewhere, or {again} to let go of them."
            )
            return False
        self._warned_of = None
        return True

    def _remember(self, path: Path) -> None:
        """Add a file to the recent ones; that this failed does not hinder opening or saving it."""
        with contextlib.suppress(OSError, ValueError):
            self._settings.add_recent_file(path)

    def _may_replace(self, path: Path) -> bool:
        """Say whether the file is as it was last read or written; else warn, once a change."""
        try:
            check_place(path, may_be_new=True)
        except OSError:
            return True  # no file is there: writing refuses it in words of its own
        found = _content(path)
        if found == self._on_disk:
            return True
        self._on_disk = found
        what, act = {
            _GONE: ("is gone since it was opened", "write it anew"),
            _UNREADABLE: ("cannot be read any more", "replace it"),
        }.get(found, ("was changed by another program since it was opened", "replace it"))
        self._problems.tell(
            f"{path.name} {what}; save again to {act}, or save under another name.", kind="warning"
        )
        return False

    def _folder(self) -> Path:
        recent = self._settings.recent_files
        return recent[0].parent if recent else Path(QDir.homePath())


def _content(path: Path) -> str:
    """Tell what is in a file by a hash, or that it is gone or cannot be read."""
    try:
        with open_file(path) as file:
            return _hash(file.read(MAX_BYTES + 1))
    except (FileNotFoundError, NotADirectoryError):
        return _GONE
    except OSError:
        return _UNREADABLE


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
