"""How often each minimum is found, and how sharp it is."""

from optiviz.gui.views.basins.view import BasinsView

__all__ = ["BasinsView"]
