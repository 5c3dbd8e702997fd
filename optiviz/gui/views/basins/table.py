"""Counts by batch size and ε as a table that can be drawn and told: who is who, in which colour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase
from typing import TYPE_CHECKING

import numpy as np

from optiviz.engine.digits import rounded
from optiviz.gui.words.numbers import format_knob

if TYPE_CHECKING:
    from optiviz.engine.basins import Basins

NONE = "none"
#: What stands for it where there is little room.
NO_LETTER = "–"


@dataclass(frozen=True)
class Share:
    """One minimum's part of a cell: its rank from flat to sharp, or ``None`` for no minimum."""

    rank: int | None
    letter: str
    count: int

    @property
    def short(self) -> str:
        """What a narrow cell has room for."""
        return f"{NO_LETTER if self.rank is None else self.letter} {self.count}"


@dataclass(frozen=True, eq=False)
class BasinsTable:
    """The minima of a count, named A, B … from the flattest to the sharpest."""

    basins: Basins

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The minima's indices, from the flattest to the sharpest; a cusp is the sharpest."""
        sharp = np.nan_to_num(self.basins.sharpness, nan=np.inf)
        return tuple(int(i) for i in np.argsort(sharp, kind="stable"))

    @property
    def kinds(self) -> int:
        """How many minima there are."""
        return len(self.basins.minima)

    @property
    def size(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        return len(self.basins.spec.batch_sizes), len(self.basins.spec.rates)

    def is_done(self, row: int, column: int) -> bool:
        """Say whether a cell has been counted."""
        return row * self.size[1] + column < self.basins.done

    def shares(self, row: int, column: int) -> list[Share]:
        """List a cell's parts that are not empty, from flat to sharp, no minimum last."""
        counts = self.basins.counts[row, column]
        found = [
            Share(rank, letter(rank), int(counts[index]))
            for rank, index in enumerate(self.order)
            if counts[index]
        ]
        if counts[-1]:
            found.append(Share(None, NONE, int(counts[-1])))
        return found

    def has_none(self) -> bool:
        """Say whether some seeds found no minimum."""
        return bool(self.basins.counts[..., -1].any())

    def sharpness(self, rank: int) -> str:
        """Write how sharp a minimum is, by its rank."""
        value = float(self.basins.sharpness[self.order[rank]])
        return "a cusp" if np.isnan(value) else f"λmax {rounded(value)}"

    def place(self, rank: int) -> tuple[float, float]:
        """Give where a minimum is, by its rank."""
        return self.basins.minima[self.order[rank]]

    def found_ranks(self) -> list[int]:
        """List the minima that anybody found, from flat to sharp."""
        total = self.basins.counts.sum(axis=(0, 1))
        return [rank for rank, index in enumerate(self.order) if total[index]]

    def names(self, row: int, column: int) -> str:
        """Say which pair a cell is of."""
        spec = self.basins.spec
        return f"m {spec.batch_sizes[row]}, ε {format_knob(spec.rates[column])}"

    def told(self, row: int, column: int) -> str:
        """Tell a cell in words."""
        if not self.is_done(row, column):
            return f"{self.names(row, column)}: not counted yet"
        parts = ", ".join(f"{share.letter} {share.count}" for share in self.shares(row, column))
        return f"{self.names(row, column)}: {parts} of {self.basins.spec.seeds}"


def letter(rank: int) -> str:
    """Name a minimum by its rank: A … Z, then A2 …"""
    turn, which = divmod(rank, len(ascii_uppercase))
    return ascii_uppercase[which] + (str(turn + 1) if turn else "")
