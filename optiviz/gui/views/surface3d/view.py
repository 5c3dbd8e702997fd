"""The surface in three dimensions, and the racers on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Signal

from optiviz.gui.stage.racers import differs, has_new_paths, in_words
from optiviz.gui.views.stage_view import StageView
from optiviz.gui.views.surface3d.drawing import SurfaceDrawing
from optiviz.gui.views.surface3d.guide import CameraGuide, CameraPreset
from optiviz.gui.views.surface3d.hand import TIP, SurfaceHand
from optiviz.gui.views.surface3d.missing import NO_OPENGL, MissingNote
from optiviz.gui.views.surface3d.stage import SurfaceCanvas
from optiviz.gui.views.surface3d.strokes import look_through

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from optiviz.engine import Race
    from optiviz.engine.mesh import Mesh
    from optiviz.gui.drawing.projection import Projection
    from optiviz.gui.theme.palette import Look
    from optiviz.gui.views.surface3d.camera import Camera3D
    from optiviz.gui.views.surface3d.projection import SurfaceProjection
    from optiviz.scene import Scene

#: What the arrow keys do, for those who do not see the stage.
_KEYS = "Arrow keys move the start, with Shift finely; with Ctrl they turn the surface."


class Surface3DView(StageView):
    """The 3D view. It draws nothing, and uses no OpenGL, before it is seen for the first time.

    Signals, beside a stage's:
        camera3d_changed(camera): a hand or a flight moved the camera, and it came to rest.
        turntable_stopped(): a hand took the camera while it turned by itself.
        opengl_missing(): there is no OpenGL, and a sentence stands in the pane.
    """

    camera3d_changed = Signal(object)
    turntable_stopped = Signal()
    opengl_missing = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surface3d_view")
        self.setAccessibleName("3D stage")
        self.setToolTip(TIP)
        self._scene: Scene | None = None
        self._race: Race | None = None
        self._position = 0.0
        self._follow = -1
        self._dragged = False  # a hand changes the scene: the ghost of what was before is there
        self.stage = SurfaceCanvas(self)
        self.start_handle = self.stage.start_handle
        self.note = MissingNote(self)
        self.guide = CameraGuide(self)
        hand = SurfaceHand(self, self.stage, lambda: self.guide.camera)
        self.drawing = SurfaceDrawing(self, self.stage, self.guide, hand)
        self._follow_hand(hand)
        self._connect(hand)
        # OpenGL's memory is freed by nobody else.
        self.destroyed.connect(self.stage.picture.close)

    def _connect(self, hand: SurfaceHand) -> None:
        guide, drawing = self.guide, self.drawing
        hand.camera_asked.connect(guide.on_asked)
        hand.camera_settled.connect(guide.on_settled)
        guide.moved.connect(drawing.ask)
        guide.settled.connect(self.camera3d_changed)
        guide.turntable_stopped.connect(self.turntable_stopped)
        drawing.rested.connect(self._settle_names)
        drawing.opengl_missing.connect(self._show_missing)

    @property
    def projection(self) -> SurfaceProjection | None:
        """How the surface is seen; ``None`` before the first picture."""
        return self.stage.projection

    @property
    def camera(self) -> Camera3D:
        """From where the surface is looked at."""
        return self.guide.camera

    @property
    def camera_is_home(self) -> bool:
        """Whether all of the surface is looked at, as at first."""
        return self.guide.is_home

    @property
    def mesh(self) -> Mesh | None:
        """The relief that is shown."""
        return self.drawing.mesh

    @property
    def turning(self) -> bool:
        """Whether the turntable turns."""
        return self.guide.motion.turning

    @property
    def missing(self) -> bool:
        """Whether OpenGL was asked for and is not to be had."""
        return self.drawing.missing

    def pixel_of(self, x: float, y: float) -> QPointF:
        """Where a point of the surface is seen on the widget."""
        seen = self.projection
        return QPointF() if seen is None else QPointF(*seen.pixel(x, y))

    def units(self) -> tuple[float, float]:
        """How much of x and of y a pixel shows, about: so finely a hand can put the start."""
        seen = self.projection
        return (0.0, 0.0) if seen is None else (1.0 / seen.x_scale, 1.0 / seen.y_scale)

    def show_scene(self, scene: Scene) -> None:
        """Show the scene's start, and which racers are on; the surface follows as a mesh."""
        before, self._scene = self._scene, scene
        if before is not None and self._race is not None and differs(before, scene):
            if self.isVisible():
                self._hold()
        self.start_handle.show_point(*scene.start)
        self.stage.show_start_hidden()
        self._show_titles(scene)
        self.stage.arrange()
        if self._race is not None and len(scene.racers) == len(self._race.runs):
            self._show_racers(self._race)
        picture = f"{scene.surface.title} in three dimensions"
        self.setAccessibleDescription(in_words(scene, picture, _KEYS))

    def show_race(self, race: Race) -> None:
        """Show a race's paths."""
        before, self._race = self._race, race
        self._show_racers(race, fresh=has_new_paths(before, race))
        self._settle_names()
        self._release()

    def preparation(self) -> Callable[[Race], None]:
        """Find the outlines of long paths, at the scale at which they are looked at now."""
        seen = self.projection
        if seen is None or not self.isVisible():
            return super().preparation()
        return partial(_look_through, plan=seen.plan, sharpness=self.devicePixelRatioF())

    def show_ghost(self, race: Race | None) -> None:
        """Show the paths as they were before the change under way, or take them away."""
        self._dragged = race is not None
        self._settle_names()
        self.stage.racers.show_ghost(race, self._scene)

    def show_mesh(self, mesh: Mesh) -> None:
        """Show the surface as this relief; nothing else gives it another one."""
        self.drawing.show_mesh(mesh)
        if self._scene is not None:
            self._show_titles(self._scene)

    def show_step(self, position: float) -> None:
        """Show the playhead; between two steps it is a fraction."""
        self._position = position
        self.stage.show_position(position)
        self.guide.show_position(position, self.mesh)
        self.drawing.rest_soon()

    def show_look(self, look: Look) -> None:
        """Show everything in this theme and scale."""
        self.stage.show_look(look)
        self.guide.motion.show_reduced(look.reduced_motion)
        self.note.show_look(look)
        self.drawing.ask()

    def show_camera3d(self, camera: Camera3D | None) -> None:
        """Look from there at once; ``None`` is where one looks from at first."""
        self.guide.show_camera(camera)

    def fly_to(self, place: CameraPreset) -> None:
        """Go to a good camera; where motion is to be reduced, at once."""
        if self.mesh is not None and self._scene is not None:
            self.guide.fly(place, self.mesh, self._scene.start)

    def show_turntable(self, on: bool) -> None:
        """Turn slowly around, until a hand takes the camera."""
        self.guide.motion.show_turning(on)

    def show_follow(self, index: int) -> None:
        """Keep looking at a racer, by its place in the scene; -1 follows nobody."""
        self._follow = index
        self._follow_racer()

    def show_exaggeration(self, factor: float) -> None:
        """Show heights so many times as high, 0.1 … 5."""
        self.guide.show_exaggeration(factor)

    def show_stretch(self, on: bool) -> None:
        """Let the axes have scales of their own; or keep them equal."""
        self.guide.show_stretch(on)

    def show_opacity(self, opacity: float) -> None:
        """Show the surface as thick as this: 1 hides what lies behind it."""
        self.stage.show_opacity(opacity)
        self.drawing.ask()

    def release(self) -> None:
        """Give OpenGL back; the last picture stays. Whoever sees the view again gets it anew."""
        self.stage.picture.close()

    def draw_now(self) -> None:
        """Draw the surface at once, seen or not; else it is drawn once control returns."""
        self.drawing.draw_now()

    def _show_racers(self, race: Race, *, fresh: bool = False) -> None:
        if self._scene is not None:
            self.stage.racers.show_race(race, self._scene, fresh=fresh)
            self._follow_racer()

    def _follow_racer(self) -> None:
        runs = () if self._race is None else self._race.runs
        self.guide.show_followed(runs[self._follow].path if 0 <= self._follow < len(runs) else None)
        self.guide.show_position(self._position, self.mesh)

    def _show_titles(self, scene: Scene) -> None:
        x, y = scene.surface.axis_names
        linear = self.mesh is not None and self.mesh.spec.heights == "linear"
        self.stage.axes.show_titles(x, y, "loss" if linear else "loss above its least")

    def _settle_names(self) -> None:
        if not self._dragged:
            self.stage.racers.show_settled()

    def _show_missing(self) -> None:
        """Say in one sentence that there is no OpenGL, and what to do."""
        self.stage.hide()
        self.note.show()
        self.setToolTip("")
        self.setAccessibleDescription(NO_OPENGL)
        self.guide.motion.pause()
        self.opengl_missing.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.drawing.ask()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.drawing.try_opengl()
        self.guide.motion.resume()
        self.drawing.ask()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.guide.motion.pause()
        self.drawing.stop()
        self._release()
        # A view that nobody sees keeps nothing in the graphics card.
        self.release()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.note.setGeometry(self.rect())
        self.drawing.ask()


def _look_through(race: Race, plan: Projection, sharpness: float) -> None:
    for run in race.runs:
        look_through(run.path, plan, sharpness)
