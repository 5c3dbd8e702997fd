"""The kernels of Adam and its kin, and the product in which their running powers are exact.

They stand in one file: on disk a compiled kernel is known by its file, so that a change of
:func:`times` must be one of this file.
"""

from __future__ import annotations

import math
from typing import Any

from optiviz.engine.kernels import part_of_kernels


def upper(number: float) -> float:
    """Give a number's upper 26 bits, whose products with other such are exact."""
    high = 134217729.0 * number
    return high - (high - number)


@part_of_kernels
def times(power: float, rest: float, factor: float, factor_upper: float) -> tuple[float, float]:
    """Multiply a power and its rest, which is what rounding took from it, by a factor.

    Dekker's product (1971): numbers are split into halves of 26 bits, whose products are exact.

    Args:
        power: the product so far; below 10⁻⁴⁰ it is taken for 0.
        rest: what is to be added to it, less than its last place.
        factor: by which it is multiplied.
        factor_upper: the upper half of that, as :func:`upper` gives it.
    """
    if power < 1e-40:
        power = 0.0
    high = 134217729.0 * power
    high = high - (high - power)
    low = power - high
    factor_low = factor - factor_upper
    product = power * factor
    lost = high * factor_upper - product + high * factor_low + low * factor_upper + low * factor_low
    lost = lost + rest * factor
    rounded = product + lost
    return rounded, lost - (rounded - product)


def adam(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    """Take a step of Adam."""
    beta1 = knobs[0]
    beta2 = knobs[1]
    delta = knobs[2]
    for j in range(2):  # β₁ᵗ and β₂ᵗ
        power, rest = times(memory[4 + j], memory[6 + j], knobs[j], knobs[3 + j])
        memory[4 + j] = power
        memory[6 + j] = rest
    correct_s = 1.0
    correct_r = 1.0
    if knobs[5] != 0.0:
        correct_s = 1.0 - memory[4]
        correct_r = 1.0 - memory[5]
    for i in range(2):
        s = beta1 * memory[i] + (1.0 - beta1) * g[i]
        r = beta2 * memory[2 + i] + (1.0 - beta2) * g[i] * g[i]
        memory[i] = s
        memory[2 + i] = r
        theta[i] -= lr * (s / correct_s) / (math.sqrt(r / correct_r) + delta)


def amsgrad(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    """Take a step of AMSGrad."""
    beta1 = knobs[0]
    beta2 = knobs[1]
    delta = knobs[2]
    for j in range(2):  # β₁ᵗ and β₂ᵗ
        power, rest = times(memory[6 + j], memory[8 + j], knobs[j], knobs[3 + j])
        memory[6 + j] = power
        memory[8 + j] = rest
    for i in range(2):
        s = beta1 * memory[i] + (1.0 - beta1) * g[i]
        r = beta2 * memory[2 + i] + (1.0 - beta2) * g[i] * g[i]
        memory[i] = s
        memory[2 + i] = r
        if not r <= memory[4 + i]:  # NaN passes on
            memory[4 + i] = r
        size = math.sqrt(memory[4 + i] / (1.0 - memory[7])) + delta
        theta[i] -= lr * (s / (1.0 - memory[6])) / size


def adamax(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    """Take a step of Adamax."""
    beta1 = knobs[0]
    memory[4], memory[5] = times(memory[4], memory[5], beta1, knobs[3])  # β₁ᵗ
    for i in range(2):
        s = beta1 * memory[i] + (1.0 - beta1) * g[i]
        u = knobs[1] * memory[2 + i]
        size = math.fabs(g[i]) + knobs[2]
        if not size <= u:  # NaN passes on
            u = size
        memory[i] = s
        memory[2 + i] = u
        theta[i] -= lr * (s / (1.0 - memory[4])) / u


def nadam(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    """Take a step of NAdam."""
    beta1 = knobs[0]
    beta2 = knobs[1]
    delta = knobs[2]
    fading = knobs[5]
    for j in range(2):  # β₁ᵗ and β₂ᵗ
        power, rest = times(memory[4 + j], memory[6 + j], knobs[j], knobs[3 + j])
        memory[4 + j] = power
        memory[6 + j] = rest
    memory[8] *= fading  # 0.96^(tψ)
    mu = beta1 * (1.0 - 0.5 * memory[8])
    mu_next = beta1 * (1.0 - 0.5 * (memory[8] * fading))
    memory[9] *= mu  # μ₁ … μₜ
    weight_g = lr * (1.0 - mu) / (1.0 - memory[9])
    weight_s = lr * mu_next / (1.0 - memory[9] * mu_next)
    for i in range(2):
        s = beta1 * memory[i] + (1.0 - beta1) * g[i]
        r = beta2 * memory[2 + i] + (1.0 - beta2) * g[i] * g[i]
        memory[i] = s
        memory[2 + i] = r
        size = math.sqrt(r / (1.0 - memory[5])) + delta
        theta[i] -= (weight_g * g[i] + weight_s * s) / size


def radam(theta: Any, memory: Any, g: Any, lr: float, knobs: Any) -> None:
    """Take a step of RAdam."""
    beta1 = knobs[0]
    beta2 = knobs[1]
    rho_inf = knobs[5]
    for j in range(2):  # β₁ᵗ and β₂ᵗ
        power, rest = times(memory[4 + j], memory[6 + j], knobs[j], knobs[3 + j])
        memory[4 + j] = power
        memory[6 + j] = rest
    memory[8] += 1.0  # t
    correct_r = 1.0 - memory[5]
    rho = rho_inf - 2.0 * memory[8] * memory[5] / correct_r
    rectified = 0.0
    if rho > 5.0:
        ratio = (rho - 4.0) * (rho - 2.0) * rho_inf / ((rho_inf - 4.0) * (rho_inf - 2.0) * rho)
        rectified = math.sqrt(ratio) * math.sqrt(correct_r)
    for i in range(2):
        s = beta1 * memory[i] + (1.0 - beta1) * g[i]
        r = beta2 * memory[2 + i] + (1.0 - beta2) * g[i] * g[i]
        memory[i] = s
        memory[2 + i] = r
        step = lr * (s / (1.0 - memory[4]))
        if rho > 5.0:
            step = step * rectified / (math.sqrt(r) + knobs[2])
        theta[i] -= step
