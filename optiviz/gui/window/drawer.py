"""Where a panel has no room beside the stage: a tab at the edge slides it over the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QObject, QPoint, QPropertyAnimation, QRect, Signal

from optiviz.gui.panels.buttons import SideTab
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.shows import Shows

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QBoxLayout, QWidget

_SLIDE_MS = 160
_ANY_HEIGHT = 16_777_215


class Drawer(QObject, Shows):
    """Keeps a panel in its row, or in a drawer whose handle is the tab.

    Signal: ``slid()``, the panel has come or gone.
    """

    slid = Signal()

    def __init__(
        self, panel: QWidget, row: QBoxLayout, over: QWidget, stage: Callable[[], QRect]
    ) -> None:
        """``over`` holds the panel while it is in the drawer; ``stage()`` is where that opens."""
        super().__init__(over)
        self._panel, self._row, self._over, self._stage = panel, row, over, stage
        self._look = Look()
        self._used = False
        self.tab = SideTab("instruments_tab", "Instruments", over)
        self.tab.setToolTip("Slides the instruments over the stage, or away")
        self.tab.hide()
        self.tab.toggled.connect(self.on_toggled)
        self._slide = QPropertyAnimation(panel, b"pos", self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.finished.connect(self._on_slid)
        self._slide.valueChanged.connect(self._place_tab)

    def show_look(self, look: Look) -> None:
        """Show the tab in this theme and scale."""
        self._look = look
        self.tab.setFont(look.font())

    def show_used(self, used: bool) -> None:
        """Put the panel into the drawer, or back into its row."""
        if used == self._used:
            return
        self._used = used
        if used:
            self._row.removeWidget(self._panel)
            self._panel.setParent(self._over)
            self._panel.hide()
        else:
            self._slide.stop()
            self._panel.setMinimumHeight(0)
            self._panel.setMaximumHeight(_ANY_HEIGHT)
            self._row.addWidget(self._panel)
            self._panel.show()
        self.tab.setVisible(used)
        self.tab.setChecked(False)

    def open(self) -> None:
        """Slide the panel over the stage, if it is away."""
        if self._used:
            self.tab.setChecked(True)

    def place(self) -> None:
        """Put panel and tab where they belong, now that the stage has its size."""
        if not self._used:
            return
        if self._slide.state() != QPropertyAnimation.State.Running:
            hidden, shown = self._ends()
            self._panel.move(shown if self.tab.isChecked() else hidden)
        self._place_tab()

    def on_toggled(self, out: bool) -> None:
        """Slide the panel over the stage, or away."""
        if not self._used:
            return
        hidden, shown = self._ends()
        self._slide.stop()
        self._panel.show()
        self._panel.raise_()
        self.tab.raise_()
        self._slide.setDuration(0 if self._look.reduced_motion else _SLIDE_MS)
        self._slide.setEndValue(shown if out else hidden)
        self._slide.start()

    def _on_slid(self) -> None:
        if self._used:
            self._panel.setVisible(self.tab.isChecked())
        self.slid.emit()

    def _ends(self) -> tuple[QPoint, QPoint]:
        stage = self._stage()
        self._panel.setFixedHeight(stage.height())
        return (
            QPoint(stage.right() + 1, stage.top()),
            QPoint(stage.right() + 1 - self._panel.width(), stage.top()),
        )

    def _place_tab(self) -> None:
        """Keep the tab at the edge of the panel, wherever that has slid."""
        size = self.tab.sizeHint()
        stage = self._stage()
        # Below the scale of heights, above the readout.
        top = stage.top() + round(0.7 * stage.height()) - size.height() // 2
        left = self._panel.x() - size.width()
        self.tab.setGeometry(left, top, size.width(), size.height())
        self.tab.raise_()
