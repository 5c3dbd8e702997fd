"""The band of losses of many seeds by step: the median, and where half and 90 % of them lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.drawing.loss_axes import StepCurve, ValueRange, held_range, wanted_range
from optiviz.gui.drawing.loss_picture import StepPicture
from optiviz.gui.theme.palette import Look
from optiviz.gui.views.empty_note import paint_note

if TYPE_CHECKING:
    from optiviz.engine.ensemble import Ensemble

Array = np.ndarray

LEGEND = "loss − least: median, and the middle 50 % and 90 %"
_TINTS = (0.20, 0.34)  # of the outer band and the inner one
_LINE, _EDGE = 2.0, 1.0


class SeedsPlot(QWidget):
    """Draws an ensemble's band once into a picture; a playing frame only moves the cursor."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Losses of many seeds by step")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._look = Look()
        self._ensemble: Ensemble | None = None
        self._racer_style = 0
        self._sentence = ""
        self._position = 0.0
        self._range: ValueRange | None = None
        self._held = False  # a hand changes the scene: the axis is not to jump about
        self._axes: KeptPicture[StepPicture] = KeptPicture()
        self._picture: KeptPicture[QPixmap] = KeptPicture()

    @property
    def ensemble(self) -> Ensemble | None:
        """What is shown."""
        return self._ensemble

    @property
    def loss_range(self) -> ValueRange | None:
        """What the loss axis shows."""
        return self._range

    def show_ensemble(self, ensemble: Ensemble | None, racer_style: int) -> None:
        """Show an ensemble's band in a racer's colour, or nothing."""
        before, self._ensemble, self._racer_style = self._ensemble, ensemble, racer_style
        same = before is not None and ensemble is not None and _course(before) == _course(ensemble)
        self._fit(hold=same and (self._held or not _is_whole(ensemble)))
        self._describe()
        self.update()

    def show_held(self, held: bool) -> None:
        """Show what a hand changes on the axis of before, as far as it fits there; then settle."""
        if held != self._held:
            self._held = held
            if not held:
                self._fit(hold=not _is_whole(self._ensemble))
                self.update()

    def show_sentence(self, sentence: str) -> None:
        """Say something while there is no ensemble."""
        if sentence != self._sentence:
            self._sentence = sentence
            self._describe()
            self.update()

    def show_step(self, position: float) -> None:
        """Show the playhead."""
        if position != self._position:
            self._position = position
            self.update()

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._look = look
        self.update()

    def _describe(self) -> None:
        """Tell what is written: the sentence, or what the band is of."""
        self.setAccessibleDescription(self._sentence if self._ensemble is None else LEGEND)

    def _fit(self, *, hold: bool) -> None:
        if self._ensemble is None:
            return
        race = self._ensemble.spec.race
        band = self._ensemble.band - race.surface.least
        wanted = wanted_range([StepCurve(line, False) for line in band], race.target, log=True)
        self._range = held_range(self._range, wanted) if hold and self._range else wanted

    def _made_axes(self, ensemble: Ensemble) -> StepPicture:
        """Give the axes for the size of now."""
        size = (float(self.width()), float(self.height()))
        top = QFontMetricsF(self._look.font(0.85)).height()  # for what is said above the plot
        seen = (self._look, size, top, self.devicePixelRatioF())
        axes = self._axes.get(seen, lambda: StepPicture(*seen))
        axes.steps = ensemble.spec.race.steps
        if self._range is not None:
            axes.range = self._range
        return axes

    def _drawn(self, axes: StepPicture, ensemble: Ensemble) -> QPixmap:
        """Draw axes, finish line and band."""
        race = ensemble.spec.race
        pixmap = axes.draw_ground([], race.target)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(axes.plot)
        plot, band = axes.plot, ensemble.band - race.surface.least
        x = plot.left() + plot.width() * ensemble.steps / max(race.steps, 1)
        lines = [
            [QPointF(*point) for point in zip(x.tolist(), height.tolist(), strict=True)]
            for height in plot.bottom() - axes.range.share(band) * plot.height()
        ]
        color = self._look.color(self._racer_style)
        for tint, low, high in ((_TINTS[0], 0, 4), (_TINTS[1], 1, 3)):
            filled = QColor(color)
            filled.setAlphaF(tint)
            painter.setBrush(filled)
            painter.setPen(QPen(QColor(0, 0, 0, 0)))
            painter.drawPolygon(QPolygonF([*lines[low], *reversed(lines[high])]))
        # Edges, so that the bands are told by more than a tint.
        faint = QColor(color)
        faint.setAlphaF(0.7)
        for which, pen in (
            *((each, QPen(faint, self._look.px(_EDGE))) for each in (0, 1, 3, 4)),
            (2, QPen(color, self._look.px(_LINE))),
        ):
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(lines[which]))
        painter.setClipping(False)
        self._draw_legend(painter)
        painter.end()
        return pixmap

    def _draw_legend(self, painter: QPainter) -> None:
        """Say above the plot what is drawn, where no band runs through it."""
        font, edge = self._look.font(0.85), self._look.px(4)
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(LEGEND, Qt.TextElideMode.ElideRight, self.width() - 2 * edge)
        painter.setFont(font)
        painter.setPen(QColor(self._look.theme.muted))
        painter.drawText(QPointF(edge, metrics.ascent()), text)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.update()  # the picture kept is blurred there
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ensemble = self._ensemble
        if ensemble is None:
            paint_note(painter, QRectF(self.rect()), self._sentence, self._look)
            painter.end()
            return
        axes = self._made_axes(ensemble)
        shows = (axes, axes.range, ensemble, self._racer_style)
        painter.drawPixmap(0, 0, self._picture.get(shows, lambda: self._drawn(axes, ensemble)))
        at = axes.x(min(self._position, ensemble.spec.race.steps))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.theme.ink), self._look.px(1.6)))
        painter.drawLine(QLineF(at, axes.plot.top(), at, axes.plot.bottom()))
        painter.end()


def _course(ensemble: Ensemble) -> tuple[object, ...]:
    race = ensemble.spec.race
    return type(race.surface), race.steps, race.target


def _is_whole(ensemble: Ensemble | None) -> bool:
    """Say whether no more seeds are to come."""
    return ensemble is None or len(ensemble.kinds) >= ensemble.spec.seeds
