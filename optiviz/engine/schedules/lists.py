"""Lists of numbers as a line of text: ``30, 60, 90`` and ``0:1, 50:0.3, 100:0``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optiviz.engine.digits import rounded
from optiviz.engine.part import MAX_TEXT, PartError, finite

if TYPE_CHECKING:
    from collections.abc import Iterable

Pair = tuple[float, float]  # an epoch, and the factor there

#: No list goes beyond this epoch …
LAST_EPOCH = 100_000.0
#: … and no knot is higher than this, as a factor on ε.
HIGHEST = 10.0


def read_epochs(knob: str, label: str, text: str) -> tuple[float, ...]:
    """Read epochs that rise, each above 0.

    Raises:
        PartError: an entry is no such epoch, or does not come after the one before it.
    """
    epochs: list[float] = []
    for place, entry in enumerate(text.split(","), start=1):
        epoch = _number(entry)
        if epoch is None or not 0.0 < epoch <= LAST_EPOCH:
            what = f"an epoch above 0, at most {rounded(LAST_EPOCH, 12)}, as in 30, 60"
            raise PartError(knob, _wrong(label, place, entry, f"must be {what}"))
        if epochs and epoch <= epochs[-1]:
            after = f"must come after {short(epochs[-1])}, the one before it"
            raise PartError(knob, _wrong(label, place, entry, after))
        epochs.append(epoch)
    return tuple(epochs)


def read_pairs(knob: str, label: str, text: str) -> tuple[Pair, ...]:
    """Read pairs of an epoch and a factor, whose epochs rise from 0 on.

    Raises:
        PartError: an entry is no such pair, or does not come after the one before it.
    """
    pairs: list[Pair] = []
    for place, entry in enumerate(text.split(","), start=1):
        left, colon, right = entry.partition(":")
        epoch, factor = _number(left), _number(right)
        if not colon or epoch is None or factor is None:
            must = "must be an epoch and a factor on ε, as in 50:0.3"
            raise PartError(knob, _wrong(label, place, entry, must))
        if not 0.0 <= epoch <= LAST_EPOCH:
            must = f"must be at an epoch from 0 to {rounded(LAST_EPOCH, 12)}"
            raise PartError(knob, _wrong(label, place, entry, must))
        if not 0.0 <= factor <= HIGHEST:
            must = f"must have a factor on ε from 0 to {rounded(HIGHEST, 12)}"
            raise PartError(knob, _wrong(label, place, entry, must))
        if pairs and epoch <= pairs[-1][0]:
            after = f"must come after epoch {short(pairs[-1][0])}, the one before it"
            raise PartError(knob, _wrong(label, place, entry, after))
        pairs.append((abs(epoch), abs(factor)))  # no −0
    return tuple(pairs)


def written_epochs(epochs: Iterable[float]) -> str:
    """Write epochs as :func:`read_epochs` reads them, to the last bit."""
    return ", ".join(map(short, epochs))


def written_pairs(pairs: Iterable[Pair]) -> str:
    """Write pairs as :func:`read_pairs` reads them, to the last bit."""
    return ", ".join(f"{short(epoch)}:{short(factor)}" for epoch, factor in pairs)


def canonical(text: str, written: str) -> str:
    """Take the text as it is written here, so that equal lists are equal knobs."""
    return written if len(written) <= MAX_TEXT else text


def short(number: float) -> str:
    """Write a number with as few letters as tell it apart: ``30``, not ``30.0``."""
    return repr(float(number)).removesuffix(".0")


def _number(entry: str) -> float | None:
    try:
        return finite(float(entry)) if "_" not in entry else None
    except ValueError:
        return None


def _wrong(label: str, place: int, entry: str, must: str) -> str:
    return f"{label}: entry {place}, {entry.strip()!r}, {must}"
