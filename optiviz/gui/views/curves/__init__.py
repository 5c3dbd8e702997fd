"""Everybody's loss, step by step."""

from optiviz.gui.views.curves.view import CurvesView

__all__ = ["CurvesView"]
