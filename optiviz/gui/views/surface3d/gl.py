"""The surface's picture, drawn by OpenGL out of sight and handed over as an image.

Nothing of OpenGL is on the screen: the stage pastes the image, as it pastes its other pictures, and
paints all else over it. So a window is composed as ever, text is sharp, and playing draws no
surface at all. This module is imported when the first picture is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import (
    QColor,
    QImage,
    QMatrix4x4,
    QOffscreenSurface,
    QOpenGLContext,
    QOpenGLFunctions,
    QSurfaceFormat,
    QVector2D,
    QVector3D,
)
from PySide6.QtOpenGL import (
    QOpenGLBuffer,
    QOpenGLShader,
    QOpenGLShaderProgram,
)
from shiboken6 import VoidPtr

from optiviz.gui.views.surface3d.frames import Frames
from optiviz.gui.views.surface3d.missing import NoOpenGL
from optiviz.gui.views.surface3d.shaders import ATTRIBUTES, FRAGMENT, STOPS, VERTEX

if TYPE_CHECKING:
    from optiviz.engine.mesh import Mesh

Array = np.ndarray

# Of OpenGL's header.
_COLOR_AND_DEPTH = 0x4000 | 0x0100
_TRIANGLES, _FLOAT, _UNSIGNED_INT = 0x0004, 0x1406, 0x1405
_DEPTH_TEST, _CULL_FACE, _BLEND = 0x0B71, 0x0B44, 0x0BE2
_FRONT, _BACK, _CLOCKWISE, _LEQUAL = 0x0404, 0x0405, 0x0900, 0x0203
_CONSTANT_ALPHA, _ONE_MINUS_CONSTANT_ALPHA, _ONE, _ZERO = 0x8003, 0x8004, 1, 0
_FUNC_ADD = 0x8006
_MAX_SIZE = 0x84E8  # of a renderbuffer

#: Where in the buffer of faces to begin: a pointer, whatever the stubs say.
_START = cast("int", VoidPtr(0))

SAMPLES = 4
_NUMBERS = sum(count for _, count in ATTRIBUTES)
_STRIDE = 4 * _NUMBERS  # bytes


@dataclass(frozen=True)
class Paint:
    """In which colours and which light the surface is drawn.

    Attributes:
        ground: behind the surface.
        stops: the colour scale, from the valley floor to the heights.
        line, line_width: the contour lines, in device pixels.
        shadow, gain: how bright a surface is that is turned away, and what light adds.
        opacity: 1 hides what lies behind.
        underside: how much of that a wall has that is seen from outside.
    """

    ground: QColor
    stops: tuple[QColor, ...]
    line: QColor
    line_width: float
    shadow: float
    gain: float
    opacity: float = 1.0
    underside: float = 0.45


@dataclass(frozen=True, eq=False)
class Shot:
    """From where the surface is looked at.

    Attributes:
        matrix: (4, 4) from the stretched box to clip coordinates, y pointing down.
        stretch: the box's sizes.
        depths: the nearest and the farthest depth of the box.
        light: (3,) where light comes from, of length 1.
        behind: along which directions of columns and rows farther things lie: 1 or −1 each.
        width, height: device pixels.
    """

    matrix: Array
    stretch: tuple[float, float, float]
    depths: tuple[float, float]
    light: Array
    behind: tuple[int, int]
    width: int
    height: int


class SurfaceGl:
    """One context of OpenGL, out of sight, with a mesh in it.

    Raises:
        NoOpenGL: by all methods but ``release``: the picture cannot be had here.
    """

    def __init__(self) -> None:
        self._surface = QOffscreenSurface()
        self._context = QOpenGLContext()
        self._program: QOpenGLShaderProgram | None = None
        self._vertices: QOpenGLBuffer | None = None
        self._faces: QOpenGLBuffer | None = None
        self._frames = Frames()
        self._mesh: Mesh | None = None
        self._uploaded: Mesh | None = None
        self._ordered: tuple[object, ...] = ()  # the shape and order of the faces in the buffer
        self.corners = 0  # of those faces
        self.uploads = 0  # meshes handed to the card since the beginning
        wanted = QSurfaceFormat()
        wanted.setVersion(2, 1)
        wanted.setDepthBufferSize(24)
        self._context.setFormat(wanted)
        if not self._context.create():
            raise NoOpenGL("no context")
        self._surface.setFormat(self._context.format())
        self._surface.create()
        if not self._surface.isValid():
            self.release()
            raise NoOpenGL("no surface to draw to")
        try:
            self._enter()
            self._build()
            self._leave()
        except NoOpenGL:
            self.release()
            raise

    @property
    def mesh(self) -> Mesh | None:
        """The mesh that is drawn."""
        return self._mesh

    def show_mesh(self, mesh: Mesh) -> None:
        """Draw this mesh from now on."""
        self._mesh = mesh

    def picture(
        self, shot: Shot, paint: Paint, samples: int = SAMPLES, *, step: int = 1
    ) -> tuple[QImage, Array]:
        """Draw the mesh.

        Args:
            samples: for each pixel, against ragged edges; as many as can be had are taken.
            step: one face for so many cells in each direction, where faces are dear.

        Returns:
            The image; and the depth of each pixel in 0 … 255, uint8, where 255 is nothing, for
            every second pixel of every second row.
        """
        before = QOpenGLContext.currentContext()
        surface = before.surface() if before is not None else None
        self._enter()
        try:
            return self._picture(shot, paint, samples, step)
        finally:
            self._leave()
            if before is not None and surface is not None:
                before.makeCurrent(surface)

    def release(self) -> None:
        """Give everything back; nothing can be drawn afterwards."""
        if self._context.isValid() and self._context.makeCurrent(self._surface):
            self._frames.clear()
            for buffer in (self._vertices, self._faces):
                if buffer is not None:
                    buffer.destroy()
            if self._program is not None:
                self._program.removeAllShaders()
            self._program = self._vertices = self._faces = None
            self._context.doneCurrent()
        self._mesh = self._uploaded = None
        self._context = QOpenGLContext()
        self._surface.destroy()

    def _enter(self) -> None:
        if not self._context.isValid() or not self._context.makeCurrent(self._surface):
            raise NoOpenGL("the context is lost")

    def _leave(self) -> None:
        self._context.doneCurrent()

    def _build(self) -> None:
        program = QOpenGLShaderProgram()
        kinds = QOpenGLShader.ShaderTypeBit
        for kind, source in ((kinds.Vertex, VERTEX), (kinds.Fragment, FRAGMENT)):
            if not program.addShaderFromSourceCode(kind, source):
                raise NoOpenGL(program.log())
        for place, (name, _) in enumerate(ATTRIBUTES):
            program.bindAttributeLocation(name, place)
        if not program.link():
            raise NoOpenGL(program.log())
        self._program = program
        self._vertices = QOpenGLBuffer(QOpenGLBuffer.Type.VertexBuffer)
        self._faces = QOpenGLBuffer(QOpenGLBuffer.Type.IndexBuffer)
        if not (self._vertices.create() and self._faces.create()):
            raise NoOpenGL("no buffers")

    def _picture(self, shot: Shot, paint: Paint, samples: int, step: int) -> tuple[QImage, Array]:
        gl, size = self._context.functions(), QSize(shot.width, shot.height)
        most = _one_integer(gl, _MAX_SIZE)
        if max(shot.width, shot.height) > most > 0:
            raise NoOpenGL(f"the picture is larger than {most} pixels")
        frame = self._frames.frame(size, samples)
        frame.bind()
        gl.glViewport(0, 0, shot.width, shot.height)
        ground = paint.ground
        gl.glClearColor(ground.redF(), ground.greenF(), ground.blueF(), 1.0)
        gl.glDisable(_BLEND)
        gl.glEnable(_DEPTH_TEST)
        gl.glDepthFunc(_LEQUAL)
        gl.glClear(_COLOR_AND_DEPTH)
        if self._mesh is not None:
            self._draw(self._mesh, shot, paint, step)
        found = self._frames.image(frame)
        frame.release()
        return found

    def _draw(self, mesh: Mesh, shot: Shot, paint: Paint, step: int) -> None:
        gl, program = self._context.functions(), self._program
        vertices, faces = self._vertices, self._faces
        if program is None or vertices is None or faces is None:
            raise NoOpenGL("released already")
        vertices.bind()
        faces.bind()
        if self._uploaded is not mesh:
            packed = np.hstack([mesh.vertices, mesh.normals, mesh.shade[:, None]])
            _fill(vertices, packed)
            self._uploaded = mesh
            self.uploads += 1
        self._order_faces(faces, mesh, shot, paint, step)
        program.bind()
        self._set(program, shot, paint)
        offset = 0
        for place, (_, count) in enumerate(ATTRIBUTES):
            program.enableAttributeArray(place)
            program.setAttributeBuffer(place, _FLOAT, offset, count, _STRIDE)
            offset += 4 * count
        gl.glEnable(_CULL_FACE)
        gl.glFrontFace(_CLOCKWISE)  # since y points down
        gl.glBlendEquation(_FUNC_ADD)
        self._draw_sides(gl, _BACK, paint.opacity, depth=True)
        # A wall seen from outside is looked through: behind it lies the valley.
        self._draw_sides(gl, _FRONT, paint.opacity * paint.underside, depth=False)
        gl.glDisable(_CULL_FACE)
        for place in range(len(ATTRIBUTES)):
            program.disableAttributeArray(place)
        program.release()
        vertices.release()
        faces.release()

    def _draw_sides(
        self, gl: QOpenGLFunctions, culled: int, opacity: float, *, depth: bool
    ) -> None:
        """Draw all faces but those that show a side; what has no depth hides nothing."""
        gl.glCullFace(culled)
        if opacity < 1.0:
            gl.glEnable(_BLEND)
            gl.glBlendColor(0.0, 0.0, 0.0, opacity)
            kept = (_ONE, _ZERO) if depth else (_ZERO, _ONE)
            gl.glBlendFuncSeparate(_CONSTANT_ALPHA, _ONE_MINUS_CONSTANT_ALPHA, *kept)
        gl.glDepthMask(depth)
        gl.glDrawElements(_TRIANGLES, self.corners, _UNSIGNED_INT, _START)
        gl.glDepthMask(True)
        gl.glDisable(_BLEND)

    def _order_faces(
        self, buffer: QOpenGLBuffer, mesh: Mesh, shot: Shot, paint: Paint, step: int
    ) -> None:
        """Put the faces into the card: near ones first, since what they cover is not coloured.

        Far ones first where the surface is looked through, since colours are mixed in that order.
        """
        x, y = shot.behind
        order = (x, y) if paint.opacity == 1.0 else (-x, -y)
        if self._ordered != (mesh.shape, order, step):
            cells = mesh.cells(step)
            _fill(buffer, np.ascontiguousarray(cells[:: order[1], :: order[0]]))
            self._ordered = (mesh.shape, order, step)
            self.corners = cells.size

    def _set(self, program: QOpenGLShaderProgram, shot: Shot, paint: Paint) -> None:
        def place(name: str) -> int:
            return program.uniformLocation(name)

        program.setUniformValue(place("matrix"), QMatrix4x4(*map(float, shot.matrix.ravel())))
        program.setUniformValue(place("stretch"), QVector3D(*shot.stretch))
        program.setUniformValue(place("depths"), QVector2D(*shot.depths))
        program.setUniformValue(place("light"), QVector3D(*map(float, shot.light)))
        program.setUniformValue(place("lighting"), QVector2D(paint.shadow, paint.gain))
        stops = [_vector(color) for color in paint.stops]
        program.setUniformValue(place("stop_0"), stops[0])
        for number in range(1, STOPS):
            program.setUniformValue(place(f"step_{number}"), stops[number] - stops[number - 1])
        program.setUniformValue(place("line_color"), _vector(paint.line))
        program.setUniformValue1f(place("line_width"), paint.line_width)


def _vector(color: QColor) -> QVector3D:
    return QVector3D(color.redF(), color.greenF(), color.blueF())


def _fill(buffer: QOpenGLBuffer, data: Array) -> None:
    buffer.allocate(data.tobytes(), data.nbytes)


def _one_integer(gl: object, name: int) -> int:
    found = gl.glGetIntegerv(name)  # type: ignore[attr-defined]
    return int(found[0] if isinstance(found, (list, tuple)) else found)
