"""Which stages are seen, and what the 3D view needs: a mesh from the worker, and its camera."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from optiviz.gui.commands.actions import shown_key
from optiviz.gui.compute.ask import Ask
from optiviz.gui.controllers.companion import Companion
from optiviz.gui.controllers.jobs import MOVING, RESTING, mesh_job, mesh_spec
from optiviz.gui.qt.timers import Debounce
from optiviz.gui.state.relief import Relief
from optiviz.scene import Viewpoint, edits

if TYPE_CHECKING:
    from optiviz.engine.mesh import Mesh, MeshSpec
    from optiviz.gui.compute.latest_wins import LatestWins
    from optiviz.gui.controllers.editor import Editor
    from optiviz.gui.state.problems import Problems
    from optiviz.gui.state.settings import Settings
    from optiviz.gui.state.store import SceneStore
    from optiviz.gui.state.view_mode import ViewMode
    from optiviz.gui.views.surface3d import Surface3DView
    from optiviz.gui.views.surface3d.camera import Camera3D
    from optiviz.gui.views.surface3d.guide import CameraPreset
    from optiviz.gui.window.main_window import MainWindow
    from optiviz.scene import Scene

_REST_MS = 200  # after which a hand that changed the surface rests
#: Digits that are kept of a camera: angles in degrees, lengths in units of the surface's side.
_DEGREES, _LENGTHS = 2, 4


class Surface3DController(Companion):
    """Opens the 3D view when it is first wanted, and keeps it up to the scene while it is seen.

    The part of the surface that is raised is what the contour shows, in the proportions of the
    surface's own window; the viewpoint is part of the scene, and one drag is one step
    of the history. Height scale, exaggeration and opacity are remembered; whom the camera follows
    and whether it turns by itself lasts as long as the window.

    Signal: ``contour_wanted()``: the contour is seen again, and must be brought up to the scene.
    """

    contour_wanted = Signal()

    def __init__(
        self,
        editor: Editor,
        window: MainWindow,
        store: SceneStore,
        compute: LatestWins,
        problems: Problems,
    ) -> None:
        super().__init__(window, store)
        self._editor = editor
        self._problems = problems
        self._settings: Settings | None = None
        self._view: Surface3DView | None = None
        self._relief = Relief()
        self._followed = -1  # a racer's style
        # A coarser mesh, or one of a moment ago, is worth showing as long as it is this surface's.
        self._ask: Ask[MeshSpec, Mesh] = Ask(
            compute,
            "mesh",
            mesh_job,
            arrived=self.on_mesh,
            partly=self.on_part,
            fits=lambda answered, wanted: answered.field.surface.key == wanted.field.surface.key,
            key=lambda spec: spec.field.surface.key,
        )
        self._rest = Debounce(self, _REST_MS, self._ask_mesh)

    @property
    def view(self) -> Surface3DView | None:
        """The 3D view; ``None`` until it was wanted for the first time."""
        return self._view

    @property
    def turning(self) -> bool:
        """Whether the turntable turns."""
        return self._view is not None and self._view.turning

    def begin(self, settings: Settings) -> None:
        """Show what was remembered."""
        self._settings = settings
        self._relief = settings.relief
        self.show_view_mode(settings.view_mode)

    def show_view_mode(self, view_mode: ViewMode) -> None:
        """Show the contour, the 3D view, or both, and remember it."""
        if self._settings is not None:
            self._settings.view_mode = view_mode
        if view_mode != "contour" and self._view is None:
            self._open()
        self._window.show_view_mode(view_mode)
        if self._window.stages.shows_surface:
            self._ask_mesh()
        else:
            self._rest.stop()
            self._ask.stop()
        self.contour_wanted.emit()

    def fly(self, place: CameraPreset) -> None:
        """Go to one of the good cameras."""
        view = self._seen()
        if view is not None:
            self.follow(-1)  # or it would be drawn back to the racer at once
            view.fly_to(place)
            self.show_turning()

    def toggle_turntable(self) -> None:
        """Let the surface turn by itself, or stop it."""
        view = self._seen()
        if view is None:
            return
        view.show_turntable(not view.turning)
        if self._window.look.reduced_motion:
            self._problems.tell("Motion is reduced, so nothing turns by itself.", kind="info")
        self.show_turning()

    def show_turning(self) -> None:
        """Show whether the turntable turns."""
        if self._window.surface_bar is not None:
            self._window.surface_bar.show_turning(self.turning)

    def follow_next(self) -> None:
        """Follow the next racer on the stage, and nobody after the last."""
        if self._seen() is None:
            return
        scene = self._store.scene
        styles = [-1, *(scene.racers[index].style for index in scene.shown_racers())]
        now = styles.index(self._followed) if self._followed in styles else 0
        self.follow(styles[(now + 1) % len(styles)])

    def follow(self, racer_style: int) -> None:
        """Keep looking at the racer of this style; -1 is nobody."""
        self._followed = racer_style
        self._show_followed(self._store.scene)

    def tell_of_contour(self) -> None:
        """Say, if the contour is hidden, that what was switched on is drawn only there."""
        if not self._window.stages.shows_contour:
            keys = f"{shown_key('view_contour')} or {shown_key('view_split')}"
            self._problems.tell(f"That is drawn on the contour, which {keys} shows.", kind="info")

    def fit(self) -> None:
        """Show all of the surface, in every view."""
        self._editor.edit(edits.reset_view)
        if self._view is not None:
            self._view.show_turntable(False)
            self._view.show_camera3d(None)
            self.show_turning()

    def on_knob_changed(self, name: str, value: object) -> None:
        """Show heights in another way, and remember it."""
        self._change_relief(self._relief.with_knob(name, value))

    def _change_relief(self, relief: Relief) -> None:
        self._relief = relief
        if self._settings is not None:
            self._settings.relief = self._relief
        self._show_relief()
        self._ask_mesh()

    def view_state(self) -> tuple[Relief, int]:
        """Give how heights are shown, and who is followed."""
        return self._relief, self._followed

    def restore(self, state: tuple[Relief, int]) -> None:
        """Show heights as they were, follow who was followed, and turn no more."""
        relief, followed = state
        if self._view is not None:
            self._view.show_turntable(False)
            self.show_turning()
        self._change_relief(relief)
        self.follow(followed)

    def show_scene(self, old: Scene, new: Scene) -> None:
        """Raise another part or another surface; look from elsewhere."""
        if self._view is None:
            return
        if old.surface != new.surface or old.camera != new.camera:
            # Coarse as long as a hand moves, so that it follows the hand.
            moving = self._store.gesture is not None
            self._ask_mesh(MOVING if moving else RESTING)
            if moving:
                self._rest.soon()
        if old.viewpoint != new.viewpoint and _viewpoint_of(self._view) != new.viewpoint:
            self._show_viewpoint(new)
        self._show_followed(new)

    def on_camera_settled(self) -> None:
        """Take note of where a hand or a flight left the camera: one step of the history."""
        if self._view is not None:
            viewpoint = _viewpoint_of(self._view)
            self._editor.edit(edits.set_viewpoint, viewpoint, even_locked=True)

    def on_mesh(self, _spec: MeshSpec, mesh: Mesh) -> None:
        """Show a mesh."""
        if self._view is not None:
            self._view.show_mesh(mesh)

    def on_part(self, spec: MeshSpec, mesh: Mesh) -> None:
        """Show a coarse mesh where there is none of this surface yet."""
        shown = None if self._view is None else self._view.mesh
        if shown is None or shown.spec.field.surface != spec.field.surface:
            self.on_mesh(spec, mesh)

    def on_missing(self) -> None:
        """Tell that there is no OpenGL; everything else goes on."""
        self._rest.stop()
        self._ask.stop()
        self._window.stages.show_missing()
        if self._window.surface_bar is not None:
            self._window.surface_bar.show_usable(False)
        self._problems.tell(
            f"There is no OpenGL here, so nothing is seen in 3D; {shown_key('view_contour')} shows "
            "the contour.",
            kind="warning",
        )

    def _open(self) -> None:
        """Build the 3D view, once it is wanted: imports and OpenGL cost time and memory."""
        from optiviz.gui.panels.surface_bar import SurfaceBar
        from optiviz.gui.views.surface3d import Surface3DView

        view, bar = Surface3DView(), SurfaceBar()
        self._view = view
        view.camera3d_changed.connect(self.on_camera_settled)
        view.turntable_stopped.connect(self.show_turning)
        view.opengl_missing.connect(self.on_missing)
        bar.command_wished.connect(self._window.wish)
        bar.follow_wished.connect(self.follow)
        bar.knob_changed.connect(self.on_knob_changed)
        self._window.add_surface(view, bar)
        self._show_viewpoint(self._store.scene)
        self._show_relief()

    def _seen(self) -> Surface3DView | None:
        """Give the 3D view, if it is seen; else tell how to see it."""
        if self._view is not None and self._window.stages.shows_surface:
            return self._view
        keys = f"{shown_key('view_3d')} or {shown_key('view_split')}"
        self._problems.tell(f"That is for the 3D view, which {keys} shows.", kind="info")
        return None

    def _show_viewpoint(self, scene: Scene) -> None:
        if self._view is not None:
            self._view.show_camera3d(camera_of(scene))

    def _show_relief(self) -> None:
        view, bar, relief = self._view, self._window.surface_bar, self._relief
        if view is not None and bar is not None:
            bar.show_relief(relief)
            view.show_exaggeration(relief.exaggeration)
            view.show_opacity(relief.opacity)

    def _show_followed(self, scene: Scene) -> None:
        shown = scene.shown_racers()
        index = next((each for each in shown if scene.racers[each].style == self._followed), -1)
        if self._view is not None and self._window.surface_bar is not None:
            self._view.show_follow(index)
            self._window.surface_bar.show_followed(self._followed if index >= 0 else -1)

    def _ask_mesh(self, points: int = RESTING) -> None:
        """Ask for the surface as it is now, if somebody looks at it."""
        self._rest.stop()
        view = self._view
        if view is None or view.missing or not self._window.stages.shows_surface:
            return
        spec = mesh_spec(self._store.scene, self._relief, points)
        if view.mesh is not None and view.mesh.spec == spec:
            self._ask.stop()  # it is there already; no older wish may replace it
        else:
            self._ask.want(spec)


def camera_of(scene: Scene) -> Camera3D | None:
    """Give the camera that looks at a scene's surface from its viewpoint; ``None`` shows it all."""
    from optiviz.gui.views.surface3d.camera import Camera3D

    return None if scene.viewpoint is None else Camera3D(*astuple(scene.viewpoint))


def _viewpoint_of(view: Surface3DView) -> Viewpoint | None:
    """Give a view's camera as a scene keeps it; ``None`` is where one looks from at first."""
    if view.camera_is_home:
        return None
    azimuth, elevation, *lengths = astuple(view.camera)
    angles = (round(angle, _DEGREES) for angle in (azimuth, elevation))
    return Viewpoint(*angles, *(round(length, _LENGTHS) for length in lengths))
