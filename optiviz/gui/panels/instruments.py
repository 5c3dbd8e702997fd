"""The right column: tabs, each of which answers one question by its instruments.

A tab holds what fits. Where more is folded out than there is room for, what was asked for least
lately folds to its heading, so that nothing that is looked at ends below the edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from optiviz.gui.commands.actions import with_key
from optiviz.gui.panels.instrument import Instrument, Kind
from optiviz.gui.panels.instrument_stack import InstrumentStack
from optiviz.gui.panels.segments import Segments
from optiviz.gui.qt.timers import once
from optiviz.gui.state.tabs import TABS
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.shows import Shows
from optiviz.scene import moved_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from optiviz.scene import Scene

_WIDTH = 336.0


class Instruments(QFrame, Shows):
    """The right panel; where not even one instrument fits, it scrolls.

    Signals: ``tab_wished(key)``, ``folded_changed(names)``, ``pinned_changed(names)``,
    ``enlarged_changed(name)``.
    """

    tab_wished = Signal(str)
    folded_changed = Signal(object)
    pinned_changed = Signal(object)
    enlarged_changed = Signal(str)

    def __init__(self, arranged: Callable[[], object], parent: QWidget | None = None) -> None:
        """``arranged()`` is called when other instruments are seen, or more or less of them."""
        super().__init__(parent)
        self._arranged = arranged
        self.setObjectName("instruments")
        self.setAccessibleName("Instruments")
        self.setProperty("panel", "right")
        self._scene: Scene | None = None
        self._items: list[Instrument] = []
        self._useful: frozenset[str] = frozenset()
        self._folded: frozenset[str] = frozenset()
        self._pinned: frozenset[str] = frozenset()
        self._enlarged = ""
        self._asked: list[str] = []  # for which instruments somebody asked, the newest last
        self._seen: tuple[tuple[Instrument, ...], frozenset[str]] = ((), frozenset())
        self._look = Look()
        self.tabs = Segments("instrument_tabs", "Tab", self)
        for tab in TABS:
            name = f"tab_{tab.key}"
            self.tabs.add(tab.key, name, tab.title, with_key(tab.about, name))
        self.tabs.wished.connect(self.tab_wished)
        self._settle = once(self, 0, self._arrange)
        self._stack = InstrumentStack(self._settle.start, self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)  # beside the panel's edge
        whole.setSpacing(0)
        self._top = put_into(whole, QVBoxLayout())
        self._top.addWidget(self.tabs)
        whole.addWidget(self._stack, 1)

    def add(self, kind: Kind, view: QWidget) -> None:
        """Add an instrument below those that are there."""
        item, name = Instrument(kind, view, self._stack.inside), kind.key
        item.fold_wished.connect(lambda on: self.on_fold_wished(name, on))
        item.pin_wished.connect(lambda on: self.on_pin_wished(name, on))
        item.enlarge_wished.connect(lambda on: self.on_enlarge_wished(name, on))
        item.hide()
        self._items.append(item)

    @property
    def items(self) -> tuple[Instrument, ...]:
        """The instruments that there are, of use or not."""
        return tuple(self._items)

    @property
    def seen(self) -> tuple[str, ...]:
        """The names of the instruments that are seen now, from top to bottom."""
        return tuple(item.name for item in self._seen[0])

    @property
    def tab(self) -> str:
        """The tab that is chosen."""
        return self.tabs.chosen

    @property
    def folded(self) -> frozenset[str]:
        """The names of the instruments that a hand has folded away."""
        return self._folded

    @property
    def pinned(self) -> frozenset[str]:
        """The names of the instruments that stay above whichever tab is chosen."""
        return self._pinned

    @property
    def enlarged(self) -> str:
        """The name of the instrument that has the whole column; empty: none."""
        return self._enlarged if self._enlarged in self._useful else ""

    def show_scene(self, scene: Scene) -> None:
        """Show what is of use for a scene, and leave out what is not."""
        before, self._scene = self._scene, scene
        if moved_only(before, scene):
            return
        useful = frozenset(item.name for item in self._items if item.kind.is_of_use(scene))
        if useful != self._useful:
            self._useful = useful
            self._arrange()

    def show_tab(self, key: str) -> None:
        """Show another tab."""
        if key != self.tabs.chosen:
            held = self._has_focus()
            self.tabs.show_chosen(key)
            self._arrange()
            if held and not self._has_focus():
                self.tabs.focus_chosen()

    def show_folded(self, names: frozenset[str]) -> None:
        """Show these instruments folded away."""
        self._folded = names & {item.name for item in self._items}
        self._arrange()

    def show_pinned(self, names: frozenset[str]) -> None:
        """Show these instruments above whichever tab is chosen."""
        self._pinned = names & {item.name for item in self._items}
        self._arrange()

    def show_enlarged(self, name: str) -> None:
        """Give one instrument the whole column, or none; the window gives the column its width."""
        self._enlarged = name if any(name == item.name for item in self._items) else ""
        self._arrange()

    def show_width(self, room: int) -> None:
        """Take the panel's own width, or half of this room for what is enlarged."""
        width, room = round(self._look.px(_WIDTH)), max(room, 0)
        self.setFixedWidth(max(width, room // 2) if self.enlarged else min(width, room))

    def on_fold_wished(self, name: str, folded: bool) -> None:
        """Fold an instrument away or out, and tell which are folded now."""
        if not folded:
            self._ask(name)
        self.show_folded(self._folded | {name} if folded else self._folded - {name})
        self.folded_changed.emit(self._folded)
        if not folded:
            self._stack.scroll_to(self._item(name))

    def on_pin_wished(self, name: str, pinned: bool) -> None:
        """Pin an instrument or let it go, and tell which are pinned now."""
        self.show_pinned(self._pinned | {name} if pinned else self._pinned - {name})
        self.pinned_changed.emit(self._pinned)

    def on_enlarge_wished(self, name: str, enlarged: bool) -> None:
        """Give an instrument the whole column or take it back, and tell."""
        self.show_enlarged(name if enlarged else "")
        self.enlarged_changed.emit(self._enlarged)

    def unfold(self, name: str) -> None:
        """Fold an instrument out, if it is not, and bring it into sight; its tab is shown."""
        if name in self._folded:
            self.on_fold_wished(name, False)
        self.reveal(name)

    def reveal(self, name: str) -> None:
        """Bring an instrument into sight with its tab, as soon as it can be seen."""
        item = self._item(name)
        self._ask(name)
        if name not in self._pinned and self.tabs.chosen != item.kind.tab:
            self.show_tab(item.kind.tab)
        else:
            self._arrange()
        self._stack.scroll_to(self._item(name))

    def _item(self, name: str) -> Instrument:
        return next(item for item in self._items if item.name == name)

    def _has_focus(self) -> bool:
        """Say whether the keyboard is in an instrument that is seen."""
        now = QApplication.focusWidget()
        return now is not None and any(item.isAncestorOf(now) for item in self._seen[0])

    def _ask(self, name: str) -> None:
        self._asked = [*(each for each in self._asked if each != name), name]

    # What is seen, and how much of it

    def _arrange(self) -> None:
        """Show the tab's instruments below those that are pinned, as far as they have room."""
        self._settle.stop()
        there = [item for item in self._items if item.name in self._useful]
        own = [item for item in there if item.kind.tab == self.tabs.chosen]
        seen = [item for item in there if item.name in self._pinned]
        seen += [item for item in own if item not in seen]
        if self.enlarged:
            seen = [item for item in there if item.name == self.enlarged]
        tab = next((each for each in TABS if each.key == self.tabs.chosen), None)
        self._stack.show_nothing("" if own or self.enlarged or tab is None else tab.nothing)
        folded = self._without_room(seen)
        for item in seen:
            item.show_pinned(item.name in self._pinned)
            item.show_enlarged(item.name == self.enlarged)
            item.show_folded(item.name in folded)
        self._stack.place(tuple(seen))
        now = (tuple(seen), folded)
        if now != self._seen:
            self._seen = now
            self._arranged()

    def _without_room(self, seen: list[Instrument]) -> frozenset[str]:
        """Name those of what is seen that are to be folded away."""
        if self.enlarged:
            return frozenset()
        folded = frozenset(item.name for item in seen if item.name in self._folded)
        if not self.isVisible():
            return folded  # how much room there is, is seen when it comes
        return self._stack.without_room(seen, folded, self._weight)

    def _weight(self, item: Instrument) -> tuple[bool, bool, bool, int, int]:
        """Say how much an instrument matters here.

        Most matters what somebody asked for last, then what the tab begins with, what is pinned,
        what was asked for lately, and what stands high.
        """
        asked = self._asked.index(item.name) if item.name in self._asked else -1
        newest = asked >= 0 and asked == len(self._asked) - 1
        own = [each for each in self._items if each.kind.tab == self.tabs.chosen]
        first = item is next((each for each in own if each.name in self._useful), None)
        pinned = item.name in self._pinned
        return (newest, first, pinned, asked, -self._items.index(item))

    def show_look(self, look: Look) -> None:
        """Show the panel in this theme and scale."""
        self._look = look
        self._stack.show_look(look)
        edge = self._stack.edge
        self._top.setContentsMargins(edge, edge, edge, 0)
        self.tabs.show_look(look)
        for item in self._items:
            item.show_look(look)
        self._settle.start()
