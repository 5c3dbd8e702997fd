"""One racer by itself: the racer of a scene that an instrument tries again and again, its race."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Protocol

from optiviz.engine.gradients import FullGradient, MiniBatch
from optiviz.gui.controllers.companion import Companion

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from optiviz.engine import RaceSpec
    from optiviz.gui.state.settings import Settings
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Scene


class OneRacerView(Protocol):
    """What an instrument has that is about one racer: a switch, and whose run it is about."""

    @property
    def on_wished(self) -> SignalInstance:
        """It should be on, or off."""

    @property
    def racer_wished(self) -> SignalInstance:
        """It should be about the racer of this style."""

    def show_on(self, on: bool) -> None:
        """Show whether it is on."""

    def show_racer(self, racer_style: int) -> None:
        """Show whose run it is."""


class OneRacerController(Companion):
    """Tries one racer again and again while its instrument is on, and keeps that up to the scene.

    A subclass says in ``_refresh`` what is asked of the worker, and in ``_clear`` how what is shown
    is taken away.
    """

    #: Whether a racer is of use only if its gradient is a mini-batch's.
    batches: ClassVar[bool] = False

    def __init__(self, view: OneRacerView, window: MainWindow, store: SceneStore) -> None:
        super().__init__(window, store)
        self._on = False
        self._style: int | None = None  # of the racer that was chosen; None: nobody has chosen
        self._instrument = view
        view.on_wished.connect(self.show_on)
        view.racer_wished.connect(self.on_racer_wished)

    def begin(self, settings: Settings) -> None:
        """Show whose runs they would be."""
        self._show_racer(self._store.scene)

    def show_on(self, on: bool) -> None:
        """Begin, or stop."""
        self._on = on
        self._instrument.show_on(on)
        self._refresh(self._store.scene)

    def on_racer_wished(self, racer_style: int) -> None:
        """Try another racer."""
        self._style = racer_style
        self._refresh(self._store.scene)

    def show_scene(self, old: Scene, new: Scene) -> None:
        """Try again, where the race is another one now."""
        if new.surface.key != old.surface.key:
            self._clear()  # nothing of another surface stays on this one
        self._show_racer(new)
        self._refresh(new)

    def view_state(self) -> tuple[bool, int | None]:
        """Give whether it is on, and the racer that was chosen."""
        return self._on, self._style

    def restore(self, state: tuple[bool, int | None]) -> None:
        """Be on or off as it was, for the racer that it was."""
        on, self._style = state
        self._show_racer(self._store.scene)
        self.show_on(on)

    def _refresh(self, scene: Scene) -> None:
        """Ask the worker for what is wanted of this scene, or for nothing any more."""
        raise NotImplementedError

    def _clear(self) -> None:
        """Show nothing any more."""
        raise NotImplementedError

    def _chosen(self, scene: Scene) -> int | None:
        return chosen(scene, self._style, batches=self.batches)

    def _show_racer(self, scene: Scene) -> None:
        index = self._chosen(scene)
        if index is not None:
            self._instrument.show_racer(scene.racers[index].style)


def chosen(scene: Scene, racer_style: int | None, *, batches: bool = False) -> int | None:
    """Find the racer that was chosen, or else the first on the stage with chance, or the first.

    With ``batches``, chance is a mini-batch's.
    """
    by_style = {racer.style: index for index, racer in enumerate(scene.racers)}
    if racer_style in by_style:
        return by_style[racer_style]
    on_stage = scene.shown_racers() or tuple(range(len(scene.racers)))
    for index in on_stage:
        gradient = scene.racers[index].gradient
        if isinstance(gradient, MiniBatch) or not (batches or isinstance(gradient, FullGradient)):
            return index
    return on_stage[0] if on_stage else None


def race_of(scene: Scene, index: int) -> RaceSpec:
    """Give the race of one racer. Its seed plays no part, so it is always the same one."""
    race = scene.race_spec()
    return replace(race, entrants=(race.entrants[index],), seed=0)
