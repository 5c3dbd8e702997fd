"""The import panel: opened over a table on the stage, whose fit follows each choice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from optiviz.gui.qt.timers import once
from optiviz.tables import ChoiceError, Choices
from optiviz.tables.choices import marks_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.gui.controllers.editor import Editor
    from optiviz.gui.panels.table_import import ImportPanel
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Scene
    from optiviz.tables import Table

#: All that is chosen while the panel is open is undone as one.
GESTURE = "import"


class TableImport(QObject):
    """Opens and closes the panel, and turns what is chosen there into another reading.

    The panel is made when it is first opened. It closes by itself where its table leaves the stage,
    by undo or since another scene was opened.
    """

    def __init__(
        self,
        editor: Editor,
        window: MainWindow,
        store: SceneStore,
        read: Callable[[Choices], object],
    ) -> None:
        """``read(choices)`` reads the table on the stage anew."""
        super().__init__(window)
        self._editor, self._window, self._store, self._read = editor, window, store, read
        self._panel: ImportPanel | None = None
        self._chosen = Choices()
        self._table: Table | None = None
        self._before: Scene | None = None
        # Once what there is to see has been laid out.
        self._reveal = once(self, 0, self._reveal_fit)
        self._names: set[str] = set()  # of the data sets that this table was read as

    @property
    def is_open(self) -> bool:
        """Whether somebody looks at how the table is read."""
        return self._before is not None

    def open(self, chosen: Choices, table: Table) -> None:
        """Show how the table on the stage was read; the first time, open the panel."""
        panel = self._made()
        self._chosen, self._table = chosen, table
        panel.show_table(table, chosen)
        if not self.is_open:
            self._before = self._store.scene_before_gesture or self._store.scene
            self._names.add(getattr(self._store.scene.surface, "data", ""))
            panel.open()
            self._reveal.start()

    def show_refusal(self, chosen: Choices, sentence: str) -> None:
        """Say why the table cannot be read like this; what was chosen stays to be seen."""
        self._chosen = chosen
        if self._panel is not None:
            self._panel.show_refusal(sentence)

    def expect(self, name: str) -> None:
        """Take note that the table comes as another data set now."""
        self._names.add(name)

    def follow(self, name: str) -> None:
        """Close where another data set than this table's is on the stage."""
        if self.is_open and name not in self._names:
            self._close()

    def keep(self) -> None:
        """Close the panel and keep what is on the stage, in one step of the history."""
        if self.is_open:
            if self._store.gesture == GESTURE:
                self._editor.finish_gesture()
            self._close()

    def cancel(self) -> None:
        """Close the panel and put back what was there before."""
        before = self._before
        if before is None:
            return
        self._close()
        self._editor.edit(lambda _: before, gesture=GESTURE)
        self._editor.finish_gesture()

    def on_choice_wished(self, name: str, value: Any) -> None:
        """Read the table in another way; what cannot be is told in the panel."""
        value = marks_of(value) if name == "missing" else value
        wanted = replace(self._chosen, **{name: value})
        told = {each: getattr(wanted, each) for each in Choices.__dataclass_fields__}
        try:
            chosen = Choices.of(**told)
        except ChoiceError as error:
            self.show_refusal(wanted, str(error))
            return
        self._chosen = chosen
        self._editor.unless_locked(lambda: self._read(chosen))

    def on_mark_wished(self, mark: str) -> None:
        """Take a number for a missing value."""
        marks = ", ".join((*self._chosen.missing, mark))
        self.on_choice_wished("missing", marks)

    def _made(self) -> ImportPanel:
        if self._panel is None:
            # Only here: a start does without.
            from optiviz.gui.panels.table_import import ImportPanel
            from optiviz.gui.window.left_sheet import LeftSheet

            panel = self._panel = ImportPanel()
            sheet = LeftSheet(panel, self._window.racers)
            for part in (panel, sheet):
                self._window.add_part(part)
            panel.choice_wished.connect(self.on_choice_wished)
            panel.mark_wished.connect(self.on_mark_wished)
            panel.done_wished.connect(self.keep)
            panel.cancel_wished.connect(self.cancel)
        return self._panel

    def _reveal_fit(self) -> None:
        """Bring the picture of the data into sight: it shows best what a choice does."""
        self._window.instruments.reveal("data")

    def _close(self) -> None:
        self._before = None
        self._names.clear()
        if self._panel is not None:
            self._panel.hide()
            self._window.stages.front.setFocus(Qt.FocusReason.OtherFocusReason)
