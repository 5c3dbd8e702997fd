"""Buttons with an icon, as every panel uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QStyle, QStyleOptionToolButton, QStylePainter, QToolButton, QWidget

from optiviz.gui.theme.icons import show_icon
from optiviz.gui.theme.palette import Look

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class IconButton(QToolButton):
    """A flat button with an icon, and another icon while it is checked.

    A click does not take the focus, so that the next press of Space still plays; the Tab key
    reaches it.

    Attributes:
        what: its name, without whose it is.
    """

    def __init__(
        self,
        object_name: str,
        name: str,
        tip: str,
        icon_name: str,
        *,
        checked_icon: str | None = None,
        size: float = 16.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.what = name
        self._icon_name = icon_name
        self._checked_icon = checked_icon
        self._size = size
        self._look = Look()
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setProperty("quiet", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCheckable(checked_icon is not None)
        # Where the icon stays the same, an edge tells the state as well as the colour.
        self.setProperty("toggle", checked_icon == icon_name)
        self.toggled.connect(self.on_toggled)

    def show_checked(self, checked: bool) -> None:
        """Show whether it is on."""
        blocked = self.blockSignals(True)
        self.setChecked(checked)
        self.blockSignals(blocked)
        self.on_toggled(checked)

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon_name = name
        self.on_toggled(self.isChecked())

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._look = look
        edge = round(look.px(self._size))
        self.setIconSize(QSize(edge, edge))
        self.on_toggled(self.isChecked())

    def on_toggled(self, checked: bool) -> None:
        """Draw the icon that fits the state."""
        name = self._checked_icon if checked and self._checked_icon else self._icon_name
        theme = self._look.theme
        accented = checked and self._checked_icon == self._icon_name
        ground = theme.accent_text if self.objectName() == "play" else theme.text
        show_icon(self, name, theme.accent if accented else ground)


class SideTab(QToolButton):
    """A tab at the right edge, its text turned to run upward."""

    def __init__(self, object_name: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return super().sizeHint().transposed()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.rect = option.rect.transposed()
        painter = QStylePainter(self)
        painter.rotate(-90.0)
        painter.translate(-self.height(), 0.0)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        painter.end()
