"""What stands in the stage's corner: the surface's formula, and whose data it is made of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from optiviz.engine import datasets
from optiviz.gui.drawing.layer import blank_picture
from optiviz.gui.theme.formulas import formula_pixmap

if TYPE_CHECKING:
    from optiviz.engine import Surface
    from optiviz.gui.theme.palette import Look

_GAP = 5.0
_WIDEST = 380.0


def own_title(surface: Surface) -> str:
    """Give the name of the user's own data that a surface is made of; nothing if it is not."""
    name = getattr(surface, "data", "")
    return datasets.find(name).title if name and not datasets.is_bundled(name) else ""


def stage_formula(surface: Surface, look: Look, ratio: float) -> QPixmap:
    """Typeset a surface's formula, and write the file's name below it where there is one."""
    formula = formula_pixmap(surface.formula, look.theme.ink, look.font(1.3).pointSizeF(), ratio)
    title = own_title(surface)
    if not title:
        return formula
    font = look.font(1.0, bold=True)
    metrics = QFontMetricsF(font)
    above = formula.deviceIndependentSize()
    most = max(above.width(), look.px(_WIDEST))
    title = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, most)
    gap, high = look.px(_GAP), math.ceil(metrics.height())
    wide = max(above.width(), math.ceil(metrics.horizontalAdvance(title)) + 2.0)
    whole = blank_picture(QSizeF(wide, above.height() + gap + high), ratio)
    painter = QPainter(whole)
    painter.drawPixmap(QPointF(0.0, 0.0), formula)
    painter.setFont(font)
    painter.setPen(QColor(look.theme.ink))
    side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QRectF(0.0, above.height() + gap, wide, high), side, title)
    painter.end()
    return whole
