r"""The noise floor: how far from the minimum chance keeps a racer whose ε stays as it is.

Near the minimum θ* of a quadratic an example's gradient is Aᵢ(θ − θ*) + rᵢ, with its own Hessian Aᵢ
and what is left of its gradient at the minimum, rᵢ, of mean 0. One step of SGD, momentum or
Nesterov is then linear in z = (θ − θ*, v), the batch means A and r being drawn anew each time:

    g = A L z + r,    z ← P z + G g = M z + c,    M = P + G A L,    c = G r.

If the draws are independent, the second moment S = E[z zᵀ] obeys an exact linear recursion,

    S ← E[M S Mᵀ] + E[c cᵀ],

since z is independent of the batch and has mean 0 in the end. Its resting point solves

    (I − E[M ⊗ M]) vec S = vec E[c cᵀ],
    E[M ⊗ M] = (E M) ⊗ (E M) + 1/m · mean over i of (Mᵢ − E M) ⊗ (Mᵢ − E M),
    E[c cᵀ] = 1/m · G (mean over i of rᵢ rᵢᵀ) Gᵀ,

where all eigenvalues of E[M ⊗ M] are less than 1 in size; else the mean square grows without end
and there is no floor. The root mean square distance is the root of the trace of S's block of θ, and
the mean loss above the least is half the trace of H times that block, H being the mean Hessian.
Nothing is small here: neither ε nor the noise.

Mandt, Hoffman and Blei (2017), section 3, have the limit of small ε and noise that is the same
everywhere; Bottou, Curtis and Nocedal (2018), section 4.2, bound the floor of SGD, of order ε / m.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.draws import offsets
from optiviz.engine.gradients import Gaussian, MiniBatch
from optiviz.engine.schedules import Constant

if TYPE_CHECKING:
    from optiviz.engine.optimizers import Optimizer
    from optiviz.engine.run import Run
    from optiviz.engine.spec import Entrant
    from optiviz.engine.surfaces import Point, Surface

Array = np.ndarray

#: The rules that are linear in the gradient and in what they remember.
RULES = ("sgd", "momentum", "nesterov")
ONLY_FOR = (
    "Theory knows the floor only for independent draws (with replacement, or Gaussian noise) on "
    "a quadratic, for a constant ε, and SGD, momentum or Nesterov without clip or weight decay."
)
TOO_LARGE = (
    "ε is too large: on average the squared distance grows without end, so there is no floor."
)

#: Beyond this the largest eigenvalue cannot be told from 1.
_STABLE = 1.0 - 1e-12


@dataclass(frozen=True)
class Floor:
    """What theory says of the noise floor.

    Attributes:
        rms: the root mean square distance to the minimum in the long run; ``None``: no theory, or
            no floor.
        loss: the mean loss above the least in the long run, which is half the trace of H times the
            second moment; ``None``: as for ``rms``.
        why: why there is none, in a sentence; empty where there is one.
        memory: in how many steps what is left of the start's square fades to 1/e; a race much
            shorter than some of these has not come to its floor.
    """

    rms: float | None
    why: str = ""
    memory: float = 0.0
    loss: float | None = None

    def is_reached(self, start: Point, minimum: Point, steps: int) -> bool:
        """Say whether a race of so many steps is long enough to come to this floor.

        At the beginning of its last tenth, of the start's square no more than a tenth of the
        floor's is left.
        """
        if self.rms is None or self.memory == 0.0:
            return self.rms is not None
        left = math.dist(start, minimum) * math.exp(-0.45 * steps / self.memory)
        return left <= math.sqrt(0.1) * self.rms


def nearest_minimum(surface: Surface, run: Run) -> Point | None:
    """Give the listed minimum that is nearest to the middle of the last tenth of a run."""
    if not surface.minima:
        return None
    x, y = last_tenth(run.path).mean(axis=0).tolist()
    return min(surface.minima, key=lambda place: math.dist(place, (x, y)))


def measured(run: Run, minimum: Point) -> float:
    """Measure the root mean square distance to a minimum over the last tenth of a race.

    nan where the racer diverged.
    """
    if run.diverged_step is not None:
        return math.nan
    away = last_tenth(run.path) - np.asarray(minimum)
    return float(np.sqrt(np.square(away).sum(axis=1).mean()))


def last_tenth(path: Array) -> Array:
    """Give the points of the last tenth of a path, (steps + 1, 2), at least the last one."""
    return path[-max(1, (len(path) - 1) // 10) :]


def theory(entrant: Entrant, surface: Surface) -> Floor:
    """Find the floor of an entrant on a surface, exactly, or say why theory has none."""
    optimizer, gradient = entrant.optimizer, entrant.gradient
    independent = isinstance(gradient, Gaussian) or (
        isinstance(gradient, MiniBatch) and gradient.replacement
    )
    steady = isinstance(entrant.schedule, Constant) and entrant.schedule.warmup == 0.0
    plain = optimizer.key in RULES and optimizer.weight_decay == 0.0 and entrant.clip is None
    if not (independent and steady and plain and surface.quadratic and surface.minima):
        return Floor(None, ONLY_FOR)
    hessian, extra, rest = _noise(entrant, surface)
    return _solved(*_step(optimizer), hessian, extra, rest)


def _step(optimizer: Optimizer) -> tuple[Array, Array, Array]:
    """Give P, G and L of a rule: z ← P z + G g, its gradient taken at θ* + L z."""
    lr, one = optimizer.lr, np.eye(2)
    if optimizer.key == "sgd":
        return one, -lr * one, one
    # Torch's form keeps v in other units and takes the same steps while ε is constant.
    beta, none = float(optimizer.settings()["beta"]), np.zeros((2, 2))
    past = np.block([[one, beta * one], [none, beta * one]])
    ahead = beta * one if optimizer.key == "nesterov" else none
    return past, -lr * np.vstack([one, one]), np.hstack([one, ahead])


def _noise(entrant: Entrant, surface: Surface) -> tuple[Array, Array, Array]:
    """Give a batch's mean Hessian H, the covariance of its Hessian, (4, 4), and E[r rᵀ].

    The covariance is the mean of (A − H) ⊗ (A − H).
    """
    gradient, minimum = entrant.gradient, surface.minima[0]
    steady = np.zeros((4, 4))
    if isinstance(gradient, Gaussian):
        return np.array(surface.hessian(*minimum)), steady, gradient.sigma**2 * np.eye(2)
    assert isinstance(gradient, MiniBatch)
    size = gradient.batch_size
    if not surface.has_examples:
        tilts = gradient.spread * offsets(gradient.examples)
        return np.array(surface.hessian(*minimum)), steady, tilts.T @ tilts / len(tilts) / size
    hessians, rests = _examples(surface)
    mean = hessians.mean(axis=0)
    away = hessians - mean
    extra = np.einsum("iab,icd->acbd", away, away).reshape(4, 4) / len(away)
    return mean, extra / size, rests.T @ rests / len(rests) / size


@lru_cache(maxsize=32)
def _examples(surface: Surface) -> tuple[Array, Array]:
    """Give each example's Hessian, (N, 2, 2), and its gradient at the minimum, (N, 2).

    An example's gradient is linear in θ on a quadratic, so that differences over any length are
    exact; the window's width keeps their rounding small.
    """
    x, y = surface.minima[0]
    far = surface.width
    here = surface.example_gradients(x, y)
    along_x = surface.example_gradients(x + far, y) - here
    along_y = surface.example_gradients(x, y + far) - here
    hessians = np.stack([along_x, along_y], axis=2) / far
    return hessians, here - here.mean(axis=0)


def _solved(
    past: Array, gain: Array, look: Array, hessian: Array, extra: Array, rest: Array
) -> Floor:
    mean = past + gain @ hessian @ look
    moments = np.kron(mean, mean) + np.kron(gain, gain) @ extra @ np.kron(look, look)
    added = (gain @ rest @ gain.T).ravel()
    with np.errstate(all="ignore"):
        if not np.isfinite(moments).all():
            return Floor(None, TOO_LARGE)
        radius = float(abs(np.linalg.eigvals(moments)).max())
        if not radius < _STABLE:
            return Floor(None, TOO_LARGE)
        second = np.linalg.solve(np.eye(len(moments)) - moments, added).reshape(mean.shape)
    square = float(second[0, 0] + second[1, 1])
    loss = 0.5 * float(np.trace(hessian @ second[:2, :2]))
    fades = 0.0 if radius == 0.0 else -1.0 / math.log(radius)
    return Floor(math.sqrt(max(square, 0.0)), memory=fades, loss=max(loss, 0.0))
