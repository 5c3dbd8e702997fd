"""The band of losses of many seeds by step: the median, and where half and 90 % of them lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF

from optiviz.gui.drawing.loss_axes import StepCurve
from optiviz.gui.views.step_plot import CurvePlot

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from optiviz.engine.ensemble import Ensemble
    from optiviz.gui.drawing.loss_picture import StepPicture

Array = np.ndarray

LEGEND = "loss above its least: median, middle 50 % and 90 %"
_TINTS = (0.20, 0.34)  # of the outer band and the inner one
_LINE, _EDGE = 2.0, 1.0


class SeedsPlot(CurvePlot):
    """Draws an ensemble's band once into a picture; a playing frame only moves the cursor."""

    RISE = 0.0

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, scrubs=False)
        self.setAccessibleName("Losses of many seeds by step")
        self._ensemble: Ensemble | None = None
        self._racer_style = 0
        self._sentence = ""
        self._held = False  # a hand changes the scene: the axis is not to jump about

    @property
    def ensemble(self) -> Ensemble | None:
        """What is shown."""
        return self._ensemble

    def show_ensemble(self, ensemble: Ensemble | None, racer_style: int) -> None:
        """Show an ensemble's band in a racer's colour, or nothing."""
        before, self._ensemble, self._racer_style = self._ensemble, ensemble, racer_style
        same = before is not None and ensemble is not None and _course(before) == _course(ensemble)
        self._fit(hold=same and (self._held or not _is_whole(ensemble)))
        self.describe()
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
            self.describe()
            self.update()

    def describe(self) -> None:
        """Tell what is written: the sentence, or what the band is of."""
        self.setAccessibleDescription(self._sentence if self._ensemble is None else LEGEND)

    def _fit(self, *, hold: bool) -> None:
        if self._ensemble is None:
            self.show_axes(None, self.value_range)
            return
        race = self._ensemble.spec.race
        band = self._ensemble.band - race.surface.least
        curves = [StepCurve(line, False) for line in band]
        self.fit(race.steps, curves, race.target, log=True, hold=hold)

    def room_above(self) -> float:
        return QFontMetricsF(self._look.font(0.85)).height()  # for what is said above the plot

    def note(self) -> str:
        return self._sentence

    def paint_plot(self, painter: QPainter, axes: StepPicture) -> None:
        ensemble = self._ensemble
        assert ensemble is not None, "axes are shown with an ensemble only"
        shows = (ensemble, self._racer_style)
        painter.drawPixmap(
            0, 0, self.drawn(axes, "band", shows, lambda: self._drawn(axes, ensemble))
        )

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
            for height in axes.height_of(axes.values.share(band))
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


def _course(ensemble: Ensemble) -> tuple[object, ...]:
    race = ensemble.spec.race
    return type(race.surface), race.steps, race.target


def _is_whole(ensemble: Ensemble | None) -> bool:
    """Say whether no more seeds are to come."""
    return ensemble is None or len(ensemble.kinds) >= ensemble.spec.seeds
