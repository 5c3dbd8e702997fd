"""Optimizers for tests: all that the table has, in every form, by what each says of itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from optiviz.engine import OPTIMIZERS
from optiviz.engine.optimizers import InTorch, Optimizer

Form = tuple[str, dict[str, Any]]


def other_forms(key: str) -> list[Form]:
    """Every setting of a rule's switches and choices but its default."""
    found: list[Form] = []
    for spec in OPTIMIZERS[key].knobs():
        if spec.kind in ("choice", "switch"):
            every = spec.choices if spec.kind == "choice" else (True, False)
            found += [(key, {spec.name: each}) for each in every if each != spec.default]
    return found


#: Every rule, and every form of it.
FORMS: list[Form] = [
    *((key, {}) for key in OPTIMIZERS),
    *(form for key in OPTIMIZERS for form in other_forms(key)),
]
#: Torch's rules.
TORCHS = tuple(key for key, part in OPTIMIZERS.items() if isinstance(part().in_torch, InTorch))
#: Those that have a bound on ε, and those that divide by nothing.
BOUNDED = tuple(key for key, part in OPTIMIZERS.items() if part.bounded)
UNBOUNDED = tuple(key for key in OPTIMIZERS if key not in BOUNDED)
ONE_RATE = tuple(key for key, part in OPTIMIZERS.items() if part.scale is Optimizer.scale)
#: Those whose averages are corrected for their start at 0.
CORRECTED = tuple(key for key, part in OPTIMIZERS.items() if "beta1^t" in part.numbers)


def divides_at_first(key: str) -> bool:
    """Whether a rule divides its first step by the size of a gradient; RAdam does not yet."""
    optimizer = OPTIMIZERS[key]()
    memory = optimizer.named(np.array(optimizer.first_memory()))
    measured = optimizer.measured(memory)
    return measured is not None and not measured.any()
