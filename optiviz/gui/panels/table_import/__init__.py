"""How a table of the user's own was read, and the choices that change it."""

from optiviz.gui.panels.table_import.panel import ImportPanel

__all__ = ["ImportPanel"]
