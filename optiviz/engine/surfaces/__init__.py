"""Loss surfaces of two parameters: value, gradient and Hessian, all analytic.

A surface's kernel is written once and serves floats (in the race), whole arrays (in the picture)
and complex numbers (in the tests); see ``rebound.py``. Each surface also brings a start and knobs
for the first four racers that make a race worth watching: ``tuned``, found by the rule in
``docs/tuning.md``. ``docs/surfaces.md`` tells of each.
"""

from optiviz.engine.part import table
from optiviz.engine.surfaces.base import NO_EXAMPLES, Point, Surface, Window
from optiviz.engine.surfaces.basins import Himmelblau, SixHumpCamel, StyblinskiTang
from optiviz.engine.surfaces.bowls import Booth, Matyas, Quadratic
from optiviz.engine.surfaces.data import (
    DataSurface,
    Line,
    Logistic,
    Neuron,
    RareFeature,
    Sine,
    TwoWeights,
)
from optiviz.engine.surfaces.roads import Plateau, Ravine, Ripples
from optiviz.engine.surfaces.saddles import MonkeySaddle, PlainSaddle
from optiviz.engine.surfaces.twins import FlatAndSharp, TwoBasins
from optiviz.engine.surfaces.valleys import Beale, LogGoldsteinPrice, Rosenbrock
from optiviz.engine.surfaces.walls import Cliff
from optiviz.engine.surfaces.waves import Ackley, Griewank, Rastrigin

__all__ = ["NO_EXAMPLES", "SURFACES", "DataSurface", "Point", "Surface", "Window"]

#: All surfaces, the first race's first; the classic ones, then those made for teaching; those
#: made of data.
SURFACES: dict[str, type[Surface]] = table(
    Beale,
    Rosenbrock,
    Quadratic,
    Himmelblau,
    Booth,
    Matyas,
    LogGoldsteinPrice,
    StyblinskiTang,
    SixHumpCamel,
    Rastrigin,
    Ackley,
    Griewank,
    PlainSaddle,
    MonkeySaddle,
    Ravine,
    Plateau,
    Ripples,
    Cliff,
    FlatAndSharp,
    TwoBasins,
    Line,
    Logistic,
    Neuron,
    TwoWeights,
    Sine,
    RareFeature,
)
