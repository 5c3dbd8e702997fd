"""Who looks at the surface, from where: good cameras, flights, the turntable, following a racer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from optiviz.gui.views.surface3d.camera import (
    Camera3D,
    Stretch,
    along_the_valley,
    at_home,
    from_above,
    from_the_start,
    stretch_of,
)
from optiviz.gui.views.surface3d.motion import CameraMotion

if TYPE_CHECKING:
    import numpy as np

    from optiviz.engine.mesh import Mesh
    from optiviz.engine.surfaces.base import Point

CameraPreset = Literal["home", "above", "valley", "start"]

_LOW = 24.0  # degrees: over all of the surface, where there is no valley to look along
LEAST_EXAGGERATION, MOST_EXAGGERATION = 0.1, 5.0


class CameraGuide(QObject):
    """The camera of the 3D view, and what moves it.

    At home it shows all of the surface: it goes back when heights are exaggerated, and near where
    there is room, until a hand or a flight takes it elsewhere.

    Attributes:
        camera: from where the surface is looked at.
        is_home: whether that is where one looks from at first.

    Signals:
        moved(): the surface is to be seen anew.
        settled(camera): a hand or a flight moved the camera, and it came to rest.
        turntable_stopped(): a hand took the camera while it turned by itself.
    """

    moved = Signal()
    settled = Signal(object)
    turntable_stopped = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.camera = Camera3D()
        self.is_home = True
        self._flies_home = False
        self._seen: tuple[Mesh, float, float] | None = None  # what was drawn last, how large
        self.motion = CameraMotion(self, lambda: self.camera)
        self.motion.moved.connect(self.on_moved)
        self.motion.arrived.connect(self.on_settled)
        self._exaggeration = 1.0
        self._equal_axes = True
        self._path: np.ndarray | None = None  # of the racer that is followed
        self._position = 0.0

    def stretch(self, mesh: Mesh) -> Stretch:
        """The sizes that the box of a mesh is shown at."""
        return stretch_of(mesh, self._exaggeration, equal_axes=self._equal_axes)

    def camera_at(self, place: CameraPreset, mesh: Mesh, start: Point) -> Camera3D:
        """Give one of the good cameras."""
        stretch = self.stretch(mesh)
        if place == "above":
            return from_above(stretch)
        if place == "start":
            return from_the_start(mesh, start, stretch)
        _, width, height = self._seen or (mesh, 1.0, 1.0)
        if place == "home":
            return at_home(stretch, width, height)
        along = along_the_valley(mesh.spec.field.surface, mesh, start, stretch)
        return along or at_home(stretch, width, height, _LOW)

    def fly(self, place: CameraPreset, mesh: Mesh, start: Point) -> None:
        """Go to one of the good cameras; where motion is to be reduced, at once."""
        self.motion.show_turning(False)
        self._flies_home = place == "home"
        self.motion.fly(self.camera_at(place, mesh, start))

    def show_camera(self, camera: Camera3D | None) -> None:
        """Look from there at once; ``None`` is where one looks from at first."""
        self.is_home = camera is None
        if camera is not None:
            self.camera = camera
        elif self._seen is not None:
            self.show_picture(*self._seen)
        self.moved.emit()

    def show_picture(self, mesh: Mesh, width: float, height: float) -> None:
        """Take note of what is about to be drawn, and how large; at home, all of it is seen."""
        self._seen = mesh, width, height
        if self.is_home:
            self.camera = at_home(self.stretch(mesh), width, height)

    def show_exaggeration(self, factor: float) -> None:
        """Show heights so many times as high, within bounds."""
        self._exaggeration = min(max(factor, LEAST_EXAGGERATION), MOST_EXAGGERATION)
        self.moved.emit()

    def show_stretch(self, on: bool) -> None:
        """Let the axes have scales of their own; or keep them equal."""
        self._equal_axes = not on
        self.moved.emit()

    def show_followed(self, path: np.ndarray | None) -> None:
        """Keep looking at who goes along a path (n, 2); ``None``: at nobody."""
        self._path = path
        if path is None:
            self.motion.follow(None)

    def show_position(self, position: float, mesh: Mesh | None) -> None:
        """Go after the racer that is followed."""
        self._position = position
        path = self._path
        if path is None or mesh is None:
            return
        at = min(max(position, 0.0), len(path) - 1.0)
        step, share = int(at), at - int(at)
        a, b = path[step], path[min(step + 1, len(path) - 1)]
        point = ((1.0 - share) * a + share * b)[None]
        self.motion.follow(mesh.lifted(point)[0] * self.stretch(mesh))

    def on_asked(self, camera: Camera3D) -> None:
        """Look from where a hand wants to."""
        self._flies_home = False
        turned = self.motion.turning
        self.motion.stop()
        if turned:
            self.turntable_stopped.emit()
        self.on_moved(camera)

    def on_moved(self, camera: Camera3D) -> None:
        """Look from there."""
        if camera != self.camera:
            self.camera = camera
            self.is_home = False
            self.moved.emit()

    def on_settled(self) -> None:
        """Tell where the camera came to rest."""
        if self._flies_home:
            self.is_home, self._flies_home = True, False
        self.moved.emit()
        self.settled.emit(self.camera)
