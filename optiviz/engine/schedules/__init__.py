"""Learning-rate schedules: the factor on ε as the epochs go by.

Each is a frozen dataclass of knobs with its formula; ``factor(epoch, epochs)`` takes fractional
epochs, numbers or whole arrays. What torch has is torch's; ``docs/schedules.md`` tells of each.
"""

from optiviz.engine.part import table
from optiviz.engine.schedules.base import WARMUP_FORMULA, WARMUP_START, Schedule
from optiviz.engine.schedules.cycles import CosineRestarts, Cyclical
from optiviz.engine.schedules.drawn import Drawn
from optiviz.engine.schedules.drops import Milestones, Step
from optiviz.engine.schedules.falling import (
    Constant,
    Cosine,
    Exponential,
    InverseSqrt,
    Linear,
    Polynomial,
    Sigmoid,
)
from optiviz.engine.schedules.handles import Handle
from optiviz.engine.schedules.phases import OneCycle, WarmupStableDecay

__all__ = [
    "SCHEDULES",
    "WARMUP_FORMULA",
    "WARMUP_START",
    "Constant",
    "Drawn",
    "Handle",
    "Milestones",
    "Schedule",
]

SCHEDULES: dict[str, type[Schedule]] = table(
    Constant,
    Linear,
    Step,
    Milestones,
    Exponential,
    Polynomial,
    InverseSqrt,
    Cosine,
    Sigmoid,
    CosineRestarts,
    Cyclical,
    OneCycle,
    WarmupStableDecay,
    Drawn,
)
