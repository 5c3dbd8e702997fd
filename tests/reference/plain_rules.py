"""Each update rule once more, in plain numpy and straight from its formula.

Slow and short; it also gives what torch lacks: Adam without bias correction, and momentum in the
chapter's form under a learning rate that changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Array = np.ndarray
Slope = Callable[[int, Array], Array]  # step, θ -> g


def clipped(g: Array, clip: tuple[str, float] | None) -> Array:
    if clip is None:
        return g
    kind, limit = clip
    if kind == "value":
        return np.clip(g, -limit, limit)
    return g * min(1.0, limit / (np.linalg.norm(g) + 1e-6))


def plain_run(
    key: str,
    knobs: Mapping[str, Any],
    slope: Slope,
    start: tuple[float, float],
    lr: Array,
    clip: tuple[str, float] | None = None,
) -> tuple[Array, dict[str, Array]]:
    """Give the path, (steps + 1, 2), and the memory by name, (steps + 1, 2) each."""
    path = np.empty((len(lr) + 1, 2))
    path[0] = start
    names = {"sgd": (), "momentum": ("v",), "rmsprop": ("r",), "adam": ("s", "r")}[key]
    memory = {name: np.zeros((len(lr) + 1, 2)) for name in names}
    for k, epsilon in enumerate(lr):
        theta = path[k]
        now = {name: values[k] for name, values in memory.items()}
        g = clipped(np.asarray(slope(k, theta), dtype=float), clip)
        g = g + knobs["weight_decay"] * theta
        if key == "sgd":
            path[k + 1] = theta - epsilon * g
        elif key == "momentum" and knobs["form"] == "chapter":
            memory["v"][k + 1] = v = knobs["beta"] * now["v"] - epsilon * g
            path[k + 1] = theta + v
        elif key == "momentum":
            memory["v"][k + 1] = v = knobs["beta"] * now["v"] + g
            path[k + 1] = theta - epsilon * v
        elif key == "rmsprop":
            memory["r"][k + 1] = r = knobs["rho"] * now["r"] + (1 - knobs["rho"]) * g**2
            path[k + 1] = theta - epsilon * g / (np.sqrt(r) + knobs["delta"])
        else:
            b1, b2 = knobs["beta1"], knobs["beta2"]
            memory["s"][k + 1] = s = b1 * now["s"] + (1 - b1) * g
            memory["r"][k + 1] = r = b2 * now["r"] + (1 - b2) * g**2
            if knobs["bias_correction"]:
                s, r = s / (1 - b1 ** (k + 1)), r / (1 - b2 ** (k + 1))
            path[k + 1] = theta - epsilon * s / (np.sqrt(r) + knobs["delta"])
    return path, memory
