"""The racers' panel: a card for each, another to enter, one ε for all, and the finish."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from optiviz.engine import OPTIMIZERS, Race
from optiviz.gui.panels.race_settings import RaceSettings
from optiviz.gui.panels.racer_card import RacerCard
from optiviz.gui.theme.icons import show_icon
from optiviz.gui.theme.palette import Look
from optiviz.gui.widgets.rows import put_into
from optiviz.gui.widgets.shows import Shows
from optiviz.scene import MAX_RACERS, Scene, moved_only, tuned_optimizer

_WIDTH = 286.0
_NARROWEST = 226.0  # where the stage would get too narrow else


def _said(scene: Scene) -> list[str]:
    """Name the racers so that no two names are the same."""
    counts = Counter(racer.name for racer in scene.racers)
    return [
        racer.name if counts[racer.name] == 1 else f"{racer.name}, number {i}"
        for i, racer in enumerate(scene.racers, start=1)
    ]


class RacersPanel(QFrame, Shows):
    """All racers. Signals carry the racer's index first.

    ``knob_changed(i, name, value)``, ``knob_change_finished(i, name)``, ``enabled_wished(i, on)``,
    ``solo_wished(i, on)``, ``remove_wished(i)``, ``duplicate_wished(i)``,
    ``rename_wished(i, text)``, ``clip_wished(i, clip or None)``,
    ``add_wished(key)``, ``link_wished(on)``, ``target_wished(loss)``,
    ``start_wished(x, y)``, ``tune_wished()``, ``gradient_wished(i, key)``,
    ``gradient_knob_changed(i, name, value)``, ``gradient_knob_change_finished(i, name)``.
    """

    knob_changed = Signal(int, str, object)
    knob_change_finished = Signal(int, str)
    enabled_wished = Signal(int, bool)
    solo_wished = Signal(int, bool)
    remove_wished = Signal(int)
    duplicate_wished = Signal(int)
    rename_wished = Signal(int, str)
    clip_wished = Signal(int, object)
    gradient_wished = Signal(int, str)
    gradient_knob_changed = Signal(int, str, object)
    gradient_knob_change_finished = Signal(int, str)
    add_wished = Signal(str)
    link_wished = Signal(bool)
    target_wished = Signal(float)
    start_wished = Signal(float, float)
    tune_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("racers_panel")
        self.setAccessibleName("Racers")
        self.setProperty("panel", "left")
        self._look = Look()
        self._locked = False
        self._scene: Scene | None = None
        self._race: Race | None = None
        self._step = -1
        self.cards: list[RacerCard] = []
        self._build_head()
        self._build_settings()
        self._build_column()

    def _build_head(self) -> None:
        self._heading = QLabel("Racers", self)
        self._heading.setProperty("heading", True)
        self._menu = QMenu(self)
        for family in dict.fromkeys(optimizer.family for optimizer in OPTIMIZERS.values()):
            self._add_family(family)
        self._menu.setToolTipsVisible(True)
        self.add = QToolButton(self)
        self.add.setObjectName("add_racer")
        self.add.setAccessibleName("Add a racer")
        self.add.setText("add")
        self.add.setProperty("quiet", True)
        self.add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add.setMenu(self._menu)
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _build_settings(self) -> None:
        self._settings = RaceSettings(self)
        self._settings.link_wished.connect(self.link_wished)
        self._settings.target_wished.connect(self.target_wished)
        self._settings.start_wished.connect(self.start_wished)
        self._settings.tune_wished.connect(self.tune_wished)

    def _add_family(self, family: str) -> None:
        """List the optimizers of a family under its heading."""
        self._menu.addSeparator()
        heading = self._menu.addAction(family)
        heading.setEnabled(False)
        for key, optimizer in OPTIMIZERS.items():
            if optimizer.family == family:
                action = self._menu.addAction(optimizer.title)
                action.setObjectName(f"add_racer.{key}")
                action.setToolTip(optimizer.about)
                # The key travels as a default argument: the loop's variable moves on.
                action.triggered.connect(lambda _=False, key=key: self.add_wished.emit(key))

    def _build_column(self) -> None:
        inside = QWidget(self)
        inside.setProperty("scrolled", True)
        self._cards = QVBoxLayout(inside)
        self._cards.addWidget(self._settings)
        self._cards.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("racers_scroll")
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = self._scroll.verticalScrollBar()
        bar.rangeChanged.connect(self.on_scroll_range_changed)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self.on_focus_changed)
        self._column = QVBoxLayout(self)
        self._head = put_into(self._column, QHBoxLayout())
        self._head.addWidget(self._heading, 1)
        self._head.addWidget(self.add)
        self._column.addWidget(self._scroll, 1)

    def on_focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        """Scroll to what the Tab key has reached, wherever it came from."""
        # Under a pressed button nothing may move: the hand would drag something else.
        by_hand = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if now is not None and not by_hand and self._scroll.isAncestorOf(now):
            self._scroll.ensureWidgetVisible(now)

    def on_scroll_range_changed(self) -> None:
        """Keep the cards' right edge where it is, whether the scroll bar is there or not."""
        bar = self._scroll.verticalScrollBar()
        room = 0 if bar.maximum() > bar.minimum() else bar.sizeHint().width()
        self._cards.setContentsMargins(0, 0, room, 0)

    def show_scene(self, scene: Scene) -> None:
        """Show who races and how each is set."""
        before, self._scene = self._scene, scene
        if moved_only(before, scene):
            self._settings.show_scene(scene)
            return
        while len(self.cards) > len(scene.racers):
            self._drop_card()
        while len(self.cards) < len(scene.racers):
            self._make_card(len(self.cards))
        said = _said(scene)
        for i, (card, racer) in enumerate(zip(self.cards, scene.racers, strict=True)):
            tuned = tuned_optimizer(scene.surface, racer.optimizer.key)
            solo, shown = scene.solo == i, scene.shown(i)
            card.show_racer(racer, scene.surface, tuned, said[i], solo=solo, shown=shown)
        self._settings.show_scene(scene)
        full = len(scene.racers) >= MAX_RACERS
        self.add.setEnabled(not full and not self._locked)
        self.add.setToolTip(
            f"A race has at most {MAX_RACERS} racers; remove one first."
            if full
            else "Enters another racer, up to eight (Space opens the list)"
        )
        self._show_standings()

    def show_race(self, race: Race) -> None:
        """Show what came of a race."""
        self._race = race
        self._settings.show_race(race)
        self._show_standings()

    def show_tuned(self, again: bool) -> None:
        """Show whether the racers were tuned for this very race."""
        self._settings.show_tuned(again)

    def show_tuning(self, *, busy: bool) -> None:
        """Show that they are being tuned."""
        self._settings.show_tuning(busy=busy)

    def show_step(self, position: float) -> None:
        """Show places and losses at the playhead."""
        if int(position) != self._step:
            self._step = int(position)
            self._show_standings()

    def _show_standings(self) -> None:
        race, scene = self._race, self._scene
        if race is None or scene is None or len(race.runs) != len(self.cards):
            return
        step = min(max(self._step, 0), race.spec.steps)
        shown = scene.shown_racers()
        standings = race.standings(step, shown)
        level = len(shown) > 1 and all(
            each is not None and each.place == 1 for i in shown for each in (standings[i],)
        )
        for i, (card, run) in enumerate(zip(self.cards, race.runs, strict=True)):
            card.show_standing(standings[i], level)
            card.show_loss(float(run.loss[step]))
            card.show_outcome(run.outcome_at(step).sentence)
            card.show_epoch(run.epochs_of_data(step))
            card.show_clipped(int(run.clipped.sum()), race.spec.steps)

    def show_locked(self, locked: bool) -> None:
        """Keep what could change the race from accidents."""
        self._locked = locked
        for card in self.cards:
            card.show_locked(locked)
        self._settings.show_locked(locked)
        full = self._scene is not None and len(self._scene.racers) >= MAX_RACERS
        self.add.setEnabled(not locked and not full)

    def show_look(self, look: Look) -> None:
        """Show the panel in this theme and scale."""
        self._look = look
        edge, gap = round(look.px(12)), round(look.px(6))
        self._column.setContentsMargins(edge, gap, 2, gap)
        self._column.setSpacing(gap)
        self._head.setContentsMargins(0, 0, edge - 2, 0)
        self.on_scroll_range_changed()
        self._cards.setSpacing(gap)
        self._heading.setFont(look.font(bold=True))
        self.add.setFont(look.font())
        side = round(look.px(13))
        self.add.setIconSize(QSize(side, side))
        show_icon(self.add, "add", look.theme.text)
        self._settings.show_look(look)
        for card in self.cards:
            card.show_look(look)
        self.setMinimumWidth(round(look.px(_NARROWEST)))
        self.setMaximumWidth(round(look.px(_WIDTH)))
        self.updateGeometry()

    def _make_card(self, i: int) -> None:
        card = RacerCard(i, self)
        card.knob_changed.connect(lambda name, value: self.knob_changed.emit(i, name, value))
        card.knob_change_finished.connect(lambda name: self.knob_change_finished.emit(i, name))
        card.enabled_wished.connect(lambda on: self.enabled_wished.emit(i, on))
        card.solo_wished.connect(lambda on: self.solo_wished.emit(i, on))
        card.remove_wished.connect(lambda: self.remove_wished.emit(i))
        card.duplicate_wished.connect(lambda: self.duplicate_wished.emit(i))
        card.clip_wished.connect(lambda clip: self.clip_wished.emit(i, clip))
        card.gradient_wished.connect(lambda key: self.gradient_wished.emit(i, key))
        card.gradient_knob_changed.connect(
            lambda name, value: self.gradient_knob_changed.emit(i, name, value)
        )
        card.gradient_knob_change_finished.connect(
            lambda name: self.gradient_knob_change_finished.emit(i, name)
        )
        card.rename_wished.connect(lambda text: self.rename_wished.emit(i, text))
        card.show_look(self._look)
        card.show_locked(self._locked)
        self._cards.insertWidget(i, card)
        self.cards.append(card)

    def _drop_card(self) -> None:
        card = self.cards.pop()
        self._cards.removeWidget(card)
        card.hide()
        card.setParent(None)  # so that nobody finds it by its name any more
        card.deleteLater()

    def sizeHint(self) -> QSize:
        return QSize(round(self._look.px(_WIDTH)), super().sizeHint().height())
