"""Update rules, as PyTorch computes them in float64.

Each rule is a frozen dataclass of knobs and a kernel of a few lines under its formula. Symbols:
θ parameters, g slope, ε learning rate (``lr``), β momentum, v velocity, ρ decay rate, s first
moment, r second moment, ŝ and r̂ corrected for bias, δ the small constant (``delta``, torch's
``eps``), λ weight decay. A rule's memory holds two numbers for each of its names, then one for
each running product; names begin at 0 and products at 1.
"""

from optiviz.engine.optimizers.adam import Adam
from optiviz.engine.optimizers.adaptive import RMSProp
from optiviz.engine.optimizers.base import Optimizer
from optiviz.engine.optimizers.gradient import SGD, Momentum
from optiviz.engine.part import table

__all__ = ["OPTIMIZERS", "Optimizer"]

OPTIMIZERS: dict[str, type[Optimizer]] = table(SGD, Momentum, RMSProp, Adam)
