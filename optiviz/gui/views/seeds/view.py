"""SeedsView: one racer run from many seeds: a band of losses, and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from optiviz.engine import Knob
from optiviz.engine.ensemble import MAX_SEEDS
from optiviz.engine.gradients import FullGradient
from optiviz.engine.words import sentences
from optiviz.gui.commands.actions import with_key
from optiviz.gui.theme.palette import Look
from optiviz.gui.views.racer_header import RacerHeader
from optiviz.gui.views.seeds.plot import SeedsPlot
from optiviz.gui.views.view import View
from optiviz.gui.widgets.number_field import NumberField
from optiviz.gui.widgets.readout import Readout
from optiviz.gui.words.numbers import allowed_numbers, format_loss

if TYPE_CHECKING:
    from optiviz.engine import Race
    from optiviz.engine.ensemble import Ensemble
    from optiviz.scene import Scene

COUNT = Knob(
    "seeds",
    "seeds",
    "seeds",
    "From how many seeds the racer is run.",
    200,
    low=10,
    high=MAX_SEEDS,
    scale="log",
    travel=(10, MAX_SEEDS),
    integer=True,
)
OFF = (
    "Turned on, one racer is run from many seeds: here the band of their losses, on the stage "
    "where each of them ends."
)
WORKING = "Running …"
_PLOT_HEIGHT = 170.0
_SAME = "the gradient is exact: every seed is the same race"
EXACT = sentences([_SAME])


class SeedsView(View):
    """Signals: ``on_wished(on)``, ``racer_wished(style)``, ``count_wished(count)``."""

    on_wished = Signal(bool)
    racer_wished = Signal(int)
    count_wished = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seeds_view")
        self.setAccessibleName("Many seeds")
        tip = "Runs one racer from many seeds, or stops it"
        self._header = RacerHeader("seeds", "Many seeds", with_key(tip, "seeds"), self)
        self._header.on_wished.connect(self.on_wished)
        self._header.racer_wished.connect(self.racer_wished)
        self.count = NumberField(COUNT, "seeds_count", "Many seeds: how many", self)
        self.count.setToolTip(
            f"{COUNT.help[:-1]}: {allowed_numbers(COUNT)}. Arrow keys step, with Shift finer."
        )
        self.count.value_typed.connect(lambda value: self.count_wished.emit(int(value)))
        self._times = QLabel("×", self)
        self._header.row.addWidget(self._times)
        self._header.row.addWidget(self.count)
        self.plot = SeedsPlot(self)
        self.plot.setToolTip(
            "The line is the median of the losses; half of the seeds lie in the inner band, 90 % "
            "in the outer one."
        )
        self.told = Readout("1000 of 1000", Qt.AlignmentFlag.AlignLeft, size=0.92, parent=self)
        self.told.setObjectName("seeds_view.told")
        self.told.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._off = QLabel(OFF, self)
        self._off.setObjectName("seeds_view.off")
        self._off.setProperty("muted", True)
        self._off.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._header)
        self._column.addWidget(self._off)
        self._column.addWidget(self.plot, 1)
        self._column.addWidget(self.told)
        self._look = Look()
        self._on = False
        self._name = ""  # whose runs are shown
        self.show_count(int(COUNT.default))
        self.show_on(False)

    @property
    def ensemble(self) -> Ensemble | None:
        """What is shown."""
        return self.plot.ensemble

    def show_scene(self, scene: Scene) -> None:
        self._header.show_scene(scene)

    def show_step(self, position: float) -> None:
        self.plot.show_step(position)

    def show_on(self, on: bool) -> None:
        """Show whether it is on."""
        self._on = on
        self._header.show_on(on)
        self.plot.show_sentence(WORKING if on else OFF)
        # What is off is a sentence, and no empty box.
        self._off.setVisible(not on)
        for part in (self.plot, self.told):
            part.setVisible(on)
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred, policy.Expanding if on else policy.Fixed)
        self._describe()

    def show_racer(self, racer_style: int) -> None:
        """Show whose run it is."""
        self._header.show_racer(racer_style)

    def show_count(self, count: int) -> None:
        """Show how many seeds are wanted."""
        self.count.show_value(count)

    def show_ensemble(
        self, ensemble: Ensemble | None, racer_style: int = 0, name: str = ""
    ) -> None:
        """Show what is there of many seeds, in a racer's colour; ``None``: nothing."""
        self._name = name
        self.plot.show_ensemble(ensemble, racer_style)
        self.told.show_text(_told(ensemble))
        self._describe()

    def show_ghost(self, race: Race | None) -> None:
        self.plot.show_held(race is not None)

    def show_look(self, look: Look) -> None:
        self._look = look
        edge = round(look.px(6))
        self._column.setContentsMargins(edge, 0, edge, edge)
        self._column.setSpacing(edge // 2)
        self._header.show_look(look)
        self._off.setFont(look.font(0.92))
        self.plot.setMinimumHeight(round(look.px(_PLOT_HEIGHT)))
        self.count.setFont(look.font())
        self._times.setFont(look.font())
        self.told.show_look(look)
        self.plot.show_look(look)

    def _describe(self) -> None:
        ensemble = self.plot.ensemble
        if ensemble is None:
            self.setAccessibleDescription(WORKING if self._on else OFF)
            return
        least = ensemble.spec.race.surface.least
        ends = [format_loss(float(end)) for end in ensemble.band[:, -1] - least]
        self.setAccessibleDescription(
            f"{self._name}, {_clause(ensemble)}. In the end the median of the loss above "
            f"its least is {ends[2]}; half of them are from {ends[1]} to {ends[3]}, "
            f"90 % from {ends[0]} to {ends[4]}."
        )

    def sizeHint(self) -> QSize:
        return QSize(round(self._look.px(300)), super().sizeHint().height())


def _told(ensemble: Ensemble | None) -> str:
    if ensemble is None:
        return ""
    return EXACT if _is_exact(ensemble) else _clause(ensemble)


def _is_exact(ensemble: Ensemble) -> bool:
    return isinstance(ensemble.spec.race.entrants[0].gradient, FullGradient)


def _clause(ensemble: Ensemble) -> str:
    if _is_exact(ensemble):
        return _SAME
    done, wanted = len(ensemble.kinds), ensemble.spec.seeds
    return f"{done} of {wanted}: {ensemble.finished} finished, {ensemble.diverged} diverged"
