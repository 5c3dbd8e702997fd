"""DataView: the examples that the loss is made of, the batch of now, and everybody's model."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from optiviz.engine.gradients import MiniBatch
from optiviz.engine.surfaces.data import DataSurface
from optiviz.gui.stage.racers import heads_of
from optiviz.gui.theme.markers import marker_pixmap
from optiviz.gui.theme.palette import RACER_STYLES, Look
from optiviz.gui.views.data.batch import Batch, batch_at, is_gone, lit_mark, paint_batch, state_of
from optiviz.gui.views.data.cloud import examples_of, tilts_of
from optiviz.gui.views.data.fits import fits_of, inputs_of, paint_fits, rare_mark
from optiviz.gui.views.data.header import BatchChoice, DataHeader
from optiviz.gui.views.data.plot import DataPlot
from optiviz.gui.views.plot_view import PlotView

if TYPE_CHECKING:
    from optiviz.engine import Race, Run, Surface
    from optiviz.gui.stage.heads import Head
    from optiviz.gui.views.data.cloud import Cloud
    from optiviz.scene import Scene

_NOTHING = (
    "Here the loss is a formula. Choose a mini-batch gradient to give it examples, or a surface "
    "with data."
)
_TILTS = "Synthetic examples: fᵢ = f + ξᵢ·θ"
_PICTURE = (215.0, 330.0)  # the picture's least and greatest height
_SHAPE = 0.75  # its height by its width
_MARK = 13.0


class DataView(PlotView):
    """Shows the examples, the current batch of one racer, and the racers' models.

    Points and axes are drawn once into a picture; a playing frame pastes it and adds the batch and
    the curves. Signals: ``data_wished(name)``, ``column_wished(knob, column)``, ``open_wished()``,
    ``reread_wished()``: the table should be read in another way.
    """

    data_wished = Signal(str)
    column_wished = Signal(str, str)
    open_wished = Signal()
    reread_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_view")
        self.setAccessibleName("Data")
        self.setToolTip("The examples, the batch of this step, and the model of every racer")
        self._scene: Scene | None = None
        self._race: Race | None = None
        self._batch_style = -1  # whose batch a hand chose
        self._surface: Surface | None = None
        self._cloud: Cloud | None = None
        self._heads: tuple[Head, ...] = ()
        self._lit: tuple[Run, int] | None = None  # whose batch is lit, and that racer's look
        self._gone = False  # whether that racer has diverged
        self._told: tuple[object, ...] = ()  # what the lines above the picture tell of
        self._header = DataHeader(self)
        self._header.data_wished.connect(self.data_wished)
        self._header.column_wished.connect(self.column_wished)
        self._header.open_wished.connect(self.open_wished)
        self._header.reread_wished.connect(self.reread_wished)
        self._header.batch_wished.connect(self.on_batch_wished)
        self._nothing = QLabel(_NOTHING, self)
        self._nothing.setObjectName("data_view.nothing")
        self._nothing.setProperty("muted", True)
        self._nothing.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._header)
        column.addWidget(self._nothing)
        column.addStretch(1)
        self.show_look(self._look)

    # What is shown

    @property
    def cloud(self) -> Cloud | None:
        """The points that are shown; ``None`` where there are none."""
        return self._cloud

    @property
    def plot(self) -> DataPlot | None:
        """The picture's axes, for the size and points of now; ``None`` where there are none."""
        cloud = self._cloud
        if cloud is None:
            return None
        # Not the header's height: that changes only once it has been laid out.
        top = float(self._header.sizeHint().height())
        size = (float(self.width()), float(self.height()))
        seen = (self._look, size, top, self.devicePixelRatioF(), cloud)
        return self.kept("plot", seen, lambda: DataPlot(*seen))

    @property
    def batch(self) -> Batch | None:
        """The batch that is lit now; ``None`` where there is none."""
        return batch_at(self._lit, self._cloud, self._position)

    def show_scene(self, scene: Scene) -> None:
        self._scene = scene
        self._header.show_scene(scene)
        self._take()

    def show_race(self, race: Race) -> None:
        self._race = race
        self._take()

    def moved(self, before: float) -> None:
        if is_gone(self._lit, self._position) != self._gone:
            self._show_state()
        plot = self.plot
        if plot is not None:
            self.update(plot.plot.toAlignedRect())

    def show_readable(self, names: frozenset[str]) -> None:
        """Take which data sets were read from a file that can be read in another way."""
        self._header.show_readable(names)
        self.updateGeometry()

    def show_locked(self, locked: bool) -> None:
        """Keep the scene from accidents."""
        self._header.show_locked(locked)

    def show_look(self, look: Look) -> None:
        super().show_look(look)
        self._header.show_look(look)
        self._nothing.setFont(look.font())
        edge = round(look.px(4))
        self._nothing.setContentsMargins(edge, edge, edge, edge)
        self._show_legend()

    def on_batch_wished(self, look: int) -> None:
        """Light another racer's batches."""
        self._batch_style = look
        self._take()

    # Inside

    def _take(self) -> None:
        """Take over what is shown: all from the race, if it is the scene's, so that all agree."""
        scene, race = self._scene, self._race
        if scene is None:
            return
        own = (
            race is not None
            and race.spec.surface.key == scene.surface.key
            and len(race.runs) == len(scene.racers)
        )
        surface = race.spec.surface if race is not None and own else scene.surface
        self._surface = surface
        self._heads = tuple(heads_of(race, scene)) if race is not None and own else ()
        batched = [
            index
            for index in scene.shown_racers()
            if isinstance(scene.racers[index].gradient, MiniBatch)
        ]
        looks = [scene.racers[index].style for index in batched]
        look = self._batch_style if self._batch_style in looks else (looks or [-1])[0]
        self._lit, cloud = None, examples_of(surface)
        if batched:
            index = batched[looks.index(look)]
            gradient = scene.racers[index].gradient
            if race is not None and own:
                run = race.runs[index]
                if isinstance(run.entrant.gradient, MiniBatch):
                    self._lit, gradient = (run, look), run.entrant.gradient
            if cloud is None and isinstance(gradient, MiniBatch):
                cloud = tilts_of(gradient)
        choices = [self._choice(scene, surface, index) for index in batched]
        room = any(isinstance(racer.gradient, MiniBatch) for racer in scene.racers)
        self._header.show_batches(choices, look, room=room)
        told = (cloud, None if self._lit is None else self._lit[1], room)
        if told != self._told:
            self._told = told
            if cloud is not self._cloud:
                self._cloud = cloud
                self.update()
            self._header.show_title(_TILTS if cloud is not None and cloud.is_tilts else "")
            self._nothing.setVisible(cloud is None)
            self.updateGeometry()
            self._header.legend.setVisible(cloud is not None)
            self._show_legend()
        self._show_state()
        if cloud is not None:
            self.update()

    def _show_state(self) -> None:
        """Say how often the race looks at the examples, or that its racer is there no more."""
        gone = is_gone(self._lit, self._position)
        self._header.show_state(state_of(self._lit, gone=gone))
        if gone != self._gone:
            self._gone = gone
            self._show_legend()

    def _choice(self, scene: Scene, surface: Surface, index: int) -> BatchChoice:
        racer = scene.racers[index]
        total = racer.gradient.examples_of(len(surface.examples))
        size = racer.gradient.settings()["batch_size"]
        return BatchChoice(racer.style, racer.name, f"{size} of {total}")

    def _show_legend(self) -> None:
        """Say what the marks are, and describe it all to whoever cannot see it."""
        plot = self.plot
        if plot is None or self._cloud is None:
            self._header.legend.show_entries(())
            self.setAccessibleDescription(_NOTHING)
            return
        cloud = self._cloud
        if cloud.is_tilts:
            entries = [(plot.mark("dot", test=False), f"{len(cloud.train)} tilts ξ")]
            if self._lit is not None and not self._gone:
                look = self._lit[1]
                marker, color = RACER_STYLES[look].marker, self._look.color(look)
                size, theme = self._look.px(_MARK), self._look.theme
                pixmap = marker_pixmap(marker, color, theme.halo, size, plot.sharpness)
                entries.append((pixmap, "this batch’s tilt"))
        else:
            entries = [(plot.mark("dot", test=False), f"{len(cloud.train)} train")]
            if len(cloud.test):
                entries.append((plot.mark("dot", test=True), f"{len(cloud.test)} test"))
            if cloud.mark_label:
                entries.append((rare_mark(plot), cloud.mark_label))
            if self._lit is not None and not self._gone:
                entries.append((lit_mark(plot, "dot", self._lit[1]), "batch"))
        self._header.legend.show_entries(entries)
        words = ", ".join(word for _, word in entries)
        self.setAccessibleDescription(f"{cloud.y.label} against {cloud.x.label}: {words}.")

    def paint(self, painter: QPainter) -> None:
        plot = self.plot
        if plot is None:
            painter.fillRect(self.rect(), QColor(self._look.theme.window))
            return
        painter.drawPixmap(0, 0, self.kept("ground", (plot,), plot.draw_ground))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        batch = self.batch
        # A curve that is sure runs along a row of points, and would hide it.
        over = plot.cloud.in_rows
        if batch is not None and not over:
            paint_batch(painter, plot, batch)
        if isinstance(self._surface, DataSurface):
            inputs = inputs_of(plot)
            fits = fits_of(self._surface, self._heads, self._position, inputs)
            paint_fits(painter, plot, fits, inputs)
        if batch is not None and over:
            paint_batch(painter, plot, batch)
        plot.draw_names(painter)

    # Qt's own

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._show_legend()
        elif event.type() == QEvent.Type.LayoutRequest:
            self.update()  # the header may be higher now
        return super().event(event)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        # As high as its width asks for: a panel that is enlarged has a larger picture.
        if self._cloud is None:
            below = float(self._nothing.heightForWidth(max(self.width(), 1)))
        else:
            least, most = map(self._look.px, _PICTURE)
            below = min(max(_SHAPE * self.width(), least), most)
        height = self._header.sizeHint().height() + below
        return QSize(super().minimumSizeHint().width(), math.ceil(height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        super().resizeEvent(event)
