"""Rows in columns: each stands in its place before anything is put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLayout

Inner = TypeVar("Inner", bound="QLayout")


def put_into(outer: QBoxLayout | QGridLayout, inner: Inner, *place: int) -> Inner:
    """Put an empty layout into another one, and give it back, to be filled from now on.

    A filled one would have PySide remember each of its items by address. Qt deletes an item with
    its widget and tells nobody, so what is allocated there next would be taken for that item
    (decision 0015).

    Args:
        outer: a layout that stands in a widget, or will before it is filled itself.
        inner: the layout, with nothing in it.
        place: as ``outer.addLayout`` takes it: a stretch, or a grid's row, column and spans.

    Raises:
        ValueError: there is something in it already.
    """
    if inner.count():
        raise ValueError("a layout is filled after it stands in another one")
    add: Callable[..., None] = outer.addLayout
    add(inner, *place)
    return inner
