"""The models of the data surfaces once more, as their pages write them.

Nothing here is taken from the engine. ``lib`` is numpy or torch; ``x`` are the columns of inputs,
the first of them first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MODELS: dict[str, Callable[[Any, Any, Any, Sequence[Any]], Any]] = {
    "line": lambda lib, w, b, x: w * x[0] + b,
    "logistic": lambda lib, w, b, x: 1.0 / (1.0 + lib.exp(-(w * x[0] + b))),
    "neuron": lambda lib, w, b, x: lib.tanh(w * x[0] + b),
    "two_weights": lambda lib, w, b, x: b * lib.tanh(w * x[0]),
    "sine": lambda lib, w, b, x: lib.sin(w * x[0] + b),
    "rare_feature": lambda lib, w, b, x: w * x[0] + b * x[1],
}
#: The models whose output is the probability of the second kind.
CLASSIFIERS = ("logistic",)


def torch_loss(key: str, first: Any, second: Any, inputs: Sequence[Any], target: Any) -> Any:
    """The mean loss over rows, as a torch user would write it."""
    import torch

    functional = torch.nn.functional
    if key in CLASSIFIERS:
        # From the output before the sigmoid, which loses no digits where that is near 0 or 1.
        return functional.binary_cross_entropy_with_logits(first * inputs[0] + second, target)
    return functional.mse_loss(MODELS[key](torch, first, second, inputs), target) / 2
