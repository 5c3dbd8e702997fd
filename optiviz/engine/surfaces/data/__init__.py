"""Losses of two parameters that are means over real examples."""

from optiviz.engine.surfaces.data.base import DataSurface
from optiviz.engine.surfaces.data.lines import Line, RareFeature
from optiviz.engine.surfaces.data.networks import TwoWeights
from optiviz.engine.surfaces.data.units import Logistic, Neuron
from optiviz.engine.surfaces.data.waves import Sine

__all__ = ["DataSurface", "Line", "Logistic", "Neuron", "RareFeature", "Sine", "TwoWeights"]
