"""CurvesView: everybody's loss, step by step, with a cursor at the playhead that scrubs."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from optiviz.gui.drawing.focus import paint_focus
from optiviz.gui.drawing.halo_text import HaloText
from optiviz.gui.drawing.kept_picture import KeptPicture
from optiviz.gui.drawing.loss_axes import ValueRange, held_range, wanted_range
from optiviz.gui.drawing.loss_curves import (
    Losses,
    course,
    curves_of,
    ghost_looks,
    look_through,
    losses_in_words,
)
from optiviz.gui.drawing.loss_picture import StepPicture
from optiviz.gui.theme.palette import Look
from optiviz.gui.views.curves.header import CurvesHeader
from optiviz.gui.views.scrub_hand import ScrubHand
from optiviz.gui.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.engine import Race
    from optiviz.scene import Scene

_FINISH = "finish"
_AHEAD = 0.5  # opacity of what the playhead has not reached yet


class CurvesView(View):
    """Shows the loss of every racer on the stage, up to the playhead and beyond.

    The curves are drawn once into a picture; a playing frame only pastes it. Signals:
    ``scrub_wished(position)``, ``log_wished(log)``, ``test_wished(on)``.
    """

    scrub_wished = Signal(float)
    log_wished = Signal(bool)
    test_wished = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curves_view")
        self.setAccessibleName("Loss by step")
        self.setToolTip(
            "Drag to move the playhead, or press Left and Right; with Shift ten steps at once"
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._look = Look()
        self._scene: Scene | None = None
        self._race: Race | None = None
        self._ghost: Race | None = None
        self._looks: list[tuple[int, bool]] = []  # of each run: the racer's look, and if it shows
        self._position = 0.0
        self._losses = Losses()
        self._range: ValueRange | None = None
        self._picture: KeptPicture[StepPicture] = KeptPicture()
        self._ground: KeptPicture[QPixmap] = KeptPicture()
        self._curves: KeptPicture[QPixmap] = KeptPicture()
        self._finish_text = HaloText(self._look.font(0.85), self._look.theme.halo)
        self._finish_place: KeptPicture[tuple[QPointF | None]] = KeptPicture()
        self._header = CurvesHeader(self)
        self._header.log_wished.connect(self.log_wished)
        self._header.test_wished.connect(self.test_wished)
        self._hand = ScrubHand(self, self)
        self._hand.scrub_wished.connect(self.scrub_wished)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._header, 0, Qt.AlignmentFlag.AlignTop)
        self.show_look(self._look)

    # What is shown

    @property
    def position(self) -> float:
        """Where the cursor is."""
        return self._position

    @property
    def loss_range(self) -> ValueRange | None:
        """What the loss axis shows."""
        return self._range

    @property
    def axis(self) -> StepPicture | None:
        """The picture's axis of steps; ``None`` while there is no race."""
        return None if self._race is None else self._made_picture()

    @property
    def plot_rect(self) -> QRectF:
        """Where the curves are, in pixels of the view."""
        return self._made_picture().plot

    def px(self, length: float) -> float:
        """Scale a length, in device-independent pixels."""
        return self._look.px(length)

    def show_scene(self, scene: Scene) -> None:
        self._scene = scene
        self._take_looks()
        self._describe()
        self.update()

    def show_race(self, race: Race) -> None:
        before, self._race = self._race, race
        self._take_looks()
        same = before is not None and course(before) == course(race)
        self._fit(hold=same and self._ghost is not None)
        self._show_header()
        self._describe()
        self.update()

    def preparation(self) -> Callable[[Race], None]:
        """Look through the losses, for as many columns as there are."""
        return partial(look_through, columns=self._made_picture().columns, losses=self._losses)

    def show_ghost(self, race: Race | None) -> None:
        if race is self._ghost:
            return
        self._ghost = race
        if race is None:
            # The hand rests: settle.
            self._fit(hold=False)
        self.update()

    def show_step(self, position: float) -> None:
        if position == self._position:
            return
        picture = self._made_picture()
        old, self._position = self._position, position
        low, high = sorted((picture.x(old), picture.x(position)))
        room = math.ceil(self._look.px(4))
        left = math.floor(low) - room
        self.update(QRect(left, 0, math.ceil(high) + room - left, self.height()))
        if self.hasFocus():
            self._describe()

    def show_log(self, log: bool) -> None:
        """Show losses on a logarithmic axis or a linear one."""
        self._losses = replace(self._losses, log=log)
        self._header.show_log(log)
        self._show_losses()

    def show_test(self, on: bool) -> None:
        """Show the loss of the test examples too, where there are any, or do not."""
        self._losses = replace(self._losses, test=on)
        self._show_losses()

    def show_look(self, look: Look) -> None:
        self._look = look
        self._header.show_look(look)
        self._finish_text = HaloText(look.font(0.85), look.theme.halo, look.zoom)
        self.update()

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

    def _take_looks(self) -> None:
        """Take over the racers' looks, as far as they belong to the race that is shown."""
        scene, race = self._scene, self._race
        if scene is not None and (race is None or len(race.runs) == len(scene.racers)):
            self._looks = [
                (racer.style, scene.shown(index)) for index, racer in enumerate(scene.racers)
            ]

    def _fit(self, *, hold: bool) -> None:
        if self._race is None:
            return
        curves = [each.curve for each in curves_of(self._race, losses=self._losses)]
        finish = self._losses.finish(self._race)
        wanted = wanted_range(curves, finish, log=self._losses.log)
        self._range = held_range(self._range, wanted) if hold and self._range else wanted

    def _describe(self) -> None:
        if self._race is not None and self._scene is not None:
            said = losses_in_words(self._scene, self._race, self._position)
            self.setAccessibleDescription(said or self.accessibleDescription())

    def _made_picture(self) -> StepPicture:
        """Give the picture for the size of now."""
        top = float(self._header.sizeHint().height())
        size = (float(self.width()), float(self.height()))
        seen = (self._look, size, top, self.devicePixelRatioF())
        picture = self._picture.get(seen, lambda: StepPicture(*seen))
        race = self._race
        picture.steps = race.spec.steps if race is not None else 1
        if self._range is not None:
            picture.range = self._range
        return picture

    def _drawn_curves(self, picture: StepPicture, race: Race) -> QPixmap:
        shows = (picture, picture.range, race, tuple(self._looks), self._losses)
        return self._curves.get(
            shows, lambda: picture.draw_curves(curves_of(race, self._looks, self._losses))
        )

    def _drawn_ground(self, picture: StepPicture, race: Race) -> QPixmap:
        """What lies below the curves: while a hand drags, it mostly stays."""
        ghost, target = self._ghost, self._losses.finish(race)
        looks = ghost_looks(ghost, race, self._looks) if ghost is not None else []
        shows = (picture, picture.range, picture.steps, target, ghost, tuple(looks), self._losses)

        def drawn() -> QPixmap:
            ghosts = curves_of(ghost, looks, self._losses) if ghost is not None else []
            # Of test losses there are no ghosts: too much would run together.
            return picture.draw_ground([each for each in ghosts if not each.test], target)

        return self._ground.get(shows, drawn)

    def _paint(self, painter: QPainter) -> None:
        picture, race = self._made_picture(), self._race
        if race is None:
            painter.fillRect(self.rect(), QColor(self._look.theme.window))
            return
        curves = self._drawn_curves(picture, race)
        painter.drawPixmap(0, 0, self._drawn_ground(picture, race))
        at = picture.x(self._position)
        painter.save()
        painter.setClipRect(QRectF(0.0, 0.0, at, self.height()), Qt.ClipOperation.IntersectClip)
        painter.drawPixmap(0, 0, curves)
        painter.restore()
        painter.save()
        ahead = QRectF(at, 0.0, max(self.width() - at, 0.0), self.height())
        painter.setClipRect(ahead, Qt.ClipOperation.IntersectClip)
        painter.setOpacity(_AHEAD)
        painter.drawPixmap(0, 0, curves)
        painter.restore()
        place = self._place_of_finish(picture, race)
        if place is not None:
            ink = self._look.theme.ink
            self._finish_text.draw(painter, _FINISH, place.x(), place.y(), ink)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.theme.ink), self._look.px(1.6)))
        rise = self._look.px(3)
        painter.drawLine(QLineF(at, picture.plot.top() - rise, at, picture.plot.bottom() + rise))

    def _place_of_finish(self, picture: StepPicture, race: Race) -> QPointF | None:
        """Where the word stands at the finish line, among the curves that were drawn last."""
        target, hold = self._losses.finish(race), self._ghost is not None
        size = self._finish_text.size(_FINISH)
        room = (size.width(), size.height())
        shows = (
            picture, picture.range, race, tuple(self._looks), self._losses, target, hold, room,
        )  # fmt: skip
        return self._finish_place.get(
            shows, lambda: (picture.finish_label(target, room, hold=hold),)
        )[0]

    # Qt's own

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.update()  # the pictures kept are blurred there
        return super().event(event)

    def sizeHint(self) -> QSize:
        return QSize(round(self._look.px(310)), round(self._look.px(230)))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._look.px(180)), round(self._look.px(140)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter)
        if self.hasFocus():
            paint_focus(painter, self.rect(), self._look)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._describe()
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)
