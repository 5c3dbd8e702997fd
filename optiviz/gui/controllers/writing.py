"""What is written on the stage: the surface's formula, and every setting as a caption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optiviz.gui.controllers.companion import Companion
from optiviz.gui.drawing.stage_formula import own_title, stage_formula
from optiviz.gui.words import captions

if TYPE_CHECKING:
    from optiviz.engine import Race
    from optiviz.gui.state.playback import Playback
    from optiviz.gui.state.settings import Settings
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Scene


class Writing(Companion):
    """Keeps the formula and the caption up to the scene, the race, the playhead and the look."""

    def __init__(self, window: MainWindow, store: SceneStore, playback: Playback) -> None:
        super().__init__(window, store)
        self._playback = playback
        self._caption = False
        self._formula: tuple[object, ...] = ()

    def begin(self, settings: Settings) -> None:
        """Write the first surface's formula."""
        self.show_look()

    def set_caption(self, on: bool) -> None:
        """Print the settings onto the stage, or take them off."""
        self._caption = on
        self._show_caption()

    def show_scene(self, old: Scene, new: Scene) -> None:
        """Write another formula; where the race stays, the caption may differ."""
        if new.surface != old.surface:
            self._show_formula(new)
        if self._window.race is not None and new.race_spec() == old.race_spec():
            self._show_caption()

    def show_race(self, race: Race) -> None:
        """Write a race's settings."""
        self._show_caption()

    def show_step(self) -> None:
        """Write what the playhead has changed."""
        if self._caption:
            self._show_caption()

    def show_look(self) -> None:
        """Typeset anew for this theme, scale and screen."""
        self._show_formula(self._store.scene)

    def _show_caption(self) -> None:
        race, scene = self._window.race, self._store.scene
        lines: tuple[str, ...] = ()
        if self._caption and race is not None and len(race.runs) == len(scene.racers):
            step = min(int(self._playback.position), race.spec.steps)
            lines = captions.settings(scene, race, step)
        self._window.stages.show_caption(lines)

    def _show_formula(self, scene: Scene) -> None:
        look, ratio = self._window.look, self._window.devicePixelRatioF()
        key = (scene.surface.formula, own_title(scene.surface), look, ratio)
        if key != self._formula:
            self._formula = key
            self._window.stages.show_formula(stage_formula(scene.surface, look, ratio))
