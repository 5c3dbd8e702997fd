"""One racer under way: the loop's arguments, and what the loop leaves open."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from optiviz.engine import compiler
from optiviz.engine.cancel import Cancelled
from optiviz.engine.kernels import NO_CLIP, advance
from optiviz.engine.rebound import plain
from optiviz.engine.surfaces import NO_EXAMPLES, Point, Surface

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optiviz.engine.spec import Entrant

Array = np.ndarray

#: A racer farther than this many window widths from the window's middle has diverged.
REACH = 1000.0
#: Steps between two questions whether anybody still wants the race, by how it runs.
_CHUNK_INTERPRETED, _CHUNK_COMPILED = 1_000, 50_000


class Runner:
    """One racer under way: the loop's arguments, in the form each way of running wants them.

    The plain functions run on lists of Python floats, which are faster than arrays there and,
    unlike numpy's numbers, never warn.
    """

    def __init__(self, entrant: Entrant, surface: Surface, start: Point, lr: Array) -> None:
        optimizer = self.optimizer = entrant.optimizer
        self.surface = surface
        steps = len(lr)
        self.kernels = (type(optimizer).kernel, type(optimizer).look, type(surface).kernel)
        self.theta = [float(start[0]), float(start[1])]
        self.memory = optimizer.first_memory()
        self.lr = lr
        self.lr_list: list[float] | None = None
        self.path = np.empty((steps + 1, 2))
        self.path[0] = self.theta
        self.loss = np.empty(steps + 1)
        self.gradients = np.zeros((steps, 2))
        self.looks = np.zeros((steps if optimizer.looks_elsewhere else 0, 2))
        self.rule_knobs = optimizer.kernel_knobs()
        self.surface_knobs = surface.kernel_knobs()
        self.l2, self.decay = optimizer.l2, optimizer.decay
        self.clip = (entrant.clip.code, entrant.clip.limit) if entrant.clip else (NO_CLIP, 0.0)
        self.center = surface.center
        self.reach_squared = (REACH * surface.width) ** 2

    def compiled_kernels(self) -> list[Callable[..., Any]] | None:
        """Give the loop and the kernels in compiled form, if all of them are ready."""
        found = [compiler.ready(function) for function in (advance, *self.kernels)]
        return None if None in found else found  # type: ignore[return-value]

    def advance(self, first: int, last: int, *, compiled: bool) -> int:
        """Run from one step to another; see :func:`optiviz.engine.kernels.advance`."""
        fast = self.compiled_kernels() if compiled else None
        functions: Sequence[Callable[..., Any]] = fast or (advance, *map(plain, self.kernels))
        loop, kernels = functions[0], functions[1:]
        vector: Callable[[Any], Any] = np.array if fast else list
        theta, memory = vector(self.theta), vector(self.memory)
        if not fast and self.lr_list is None:  # once: a replay comes here at every step
            self.lr_list = self.lr.tolist()
        lr = self.lr if fast else self.lr_list
        gone = loop(
            *kernels,
            self.optimizer.looks_elsewhere,
            theta,
            memory,
            vector([0.0, 0.0]),
            vector([0.0, 0.0]),
            vector(self.rule_knobs or [0.0]),
            vector(self.surface_knobs or [0.0]),
            NO_EXAMPLES,
            lr,
            self.l2,
            self.decay,
            *self.clip,
            self.path,
            self.loss,
            self.gradients,
            self.looks,
            *self.center,
            self.reach_squared,
            first,
            last,
        )
        self.theta, self.memory = list(map(float, theta)), list(map(float, memory))
        return int(gone)

    def run(self, cancelled: Callable[[], bool], *, compiled: bool) -> int | None:
        """Run to the end; give the step at which the racer was gone, or ``None``.

        Kernels that become ready on the way are used from the next stretch on.

        Raises:
            Cancelled: as asked for.
        """
        steps = len(self.lr)
        gone, step = -1, 0
        while step < steps and gone < 0:
            if cancelled():
                raise Cancelled
            fast = compiled and self.compiled_kernels() is not None
            last = min(steps, step + (_CHUNK_COMPILED if fast else _CHUNK_INTERPRETED))
            gone = self.advance(step, last, compiled=fast)
            step = last
        gone = self._close(gone)
        return gone if gone >= 0 else None

    def _close(self, gone: int) -> int:
        """Fill in what the loop leaves open: the last loss, or all that follows a divergence."""
        path, loss, gradients = self.path, self.loss, self.gradients
        x, y = self.theta
        value = (
            float(self.surface.value(x, y)) if math.isfinite(x) and math.isfinite(y) else math.nan
        )
        if gone < 0:
            if math.isfinite(value):
                loss[-1] = value
                return gone
            gone = len(path) - 1
        kept = max(gone - 1, 0)
        if math.isfinite(value):
            path[gone:], loss[gone:] = (x, y), value
        else:
            loss[0] = loss[0] if gone > 0 else math.inf
            path[gone:], loss[gone:] = path[kept], loss[kept]
        if gone > 0 and not np.isfinite(gradients[gone - 1]).all():
            gradients[gone - 1] = 0.0
        if len(self.looks):  # of steps that were not taken: where it stands
            self.looks[gone:] = path[gone:-1]
            if gone > 0 and not np.isfinite(self.looks[gone - 1]).all():
                self.looks[gone - 1] = path[gone - 1]
        return gone

    def named_memory(self) -> dict[str, Array]:
        """Give the memory by name, (2,) each, or (1,) for a single number."""
        return self.optimizer.named(np.array(self.memory))
