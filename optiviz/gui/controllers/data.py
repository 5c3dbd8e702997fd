"""Data onto the stage: choosing a data set or its columns, and opening a table of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDir, QObject
from PySide6.QtWidgets import QFileDialog

from optiviz.engine import PartError, datasets
from optiviz.engine.surfaces.data import DataSurface
from optiviz.gui.compute.ask import Ask
from optiviz.gui.views.data import DataView
from optiviz.scene import data as scene_data
from optiviz.scene.data import rows_used
from optiviz.tables import TableFileError, read
from optiviz.tables.file import SUFFIXES
from optiviz.tables.table import first_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Surface
    from optiviz.engine.datasets import DataSet
    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.controllers.editor import Editor
    from optiviz.gui.state.problems import Problems
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.window.main_window import MainWindow

_FILTER = f"Tables ({' '.join('*' + suffix for suffix in SUFFIXES)});;All files (*)"
_LARGE = 4_000_000  # bytes; reading fewer takes no time that anybody notices


def _read_job(path: Path, cancelled: Callable[[], bool], _report: Any) -> DataSet | TableFileError:
    """Read a table; that it is none is a result like another, and no fault of ours."""
    try:
        return read(path, cancelled=cancelled).data_set()
    except TableFileError as error:
        return error


class DataController(QObject):
    """Carries out what the data panel wishes for. Tables are read in the worker."""

    def __init__(
        self,
        editor: Editor,
        window: MainWindow,
        store: SceneStore,
        compute: LatestWins,
        problems: Problems,
    ) -> None:
        super().__init__(window)
        self._editor = editor
        self._window = window
        self._store = store
        self._problems = problems
        self._folder = Path(QDir.homePath())
        self._waited_for = ""  # the sentence that tells of a large file under way
        view = window.view(DataView)
        view.data_wished.connect(lambda name: editor.edit(scene_data.choose_data, name))
        view.column_wished.connect(
            lambda knob, column: editor.edit(scene_data.choose_column, knob, column)
        )
        view.open_wished.connect(self.ask_open)
        self._reading: Ask[Path, DataSet | TableFileError] = Ask(
            compute, "data", _read_job, arrived=self.on_read
        )

    def ask_open(self) -> None:
        """Ask which table to open."""
        self._editor.unless_locked(self._ask)

    def open(self, path: Path) -> None:
        """Open a table, unless the scene is locked; what it holds is shown once it is read."""
        self._editor.unless_locked(lambda: self._read(path))

    def on_read(self, path: Path, result: DataSet | TableFileError) -> None:
        """Take a table that was read."""
        self._stop_waiting()
        if isinstance(result, TableFileError):
            self._problems.tell(str(result), kind="warning")
        else:
            self._show(path, result)

    def _ask(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self._window, "Open data", str(self._folder), _FILTER)
        if name:
            self._read(Path(name))

    def _read(self, path: Path) -> None:
        self._folder = path.parent
        self._stop_waiting()
        if _size(path) >= _LARGE:
            self._waited_for = f"Reading {path.name}; everything else goes on meanwhile."
            self._problems.tell(self._waited_for, kind="info")
        self._reading.stop()  # the file may be another one by now
        self._reading.want(path)

    def _show(self, path: Path, data: DataSet) -> None:
        name = datasets.keep(data)
        before = type(self._store.scene.surface)
        try:
            scene = scene_data.show_data(self._store.scene, name)
        except PartError as error:
            # What was wrong with its cells may be why.
            why = " ".join(filter(None, (str(error), first_place(data.notes))))
            self._problems.tell(
                f"Could not show {path.name}. {why}", kind="warning", details="\n".join(data.notes)
            )
            return
        self._editor.edit(lambda _: scene)
        surface = self._store.scene.surface
        if getattr(surface, "data", "") != name:
            return  # the scene was locked meanwhile, and that was told
        parts = [f"Opened {path.name}: {_counts(surface, data)}."]
        if type(surface) is not before:
            parts.append(f"The surface is “{surface.title}” now.")
        if data.notes:
            count = "One remark" if len(data.notes) == 1 else f"{len(data.notes)} remarks"
            parts.append(f"{count} in the details.")
        self._problems.tell(" ".join(parts), kind="info", details="\n".join(data.notes))

    def _stop_waiting(self) -> None:
        """Take back what was told of a file under way."""
        bar = self._window.message_bar
        shown = bar.problem
        if self._waited_for and shown is not None and shown.sentence == self._waited_for:
            bar.dismiss()
        self._waited_for = ""


def _counts(surface: Surface, data: DataSet) -> str:
    """Say how many rows there are to look at, and how many of them have all that is needed."""
    columns = "1 column" if len(data.columns) == 1 else f"{len(data.columns)} columns"
    used = rows_used(surface) if isinstance(surface, DataSurface) else data.rows
    if used == data.rows:
        return f"{data.rows:,} examples, {columns}"
    return (
        f"{used:,} examples of {data.rows:,} rows, as the others lack a value that is needed; "
        f"{columns}"
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # whoever reads it tells why
