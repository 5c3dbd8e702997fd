"""Update rules, as PyTorch computes them in float64.

Each rule is a frozen dataclass of knobs and a kernel of a few lines under its formula. Symbols:
θ parameters, g gradient, ε learning rate (``lr``), β momentum, v velocity, ρ decay rate, s first
moment, r second moment, ŝ and r̂ corrected for bias, δ the small constant (``delta``, torch's
``eps``), λ weight decay. A rule's memory holds two numbers for each of its names, which begin at
0, then what it remembers once for both parameters, such as a running product βᵗ. Weight decay is
the loop's: L2 inside the gradient, or decoupled where the rule says so.
"""

from optiviz.engine.optimizers.adam import Adam, AdamW, AMSGrad
from optiviz.engine.optimizers.adam_kin import Adamax, NAdam, RAdam
from optiviz.engine.optimizers.adaptive import Adadelta, AdaGrad, RMSProp
from optiviz.engine.optimizers.base import Optimizer
from optiviz.engine.optimizers.gradient import QHM, SGD, Momentum, Nesterov
from optiviz.engine.optimizers.in_torch import InTorch, NotInTorch
from optiviz.engine.optimizers.sign import Lion
from optiviz.engine.part import table

__all__ = ["OPTIMIZERS", "InTorch", "NotInTorch", "Optimizer"]

OPTIMIZERS: dict[str, type[Optimizer]] = table(
    SGD,
    Momentum,
    Nesterov,
    QHM,
    AdaGrad,
    RMSProp,
    Adam,
    AdamW,
    Adadelta,
    Adamax,
    NAdam,
    RAdam,
    AMSGrad,
    Lion,
)
