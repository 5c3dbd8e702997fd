"""Chance by numbers."""

from optiviz.gui.views.chance.view import NO_CHANCE, ChanceView, FloorReading

__all__ = ["NO_CHANCE", "ChanceView", "FloorReading"]
