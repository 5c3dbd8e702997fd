"""A low and narrow list to choose from, whose text is cut where there is no room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from optiviz.gui.widgets.chooser import Chooser

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_ICON_GAP = 8  # pixels that Qt leaves around an icon
_FEWEST = 4  # letters that are always to be seen


class CompactChooser(Chooser):
    """A chooser as wide as there is room for; its list is as wide as its longest text."""

    def __init__(
        self, object_name: str, accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(object_name, accessible_name, parent)
        self.setProperty("compact", True)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_FEWEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def shown_text(self) -> str:
        """Give the text as far as there is room for it."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        icon = self.iconSize().width() + _ICON_GAP if not option.currentIcon.isNull() else 0
        elide = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(option.currentText, elide, field.width() - icon - 2)

    def showPopup(self) -> None:
        view = self.view()
        view.setMinimumWidth(0)
        room = self.screen().availableSize().width() // 2
        view.setMinimumWidth(min(view.sizeHintForColumn(0) + 3 * _ICON_GAP, room))
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_text()
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
