"""PlotView: what every view has that paints itself from pictures which it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from optiviz.gui.drawing.focus import paint_focus
from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.theme.palette import Look
from optiviz.gui.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

Drawn = TypeVar("Drawn")


class PlotView(View):
    """A picture that is painted by the view itself, all of it.

    A subclass says in ``paint`` what is to be seen, and asks ``kept`` for whatever is the same
    from frame to frame. It has a look, a playhead, a frame while it has the focus, and sizes.
    """

    #: The size that is wanted and the least one, in unscaled pixels.
    WANTED, LEAST = (310.0, 230.0), (180.0, 140.0)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._look = Look()
        self._position = 0.0
        self._kept: dict[str, KeptPicture[Any]] = {}

    @property
    def position(self) -> float:
        """Where the playhead is."""
        return self._position

    def px(self, length: float) -> float:
        """Scale a length, in device-independent pixels."""
        return self._look.px(length)

    def kept(self, name: str, shows: tuple[object, ...], draw: Callable[[], Drawn]) -> Drawn:
        """What was drawn last under a name; it is drawn anew where it would show anything else.

        Args:
            name: which of the view's pictures.
            shows: everything that ``draw`` looks at; see :class:`KeptPicture`.
            draw: draws it.
        """
        picture = self._kept.get(name)
        if picture is None:
            picture = self._kept[name] = KeptPicture()
        return picture.get(shows, draw)

    def show_step(self, position: float) -> None:
        if position != self._position:
            before, self._position = self._position, position
            self.moved(before)

    def moved(self, before: float) -> None:
        """Paint anew what the playhead changes, which was elsewhere ``before``."""
        self.update()

    def show_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Paint everything, over whatever was there."""

    def describe(self) -> None:
        """Tell assistive tools what is to be seen now; they ask when the view has the focus."""

    def has_frame(self) -> bool:
        """Whether the view shows by a frame that it has the focus."""
        return self.hasFocus()

    # Qt's own

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.update()  # the pictures kept are blurred there
        return super().event(event)

    def sizeHint(self) -> QSize:
        return QSize(*(round(self.px(side)) for side in self.WANTED))

    def minimumSizeHint(self) -> QSize:
        return QSize(*(round(self.px(side)) for side in self.LEAST))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint(painter)
        if self.has_frame():
            paint_focus(painter, self.rect(), self._look)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.describe()
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)
