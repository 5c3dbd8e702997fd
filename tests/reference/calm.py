"""What makes a race calm: it magnifies no error, from the size of rounding up.

One size is not enough. A race may magnify 10⁻¹⁵ a hundred million times and 10⁻⁹ not at all,
where what it does with errors is bounded in size: a push that is large from the start then hides
what a small one grows to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

Array = np.ndarray
#: Gives the path, (steps + 1, 2), of a race begun so far beside its start, (2,), with each gradient
#: taken so far beside its point, (steps, 2).
Pushed = Callable[[Array, Array], Array]

#: The sizes of the pushes: of rounding, and larger.
SIZES = (1e-14, 1e-12, 1e-10)
#: A calm race moves no farther than so many pushes …
GROWTH = 1e4
#: … so rounding, some 10⁻¹⁴ in all, moves it less than a promise of 10⁻⁹ allows.
DRAWS = 2


def growths(rng: np.random.Generator, race: Pushed, steps: int) -> Iterator[float]:
    """Give how many times its size each push has grown, on the way as well as at the end."""
    still = race(np.zeros(2), np.zeros((steps, 2)))
    for size in SIZES:
        for _ in range(DRAWS):
            start, gradients = size * rng.normal(size=2), size * rng.normal(size=(steps, 2))
            yield float(np.abs(race(start, gradients) - still).max()) / size


def is_calm(rng: np.random.Generator, race: Pushed, steps: int) -> bool:
    """Say whether a race magnifies errors so little that two correct programs agree."""
    return all(growth <= GROWTH for growth in growths(rng, race, steps))  # nan is not
