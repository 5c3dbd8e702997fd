"""What R restores: the scene as it was opened, and what was shown beside it then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiviz.gui.controllers.companion import Companion
    from optiviz.gui.controllers.editor import Editor
    from optiviz.gui.state.store import SceneStore


class AsOpened(QObject):
    """Remembers what each companion showed beside the scene when it was opened.

    Signal: ``restored()``: all is again as it was then.
    """

    restored = Signal()

    def __init__(
        self, editor: Editor, store: SceneStore, companions: Sequence[Companion], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._store = store
        self._companions = companions
        self._states: list[object] = []

    def remember(self) -> None:
        """Take what is shown now as what belongs to the scene as it was opened."""
        self._states = [companion.view_state() for companion in self._companions]

    def restore(self) -> None:
        """Restore it, unless the scene is locked."""
        self._editor.unless_locked(self._restore)

    def _restore(self) -> None:
        self._store.reset()
        for companion, state in zip(self._companions, self._states, strict=True):
            companion.restore(state)
        self.restored.emit()
