"""Chance by numbers: every draw is a function of a seed and a place, so it can be asked again.

The generator is Philox (Salmon et al. 2011), whose stream belongs to a key: the seed and the
number of the epoch or of the block of steps. Permutations and picks are made from its raw bits,
which numpy promises never to change.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

Array = np.ndarray

#: A data set has no more examples than this, so a row's number fits into 16 bits.
MAX_EXAMPLES = 2000

# What a stream is for; two kinds never share one.
_ORDER, _PICKS, _NORMALS, _OFFSETS = range(4)
#: Steps of independent picks, and of normal draws, that are made in one go.
_PICK_STEPS, _NORMAL_STEPS = 64, 1024
#: Row numbers that are kept as one: some 16 kB.
_KEPT = 8192
#: Up to so many picks a step, a block is small.
_SMALL = 64


def _stream(kind: int, seed: int, place: int) -> np.random.Philox:
    # The counter's highest word tells the kinds apart.
    return np.random.Philox(counter=[0, 0, 0, kind], key=[seed, place])


def epoch_steps(count: int, size: int) -> int:
    """Say how many batches of a size an epoch has; the last one may be short."""
    return -(-count // size)


def batch(seed: int, count: int, size: int, replacement: bool, step: int) -> Array:
    """Give the rows of one step's batch; see :func:`batches`."""
    return batches(seed, count, size, replacement, step, step + 1)[0]


def batches(
    seed: int, count: int, size: int, replacement: bool, first: int, last: int
) -> tuple[Array, Array]:
    """Give the batches of the steps first … last − 1.

    Without replacement an epoch is a permutation, drawn from (seed, epoch), that is cut into
    pieces of ``size``, the last one as long as what is left. Equal sizes therefore see equal
    batches, and an epoch's first batch of a smaller size is the beginning of that of a larger one.
    With replacement every pick is independent, and the batch of a step begins with that of any
    smaller size.

    Returns:
        ``picks``, the rows one batch after the other, int64, and ``cuts`` (last − first + 1,):
        step k has picks[cuts[k − first] : cuts[k − first + 1]].
    """
    if replacement:
        cuts = np.arange(last - first + 1, dtype=np.int64) * size
        return _independent(seed, count, size, first, last), cuts
    steps = epoch_steps(count, size)
    k = np.arange(first, last + 1, dtype=np.int64)
    seen = k // steps * count + np.minimum(k % steps * size, count)
    order = _orders(seed, count, first // steps, (last - 1) // steps + 1)
    begin = first // steps * count
    return order[seen[0] - begin : seen[-1] - begin].astype(np.int64), seen - seen[0]


def _orders(seed: int, count: int, first: int, last: int) -> Array:
    """Give the permutations of the epochs first … last − 1, one after the other."""
    per_block = max(1, _KEPT // count)
    blocks = range(first // per_block, (last - 1) // per_block + 1)
    rows = np.concatenate([_order_block(seed, count, block) for block in blocks])
    begin = blocks[0] * per_block
    return rows[(first - begin) * count : (last - begin) * count]


@lru_cache(maxsize=512)
def _order_block(seed: int, count: int, block: int) -> Array:
    per_block = max(1, _KEPT // count)
    epochs = range(block * per_block, (block + 1) * per_block)
    bits = np.stack([_stream(_ORDER, seed, epoch).random_raw(count) for epoch in epochs])
    # Sorting random keys shuffles; stable, so that even equal keys give one order everywhere.
    return np.argsort(bits, axis=1, kind="stable").astype(np.uint16).ravel()


def _independent(seed: int, count: int, size: int, first: int, last: int) -> Array:
    blocks = range(first // _PICK_STEPS, (last - 1) // _PICK_STEPS + 1)
    pick_block = _small_block if size <= _SMALL else _large_block
    picks = np.concatenate([pick_block(seed, count, size, block) for block in blocks])
    begin = blocks[0] * _PICK_STEPS
    return picks[first - begin : last - begin].astype(np.int64).ravel()


def _pick_block(seed: int, count: int, size: int, block: int) -> Array:
    """Give a block's picks, (steps, size); its columns are drawn one after the other."""
    bits = _stream(_PICKS, seed, block).random_raw(size * _PICK_STEPS)
    # The upper half as a fraction of 1, times the count: as even as 2⁻³² of it.
    picks = ((bits >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32)
    return np.ascontiguousarray(picks.astype(np.uint16).reshape(size, _PICK_STEPS).T)


# Kept by size, since the largest block takes 250 kB: 8 MB of the small ones, 16 MB of the others.
_small_block = lru_cache(maxsize=1024)(_pick_block)
_large_block = lru_cache(maxsize=64)(_pick_block)


def normals(seed: int, first: int, last: int) -> Array:
    """Give two standard normal draws for each of the steps first … last − 1, (last − first, 2)."""
    blocks = range(first // _NORMAL_STEPS, (last - 1) // _NORMAL_STEPS + 1)
    drawn = np.concatenate([_normal_block(seed, block) for block in blocks])
    begin = blocks[0] * _NORMAL_STEPS
    return drawn[first - begin : last - begin]


@lru_cache(maxsize=512)
def _normal_block(seed: int, block: int) -> Array:
    generator = np.random.Generator(_stream(_NORMALS, seed, block))
    return generator.standard_normal((_NORMAL_STEPS, 2))


@lru_cache(maxsize=64)
def offsets(count: int) -> Array:
    """Give ξᵢ for N synthetic examples of a formula, (N, 2), N ≥ 4: fᵢ(θ) = f(θ) + ξᵢ·θ.

    They are drawn once and for all for each N, so that no seed changes what is learned from, then
    made to have the mean 0 and the covariance I exactly (to rounding), as a whole population.
    """
    drawn = np.random.Generator(_stream(_OFFSETS, 0, count)).standard_normal((count, 2))
    drawn -= drawn.mean(axis=0)
    root = np.linalg.cholesky(drawn.T @ drawn / count)
    drawn = np.linalg.solve(root, drawn.T).T.copy()
    drawn -= drawn.mean(axis=0)
    drawn.flags.writeable = False
    return drawn
