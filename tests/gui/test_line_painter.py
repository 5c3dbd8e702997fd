"""Many lines and stamps in one call: all of them are painted, from memory that stays."""

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from optiviz.gui.drawing import line_painter, memory, stamps
from optiviz.gui.drawing.line_painter import line_pen, paint_lines
from optiviz.gui.drawing.stamps import paint_stamps

COUNTS = [0, 1, memory._MOST, memory._MOST + 1, 3 * memory._MOST + 7]


def picture(paint):
    image = QImage(300, 200, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter)
    painter.end()
    return image


@pytest.mark.parametrize("count", COUNTS)
def test_lines_are_those_of_qts_own_call(count):
    lines = np.random.default_rng(count).uniform(0.0, 200.0, (count, 4))
    pen = line_pen(QColor(200, 10, 10, 60), 2.5)

    def one_by_one(painter):
        painter.setPen(pen)
        for line in lines:
            painter.drawLines([QLineF(*map(float, line))])

    ours = picture(lambda painter: paint_lines(painter, lines, pen))
    assert ours == picture(one_by_one)


@pytest.mark.parametrize("count", COUNTS)
def test_stamps_are_those_of_qts_own_call(count):
    places = np.random.default_rng(count).integers(0, 200, (count, 2)).astype(float)
    mark = QPixmap(4, 4)
    mark.fill(QColor(10, 10, 200))

    def one_by_one(painter):
        for x, y in places:
            painter.drawPixmap(QPointF(x - 2.0, y - 2.0), mark)

    assert picture(lambda painter: paint_stamps(painter, mark, places)) == picture(one_by_one)


@pytest.mark.parametrize("room", [line_painter._MEMORY, stamps._MEMORY])
def test_the_memory_is_never_another_one(room):
    address = room._rows.ctypes.data
    assert shiboken6.getCppPointer(room._first) == (address,)
    for count in COUNTS:
        rows = np.zeros((count, room._rows.shape[1]))
        given = list(room.filled(rows))
        assert sum(number for _, number in given) == count
        assert all(first is room._first for first, _ in given)
    assert room._rows.ctypes.data == address
