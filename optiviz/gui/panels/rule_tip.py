"""The rule that a racer runs by, on hover: its formula, typeset, over what it does."""

from __future__ import annotations

import base64
import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtWidgets import QToolTip

from optiviz.gui.theme.formulas import formula_pixmap
from optiviz.gui.words.numbers import format_knob

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from optiviz.gui.theme.palette import Look
    from optiviz.scene import Racer

_WIDEST = 0.8  # of the window


def show_rule_tip(at: QPoint, widget: QWidget, racer: Racer, look: Look) -> None:
    """Show it at a place on the screen for as long as the pointer stays on the widget."""
    widest = _WIDEST * widget.window().width()
    QToolTip.showText(at, rule_tip(racer, look, widget.devicePixelRatioF(), widest), widget)


def rule_tip(racer: Racer, look: Look, dpr: float, widest: float) -> str:
    """Write the rule as rich text; the picture in it is sharp at this device pixel ratio."""
    points = look.font(1.2).pointSizeF()
    picture = formula_pixmap(racer.optimizer.rule, look.theme.text, points, dpr)
    if picture.deviceIndependentSize().width() > widest:
        points *= widest / picture.deviceIndependentSize().width()
        picture = formula_pixmap(racer.optimizer.rule, look.theme.text, points, dpr)
    size = picture.deviceIndependentSize()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    data = base64.b64encode(bytes(buffer.data().data())).decode()
    sides = f'width="{size.width():.0f}" height="{size.height():.0f}"'
    lines = (racer.optimizer.about, *_about_the_gradient(racer))
    return "".join(
        (
            f'<p><img src="data:image/png;base64,{data}" {sides}/></p>',
            *(f"<p>{html.escape(line)}</p>" for line in lines),
        )
    )


def _about_the_gradient(racer: Racer) -> list[str]:
    """Say what happens to the gradient before the rule is given it, in that order."""
    lines = []
    if racer.clip is not None:
        limit = format_knob(racer.clip.limit)
        what = "its length" if racer.clip.kind == "norm" else "each of its components"
        lines.append(f"The gradient g is clipped: {what} is kept within {limit}.")
    if racer.optimizer.l2 > 0.0:
        lines.append(f"Weight decay: λθ is added to g, with λ = {format_knob(racer.optimizer.l2)}.")
    return lines
