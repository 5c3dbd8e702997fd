"""Everything that needs Qt."""

from optiviz.gui.qt import overrides, sources

sources.spare()
overrides.guard()
