"""The loss of the test examples beside that of the train examples, step by step."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QLabel

from optiviz.engine import SURFACES, run_race
from optiviz.gui.drawing.loss_curves import Losses, curves_of, least_of_test, losses_in_words
from optiviz.gui.state.settings import Settings
from optiviz.gui.views.curves import CurvesView
from optiviz.scene import edits, first_scene

DATA = [key for key, surface in SURFACES.items() if surface.group == "data"]


def raced(key, **settings):
    scene = edits.set_steps(first_scene(key), 80)
    for name, value in settings.items():
        scene = edits.set_surface_knob(scene, name, value)
    return scene, run_race(scene.race_spec())


def shown(qtbot, scene, race):
    view = CurvesView()
    qtbot.addWidget(view)
    view.resize(360, 300)
    view.show()
    view.show_scene(scene)
    view.show_race(race)
    return view


def legend(view):
    return view.findChild(QLabel, "curves_view.legend")


def switch(view):
    return view.findChild(QAction, "curves_view.test")


def grabbed(view):
    return view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.parametrize("key", DATA)
def test_on_a_log_axis_each_loss_is_above_its_own_least_one(key):
    _, race = raced(key)
    surface = race.spec.surface
    curves = curves_of(race, losses=Losses())
    trains = [each for each in curves if not each.test]
    tests = [each for each in curves if each.test]
    assert len(trains) == len(tests) == 4
    least = surface.test_value(*surface.test_minimum)
    assert least_of_test(surface) == pytest.approx(least)
    for run, train, test in zip(race.runs, trains, tests, strict=True):
        assert train.curve.values == pytest.approx(run.loss - surface.least)
        end = len(test.curve.values)
        assert test.curve.values == pytest.approx((run.test_loss - least)[:end])
        assert test.curve.values.min() >= -1e-9


@pytest.mark.parametrize("key", DATA)
def test_on_a_linear_axis_both_are_the_losses_themselves(key):
    _, race = raced(key)
    losses = Losses(log=False)
    curves = curves_of(race, losses=losses)
    assert curves[0].curve.values == pytest.approx(race.runs[0].loss)
    assert curves[4].curve.values == pytest.approx(race.runs[0].test_loss)
    assert losses.finish(race) == pytest.approx(race.spec.target + race.spec.surface.least)
    alone = Losses(log=False, test=False)
    assert alone.finish(race) == race.spec.target
    assert alone.least(race) == race.spec.surface.least


def test_a_formula_has_the_train_loss_alone(qtbot):
    scene = first_scene("beale")
    race = run_race(scene.race_spec())
    assert len(curves_of(race, losses=Losses())) == 4
    view = shown(qtbot, scene, race)
    assert not legend(view).isVisible()
    assert not switch(view).isVisible()


def test_without_a_test_part_there_is_no_test_loss(qtbot):
    scene, race = raced("line", test_share=0.0)
    assert race.runs[0].test_loss is None
    view = shown(qtbot, scene, race)
    assert not legend(view).isVisible()
    assert "test" not in losses_in_words(scene, race, 3.0)
    view.show_log(False)
    assert len(curves_of(race, losses=Losses(log=False))) == 4


def test_data_have_both_and_the_header_says_which_is_which(qtbot):
    scene, race = raced("line")
    view = shown(qtbot, scene, race)
    assert legend(view).isVisible()
    assert "train" in legend(view).text()
    assert "test" in legend(view).text()
    both = grabbed(view)
    view.show_test(False)
    assert not legend(view).isVisible()
    assert grabbed(view) != both
    view.show_test(True)
    assert grabbed(view) == both


def test_showing_never_emits_and_the_menu_wishes(qtbot):
    scene, race = raced("line")
    view = shown(qtbot, scene, race)
    wishes = []
    view.test_wished.connect(wishes.append)
    view.show_test(False)
    view.show_test(True)
    assert wishes == []
    switch(view).trigger()
    assert wishes == [False]


def test_a_racer_that_diverged_has_a_test_curve_as_long_as_its_own(qtbot):
    scene, _ = raced("line")
    scene = edits.set_racer_knob(scene, 0, "lr", 10.0)
    race = run_race(scene.race_spec())
    gone = race.runs[0].diverged_step
    assert gone is not None
    curves = curves_of(race, losses=Losses())
    assert len(curves[4].curve.losses) == gone + 1
    assert curves[4].curve.diverged
    grabbed(shown(qtbot, scene, race))


def test_the_words_tell_both():
    scene, race = raced("line")
    said = losses_in_words(scene, race, 5.0)
    assert said.count("(test ") == 4
    assert f"{race.runs[0].test_loss[5]:.2e}".split("e")[0] in said


def test_ghosts_are_of_the_train_loss_alone(qtbot):
    scene, race = raced("line")
    view = shown(qtbot, scene, race)
    other = edits.move_start(scene, 0.0, 0.0)
    view.show_ghost(race)
    view.show_scene(other)
    view.show_race(run_race(other.race_spec()))
    grabbed(view)
    view.show_ghost(None)


def test_the_choice_is_remembered(opened, tmp_path):
    settings = Settings(tmp_path / "own.ini")
    assert settings.test_loss
    ui = opened(first_scene("line"), settings=settings)
    switch(ui.window.view(CurvesView)).trigger()
    assert not settings.test_loss
    assert not legend(ui.window.view(CurvesView)).isVisible()
    settings.save()
    assert not Settings(tmp_path / "own.ini").test_loss


def test_a_surface_without_a_race_yet_is_asked_for_nothing_dear(qtbot, monkeypatch):
    """While a surface's first race is under way, the curves must not search for its least loss."""
    from dataclasses import replace

    from optiviz.engine import Race
    from optiviz.engine.surfaces.data import base

    def searched(*_):
        raise AssertionError("a search in the window's thread")

    scene, race = raced("neuron")
    view = shown(qtbot, scene, race)
    monkeypatch.setattr(base, "critical_points", searched)
    other = edits.set_surface_knob(scene, "split", 7)
    view.show_scene(other)
    view.show_race(Race(replace(other.race_spec(), entrants=()), ()))
    grabbed(view)
    assert np.isfinite(view.value_range.high)
