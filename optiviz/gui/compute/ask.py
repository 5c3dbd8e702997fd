"""Ask: one product of the worker, wanted by one who shows it; stale answers are dropped here."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.gui.compute.lane import Job
    from optiviz.gui.compute.latest_wins import LatestWins

Spec = TypeVar("Spec")
Result = TypeVar("Result")


class Ask(Generic[Spec, Result]):
    """Asks for one thing after another in a lane of its own, and lets in only what still fits.

    What is wanted is remembered, so that the same thing is not asked for twice. An answer is let
    in if it fits what is wanted when it arrives: while a hand drags, the answer to a moment ago is
    worth showing, and ``fits(answered, wanted)`` says how much may have changed meanwhile. Once
    nothing is wanted any more, nothing arrives.

    Args:
        compute: where the jobs run.
        lane: the lane's name, as a sentence names it if the job fails ("The race could not …").
        job: what answers a spec.
        arrived: takes a spec and its answer.
        partly: takes a spec and a part of its answer, as it is reported.
        fits: whether an answer still belongs to what is wanted; by default if they are equal.
        key: what an answer depends on: a job under way is stopped if it changes.
    """

    def __init__(
        self,
        compute: LatestWins,
        lane: str,
        job: Job,
        *,
        arrived: Callable[[Spec, Result], object],
        partly: Callable[[Spec, Result], object] | None = None,
        fits: Callable[[Spec, Spec], bool] = operator.eq,
        key: Callable[[Spec], object] | None = None,
    ) -> None:
        self._compute = compute
        self._lane = lane
        self._job = job
        self._arrived = arrived
        self._partly = partly
        self._fits = fits
        self._key = key
        self._wanted: Spec | None = None

    @property
    def wanted(self) -> Spec | None:
        """What is wanted now, be it there already or on its way."""
        return self._wanted

    def want(self, spec: Spec, job: Job | None = None) -> bool:
        """Ask for something, and say so, unless it is what is wanted already.

        ``job`` stands in for the usual one, where it depends on more than the spec.
        """
        if self._wanted is not None and spec == self._wanted:
            return False
        self._wanted = spec
        self._compute.submit(
            self._lane,
            spec,
            job or self._job,
            key=spec if self._key is None else self._key(spec),
            done=self.on_done,
            partial=self.on_partial,
        )
        return True

    def stop(self) -> None:
        """Want nothing any more; what is under way is given up."""
        self._wanted = None
        self._compute.cancel(self._lane)

    def on_done(self, spec: Spec, result: Result) -> None:
        """Let an answer in, if it still fits."""
        if self._is_wanted(spec):
            self._arrived(spec, result)

    def on_partial(self, spec: Spec, part: Result) -> None:
        """Let a part of an answer in, if somebody takes it and it still fits."""
        if self._partly is not None and self._is_wanted(spec):
            self._partly(spec, part)

    def _is_wanted(self, spec: Spec) -> bool:
        return self._wanted is not None and self._fits(spec, self._wanted)
