"""A picture that is kept together with all that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Drawn = TypeVar("Drawn")


class KeptPicture(Generic[Drawn]):
    """What was drawn last; it is drawn anew where anything that it shows is another.

    Whoever paints says at that moment what the picture shows. So no change has to clear the
    picture, and none can be forgotten.
    """

    def __init__(self) -> None:
        self._shows: tuple[object, ...] = ()
        self._drawn: Drawn | None = None

    def get(self, shows: tuple[object, ...], draw: Callable[[], Drawn]) -> Drawn:
        """The picture of what is to be seen; it is drawn where that is not the one kept.

        Args:
            shows: everything that ``draw`` looks at; its parts are compared, and must not change.
            draw: draws it.
        """
        if self._drawn is None or shows != self._shows:
            self._drawn, self._shows = draw(), shows
        return self._drawn

    @property
    def drawn(self) -> Drawn | None:
        """The picture kept, whatever it shows."""
        return self._drawn

    def forget(self) -> None:
        """Give the picture's memory back, where nobody is about to ask for it."""
        self._shows, self._drawn = (), None
