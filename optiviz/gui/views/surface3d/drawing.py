"""When the 3D view's surface is drawn: seldom, and again with smooth edges once nothing moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from optiviz.gui.qt.timers import Debounce, once
from optiviz.gui.views.surface3d.missing import NoOpenGL
from optiviz.gui.views.surface3d.projection import projection_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from optiviz.engine.mesh import Mesh
    from optiviz.gui.views.surface3d.guide import CameraGuide
    from optiviz.gui.views.surface3d.hand import SurfaceHand
    from optiviz.gui.views.surface3d.stage import SurfaceCanvas

_REST_MS = 250


class SurfaceDrawing(QObject):
    """Draws the surface onto the stage, as often as needed and as finely as there is time for.

    However much changes before control returns to the event loop, it is drawn once. While a hand
    or a flight moves the camera, it is drawn in haste where it takes long; 250 ms later it is drawn
    as it is to stay.

    Attributes:
        mesh: the relief that is drawn, or ``None``.
        missing: whether OpenGL was asked for and is not to be had; then nothing is drawn.

    Signals:
        rested(): nothing moves, and what depends on positions alone may be placed anew.
        opengl_missing(): there is no OpenGL, or it gave up.
    """

    rested = Signal()
    opengl_missing = Signal()

    def __init__(
        self, view: QWidget, stage: SurfaceCanvas, guide: CameraGuide, hand: SurfaceHand
    ) -> None:
        super().__init__(view)
        self._view, self._stage, self._guide, self._hand = view, stage, guide, hand
        self.mesh: Mesh | None = None
        self.missing = False
        self._rebuilt = False  # the mesh is new, and the next one may be under way
        self._frame = once(self, 0, self.draw_now)
        self._rest = Debounce(self, _REST_MS, self.on_rest)

    def show_mesh(self, mesh: Mesh) -> None:
        """Draw this relief from now on."""
        self.mesh = mesh
        self._rebuilt = True
        self.ask()

    def ask(self) -> None:
        """Draw the surface once control returns, if somebody sees it."""
        if self.mesh is not None and self._view.isVisible() and not self.missing:
            self._frame.start()

    def draw_now(self) -> None:
        """Draw the surface at once, seen or not."""
        self._frame.stop()
        mesh, width, height = self.mesh, self._view.width(), self._view.height()
        if mesh is None or self.missing or width < 2 or height < 2:
            return
        guide = self._guide
        guide.show_picture(mesh, width, height)
        seen = projection_of(mesh, guide.camera, guide.stretch(mesh), width, height)
        moving = self._is_moving() or self._rebuilt
        self._rebuilt = False
        try:
            self._stage.picture.open()
            sharpness = self._view.devicePixelRatioF()
            self._stage.show_surface(mesh, seen, sharpness, moving=moving)
        except NoOpenGL:
            self._give_up()
            return
        if not moving:
            self.rested.emit()
        self._rest.soon()

    def rest_soon(self) -> None:
        """Take note that something moved; 250 ms after the last time, all is at rest."""
        self._rest.soon()

    def on_rest(self) -> None:
        """Say that nothing moves, and smooth the edges of a picture that was drawn in haste."""
        if self._is_moving():
            self._rest.soon()
            return
        self.rested.emit()
        if self._stage.picture.is_rough():
            self.ask()

    def try_opengl(self) -> None:
        """Find out at once whether there is OpenGL, be there a mesh or not."""
        if self.missing:
            return
        try:
            self._stage.picture.open()
        except NoOpenGL:
            self._give_up()

    def stop(self) -> None:
        """Draw nothing any more until it is asked for again."""
        self._frame.stop()
        self._rest.stop()

    def _is_moving(self) -> bool:
        return self._hand.moves_camera or self._guide.motion.busy

    def _give_up(self) -> None:
        self.missing = True
        self._stage.picture.close()
        self.opengl_missing.emit()
