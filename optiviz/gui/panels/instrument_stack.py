"""Instruments one below the other, and a scroll bar where not even one of them fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from optiviz.gui.qt.timers import once
from optiviz.gui.theme.palette import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent, QShowEvent

    from optiviz.gui.panels.instrument import Instrument

_EDGE, _GAP = 10.0, 7.0


class _Inside(QWidget):
    """What is scrolled: never wider than the panel, so that none cuts off the others."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def heightForWidth(self, width: int) -> int:
        # A scroll area takes it for the least height, and so would scroll what could be lower.
        column = self.layout()
        return column.minimumHeightForWidth(width) if column is not None else 0


class InstrumentStack(QScrollArea):
    """Lays instruments out, and says how many of them have room."""

    def __init__(self, stirred: Callable[[], object], parent: QWidget) -> None:
        """``stirred()`` is called when there is more or less room, or something wants it."""
        super().__init__(parent)
        self.setObjectName("instruments_scroll")
        self._stirred = stirred
        self._look = Look()
        self._items: tuple[Instrument, ...] = ()
        self.inside = _Inside(self)
        self.inside.setProperty("scrolled", True)
        self.inside.installEventFilter(self)
        self.nothing = QLabel(self.inside)
        self.nothing.setObjectName("instruments.nothing")
        self.nothing.setProperty("muted", True)
        self.nothing.setWordWrap(True)
        self._column = QVBoxLayout(self.inside)
        self._column.addWidget(self.nothing)
        # What the instruments leave stays empty below them.
        self._column.addStretch(0)
        self.setWidget(self.inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().rangeChanged.connect(self.on_scroll_range_changed)
        self._due: Instrument | None = None  # to be scrolled to, once it has been laid out
        self._reveal = once(self, 0, self._on_reveal_due)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self.on_focus_changed)

    @property
    def edge(self) -> int:
        """How far the instruments keep from the panel's edges."""
        return round(self._look.px(_EDGE))

    def show_nothing(self, sentence: str) -> None:
        """Say why there is nothing to be seen, below what there is; empty: there is something."""
        self.nothing.setText(sentence)
        self.nothing.setVisible(bool(sentence))

    def without_room(
        self,
        items: Sequence[Instrument],
        folded: frozenset[str],
        weight: Callable[[Instrument], object],
    ) -> frozenset[str]:
        """Name those that are to be folded: ``folded``, and of the others who weigh least."""
        margins = self._column.contentsMargins()
        room = self.viewport().height() - margins.top() - margins.bottom()
        room -= self._column.spacing() * max(len(items) - 1, 0)
        width = self.width() - margins.left() - margins.right()
        if not self.nothing.isHidden():
            room -= self.nothing.heightForWidth(width) + self._column.spacing()
        heights = {
            (item.name, away): item.least_height(width, folded=away)
            for item in items
            for away in (False, True)
        }
        away = {item.name for item in items if item.name in folded}
        while sum(heights[item.name, item.name in away] for item in items) > room:
            left = [item for item in items if item.name not in away]
            if len(left) < 2:
                break  # it is scrolled
            away.add(min(left, key=weight).name)  # type: ignore[arg-type]
        return frozenset(away)

    def place(self, items: tuple[Instrument, ...]) -> None:
        """Put these instruments one below the other, and the others away."""
        for item in self._items:
            if item not in items:
                item.hide()
        self._items = items
        for place, item in enumerate(items):
            if self._column.indexOf(item) != place:
                self._column.removeWidget(item)
                self._column.insertWidget(place, item)
            # A share of what is left over is for those that can use it.
            self._column.setStretchFactor(item, int(item.grows))
            item.show()

    def scroll_to(self, item: Instrument) -> None:
        """Scroll to an instrument, as soon as it can be seen."""
        self._due = item
        self._reveal.start()

    def show_look(self, look: Look) -> None:
        """Show it in this theme and scale."""
        self._look = look
        self.on_scroll_range_changed()
        self._column.setSpacing(round(look.px(_GAP)))
        self.nothing.setFont(look.font())

    def on_focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        """Scroll to what the Tab key has reached, and to the instrument it belongs to."""
        # Under a pressed button nothing may move: the hand would drag something else.
        by_hand = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if now is None or by_hand or not self.isAncestorOf(now):
            return
        item = next((each for each in self._items if each.isAncestorOf(now)), None)
        if item is not None:
            self._show_whole(item)
        self.ensureWidgetVisible(now)

    def on_scroll_range_changed(self) -> None:
        """Keep the instruments' right edge where it is, whether the scroll bar is there or not."""
        bar = self.verticalScrollBar()
        room = bar.sizeHint().width()
        taken = room if bar.maximum() > bar.minimum() else 0
        above = round(self._look.px(_GAP))
        right = max(self.edge, room) - taken
        self._column.setContentsMargins(self.edge, above, right, above)

    def _on_reveal_due(self) -> None:
        if self._due is not None and self.isVisible():
            self._show_whole(self._due)
            self._due = None

    def _show_whole(self, item: Instrument) -> None:
        """Scroll to all of an instrument, or to its top where it is too high."""
        high = self.viewport().height()
        self.ensureVisible(0, item.y() + min(item.height(), high), 0, 0)
        self.ensureVisible(0, item.y(), 0, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.inside and event.type() == QEvent.Type.LayoutRequest:
            self._stirred()  # one is higher now, or lower
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stirred()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._stirred()
        self._reveal.start()
