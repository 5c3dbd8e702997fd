"""What the stage shows of chance: a batch's own loss, a cloud of gradients, and their legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optiviz.engine.digits import rounded
from optiviz.gui.views.contour.batch import BatchLayer
from optiviz.gui.views.contour.cloud import CloudLayer
from optiviz.gui.views.contour.legend import Entry, Legend

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRectF

    from optiviz.engine.chance import BatchField, Cloud
    from optiviz.engine.surfaces import Point
    from optiviz.gui.drawing.layer import Layer


class StageChance:
    """Holds the layers, and writes their legend."""

    def __init__(self, arrange: Callable[[], None]) -> None:
        """``arrange()`` is called when the legend takes another room."""
        self._arrange = arrange
        self.batch = BatchLayer(0.0)
        self.cloud = CloudLayer(45.0)
        self.legend = Legend(38.0)  # below handle and racers, so that they can be seen and seized
        self._batch_rows: tuple[tuple[Entry, ...], ...] = ()
        self._cloud_head = ""
        self._cloud_look = 0
        self._cloud: Cloud | None = None
        self._is_told = False

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, which the stage owns."""
        return (self.batch, self.cloud, self.legend)

    @property
    def room(self) -> QRectF:
        """The room that the legend takes."""
        return self.legend.room

    def show_batch(self, batch: BatchField | None, racer_style: int, words: str) -> None:
        """Show a batch's lines, or none; ``words`` say in the legend whose they are."""
        self.batch.show_batch(batch, racer_style)
        entries = [Entry("lines", words, racer_style)] if words else []
        if batch is not None and words:
            # Said of every batch, so that the plate keeps its size from step to step.
            entries.append(Entry("lowest", "that loss’s minimum", racer_style))
        self._batch_rows = (tuple(entries),) if entries else ()
        self.show_legend()

    def show_cloud(
        self, cloud: Cloud | None, racer_style: int, words: str, told: Point | None
    ) -> None:
        """Show a cloud and the gradient told, or none; ``words`` say where it is and whose."""
        self.cloud.show_cloud(cloud, racer_style, told)
        self._cloud, self._cloud_look, self._cloud_head = cloud, racer_style, words
        self._is_told = told is not None
        self.show_legend()

    def show_legend(self) -> None:
        """Write the legend; how long gradients are drawn depends on what is visible."""
        if self.legend.show_rows([*self._batch_rows, *self._cloud_rows()]):
            self._arrange()

    def _cloud_rows(self) -> list[tuple[Entry, ...]]:
        if not self._cloud_head:
            return []
        look = self._cloud_look
        if self._cloud is None:
            return [(Entry("dots", self._cloud_head, look),)]
        factor = rounded(self.cloud.factor, 6)
        head = f"{self._cloud_head}, drawn −g × {factor}"
        true = Entry("arrow", "true gradient")
        if not self._cloud.covariance.any():
            return [(Entry("dots", head, look),), (true,)]
        return [
            (Entry("dots", head, look),),
            (
                true,
                Entry("mean", "mean of the dots"),
                Entry("ellipse", "2σ"),  # what share that holds depends on how the dots lie
                *((Entry("told", "this step’s", look),) if self._is_told else ()),
            ),
        ]
