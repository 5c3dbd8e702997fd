"""Everything that needs Qt."""

from optiviz.gui import sources

sources.spare()
