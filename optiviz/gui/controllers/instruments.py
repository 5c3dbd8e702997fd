"""The right column: which tab a scene is about, and what a hand has chosen, remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from optiviz.gui.controllers.companion import Companion
from optiviz.gui.window.instruments import tab_of

if TYPE_CHECKING:
    from optiviz.gui.state.settings import Settings
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.state.tabs import TabKey
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Scene


class InstrumentsController(Companion):
    """Chooses the tab for a scene, as long as nobody has chosen one by hand.

    What a hand has chosen is remembered, and stands at the next start; there a scene that is
    opened may choose again.
    """

    def __init__(self, window: MainWindow, store: SceneStore) -> None:
        super().__init__(window, store)
        self._settings: Settings | None = None
        self._by_hand = False
        instruments = window.instruments
        instruments.tab_wished.connect(self.choose)
        instruments.folded_changed.connect(lambda names: self._remember("folded", names))
        instruments.pinned_changed.connect(lambda names: self._remember("pinned", names))
        instruments.enlarged_changed.connect(lambda name: self._remember("enlarged", name))

    def begin(self, settings: Settings) -> None:
        """Show what was remembered."""
        self._settings = settings
        instruments = self._window.instruments
        instruments.show_pinned(settings.pinned)
        instruments.show_folded(settings.folded)
        instruments.show_tab(settings.tab or tab_of(self._store.scene))
        self._window.show_enlarged(settings.enlarged)

    def choose(self, tab: str) -> None:
        """Show the tab that a hand has chosen, also where the instruments are away."""
        self._by_hand = True
        self._remember("tab", cast("TabKey", tab))
        self._show_tab(tab)
        self._window.show_instruments()

    def show_scene(self, old: Scene, new: Scene) -> None:
        """On another surface, another question may be the one to ask."""
        if new.surface.key != old.surface.key:
            self.show_opened(new)

    def show_opened(self, scene: Scene) -> None:
        """Show the tab that a scene is about."""
        if not self._by_hand:
            self._show_tab(tab_of(scene))

    def _show_tab(self, tab: str) -> None:
        instruments = self._window.instruments
        if tab != instruments.tab and instruments.enlarged:
            # It would hide what the tab has been chosen for.
            self._window.show_enlarged("")
            self._remember("enlarged", "")
        instruments.show_tab(tab)

    def _remember(self, name: str, value: object) -> None:
        if self._settings is not None:
            setattr(self._settings, name, value)
