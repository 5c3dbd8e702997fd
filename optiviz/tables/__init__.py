"""A table of the user's own: read, with all that was guessed about it and can be chosen."""

from optiviz.tables.choices import ChoiceError, Choices
from optiviz.tables.file import read
from optiviz.tables.row import TableFileError
from optiviz.tables.table import Table

__all__ = ["ChoiceError", "Choices", "Table", "TableFileError", "read"]
