"""The numbers of OptiViz: update rules, surfaces, and races between them. Needs no Qt."""

from optiviz.engine import draws
from optiviz.engine.bounds import Bound
from optiviz.engine.cancel import Cancelled
from optiviz.engine.chance import typical_gradient
from optiviz.engine.clip import Clip
from optiviz.engine.curvature import Curvature, curvature
from optiviz.engine.field import Field, FieldSpec, sample_field
from optiviz.engine.gradients import GRADIENTS, Gradient
from optiviz.engine.optimizers import OPTIMIZERS, Optimizer
from optiviz.engine.outcome import Outcome
from optiviz.engine.part import Knob, KnobValue, Part, PartError
from optiviz.engine.race import Race, run_race, warm_up
from optiviz.engine.run import Run
from optiviz.engine.schedules import SCHEDULES, Schedule
from optiviz.engine.spec import MAX_STEPS, Entrant, RaceSpec
from optiviz.engine.standings import Standing
from optiviz.engine.surfaces import SURFACES, Surface

__all__ = [
    "GRADIENTS",
    "MAX_STEPS",
    "OPTIMIZERS",
    "SCHEDULES",
    "SURFACES",
    "Bound",
    "Cancelled",
    "Clip",
    "Curvature",
    "Entrant",
    "Field",
    "FieldSpec",
    "Gradient",
    "Knob",
    "KnobValue",
    "Optimizer",
    "Outcome",
    "Part",
    "PartError",
    "Race",
    "RaceSpec",
    "Run",
    "Schedule",
    "Standing",
    "Surface",
    "curvature",
    "draws",
    "run_race",
    "sample_field",
    "typical_gradient",
    "warm_up",
]
