"""The instruments at the right: each can be folded away, and enlarged to half of the window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from optiviz.gui.icons import icon
from optiviz.gui.panels.buttons import IconButton
from optiviz.gui.theme import Look

_WIDTH = 322.0
_HEIGHT = 420.0


class Instrument(QWidget):
    """One instrument under its heading. Signals: ``fold_wished(on)``, ``enlarge_wished(on)``."""

    fold_wished = Signal(bool)
    enlarge_wished = Signal(bool)

    def __init__(self, name: str, title: str, view: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self.title = title
        self.view = view
        self.heading = QToolButton(self)
        self.heading.setObjectName(f"{name}.fold")
        self.heading.setAccessibleName(f"{title}, folded out")
        self.heading.setToolTip(f"Folds {title.lower()} away, or out again")
        self.heading.setText(title)
        self.heading.setProperty("quiet", True)
        self.heading.setProperty("fold", True)
        self.heading.setCheckable(True)
        self.heading.setChecked(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.heading.clicked.connect(lambda out: self.fold_wished.emit(not out))
        self.enlarge = IconButton(
            f"{name}.enlarge",
            f"Enlarge {title.lower()}",
            "Gives the instruments half of the window, or their own width again",
            "enlarge",
            checked_icon="enlarge",
            parent=self,
        )
        self.enlarge.clicked.connect(self.enlarge_wished)
        head = QHBoxLayout()
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.enlarge)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(view, 1)
        self._look = Look()

    def show_folded(self, folded: bool) -> None:
        """Fold the view away under its heading."""
        self.heading.setChecked(not folded)
        self.heading.setAccessibleName(f"{self.title}, folded {'away' if folded else 'out'}")
        self.view.setVisible(not folded)
        self.enlarge.setVisible(not folded)
        policy = QSizePolicy.Policy.Fixed if folded else QSizePolicy.Policy.Expanding
        self.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self._show_chevron()

    def show_look(self, look: Look) -> None:
        """Show the heading in this theme and scale."""
        self._look = look
        self.heading.setFont(look.font(bold=True))
        self.enlarge.show_look(look)
        self._show_chevron()

    def _show_chevron(self) -> None:
        name = "chevron_down" if self.heading.isChecked() else "chevron_right"
        self.heading.setIcon(icon(name, self._look.theme.muted))


class Instruments(QFrame):
    """The right panel. Signals: ``folded_changed(names)``, ``enlarge_wished(on)``."""

    folded_changed = Signal(object)
    enlarge_wished = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("instruments")
        self.setAccessibleName("Instruments")
        self.setProperty("panel", "right")
        self._column = QVBoxLayout(self)
        self._items: list[Instrument] = []
        self._folded: frozenset[str] = frozenset()
        self._look = Look()
        self._enlarged = False

    def add(self, name: str, title: str, view: QWidget) -> None:
        """Add an instrument below those that are there."""
        item = Instrument(name, title, view, self)
        item.fold_wished.connect(lambda on: self.on_fold_wished(name, on))
        item.enlarge_wished.connect(self.enlarge_wished)
        self._items.append(item)
        self._column.addWidget(item, 1)

    @property
    def items(self) -> tuple[Instrument, ...]:
        """The instruments, from top to bottom."""
        return tuple(self._items)

    def on_fold_wished(self, name: str, folded: bool) -> None:
        """Fold an instrument away or out, and tell which are folded now."""
        self.show_folded(self._folded | {name} if folded else self._folded - {name})
        self.folded_changed.emit(self._folded)

    def show_folded(self, names: frozenset[str]) -> None:
        """Show these instruments folded away."""
        self._folded = names & {item.name for item in self._items}
        for item in self._items:
            item.show_folded(item.name in self._folded)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_enlarged(self, enlarged: bool, room: int) -> None:
        """Take half of the window's width, or the panel's own."""
        self._enlarged = enlarged
        width, room = round(self._look.px(_WIDTH)), max(room, 0)
        self.setFixedWidth(max(width, room // 2) if enlarged else min(width, room))
        for item in self._items:
            item.enlarge.show_checked(enlarged)
            item.setMaximumHeight(16_777_215 if enlarged else round(self._look.px(_HEIGHT)))

    def show_look(self, look: Look) -> None:
        """Show the panel in this theme and scale."""
        self._look = look
        edge = round(look.px(10))
        self._column.setContentsMargins(edge, edge // 2, edge, edge)
        for item in self._items:
            item.show_look(look)
