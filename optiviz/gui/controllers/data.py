"""Data onto the stage: choosing a data set or its columns, and opening a table of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDir, Signal
from PySide6.QtWidgets import QFileDialog

from optiviz.engine import PartError, datasets
from optiviz.engine.surfaces.data import DataSurface
from optiviz.gui.compute.ask import Ask
from optiviz.gui.controllers.companion import Companion
from optiviz.gui.controllers.table_import import GESTURE, TableImport
from optiviz.gui.drawing.stage_formula import own_title
from optiviz.gui.state.problems import Offer
from optiviz.gui.views.data import DataView
from optiviz.scene import data as scene_data
from optiviz.scene.data import rows_used
from optiviz.tables import Choices, Table, TableFileError, read
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
    from optiviz.scene import Scene

_FILTER = f"Tables ({' '.join('*' + suffix for suffix in SUFFIXES)});;All files (*)"
_LARGE = 4_000_000  # bytes; reading fewer takes no time that anybody notices


@dataclass(frozen=True)
class Source:
    """A table's file, and what was chosen about it; the rest is guessed."""

    path: Path
    chosen: Choices


@dataclass(frozen=True, eq=False)
class Reading:
    """What came of reading a table."""

    table: Table
    data: DataSet


def _read_job(
    source: Source, cancelled: Callable[[], bool], _report: Any
) -> Reading | TableFileError:
    """Read a table; that it is none is a result like another, and no fault of ours."""
    chosen = {name: getattr(source.chosen, name) for name in Choices.__dataclass_fields__}
    try:
        table = read(source.path, cancelled=cancelled, **chosen)
        return Reading(table, table.data_set())
    except TableFileError as error:
        return error


class DataController(Companion):
    """Carries out what the data panel wishes for. Tables are read in the worker.

    Signal: ``named(title)``: the user's data that are on the stage; nothing if there are none.
    """

    named = Signal(str)

    def __init__(
        self,
        editor: Editor,
        window: MainWindow,
        store: SceneStore,
        compute: LatestWins,
        problems: Problems,
    ) -> None:
        super().__init__(window, store)
        self._editor = editor
        self._problems = problems
        self._folder = Path(QDir.homePath())
        self._waited_for = ""  # the sentence that tells of a large file under way
        self._sources: dict[str, tuple[Source, Table]] = {}  # by the names of data sets
        self.title = ""
        view = window.view(DataView)
        view.data_wished.connect(lambda name: editor.edit(scene_data.choose_data, name))
        view.column_wished.connect(
            lambda knob, column: editor.edit(scene_data.choose_column, knob, column)
        )
        view.open_wished.connect(self.ask_open)
        view.reread_wished.connect(self.change_reading)
        self._import = TableImport(editor, window, store, self._read_again)
        self._reading: Ask[Source, Reading | TableFileError] = Ask(
            compute, "data", _read_job, arrived=self.on_read
        )

    def ask_open(self) -> None:
        """Ask which table to open."""
        self._editor.unless_locked(self._ask)

    def open(self, path: Path) -> None:
        """Open a table, unless the scene is locked; what it holds is shown once it is read."""
        self._editor.unless_locked(lambda: self._read(path))

    def change_reading(self) -> None:
        """Open the panel that tells how the table on the stage was read, and changes it."""
        known = self._sources.get(getattr(self._store.scene.surface, "data", ""))
        if known is not None:
            source, table = known
            self._editor.unless_locked(lambda: self._import.open(source.chosen, table))

    def show_scene(self, old: Scene, new: Scene) -> None:
        """Tell whose data are on the stage."""
        name, title = getattr(new.surface, "data", ""), own_title(new.surface)
        if title != self.title:
            self.title = title
            self.named.emit(title)
        self._import.follow(name)
        if self._import.is_open and name in self._sources:
            source, table = self._sources[name]
            self._import.open(source.chosen, table)

    def on_read(self, source: Source, result: Reading | TableFileError) -> None:
        """Take a table that was read."""
        self._stop_waiting()
        again = self._import.is_open
        if isinstance(result, TableFileError):
            if again:
                self._import.show_refusal(source.chosen, str(result))
            else:
                self._problems.tell(str(result), kind="warning")
        else:
            self._show(source, result, again=again)

    def _ask(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self._window, "Open data", str(self._folder), _FILTER)
        if name:
            self._read(Path(name))

    def _read(self, path: Path) -> None:
        self._import.keep()
        self._folder = path.parent
        self._want(Source(path, Choices()))

    def _read_again(self, chosen: Choices) -> None:
        """Read the table on the stage in another way."""
        known = self._sources.get(getattr(self._store.scene.surface, "data", ""))
        if known is not None:
            self._want(Source(known[0].path, chosen))

    def _want(self, source: Source) -> None:
        self._stop_waiting()
        if _size(source.path) >= _LARGE:
            self._waited_for = f"Reading {source.path.name}; everything else goes on meanwhile."
            self._problems.tell(self._waited_for, kind="info")
        self._reading.stop()  # the file may be another one by now
        self._reading.want(source)

    def _show(self, source: Source, reading: Reading, *, again: bool) -> None:
        data, table = reading.data, reading.table
        name = datasets.keep(data)
        before = type(self._store.scene.surface)
        show = scene_data.show_again if again else scene_data.show_data
        try:
            scene = show(self._store.scene, name)
        except PartError as error:
            # What was wrong with its cells may be why.
            why = " ".join(filter(None, (str(error), first_place(data.notes))))
            if again:
                self._import.show_refusal(source.chosen, why)
                return
            self._problems.tell(
                f"Could not show {table.file}. {why}", kind="warning", details="\n".join(data.notes)
            )
            return
        self._sources[name] = source, table
        self._window.view(DataView).show_readable(frozenset(self._sources))
        asks = again or bool(table.questions)
        self._import.expect(name)
        self._editor.edit(lambda _: scene, gesture=GESTURE if asks else None)
        surface = self._store.scene.surface
        if getattr(surface, "data", "") != name:
            return  # the scene was locked meanwhile, and that was told
        self._store.mark_opened()
        if asks:
            self._import.open(source.chosen, table)
        if not again:
            self._tell_opened(table, data, surface, before)

    def _tell_opened(
        self, table: Table, data: DataSet, surface: Surface, before: type[Surface]
    ) -> None:
        parts = [f"Opened {table.file}: {_counts(surface, data)}."]
        if type(surface) is not before:
            parts.append(f"The surface is “{surface.title}” now.")
        if data.notes:
            count = "One remark" if len(data.notes) == 1 else f"{len(data.notes)} remarks"
            parts.append(f"{count} in the details.")
        offer = None if self._import.is_open else Offer("How it was read", self.change_reading)
        self._problems.tell(
            " ".join(parts), kind="info", details="\n".join(data.notes), offer=offer
        )

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
