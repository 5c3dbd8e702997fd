"""CurvesView: everybody's loss, step by step, with a cursor at the playhead that scrubs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.loss_curves import (
    Losses,
    course,
    curves_of,
    ghost_styles,
    look_through,
    losses_in_words,
)
from optiviz.gui.views.curves.header import CurvesHeader
from optiviz.gui.views.step_plot import CurvePlot

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QPixmap

    from optiviz.engine import Race
    from optiviz.gui.drawing.loss_picture import StepPicture
    from optiviz.gui.theme.palette import Look
    from optiviz.scene import Scene

_FINISH = "finish"


class CurvesView(CurvePlot):
    """Shows the loss of every racer on the stage, up to the playhead and beyond.

    The curves are drawn once into a picture; a playing frame only pastes it. Signals:
    ``scrub_wished(position)``, ``log_wished(log)``, ``test_wished(on)``.
    """

    #: Low, where it is pinned above much else.
    LEAST = (180.0, 108.0)

    log_wished = Signal(bool)
    test_wished = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curves_view")
        self.setAccessibleName("Loss by step")
        self.setToolTip(
            "Drag to move the playhead, or press Left and Right; with Shift ten steps at once"
        )
        self._scene: Scene | None = None
        self._race: Race | None = None
        self._ghost: Race | None = None
        self._styles: list[tuple[int, bool]] = []  # of each run: its racer's, and if it shows
        self._losses = Losses()
        self._floors: tuple[tuple[int, float], ...] = ()
        self._finish_text = HaloText(self._look.font(0.85), self._look.theme.halo)
        self._header = CurvesHeader(self)
        self._header.log_wished.connect(self.log_wished)
        self._header.test_wished.connect(self.test_wished)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._header, 0, Qt.AlignmentFlag.AlignTop)
        self.show_look(self._look)

    # What is shown

    def show_scene(self, scene: Scene) -> None:
        self._scene = scene
        self._take_styles()
        self.describe()
        self.update()

    def show_race(self, race: Race) -> None:
        before, self._race = self._race, race
        self._take_styles()
        same = before is not None and course(before) == course(race)
        self._fit(hold=same and self._ghost is not None)
        self._show_header()
        self.describe()
        self.update()

    def preparation(self) -> Callable[[Race], None]:
        """Look through the losses, for as many columns as there are."""
        return partial(look_through, columns=self.axes.columns, losses=self._losses)

    def show_ghost(self, race: Race | None) -> None:
        if race is self._ghost:
            return
        self._ghost = race
        if race is None:
            # The hand rests: settle.
            self._fit(hold=False)
        self.update()

    def show_log(self, log: bool) -> None:
        """Show losses on a logarithmic axis or a linear one."""
        self._losses = replace(self._losses, log=log)
        self._header.show_log(log)
        self._show_losses()

    def show_test(self, on: bool) -> None:
        """Show the loss of the test examples too, where there are any, or do not."""
        self._losses = replace(self._losses, test=on)
        self._show_losses()

    def show_floors(self, floors: tuple[tuple[int, float], ...]) -> None:
        """Show how far above the least theory expects losses: racers' styles, and how far."""
        if floors != self._floors:
            self._floors = floors
            self.update()

    def show_look(self, look: Look) -> None:
        super().show_look(look)
        self._header.show_look(look)
        self._finish_text = HaloText(look.font(0.85), look.theme.halo, look.zoom)

    # Inside

    def _show_losses(self) -> None:
        self._show_header()
        self._fit(hold=False)
        self.update()

    def _show_header(self) -> None:
        if self._race is not None and self._race.runs:
            self._header.show_least(self._losses.least(self._race))
            there = len(self._race.spec.surface.test_examples) > 0
            self._header.show_test(there, on=self._losses.test)

    def _take_styles(self) -> None:
        """Take over the racers' styles, as far as they belong to the race that is shown."""
        scene, race = self._scene, self._race
        if scene is not None and (race is None or len(race.runs) == len(scene.racers)):
            self._styles = [
                (racer.style, scene.shown(index)) for index, racer in enumerate(scene.racers)
            ]

    def _fit(self, *, hold: bool) -> None:
        race = self._race
        if race is not None:
            curves = [each.curve for each in curves_of(race, losses=self._losses)]
            finish = self._losses.finish(race)
            self.fit(race.spec.steps, curves, finish, log=self._losses.log, hold=hold)

    def describe(self) -> None:
        if self._race is not None and self._scene is not None:
            said = losses_in_words(self._scene, self._race, self._position)
            self.setAccessibleDescription(said or self.accessibleDescription())

    def room_above(self) -> float:
        return float(self._header.sizeHint().height())

    def _drawn_curves(self, axes: StepPicture, race: Race) -> QPixmap:
        shows = (race, tuple(self._styles), self._losses)
        curves = partial(curves_of, race, self._styles, self._losses)
        return self.drawn(axes, "curves", shows, lambda: axes.draw_curves(curves()))

    def _drawn_ground(self, axes: StepPicture, race: Race, target: float) -> QPixmap:
        """What lies below the curves: it stays as long as the axes do, so mostly during a drag."""
        ghost = self._ghost
        styles = ghost_styles(ghost, race, self._styles) if ghost is not None else []

        def drawn() -> QPixmap:
            ghosts = curves_of(ghost, styles, self._losses) if ghost is not None else []
            # Of test losses there are no ghosts: too much would run together.
            return axes.draw_ground([each for each in ghosts if not each.test], target)

        return self.drawn(axes, "ground", (target, ghost, tuple(styles), self._losses), drawn)

    def paint_plot(self, painter: QPainter, axes: StepPicture) -> None:
        race = self._race
        assert race is not None, "axes are shown with a race only"
        target, curves = self._losses.finish(race), self._drawn_curves(axes, race)
        painter.drawPixmap(0, 0, self._drawn_ground(axes, race, target))
        self.paint_reached(painter, axes, curves)
        if self._floors:
            above = race.spec.surface.least - self._losses.least(race)
            floors = [(style, above + loss) for style, loss in self._floors]
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            axes.paint_floors(painter, floors, self._finish_text)
        place = self._place_of_finish(axes, race, target)
        if place is not None:
            ink = self._look.theme.ink
            self._finish_text.draw(painter, _FINISH, place.x(), place.y(), ink)

    def _place_of_finish(self, axes: StepPicture, race: Race, target: float) -> QPointF | None:
        """Where the word stands at the finish line, among the curves that were drawn last."""
        hold = self._ghost is not None
        size = self._finish_text.size(_FINISH)
        room = (size.width(), size.height())
        shows = (race, tuple(self._styles), self._losses, target, hold, room)
        return self.drawn(
            axes, "finish", shows, lambda: (axes.finish_label(target, room, hold=hold),)
        )[0]
