"""The controller: turns scenes into races and pictures; the one place where order is decided.

The data runs in one circle. A view or panel tells a wish; the editor makes it an edit of the scene
in the store; the store tells of the new scene; here the race is asked for, then what is cheap is
shown, then everything else follows in the order of one list; what comes back is shown. Playing
moves only the playhead.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from optiviz.engine import Field, FieldSpec, Race, RaceSpec
from optiviz.gui.compute.ask import Ask
from optiviz.gui.compute.latest_wins import BACKGROUND, LatestWins
from optiviz.gui.controllers.as_opened import AsOpened
from optiviz.gui.controllers.basins import BasinsController
from optiviz.gui.controllers.data import DataController
from optiviz.gui.controllers.die import Die
from optiviz.gui.controllers.floor import FloorController
from optiviz.gui.controllers.instruments import InstrumentsController
from optiviz.gui.controllers.jobs import RaceJob, field_job, race_key, stage_field_spec
from optiviz.gui.controllers.locked import LockedTries
from optiviz.gui.controllers.overlays import Overlays
from optiviz.gui.controllers.readouts import Readouts
from optiviz.gui.controllers.schedule import ScheduleController
from optiviz.gui.controllers.seeds import SeedsController
from optiviz.gui.controllers.surface3d import Surface3DController
from optiviz.gui.controllers.tuning import TuningController
from optiviz.gui.controllers.wishes import connect_camera, connect_panels, connect_start
from optiviz.gui.controllers.writing import Writing
from optiviz.scene import Scene, edits

if TYPE_CHECKING:
    from optiviz.engine import Surface
    from optiviz.gui.controllers.companion import Companion
    from optiviz.gui.controllers.editor import Editor
    from optiviz.gui.state.playback import Playback
    from optiviz.gui.state.problems import ProblemKind, Problems
    from optiviz.gui.state.settings import Settings
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.theme.palette import Look
    from optiviz.gui.views.stage_view import StageView
    from optiviz.gui.window.main_window import MainWindow


class Controller(QObject):
    """Turns scenes into requests, and answers into pictures.

    Attributes:
        companions: who follows the scene, the race, the playhead and the camera, one after the
            other. The stage comes first, where the eye is; what costs the worker most comes last.
        as_opened: what R restores.
    """

    def __init__(
        self,
        editor: Editor,
        window: MainWindow,
        store: SceneStore,
        compute: LatestWins,
        playback: Playback,
        problems: Problems,
    ) -> None:
        super().__init__(window)
        self._editor = editor
        self._window = window
        self._store = store
        self._compute = compute
        self._playback = playback
        self._problems = problems
        self._painted = Event()
        self._ghosted: str | None = None
        self.writing = Writing(window, store, playback)
        self.overlays = Overlays(window, store, compute, playback)
        self.seeds = SeedsController(window, store, compute)
        self.die = Die(editor, store, problems, self.seeds)
        self.data = DataController(editor, window, store, compute, problems)
        self.surface3d = Surface3DController(editor, window, store, compute, problems)
        self.instruments = InstrumentsController(window, store)
        self.companions: tuple[Companion, ...] = (
            self.instruments,
            self.writing,
            self.data,
            Readouts(window, store, compute, playback),
            self.overlays,
            self.surface3d,
            TuningController(editor, window, store, compute, problems),
            FloorController(window, store, compute),
            ScheduleController(editor, window, store, compute),
            self.seeds,
            BasinsController(window, store, compute),
            LockedTries(editor, window, store),
        )
        self.as_opened = AsOpened(editor, store, self.companions, window)
        self._race_ask: Ask[RaceSpec, Race] = Ask(
            compute,
            "race",
            RaceJob((), (), self._painted),
            arrived=self.on_race,
            partly=self.on_sketch,
            # During a drag the race of a moment ago is shown, if surface and rules are the same.
            fits=lambda answered, wanted: race_key(answered) == race_key(wanted),
            key=race_key,
        )
        self._field_ask: Ask[FieldSpec, Field] = Ask(
            compute,
            "field",
            field_job,
            arrived=lambda _, field: window.contour.show_field(field),
            partly=self.on_coarse_field,
            fits=lambda answered, wanted: answered.surface.key == wanted.surface.key,
            key=lambda spec: spec.surface.key,
        )
        self._connect()

    def _connect(self) -> None:
        window, store, compute, playback = self._window, self._store, self._compute, self._playback
        connect_panels(window, self._editor)
        self._connect_stage(window.contour)
        window.stages.added.connect(self._connect_stage)
        connect_camera(window.contour, self._editor)
        window.contour.visible_changed.connect(self.on_visible_changed)
        for view in window.views:
            view.scrub_wished.connect(playback.scrub)
        window.transport.scrub_wished.connect(playback.scrub)
        window.transport.loop_wished.connect(self.set_loop)
        window.top_bar.lock_wished.connect(self._editor.set_locked)
        self.surface3d.contour_wanted.connect(self.ask_field)
        self._editor.refused.connect(lambda: window.show_scene(store.scene))
        self._editor.gesture_finished.connect(self.on_gesture_finished)
        self._editor.locked_changed.connect(window.show_locked)
        store.changed.connect(self.on_scene_changed)
        store.opened.connect(self.on_scene_opened)
        store.history_changed.connect(self.on_history_changed)
        compute.failed.connect(self.on_failed)
        playback.moved.connect(self.on_moved)
        playback.playing_changed.connect(window.transport.show_playing)
        self._problems.told.connect(window.message_bar.show_problem)

    def _connect_stage(self, view: StageView) -> None:
        connect_start(view, self._editor)
        for companion in self.companions:
            companion.connect_stage(view)

    def begin(self, settings: Settings) -> None:
        """Show the scene for the first time with what was remembered, and run its race."""
        scene = self._store.scene
        self._playback.set_steps(scene.steps)
        self._window.show_scene(scene)
        self.on_history_changed()
        self._window.show_step(self._playback.position)
        for companion in self.companions:
            companion.begin(settings)
        self.as_opened.remember()
        self._ask_race(scene)

    def on_scene_changed(self, old: Scene, new: Scene) -> None:
        """Ask for the race, show what is cheap while it runs, and let everything else follow."""
        asked = new.race_spec() != old.race_spec()
        # What the views prepare of a race depends on what they show of the plane: where that
        # changes they come first.
        waits = new.surface != old.surface or new.camera != old.camera
        if asked and not waits:
            self._ask_race(new)
        if asked and _same_ground(old.surface, new.surface):
            self._show_ghost()
        self._window.show_scene(new)
        if new.surface.key != old.surface.key:
            # Until its own race is there, no other one is shown on a surface.
            self._window.show_race(Race(replace(new.race_spec(), entrants=()), ()))
        if asked and waits:
            self._ask_race(new)
        if new.steps != old.steps:
            self._playback.set_steps(new.steps)
        if new.surface != old.surface:
            self.ask_field()
        for companion in self.companions:
            companion.show_scene(old, new)
        self._window.setWindowModified(self._store.dirty)

    def on_race(self, _spec: RaceSpec, race: Race) -> None:
        """Show a race; the playhead stays where it is."""
        self._window.show_race(race)
        self._window.show_step(self._playback.position)
        for companion in self.companions:
            companion.show_race(race)

    def on_sketch(self, _spec: RaceSpec, sketch: Race) -> None:
        """Show the paths on the stage, where the losses take longer."""
        for stage in self._window.stages.views:
            stage.show_race(sketch)
        QTimer.singleShot(0, self._painted.set)  # its turn comes after the painting

    def on_coarse_field(self, _spec: FieldSpec, field: Field) -> None:
        """Show a coarse surface where there is none of it yet."""
        if not self._window.contour.shows_surface(field.spec.surface):
            self._window.contour.show_field(field)

    def on_moved(self, position: float) -> None:
        """Show the playhead."""
        self._window.show_step(position)
        for companion in self.companions:
            companion.show_step()

    def on_visible_changed(self, *_: float) -> None:
        """Sample the surface for what is visible now."""
        self.ask_field()
        for companion in self.companions:
            companion.show_visible()

    def on_gesture_finished(self) -> None:
        """Take away the ghost of what was before."""
        if self._ghosted is not None:
            self._ghosted = None
            for view in self._window.views:
                view.show_ghost(None)

    def on_scene_opened(self, scene: Scene) -> None:
        """Wait at the start for whoever opened it."""
        self._editor.finish_gesture()
        self._playback.pause()
        self._playback.to_start()
        for companion in self.companions:
            companion.show_opened(scene)
        self.as_opened.remember()

    def on_history_changed(self) -> None:
        """Show whether there is something to undo or redo."""
        self._window.top_bar.show_history(self._store.can_undo(), self._store.can_redo())
        self._window.setWindowModified(self._store.dirty)

    def on_failed(self, lane: str, _request: object, sentence: str, details: str) -> None:
        """Tell what went wrong; everything else goes on."""
        kind: ProblemKind = "warning" if lane == BACKGROUND else "error"
        self._problems.tell(sentence, kind=kind, details=details)

    def fit(self) -> None:
        """Show all of the surface again."""
        self._editor.unless_locked(self.surface3d.fit)

    def toggle_racer(self, index: int) -> None:
        """Turn a racer on or off."""
        self._editor.edit(edits.toggle_racer, index, even_locked=True)

    def set_loop(self, loop: bool) -> None:
        """Play over and over, or once."""
        self._playback.loop = loop
        self._window.transport.show_loop(loop)

    def show_look(self, look: Look) -> None:
        """Show everything in this theme and scale."""
        self._window.show_look(look)
        self._playback.set_reduced_motion(look.reduced_motion)
        self.writing.show_look()

    def ask_field(self) -> None:
        """Sample the surface for the contour, if somebody looks at it.

        If nobody does, nothing is wanted: meanwhile the contour lets go of what belongs to the
        surface before, and whatever is seen next has to be asked for anew.
        """
        if not self._window.stages.shows_contour:
            self._field_ask.stop()
            return
        projection = self._window.contour.projection
        self._field_ask.want(stage_field_spec(self._store.scene, projection))

    def _ask_race(self, scene: Scene) -> None:
        # What a view's picture depends on is read here, in the GUI thread.
        job = RaceJob(
            preparations=tuple(view.preparation() for view in self._window.views),
            of_sketch=tuple(view.preparation() for view in self._window.stages.views),
            painted=self._painted,
        )
        self._race_ask.want(scene.race_spec(), job)

    def _show_ghost(self) -> None:
        gesture, race = self._store.gesture, self._window.race
        if gesture is not None and gesture != self._ghosted and race is not None:
            self._ghosted = gesture
            for view in self._window.views:
                view.show_ghost(race)


def _same_ground(one: Surface, two: Surface) -> bool:
    """Whether paths on one surface say something on the other: same kind, same data."""
    return one.key == two.key and getattr(one, "data", "") == getattr(two, "data", "")
