"""MessageBar: one line that tells what went wrong, and opens to tell more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from optiviz.gui.qt.timers import once
from optiviz.gui.theme.icons import icon_pixmap, show_icon
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.picture import Picture
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.shows import Shows

if TYPE_CHECKING:
    from optiviz.gui.state.problems import Problem, ProblemKind

INFO_SECONDS = 8.0
_MOST = 50
_WEIGHT = {"info": 0, "warning": 1, "error": 2}
_WORD = {"info": "Note", "warning": "Warning", "error": "Error"}


class MessageBar(QFrame, Shows):
    """Shows the gravest of the newest problems; hidden while there is none.

    Infos leave by themselves, warnings and errors stay until they are dismissed.
    """

    def __init__(
        self, parent: QWidget | None = None, *, info_seconds: float = INFO_SECONDS
    ) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFillBackground(True)
        self._look = Look()
        self._problems: list[Problem] = []  # the shown one is the gravest, of these the newest

        self._icon = Picture("message_bar.icon")
        self._sentence = QLabel()
        self._sentence.setObjectName("message_bar.sentence")
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sentence.setWordWrap(True)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._count = QLabel()
        self._count.setObjectName("message_bar.count")
        self._offer_button = QToolButton()
        self._offer_button.setObjectName("message_bar.offer")
        self._offer_button.setAccessibleName("Offer")
        self._offer_button.setProperty("quiet", True)
        self._offer_button.setToolTip("Does what this message offers (Space)")
        self._details_button = QToolButton()
        self._details_button.setObjectName("message_bar.details")
        self._details_button.setText("Details")
        self._details_button.setCheckable(True)
        self._details_button.setProperty("quiet", True)
        self._details_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._details_button.setAccessibleName("Details of this message")
        self._details_button.setToolTip("Shows what helps to find the cause, or hides it (Space)")
        self._dismiss_button = QToolButton()
        self._dismiss_button.setObjectName("message_bar.dismiss")
        self._dismiss_button.setProperty("quiet", True)
        self._dismiss_button.setAccessibleName("Dismiss this message")
        self._dismiss_button.setToolTip("Takes this message away (Esc)")
        self._details = QPlainTextEdit()
        self._details.setObjectName("message_bar.text")
        self._details.setAccessibleName("Details")
        self._details.setToolTip("What helps to find the cause; it can be selected and copied")
        self._details.setReadOnly(True)
        self._details.setTabChangesFocus(True)
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._details.hide()

        self._column = QVBoxLayout(self)
        self._line = put_into(self._column, QHBoxLayout())
        self._line.addWidget(self._icon)
        self._line.addWidget(self._sentence, 1)
        self._line.addWidget(self._count)
        self._line.addWidget(self._offer_button)
        self._line.addWidget(self._details_button)
        self._line.addWidget(self._dismiss_button)
        self._column.addWidget(self._details)

        self._leave = once(self, round(info_seconds * 1000), self.on_time_is_up)
        self._offer_button.clicked.connect(self.on_offer_taken)
        self._details_button.toggled.connect(self.on_details_toggled)
        self._dismiss_button.clicked.connect(self.dismiss)
        self.hide()
        self.show_look(self._look)

    @property
    def problem(self) -> Problem | None:
        """The problem that is shown."""
        if not self._problems:
            return None
        gravest = max(_WEIGHT[problem.kind] for problem in self._problems)
        return next(p for p in reversed(self._problems) if _WEIGHT[p.kind] == gravest)

    def show_problem(self, problem: Problem) -> None:
        """Show a problem; one that is here already only counts on."""
        same = (problem.kind, problem.sentence)
        self._problems = [p for p in self._problems if (p.kind, p.sentence) != same]
        self._problems.append(problem)
        del self._problems[:-_MOST]
        if problem.kind == "info":
            self._leave.start()
        self._refresh()
        if self.problem is problem and problem.count == 1:
            self._announce()

    def dismiss(self) -> None:
        """Take away the shown problem; the next one takes its place."""
        shown = self.problem
        self._problems = [problem for problem in self._problems if problem is not shown]
        self._refresh()

    def show_look(self, look: Look) -> None:
        """Show everything in this theme and scale."""
        self._look = look
        theme = look.theme
        palette = QPalette(self.palette())
        for role, color in (
            (QPalette.ColorRole.Window, theme.card),
            (QPalette.ColorRole.Base, theme.field),
            (QPalette.ColorRole.WindowText, theme.text),
            (QPalette.ColorRole.Text, theme.text),
            (QPalette.ColorRole.ButtonText, theme.text),
        ):
            palette.setColor(role, color)
        self.setPalette(palette)
        buttons = (self._offer_button, self._details_button)
        for widget in (self._sentence, self._count, *buttons, self._details):
            widget.setFont(look.font())
        side = round(look.px(18))
        self._details_button.setIconSize(QSize(side, side))
        self._dismiss_button.setIconSize(QSize(side, side))
        show_icon(self._dismiss_button, "close", theme.text)
        self._dismiss_button.setAutoRaise(True)
        self._offer_button.setAutoRaise(True)
        self._details_button.setAutoRaise(True)
        self._details.setFixedHeight(round(look.px(160)))
        space = round(look.px(8))
        self._line.setSpacing(space)
        self._column.setSpacing(space)
        edge = round(look.px(4))
        self._column.setContentsMargins(round(look.px(12)), edge, space, edge)
        self._refresh()

    def on_offer_taken(self) -> None:
        """Do what is offered; the message has done its part."""
        problem = self.problem
        if problem is not None and problem.offer is not None:
            self._problems = [each for each in self._problems if each is not problem]
            self._refresh()
            problem.offer.act()

    def on_details_toggled(self, opened: bool) -> None:
        """Open or close the details."""
        arrow = "chevron_down" if opened else "chevron_right"
        show_icon(self._details_button, arrow, self._look.theme.text)
        self._details.setVisible(opened)
        self.updateGeometry()

    def on_time_is_up(self) -> None:
        """Let the infos leave."""
        self._problems = [problem for problem in self._problems if problem.kind != "info"]
        self._refresh()

    def _refresh(self) -> None:
        problem = self.problem
        if problem is None:
            self._leave.stop()
            self._details_button.setChecked(False)
            self.hide()
            return
        if self.property("message") != problem.kind:
            self.setProperty("message", problem.kind)
            self.style().unpolish(self)  # the style sheet looks at a property only when polishing
            self.style().polish(self)
        color = self._color(problem.kind)
        side, kind = round(self._look.px(18)), problem.kind
        self._icon.show_picture(lambda dpr: icon_pixmap(kind, color, side, dpr), side)
        self._icon.setAccessibleName(_WORD[problem.kind])
        self._sentence.setText(problem.sentence)
        self._count.setText(self._counted(problem))
        self._count.setVisible(bool(self._count.text()))
        offer = problem.offer
        self._offer_button.setText(offer.title if offer is not None else "")
        self._offer_button.setAccessibleName(self._offer_button.text() or "Offer")
        self._offer_button.setVisible(offer is not None)
        self._details_button.setVisible(bool(problem.details))
        if not problem.details:
            self._details_button.setChecked(False)
        if self._details.toPlainText() != problem.details:
            self._details.setPlainText(problem.details)
        self.on_details_toggled(self._details_button.isChecked())
        self.setAccessibleName(f"{_WORD[problem.kind]}: {problem.sentence}")
        self.setAccessibleDescription(self._count.text())
        self.show()
        self.updateGeometry()

    def _counted(self, problem: Problem) -> str:
        several = len(self._problems)
        times = f"{problem.count} times" if problem.count > 1 else ""
        others = f"and {several - 1} more" if several > 1 else ""
        return ", ".join(part for part in (times, others) if part)

    def _color(self, kind: ProblemKind) -> str:
        theme = self._look.theme
        return {"info": theme.accent, "warning": theme.warning, "error": theme.error}[kind]

    def _announce(self) -> None:
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._problems:
            self.dismiss()
            return
        super().keyPressEvent(event)
