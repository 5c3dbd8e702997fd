"""The surface in three dimensions, by Qt's own OpenGL."""

from optiviz.gui.views.surface3d.view import Surface3DView

__all__ = ["Surface3DView"]
