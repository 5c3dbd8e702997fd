"""Schedules in the window: dragged, typed, for all and for one, with zone, snapshots and undo."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from optiviz.engine import SCHEDULES, run_race
from optiviz.engine.schedules import Constant, Drawn, Milestones
from optiviz.engine.snapshots import take_snapshots
from optiviz.engine.zone import band, bounds, epoch_steps, share
from optiviz.gui.state.settings import Settings
from optiviz.gui.views.schedule import ScheduleView
from optiviz.gui.views.schedule.header import EACH_ITS_OWN
from optiviz.gui.words import captions
from optiviz.scene import edits, first_scene

FIRST = first_scene("beale")
EPOCHS, ADAM = 100.0, 3


def scheduled(key, surface="beale", index=None, **knobs):
    return edits.set_schedule(first_scene(surface), SCHEDULES[key](**knobs), index)


def schedules(ui):
    return [racer.schedule for racer in ui.scene.racers]


def grip(ui, name):
    return {each.name: each for each in ui.window.view(ScheduleView).plot.grips}[name]


def seen(ui):
    """Bring the panel into sight, as a hand does before it takes hold of something there."""
    ui.window.instruments.reveal("schedule")
    if ui("schedule_chart").isVisible() and not ui("schedule_chart").isChecked():
        ui.click("schedule_chart")
    QApplication.processEvents()
    QApplication.processEvents()
    return ui.window.view(ScheduleView).plot


def choose(ui, name, data):
    """Choose from a list with the keyboard."""
    ui.focus(ui(name))
    while ui(name).currentData() != data:
        before = ui(name).currentIndex()
        target = ui(name).findData(data)
        ui.key(Qt.Key.Key_Down if target > before else Qt.Key.Key_Up)
        assert ui(name).currentIndex() != before


def chosen(ui):
    """Whose curve has the handles."""
    return ui.window.view(ScheduleView).chosen


def zone_of(ui, index):
    run = ui.race.runs[index]
    steps = epoch_steps(len(run.lr), ui.scene.epoch_steps)
    return share(run.lr[steps], bounds(run, steps))


# For all racers


@pytest.mark.parametrize("key", [key for key in SCHEDULES if key != "constant"])
def test_a_schedule_is_chosen_for_every_racer_raced_and_undone(ui, key):
    plain = ui.paths()
    view = ui.window.view(ScheduleView)
    chooser = ui("schedule_chooser")
    index = chooser.findData(key)
    chooser.setCurrentIndex(index)
    chooser.activated.emit(index)
    assert set(schedules(ui)) == {SCHEDULES[key]()}
    assert chooser.currentText() == SCHEDULES[key].title
    assert ui.has("schedule.warmup")
    ui.settle()
    assert np.abs(ui.paths() - plain).max() > 0.0
    wanted = run_race(ui.scene.race_spec())
    assert np.array_equal(ui.paths(), [run.path for run in wanted.runs])
    assert view.plot.course.schedule == SCHEDULES[key]()
    assert SCHEDULES[key].title in ui("racer_0.unusual").text()
    ui.click("undo")
    assert ui.scene == FIRST
    assert chooser.currentText() == "Constant"
    assert ui("racer_0.unusual").text() == ""
    ui.settle()
    assert np.array_equal(ui.paths(), plain)


@pytest.mark.parametrize("key", SCHEDULES)
def test_the_name_of_a_schedule_is_shown_whole_and_so_is_a_racers(opened, key):
    ui = opened(scheduled(key))
    seen(ui)
    choose(ui, "schedule_for", FIRST.racers[1].style)
    assert ui("schedule_chooser").shown_text() == SCHEDULES[key].title
    assert ui("schedule_for").shown_text() == "Momentum"
    ui.settle()


def test_choosing_with_the_keyboard_keeps_the_warmup(ui):
    ui.type("schedule.warmup", "7")
    choose(ui, "schedule_chooser", "cosine")
    assert set(schedules(ui)) == {SCHEDULES["cosine"](warmup=7.0)}
    ui.settle()


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (key, handle.name)
        for key, kind in SCHEDULES.items()
        for handle in kind(warmup=10.0).handles(EPOCHS)
    ],
)
def test_each_handle_dragged_moves_the_paths_and_is_one_step(opened, monkeypatch, key, name):
    ui = opened(scheduled(key, warmup=10.0))
    before, old = ui.scene, ui.race
    ghosts = []
    monkeypatch.setattr(ui.contour, "show_ghost", ghosts.append)
    plot = seen(ui)
    at = QPointF(grip(ui, name).at)
    dx = 70.0 if name == "multiplier" else 20.0 if at.x() < plot.width() / 2 else -20.0
    dy = -25.0 if at.y() > plot.height() / 2 else 25.0
    ui.press(plot, at)
    for part in (0.5, 1.0):
        ui.move(plot, at + QPointF(dx, dy) * part)
        ui.settle()
    assert ui.scene != before
    assert len(set(schedules(ui))) == 1
    assert schedules(ui)[0] == plot.course.schedule
    assert ghosts == [old]
    ui.release(plot, at + QPointF(dx, dy))
    assert ghosts == [old, None]
    assert ui.race.spec == ui.scene.race_spec()
    assert np.abs(ui.paths() - [run.path for run in old.runs]).max() > 0.0
    ui.click("undo")
    assert ui.scene == before
    ui.settle()


def test_the_height_is_the_racers_rate_and_one_step(ui):
    plot = seen(ui)
    at = QPointF(grip(ui, "lr").at)
    ui.press(plot, at)
    for dy in (20, 40):
        ui.move(plot, at + QPointF(0, dy))
    ui.release(plot, at + QPointF(0, 40))
    index = chosen(ui)
    lr = ui.scene.racers[index].optimizer.lr
    assert lr < FIRST.racers[index].optimizer.lr
    assert ui(f"racer_{index}.lr").value == lr
    assert edits.set_racer_knob(FIRST, index, "lr", lr) == ui.scene
    ui.click("undo")
    assert ui.scene == FIRST
    ui.settle()


KNOBS = [
    (key, spec.name)
    for key, kind in SCHEDULES.items()
    for spec in kind.knobs()
    if spec.kind == "number" and (spec.name != "warmup" or key == "constant")
]


@pytest.mark.parametrize(("key", "name"), KNOBS)
def test_each_knob_is_typed(opened, key, name):
    ui = opened(scheduled(key))
    spec = SCHEDULES[key].knob(name)
    value = 2 if spec.integer else round(0.6 * max(float(spec.default), 0.5), 3)
    ui.type(f"schedule.{name}", f"{value:g}")
    assert [getattr(each, name) for each in schedules(ui)] == pytest.approx([value] * 4)
    ui.settle()
    before = ui.scene
    ui.type(f"schedule.{name}", "-1")
    assert ui(f"schedule.{name}").invalid
    assert "must be a" in ui(f"schedule.{name}").accessibleDescription()
    assert ui.scene == before
    ui.key(Qt.Key.Key_Escape)
    ui.click("undo")
    assert ui.scene == scheduled(key)
    ui.settle()


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        ("cyclical", "mode", "triangular2"),
        ("one_cycle", "anneal_strategy", "linear"),
        ("wsd", "shape", "1-sqrt"),
    ],
)
def test_each_choice_is_chosen_and_the_formula_follows(opened, key, name, value):
    ui = opened(scheduled(key))
    before = ui("schedule_formula").accessibleName()
    choose(ui, f"schedule.{name}", value)
    assert {getattr(schedule, name) for schedule in schedules(ui)} == {value}
    assert ui("schedule_formula").accessibleName() == schedules(ui)[0].rule != before
    ui.settle()


def test_a_slider_of_the_form_is_one_step_with_a_ghost(opened, monkeypatch):
    ui = opened(scheduled("cosine"))
    ghosts = []
    monkeypatch.setattr(ui.contour, "show_ghost", ghosts.append)
    before = ui.scene
    slider = ui("schedule.end.slider")
    for kind, place in ((ui.press, 0.3), (ui.move, 0.5), (ui.move, 0.7)):
        kind(slider, QPointF(place * slider.width(), slider.height() / 2))
        ui.settle()
    ui.release(slider, QPointF(0.7 * slider.width(), slider.height() / 2))
    assert len(ghosts) == 2
    assert schedules(ui)[0].end > 0.5
    ui.click("undo")
    assert ui.scene == before
    ui.settle()


# Lists that are typed


@pytest.mark.parametrize(
    ("key", "name", "good", "canonical"),
    [
        ("milestones", "milestones", "20,40, 60", "20, 40, 60"),
        ("drawn", "knots", " 0:0.5,40:1, 100:0.1", "0:0.5, 40:1, 100:0.1"),
    ],
)
def test_a_list_is_typed_as_well(opened, key, name, good, canonical):
    ui = opened(scheduled(key))
    ui.type(f"schedule.{name}", good)
    assert {getattr(schedule, name) for schedule in schedules(ui)} == {canonical}
    assert ui(f"schedule.{name}").text() == canonical
    ui.settle()
    ui.click("undo")
    assert ui.scene == scheduled(key)
    assert ui(f"schedule.{name}").text() == getattr(SCHEDULES[key](), name)
    ui.settle()


@pytest.mark.parametrize(
    ("key", "name", "bad", "word"),
    [
        ("milestones", "milestones", "60, 30", "must come after 60"),
        ("milestones", "milestones", "30, x", "'x'"),
        ("milestones", "milestones", "0", "above 0"),
        ("milestones", "milestones", "nan", "'nan'"),
        ("milestones", "milestones", "", ""),
        ("drawn", "knots", "0:1, 50", "as in 50:0.3"),
        ("drawn", "knots", "50:1, 50:0.5", "must come after epoch 50"),
        ("drawn", "knots", "0:11", "from 0 to 10"),
    ],
)
def test_a_list_that_cannot_be_is_refused_in_the_fields_way(opened, key, name, bad, word):
    ui = opened(scheduled(key))
    field, before = ui(f"schedule.{name}"), ui.scene
    ui.type(f"schedule.{name}", bad)
    assert field.invalid
    assert field.text() == bad
    bubble = ui.window.findChild(QLabel, f"schedule.{name}.bubble")
    assert bubble.isVisible()
    assert word in bubble.text() == field.accessibleDescription()
    assert ui.scene == before
    ui.key(Qt.Key.Key_Escape)
    assert not field.invalid
    assert field.text() == getattr(SCHEDULES[key](), name)
    ui.type(f"schedule.{name}", bad, enter=False)
    ui.focus(ui.contour)
    assert field.text() == getattr(SCHEDULES[key](), name)
    assert ui.scene == before


def test_letters_typed_into_a_list_are_letters(opened):
    ui = opened(scheduled("milestones"))
    field = ui("schedule.milestones")
    ui.focus(field)
    field.selectAll()
    QTest.keyClicks(field, "10, 20 ")
    assert field.text() == "10, 20 "
    assert not ui.playback.playing
    ui.key(Qt.Key.Key_Return)
    assert schedules(ui)[0].drops == (10.0, 20.0)
    ui.settle()


# For one racer


def test_one_racer_gets_a_schedule_of_its_own(ui):
    choose(ui, "schedule_for", FIRST.racers[1].style)
    assert ui.window.view(ScheduleView).target == 1
    choose(ui, "schedule_chooser", "linear")
    assert schedules(ui) == [Constant(), SCHEDULES["linear"](), Constant(), Constant()]
    ui.settle()
    assert "Linear" in ui("racer_1.unusual").text()
    assert ui("racer_0.unusual").text() == ""
    plot = seen(ui)
    at = QPointF(grip(ui, "end").at)
    ui.press(plot, at)
    ui.move(plot, at - QPointF(0, 40))
    ui.release(plot, at - QPointF(0, 40))
    assert schedules(ui)[1].end > 0.0
    assert [schedules(ui)[i] for i in (0, 2, 3)] == [Constant()] * 3
    ui.type("schedule.end", "0.25")
    assert schedules(ui)[1] == SCHEDULES["linear"](end=0.25)
    ui.type("schedule.warmup", "6")
    assert schedules(ui)[1] == SCHEDULES["linear"](end=0.25, warmup=6.0)
    assert [schedules(ui)[i] for i in (0, 2, 3)] == [Constant()] * 3
    choose(ui, "schedule_for", -1)
    assert ui("schedule_chooser").shown_text() == EACH_ITS_OWN
    assert not ui.window.view(ScheduleView).form.form.isVisible()
    choose(ui, "schedule_chooser", "cosine")
    assert set(schedules(ui)) == {SCHEDULES["cosine"]()}
    ui.settle()


def test_each_racer_takes_its_own_steps(opened):
    scene = FIRST
    for index, key in enumerate(("cosine", "step", "wsd", "cyclical")):
        scene = edits.set_schedule(scene, SCHEDULES[key](), index)
    ui = opened(scene)
    for run, racer in zip(ui.race.runs, scene.racers, strict=True):
        wanted = racer.schedule.learning_rates(racer.optimizer.lr, 300, 3)
        assert np.array_equal(run.lr, wanted)
    assert len(ui.window.view(ScheduleView).plot.courses) == 4


def test_racers_that_go_take_their_curves_along(opened):
    ui = opened(scheduled("cosine_restarts"))
    choose(ui, "schedule_for", FIRST.racers[1].style)
    while ui.scene.racers:
        index = len(ui.scene.racers) - 1
        ui.click(f"racer_{index}.remove")
        assert ui.window.view(ScheduleView).chosen in (None, *range(index))
        assert len(ui.window.view(ScheduleView).plot.courses) == index
        ui.settle()
        assert {mark.racer_style for mark in ui.contour.stage.snapshots.marks} == {
            racer.style for racer in ui.scene.racers
        }
    assert ui.window.view(ScheduleView).target == -1
    assert not ui("schedule_snapshots").isVisible()
    while ui.scene != scheduled("cosine_restarts"):
        ui.click("undo")
    ui.settle()
    assert ui("schedule_zone").text == zone_of(ui, chosen(ui)).clause


# Epochs


def test_the_epochs_length_is_typed_and_undone(ui):
    ui.type("steps_per_epoch", "10")
    assert ui.scene.steps_per_epoch == 10
    assert ui.window.view(ScheduleView).plot.course.epochs == 30.0
    for bad in ("0", "1.5", "-3", "nan", "1e9"):
        ui.type("steps_per_epoch", bad)
        assert ui("steps_per_epoch").invalid, bad
        ui.key(Qt.Key.Key_Escape)
    assert ui.scene.steps_per_epoch == 10
    ui.click("undo")
    assert ui.scene == FIRST
    ui.settle()


def test_a_race_shorter_than_an_epoch_is_told(opened):
    ui = opened(edits.set_steps_per_epoch(scheduled("cosine"), 600))
    assert "less than one" in ui("schedule_remark").text()
    assert np.isfinite(ui.paths()).all()
    assert ui("schedule_zone").text.endswith("epoch")


def test_an_epoch_follows_the_data_where_there_are_batches(opened):
    scene = edits.choose_gradient(first_scene("line"), "mini_batch")
    ui = opened(scene)
    seen(ui)
    switch = ui("epoch_follows_data")
    assert switch.isVisible()
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert ui.scene.epoch_follows_data
    assert ui("steps_per_epoch").value == ui.scene.epoch_steps != scene.steps_per_epoch
    ui.settle()
    ui.type("steps_per_epoch", "4")
    assert not ui.scene.epoch_follows_data
    assert not switch.isChecked()
    ui.settle()
    other = opened()
    seen(other)
    assert other("zone_mode").isVisible()
    assert not other.window.view(ScheduleView).settings.follow.isVisible()


# The cursor


def test_the_panel_scrubs_and_its_cursor_follows(ui):
    plot = seen(ui)
    picture = plot.axes
    at = QPointF(picture.x(120.0), picture.plot.top() + 8)
    ui.press(plot, at)
    assert ui.playback.position == pytest.approx(120.0, abs=1.0)
    ui.move(plot, QPointF(picture.x(210.0), at.y()))
    ui.release(plot, at)
    assert ui.playback.position == plot.position == pytest.approx(210.0, abs=1.0)
    ui.playback.seek(12.0)
    assert plot.position == 12.0
    assert ui.scene == FIRST


# The zone


@pytest.mark.parametrize("key", ["constant", "cosine", "one_cycle"])
def test_the_zones_sentence_is_the_engines(opened, key):
    ui = opened(scheduled(key))
    seen(ui)
    ui.settle()
    view = ui.window.view(ScheduleView)
    assert ui("schedule_zone").text == zone_of(ui, chosen(ui)).clause
    for index, racer in enumerate(ui.scene.racers):
        choose(ui, "schedule_for", racer.style)
        ui.settle()
        wanted = zone_of(ui, index)
        assert ui("schedule_zone").text == wanted.clause
        assert np.array_equal(view.plot.zone.high, wanted.high, equal_nan=True)
        assert np.array_equal(view.plot.zone.productive, wanted.productive)


@pytest.mark.parametrize("surface", ["quadratic", "beale"])
@pytest.mark.parametrize("key", SCHEDULES)
def test_the_first_racer_whose_zone_says_something_is_shown(opened, surface, key):
    ui = opened(scheduled(key, surface))
    seen(ui)  # of a constant ε the chart is folded at first
    ui.settle()
    zones = [zone_of(ui, index) for index in range(4)]
    telling = [index for index, zone in enumerate(zones) if zone.count]
    assert telling, "on these two there is one for every schedule"
    assert chosen(ui) == telling[0]
    assert ui("schedule_zone").text == zones[telling[0]].clause
    assert ui.window.view(ScheduleView).plot.zone.count > 0


def test_a_racer_whose_zone_is_empty_is_passed_over(opened):
    scene = edits.set_racer_knob(scheduled("cosine"), 0, "lr", 1e-7)
    ui = opened(scene)
    zones = [zone_of(ui, index) for index in range(4)]
    assert zones[0].count == 0
    assert chosen(ui) == next(index for index, zone in enumerate(zones) if zone.count) > 0
    assert ui("schedule_zone").text == zones[chosen(ui)].clause


def test_whoever_was_chosen_stays_and_everybody_again_is_the_one_who_says_something(opened):
    ui = opened(scheduled("cosine"))
    first = chosen(ui)
    last = next(index for index in (ADAM, 2) if not zone_of(ui, index).count)
    choose(ui, "schedule_for", FIRST.racers[last].style)
    ui.settle()
    assert chosen(ui) == last
    choose(ui, "schedule_chooser", "linear")
    ui.settle()
    assert chosen(ui) == last
    choose(ui, "schedule_for", -1)
    ui.settle()
    assert chosen(ui) == first
    ui.click(f"racer_{first}.enabled")
    ui.settle()
    assert chosen(ui) != first
    assert ui("schedule_zone").text == zone_of(ui, chosen(ui)).clause


def test_the_zone_follows_the_race(ui):
    seen(ui)
    ui.settle()
    before = ui("schedule_zone").text
    ui.type(f"racer_{chosen(ui)}.lr", "0.002")
    ui.settle()
    assert ui("schedule_zone").text == zone_of(ui, chosen(ui)).clause != before


def test_where_there_is_no_bound_words_say_so(opened):
    scene = edits.add_racer(FIRST, "lion")
    ui = opened(scene)
    seen(ui)
    choose(ui, "schedule_for", scene.racers[4].style)
    ui.settle()
    assert ui("schedule_zone").text == "no bound on ε: this rule has none"


def test_a_fixed_band_is_set_by_hand_and_remembered(opened, tmp_path):
    settings = Settings(tmp_path / "band.ini")
    ui = opened(scheduled("linear"), settings)
    assert not ui("zone.low").isVisible()
    choose(ui, "schedule_for", FIRST.racers[ADAM].style)
    choose(ui, "zone_mode", "band")
    ui.type("zone.low", "0.1")
    ui.type("zone.high", "0.3")
    run = ui.race.runs[ADAM]
    wanted = band(run.lr[epoch_steps(300, 3)], 0.1, 0.3)
    assert 0 < wanted.count < 100
    assert ui("schedule_zone").text == wanted.clause
    assert ui.scene == scheduled("linear"), "it is no part of the scene"
    ui.type("zone.low", "0.5")
    assert (ui("zone.low").value, settings.zone_band) == (0.1, (0.1, 0.3))
    bubble = ui.window.findChild(QLabel, "zone.low.bubble")
    assert "0.5 is above 0.3" in bubble.text()
    again = Settings(settings.path)
    settings.save()
    again = Settings(settings.path)
    assert (again.zone_mode, again.zone_band) == ("band", (0.1, 0.3))
    choose(ui, "zone_mode", "off")
    assert ui.window.view(ScheduleView).plot.zone is None
    assert ui("schedule_zone").text == "no zone is shaded"


def test_a_panel_folded_away_asks_for_no_zone(opened, tmp_path):
    settings = Settings(tmp_path / "folded.ini")
    settings.folded = {"schedule", "seeds", "basins"}
    ui = opened(scheduled("cosine"), settings)
    assert ui.window.view(ScheduleView).plot.zone is None
    ui.click("schedule.fold")
    ui.settle()
    assert ui("schedule_zone").text == zone_of(ui, chosen(ui)).clause


# Snapshots


def test_snapshots_are_marked_on_the_paths_and_listed(opened):
    ui = opened(scheduled("cosine_restarts"))
    marks = ui.contour.stage.snapshots.marks
    assert [mark.number for mark in marks] == [1, 2, 3, 4] * 4
    for mark in marks:
        index = [racer.style for racer in ui.scene.racers].index(mark.racer_style)
        assert (mark.x, mark.y) == tuple(ui.race.runs[index].path[mark.step])
    listed = ui.window.view(ScheduleView).snapshots.snapshots
    assert listed == take_snapshots(ui.race.runs[chosen(ui)], 3)
    assert ui("schedule_snapshots").isVisible()
    assert not ui("schedule_ensemble").isVisible()
    with_marks = ui.contour.grab().toImage()
    choose(ui, "schedule_chooser", "cosine")
    ui.settle()
    assert ui.contour.stage.snapshots.marks == ()
    assert not ui("schedule_snapshots").isVisible()
    assert ui.contour.grab().toImage() != with_marks


def test_data_tell_the_ensemble_beside_the_best_single_one(opened):
    ui = opened(scheduled("cosine_restarts", "logistic", period=20.0))
    wanted = take_snapshots(ui.race.runs[chosen(ui)], ui.scene.epoch_steps)
    assert wanted.ensemble is not None
    told = ui("schedule_ensemble").text()
    assert f"{wanted.ensemble:.4g}" in told
    assert f"{wanted.best:.4g}" in told
    assert "test loss" in ui("schedule_snapshots.rows").text()


# What else is told


def test_captions_tell_schedules_and_the_epochs_length(opened):
    ui = opened(scheduled("cosine", index=0, warmup=5.0))
    first, sgd = captions.settings(ui.scene, ui.race, 10)[:2]
    assert "; 3 steps per epoch" in first
    assert "Cosine α 0, warmup 5 epochs" in sgd
    plain = captions.settings(FIRST, run_race(FIRST.race_spec()), 10)
    assert "epoch" not in "".join(plain)
    warm = edits.set_schedule(FIRST, Constant(warmup=5.0))
    assert captions.notes(warm.racers[0], warm.surface) == ("Constant warmup 5 epochs",)
    assert captions.notes(FIRST.racers[0], FIRST.surface) == ()
    listed = edits.set_schedule(FIRST, Milestones())
    assert captions.notes(listed.racers[0], listed.surface) == ("Milestones m 30, 60, γ 0.1",)


def test_captions_tell_the_epoch_whose_mean_decides():
    noisy = edits.choose_gradient(FIRST, "gaussian")
    told = captions.settings(noisy, run_race(noisy.race_spec()), 10)[0]
    assert "; 3 steps per epoch; seed 0; finish at" in told
    assert "in a running mean" in told


def test_a_locked_scene_keeps_its_schedules(opened):
    ui = opened(scheduled("cosine"))
    before = ui.scene
    ui.parts.editor.set_locked(True)
    plot = seen(ui)
    at = QPointF(grip(ui, "end").at)
    ui.press(plot, at)
    ui.move(plot, at - QPointF(0, 40))
    ui.release(plot, at - QPointF(0, 40))
    assert ui.scene == before
    for name in ("schedule_chooser", "schedule.end", "schedule.end.slider", "steps_per_epoch"):
        assert not ui(name).isEnabled(), name
    ui.window.findChild(QAction, "schedule_compare.linear").trigger()
    assert ui.window.view(ScheduleView).plot.compared
    ui.parts.editor.set_locked(False)
    assert ui("schedule_chooser").isEnabled()


def test_the_axis_is_chosen_and_remembered(opened, tmp_path):
    settings = Settings(tmp_path / "axis.ini")
    ui = opened(scheduled("exponential"), settings)
    ui.window.findChild(QAction, "schedule_scale.log").trigger()
    assert ui.window.view(ScheduleView).plot.rate_axis.log
    assert ui("schedule_scale").text() == "log ▾"
    assert settings.log_rate
    other = opened(scheduled("exponential"), settings)
    assert other.window.view(ScheduleView).plot.rate_axis.log


def test_keys_reach_every_field_of_the_panel(opened):
    ui = opened(scheduled("milestones"))
    ui.focus(ui("schedule_chooser"))
    names = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        if not ui.window.view(ScheduleView).isAncestorOf(focus):
            break
        if not names or names[-1] != focus.objectName():
            names.append(focus.objectName())
        ui.key(Qt.Key.Key_Tab)
    assert names == [
        *("schedule_chooser", "schedule_for", "schedule_compare", "schedule_scale"),
        *("schedule_plot", "schedule.milestones", "schedule.gamma.slider", "schedule.gamma"),
        *("schedule.warmup.slider", "schedule.warmup", "zone_mode", "steps_per_epoch"),
    ]


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
@pytest.mark.parametrize("key", SCHEDULES)
def test_nothing_overlaps_or_is_cut_off(opened, size, key):
    ui = opened(scheduled(key), size=size)
    if size[0] < 1180:
        ui.click("instruments_tab")
        ui.wait(lambda: ui("instruments").isVisible())
    seen(ui)
    view = ui.window.view(ScheduleView)
    parts = [view.header, view.plot, view.form, view.settings, view.snapshots]
    rooms = [
        QRect(part.mapTo(view, QPoint(0, 0)), part.size()) for part in parts if part.isVisible()
    ]
    for above, below in pairwise(rooms):
        assert above.bottom() < below.top()
    assert all(view.rect().contains(room) for room in rooms)
    assert view.plot.height() >= 150
    assert view.width() <= ui.window.instruments.width()


def test_a_drawn_schedule_is_drawn_with_mouse_and_keyboard(opened):
    ui = opened(scheduled("drawn"))
    plot = seen(ui)
    picture = plot.axes
    lr = ui.scene.racers[chosen(ui)].optimizer.lr
    at = QPointF(picture.x_of_epoch(70.0), picture.y(0.8 * lr))
    QTest.mouseDClick(plot, Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert len(schedules(ui)[0].points) == 4
    ui.click("undo")
    assert schedules(ui)[0] == Drawn()
    ui.settle()


def test_a_stroke_is_one_step_of_the_history_and_escape_leaves_none(opened):
    ui = opened(scheduled("drawn"))
    before, plot = ui.scene, seen(ui)
    room = plot.axes.plot
    ui.focus(plot)
    for ends in ("escape", "release"):
        ui.press(plot, QPointF(room.left() + 3, room.top() + 20))
        for part in (0.3, 0.6, 1.0):
            at = QPointF(room.left() + part * room.width(), room.center().y() + 40 * part)
            ui.move(plot, at)
            assert ui.scene != before
        if ends == "escape":
            ui.key(Qt.Key.Key_Escape)
            assert ui.scene == before
            assert not ui.store.can_undo()
            assert ui.store.gesture is None
        ui.release(plot, at)
    assert len(set(schedules(ui))) == 1
    assert schedules(ui)[0] != Drawn()
    ui.settle()
    ui.click("undo")
    assert ui.scene == before
    assert not ui.store.can_undo()
    ui.settle()


def test_compared_schedules_race_as_copies_in_one_step(ui):
    index = chosen(ui)
    racer = FIRST.racers[index]
    for key in ("cosine", "step"):
        ui.window.findChild(QAction, f"schedule_compare.{key}").trigger()
    race = ui.window.findChild(QAction, "schedule_race")
    race.trigger()
    ui.settle()
    entered = ui.scene.racers[4:]
    assert [each.schedule.key for each in entered] == ["step", "cosine"]
    assert {each.optimizer for each in entered} == {racer.optimizer}
    assert chosen(ui) == index
    wanted = run_race(ui.scene.race_spec())
    assert np.array_equal(ui.paths(), [run.path for run in wanted.runs])
    assert len(ui.paths()) == 6
    before = ui.scene
    for key in ("linear", "wsd", "sigmoid"):
        ui.window.findChild(QAction, f"schedule_compare.{key}").trigger()
    race.trigger()
    assert ui.scene == before
    ui.wait(lambda: bool(ui.told))
    assert "at most 8 racers: there is room for 2 more, and 3 schedules" in ui.told[-1].sentence
    ui.click("undo")
    assert ui.scene == FIRST
    ui.settle()


def test_a_press_on_a_handle_moves_nothing_under_the_hand(opened):
    ui = opened(scheduled("drawn"))
    ui.window.resize(1440, 700)
    QApplication.processEvents()
    bar = ui("instruments_scroll").verticalScrollBar()
    plot = ui.window.view(ScheduleView).plot
    item = next(each for each in ui.window.instruments.items if each.name == "schedule")
    bar.setValue(0)
    assert item.geometry().bottom() > ui("instruments_scroll").viewport().height()
    ui.focus(ui.contour)
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=grip(ui, "lr").at.toPoint())
    QApplication.processEvents()
    held = bar.value()
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=grip(ui, "lr").at.toPoint())
    assert plot.hasFocus()
    assert held == 0


@pytest.mark.parametrize(("key", "name"), [("cosine", "last"), ("drawn", "last"), ("step", "lr")])
def test_escape_takes_a_drag_back_and_leaves_no_step(opened, key, name):
    ui = opened(scheduled(key))
    before, paths = ui.scene, ui.paths()
    plot = seen(ui)
    held = grip(ui, name if name == "lr" else [each.name for each in plot.grips][-1])
    ui.focus(plot)
    ui.press(plot, held.at)
    for part in (0.5, 1.0):
        ui.move(plot, held.at + QPointF(31.0 * part, -24.0 * part))
    assert ui.scene != before
    ui.key(Qt.Key.Key_Escape)
    assert ui.scene == before
    assert not ui.store.can_undo()
    assert ui.store.gesture is None
    assert not plot.is_held
    # The button is still down: what the hand does until it lets go is of no account.
    position = ui.playback.position
    ui.move(plot, held.at + QPointF(-60.0, 40.0))
    ui.release(plot, held.at + QPointF(-60.0, 40.0))
    assert ui.scene == before
    assert ui.playback.position == position
    ui.settle()
    assert (ui.paths() == paths).all()
    assert not ui.window.view(ScheduleView).plot._ghosts


def test_the_list_of_schedules_shows_all_of_them_at_once(ui):
    chooser = ui("schedule_chooser")
    seen(ui)
    chooser.showPopup()
    ui.wait(chooser.view().isVisible)
    QApplication.processEvents()
    rows = chooser.view().viewport().height() / chooser.view().sizeHintForRow(0)
    assert rows >= len(SCHEDULES) - 0.1
    chooser.hidePopup()
