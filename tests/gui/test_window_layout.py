"""The window's layout, names, words for screen readers, order of Tab, and silence while showing."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QSlider,
    QWidget,
)

from optiviz.engine import run_race, sample_field
from optiviz.gui.controllers.jobs import stage_field_spec
from optiviz.gui.theme.palette import DARK, LIGHT, Look
from optiviz.gui.views.curves import CurvesView
from optiviz.scene import edits, first_scene

CONTROLS = (QAbstractButton, QLineEdit, QSlider, QComboBox)
NAMES = (
    "surface_chooser gradient_chooser seed seed_die "
    "contour_view start_x start_y rewind step_back play step_forward to_end "
    "step_slider steps speed loop add_racer link_lr race_target lock curves_view message_bar "
    "racer_0 racer_1 racer_2 racer_3 racer_0.enabled racer_0.solo racer_0.remove "
    "racer_0.lr racer_0.lr.slider racer_1.beta racer_1.beta.slider racer_2.rho racer_3.beta1 "
    "racer_3.beta2 racer_3.delta racer_3.bias_correction racer_1.form"
).split()


def controls(ui):
    """Every control of ours; a spin box's or list's inner parts have no name and are skipped."""
    return [
        widget
        for widget in ui.window.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent(), QComboBox)
    ]


def is_segment(widget):
    return widget.property("segment") is not None


def full_scene():
    """Eight racers on a surface with knobs: every kind of control there is."""
    scene = first_scene("quadratic")
    for key in ("sgd", "momentum", "rmsprop", "adam"):
        scene = edits.add_racer(scene, key)
    return edits.choose_gradient(scene, "mini_batch")


def test_every_promised_name_is_there_once(ui):
    for name in NAMES:
        assert isinstance(ui(name), QWidget), name


def test_the_names_of_eight_racers_and_of_surface_knobs(opened):
    ui = opened(full_scene())
    for index in range(8):
        for part in ("", ".enabled", ".solo", ".remove", ".lr", ".lr.slider"):
            ui(f"racer_{index}{part}")
    for name in (
        "surface.kappa",
        "surface.angle",
        "gradient.batch_size",
        "racer_7.gradient.batch_size",
    ):
        ui(name)
        ui(f"{name}.slider")
    ui.store.open(first_scene("rosenbrock"))
    ui("surface.b")
    assert not ui.has("surface.kappa")
    assert not ui.has("racer_4")
    ui.settle()


def test_no_name_is_used_twice(opened):
    ui = opened(full_scene())
    ui.store.open(first_scene("rosenbrock"))
    ui.store.open(full_scene())
    ui.settle()
    names = [
        widget.objectName()
        for widget in ui.window.findChildren(QWidget)
        if widget.objectName() and not widget.objectName().startswith("qt_")
    ]
    assert sorted(names) == sorted(set(names))


def test_every_control_has_a_name_an_accessible_name_and_a_tooltip(opened):
    ui = opened(full_scene())
    assert len(controls(ui)) > 80
    poor = [
        (type(widget).__name__, widget.objectName(), widget.accessibleName(), widget.toolTip())
        for widget in controls(ui)
        if not (widget.objectName() and widget.accessibleName() and widget.toolTip())
    ]
    assert poor == []
    for name in ("contour_view", "curves_view", "racers_panel", "instruments", "racer_0"):
        assert ui(name).accessibleName(), name


def test_two_controls_never_have_the_same_accessible_name(opened):
    ui = opened(full_scene())
    seen = {}
    for widget in controls(ui):
        said = widget.accessibleName()
        assert said not in seen, (said, widget.objectName(), seen.get(said))
        seen[said] = widget.objectName()


def test_a_tooltip_tells_the_key(ui):
    told = {
        "play": "(Space)",
        "rewind": "(Home)",
        "to_end": "(End)",
        "step_back": "(,)",
        "step_forward": "(.)",
        "lock": "(L)",
        "undo": "(Ctrl+Z)",
        "redo": "(Ctrl+Shift+Z)",
        "cheat_sheet": "(?)",
        "racer_0.enabled": "(1)",
        "racer_3.enabled": "(4)",
    }
    for name, key in told.items():
        assert key in ui(name).toolTip(), name


def reached_by_tab(ui, key):
    """Press Tab until it comes round again."""
    ui.focus(ui.contour)
    reached = [ui.contour]
    for _ in range(300):
        ui.key(key, Qt.KeyboardModifier.NoModifier)
        now = QApplication.focusWidget()
        if now is ui.contour:
            return reached
        if now is reached[-1] is ui("schedule_plot"):
            continue  # it goes from handle to handle
        assert now not in reached, "Tab goes round without the stage"
        reached.append(now)
    raise AssertionError("Tab never came back to the stage")


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_tab_reaches_every_control(opened, key):
    ui = opened(full_scene())
    ui.type("racer_0.lr", "0.01")  # so that there is something to undo
    ui.click("undo")
    ui.click("redo")
    for name in ("gradient", *(f"racer_{index}" for index in range(8))):
        ui.click(f"{name}.more")
    reached = reached_by_tab(ui, key)
    wanted = [
        widget
        for widget in controls(ui)
        # Words side by side are one stop: the arrows go on from the one that is chosen.
        if widget.isVisible()
        and widget.isEnabled()
        and (not is_segment(widget) or widget.isChecked())
    ]
    missed = [widget.objectName() for widget in wanted if widget not in reached]
    assert missed == []
    assert ui("curves_view") in reached
    ui.settle()


READING = """
scene_menu surface_chooser surface.kappa.slider surface.kappa surface.angle.slider surface.angle
gradient_chooser view_contour view_menu undo lock cheat_sheet add_racer
racer_0.name racer_0.lr.slider racer_0.lr racer_0.more
racer_1.name racer_1.lr.slider racer_1.lr racer_1.beta.slider racer_1.beta racer_1.more
racer_3.name racer_3.lr.slider racer_3.lr racer_3.more
racer_4.name racer_4.lr.slider racer_4.lr
link_lr start_x start_y contour_view tab_race curves_view
rewind step_back play step_forward to_end steps step_slider speed
""".split()


def test_tab_goes_in_the_order_of_reading(ui):
    # Another surface and another racer: what is made later comes where it stands.
    ui.parts.editor.edit(edits.choose_surface, "quadratic")
    ui.parts.editor.edit(edits.add_racer, "adam")
    ui.settle()
    names = [widget.objectName() for widget in reached_by_tab(ui, Qt.Key.Key_Tab)]
    first = names.index("scene_menu")
    names = names[first:] + names[:first]
    assert [name for name in names if name in READING] == READING
    buttons = ("racer_0.enabled", "racer_0.solo", "racer_0.duplicate", "racer_0.remove")
    for name in buttons:
        assert names.index("racer_0.name") < names.index(name) < names.index("racer_1.name")


def test_tab_goes_down_the_instruments_that_slid_out_over_the_stage(ui):
    ui.window.resize(1024, 768)
    QApplication.processEvents()
    ui.parts.editor.edit(edits.choose_schedule, "cosine")
    ui.click("instruments_tab")
    ui.click("tab_rate")
    ui.wait(lambda: ui("schedule_chooser").isVisible())
    ui.settle()
    reached = reached_by_tab(ui, Qt.Key.Key_Tab)
    folds = [f"{name}.fold" for name in ui.window.instruments.seen]
    names = [widget.objectName() for widget in reached]
    start = names.index("tab_rate")
    names = names[start:] + names[:start]
    assert [name for name in names if name in folds] == folds
    assert folds == ["curves.fold", "schedule.fold"]
    assert names.index("tab_rate") < names.index("curves.fold")
    assert names.index("schedule.fold") < names.index("schedule_chooser")
    ui.settle()


def test_the_focus_is_scrolled_into_sight(opened):
    ui = opened(full_scene())
    scroll = ui("racers_scroll")
    assert isinstance(scroll, QAbstractScrollArea)
    inside = [each for each in reached_by_tab(ui, Qt.Key.Key_Tab) if scroll.isAncestorOf(each)]
    assert ui("racer_7.lr") in inside
    ui.focus(ui.contour)
    reached = []
    while len(reached) < len(inside):
        ui.key(Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if not scroll.isAncestorOf(now):
            continue
        reached.append(now)
        place = now.mapTo(scroll.viewport(), now.rect().center())
        assert scroll.viewport().rect().contains(place), now.objectName()


# Sizes


def test_in_a_narrow_window_the_instruments_slide_over_the_stage(opened):
    ui = opened(size=(1024, 768))
    tab, instruments = ui("instruments_tab"), ui("instruments")
    stage = ui.contour.geometry()
    assert tab.isVisible()
    assert not instruments.isVisible()
    ui.click("instruments_tab")
    ui.wait(lambda: instruments.isVisible() and instruments.geometry().right() == stage.right())
    ui.wait(lambda: tab.geometry().right() < instruments.geometry().left())
    assert tab.isVisible()
    assert ui.contour.geometry() == stage
    assert ui("curves_view").isVisible()
    ui.click("instruments_tab")
    ui.wait(lambda: not instruments.isVisible())
    assert ui.contour.geometry() == stage
    assert tab.geometry().right() == stage.right()


def test_a_window_that_grows_takes_the_instruments_beside_the_stage(opened):
    ui = opened(size=(1024, 768))
    ui.click("instruments_tab")
    ui.window.resize(1440, 900)
    instruments = ui("instruments")
    ui.wait(lambda: instruments.isVisible() and not ui("instruments_tab").isVisible())
    ui.wait(lambda: instruments.geometry().left() > ui.contour.geometry().right())
    ui.window.resize(1024, 768)
    ui.wait(lambda: ui("instruments_tab").isVisible())
    assert not instruments.isVisible()
    ui.settle()


def test_reduced_motion_slides_at_once(opened):
    ui = opened(size=(1024, 768))
    ui.window.view_menu.findChild(QAction, "menu.reduced_motion").setChecked(False)
    ui.window.view_menu.findChild(QAction, "menu.reduced_motion").trigger()
    assert ui.window.look.reduced_motion
    ui.click("instruments_tab")
    assert ui("instruments").geometry().right() == ui.contour.geometry().right()
    ui.playback.seek(10.6)
    assert ui.playback.position == 10


@pytest.mark.parametrize("size", [(1024, 768), (1440, 900), (1920, 1080)])
@pytest.mark.parametrize("scale", [0.8, 1.0, 1.6])
def test_everything_fits_at_every_size_and_scale(opened, size, scale):
    ui = opened(full_scene(), size=size)
    ui.settings.scale = scale
    ui.parts.appearance.on_system_changed()
    QApplication.processEvents()
    assert (ui.window.width(), ui.window.height()) == size
    inside = ui.window.rect()
    for name in ("rewind", "play", "speed", "surface_chooser", "lock", "cheat_sheet", "add_racer"):
        widget = ui(name)
        place = widget.rect().translated(widget.mapTo(ui.window, widget.rect().topLeft()))
        assert inside.contains(place), (name, place)
    assert ui.contour.width() >= 200
    assert ui.contour.height() >= 160
    assert not ui.window.grab().isNull()


def test_folding_and_enlarging_the_curves(ui):
    instruments = ui("instruments")
    width = instruments.width()
    ui.click("curves.enlarge")
    ui.wait(lambda: instruments.width() > 1.4 * width)
    ui.click("curves.enlarge")
    ui.wait(lambda: instruments.width() == width)
    ui.click("curves.fold")
    assert not ui("curves_view").isVisible()
    assert "away" in ui("curves.fold").accessibleName()
    ui.click("curves.fold")
    ui.wait(ui("curves_view").isVisible)


def test_nothing_moves_while_the_race_plays(opened):
    ui = opened(full_scene())
    watched = [w for w in ui.window.findChildren(QWidget) if w.isVisible() and w.objectName()]
    before = [widget.geometry() for widget in watched]
    for position in (0, 1, 9.5, 10, 75, 99, 100, ui.scene.steps):
        ui.playback.seek(position)
        QApplication.processEvents()
    ui.click("play")
    QApplication.processEvents()
    ui.click("play")
    now = zip(watched, before, strict=True)
    assert [each.objectName() for each, was in now if each.geometry() != was] == []


def test_nothing_moves_when_a_racer_diverges(ui):
    watched = [w for w in ui.window.findChildren(QWidget) if w.isVisible() and w.objectName()]
    before = [widget.geometry() for widget in watched]
    for text in ("1000", "1e-9", "0.123456789"):
        ui.type("racer_0.lr", text)
        ui.settle()
        ui.playback.seek(ui.scene.steps)
        QApplication.processEvents()
        now = zip(watched, before, strict=True)
        moved = [each.objectName() for each, was in now if each.geometry() != was]
        assert moved == [], text


# Themes


def test_both_themes_reach_every_place(ui):
    menu = ui.window.view_menu
    shades = {}
    for name in ("dark", "light"):
        menu.findChild(QAction, f"menu.theme.{name}").trigger()
        assert ui.window.look.theme.name == name
        QApplication.processEvents()
        image = ui.window.grab().toImage()
        shades[name] = [
            QColor(image.pixel(widget.mapTo(ui.window, widget.rect().topLeft()))).lightness()
            for widget in (ui("racers_panel"), ui("instruments"), ui("curves_view"))
        ]
    assert max(shades["dark"]) < 100 < 150 < min(shades["light"])


def test_the_system_decides_until_somebody_chooses(ui, qapp):
    assert ui.settings.theme == "system"
    ui.window.view_menu.findChild(QAction, "menu.theme.light").trigger()
    assert ui.settings.theme == "light"
    assert ui.window.view_menu.findChild(QAction, "menu.theme.light").isChecked()
    ui.window.view_menu.findChild(QAction, "menu.theme.system").trigger()
    assert ui.settings.theme == "system"


# Showing never emits


class Ears(QObject):
    """Hears every signal that a class of OptiViz declares."""

    def __init__(self, window):
        super().__init__()
        self.heard = []
        for thing in [window, *window.findChildren(QObject)]:
            for name in self.own_signals(type(thing)):
                getattr(thing, name).connect(
                    lambda *_, thing=thing, name=name: self.heard.append(
                        (type(thing).__name__, thing.objectName(), name)
                    )
                )

    @staticmethod
    def own_signals(kind):
        return {
            name
            for base in kind.__mro__
            if base.__module__.startswith(("optiviz.gui.views", "optiviz.gui.panels"))
            or base.__module__.startswith(("optiviz.gui.stage", "optiviz.gui.widgets"))
            or base.__module__ == "optiviz.gui.window.main_window"
            for name, value in vars(base).items()
            if isinstance(value, Signal)
        }


def test_nothing_is_told_while_something_is_shown(ui):
    # The controller is not to answer: it would hide what a view says.
    other = replace(full_scene(), link_lr=True, solo=2, start=(1.0, -1.0), steps=77)
    races = [run_race(scene.race_spec()) for scene in (other, first_scene("beale"))]
    ears = Ears(ui.window)
    assert len(set(map(type, ui.window.findChildren(QObject)))) > 10
    window = ui.window
    for scene, race in zip((other, first_scene("beale")), races, strict=True):
        window.show_scene(scene)
        window.show_race(race)
        for position in (0.0, 3.7, 50.0, 77.0):
            window.show_step(position)
        for view in window.views:
            view.show_ghost(race)
            view.show_ghost(None)
        window.contour.show_field(sample_field(stage_field_spec(scene, window.contour.projection)))
    for look in (Look(LIGHT, 1.25), Look(DARK, 1.0, True)):
        window.show_look(look)
    for locked in (True, False):
        window.show_locked(locked)
    for on in (True, False):
        window.contour.show_stretch(on)
        window.view(CurvesView).show_log(not on)
        window.transport.show_playing(on)
        window.transport.show_loop(on)
        window.top_bar.show_history(on, on)
        window.instruments.show_folded(frozenset({"curves"} if on else ()))
        window.instruments.show_pinned(frozenset({"data"} if on else ()))
        window.instruments.show_tab("surface" if on else "race")
        window.show_enlarged("curves" if on else "")
    window.transport.show_speed(4.0)
    window.contour.show_camera(None)
    assert ears.heard == []


def test_the_ears_hear(ui):
    ears = Ears(ui.window)
    ui.type("racer_0.lr", "0.01")
    ui.click("racer_0.solo")
    ui.drag_start(20, 20)
    names = {name for _, _, name in ears.heard}
    assert {"value_typed", "knob_changed", "solo_wished", "start_dragged"} <= names
    ui.settle()
