"""The line above the loss curves: what they show, and on which axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from optiviz.gui.words.numbers import format_loss, is_zero

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look


class CurvesHeader(QWidget):
    """A title, and a button with what can be chosen of axes and curves.

    Signals: ``log_wished(log)``, ``test_wished(on)``.
    """

    log_wished = Signal(bool)
    test_wished = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log = True
        self._title = QLabel("Loss", self)
        self._title.setObjectName("curves_view.title")
        self._title.setProperty("heading", True)
        self._legend = QLabel("—\N{EN SPACE}train\N{EM SPACE}···\N{EN SPACE}test", self)
        self._legend.setObjectName("curves_view.legend")
        self._legend.setToolTip(
            "Whole lines and dashes: the loss of the train examples. Thin dots: that of the test "
            "examples, on a logarithmic axis above its own least one"
        )
        self._legend.hide()
        self._button = QToolButton(self)
        self._button.setObjectName("curves_view.scale")
        self._button.setProperty("quiet", True)
        self._button.setAutoRaise(True)
        self._button.setAccessibleName("Loss axis")
        self._button.setToolTip("Choose a logarithmic or a linear loss axis (Space)")
        self._button.clicked.connect(self.on_pressed)
        self._menu = QMenu(self)
        self._menu.setObjectName("curves_view.scale.menu")
        group = QActionGroup(self)
        self._logarithmic = QAction("Logarithmic", group)
        self._linear = QAction("Linear", group)
        for action in group.actions():
            action.setCheckable(True)
        self._menu.addActions(group.actions())
        group.triggered.connect(self.on_chosen)
        self._menu.addSeparator()
        self._test = self._menu.addAction("Test loss")
        self._test.setObjectName("curves_view.test")
        self._test.setCheckable(True)
        self._test.setVisible(False)
        self._test.triggered.connect(self.test_wished)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._row.addWidget(self._title, 1)
        self._row.addWidget(self._legend)
        self._row.addWidget(self._button)
        self.show_log(True)

    def show_log(self, log: bool) -> None:
        """Show which axis is drawn."""
        self._log = log
        self._logarithmic.setChecked(log)
        self._linear.setChecked(not log)
        self._button.setText("log ▾" if log else "linear ▾")

    def show_least(self, least: float) -> None:
        """Show what the curves are of: the loss, or how far it is above the least one."""
        above = not is_zero(least)
        self._title.setText("Loss above its least" if above else "Loss")
        tip = f"How far the loss is above the least one in the window, {format_loss(least)}"
        self._title.setToolTip(tip if above else "")

    def show_test(self, there: bool, *, on: bool) -> None:
        """Show whether there are test losses, and whether they are drawn."""
        self._test.setVisible(there)
        self._test.setChecked(on)
        self._legend.setVisible(there and on)

    def show_look(self, look: Look) -> None:
        """Show everything in this theme and scale."""
        self._title.setFont(look.font(bold=True))
        self._legend.setFont(look.font())
        self._button.setFont(look.font())
        self._menu.setFont(look.font())
        for widget in (self._title, self._legend, self._button):
            palette = widget.palette()
            palette.setColor(widget.foregroundRole(), QColor(look.theme.muted))
            widget.setPalette(palette)
        edge = round(look.px(6))
        self._row.setContentsMargins(2 * edge, edge, edge, 0)

    def on_pressed(self) -> None:
        """Open the list of axes below its button."""
        self._menu.popup(self._button.mapToGlobal(self._button.rect().bottomLeft()))

    def on_chosen(self, action: QAction) -> None:
        """Wish for the axis that was chosen; it changes when it is shown."""
        log = action is self._logarithmic
        changed = log != self._log
        self.show_log(self._log)
        if changed:
            self.log_wished.emit(log)
