"""The examples that the loss is made of, the batch of now, and everybody's model."""

from optiviz.gui.views.data.view import DataView

__all__ = ["DataView"]
