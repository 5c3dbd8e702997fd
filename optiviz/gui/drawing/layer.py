"""One layer of the stage: an item that paints over the whole of it, in the stage's own pixels."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from optiviz.gui.drawing.projection import Projection
from optiviz.gui.theme.palette import Look


class Layer(QGraphicsItem):
    """A part of the stage's picture. Subclasses override ``draw``."""

    def __init__(self, depth: float) -> None:
        super().__init__()
        self.setZValue(depth)
        self.projection = Projection()
        self.look = Look()

    def show_projection(self, projection: Projection) -> None:
        """Show what is visible now."""
        if projection != self.projection:
            self.prepareGeometryChange()
            self.projection = projection
            self.changed()

    def show_look(self, look: Look) -> None:
        """Show the layer in this theme and scale."""
        self.look = look
        self.changed()

    def changed(self) -> None:
        """Paint anew: what the layer shows has changed."""
        self.update()

    def draw(self, painter: QPainter, sharpness: float) -> None:
        """Draw the layer; ``sharpness`` is the count of device pixels in a pixel."""

    def seen(self, sharpness: float) -> tuple[object, ...]:
        """What every picture of this layer depends on, whatever else it shows."""
        return (self.projection, self.look, sharpness)

    def boundingRect(self) -> QRectF:
        return QRectF(0.0, 0.0, self.projection.width, self.projection.height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        self.draw(painter, painter.device().devicePixelRatioF())


def blank(projection: Projection, sharpness: float) -> QPixmap:
    """A transparent picture of the whole stage."""
    return blank_picture(QSizeF(projection.width, projection.height), sharpness)


def blank_picture(size: QSizeF, sharpness: float) -> QPixmap:
    """A transparent picture of a size in device-independent pixels."""
    pixmap = QPixmap(
        max(1, round(size.width() * sharpness)), max(1, round(size.height() * sharpness))
    )
    pixmap.setDevicePixelRatio(sharpness)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
