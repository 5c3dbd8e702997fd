"""How PyTorch spells an update rule, or why it has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class InTorch:
    """A rule of PyTorch's, ``torch.optim.<name>(params, **words)``, that takes the same steps.

    Attributes:
        name: the class in ``torch.optim``.
        words: its arguments; those that are not named stay as torch has them.
        only_steady: whether the steps are the same only as long as ε is.
    """

    name: str
    words: Mapping[str, object]
    only_steady: bool = False


@dataclass(frozen=True)
class NotInTorch:
    """PyTorch has no such rule; ``why`` says so in a sentence."""

    why: str
