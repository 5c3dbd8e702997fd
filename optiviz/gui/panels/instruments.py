"""The instruments at the right: each can be folded away, and enlarged to half of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from optiviz.gui.panels.buttons import IconButton
from optiviz.gui.qt.timers import once
from optiviz.gui.theme.icons import show_icon
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.shows import Shows

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

_WIDTH = 322.0
_EDGE = 10.0


class Instrument(QWidget):
    """One instrument under its heading. Signals: ``fold_wished(on)``, ``enlarge_wished(on)``."""

    fold_wished = Signal(bool)
    enlarge_wished = Signal(bool)

    def __init__(
        self,
        name: str,
        title: str,
        view: QWidget,
        height: float,
        parent: QWidget,
        *,
        most: float,
        grows: bool,
    ) -> None:
        """``height`` is the view's least, in unscaled pixels; 0: as high as its content.

        ``most`` is the most that all of it has, unless it is enlarged; ``grows``: whether it
        takes more than the least where there is room.
        """
        super().__init__(parent)
        self.name = name
        self.title = title
        self.view = view
        self._height = height
        self._grows = grows
        self.most = most
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        head = put_into(column, QHBoxLayout())
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.enlarge)
        column.addWidget(view, 1)
        self._look = Look()

    def show_folded(self, folded: bool) -> None:
        """Fold the view away under its heading."""
        self.heading.setChecked(not folded)
        self.heading.setAccessibleName(f"{self.title}, folded {'away' if folded else 'out'}")
        self.view.setVisible(not folded)
        self.enlarge.setVisible(not folded)
        grows = self._grows and not folded
        policy = QSizePolicy.Policy.Expanding if grows else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self._show_chevron()

    def show_look(self, look: Look) -> None:
        """Show the heading in this theme and scale."""
        self._look = look
        self.heading.setFont(look.font(bold=True))
        self.enlarge.show_look(look)
        if self._height > 0.0:
            self.view.setMinimumHeight(round(look.px(self._height)))
        self._show_chevron()

    def _show_chevron(self) -> None:
        name = "chevron_down" if self.heading.isChecked() else "chevron_right"
        show_icon(self.heading, name, self._look.theme.muted)


class _Inside(QWidget):
    """What is scrolled: never wider than the panel, so that none cuts off the others."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


class Instruments(QFrame, Shows):
    """The right panel; where there are more instruments than fit, it scrolls.

    Signals: ``folded_changed(names)``, ``enlarge_wished(on)``.
    """

    folded_changed = Signal(object)
    enlarge_wished = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("instruments")
        self.setAccessibleName("Instruments")
        self.setProperty("panel", "right")
        self._items: list[Instrument] = []
        self._folded: frozenset[str] = frozenset()
        self._look = Look()
        self._enlarged = False
        inside = _Inside(self)
        inside.setProperty("scrolled", True)
        self._column = QVBoxLayout(inside)
        # What the instruments leave stays empty below them.
        self._column.addStretch(0)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("instruments_scroll")
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.verticalScrollBar().rangeChanged.connect(self.on_scroll_range_changed)
        self._due: Instrument | None = None  # to be scrolled to, once it has been laid out
        self._reveal = once(self, 0, self._on_reveal_due)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)  # beside the panel's edge
        whole.addWidget(self._scroll)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self.on_focus_changed)

    def add(
        self,
        name: str,
        title: str,
        view: QWidget,
        height: float,
        *,
        most: float,
        grows: bool,
    ) -> None:
        """Add an instrument below those that are there; it says how much room it wants."""
        item = Instrument(name, title, view, height, self, most=most, grows=grows)
        item.fold_wished.connect(lambda on: self.on_fold_wished(name, on))
        item.enlarge_wished.connect(self.enlarge_wished)
        self._column.insertWidget(len(self._items), item, 1)
        self._items.append(item)

    @property
    def items(self) -> tuple[Instrument, ...]:
        """The instruments, from top to bottom."""
        return tuple(self._items)

    @property
    def folded(self) -> frozenset[str]:
        """The names of the instruments that are folded away."""
        return self._folded

    def on_fold_wished(self, name: str, folded: bool) -> None:
        """Fold an instrument away or out, and tell which are folded now."""
        self.show_folded(self._folded | {name} if folded else self._folded - {name})
        self.folded_changed.emit(self._folded)
        if not folded:
            self.reveal(name)

    def unfold(self, name: str) -> None:
        """Fold an instrument out, if it is not, and scroll to it."""
        if name in self._folded:
            self.on_fold_wished(name, False)
        self.reveal(name)

    def reveal(self, name: str) -> None:
        """Scroll to an instrument, as soon as it can be seen."""
        self._due = next(item for item in self._items if item.name == name)
        self._reveal.start()

    def _on_reveal_due(self) -> None:
        if self._due is not None and self.isVisible():
            self._show_whole(self._due)
            self._due = None

    def _show_whole(self, item: Instrument) -> None:
        """Scroll to all of an instrument, or to its top where it is too high."""
        high = self._scroll.viewport().height()
        self._scroll.ensureVisible(0, item.y() + min(item.height(), high), 0, 0)
        self._scroll.ensureVisible(0, item.y(), 0, 0)

    def on_focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        """Scroll to what the Tab key has reached, and to the instrument it belongs to."""
        # Under a pressed button nothing may move: the hand would drag something else.
        by_hand = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if now is None or by_hand or not self._scroll.isAncestorOf(now):
            return
        item = next((each for each in self._items if each.isAncestorOf(now)), None)
        if item is not None:
            self._show_whole(item)
        self._scroll.ensureWidgetVisible(now)

    def on_scroll_range_changed(self) -> None:
        """Keep the instruments' right edge where it is, whether the scroll bar is there or not."""
        bar = self._scroll.verticalScrollBar()
        room = bar.sizeHint().width()
        taken = room if bar.maximum() > bar.minimum() else 0
        edge = round(self._look.px(_EDGE))
        self._column.setContentsMargins(edge, edge // 2, max(edge, room) - taken, edge)

    def show_folded(self, names: frozenset[str]) -> None:
        """Show these instruments folded away."""
        self._folded = names & {item.name for item in self._items}
        for item in self._items:
            item.show_folded(item.name in self._folded)
            # A share of what is left over is for those that can use it.
            grows = item.sizePolicy().verticalPolicy() == QSizePolicy.Policy.Expanding
            self._column.setStretchFactor(item, int(grows))

    def show_enlarged(self, enlarged: bool, room: int) -> None:
        """Take half of the window's width, or the panel's own."""
        self._enlarged = enlarged
        width, room = round(self._look.px(_WIDTH)), max(room, 0)
        self.setFixedWidth(max(width, room // 2) if enlarged else min(width, room))
        for item in self._items:
            item.enlarge.show_checked(enlarged)
            item.setMaximumHeight(16_777_215 if enlarged else round(self._look.px(item.most)))

    def show_look(self, look: Look) -> None:
        """Show the panel in this theme and scale."""
        self._look = look
        self.on_scroll_range_changed()
        self._column.setSpacing(round(look.px(6)))
        for item in self._items:
            item.show_look(look)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._reveal.start()
