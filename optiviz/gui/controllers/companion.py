"""What the controller calls of each of its companions. One overrides only what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from optiviz.engine import Race
    from optiviz.gui.state.settings import Settings
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.views.stage_view import StageView
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Scene


class Companion(QObject):
    """Keeps a part of what is shown up to the scene, the race, the playhead and the camera.

    No companion hears of these by itself: the controller calls them one after the other, in the
    order in which they stand in its list, once the window shows what there is to show.
    """

    def __init__(self, window: MainWindow, store: SceneStore) -> None:
        super().__init__(window)
        self._window = window
        self._store = store

    def begin(self, settings: Settings) -> None:
        """Show what was remembered, before the first race."""

    def connect_stage(self, view: StageView) -> None:
        """Hear the wishes of a stage's view; the 3D view comes when it is first wanted."""

    def show_scene(self, old: Scene, new: Scene) -> None:
        """Follow a change of the scene, which the window shows already."""

    def show_opened(self, scene: Scene) -> None:
        """Follow a scene that was opened, after :meth:`show_scene`."""

    def show_race(self, race: Race) -> None:
        """Follow a new race, which the window shows already."""

    def show_step(self) -> None:
        """Follow the playhead."""

    def show_visible(self) -> None:
        """Follow what of the plane is visible."""

    def view_state(self) -> object:
        """Give what is shown beside the scene by a choice of the user's, for :meth:`restore`."""
        return None

    def restore(self, state: Any) -> None:
        """Show again what was shown when :meth:`view_state` was asked."""
