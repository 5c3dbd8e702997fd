"""The controller: the one place that knows store, workers, views and panels.

The data runs in one circle. A view or panel tells a wish; here it becomes an edit of the scene in
the store; the store tells of the new scene; what is cheap is shown at once, and the race and the
field are asked for; what comes back is shown. Playing moves only the playhead.
"""

from __future__ import annotations

import random
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from optiviz.engine import Field, FieldSpec, PartError, Race, warm_up
from optiviz.gui.commands.actions import shown_key
from optiviz.gui.compute.jobs import RaceJob, field_job, race_key, stage_field_spec
from optiviz.gui.compute.latest_wins import BACKGROUND, LatestWins
from optiviz.gui.controllers.data import DataController
from optiviz.gui.controllers.ensembles import Ensembles
from optiviz.gui.controllers.overlays import Overlays
from optiviz.gui.controllers.panel_edits import connect_panels
from optiviz.gui.controllers.readouts import Readouts
from optiviz.gui.controllers.schedule import ScheduleController
from optiviz.gui.controllers.surface3d import Surface3DController
from optiviz.gui.stage import thumbnails
from optiviz.gui.theme.formulas import formula_pixmap
from optiviz.gui.words import captions
from optiviz.scene import Camera, Scene, edits, has_chance

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.gui.state.playback import Playback
    from optiviz.gui.state.problems import ProblemKind, Problems
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.theme.palette import Look
    from optiviz.gui.views.stage_view import StageView
    from optiviz.gui.window.main_window import MainWindow

#: The die draws one of so many seeds.
_SEEDS = 10_000


