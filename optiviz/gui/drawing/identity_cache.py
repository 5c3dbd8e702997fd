"""What was found out about a run or its arrays, kept as long as they live."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Found = TypeVar("Found")


class IdentityCache(Generic[Found]):
    """Remembers one finding for each owner, which never changes and is known by its identity.

    A finding must not hold its owner, or neither would ever go. Any thread may ask; two that ask
    at once may both look, and find the same.
    """

    def __init__(self) -> None:
        self._found: dict[int, tuple[weakref.ref[object], Found]] = {}

    def __len__(self) -> int:
        return len(self._found)

    def get(self, owner: object, find: Callable[[], Found]) -> Found:
        """The finding about this very object; it is looked for the first time only."""
        key = id(owner)
        found = self._found.get(key)
        if found is not None and found[0]() is owner:
            return found[1]
        finding = find()
        self._found[key] = weakref.ref(owner, lambda gone: self._forget(key, gone)), finding
        return finding

    def _forget(self, key: int, gone: weakref.ref[object]) -> None:
        # A new object may have been given the id of the one that is gone.
        found = self._found.get(key)
        if found is not None and found[0] is gone:
            del self._found[key]
