"""The editor: changes the scene, unless it is locked, and tells why where it may not be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from optiviz.engine import PartError
from optiviz.gui.commands.actions import shown_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.gui.state.problems import Problems
    from optiviz.gui.state.store import SceneStore
    from optiviz.scene import Scene


class Editor(QObject):
    """What everybody needs who turns wishes into edits.

    Signals: ``refused()``: a change was not allowed, so what was typed is not what is;
    ``gesture_finished()``: what a hand did is one step of the history now; ``locked_changed(on)``.
    """

    refused = Signal()
    gesture_finished = Signal()
    locked_changed = Signal(bool)

    def __init__(self, store: SceneStore, problems: Problems, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._problems = problems
        self._locked = False

    def edit(
        self,
        change: Callable[..., Scene],
        *arguments: object,
        gesture: str | None = None,
        even_locked: bool = False,
    ) -> None:
        """Change the scene; what is not allowed is told and changes nothing."""
        if self._locked and not even_locked:
            self.tell_locked()
            return
        try:
            self._store.apply(change, *arguments, gesture=gesture)
        except PartError as error:
            self._problems.tell(str(error), kind="warning")
            self.refused.emit()

    def finish_gesture(self) -> None:
        """End the gesture: all its edits are undone together."""
        self._store.end_gesture()
        self.gesture_finished.emit()

    def undo(self) -> None:
        """Take the last change back."""
        self.unless_locked(self._store.undo)

    def redo(self) -> None:
        """Make it again."""
        self.unless_locked(self._store.redo)

    def toggle_lock(self) -> None:
        """Lock the scene, or unlock it."""
        self.set_locked(not self._locked)

    def set_locked(self, locked: bool) -> None:
        """Keep the scene from accidents, or do not."""
        self._locked = locked
        self.locked_changed.emit(locked)

    def unless_locked(self, act: Callable[[], object]) -> None:
        """Do what changes the scene, or say that it is locked."""
        if self._locked:
            self.tell_locked()
        else:
            act()

    def tell_locked(self) -> None:
        """Say that the scene is locked, and what unlocks it."""
        self._problems.tell(f"The scene is locked; {shown_key('lock')} unlocks it.", kind="info")
