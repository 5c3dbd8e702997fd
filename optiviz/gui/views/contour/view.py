"""The stage: the surface from above, and the racers on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Signal

from optiviz.gui.drawing.projection import Projection, Window, fit
from optiviz.gui.qt.timers import Debounce, once
from optiviz.gui.stage.racers import (
    differs,
    ghosts_of,
    has_new_paths,
    heads_of,
    in_words,
    look_at,
    shown_runs,
    trails_of,
)
from optiviz.gui.views.contour.hand import ContourHand
from optiviz.gui.views.contour.stage import ContourCanvas
from optiviz.gui.views.stage_view import StageView

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from optiviz.engine import Field, Race, Surface
    from optiviz.engine.chance import BatchField, Cloud
    from optiviz.engine.surfaces import Point
    from optiviz.gui.theme.palette import Look
    from optiviz.scene import Camera, Scene


#: When nothing has moved for so long, names stand where the positions alone put them.
_REST_MS = 250

#: What the arrow keys do, for those who do not see the stage.
_KEYS = "Arrow keys move the start; with Shift, finely."


class ContourView(StageView):
    """The contour view.

    Signals, beside a stage's:
        camera_moved(x0, x1, y0, y1): a hand zooms or pans; camera_settled(): it stopped.
        visible_changed(x0, x1, y0, y1, width, height): what is visible, or the stage's size in
            device-independent pixels, changed by whatever cause; told once control returns to
            the event loop, so never while something is being shown.
    """

    camera_moved = Signal(float, float, float, float)
    camera_settled = Signal()
    visible_changed = Signal(float, float, float, float, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("contour_view")
        self.setAccessibleName("Contour stage")
        self.setToolTip(
            "The start of all racers: drag it, or move it with the arrow keys (Shift: finely). "
            "A double-click anywhere puts it there."
        )
        self._scene: Scene | None = None
        self._race: Race | None = None
        self._styles: tuple[int, ...] = ()  # of the runs' racers
        self._home: Window = ((-1.0, 1.0), (-1.0, 1.0))
        self._wanted: Window = self._home
        self._projection = Projection()
        self._stretch = False
        self._visible_told: tuple[float, ...] = ()
        self._dragged = False  # a hand changes the scene: the ghost of what was before is there
        self.stage = ContourCanvas(self)
        self.start_handle = self.stage.start_handle
        hand = ContourHand(self, self, self.start_handle, self.stage.heads)
        hand.camera_asked.connect(self._on_camera_asked)
        hand.camera_settled.connect(self.camera_settled)
        self._follow_hand(hand)
        self._moving = Debounce(self, _REST_MS, self._settle)
        self._tell_visible = once(self, 0, self._on_visible_due)
        self._show_window(self._home)

    @property
    def projection(self) -> Projection:
        """What is visible, and the size it is shown at."""
        return self._projection

    @property
    def home(self) -> Window:
        """The surface's window, ((x0, x1), (y0, y1))."""
        return self._home

    def pixel_of(self, x: float, y: float) -> QPointF:
        """Where a point in data coordinates lies on the widget."""
        return QPointF(*self._projection.pixel(x, y))

    def units(self) -> tuple[float, float]:
        """How much of x and of y one pixel is: so finely a hand can put the start."""
        return 1.0 / self._projection.x_scale, 1.0 / self._projection.y_scale

    def show_scene(self, scene: Scene) -> None:
        """Show the scene's start, surface and camera, and which racers are on."""
        before, self._scene = self._scene, scene
        if before is not None and self._race is not None and differs(before, scene):
            self._hold()
        surface = scene.surface
        self.start_handle.show_point(*scene.start)
        if before is None or before.surface != surface:
            # Of data they are searched for, which takes a while: they come with the field.
            known = not surface.has_examples
            places = (tuple(surface.minima), tuple(surface.saddles)) if known else ((), ())
            self.stage.places.show_places(*places)
        (x0, x1), (y0, y1) = surface.window
        self._home = ((float(x0), float(x1)), (float(y0), float(y1)))
        self.show_camera(scene.camera)
        self.stage.arrange()
        if not self._moving.waits:
            self._settle_names()
        if self._race is not None and len(scene.racers) == len(self._race.runs):
            self._show_racers(self._race)
        self.setAccessibleDescription(in_words(scene, f"Contour of {scene.surface.title}", _KEYS))

    def show_race(self, race: Race) -> None:
        """Show a race's paths."""
        before, self._race = self._race, race
        self._show_racers(race, fresh=has_new_paths(before, race))
        self._settle_names()
        self._release()

    def preparation(self) -> Callable[[Race], None]:
        """Find the lines of the paths, as they are looked at now."""
        return partial(look_at, viewport=self.stage.trails.viewport())

    def _settle(self) -> None:
        """Place names anew and draw trails as at rest, now that nothing moves any more."""
        self._settle_names()
        self.stage.trails.show_settled()

    def _settle_names(self) -> None:
        """Place the racers' names anew, so that a scene gives the same picture every time."""
        if not self._dragged:
            self.stage.heads.show_settled()

    def _show_racers(self, race: Race, *, fresh: bool = False) -> None:
        """Give each run the style and name of its racer; compute again only what changed."""
        scene = self._scene
        if scene is None:
            return
        styles = tuple(racer.style for racer in scene.racers[: len(race.runs)])
        if fresh or styles != self._styles:
            self.stage.trails.show_trails(trails_of(race, scene))
        else:
            self.stage.trails.show_shown(shown_runs(race, scene))
        self._styles = styles
        self.stage.heads.show_heads(heads_of(race, scene))

    def show_ghost(self, race: Race | None) -> None:
        """Show the paths as they were before the change under way, or take them away."""
        self._dragged = race is not None
        self._settle_names()
        self.stage.trails.show_ghosts(ghosts_of(race, self._scene))

    def show_field(self, field: Field) -> None:
        """Show the surface's heights and contour lines, and where its minima are."""
        self.stage.surface.show_field(field)
        if self._scene is not None and self._scene.surface == field.spec.surface:
            self.stage.places.show_places(field.minima, field.saddles, field.test_minimum)
        self.stage.scale_bar.show_ticks(tuple(field.ticks))
        self.stage.arrange()

    def shows_surface(self, surface: Surface) -> bool:
        """Say whether this surface is shown all over the stage, be it not finely enough."""
        return self.stage.surface.covers(surface, self._projection.window)

    def show_batch(self, batch: BatchField | None, racer_style: int = 0, words: str = "") -> None:
        """Show the loss of one batch, or none; ``words`` tell in the legend whose it is."""
        self.stage.chance.show_batch(batch, racer_style, words)

    def show_cloud(
        self,
        cloud: Cloud | None,
        racer_style: int = 0,
        words: str = "",
        told: Point | None = None,
    ) -> None:
        """Show many gradients at one point and the one that was told, (2,), or none."""
        self.stage.chance.show_cloud(cloud, racer_style, words, told)

    def show_step(self, position: float) -> None:
        """Show the playhead; between two steps it is a fraction."""
        self.stage.trails.show_position(position)
        self.stage.heads.show_position(position)
        self.stage.snapshots.show_position(position)
        self._moving.soon()

    def show_look(self, look: Look) -> None:
        """Show everything in this theme and scale."""
        self.stage.show_look(look)

    def show_camera(self, camera: Camera | None) -> None:
        """Show a part of the plane entirely; ``None`` shows the surface's window."""
        window = self._home
        if camera is not None:
            window = ((camera.x0, camera.x1), (camera.y0, camera.y1))
        if window == self._projection.window:
            self._wanted = window  # a hand's own way coming back: fitting it would round it
        else:
            self._show_window(window)

    def show_stretch(self, on: bool) -> None:
        """Let the axes have scales of their own, and say so; or keep them equal."""
        self._stretch = on
        self.stage.note.setVisible(on)
        self._show_window(self._wanted)

    def _show_window(self, window: Window) -> None:
        self._wanted = window
        seen = fit(window, self.width(), self.height(), stretch=self._stretch)
        if seen == self._projection:
            return
        self._projection = seen
        self.stage.show_projection(seen)
        self._moving.soon()
        self._tell_visible.start()

    def _on_camera_asked(self, window: Window) -> None:
        self._show_window(window)
        seen = self._projection
        self.camera_moved.emit(seen.x0, seen.x1, seen.y0, seen.y1)

    def _on_visible_due(self) -> None:
        seen = self._projection
        told = (seen.x0, seen.x1, seen.y0, seen.y1, round(seen.width), round(seen.height))
        if told != self._visible_told:
            self._visible_told = told
            self.visible_changed.emit(*told)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.stage.viewport().update()  # the pictures kept are blurred here
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_window(self._wanted)
