"""The surface in words: what it is, its formula, all its knobs, its data."""

from optiviz.gui.views.surface.view import SurfacePanel

__all__ = ["SurfacePanel"]
