"""One racer, run from many seeds."""

from optiviz.gui.views.seeds.view import SeedsView

__all__ = ["SeedsView"]
