"""Chance by numbers."""

from optiviz.gui.views.chance.view import ChanceView, FloorReading

__all__ = ["ChanceView", "FloorReading"]
