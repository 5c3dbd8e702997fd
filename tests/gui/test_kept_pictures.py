"""Every kept picture against one that was never kept: a new widget, shown the same.

A widget that has lived through a change, and through its taking back, must give the very pixels
that a new one gives. What is changed here, one thing at a time, is all that a picture may depend
on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from optiviz.engine import SCHEDULES, FieldSpec, Race, run_race, sample_field
from optiviz.engine.basins import BasinSpec, find_basins
from optiviz.engine.chance import batch_field, batch_gradients
from optiviz.engine.ensemble import EnsembleSpec, run_ensemble
from optiviz.engine.gradients import MiniBatch
from optiviz.engine.zone import band
from optiviz.gui.panels.racers import RacersPanel
from optiviz.gui.stage.letters import Letter
from optiviz.gui.stage.snapshots import SnapshotMark
from optiviz.gui.theme.formulas import formula_pixmap
from optiviz.gui.theme.palette import DARK, LIGHT, Look
from optiviz.gui.views.basins import BasinsView
from optiviz.gui.views.contour import ContourView
from optiviz.gui.views.curves import CurvesView
from optiviz.gui.views.data import DataView
from optiviz.gui.views.schedule import ScheduleView
from optiviz.gui.views.seeds import SeedsView
from optiviz.gui.words import captions
from optiviz.scene import Camera, Scene, edits, first_scene

if TYPE_CHECKING:
    from collections.abc import Callable

_DARK = Look(DARK)
#: So much, of 255, Qt's own letters differ by what it has written before.
_SHADE = 16


@dataclass(frozen=True)
class State:
    """All that the window may show a widget."""

    scene: Scene
    size: tuple[int, int] = (340, 640)
    look: Look = _DARK
    ratio: float = 1.0
    position: float = 40.5
    log: bool = True
    test: bool = True
    chosen: int = -1  # a racer's look
    compared: frozenset[str] = frozenset()
    overlays: bool = False
    locked: bool = False
    stretch: bool = False
    readout: tuple[str, ...] = ()


@cache
def race_of(scene: Scene) -> Race:
    return run_race(scene.race_spec())


@cache
def field_of(surface):
    return sample_field(FieldSpec(surface, *surface.window, 60, 60))


def racer_of(state: State) -> int:
    looks = [racer.style for racer in state.scene.racers]
    return looks.index(state.chosen) if state.chosen in looks else 0


# What each kind of picture is shown


def show_curves(view, state, changed):
    view.show_log(state.log)
    view.show_test(state.test)


def show_schedule(view, state, changed):
    view.show_log(state.log)
    view.show_locked(state.locked)
    view.show_racer(state.chosen)
    view.plot.show_compared(state.compared)
    if changed:
        run = race_of(state.scene).runs[racer_of(state)]
        per_epoch = state.scene.epoch_steps
        zone = band(run.lr[::per_epoch], 1e-3, 1.0) if state.overlays else None
        view.show_zone(zone, "" if zone is None else zone.clause)


def show_data(view, state, changed):
    view.on_batch_wished(state.chosen)
    view.show_locked(state.locked)


@cache
def ensemble_of(scene: Scene, index: int):
    spec = scene.race_spec()
    spec = replace(spec, entrants=(spec.entrants[index],), seed=0)
    return run_ensemble(EnsembleSpec(spec, 20, scene.seed))


def show_seeds(view, state, changed):
    index = racer_of(state)
    racer = state.scene.racers[index]
    view.show_on(True)
    view.show_racer(racer.style)
    if changed:
        view.show_ensemble(ensemble_of(state.scene, index), racer.style, racer.name)


@cache
def basins_of(scene: Scene, index: int):
    race = scene.race_spec()
    race = replace(race, entrants=(race.entrants[index],), seed=0)
    return find_basins(BasinSpec(race, (1, 8), (0.05, 0.1), 10, scene.seed))


def show_basins(view, state, changed):
    index = racer_of(state)
    view.show_on(True)
    view.show_racer(state.scene.racers[index].style)
    if changed:
        batched = isinstance(state.scene.racers[index].gradient, MiniBatch)
        view.show_basins(basins_of(state.scene, index) if batched else None)


def show_contour(view, state, changed):
    scene, race = state.scene, race_of(state.scene)
    view.show_field(field_of(scene.surface))
    view.show_stretch(state.stretch)
    view.show_readout(state.readout)
    size = state.look.font(1.3).pointSizeF()
    view.show_formula(
        formula_pixmap(scene.surface.formula, state.look.theme.ink, size, state.ratio)
    )
    step = min(int(state.position), scene.steps)
    on, racer = state.overlays, scene.racers[racer_of(state)]
    view.show_caption(captions.settings(scene, race, step) if on else ())
    if changed:
        (x0, x1), (y0, y1) = scene.surface.window
        points = np.random.default_rng(1).uniform((x0, y0), (x1, y1), (50, 2))
        view.show_endpoints(points if on else None, racer.style)
        at = race.runs[0].path[step].tolist()
        marks = [SnapshotMark(*at, racer.style, step, 1)] if on else ()
        view.show_snapshots(marks)
        view.show_letters([Letter(*place, "A") for place in scene.surface.minima[:1]] if on else ())
        gradient = racer.gradient
        chance = on and isinstance(gradient, MiniBatch)
        batch = (
            batch_field(scene.surface, gradient, scene.seed, step, scene.surface.window, 40, 40)
            if chance
            else None
        )
        view.show_batch(batch, racer.style, f"{racer.name}: its batch" if chance else "")
        cloud = batch_gradients(scene.surface, gradient, tuple(at), scene.seed) if chance else None
        view.show_cloud(cloud, racer.style, f"{racer.name}: gradients" if chance else "", None)


def settle_contour(view):
    for layer in (view.stage.heads, view.stage.trails):
        layer.show_settled()


def make_cards():
    panel = RacersPanel()
    # How far it scrolls may depend on how wide it was once.
    scroll = panel.findChild(QScrollArea, "racers_scroll")
    scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return panel


def show_cards(view, state, changed):
    view.show_locked(state.locked)


@dataclass(frozen=True)
class Kind:
    make: Callable[[], QWidget]
    show: Callable[[QWidget, State, bool], None]
    scene: Callable[[], Scene] = first_scene
    settle: Callable[[QWidget], None] = lambda widget: None  # as a moment of rest does


def by_chance(surface="flat_and_sharp"):
    scene = edits.choose_gradient(edits.set_steps(first_scene(surface), 100), "mini_batch")
    return edits.set_gradient_knob(scene, "batch_size", 4)


def of_data():
    return by_chance("logistic")


def scheduled():
    return edits.set_schedule(first_scene("beale"), SCHEDULES["cosine"](warmup=5.0))


KINDS = {
    "curves": Kind(CurvesView, show_curves),
    "curves_of_data": Kind(CurvesView, show_curves, of_data),
    "schedule": Kind(ScheduleView, show_schedule, scheduled),
    "data": Kind(DataView, show_data, of_data),
    "tilts": Kind(DataView, show_data, by_chance),
    "seeds": Kind(SeedsView, show_seeds, by_chance),
    "basins": Kind(BasinsView, show_basins, by_chance),
    "contour": Kind(ContourView, show_contour, settle=settle_contour),
    "contour_by_chance": Kind(ContourView, show_contour, by_chance, settle_contour),
    "cards": Kind(make_cards, show_cards),
}


def edited(edit, *arguments):
    return lambda state: replace(state, scene=edit(state.scene, *arguments))


def to_data(state):
    return replace(state, scene=edits.choose_surface(state.scene, "line"))


def renamed(state):
    return replace(state, scene=edits.rename_racer(state.scene, 0, "A name that is longer"))


def seen_closer(state):
    (x0, x1), (y0, y1) = state.scene.surface.window
    camera = Camera(x0, (x0 + x1) / 2, y0, (y0 + y1) / 2)
    return replace(state, scene=edits.set_camera(state.scene, camera))


CHANGES = {
    "more steps": edited(edits.set_steps, 2000),
    "less steps": edited(edits.set_steps, 60),
    "finish": edited(edits.set_target, 0.05),
    "no finish": edited(edits.set_target, 0.0),
    "surface": edited(edits.choose_surface, "styblinski_tang"),
    "data": to_data,
    "start": edited(edits.move_start, 0.5, 0.25),
    "rate": edited(edits.set_racer_knob, 0, "lr", 0.001),
    "seed": edited(edits.set_seed, 12),
    "epoch": edited(edits.set_steps_per_epoch, 7),
    "schedule": lambda state: replace(
        state, scene=edits.set_schedule(state.scene, SCHEDULES["step"](), 1)
    ),
    "gradient": edited(edits.choose_gradient, "mini_batch"),
    "batch": edited(
        lambda scene: edits.set_gradient_knob(
            edits.choose_gradient(scene, "mini_batch"), "batch_size", 2
        )
    ),
    "toggled": edited(edits.toggle_racer, 1),
    "solo": edited(edits.set_solo, 2, True),
    "removed": edited(edits.remove_racer, 0),
    "entered": edited(edits.add_racer, "adagrad"),
    "name": renamed,
    "camera": seen_closer,
    "theme": lambda state: replace(state, look=Look(LIGHT)),
    "scale": lambda state: replace(state, look=Look(DARK, scale=1.25)),
    "wider": lambda state: replace(state, size=(520, 640)),
    "higher": lambda state: replace(state, size=(340, 800)),
    "sharper": lambda state: replace(state, ratio=2.0),
    "forward": lambda state: replace(state, position=57.0),
    "back": lambda state: replace(state, position=3.25),
    "linear": lambda state: replace(state, log=False),
    "no test loss": lambda state: replace(state, test=False),
    "chosen": lambda state: replace(state, chosen=state.scene.racers[2].style),
    "compared": lambda state: replace(state, compared=frozenset({"linear", "step"})),
    "overlays": lambda state: replace(state, overlays=True),
    "locked": lambda state: replace(state, locked=True),
    "stretched": lambda state: replace(state, stretch=True),
    "readout": lambda state: replace(state, readout=("(1, 2), loss 3", "gradient 4")),
}


class Living:
    """A widget that is shown one state after another, as the window would."""

    def __init__(self, kind: Kind, state: State, qtbot):
        self.kind, self.state = kind, state
        self.host = QWidget()  # by itself, a widget would not shrink to less than it asks for
        qtbot.addWidget(self.host)
        self.host.resize(1000, 1000)
        self.widget = kind.make()
        self.widget.setParent(self.host)
        self.host.show()
        self.show(state, new=True)

    def show(self, state: State, *, new=False, race=True):
        before, widget = self.state, self.widget
        self.state = state
        if new or state.ratio != before.ratio:
            self._sharpen()
        if new or state.look != before.look:
            widget.setFont(state.look.font())
            widget.show_look(state.look)
        if new or state.scene != before.scene:
            widget.show_scene(state.scene)
            if new or state.scene.surface.key != before.scene.surface.key:
                spec = replace(state.scene.race_spec(), entrants=())
                widget.show_race(Race(spec, ()))
            if new or state.scene.race_spec() != before.scene.race_spec():
                widget.show_race(race_of(state.scene))
        widget.resize(*state.size)
        widget.show_step(min(state.position, state.scene.steps))
        scenes = state.scene != before.scene
        self.kind.show(
            widget,
            state,
            new
            or scenes
            or state.overlays != before.overlays
            or state.chosen != before.chosen
            or state.position != before.position,
        )

    def _sharpen(self):
        """Have all widgets, new ones too, take the screen for one of this pixel ratio."""
        ratio = self.state.ratio
        ours = (w for w in self.widget.findChildren(QWidget) if "optiviz" in type(w).__module__)
        for each in (self.widget, *ours):
            if each.devicePixelRatioF() != ratio:
                each.devicePixelRatioF = lambda: ratio
                QApplication.sendEvent(each, QEvent(QEvent.Type.DevicePixelRatioChange))

    def picture(self) -> np.ndarray:
        """What it paints at rest, (height, width, 3)."""
        self._painted()
        self.kind.settle(self.widget)
        return self._painted()

    def _painted(self) -> np.ndarray:
        self._sharpen()
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()
        for _ in range(8):  # layouts follow each other
            QApplication.processEvents()
        ratio, widget = self.state.ratio, self.widget
        image = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.magenta)
        widget.render(image)
        data = np.frombuffer(image.constBits(), np.uint8)
        rows = data.reshape(image.height(), image.bytesPerLine() // 4, 4)
        return rows[:, : image.width(), :3].copy()


def same(a: np.ndarray, b: np.ndarray) -> str:
    """Say where two pictures differ; empty where they do not."""
    if a.shape != b.shape:
        return f"{a.shape} is not {b.shape}"
    apart = np.abs(a.astype(int) - b).max(axis=2)
    rows, columns = np.nonzero(apart > _SHADE)
    if not len(rows):
        return ""
    reach = f"{columns.min()} … {columns.max()}, {rows.min()} … {rows.max()}"
    return f"{len(rows)} pixels differ by up to {apart.max()} within {reach}"


@pytest.fixture
def living(qtbot, kernels):
    def make(kind, state):
        return Living(KINDS[kind], state, qtbot)

    return make


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_of_what_is_shown_now(living, kind):
    base = State(KINDS[kind].scene())
    live = living(kind, base)
    before = live.picture()
    wrong = {}
    for name, change in CHANGES.items():
        changed = change(base)
        fresh = living(kind, changed).picture()
        for when, state, wanted in (
            ("changed", changed, fresh),
            ("taken back", base, before),
            ("made again", changed, fresh),
            ("taken back again", base, before),
        ):
            live.show(state)
            found = same(live.picture(), wanted)
            if found:
                wrong[name, when] = found
    assert not wrong


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "cards"])
def test_a_hand_that_rests_leaves_the_picture_of_a_new_one(living, kind):
    base = State(KINDS[kind].scene())
    live = living(kind, base)
    wrong = {}
    for name in ("start", "rate", "finish", "more steps", "epoch"):
        changed = CHANGES[name](base)
        fresh = living(kind, changed).picture()
        live.widget.show_ghost(race_of(base.scene))
        live.picture()
        live.show(changed)
        live.picture()
        live.widget.show_ghost(None)
        live.show(changed)
        found = same(live.picture(), fresh)
        if found:
            wrong[name] = found
        live.show(base)
    assert not wrong


def drawn(widget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8)
    rows = data.reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), :3].copy()


def curves_anew(ui, qtbot):
    """New loss curves, shown what the window shows."""
    live, host = ui.window.view(CurvesView), QWidget()
    qtbot.addWidget(host)
    host.resize(1000, 1000)
    host.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    view = CurvesView(host)
    host.setStyleSheet(ui.window.styleSheet())
    host.show()
    view.show_look(ui.window.look)
    view.setFont(live.font())
    view.resize(live.size())
    view.show_scene(ui.scene)
    view.show_race(ui.race)
    view.show_step(live.position)
    return host, view


def test_the_loss_chart_of_the_window_never_lies(ui, qtbot):
    """Steps, finish and surface, there and back, by typing, by undo and redo, and by R."""
    window = ui.window

    def told(when):
        ui.settle()
        window.contour.setFocus()
        QApplication.processEvents()
        host, fresh = curves_anew(ui, qtbot)
        assert host.isVisible()
        assert same(drawn(window.view(CurvesView)), drawn(fresh)) == "", when
        host.close()
        window.activateWindow()
        assert window.view(CurvesView).axis.steps == ui.scene.steps

    ui.playback.pause()
    told("at first")
    ui.type("steps", "2000")
    told("2000 steps")
    ui.key(Qt.Key.Key_R)
    told("as it was opened")
    ui.type("race_target", "0.2")
    told("another finish")
    ui.store.undo()
    told("undone")
    ui.store.redo()
    told("redone")
    ui.store.apply(edits.choose_surface, "styblinski_tang")
    told("another surface")
    ui.store.apply(edits.set_steps, 40)
    told("40 steps")
    ui.store.reset()
    told("reset")
    window.resize(1200, 800)
    told("another size")
