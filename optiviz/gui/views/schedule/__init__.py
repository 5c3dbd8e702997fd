"""The step size over the epochs, drawn, dragged and typed."""

from optiviz.gui.views.schedule.view import ScheduleView

__all__ = ["ScheduleView"]
