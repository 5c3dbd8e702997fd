"""One move of a hand on a handle, from the mouse event to the painted paths."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from optiviz.engine import Race
    from optiviz.gui.app import Parts


# Sleep between events, as the real event loop does, and leave Python's lock to the worker.
_WAIT = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents


class _Paints(QObject):
    """Counts the paint events of a widget."""

    def __init__(self, widget: QObject) -> None:
        super().__init__()
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


class Hand:
    """Drags the start of a window's race about, and waits for what a person would see."""

    def __init__(
        self, parts: Parts, widget: QWidget | None = None, at: QPointF | None = None
    ) -> None:
        """``at``: a handle elsewhere than on the stage, on a widget that changes the race."""
        self._parts = parts
        stage = parts.window.contour
        self._widget = stage if widget is None else widget
        self._paints = _Paints(stage.stage.viewport())
        self._shown: object = None  # the race whose paths are on the stage, be it a sketch
        self._before = 0  # how often the stage had been painted when they came
        self._show_race, stage.show_race = stage.show_race, self._on_race
        self._at = stage.pixel_of(*parts.store.scene.start) if at is None else at
        self._send(QEvent.Type.MouseButtonPress, self._at)

    def _on_race(self, race: Race) -> None:
        self._show_race(race)
        self._shown, self._before = race.spec, self._paints.count

    def move(self, dx: float, dy: float) -> float:
        """Move by some pixels; gives the seconds until the paths from there are painted.

        Where losses come later than paths, the next move waits for them, uncounted.
        """
        self._at = QPointF(self._at.x() + dx, self._at.y() + dy)
        began = time.perf_counter()
        self._send(QEvent.Type.MouseMove, self._at)
        wanted = self._parts.store.scene.race_spec()
        while self._shown != wanted:
            QApplication.processEvents(_WAIT)
        while self._paints.count == self._before:
            QApplication.processEvents(_WAIT)
        taken = time.perf_counter() - began
        while self._parts.window.race.spec != wanted:
            QApplication.processEvents(_WAIT)
        QApplication.processEvents()
        return taken

    def release(self) -> None:
        """Let go."""
        self._send(QEvent.Type.MouseButtonRelease, self._at)

    def _send(self, kind: QEvent.Type, at: QPointF) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        button = none if kind == QEvent.Type.MouseMove else left
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        place = QPointF(self._widget.mapToGlobal(at))
        event = QMouseEvent(kind, at, place, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self._widget, event)
