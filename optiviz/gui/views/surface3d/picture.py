"""The surface itself: a picture that OpenGL drew, kept until camera, mesh or colours change."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from optiviz.gui.drawing.layer import Layer
from optiviz.gui.theme.stylesheet import mixed

if TYPE_CHECKING:
    from optiviz.engine.mesh import Mesh
    from optiviz.gui.theme.palette import Theme
    from optiviz.gui.views.surface3d.gl import Paint, Shot, SurfaceGl
    from optiviz.gui.views.surface3d.projection import SurfaceProjection

_LINE_SHARE = 0.62  # as on the contour
_LINE = 0.8  # pixels
#: A picture that takes longer is drawn without smooth edges while the camera moves.
_SLOW = 0.012  # seconds
_ROUGH_POINTS = 100  # along the longer side of a mesh that is drawn in haste, or up to twice that
_LIGHT = (-0.45, 0.55, 0.7)  # right, up, toward the viewer


class SurfacePicture(Layer):
    """Pastes what was drawn last. Drawing is asked for by the stage, between two paintings."""

    def __init__(self, depth: float) -> None:
        super().__init__(depth)
        self._gl: SurfaceGl | None = None
        self._picture: QPixmap | None = None
        self._opacity = 1.0
        self._slow = False  # a picture with smooth edges takes long here
        self._rough = False
        self.drawn = 0  # pictures that were drawn since the beginning

    @property
    def gl(self) -> SurfaceGl | None:
        """What draws; ``None`` until the first picture is wanted."""
        return self._gl

    @property
    def ground(self) -> QColor:
        """The colour behind the surface."""
        return ground_of(self.look.theme)

    def open(self) -> None:
        """Begin to use OpenGL.

        Raises:
            NoOpenGL: there is none here.
        """
        if self._gl is None:
            from optiviz.gui.views.surface3d.gl import SurfaceGl

            self._gl = SurfaceGl()

    def close(self) -> None:
        """Give OpenGL back; the last picture stays."""
        if self._gl is not None:
            self._gl.release()
            self._gl = None

    @property
    def thickness(self) -> float:
        """How thick the surface is: 1 hides what lies behind it."""
        return self._opacity

    def show_opacity(self, opacity: float) -> None:
        """Show the surface as thick as this."""
        self._opacity = min(max(opacity, 0.1), 1.0)

    def is_rough(self) -> bool:
        """Say whether the picture was drawn in haste, so that a better one is due."""
        return self._rough

    def render(
        self, mesh: Mesh, seen: SurfaceProjection, sharpness: float, *, moving: bool
    ) -> np.ndarray:
        """Draw the surface, and give the depths of the picture's pixels.

        Raises:
            NoOpenGL: it gave up.
        """
        gl = self._gl
        assert gl is not None, "opened before"
        gl.show_mesh(mesh)
        self._rough = moving and self._slow
        begun = time.perf_counter()
        shot, paint = self._shot(seen, sharpness), self._paint(sharpness)
        # A renderer that is slow with smooth edges is slow with many faces, too.
        step = max(1, max(mesh.shape) // _ROUGH_POINTS)
        image, depth = (
            gl.picture(shot, paint, 0, step=step) if self._rough else gl.picture(shot, paint)
        )
        if not self._rough:
            self._slow = time.perf_counter() - begun > _SLOW
        image.setDevicePixelRatio(sharpness)
        self._picture = QPixmap.fromImage(image)
        self.drawn += 1
        self.update()
        return depth

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Paste the picture."""
        if self._picture is None:
            painter.fillRect(self.boundingRect(), self.ground)
            return
        painter.drawPixmap(0, 0, self._picture)

    def image(self) -> QImage:
        """The picture as it was drawn last."""
        return QImage() if self._picture is None else self._picture.toImage()

    def _shot(self, seen: SurfaceProjection, sharpness: float) -> Shot:
        from optiviz.gui.views.surface3d.gl import Shot

        right, up, back = seen.camera.axes()
        light = sum(share * axis for share, axis in zip(_LIGHT, (right, up, back), strict=True))
        eye = seen.camera.eye
        return Shot(
            seen.matrix,
            seen.stretch,
            seen.depths,
            np.asarray(light) / np.linalg.norm(light),
            (-1 if eye[0] > 0.0 else 1, -1 if eye[1] > 0.0 else 1),
            max(1, round(seen.width * sharpness)),
            max(1, round(seen.height * sharpness)),
        )

    def _paint(self, sharpness: float) -> Paint:
        from optiviz.gui.views.surface3d.gl import Paint

        theme = self.look.theme
        shadow, gain = (0.62, 0.72) if theme.name == "dark" else (0.72, 0.38)
        return Paint(
            self.ground,
            tuple(map(QColor, theme.surface)),
            QColor(mixed(theme.surface[-2], theme.contour, _LINE_SHARE)),
            max(1.0, min(1.0, self.look.px(_LINE)) * sharpness),
            shadow,
            gain,
            self._opacity,
        )


def ground_of(theme: Theme) -> QColor:
    """The colour behind the surface in a theme."""
    return QColor(theme.window)
