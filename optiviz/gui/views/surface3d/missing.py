"""What stands in the 3D view's pane where there is no OpenGL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

if TYPE_CHECKING:
    from optiviz.gui.theme.palette import Look

NO_OPENGL = (
    "The 3D view needs OpenGL, which this display does not offer: install a graphics driver or "
    "Mesa’s software renderer, or go on with the contour, which shows the same race."
)


class NoOpenGL(Exception):
    """There is no OpenGL here, or it gave up."""


class MissingNote(QLabel):
    """One sentence: what is missing, and what to do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(NO_OPENGL, parent)
        self.setObjectName("surface3d_note")
        self.setAccessibleName("3D view")
        self.setAccessibleDescription(NO_OPENGL)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self.setFont(look.font(1.1))
        theme = look.theme
        self.setStyleSheet(
            f"QLabel {{ color: {theme.text}; background: {theme.window}; "
            f"padding: {round(look.px(40))}px; }}"
        )
