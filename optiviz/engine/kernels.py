"""The shape of every kernel, and the one loop that steps a racer.

A kernel is a plain function on numbers and small vectors. The loop takes the kernels as arguments,
so one compiled loop serves every optimizer on every surface; the same functions run interpreted
until they are compiled, and give the same bits (see ``compiler.py``). For that to hold, a kernel
uses only ``+ - * /``, ``math`` functions, comparisons and loops of fixed length: no ``**``.

Shapes, with n = 2 parameters:

========== ======================================= ===========================================
kernel     arguments                               does
========== ======================================= ===========================================
rule       theta (2,), memory (m,), g (2,), lr,    steps ``theta`` and ``memory`` in place
           knobs (k,)
lookahead  theta (2,), memory (m,), lr,            writes to ``point`` where the rule wants its
           knobs (k,), point (2,)                  gradient taken
surface    x, y, knobs (k,), examples (N, c),      writes the gradient to ``g``, returns the loss
           g (2,)
========== ======================================= ===========================================

``examples`` is a table, one row an example: all of them, or those of the step's batch. It is empty
where the surface is a formula. The kernel gives the mean over its rows.

What several kernels do alike is a function of numbers that is marked by :func:`part_of_kernels`. It
stands in their file: numba keeps compiled kernels by the file in which they are, and would not see
a change elsewhere.

A kernel belongs to a class of parts or to one part; :func:`kernel_of` and its like find it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

NO_CLIP, CLIP_NORM, CLIP_VALUE = 0, 1, 2

RuleKernel = Callable[[Any, Any, Any, float, Any], None]
LookaheadKernel = Callable[[Any, Any, float, Any, Any], None]
SurfaceKernel = Callable[[Any, Any, Any, Any, Any], Any]
#: (x, y, knobs) to ∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y². It is never compiled.
SecondKernel = Callable[[Any, Any, Any], tuple[Any, Any, Any]]

Part = TypeVar("Part", bound=Callable[..., Any])


def part_of_kernels(function: Part) -> Part:
    """Mark a function that kernels call: it is compiled with each of them."""
    function.__dict__["is_part_of_kernels"] = True
    return function


def parts_of(kernel: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """List the marked functions that a kernel calls, by the names that it has for them."""
    known = kernel.__globals__
    called = {name: known[name] for name in kernel.__code__.co_names if name in known}
    return {
        name: it for name, it in called.items() if getattr(it, "is_part_of_kernels", False) is True
    }


def kernel_of(part: Any) -> Any:
    """Give the kernel of an optimizer or a surface: that of its class, or one of its own.

    Equal parts must give the same function, since it is compiled once for each function.
    """
    return part.kernel


def lookahead_of(optimizer: Any) -> LookaheadKernel:
    """Give the kernel that says where an optimizer wants its gradient taken."""
    kernel: LookaheadKernel = optimizer.lookahead
    return kernel


def second_of(surface: Any) -> SecondKernel:
    """Give the kernel of a surface's second derivatives; on data, those of one example's loss."""
    kernel: SecondKernel = surface.second
    return kernel


def stay_here(theta: Any, memory: Any, lr: float, knobs: Any, point: Any) -> None:
    """Take the gradient where the racer stands, as most rules do."""
    point[0] = theta[0]
    point[1] = theta[1]


def advance(
    rule: RuleKernel,
    lookahead: LookaheadKernel,
    surface: SurfaceKernel,
    looks_ahead: bool,
    theta: Any,  # (2,) in and out
    memory: Any,  # (m,) in and out
    g: Any,  # (2,) scratch: the gradient
    point: Any,  # (2,) scratch: where the gradient is taken
    rule_knobs: Any,
    surface_knobs: Any,
    examples: Any,  # (N, c)
    batch: Any,  # (m, c) scratch: the examples of the step's batch
    picks: Any,  # the batches' rows of ``examples``, one step after the other
    cuts: Any,  # (last - first + 1,) where each step's picks begin; empty: all examples, always
    noise: Any,  # (last - first, 2) what is added to each gradient; empty: nothing
    lr: Any,  # (steps,) the learning rate of each step
    l2: float,  # λ of L2 weight decay inside the gradient
    decay: float,  # λ of decoupled weight decay beside it
    clip: int,  # NO_CLIP, CLIP_NORM or CLIP_VALUE
    limit: float,
    path: Any,  # (steps + 1, 2) out; path[first] is there already
    loss: Any,  # (steps + 1,) out; of the batch, where there are batches
    gradients: Any,  # (steps, 2) out: the gradient as told, before clip and decay
    lookaheads: Any,  # (steps, 2) out, where the rule looks ahead: each gradient's point
    center_x: float,
    center_y: float,
    reach_squared: float,  # a racer farther from the center than this has diverged
    first: int,
    last: int,
) -> int:
    """Step one racer from step ``first`` to step ``last``.

    Where chance plays no part ``batch``, ``picks``, ``cuts`` and ``noise`` are ``None``; the
    compiler then leaves out what they are asked for, which is worth some percent.

    Returns -1, or the number of the step at which the racer was gone: its point not finite or out
    of reach, or the loss there not finite. ``theta`` then holds the point that was found wanting.
    """
    # One question a step, not three, where the gradient is taken as it is.
    shaped = clip != NO_CLIP or l2 != 0.0 or decay != 0.0
    for k in range(first, last):
        x = theta[0]
        y = theta[1]
        if cuts is not None and len(cuts) > 0:
            size = cuts[k - first + 1] - cuts[k - first]
            for i in range(size):
                row = examples[picks[cuts[k - first] + i]]
                for c in range(len(row)):
                    batch[i][c] = row[c]
            value = surface(x, y, surface_knobs, batch[:size], g)
        else:
            value = surface(x, y, surface_knobs, examples, g)
        if not value - value == 0.0:  # inf and nan; compiled in one instruction
            return k
        loss[k] = value
        if looks_ahead:
            lookahead(theta, memory, lr[k], rule_knobs, point)
            x = point[0]
            y = point[1]
            if cuts is not None and len(cuts) > 0:
                surface(x, y, surface_knobs, batch[: cuts[k - first + 1] - cuts[k - first]], g)
            else:
                surface(x, y, surface_knobs, examples, g)
            lookaheads[k, 0] = x
            lookaheads[k, 1] = y
        if noise is not None and len(noise) > 0:
            g[0] += noise[k - first][0]
            g[1] += noise[k - first][1]
        gradients[k, 0] = g[0]
        gradients[k, 1] = g[1]
        if shaped:
            if clip == CLIP_NORM:
                # As torch.nn.utils.clip_grad_norm_ does it, 1e-6 included.
                shrink = limit / (math.sqrt(g[0] * g[0] + g[1] * g[1]) + 1e-6)
                if shrink < 1.0:
                    g[0] *= shrink
                    g[1] *= shrink
            elif clip == CLIP_VALUE:
                for i in range(2):
                    if g[i] > limit:
                        g[i] = limit
                    elif g[i] < -limit:
                        g[i] = -limit
            if l2 != 0.0:
                g[0] += l2 * x
                g[1] += l2 * y
            if decay != 0.0:
                theta[0] *= 1.0 - lr[k] * decay
                theta[1] *= 1.0 - lr[k] * decay
        rule(theta, memory, g, lr[k], rule_knobs)
        x = theta[0]
        y = theta[1]
        dx = x - center_x
        dy = y - center_y
        if not dx * dx + dy * dy <= reach_squared:
            return k + 1
        path[k + 1, 0] = x
        path[k + 1, 1] = y
    return -1


def sweep(
    surface: SurfaceKernel,
    points: Any,  # (n, 2)
    surface_knobs: Any,
    examples: Any,  # (N, c)
    g: Any,  # (2,) scratch
    losses: Any,  # (n,) out
) -> None:
    """Take the loss at many points."""
    for k in range(len(losses)):
        losses[k] = surface(points[k][0], points[k][1], surface_knobs, examples, g)
