"""Each update rule once more, in plain numpy and straight from its formula.

Slow and short; it also gives what torch lacks: Lion, Adam without bias correction, and momentum
and Nesterov in the chapter's form under a learning rate that changes. Its powers βᵗ are the exact
ones, rounded; a C library's may be one unit off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
import numpy as np

Array = np.ndarray
Gradient = Callable[[int, Array], Array]  # step, point -> g
Knobs = Mapping[str, Any]

#: What each rule remembers.
MEMORY = {
    **{"sgd": (), "momentum": ("v",), "nesterov": ("v",), "adagrad": ("r",), "rmsprop": ("r",)},
    **{"adadelta": ("r", "u"), "adamax": ("s", "u"), "amsgrad": ("s", "r", "r_max")},
    **dict.fromkeys(("adam", "adamw", "nadam", "radam"), ("s", "r")),
    **{"lion": ("s",), "qhm": ("s",)},
}
DECOUPLED = ("adamw", "lion")


def clipped(g: Array, clip: tuple[str, float] | None) -> Array:
    if clip is None:
        return g
    kind, limit = clip
    if kind == "value":
        return np.clip(g, -limit, limit)
    return g * min(1.0, limit / (np.linalg.norm(g) + 1e-6))


def along_the_gradient(key: str, p: Knobs, g: Array, eps: float, m: dict[str, Array]) -> Array:
    """Give Δθ of the rules without averages of gradients, and bring their memory up to date."""
    if key == "sgd":
        return -eps * g
    if key in ("momentum", "nesterov"):
        if p["form"] == "chapter":
            m["v"] = p["beta"] * m["v"] - eps * g
            return m["v"]
        m["v"] = p["beta"] * m["v"] + g
        return -eps * m["v"]
    if key == "qhm":
        m["s"] = p["beta"] * m["s"] + (1 - p["beta"]) * g
        return -eps * ((1 - p["nu"]) * g + p["nu"] * m["s"])
    if key == "adagrad":
        m["r"] = m["r"] + g**2
        return -eps * g / (np.sqrt(m["r"]) + p["delta"])
    m["r"] = p["rho"] * m["r"] + (1 - p["rho"]) * g**2
    if key == "rmsprop":
        return -eps * g / (np.sqrt(m["r"]) + p["delta"])
    step = np.sqrt(m["u"] + p["delta"]) / np.sqrt(m["r"] + p["delta"]) * g
    m["u"] = p["rho"] * m["u"] + (1 - p["rho"]) * step**2
    return -eps * step


def power(base: float, exponent: int) -> float:
    """Give the power as the nearest double."""
    with mpmath.workprec(200):
        return float(mpmath.mpf(base) ** exponent)


def by_averages(key: str, p: Knobs, g: Array, eps: float, m: dict[str, Array], t: int) -> Array:
    """Give Δθ of Adam and its kin at step t = 1, 2, …, and bring their memory up to date."""
    b1, b2 = p["beta1"], p["beta2"]
    b1_t, b2_t = power(b1, t), power(b2, t)
    if key == "lion":
        sign = np.sign(b1 * m["s"] + (1 - b1) * g)
        m["s"] = b2 * m["s"] + (1 - b2) * g
        return -eps * sign
    m["s"] = s = b1 * m["s"] + (1 - b1) * g
    s_hat = s / (1 - b1_t)
    if key == "adamax":
        m["u"] = np.maximum(b2 * m["u"], np.abs(g) + p["delta"])
        return -eps * s_hat / m["u"]
    m["r"] = r = b2 * m["r"] + (1 - b2) * g**2
    if key == "amsgrad":
        m["r_max"] = r = np.maximum(m["r_max"], r)
    r_hat = r / (1 - b2_t)
    if not p.get("bias_correction", True):
        s_hat, r_hat = s, r
    if key == "nadam":
        mu = [b1 * (1 - 0.5 * 0.96 ** (i * p["momentum_decay"])) for i in range(1, t + 2)]
        s_hat = mu[t] * s / (1 - np.prod(mu)) + (1 - mu[t - 1]) * g / (1 - np.prod(mu[:t]))
    if key == "radam":
        rho_inf = 2 / (1 - b2) - 1
        rho = rho_inf - 2 * t * b2_t / (1 - b2_t)
        if rho <= 5:
            return -eps * s_hat
        squared = (rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)
        return -eps * s_hat * np.sqrt(squared * (1 - b2_t)) / (np.sqrt(r) + p["delta"])
    return -eps * s_hat / (np.sqrt(r_hat) + p["delta"])


def lookahead(key: str, p: Knobs, v: Array, last_eps: float) -> Array | float:
    """How far from θ the gradient is taken; torch's velocity counts by the last step's rate."""
    if key != "nesterov":
        return 0.0
    return p["beta"] * v * (1.0 if p["form"] == "chapter" else -last_eps)


def plain_run(
    key: str,
    knobs: Knobs,
    gradient: Gradient,
    start: tuple[float, float],
    lr: Array,
    clip: tuple[str, float] | None = None,
) -> tuple[Array, dict[str, Array]]:
    """Give the path, (steps + 1, 2), and the memory by name, (steps + 1, 2) each."""
    path = np.empty((len(lr) + 1, 2))
    path[0] = start
    memory = {name: np.zeros((len(lr) + 1, 2)) for name in MEMORY[key]}
    now = {name: np.zeros(2) for name in memory}
    for k, eps in enumerate(lr):
        theta, decay = path[k], knobs["weight_decay"]
        ahead = lookahead(key, knobs, now.get("v", np.zeros(2)), lr[k - 1] if k else 0.0)
        g = clipped(np.asarray(gradient(k, theta + ahead), dtype=float), clip)
        if key not in DECOUPLED:
            g = g + decay * (theta + ahead)
            decay = 0.0
        if "beta1" in knobs:
            step = by_averages(key, knobs, g, eps, now, k + 1)
        elif key == "nesterov" and knobs["form"] == "pytorch":
            along_the_gradient(key, knobs, g, eps, now)
            step = ahead - eps * g
        else:
            step = along_the_gradient(key, knobs, g, eps, now)
        path[k + 1] = (1 - eps * decay) * theta + step
        for name, values in memory.items():
            values[k + 1] = now[name]
    return path, memory
