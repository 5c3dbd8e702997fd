"""Snapshots at the cycles' ends, in a list, and what they are worth together."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from optiviz.gui.theme.palette import Look
from optiviz.gui.words.numbers import format_loss

if TYPE_CHECKING:
    from optiviz.engine.snapshots import Snapshots

_LINES = 4  # of the list that are seen at once
_MOST = 200
NONE_YET = "No cycle has ended in this race."


class SnapshotList(QWidget):
    """Shows a racer's snapshots; hidden where its schedule has no cycles."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("schedule_snapshots")
        self._look = Look()
        self._snapshots: Snapshots | None = None
        self._title = QLabel("Snapshots at the cycles' ends", self)
        self._title.setProperty("heading", True)
        self._rows = QLabel(self)
        self._rows.setObjectName("schedule_snapshots.rows")
        self._rows.setAccessibleName("Snapshots")
        self._rows.setTextFormat(Qt.TextFormat.RichText)
        self._rows.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("schedule_snapshots.scroll")
        self._scroll.setAccessibleName("Snapshots, step by step")
        self._scroll.setToolTip(
            "Step, loss and test loss at each cycle's end; on the stage they have these numbers"
        )
        self._scroll.setWidget(self._rows)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._ensemble = QLabel(self)
        self._ensemble.setObjectName("schedule_ensemble")
        self._ensemble.setWordWrap(True)
        self._ensemble.setToolTip(
            "The test loss of the mean of all snapshots' outputs, and the least of a single one's"
        )
        self._ensemble.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._ensemble.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._title, self._scroll, self._ensemble):
            self._column.addWidget(widget)
        self.hide()

    @property
    def snapshots(self) -> Snapshots | None:
        """What is listed."""
        return self._snapshots

    def show_snapshots(self, snapshots: Snapshots | None) -> None:
        """List these snapshots; ``None``: there are no cycles."""
        self._snapshots = snapshots
        self.setVisible(snapshots is not None)
        if snapshots is None:
            return
        self._rows.setText(_table(snapshots) if snapshots.shots else NONE_YET)
        self._ensemble.setText(snapshots.sentence)
        self._ensemble.setVisible(bool(snapshots.sentence))

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._look = look
        self._column.setSpacing(round(look.px(2)))
        self._title.setFont(look.font(0.95, bold=True))
        self._rows.setFont(look.font(0.92))
        self._ensemble.setFont(look.font(0.92))
        spacing = self._rows.fontMetrics().lineSpacing()
        self._scroll.setFixedHeight((_LINES + 1) * (spacing + round(look.px(2))))
        self._ensemble.setFixedHeight(2 * self._ensemble.fontMetrics().lineSpacing())


def _table(snapshots: Snapshots) -> str:
    tested = snapshots.ensemble is not None
    head = ("", "step", "loss", *(("test loss",) if tested else ()))
    rows = [head]
    for number, shot in enumerate(snapshots.shots[:_MOST], start=1):
        test = (format_loss(shot.test_loss),) if tested and shot.test_loss is not None else ()
        rows.append((f"{number}", f"{shot.step}", format_loss(shot.loss), *test))
    left = len(snapshots.shots) - _MOST
    if left > 0:
        rows.append((f"… {left} more",))
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f'<table cellspacing="0" cellpadding="1">{lines}</table>'


def _cell(text: str) -> str:
    return f'<td align="right" style="padding-right:14px">{html.escape(text)}</td>'
