"""How work is stopped that nobody wants any more."""

from __future__ import annotations


class Cancelled(Exception):
    """The work was stopped because its result is not wanted any more."""


def never() -> bool:
    """Answer whoever asks that the work is still wanted."""
    return False
