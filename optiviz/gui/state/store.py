"""SceneStore: the current Scene and its history; the only durable mutable state."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.scene import Scene

HISTORY = 500  # entries that can be undone


class SceneStore(QObject):
    """Holds the current scene; every change goes through :meth:`apply` and can be undone.

    Signals: ``changed(old, new)``; ``opened(scene)`` after a scene was opened, even an equal one;
    ``history_changed()`` when what can be undone, redone or saved has changed.
    """

    changed = Signal(object, object)
    opened = Signal(object)
    history_changed = Signal()

    def __init__(self, scene: Scene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scene = scene
        self._as_opened = scene
        self._as_saved = scene
        self._marks: list[Scene] = []
        self._undo: deque[Scene] = deque(maxlen=HISTORY)
        self._redo: list[Scene] = []
        self._gesture: str | None = None
        self._before_gesture: Scene | None = None

    @property
    def scene(self) -> Scene:
        """The current scene."""
        return self._scene

    @property
    def gesture(self) -> str | None:
        """The gesture under way, whose edits are one step of the history."""
        return self._gesture

    @property
    def scene_before_gesture(self) -> Scene | None:
        """The scene as it was before the gesture under way."""
        return self._before_gesture

    @property
    def dirty(self) -> bool:
        """Whether the scene differs from the one that was opened or saved last."""
        return self._scene != self._as_saved

    def can_undo(self) -> bool:
        """Say whether there is something to undo."""
        return bool(self._undo)

    def can_redo(self) -> bool:
        """Say whether there is something to redo."""
        return bool(self._redo)

    def apply(self, edit: Callable[..., Scene], *args: object, gesture: str | None = None) -> None:
        """Replace the scene by ``edit(scene, *args)``.

        Edits of one ``gesture`` are undone together, until :meth:`end_gesture`, another gesture or
        an edit without one. An edit that raises changes nothing.
        """
        new = edit(self._scene, *args)
        if gesture != self._gesture:
            self.end_gesture()
        if new == self._scene:
            return
        before = self._history_state()
        if gesture is None or self._gesture is None:
            self._undo.append(self._scene)
        if gesture is not None and self._gesture is None:
            self._gesture = gesture
            self._before_gesture = self._scene
        self._redo.clear()
        self._replace(new, before)

    def end_gesture(self) -> None:
        """End the gesture under way; one that came back to where it began leaves no trace."""
        if self._gesture is None:
            return
        before = self._history_state()
        if self._undo and self._undo[-1] == self._scene:
            self._undo.pop()
        self._gesture = None
        self._before_gesture = None
        self._tell_history(before)

    def undo(self) -> None:
        """Go one step back in the history."""
        self.end_gesture()
        if self._undo:
            before = self._history_state()
            self._redo.append(self._scene)
            self._replace(self._undo.pop(), before)

    def redo(self) -> None:
        """Go one step forward again."""
        self.end_gesture()
        if self._redo:
            before = self._history_state()
            self._undo.append(self._scene)
            self._replace(self._redo.pop(), before)

    def open(self, scene: Scene) -> None:
        """Begin a new history with this scene, which :meth:`reset` will restore."""
        before = self._history_state()
        self._gesture = None
        self._before_gesture = None
        self._undo.clear()
        self._redo.clear()
        self._as_opened = scene
        self._as_saved = scene
        self._marks.clear()
        self._replace(scene, before)
        self.opened.emit(scene)

    def mark_opened(self) -> None:
        """Take the scene as one that was opened just now, such as by data that came into it.

        :meth:`reset` restores it, until it is undone.
        """
        self._marks.append(self._scene)

    def reset(self) -> None:
        """Restore the scene as it was opened last; this can be undone."""
        known = [*self._undo, self._scene]
        marks = [mark for mark in self._marks if mark in known]
        self.apply(lambda _: marks[-1] if marks else self._as_opened)

    def saved(self) -> None:
        """Take note that the current scene is on disk."""
        before = self._history_state()
        self._as_saved = self._scene
        self._tell_history(before)

    def _replace(self, new: Scene, before: tuple[bool, bool, bool]) -> None:
        old, self._scene = self._scene, new
        if old != new:
            self.changed.emit(old, new)
        self._tell_history(before)

    def _history_state(self) -> tuple[bool, bool, bool]:
        return self.can_undo(), self.can_redo(), self.dirty

    def _tell_history(self, before: tuple[bool, bool, bool]) -> None:
        if self._history_state() != before:
            self.history_changed.emit()
