"""The surface in three dimensions, and the racers on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QHideEvent, QResizeEvent, QShowEvent

from optiviz.engine.digits import rounded
from optiviz.gui.qt.timers import once
from optiviz.gui.stage.racers import differs, same_paths
from optiviz.gui.views.stage_view import StageView
from optiviz.gui.views.surface3d.guide import CameraGuide, CameraPreset
from optiviz.gui.views.surface3d.hand import TIP, SurfaceHand
from optiviz.gui.views.surface3d.missing import NO_OPENGL, MissingNote, NoOpenGL
from optiviz.gui.views.surface3d.projection import SurfaceProjection, projection_of
from optiviz.gui.views.surface3d.stage import SurfaceCanvas
from optiviz.gui.views.surface3d.strokes import look_through

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget

    from optiviz.engine import Race
    from optiviz.engine.mesh import Mesh
    from optiviz.gui.drawing.projection import Projection
    from optiviz.gui.stage.letters import Letter
    from optiviz.gui.stage.snapshots import SnapshotMark
    from optiviz.gui.theme.palette import Look
    from optiviz.gui.views.surface3d.camera import Camera3D
    from optiviz.scene import Scene

#: A new race takes a millisecond or two; a start that is dragged waits no longer than this for it.
_PATIENCE_MS = 8
_REST_MS = 250

_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


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
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 160)
        self._scene: Scene | None = None
        self._race: Race | None = None
        self._mesh: Mesh | None = None
        self._position = 0.0
        self._follow = -1
        self._missing = False
        self._rebuilt = False  # the mesh is new, and the next one may be under way
        self._dragged = False
        self.stage = SurfaceCanvas(self)
        self.start_handle = self.stage.start_handle
        self.note = MissingNote(self)
        guide = self.guide = CameraGuide(self)
        guide.moved.connect(self._ask_frame)
        guide.settled.connect(self.camera3d_changed)
        guide.turntable_stopped.connect(self.turntable_stopped)
        self._build_hand()
        self._frame = once(self, 0, self.draw_now)
        self._held = once(self, _PATIENCE_MS, self._release)
        self._rest = once(self, _REST_MS, self.on_rest)
        # The picture's memory lies outside of Qt's and Python's care.
        self.destroyed.connect(self.stage.picture.close)

    def _build_hand(self) -> None:
        hand = self._hand = SurfaceHand(self, self.stage, lambda: self.guide.camera)
        hand.start_dragged.connect(self.start_dragged)
        hand.start_drag_finished.connect(self.start_drag_finished)
        hand.camera_asked.connect(self.guide.on_asked)
        hand.camera_settled.connect(self.guide.on_settled)
        hand.pointer_moved.connect(self.pointer_moved)
        hand.pointer_left.connect(self.pointer_left)
        hand.head_hovered.connect(self.head_hovered)
        hand.pointed.connect(self.stage.readout.show_pointer)

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
        return self._mesh

    @property
    def turning(self) -> bool:
        """Whether the turntable turns."""
        return self.guide.motion.turning

    @property
    def missing(self) -> bool:
        """Whether OpenGL was asked for and is not to be had."""
        return self._missing

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
            self._hold()
        self.start_handle.show_point(*scene.start)
        self.stage.show_start_hidden()
        x, y = scene.surface.axis_names
        self.stage.axes.show_titles(x, y, self._height_title())
        self.stage.arrange()
        if self._race is not None and len(scene.racers) == len(self._race.runs):
            self._show_racers(self._race)
        self.setAccessibleDescription(_in_words(scene))

    def show_race(self, race: Race) -> None:
        """Show a race's paths."""
        before, self._race = self._race, race
        fresh = before is None or not before.is_sketch or not same_paths(before, race)
        self._show_racers(race, fresh=fresh)
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
        self._mesh = mesh
        self._rebuilt = True
        if self._scene is not None:
            x, y = self._scene.surface.axis_names
            self.stage.axes.show_titles(x, y, self._height_title())
        self._ask_frame()

    def show_step(self, position: float) -> None:
        """Show the playhead; between two steps it is a fraction."""
        self._position = position
        self.stage.show_position(position)
        self.guide.show_position(position, self._mesh)
        self._rest.start()

    def show_look(self, look: Look) -> None:
        """Show everything in this theme and scale."""
        self.stage.show_look(look)
        self.guide.motion.show_reduced(look.reduced_motion)
        self.note.show_look(look)
        self._ask_frame()

    def show_locked(self, on: bool) -> None:
        """Keep the start from accidents; one may still look around."""
        self._hand.show_locked(on)

    def show_camera3d(self, camera: Camera3D | None) -> None:
        """Look from there at once; ``None`` is where one looks from at first."""
        self.guide.show_camera(camera)

    def fly_to(self, place: CameraPreset) -> None:
        """Go to a good camera; where motion is to be reduced, at once."""
        if self._mesh is not None and self._scene is not None:
            self.guide.fly(place, self._mesh, self._scene.start)

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
        self._ask_frame()

    def show_pointer(self, point: tuple[float, float] | None) -> None:
        """Show where another view's pointer is."""
        self.stage.pointer.show_point(point)

    def show_formula(self, pixmap: QPixmap | None) -> None:
        """Show the surface's typeset formula, or none."""
        self.stage.formula.show_formula(pixmap)
        self.stage.arrange()

    def show_readout(self, lines: tuple[str, ...]) -> None:
        """Show what is told about the point under the pointer; nothing hides it."""
        self.stage.show_readout(tuple(lines))

    def show_caption(self, lines: tuple[str, ...]) -> None:
        """Print settings onto the picture, or take them off."""
        self.stage.show_caption(tuple(lines))

    def show_endpoints(self, points: np.ndarray | None, racer_style: int = 0) -> None:
        """Show where many seeds of a racer end, (n, 2), or nothing."""
        self.stage.endpoints.show_endpoints(points, racer_style)

    def show_letters(self, letters: Sequence[Letter]) -> None:
        """Write letters beside minima, or none."""
        self.stage.show_letters(letters)

    def show_snapshots(self, marks: Sequence[SnapshotMark]) -> None:
        """SnapshotMark where cycles ended."""
        self.stage.show_snapshots(marks)

    def release(self) -> None:
        """Give OpenGL back; the last picture stays. Whoever sees the view again gets it anew."""
        self.stage.picture.close()

    def draw_now(self) -> None:
        """Draw the surface at once, seen or not; else it is drawn once control returns."""
        self._frame.stop()
        mesh = self._mesh
        if mesh is None or self._missing or self.width() < 2 or self.height() < 2:
            return
        self.guide.show_picture(mesh, self.width(), self.height())
        stretch = self.guide.stretch(mesh)
        seen = projection_of(mesh, self.camera, stretch, self.width(), self.height())
        moving = self._is_moving() or self._rebuilt
        self._rebuilt = False
        picture = self.stage.picture
        try:
            picture.open()
            self.stage.show_surface(mesh, seen, self.devicePixelRatioF(), moving=moving)
        except NoOpenGL:
            self._show_missing()
            return
        if not moving:
            self._settle_names()
        self._rest.start()

    def on_rest(self) -> None:
        """Now that nothing moves, smooth edges and put names where positions alone put them."""
        if self._is_moving():
            self._rest.start()
            return
        self._settle_names()
        if self.stage.picture.is_rough():
            self._ask_frame()

    def _show_racers(self, race: Race, *, fresh: bool = False) -> None:
        if self._scene is not None:
            self.stage.racers.show_race(race, self._scene, fresh=fresh)
            self._follow_racer()

    def _follow_racer(self) -> None:
        runs = () if self._race is None else self._race.runs
        self.guide.show_followed(runs[self._follow].path if 0 <= self._follow < len(runs) else None)
        self.guide.show_position(self._position, self._mesh)

    def _is_moving(self) -> bool:
        return self._hand.moves_camera or self.guide.motion.busy

    def _height_title(self) -> str:
        linear = self._mesh is not None and self._mesh.spec.heights == "linear"
        return "loss" if linear else "loss above least"

    def _hold(self) -> None:
        if not self._held.isActive() and self.isVisible():
            self.stage.hold()
            self._held.start()

    def _release(self) -> None:
        self._held.stop()
        self.stage.release()

    def _settle_names(self) -> None:
        if not self._dragged:
            self.stage.racers.show_settled()

    def _ask_frame(self) -> None:
        if self._mesh is not None and self.isVisible() and not self._missing:
            self._frame.start()

    def _show_missing(self) -> None:
        """Say in one sentence that there is no OpenGL, and what to do."""
        self._missing = True
        self.stage.picture.close()
        self.stage.hide()
        self.note.show()
        self.setToolTip("")
        self.setAccessibleDescription(NO_OPENGL)
        self.guide.motion.pause()
        self.opengl_missing.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._ask_frame()
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            known = self.projection is not None
            if not known or not self.start_handle.holds(QPointF(event.pos())):
                event.ignore()
                return True
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._missing:
            self._try_opengl()
        self.guide.motion.resume()
        self._ask_frame()

    def _try_opengl(self) -> None:
        """Find out at once whether there is OpenGL, be there a mesh or not."""
        try:
            self.stage.picture.open()
        except NoOpenGL:
            self._show_missing()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.guide.motion.pause()
        for timer in (self._frame, self._rest):
            timer.stop()
        self._release()
        # A view that nobody sees keeps nothing in the graphics card.
        self.release()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.stage.setGeometry(self.rect())
        self.note.setGeometry(self.rect())
        self._ask_frame()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.stage.focus_ring.setVisible(event.reason() in _BY_KEYBOARD)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.stage.focus_ring.setVisible(False)


def _in_words(scene: Scene) -> str:
    """Say what the stage shows, for those who do not see it."""
    count = len(scene.shown_racers())
    racers = "1 racer" if count == 1 else f"{count} racers"
    x, y = (rounded(at, 4) for at in scene.start)
    return (
        f"{scene.surface.title} in three dimensions, {racers} from ({x}, {y}). "
        "Arrow keys move the start, with Shift finely; with Ctrl they turn the surface."
    )


def _look_through(race: Race, plan: Projection, sharpness: float) -> None:
    for run in race.runs:
        look_through(run.path, plan, sharpness)
