"""A hand that tries what the lock keeps from it is told so, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from optiviz.gui.controllers.companion import Companion
from optiviz.gui.qt.timers import once

if TYPE_CHECKING:
    from optiviz.gui.controllers.editor import Editor
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.views.stage_view import StageView
    from optiviz.gui.window.main_window import MainWindow

_QUIET_MS = 8000  # after it was told: whoever clicks on has read it, or is about to


def _is_off(widget: QWidget) -> bool:
    """Whether a control, or what holds some, is disabled itself; a label only looks so."""
    parent = widget.parentWidget()
    return parent is not None and not widget.isEnabledTo(parent) and not isinstance(widget, QLabel)


class LockedTries(Companion):
    """Sees presses on what the lock has disabled.

    A disabled button eats its presses, and other widgets hand theirs on to whoever holds them, so
    they are looked for where all events pass; only while the scene is locked.
    """

    def __init__(self, editor: Editor, window: MainWindow, store: SceneStore) -> None:
        super().__init__(window, store)
        self._editor = editor
        self._locked = False
        self._off_before: set[str] = set()  # by object name: disabled for another reason
        self._quiet = once(self, _QUIET_MS, self._forget)
        # Before the window shows the lock, since it looks at what is enabled until then.
        editor.locked_changed.connect(self.on_locked_changed)

    def connect_stage(self, view: StageView) -> None:
        view.locked_start_tried.connect(self.on_tried)

    def on_locked_changed(self, locked: bool) -> None:
        """Remember what cannot be used anyway."""
        if locked and not self._locked:
            widgets = self._window.findChildren(QWidget)
            self._off_before = {each.objectName() for each in widgets if _is_off(each)} - {""}
        if locked != self._locked:
            self._locked = locked
            self._quiet.stop()
            application = cast("QApplication", QApplication.instance())
            if locked:
                application.installEventFilter(self)
            else:
                application.removeEventFilter(self)

    def on_tried(self) -> None:
        """Say that the scene is locked, unless that was said a moment ago."""
        if not self._quiet.isActive():
            self._quiet.start()
            self._editor.tell_locked()

    def _forget(self) -> None:
        """Nothing: from now on it is told again."""

    def _is_locked(self, pressed: QWidget) -> bool:
        widget: QWidget | None = pressed
        while widget is not None and widget is not self._window:
            if _is_off(widget):
                return widget.objectName() not in self._off_before
            widget = widget.parentWidget()
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.MouseButtonPress
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
            and isinstance(watched, QWidget)
            and self._is_locked(watched)
        ):
            self.on_tried()
        return False
