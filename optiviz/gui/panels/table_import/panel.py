"""ImportPanel: what was guessed about a table, each guess open to choice, and the remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from optiviz.engine import PartError
from optiviz.gui.panels.table_import.preview import Preview
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.compact_chooser import CompactChooser
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.shows import Shows
from optiviz.gui.widgets.text_field import TextField
from optiviz.tables import ChoiceError, Choices
from optiviz.tables.choices import DECIMALS, ENCODINGS, HEADERS, SEPARATORS, THOUSANDS, marks_of

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from optiviz.tables import Table
    from optiviz.tables.columns import Question

_SIGNS = {
    "decimal": {".": "point, 1.5", ",": "comma, 1,5"},
    "thousands": {"": "not grouped", ",": "comma, 1,000", ".": "point, 1.000", " ": "space, 1 000",
                  "'": "apostrophe, 1'000"},
}  # fmt: skip
_LISTS: dict[str, tuple[str, dict[Any, str], str]] = {
    "separator": ("Separator", SEPARATORS, "what stands between the values"),
    "decimal": ("Decimal sign", DECIMALS, "the sign before the decimals of a number"),
    "thousands": ("Thousands", THOUSANDS, "what groups the thousands of a number"),
    "header": ("Header", HEADERS, "what the rows above the values hold"),
    "encoding": ("Encoding", ENCODINGS, "how the letters are written in the file"),
}


class ImportPanel(QFrame, Shows):
    """A sheet with a preview, a chooser for each guess, and the remarks.

    Signals: ``choice_wished(name, value)``, ``None`` is to guess; ``mark_wished(mark)``: this
    number stands for a missing value; ``done_wished()``; ``cancel_wished()``.
    """

    choice_wished = Signal(str, object)
    mark_wished = Signal(str)
    done_wished = Signal()
    cancel_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_panel")
        self.setAccessibleName("How the table is read")
        self.setProperty("card", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFillBackground(True)
        self._look = Look()
        self._declined: set[tuple[str, str]] = set()
        self._asked: Question | None = None
        self._heading = QLabel(self)
        self._heading.setObjectName("import.heading")
        self._counts = QLabel(self)
        self._counts.setObjectName("import.counts")
        self._counts.setProperty("muted", True)
        self.preview = Preview(self)
        self._choosers: dict[str, CompactChooser] = {}
        self._labels: dict[str, QLabel] = {}
        for name, (title, _, about) in _LISTS.items():
            chooser = self._choosers[name] = CompactChooser(f"import.{name}", title, self)
            chooser.setToolTip(f"Chooses {about} (Space opens the list, arrow keys go through it)")
            # The name travels as a default argument: the loop's variable moves on.
            chooser.activated.connect(lambda index, name=name: self.on_chosen(name, index))
            self._label(name, title, chooser)
        self._missing = TextField("import.missing", "Missing values", self)
        self._missing.setPlaceholderText("such as -999, none")
        self._missing.setToolTip(
            "What stands for a missing value beside the usual marks; several with commas (Enter)"
        )
        self._missing.text_typed.connect(lambda text: self.choice_wished.emit("missing", text))
        self._label("missing", "Also missing", self._missing)
        self._question = QLabel(self)
        self._question.setObjectName("import.question")
        self._question.setWordWrap(True)
        self._yes = self._button("import.yes", "Yes, missing", "Reads this number as missing")
        self._no = self._button("import.no", "No, a number", "Leaves it a number, and asks no more")
        self._yes.clicked.connect(self.on_yes)
        self._no.clicked.connect(self.on_no)
        self._remarks = QPlainTextEdit(self)
        self._remarks.setObjectName("import.remarks")
        self._remarks.setAccessibleName("What there is to say of this reading")
        self._remarks.setToolTip("What was guessed, left out, or could be read in another way")
        self._remarks.setReadOnly(True)
        self._remarks.setTabChangesFocus(True)
        self._cancel = self._button("import.cancel", "Cancel", "Puts back what was there (Esc)")
        self._done = self._button("import.done", "Keep", "Keeps the table as it is read now")
        self._done.setProperty("primary", True)
        self._cancel.clicked.connect(lambda: self.cancel_wished.emit())
        self._done.clicked.connect(lambda: self.done_wished.emit())
        self._lay_out()
        self.hide()

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _label(self, name: str, title: str, editor: QWidget) -> None:
        label = self._labels[name] = QLabel(title, self)
        label.setProperty("muted", True)
        label.setBuddy(editor)

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._heading)
        self._column.addWidget(self._counts)
        self._column.addWidget(self.preview, 3)
        self._grid = put_into(self._column, QGridLayout())
        editors = {**self._choosers, "missing": self._missing}
        for number, (name, editor) in enumerate(editors.items()):
            line, side = 2 * (number // 2), number % 2
            self._grid.addWidget(self._labels[name], line, side)
            self._grid.addWidget(editor, line + 1, side)
        for side in (0, 1):
            self._grid.setColumnStretch(side, 1)
        self._column.addWidget(self._question)
        self._answers = put_into(self._column, QHBoxLayout())
        self._answers.addWidget(self._yes)
        self._answers.addWidget(self._no)
        self._answers.addStretch(1)
        self._column.addWidget(self._remarks, 2)
        self._ends = put_into(self._column, QHBoxLayout())
        self._ends.addStretch(1)
        self._ends.addWidget(self._cancel)
        self._ends.addWidget(self._done)

    def show_table(self, table: Table, chosen: Choices) -> None:
        """Show a table as it was read; ``chosen`` is what was not left to be guessed."""
        self._heading.setText(f"How {table.file} is read")
        columns = "1 column" if len(table.parts) == 1 else f"{len(table.parts)} columns"
        self._counts.setText(f"{table.rows_seen:,} rows, {columns}")
        self.preview.show_table(table)
        for name in self._choosers:
            self._show_choice(name, getattr(table.choices, name), getattr(chosen, name))
        self._missing.show_value(", ".join(chosen.missing), _check_marks)
        remarks = table.notes or ("Nothing was left out, and nothing is doubtful.",)
        self._tell(remarks, is_refusal=False)
        self._ask(table.questions)

    def show_refusal(self, sentence: str) -> None:
        """Say why the table cannot be read as it was chosen; what was read before stays."""
        self._tell((sentence, "What was read before is still shown."), is_refusal=True)

    def show_locked(self, locked: bool) -> None:
        """Keep the scene from accidents."""
        for widget in (*self._choosers.values(), self._missing, self._yes, self._cancel):
            widget.setEnabled(not locked)

    def show_look(self, look: Look) -> None:
        """Show everything in this theme and scale."""
        self._look = look
        px = look.px
        edge = round(px(14))
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(round(px(8)))
        self._grid.setHorizontalSpacing(round(px(12)))
        self._grid.setVerticalSpacing(round(px(4)))
        for label in self.findChildren(QLabel):
            label.setFont(look.font(0.93))
        self._heading.setFont(look.font(1.15, bold=True))
        for widget in (*self._choosers.values(), self._missing, self._remarks):
            widget.setFont(look.font(0.93))
        for button in (self._yes, self._no, self._cancel, self._done):
            button.setFont(look.font())
            button.setMinimumHeight(round(px(28)))
        self._done.setMinimumWidth(round(px(84)))
        self.preview.setMinimumHeight(round(px(112)))
        self._remarks.setMinimumHeight(round(px(64)))
        self.preview.show_look(look)

    def open(self) -> None:
        """Show the sheet, with the focus on its first chooser; a question is asked anew."""
        self._declined.clear()
        self.show()
        self.raise_()
        first = self._yes if self._asked is not None else self._choosers["separator"]
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def on_chosen(self, name: str, index: int) -> None:
        """Wish for another reading."""
        self.choice_wished.emit(name, self._choosers[name].itemData(index))

    def on_yes(self) -> None:
        """Take a number for a missing value."""
        if self._asked is not None:
            self.mark_wished.emit(self._asked.mark)

    def on_no(self) -> None:
        """Leave it a number."""
        if self._asked is not None:
            self._declined.add((self._asked.column, self._asked.mark))
            self._ask(())

    def _show_choice(self, name: str, used: Any, chosen: Any) -> None:
        chooser, (_, known, _) = self._choosers[name], _LISTS[name]
        words = {**known, **_SIGNS.get(name, {})}
        words.setdefault(used, str(used))
        blocked = chooser.blockSignals(True)
        chooser.clear()
        chooser.addItem(f"{words[used]} (guessed)" if chosen is None else "guess", None)
        for value, word in words.items():
            chooser.addItem(word, value)
        chooser.setCurrentIndex(0 if chosen is None else [*words].index(used) + 1)
        chooser.blockSignals(blocked)

    def _ask(self, questions: tuple[Question, ...]) -> None:
        """Ask about the first number that may stand for a missing value, or about nothing."""
        left = [each for each in questions if (each.column, each.mark) not in self._declined]
        asked = self._asked = left[0] if left else None
        if asked is None and (self._yes.hasFocus() or self._no.hasFocus()):
            self._done.setFocus(Qt.FocusReason.OtherFocusReason)
        for widget in (self._question, self._yes, self._no):
            widget.setVisible(asked is not None)
        if asked is not None:
            self._question.setText(
                f"In “{asked.column}”, does {asked.mark} mean that a value is missing?"
            )

    def _tell(self, sentences: tuple[str, ...], *, is_refusal: bool) -> None:
        self._remarks.setPlainText("\n".join(f"• {sentence}" for sentence in sentences))
        if self._remarks.property("invalid") != is_refusal:
            self._remarks.setProperty("invalid", is_refusal)
            self._remarks.style().unpolish(self._remarks)
            self._remarks.style().polish(self._remarks)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel_wished.emit()
        else:
            super().keyPressEvent(event)


def _check_marks(text: str) -> None:
    """Check marks of missing values as they are typed; none is well."""
    try:
        Choices.of(missing=marks_of(text))
    except ChoiceError as error:
        raise PartError("missing", str(error)) from None
