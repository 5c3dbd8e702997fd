"""The die: another seed, and many of them, where a seed makes a difference."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from optiviz.scene import edits, has_chance

if TYPE_CHECKING:
    from optiviz.gui.controllers.editor import Editor
    from optiviz.gui.controllers.seeds import SeedsController
    from optiviz.gui.state.problems import Problems
    from optiviz.gui.state.store import SceneStore

#: The die draws one of so many seeds.
_SEEDS = 10_000


class Die:
    """Draws seeds, and says so where none changes the race."""

    def __init__(
        self, editor: Editor, store: SceneStore, problems: Problems, seeds: SeedsController
    ) -> None:
        self._editor = editor
        self._store = store
        self._problems = problems
        self._seeds = seeds

    def reseed(self) -> None:
        """Draw another seed, where it makes a difference."""
        if self._is_by_chance():
            drawn = random.randrange(_SEEDS - 1)  # short numbers, to be read out and typed again
            self._editor.edit(edits.set_seed, drawn + (drawn >= self._store.scene.seed))

    def toggle_seeds(self) -> None:
        """Turn many seeds on or off, where they make a difference."""
        if self._is_by_chance():
            self._seeds.toggle()

    def _is_by_chance(self) -> bool:
        """Say whether a seed changes the race; where none does, tell so."""
        if has_chance(self._store.scene):
            return True
        self._problems.tell(
            "Every racer is told the full gradient, so no seed changes the race.", kind="info"
        )
        return False
