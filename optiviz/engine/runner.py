"""One racer under way: the loop's arguments, and what the loop leaves open."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from optiviz.engine import compiler
from optiviz.engine.cancel import Cancelled
from optiviz.engine.kernels import NO_CLIP, advance, kernel_of, lookahead_of
from optiviz.engine.rebound import plain
from optiviz.engine.sweep import losses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from optiviz.engine.spec import Entrant
    from optiviz.engine.surfaces import Point, Surface

Array = np.ndarray

#: A racer farther than this many window widths from the window's middle has diverged.
REACH = 1000.0
#: Steps between two questions whether anybody still wants the race, by how it runs.
_CHUNK_INTERPRETED, _CHUNK_COMPILED = 1_000, 50_000
#: Rows of batches that are drawn in one go, at most.
_CHUNK_PICKS = 1_000_000
_NO_ROWS = np.zeros(0, np.int64)
_NO_NOISE = np.zeros((0, 2))


class Runner:
    """One racer under way: the loop's arguments, in the form each way of running wants them.

    The plain functions run on lists of Python floats, which are faster than arrays there and,
    unlike numpy's numbers, never warn.
    """

    def __init__(
        self, entrant: Entrant, surface: Surface, start: Point, lr: Array, seed: int = 0
    ) -> None:
        optimizer = self.optimizer = entrant.optimizer
        self.surface, self.gradient, self.seed = surface, entrant.gradient, seed
        steps = len(lr)
        self.kernels = (kernel_of(optimizer), lookahead_of(optimizer), kernel_of(surface))
        self.theta = [float(start[0]), float(start[1])]
        self.memory = optimizer.first_memory()
        self.lr = lr
        self.lr_list: list[float] | None = None
        self.path = np.empty((steps + 1, 2))
        self.path[0] = self.theta
        self.loss = np.empty(steps + 1)
        self.gradients = np.zeros((steps, 2))
        self.lookaheads = np.zeros((steps if optimizer.looks_ahead else 0, 2))
        self.rule_knobs = optimizer.kernel_knobs()
        self.surface_knobs = surface.kernel_knobs()
        self.examples = surface.examples
        #: Whether the loop records batches' losses in place of the full ones.
        self.batched = self.gradient.batches(len(self.examples), seed, 0, 1) is not None
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
        chance = self._chance(first, last)
        fast = self.compiled_kernels() if compiled else None
        if fast:
            return self._loop(fast, (self.examples, *chance), np.array, self.lr, first, last)
        slow = (advance, *map(plain, self.kernels))
        lists = [None if array is None else array.tolist() for array in chance]
        return self._loop(slow, (self.examples.tolist(), *lists), list, self._rates(), first, last)

    def _chance(self, first: int, last: int) -> tuple[Array | None, ...]:
        """Give what the loop calls batch, picks, cuts and noise."""
        count = len(self.examples)
        batches = self.gradient.batches(count, self.seed, first, last)
        noise = self.gradient.noise(count, self.seed, first, last)
        if batches is None and noise is None:
            return (None, None, None, None)
        picks, cuts = batches or (_NO_ROWS, _NO_ROWS)
        size = int(np.diff(cuts).max(initial=0))
        batch = np.zeros((size, self.examples.shape[1]))
        return (batch, picks, cuts, _NO_NOISE if noise is None else noise)

    def replay(self, step: int, gradient: Point) -> None:
        """Take one step again, told its gradient: memory and point go on, nothing is evaluated."""

        def told(x: Any, y: Any, knobs: Any, examples: Any, g: Any) -> float:
            g[0], g[1] = gradient
            return 0.0

        rule, look, _ = self.kernels
        rows: tuple[Any, ...] = ([], None, None, None, None)
        self._loop((advance, plain(rule), plain(look), told), rows, list, self._rates(), step)

    def _rates(self) -> list[float]:
        if self.lr_list is None:
            self.lr_list = self.lr.tolist()
        return self.lr_list

    def _loop(
        self,
        functions: Sequence[Callable[..., Any]],
        rows: tuple[Any, ...],
        vector: Callable[[Any], Any],
        lr: Any,
        first: int,
        last: int | None = None,
    ) -> int:
        loop, kernels = functions[0], functions[1:]
        theta, memory = vector(self.theta), vector(self.memory)
        gone = loop(
            *kernels,
            self.optimizer.looks_ahead,
            theta,
            memory,
            vector([0.0, 0.0]),
            vector([0.0, 0.0]),
            vector(self.rule_knobs or [0.0]),
            vector(self.surface_knobs or [0.0]),
            *rows,
            lr,
            self.l2,
            self.decay,
            *self.clip,
            self.path,
            self.loss,
            self.gradients,
            self.lookaheads,
            *self.center,
            self.reach_squared,
            first,
            first + 1 if last is None else last,
        )
        self.theta, self.memory = list(map(float, theta)), list(map(float, memory))
        return int(gone)

    def run(self, cancelled: Callable[[], bool], *, compiled: bool) -> int | None:
        """Run to the end; give the step at which the racer was gone, or ``None``.

        Where there are batches, ``loss`` is still theirs then; see :meth:`take_losses`.

        Raises:
            Cancelled: as asked for.
        """
        gone = self.run_to(len(self.lr), cancelled, compiled=compiled)
        gone = self._close(gone)
        return gone if gone >= 0 else None

    def run_to(self, last: int, cancelled: Callable[[], bool], *, compiled: bool) -> int:
        """Run from the start to a step, in stretches; give what ``advance`` gives.

        Kernels that become ready on the way are used from the next stretch on.
        """
        gone, step = -1, 0
        while step < last and gone < 0:
            if cancelled():
                raise Cancelled
            fast = compiled and self.compiled_kernels() is not None
            end = min(last, step + self._stretch(fast))
            gone = self.advance(step, end, compiled=fast)
            step = end
        return gone

    def _stretch(self, fast: bool) -> int:
        rows = len(self.examples)
        if fast:
            return min(_CHUNK_COMPILED, max(1, _CHUNK_PICKS // max(rows, 1)))
        return max(1, _CHUNK_INTERPRETED // max(rows // 10, 1))

    def take_losses(
        self, gone: int | None, cancelled: Callable[[], bool], *, compiled: bool
    ) -> int | None:
        """Put the full losses in place of the batches'; give the step at which the racer was gone.

        That may be earlier than it was, where the full loss is not finite and a batch's was.

        Raises:
            Cancelled: as asked for.
        """
        if not self.batched:
            return gone
        end = len(self.path) if gone is None else gone + 1
        self.loss[:end] = losses(
            self.surface, self.path[:end], cancelled=cancelled, compiled=compiled
        )
        self.loss[end:] = self.loss[end - 1]
        lost = np.flatnonzero(~np.isfinite(self.loss))
        if lost.size and lost[0] > 0:
            gone = int(lost[0])
            self.path = self.path.copy()  # somebody may look at the one there was
            self.path[gone:], self.loss[gone:] = self.path[gone - 1], self.loss[gone - 1]
        return gone

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
        if len(self.lookaheads):  # of steps that were not taken: where it stands
            self.lookaheads[gone:] = path[gone:-1]
            if gone > 0 and not np.isfinite(self.lookaheads[gone - 1]).all():
                self.lookaheads[gone - 1] = path[gone - 1]
        return gone

    def named_memory(self) -> dict[str, Array]:
        """Give the memory by name, (2,) each, or (1,) for a single number."""
        return self.optimizer.named(np.array(self.memory))
