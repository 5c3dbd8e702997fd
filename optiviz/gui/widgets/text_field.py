"""A field for a knob that is a line of text, such as a list of epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from optiviz.engine.part import MAX_TEXT, PartError
from optiviz.gui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class TextField(TypedField):
    """Shows a knob's text; what is not allowed is told with the part's own sentence.

    Signal: ``text_typed(str)``, a new and allowed text was typed.
    """

    text_typed = Signal(str)

    def __init__(
        self, object_name: str, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(object_name, accessible_name, parent)
        self._value = ""
        self._check: Callable[[str], object] = str
        self.setMaxLength(MAX_TEXT)

    @property
    def value(self) -> str:
        """The text in force."""
        return self._value

    def show_value(self, value: str, check: Callable[[str], object]) -> None:
        """Show a text; ``check`` raises :class:`PartError` for one that cannot be."""
        self._check = check
        if value == self._value:
            return
        self._value = value
        self._accept()
        self._write()

    def _in_force(self) -> str:
        return self._value

    def _commit(self) -> bool:
        text = self.text().strip()
        if text == self._value:
            self._accept()
            return True
        try:
            self._check(text)
        except PartError as error:
            self._refuse(str(error))
            return False
        self._accept()
        self._value = text  # until it comes back as the part writes it
        self.text_typed.emit(text)
        return True
