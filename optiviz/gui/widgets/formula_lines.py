"""A typeset formula in a column, on as many lines as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from optiviz.gui.theme.formulas import formula_pixmap
from optiviz.gui.theme.palette import Look
from optiviz.gui.theme.typesetting import pieces

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

_LINE_GAP, _PIECE_GAP = 5.0, 18.0
_FORMULA_SIZE = 1.15  # of the text's


class FormulaLines(QWidget):
    """A typeset formula, on as many lines as it takes; a piece too wide for one is drawn smaller.

    How many lines there are depends on the formula and the width alone.
    """

    def __init__(self, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._look = Look()
        self._latex = ""
        self._lines: list[list[QPixmap]] = []
        self._broken: tuple[object, ...] = ()  # what the lines are of

    @property
    def lines(self) -> list[list[QPixmap]]:
        """The pictures of the pieces, line by line."""
        return self._lines

    def show_formula(self, latex: str) -> None:
        """Show a formula, LaTeX; empty: none."""
        if latex != self._latex:
            self._latex = latex
            self.setAccessibleName(latex)
            self._break()

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._look = look
        self._break()

    def _break(self) -> None:
        """Find the lines, and take the height that they need."""
        self._broken = self._wanted()
        self._lines, left = [], 0.0
        gap = self._look.px(_PIECE_GAP)
        for piece in pieces(self._latex) if self._latex else ():
            picture = self._picture(piece)
            wide = picture.deviceIndependentSize().width()
            if not self._lines or left + gap + wide > self.width():
                self._lines.append([])
                left = -gap
            self._lines[-1].append(picture)
            left += gap + wide
        self.setFixedHeight(sum(self._heights()))
        self.update()

    def _heights(self) -> list[int]:
        """Say how high each line is: no more than its pieces are, and a gap."""
        gap = self._look.px(_LINE_GAP)
        highest = [
            max(piece.deviceIndependentSize().height() for piece in line) for line in self._lines
        ]
        return [round(height + gap) for height in highest]

    def _wanted(self) -> tuple[object, ...]:
        return (self._latex, self._look, self.width(), self.devicePixelRatioF())

    def _picture(self, latex: str) -> QPixmap:
        look, dpr = self._look, self.devicePixelRatioF()
        points = look.font(_FORMULA_SIZE).pointSizeF()
        picture = formula_pixmap(latex, look.theme.text, points, dpr)
        share = max(self.width(), 1) / picture.deviceIndependentSize().width()
        if share < 1.0:
            picture = formula_pixmap(latex, look.theme.text, points * share, dpr)
        return picture

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._wanted() != self._broken:
            self._break()  # on another screen they are as long, and sharp there
        painter = QPainter(self)
        gap, above = self._look.px(_PIECE_GAP), 0
        for line, high in zip(self._lines, self._heights(), strict=True):
            left = 0.0
            for picture in line:
                size = picture.deviceIndependentSize()
                top = above + (high - size.height()) / 2
                painter.drawPixmap(round(left), round(top), picture)
                left += size.width() + gap
            above += high
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._break()