class Controller(QObject):
    """Turns wishes into edits, and scenes into races."""

    def __init__(
        self,
        window: MainWindow,
        store: SceneStore,
        compute: LatestWins,
        playback: Playback,
        problems: Problems,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._compute = compute
        self._playback = playback
        self._problems = problems
        self._locked = False
        self._warm = False
        self._caption = False
        self._readouts = Readouts(window, store, compute, playback)
        self.overlays = Overlays(window, store, compute, playback)
        self.ensembles = Ensembles(window, store, compute)
        self.data = DataController(self, window, store, compute, problems)
        self.schedule = ScheduleController(self, window, store, compute)
        self.surface3d = Surface3DController(self, window, store, compute, problems)
        self._painted = Event()
        self._ghosted: str | None = None
        self._formula: tuple[object, ...] = ()
        self._field_asked: FieldSpec | None = None
        self._connect_views()
        self._connect_panels()
        store.changed.connect(self.on_scene_changed)
        store.opened.connect(self.on_scene_opened)
        store.history_changed.connect(self.on_history_changed)
        compute.done.connect(self.on_done)
        compute.partial.connect(self.on_partial)
        compute.failed.connect(self.on_failed)
        compute.busy_changed.connect(self.on_busy_changed)
        playback.moved.connect(self.on_moved)
        playback.playing_changed.connect(window.transport.show_playing)
        problems.told.connect(window.message_bar.show_problem)

    def _connect_views(self) -> None:
        contour, curves = self._window.contour, self._window.curves
        self._connect_stage(contour)
        self._window.stages.added.connect(self._connect_stage)
        contour.camera_moved.connect(self.on_camera_moved)
        contour.camera_settled.connect(self.on_gesture_finished)
        contour.visible_changed.connect(self.on_visible_changed)
        curves.scrub_wished.connect(self.on_scrub_wished)

    def _connect_stage(self, view: StageView) -> None:
        view.start_dragged.connect(lambda x, y: self.on_start_dragged(x, y, view.units()))
        view.start_drag_finished.connect(self.on_gesture_finished)

    def _connect_panels(self) -> None:
        connect_panels(self._window, self.edit, self.on_gesture_finished)
        transport = self._window.transport
        self._window.top_bar.lock_wished.connect(self.set_locked)
        transport.scrub_wished.connect(self.on_scrub_wished)
        transport.loop_wished.connect(self.set_loop)

    def begin(self) -> None:
        """Show the scene for the first time, and run its race."""
        scene = self._store.scene
        self._playback.set_steps(scene.steps)
        self._window.show_scene(scene)
        self.on_history_changed()
        self._window.show_step(self._playback.position)
        self._show_formula(scene)
        self.ensembles.begin()
        self._ask_race(scene)

    def edit(
        self,
        change: Callable[..., Scene],
        *arguments: object,
        gesture: str | None = None,
        even_locked: bool = False,
    ) -> None:
        """Change the scene; what is not allowed is told and changes nothing."""
        if self._locked and not even_locked:
            self._tell_locked()
            return
        try:
            self._store.apply(change, *arguments, gesture=gesture)
        except PartError as error:
            self._problems.tell(str(error), kind="warning")
            self._window.show_scene(self._store.scene)

    def undo(self) -> None:
        """Take the last change back."""
        self.unless_locked(self._store.undo)

    def redo(self) -> None:
        """Make it again."""
        self.unless_locked(self._store.redo)

    def reset(self) -> None:
        """Restore the scene as it was opened."""
        self.unless_locked(self._store.reset)

    def fit(self) -> None:
        """Show all of the surface again."""
        self.unless_locked(self.surface3d.fit)

    def reseed(self) -> None:
        """Draw another seed, where it makes a difference."""
        scene = self._store.scene
        if not has_chance(scene):
            self._problems.tell(
                "Every racer is told the full gradient, so no seed changes the race.", kind="info"
            )
            return
        drawn = random.randrange(_SEEDS - 1)  # short numbers, to be read out and typed again
        self.edit(edits.set_seed, drawn + (drawn >= scene.seed))

    def toggle_racer(self, index: int) -> None:
        """Turn a racer on or off."""
        self.edit(edits.toggle_racer, index, even_locked=True)

    def toggle_lock(self) -> None:
        """Lock the scene, or unlock it."""
        self.set_locked(not self._locked)

    def set_locked(self, locked: bool) -> None:
        """Keep the scene from accidents, or do not."""
        self._locked = locked
        self._window.show_locked(locked)

    def set_loop(self, loop: bool) -> None:
        """Play over and over, or once."""
        self._playback.loop = loop
        self._window.transport.show_loop(loop)

    def set_caption(self, on: bool) -> None:
        """Print the settings onto the stage, or take them off."""
        self._caption = on
        self._show_caption()

    def show_look(self, look: Look) -> None:
        """Show everything in this theme and scale."""
        self._window.show_look(look)
        self._playback.set_reduced_motion(look.reduced_motion)
        self._show_formula(self._store.scene)

    def on_start_dragged(self, x: float, y: float, units: tuple[float, float]) -> None:
        """Move the start, as finely as a pixel shows it; a whole drag is one step of history."""
        x, y = captions.neat(x, units[0]), captions.neat(y, units[1])
        self.edit(edits.move_start, x, y, gesture="start")

    def on_camera_moved(self, x0: float, x1: float, y0: float, y1: float) -> None:
        """Take note of where the stage looks; one way of the hand is one step of the history."""
        self.edit(edits.set_camera, Camera(x0, x1, y0, y1), gesture="camera")

    def on_gesture_finished(self) -> None:
        """End what is undone as one; the ghost of what was before goes."""
        self._store.end_gesture()
        if self._ghosted is not None:
            self._ghosted = None
            for view in self._window.views:
                view.show_ghost(None)

    def on_scene_changed(self, old: Scene, new: Scene) -> None:
        """Show what is cheap at once, and ask for the rest."""
        asked = new.race_spec() != old.race_spec()
        if asked:
            self._show_ghost()
        self._window.show_scene(new)
        if new.surface.key != old.surface.key:
            # Until its own race is there, no other one is shown on a surface.
            self._window.show_race(Race(replace(new.race_spec(), entrants=()), ()))
        if new.steps != old.steps:
            self._playback.set_steps(new.steps)
        if asked:
            self._ask_race(new)
        if new.surface != old.surface:
            self._show_formula(new)
            self.ask_field()
        if self._window.race is not None and not asked:
            self._show_caption()
        self._window.setWindowModified(self._store.dirty)

    def on_scene_opened(self, scene: Scene) -> None:
        """Wait at the start for whoever opened it."""
        self.on_gesture_finished()
        self._playback.pause()
        self._playback.to_start()

    def on_history_changed(self) -> None:
        """Show whether there is something to undo or redo."""
        self._window.top_bar.show_history(self._store.can_undo(), self._store.can_redo())
        self._window.setWindowModified(self._store.dirty)

    def on_done(self, _lane: str, _request: object, result: object) -> None:
        """Show what was computed."""
        if isinstance(result, Race):
            self.on_race(result)
        elif isinstance(result, Field):
            self._window.contour.show_field(result)

    def on_partial(self, _lane: str, _request: object, part: object) -> None:
        """Show on the stage what is known so far: the paths, or a coarse surface."""
        contour = self._window.contour
        if isinstance(part, Race):
            if len(part.runs) == len(self._store.scene.racers):
                for stage in self._window.stages.views:
                    stage.show_race(part)
            QTimer.singleShot(0, self._painted.set)  # its turn comes after the painting
        elif isinstance(part, Field) and not contour.shows_surface(part.spec.surface):
            contour.show_field(part)

    def on_race(self, race: Race) -> None:
        """Show a race; the playhead stays where it is."""
        if len(race.runs) != len(self._store.scene.racers):
            return
        self._window.show_race(race)
        self._window.show_step(self._playback.position)
        self._show_caption()
        self._readouts.refresh()
        self.overlays.refresh()

    def on_busy_changed(self, _lane: str, busy: bool) -> None:
        """Let the compiler take its time, once the first pictures are on the screen."""
        if not busy and not self._warm:
            QTimer.singleShot(0, self._warm_up)  # its turn comes after the painting

    def _warm_up(self) -> None:
        if not self._warm and self._window.race is not None and not self._compute.busy():
            self._warm = True
            self._compute.run_once(warm_up)
            self._compute.run_once(thumbnails.prepare, name="thumbnails")

    def on_failed(self, lane: str, _request: object, sentence: str, details: str) -> None:
        """Tell what went wrong; everything else goes on."""
        kind: ProblemKind = "warning" if lane == BACKGROUND else "error"
        self._problems.tell(sentence, kind=kind, details=details)

    def on_moved(self, position: float) -> None:
        """Show the playhead."""
        self._window.show_step(position)
        self._readouts.refresh()
        if self._caption:
            self._show_caption()

    def on_scrub_wished(self, position: float) -> None:
        """Go to a step; a hand on the slider stops the playing."""
        self._playback.pause()
        self._playback.seek(position)

    def on_visible_changed(self, *_: float) -> None:
        """Sample the surface for what is visible now."""
        self.ask_field()

    def _show_ghost(self) -> None:
        gesture, race = self._store.gesture, self._window.race
        if gesture is not None and gesture != self._ghosted and race is not None:
            self._ghosted = gesture
            for view in self._window.views:
                view.show_ghost(race)

    def _show_caption(self) -> None:
        race, scene = self._window.race, self._store.scene
        lines: tuple[str, ...] = ()
        if self._caption and race is not None and len(race.runs) == len(scene.racers):
            step = min(int(self._playback.position), race.spec.steps)
            lines = captions.settings(scene, race, step)
        self._window.stages.show_caption(lines)

    def _show_formula(self, scene: Scene) -> None:
        look, ratio = self._window.look, self._window.devicePixelRatioF()
        key = (scene.surface.formula, look, ratio)
        if key != self._formula:
            self._formula = key
            size = look.font(1.3).pointSizeF()
            ink = look.theme.ink
            self._window.stages.show_formula(formula_pixmap(key[0], ink, size, ratio))

    def _ask_race(self, scene: Scene) -> None:
        spec = scene.race_spec()
        # What a view's picture depends on is read here, in the GUI thread.
        job = RaceJob(
            preparations=tuple(view.preparation() for view in self._window.views),
            of_sketch=tuple(view.preparation() for view in self._window.stages.views),
            painted=self._painted,
        )
        self._compute.submit("race", spec, job, key=race_key(spec))

    def ask_field(self) -> None:
        """Sample the surface for the contour, if somebody looks at it."""
        if not self._window.stages.shows_contour:
            return
        spec = stage_field_spec(self._store.scene, self._window.contour.projection)
        if spec != self._field_asked:
            self._field_asked = spec
            self._compute.submit("field", spec, field_job, key=spec.surface.key)

    def unless_locked(self, act: Callable[[], object]) -> None:
        """Do what changes the scene, or say that it is locked."""
        if self._locked:
            self._tell_locked()
        else:
            act()

    def _tell_locked(self) -> None:
        self._problems.tell(f"The scene is locked; {shown_key('lock')} unlocks it.", kind="info")
