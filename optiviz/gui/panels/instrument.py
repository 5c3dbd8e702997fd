"""One instrument under its heading: folded away or out, pinned, enlarged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from optiviz.gui.panels.buttons import IconButton
from optiviz.gui.theme.icons import show_icon
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.rows import put_into

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.scene import Scene

_ICON = 14.0
_ANY_HEIGHT = 16_777_215


class Kind(Protocol):
    """What an instrument is told of itself: see ``window/instruments.py``."""

    @property
    def key(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def tab(self) -> str: ...

    @property
    def is_of_use(self) -> Callable[[Scene], bool]: ...

    @property
    def most(self) -> float: ...


class Instrument(QFrame):
    """One instrument: a heading with its buttons, and the view below.

    Signals: ``fold_wished(on)``, ``pin_wished(on)``, ``enlarge_wished(on)``.
    """

    fold_wished = Signal(bool)
    pin_wished = Signal(bool)
    enlarge_wished = Signal(bool)

    def __init__(self, kind: Kind, view: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.kind = kind
        self.name, self.view = kind.key, view
        self.setProperty("instrument", True)
        name, said = kind.key, f"“{kind.title}”"
        self.heading = QToolButton(self)
        self.heading.setObjectName(f"{name}.fold")
        self.heading.setToolTip(f"Folds {said} away, or out again")
        self.heading.setText(kind.title)
        self.heading.setProperty("quiet", True)
        self.heading.setProperty("fold", True)
        self.heading.setCheckable(True)
        self.heading.setChecked(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.heading.clicked.connect(lambda out: self.fold_wished.emit(not out))
        self.pin = IconButton(
            f"{name}.pin",
            f"Pin {said}",
            f"Keeps {said} above whichever tab is chosen, or lets it go",
            "pin",
            checked_icon="pin",
            size=_ICON,
            parent=self,
        )
        self.pin.clicked.connect(self.pin_wished)
        self.enlarge = IconButton(
            f"{name}.enlarge",
            f"Enlarge {said}",
            f"Gives {said} the whole column, and that half of the window; or what it had before",
            "enlarge",
            checked_icon="enlarge",
            size=_ICON,
            parent=self,
        )
        self.enlarge.clicked.connect(self.enlarge_wished)
        self._column = QVBoxLayout(self)
        self._head = put_into(self._column, QHBoxLayout())
        self._head.addWidget(self.heading)
        self._head.addStretch(1)
        self._head.addWidget(self.pin)
        self._head.addWidget(self.enlarge)
        self._column.addWidget(view, 1)
        self._look = Look()
        self._enlarged = False
        self.show_folded(False)

    @property
    def grows(self) -> bool:
        """Whether more room than the least is good for what is seen of it now."""
        return self.heading.isChecked() and self.view.sizePolicy().verticalPolicy() == _GROWS

    def show_folded(self, folded: bool) -> None:
        """Fold the view away under its heading."""
        self.heading.setChecked(not folded)
        title = self.kind.title
        self.heading.setAccessibleName(f"{title}, folded {'away' if folded else 'out'}")
        self.view.setVisible(not folded)
        self.enlarge.setVisible(not folded)
        self._show_room()
        self._show_chevron()

    def show_pinned(self, pinned: bool) -> None:
        """Show whether it stays above whichever tab is chosen."""
        self.pin.show_checked(pinned)

    def show_enlarged(self, enlarged: bool) -> None:
        """Show whether it has the whole column."""
        self._enlarged = enlarged
        self.enlarge.show_checked(enlarged)
        self.heading.setEnabled(not enlarged)
        self._show_room()

    def show_look(self, look: Look) -> None:
        """Show the heading in this theme and scale."""
        self._look = look
        edge = round(look.px(6))
        self._column.setContentsMargins(edge, edge // 2, edge, edge // 2)
        self._column.setSpacing(round(look.px(2)))
        self._head.setSpacing(round(look.px(2)))
        self.heading.setFont(look.font(bold=True))
        self.pin.show_look(look)
        self.enlarge.show_look(look)
        self._show_room()
        self._show_chevron()

    def least_height(self, width: int, *, folded: bool) -> int:
        """Say how high it is at least in a column of this width, folded away or out."""
        margins, head = self._column.contentsMargins(), self._head.sizeHint().height()
        around = margins.top() + margins.bottom() + 2 * self.frameWidth()
        if folded:
            return around + head
        inside = width - margins.left() - margins.right() - 2 * self.frameWidth()
        if not self.view.isVisible():
            # What is hidden would count with the width of long ago.
            self.view.resize(inside, self.view.height())
        return around + head + self._column.spacing() + _least(self.view, inside)

    def _show_room(self) -> None:
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred, policy.Expanding if self.grows else policy.Fixed)
        most = _ANY_HEIGHT if self._enlarged else round(self._look.px(self.kind.most))
        self.setMaximumHeight(most)

    def _show_chevron(self) -> None:
        name = "chevron_down" if self.heading.isChecked() else "chevron_right"
        show_icon(self.heading, name, self._look.theme.muted)


_GROWS = QSizePolicy.Policy.Expanding


def _least(view: QWidget, width: int) -> int:
    """Say how high a view is at least where it has this width."""
    layout, least = view.layout(), max(view.minimumSizeHint().height(), view.minimumHeight())
    if layout is not None and layout.hasHeightForWidth():
        least = max(least, layout.minimumHeightForWidth(width))
    return least
