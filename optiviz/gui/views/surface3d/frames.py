"""Frames that OpenGL draws into out of sight, and what is read back from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat

from optiviz.gui.views.surface3d.missing import NoOpenGL

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

Array = np.ndarray

#: The picture's depth is kept for one pixel of so many in each direction.
DEPTH_STEP = 2


class Frames:
    """The frames of one context, one for each count of samples; made when they are asked for."""

    def __init__(self) -> None:
        self._frames: dict[int, QOpenGLFramebufferObject] = {}
        self._most = 16  # samples; less once the card has refused

    def clear(self) -> None:
        """Give them back; the context must be current."""
        self._frames.clear()

    def frame(self, size: QSize, samples: int) -> QOpenGLFramebufferObject:
        """Give a frame of this size, with as many samples as can be had.

        Raises:
            NoOpenGL: there is no frame of this size.
        """
        samples = min(samples, self._most)
        found = self._frames.get(samples)
        if found is not None and found.size() == size:
            return found
        self._frames.pop(samples, None)
        wanted = QOpenGLFramebufferObjectFormat()
        wanted.setSamples(samples)
        wanted.setAttachment(QOpenGLFramebufferObject.Attachment.Depth)
        frame = QOpenGLFramebufferObject(size, wanted)
        if not frame.isValid():
            if samples > 0:
                self._most = 0
                return self.frame(size, 0)
            raise NoOpenGL("no frame to draw into")
        self._frames[samples] = frame
        return frame

    def image(self, frame: QOpenGLFramebufferObject) -> tuple[QImage, Array]:
        """Read a frame: its image, and the depths that its alpha tells (see the shaders)."""
        if frame.format().samples() > 0:
            plain = self.frame(frame.size(), 0)
            QOpenGLFramebufferObject.blitFramebuffer(plain, frame)
            frame = plain
        return _parted(frame.toImage(False))


def _parted(image: QImage) -> tuple[QImage, Array]:
    """Part what was drawn into a picture without alpha, and the depths that its alpha told."""
    bare = {
        QImage.Format.Format_ARGB32_Premultiplied: QImage.Format.Format_RGB32,
        QImage.Format.Format_RGBA8888_Premultiplied: QImage.Format.Format_RGBX8888,
    }.get(image.format())
    if bare is None or not image.reinterpretAsFormat(bare):
        raise NoOpenGL("an unknown kind of image")
    memory = np.frombuffer(image.bits(), dtype=np.uint8)
    pixels = memory.reshape(image.height(), image.bytesPerLine())[:, : 4 * image.width()]
    depth = pixels[::DEPTH_STEP, 3 :: 4 * DEPTH_STEP].copy()
    # Both formats want their fourth byte to say: opaque.
    pixels[:, 3::4] = 255
    return image, depth
