"""The stage: the surface from above, and the racers on it."""

from optiviz.gui.views.contour.view import ContourView

__all__ = ["ContourView"]
