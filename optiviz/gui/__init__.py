"""Everything that needs Qt."""

from optiviz.gui import overrides, sources

sources.spare()
overrides.guard()
